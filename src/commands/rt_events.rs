//! `tdx-rt rt-events`: event tables and key events.

use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::bulk::ListArgs;
use crate::input::set::{SetArgs, Target, mappings};
use crate::input::{
    DeleteArgs, DocumentArgs, PsArgs, Step, WaitArgs, array, deleted, parent_segment_only, parse_pair, pick,
    put,
};
use crate::outcome::{Outcome, listed};
use crate::plan::Plan;
use crate::platform::wire::{EventTable, RealtimeSetting};
use crate::steps::events::{WantedEvent, apply, check};
use crate::steps::parent_segment::{ParentSegment, enabled, enabled_setting};
use crate::steps::schema::Schemas;
use crate::steps::setting::{Wanted, merge, write};
use crate::steps::{Action, Applied};
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
  tdx-rt rt-events list --ps 394649 --jq '.[].name'
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
  tdx-rt rt-events list --ps 394649 --jq '.[].name'")]
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

impl RtEventsArgs {
    /// Whether many parent segments come from stdin.
    pub fn reads_items(&self) -> bool {
        matches!(&self.action, Some(ItemCommand::List(list)) if list.reads_items())
    }
}

/// Runs the command.
pub async fn run(args: &RtEventsArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    match &args.action {
        Some(ItemCommand::List(args)) => args.run(ctx, async |ps| list(ctx, ps).await).await,
        Some(ItemCommand::Delete { name, to }) => delete(ctx, name, to).await,
        None => configure(args, ctx).await,
    }
}

async fn configure(args: &RtEventsArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let mut step = Step::load(ctx, &args.document, |root| add_flags(args, root)).await?;
    if step.plan.events.is_empty() {
        return Err(Error::new(Code::Usage, "there are no events to configure")
            .hint("name one with --event NAME=DB.TABLE, or pass a plan with `events`")
            .into());
    }
    let client = ctx.client()?;
    ctx.tell_target()?;
    let ps = step.ps.id.clone();
    let wanted = wanted(&mut step);
    let tables: Vec<EventTable> = wanted.iter().map(WantedEvent::table).collect();
    let (setting, live, schemas) =
        tokio::join!(enabled_setting(client, &ps), client.key_events(&ps), Schemas::load(client, &tables));
    // Whether real-time is enabled is the more telling failure of the three.
    let setting = setting?;
    let (live, schemas) = (live?, schemas?);
    check(&wanted, &live, &schemas)?;
    let merged = merge(&setting.attributes, &Wanted { event_tables: tables, ..Wanted::default() })?;
    let before = setting.status;
    let setting = write(client, &ps, setting, &merged).await?;
    let applied = apply(client, &ps, &wanted, &live).await?;
    let changed = merged.changed || applied.iter().any(|item| item.action != Action::Unchanged);
    note(&mut step, &setting, &applied, live.iter().map(|event| event.name.as_str()).collect());
    if let Some(status) = args.wait.settle(ctx, &ps, before, changed).await? {
        step.note_status(status);
    }
    let summary = summary(&applied);
    Ok(Outcome::new(step.finish(ctx)?).summary(summary))
}

/// The plan's events with what was said about each.
pub fn wanted(step: &mut Step) -> Vec<WantedEvent> {
    let Plan { events, .. } = step.plan.clone();
    events
        .iter()
        .map(|event| WantedEvent {
            filter_given: step.says(&event.at, &["filter", "where"]),
            event: event.key_event(),
        })
        .collect()
}

/// Writes to the document what was done.
pub fn note(step: &mut Step, setting: &RealtimeSetting, applied: &[Applied], live: Vec<&str>) {
    let places: Vec<String> = step.plan.events.iter().map(|event| event.at.clone()).collect();
    for (at, applied) in places.iter().zip(applied) {
        step.note_applied(at, applied);
    }
    step.note_setting(setting);
    let mut names = live;
    for applied in applied {
        if !names.contains(&applied.name.as_str()) {
            names.push(&applied.name);
        }
    }
    step.note_names("key_events", names);
}

fn summary(applied: &[Applied]) -> String {
    let count = |action| applied.iter().filter(|item| item.action == action).count();
    format!(
        "key events: {} created, {} updated, {} unchanged",
        count(Action::Created),
        count(Action::Updated),
        count(Action::Unchanged)
    )
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
        let mut event = Map::new();
        event.insert("name".into(), name.as_str().into());
        event.insert("table".into(), table.as_str().into());
        if let Some(text) = &args.description {
            event.insert("description".into(), text.as_str().into());
        }
        if let Some(text) = &args.criteria {
            event.insert("where".into(), text.as_str().into());
        }
        if !args.filter.is_empty() {
            let filters: Vec<_> =
                args.filter.iter().map(|(f, p)| json!({"field": f, "pattern": p})).collect();
            event.insert("filter".into(), Value::Array(filters));
        }
        events.push(Value::Object(event));
    }
    args.set.put("--event", vec![Target { path: "events", prefix: "", items: mappings(&mut events) }])?;
    if events.is_empty() {
        return Ok(false);
    }
    put(array(root, "events")?, events);
    Ok(true)
}

async fn list(ctx: &Context, ps: &PsArgs) -> anyhow::Result<Outcome> {
    let ParentSegment { id, .. } = parent_segment_only(ctx, ps.ps.as_ref()).await?;
    let client = ctx.client()?;
    let events = enabled(client, &id, client.key_events(&id).await).await?;
    Ok(listed(&events, |_| &["description"]).summary(format!("{} key events", events.len())))
}

async fn delete(ctx: &Context, name: &str, to: &DeleteArgs) -> anyhow::Result<Outcome> {
    let ParentSegment { id: ps, .. } = parent_segment_only(ctx, to.ps.ps.as_ref()).await?;
    let client = ctx.client()?;
    ctx.tell_target()?;
    let events = enabled(client, &ps, client.key_events(&ps).await).await?;
    if let Some((database, table)) = name.split_once('.')
        && !events.iter().any(|event| event.name == name)
    {
        return delete_table(ctx, &ps, database, table, &to.wait).await;
    }
    let event = pick(&events, name, "key event", |event| &event.name, |event| event.id.as_deref())?;
    let id = event.id.as_deref().unwrap_or_default();
    client.delete_key_event(&ps, id).await.map_err(Error::from)?;
    Ok(deleted(ctx, &to.wait, &ps, ("key_event", &event.name, Some(id))).await?)
}

async fn delete_table(
    ctx: &Context,
    ps: &str,
    database: &str,
    table: &str,
    wait: &WaitArgs<false>,
) -> anyhow::Result<Outcome> {
    let client = ctx.client()?;
    let setting = enabled_setting(client, ps).await?;
    let wanted = format!("{database}.{table}");
    let names: Vec<String> = setting.attributes.event_tables.iter().map(ToString::to_string).collect();
    pick(&names, &wanted, "event table", |name| name, |_| None)?;
    let mut attributes = setting.attributes.clone();
    attributes.event_tables.retain(|there| there.to_string() != wanted);
    client.write_setting(ps, &attributes).await.map_err(Error::from)?;
    Ok(deleted(ctx, wait, ps, ("event_table", &wanted, None)).await?)
}
