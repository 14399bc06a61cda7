//! The form of the document: what the flags and the environment say, and the columns of a list.

use super::{GlobalArgs, PROGRAM};
use crate::context::Context;
use crate::error::{Code, Error};
use crate::settings::Environment;
use crate::ui::shown::{BOLD, PLAIN};
use crate::ui::{Format, Page, Report, Rows};
use serde_json::Value;

/// The variable that makes documents JSON on a terminal too, for scripts that run on one.
const VARIABLE: &str = "TDX_RT_OUTPUT";

/// The form that flags say, else the environment.
pub(super) fn of(global: &GlobalArgs, env: &Environment) -> Format {
    match global.format() {
        Format::Auto if env.var(VARIABLE).as_deref() == Some("json") => Format::Json,
        format => format,
    }
}

/// Looks the columns of the command's list up; an error where it has none and is to print lines of them.
pub(super) fn prepare(
    global: &GlobalArgs,
    ctx: &Context,
    words: &str,
    bulk: bool,
    raw: bool,
) -> Result<(), Error> {
    if let Some(other) = ctx.env.var(VARIABLE).filter(|value| !["", "auto", "json"].contains(&value.as_str()))
    {
        let message = format!("{VARIABLE} is '{other}'; it can be json or auto");
        return Err(Error::new(Code::Usage, message).hint("other forms have flags, such as --table"));
    }
    if !global.tsv && !ctx.ui.is_for_people() {
        return Ok(());
    }
    let output = PROGRAM.schemas.output(words).filter(|_| !bulk && !raw);
    match output.zip(PROGRAM.schemas.columns(words)) {
        Some((output, columns)) => ctx.ui.rows_with(Rows { at: output.rows, shown: output.shown, columns }),
        None if global.tsv => {
            let message = match (bulk, raw) {
                (true, _) => format!("--tsv is for lists, and `{words} -` answers line by line"),
                (_, true) => {
                    "--tsv has the columns of the plan's words: it does not go with --raw".to_owned()
                }
                _ => format!("--tsv is for lists, and `{words}` prints none"),
            };
            let hint = "--jq makes lines of any document, such as --jq '.[] | [.name, .id] | @tsv'";
            return Err(Error::new(Code::Usage, message).hint(hint));
        }
        None => {}
    }
    Ok(())
}

/// What a dry run would send, for people: a line for each request, its body below it.
pub(super) fn requests(document: &Value, page: Page) -> Report {
    let requests = document.get("requests").and_then(Value::as_array).into_iter().flatten();
    requests.fold(Report::new(page), |report, request| {
        let text = |field: &str| request.get(field).and_then(Value::as_str).unwrap_or_default();
        let report = report.blank().item((BOLD, text("method")), text("url"));
        match request.get("body") {
            None | Some(Value::Null) => report,
            Some(Value::String(body)) => report.line(PLAIN, &format!("  {body}")),
            Some(body) => report.verbatim(format!("{body:#}").lines()),
        }
    })
}
