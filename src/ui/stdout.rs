//! What goes to stdout, or to the file of `--output`.

use super::json::{Halted, Look, push_json};
use super::options::Format;
use super::report::Report;
use super::shown::Shown;
use super::{Ui, write_raw};
use anyhow::Context as _;
use serde_json::Value;
use std::io::{self, Write as _};

impl Ui {
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
            (None, Format::Tsv) => {
                if let Some(rows) = self.rows.get() {
                    rows.push_tsv(&mut text, &document);
                }
                if look.terminal {
                    text = Shown::from(&text).as_str().to_owned();
                }
            }
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
            None => push_json(&mut text, &document, look)?,
            Some(filter) => {
                let (last, end) = filter.push(document, &mut text, look)?;
                let mut lines = self.lines.borrow_mut();
                lines.truthy = last.unwrap_or(lines.truthy);
                halted = end;
            }
        }
        self.write_line(&text, halted)
    }

    /// Writes a document as [`Ui::line`] does, for people: what is laid out on an empty report.
    pub fn report_line(
        &self,
        document: Value,
        lay_out: impl FnOnce(&Value, Report) -> Report,
    ) -> anyhow::Result<bool> {
        let report = lay_out(&self.hidden.data(document), Report::new(self.page()));
        self.write_line(Shown::from(report).as_str(), None)
    }

    /// Writes text in place of what was on the terminal; elsewhere below it. `false` when the reader is gone.
    pub fn refresh(&self, text: impl Into<Shown>) -> anyhow::Result<bool> {
        let text = self.hidden.hide(text.into().as_str());
        let cleared = if self.is_to_terminal() { "\x1b[H\x1b[2J" } else { "" };
        self.write_line(&format!("{cleared}{text}"), None)
    }

    /// Writes text as [`Ui::line`] writes documents, without the filter.
    pub fn row(&self, text: &str) -> anyhow::Result<bool> {
        let text = self.hidden.hide(text);
        match self.is_to_terminal() {
            true => self.write_line(Shown::from(&text).as_str(), None),
            false => self.write_line(&text, None),
        }
    }

    fn write_line(&self, text: &str, halted: Option<Halted>) -> anyhow::Result<bool> {
        if self.options.output.is_some() {
            self.lines.borrow_mut().kept.push_str(text);
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
}
