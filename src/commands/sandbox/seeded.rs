//! The seed of a plan: a sandbox in which the plan makes sense.

use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::{DocumentArgs, plan_error, read_document};
use crate::plan::seed::{KnownAccount, PARENT_SEGMENT, SeedFile, Seeded, seed as seed_of};
use crate::plan::{CheckedPlan, Plan, PlanError};
use crate::sandbox::{Seed, SeedError};
use crate::steps::parent_segment::is_id;
use serde_json::json;

/// The data that a plan needs. `ps` is its parent segment, where it names none or another one is meant.
pub(super) async fn seed(ctx: &Context, plan: &str, ps: Option<&str>) -> Result<Seed, Error> {
    let file = file(ctx, plan, ps).await?;
    Seed::parse(&json!(file).to_string()).map_err(|error| not_made(plan, &error))
}

/// Prints the seed file of a plan.
pub(super) async fn print(ctx: &Context, plan: &str, ps: Option<&str>) -> anyhow::Result<()> {
    let file = file(ctx, plan, ps).await?;
    ctx.ui.text(&serde_saphyr::to_string(&file)?)
}

async fn file(ctx: &Context, plan: &str, ps: Option<&str>) -> Result<SeedFile, Error> {
    let read = read_document(&DocumentArgs { file: Some(plan.to_owned()), ps: None }).await?;
    let document = read.ok_or_else(|| Error::new(Code::MissingInput, format!("{plan} has no plan")))?;
    let CheckedPlan { plan, .. } = Plan::read(&document).map_err(plan_error)?;
    let findings = ctx.guard(&document);
    if !findings.is_empty() {
        return Err(plan_error(PlanError { origin: document.origin, findings }));
    }
    let Seeded { file, notes } = seed_of(&plan, &named(ctx, &plan, ps)?);
    for note in notes {
        ctx.ui.warn(&format!("{note}: the sandbox does not have it either"));
    }
    Ok(file)
}

/// The parent segment: as the flag names it, else the plan, else the setting.
fn named(ctx: &Context, plan: &Plan, ps: Option<&str>) -> Result<KnownAccount, Error> {
    let is_named = plan.parent_segment_id.is_some() || plan.parent_segment_name.is_some();
    let wanted = match ps {
        Some(ps) => Some(ps.to_owned()),
        None if is_named => None,
        None => ctx.settings()?.parent_segment.as_ref().map(|setting| setting.value.clone()),
    };
    let Some(wanted) = wanted else {
        if !is_named {
            let message =
                format!("the plan names no parent segment: in the sandbox it is '{PARENT_SEGMENT}'");
            ctx.ui.status(message);
        }
        return Ok(KnownAccount::default());
    };
    Ok(match is_id(&wanted) {
        true => KnownAccount { id: Some(wanted), ..KnownAccount::default() },
        false => KnownAccount { name: Some(wanted), ..KnownAccount::default() },
    })
}

/// A plan that needs what no sandbox can have.
pub(super) fn not_made(plan: &str, error: &SeedError) -> Error {
    Error::new(Code::InvalidPlan, format!("no sandbox can be made of {plan}: {error}"))
        .hint(format!("`tdx-rt sandbox --print-seed --seed-from {plan}` prints the seed file, to correct it and use it with --seed-file"))
}
