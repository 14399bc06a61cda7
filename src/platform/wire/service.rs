//! `/audiences/{id}/realtime_personalization_services` and their tokens.

use serde::{Deserialize, Serialize};

/// A personalization service: it owns the tokens of the personalization API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Service {
    /// Given by the platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Unique within the parent segment.
    pub name: String,
    /// Free text.
    #[serde(default)]
    pub description: Option<String>,
    /// Whether browsers may use its tokens (`/public/…`).
    #[serde(default)]
    pub public: bool,
    /// Its tokens.
    #[serde(default)]
    pub tokens: Vec<Token>,
}

/// What `POST` and `PATCH` of a service take.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceRequest {
    /// Unique within the parent segment.
    pub name: String,
    /// Free text.
    #[serde(default)]
    pub description: Option<String>,
    /// Whether browsers may use its tokens.
    #[serde(default)]
    pub public: bool,
}

/// A token of the personalization API: `<account>/<instance>/<32 hex>`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Token {
    /// Given by the platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Display name.
    pub name: String,
    /// Shown once, when it is made; `null` (masked) afterwards.
    #[serde(default)]
    pub value: Option<String>,
    /// When not empty, only these addresses may use it.
    #[serde(default)]
    pub allowed_ips: Vec<String>,
}

/// What `POST …/tokens` takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TokenRequest {
    /// Display name.
    pub name: String,
    /// When not empty, only these addresses may use it.
    #[serde(default)]
    pub allowed_ips: Vec<String>,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}
