//! The real-time setting, key events, services and tokens.

use super::{Field, FieldKind, may, may_not_null, must, must_or_null};

/// A stitching key.
pub const KEY: [Field; 4] = [
    must("name", FieldKind::Name),
    may("validRegexp", FieldKind::Text),
    may_not_null("invalidTexts", FieldKind::List(&FieldKind::Text)),
    may_not_null("internal", FieldKind::Flag),
];
/// An event table.
pub const TABLE: [Field; 2] = [must("database", FieldKind::Text), must("table", FieldKind::Text)];
/// A batch attribute that is imported.
pub const IMPORT: [Field; 2] = [must("column", FieldKind::Text), may("name", FieldKind::Text)];
/// The four parts of a setting; a write replaces what it leaves out.
pub const SETTING: [Field; 4] = [
    must("keyColumns", FieldKind::List(&FieldKind::Map(&KEY))),
    must("eventTables", FieldKind::List(&FieldKind::Map(&TABLE))),
    must("batchAttributes", FieldKind::List(&FieldKind::Map(&IMPORT))),
    must_or_null("extLookupKey", FieldKind::Text),
];
/// A key event.
pub const KEY_EVENT: [Field; 5] = [
    must("name", FieldKind::Name),
    must("databaseName", FieldKind::Name),
    must("tableName", FieldKind::Name),
    may("description", FieldKind::Text),
    must("filterRule", FieldKind::EventRule),
];
/// All batch attributes that are to be imported.
pub const IMPORTS: [Field; 1] = [must("columns", FieldKind::List(&FieldKind::Text))];
/// A service. `public` is only read.
pub const SERVICE: [Field; 3] = [
    must("name", FieldKind::Name),
    may("description", FieldKind::Text),
    may_not_null("public", FieldKind::Flag),
];
/// A token.
pub const TOKEN: [Field; 3] = [
    must("name", FieldKind::Name),
    may_not_null("allowedIps", FieldKind::List(&FieldKind::Text)),
    may("description", FieldKind::Text),
];
