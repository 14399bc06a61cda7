//! A receiver for webhooks inside of the sandbox, so that an arrival can be seen without another
//! program: `/_sandbox/inbox/<name>` keeps what is sent there and answers as configured.

use super::clock::iso;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, VecDeque};

/// How many requests are kept; the oldest are dropped first.
const CAPACITY: usize = 1_000;

/// A webhook that arrived.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Received {
    /// Counts up from 1 and is never used again.
    #[schemars(range(min = 1))]
    pub id: u64,
    /// When it arrived, by the sandbox's clock.
    #[schemars(extend("format" = "date-time"))]
    pub at: String,
    /// The inbox that it was sent to.
    pub inbox: String,
    /// HTTP method.
    pub method: String,
    /// Headers by name, in small letters; of several with a name the last.
    #[schemars(with = "BTreeMap<String, String>")]
    pub headers: Map<String, Value>,
    /// JSON where it is JSON, else a string; null for none.
    pub body: Value,
    /// Status of the answer.
    pub status: u16,
}

/// The received requests and the configured answers. In memory only: this receiver is part of the
/// sandbox and loses them when that is killed.
#[derive(Debug, Default)]
pub struct Inbox {
    received: VecDeque<Received>,
    last_id: u64,
    /// Statuses of the next answers, by inbox.
    answers: BTreeMap<String, VecDeque<u16>>,
}

impl Inbox {
    /// Keeps a request and returns the status to answer with: 200 unless another was configured.
    pub fn receive(
        &mut self,
        now_ms: i64,
        inbox: &str,
        method: &str,
        headers: Map<String, Value>,
        body: Value,
    ) -> u16 {
        let status = self.answers.get_mut(inbox).and_then(VecDeque::pop_front).unwrap_or(200);
        self.last_id = self.last_id.saturating_add(1);
        let (inbox, method) = (inbox.to_owned(), method.to_owned());
        self.received.push_back(Received {
            id: self.last_id,
            at: iso(now_ms),
            inbox,
            method,
            headers,
            body,
            status,
        });
        if self.received.len() > CAPACITY {
            self.received.pop_front();
        }
        status
    }

    /// Sets the statuses of the next answers of an inbox, replacing earlier ones.
    pub fn answer(&mut self, inbox: &str, statuses: Vec<u16>) {
        self.answers.insert(inbox.to_owned(), statuses.into());
    }

    /// The requests after an id, of one inbox or of all, oldest first.
    pub fn find(&self, inbox: Option<&str>, since_id: u64) -> Vec<&Received> {
        let fits = |one: &&Received| one.id > since_id && inbox.is_none_or(|inbox| one.inbox == inbox);
        self.received.iter().filter(fits).collect()
    }

    /// Statuses of the next answers, by inbox, without empty ones.
    pub fn answers(&self) -> BTreeMap<&str, &VecDeque<u16>> {
        let set = self.answers.iter().filter(|(_, statuses)| !statuses.is_empty());
        set.map(|(inbox, statuses)| (inbox.as_str(), statuses)).collect()
    }

    /// Id of the latest request; 0 before the first.
    pub fn last_id(&self) -> u64 {
        self.last_id
    }

    /// Whether none after this id was dropped for space.
    pub fn is_complete_since(&self, id: u64) -> bool {
        self.received.front().is_none_or(|first| first.id <= id.saturating_add(1))
            || self.received.len() < CAPACITY
    }

    /// Drops requests and answers; ids go on.
    pub fn clear(&mut self) {
        self.received.clear();
        self.answers.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_answers_as_configured_and_keeps_the_latest() {
        let mut inbox = Inbox::default();
        inbox.answer("a", vec![500, 429]);
        let mut send = |name: &str| inbox.receive(0, name, "POST", Map::new(), Value::Null);
        assert_eq!(["a", "b", "a", "a"].map(&mut send), [500, 200, 429, 200]);
        for _ in 0..CAPACITY {
            send("b");
        }
        assert_eq!(inbox.find(Some("a"), 0).len(), 0, "made room");
        assert_eq!((inbox.find(None, 1_003).len(), inbox.last_id()), (1, 1_004));
        assert!(!inbox.is_complete_since(0) && inbox.is_complete_since(4));
        inbox.clear();
        assert_eq!((inbox.find(None, 0).len(), inbox.last_id()), (0, 1_004));
    }
}
