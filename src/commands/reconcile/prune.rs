//! What `--prune` takes away: items that an earlier `apply` of the same plan made and that the plan
//! no longer names, and items that are named on the command line.

use crate::api::Client;
use crate::commands::input::Step;
use crate::context::Context;
use crate::error::{Code, Error};
use crate::plan::difference::join;
use crate::plan::{Configuration, nearest};
use crate::platform::wire::AttributeSpec;
use crate::steps::all;
use crate::steps::attributes::{import_column, imported_columns};
use crate::steps::journal::Target;
use crate::steps::ownership::{Items, Ownership, items, named};
use clap::Args;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// What goes, as flags.
#[derive(Debug, Clone, Default, Args)]
pub struct PruneArgs {
    /// Delete what an earlier `apply` of this plan made and the plan no longer names
    #[arg(long)]
    prune: bool,
    /// Delete this as well, whoever made it: a path as `diff` and errors name it
    #[arg(long, value_name = "PATH")]
    prune_item: Vec<String>,
    /// Name of the plan, by which what it made is remembered [default: the file's whole path]
    #[arg(long, value_name = "NAME")]
    plan_name: Option<String>,
    /// Where it is remembered what plans made [default: ~/.local/state/tdx-rt/ownership.json]
    #[arg(long, value_name = "FILE")]
    ownership: Option<PathBuf>,
}

impl PruneArgs {
    /// Whether a flag says what goes.
    pub fn is_given(&self) -> bool {
        self.prune || !self.prune_item.is_empty() || self.plan_name.is_some()
    }

    /// Whether anything may go.
    pub fn prunes(&self) -> bool {
        self.prune || !self.prune_item.is_empty()
    }

    /// The name of a plan: as the flag says, else its file. What comes through a pipe has none.
    pub fn plan_name(&self, origin: &str) -> Option<String> {
        let of_file = || Some(std::fs::canonicalize(origin).ok()?.display().to_string());
        self.plan_name.clone().or_else(of_file)
    }

    /// What the plan of this name made; `None` for a plan without a name.
    pub fn ownership(
        &self,
        ctx: &Context,
        target: &Target,
        name: Option<&str>,
    ) -> Result<Option<Ownership>, Error> {
        let Some(name) = name else {
            return match self.prune {
                true => Err(Error::new(Code::Usage, "--prune needs to know which plan this is").hint(
                    "a plan that comes through a pipe has no name: pass --plan-name NAME, the same each time",
                )),
                false => Ok(None),
            };
        };
        let state_dir = ctx.settings()?.state_dir.as_deref();
        Ok(Some(Ownership::new(self.ownership.as_deref(), state_dir, target, name.to_owned())))
    }

    /// What goes.
    pub fn pruning(
        &self,
        ownership: Option<&Ownership>,
        step: &Step,
        live: &Configuration,
    ) -> Result<Pruning, Error> {
        let owned = match ownership.filter(|_| self.prune) {
            Some(ownership) => ownership.items()?,
            None => Items::new(),
        };
        Pruning::of(live, &named(&step.plan, live), &owned, &self.prune_item)
    }
}

/// What goes.
#[derive(Debug, Clone, Default)]
pub struct Pruning {
    /// The paths of what goes; see [`crate::steps::ownership`].
    pub paths: BTreeSet<String>,
}

impl Pruning {
    /// What of `owned` is there, under the same id, and is not named by the plan; and `extra`,
    /// whoever made it. An extra that is not there, or that the plan names, is an error.
    pub fn of(
        live: &Configuration,
        named: &BTreeSet<String>,
        owned: &Items,
        extra: &[String],
    ) -> Result<Pruning, Error> {
        let there = items(live);
        let mut paths: BTreeSet<String> = owned
            .iter()
            .filter(|(path, id)| match there.get(*path) {
                // One of the same name that somebody else has made since is not ours.
                Some(now) => id.is_none() || id == &now,
                None => false,
            })
            .map(|(path, _)| path.clone())
            .filter(|path| !named.contains(path))
            .collect();
        // A table that somebody's key event has come to use stays.
        let used: BTreeSet<String> = live
            .events
            .iter()
            .filter(|event| !paths.contains(&join("events", &event.name)))
            .map(|event| join("event_tables", &format!("{}.{}", event.database_name, event.table_name)))
            .collect();
        paths.retain(|path| !used.contains(path));
        for path in extra {
            if named.contains(path) {
                let message = format!("'{path}' can't be deleted: the plan names it");
                return Err(Error::new(Code::Usage, message));
            }
            if !there.contains_key(path) {
                let error = Error::new(Code::NotFound, format!("there is no '{path}' to delete"));
                return Err(match nearest(path, there.keys().map(String::as_str)) {
                    Some(near) => error.hint(format!("did you mean '{near}'?")),
                    None => error.hint("`tdx-rt export` shows what there is"),
                });
            }
            paths.insert(path.clone());
        }
        Ok(Pruning { paths })
    }

    /// Whether a path goes.
    fn has(&self, kind: &str, name: &str) -> bool {
        self.paths.contains(&join(kind, name))
    }

    /// Takes it out of what will be. What something else still needs can't go.
    pub fn apply(&self, after: &mut Configuration) -> Result<(), Error> {
        if self.paths.is_empty() {
            return Ok(());
        }
        let gone_events: Vec<_> =
            after.events.extract_if(.., |event| self.has("events", &event.name)).collect();
        let gone_attributes: Vec<_> =
            after.attributes.extract_if(.., |attribute| self.has("attributes", &attribute.name)).collect();
        let gone_columns: Vec<String> = gone_attributes
            .iter()
            .filter_map(|attribute| import_column(attribute, &after.setting.batch_attributes))
            .map(str::to_owned)
            .collect();
        let setting = &mut after.setting;
        setting.batch_attributes.retain(|batch| !gone_columns.contains(&batch.column));
        setting.key_columns.retain(|key| key.internal || !self.has("id_stitching", &key.name));
        setting.event_tables.retain(|table| !self.has("event_tables", &table.to_string()));
        after.services.retain(|service| !self.has("services", &service.name));
        after.personalizations.retain(|entity| !self.has("personalizations", &entity.attributes.name));
        let mut needed = Vec::new();
        for event in &gone_events {
            let id = event.id.as_deref().unwrap_or_default();
            needed.extend(
                users_of_event(after, id).into_iter().map(|user| (join("events", &event.name), user)),
            );
        }
        for attribute in &gone_attributes {
            let id = attribute.id.as_deref().unwrap_or_default();
            let path = join("attributes", &attribute.name);
            needed.extend(users_of_attribute(after, id).into_iter().map(|user| (path.clone(), user)));
        }
        for event in &after.events {
            let table = format!("{}.{}", event.database_name, event.table_name);
            if self.has("event_tables", &table) {
                needed.push((join("event_tables", &table), format!("the key event '{}'", event.name)));
            }
        }
        if needed.is_empty() {
            return Ok(());
        }
        let lines: Vec<_> = needed.iter().map(|(path, user)| format!("'{path}' is used by {user}")).collect();
        Err(Error::new(Code::Conflict, format!("what is used can't be deleted: {}", lines.join("; ")))
            .hint("keep it in the plan, or take away what uses it as well"))
    }
}

fn users_of_event(after: &Configuration, id: &str) -> Vec<String> {
    let feeds = |spec: &AttributeSpec| {
        let acts = match spec {
            AttributeSpec::List(list) => list.actions.iter().any(|action| action.realtime_key_event_id == id),
            _ => false,
        };
        acts || spec.key_event() == Some(id)
    };
    let attributes = after.attributes.iter().filter(|attribute| feeds(&attribute.spec));
    let mut users: Vec<String> =
        attributes.map(|attribute| format!("the attribute '{}'", attribute.name)).collect();
    for entity in &after.personalizations {
        let triggers = entity.attributes.sections.iter().any(|section| {
            let entry = section.entry_criteria.as_ref().and_then(|entry| entry.key_event_criteria.as_ref());
            entry.is_some_and(|event| event.key_event_id == id)
        });
        if triggers {
            users.push(format!("the personalization '{}'", entity.attributes.name));
        }
    }
    users
}

fn users_of_attribute(after: &Configuration, id: &str) -> Vec<String> {
    // Ids of attributes stand in payloads, catalog lookups and criteria, under these keys.
    let mentions = |value: &serde_json::Value| {
        let text = value.to_string();
        let quoted = json!(id).to_string();
        ["realtimeAttributeId", "lookupAttributeId"]
            .iter()
            .any(|key| text.contains(&format!("\"{key}\":{quoted}")))
    };
    let using = after.personalizations.iter().filter(|entity| mentions(&json!(entity.attributes.sections)));
    using.map(|entity| format!("the personalization '{}'", entity.attributes.name)).collect()
}

/// Deletes what goes, but for sections and outputs, which a write of their personalization takes
/// away: first what uses, then what is used.
pub async fn delete(
    client: &Client,
    ps: &str,
    pruning: &Pruning,
    live: &Configuration,
    now: &Configuration,
) -> Result<Items, Error> {
    let gone: Items = items(live).into_iter().filter(|(path, _)| pruning.paths.contains(path)).collect();
    let id = |id: &Option<String>| id.clone().unwrap_or_default();
    let entities =
        live.personalizations.iter().filter(|p| pruning.has("personalizations", &p.attributes.name));
    all(entities.map(|entity| async { Ok(client.delete_personalization(&entity.id).await?) })).await?;
    let services = live.services.iter().filter(|service| pruning.has("services", &service.name));
    all(services.map(|service| async move { Ok(client.delete_service(ps, &id(&service.id)).await?) }))
        .await?;
    let batch = &live.setting.batch_attributes;
    let (imported, own): (Vec<_>, Vec<_>) = live
        .attributes
        .iter()
        .filter(|attribute| pruning.has("attributes", &attribute.name))
        .partition(|attribute| import_column(attribute, batch).is_some());
    all(own.iter().map(|attribute| async { Ok(client.delete_attribute(ps, &id(&attribute.id)).await?) }))
        .await?;
    if !imported.is_empty() {
        // Imported ones go by leaving them out of the whole set.
        let columns = imported_columns(&now.attributes, &now.setting.batch_attributes);
        client.import_attributes(ps, &columns).await?;
    }
    let events = live.events.iter().filter(|event| pruning.has("events", &event.name));
    all(events.map(|event| async { Ok(client.delete_key_event(ps, &id(&event.id)).await?) })).await?;
    let setting = |path: &String| path.starts_with("event_tables.") || path.starts_with("id_stitching.");
    if gone.keys().any(setting) {
        client.write_setting(ps, &now.setting).await?;
    }
    Ok(gone)
}
