//! The fields of what the platform's operations take, by resource: what each must look like, and which of them a
//! change may carry. The check of bodies in `validate`, the sandbox and the reader of answers share them.
//!
//! Source of every table: the vendor's OpenAPI files, unless a comment names another one. `tests/contract` compares
//! them with the facts of these files (`fields.rs`).

mod activation;
mod attribute;
mod entity;
mod journey;
mod setting;

pub use activation::{ACTIVATION, CONNECTION, CONNECTOR, METHODS, WEBHOOK};
pub use attribute::{ATTRIBUTE_TYPES, COMMON, attribute, changeable, of_any_type, part};
pub use entity::{CRITERIA, ENTITY, EVENT, NODE, SECTION};
pub use journey::{BRANCH, GOAL, JOURNEY_CHANGE, NEW_JOURNEY, STAGE, TARGET, VARIANT, exit, step};
pub use setting::{IMPORT, IMPORTS, KEY, KEY_EVENT, SERVICE, SETTING, TABLE, TOKEN};

use serde_json::{Map, Value};

/// What a value has to be.
pub enum FieldKind {
    /// Any string.
    Text,
    /// A string that is not blank.
    Name,
    /// `true` or `false`.
    Flag,
    /// A whole number of at least 1.
    Count,
    /// A whole number of at least 0.
    Index,
    /// A share in percent.
    Percent,
    /// One of some words.
    Word(&'static [&'static str]),
    /// A rule over the columns of an event.
    EventRule,
    /// A rule over the attributes of a profile.
    ProfileRule,
    /// A mapping of these keys.
    Map(&'static [Field]),
    /// A mapping whose keys depend on what is in it; `None` where that says nothing.
    By(fn(&Map<String, Value>) -> Option<&'static [Field]>, &'static str),
    /// A mapping of UUIDs.
    Entries(&'static FieldKind),
    /// A list of such values.
    List(&'static FieldKind),
    /// Any value; it is not checked.
    Any,
}

/// A key of a mapping.
pub struct Field {
    /// Its name on the wire.
    pub key: &'static str,
    /// What its value has to be.
    pub kind: FieldKind,
    /// Whether a body must have it.
    pub must: bool,
    /// Whether it may be `null`.
    pub null: bool,
    /// Whether a `PATCH` may carry it; used for attributes only, where most fields are fixed.
    pub change: bool,
}

impl Field {
    /// One that a `PATCH` may carry.
    const fn change(self) -> Field {
        Field { change: true, ..self }
    }
}

/// A key that must be present.
pub const fn must(key: &'static str, kind: FieldKind) -> Field {
    Field { key, kind, must: true, null: false, change: false }
}

/// A key that must be present and may be `null`.
pub const fn must_or_null(key: &'static str, kind: FieldKind) -> Field {
    Field { key, kind, must: true, null: true, change: false }
}

/// A key that may be present, or `null`.
pub const fn may(key: &'static str, kind: FieldKind) -> Field {
    Field { key, kind, must: false, null: true, change: false }
}

/// A key that may be present, but not as `null`.
pub const fn may_not_null(key: &'static str, kind: FieldKind) -> Field {
    Field { key, kind, must: false, null: false, change: false }
}

/// Units of lengths of time.
pub const UNIT: FieldKind = FieldKind::Word(&["minute", "hour", "day"]);
/// A length of time.
pub const DURATION: FieldKind = FieldKind::Map(&[must("value", FieldKind::Count), must("unit", UNIT)]);

/// The names of these fields.
pub fn keys<'a>(fields: impl IntoIterator<Item = &'a Field>) -> Vec<&'static str> {
    fields.into_iter().map(|field| field.key).collect()
}

/// The names of those that a body must have.
pub fn needed<'a>(fields: impl IntoIterator<Item = &'a Field>) -> Vec<&'static str> {
    keys(fields.into_iter().filter(|field| field.must))
}

/// The fields of the mapping, or of the items of the list, that a field holds.
pub fn inside(field: &Field) -> Option<&'static [Field]> {
    match field.kind {
        FieldKind::Map(fields) => Some(fields),
        FieldKind::List(FieldKind::Map(fields)) => Some(*fields),
        _ => None,
    }
}

/// Every field of every resource, with those inside; a name occurs once for each place.
pub fn every() -> Vec<&'static Field> {
    let roots: [&'static [Field]; 12] = [
        &COMMON,
        &CRITERIA,
        &GOAL,
        &STAGE,
        &NEW_JOURNEY,
        &ACTIVATION,
        &CONNECTION,
        &SETTING,
        &KEY_EVENT,
        &IMPORTS,
        &SERVICE,
        &TOKEN,
    ];
    let mut next: Vec<&'static Field> = roots.into_iter().flatten().collect();
    next.extend(of_any_type().chain(journey::of_steps_and_exits()));
    next.extend(match NODE {
        FieldKind::Map(fields) => fields,
        _ => &[],
    });
    let mut every = Vec::new();
    while let Some(field) = next.pop() {
        next.extend(inside(field).into_iter().flatten());
        every.push(field);
    }
    every
}
