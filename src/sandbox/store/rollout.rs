//! The real-time status: what happens between a change and `ok`.

use crate::platform::wire::RealtimeStatus;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How long the status is `updating` after a change of configuration. The platform takes 30 to 90
/// seconds; the new configuration is in force at once here, whatever the status says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Settle {
    /// The status is never `updating`.
    Immediately,
    /// `updating` is read so many times first.
    AfterReads(u32),
    /// So many milliseconds of the sandbox's clock after the last change.
    AfterMs(u64),
    /// It stays `updating`.
    Never,
    /// It becomes `inconsistent`.
    Inconsistent,
}

impl Default for Settle {
    /// 150 ms: real enough that a client has to wait, short enough for a test.
    fn default() -> Self {
        Settle::AfterMs(150)
    }
}

/// A string that is not a [`Settle`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not one of: now, <n>ms, <n>s, <n>reads, never, inconsistent")]
pub struct UnknownSettle(pub String);

impl FromStr for Settle {
    type Err = UnknownSettle;

    /// `now`, `150ms`, `2s`, `2reads`, `never`, `inconsistent`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownSettle(text.to_owned());
        let count = |digits: &str| digits.parse::<u64>().map_err(|_| unknown());
        match text {
            "now" => Ok(Settle::Immediately),
            "never" => Ok(Settle::Never),
            "inconsistent" => Ok(Settle::Inconsistent),
            _ => match (text.strip_suffix("ms"), text.strip_suffix("reads"), text.strip_suffix('s')) {
                (Some(ms), ..) => Ok(Settle::AfterMs(count(ms)?)),
                (_, Some(reads), _) => {
                    Ok(Settle::AfterReads(u32::try_from(count(reads)?).map_err(|_| unknown())?))
                }
                (_, _, Some(seconds)) => Ok(Settle::AfterMs(count(seconds)?.saturating_mul(1_000))),
                _ => Err(unknown()),
            },
        }
    }
}

impl fmt::Display for Settle {
    /// What [`FromStr`] reads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Settle::Immediately => f.write_str("now"),
            Settle::AfterReads(reads) => write!(f, "{reads}reads"),
            Settle::AfterMs(ms) => f.write_str(&span(*ms)),
            Settle::Never => f.write_str("never"),
            Settle::Inconsistent => f.write_str("inconsistent"),
        }
    }
}

/// A length of time as it is configured: `150ms`, `2s`.
pub fn span(ms: u64) -> String {
    if ms > 0 && ms.is_multiple_of(1_000) { format!("{}s", ms / 1_000) } else { format!("{ms}ms") }
}

/// The roll-out of a parent segment's configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rollout(State);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum State {
    NotInitialized,
    Initialized,
    Ok,
    Inconsistent,
    Reads(u32),
    Until(i64),
    Never,
}

impl Rollout {
    /// At rest in a status. An `updating` one stays until it is set to another.
    pub fn at(status: RealtimeStatus) -> Self {
        Rollout(match status {
            RealtimeStatus::NotInitialized => State::NotInitialized,
            RealtimeStatus::Initialized => State::Initialized,
            // Nothing that is read has the second one.
            RealtimeStatus::Updating | RealtimeStatus::Unknown => State::Never,
            RealtimeStatus::Ok => State::Ok,
            RealtimeStatus::Inconsistent => State::Inconsistent,
        })
    }

    /// `updating` until a time in milliseconds since the epoch.
    pub fn until(ms: i64) -> Self {
        Rollout(State::Until(ms))
    }

    /// Whether real-time is set up at all.
    pub fn is_initialized(&self) -> bool {
        self.0 != State::NotInitialized
    }

    /// A change begins to roll out.
    pub fn begin(&mut self, settle: Settle, now: i64) {
        self.0 = match settle {
            Settle::Immediately | Settle::AfterReads(0) => State::Ok,
            Settle::AfterReads(reads) => State::Reads(reads),
            Settle::AfterMs(ms) => State::Until(now.saturating_add(i64::try_from(ms).unwrap_or(i64::MAX))),
            Settle::Never => State::Never,
            Settle::Inconsistent => State::Inconsistent,
        };
    }

    /// When it is over by the clock, in milliseconds since the epoch.
    pub fn due(&self) -> Option<i64> {
        match self.0 {
            State::Until(ms) => Some(ms),
            _ => None,
        }
    }

    /// Ends a roll-out that is under way.
    pub fn finish(&mut self) {
        if matches!(self.0, State::Reads(_) | State::Until(_) | State::Never) {
            self.0 = State::Ok;
        }
    }

    /// The status, without counting as a read.
    pub fn status(&self, now: i64) -> RealtimeStatus {
        match self.0 {
            State::NotInitialized => RealtimeStatus::NotInitialized,
            State::Initialized => RealtimeStatus::Initialized,
            State::Ok => RealtimeStatus::Ok,
            State::Inconsistent => RealtimeStatus::Inconsistent,
            State::Until(until) if now >= until => RealtimeStatus::Ok,
            State::Reads(_) | State::Until(_) | State::Never => RealtimeStatus::Updating,
        }
    }

    /// The status as a reader of the setting sees it.
    pub fn read(&mut self, now: i64) -> RealtimeStatus {
        let status = self.status(now);
        match self.0 {
            State::Reads(1) => self.0 = State::Ok,
            State::Reads(left) => self.0 = State::Reads(left.saturating_sub(1)),
            State::Until(_) if status == RealtimeStatus::Ok => self.0 = State::Ok,
            _ => {}
        }
        status
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_to_settle() {
        let mut rollout = Rollout::at(RealtimeStatus::Initialized);
        rollout.begin(Settle::AfterReads(2), 0);
        let read: Vec<_> = (0..3).map(|_| rollout.read(0).as_str()).collect();
        assert_eq!(read, ["updating", "updating", "ok"]);
        rollout.begin(Settle::AfterMs(150), 1_000);
        assert_eq!((rollout.read(1_149).as_str(), rollout.read(1_150).as_str()), ("updating", "ok"));
        rollout.begin(Settle::Never, 0);
        assert_eq!(rollout.read(i64::MAX), RealtimeStatus::Updating);
        rollout.finish();
        assert_eq!(rollout.read(0), RealtimeStatus::Ok);
        rollout.begin(Settle::Inconsistent, 0);
        rollout.finish();
        assert_eq!(rollout.read(0), RealtimeStatus::Inconsistent, "waiting does not mend it");
    }

    #[test]
    fn settle_has_a_spelling_for_the_shell() {
        for (text, settle) in [
            ("now", Settle::Immediately),
            ("150ms", Settle::AfterMs(150)),
            ("2s", Settle::AfterMs(2_000)),
            ("2reads", Settle::AfterReads(2)),
            ("never", Settle::Never),
        ] {
            assert_eq!(text.parse(), Ok(settle), "{text}");
            assert_eq!(settle.to_string(), text);
        }
        assert!("soon".parse::<Settle>().is_err());
    }
}
