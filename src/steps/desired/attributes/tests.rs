//! Attributes of a plan, brought over live ones.

use super::*;

/// [`super::bring`] in the parent segment 42, where nothing has another name than in the plan.
fn bring_of(
    wanted: &[WantedAttribute],
    state: &mut Configuration,
    offered: &[AudienceAttribute],
) -> Result<(), Error> {
    let before = state.clone();
    super::bring(wanted, state, offered, Named { before: &before, ps: "42" })
}

/// The same without batch attributes.
fn bring(wanted: &[WantedAttribute], state: &mut Configuration) -> Result<(), Error> {
    bring_of(wanted, state, &[])
}

fn attributes() -> Vec<RealtimeAttribute> {
    serde_json::from_value(json!([
        {"id": "1", "name": "items", "identifier": "items", "type": "list", "realtimeKeyEventId": "9",
         "idColumn": "p", "maxItems": 7, "fields": ["p", "q"], "duration": {"value": 3, "unit": "day"},
         "aggregations": [{"name": "n", "identifier": "items", "aggregationType": "last", "column": "q"}]},
        {"id": "2", "name": "tier", "identifier": "tier", "type": "imported"}
    ]))
    .unwrap()
}

fn over(attributes: &[RealtimeAttribute]) -> Configuration {
    Configuration { attributes: attributes.to_vec(), ..Configuration::default() }
}

/// The fields of the first attribute that differ once another one was brought over it.
fn changed(wanted: WantedAttribute, attributes: &[RealtimeAttribute]) -> Map<String, Value> {
    let mut state = over(attributes);
    bring(&[wanted], &mut state).unwrap();
    let (before, after) = (json!(attributes[0]), json!(state.attributes[0]));
    let after = after.as_object().unwrap().clone();
    after.into_iter().filter(|(key, value)| before[key] != *value).collect()
}

fn wanted(change: Value) -> WantedAttribute {
    let mut value = json!({"name": "items", "identifier": "items", "type": "list", "realtimeKeyEventId": "9",
        "idColumn": "p", "maxItems": 100, "fields": ["p"], "duration": {"value": 90, "unit": "day"},
        "aggregations": [{"name": "items", "identifier": "items", "aggregationType": "distinct_list", "column": "p"}]});
    for (key, item) in change.as_object().unwrap() {
        value[key] = item.clone();
    }
    let attribute = Box::new(serde_json::from_value(value).unwrap());
    WantedAttribute::Own { attribute, given: GivenFields::default() }
}

#[test]
fn a_list_is_added_to_and_never_cut() {
    let fields = changed(wanted(json!({})), &attributes());
    assert_eq!(fields.keys().collect::<Vec<_>>(), ["aggregations"]);
    let kept = fields["aggregations"].as_array().unwrap();
    assert_eq!(kept[0]["aggregationType"], "last");
    assert_ne!(kept[1]["identifier"], "items", "an identifier in use is not taken over");
}

#[test]
fn what_cannot_be_patched_is_a_conflict() {
    for change in [json!({"idColumn": "z"}), json!({"realtimeKeyEventId": "8"})] {
        let error = bring(&[wanted(change)], &mut over(&attributes())).unwrap_err();
        assert_eq!(error.code, Code::Conflict);
        assert!(error.hint.unwrap().contains("rt-attrs delete items --ps 42"));
    }
}

#[test]
fn what_is_there_in_other_words_is_no_change() {
    let mut attributes = attributes();
    let condition = json!({"type": "Column", "column": "x", "operator": {"type": "IsNull", "not": true}});
    let action = |rule: Value| json!({"action": "clear", "realtimeKeyEventId": "9", "filterRule": rule});
    let nested = action(json!({"type": "And", "conditions": [{"type": "Or", "conditions": [condition]}]}));
    let AttributeSpec::List(list) = &mut attributes[0].spec else { panic!() };
    list.actions = serde_json::from_value(json!([nested])).unwrap();
    let flat = action(json!({"type": "And", "conditions": [condition]}));
    let same = json!({"fields": ["q"], "actions": [flat], "aggregations": [
        {"name": "other", "identifier": "other", "aggregationType": "last", "column": "q"}]});
    assert!(changed(wanted(same), &attributes).is_empty());
    let more = json!({"fields": [], "aggregations": [], "actions": [action(json!({}))]});
    let fields = changed(wanted(more), &attributes);
    assert_eq!(fields["actions"].as_array().unwrap().len(), 2, "nothing is dropped");
}

#[test]
fn a_time_to_live_is_never_taken_away_and_a_type_never_changed() {
    let none = wanted(json!({"duration": null}));
    let WantedAttribute::Own { attribute, .. } = none else { panic!() };
    let given = GivenFields { duration: true, ..GivenFields::default() };
    let error = bring(&[WantedAttribute::Own { attribute, given }], &mut over(&attributes()));
    assert_eq!(error.unwrap_err().code, Code::Conflict);
    let single = |kind: &str| {
        let value = json!({"id": "1", "name": "s", "identifier": "s", "type": "single",
            "realtimeKeyEventId": "9", "valueColumn": "p", "dataType": kind});
        serde_json::from_value::<RealtimeAttribute>(value).unwrap()
    };
    let there = [single("string")];
    for (data_type, conflict) in [(true, true), (false, false)] {
        let given = GivenFields { data_type, ..GivenFields::default() };
        let wanted = WantedAttribute::Own { attribute: Box::new(single("number")), given };
        assert_eq!(bring(&[wanted], &mut over(&there)).is_err(), conflict);
    }
}

#[test]
fn imports_keep_the_columns_that_are_imported_already() {
    let batch: Vec<AudienceAttribute> = serde_json::from_value(json!([{"name": "city"}])).unwrap();
    let import = |column: &str| WantedAttribute::Imported { name: column.into(), column: column.into() };
    // The published form of an imported attribute names no column; the setting does.
    let imported = [BatchAttribute {
        column: "Loyalty Tier".into(),
        name: Some("tier".into()),
        later: Default::default(),
    }];
    let mut state = over(&attributes());
    state.setting.batch_attributes = imported.to_vec();
    let before = state.clone();
    bring_of(&[import("city"), import("Loyalty Tier")], &mut state, &batch).unwrap();
    let columns: Vec<_> = state.setting.batch_attributes.iter().map(|one| one.column.as_str()).collect();
    assert_eq!(columns, ["Loyalty Tier", "city"]);
    assert_eq!(state.attributes.len(), before.attributes.len() + 1);
    let error = bring_of(&[import("citi")], &mut state, &batch).unwrap_err();
    assert_eq!(error.hint.as_deref(), Some("did you mean 'city'?"));
}
