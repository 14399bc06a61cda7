//! Assertions on how many of something there were.

use crate::error::{Code, Error};
use clap::Args;
use serde_json::Value;

/// How many there must be.
#[derive(Debug, Clone, Args)]
pub struct ExpectationArgs {
    /// Only how many, without the list
    #[arg(long)]
    count: bool,
    /// Expect exactly so many
    #[arg(long, value_name = "N", conflicts_with_all = ["at_least", "at_most"])]
    expect: Option<u64>,
    /// Expect so many or more
    #[arg(long, value_name = "N")]
    at_least: Option<u64>,
    /// Expect so many or fewer
    #[arg(long, value_name = "N")]
    at_most: Option<u64>,
}

/// What is counted: the word, the key of the list, and what to do about a list that is not complete.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    /// One of them.
    pub one: &'static str,
    /// Several of them.
    pub many: &'static str,
    /// The key of the list in the document.
    pub list: &'static str,
    /// What to do when some have had to make room.
    pub dropped: &'static str,
}

/// A document, and the error that the command ends with where the number is not the expected one.
pub type Judged = (Value, Option<Error>);

impl ExpectationArgs {
    /// Whether anything is asked for.
    pub fn is_given(&self) -> bool {
        self.count || self.expectation().is_some()
    }

    /// The document, with an error when the number is not the expected one.
    pub fn check(&self, mut document: Value, counted: Counted) -> Judged {
        let error = self.error(&document, counted);
        if let (true, Some(map)) = (self.count, document.as_object_mut()) {
            map.shift_remove(counted.list);
        }
        (document, error)
    }

    fn error(&self, document: &Value, counted: Counted) -> Option<Error> {
        let count = document.get("count").and_then(Value::as_u64).unwrap_or(0);
        let complete = document.get("complete").and_then(Value::as_bool).unwrap_or(true);
        let (low, high, wanted) = self.expectation()?;
        let number = match count {
            1 => format!("1 {}", counted.one),
            _ => format!("{count} {}", counted.many),
        };
        let failed = |message: String, hint: &str| Some(Error::new(Code::CheckFailed, message).hint(hint));
        if !(low..=high).contains(&count) {
            let verb = if count == 1 { "fits" } else { "fit" };
            let message = format!("{number} {verb}, expected was {wanted}");
            return failed(
                message,
                &format!("the document that was printed lists the {} that fit", counted.many),
            );
        }
        // Those that had to make room may have fitted as well.
        if !complete && high < u64::MAX {
            let message = format!("{number} fit, as expected, but older ones have been dropped");
            return failed(message, counted.dropped);
        }
        None
    }

    /// The lowest and highest number that will do, in words too.
    fn expectation(&self) -> Option<(u64, u64, String)> {
        match (self.expect, self.at_least, self.at_most) {
            (Some(exactly), ..) => Some((exactly, exactly, format!("exactly {exactly}"))),
            (_, None, None) => None,
            (_, Some(low), None) => Some((low, u64::MAX, format!("at least {low}"))),
            (_, None, Some(high)) => Some((0, high, format!("at most {high}"))),
            (_, Some(low), Some(high)) => Some((low, high, format!("{low} to {high}"))),
        }
    }
}
