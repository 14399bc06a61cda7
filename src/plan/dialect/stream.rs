//! Several YAML documents (`---`) as one plan.

use super::body::RequestBody;
use super::{Canonical, Notes, SourceLayout, service};
use crate::plan::tree::escape;
use crate::plan::written::AsWritten;
use serde_json::{Map, Value};

/// Keys that stand once in a document and as a list in a plan.
const SINGULAR: [(&str, &str); 2] =
    [("personalization_service", "personalization_services"), ("journey", "journeys")];
/// Keys that say which parent segment is meant.
const AGREE: [&str; 2] = ["parent_segment_id", "parent_segment_name"];

/// Joins lists and services; what only one document can say must not be given twice.
pub(super) fn merge(documents: Vec<Map<String, Value>>, written: &AsWritten<'_>) -> Canonical {
    let notes = Notes::new(SourceLayout::default(), written);
    let mut merged = Merged { layout: SourceLayout::rooted("/0".to_owned()), notes, root: Map::new() };
    merged.layout.stream = true;
    let mut templates = Vec::new();
    let several = |key: &str, plural: &str, documents: &[Map<String, Value>]| {
        let count = documents.iter().filter(|document| document.contains_key(key)).count();
        count > 1 || documents.iter().any(|document| document.contains_key(plural))
    };
    let mut parts = Vec::with_capacity(documents.len());
    for (index, document) in documents.into_iter().enumerate() {
        let at = format!("/{index}");
        if let Some(body) = RequestBody::of(&document) {
            let message = format!("this document is {}, not a part of a plan", body.what());
            merged.notes.error("not-a-plan", &at, message, Some("check it in a file of its own".into()));
            continue;
        }
        let mut notes = Notes::new(SourceLayout::rooted(at.clone()), written);
        let (document, is_template) = service::translate(document, &at, &mut notes);
        merged.notes.findings.append(&mut notes.findings);
        if is_template {
            templates.push(at.clone());
        }
        parts.push((at, document, notes.layout));
    }
    let roots: Vec<_> = parts.iter().map(|(_, document, _)| document.clone()).collect();
    let plural: Vec<_> = SINGULAR.iter().filter(|(one, many)| several(one, many, &roots)).copied().collect();
    for (at, document, layout) in parts {
        let is_template = templates.contains(&at);
        for (key, value) in document {
            merged.add(&key, value, &layout, &plural, is_template);
        }
    }
    let Merged { mut root, layout, mut notes } = merged;
    trigger_templates(&mut root, &layout, &mut notes);
    Canonical { root, layout, findings: notes.findings, body: None }
}

struct Merged<'t> {
    root: Map<String, Value>,
    layout: SourceLayout,
    notes: Notes<'t>,
}

/// Stands in a template's service until all events are known.
const PENDING: &str = "x-template";

impl Merged<'_> {
    fn add(
        &mut self,
        key: &str,
        mut value: Value,
        layout: &SourceLayout,
        plural: &[(&str, &str)],
        is_template: bool,
    ) {
        let from = format!("/{}", escape(key));
        if is_template
            && key == "personalization_service"
            && let Some(map) = value.as_object_mut()
        {
            map.insert(PENDING.into(), true.into());
        }
        if let Some((_, many)) = plural.iter().find(|(one, _)| *one == key) {
            self.push(many, value, layout, (&from, &from));
            return;
        }
        match (self.root.get(key).is_some_and(|there| !there.is_null()), value) {
            (_, Value::Null) => {}
            // A list grows by what the others have.
            (there, Value::Array(items)) if !there || self.root.get(key).is_some_and(Value::is_array) => {
                if items.is_empty() {
                    self.list(key, layout, &from);
                }
                for (index, item) in items.into_iter().enumerate() {
                    self.push(key, item, layout, (&from, &format!("{from}/{index}")));
                }
            }
            (false, value) => {
                self.root.insert(key.to_owned(), value);
                self.layout.adopt(layout, &from, &from);
            }
            (true, value) => self.twice(key, &value, &layout.source(&from)),
        }
    }

    /// The list of this key; a new one has its place where it comes `from`.
    fn list(&mut self, key: &str, layout: &SourceLayout, from: &str) -> &mut Value {
        if !self.root.get(key).is_some_and(Value::is_array) {
            self.layout.place(format!("/{}", escape(key)), layout.source(from));
        }
        self.root.entry(key).or_insert_with(|| Value::Array(Vec::new()))
    }

    /// Adds an item, which has its own place, to a list.
    fn push(&mut self, key: &str, item: Value, layout: &SourceLayout, (list, from): (&str, &str)) {
        if let Value::Array(list) = self.list(key, layout, list) {
            let index = list.len();
            list.push(item);
            self.layout.adopt(layout, from, &format!("/{}/{index}", escape(key)));
        }
    }

    /// What two documents say.
    fn twice(&mut self, key: &str, value: &Value, source: &str) {
        let there = self.root.get(key);
        // Ids are often quoted in one document only.
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if there.is_some_and(|there| text(there) == text(value)) {
            return;
        }
        if AGREE.contains(&key) {
            let first = there.map(text).unwrap_or_default();
            let message =
                format!("the documents disagree: '{key}' is '{first}' before and '{}' here", text(value));
            let fix = "a plan is for one parent segment; put the others into files of their own".to_owned();
            self.notes.error("documents-disagree", source, message, Some(fix));
        } else if key == "id_stitching" || there.is_some_and(Value::is_array) {
            let message = format!("an earlier document says '{key}' already");
            let fix = format!("say '{key}' in one document");
            self.notes.error("documents-disagree", source, message, Some(fix));
        }
    }
}

/// Gives templates the plan's only event, now that it is known.
fn trigger_templates(root: &mut Map<String, Value>, layout: &SourceLayout, notes: &mut Notes<'_>) {
    let events = root.get("events").cloned();
    let mut one = |value: &mut Value, at: &str| {
        let Some(map) = value.as_object_mut() else { return };
        if map.shift_remove(PENDING).is_some() {
            service::give_trigger(map, &layout.source(at), events.as_ref(), notes);
        }
    };
    if let Some(value) = root.get_mut("personalization_service") {
        one(value, "/personalization_service");
    }
    if let Some(Value::Array(items)) = root.get_mut("personalization_services") {
        for (index, item) in items.iter_mut().enumerate() {
            one(item, &format!("/personalization_services/{index}"));
        }
    }
}
