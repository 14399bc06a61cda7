//! The lines that a plan says inside of its items, remembered so that `diff` finds those that were taken out.

use super::Ownership;
use crate::error::Error;
use crate::plan::Configuration;
use crate::plan::lines::{left, rename, said};
use crate::plan::rename::things;
use crate::steps::desired::Desired;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// What the plan said, see [`crate::plan::lines`].
const SAYS: &str = "says";
/// The paths of what of that it does not say any more, although it is still live.
const LEFT: &str = "left";

impl Ownership {
    /// The lines that the plan said, that neither it nor another plan says, and that will be there as they
    /// were said. `names` is what is live, under its own names and under those that the plan gives it.
    pub fn lines(&self, names: [&Configuration; 2], desired: &Desired) -> Result<BTreeSet<String>, Error> {
        let (base, now) = (self.said(names)?, said(&desired.state));
        let own = &desired.own.says;
        let mut lines = left(&base, own, &now).1;
        for other in self.others()? {
            let theirs = left(&part(&other, SAYS), own, &now).1;
            let dropped = other.get(LEFT).and_then(Value::as_array).cloned().unwrap_or_default();
            lines.retain(|line| !theirs.contains(line) || dropped.contains(&json!(line)));
        }
        Ok(lines)
    }

    /// Remembers what the plan says, and what it said and is still there, after a run that led to `now`.
    pub fn remember(
        &self,
        names: [&Configuration; 2],
        desired: &Desired,
        now: &Configuration,
    ) -> Result<(), Error> {
        let (says, left) = left(&self.said(names)?, &desired.own.says, &said(now));
        self.change(|noted| {
            noted.insert(SAYS.into(), Value::Object(says));
            noted.insert(LEFT.into(), json!(left));
        })
    }

    /// Whether anything is remembered of what the plan said.
    pub fn knows_lines(&self) -> Result<bool, Error> {
        Ok(!part(&self.noted()?, SAYS).is_empty())
    }

    /// What the plan said, under new names.
    fn said(&self, [before, after]: [&Configuration; 2]) -> Result<Map<String, Value>, Error> {
        let mut said = part(&self.noted()?, SAYS);
        for (old, new) in things(before).iter().zip(things(after)).filter(|(old, new)| old.name != new.name) {
            rename(&mut said, old, &new);
        }
        Ok(said)
    }
}

fn part(noted: &Map<String, Value>, key: &str) -> Map<String, Value> {
    noted.get(key).and_then(Value::as_object).cloned().unwrap_or_default()
}
