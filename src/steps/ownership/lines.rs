//! The lines that a plan says inside of its items, remembered so that `diff` finds those that were taken out.

use super::Ownership;
use crate::error::Error;
use crate::plan::Configuration;
use crate::plan::lines::{as_document, bare, left_out, only, remembered, rename};
use crate::plan::rename::things;
use crate::steps::desired::Desired;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What the plan had, see [`crate::plan::lines`].
const SAYS: &str = "says";
/// The paths of what of that it does not say any more, although it is still live.
const LEFT: &str = "left";

impl Ownership {
    /// The lines that the plan had, that neither it nor another plan has, and that will be live as they
    /// were in it. `names` is what is live, under its own names and under those that the plan gives it.
    pub fn lines(&self, names: [&Configuration; 2], desired: &Desired) -> Result<BTreeSet<String>, Error> {
        let own = desired.own.lines(&desired.state);
        let theirs = |other: Map<String, Value>| {
            let mut theirs = left_out(&desired.own.of_its_items(part(&other, SAYS)), &own);
            let dropped = other.get(LEFT).and_then(Value::as_array).cloned().unwrap_or_default();
            theirs.retain(|line, _| !dropped.contains(&json!(line)));
            theirs
        };
        let theirs: Vec<_> = self.others()?.into_iter().map(theirs).collect();
        let mut lines = left(&self.recorded(names)?, &own, &desired.state, desired);
        lines.retain(|line, text| theirs.iter().all(|theirs| theirs.get(line) != Some(text)));
        Ok(lines.into_keys().collect())
    }

    /// The lines that are live, under the new names of `names`, and that the plan did not say. Of what it made
    /// (`own`, paths as `diff` has them) and had nothing, these are all.
    pub fn unsaid(
        &self,
        names: [&Configuration; 2],
        own: &BTreeSet<String>,
    ) -> Result<BTreeSet<String>, Error> {
        let there = as_document(names[1]);
        let base = remembered(&bare(only(there.clone(), own)), self.recorded(names)?, &BTreeSet::new());
        // No criteria are none of them, nor the order of sections, an identifier after a rename, and what runs.
        let is_none = |line: &str| {
            [".sections", ".identifier", ".state", ".paused"].iter().any(|end| line.ends_with(end))
        };
        let mut lines = left_out(&there, &base);
        lines.retain(|line, text| *text != "" && !is_none(line));
        Ok(lines.into_keys().collect())
    }

    /// Remembers what the plan says, and what it had and is still live, after a run that led to `now`.
    pub fn remember(
        &self,
        names: [&Configuration; 2],
        desired: &Desired,
        now: &Configuration,
    ) -> Result<(), Error> {
        let (base, own) = (self.recorded(names)?, desired.own.lines(&desired.state));
        let left: BTreeSet<String> = left(&base, &own, now, desired).into_keys().collect();
        let says = remembered(&base, own, &left);
        self.change(|noted| {
            noted.insert(SAYS.into(), Value::Object(says));
            noted.insert(LEFT.into(), json!(left));
        })
    }

    /// All that is remembered of lines, as a journal keeps it for an undo.
    pub fn noted_lines(&self) -> Result<Value, Error> {
        let mut noted = self.noted()?;
        Ok(json!({SAYS: noted.remove(SAYS), LEFT: noted.remove(LEFT)}))
    }

    /// Remembers what a journal kept.
    pub fn restore_lines(&self, lines: &Value) -> Result<(), Error> {
        let lines = lines.as_object().cloned().unwrap_or_default();
        if lines.is_empty() { Ok(()) } else { self.change(|noted| noted.extend(lines)) }
    }

    /// Whether anything is remembered of what the plan had.
    pub fn knows_lines(&self) -> Result<bool, Error> {
        Ok(!part(&self.noted()?, SAYS).is_empty())
    }

    /// What the plan had, under new names.
    fn recorded(&self, [before, after]: [&Configuration; 2]) -> Result<Map<String, Value>, Error> {
        let mut document = part(&self.noted()?, SAYS);
        for (old, new) in things(before).iter().zip(things(after)).filter(|(old, new)| old.name != new.name) {
            rename(&mut document, old, &new);
        }
        Ok(document)
    }
}

/// The lines of the plan's items that were in it (`base`), are live `now` as they were in it, and are not in it now.
fn left(
    base: &Map<String, Value>,
    own: &Map<String, Value>,
    now: &Configuration,
    desired: &Desired,
) -> BTreeMap<String, Value> {
    let items = |document| left_out(&desired.own.of_its_items(document), own);
    let (there, mut left) = (items(as_document(now)), items(base.clone()));
    left.retain(|line, text| there.get(line) == Some(text));
    left
}

fn part(noted: &Map<String, Value>, key: &str) -> Map<String, Value> {
    noted.get(key).and_then(Value::as_object).cloned().unwrap_or_default()
}
