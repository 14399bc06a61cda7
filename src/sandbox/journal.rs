//! The journal of requests, so that a test can prove what was sent, and what was not.

use serde::Serialize;
use serde_json::Value;
use std::collections::VecDeque;

/// One request that passed the check of its `Host`, refused ones included; those to `/_sandbox/` are
/// left out. Of the headers it holds the content type alone, so neither the API key nor a token.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// Counts up from 1 and is never used again.
    pub id: u64,
    /// When it came, in milliseconds since the epoch.
    pub at_ms: i64,
    /// HTTP method.
    pub method: String,
    /// Path with query, as it was sent.
    pub path: String,
    /// Status of the answer; `null` when the connection was cut without one.
    pub status: Option<u16>,
    /// The request's content type.
    pub content_type: Option<String>,
    /// The body, where it is JSON of at most 256 KB; events are not kept. `null` otherwise.
    pub body: Option<Value>,
    /// The kind of fault that hit it.
    pub fault: Option<&'static str>,
}

/// The last requests.
#[derive(Debug)]
pub struct Journal {
    entries: VecDeque<Entry>,
    capacity: usize,
    last_id: u64,
}

impl Journal {
    /// An empty journal for so many entries.
    pub fn new(capacity: usize) -> Self {
        Journal { entries: VecDeque::new(), capacity, last_id: 0 }
    }

    /// Adds an entry and gives it its id.
    pub fn add(&mut self, mut entry: Entry) {
        self.last_id += 1;
        entry.id = self.last_id;
        if self.entries.len() >= self.capacity {
            self.entries.pop_front();
        }
        if self.capacity > 0 {
            self.entries.push_back(entry);
        }
    }

    /// Forgets all entries; ids go on.
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    /// The id of the latest request; 0 before the first.
    pub fn last_id(&self) -> u64 {
        self.last_id
    }

    /// The entries after `since_id`, oldest first, of one of `methods` (all when empty).
    pub fn entries(&self, since_id: u64, methods: &[String]) -> Vec<Entry> {
        let wanted = |entry: &&Entry| {
            entry.id > since_id
                && (methods.is_empty() || methods.iter().any(|m| m.eq_ignore_ascii_case(&entry.method)))
        };
        self.entries.iter().filter(wanted).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(method: &str) -> Entry {
        Entry {
            id: 0,
            at_ms: 0,
            method: method.into(),
            path: "/".into(),
            status: Some(200),
            content_type: None,
            body: None,
            fault: None,
        }
    }

    #[test]
    fn the_oldest_go_first_and_filters_apply() {
        let mut journal = Journal::new(2);
        for method in ["GET", "POST", "PATCH"] {
            journal.add(entry(method));
        }
        let ids = |entries: Vec<Entry>| entries.iter().map(|e| e.id).collect::<Vec<_>>();
        assert_eq!(ids(journal.entries(0, &[])), [2, 3]);
        assert_eq!(ids(journal.entries(2, &[])), [3]);
        assert_eq!(ids(journal.entries(0, &["post".into()])), [2]);
        journal.clear();
        assert_eq!((journal.entries(0, &[]).len(), journal.last_id()), (0, 3));
    }
}
