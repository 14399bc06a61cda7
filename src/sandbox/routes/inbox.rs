//! `/_sandbox/inbox`: a receiver for webhooks.

use super::call::RouteCall;
use super::render::{Answer, Reply, json};
use super::{DELETE, GET, PATCH, POST, PUT, Route};
use crate::sandbox::answers::{Arrived, Cleared, InboxAnswers};
use crate::sandbox::refusal::{Reason, Refusal};
use crate::sandbox::state::Sandbox;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json as object};

pub const ROUTES: &[Route] = &[
    (GET, "/_sandbox/inbox", list),
    (POST, "/_sandbox/inbox", answer),
    (DELETE, "/_sandbox/inbox", clear),
    (GET, ONE, |sandbox, call| receive(sandbox, call, "GET")),
    (POST, ONE, |sandbox, call| receive(sandbox, call, "POST")),
    (PUT, ONE, |sandbox, call| receive(sandbox, call, "PUT")),
    (PATCH, ONE, |sandbox, call| receive(sandbox, call, "PATCH")),
    (DELETE, ONE, |sandbox, call| receive(sandbox, call, "DELETE")),
];

/// Headers with secret values.
const SECRET: [&str; 3] = ["authorization", "proxy-authorization", "cookie"];

const ONE: &str = "/_sandbox/inbox/{name}";

/// Keeps a webhook and answers as configured, else 200.
fn receive(sandbox: &Sandbox, call: &RouteCall, method: &str) -> Answer {
    let mut headers = Map::new();
    for (name, value) in &call.headers {
        let shown = match SECRET.contains(&name.as_str()) {
            true => "***".into(),
            false => String::from_utf8_lossy(value.as_bytes()),
        };
        headers.insert(name.as_str().to_owned(), shown.into());
    }
    let body = match call.body.is_empty() {
        true => Value::Null,
        false => serde_json::from_slice(&call.body)
            .unwrap_or_else(|_| String::from_utf8_lossy(&call.body).into_owned().into()),
    };
    let now = sandbox.clock().now_ms();
    let status = sandbox.inbox().receive(now, call.path("name"), method, headers, body);
    let reply = json(&object!({"received": status < 300}))?;
    Ok(Reply { status: StatusCode::from_u16(status).unwrap_or_default(), ..reply })
}

/// `?name=…&since_id=…`: the received requests, oldest first.
fn list(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let mut since_id = 0;
    for (name, value) in call.queries() {
        match name.as_str() {
            "name" => {}
            "since_id" => {
                let wrong = |_| {
                    Refusal::bad_request(
                        Reason::ControlQueryInvalid,
                        format!("since_id must be a number, not '{value}'"),
                    )
                };
                since_id = value.parse().map_err(wrong)?;
            }
            other => {
                let message = format!("'{other}' is no filter; there are name and since_id");
                return Err(Refusal::bad_request(Reason::ControlQueryInvalid, message));
            }
        }
    }
    let inbox = sandbox.inbox();
    let received = inbox.find(call.query("name"), since_id);
    json(&Arrived {
        count: received.len(),
        received: Some(received),
        answers: inbox.answers(),
        last_id: inbox.last_id(),
        complete: inbox.is_complete_since(since_id),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answers {
    /// The inbox.
    name: String,
    /// Statuses of the next answers, from 200 to 599.
    answers: Vec<u16>,
}

fn answer(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let Answers { name, answers } = call.control()?;
    if let Some(wrong) = answers.iter().find(|status| !(200..=599).contains(*status)) {
        return Err(Refusal::bad_request(
            Reason::ControlInboxInvalid,
            format!("answers must be statuses from 200 to 599, not {wrong}"),
        ));
    }
    sandbox.inbox().answer(&name, answers.clone());
    json(&InboxAnswers { name, answers })
}

fn clear(sandbox: &Sandbox, _: &RouteCall) -> Answer {
    let mut inbox = sandbox.inbox();
    inbox.clear();
    json(&Cleared { last_id: inbox.last_id() })
}
