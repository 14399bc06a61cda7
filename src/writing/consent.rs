//! Asking before something goes.

use crate::context::Context;
use crate::error::{Code, Error};
use clap::Args;

/// Going ahead without a question.
#[derive(Debug, Clone, Default, Args)]
pub struct YesArgs {
    /// Go ahead without asking
    #[arg(short, long)]
    pub yes: bool,
}

/// What is asked, and what happens where there is no terminal to ask on.
#[derive(Debug, Clone)]
pub struct Question {
    /// For people, such as `Delete attributes.a?`.
    pub text: String,
    /// What does not come back, as sentences; see [`crate::steps::undo::gone`].
    pub lost: Vec<String>,
    /// Where there is no terminal: what happened and what to do; `None` where the command itself is the
    /// consent.
    pub refusal: Option<Error>,
}

impl YesArgs {
    /// Says what is lost and asks, on a terminal; elsewhere `--yes` is the answer, or the command itself.
    ///
    /// # Errors
    /// The answer no, and no terminal to ask on.
    pub async fn confirm(&self, ctx: &Context, question: Question) -> Result<(), Error> {
        let lost: Vec<String> = question.lost.iter().map(|what| format!("lost: {what}")).collect();
        lost.iter().for_each(|line| ctx.ui.sentence(line));
        if self.yes || ctx.requests.dry_run {
            return Ok(());
        }
        match ctx.ui.confirm(&question.text).await {
            Some(true) => Ok(()),
            Some(false) => Err(Error::new(Code::Declined, "nothing was changed: you said no")),
            None => match question.refusal {
                Some(refusal) if !lost.is_empty() => Err(refusal.and_hint(&lost.join("\n"))),
                refusal => refusal.map_or(Ok(()), Err),
            },
        }
    }
}
