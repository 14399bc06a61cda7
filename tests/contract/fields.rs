//! The tables of `platform::fields` against the facts: each schema has the same fields, and needs the same, but for
//! what stands here. `validate` and the sandbox share these tables, so nothing else would tell them from the vendor's.

use super::facts;
use std::collections::BTreeSet;
use tdx_rt::platform::fields::{self, COMMON, Field, attribute, inside, keys, needed};

/// A schema, its table, and where they differ: names that only the table has or only the schema; names that only the
/// table or only the schema needs.
struct Case {
    schema: &'static str,
    fields: Vec<&'static Field>,
    differs: [&'static [&'static str]; 4],
}

fn case(schema: &'static str, fields: impl IntoIterator<Item = &'static Field>) -> Case {
    Case { schema, fields: fields.into_iter().collect(), differs: [&[]; 4] }
}

impl Case {
    fn but(self, differs: [&'static [&'static str]; 4]) -> Self {
        Case { differs, ..self }
    }
}

fn of_type(kind: &str) -> impl Iterator<Item = &'static Field> {
    COMMON.iter().chain(attribute(kind).unwrap())
}

/// The fields of a part of an attribute, or of a list in one.
fn part(kind: &str, key: &str) -> &'static [Field] {
    attribute(kind).unwrap().iter().find(|field| field.key == key).and_then(inside).unwrap()
}

fn step(kind: &str) -> &'static [Field] {
    fields::step(serde_json::json!({ "type": kind }).as_object().unwrap()).unwrap()
}

fn exit(key: &str) -> &'static [Field] {
    fields::exit(serde_json::json!({ key: 1 }).as_object().unwrap())
}

fn cases() -> Vec<Case> {
    // `notation` is only answered. What has a default may be left out, as the published bodies do.
    vec![
        case("ParentSegmentRealtimeSingleAttributeAttributes", of_type("single")).but([
            &[],
            &["notation"],
            &[],
            &["notation", "filterRule"],
        ]),
        case("ParentSegmentRealtimeListAttributeAttributes", of_type("list")).but([
            // Published bodies have it.
            &["valueColumn"],
            &["notation"],
            &[],
            &["filterRule", "fields", "duration", "maxItems", "actions", "aggregations"],
        ]),
        case("ParentSegmentRealtimeCounterAttributeAttributes", of_type("counter")).but([
            &[],
            &["notation"],
            &[],
            &["counterType", "notation", "filterRule", "duration", "backfill", "subDurations"],
        ]),
        case("ParentSegmentRealtimeLookupCatalogAttributeAttributes", of_type("lookupCatalog")).but([
            &[],
            &["notation"],
            &[],
            &["notation", "lookupCatalogColumns", "lookupKeys"],
        ]),
        case("ParentSegmentRealtimeImportedAttributeAttributes", of_type("imported")).but([
            &[],
            &["realtimeAttributeKind", "notation", "createdAt", "updatedAt"],
            &["name", "identifier", "type"],
            &["realtimeAttributeKind", "column", "dataType", "notation"],
        ]),
        case("RealtimeAttributeBackfillSetting", part("single", "backfill")),
        case("RealtimeAttributeDurationSetting", part("single", "duration")),
        case("RealtimeListAttributeAggregation", part("list", "aggregations")).but([
            &[],
            &[],
            &["name", "identifier", "aggregationType", "column"],
            &[],
        ]),
        case("RealtimeCounterAttributeIncrementSettingConst", part("counter", "increment")),
        // The rest of a key event is what the published examples have.
        case("RealtimeKeyEventAttributes", &fields::KEY_EVENT).but([&["description"], &[], &[], &[]]),
        case("RealtimeSettingAttributes", &fields::SETTING),
        case("RealtimeKeyColumn", &fields::KEY),
        case("RealtimeEventTable", &fields::TABLE),
        case("RealtimeBatchAttribute", &fields::IMPORT),
        case("RealtimePersonalizationServiceAttributes", &fields::SERVICE).but([
            &[],
            &[],
            &[],
            &["description", "public"],
        ]),
        case("RealtimePersonalizationServiceTokenAttributes", &fields::TOKEN).but([
            &["description"],
            &["id", "value"],
            &[],
            &["id", "value", "allowedIps"],
        ]),
        case("RealtimeJourneyCriteria", &fields::CRITERIA),
        case("RealtimeJourneyKeyEventCriteria", &fields::EVENT).but([&[], &[], &["keyEventId"], &[]]),
        case("RealtimeJourneyJumpTarget", &fields::TARGET),
        case("RealtimeJourneyAttributes", &fields::NEW_JOURNEY).but([&["state"], &[], &[], &[]]),
        case("RealtimeJourneyAttributes", &fields::JOURNEY_CHANGE).but([
            &["state"],
            &[],
            &[],
            &[
                "audienceId",
                "segmentFolderId",
                "name",
                "description",
                "goal",
                "realtimeJourneyStages",
                "reentryMode",
            ],
        ]),
        case("RealtimeJourneyStageAttributes", &fields::STAGE),
        case("RealtimeJourneyStaleCriteria", exit("exitAfter")).but([&[], &[], &["unit", "exitAfter"], &[]]),
        case("RealtimeJourneyCustomExitCriteria", exit("target")),
        case("EndStep", step("End")),
        case("JumpStep", step("Jump")),
        case("MergeStep", step("Merge")),
        // The contract requires `variants` and describes `branches`.
        case("RealtimeABTest", step("Variant")).but([&[], &[], &["branches"], &["variants"]]),
        case("RealtimeABTestVariant", &fields::VARIANT),
        case("RealtimeDecisionPointStep", step("DecisionPoint")),
        case("RealtimeDecisionPointBranch", &fields::BRANCH),
        // The `name` is in the contract's examples.
        case("RealtimeJourneyActivationStep", step("TriggeredActivation")).but([&["name"], &[], &[], &[]]),
        case("RealtimeJourneyWaitStep", step("WaitStep")).but([&["name"], &[], &[], &[]]),
        case("RealtimeJourneyActivationStepAttributes", &fields::ACTIVATION),
        case("RealtimeActivationParameters", &fields::CONNECTOR),
    ]
}

#[test]
fn each_table_is_the_vendors_schema() {
    let contract = facts::read("cdp-realtime");
    let schemas = contract["components"]["schemas"].as_object().unwrap();
    for Case { schema, fields, differs } in cases() {
        let known = schemas.iter().find(|(name, _)| name.rsplit('-').next() == Some(schema)).unwrap().1;
        let names: BTreeSet<&str> =
            known["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        let required: BTreeSet<&str> =
            known["required"].as_array().into_iter().flatten().filter_map(|name| name.as_str()).collect();
        let ours: BTreeSet<&str> = keys(fields.iter().copied()).into_iter().collect();
        let needed: BTreeSet<&str> = needed(fields.iter().copied()).into_iter().collect();
        let found = [(&ours, &names), (&names, &ours), (&needed, &required), (&required, &needed)];
        for ((one, other), said) in found.into_iter().zip(differs) {
            let more: BTreeSet<&str> = one.difference(other).copied().collect();
            assert_eq!(more, said.iter().copied().collect(), "{schema}");
        }
    }
}

/// `PATCH` of an attribute takes these of the vendor's fields, and no other.
#[test]
fn what_a_patch_of_an_attribute_takes_is_the_vendors() {
    let contract = facts::read("cdp-realtime");
    let path = &contract["paths"]["/audiences/{audienceId}/realtime_attributes/{realtimeAttributeId}"];
    let body = &path["patch"]["requestBody"]["content"]["application/json"]["schema"]["allOf"];
    let names: BTreeSet<&str> = body
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|part| part["properties"].as_object().unwrap().keys().map(String::as_str))
        .collect();
    assert_eq!(fields::changeable().collect::<BTreeSet<_>>(), names);
}
