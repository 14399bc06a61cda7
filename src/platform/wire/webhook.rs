//! What an activation of a webhook sends: the JSON strings in `connector` (public examples).

use super::Extra;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `exportJson` of a webhook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WebhookExport {
    /// `post` in the public examples.
    pub method: String,
    /// Must start with the authentication's URL prefix; may have placeholders.
    pub url: String,
    /// By name; values may have placeholders. `null` for none.
    #[serde(default)]
    pub headers: Option<Extra>,
    /// JSON whose strings may have placeholders. `null` for none.
    #[serde(default)]
    pub body: Option<Value>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

/// `exportAdvancedJson` of a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WebhookAdvanced {
    /// How often it is tried again after the first time.
    pub webhook_retry_count: u64,
    /// Seconds until there must be a connection.
    pub webhook_connection_timeout: u64,
    /// Seconds until there must be an answer.
    pub webhook_read_timeout: u64,
    /// Seconds until the request must be written.
    pub webhook_write_timeout: u64,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What the public examples write.
impl Default for WebhookAdvanced {
    fn default() -> Self {
        WebhookAdvanced {
            webhook_retry_count: 3,
            webhook_connection_timeout: 30,
            webhook_read_timeout: 30,
            webhook_write_timeout: 30,
            extra: Extra::new(),
        }
    }
}
