//! A plan against what is live: its flags, and the comparison that `diff` shows and `apply` carries out.

use super::own::{Look, NoLongerNamed, OwnArgs, PruneArgs};
use super::target;
use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::{DocumentArgs, Step, read_document, warn_of};
use crate::plan::difference::{Difference, changes};
use crate::plan::export::export;
use crate::plan::rename::{new_names, renamed};
use crate::plan::{Configuration, Counter, Document, Finding, Plan};
use crate::platform::wire::AttributeSpec;
use crate::steps::change::Tally;
use crate::steps::desired::prune::Pruning;
use crate::steps::desired::{Asked, Desired, PlanOptions};
use crate::steps::live::{Live, Parts};
use crate::steps::ownership::Ownership;
use crate::steps::saved::SavedPlan;
use crate::steps::target::ChangeTarget;
use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

/// Which plan, and how.
#[derive(Debug, Clone, Args)]
pub struct PlanArgs {
    /// Plan to read (YAML or JSON; `-` for stdin)
    #[arg(value_name = "FILE", conflicts_with = "file")]
    plan: Option<String>,
    #[command(flatten)]
    document: DocumentArgs,
    /// How.
    #[command(flatten)]
    pub options: OptionArgs,
    /// What goes.
    #[command(flatten)]
    pub prune: PruneArgs,
}

/// How a plan is carried out, as flags.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct OptionArgs {
    /// Folder for a new personalization, by id or name [default: the parent segment's first]
    #[arg(long, value_name = "FOLDER")]
    folder: Option<String>,
    /// Make a new token even if the service has one
    #[arg(long)]
    new_token: bool,
}

impl OptionArgs {
    /// As the steps take them.
    pub fn options(&self) -> PlanOptions {
        PlanOptions { folder: self.folder.clone(), new_token: self.new_token }
    }
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
    pub async fn compare(&self, ctx: &Context, document: Document) -> Result<Compared, Error> {
        let step = Step::of(ctx, document, self.ps(), |_| Ok(false)).await?;
        let target = target(ctx, &step.ps.id)?;
        let own = &self.prune.own;
        let name = own.plan_name(&step.document.origin);
        let ownership = own.ownership(ctx, &target, name.as_deref())?;
        let known = ownership.as_ref().map_or(Ok(false), Ownership::is_known)?;
        let whole = self.prune.prunes() || known;
        let pruning = |live: &Live, plan: &Plan, look: Look<'_>| {
            own.pruning(ctx, ownership.as_ref(), (plan, live), (&self.prune.prune_item, &|_| true), look)
        };
        let mut compared = Compared::make(ctx, step, self.options.options(), whole, pruning).await?;
        compared.warn_of_other_plans(ctx, own)?;
        let Compared { step, live, desired, .. } = &compared;
        let of = (step.document.origin.as_str(), &step.plan, (self.ps(), step.ps.id.as_str()));
        let left = own.no_longer_named(ctx, ownership.as_ref(), of, &live.state, desired)?;
        compared.no_longer_named = (known || !left.is_empty()).then_some(left);
        Ok(Compared { target, name, ownership, ..compared })
    }

    /// The same for a saved plan, which must still fit.
    pub async fn compare_saved(
        &self,
        ctx: &Context,
        saved: SavedPlan,
        origin: &str,
    ) -> Result<Compared, Error> {
        if self.ps().is_some() || self.prune.is_given() || self.options != OptionArgs::default() {
            return Err(Error::new(
                Code::Usage,
                format!("{origin} is a saved plan, which says all of this itself"),
            )
            .hint("leave the flags out, or pass them to `tdx-rt diff --save`"));
        }
        let target = target(ctx, &saved.target.parent_segment)?;
        saved.check_target(&target, origin)?;
        let document = Document::from_root(saved.plan.clone(), origin);
        let step = Step::of(ctx, document, Some(&saved.target.parent_segment), |_| Ok(false)).await?;
        let ownership = self.prune.own.ownership(ctx, &target, saved.name.as_deref())?;
        let pruning = Pruning { paths: saved.prune.clone() };
        let prunes = !pruning.paths.is_empty();
        let mut compared =
            Compared::make(ctx, step, saved.options.clone(), prunes, |_, _, _| Ok(pruning.clone())).await?;
        let both = [&compared.live.state, &compared.desired.state];
        saved.check_unchanged(both, &compared.changes, origin)?;
        let mut own = self.prune.own.clone();
        own.plan_name.clone_from(&saved.name);
        compared.warn_of_other_plans(ctx, &own)?;
        let name = saved.name;
        Ok(Compared { target, name, ownership, ..compared })
    }
}

/// A plan that was compared with what is live.
#[derive(Debug)]
pub struct Compared {
    /// The document and its parent segment.
    pub step: Step,
    /// What is live.
    pub live: Live,
    /// What will be.
    pub desired: Desired,
    /// How.
    pub options: PlanOptions,
    /// What goes.
    pub pruning: Pruning,
    /// Both as a plan would say them.
    pub documents: [Map<String, Value>; 2],
    /// What leads from the one to the other.
    pub changes: Vec<Difference>,
    /// How many things are made, changed and deleted.
    pub tally: Tally,
    /// What is read to compare again.
    pub parts: Parts,
    /// Whose configuration it is.
    pub target: ChangeTarget,
    /// The name of the plan; one from a pipe has none.
    pub name: Option<String>,
    /// What the plan made.
    pub ownership: Option<Ownership>,
    /// What the plan made and no longer names; `None` where that is not known.
    pub no_longer_named: Option<Vec<NoLongerNamed>>,
}

/// Whether anything is remembered of what the plan made here.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OwnershipKnown {
    /// It is.
    Known,
    /// It is not: the plan was never applied from here, or has no name.
    Unknown,
}

impl OwnershipKnown {
    /// The word for a fact.
    pub fn of(known: bool) -> Self {
        if known { OwnershipKnown::Known } else { OwnershipKnown::Unknown }
    }
}

impl Compared {
    /// Reads what is live and checks all that can be checked before the first write, so that a
    /// wrong plan changes nothing. `whole` says whether all of it is read.
    async fn make(
        ctx: &Context,
        mut step: Step,
        options: PlanOptions,
        whole: bool,
        pruning: impl FnOnce(&Live, &Plan, Look<'_>) -> Result<Pruning, Error>,
    ) -> Result<Self, Error> {
        if step.plan.is_empty() && !whole {
            return Err(Error::new(Code::Usage, "there is nothing to apply").hint(
                "pass a plan with -f FILE, or pipe one in; `tdx-rt discover --use-case …` proposes one",
            ));
        }
        let client = ctx.client()?;
        let all = Parts::CONFIGURATION | Parts::SEGMENTS;
        let parts = if whole { Parts::of(&step.plan) | all } else { Parts::of(&step.plan) };
        let live = Live::read_for(client, &step.ps.id, &step.plan, parts).await?;
        let plan = &step.plan;
        let asked = Asked { document: &step.document, plan, whole: plan, options: &options };
        let look = |pruning: &_| Desired::of_plan_even_used(asked, &live, pruning);
        let pruning = pruning(&live, plan, &look)?;
        let desired = Desired::of_plan(asked, &live, &pruning)?;
        warn(ctx, &mut step.document, &desired);
        let after = without_new(&live, &desired);
        let documents = [compared_beside(&live.state, &after), compared_beside(&after, &live.state)];
        // Under the new names already, so that only what differs otherwise is a change, and the names.
        let renamed = compared_beside(&renamed(plan, &live.state).0, &after);
        let mut changes = changes(&renamed, &documents[1]);
        changes.extend(new_names(&live.state, &desired.state));
        let tally = Tally::between(&live.state, &desired.state);
        let target = target(ctx, &step.ps.id)?;
        Ok(Compared {
            step,
            live,
            desired,
            options,
            pruning,
            documents,
            changes,
            tally,
            parts,
            target,
            name: None,
            ownership: None,
            no_longer_named: None,
        })
    }

    /// Warns of items that get a new name and that other plans name.
    fn warn_of_other_plans(&mut self, ctx: &Context, own: &OwnArgs) -> Result<(), Error> {
        let Compared { step, live, .. } = self;
        let found = own.renamed_elsewhere(ctx, &step.document.origin, &step.plan, live)?;
        warn_placed(ctx, &mut step.document, &found);
        Ok(())
    }

    /// Whether anything is remembered of what the plan made.
    pub fn ownership_known(&self) -> OwnershipKnown {
        OwnershipKnown::of(self.no_longer_named.is_some())
    }
}

/// Warns of findings, where they stand in the document.
pub fn warn_placed(ctx: &Context, document: &mut Document, findings: &[Finding]) {
    let findings: Vec<Finding> = findings.iter().map(|finding| document.placed(finding.clone())).collect();
    warn_of(ctx, document, &findings);
}

/// Warns of what is not renamed, and of connections that could not be checked.
pub fn warn(ctx: &Context, document: &mut Document, desired: &Desired) {
    warn_placed(ctx, document, &desired.warnings);
    let names: Vec<String> = desired.unchecked.iter().map(|name| format!("'{name}'")).collect();
    if !names.is_empty() {
        let message = format!(
            "the connections of these activations could not be checked: {}; {}",
            names.join(", "),
            crate::steps::live::UNCHECKED
        );
        ctx.ui.warn_of("connection-unchecked", &message);
    }
}

/// What will be, without the connections of new activations: which one an activation goes through by itself
/// is nothing that the plan says.
fn without_new(live: &Live, desired: &Desired) -> Configuration {
    let mut state = desired.state.clone();
    for activation in &mut state.activations {
        if !live.state.activations.iter().any(|there| there.id == activation.id) {
            activation.attributes.connection_id.clear();
        }
    }
    state
}

/// A configuration as a plan would say it, with all event tables: a plan itself lets key events stand
/// for theirs.
pub fn compared_document(configuration: &Configuration) -> Map<String, Value> {
    let mut root = Map::new();
    let tables: Vec<Value> =
        configuration.setting.event_tables.iter().map(|table| table.to_string().into()).collect();
    root.insert("event_tables".into(), Value::Array(tables.clone()));
    root.extend(export(configuration).root);
    root.insert("event_tables".into(), Value::Array(tables));
    root
}

/// The same beside another one: criteria name the windows that they mean as if both had those of both, so that
/// those which mean the same are the same.
fn compared_beside(configuration: &Configuration, other: &Configuration) -> Map<String, Value> {
    let (mut root, mut both) = (compared_document(configuration), configuration.clone());
    for attribute in &mut both.attributes {
        let there = other.attributes.iter().find(|there| there.id == attribute.id).map(|there| &there.spec);
        if let (AttributeSpec::Counter(own), Some(AttributeSpec::Counter(there))) =
            (&mut attribute.spec, there)
            && own.sub_durations != there.sub_durations
        {
            let more = there.sub_durations.iter().filter(|sub| !own.sub_durations.contains(sub));
            let more: Vec<_> = more.cloned().collect();
            own.sub_durations.extend(more);
            own.duration = Counter::longest(&own.sub_durations);
        }
    }
    if both.attributes != configuration.attributes {
        let shown = |key: &str| key.starts_with("personalization") || key == "journeys";
        root.extend(export(&both).root.into_iter().filter(|(key, _)| shown(key)));
    }
    root
}
