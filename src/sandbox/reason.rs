//! The ids of all refusals: a closed list, so that a test can check that the client foresees each of
//! them. They never appear in the answers of the platform's APIs, only in the request journal.

/// Makes the enum, its ids and the list of all from one table.
macro_rules! reasons {
    ($($name:ident = $id:literal, $rule:literal;)*) => {
        /// Which rule a refused request broke. Ids are words with dashes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason {
            $(#[doc = $rule] $name,)*
        }

        impl Reason {
            /// All of them.
            pub const ALL: &[Reason] = &[$(Reason::$name),*];

            /// The id, as the request journal shows it.
            pub const fn id(self) -> &'static str {
                match self {
                    $(Reason::$name => $id,)*
                }
            }
        }
    };
}

reasons! {
    HostUnknown = "host-unknown", "The sandbox does not answer to this host name; `tdx-rt sandbox --allow-host NAME` allows it";
    ControlOriginForeign = "control-origin-foreign", "The sandbox's controls are not for web pages of other origins";
    BodyTooLarge = "body-too-large", "The body is larger than … bytes, ended early or took longer than …";
    BodyTooDeep = "body-too-deep", "The body is nested more than … levels deep";
    EventMethodUnsupported = "event-method-unsupported", "Unsupported method";
    ControlMethodUnsupported = "control-method-unsupported", "This path does not take this method";
    KeyInvalid = "key-invalid", "Invalid API key: the sandbox has its own, printed when it starts";
    KeyMissing = "key-missing", "Authorization is missing: send 'TD1 account/40 hex digits' or 'Bearer token'";
    Internal = "internal", "The sandbox itself failed";
    WriteUnsafe = "write-unsafe", "The change is not safe";
    SnapshotFolderUnreadable = "snapshot-folder-unreadable", "The folder of snapshots cannot be read";
    SnapshotNameInvalid = "snapshot-name-invalid", "… is not a name for a snapshot: use 1 to … letters, digits, '-', '_' or '.', and begin without '.'";
    SnapshotMissing = "snapshot-missing", "There is no snapshot";
    SnapshotFailed = "snapshot-failed", "The snapshot … could not be";
    AttributePartFieldUnknown = "attribute-part-field-unknown", "A part of an attribute has a field that it does not take";
    AttributeImportedCreated = "attribute-imported-created", "Imported attributes are made with realtime_imported_attributes/bulk_update";
    AttributeTypeUnknown = "attribute-type-unknown", "Type … is not included in the list";
    AttributeIncrementBlank = "attribute-increment-blank", "Increment can't be blank";
    AttributeImportedChanged = "attribute-imported-changed", "Imported attributes are changed through their batch attribute";
    AttributeFixed = "attribute-fixed", "This attribute cannot be changed";
    AttributeFieldOfOtherType = "attribute-field-of-other-type", "… can't be set on a … attribute";
    AttributePartInUse = "attribute-part-in-use", "… of … can't be removed: … uses it";
    AttributeNameTaken = "attribute-name-taken", "Name has already been taken";
    AttributeIdentifierTaken = "attribute-identifier-taken", "Identifier has already been taken";
    CatalogTableMissing = "catalog-table-missing", "Lookup catalog table … does not exist";
    CatalogColumnMissing = "catalog-column-missing", "Lookup catalog table … has no column";
    AttributeKeyEventMissing = "attribute-key-event-missing", "Realtime key event … does not exist";
    AttributeBackfillColumnMissing = "attribute-backfill-column-missing", "Backfill: … is not an attribute of this parent segment";
    ListMaxItemsTooSmall = "list-max-items-too-small", "Max items must be greater than or equal to 1";
    ListFieldBlank = "list-field-blank", "Fields can't be blank";
    CounterIncrementTooSmall = "counter-increment-too-small", "Increment must be greater than or equal to 1";
    CounterIncrementBlank = "counter-increment-blank", "Increment can't be blank";
    CounterDurationBlank = "counter-duration-blank", "Duration can't be blank on a sliding counter";
    CounterTotalWithSubDurations = "counter-total-with-sub-durations", "Sub durations can't be set on a total counter";
    CounterSubDurationTooLong = "counter-sub-duration-too-long", "Sub duration … can't be longer than the counter's duration";
    AttributeDurationTooSmall = "attribute-duration-too-small", "Duration must be greater than or equal to 1";
    AttributePartIdentifierBlank = "attribute-part-identifier-blank", "… identifier can't be blank";
    AttributePartIdentifierTaken = "attribute-part-identifier-taken", "… identifier … has already been taken";
    AttributeFieldNull = "attribute-field-null", "… can't be null";
    ParameterInvalid = "parameter-invalid", "A parameter of a job or an import is missing or has a wrong value";
    BodyNotForm = "body-not-form", "The body is not the form that its content type says";
    ImportInvalid = "import-invalid", "A record of an import cannot be read or is no object";
    TableNameInvalid = "table-name-invalid", "A name of a database or table must be 3 to 128 of a-z, 0-9 and _";
    TableInUse = "table-in-use", "A table that a parent segment reads can't be deleted";
    DatabaseTaken = "database-taken", "Database … already exists";
    JobTypeUnknown = "job-type-unknown", "The sandbox has no jobs of the type …, only trino and presto";
    JobMissing = "job-missing", "Couldn't find Job with id = …";
    JobResultMissing = "job-result-missing", "The job … has no result";
    DomainKeyTaken = "domain-key-taken", "Domain key has already been taken by the job …";
    RangeUnsatisfiable = "range-unsatisfiable", "The range is beyond the end";
    ParentSegmentRunning = "parent-segment-running", "The workflow of parent segment … is running already";
    ParentSegmentInUse = "parent-segment-in-use", "Parent segment … can't be deleted: … uses it";
    ParentSegmentNameTaken = "parent-segment-name-taken", "Name has already been taken";
    ParentSegmentSettingUnsupported = "parent-segment-setting-unsupported", "A setting of a parent segment that the sandbox lacks";
    ParentSegmentMasterBlank = "parent-segment-master-blank", "Master can't be blank";
    ParentSegmentAttributeNameTaken = "parent-segment-attribute-name-taken", "Attribute …: Name has already been taken";
    ParentSegmentBehaviorNameTaken = "parent-segment-behavior-name-taken", "Behavior …: Name has already been taken";
    ParentSegmentTableMissing = "parent-segment-table-missing", "There is no table";
    ParentSegmentAttributeTypeUnknown = "parent-segment-attribute-type-unknown", "Type … is not included in the list";
    ParentSegmentAttributeAudienceForeign = "parent-segment-attribute-audience-foreign", "Audience is another one";
    ParentSegmentSettingInvalid = "parent-segment-setting-invalid", "… can't be";
    ParentSegmentListInvalid = "parent-segment-list-invalid", "… must be a list of objects";
    ParentSegmentColumnMissing = "parent-segment-column-missing", "The table … has no column";
    FieldUnknown = "field-unknown", "… is not a field that can be set here";
    FieldMissing = "field-missing", "Required and missing";
    FieldBlank = "field-blank", "… can't be blank";
    FieldNotText = "field-not-text", "… must be a string";
    FieldInvalid = "field-invalid", "A field has another type";
    EventRuleInvalid = "event-rule-invalid", "A rule over event columns is not understood";
    EventRuleOverAttribute = "event-rule-over-attribute", "… can only have conditions on columns of the event";
    EventInvalid = "event-invalid", "Invalid event object";
    EventFieldMissing = "event-field-missing", "Invalid event object: … is missing";
    TableTaken = "table-taken", "Table … already exists";
    TableMissing = "table-missing", "Resource not found: the table";
    DatabaseMissing = "database-missing", "Resource not found: the database";
    ConnectionUrlPrefixInvalid = "connection-url-prefix-invalid", "Url prefix … is no http or https URL";
    ConnectionUrlPrefixBlank = "connection-url-prefix-blank", "Url prefix can't be blank";
    ConnectionDirectionInvalid = "connection-direction-invalid", "Direction must be 'out'";
    ConnectionAccountForeign = "connection-account-foreign", "Account is not the one of this API key";
    ConnectionAuthInvalid = "connection-auth-invalid", "Auth must be an object";
    ConnectionNameTaken = "connection-name-taken", "Auth name has already been taken";
    KeyEventInUse = "key-event-in-use", "Key event … can't be deleted: … uses it";
    KeyEventFilterInvalid = "key-event-filter-invalid", "Filter rule must be an object";
    KeyEventNameTaken = "key-event-name-taken", "Name has already been taken";
    KeyEventTableMissing = "key-event-table-missing", "… is not an event table of this parent segment's real-time setting";
    KeyEventFiltersTooLong = "key-event-filters-too-long", "Filter rules of all key events together have … characters; the limit is";
    ProfileKeyUnknown = "profile-key-unknown", "This parent segment has no stitching key, so no profile can be named";
    ResponseTooLarge = "response-too-large", "The response has … bytes; the limit is";
    RealTimeNotInitialized = "real-time-not-initialized", "Real-time is not initialized for this parent segment";
    RecordMissing = "record-missing", "Record not found";
    PersonalizationAudienceChanged = "personalization-audience-changed", "Audience can't be changed";
    PersonalizationSectionsMissing = "personalization-sections-missing", "Sections is missing";
    PersonalizationDescriptionMissing = "personalization-description-missing", "Description is missing; it may be null";
    PersonalizationNameTaken = "personalization-name-taken", "Name has already been taken";
    EntityAttributesMissing = "entity-attributes-missing", "Attributes is missing";
    EntityRelationshipsInvalid = "entity-relationships-invalid", "Relationships must be an object";
    EntityFolderTypeInvalid = "entity-folder-type-invalid", "The type of a parent folder is another one";
    EntityFolderIdBlank = "entity-folder-id-blank", "Id can't be blank";
    SectionsInvalid = "sections-invalid", "Sections must be a list";
    SectionInvalid = "section-invalid", "A section must be an object of the known form";
    SectionFieldMissing = "section-field-missing", "… is missing";
    SectionFieldInvalid = "section-field-invalid", "… must be an object";
    SectionNameBlank = "section-name-blank", "Name can't be blank";
    SectionIdForeign = "section-id-foreign", "Section id does not belong to this personalization";
    SectionPayloadInvalid = "section-payload-invalid", "The payload of a section breaks a rule of its payload kinds";
    SectionBatchSegmentMissing = "section-batch-segment-missing", "There is no batch segment with the id";
    SectionCatalogColumnMissing = "section-catalog-column-missing", "The catalog … has no column";
    CriteriaKeyEventMissing = "criteria-key-event-missing", "There is no key event with the id";
    CriteriaInvalid = "criteria-invalid", "Profile criteria are not understood, or name what is missing";
    RealTimeNotEnabled = "real-time-not-enabled", "Real-time is not enabled for this parent segment";
    FolderNameTaken = "folder-name-taken", "Name has already been taken";
    FolderRoot = "folder-root", "Folder … can't be deleted: it is the root";
    FolderInUse = "folder-in-use", "Folder … can't be deleted: … lies in it";
    SegmentAudienceForeign = "segment-audience-foreign", "Audience is not the one of the path";
    SegmentKindUnsupported = "segment-kind-unsupported", "A segment kind that the sandbox lacks";
    SegmentCountPopulationInvalid = "segment-count-population-invalid", "Count population must be true or false";
    SegmentFolderMissing = "segment-folder-missing", "There is no folder with the id";
    SegmentNameTaken = "segment-name-taken", "Name has already been taken";
    SegmentRuleInvalid = "segment-rule-invalid", "The rule of a batch segment is not understood";
    SegmentRuleColumnMissing = "segment-rule-column-missing", "Rule: … is not an attribute of this parent segment";
    TokensTooMany = "tokens-too-many", "Tokens can't be more than … per service";
    TokenAddressInvalid = "token-address-invalid", "Allowed ips: … is no address or range";
    ServiceNameTaken = "service-name-taken", "Name has already been taken";
    KeysTooMany = "keys-too-many", "Key columns can't be more than";
    KeyNameBlank = "key-name-blank", "Key column name can't be blank";
    KeyTwice = "key-twice", "Key column … occurs twice";
    KeyRegexpInvalid = "key-regexp-invalid", "Valid regexp is invalid";
    EventTablesTooMany = "event-tables-too-many", "Event tables can't be more than";
    EventTableMissing = "event-table-missing", "Event table … does not exist";
    EventTableTwice = "event-table-twice", "Event table … occurs twice";
    EventTableInUse = "event-table-in-use", "Event table … can't be removed: the key event … uses it";
    LookupKeyFixed = "lookup-key-fixed", "Ext lookup key can't be changed once it is set; it is";
    LookupKeyNotProfileKey = "lookup-key-not-profile-key", "Ext lookup key must be the profile key of the master table,";
    ImportedColumnMissing = "imported-column-missing", "… is not an attribute of this parent segment";
    ImportedTwice = "imported-twice", "… occurs twice";
    ImportedNameTaken = "imported-name-taken", "Name has already been taken";
    ImportedIdentifierTaken = "imported-identifier-taken", "Identifier has already been taken";
    ItemsTooMany = "items-too-many", "Attributes and key columns together can't be more than";
    SettingListInvalid = "setting-list-invalid", "… must be a list";
    SettingItemInvalid = "setting-item-invalid", "… must be a list of objects";
    ProfileKeyFixed = "profile-key-fixed", "The profile key can't be changed: it is the real-time setting's external lookup key";
    BatchColumnInUse = "batch-column-in-use", "Attribute … can't be removed: … uses it";
    AttributeInUse = "attribute-in-use", "Attribute … can't be deleted: … uses it";
    ActivationConnectionMissing = "activation-connection-missing", "There is no connection with the id";
    ActivationConnectionTypeWrong = "activation-connection-type-wrong", "The connection … is of the type …, not";
    ActivationExportNotText = "activation-export-not-text", "… must be a string of JSON, not an object";
    ActivationConnectorInvalid = "activation-connector-invalid", "Connector must be an object";
    ActivationStepUuidInvalid = "activation-step-uuid-invalid", "Step uuid is no UUID";
    ActivationStepUuidTaken = "activation-step-uuid-taken", "Step uuid is that of another activation";
    ActivationStepUuidFixed = "activation-step-uuid-fixed", "Step uuid can't be changed once a step has the activation";
    ActivationExportInvalid = "activation-export-invalid", "Export JSON is not JSON or holds no object";
    ActivationExportFieldUnknown = "activation-export-field-unknown", "Export JSON of a webhook has an unknown field";
    ActivationMethodUnknown = "activation-method-unknown", "Method is not included in the list";
    ActivationUrlInvalid = "activation-url-invalid", "Url must be an http or https URL";
    ActivationUrlOutsidePrefix = "activation-url-outside-prefix", "Url must start with the connection's URL prefix";
    ActivationHeadersInvalid = "activation-headers-invalid", "Headers must be an object, a list or null";
    ActivationHeadersTooMany = "activation-headers-too-many", "Headers can't be more than 32";
    ActivationBodyTooLong = "activation-body-too-long", "Body can't be longer than 250 KB";
    ActivationAdvancedInvalid = "activation-advanced-invalid", "Export advanced JSON is not JSON, holds no object or a negative number";
    ExitCriteriaEmpty = "exit-criteria-empty", "Exit criteria need a key event or profile criteria";
    BranchExcludedTwice = "branch-excluded-twice", "Only one branch can be the excluded path";
    StepActivationMissing = "step-activation-missing", "There is no activation with the id … in this journey";
    StepActivationForeign = "step-activation-foreign", "The activation … was made for the step";
    StepActivationTwice = "step-activation-twice", "The step … has the activation … already";
    JumpJourneyMissing = "jump-journey-missing", "There is no journey with the id … in this parent segment";
    JumpStageMissing = "jump-stage-missing", "… has no stage with the id";
    VariantPercentageInvalid = "variant-percentage-invalid", "Percentage must be from 0 to 100";
    VariantPercentagesSum = "variant-percentages-sum", "Percentages must sum to 100; they sum to";
    BranchIdBlank = "branch-id-blank", "Id can't be blank";
    BranchIdTwice = "branch-id-twice", "Id … occurs twice";
    JourneyNewNotDraft = "journey-new-not-draft", "A new journey is a draft";
    JourneyFolderDiffers = "journey-folder-differs", "The parent folder and the segment folder must be the same";
    JourneyAudienceChanged = "journey-audience-changed", "Audience can't be changed";
    StageInvalid = "stage-invalid", "A stage must be an object";
    JourneyPauseInvalid = "journey-pause-invalid", "The journey is a draft, paused already or not paused";
    JourneyTypeInvalid = "journey-type-invalid", "Type must be journey";
    JourneyNameTaken = "journey-name-taken", "Name has already been taken";
    JourneyLaunchWithoutStages = "journey-launch-without-stages", "Realtime journey stages can't be blank when a journey is launched";
    JourneyStateBack = "journey-state-back", "State can't go back from launched to draft";
    JourneyStateUnknown = "journey-state-unknown", "State … is not included in the list";
    JourneyFlowFixed = "journey-flow-fixed", "Stages, goal and reentry mode can't be changed after the launch; duplicate the journey";
    JourneyReentryModeUnknown = "journey-reentry-mode-unknown", "Reentry mode … is not included in the list";
    StageRootStepMissing = "stage-root-step-missing", "Root step … is no step of this stage";
    StepNextMissing = "step-next-missing", "…, which comes next, is no step of this stage";
    StepsCycle = "steps-cycle", "Steps must not lead back to themselves";
    LaunchNotReady = "launch-not-ready", "A journey is launched while the real-time status is not ok";
    LaunchRootStepMissing = "launch-root-step-missing", "Stage … needs a root step before the journey can be launched";
    LaunchStepUnreachable = "launch-step-unreachable", "Nothing leads to this step from the root step";
    LaunchEntryMissing = "launch-entry-missing", "The first stage needs entry criteria with a key event before the journey can be launched";
    LaunchBranchWithoutCriteria = "launch-branch-without-criteria", "Every branch but the excluded path needs profile criteria";
    LaunchVariantWithoutPercentage = "launch-variant-without-percentage", "Every variant needs a percentage";
    LaunchJumpUnconfirmed = "launch-jump-unconfirmed", "A jump needs a target that is confirmed";
    LaunchActivationWithoutExport = "launch-activation-without-export", "The activation has no export JSON yet";
    StagesBlank = "stages-blank", "Realtime journey stages can't be blank";
    StagesInvalid = "stages-invalid", "Realtime journey stages must be a list";
    StageOrderInvalid = "stage-order-invalid", "Order index must be the stage's place in the list";
    StageIdTwice = "stage-id-twice", "Stage id … occurs twice";
    StagesTooMany = "stages-too-many", "Realtime journey stages must be 1 to";
    GoalInvalid = "goal-invalid", "Goal must be an object or null";
    StageIdForeign = "stage-id-foreign", "Stage id does not belong to this journey";
    CriteriaFormInvalid = "criteria-form-invalid", "Criteria must be an object or null";
    ExitCriteriaFormInvalid = "exit-criteria-form-invalid", "Exit criterias must be a list";
    NumberTooSmall = "number-too-small", "… must be an integer greater than or equal to 1";
    StepsInvalid = "steps-invalid", "Steps must be an object";
    StepKeyInvalid = "step-key-invalid", "The key of a step must be a UUID, not";
    StepInvalid = "step-invalid", "A step must be an object";
    StepTypeUnknown = "step-type-unknown", "The type of a step is not included in the list";
    BranchesInvalid = "branches-invalid", "… must be a list that is not empty";
    BranchInvalid = "branch-invalid", "A branch must be an object";
    ControlPreviewInvalid = "control-preview-invalid", "An event, or a journey that cannot run yet, is not to be previewed";
    ControlQueryInvalid = "control-query-invalid", "A query parameter of a control is not understood";
    Stopping = "stopping", "The sandbox is stopping";
    PathUnreadable = "path-unreadable", "The path or the query cannot be decoded";
    QueryFlagInvalid = "query-flag-invalid", "… must be true or false, not";
    ContentTypeWrong = "content-type-wrong", "The content type must be …; it is";
    BodyNotObject = "body-not-object", "The body must be a JSON object";
    BodyNotJson = "body-not-json", "The body is not JSON";
    ControlBodyInvalid = "control-body-invalid", "The body of a control is not understood";
    PageSizeInvalid = "page-size-invalid", "Page`[size]` must be a number from 1 to";
    PageCursorUnknown = "page-cursor-unknown", "Page`[after]` is no cursor of this listing";
    SortFieldUnknown = "sort-field-unknown", "Sorted_by does not know the field";
    SortOrderUnknown = "sort-order-unknown", "Sorted_by must be field:asc or field:desc";
    ConnectionNameMissing = "connection-name-missing", "The query names no connection";
    ControlClockInvalid = "control-clock-invalid", "A clock setting is not understood";
    ControlRolloutInvalid = "control-rollout-invalid", "A roll-out setting is not understood";
    ControlProfileMissing = "control-profile-missing", "No profile has these keys";
    PreflightMethodMissing = "preflight-method-missing", "Request method is required";
    PreflightOriginInvalid = "preflight-origin-invalid", "Invalid or missing Origin";
    ControlFaultInvalid = "control-fault-invalid", "A fault rule is not understood";
    ControlFaultMissing = "control-fault-missing", "There is no fault rule …; it may be used up";
    ControlInboxInvalid = "control-inbox-invalid", "Answers of the inbox must be statuses from 200 to 599";
    WriteKeyInvalid = "write-key-invalid", "A write key is missing or unknown";
    PermissionsInvalid = "permissions-invalid", "Permissions must be edit or view, not";
    FaultInjected = "fault-injected", "A fault rule asks for this answer";
    EventTableNameInvalid = "event-table-name-invalid", "A database or table name has other characters than 0-9, a-z and _";
    EventContentTypeWrong = "event-content-type-wrong", "The content type of an event is another one";
    EventTableUnknown = "event-table-unknown", "An event names a table that does not exist";
    TokenMissing = "token-missing", "RT token was not provided";
    TokenInvalid = "token-invalid", "RT token is in an invalid format";
    TokenAccountForeign = "token-account-foreign", "RT token account conflicts with Authed user account";
    TokenUnknown = "token-unknown", "RT token is not in configuration";
    TokenTypeWrong = "token-type-wrong", "Invalid token type";
    TokenAddressForeign = "token-address-foreign", "Request origin not in IP whitelist";
    EventNameUnknown = "event-name-unknown", "There is no key event";
    ControlUnknown = "control-unknown", "… is no control of the sandbox";
    MethodUnknown = "method-unknown", "…: no API takes this method";
    OperationUnknown = "operation-unknown", "… is no operation that the sandbox knows";
    AudienceIdMissing = "audience-id-missing", "Audience_id is missing";
}

#[cfg(test)]
mod tests {
    use super::Reason;
    use std::collections::BTreeSet;

    #[test]
    fn ids_are_unique_words_with_dashes() {
        let ids: BTreeSet<&str> = Reason::ALL.iter().map(|reason| reason.id()).collect();
        assert_eq!(ids.len(), Reason::ALL.len());
        for id in ids {
            assert!(
                id.split('-').all(|w| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase())),
                "{id}"
            );
        }
    }
}
