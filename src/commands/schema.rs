//! `tdx-rt schema`: the JSON Schema of what a command prints, and of plans.

use crate::context::Context;
use crate::error::{Code, Error};
use crate::outcome::Outcome;
use crate::plan::nearest;
use crate::program::Program;
use crate::schema::Output;
use clap::Args;
use serde_json::Value;

/// Print the JSON Schema of a command's output, or of plans
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:
  tdx-rt schema --jq '.[].name'
  tdx-rt schema rt-events list
  tdx-rt schema plan -o plan.schema.json",
    after_help = "An editor checks a plan against it: # yaml-language-server: $schema=plan.schema.json

Beside the commands there are plan, saved-plan (diff --save), dry-run, bulk, and error and warning on stderr.
A field that is not asked for is left out; one that has no value is null."
)]
pub struct SchemaArgs {
    /// Words of a command, or plan, saved-plan, dry-run, bulk, error, warning; without any, the list
    #[arg(value_name = "COMMAND")]
    name: Vec<String>,
}

/// What the command prints.
pub const OUTPUTS: &[Output] = &[Output::file("schema", include_str!("../schema/schema.json"))];

/// Runs the command.
pub async fn run(args: &SchemaArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    if args.name.is_empty() {
        let all = ctx.program.schemas.listing();
        let summary = format!("{} schemas", all.len());
        return Ok(Outcome::read(Value::Array(all)).summary(summary));
    }
    // Quoted as one word or not.
    let words: Vec<&str> = args.name.iter().flat_map(|part| part.split_whitespace()).collect();
    let name = words.join(" ");
    match ctx.program.schemas.of(&name) {
        Some(schema) => Ok(Outcome { as_json: true, ..Outcome::read(schema) }),
        None => Err(none(&ctx.program, &words, &name).into()),
    }
}

fn none(program: &Program, words: &[&str], name: &str) -> Error {
    let mut found = Some(program.command());
    for word in words {
        found = found.as_ref().and_then(|command| command.find_subcommand(word)).cloned();
    }
    if found.is_some() && !words.is_empty() {
        return Error::new(Code::Usage, format!("'{name}' prints text, which has no schema"))
            .hint("`tdx-rt schema` lists what has one");
    }
    let error = Error::new(Code::NotFound, format!("there is no schema '{name}'"));
    match nearest(name, program.schemas.names()) {
        Some(near) => error.hint(format!("did you mean '{near}'?")),
        None => error.hint("`tdx-rt schema` lists them"),
    }
}
