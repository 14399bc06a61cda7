//! What goes to stderr: status, warnings, errors and the spinner.

use super::options::ErrorFormat;
use super::progress::Progress;
use super::shown::{BOLD_RED, DIM, PLAIN, Shown};
use super::wrap::{wrap, wrapped};
use super::{Ui, width_of, write_part};
use crate::error::{Code, Error};
use indicatif::{ProgressBar, ProgressStyle};
use schemars::JsonSchema;
use serde::Serialize;
use std::cell::Cell;
use std::io;
use std::rc::Rc;
use std::time::Duration;

/// What a command that warns writes on stderr.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WarningDocument {
    /// The warning
    pub warning: Warning,
}

/// A warning.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Warning {
    /// Code of a finding, which `explain` describes
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^[a-z]+(-[a-z]+)*$"))]
    pub code: Option<String>,
    /// What may be wrong
    #[schemars(length(min = 1))]
    pub message: String,
}

impl Ui {
    /// A line of status for people; nothing when stderr is no terminal or `-q` is given.
    pub fn status(&self, line: impl Into<Shown>) {
        if self.is_watched() {
            self.stderr(line);
        }
    }

    /// A sentence of status for people, or several lines of them, wrapped at words.
    pub fn sentence(&self, text: &str) {
        let width = self.stderr_width();
        text.split('\n').for_each(|line| self.status(wrapped(line, width).join("\n")));
    }

    /// A line of status that hands a key over, which is meant: nothing in it is masked.
    pub fn hand_over(&self, line: &str) {
        if self.is_watched() {
            write_part(&format!("{}\n", Shown::from(line).as_str()));
        }
    }

    /// Warns, also where stderr is no terminal, unless `-q` is given. In the format of errors, as
    /// `{"warning":{"message"}}`.
    pub fn warn(&self, message: &str) {
        self.write_warning(None, message);
    }

    /// The same with the code of a finding: `{"warning":{"code","message"}}`, `warning[code]: …`.
    pub fn warn_of(&self, code: &str, message: &str) {
        self.write_warning(Some(code), message);
    }

    fn write_warning(&self, code: Option<&str>, message: &str) {
        if self.options.quiet {
            return;
        }
        if self.errors_are_text() {
            let code = code.map(|code| format!("[{code}]")).unwrap_or_default();
            let message = wrap(message, "  ", self.stderr_width());
            return self.stderr(format!("warning{code}: {message}"));
        }
        let warning = Warning { code: code.map(str::to_owned), message: message.to_owned() };
        self.stderr(serde_json::json!(WarningDocument { warning }).to_string());
    }

    fn stderr_width(&self) -> Option<usize> {
        if self.stderr_terminal { width_of(&io::stderr()) } else { None }
    }

    fn errors_are_text(&self) -> bool {
        match self.options.error_format {
            ErrorFormat::Text => true,
            ErrorFormat::Json => false,
            ErrorFormat::Auto => self.stderr_terminal,
        }
    }

    /// Writes an error: text on a terminal, one JSON object elsewhere.
    pub fn error(&self, error: &Error) {
        if !self.errors_are_text() {
            return self.stderr(serde_json::json!(error.document()).to_string());
        }
        let line = || Shown::new(self.colours_stderr());
        if error.follows {
            return self.stderr(line().with(DIM, &wrap(&error.message, "", self.stderr_width())));
        }
        let width = self.stderr_width();
        let message = wrap(&error.message, "error: ", width);
        self.stderr(line().with(BOLD_RED, "error").with(PLAIN, &format!(": {message}")));
        for advice in error.advice().lines() {
            self.stderr(line().with(DIM, &format!("→ {}", wrap(advice, "→ ", width))));
        }
        // What is nowhere else.
        let lost = error.details.as_ref().filter(|_| error.code == Code::OutputLost);
        if let Some(document) = lost.and_then(|details| details.get("document")) {
            self.stderr(document.to_string());
        }
        if self.stderr_terminal {
            self.stderr(line().with(DIM, &format!("→ tdx-rt explain {}", error.code.as_str())));
        }
    }

    /// Reports how many requests there were, and how long the command took; ends the report of `-v`.
    pub fn report_total(&self, requests: usize, time: Duration) {
        let word = if requests == 1 { "request" } else { "requests" };
        self.stderr(format!("{requests} {word} in {}", milliseconds(time)));
    }

    fn stderr(&self, line: impl Into<Shown>) {
        let line = format!("{}\n", self.hidden.hide(line.into().as_str()));
        match &*self.bar.borrow() {
            // One that has ended writes nothing itself.
            Some(bar) => bar.suspend(|| write_part(&line)),
            None => write_part(&line),
        }
    }

    /// Shows no spinner, and keeps others from showing one meanwhile.
    pub fn no_progress(&self) -> Progress {
        Progress { bar: None, spinning: self.begin_spinning(), hidden: Rc::clone(&self.hidden) }
    }

    /// `None` where something spins already.
    fn begin_spinning(&self) -> Option<Rc<Cell<bool>>> {
        (!self.spinning.replace(true)).then(|| Rc::clone(&self.spinning))
    }

    /// A spinner on a terminal; elsewhere nothing.
    pub fn progress(&self, message: &str) -> Progress {
        // Two spinners would write over each other.
        let hidden = Rc::clone(&self.hidden);
        let quiet = Progress { bar: None, spinning: None, hidden: Rc::clone(&hidden) };
        if !self.is_watched() {
            return quiet;
        }
        let Some(spinning) = self.begin_spinning() else { return quiet };
        let bar = ProgressBar::new_spinner().with_message(self.hidden.hide(Shown::from(message).as_str()));
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        self.bar.replace(Some(bar.clone()));
        Progress { bar: Some(bar), spinning: Some(spinning), hidden }
    }
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
}
