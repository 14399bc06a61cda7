//! The only writer: the document on stdout; status, progress and errors on stderr.

mod cells;
mod hidden;
mod json;
mod options;
mod progress;
mod report;
mod rows;
pub mod shown;
mod stderr;
mod stdout;
mod table;
mod wrap;

use crate::error::Error;
use crate::file::OutputFile;
use crate::secrets::Secrets;
use indicatif::ProgressBar;
use secrecy::SecretString;
use std::cell::{Cell, OnceCell, RefCell};
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::rc::Rc;

use hidden::Hidden;
use json::Look;
use shown::PLAIN;

pub use cells::{cell, value_at};
pub use json::{Halted, OutputFilter};
pub use options::{ColorChoice, ErrorFormat, Format, UiOptions};
pub use progress::Progress;
pub use report::Report;
pub use rows::Rows;
pub use shown::Shown;
pub use stderr::WarningDocument;
pub use table::Page;

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

    /// Whether a flag says how the answers to many items are written: by a filter, as JSON or for people.
    pub fn has_form_of_lines(&self) -> bool {
        self.filter().is_some() || matches!(self.options.format, Format::Jsonl | Format::Table)
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
