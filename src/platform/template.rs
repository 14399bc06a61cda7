//! `{{name}}` placeholders in what an activation sends (public examples).
//!
//! The public examples show placeholders inside JSON strings only, and a list of names that they can
//! have; how a value is written there is our choice: as text. A string replaces its placeholder, a
//! number and a boolean are spelled out, a list or an object is written as JSON, and null is nothing.
//! An unknown placeholder stays as it is written, so that it is seen.

#![expect(clippy::arithmetic_side_effects, reason = "positions within a string")]

use super::rule::text;
use serde_json::Value;

/// Placeholders that every event has: its key event's name, its time (RFC 3339), all of it as JSON.
/// (public examples)
pub const EVENT_PLACEHOLDERS: [&str; 3] = ["event_name", "event_time", "event_properties"];
/// What the name of a secret begins with; the platform keeps secrets, they are not known here. (public
/// examples)
pub const SECRET: &str = "secret:";

/// A piece of a string with placeholders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'a> {
    Text(&'a str),
    /// A placeholder as it is written, its name, and the name's place in bytes.
    Placeholder(&'a str, &'a str, usize),
}

/// Splits at placeholders. Braces that are no pair, or have nothing between them, are text.
fn pieces(template: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut done, mut at) = (0, 0);
    while let Some(open) = template.get(at..).and_then(|rest| rest.find("{{")).map(|found| at + found) {
        let Some(close) = template.get(open + 2..).and_then(|rest| rest.find("}}")).map(|f| open + 2 + f)
        else {
            break;
        };
        // `{{ a {{b}}`: the innermost pair counts.
        let open = template.get(..close).and_then(|before| before.rfind("{{")).unwrap_or(open);
        let inner = template.get(open + 2..close).unwrap_or_default();
        at = close + 2;
        let name = inner.trim();
        if name.is_empty() {
            continue;
        }
        if open > done {
            pieces.push(Piece::Text(template.get(done..open).unwrap_or_default()));
        }
        let place = open + 2 + (inner.len() - inner.trim_start().len());
        pieces.push(Piece::Placeholder(template.get(open..at).unwrap_or_default(), name, place));
        done = at;
    }
    if done < template.len() {
        pieces.push(Piece::Text(template.get(done..).unwrap_or_default()));
    }
    pieces
}

/// The names of a string's placeholders, in order, each with its place in bytes.
pub fn placeholders(template: &str) -> Vec<(&str, usize)> {
    let named = |piece| match piece {
        Piece::Placeholder(_, name, place) => Some((name, place)),
        Piece::Text(_) => None,
    };
    pieces(template).into_iter().filter_map(named).collect()
}

/// The names of the placeholders in all strings of a JSON value. Keys of objects have none.
pub fn placeholders_in(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => placeholders(text).into_iter().map(|(name, _)| name).collect(),
        Value::Array(items) => items.iter().flat_map(placeholders_in).collect(),
        Value::Object(map) => map.values().flat_map(placeholders_in).collect(),
        _ => Vec::new(),
    }
}

/// A string with values in the place of its placeholders. One whose name `value` does not know
/// stays as it is written.
pub fn render(template: &str, value: &dyn Fn(&str) -> Option<Value>) -> String {
    let mut rendered = String::with_capacity(template.len());
    for piece in pieces(template) {
        match piece {
            Piece::Text(text) => rendered.push_str(text),
            Piece::Placeholder(written, name, _) => match value(name) {
                None => rendered.push_str(written),
                Some(Value::Null) => {}
                Some(value) => rendered.push_str(&text(&value)),
            },
        }
    }
    rendered
}

/// The same for all strings of a JSON value.
pub fn render_in(template: &Value, value: &dyn Fn(&str) -> Option<Value>) -> Value {
    match template {
        Value::String(text) => Value::String(render(text, value)),
        Value::Array(items) => items.iter().map(|item| render_in(item, value)).collect(),
        Value::Object(map) => {
            Value::Object(map.iter().map(|(key, item)| (key.clone(), render_in(item, value))).collect())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn known(name: &str) -> Option<Value> {
        let values = json!({"a": "x\"y", "n": 1.5, "yes": true, "none": null, "list": ["p", 2]});
        values.get(name).cloned()
    }

    #[test]
    fn values_are_written_as_text() {
        for (template, rendered) in [
            ("{{a}}", "x\"y"),
            ("to {{ n }}/{{yes}}!", "to 1.5/true!"),
            ("[{{none}}]", "[]"),
            ("{{list}}", r#"["p",2]"#),
            ("{{unknown}} {{secret:key}}", "{{unknown}} {{secret:key}}"),
            ("{{}} {{ }} {{a", "{{}} {{ }} {{a"),
            ("{{ {{n}} }}", "{{ 1.5 }}"),
            ("{{{n}}}", "{1.5}"),
            ("é{{n}}é", "é1.5é"),
        ] {
            assert_eq!(render(template, &known), rendered, "{template}");
        }
        let body = json!({"{{a}}": ["{{n}}", 7, {"deep": "{{yes}}"}]});
        assert_eq!(render_in(&body, &known), json!({"{{a}}": ["1.5", 7, {"deep": "true"}]}));
        assert_eq!(placeholders_in(&body), ["n", "yes"]);
    }

    #[test]
    fn placeholders_know_their_place() {
        assert_eq!(placeholders("é {{ a }}{{b}}"), [("a", 6), ("b", 12)]);
    }

    proptest! {
        #[test]
        fn what_has_no_placeholder_stays(text in ".*") {
            prop_assert_eq!(render(&text, &|_| None), text);
        }

        #[test]
        fn names_are_where_their_places_point(text in "[{} aé:]{0,24}") {
            for (name, place) in placeholders(&text) {
                prop_assert_eq!(&text[place..place + name.len()], name);
            }
        }
    }
}
