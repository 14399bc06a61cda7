//! `list`: what is live, in a plan's words or as the platform has it.

use super::bulk::{
    self, Bulk, BulkArgs, Item, ParentSegments, STDIN, parent_segment_column, parent_segment_label,
};
use super::{PsArgs, parent_segment_only};
use crate::context::Context;
use crate::error::{Code, Error};
use crate::outcome::Outcome;
use crate::plan::Configuration;
use crate::plan::export::rows::Rows;
use crate::steps::live::{Live, Parts};
use clap::Args;
use serde::Serialize;
use serde_json::{Value, json};

/// For `list`: one parent segment, or many from stdin.
#[derive(Debug, Clone, Args)]
pub struct ListArgs {
    /// Parent segment, by id or name (else from the document on stdin); `-` reads many of them from stdin
    #[arg(value_name = "PS", conflicts_with = "ps")]
    target: Option<String>,
    #[command(flatten)]
    ps: PsArgs,
    /// Print the items in the platform's form: its field names, ids in place of names, rules in full
    #[arg(long)]
    raw: bool,
    #[command(flatten)]
    bulk: BulkArgs,
}

impl ListArgs {
    /// Lists for the one parent segment, or for each of many. `command` has the words of the command, `parts` are read;
    /// `raw` makes the platform's form, and `rows` the usual one from what is live and the id of the parent segment.
    pub(crate) async fn run<T: Serialize>(
        &self,
        ctx: &Context,
        command: &str,
        parts: Parts,
        raw: impl Fn(&Configuration) -> Value,
        rows: impl Fn(&Configuration, &str) -> anyhow::Result<Rows<T>>,
        summary: impl Fn(&Configuration) -> String,
    ) -> anyhow::Result<Outcome> {
        let list = async |ps: &str| -> anyhow::Result<Outcome> {
            let live = Live::read(ctx.client()?, ps, parts).await?.state;
            let summary = summary(&live);
            if self.raw {
                return Ok(Outcome::read(raw(&live)).summary(summary));
            }
            let Rows { rows, warnings } = rows(&live, ps)?;
            for warning in &warnings {
                ctx.ui.warn(warning);
            }
            Ok(Outcome::read(json!(rows)).summary(summary))
        };
        let ps = match &self.target {
            Some(target) if target == STDIN => {
                if self.raw && self.bulk.csv {
                    let error = "--raw prints what no columns are known of: it does not go with --csv";
                    return Err(Error::new(Code::Usage, error).into());
                }
                let known = ParentSegments::new(ctx.client()?);
                let output = ctx.program.schemas.output(command).filter(|_| !self.raw);
                let bulk = Bulk {
                    writes: false,
                    taken: &parent_segment_column,
                    columns: &ctx.program.schemas.columns(command).unwrap_or_default(),
                    shown: output.map_or(&[], |output| output.shown),
                    flat: Value::clone,
                    label: parent_segment_label,
                    is_answer: |error| error.code == Code::RtNotEnabled,
                    counts: None,
                    each: async |item: Item| Ok(list(&known.find(&item.value).await?.id).await?.document),
                };
                return bulk::run(ctx, &self.bulk, bulk).await;
            }
            Some(target) => Some(target),
            None => self.ps.ps.as_ref(),
        };
        list(&parent_segment_only(ctx, ps).await?.id).await
    }
}
