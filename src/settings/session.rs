//! The session of `tdx use`, the official CLI's command for the shell it is typed in. The form of its file is
//! published nowhere, so it is read for what it may say, and what is unknown in it is no error.

use super::files::{read, scalar};
use super::{Environment, Origin, Sourced};
use crate::platform::sites::Site;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};
use std::path::PathBuf;

/// How long a session lasts after it was last written.
const HOURS: i64 = 24;
/// What a session may be said to end at.
const ENDS: [&str; 4] = ["expires_at", "expiresAt", "expires", "expiry"];
/// What a session may be said to have been written at.
const WRITTEN: [&str; 9] = [
    "updated_at",
    "updatedAt",
    "last_used_at",
    "lastUsedAt",
    "lastUsed",
    "created_at",
    "createdAt",
    "timestamp",
    "time",
];
/// Objects that the values may be in.
const INSIDE: [&str; 4] = ["context", "session", "overrides", "values"];

/// What became of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionState {
    /// There is none.
    Absent,
    /// It was written more than a day ago.
    Expired,
    /// It can't be read, or has another form; a warning says why.
    Ignored,
    /// It is in use.
    Present,
}

/// A session file.
#[derive(Debug)]
pub struct Session {
    /// Where it is, or would be; `None` where no folder or no id is known.
    pub path: Option<PathBuf>,
    /// What became of it.
    pub state: SessionState,
    values: Map<String, Value>,
}

impl Session {
    /// Reads the session of this shell. What is wrong with it goes to `warnings`.
    pub(super) fn load(env: &Environment, warnings: &mut Vec<String>) -> Self {
        let mut session = Session { path: None, state: SessionState::Absent, values: Map::new() };
        let named = env.var("TDX_SESSION");
        if let Some(id) = named.as_deref().filter(|id| !is_id(id)) {
            warnings.push(format!(
                "TDX_SESSION is ignored: '{id}' is no id of a session (letters, digits, '.', '_', '-')"
            ));
            return session;
        }
        let Some(id) = named.or_else(|| env.parent_id.map(|id| id.to_string())) else { return session };
        let Some(folder) = env.tdx_config_dir() else { return session };
        let path = folder.join("sessions").join(format!("{id}.json"));
        session.path = Some(path.clone());
        let reason = match read(&path).map(|text| text.map(|text| serde_json::from_str(&text))) {
            Ok(None) => return session,
            Ok(Some(Ok(Value::Object(values)))) => {
                let ended = ended(&values, env.now()).unwrap_or_else(|| old(&path, env.now()));
                session.state = if ended { SessionState::Expired } else { SessionState::Present };
                session.values = if ended { Map::new() } else { values };
                return session;
            }
            Ok(Some(Ok(_))) => "it is no JSON object".to_owned(),
            Ok(Some(Err(error))) => error.to_string(),
            Err(error) => error.message,
        };
        session.state = SessionState::Ignored;
        warnings.push(format!("the session of `tdx use` in {} is ignored: {reason}", path.display()));
        session
    }

    /// A value of the session.
    pub(super) fn get(&self, key: &str) -> Option<Sourced<String>> {
        let camel = key.replace("_s", "S");
        let maps = INSIDE.iter().filter_map(|inside| self.values.get(*inside)?.as_object());
        let value = std::iter::once(&self.values)
            .chain(maps)
            .find_map(|map| map.get(key).or_else(|| map.get(&camel)).and_then(scalar))?;
        Some(Sourced { value, origin: Origin::Session(self.path.clone()?) })
    }

    /// Leaves out a site or a profile that does not exist: another program wrote the file.
    pub(super) fn leave_out_unknown(&mut self, profiles: &[&str], warnings: &mut Vec<String>) {
        for key in ["site", "profile"] {
            let Some(Sourced { value, origin }) = self.get(key) else { continue };
            let known = if key == "site" {
                value.parse::<Site>().is_ok()
            } else {
                profiles.contains(&value.as_str())
            };
            if !known {
                warnings.push(format!("there is no {key} '{value}' ({origin}): it is ignored"));
                self.values.remove(key);
                for inside in INSIDE {
                    if let Some(Value::Object(map)) = self.values.get_mut(inside) {
                        map.remove(key);
                    }
                }
            }
        }
    }
}

/// Whether it can be the name of a file without its ending.
fn is_id(id: &str) -> bool {
    !id.starts_with('.') && id.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
}

/// Whether the session has ended, by what it says itself; `None` where it says nothing of it.
fn ended(values: &Map<String, Value>, now: Timestamp) -> Option<bool> {
    let of = |names: &[&str]| names.iter().filter_map(|name| values.get(*name).and_then(time)).max();
    of(&ENDS).map(|end| end <= now).or_else(|| of(&WRITTEN).map(|written| is_old(written, now)))
}

/// Whether the file has not been written for a day.
fn old(path: &std::path::Path, now: Timestamp) -> bool {
    let written = std::fs::metadata(path).and_then(|meta| meta.modified()).ok();
    written.and_then(|time| Timestamp::try_from(time).ok()).is_some_and(|written| is_old(written, now))
}

fn is_old(written: Timestamp, now: Timestamp) -> bool {
    now.duration_since(written) >= SignedDuration::from_hours(HOURS)
}

/// A time as text, in seconds, or in milliseconds, which a number is that is too large for seconds.
fn time(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => match number.as_i64().or_else(|| number.as_f64().map(|n| n as i64))? {
            seconds @ ..100_000_000_000 => Timestamp::from_second(seconds).ok(),
            milliseconds => Timestamp::from_millisecond(milliseconds).ok(),
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// 2026-11-30T12:00:00Z
    const NOW: i64 = 1_796_040_000;

    fn load(text: &str) -> (Session, Vec<String>, tempfile::TempDir) {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("tdx/sessions");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("77.json"), text).unwrap();
        let config = home.path().display().to_string();
        let env = Environment::of(&[("XDG_CONFIG_HOME", &config)], None);
        let mut env = env.with_clock(|| Timestamp::from_second(NOW).unwrap());
        env.parent_id = Some(77);
        let mut warnings = Vec::new();
        (Session::load(&env, &mut warnings), warnings, home)
    }

    #[test]
    fn what_a_session_may_look_like() {
        for values in [
            json!({"profile": "p", "parent_segment": 7}),
            json!({"profile": " p ", "parentSegment": "7", "llm_project": "x"}),
            json!({"context": {"profile": "p", "parent_segment": "7"}}),
            json!({"pid": 77, "overrides": {"profile": "p", "parentSegment": "7"}}),
        ] {
            let (session, warnings, _home) = load(&values.to_string());
            let get = |key| session.get(key).map(|found| found.value);
            assert_eq!(get("profile").as_deref(), Some("p"), "{values}");
            assert_eq!(get("parent_segment").as_deref(), Some("7"), "{values}");
            assert!(get("site").is_none() && warnings.is_empty());
        }
    }

    #[test]
    fn a_session_ends_after_a_day_by_what_it_says_or_by_its_file() {
        let text = |seconds: i64| Timestamp::from_second(NOW + seconds).unwrap().to_string();
        let day = 24 * 3600;
        for (times, ended) in [
            (json!({"expires_at": text(1)}), false),
            (json!({"expiresAt": text(0)}), true),
            (json!({"created_at": text(-day), "updated_at": text(1 - day)}), false),
            (json!({"createdAt": (NOW - day) * 1000}), true),
            (json!({"timestamp": NOW - day + 1}), false),
            (json!({"timestamp": NOW + 60}), false),
            (json!({"timestamp": (NOW - day) as f64 + 0.5}), true),
        ] {
            let mut session = json!({"site": "eu01"});
            session.as_object_mut().unwrap().extend(times.as_object().unwrap().clone());
            let (session, warnings, _home) = load(&session.to_string());
            let state = if ended { SessionState::Expired } else { SessionState::Present };
            assert_eq!((session.state, session.get("site").is_none()), (state, ended), "{times}");
            assert_eq!(warnings, Vec::<String>::new());
        }
        // Without a time of its own, or with one that means nothing, the file's counts.
        let (_, _, home) = load("{}");
        let path = home.path().join("tdx/sessions/77.json");
        let file = std::fs::File::options().write(true).open(&path).unwrap();
        let at = |seconds: i64| Timestamp::from_second(seconds).unwrap();
        file.set_modified(at(NOW - day).into()).unwrap();
        assert!(old(&path, at(NOW)) && !old(&path, at(NOW - 1)));
        assert_eq!(
            ended(json!({"created_at": "yesterday", "time": null}).as_object().unwrap(), at(NOW)),
            None
        );
    }

    #[test]
    fn another_form_is_a_warning() {
        for text in ["", "[]", "{", "7", "\"x\"", "{\"site\": \"eu01\"", "\u{0}"] {
            let (session, warnings, _home) = load(text);
            assert_eq!(
                (session.state, session.get("site").is_none()),
                (SessionState::Ignored, true),
                "{text}"
            );
            assert!(warnings.len() == 1 && warnings[0].contains("77.json is ignored: "), "{warnings:?}");
        }
        let text = r#"{"site": "mars", "profile": "gone", "context": {"site": "moon"}, "database": [1]}"#;
        let (mut session, mut warnings, _home) = load(text);
        session.leave_out_unknown(&["prod"], &mut warnings);
        assert!(["site", "profile", "database"].iter().all(|key| session.get(key).is_none()));
        assert_eq!(warnings.len(), 2, "{warnings:?}");
    }

    #[test]
    fn an_id_names_no_other_file() {
        assert!(is_id("my-session_2.x") && is_id("77"));
        assert!(!is_id("../tdx") && !is_id(".hidden") && !is_id("a/b") && !is_id("a b"));
    }
}
