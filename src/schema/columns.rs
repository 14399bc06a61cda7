//! The columns of a list: the fields of its things, by its schema.

use serde_json::{Map, Value};

/// How deep mappings inside of a thing are columns of their own.
const DEPTH: usize = 4;

/// The columns of the things in a document of this schema: of the list in a field, else of the list that the
/// document is or may be. None where it is no list. A field of a mapping inside stands behind the mapping's own
/// name and a dot; a list, and a mapping with keys that no schema has, is one column.
pub(super) fn columns(schema: &Value, at: Option<&str>) -> Option<Vec<String>> {
    let forms = Forms { definitions: schema.get("$defs") };
    let lists = match at {
        None => vec![schema],
        Some(field) => {
            let fields = forms.of(schema).into_iter().filter_map(|form| form.get("properties")?.get(field));
            fields.collect()
        }
    };
    let things = lists.into_iter().flat_map(|list| forms.of(list)).filter_map(|form| form.get("items"));
    let things: Vec<&Value> = things.collect();
    let mut columns = Vec::new();
    things.iter().for_each(|thing| forms.push(thing, "", DEPTH, &mut columns));
    (!columns.is_empty()).then_some(columns)
}

struct Forms<'s> {
    definitions: Option<&'s Value>,
}

impl<'s> Forms<'s> {
    /// The forms that a value of this schema may have, references resolved.
    fn of(&self, schema: &'s Value) -> Vec<&'s Map<String, Value>> {
        let Some(map) = schema.as_object() else { return Vec::new() };
        let referred = map.get("$ref").and_then(Value::as_str).and_then(|at| at.strip_prefix("#/$defs/"));
        if let Some(definition) = referred.and_then(|name| self.definitions?.get(name)) {
            return self.of(definition);
        }
        let several =
            ["anyOf", "oneOf", "allOf"].iter().filter_map(|word| map.get(*word)?.as_array()).flatten();
        let mut forms: Vec<_> = several.flat_map(|schema| self.of(schema)).collect();
        forms.push(map);
        forms
    }

    fn push(&self, schema: &'s Value, prefix: &str, depth: usize, columns: &mut Vec<String>) {
        let properties = self.of(schema).into_iter().filter_map(|form| form.get("properties")?.as_object());
        for (name, inner) in properties.flatten() {
            let name = format!("{prefix}{name}");
            let forms = self.of(inner);
            let is_mapping = forms.iter().any(|form| form.contains_key("properties"));
            let is_list = forms.iter().any(|form| form.contains_key("items"));
            match depth.checked_sub(1).filter(|_| is_mapping && !is_list) {
                Some(depth) => self.push(inner, &format!("{name}."), depth, columns),
                None if columns.contains(&name) => {}
                None => columns.push(name),
            }
        }
    }
}
