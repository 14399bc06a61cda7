//! A saved plan: what `diff --save` showed, bound to what it saw.

use super::desired::PlanOptions;
use super::journal::images;
use super::target::ChangeTarget;
use crate::error::{Code, Error};
use crate::plan::difference::Difference;
use crate::plan::{Configuration, Document};
use crate::platform::rule::by_meaning;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Version of the format.
const VERSION: u64 = 1;
/// The key that distinguishes a saved plan from a plan.
const MARK: &str = "saved_plan";

/// A saved plan.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct SavedPlan {
    /// Version of the format
    #[schemars(extend("const" = 1))]
    saved_plan: u64,
    /// Whose configuration it changes.
    pub target: ChangeTarget,
    /// The plan that it came from, as ownership names it; null where it has no name.
    pub name: Option<String>,
    /// The plan.
    pub plan: Map<String, Value>,
    /// How it is applied.
    pub options: PlanOptions,
    /// The paths of what goes.
    pub prune: BTreeSet<String>,
    /// What it changes.
    #[schemars(with = "Vec<Difference>")]
    pub changes: Value,
    /// What is live of what it changes, by the path that the write goes to.
    basis: BTreeMap<String, Value>,
}

impl SavedPlan {
    /// Binds a plan to what it saw: what is live, and what will be.
    pub fn of(
        plan: Map<String, Value>,
        (name, target): (Option<String>, ChangeTarget),
        (options, prune): (PlanOptions, BTreeSet<String>),
        changes: &[Difference],
        [before, after]: [&Configuration; 2],
    ) -> Self {
        let basis = basis(&target, before, after);
        SavedPlan { saved_plan: VERSION, target, name, plan, options, prune, changes: json!(changes), basis }
    }

    /// A document that is a saved plan; `None` for any other.
    pub fn read(document: &Document) -> Result<Option<SavedPlan>, Error> {
        let Some(version) = document.root.get(MARK) else { return Ok(None) };
        let origin = &document.origin;
        if version.as_u64() != Some(VERSION) {
            let message =
                format!("{origin} is a saved plan of version {version}; this program reads {VERSION}");
            return Err(
                Error::new(Code::InvalidPlan, message).hint("save it again: tdx-rt diff -f PLAN --save FILE")
            );
        }
        serde_json::from_value(Value::Object(document.root.clone())).map(Some).map_err(|error| {
            Error::new(Code::InvalidPlan, format!("{origin} is a damaged saved plan: {error}"))
                .hint("save it again: tdx-rt diff -f PLAN --save FILE")
        })
    }

    /// Refuses another account.
    pub fn check_target(&self, target: &ChangeTarget, origin: &str) -> Result<(), Error> {
        if self.target == *target {
            return Ok(());
        }
        let name = |target: &ChangeTarget| {
            let account = target.account.as_deref().unwrap_or("unknown");
            format!("parent segment {} of account {account} at {}", target.parent_segment, target.host)
        };
        let message = format!("{origin} was saved for {}, and this is {}", name(&self.target), name(target));
        Err(Error::new(Code::Conflict, message)
            .hint("use the key and site that it was saved with, or save it again"))
    }

    /// Refuses when anything that it touches is not as it was, or it would now do something else.
    pub fn check_unchanged(
        &self,
        [before, after]: [&Configuration; 2],
        changes: &[Difference],
        origin: &str,
    ) -> Result<(), Error> {
        let now = basis(&self.target, before, after);
        let changes = json!(changes);
        // Rules are compared by what they mean. What is live of a change is in the basis, too.
        let meant = |basis: &BTreeMap<String, Value>| -> Vec<(String, Value)> {
            basis.iter().map(|(path, image)| (path.clone(), by_meaning(image))).collect()
        };
        if meant(&now) == meant(&self.basis) && goals(&changes) == goals(&self.changes) {
            return Ok(());
        }
        let paths = |changes: &Value| -> BTreeMap<String, Value> {
            let items = changes.as_array().into_iter().flatten();
            items.filter_map(|c| Some((c.get("path")?.as_str()?.to_owned(), c.clone()))).collect()
        };
        let (saved, found) = (paths(&self.changes), paths(&changes));
        let mut differ: BTreeSet<&String> =
            saved.iter().filter(|(p, c)| found.get(*p) != Some(c)).map(|(p, _)| p).collect();
        differ.extend(found.iter().filter(|(p, c)| saved.get(*p) != Some(c)).map(|(p, _)| p));
        if differ.is_empty() {
            // The same changes, to something that was made anew or has fields that no plan names.
            differ.extend(self.basis.iter().filter(|(p, image)| now.get(*p) != Some(image)).map(|(p, _)| p));
            differ.extend(now.keys().filter(|path| !self.basis.contains_key(*path)));
        }
        let list: Vec<&str> = differ.iter().map(|path| path.as_str()).collect();
        let message = format!("the configuration has changed since {origin} was saved: {}", list.join(", "));
        Err(Error::new(Code::Conflict, message)
            .hint("nothing was written; look at the new difference and save it again: tdx-rt diff -f PLAN --save FILE")
            .details(json!({"changed": list, "changes": changes})))
    }
}

/// What changes lead to, without what is live.
fn goals(changes: &Value) -> Vec<[Option<&Value>; 3]> {
    let items = changes.as_array().into_iter().flatten();
    items.map(|change| ["action", "path", "to"].map(|key| change.get(key))).collect()
}

/// What is live of what will be written.
fn basis(target: &ChangeTarget, before: &Configuration, after: &Configuration) -> BTreeMap<String, Value> {
    let ps = &target.parent_segment;
    let after: BTreeMap<String, Value> = images(ps, after).into_iter().collect();
    images(ps, before).into_iter().filter(|(path, image)| after.get(path) != Some(image)).collect()
}
