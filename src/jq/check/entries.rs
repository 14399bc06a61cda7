//! `to_entries` and `from_entries`: names of fields that become data, and back.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::builtins::objects;
use super::infer::Checker;
use super::shape::{Body, Branch, Place, Rest, Shape, Slot, Texts};

/// Fields whose entries are kept apart.
const MAX_APART: usize = 48;

/// What `from_entries` takes a key from, the first one first.
const KEYS: &[&str] = &["key", "k", "name", "Name", "Key", "K"];
/// What it takes a value from.
const VALUES: &[&str] = &["value", "v", "Value", "V"];

impl<'a> Checker<'a> {
    /// An entry of its own for each field, so that a condition on the key finds its value.
    pub(super) fn entries_of(&mut self, input: &Shape<'a>) -> Shape<'a> {
        if input.any {
            return Shape::array(Self::entry(Shape::text(), Shape::any()));
        }
        let mut all = Vec::new();
        for (place, body) in objects(input) {
            all.extend(self.all_fields(place, body));
        }
        let elements = self.elements(input, false);
        let apart = all.len() <= MAX_APART;
        let mut element = Shape::default();
        if !elements.is_never() {
            element.join(Self::entry(Shape::number(), elements));
        }
        let mut mixed = Shape::default();
        for (name, value) in all {
            match name {
                Some(name) if apart => element.join(Self::entry(Shape::word(&name), value)),
                Some(_) => mixed.join(value),
                None => element.join(Self::entry(Shape::text(), value)),
            }
        }
        if !mixed.is_never() {
            element.join(Self::entry(Shape::text(), mixed));
        }
        Shape::array(element)
    }

    fn entry(key: Shape<'a>, value: Shape<'a>) -> Shape<'a> {
        let fields = [(Rc::from("key"), Slot::Made(key)), (Rc::from("value"), Slot::Made(value))];
        let body = Body::new(BTreeMap::from(fields), Rest::Closed);
        Shape::branch(Branch::Object(Place::from("to_entries[]"), body))
    }

    pub(super) fn object_of(&mut self, input: &Shape<'a>) -> Shape<'a> {
        let entries = self.elements(input, true);
        if entries.any {
            return Shape::any();
        }
        let mut fields: BTreeMap<Rc<str>, Slot> = BTreeMap::new();
        let mut other = Shape::default();
        for (place, body) in objects(&entries) {
            let fields_of = self.all_fields(place, body);
            if !matches!(body.rest, Rest::Closed) {
                return Shape::any();
            }
            let find = |names: &[&str]| {
                let field = |name: &&str| fields_of.iter().find(|(there, _)| there.as_deref() == Some(name));
                names.iter().find_map(field).map(|(_, shape)| shape.clone())
            };
            let value = find(VALUES).unwrap_or_else(Shape::null);
            match find(KEYS) {
                Some(Shape { any: false, null: false, texts: Texts::Some(words), .. }) => {
                    for word in words {
                        let value = match fields.remove(&word) {
                            Some(Slot::Made(there)) => there.joined(value.clone()),
                            // An entry may have been filtered out.
                            _ => value.clone().or_null(),
                        };
                        fields.insert(word, Slot::Made(value));
                    }
                }
                _ => other.join(value),
            }
        }
        let rest = if other.is_never() { Rest::Closed } else { Rest::Map(Slot::Made(other)) };
        Shape::object(fields, rest)
    }
}
