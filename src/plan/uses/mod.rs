//! What uses what in a configuration: the one source for deleting, pruning, undoing and drawing.
//!
//! References are found by the JSON keys that they stand under, so that fields of later versions and
//! rules in a form that is not known count as well. What is named rather than referred to by id
//! (placeholders, catalogs, keys of catalogs, the service of a personalization) counts too.

mod things;
mod user;
mod walk;

pub use user::{User, UserKind};

use super::Configuration;
use crate::platform::wire::EventTable;
use indexmap::IndexMap;
use std::collections::HashSet;
use std::fmt;
use things::{emptied, things};

/// What may be used. Personalizations are used by nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Used {
    /// An event table: by key events.
    EventTable(EventTable),
    /// A stitching key, by its column: by placeholders; the last one by every personalization and
    /// journey, which find visitors by it.
    StitchingKey(String),
    /// A key event, by its id.
    KeyEvent(String),
    /// An attribute, by its id.
    Attribute(String),
    /// A part of an attribute.
    Part {
        /// The attribute's id.
        attribute: String,
        /// The identifier of an aggregation or a window, or the name of a catalog's column.
        identifier: String,
    },
    /// A service, by its id: by the personalization of its name, which is called with its tokens.
    Service(String),
    /// A token, by its id: by the personalization that has the name of its service.
    Token(String),
    /// The last section of a personalization, which needs one.
    LastSection {
        /// The personalization's id.
        personalization: String,
    },
    /// The last output of a section, which needs one. Batch segments are none.
    LastOutput {
        /// The personalization's id.
        personalization: String,
        /// The section's name.
        section: String,
    },
    /// A journey, by its id: by jumps of other journeys.
    Journey(String),
    /// A stage of a journey, by its id.
    Stage(String),
    /// An activation of a journey, by its id: by the step that sends it.
    Activation(String),
}

impl Used {
    /// What it is, with an article.
    fn what(&self) -> &'static str {
        match self {
            Used::EventTable(_) => "an event table",
            Used::StitchingKey(_) => "a stitching key",
            Used::KeyEvent(_) => "a key event",
            Used::Attribute(_) => "an attribute",
            Used::Part { .. } => "a part of an attribute",
            Used::Service(_) => "a service",
            Used::Token(_) => "a token",
            Used::LastSection { .. } => "a section",
            Used::LastOutput { .. } => "an output",
            Used::Journey(_) => "a journey",
            Used::Stage(_) => "a stage",
            Used::Activation(_) => "an activation",
        }
    }
}

/// Something that is deleted although something that stays uses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// What is deleted.
    pub used: Used,
    /// Its path, as `--prune-item` takes it where it is an item of its own.
    pub path: String,
    /// In words: `list attribute 'cart'`.
    pub what: String,
    /// What uses it, at least one, in the order of the configuration.
    pub users: Vec<User>,
}

impl Conflict {
    /// Whether a user is not valid without it; see [`User::required`].
    pub fn is_required(&self) -> bool {
        self.users.iter().any(|user| user.required)
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let users: Vec<String> = self.users.iter().map(User::to_string).collect();
        match self.used {
            Used::LastSection { .. } | Used::LastOutput { .. } => {
                write!(f, "{} can't be deleted: {} can't be empty", self.what, users.join(", "))
            }
            _ => write!(f, "{} is used by {}", self.what, users.join(", ")),
        }
    }
}

/// A reference to something that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Dangling {
    /// What is missing.
    pub used: Used,
    /// What refers to it.
    pub user: User,
}

impl fmt::Display for Dangling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} needs {} that is gone", self.user, self.used.what())
    }
}

/// What uses something in a configuration, itself apart, in the order of the configuration.
pub fn users(configuration: &Configuration, used: &Used) -> Vec<User> {
    uses(configuration, configuration).swap_remove(used).unwrap_or_default()
}

/// Everything that exists before and not after, and that something still uses after. Things are the
/// same by their ids, tables, keys and parts of attributes by their names. Of what goes together only the
/// whole is listed: not the parts of a deleted attribute, nor the stages and activations of a journey.
/// Tokens are left out, because no configuration says which of them is in use: ask [`users`] of one.
pub fn conflicts(before: &Configuration, after: &Configuration) -> Vec<Conflict> {
    let uses = uses(after, before);
    let stays = things(after);
    let gone_columns: HashSet<&str> = columns(before).difference(&columns(after)).copied().collect();
    let mut gone: IndexMap<Used, things::UsedThing> = things(before);
    gone.retain(|used, thing| {
        let import = thing.column.as_deref().is_some_and(|column| gone_columns.contains(column));
        let whole_goes = thing.of.as_ref().is_some_and(|whole| !stays.contains_key(whole));
        (import || !stays.contains_key(used)) && !whole_goes && !matches!(used, Used::Token(_))
    });
    let used = gone.into_iter().filter_map(|(used, thing)| {
        let users = uses.get(&used)?.clone();
        Some(Conflict { used, path: thing.path, what: thing.what, users })
    });
    used.chain(emptied(before, after)).collect()
}

/// What has to be deleted before what is in conflict can be: each item once, in an order in which nothing is
/// deleted while something uses it. Journeys that jump to each other have no such order.
pub fn to_free(before: &Configuration, conflicts: &[Conflict]) -> Vec<User> {
    fn add(user: &User, uses: &IndexMap<Used, Vec<User>>, seen: &mut HashSet<Item>, found: &mut Vec<User>) {
        if seen.insert((user.kind, user.name.clone())) {
            let users = user.used().and_then(|used| uses.get(&used));
            users.into_iter().flatten().for_each(|other| add(other, uses, seen, found));
            found.push(user.clone());
        }
    }
    let (uses, mut seen, mut found) = (uses(before, before), HashSet::new(), Vec::new());
    let users = conflicts.iter().flat_map(|conflict| &conflict.users);
    users.for_each(|user| add(user, &uses, &mut seen, &mut found));
    found
}

type Item = (UserKind, String);

/// The references of a configuration to what does not exist. `known` says what will exist nevertheless; so
/// will what has an id that starts with `new:`.
pub fn dangling(configuration: &Configuration, known: &dyn Fn(&Used) -> bool) -> Vec<Dangling> {
    let there = things(configuration);
    let is_new = |used: &Used| match used {
        Used::KeyEvent(id)
        | Used::Attribute(id)
        | Used::Part { attribute: id, .. }
        | Used::Journey(id)
        | Used::Stage(id)
        | Used::Activation(id) => id.starts_with("new:"),
        _ => false,
    };
    // A part is missing where its attribute exists.
    let is_listed = |used: &Used| match used {
        Used::Part { attribute, .. } => there.contains_key(&Used::Attribute(attribute.clone())),
        _ => true,
    };
    let missing = uses(configuration, configuration)
        .into_iter()
        .filter(|(used, _)| !there.contains_key(used) && is_listed(used) && !is_new(used) && !known(used));
    missing
        .flat_map(|(used, users)| users.into_iter().map(move |user| Dangling { used: used.clone(), user }))
        .collect()
}

/// The batch attributes that are imported.
fn columns(configuration: &Configuration) -> HashSet<&str> {
    configuration.setting.batch_attributes.iter().map(|batch| batch.column.as_str()).collect()
}

/// What is used, with what uses it. What is named rather than referred to by id is looked up in `names`.
fn uses(configuration: &Configuration, names: &Configuration) -> IndexMap<Used, Vec<User>> {
    walk::Walk::over(configuration, names)
}

#[cfg(test)]
mod tests;
