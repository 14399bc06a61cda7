//! One step of the workflow: the part of a plan that it carries out, and what it writes to the document.

use super::change::Change;
use super::own::{OwnArgs, confirm_pruning, deleted};
use super::part::Part;
use super::plan::{warn, warn_placed};
use super::run::{Written, carry_out};
use super::{YesArgs, notes, progress, target};
use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::{DocumentArgs, Step, Waiting};
use crate::outcome::Outcome;
use crate::plan::Plan;
use crate::plan::difference::join;
use crate::steps::desired::{Asked, Desired, PlanOptions};
use crate::steps::items::named;
use crate::steps::journal::Ids;
use crate::steps::live::Live;
use crate::steps::ownership::renamed_elsewhere;
use crate::steps::undo::gone;
use serde_json::{Map, Value};

/// A step, as its command asks for it.
pub struct StepArgs<'a> {
    /// Where the document comes from.
    pub document: &'a DocumentArgs,
    /// What to say where there is nothing to do, and what to do about that.
    pub nothing: (&'a str, &'a str),
    /// How the plan is carried out.
    pub options: PlanOptions,
    /// Whether and how to wait.
    pub wait: Waiting,
    /// What goes.
    pub own: OwnArgs,
    /// Whether to ask before it does.
    pub yes: YesArgs,
    /// Whether its things are those of flags, which are no part of the plan in the file: then it takes
    /// `--plan-name` to name it.
    pub of_flags: bool,
}

impl<'a> StepArgs<'a> {
    /// A step that deletes nothing.
    pub fn new(document: &'a DocumentArgs, wait: Waiting, nothing: (&'a str, &'a str)) -> Self {
        let (options, own, yes) = (PlanOptions::default(), OwnArgs::default(), YesArgs::default());
        StepArgs { document, nothing, options, wait, own, yes, of_flags: false }
    }

    /// Carries out one part of the plan, and writes to the document what was done.
    pub async fn run(
        self,
        ctx: &Context,
        part: Part,
        flags: impl FnOnce(&mut Map<String, Value>) -> Result<bool, Error>,
        summary: impl FnOnce(&Plan, &Written) -> String,
    ) -> anyhow::Result<Outcome> {
        let mut step = Step::load(ctx, self.document, flags).await?;
        let (whole, ps) = (step.plan.clone(), step.ps.id.clone());
        if part.is_empty(&whole) {
            return Err(Error::new(Code::Usage, self.nothing.0).hint(self.nothing.1).into());
        }
        let target = target(ctx, &ps)?;
        let document = step.document.clone();
        // What a plan of a file makes is noted as that plan's, as `apply` does.
        let name = match self.of_flags {
            true => self.own.plan_name.clone(),
            false => self.own.plan_name(&document.origin),
        };
        let ownership = self.own.ownership(ctx, &target, name.as_deref())?;
        let ownership = ownership.as_ref().filter(|ownership| ownership.owner().is_some());
        ctx.show_target()?;
        let plan = part.of(&whole);
        let parts = part.parts(&plan);
        let live = Live::read_for(ctx.client()?, &ps, &plan, parts).await?;
        let asked = Asked { document: &document, plan: &plan, whole: &whole, options: &self.options };
        let look = |pruning: &_| Desired::of_plan_even_used(asked, &live, pruning);
        // A step takes sections, outputs and lines of the plan's personalizations.
        let inside = |path: &str| {
            let of = |kind: &str, name: &str| path.starts_with(&format!("{}.", join(kind, name)));
            whole.personalizations.iter().any(|plan| {
                ["personalizations", "personalization_services"].iter().any(|kind| of(kind, &plan.name))
            })
        };
        let pruning = self.own.pruning(ctx, ownership, (&whole, &live), (&[], &inside), &look)?;
        let desired = |live: &Live, _: &Ids| Desired::of_plan(asked, live, &pruning);
        let wanted = desired(&live, &Ids::default())?;
        warn(ctx, &mut step.document, &wanted);
        if let Some(ownership) = ownership {
            let found = renamed_elsewhere(&plan, &live.state, ownership)?;
            warn_placed(ctx, &mut step.document, &found);
        }
        let deleted = deleted(&pruning, &plan, &live.state);
        let lost = gone(&live.state, &wanted.state);
        confirm_pruning(&self.yes, ctx, &deleted, lost, ("", "--dry-run")).await?;
        let change = Change {
            origin: &document.origin,
            owned: ownership.map(|ownership| (ownership, named(&whole, &live.state))),
            plan: plan.clone(),
            ..Change::new(part.command(), &target, parts, &desired, self.wait)
        };
        let mut written = carry_out(ctx, &change, live, wanted).await?;
        written.deleted = deleted;
        notes::write(ctx, &mut step, part, &written)?;
        if self.own.prunes() {
            written.note_deleted(&mut step.document.root);
        }
        let summary = summary(&step.plan, &written);
        let report = progress::report(ctx, &written.executed.done, &summary);
        Ok(Outcome::new(step.finish(ctx)?).summary(summary).report(report))
    }
}
