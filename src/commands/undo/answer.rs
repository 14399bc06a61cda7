//! What an undo answers: what would come back, and what did.

use super::Undo;
use super::document::{Named, Settled, ToUndo, Undone, UndoneAction, UndoneItem, WrittenCommand};
use super::journals::started;
use crate::context::Context;
use crate::outcome::Outcome;
use crate::plan::counted;
use crate::plan::difference::{changes, comments, unified};
use crate::plan::rename::{new_names, under_names_of};
use crate::steps::Action;
use crate::steps::change::{Tally, sections};
use crate::steps::journal::Recorded;
use crate::steps::live::Live;
use crate::steps::parent_segment::find as find_parent_segment;
use crate::ui::Shown;
use crate::writing::{Written, compared_document, report};
use serde_json::json;

impl Undo {
    /// What the undo changes, as `diff` shows a plan.
    pub(super) async fn show(&self, ctx: &Context, live: &Live) -> anyhow::Result<Outcome> {
        let [now, then] = [compared_document(&live.state), compared_document(&self.state)];
        // Under the names that come back already, so that only what differs otherwise is a change.
        let renamed = compared_document(&under_names_of(&self.state, &live.state));
        let mut changes = changes(&renamed, &then);
        changes.extend(new_names(&live.state, &self.state));
        let tally = Tally::between(&live.state, &self.state);
        let ps = find_parent_segment(ctx.client()?, &live.ps).await?;
        let summary = if changes.is_empty() { "no changes".to_owned() } else { tally.to_string() };
        let (lost, not_undone) = (self.lost(&live.state), self.not_undone());
        let text = comments("lost", &lost)
            + &comments("not undone", &not_undone)
            + &unified(&now, &then, ("live", "before"))?;
        let document = ToUndo {
            parent_segment: Named { id: ps.id, name: ps.name },
            site: ctx.settings()?.site.value,
            commands: self.commands(),
            changed: !self.is_idle(live),
            changes,
            items: tally,
            lost,
            not_undone: not_undone.into_iter().cloned().collect(),
        };
        let text = Shown::diff(&text, ctx.ui.colours_stdout());
        Ok(Outcome::read(json!(document)).text(text).summary(summary))
    }

    pub(super) fn outcome(&self, ctx: &Context, written: &Written, lost: Vec<String>) -> Outcome {
        let not_undone = self.not_undone();
        let undone = written.executed.done.iter().map(|done| UndoneItem {
            kind: done.kind,
            name: done.name.clone(),
            id: done.id.clone(),
            path: done.kind.path(&done.name),
            action: if done.action == Action::Deleted {
                UndoneAction::Deleted
            } else {
                UndoneAction::Restored
            },
        });
        let Tally { created, updated, deleted } = written.tally;
        // A section is an item, and goes and comes with its personalization: no line of its own says so.
        let within = sections(&written.live.state, &written.desired.state);
        let with = |count: usize| match count {
            0 => String::new(),
            _ => format!(" ({} among them)", counted(count, "section")),
        };
        let summary = format!(
            "undone: {} restored{}, {deleted} deleted{}{}",
            created.saturating_add(updated),
            with(within.created.saturating_add(within.updated)),
            with(within.deleted),
            not_undone.iter().map(|kept| format!("\nnot undone: {kept}")).collect::<String>()
        );
        let latest = self.recorded.first();
        let document = Undone {
            parent_segment: Settled { id: written.live.ps.clone(), rt_status: written.status },
            journal: latest.map(|recorded| recorded.path.clone()).unwrap_or_default(),
            plan: latest.map(|recorded| recorded.plan.clone()).unwrap_or_default(),
            commands: self.commands(),
            undone: undone.collect(),
            not_undone: not_undone.into_iter().cloned().collect(),
            lost,
            items: written.tally,
            own_journal: written.journal.clone(),
        };
        let report = report(ctx, &written.executed.done, &summary);
        Outcome::new(json!(document)).summary(summary).report(report)
    }

    /// The commands that are taken back, the last first.
    fn commands(&self) -> Vec<WrittenCommand> {
        let one = |recorded: &Recorded| WrittenCommand {
            journal: recorded.path.clone(),
            command: recorded.command.clone(),
            plan: recorded.plan.clone(),
            started: started(recorded).map(str::to_owned),
        };
        self.recorded.iter().map(one).collect()
    }
}
