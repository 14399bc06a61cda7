//! The source of each operation of the sandbox. `parity` checks that none is missing.

use super::Basis::{self, Contract, Examples, Ours};

/// Operation, the source of its form, and the part of its behaviour that is our choice.
pub type Row = (&'static str, Basis, &'static str);

/// The families of the platform's operations, in the order of the page.
pub const PLATFORM: &[(&str, &[Row])] = &[
    ("Parent segments", PARENT_SEGMENTS),
    ("Folders and batch segments", FOLDERS),
    ("Real-time setting, key events, attributes", REALTIME),
    ("Personalization: services, tokens, entities", PERSONALIZATION),
    ("Journeys and activations", JOURNEYS),
    ("Connections, databases, tables", ACCOUNT),
    ("Jobs, imports", JOBS),
    ("Events and offers", EVENTS),
];

const PARENT_SEGMENTS: &[Row] = &[
    ("GET /audiences", Contract, "`master.profileKey` is ours: the files name no field for the profile key."),
    (
        "POST /audiences",
        Contract,
        "The answer is the parent segment. Tables and columns must exist, names are unique. Without `master.profileKey` the profile key is the first foreign key, else the first column. All columns of the master table become attributes. Real-time is not enabled. Customer groups and audience filters answer 501.",
    ),
    ("GET /audiences/{audienceId}", Contract, "As in the listing."),
    (
        "PUT /audiences/{audienceId}",
        Contract,
        "The answer is the parent segment. Tables and columns must exist, names are unique. Without `master.profileKey` the profile key is the first foreign key, else the first column. All columns of the master table become attributes. Read-only fields may be sent back and are not read. What the real-time configuration uses of the tables cannot be removed (409). Customer groups and audience filters answer 501.",
    ),
    (
        "DELETE /audiences/{audienceId}",
        Contract,
        "409 while it has personalizations or journeys; everything else goes with it. The answer is `{}`.",
    ),
    ("GET /audiences/{audienceId}/attributes", Contract, ""),
    (
        "GET /audiences/{audienceId}/behaviors",
        Contract,
        "No behavior is a real-time one of the first generation.",
    ),
    (
        "POST /audiences/{audienceId}/run",
        Contract,
        "409 while a run is under way. A run takes the time of `sandbox pace --runs`, and then reads the customers and the members of batch segments anew from the tables.",
    ),
    (
        "GET /audiences/{audienceId}/executions",
        Contract,
        "Latest first, at most 100. `workflowId` is the parent segment's. States are `running`, `success` and `error`.",
    ),
    ("GET /entities/parent_segments", Contract, ""),
    ("GET /entities/parent_segments/{id}", Contract, ""),
];

const FOLDERS: &[Row] = &[
    ("GET /audiences/{audienceId}/folders", Contract, "The first one is the root."),
    ("POST /audiences/{audienceId}/folders", Contract, "Names are unique; the description may be left out."),
    ("GET /audiences/{audienceId}/folders/{folderId}", Contract, ""),
    (
        "PATCH /audiences/{audienceId}/folders/{folderId}",
        Contract,
        "Names are unique; the root can be renamed.",
    ),
    (
        "DELETE /audiences/{audienceId}/folders/{folderId}",
        Contract,
        "409 for the root and for a folder in which a segment, a journey or a personalization lies. The answer is `{}`.",
    ),
    (
        "GET /audiences/{audienceId}/segments",
        Contract,
        "A segment of the seed shows no rule: it lists its members.",
    ),
    (
        "POST /audiences/{audienceId}/segments",
        Contract,
        "The answer is the segment. The rule is kept as it was sent and evaluated once, if it has only conditions on batch attributes with `Equal`, `IsNull`, `In`, `Greater`, `GreaterEqual`, `Less`, `LessEqual`, `Between`, `Regexp`, `Contain`, `StartWith` or `EndWith` on plain values; any other rule has no members and the population `null`. Kinds other than batch answer 501.",
    ),
    (
        "GET /audiences/{audienceId}/segments/{segmentId}",
        Examples,
        "The vendor's MCP server calls it; the answer is a segment as in the listing.",
    ),
    (
        "GET /tree/audiences/{audienceId}/segment_folders",
        Examples,
        "The published triggers workflow takes `.data[0].id` of it. Folders have the form of `/audiences/{id}/folders`, the root first.",
    ),
];

const REALTIME: &[Row] = &[
    (
        "GET /audiences/{audienceId}/realtime_setting",
        Contract,
        "404 when real-time is not enabled. The status is `updating` for as long as `--settle` sets; the new configuration is in force at once.",
    ),
    (
        "PATCH /audiences/{audienceId}/realtime_setting",
        Contract,
        "All four lists are needed and replaced. Event tables must exist.",
    ),
    ("POST /audiences/{audienceId}/realtime_imported_attributes/bulk_update", Contract, ""),
    (
        "GET /audiences/{audienceId}/realtime_configuration_versions/current",
        Contract,
        "Numbers count the changes from 1; `null` before the first.",
    ),
    ("GET /audiences/{audienceId}/realtime_key_events", Contract, "`description` is not in the files."),
    (
        "POST /audiences/{audienceId}/realtime_key_events",
        Contract,
        "The names of the operators in filters beyond `Equal` and `GreaterThan`, and how the limit of 1,000 characters counts.",
    ),
    ("GET /audiences/{audienceId}/realtime_key_events/{realtimeKeyEventId}", Contract, ""),
    ("PATCH /audiences/{audienceId}/realtime_key_events/{realtimeKeyEventId}", Contract, ""),
    (
        "DELETE /audiences/{audienceId}/realtime_key_events/{realtimeKeyEventId}",
        Contract,
        "409 while an attribute, a personalization or a journey uses it.",
    ),
    ("GET /audiences/{audienceId}/realtime_key_events/{realtimeKeyEventId}/columns", Contract, ""),
    (
        "GET /audiences/{audienceId}/realtime_event_tables/{database}/{table}/columns",
        Contract,
        "404 for tables that are not in the setting.",
    ),
    ("GET /audiences/{audienceId}/realtime_attributes", Contract, ""),
    (
        "POST /audiences/{audienceId}/realtime_attributes",
        Contract,
        "A list without `maxItems` or `duration` gets 100 items and 90 days. A field that the kind does not have is refused, but for the `valueColumn` of a list, which published bodies have and which is ignored. A sliding counter is exact up to 5,000 different seconds with events in a window, beyond that at most 0.1 % too large. The `duration` of a `total` counter is its time to live, as a single's is: the sum is forgotten so long after the latest event, and the next event starts anew (our reading: the contract says no more than that there is one).",
    ),
    ("GET /audiences/{audienceId}/realtime_attributes/{realtimeAttributeId}", Contract, ""),
    (
        "PATCH /audiences/{audienceId}/realtime_attributes/{realtimeAttributeId}",
        Contract,
        "New windows have a name and an identifier, which the files leave out. Sections that look something up in a catalog follow its new name.",
    ),
    (
        "DELETE /audiences/{audienceId}/realtime_attributes/{realtimeAttributeId}",
        Contract,
        "409 while a personalization or a journey uses it.",
    ),
    (
        "GET /entities/parent_segments/{parentSegmentId}/realtime_attributes",
        Contract,
        "How a `notation` is spelled.",
    ),
];

const PERSONALIZATION: &[Row] = &[
    ("GET /audiences/{audienceId}/realtime_personalization_services", Contract, ""),
    (
        "POST /audiences/{audienceId}/realtime_personalization_services",
        Contract,
        "It does not change the status.",
    ),
    (
        "GET /audiences/{audienceId}/realtime_personalization_services/{realtimePersonalizationServiceId}",
        Contract,
        "",
    ),
    (
        "PATCH /audiences/{audienceId}/realtime_personalization_services/{realtimePersonalizationServiceId}",
        Contract,
        "",
    ),
    (
        "DELETE /audiences/{audienceId}/realtime_personalization_services/{realtimePersonalizationServiceId}",
        Contract,
        "Its tokens go with it.",
    ),
    (
        "POST /audiences/{audienceId}/realtime_personalization_services/{realtimePersonalizationServiceId}/tokens",
        Contract,
        "Values follow from ids, so that runs can be compared.",
    ),
    (
        "DELETE /audiences/{audienceId}/realtime_personalization_services/{realtimePersonalizationServiceId}/tokens/{tokenId}",
        Contract,
        "",
    ),
    ("GET /entities/parent_segments/{parentSegmentId}/realtime_personalizations", Contract, ""),
    (
        "GET /entities/realtime_personalizations",
        Examples,
        "The published validation skill reads `.data[] | {id, name}` of it. Items are those of the parent segment's listing with their name beside the id; without `filter[audience_id]` those of all parent segments.",
    ),
    (
        "POST /entities/realtime_personalizations",
        Contract,
        "Without a folder it goes into the root. `includeSensitive` is accepted, as in the public examples.",
    ),
    ("GET /entities/realtime_personalizations/{realtimePersonalizationId}", Contract, ""),
    (
        "PATCH /entities/realtime_personalizations/{realtimePersonalizationId}",
        Contract,
        "Sections without an id are new ones.",
    ),
    ("DELETE /entities/realtime_personalizations/{realtimePersonalizationId}", Contract, ""),
];

const JOURNEYS: &[Row] = &[
    ("GET /entities/parent_segments/{parentSegmentId}/realtime_journeys", Contract, ""),
    (
        "POST /entities/realtime_journeys",
        Contract,
        "`relationships` may be missing and `state: draft` is accepted, as in the public examples. Names are unique within the parent segment. It begins a roll-out, as every change of a journey does. What launched journeys do with events and with time is described in sandbox.md.",
    ),
    (
        "GET /entities/realtime_journeys/{realtimeJourneyId}",
        Contract,
        "A jump link has the id of the stage that it leads to.",
    ),
    (
        "PATCH /entities/realtime_journeys/{realtimeJourneyId}",
        Examples,
        "The files describe no body: the fields of a create, each on its own, and `state`. Keys of steps are UUIDs, steps form no cycle, an activation is used by one step, which is the one that it names. `launched` needs the stages in the same request, complete and reachable, an entry event, and the status `ok` (409 otherwise). Stages, goal and re-entry mode are fixed from then on.",
    ),
    (
        "DELETE /entities/realtime_journeys/{realtimeJourneyId}",
        Contract,
        "In every state; jumps that led to it show `deleted`.",
    ),
    (
        "POST /entities/realtime_journeys/{realtimeJourneyId}/detail",
        Contract,
        "Checks and changes nothing; the answer is the journey as it is.",
    ),
    (
        "PATCH /entities/realtime_journeys/{realtimeJourneyId}/pause",
        Contract,
        "422 for a draft and for a paused journey.",
    ),
    (
        "PATCH /entities/realtime_journeys/{realtimeJourneyId}/resume",
        Contract,
        "422 for a journey that is not paused.",
    ),
    (
        "POST /entities/realtime_journeys/duplicate",
        Contract,
        "The copy is a draft, with activations of its own; jumps back into the original lead into the copy.",
    ),
    (
        "GET /entities/realtime_journeys/abtest_variants",
        Contract,
        "Ids are places in the list; `location` is journey and stage.",
    ),
    ("GET /entities/parent_segments/{parentSegmentId}/realtime_activations", Contract, ""),
    ("GET /entities/realtime_journeys/{realtimeJourneyId}/activations", Contract, ""),
    (
        "POST /entities/realtime_journeys/{realtimeJourneyId}/activations",
        Contract,
        "The connector must be the connection's. What `exportJson` of a webhook holds comes from the public examples; of other connectors only that it is an object.",
    ),
    (
        "GET /entities/realtime_journeys/{realtimeJourneyId}/activations/{realtimeJourneyActivationStepId}",
        Contract,
        "",
    ),
    (
        "PATCH /entities/realtime_journeys/{realtimeJourneyId}/activations/{realtimeJourneyActivationStepId}",
        Contract,
        "Name, description and step stay when they are left out.",
    ),
];

const ACCOUNT: &[Row] = &[
    ("GET /v3/connections/lookup", Contract, "Authentications of `/v4` are found as well."),
    ("GET /v4/streaming_task_auths", Ours, "A list of what the create shows."),
    (
        "POST /v4/streaming_task_auths",
        Examples,
        "The answer; names are unique, secrets are not kept and shown as `null`.",
    ),
    (
        "GET /v3/database/list",
        Contract,
        "With the databases of the tables that the platform fills, `cdp_audience_<id>_rt` and `cdp_audience_<id>`, once they have a row.",
    ),
    ("GET /v3/database/show/{database_name}", Contract, ""),
    ("GET /v3/table/list/{database_name}", Contract, ""),
    (
        "GET /v3/table/show/{database_name}/{table_name}",
        Contract,
        "The storage size is estimated. `last_log_timestamp` is a string, as on the wire; in the files it is an integer. A column that an event brings is added; that its type is that of its first value is our choice.",
    ),
];

const EVENTS: &[Row] = &[
    (
        "POST /{database}/{table}",
        Contract,
        "The files describe no answer; it has the form that the vendor's SDK reads. The table must exist (3004); a stitching key whose value is not a string is ignored. Without a `WP13n-Token` and with a list of records it is streaming ingest, where a record without `time` gets that of its arrival, which has a host of its own on the platform.",
    ),
    ("OPTIONS /{database}/{table}", Ours, "CORS, as far as the vendor's SDK needs it."),
    (
        "POST /public/{database}/{table}",
        Examples,
        "The vendor's SDK uses it from web pages. An event without `time` gets that of its arrival.",
    ),
    ("OPTIONS /public/{database}/{table}", Ours, "CORS, as far as the vendor's SDK needs it."),
    (
        "GET /audiences/{audienceId}/personalizations/{personalizationId}",
        Examples,
        "The published workflow checks with it; the answer is that of an event, without one.",
    ),
];

const JOBS: &[Row] = &[
    (
        "POST /v3/job/issue/{job_type}/{database_name}",
        Contract,
        "Parameters in JSON, in a form, in a multipart form or in the query; unknown ones are not read. 409 for a `domain_key` that another job has. Types are `trino`, `presto` and `hive`; a job of `hive` ends in an error, and so does one with `result`, because results are written nowhere.",
    ),
    (
        "GET /v3/job/list",
        Contract,
        "`from` and `to` (included) are places, the latest job has 0; 20 jobs without `to`. The last 1,000 jobs are kept.",
    ),
    ("GET /v3/job/show/{job_id}", Contract, "`debug.stderr` has Trino's words, `url` is the sandbox's."),
    ("GET /v3/job/status/{job_id}", Contract, ""),
    ("GET /v3/job/status_by_domain_key/{domain_key}", Examples, "As the status by id (td-client-java)."),
    ("POST /v3/job/kill/{job_id}", Contract, "A job that has ended stays as it is."),
    (
        "GET /v3/job/result/{job_id}",
        Contract,
        "`format` is `tsv` when it is left out; `jsonl` has an object a line. `Range` and `If-Range` as in HTTP. 404 before the job has ended in success.",
    ),
    ("POST /v3/database/create/{database_name}", Examples, "409 for one that exists."),
    (
        "POST /v3/database/delete/{database_name}",
        Examples,
        "409 while a parent segment reads a table of it; its tables go with it.",
    ),
    (
        "POST /v3/table/create/{database_name}/{table_name}/{type}",
        Examples,
        "`type` is `log`. 409 for one that exists.",
    ),
    ("POST /v3/table/delete/{database_name}/{table_name}", Examples, "409 while a parent segment reads it."),
    (
        "PUT /v3/table/import/{database_name}/{table_name}/{format}",
        Examples,
        "Formats are `msgpack.gz`, `msgpack`, `json.gz` and `json` (an object a line), up to 64 MB. Nothing of an import with a wrong record is taken. Records can be queried at once; real-time does not read them.",
    ),
    (
        "PUT /v3/table/import_with_id/{database_name}/{table_name}/{unique_id}/{format}",
        Examples,
        "One with the id of an earlier one changes nothing.",
    ),
    (
        "GET /v3/table/tail/{database_name}/{table_name}",
        Examples,
        "MessagePack, the last record first; 30 without `count`, at most 10,000.",
    ),
    ("GET /v3/system/server_status", Examples, "Always `ok`."),
];

/// The sandbox's own controls and what they do.
pub const CONTROLS: &[(&str, &str)] = &[
    ("GET /_sandbox/health", "Whether it is up, and what it started with."),
    ("POST /_sandbox/reset", "Back to the seed, or to a snapshot."),
    ("GET /_sandbox/snapshots", "The snapshots."),
    ("POST /_sandbox/snapshots", "Takes the whole state under a name."),
    ("POST /_sandbox/snapshots/{name}/restore", "Back to a snapshot."),
    ("DELETE /_sandbox/snapshots/{name}", "Forgets a snapshot."),
    ("GET /_sandbox/clock", "The time that the sandbox goes by."),
    (
        "POST /_sandbox/clock",
        "Sets it or moves it. `--clock` decides at the start whether it runs or stands still.",
    ),
    ("GET /_sandbox/settle", "The statuses of the parent segments, and how changes settle."),
    ("GET /_sandbox/pace", "How long runs of parent segments and jobs take."),
    ("POST /_sandbox/pace", "How long later ones take."),
    ("POST /_sandbox/settle", "How changes settle, ends or begins a roll-out, or sets a status."),
    (
        "GET /_sandbox/journeys/{id}/preview",
        "What an event would do in a journey, launched or not; changes nothing.",
    ),
    ("GET /_sandbox/faults", "The fault rules that can still hit."),
    ("POST /_sandbox/faults", "Adds a fault rule."),
    ("DELETE /_sandbox/faults", "Removes all fault rules."),
    ("DELETE /_sandbox/faults/{id}", "Removes a fault rule."),
    ("GET /_sandbox/requests", "The journal of requests."),
    ("DELETE /_sandbox/requests", "Empties the journal."),
    ("GET /_sandbox/inbox", "The webhooks that were sent to the sandbox's own receiver."),
    ("POST /_sandbox/inbox", "Says how the next webhooks are answered."),
    ("DELETE /_sandbox/inbox", "Empties the receiver."),
    ("GET /_sandbox/inbox/{name}", "Receives a webhook."),
    ("POST /_sandbox/inbox/{name}", "Receives a webhook."),
    ("PUT /_sandbox/inbox/{name}", "Receives a webhook."),
    ("PATCH /_sandbox/inbox/{name}", "Receives a webhook."),
    ("DELETE /_sandbox/inbox/{name}", "Receives a webhook."),
    (
        "GET /_sandbox/activations",
        "What journeys have sent or will send, with every attempt; answered once what is due now was tried.",
    ),
    (
        "GET /_sandbox/activations/log",
        "The same as rows of the platform's table `cdp_audience_<id>_rt.activations`, one for each attempt.",
    ),
    ("DELETE /_sandbox/activations", "Forgets what is finished."),
    ("GET /_sandbox/profiles", "Everything about the profile that a key finds."),
];
