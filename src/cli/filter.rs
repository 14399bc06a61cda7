//! The filter of `--jq`: compiled, and checked against what the command prints.

use super::GlobalArgs;
use super::PROGRAM;
use crate::context::{Context, FilterCheck};
use crate::error::{Code, Error};
use crate::jq::Filter;
use crate::ui::OutputFilter;
use serde_json::Value;

/// A filter that does not compile, or asks for a field that cannot be there, fails before any request.
/// What a step is given it passes on, so its filter is checked once the document is read.
pub(super) fn prepare(
    global: &GlobalArgs,
    ctx: &Context,
    words: &str,
    bulk: bool,
    summary: bool,
    raw: bool,
) -> Result<(), Error> {
    let Some(filter) = filter(global)? else { return Ok(()) };
    ctx.ui.filter_with(filter);
    if global.no_jq_check || raw && !bulk {
        return Ok(());
    }
    let schemas = PROGRAM.schemas;
    let output = schemas.output(words);
    let own = match (bulk, global.dry_run) {
        (true, _) if summary => schemas.of("bulk-summary"),
        (true, _) if raw => schemas.of("bulk"),
        (true, _) => schemas.of_bulk(words),
        (false, true) if output.is_some_and(|output| output.writes) => None,
        (false, _) => schemas.of(words),
    };
    let planned = if global.dry_run && output.is_some() { schemas.of("dry-run") } else { None };
    let passes_on = own.is_some() && !bulk && output.is_some_and(|output| output.passes_on);
    let schemas = own.into_iter().chain(planned).collect();
    ctx.check_filter_with(FilterCheck { command: words.to_owned(), schemas, passes_on })
}

fn filter(global: &GlobalArgs) -> Result<Option<OutputFilter>, Error> {
    let Some(text) = &global.jq else {
        return match global.exit_status || !global.arg.is_empty() || !global.argjson.is_empty() {
            true => Err(Error::new(Code::Usage, "--arg, --argjson and --exit-status go with --jq")),
            false => Ok(None),
        };
    };
    let mut arguments = Vec::new();
    for (name, value) in pairs(&global.arg) {
        arguments.push((name.clone(), Value::from(value.as_str())));
    }
    for (name, text) in pairs(&global.argjson) {
        let value = serde_json::from_str(text).map_err(|error| {
            Error::new(Code::Usage, format!("--argjson {name}: the value is not JSON: {error}"))
        })?;
        arguments.push((name.clone(), value));
    }
    let filter = Filter::compile(text, &arguments)
        .map_err(|error| Error::new(Code::Jq, error.to_string()).hint("nothing was sent"))?;
    Ok(Some(OutputFilter { filter, exit_status: global.exit_status }))
}

fn pairs(values: &[String]) -> impl Iterator<Item = (&String, &String)> {
    values.chunks_exact(2).filter_map(|pair| match pair {
        [name, value] => Some((name, value)),
        _ => None,
    })
}
