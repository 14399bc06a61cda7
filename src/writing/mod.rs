//! Carrying out a change for a command: where it goes, the question, the journal, the requests, the wait,
//! and the notes. Every command that writes comes through [`carry_out`]. It knows no command.

mod consent;
mod delete;
mod notes;
mod own;
mod plan;
mod rounds;
mod run;
mod step;

pub use consent::{Question, YesArgs};
pub use delete::{DeleteArgs, Removal, delete};
pub use notes::{counts, journey_lines, write_all};
pub use own::{OwnArgs, PruneArgs, confirm_pruning, deleted, deleted_paths};
pub use plan::{Compared, OptionArgs, PlanArgs, compared_document, target};
pub use run::{Change, Written, carry_out};
pub use step::{Part, StepArgs};
