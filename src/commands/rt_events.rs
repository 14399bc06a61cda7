//! `tdx-rt rt-events`: event tables and key events.

use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::set::{SetArgs, Target, mappings};
use crate::input::{DocumentArgs, ListArgs, WaitArgs, array, given, parse_pair, pick, put};
use crate::outcome::Outcome;
use crate::plan::export::rows::{self, EventRow};
use crate::plan::{Configuration, Plan, counted};
use crate::schema::Output;
use crate::steps::kind::ItemKind;
use crate::steps::live::Parts;
use crate::writing::{self, DeleteArgs, Deleted, Part, Removal, StepArgs, counts};
use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

/// Configure event tables and key events (step 7a)
#[derive(Debug, Clone, Args)]
#[command(
    override_usage = "tdx-rt rt-events [OPTIONS]\n       tdx-rt rt-events <COMMAND>",
    before_help = "Examples:
  tdx-rt ps-check \"Customer 360\" | tdx-rt rt-events --event page_view=web_events.pageviews
  tdx-rt rt-events --ps 394649 --event product_view=web_events.pageviews --where 'price > 10'
  tdx-rt rt-events -f plan.yaml
  tdx-rt rt-events list --ps 394649 --jq '.[] | select(.id).name'
  tdx-rt rt-events delete product_view --ps 394649",
    after_help = "What is configured already stays; a key event of the same name is brought up to date."
)]
pub struct RtEventsArgs {
    #[command(subcommand)]
    action: Option<ItemCommand>,
    #[command(flatten)]
    document: DocumentArgs,
    /// Key event to configure, with its table
    #[arg(long = "event", value_name = "NAME=DB.TABLE", value_parser = parse_pair)]
    events: Vec<(String, String)>,
    /// Which events of the table count, as SQL-like text (with one --event)
    #[arg(long = "where", value_name = "CRITERIA", requires = "events")]
    criteria: Option<String>,
    /// Which events count: the column matches the regular expression (with one --event)
    #[arg(long, value_name = "COLUMN=REGEX", value_parser = parse_pair, requires = "events")]
    filter: Vec<(String, String)>,
    /// Description (with one --event)
    #[arg(long, value_name = "TEXT", requires = "events")]
    description: Option<String>,
    #[command(flatten)]
    set: SetArgs,
    #[command(flatten)]
    wait: WaitArgs<false>,
}

#[derive(Debug, Clone, Subcommand)]
enum ItemCommand {
    /// List the key events
    #[command(before_help = "Examples:
  tdx-rt rt-events list --ps 394649
  tdx-rt rt-events list --ps 394649 --jq '.[] | select(.id).name'")]
    List(ListArgs),
    /// Delete a key event by name or id, or take out an event table by DB.TABLE
    #[command(before_help = "Examples:
  tdx-rt rt-events delete product_view --ps 394649
  tdx-rt rt-events delete web_events.add_to_cart --ps 394649")]
    Delete {
        /// Key event, or event table
        #[arg(value_name = "NAME|DB.TABLE")]
        name: String,
        #[command(flatten)]
        to: DeleteArgs,
    },
}

/// What the command prints.
pub const OUTPUTS: &[Output] = &[
    Output::file("rt-events", include_str!("../schema/rt-events.json")).writes().passes_on(),
    Output::list::<EventRow>(
        "rt-events list",
        "Key events",
        "The key events that are live, and the event tables that none of them uses",
    )
    .shown(&["name", "database", "table", "where", "filter", "id"]),
    Output::of::<Deleted>("rt-events delete", "Deleted", "A key event or an event table that was deleted"),
];

/// Runs the command.
pub async fn run(args: &RtEventsArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    match &args.action {
        Some(ItemCommand::List(args)) => list(args, ctx).await,
        Some(ItemCommand::Delete { name, to }) => {
            writing::delete(ctx, "rt-events delete", to, |state| removal(state, name)).await
        }
        None => {
            let hint = "name one with --event NAME=DB.TABLE, or pass a plan with `events`";
            let nothing = ("there are no events to configure", hint);
            let step = StepArgs::new(&args.document, args.wait.waiting(), nothing);
            let summary =
                |plan: &Plan, written: &_| counts("key events", ItemKind::Event, plan.events.len(), written);
            step.run(ctx, Part::Events, |root| add_flags(args, root), summary).await
        }
    }
}

fn add_flags(args: &RtEventsArgs, root: &mut Map<String, Value>) -> Result<bool, Error> {
    let one = args.criteria.is_some() || !args.filter.is_empty() || args.description.is_some();
    if one && args.events.len() != 1 {
        return Err(Error::new(
            Code::Usage,
            "--where, --filter and --description go with exactly one --event",
        )
        .hint("call the command once for each key event, or use a plan"));
    }
    let mut events = Vec::new();
    for (name, table) in &args.events {
        let filters: Vec<_> = args.filter.iter().map(|(f, p)| json!({"field": f, "pattern": p})).collect();
        events.push(Value::Object(given(json!({
            "name": name, "table": table, "description": args.description, "where": args.criteria,
            "filter": (!filters.is_empty()).then_some(filters),
        }))));
    }
    args.set.put("--event", vec![Target { path: "events", prefix: "", items: mappings(&mut events) }])?;
    if events.is_empty() {
        return Ok(false);
    }
    put(array(root, "events")?, events);
    Ok(true)
}

async fn list(args: &ListArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let raw = |live: &Configuration| json!(live.events);
    let rows = |live: &Configuration, _: &str| Ok(rows::events(live));
    let summary = |live: &Configuration| counted(live.events.len(), "key event");
    args.run(ctx, "rt-events list", Parts::EVENTS, raw, rows, summary).await
}

/// The key event of a name or id, else the event table of that name.
fn removal(state: &Configuration, name: &str) -> Result<Vec<Removal>, Error> {
    let events = &state.events;
    if name.contains('.') && !events.iter().any(|event| event.name == name) {
        let tables: Vec<String> = state.setting.event_tables.iter().map(ToString::to_string).collect();
        let table = pick(&tables, name, "event table", |name| name, |_| None)?.clone();
        return Ok(vec![Removal { kind: ItemKind::EventTable, name: table, id: None }]);
    }
    let event = pick(events, name, "key event", |event| &event.name, |event| event.id.as_deref())?;
    Ok(vec![Removal { kind: ItemKind::Event, name: event.name.clone(), id: event.id.clone() }])
}
