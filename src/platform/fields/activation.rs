//! Activations of journeys, and the connections that they go through.

use super::{Field, FieldKind, may, may_not_null, must};

/// An activation.
pub const ACTIVATION: [Field; 6] = [
    may_not_null("name", FieldKind::Name),
    may("description", FieldKind::Text),
    may_not_null("stepUuid", FieldKind::Name),
    must("connectionId", FieldKind::Name),
    must("connectorType", FieldKind::Name),
    must("connector", FieldKind::Map(&CONNECTOR)),
];
/// What an activation sends, as JSON in a string.
pub const CONNECTOR: [Field; 2] =
    [may("exportJson", FieldKind::Text), may("exportAdvancedJson", FieldKind::Text)];
/// What the `exportJson` of a webhook has (public examples).
pub const WEBHOOK: [&str; 4] = ["method", "url", "headers", "body"];
/// Methods of a webhook; the public examples have `post` only.
pub const METHODS: [&str; 5] = ["post", "put", "patch", "get", "delete"];
/// A connection, of the public examples; the contract has no such body.
pub const CONNECTION: [Field; 6] = [
    may("account_id", FieldKind::Any),
    may("user_id", FieldKind::Any),
    must("auth_type", FieldKind::Name),
    may("auth_name", FieldKind::Text),
    may_not_null("direction", FieldKind::Word(&["out"])),
    must("auth", FieldKind::Any),
];
