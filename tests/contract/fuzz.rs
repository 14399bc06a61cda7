//! Generated good and bad requests to every operation of the files. Whatever is sent, the answer is
//! no crash, is JSON as the files describe it, and a request against the files is not carried out.
//!
//! The same requests every time; `TDX_RT_FUZZ_SEED` makes others, `TDX_RT_FUZZ_ROUNDS` more (64 is
//! the least that has every kind of wrong body for every operation).

mod bodies;
mod lenient;
mod pools;

use super::deviations::Side;
use super::exchange::{Exchange, allow};
use super::generate::{Dice, Generator, Pools, spoil};
use super::openapi::{Contract, Operation};
use crate::common::Platform;
use lenient::{LENIENT, Lenient};
use serde_json::Value;
use std::collections::BTreeMap;

const VENDOR: &str = "application/vnd.treasuredata.v1+json";
const EVENTS: &str = "/{database}/{table}";
const ROUNDS: usize = 64;
const CREATE_JOURNEY: &str = "POST /entities/realtime_journeys";
const CHANGE_JOURNEY: &str = "PATCH /entities/realtime_journeys/{realtimeJourneyId}";

/// What an operation's requests are made of.
struct Fuzz<'a> {
    contract: &'a Contract,
    operation: &'a Operation,
    platform: Platform,
    token: String,
    pools: Pools,
    schema: Option<Value>,
    media: Option<String>,
    /// The body is described elsewhere, so that the files say nothing against one.
    lent: bool,
    dice: Dice,
    carried_out: usize,
    odd_bodies: usize,
    problems: BTreeMap<String, String>,
}

/// A request, and what is known to be wrong with it.
struct Sent {
    path: String,
    query: Vec<(String, String)>,
    media: Option<String>,
    body: Vec<u8>,
    /// Must not be carried out for this.
    wrong: Option<String>,
}

impl Sent {
    /// Path and query.
    fn target(&self) -> String {
        let query: Vec<String> = self.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        match query.as_slice() {
            [] => self.path.clone(),
            query => format!("{}?{}", self.path, query.join("&")),
        }
    }
}

impl Fuzz<'_> {
    fn run(&mut self, rounds: usize) {
        for round in 0..rounds {
            let sent = match round % 16 {
                0 | 1 | 8 => self.good(),
                2 | 10 if self.operation.template.contains('{') => self.odd_path(),
                2 | 3 | 10 | 11 => self.odd_query(),
                4 | 7 | 12 if self.media.is_some() => self.odd_bytes(),
                _ if self.media.is_some() => self.spoilt(),
                _ => self.odd_query(),
            };
            self.send(&sent);
        }
    }

    fn good(&mut self) -> Sent {
        let mut sent = Sent {
            path: self.path(),
            query: Vec::new(),
            media: self.media.clone(),
            body: Vec::new(),
            wrong: None,
        };
        if let Some(schema) = &self.schema {
            let body = Generator { schema, pools: &self.pools }.value(&mut self.dice);
            sent.body = body.to_string().into_bytes();
            sent.wrong = self.against_the_files(&body);
        }
        for (name, schema) in self.contract.query_parameters(self.operation) {
            let value = match (&schema["enum"], name) {
                (Value::Array(values), _) => self.dice.pick(values).as_str().unwrap_or_default().to_owned(),
                (_, "audience_id") => "394649".to_owned(),
                (_, "name") => "demo_webhook".to_owned(),
                (_, "page[size]") => (1 + self.dice.below(1_000)).to_string(),
                (_, "sorted_by") => "name:desc".to_owned(),
                (_, "types") => "single,imported".to_owned(),
                _ if schema["type"] == "boolean" => "true".to_owned(),
                _ => continue,
            };
            // The first two are required where they are.
            if matches!(name, "audience_id" | "name") || self.dice.one_in(2) {
                sent.query.push((name.to_owned(), value));
            }
        }
        sent
    }

    /// The operation's path, with ids of things that are there.
    fn path(&mut self) -> String {
        let parts = self.operation.template.split('/').map(|part| {
            let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) else {
                return part.to_owned();
            };
            let pool = self.pools.get(name).map_or(&[][..], Vec::as_slice);
            match pool {
                [] => "1".to_owned(),
                pool => self.dice.pick(pool).as_str().unwrap_or("1").to_owned(),
            }
        });
        parts.collect::<Vec<_>>().join("/")
    }

    fn odd_path(&mut self) -> Sent {
        const ODD: [&str; 14] = [
            "0",
            "-1",
            "abc",
            "%20394649",
            "394649%20",
            "0394649",
            "%2B394649",
            "%00",
            "%FF",
            "%2F",
            "*",
            "99999999999999999999",
            "%F0%9F%92%A9",
            "null",
        ];
        let mut sent = self.good();
        let odd = match self.dice.below(ODD.len() + 1) {
            index if index < ODD.len() => ODD[index].to_owned(),
            _ => "9".repeat(3_000),
        };
        let places: Vec<usize> = self
            .operation
            .template
            .split('/')
            .enumerate()
            .filter(|(_, part)| part.starts_with('{'))
            .map(|(place, _)| place)
            .collect();
        let place = *self.dice.pick(&places);
        let mut parts: Vec<&str> = sent.path.split('/').collect();
        parts[place] = &odd;
        sent.path = parts.join("/");
        // Whatever is named so is not there, but events go to any table.
        let events = self.operation.template == EVENTS;
        sent.wrong = match self.wrong_target(&sent) {
            None if events => sent.wrong,
            wrong => wrong.or_else(|| Some(format!("the path has '{odd}'"))),
        };
        sent
    }

    fn odd_query(&mut self) -> Sent {
        const ODD: [&str; 16] = [
            "",
            "0",
            "-1",
            "1.5",
            "abc",
            "1000000000",
            "1001",
            "true",
            "null",
            "%00",
            "%FF",
            "a:b:c",
            ":",
            "name:up",
            "%F0%9F%92%A9",
            "id:asc",
        ];
        let mut sent = self.good();
        sent.query.clear();
        let known = self.contract.query_parameters(self.operation);
        let name = match known.as_slice() {
            [] => "page[size]",
            known => self.dice.pick(known).0,
        };
        let odd = *self.dice.pick(&ODD);
        sent.query.push((name.to_owned(), odd.to_owned()));
        if known.iter().any(|(known, _)| *known == name) {
            let wrong = self.wrong_target(&sent);
            sent.wrong = sent.wrong.or(wrong);
        }
        sent
    }

    /// What the files say against the path and the query.
    fn wrong_target(&self, sent: &Sent) -> Option<String> {
        let target = Exchange::new("", "GET", &sent.target(), None, None);
        self.contract.check_target(self.operation, &target.path, &target.query).into_iter().next()
    }

    /// A body that is no JSON, none at all, or called something else.
    fn odd_bytes(&mut self) -> Sent {
        let mut sent = self.good();
        let text = String::from_utf8_lossy(&sent.body).into_owned();
        // In turn, so that few rounds have all of them.
        self.odd_bodies += 1;
        let (body, what): (Vec<u8>, &str) = match self.odd_bodies % 12 {
            0 => (Vec::new(), "no body"),
            1 => (text.as_bytes()[..text.len() / 2].to_vec(), "half a body"),
            2 => (b"{\"name\": \"\xFF\xFE\"}".to_vec(), "not UTF-8"),
            3 => (format!("{text}]").into_bytes(), "garbage at the end"),
            4 => (format!("\u{FEFF}{text}").into_bytes(), "a byte order mark"),
            5 => ("[".repeat(100_000).into_bytes(), "a hundred thousand brackets"),
            6 => (b"<?xml version=\"1.0\"?>".to_vec(), "XML"),
            7 => (b"{\"name\": NaN}".to_vec(), "NaN"),
            8 => (b"null".to_vec(), "null"),
            9 => {
                sent.media = None;
                (sent.body.clone(), "no content type")
            }
            10 => {
                sent.media =
                    Some((*self.dice.pick(&["text/plain", "application/xml", "nonsense", ""])).to_owned());
                (sent.body.clone(), "another content type")
            }
            _ => {
                let other = if self.media.as_deref() == Some(VENDOR) { "application/json" } else { VENDOR };
                sent.media = Some(other.to_owned());
                (sent.body.clone(), "the other API's content type")
            }
        };
        sent.body = body;
        sent.wrong = Some(what.to_owned());
        sent
    }

    fn spoilt(&mut self) -> Sent {
        let mut sent = self.good();
        let Ok(mut body) = serde_json::from_slice::<Value>(&sent.body) else { return sent };
        let what = spoil(&mut body, &mut self.dice);
        sent.wrong = self.against_the_files(&body).map(|error| format!("{what}: {error}"));
        sent.body = body.to_string().into_bytes();
        sent
    }

    fn against_the_files(&self, body: &Value) -> Option<String> {
        if self.lent {
            return None;
        }
        let allowed = allow(self.operation, Side::Request, body, None);
        self.contract.check_request(self.operation, self.media.as_deref()?, &allowed).err()
    }

    fn send(&mut self, sent: &Sent) {
        let target = sent.target();
        let key = format!("TD1 {}", self.platform.api_key);
        let mut headers = vec![("authorization", key.as_str())];
        headers.extend(sent.media.as_deref().map(|media| ("content-type", media)));
        if self.operation.template == EVENTS {
            headers.push(("wp13n-token", &self.token));
        }
        let (status, headers, answer) =
            self.platform.raw(&self.operation.method, &target, &headers, sent.body.clone());
        self.carried_out += usize::from(status < 300);
        let media = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let problem = self.judge(sent, status, media, &answer);
        if let Some(problem) = problem {
            let short = |bytes: &[u8]| String::from_utf8_lossy(bytes).chars().take(500).collect::<String>();
            let shown =
                format!("{target}\n    sent: {}\n    answer {status}: {}", short(&sent.body), short(&answer));
            // One of each kind is enough to read.
            let kind: String = problem.chars().filter(|c| !c.is_ascii_digit()).take(60).collect();
            self.problems.entry(kind).or_insert(format!("{problem}\n    {shown}"));
        }
    }

    fn judge(&self, sent: &Sent, status: u16, media: &str, answer: &[u8]) -> Option<String> {
        let is_json = ["application/json", VENDOR].contains(&media);
        let answer = match serde_json::from_slice::<Value>(answer) {
            Ok(answer) => answer,
            // The result of a job is what the job says.
            Err(_) if !is_json && status < 300 => crate::common::body(answer),
            Err(_) => return Some("the answer is no JSON".to_owned()),
        };
        if !is_json && status >= 300 {
            return Some(format!("the answer is called '{media}'"));
        }
        // 501, with its name, is the answer to an operation that the sandbox lacks.
        if status >= 500 && status != 501 {
            return Some(format!("a crash: {status}"));
        }
        if status >= 400
            && let Some(problem) = shape(&self.operation.template, &answer)
        {
            return Some(problem);
        }
        if status == 501 {
            // Not an answer of the platform.
            return None;
        }
        let side = if status < 300 { Side::Answer } else { Side::Refusal };
        let allowed = allow(self.operation, side, &answer, None);
        if let Err(error) = self.contract.check_answer(self.operation, status, media, &allowed) {
            return Some(format!("answer {status}: {error}"));
        }
        let wrong = sent.wrong.as_ref().filter(|_| status < 300)?;
        let operation = self.operation.to_string();
        let allows = |known: &&Lenient| {
            known.operations.contains(&operation.as_str())
                && known.about.iter().any(|part| wrong.contains(part))
        };
        if let Some(known) = LENIENT.iter().find(allows) {
            println!("{operation}, {}: {wrong}", known.reason);
            return None;
        }
        Some(format!("carried out, against the files: {wrong}"))
    }
}

/// What is wrong with an error, by the form that its family of operations has (platform.md 7).
fn shape(template: &str, answer: &Value) -> Option<String> {
    let text = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
    let right = match template.split('/').nth(1).unwrap_or_default() {
        "entities" => answer["errors"].as_array().is_some_and(|errors| {
            !errors.is_empty()
                && errors.iter().all(|error| {
                    ["code", "status", "detail"].iter().all(|key| text(&error[*key]))
                        && error["source"].is_object()
                        && error["meta"].is_object()
                })
        }),
        "audiences" => text(&answer["message"]) && text(&answer["code"]),
        "v3" => text(&answer["error"]),
        _ => text(&answer["message"]) && (answer["code"].is_u64() || text(&answer["code"])),
    };
    (!right).then(|| "an error of another form".to_owned())
}

fn fuzz(
    contract: &Contract,
    operation: &Operation,
    seed: &str,
    rounds: usize,
) -> (usize, BTreeMap<String, String>) {
    let (platform, pools, token) = pools::configured(operation);
    // The files have no body for a journey's change, which takes what a create does.
    let described = match operation.to_string().as_str() {
        CHANGE_JOURNEY => contract.operations.iter().find(|other| other.to_string() == CREATE_JOURNEY),
        _ => None,
    };
    let described = described.unwrap_or(operation);
    let mut fuzz = Fuzz {
        contract,
        operation,
        platform,
        token,
        pools,
        schema: contract.request_schema(described),
        media: contract.request_types(described).into_iter().next(),
        lent: !std::ptr::eq(described, operation),
        dice: Dice::new(&format!("{seed}{operation}")),
        carried_out: 0,
        odd_bodies: 0,
        problems: BTreeMap::new(),
    };
    fuzz.run(rounds);
    (fuzz.carried_out, fuzz.problems)
}

#[test]
fn nothing_crashes_and_nothing_wrong_is_carried_out() {
    let seed = std::env::var("TDX_RT_FUZZ_SEED").unwrap_or_default();
    let rounds =
        std::env::var("TDX_RT_FUZZ_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(ROUNDS);
    let contract = &Contract::load();
    let mut report = Vec::new();
    let mut idle = Vec::new();
    for operation in &contract.operations {
        let (carried_out, problems) = fuzz(contract, operation, &seed, rounds);
        if carried_out == 0 {
            idle.push(operation.to_string());
        }
        report.extend(problems.into_values().map(|problem| format!("{operation}: {problem}")));
    }
    println!("{} operations, {rounds} requests each", contract.operations.len());
    assert!(!seed.is_empty() || rounds < ROUNDS || idle.is_empty(), "never carried out: {idle:#?}");
    assert!(report.is_empty(), "{} problems:\n{}", report.len(), report.join("\n\n"));
}
