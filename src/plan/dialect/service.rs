//! The older service templates: `service_name` and `sections` at the root, criteria as mappings,
//! `outputs` for attributes and strings.

use super::{Notes, conditions};
use crate::plan::tree::escape;
use serde_json::{Map, Value};

/// The canonical place of the one service of a template.
const SERVICE: &str = "/personalization_service";
/// Root keys of a template that belong to the service.
const MOVED: [(&str, &str); 6] = [
    ("service_name", "name"),
    ("description", "description"),
    ("trigger_event", "trigger_event"),
    ("public", "public"),
    ("sections", "sections"),
    ("only", "only"),
];
/// An output's name in the response, in the order of preference.
const ALIASES: [&str; 3] = ["as", "output_name", "name"];

/// Makes a template a plan; anything else stays as it is. The flag says whether it was one. `at` is
/// where the document stands in the text.
pub(super) fn translate(
    mut root: Map<String, Value>,
    at: &str,
    notes: &mut Notes<'_>,
) -> (Map<String, Value>, bool) {
    let named = root.contains_key("service_name");
    let listed = root.get("sections").is_some_and(Value::is_array);
    if root.contains_key("personalization_service") || !(named || listed) {
        return (root, false);
    }
    // What a caller passes in with the request; the platform takes it from the event itself.
    root.shift_remove("input_params");
    let mut service = Map::new();
    notes.layout.place(SERVICE.to_owned(), at.to_owned());
    for (from, to) in MOVED {
        if let Some(value) = root.shift_remove(from) {
            notes.layout.place(format!("{SERVICE}/{to}"), format!("{at}/{from}"));
            service.insert(to.to_owned(), value);
        }
    }
    if let Some(Value::Array(sections)) = service.get_mut("sections") {
        for (index, section) in sections.iter_mut().enumerate() {
            let source = format!("{at}/sections/{index}");
            if let Value::Object(map) = section {
                translate_section(map, &format!("{SERVICE}/sections/{index}"), &source, notes);
            }
        }
    }
    root.insert("personalization_service".to_owned(), Value::Object(service));
    (root, true)
}

/// See [`give_trigger`].
pub(super) fn add_trigger(
    root: &mut Map<String, Value>,
    at: &str,
    events: Option<&Value>,
    notes: &mut Notes<'_>,
) {
    let source = notes.layout.source(at);
    if let Some(Value::Object(service)) = root.get_mut("personalization_service") {
        give_trigger(service, &source, events, notes);
    }
}

/// Templates name no event; the plan's only one is meant.
pub(super) fn give_trigger(
    service: &mut Map<String, Value>,
    source: &str,
    events: Option<&Value>,
    notes: &mut Notes<'_>,
) {
    if service.get("trigger_event").is_some_and(|event| !event.is_null()) {
        return;
    }
    let Some(Value::Array(events)) = events else { return };
    let [event] = events.as_slice() else { return };
    let Some(name) = event.get("name").and_then(Value::as_str) else { return };
    let message = format!("no trigger_event is given; the plan's only event, '{name}', is taken");
    notes.warn("trigger-assumed", source, message, Some(format!("add trigger_event: {name}")));
    service.insert("trigger_event".to_owned(), name.into());
}

fn translate_section(section: &mut Map<String, Value>, canonical: &str, source: &str, notes: &mut Notes<'_>) {
    // A rule of the wire has a `type`, and is read as it is.
    if let Some(criteria @ Value::Object(map)) = section.get("criteria")
        && (map.contains_key("operator") || !map.contains_key("type"))
    {
        let (text, spans) = conditions::text(criteria, &format!("{source}/criteria"), notes);
        notes.layout.spans(format!("{canonical}/criteria"), spans);
        section.insert("criteria".to_owned(), text.into());
    }
    match section.get("outputs") {
        Some(Value::Array(_)) => {}
        // A value that is no list is reported when the attributes are read.
        Some(_) if !section.contains_key("attributes") => {
            if let Some(outputs) = section.shift_remove("outputs") {
                notes.layout.place(format!("{canonical}/attributes"), format!("{source}/outputs"));
                section.insert("attributes".to_owned(), outputs);
            }
            return;
        }
        _ => return,
    }
    let Some(Value::Array(outputs)) = section.shift_remove("outputs") else { return };
    let mut attributes = match section.shift_remove("attributes") {
        Some(Value::Array(there)) => there,
        _ => Vec::new(),
    };
    let mut strings = match section.shift_remove("strings") {
        Some(Value::Object(there)) => there,
        _ => Map::new(),
    };
    for (index, output) in outputs.into_iter().enumerate() {
        let source = format!("{source}/outputs/{index}");
        match output {
            Value::Object(map) if !map.contains_key("attribute") && map.contains_key("value") => {
                add_string(map, &mut strings, canonical, &source, notes);
            }
            other => {
                let canonical = format!("{canonical}/attributes/{}", attributes.len());
                attributes.push(attribute(other, canonical, &source, notes));
            }
        }
    }
    section.insert("attributes".to_owned(), Value::Array(attributes));
    if !strings.is_empty() {
        section.insert("strings".to_owned(), Value::Object(strings));
    }
}

/// `{attribute, as | output_name | name}` as `{name, as}`; a bare name stays one.
fn attribute(output: Value, canonical: String, source: &str, notes: &mut Notes<'_>) -> Value {
    notes.layout.place(canonical.clone(), source.to_owned());
    let Value::Object(mut map) = output else { return output };
    let Some(name) = map.shift_remove("attribute") else { return Value::Object(map) };
    let mut translated = Map::new();
    notes.layout.place(format!("{canonical}/name"), format!("{source}/attribute"));
    translated.insert("name".to_owned(), name);
    for alias in ALIASES {
        if let Some(value) = map.shift_remove(alias)
            && !translated.contains_key("as")
        {
            notes.layout.place(format!("{canonical}/as"), format!("{source}/{alias}"));
            translated.insert("as".to_owned(), value);
        }
    }
    map.shift_remove("description");
    translated.extend(map);
    Value::Object(translated)
}

/// `{name, value}` is a string.
fn add_string(
    mut output: Map<String, Value>,
    strings: &mut Map<String, Value>,
    canonical: &str,
    source: &str,
    notes: &mut Notes<'_>,
) {
    let alias = ALIASES.iter().find(|alias| output.contains_key(**alias));
    let name = alias.and_then(|alias| output.get(*alias)).and_then(Value::as_str);
    let Some(name) = name.map(str::to_owned) else {
        notes.error("missing-field", source, "a string needs 'name', its name in the response", None);
        return;
    };
    if strings.contains_key(&name) {
        let message = format!("the output name '{name}' occurs twice in this section");
        notes.error("output-name", source, message, Some("give one of them another name".into()));
        return;
    }
    notes.layout.place(format!("{canonical}/strings/{}", escape(&name)), format!("{source}/value"));
    strings.insert(name, output.shift_remove("value").unwrap_or_default());
}
