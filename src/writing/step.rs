//! One step of the workflow: the part of a plan that it carries out, and what it writes to the document.

use super::own::{Look, OwnArgs, confirm_pruning, deleted};
use super::plan::{target, tell_placed, warn};
use super::run::{Change, Written, carry_out};
use super::{YesArgs, notes};
use crate::context::Context;
use crate::error::Error;
use crate::input::{Step, Waiting};
use crate::plan::{Configuration, Plan};
use crate::steps::desired::prune::Pruning;
use crate::steps::desired::{Desired, Options, renamed_elsewhere};
use crate::steps::live::{Live, Parts};
use crate::steps::ownership::Ownership;
use crate::steps::undo::gone;
use std::collections::BTreeSet;

/// The part of a plan that a step carries out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Event tables and key events.
    Events,
    /// Stitching keys and the external lookup key.
    Keys,
    /// Attributes.
    Attributes,
    /// Services and personalizations.
    Personalizations,
    /// Journeys.
    Journeys,
}

impl Part {
    /// The plan without its other parts.
    fn of(self, plan: &Plan) -> Plan {
        let Plan { parent_segment_id, parent_segment_name, .. } = plan.clone();
        let mut part = Plan { parent_segment_id, parent_segment_name, ..Plan::default() };
        match self {
            Part::Events => {
                part.events.clone_from(&plan.events);
                part.event_tables.clone_from(&plan.event_tables);
            }
            Part::Keys => part.id_stitching.clone_from(&plan.id_stitching),
            Part::Attributes => part.attributes.clone_from(&plan.attributes),
            Part::Personalizations => part.personalizations.clone_from(&plan.personalizations),
            Part::Journeys => part.journeys.clone_from(&plan.journeys),
        }
        part
    }

    fn parts(self, plan: &Plan) -> Parts {
        match self {
            Part::Events => Parts::EVENTS,
            Part::Keys => Parts::AUDIENCE,
            Part::Attributes | Part::Personalizations | Part::Journeys => Parts::of(plan),
        }
    }

    fn command(self) -> &'static str {
        match self {
            Part::Events => "rt-events",
            Part::Keys => "rt-keys",
            Part::Attributes => "rt-attrs",
            Part::Personalizations => "pz-create",
            Part::Journeys => "journey-create",
        }
    }
}

/// What goes, given what the plan made, the plan and what is live.
type Prunes<'a> = dyn Fn(Option<&Ownership>, &Plan, &Configuration, Look<'_>) -> Result<Pruning, Error> + 'a;

/// What goes with a step, and who made it.
pub struct Owned<'a> {
    /// What the plan made.
    pub ownership: Option<Ownership>,
    /// What goes of it.
    pub pruning: &'a Prunes<'a>,
    /// Whether to ask.
    pub yes: &'a YesArgs,
}

/// Carries out one part of a plan, and writes to the document what was done.
pub async fn step(
    ctx: &Context,
    step: &mut Step,
    part: Part,
    options: &Options,
    wait: Waiting,
    owned: Option<Owned<'_>>,
) -> Result<Written, Error> {
    let client = ctx.client()?;
    ctx.tell_target()?;
    let (whole, ps) = (step.plan.clone(), step.ps.id.clone());
    let plan = part.of(&whole);
    let parts = part.parts(&plan);
    let live = Live::read_for(client, &ps, &plan, parts).await?;
    let target = target(ctx, &ps)?;
    // What a plan of a file makes is noted as that plan's, as `apply` does.
    let ownership = match &owned {
        Some(owned) => owned.ownership.clone(),
        None => {
            let own = OwnArgs::default();
            own.ownership(ctx, &target, own.plan_name(&step.document.origin).as_deref())?
        }
    };
    let ownership = ownership.as_ref().filter(|ownership| ownership.owner().is_some());
    let document = step.document.clone();
    let look = |pruning: &_| Desired::of_plan_even_used(&document, &plan, &whole, &live, options, pruning);
    let pruning = match &owned {
        Some(owned) => (owned.pruning)(ownership, &whole, &live.state, &look)?,
        None => Pruning::default(),
    };
    let desired = |live: &Live| Desired::of_plan(&document, &plan, &whole, live, options, &pruning);
    let wanted = desired(&live)?;
    warn(ctx, &mut step.document, &wanted);
    if let Some(ownership) = ownership {
        let found = renamed_elsewhere(&plan, &live.state, ownership)?;
        tell_placed(ctx, &mut step.document, &found);
    }
    let deleted = deleted(&pruning, &plan, &live.state);
    if let Some(owned) = &owned {
        let lost = gone(&live.state, &wanted.state);
        confirm_pruning(owned.yes, ctx, &deleted, lost, ("", "--dry-run")).await?;
    }
    let named: BTreeSet<String> = crate::steps::ownership::named(&whole, &live.state);
    let change = Change {
        origin: &document.origin,
        owned: ownership.map(|ownership| (ownership, named)),
        plan: plan.clone(),
        ..Change::new(part.command(), &target, parts, &desired, wait)
    };
    let mut written = carry_out(ctx, &change, live, wanted).await?;
    written.deleted = deleted;
    notes::write(ctx, step, part, &written)?;
    Ok(written)
}
