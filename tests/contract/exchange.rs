//! A request with its answer, and its check against the files.

use super::deviations::{DEVIATIONS, Place, Side, UNDESCRIBED, UNLISTED};
use super::openapi::{Contract, Operation};
use crate::common::Platform;
use serde_json::Value;

/// A request, and its answer where there is one.
#[derive(Debug)]
pub struct Exchange {
    /// Who sent it: a command line, or the walk.
    pub sender: String,
    pub method: String,
    pub path: String,
    /// Decoded.
    pub query: Vec<(String, String)>,
    /// Content type of the body.
    pub media: Option<String>,
    pub body: Option<Value>,
    pub answer: Option<Answer>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub media: String,
    pub body: Value,
}

impl Exchange {
    /// A request that is not sent yet; `target` is a path with its query, or a whole URL.
    pub fn new(sender: &str, method: &str, target: &str, media: Option<&str>, body: Option<Value>) -> Self {
        let base = reqwest::Url::parse("http://platform").expect("a base");
        let url = base.join(target).unwrap_or_else(|error| panic!("{target}: {error}"));
        Exchange {
            sender: sender.to_owned(),
            method: method.to_owned(),
            path: url.path().to_owned(),
            query: url.query_pairs().into_owned().collect(),
            media: media.map(str::to_owned),
            body,
            answer: None,
        }
    }

    /// Sends it.
    pub fn send(mut self, platform: &Platform, target: &str, headers: &[(&str, &str)]) -> Self {
        let body = self.body.clone().map(|body| (self.media.as_deref().unwrap_or_default(), body));
        let (status, media, body) = platform.send(&self.method, target, body, headers);
        self.answer = Some(Answer { status, media, body });
        self
    }

    /// Its operation in the files.
    pub fn operation<'c>(&self, contract: &'c Contract) -> Option<&'c Operation> {
        contract.find(&self.method, &self.path)
    }

    /// Its problems; deviations that are listed are allowed, except the one of `denied`.
    pub fn problems(&self, contract: &Contract, denied: Option<(&Place, &str)>) -> Vec<String> {
        let here = format!("{} {} (by {})", self.method, self.path, self.sender);
        let Some(operation) = self.operation(contract) else {
            let known = UNLISTED.iter().any(|unlisted| unlisted.is(&self.method, &self.path));
            return if known { Vec::new() } else { vec![format!("{here}: no operation of the files")] };
        };
        let mut problems = contract.check_target(operation, &self.path, &self.query);
        let types = contract.request_types(operation);
        match (&self.body, &self.media) {
            (None, _) if types.is_empty() => {}
            (Some(_), _) if types.is_empty() && UNDESCRIBED.contains(&operation.to_string().as_str()) => {}
            (None, _) => problems.push("the body is missing".into()),
            (Some(body), media) => {
                let allowed = allow(operation, Side::Request, body, denied);
                let media = media.as_deref().unwrap_or("none");
                problems.extend(
                    contract
                        .check_request(operation, media, &allowed)
                        .err()
                        .map(|e| format!("request: {e}{}", excerpt(body))),
                );
            }
        }
        if let Some(Answer { status, media, body }) = &self.answer {
            let side = if *status < 300 { Side::Answer } else { Side::Refusal };
            let allowed = allow(operation, side, body, denied);
            let checked = contract.check_answer(operation, *status, media, &allowed);
            problems.extend(checked.err().map(|e| format!("answer {status}: {e}{}", excerpt(body))));
        }
        problems.into_iter().map(|problem| format!("{here}: {problem}")).collect()
    }
}

/// The body as in the files, with all differences that are not listed as deviations.
pub fn allow(operation: &Operation, side: Side, body: &Value, denied: Option<(&Place, &str)>) -> Value {
    let mut body = body.clone();
    let operation = operation.to_string();
    for deviation in DEVIATIONS {
        let here = |place: &&Place| place.operation == operation && place.side == side;
        for place in deviation.places.iter().filter(here) {
            let denied = denied.filter(|(denied, _)| std::ptr::eq(*denied, place)).map(|(_, field)| field);
            deviation.change.undo(&mut body, place.at, denied);
        }
    }
    body
}

/// The beginning of a body, for messages.
fn excerpt(body: &Value) -> String {
    let text: String = body.to_string().chars().take(400).collect();
    format!("\n{text}")
}
