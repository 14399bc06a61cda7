//! The settings as `tdx-rt config` prints them.

use schemars::JsonSchema;
use serde::Serialize;

/// Every setting with its origin.
#[derive(Debug, Serialize, JsonSchema)]
#[expect(missing_docs, reason = "the names of the settings")]
pub struct Shown {
    pub site: ShownValue,
    pub endpoint: ShownValue,
    pub credential: ShownValue,
    pub credential_kind: Option<CredentialKind>,
    pub profile: ShownValue,
    pub database: ShownValue,
    pub parent_segment: ShownValue,
    pub token: ShownValue,
    /// Folder of tokens, journals and ownership.
    pub state_dir: Option<String>,
    pub hosts: Hosts,
}

/// A setting with its origin; both are null where there is none.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ShownValue {
    /// Its value; a key is masked.
    pub value: Option<String>,
    /// The flag, variable or file that it comes from.
    pub origin: Option<String>,
}

/// What a credential is.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CredentialKind {
    /// A key of an account.
    ApiKey,
    /// A token of OAuth.
    AccessToken,
}

/// The base URL of each API.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Hosts {
    /// Configuration.
    pub cdp: String,
    /// Databases and tables.
    pub api: String,
    /// Offers.
    pub personalization: String,
}
