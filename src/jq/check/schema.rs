//! From a JSON Schema to a shape, one level at a time.

use std::rc::Rc;

use serde_json::{Map, Value};

use super::infer::Checker;
use super::shape::{Body, Branch, Place, Rest, Shape, Slot};

/// How many `$ref` may lead to each other without anything between.
const MAX_HOPS: usize = 32;
/// Length of a place in a message.
const MAX_PLACE: usize = 200;

/// Words of JSON Schema that the check does not know: a schema with one of them is anything.
const UNKNOWN: &[&str] = &[
    "allOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "patternProperties",
    "prefixItems",
    "contains",
    "dependentSchemas",
    "unevaluatedProperties",
    "unevaluatedItems",
    "$dynamicRef",
    "propertyNames",
];

/// The place of a field.
pub(super) fn field_place(place: &Place, name: &str) -> Place {
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let place = if place.len() > MAX_PLACE { "." } else { place };
    Rc::from(match (place, plain) {
        (".", true) => format!(".{name}"),
        (_, true) => format!("{place}.{name}"),
        (_, false) => format!("{place}[{}]", Value::from(name)),
    })
}

/// The place of an element.
pub(super) fn element_place(place: &Place) -> Place {
    Rc::from(format!("{}[]", if place.len() > MAX_PLACE { "." } else { place }))
}

impl<'a> Checker<'a> {
    /// The shape of a field or element that stands at a place.
    pub(super) fn slot(&mut self, slot: &Slot<'a>, place: impl FnOnce() -> Place) -> Shape<'a> {
        match slot {
            Slot::Made(shape) => shape.clone(),
            Slot::Schema(schema, optional) => {
                let shape = self.shape_of(schema, &place());
                if *optional { shape.or_null() } else { shape }
            }
        }
    }

    /// The shape that a schema describes.
    pub(super) fn shape_of(&mut self, schema: &'a Value, place: &Place) -> Shape<'a> {
        self.shape_within(schema, place, MAX_HOPS)
    }

    fn shape_within(&mut self, schema: &'a Value, place: &Place, hops: usize) -> Shape<'a> {
        let map = match schema {
            Value::Bool(false) => return Shape::default(),
            Value::Object(map) => map,
            _ => return Shape::any(),
        };
        let known = !UNKNOWN.iter().any(|word| map.contains_key(*word));
        let Some(hops) = hops.checked_sub(1).filter(|_| known) else {
            return Shape::any();
        };
        if let Some(target) = map.get("$ref") {
            let pointer = target.as_str().and_then(|target| target.strip_prefix('#'));
            let found = pointer.and_then(|pointer| self.schema.pointer(pointer));
            return found.map_or_else(Shape::any, |found| self.shape_within(found, place, hops));
        }
        if let Some(Value::Array(all)) = map.get("anyOf") {
            // What stands beside would have to hold as well.
            if map.contains_key("type") || map.contains_key("properties") || map.contains_key("items") {
                return Shape::any();
            }
            let mut shape = Shape::default();
            for one in all {
                let one = self.shape_within(one, place, hops);
                shape.join(one);
            }
            return shape;
        }
        if let Some(value) = map.get("const") {
            return Shape::constant(value);
        }
        if let Some(Value::Array(values)) = map.get("enum") {
            return of_values(values);
        }
        self.typed(schema, map, place)
    }

    fn typed(&mut self, schema: &'a Value, map: &'a Map<String, Value>, place: &Place) -> Shape<'a> {
        let single;
        let kinds: &[Value] = match map.get("type") {
            Some(Value::Array(kinds)) => kinds,
            Some(kind) => {
                single = [kind.clone()];
                &single
            }
            None => return Shape::any(),
        };
        let mut shape = Shape::default();
        for kind in kinds {
            shape.join(match kind.as_str() {
                Some("null") => Shape::null(),
                Some("boolean") => Shape::boolean(),
                Some("number" | "integer") => Shape::number(),
                Some("string") => Shape::text(),
                Some("object") => Shape::branch(Branch::Object(place.clone(), self.body(schema, map))),
                Some("array") => {
                    let items = map.get("items").map_or_else(Slot::any, |items| Slot::Schema(items, false));
                    Shape::array_at(place, items)
                }
                _ => Shape::any(),
            });
        }
        shape
    }

    /// The fields of an object schema, the same ones for the same schema.
    fn body(&mut self, schema: &'a Value, map: &'a Map<String, Value>) -> Rc<Body<'a>> {
        let address = std::ptr::from_ref(schema) as usize;
        if let Some(body) = self.bodies.get(&address) {
            return Rc::clone(body);
        }
        let required = map.get("required").and_then(Value::as_array);
        let optional = |name: &str| !required.is_some_and(|all| all.iter().any(|one| one == name));
        let properties = map.get("properties").and_then(Value::as_object);
        let field = |(name, schema): (&'a String, &'a Value)| {
            (Rc::from(name.as_str()), Slot::Schema(schema, optional(name)))
        };
        let rest = match map.get("additionalProperties") {
            Some(Value::Bool(false)) => Rest::Closed,
            None | Some(Value::Bool(true)) if properties.is_some() => Rest::Open,
            None | Some(Value::Bool(true)) => Rest::Map(Slot::any()),
            Some(schema) => Rest::Map(Slot::Schema(schema, false)),
        };
        let body = Body::new(properties.into_iter().flatten().map(field).collect(), rest);
        self.bodies.insert(address, Rc::clone(&body));
        body
    }
}

/// The shape of an enumeration: its strings are examples of a kind, since more of them may come.
fn of_values(values: &[Value]) -> Shape<'static> {
    let mut shape = Shape::default();
    for value in values {
        shape.join(if value.is_string() { Shape::text() } else { Shape::constant(value) });
    }
    shape
}
