//! What `--prune` takes away: items that an earlier `apply` of the same plan made and that the plan
//! no longer names, and items that are named on the command line.

mod delete;
mod paths;
mod uses;

pub use delete::delete;
use paths::find;

use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::{STDIN, Step};
use crate::plan::difference::join;
use crate::plan::{Configuration, Plan};
use crate::platform::wire::{CatalogPayload, PayloadDefinition, Personalization, RealtimeSettingAttributes};
use crate::steps::attributes::import_column;
use crate::steps::journal::Target;
use crate::steps::ownership::{Items, Ownership, Runs, items, named, section_path, segment_output};
use clap::Args;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Whether a plan's own things go, and where it is noted which those are.
#[derive(Debug, Clone, Default, Args)]
pub struct OwnArgs {
    /// Delete what this plan made earlier and no longer names
    #[arg(long)]
    prune: bool,
    /// Name of the plan, by which what it made is remembered [default: the file's whole path]
    #[arg(long, value_name = "NAME")]
    pub plan_name: Option<String>,
    /// Where it is remembered what plans made [default: ~/.local/state/tdx-rt/ownership.json]
    #[arg(long, value_name = "FILE")]
    ownership: Option<PathBuf>,
}

/// What goes, as flags.
#[derive(Debug, Clone, Default, Args)]
pub struct PruneArgs {
    /// What is the plan's own.
    #[command(flatten)]
    pub own: OwnArgs,
    /// Delete this as well, whoever made it: a path as `diff` and errors name it
    #[arg(long, value_name = "PATH")]
    prune_item: Vec<String>,
}

/// Deleting without a question.
#[derive(Debug, Clone, Default, Args)]
pub struct YesArgs {
    /// Delete without asking
    #[arg(short, long)]
    yes: bool,
}

impl YesArgs {
    /// Asks before anything is deleted; without a terminal `--yes` is the answer. `before` stands in
    /// front of the question.
    pub async fn confirm(&self, ctx: &Context, pruning: &Pruning, before: &str) -> Result<(), Error> {
        let paths: Vec<&str> = pruning.paths.iter().map(String::as_str).collect();
        if paths.is_empty() || self.yes || ctx.requests.dry_run {
            return Ok(());
        }
        let list = paths.join(", ");
        match ctx.ui.confirm(&format!("{before}Delete {list}?")).await {
            Some(true) => Ok(()),
            Some(false) => Err(Error::new(Code::Declined, "nothing was changed: you said no")),
            None => {
                Err(Error::new(Code::Usage, format!("this deletes {list}, and nobody can be asked here"))
                    .hint("nothing was changed; look at it with `tdx-rt diff --prune`, then pass --yes"))
            }
        }
    }
}

impl OwnArgs {
    /// Whether anything may go.
    pub fn prunes(&self) -> bool {
        self.prune
    }

    /// The name of a plan: as the flag says, else its file. What comes through a pipe has none.
    pub fn plan_name(&self, origin: &str) -> Option<String> {
        let of_file = || Some(std::fs::canonicalize(origin).ok()?.display().to_string());
        self.plan_name.clone().or_else(|| (origin != STDIN).then(of_file).flatten())
    }

    /// What the plan of this name made; `None` for a plan without a name.
    pub fn ownership(
        &self,
        ctx: &Context,
        target: &Target,
        name: Option<&str>,
    ) -> Result<Option<Ownership>, Error> {
        let Some(name) = name.filter(|name| !name.trim().is_empty()) else {
            return match self.prune {
                true => Err(Error::new(Code::Usage, "--prune needs to know which plan this is").hint(
                    "a plan that comes through a pipe or is made of flags has no name: pass --plan-name NAME, the same each time",
                )),
                false => Ok(None),
            };
        };
        let state_dir = ctx.settings()?.state_dir.as_deref();
        let ownership = Ownership::new(self.ownership.as_deref(), state_dir, target, name.to_owned());
        if self.prune && ownership.owner().is_none() {
            return Err(Error::new(
                Code::Usage,
                "--prune has no place where it is remembered what plans made",
            )
            .hint("name a file with --ownership FILE; without a home folder there is no other"));
        }
        if self.prune && ownership.items()?.is_empty() {
            ctx.ui.status(&format!("nothing is remembered that the plan '{name}' made here"));
        }
        Ok(Some(ownership))
    }

    /// What the plan made and no other plan names, where that is to go.
    fn owned(&self, ownership: Option<&Ownership>) -> Result<Items, Error> {
        let Some(ownership) = ownership.filter(|_| self.prune) else { return Ok(Items::new()) };
        let (mut owned, others) = (ownership.items()?, ownership.named_by_others()?);
        owned.retain(|path, _| !others.contains(path));
        Ok(owned)
    }

    /// What goes of the plan's personalizations: sections and outputs.
    pub fn pruning_of_sections(
        &self,
        ownership: Option<&Ownership>,
        plan: &Plan,
        live: &Configuration,
    ) -> Result<Pruning, Error> {
        let inside = |path: &String| {
            let of = |name: &str| path.starts_with(&format!("{}.", join("personalizations", name)));
            plan.personalizations.iter().any(|plan| of(&plan.name))
        };
        let mut pruning = Pruning::of(live, &named(plan, live), &self.owned(ownership)?, &[])?;
        pruning.paths.retain(inside);
        Ok(pruning)
    }
}

impl PruneArgs {
    /// Whether a flag says what goes.
    pub fn is_given(&self) -> bool {
        self.prunes() || self.own.plan_name.is_some()
    }

    /// Whether anything may go.
    pub fn prunes(&self) -> bool {
        self.own.prune || !self.prune_item.is_empty()
    }

    /// What goes.
    pub fn pruning(
        &self,
        ownership: Option<&Ownership>,
        step: &Step,
        live: &Configuration,
    ) -> Result<Pruning, Error> {
        Pruning::of(live, &named(&step.plan, live), &self.own.owned(ownership)?, &self.prune_item)
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
        let (there, mut runs) = (items(live), Runs::default());
        let mut paths: BTreeSet<String> = owned
            .iter()
            .filter(|(path, noted)| match there.get(*path) {
                // One of the same name that somebody else has made since is not ours.
                Some(id) => runs.is_ours(path, noted.as_deref(), id.as_deref()),
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
        for wanted in extra {
            paths.extend(find(wanted, &there, named)?);
        }
        Ok(Pruning { paths })
    }

    /// Whether a path goes.
    fn has(&self, kind: &str, name: &str) -> bool {
        self.paths.contains(&join(kind, name))
    }

    /// Takes keys and tables out of a setting.
    fn reduce_setting(&self, setting: &mut RealtimeSettingAttributes) {
        setting.key_columns.retain(|key| key.internal || !self.has("id_stitching", &key.name));
        setting.event_tables.retain(|table| !self.has("event_tables", &table.to_string()));
    }

    /// Takes sections and outputs out of an entity.
    fn reduce(&self, entity: &mut Personalization) {
        let name = entity.attributes.name.clone();
        entity
            .attributes
            .sections
            .retain(|section| !self.paths.contains(&section_path(&name, &section.name)));
        for section in &mut entity.attributes.sections {
            let path = section_path(&name, &section.name);
            let stays = |output: &str| !self.paths.contains(&join(&path, output));
            for node in section.payload.iter_mut().flat_map(|nodes| nodes.values_mut()) {
                keep_only(&mut node.definition, &stays);
            }
        }
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
        after.setting.batch_attributes.retain(|batch| !gone_columns.contains(&batch.column));
        self.reduce_setting(&mut after.setting);
        after.services.retain(|service| !self.has("services", &service.name));
        after.personalizations.retain(|entity| !self.has("personalizations", &entity.attributes.name));
        for entity in &mut after.personalizations {
            self.reduce(entity);
        }
        let gone_journeys: Vec<_> =
            after.journeys.extract_if(.., |journey| self.has("journeys", &journey.attributes.name)).collect();
        let went = |id: Option<&str>| gone_journeys.iter().any(|gone| Some(gone.id.as_str()) == id);
        after.activations.retain(|activation| !went(activation.journey_id()));
        let gone =
            uses::Gone { events: &gone_events, attributes: &gone_attributes, journeys: &gone_journeys };
        let needed = uses::needed(self, after, &gone);
        if needed.is_empty() {
            return Ok(());
        }
        let lines: Vec<_> = needed.iter().map(|(path, user)| format!("'{path}' is used by {user}")).collect();
        Err(Error::new(Code::Conflict, format!("what is used can't be deleted: {}", lines.join("; ")))
            .hint("keep it in the plan, or take away what uses it as well"))
    }
}

/// Takes the outputs that do not stay out of a payload; `None` in place of an empty list.
fn keep_only(definition: &mut PayloadDefinition, stays: &dyn Fn(&str) -> bool) {
    if let Some(items) = &mut definition.attribute_payload {
        items.retain(|item| stays(&item.output_name));
    }
    definition.attribute_payload.take_if(|items| items.is_empty());
    if let Some(items) = &mut definition.string_builder {
        items.retain(|item| stays(&item.output_name));
    }
    definition.string_builder.take_if(|items| items.is_empty());
    if let Some(CatalogPayload::Lookups(items)) = &mut definition.catalog_payload {
        items.retain(|item| stays(item.output_name.as_deref().unwrap_or_default()));
    }
    let none = |payload: &mut CatalogPayload| *payload == CatalogPayload::Lookups(Vec::new());
    definition.catalog_payload.take_if(none);
    if let Some(payload) = &mut definition.segment_payload {
        payload.batch_segments.retain(|segment| stays(&segment_output(&segment.id)));
    }
    definition.segment_payload.take_if(|payload| payload.batch_segments.is_empty());
}
