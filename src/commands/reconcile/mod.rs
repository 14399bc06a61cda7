//! What `diff` and `apply` share: a plan against what is live, checked as a whole before anything
//! is written, and then carried out.

mod before;
mod carry_out;
mod prune;
mod saved;

pub use before::{Before, configuration};
pub use carry_out::{Carried, carry_out};
pub use prune::{OwnArgs, PruneArgs, Pruning, YesArgs};
pub use saved::{SavedPlan, counts};

use super::journey_create::make;
use super::pz_create::{Job, PzOptions, wanted_service};
use super::{rt_attrs, rt_events, rt_keys};
use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::{DocumentArgs, Step, read_document};
use crate::plan::difference::{Change, changes};
use crate::plan::export::export;
use crate::plan::{Configuration, Document, PersonalizationService};
use crate::platform::wire::{KeyEvent, RealtimeAttribute, RealtimeSettingAttributes};
use crate::steps::events::{self, WantedEvent};
use crate::steps::journal::Target;
use crate::steps::ownership::Ownership;
use crate::steps::setting::{Merged, Wanted, lookup_key, merge, profile_key};
use crate::steps::{attributes, service};
use before::event_tables;
use clap::Args;
use serde_json::{Map, Value};

/// Which plan, and how.
#[derive(Debug, Clone, Args)]
pub struct PlanArgs {
    /// Plan to read (YAML or JSON; `-` for stdin)
    #[arg(value_name = "FILE", conflicts_with = "file")]
    plan: Option<String>,
    #[command(flatten)]
    document: DocumentArgs,
    #[command(flatten)]
    pub options: PzOptions,
    #[command(flatten)]
    pub prune: PruneArgs,
}

impl PlanArgs {
    /// The parent segment of `--ps`.
    pub fn ps(&self) -> Option<&str> {
        self.document.ps.as_deref()
    }

    /// The document, or one of flags alone.
    pub async fn read(&self) -> Result<Document, Error> {
        let file = self.plan.clone().or(self.document.file.clone());
        let read = read_document(&DocumentArgs { file, ..self.document.clone() }).await?;
        Ok(read.unwrap_or_else(|| Document::from_root(Map::new(), "flags")))
    }

    /// Reads what is live and compares it with the plan.
    pub async fn reconcile(&self, ctx: &Context, document: Document) -> Result<Compared, Error> {
        let step = Step::of(ctx, document, self.ps(), |_| Ok(false)).await?;
        let target = target(ctx, &step.ps.id)?;
        let name = self.prune.own.plan_name(&step.document.origin);
        let ownership = self.prune.own.ownership(ctx, &target, name.as_deref())?;
        let pruning = |step: &Step, live: &Configuration| self.prune.pruning(ownership.as_ref(), step, live);
        let reconciliation =
            Reconciliation::make(ctx, step, &self.options, self.prune.prunes(), pruning).await?;
        Ok(Compared { reconciliation, target, name, ownership })
    }
}

/// A plan that was compared with what is live.
#[derive(Debug)]
pub struct Compared {
    /// What differs.
    pub reconciliation: Reconciliation,
    /// Whose configuration it is.
    pub target: Target,
    /// The name of the plan; one from a pipe has none.
    pub name: Option<String>,
    /// What the plan made.
    pub ownership: Option<Ownership>,
}

/// A plan against what is live.
#[derive(Debug)]
pub struct Reconciliation {
    /// The document and its parent segment.
    pub step: Step,
    /// What is live.
    pub before: Before,
    /// What is live, as a plan would say it.
    pub live_document: Map<String, Value>,
    /// What will be, as a plan would say it.
    pub wanted_document: Map<String, Value>,
    /// What leads from the one to the other.
    pub changes: Vec<Change>,
    /// What goes.
    pub pruning: Pruning,
    wanted_events: Vec<WantedEvent>,
    merged: Merged,
    /// What will be.
    after: Configuration,
    options: PzOptions,
}

impl Reconciliation {
    /// Reads what is live and checks all that can be checked before the first write, so that a
    /// wrong plan changes nothing. `prunes` says whether anything may go.
    pub async fn make(
        ctx: &Context,
        mut step: Step,
        options: &PzOptions,
        prunes: bool,
        pruning: impl FnOnce(&Step, &Configuration) -> Result<Pruning, Error>,
    ) -> Result<Self, Error> {
        if step.plan.is_empty() {
            return Err(Error::new(Code::Usage, "there is nothing to apply").hint(
                "pass a plan with -f FILE, or pipe one in; `tdx-rt discover --use-case …` proposes one",
            ));
        }
        let wanted_events = rt_events::wanted(&mut step);
        let before = Before::load(ctx, &step, &wanted_events, prunes).await?;
        let live = before.configuration();
        let pruning = pruning(&step, &live)?;
        let merged = check_setting(&mut step, &before, &wanted_events)?;
        let after = outlook(&mut step, &before, &wanted_events, &merged, options, &pruning)?;
        make::warn_unchecked(ctx, &before.connections);
        let (live_document, wanted_document) = (document(&live), document(&after));
        let changes = changes(&live_document, &wanted_document);
        let options = options.clone();
        Ok(Reconciliation {
            step,
            before,
            live_document,
            wanted_document,
            changes,
            pruning,
            wanted_events,
            merged,
            after,
            options,
        })
    }

    /// How personalizations are made.
    pub fn options(&self) -> &PzOptions {
        &self.options
    }

    /// What will be.
    pub fn after(&self) -> &Configuration {
        &self.after
    }
}

/// Key events and stitching keys against schemas and what is fixed.
fn check_setting(step: &mut Step, before: &Before, wanted: &[WantedEvent]) -> Result<Merged, Error> {
    events::check(wanted, &before.events, &before.schemas)?;
    let mut merging = Wanted { event_tables: event_tables(step, wanted), ..Wanted::default() };
    if let Some(stitching) = step.plan.id_stitching.clone() {
        merging.keys = rt_keys::wanted(step, &stitching);
        rt_keys::check(&merging.keys, &before.setting, &before.schemas)?;
        let live = before.setting.attributes.ext_lookup_key.as_deref();
        let asked = stitching.ext_lookup_key.as_deref();
        merging.lookup_key_said = asked.is_some();
        merging.ext_lookup_key = lookup_key(asked, live, profile_key(&before.audience).as_deref())?;
    }
    merge(&before.setting.attributes, &merging)
}

/// What will be: with made-up ids for what is not there yet.
fn outlook(
    step: &mut Step,
    before: &Before,
    wanted: &[WantedEvent],
    merged: &Merged,
    options: &PzOptions,
    pruning: &Pruning,
) -> Result<Configuration, Error> {
    let events = events::outlook(wanted, &before.events);
    rt_attrs::tables(&step.plan.attributes, &events)?;
    let wanted_attributes = rt_attrs::wanted(step, &events, &before.schemas)?;
    let prepared = attributes::prepare(&wanted_attributes, before.live(&events, &merged.attributes))?;
    let mut after = Configuration {
        attributes: prepared.outlook(&before.attributes),
        events,
        setting: merged.attributes.clone(),
        ..before.configuration()
    };
    prepared.add_imports(&mut after.setting.batch_attributes);
    let plans = step.plan.personalizations.clone();
    for plan in &plans {
        if plan.wants_service() {
            let services = &before.personalization.services;
            service::check(&plan.name, plan.public, services)?;
            let service = service::outlook(&wanted_service(plan, options), services);
            replace(&mut after.services, service, |service| &service.name);
        }
        if plan.wants_entity() {
            let (events, attributes, setting) = (&after.events, &after.attributes, &after.setting);
            let job = job(step, before, plan, options, pruning, events, attributes, setting);
            let entity = job.outlook()?;
            replace(&mut after.personalizations, entity, |entity| &entity.attributes.name);
        }
    }
    outlook_of_journeys(step, before, &mut after, options)?;
    pruning.apply(&mut after)?;
    Ok(after)
}

/// Puts the journeys of the plan as they will be.
fn outlook_of_journeys(
    step: &Step,
    before: &Before,
    after: &mut Configuration,
    options: &PzOptions,
) -> Result<(), Error> {
    let plans = &step.plan.journeys;
    if plans.is_empty() {
        return Ok(());
    }
    make::folder_for(plans, &before.journeys, &before.folders, options.folder.as_deref())?;
    let (events, attributes, setting) =
        (after.events.clone(), after.attributes.clone(), after.setting.clone());
    let ground = before.ground(step, &events, &attributes, &setting);
    for prepared in ground.prepare(plans, &before.journeys)? {
        let (journey, activations) = prepared.outlook(&before.journeys);
        after.activations.retain(|there| there.journey_id() != Some(journey.id.as_str()));
        after.activations.extend(activations);
        replace(&mut after.journeys, journey, |journey| &journey.attributes.name);
    }
    Ok(())
}

/// A configuration as a plan would say it, with all event tables: a plan itself lets key events stand
/// for theirs.
fn document(configuration: &Configuration) -> Map<String, Value> {
    let mut root = Map::new();
    let tables: Vec<Value> =
        configuration.setting.event_tables.iter().map(|table| table.to_string().into()).collect();
    root.insert("event_tables".into(), Value::Array(tables.clone()));
    root.extend(export(configuration).root);
    root.insert("event_tables".into(), Value::Array(tables));
    root
}

/// Puts an item in the place of the one with its name, or at the end.
fn replace<T>(items: &mut Vec<T>, item: T, name: impl Fn(&T) -> &String) {
    match items.iter_mut().find(|there| name(there) == name(&item)) {
        Some(there) => *there = item,
        None => items.push(item),
    }
}

#[expect(clippy::too_many_arguments, reason = "a job is made of all that is known")]
fn job<'a>(
    step: &'a Step,
    before: &'a Before,
    plan: &'a PersonalizationService,
    options: &'a PzOptions,
    pruning: &'a Pruning,
    events: &'a [KeyEvent],
    attributes: &'a [RealtimeAttribute],
    setting: &'a RealtimeSettingAttributes,
) -> Job<'a> {
    Job {
        ps: &step.ps.id,
        plan,
        planned: &step.plan.attributes,
        options,
        prune: &pruning.paths,
        live: &before.personalization,
        events,
        attributes,
        imported: &setting.batch_attributes,
    }
}

/// A unified diff in the usual colours, where colours are wanted.
pub fn coloured(diff: &str, ctx: &Context) -> String {
    if !ctx.ui.colours_stdout() {
        return diff.to_owned();
    }
    let colour = |(index, line): (usize, &str)| match line.as_bytes() {
        // The two lines of the header; a list item that goes begins with `--` as well.
        _ if index < 2 => format!("\x1b[1m{line}\x1b[0m\n"),
        [b'+', ..] => format!("\x1b[32m{line}\x1b[0m\n"),
        [b'-', ..] => format!("\x1b[31m{line}\x1b[0m\n"),
        [b'@', ..] => format!("\x1b[36m{line}\x1b[0m\n"),
        _ => format!("{line}\n"),
    };
    diff.lines().enumerate().map(colour).collect()
}

/// Whose configuration a step is about.
pub fn target(ctx: &Context, ps: &str) -> Result<Target, Error> {
    let settings = ctx.settings()?;
    Ok(Target {
        host: ctx.client()?.base(crate::api::Host::Cdp).to_owned(),
        account: settings.credential.as_ref().and_then(|c| c.value.account()).map(str::to_owned),
        parent_segment: ps.to_owned(),
    })
}
