//! What the program consists of, for the commands that describe it: its command line, and what it prints.

pub mod help;
mod narrow;
pub mod nouns;
pub(crate) mod shell;

use crate::schema::Schemas;

/// The program as its commands see it; `cli` makes it.
#[derive(Debug, Clone, Copy)]
pub struct Program {
    /// The whole command line as clap sees it.
    pub command: fn() -> clap::Command,
    /// What each command prints.
    pub schemas: Schemas,
    /// The groups in which help shows the commands.
    pub groups: &'static [help::Group],
}

impl Program {
    /// The whole command line as clap sees it.
    pub fn command(&self) -> clap::Command {
        (self.command)()
    }
}
