//! The running sandbox at the endpoint, through its own controls.

use crate::api::{AnswerLimits, ApiError, Client, ClientOptions, Failure};
use crate::context::Context;
use crate::error::{Code, Error};
use crate::outcome::Outcome;
use crate::platform::SANDBOX;
use serde_json::Value;
use std::sync::Arc;

/// A running sandbox.
pub struct Remote {
    client: Client,
    /// The answer to its health check.
    pub health: Value,
}

/// Whether an address is the vendor's own.
fn is_platform(base: &str) -> bool {
    let host = base.split("://").nth(1).unwrap_or(base).split(['/', ':']).next().unwrap_or_default();
    ["treasuredata.com", "treasuredata.co.jp"].iter().any(|domain| host.ends_with(domain))
}

impl Remote {
    /// The sandbox at the endpoint. An error when there is none, or something else: nothing but the
    /// question what it is has been sent then, and no key.
    pub async fn find(ctx: &Context) -> Result<Self, Error> {
        let settings = ctx.settings()?;
        let Some(endpoint) = &settings.endpoint else {
            return Err(Error::new(Code::BadSetting, "there is no sandbox to control: no endpoint is set")
                .hint("run this inside `tdx-rt sandbox -- CMD`, or set TDX_RT_ENDPOINT to the url that `tdx-rt sandbox` prints"));
        };
        let base = endpoint.value.as_str().to_owned();
        let client = Client::new(ClientOptions {
            bases: std::array::from_fn(|_| base.clone()),
            authorization: None,
            secrets: ctx.secrets(),
            timeout: ctx.requests.timeout,
            // What does not answer at once is no sandbox of this machine.
            retries: 0,
            dry_run: ctx.requests.dry_run,
            observer: ctx.observer(),
            written: ctx.changes(),
            writes: Arc::default(),
            limits: AnswerLimits::default(),
            env: ctx.env.clone(),
        })?;
        let other = |what: String| {
            Error::new(Code::BadSetting, format!("{base} ({}) is no sandbox: {what}", endpoint.origin)).hint(
                "nothing was changed there; set TDX_RT_ENDPOINT to the url that `tdx-rt sandbox` prints",
            )
        };
        if is_platform(&base) {
            return Err(other("it is a host of the platform, and was asked nothing".to_owned()));
        }
        let health = match client.sandbox_get(&["health"], Vec::new()).await {
            Ok(health) => health,
            Err(error) if matches!(error.failure, Failure::Connect | Failure::Tls(_) | Failure::Broken) => {
                return Err(unreachable(&base, &error));
            }
            Err(error) => return Err(other(error.to_string())),
        };
        match health.get("name").and_then(Value::as_str) {
            Some(name) if name == SANDBOX => Ok(Remote { client, health }),
            _ => Err(other("it does not say that it is one".to_owned())),
        }
    }

    /// Asks a control; what has no value is left out of the query.
    pub async fn get(&self, control: &[&str], query: &[(&str, Option<String>)]) -> Result<Value, Error> {
        let query = query.iter().filter_map(|(name, value)| Some(((*name).to_owned(), value.clone()?)));
        let query = query.collect();
        self.client.sandbox_get(control, query).await.map_err(refused)
    }

    /// Changes something.
    pub async fn post(&self, control: &[&str], body: Value) -> Result<Value, Error> {
        self.client.sandbox_post(control, body).await.map_err(refused)
    }

    /// Removes something.
    pub async fn delete(&self, control: &[&str], body: Option<Value>) -> Result<Value, Error> {
        self.client.sandbox_delete(control, body).await.map_err(refused)
    }

    /// The document, with what a dry run collected.
    pub fn outcome(&self, document: Value) -> Outcome {
        let mut collected = self.client.collected();
        // The health check is not one of the command's own requests.
        if collected.reads.len() > 1 {
            collected.reads.remove(0);
        }
        Outcome { reads: collected.writes.is_empty(), collected: Some(collected), ..Outcome::new(document) }
    }
}

fn unreachable(base: &str, error: &ApiError) -> Error {
    Error::new(Code::Network, format!("no sandbox answers at {base}: {error}"))
        .hint("start one with `tdx-rt sandbox`, and set TDX_RT_ENDPOINT to the url that it prints")
        .retryable()
}

/// The hints for the platform would speak of keys and sites.
fn refused(error: ApiError) -> Error {
    let about = |part: &str| error.operation.contains(&format!("/_sandbox/{part}"));
    // Nothing of a reset can be missing but its snapshot.
    let (faults, snapshots) = (about("faults"), about("snapshots") || about("reset"));
    let mut error = Error::from(error);
    let hint = match error.code {
        Code::Network | Code::Server => "look at the sandbox's own output; it may have been stopped",
        Code::NotFound if faults => "`tdx-rt sandbox faults` lists the rules that can still hit",
        Code::NotFound if snapshots => "`tdx-rt sandbox snapshot` lists them",
        Code::NotFound => "`tdx-rt sandbox status` lists the parent segments",
        _ => "the sandbox has changed nothing",
    };
    error.hint = Some(hint.to_owned());
    error
}
