//! What commands read: the arguments that several of them have, documents and plans, and many items
//! of stdin. It knows no command.

mod args;
pub(crate) mod bulk;
mod document;
pub(crate) mod event_clock;
mod list;
pub(crate) mod live_plan;
mod pick;
pub(crate) mod query;
pub(crate) mod remote;
pub(crate) mod set;
mod wait;

pub use args::{DocumentArgs, OnePsArgs, PsArgs, event_columns, parse_duration, parse_pair, signed_seconds};
pub use document::{
    STDIN, Step, array, given, parent_segment_only, plan_error, put, read_document, read_file,
    read_stdin_bytes, stdin_is_piped, unreadable, warn_of,
};
pub use list::ListArgs;
pub(crate) use pick::pick;
pub(crate) use wait::wait;
pub use wait::{WAIT_TIMEOUT, WaitArgs, Waiting};
