//! The only writer: the document on stdout; status, progress and errors on stderr.

mod cells;
mod hidden;
mod json;
mod progress;
mod report;
pub mod shown;
mod table;
mod wrap;

use crate::error::{Code, Error};
use crate::file::OutputFile;
use crate::secrets::Secrets;
use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use schemars::JsonSchema;
use secrecy::SecretString;
use serde::Serialize;
use serde_json::Value;
use std::cell::{Cell, OnceCell, RefCell};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use hidden::Hidden;
use json::{Look, push_json};
use shown::{BOLD_RED, DIM, PLAIN};
use wrap::{wrap, wrapped};

pub use json::{Halted, OutputFilter};
pub use progress::Progress;
pub use report::Report;
pub use shown::Shown;
pub use table::Page;

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

/// When to colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How errors are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ErrorFormat {
    /// Text on a terminal, JSON elsewhere.
    #[default]
    Auto,
    /// Text.
    Text,
    /// One JSON object.
    Json,
}

/// The form of a document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// For people on a terminal, JSON elsewhere.
    #[default]
    Auto,
    /// JSON.
    Json,
    /// One line for each element of an array.
    Jsonl,
    /// YAML: for plans to keep.
    Yaml,
    /// For people: a table of a list, a report of any other document.
    Table,
    /// A line for each thing of a list, with a line of column names before them.
    Tsv,
}

/// The things of a document that is a list or has one.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// The field of the document that has them; none where the document is the list.
    pub at: Option<&'static str>,
    /// The columns that people see first; all where there are none.
    pub shown: &'static [&'static str],
    /// All columns, by their names in the document, a dot before those of a mapping inside.
    pub columns: Vec<String>,
}

impl Rows {
    /// The things of a document; one that is no list is its only one.
    fn of<'d>(&self, document: &'d Value) -> &'d [Value] {
        let list = self.at.and_then(|field| document.get(field)).unwrap_or(document);
        list.as_array().map_or(std::slice::from_ref(list), Vec::as_slice)
    }
}

/// How the writer writes.
#[derive(Debug, Clone, Default)]
pub struct UiOptions {
    /// When to colour.
    pub color: ColorChoice,
    /// Whether `NO_COLOR` is set.
    pub no_color: bool,
    /// How errors are written.
    pub error_format: ErrorFormat,
    /// No status, summary or progress on stderr.
    pub quiet: bool,
    /// File for the document instead of stdout.
    pub output: Option<PathBuf>,
    /// The form of the document.
    pub format: Format,
    /// Columns of a text that goes to no terminal, where they are limited.
    pub columns: Option<usize>,
}

/// The writer.
#[derive(Debug)]
pub struct Ui {
    options: UiOptions,
    /// The file of `--output`, once it was tried.
    output: OnceCell<OutputFile>,
    stdout_terminal: bool,
    stderr_terminal: bool,
    filter: OnceCell<OutputFilter>,
    rows: OnceCell<Rows>,
    lines: RefCell<Lines>,
    spinning: Rc<Cell<bool>>,
    /// The spinner that is on the screen.
    bar: RefCell<Option<ProgressBar>>,
    hidden: Rc<Hidden>,
}

/// Documents that are written one by one.
#[derive(Debug, Default)]
struct Lines {
    /// What `--output` will hold; nothing where stdout has it already.
    kept: String,
    /// Whether the last output of the filter was neither `false` nor `null`.
    truthy: bool,
}

impl Ui {
    /// Looks at the standard streams once.
    pub fn new(options: UiOptions) -> Self {
        Ui {
            options,
            output: OnceCell::new(),
            stdout_terminal: io::stdout().is_terminal(),
            stderr_terminal: io::stderr().is_terminal(),
            filter: OnceCell::new(),
            rows: OnceCell::new(),
            lines: RefCell::default(),
            spinning: Rc::default(),
            bar: RefCell::default(),
            hidden: Rc::default(),
        }
    }

    /// Whatever is written is without these credentials, which are found when the first text comes, but where
    /// a document exists to hand one over.
    pub fn hide_with(&self, find: impl Fn() -> Secrets + 'static) {
        // There is one context.
        let _ = self.hidden.find.set(Box::new(find));
    }

    /// Nor with this one, which became known later.
    pub fn hide_also(&self, secret: &SecretString) {
        self.hidden.add(secret);
    }

    fn look(&self, pretty: bool) -> Look {
        let terminal = self.is_to_terminal();
        Look { pretty: pretty && terminal, color: self.colors(terminal), terminal }
    }

    /// A message without credentials, as people see it.
    pub fn hidden(&self, text: &str) -> String {
        self.hidden.hide(text)
    }

    /// Every document goes through this filter from now on; the first one given stays.
    pub fn filter_with(&self, filter: OutputFilter) {
        crate::jq::write_with(write_raw);
        // There is one `--jq`.
        let _ = self.filter.set(filter);
    }

    /// The filter that documents go through.
    pub fn filter(&self) -> Option<&OutputFilter> {
        self.filter.get()
    }

    /// The documents of this command are lists, or have one.
    pub fn rows_with(&self, rows: Rows) {
        // There is one command.
        let _ = self.rows.set(rows);
    }

    /// Whether the document is written for people.
    pub fn is_for_people(&self) -> bool {
        self.filter().is_none()
            && match self.options.format {
                Format::Auto => self.is_to_terminal(),
                format => format == Format::Table,
            }
    }

    /// What text for people on stdout is laid out for.
    pub fn page(&self) -> Page {
        let width = match self.is_to_terminal() {
            true => width_of(&io::stdout()),
            false => self.options.columns,
        };
        Page { width, colours: self.colours_stdout() }
    }

    /// The document for people.
    fn report(&self, document: &Value) -> Report {
        let Some(rows) = self.rows.get() else { return Report::of(document, &[], self.page()) };
        let all: Vec<&str> = rows.columns.iter().map(String::as_str).collect();
        let columns = if rows.shown.is_empty() { all.as_slice() } else { rows.shown };
        match document.is_array() {
            true => Report::new(self.page()).table(rows.of(document), columns),
            false => Report::of(document, columns, self.page()),
        }
    }

    /// Writes the document, through the filter where there is one, or for people. `false` means that
    /// `--exit-status` is given and the last output was `false` or `null`, or there was none.
    pub fn document(&self, document: Value, for_people: bool) -> anyhow::Result<bool> {
        let document = self.hidden.data(document);
        let look = self.look(self.options.format != Format::Jsonl);
        let mut text = String::new();
        let mut truthy = true;
        let mut halted = None;
        match (self.filter(), self.options.format) {
            (None, Format::Yaml) => {
                text = serde_saphyr::to_string(&document).context("the document can't be written as YAML")?;
                if !text.ends_with('\n') {
                    text.push('\n');
                }
                if look.terminal {
                    text = Shown::from(&text).as_str().to_owned();
                }
            }
            (None, Format::Jsonl) => match document {
                Value::Array(items) => {
                    for item in &items {
                        push_json(&mut text, item, look)?;
                    }
                }
                other => push_json(&mut text, &other, look)?,
            },
            (None, Format::Tsv) => self.push_tsv(&mut text, &document),
            (None, _) if for_people => {
                text = Shown::from(self.report(&document)).as_str().to_owned();
            }
            (None, _) => push_json(&mut text, &document, look)?,
            (Some(filter), _) => {
                let (last, end) = filter.push(document, &mut text, Look { pretty: look.terminal, ..look })?;
                truthy = !filter.exit_status || last.unwrap_or(false);
                halted = end;
            }
        }
        self.write(&text)?;
        self.end(halted)?;
        Ok(truthy)
    }

    fn push_tsv(&self, text: &mut String, document: &Value) {
        let Some(rows) = self.rows.get() else { return };
        let mut line = |cells: Vec<String>| text.push_str(&(cells.join("\t") + "\n"));
        line(rows.columns.clone());
        for row in rows.of(document) {
            line(rows.columns.iter().map(|column| cells::tsv(cells::at(row, column))).collect());
        }
    }

    /// The end of the run that the filter asked for, after its outputs: an error that is [`Halted`].
    /// `halt` alone is an end like any other.
    fn end(&self, halted: Option<Halted>) -> anyhow::Result<()> {
        let Some(halted) = halted else { return Ok(()) };
        let text = halted.text();
        write_raw(&text);
        match halted.exit_code() == 0 && text.is_empty() {
            true => Ok(()),
            false => Err(halted.into()),
        }
    }

    /// Writes one of several documents as a line of its own, at once; `false` when
    /// the reader has closed the pipe. With `--output` nothing is written before [`Ui::end_lines`].
    pub fn line(&self, document: Value) -> anyhow::Result<bool> {
        let document = self.hidden.data(document);
        let look = self.look(false);
        let mut text = String::new();
        let mut halted = None;
        match self.filter() {
            None if self.is_for_people() => {
                text = Shown::from(self.report(&document).blank()).as_str().to_owned()
            }
            None => push_json(&mut text, &document, look)?,
            Some(filter) => {
                let (last, end) = filter.push(document, &mut text, look)?;
                let mut lines = self.lines.borrow_mut();
                lines.truthy = last.unwrap_or(lines.truthy);
                halted = end;
            }
        }
        if self.options.output.is_some() {
            self.lines.borrow_mut().kept.push_str(&text);
            if halted.is_some() {
                self.end_lines()?;
            }
            return self.end(halted).map(|()| true);
        }
        let mut stdout = io::stdout().lock();
        match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(false),
            result => result.context("cannot write to stdout")?,
        }
        self.end(halted).map(|()| true)
    }

    /// What [`Ui::end_lines`] would write, or could not.
    pub fn unwritten_lines(&self) -> String {
        self.lines.borrow().kept.clone()
    }

    /// Ends what [`Ui::line`] began; as [`Ui::document`] says whether `--exit-status` is content.
    pub fn end_lines(&self) -> anyhow::Result<bool> {
        if let Some(output) = self.output()? {
            output.write(self.lines.borrow().kept.as_bytes())?;
        }
        let lines = self.lines.take();
        Ok(self.filter().is_none_or(|filter| !filter.exit_status || lines.truthy))
    }

    /// An error when nothing can be written to `--output`: better known before the work than after
    /// it, when a token that is shown only once would be lost.
    pub fn check_output(&self) -> anyhow::Result<()> {
        Ok(self.output().map(drop)?)
    }

    fn output(&self) -> Result<Option<&OutputFile>, Error> {
        let Some(path) = &self.options.output else { return Ok(None) };
        if let Some(output) = self.output.get() {
            return Ok(Some(output));
        }
        let output = OutputFile::prepare(path)?;
        Ok(Some(self.output.get_or_init(|| output)))
    }

    /// Whether documents are written as YAML.
    pub fn writes_yaml(&self) -> bool {
        self.options.format == Format::Yaml
    }

    /// Whether the document goes to a terminal.
    pub fn is_to_terminal(&self) -> bool {
        self.options.output.is_none() && self.stdout_terminal
    }

    /// The file of `--output`.
    pub fn output_file(&self) -> Option<&Path> {
        self.options.output.as_deref()
    }

    /// Whether text for stdout is coloured.
    pub fn colours_stdout(&self) -> bool {
        self.colors(self.is_to_terminal())
    }

    /// Whether a person sees what [`Ui::status`] writes.
    pub fn is_watched(&self) -> bool {
        self.stderr_terminal && !self.options.quiet
    }

    /// Whether text for stderr is coloured.
    pub fn colours_stderr(&self) -> bool {
        self.colors(self.stderr_terminal)
    }

    /// Asks the person at the terminal; no answer is no. `None` without a terminal. The
    /// answer is read from the terminal itself, because stdin may be the plan.
    pub async fn confirm(&self, question: &str) -> Option<bool> {
        if !self.stderr_terminal {
            return None;
        }
        let mut terminal = terminal()?;
        write_part(&self.hidden.hide(Shown::from(question).with(PLAIN, " [y/N] ").as_str()));
        // On a thread of its own, so that Ctrl-C is heard.
        let read = tokio::task::spawn_blocking(move || {
            let mut answer = String::new();
            io::BufRead::read_line(&mut terminal, &mut answer).map(|_| answer)
        });
        let answer = read.await.ok()?.ok()?;
        Some(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
    }

    /// Writes text that is no JSON (completions, man pages, drawings).
    pub fn text(&self, text: impl Into<Shown>) -> anyhow::Result<()> {
        self.write(&self.hidden.hide(text.into().as_str()))
    }

    fn write(&self, text: &str) -> anyhow::Result<()> {
        match self.output()? {
            Some(output) => Ok(output.write(text.as_bytes())?),
            None => self.stdout(text.as_bytes()),
        }
    }

    fn stdout(&self, bytes: &[u8]) -> anyhow::Result<()> {
        let mut stdout = io::stdout().lock();
        match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
            // The reader has closed the pipe.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            result => result.context("cannot write to stdout"),
        }
    }

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

    fn stderr_width(&self) -> Option<usize> {
        if self.stderr_terminal { width_of(&io::stderr()) } else { None }
    }

    /// The same for a line that hands a key over, which is meant.
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

    fn colors(&self, terminal: bool) -> bool {
        match self.options.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && !self.options.no_color,
        }
    }
}

/// The width of a terminal, in columns.
#[cfg(unix)]
fn width_of(stream: &impl std::os::fd::AsFd) -> Option<usize> {
    Some(usize::from(terminal_size::terminal_size_of(stream)?.0.0)).filter(|width| *width > 0)
}

/// The width of the terminal, in columns.
#[cfg(not(unix))]
fn width_of<T>(_: &T) -> Option<usize> {
    Some(usize::from(terminal_size::terminal_size()?.0.0)).filter(|width| *width > 0)
}

/// The terminal for reading; on others than Unix stdin, when that is one.
fn terminal() -> Option<Box<dyn io::BufRead + Send>> {
    #[cfg(unix)]
    return Some(Box::new(io::BufReader::new(std::fs::File::open("/dev/tty").ok()?)));
    #[cfg(not(unix))]
    return io::stdin()
        .is_terminal()
        .then(|| Box::new(io::BufReader::new(io::stdin())) as Box<dyn io::BufRead + Send>);
}

/// A line for `-v`, whatever else is quiet.
pub fn write_verbose(text: String) {
    write_part(Shown::from(text + "\n").as_str());
}

/// What a filter says itself: as it is, but for a terminal.
fn write_raw(text: &str) {
    match io::stderr().is_terminal() {
        true => write_part(Shown::from(text).as_str()),
        false => write_part(text),
    }
}

fn write_part(text: &str) {
    let mut stderr = io::stderr().lock();
    // Nothing can be reported when stderr is gone.
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
}
