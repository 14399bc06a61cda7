//! The real-time setting, key events, services and tokens.

use super::{Field, Kind, may, may_not_null, must, must_or_null};

/// A stitching key.
pub const KEY: [Field; 4] = [
    must("name", Kind::Name),
    may("validRegexp", Kind::Text),
    may_not_null("invalidTexts", Kind::List(&Kind::Text)),
    may_not_null("internal", Kind::Flag),
];
/// An event table.
pub const TABLE: [Field; 2] = [must("database", Kind::Text), must("table", Kind::Text)];
/// A batch attribute that is imported.
pub const IMPORT: [Field; 2] = [must("column", Kind::Text), may("name", Kind::Text)];
/// The four parts of a setting; a write replaces what it leaves out.
pub const SETTING: [Field; 4] = [
    must("keyColumns", Kind::List(&Kind::Map(&KEY))),
    must("eventTables", Kind::List(&Kind::Map(&TABLE))),
    must("batchAttributes", Kind::List(&Kind::Map(&IMPORT))),
    must_or_null("extLookupKey", Kind::Text),
];
/// A key event.
pub const KEY_EVENT: [Field; 5] = [
    must("name", Kind::Name),
    must("databaseName", Kind::Name),
    must("tableName", Kind::Name),
    may("description", Kind::Text),
    must("filterRule", Kind::EventRule),
];
/// All batch attributes that are to be imported.
pub const IMPORTS: [Field; 1] = [must("columns", Kind::List(&Kind::Text))];
/// A service. `public` is only read.
pub const SERVICE: [Field; 3] =
    [must("name", Kind::Name), may("description", Kind::Text), may_not_null("public", Kind::Flag)];
/// A token.
pub const TOKEN: [Field; 3] = [
    must("name", Kind::Name),
    may_not_null("allowedIps", Kind::List(&Kind::Text)),
    may("description", Kind::Text),
];
