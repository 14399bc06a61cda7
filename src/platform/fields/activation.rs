//! Activations of journeys, and the connections that they go through.

use super::{Field, Kind, may, may_not_null, must};

/// An activation.
pub const ACTIVATION: [Field; 6] = [
    may_not_null("name", Kind::Name),
    may("description", Kind::Text),
    may_not_null("stepUuid", Kind::Name),
    must("connectionId", Kind::Name),
    must("connectorType", Kind::Name),
    must("connector", Kind::Map(&CONNECTOR)),
];
/// What an activation sends, as JSON in a string.
pub const CONNECTOR: [Field; 2] = [may("exportJson", Kind::Text), may("exportAdvancedJson", Kind::Text)];
/// What the `exportJson` of a webhook has (public examples).
pub const WEBHOOK: [&str; 4] = ["method", "url", "headers", "body"];
/// Methods of a webhook; the public examples have `post` only.
pub const METHODS: [&str; 5] = ["post", "put", "patch", "get", "delete"];
/// A connection, of the public examples; the contract has no such body.
pub const CONNECTION: [Field; 6] = [
    may("account_id", Kind::Any),
    may("user_id", Kind::Any),
    must("auth_type", Kind::Name),
    may("auth_name", Kind::Text),
    may_not_null("direction", Kind::Word(&["out"])),
    must("auth", Kind::Any),
];
