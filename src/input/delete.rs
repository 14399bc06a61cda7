//! `delete NAME`: its flags, the item that is meant, and what is printed.

use super::{PsArgs, WaitArgs, wait, written};
use crate::context::Context;
use crate::error::{Code, Error};
use crate::outcome::Outcome;
use crate::plan::nearest::{meant, named, nearest};
use clap::Args;
use serde_json::json;

/// Where to delete, and whether to wait.
#[derive(Debug, Clone, Args)]
pub struct DeleteArgs {
    /// Where.
    #[command(flatten)]
    pub ps: PsArgs,
    /// Whether to wait.
    #[command(flatten)]
    pub wait: WaitArgs<false>,
}

/// Finds an item by name or id for `delete`; the error names the nearest.
pub(crate) fn pick<'a, T>(
    items: &'a [T],
    wanted: &str,
    what: &str,
    name: impl Fn(&T) -> &str,
    id: impl Fn(&T) -> Option<&str>,
) -> Result<&'a T, Error> {
    let by_name = named(items, wanted, &name);
    // A name that looks like another one's id is still a name.
    if let Some(item) = by_name.or_else(|| items.iter().find(|item| id(item) == Some(wanted))) {
        return Ok(item);
    }
    let error = Error::new(Code::NotFound, format!("there is no {what} '{wanted}'"));
    let names: Vec<&str> = items.iter().map(&name).collect();
    Err(match nearest(wanted, names.iter().copied()) {
        Some(near) => error.hint(meant(wanted, near)),
        None if names.is_empty() => error.hint(format!("there is no {what} at all")),
        None => error.hint(format!("there are: {}", names.join(", "))),
    })
}

/// What `delete` prints; with `rt_status` where it is waited for.
pub(crate) async fn deleted(
    ctx: &Context,
    wait_args: &WaitArgs<false>,
    ps: &str,
    (kind, name, id): (&str, &str, Option<&str>),
) -> Result<Outcome, Error> {
    let mut document = json!({"kind": kind, "name": name, "id": id, "action": "deleted"});
    if wait_args.waits()
        && let Some(map) = document.as_object_mut()
    {
        let status = wait(ctx, ps, wait_args.options()).await.map_err(|error| written(error, ps))?;
        map.insert("rt_status".into(), json!(status));
    }
    Ok(Outcome::new(document).summary(format!("deleted {kind} '{name}'")))
}
