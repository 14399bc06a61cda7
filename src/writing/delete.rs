//! `delete NAME`: checked against everything that uses it, asked for on a terminal, and journaled like any
//! other change.

use super::change::Change;
use super::consent::{Question, YesArgs};
use super::progress::report;
use super::run::carry_out;
use super::target;
use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::{PsArgs, WaitArgs, parent_segment_only};
use crate::outcome::Outcome;
use crate::plan::Configuration;
use crate::platform::wire::RealtimeStatus;
use crate::steps::desired::{Desired, check_unused, prune};
use crate::steps::kind::ItemKind;
use crate::steps::live::{Live, Parts};
use crate::steps::undo::gone;
use crate::ui::shown::one_line;
use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

/// Where to delete, and whether to ask and to wait.
#[derive(Debug, Clone, Args)]
#[command(
    after_help = "On a terminal it asks first; elsewhere the name is the consent. What something else uses is not
deleted: exit 6 names all that uses it, and the commands that free it. `tdx-rt undo` takes it back."
)]
pub struct DeleteArgs {
    #[command(flatten)]
    ps: PsArgs,
    #[command(flatten)]
    yes: YesArgs,
    #[command(flatten)]
    wait: WaitArgs<false>,
}

/// What a `delete` does.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DeletedAction {
    /// The only one.
    Deleted,
}

/// Something that was deleted.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Deleted {
    /// What it was
    pub kind: ItemKind,
    /// Its name
    pub name: String,
    /// Its id; null for what has none
    pub id: Option<String>,
    /// What was done
    pub action: DeletedAction,
    /// What does not come back, as sentences
    pub lost: Vec<String>,
    /// With --wait: the settled status
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rt_status: Option<RealtimeStatus>,
}

/// What is deleted.
#[derive(Debug, Clone)]
pub struct Removal {
    /// What it is.
    pub kind: ItemKind,
    /// Its name.
    pub name: String,
    /// Its id, where it has one.
    pub id: Option<String>,
}

impl Removal {
    /// Takes it out of a configuration.
    fn apply(&self, state: &mut Configuration) {
        let id = self.id.as_deref();
        match self.kind {
            ItemKind::EventTable => state.setting.event_tables.retain(|table| table.to_string() != self.name),
            ItemKind::StitchingKey => state.setting.key_columns.retain(|key| key.name != self.name),
            ItemKind::Event => state.events.retain(|event| event.id.as_deref() != id),
            ItemKind::Attribute => {
                let is_it =
                    |attribute: &mut crate::platform::wire::RealtimeAttribute| attribute.id.as_deref() == id;
                let gone: Vec<_> = state.attributes.extract_if(.., is_it).collect();
                prune::forget_imports(&gone, &mut state.setting);
            }
            ItemKind::Service => state.services.retain(|service| service.id.as_deref() != id),
            ItemKind::Personalization => {
                state.personalizations.retain(|entity| Some(entity.id.as_str()) != id)
            }
            ItemKind::Journey => {
                state.journeys.retain(|journey| Some(journey.id.as_str()) != id);
                state.activations.retain(|activation| activation.journey_id() != id);
            }
            ItemKind::Token | ItemKind::Connection | ItemKind::Stage | ItemKind::Activation => {}
        }
    }
}

/// Deletes what `find` finds, the first of which the document is about.
pub async fn delete(
    ctx: &Context,
    command: &str,
    args: &DeleteArgs,
    find: impl Fn(&Configuration) -> Result<Vec<Removal>, Error>,
) -> anyhow::Result<Outcome> {
    let (deleted, summary) = delete_all(ctx, command, args, find).await?;
    let report = report(ctx, &[], &summary);
    Ok(Outcome::new(json!(deleted)).summary(summary).report(report))
}

/// The same; what was deleted, and the summary.
pub async fn delete_all(
    ctx: &Context,
    command: &str,
    args: &DeleteArgs,
    find: impl Fn(&Configuration) -> Result<Vec<Removal>, Error>,
) -> anyhow::Result<(Deleted, String)> {
    let ps = parent_segment_only(ctx, args.ps.ps.as_ref()).await?;
    let client = ctx.client()?;
    ctx.show_target()?;
    let parts = Parts::CONFIGURATION;
    let live = Live::read(client, &ps.id, parts).await?;
    let removals = find(&live.state)?;
    let without = |state: &Configuration| {
        let mut state = state.clone();
        removals.iter().for_each(|removal| removal.apply(&mut state));
        Desired::of(state)
    };
    let desired = without(&live.state);
    check_unused(&live.state, &desired.state, &ps.id)?;
    let list: Vec<String> =
        removals.iter().map(|gone| format!("{} '{}'", gone.kind.words(), one_line(&gone.name))).collect();
    let list = list.join(" and the ");
    let text = format!("Delete the {list}?");
    let lost = gone(&live.state, &desired.state);
    // Elsewhere the name is the consent.
    args.yes.confirm(ctx, Question { text, lost: lost.clone(), refusal: None }).await?;
    let wait = args.wait.waiting();
    let again = |live: &Live, _: &_| Ok(without(&live.state));
    let target = target(ctx, &ps.id)?;
    let change = Change::new(command, &target, parts, &again, wait);
    let written = carry_out(ctx, &change, live, desired).await?;
    let rt_status = wait.options().is_some().then_some(written.status);
    let Some(Removal { kind, name, id }) = removals.into_iter().next() else {
        return Err(Error::new(Code::Bug, "nothing was found to delete").into());
    };
    let deleted = Deleted { kind, name, id, action: DeletedAction::Deleted, lost, rt_status };
    Ok((deleted, format!("deleted the {list}")))
}
