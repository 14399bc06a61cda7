//! How long what takes time on the platform takes here: runs of a parent segment, and jobs.

use super::rollout::{Rollout, Settle};
use crate::platform::wire::RealtimeStatus;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How long something takes: a [`Settle`] without the kind that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Settle", into = "Settle")]
pub struct Pace(Settle);

/// A string that is not a [`Pace`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not one of: now, <n>ms, <n>s, <n>reads, never")]
pub struct UnknownPace(pub String);

impl TryFrom<Settle> for Pace {
    type Error = UnknownPace;

    fn try_from(settle: Settle) -> Result<Self, Self::Error> {
        match settle {
            Settle::Inconsistent => Err(UnknownPace(settle.to_string())),
            _ => Ok(Pace(settle)),
        }
    }
}

impl From<Pace> for Settle {
    fn from(pace: Pace) -> Self {
        pace.0
    }
}

impl FromStr for Pace {
    type Err = UnknownPace;

    /// `now`, `150ms`, `2s`, `2reads`, `never`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownPace(text.to_owned());
        text.parse::<Settle>().map_err(|_| unknown())?.try_into().map_err(|_| unknown())
    }
}

impl fmt::Display for Pace {
    /// What [`FromStr`] reads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Pace {
    /// Something begins to take its time.
    pub fn begin(self, now: i64) -> Progress {
        let mut progress = Progress::over();
        progress.0.begin(self.0, now);
        progress
    }
}

/// The paces of a sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Paces {
    /// Runs of a parent segment.
    pub runs: Pace,
    /// Jobs, besides the time that the query really takes.
    pub jobs: Pace,
}

impl Default for Paces {
    /// Runs take 150 ms: long enough that a client has to wait, short enough for a test. Jobs take as long as their
    /// query.
    fn default() -> Self {
        Paces { runs: Pace(Settle::AfterMs(150)), jobs: Pace(Settle::Immediately) }
    }
}

/// How far something is that takes its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress(Rollout);

impl Progress {
    /// That of something whose time is over.
    pub fn over() -> Self {
        Progress(Rollout::at(RealtimeStatus::Ok))
    }

    /// Whether its time is over.
    pub fn is_over(&self, now: i64) -> bool {
        self.0.status(now) == RealtimeStatus::Ok
    }

    /// Somebody looks at it: after so many reads its time is over.
    pub fn read(&mut self, now: i64) {
        self.0.read(now);
    }

    /// When its time is over by the clock, in milliseconds since the epoch; also once that has passed.
    pub fn due(&self) -> Option<i64> {
        self.0.due()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pace() {
        let over = |text: &str, now: i64| text.parse::<Pace>().unwrap().begin(1_000).is_over(now);
        assert!(over("now", 1_000) && over("2s", 3_000) && !over("2s", 2_999) && !over("never", i64::MAX));
        let mut reads = "2reads".parse::<Pace>().unwrap().begin(0);
        let seen: Vec<bool> = (0..3)
            .map(|_| {
                let over = reads.is_over(0);
                reads.read(0);
                over
            })
            .collect();
        assert_eq!(seen, [false, false, true]);
        for bad in ["inconsistent", "soon", ""] {
            assert_eq!(bad.parse::<Pace>(), Err(UnknownPace(bad.to_owned())));
        }
    }
}
