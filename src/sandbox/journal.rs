//! The journal of requests: with it a test can prove what was sent and what was not.

use super::faults::{FaultKind, is_operation};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::VecDeque;
use std::str::FromStr;

/// A request that passed the check of its `Host`, refused ones included; those to `/_sandbox/` are
/// left out. Of the headers it holds the content type alone, so neither the API key nor a token. It is
/// in state files like this; what is answered is a [`JournalRequest`](super::answers::JournalRequest).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RequestEntry {
    /// Counts up from 1 and is never used again.
    pub id: u64,
    /// When it arrived, in milliseconds since 1970.
    pub at_ms: i64,
    /// HTTP method.
    pub method: String,
    /// Path with query, as it was sent.
    pub path: String,
    /// Status of the answer; null when the connection was cut without one.
    pub status: Option<u16>,
    /// The request's content type.
    pub content_type: Option<String>,
    /// The body, where it is JSON of at most 256 KB; events are not kept. null otherwise.
    pub body: Option<Value>,
    /// The kind of fault that hit it.
    pub fault: Option<FaultKind>,
    /// Ids of the rules for which the sandbox refused it; empty when it did not.
    #[serde(default)]
    pub refusals: Vec<String>,
}

/// The last requests.
#[derive(Debug)]
pub struct RequestJournal {
    entries: VecDeque<RequestEntry>,
    capacity: usize,
    head: Head,
    /// The last entry that is in the state file.
    written: u64,
    /// Whether it was cleared since it was last written to the state file.
    cleared: bool,
}

/// What a journal keeps beside its entries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The id of the latest request; 0 before the first.
    pub last_id: u64,
    /// The last entry that was dropped for space; 0 when none was since the journal was cleared.
    pub dropped: u64,
}

/// What of a journal is to be written to the state file.
#[derive(Debug, Clone, PartialEq)]
pub struct Unwritten {
    /// The new entries.
    pub entries: Vec<RequestEntry>,
    /// Older ones up to this id are dropped.
    pub forgotten: u64,
    /// The rest.
    pub head: Head,
}

/// A query for entries; a field that is left out matches all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestQuery {
    /// Only entries after this id.
    pub since_id: u64,
    /// HTTP methods.
    pub methods: Vec<String>,
    /// What the path starts with.
    pub path: Option<String>,
    /// An operation, as in a fault rule.
    pub operation: Option<String>,
    /// Statuses.
    pub statuses: Vec<StatusRange>,
}

impl RequestQuery {
    fn fits(&self, entry: &RequestEntry) -> bool {
        let path = entry.path.split('?').next().unwrap_or_default();
        entry.id > self.since_id
            && (self.methods.is_empty() || self.methods.iter().any(|m| m.eq_ignore_ascii_case(&entry.method)))
            && self.path.as_deref().is_none_or(|prefix| entry.path.starts_with(prefix))
            && self.operation.as_deref().is_none_or(|o| is_operation(o, &entry.method, path))
            && (self.statuses.is_empty() || self.statuses.iter().any(|range| range.has(entry.status)))
    }
}

/// One status, a hundred of them, or none at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusRange {
    /// `404`
    One(u16),
    /// `4xx`, by its first digit.
    Hundred(u16),
    /// `none`: the connection was cut without an answer.
    Cut,
}

impl StatusRange {
    fn has(self, status: Option<u16>) -> bool {
        match (self, status) {
            (StatusRange::One(wanted), Some(status)) => wanted == status,
            (StatusRange::Hundred(digit), Some(status)) => status / 100 == digit,
            (StatusRange::Cut, status) => status.is_none(),
            (_, None) => false,
        }
    }
}

/// A string that is not a [`StatusRange`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no status; write it like 404, 4xx or none")]
pub struct UnknownStatus(pub String);

impl FromStr for StatusRange {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |digits: &str| digits.parse::<u16>().ok().filter(|_| !digits.starts_with('+'));
        let found = match (text, text.strip_suffix("xx")) {
            ("none", _) => Some(StatusRange::Cut),
            (_, Some(digit)) => number(digit).filter(|d| (1..=5).contains(d)).map(StatusRange::Hundred),
            _ => number(text).filter(|status| (100..=599).contains(status)).map(StatusRange::One),
        };
        found.ok_or_else(|| UnknownStatus(text.to_owned()))
    }
}

impl RequestJournal {
    /// An empty journal that keeps at most this many entries.
    pub fn new(capacity: usize) -> Self {
        RequestJournal {
            entries: VecDeque::new(),
            capacity,
            head: Head::default(),
            written: 0,
            cleared: false,
        }
    }

    /// Adds an entry and gives it its id.
    pub fn add(&mut self, mut entry: RequestEntry) {
        self.head.last_id = self.head.last_id.saturating_add(1);
        entry.id = self.head.last_id;
        self.make_room();
        if self.capacity > 0 {
            self.entries.push_back(entry);
        }
    }

    fn make_room(&mut self) {
        while !self.entries.is_empty() && self.entries.len() >= self.capacity {
            self.head.dropped = self.entries.pop_front().map_or(0, |oldest| oldest.id);
        }
        if self.capacity == 0 {
            self.head.dropped = self.head.last_id;
        }
    }

    /// Drops all entries; ids go on.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.head.dropped = 0;
        self.cleared = true;
    }

    /// Loads what was written; the oldest entries beyond the limit are dropped.
    pub fn load(&mut self, entries: Vec<RequestEntry>, head: Head) {
        self.head = head;
        for entry in entries {
            self.head.last_id = self.head.last_id.max(entry.id);
            self.make_room();
            if self.capacity > 0 {
                self.entries.push_back(entry);
            }
        }
        self.written = self.head.last_id;
    }

    /// Whether it was cleared since the last call of [`RequestJournal::take_unwritten`].
    pub fn is_cleared(&self) -> bool {
        self.cleared
    }

    /// What is to be written since the last call.
    pub fn take_unwritten(&mut self) -> Unwritten {
        self.cleared = false;
        let from = std::mem::replace(&mut self.written, self.head.last_id);
        let entries = self.entries.iter().filter(|entry| entry.id > from).cloned().collect();
        let forgotten = self.entries.front().map_or(self.head.last_id, |oldest| oldest.id.saturating_sub(1));
        Unwritten { entries, forgotten, head: self.head }
    }

    /// The write failed: the next call takes everything.
    pub fn is_not_written(&mut self) {
        self.written = 0;
        self.cleared = true;
    }

    /// The id of the latest request; 0 before the first.
    pub fn last_id(&self) -> u64 {
        self.head.last_id
    }

    /// The entries after `since_id`, oldest first, of one of `methods` (all when empty).
    pub fn entries(&self, since_id: u64, methods: &[String]) -> Vec<RequestEntry> {
        self.find(&RequestQuery { since_id, methods: methods.to_vec(), ..RequestQuery::default() })
    }

    /// The wanted entries, oldest first.
    pub fn find(&self, wanted: &RequestQuery) -> Vec<RequestEntry> {
        self.entries.iter().filter(|entry| wanted.fits(entry)).cloned().collect()
    }

    /// Whether no entry after `since_id` was dropped for space, so that the entries found are all
    /// since then (or since the journal was cleared).
    pub fn is_complete_since(&self, since_id: u64) -> bool {
        self.head.dropped <= since_id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(method: &str) -> RequestEntry {
        RequestEntry {
            id: 0,
            at_ms: 0,
            method: method.into(),
            path: "/".into(),
            status: Some(200),
            content_type: None,
            body: None,
            fault: None,
            refusals: Vec::new(),
        }
    }

    #[test]
    fn the_oldest_go_first_and_filters_apply() {
        let mut journal = RequestJournal::new(2);
        for method in ["GET", "POST", "PATCH"] {
            journal.add(entry(method));
        }
        let ids = |entries: Vec<RequestEntry>| entries.iter().map(|e| e.id).collect::<Vec<_>>();
        assert_eq!(ids(journal.entries(0, &[])), [2, 3]);
        assert_eq!(ids(journal.entries(2, &[])), [3]);
        assert_eq!(ids(journal.entries(0, &["post".into()])), [2]);
        assert!(!journal.is_complete_since(0) && journal.is_complete_since(1));
        journal.clear();
        assert!(journal.is_complete_since(0), "what was cleared is not missed");
        assert_eq!((journal.entries(0, &[]).len(), journal.last_id()), (0, 3));
    }
    #[test]
    fn each_filter() {
        let mut journal = RequestJournal::new(10);
        for (method, path, status) in [
            ("GET", "/audiences/1?x=/y", Some(200)),
            ("POST", "/audiences/1/realtime_key_events", Some(422)),
            ("POST", "/audiences/2/realtime_key_events", None),
        ] {
            journal.add(RequestEntry { path: path.into(), status, ..entry(method) });
        }
        let ids = |wanted: RequestQuery| journal.find(&wanted).iter().map(|e| e.id).collect::<Vec<_>>();
        let operation = |text: &str| RequestQuery { operation: Some(text.into()), ..RequestQuery::default() };
        assert_eq!(ids(operation("POST /audiences/{}/realtime_key_events")), [2, 3]);
        assert_eq!(ids(operation("/audiences/{audienceId}")), [1], "without its query");
        assert_eq!(ids(RequestQuery { path: Some("/audiences/2".into()), ..RequestQuery::default() }), [3]);
        let status =
            |text: &str| RequestQuery { statuses: vec![text.parse().unwrap()], ..RequestQuery::default() };
        assert_eq!(
            (ids(status("4xx")), ids(status("200")), ids(status("none"))),
            (vec![2], vec![1], vec![3])
        );
        for bad in ["", "xx", "6xx", "99", "600", "+40", "4x", "-1"] {
            assert!(bad.parse::<StatusRange>().is_err(), "{bad}");
        }
    }
}
