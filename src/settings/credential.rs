//! Keys and access tokens.

use secrecy::{ExposeSecret, SecretString};

/// How requests to the platform are authorized.
#[derive(Debug, Clone)]
pub enum Credential {
    /// `Authorization: TD1 <key>`.
    ApiKey(SecretString),
    /// `Authorization: Bearer <token>`.
    AccessToken(SecretString),
}

impl Credential {
    /// The value of the `Authorization` header.
    pub fn header(&self) -> SecretString {
        match self {
            Credential::ApiKey(key) => format!("TD1 {}", key.expose_secret()).into(),
            Credential::AccessToken(token) => format!("Bearer {}", token.expose_secret()).into(),
        }
    }

    /// The account number in front of an API key's slash.
    pub fn account(&self) -> Option<&str> {
        match self {
            Credential::ApiKey(key) => key.expose_secret().split_once('/').map(|(account, _)| account),
            Credential::AccessToken(_) => None,
        }
    }

    /// Enough to recognize it, not enough to use it.
    pub fn masked(&self) -> String {
        let secret = match self {
            Credential::ApiKey(secret) | Credential::AccessToken(secret) => secret.expose_secret(),
        };
        mask(secret)
    }
}

/// Keeps the account number and the last four characters of a long secret.
pub fn mask(secret: &str) -> String {
    let (account, rest) = secret.split_once('/').map_or(("", secret), |(account, rest)| (account, rest));
    let length = rest.chars().count();
    let tail: String =
        if length >= 16 { rest.chars().skip(length.saturating_sub(4)).collect() } else { String::new() };
    match account {
        "" => format!("****{tail}"),
        account => format!("{account}/****{tail}"),
    }
}

/// Whether a text has the characters of a key, and no others.
pub(super) fn is_key(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "/_.+-".contains(c))
}
