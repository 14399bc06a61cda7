//! The controls of a sandbox, under `/_sandbox/`. They take no key.

use super::{ApiError, Call, Client, Host, Path};
use serde_json::Value;

impl Client {
    /// Asks a control.
    pub async fn sandbox_get(
        &self,
        control: &[&str],
        query: Vec<(String, String)>,
    ) -> Result<Value, ApiError> {
        self.send(Call { query, ..Call::get(Host::Cdp, path(control)) }).await
    }

    /// Changes something.
    pub async fn sandbox_post(&self, control: &[&str], body: Value) -> Result<Value, ApiError> {
        self.write(Call::create(path(control), body), Value::default).await
    }

    /// Removes something.
    pub async fn sandbox_delete(&self, control: &[&str], body: Option<Value>) -> Result<Value, ApiError> {
        self.write(Call { body, ..Call::delete(path(control)) }, Value::default).await
    }
}

fn path(control: &[&str]) -> Path {
    Path::of(&[&["_sandbox"], control].concat())
}
