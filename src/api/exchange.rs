//! A request and its answer, as `-v` shows it.

use std::time::Duration;

/// A request that was sent and its answer, for `-v`.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// Method.
    pub method: String,
    /// URL without its query.
    pub url: String,
    /// Status; `None` when there was no answer.
    pub status: Option<u16>,
    /// How long it took.
    pub elapsed: Duration,
    /// Which try it was, from 1.
    pub attempt: usize,
    /// Size of the answer in bytes; `None` when there was no whole answer.
    pub size: Option<usize>,
    /// The body of a write, without keys and tokens.
    pub body: Option<String>,
}

impl Exchange {
    /// A line: method, URL, status, time, and which try it was when it was not the first. With `bodies`, for
    /// `-vv`, the size of the answer too, and what was sent on a line of its own. Headers are in none.
    pub fn text(&self, bodies: bool) -> String {
        let status = self.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
        let milliseconds = self.elapsed.as_secs_f64() * 1_000.0;
        let mut text = format!("{} {} {status} {milliseconds:.1} ms", self.method, self.url);
        if self.attempt > 1 {
            text.push_str(&format!(" (try {})", self.attempt));
        }
        if bodies {
            if let Some(size) = self.size {
                text.push_str(&format!(", {size} bytes"));
            }
            if let Some(body) = self.body.as_ref().filter(|_| self.attempt == 1) {
                text.push_str(&format!("\n  {body}"));
            }
        }
        text
    }
}

/// Gets every exchange.
pub type Observer = Box<dyn Fn(&Exchange) + Send + Sync>;
