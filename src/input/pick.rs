//! The item that a name or an id on the command line means.

use crate::error::{Code, Error};
use crate::plan::nearest::{meant, named, nearest};

/// Finds an item by name or id; the error names the nearest.
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
