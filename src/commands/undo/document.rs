//! What `tdx-rt undo` and `undo list` print.

use crate::plan::difference::Difference;
use crate::platform::sites::Site;
use crate::platform::wire::RealtimeStatus;
use crate::steps::change::Tally;
use crate::steps::kind::ItemKind;
use schemars::JsonSchema;
use serde::Serialize;
use std::path::PathBuf;

/// What was restored, or with --diff what would be.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "for the schema")]
pub(super) enum Document {
    Undone(Undone),
    ToUndo(ToUndo),
}

/// What was restored.
#[derive(Serialize, JsonSchema)]
pub(super) struct Undone {
    pub parent_segment: Settled,
    /// Journal of the latest command that is undone
    pub journal: PathBuf,
    /// Its plan
    pub plan: String,
    /// What is undone, the last first
    pub commands: Vec<WrittenCommand>,
    pub undone: Vec<UndoneItem>,
    /// What stays, as sentences
    pub not_undone: Vec<String>,
    /// What does not come back, as sentences
    pub lost: Vec<String>,
    pub items: Tally,
    /// Journal of this undo, by which it can be undone; null when nothing was written
    pub own_journal: Option<PathBuf>,
}

/// What would be restored.
#[derive(Serialize, JsonSchema)]
pub(super) struct ToUndo {
    pub parent_segment: Named,
    pub site: Site,
    pub commands: Vec<WrittenCommand>,
    /// Whether there are changes
    pub changed: bool,
    pub changes: Vec<Difference>,
    pub items: Tally,
    /// What does not come back, as sentences
    pub lost: Vec<String>,
    /// What stays, as sentences
    pub not_undone: Vec<String>,
}

/// A parent segment with its status after the command.
#[derive(Serialize, JsonSchema)]
pub(super) struct Settled {
    pub id: String,
    pub rt_status: RealtimeStatus,
}

/// A parent segment.
#[derive(Serialize, JsonSchema)]
pub(super) struct Named {
    pub id: String,
    pub name: String,
}

/// A command that wrote.
#[derive(Serialize, JsonSchema)]
pub(super) struct WrittenCommand {
    pub journal: PathBuf,
    /// Its words, such as rt-events delete
    pub command: String,
    /// File of the plan, stdin or flags
    pub plan: String,
    /// RFC 3339; null where that is not noted
    pub started: Option<String>,
}

/// An item that was restored or deleted.
#[derive(Serialize, JsonSchema)]
pub(super) struct UndoneItem {
    pub kind: ItemKind,
    pub name: String,
    /// Its id, a new one when it was made again; null for what has none
    pub id: Option<String>,
    /// Path of the item in a plan, as `diff` has it; null for what a plan does not name, such as a token
    pub path: Option<String>,
    pub action: UndoneAction,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum UndoneAction {
    Restored,
    Deleted,
}

/// A command in the list.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum ListedCommand {
    Readable(Box<ReadableCommand>),
    Unreadable(UnreadableCommand),
}

/// A command that wrote.
#[derive(Serialize, JsonSchema)]
pub(super) struct ReadableCommand {
    /// For tdx-rt undo ID: as much of the name of its file as no other one begins with
    pub id: String,
    /// RFC 3339; null where that is not noted
    pub started: Option<String>,
    /// Its words, such as rt-events delete
    pub command: String,
    /// File of the plan, stdin or flags
    pub plan: String,
    /// Its id
    pub parent_segment: String,
    /// The file, for tdx-rt undo FILE
    pub journal: PathBuf,
    pub changes: Vec<WrittenItem>,
    /// Whether the command came to its end
    pub complete: bool,
    /// Whether all of it was undone
    pub undone: bool,
    /// What an undo left alone, as sentences; the next undo passes the command over
    pub not_undone: Vec<String>,
    /// Whether it is an undo itself
    pub undo: bool,
}

/// An item that a command wrote.
#[derive(Serialize, JsonSchema)]
pub(super) struct WrittenItem {
    #[schemars(extend("enum" = ["created", "updated", "deleted"]))]
    pub action: &'static str,
    #[schemars(with = "ItemKind")]
    pub kind: &'static str,
    pub name: String,
    /// Path of the item in a plan, as `diff` has it; null for what a plan does not name, such as a token
    pub path: Option<String>,
}

/// A journal that cannot be read.
#[derive(Serialize, JsonSchema)]
pub(super) struct UnreadableCommand {
    /// The file
    pub journal: PathBuf,
    /// Why it cannot be read
    pub error: String,
}
