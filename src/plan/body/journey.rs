//! Journeys.

use super::Checker;
use crate::plan::tree::escape;
use crate::platform::fields::{JOURNEY_CHANGE, NEW_JOURNEY};
use crate::platform::limits::JOURNEY_STAGES;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

type Object = Map<String, Value>;

/// The body, or each item of the list that a GET answers.
pub(super) fn check(checker: &mut Checker<'_>, root: &Object) {
    match root.get("data") {
        Some(Value::Object(map)) => resource(checker, map, "/data"),
        Some(Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                if let Value::Object(map) = item {
                    resource(checker, map, &format!("/data/{index}"));
                }
            }
        }
        _ => resource(checker, root, ""),
    }
}

fn resource(checker: &mut Checker<'_>, map: &Object, at: &str) {
    let Some(Value::Object(attributes)) = map.get("attributes") else {
        let fix = r#"the body is {"attributes": {…}, "relationships": {…}}"#;
        checker.error("missing-field", at, "the journey's fields must be in 'attributes'", Some(fix));
        return;
    };
    // A change names neither the parent segment nor the folder.
    let says_where = attributes.contains_key("audienceId") || map.contains_key("relationships");
    let is_new = says_where && !map.contains_key("id");
    checker.is_read = map.contains_key("id") && attributes.contains_key("createdAt");
    checker.unknown_keys(map, at, &["id", "type", "attributes", "relationships"]);
    let inner = format!("{at}/attributes");
    let before = checker.findings.len();
    if attributes.is_empty() {
        checker.error("missing-field", &inner, "'attributes' says nothing about the journey", None);
    }
    checker.fields(&mut attributes.clone(), &inner, if is_new { &NEW_JOURNEY } else { &JOURNEY_CHANGE });
    if !checker.is_read {
        checker.folder(map, at);
        let folder = map.get("relationships").and_then(|all| all.pointer("/parentFolder/data/id"));
        if folder.is_some_and(|folder| is_new && Some(folder) != attributes.get("segmentFolderId")) {
            let message = "the folder must be that of 'segmentFolderId'";
            checker.error("missing-folder", &format!("{at}/relationships"), message, None);
        }
    }
    if let Some(Value::Array(stages)) = attributes.get("realtimeJourneyStages") {
        let at = format!("{inner}/realtimeJourneyStages");
        if !(1..=JOURNEY_STAGES).contains(&stages.len()) {
            let message = format!("a journey has 1 to {JOURNEY_STAGES} stages, not {}", stages.len());
            checker.error("limit-exceeded", &at, message, None);
        }
        // Stages of the wrong shape have no order to check.
        if checker.findings.len() == before {
            for (index, item) in stages.iter().enumerate() {
                stage(checker, item, index, is_new, &format!("{at}/{index}"));
            }
        }
    }
}

fn stage(checker: &mut Checker<'_>, stage: &Value, index: usize, is_new: bool, at: &str) {
    let Value::Object(stage) = stage else { return };
    if is_new && stage.get("id").is_some() {
        checker.error("bad-body", &format!("{at}/id"), "a new stage has no id", None);
    }
    let order = stage.get("orderIndex").and_then(Value::as_u64);
    if order.is_some_and(|order| usize::try_from(order) != Ok(index)) {
        let message = format!("'orderIndex' is the stage's place in the list, {index}");
        checker.error("bad-body", &format!("{at}/orderIndex"), message, None);
    }
    for (index, exit) in
        stage.get("exitCriterias").and_then(Value::as_array).into_iter().flatten().enumerate()
    {
        let says = |key: &str| {
            let part = exit.get(key).and_then(Value::as_object).filter(|part| !part.is_empty());
            part.is_some_and(|part| {
                part.get("conditions")
                    .and_then(Value::as_array)
                    .is_none_or(|conditions| !conditions.is_empty())
            })
        };
        if exit.get("exitAfter").is_none() && !says("keyEventCriteria") && !says("profileCriteria") {
            let message = "an exit needs a key event or profile criteria";
            checker.error("missing-field", &format!("{at}/exitCriterias/{index}"), message, None);
        }
    }
    let none = Object::new();
    let steps = stage.get("steps").and_then(Value::as_object).unwrap_or(&none);
    for (key, step) in steps {
        for list in ["branches", "variants"] {
            if let Some(Value::Array(branches)) = step.get(list) {
                let at = format!("{at}/steps/{}/{list}", escape(key));
                branching(checker, branches, &at);
            }
        }
    }
    order_of(checker, stage, steps, at);
}

fn branching(checker: &mut Checker<'_>, branches: &[Value], at: &str) {
    if branches.is_empty() {
        checker.error("missing-field", at, "this step needs at least one branch", None);
    }
    let mut seen = BTreeSet::new();
    for (index, branch) in branches.iter().enumerate() {
        let id = branch.get("id").and_then(Value::as_str).unwrap_or_default();
        if !seen.insert(id) {
            checker.error(
                "duplicate-name",
                &format!("{at}/{index}/id"),
                format!("the id '{id}' occurs twice"),
                None,
            );
        }
    }
    let excluded = branches.iter().filter(|branch| branch.get("excludedPath") == Some(&Value::Bool(true)));
    if excluded.count() > 1 {
        checker.error("bad-body", at, "only one branch can be the excluded path", None);
    }
    let shares: Vec<f64> =
        branches.iter().filter_map(|variant| variant.get("percentage").and_then(Value::as_f64)).collect();
    let sum: f64 = shares.iter().sum();
    if !branches.is_empty() && shares.len() == branches.len() && (sum - 100.0).abs() > 1e-6 {
        checker.error("bad-share", at, format!("the percentages sum to {sum}, not to 100"), None);
    }
}

/// The first step and every next one are steps of the stage, and none leads back to itself.
fn order_of(checker: &mut Checker<'_>, stage: &Object, steps: &Object, at: &str) {
    let before = checker.findings.len();
    let root = stage.get("rootStep").and_then(Value::as_str);
    if let Some(root) = root.filter(|root| !steps.contains_key(*root)) {
        let message = format!("'{root}' is no step of this stage");
        checker.error("bad-body", &format!("{at}/rootStep"), message, None);
    }
    let mut leads: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (key, step) in steps {
        let lists = ["branches", "variants"].into_iter().filter_map(|list| step.get(list)?.as_array());
        let next = lists.flatten().chain([step]).filter_map(|one| one.get("next")?.as_str());
        let next: Vec<&str> = next.collect();
        for unknown in next.iter().filter(|next| !steps.contains_key(**next)) {
            let message = format!("'{unknown}', which comes next, is no step of this stage");
            checker.error("bad-body", &format!("{at}/steps/{}", escape(key)), message, None);
        }
        leads.insert(key, next);
    }
    // Steps that lead nowhere any more are removed until none is left, or only circles are.
    while checker.findings.len() == before && !leads.is_empty() {
        let ends: Vec<&str> = leads.iter().filter(|(_, next)| next.is_empty()).map(|(key, _)| *key).collect();
        if ends.is_empty() {
            checker.error("bad-body", &format!("{at}/steps"), "the steps lead back to themselves", None);
        }
        leads.retain(|key, _| !ends.contains(key));
        leads.values_mut().for_each(|next| next.retain(|next| !ends.contains(next)));
    }
}
