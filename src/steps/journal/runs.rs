//! The runs that began to make items.

use super::{Recorded, read};
use crate::steps::items::{SEGMENT, TEXT};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

/// In front of the journal of a run that began to make an item.
pub const BEGUN: &str = "begun:";

/// The runs that began to make items, each journal read once however many items it began.
#[derive(Debug, Default)]
pub struct Runs {
    /// What was begun, by the journal; `None` for one that cannot be read.
    begun: HashMap<String, Option<Begun>>,
    /// How many journals were read.
    #[cfg(test)]
    reads: usize,
}

/// The ids of what a run wrote, by each string in the body of the write; `None` where the platform's
/// answer, and with it the id, is not known.
type Begun = HashMap<String, Vec<Option<String>>>;

impl Runs {
    /// Whether an item that is live under this id is the one that was noted: the id is the same, or, for
    /// one that was only begun, its run's journal says that it was made, or may have been.
    pub fn is_noted(&mut self, path: &str, noted: Option<&str>, live: Option<&str>) -> bool {
        match noted {
            None => true,
            Some(noted) => match noted.strip_prefix(BEGUN) {
                None => Some(noted) == live,
                Some(file) => self.begun(file).is_some_and(|begun| may_have_made(begun, path, live)),
            },
        }
    }

    fn begun(&mut self, file: &str) -> Option<&Begun> {
        if !self.begun.contains_key(file) {
            #[cfg(test)]
            (self.reads += 1);
            let begun = read(Path::new(file)).ok().map(|run| begun(&run));
            self.begun.insert(file.to_owned(), begun);
        }
        self.begun.get(file)?.as_ref()
    }
}

fn begun(run: &Recorded) -> Begun {
    let mut begun = Begun::new();
    let writes = run.entries.iter().filter(|entry| entry.done != Some(false) && entry.method != "DELETE");
    for entry in writes {
        for string in entry.body.iter().flat_map(strings).collect::<BTreeSet<_>>() {
            begun.entry(string.to_owned()).or_default().push(entry.id.clone());
        }
    }
    begun
}

fn may_have_made(begun: &Begun, path: &str, live: Option<&str>) -> bool {
    let name = last_name(path);
    // A table goes with its database, a batch segment with a word in front.
    let name = match path.split('.').next() {
        Some("event_tables") => name.split_once('.').map_or(name.clone(), |(_, table)| table.to_owned()),
        _ => name.strip_prefix(SEGMENT).map_or(name.clone(), str::to_owned),
    };
    begun.get(&name).into_iter().flatten().any(|id| match (id.as_deref(), live) {
        (Some(made), Some(live)) if !live.starts_with(TEXT) => made == live,
        _ => true,
    })
}

/// All strings in a body, except the keys of objects.
fn strings(body: &Value) -> Vec<&str> {
    match body {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(strings).collect(),
        Value::Object(map) => map.values().flat_map(strings).collect(),
        _ => Vec::new(),
    }
}

/// The last name of a path, without its quotes.
fn last_name(path: &str) -> String {
    if path.ends_with('"') {
        // The shortest end that is a JSON string: quotes inside it are escaped.
        let starts = path.match_indices('"').map(|(at, _)| at).rev();
        let text = starts.filter_map(|at| serde_json::from_str(path.get(at..)?).ok()).next();
        return text.unwrap_or_else(|| path.to_owned());
    }
    path.rsplit('.').next().unwrap_or(path).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn settling_reads_a_journal_once_however_many_items_it_began() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("j.jsonl");
        let target = json!({"host": "h", "account": "1", "parent_segment": "42"});
        let mut lines = format!("{}\n", json!({"journal": 1, "target": target, "plan": "p"}));
        for n in 1..=600 {
            let begun = json!({"n": n, "method": "POST", "path": "/p", "body": {"name": format!("a{n}")}});
            // Of every third one no answer came, and every fifth one was refused.
            let answered = match (n % 3, n % 5) {
                (0, _) => None,
                (_, 0) => Some(json!({"n": n, "ok": false, "status": 422})),
                _ => Some(json!({"n": n, "ok": true, "id": n.to_string()})),
            };
            for line in std::iter::once(begun).chain(answered) {
                lines.push_str(&format!("{line}\n"));
            }
        }
        std::fs::write(&file, lines).unwrap();
        let noted = format!("{BEGUN}{}", file.display());
        let mut runs = Runs::default();
        for n in 1..=600 {
            let (path, id) = (format!("attributes.a{n}"), n.to_string());
            let is_noted = runs.is_noted(&path, Some(&noted), Some(&id));
            assert_eq!(is_noted, n % 3 == 0 || n % 5 != 0, "{n}");
            assert_eq!(runs.is_noted(&path, Some(&noted), Some("another")), n % 3 == 0, "{n}");
        }
        assert!(!runs.is_noted("attributes.never", Some(&noted), Some("1")));
        assert!(!runs.is_noted("attributes.a1", Some("begun:/nowhere"), Some("1")));
        assert!(!runs.is_noted("attributes.a1", Some("begun:/nowhere"), Some("1")));
        assert_eq!(runs.reads, 2);
    }
}
