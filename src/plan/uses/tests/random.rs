//! Made-up configurations: what a search of the JSON finds is what is reported.

use super::random_journeys::with_journeys;
use super::*;
use crate::plan::export::export;
use crate::plan::export::tests::tape::Tape;
use crate::plan::uses::things::UsedThing;
use crate::platform::payload::{Attributes as _, drives};
use crate::platform::wire::*;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

/// Takes things away, about every fourth.
fn without_some(tape: &mut Tape, before: &Configuration) -> Configuration {
    let mut after = before.clone();
    let gone = |tape: &mut Tape| tape.below(4) == 3;
    after.setting.event_tables.retain(|_| !gone(tape));
    after.setting.key_columns.retain(|_| !gone(tape));
    after.events.retain(|_| !gone(tape));
    let columns = &mut after.setting.batch_attributes;
    after.attributes.retain(|attribute| {
        let column = crate::plan::import_column(attribute, &before.setting.batch_attributes);
        let goes = gone(tape);
        if let (true, Some(column)) = (goes, column) {
            // Either of them says it.
            let both = tape.below(3);
            columns.retain(|batch| batch.column != column || both == 1);
            return both == 2;
        }
        !goes
    });
    for attribute in &mut after.attributes {
        match &mut attribute.spec {
            AttributeSpec::List(list) => list.aggregations.retain(|_| !gone(tape)),
            AttributeSpec::Counter(counter) => counter.sub_durations.retain(|_| !gone(tape)),
            AttributeSpec::LookupCatalog(catalog) => catalog.lookup_catalog_columns.retain(|_| !gone(tape)),
            _ => {}
        }
    }
    after.services.retain(|_| !gone(tape));
    after.personalizations.retain(|_| !gone(tape));
    after.journeys.retain(|_| !gone(tape));
    for journey in &mut after.journeys {
        journey.attributes.realtime_journey_stages.retain(|_| !gone(tape));
    }
    let stays: Vec<&str> = after.journeys.iter().map(|journey| journey.id.as_str()).collect();
    after.activations.retain(|one| one.journey_id().is_some_and(|id| stays.contains(&id)) && !gone(tape));
    after
}

/// Every string of a value, with what it stands in.
fn search<'v>(value: &'v Value, found: &mut dyn FnMut(&'v Value, &'v str)) {
    let items: Vec<&Value> = match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(map) => map.values().collect(),
        _ => return,
    };
    for item in items {
        if let Value::String(text) = item {
            found(value, text);
        }
        search(item, found);
    }
}

/// Whether a search of the JSON of everything that stays finds something that is deleted.
fn is_found(used: &Used, before: &Configuration, after: &Configuration) -> bool {
    let journeys: Vec<Value> = after.journeys.iter().map(|one| json!(one.attributes)).collect();
    let entities: Vec<Value> = after.personalizations.iter().map(|one| json!(one.attributes)).collect();
    let is_sent = |id: &str| Value::from(journeys.clone()).to_string().contains(&json!(id).to_string());
    let sent: Vec<Value> = after
        .activations
        .iter()
        .filter(|one| is_sent(&one.id))
        .filter_map(|one| one.attributes.connector.export_json.as_ref())
        .map(|text| serde_json::from_str(text).unwrap_or_else(|_| json!([text])))
        .collect();
    // An import whose column is deleted may still be listed.
    let itself =
        |one: &&RealtimeAttribute| !matches!(used, Used::Attribute(id) if one.id.as_ref() == Some(id));
    let attributes: Vec<&RealtimeAttribute> = after.attributes.iter().filter(itself).collect();
    let all = json!([after.events, attributes, entities, journeys]);
    let any = |value: &Value, wanted: &dyn Fn(&Value, &str) -> bool| {
        let mut is = false;
        search(value, &mut |object, text| is |= wanted(object, text));
        is
    };
    let placeholder = |name: &str| format!("{{{{ {name} }}}}");
    let has = |id: &str| any(&all, &|_, text| text == id);
    match used {
        Used::KeyEvent(id) | Used::Journey(id) | Used::Stage(id) | Used::Activation(id) => has(id),
        Used::Attribute(id) => {
            let attribute = before.attributes.iter().find(|one| one.id.as_ref() == Some(id)).unwrap();
            let catalog = |name: &str| before.attributes.by_catalog(name).unwrap().id.as_ref() == Some(id);
            has(id)
                || any(&json!(sent), &|_, text| text.contains(&placeholder(&attribute.name)))
                || any(&all, &|object, text| object["catalogName"] == text && catalog(text))
                || drives(&attribute.spec)
                    && attributes.iter().any(|one| {
                        json!(one)["lookupKeys"]
                            .to_string()
                            .contains(&format!("\"id\":{}", json!(attribute.identifier)))
                    })
        }
        Used::Part { attribute, identifier } => any(&all, &|object, text| {
            text == attribute && object["subAttributeIdentifier"] == identifier.as_str()
        }),
        Used::EventTable(EventTable { database, table, .. }) => {
            after.events.iter().any(|event| event.database_name == *database && event.table_name == *table)
        }
        Used::StitchingKey(key) => {
            let some = !after.journeys.is_empty() || !after.personalizations.is_empty();
            let is_attribute = before.attributes.iter().any(|attribute| attribute.name == *key);
            some && after.setting.key_columns.iter().all(|key| key.internal)
                || !is_attribute && any(&json!(sent), &|_, text| text.contains(&placeholder(key)))
        }
        Used::Service(id) => {
            let service = before.services.iter().find(|one| one.id.as_ref() == Some(id)).unwrap();
            after.personalizations.iter().any(|one| one.attributes.name == service.name)
        }
        Used::Token(_) | Used::LastSection { .. } | Used::LastOutput { .. } => false,
    }
}

/// What is deleted as a part of something that is deleted.
fn is_part(used: &Used, before: &Configuration, gone: &[Used]) -> bool {
    let with = |id: &Option<&str>| id.is_some_and(|id| gone.contains(&Used::Journey(id.to_owned())));
    match used {
        Used::Part { attribute, .. } => gone.contains(&Used::Attribute(attribute.clone())),
        Used::Activation(id) => {
            with(&before.activations.iter().find(|one| one.id == *id).unwrap().journey_id())
        }
        Used::Stage(id) => before.journeys.iter().any(|journey| {
            let mut stages = journey.attributes.realtime_journey_stages.iter();
            with(&Some(journey.id.as_str())) && stages.any(|stage| stage.id.as_ref() == Some(id))
        }),
        _ => false,
    }
}

/// What goes, and what of it is reported to be in conflict.
fn gone(before: &Configuration, after: &Configuration) -> (Vec<Used>, Vec<Conflict>) {
    let (columns, stays) = (columns(after), things(after));
    let is_imported =
        |thing: &UsedThing| thing.column.as_deref().is_none_or(|column| columns.contains(column));
    let gone = things(before).into_iter();
    let gone = gone.filter(|(used, thing)| !stays.contains_key(used) || !is_imported(thing));
    (gone.map(|(used, _)| used).collect(), conflicts(before, after))
}

/// Deletes what has to go before what is in conflict, one by one: nothing uses what goes, but for journeys
/// that lead in a circle, and in the end what was in conflict is free.
fn frees(before: &Configuration, found: &[Conflict]) -> Result<(), TestCaseError> {
    let mut now = before.clone();
    for user in to_free(before, found) {
        let mut next = now.clone();
        let id = |id: &Option<String>| *id == user.id;
        match user.kind {
            UserKind::KeyEvent => next.events.retain(|one| !id(&one.id)),
            UserKind::Attribute => next.attributes.retain(|one| !id(&one.id)),
            UserKind::Personalization => {
                next.personalizations.retain(|one| Some(&one.id) != user.id.as_ref())
            }
            UserKind::Journey => next.journeys.retain(|one| Some(&one.id) != user.id.as_ref()),
        }
        let of_journeys =
            |conflict: &Conflict| conflict.users.iter().all(|one| one.kind == UserKind::Journey);
        for conflict in conflicts(&now, &next) {
            let circle = matches!(conflict.used, Used::Journey(_)) && of_journeys(&conflict);
            prop_assert!(circle, "{}", conflict);
        }
        now = next;
    }
    for conflict in found {
        // What is deleted as well may be left.
        let left = users(&now, &conflict.used);
        prop_assert!(!conflict.users.iter().any(|user| left.contains(user)), "{}", conflict);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_goes_is_in_conflict_exactly_when_it_is_found_in_what_stays(
        tape in proptest::collection::vec(any::<u16>(), 0..900),
        goes in proptest::collection::vec(any::<u16>(), 0..120),
    ) {
        let before = with_journeys(&mut Tape(tape.into_iter()));
        let after = without_some(&mut Tape(goes.into_iter()), &before);
        prop_assert_eq!(dangling(&before, &|_| false), vec![]);
        let (gone, found) = gone(&before, &after);
        for used in &gone {
            let reported = found.iter().any(|conflict| conflict.used == *used);
            let expected = !is_part(used, &before, &gone) && is_found(used, &before, &after);
            prop_assert_eq!(reported, expected, "{:?}\n{:?}", used, found);
        }
        prop_assert!(found.iter().all(|one| gone.contains(&one.used) && !one.users.is_empty()), "{:?}", found);
        frees(&before, &found)?;
        for one in dangling(&after, &|_| false) {
            prop_assert!(gone.contains(&one.used), "{one}");
        }
    }
}

/// Everything that can be in conflict is, and is not, in some of the made-up changes.
#[test]
fn the_generator_reaches_every_use() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let tapes = proptest::collection::vec(any::<u16>(), 900);
    let mut tape = || Tape(tapes.new_tree(&mut runner).unwrap().current().into_iter());
    let (mut seen, mut users, mut drawn) = (HashSet::new(), String::new(), 0);
    for _ in 0..150 {
        let before = with_journeys(&mut tape());
        let after = without_some(&mut tape(), &before);
        let (gone, found) = gone(&before, &after);
        drawn += usize::from(export(&before).root.contains_key("journeys"));
        for used in gone {
            seen.insert((used.what(), found.iter().any(|conflict| conflict.used == used)));
        }
        users.extend(found.iter().map(|conflict| format!("{conflict}\n")));
    }
    assert!(drawn > 50, "{drawn}");
    for what in [
        "an event table",
        "a stitching key",
        "a key event",
        "an attribute",
        "a part of an attribute",
        "a service",
        "a journey",
        "a stage",
        "an activation",
    ] {
        assert!(seen.contains(&(what, true)), "{what}");
        assert!(seen.contains(&(what, false)), "{what}");
    }
    for words in [
        "(action)",
        "(lookup key)",
        "output '",
        "criteria of",
        "trigger of",
        "entry of",
        "goal of",
        "milestone of",
        "exit",
        "branch",
        "activation",
        "jump of",
        "step of",
        "stage '",
    ] {
        assert!(users.contains(words), "{words}");
    }
}
