//! The first line of a query, which says what it is for: a job that is gone on with is known by it.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

const BEGINNING: &str = "-- tdx-rt ";

/// What a query is for.
#[derive(Debug, Clone, PartialEq)]
pub struct Marker {
    /// The command.
    pub command: String,
    /// What it was asked, as JSON.
    pub about: Value,
}

impl Marker {
    /// Of a command that was asked this.
    pub fn new(command: &str, about: &impl Serialize) -> Self {
        Marker { command: command.to_owned(), about: serde_json::json!(about) }
    }

    /// The query with this line before it. JSON has no line end inside of a string, so that the comment ends there.
    pub fn before(&self, sql: &str) -> String {
        format!("{BEGINNING}{} {}\n{sql}", self.command, self.about)
    }

    /// What a query says that it is for; `None` of a query that says nothing.
    pub fn of(query: &str) -> Option<Self> {
        let line = query.trim_start().lines().next()?;
        let (command, about) = line.strip_prefix(BEGINNING)?.split_once(" {")?;
        let about = serde_json::from_str(&format!("{{{about}")).ok()?;
        Some(Marker { command: command.to_owned(), about })
    }

    /// What it was asked.
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        T::deserialize(&self.about).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_query_says_what_it_is_for_whatever_it_was_asked() {
        for text in ["394649", "a\nSELECT 1", "\u{2028}\r-- {", "it's \"{\""] {
            let marker = Marker::new("rt-identity graph", &json!({"key": text}));
            let query = marker.before("SELECT 1");
            assert_eq!(query.lines().last(), Some("SELECT 1"), "{query}");
            assert_eq!(Marker::of(&query), Some(marker), "{query}");
        }
        assert_eq!(Marker::of("SELECT 1 -- tdx-rt x {}"), None);
        assert_eq!(Marker::of("-- tdx-rt x {"), None);
    }
}
