//! Reads answers without a connection, for the fuzz targets.

use super::{ApiError, Call, Host, Path, lenient, pages};
use crate::secrets::Secrets;
use reqwest::StatusCode;
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::Arc;

/// Reads an answer as a client that has this key reads it.
///
/// # Errors
/// Those that a command would report.
pub fn read<T: DeserializeOwned>(answer: Value, key: &str) -> Result<T, ApiError> {
    let secrets = Arc::new(Secrets::from_iter([SecretString::from(key)]));
    pages::read_one(&lenient::Operation { name: "GET /answer".to_owned(), secrets }, answer)
}

/// The error of a refusal (400) with this body.
pub fn refusal(body: &[u8], key: &str) -> ApiError {
    let secrets = Secrets::from_iter([SecretString::from(key)]);
    let text = secrets.hide(&String::from_utf8_lossy(body));
    let call = Call::get(Host::Cdp, Path::of(&["answer"]));
    ApiError::answered(&call, StatusCode::BAD_REQUEST, text.as_bytes(), None, None)
        .map_texts(|text| secrets.hide(text))
}
