//! Carrying out a change for a command: where it goes, the question, the journal, the requests, the wait,
//! and the notes. Every command that writes comes through [`carry_out`]. It knows no command.

mod change;
mod consent;
mod delete;
mod notes;
mod own;
mod part;
mod plan;
mod progress;
mod rounds;
mod run;
mod step;

pub use change::Change;
pub use consent::{Question, YesArgs};
pub use delete::{DeleteArgs, Deleted, DeletedAction, Removal, delete, delete_all};
pub use notes::{counts, journey_lines, write_all};
pub use own::{NoLongerNamed, OwnArgs, PruneArgs, confirm_pruning, deleted, deleted_paths};
pub use part::Part;
pub use plan::{Compared, OptionArgs, OwnershipKnown, PlanArgs, compared_document};
pub use progress::report;
pub use run::{Written, carry_out};
pub use step::StepArgs;

use crate::api::Host;
use crate::context::Context;
use crate::error::Error;
use crate::steps::target::ChangeTarget;

/// Whose configuration a parent segment's is.
pub fn target(ctx: &Context, ps: &str) -> Result<ChangeTarget, Error> {
    Ok(ChangeTarget {
        host: ctx.client()?.base(Host::Cdp).to_owned(),
        account: ctx.account().map(str::to_owned),
        parent_segment: ps.to_owned(),
    })
}
