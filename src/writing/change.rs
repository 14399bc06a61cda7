//! A change, as a command asks for it.

use crate::error::Error;
use crate::input::Waiting;
use crate::plan::{Configuration, Plan};
use crate::steps::desired::Desired;
use crate::steps::journal::Ids;
use crate::steps::live::{Live, Parts};
use crate::steps::ownership::Ownership;
use crate::steps::target::{ChangeTarget, Owner};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What is desired over what is live now; things that were made have the ids given.
pub type Again<'a> = dyn Fn(&Live, &Ids) -> Result<Desired, Error> + 'a;

/// A change to carry out.
pub struct Change<'a> {
    /// The words of the command, for the journal.
    pub command: &'a str,
    /// Whose configuration it is.
    pub target: &'a ChangeTarget,
    /// Where the plan came from.
    pub origin: &'a str,
    /// A file for the journal; else a new one in the state folder.
    pub journal: Option<&'a Path>,
    /// What the plan made, and what it names.
    pub owned: Option<(&'a Ownership, BTreeSet<String>)>,
    /// Whose things it takes back, where it is an undo.
    pub owner: Option<Owner>,
    /// The journals that are undone by it, the first of which notes what is made again.
    pub undoes: &'a [PathBuf],
    /// Whether it is the undo of an undo.
    pub redo: bool,
    /// What is noted once all is written, before the wait: given what was live, what is, and new ids.
    pub done: &'a dyn Fn(&Configuration, &Configuration, &Ids) -> Result<(), Error>,
    /// What is read to compare again.
    pub parts: Parts,
    /// The plan that is compared again.
    pub plan: Plan,
    /// Compares again.
    pub again: &'a Again<'a>,
    /// Whether and how to wait until the change is rolled out.
    pub wait: Waiting,
}

impl<'a> Change<'a> {
    /// A change that is made of flags alone, with a new journal.
    pub fn new(
        command: &'a str,
        target: &'a ChangeTarget,
        parts: Parts,
        again: &'a Again<'a>,
        wait: Waiting,
    ) -> Self {
        let (origin, plan) = ("flags", Plan::default());
        Change {
            command,
            target,
            origin,
            journal: None,
            owned: None,
            owner: None,
            undoes: &[],
            redo: false,
            done: &|_, _, _| Ok(()),
            parts,
            plan,
            again,
            wait,
        }
    }
}
