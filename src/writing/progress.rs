//! What was written, for people: a line for each thing when it is done.

use crate::context::Context;
use crate::steps::Action;
use crate::steps::change::Done;
use crate::ui::Report;
use crate::ui::shown::{DIM, GREEN, PLAIN, RED, Shown, Style, YELLOW, one_line};

/// Writes what was just done to stderr of a terminal.
pub(super) fn show(ctx: &Context, done: &Done) {
    if ctx.requests.dry_run {
        return;
    }
    let ((style, sign), text) = line(done);
    ctx.ui.status(Shown::new(ctx.ui.colours_stderr()).with(style, sign).with(PLAIN, &format!(" {text}")));
}

/// What a command wrote, for stdout of a terminal: each thing, unless stderr has shown it there, and the summary.
pub fn report(ctx: &Context, done: &[Done], summary: &str) -> Report {
    let shown = if ctx.ui.is_watched() { &[] } else { done };
    let lines = shown
        .iter()
        .map(line)
        .fold(Report::new(ctx.ui.page()), |report, (sign, text)| report.item(sign, &text));
    lines.blank().line(PLAIN, summary)
}

fn line(done: &Done) -> ((Style, &'static str), String) {
    let sign = match done.action {
        Action::Created => (GREEN, "+"),
        Action::Updated => (YELLOW, "~"),
        Action::Deleted => (RED, "-"),
        Action::Unchanged => (DIM, "="),
    };
    (sign, format!("{} {}", done.kind.words(), one_line(&done.name)))
}
