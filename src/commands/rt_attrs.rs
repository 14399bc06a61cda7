//! `tdx-rt rt-attrs`: single, list, counter and imported attributes; then waits for `ok`.

use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::bulk::ListArgs;
use crate::input::set::{SetArgs, Target, mappings};
use crate::input::{
    DeleteArgs, DocumentArgs, PsArgs, Step, WaitArgs, array, deleted, parent_segment_only, parse_pair, pick,
    put,
};
use crate::outcome::{Outcome, listed};
use crate::plan::Attribute;
use crate::platform::wire::{
    AttributeSpec, AudienceAttribute, EventTable, KeyEvent, RealtimeAttribute, RealtimeStatus,
};
use crate::steps::attributes::{
    Live, Said, WantedAttribute, apply, import_column, imported_columns, prepare,
};
use crate::steps::events::key_event;
use crate::steps::parent_segment::{ParentSegment, enabled, enabled_setting};
use crate::steps::schema::Schemas;
use crate::steps::{Action, Applied};
use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

/// Configure real-time attributes and wait for status ok (step 7c)
#[derive(Debug, Clone, Args)]
#[command(
    override_usage = "tdx-rt rt-attrs [OPTIONS]\n       tdx-rt rt-attrs <COMMAND>",
    before_help = "Examples:
  tdx-rt rt-attrs --ps 394649 --single last_product_viewed=page_view.product_id
  tdx-rt rt-attrs --ps 394649 --list browsed=page_view.product_id --max-items 100 --expiry-days 60
  tdx-rt rt-attrs --ps 394649 --counter page_views_24h=page_view --window 24h
  tdx-rt rt-attrs --ps 394649 --single last_path=page_view.td_path --expiry-days 7
  tdx-rt rt-attrs --ps 394649 --import loyalty_tier
  tdx-rt rt-attrs -f plan.yaml
  tdx-rt rt-attrs list --ps 394649
  tdx-rt rt-attrs delete browsed --ps 394649"
)]
pub struct RtAttrsArgs {
    #[command(subcommand)]
    action: Option<ItemCommand>,
    #[command(flatten)]
    document: DocumentArgs,
    /// Latest value of a column
    #[arg(long, value_name = "NAME=EVENT.COLUMN", value_parser = parse_pair)]
    single: Vec<(String, String)>,
    /// Distinct values of a column, newest first
    #[arg(long, value_name = "NAME=EVENT.COLUMN", value_parser = parse_pair)]
    list: Vec<(String, String)>,
    /// Count of events, or sum of a column
    #[arg(long, value_name = "NAME=EVENT[.COLUMN]", value_parser = parse_pair)]
    counter: Vec<(String, String)>,
    /// Batch attribute of the parent segment
    #[arg(long, value_name = "NAME")]
    import: Vec<String>,
    /// Rows of a table, looked up by the value of another attribute (with --set lookup_keys=…)
    #[arg(long, value_name = "NAME=TABLE", value_parser = parse_pair)]
    catalog: Vec<(String, String)>,
    /// Window of the counters, such as 24h, 7d or 30d; without one they count in total
    #[arg(long, value_name = "DURATION")]
    window: Option<String>,
    /// Items that the lists keep [default: 100]
    #[arg(long, value_name = "N")]
    max_items: Option<u64>,
    /// Days that a value lives: of singles, of counters without a window, and of each item of a list
    /// [default: 90 for lists]
    #[arg(long, value_name = "DAYS")]
    expiry_days: Option<u64>,
    /// Which rows of the events count, as SQL-like text
    #[arg(long = "where", value_name = "CRITERIA")]
    filter: Option<String>,
    #[command(flatten)]
    set: SetArgs,
    #[command(flatten)]
    wait: WaitArgs<true>,
}

#[derive(Debug, Clone, Subcommand)]
enum ItemCommand {
    /// List the attributes
    #[command(before_help = "Examples:
  tdx-rt rt-attrs list --ps 394649
  tdx-rt rt-attrs list --ps 394649 --jq '.[] | [.name, .type] | @tsv'")]
    List(ListArgs),
    /// Delete an attribute by name or id
    #[command(before_help = "Examples:
  tdx-rt rt-attrs delete browsed --ps 394649")]
    Delete {
        /// Attribute
        #[arg(value_name = "NAME")]
        name: String,
        #[command(flatten)]
        to: DeleteArgs,
    },
}

impl RtAttrsArgs {
    /// Whether many parent segments come from stdin.
    pub fn reads_items(&self) -> bool {
        matches!(&self.action, Some(ItemCommand::List(list)) if list.reads_items())
    }
}

/// Runs the command.
pub async fn run(args: &RtAttrsArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    match &args.action {
        Some(ItemCommand::List(args)) => args.run(ctx, async |ps| list(ctx, ps).await).await,
        Some(ItemCommand::Delete { name, to }) => delete(ctx, name, to).await,
        None => configure(args, ctx).await,
    }
}

async fn configure(args: &RtAttrsArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let mut step = Step::load(ctx, &args.document, |root| add_flags(args, root)).await?;
    if step.plan.attributes.is_empty() {
        return Err(Error::new(Code::Usage, "there are no attributes to configure")
            .hint("name one with --single, --list, --counter or --import, or pass a plan with `attributes`")
            .into());
    }
    let client = ctx.client()?;
    ctx.tell_target()?;
    let ps = step.ps.id.clone();
    let batch = async {
        match step.plan.attributes.iter().any(|attribute| attribute.reads_batch()) {
            true => client.batch_attributes(&ps).await,
            false => Ok(Vec::<AudienceAttribute>::new()),
        }
    };
    let (setting, events, live, batch) =
        tokio::join!(enabled_setting(client, &ps), client.key_events(&ps), client.attributes(&ps), batch);
    let setting = setting?;
    let (events, live) = (events.map_err(Error::from)?, live.map_err(Error::from)?);
    let batch = batch.map_err(Error::from)?;
    let tables = tables(&step.plan.attributes, &events)?;
    let schemas = Schemas::load(client, &tables).await?;
    let wanted = wanted(&mut step, &events, &schemas)?;
    let prepared = prepare(
        &wanted,
        Live {
            attributes: &live,
            imported: &setting.attributes.batch_attributes,
            batch: &batch,
            events: &events,
            stitching_keys: setting.attributes.key_columns.len(),
        },
    )?;
    let changes = prepared.changes();
    let applied = apply(client, &ps, prepared).await?;
    let status = args.wait.settle(ctx, &ps, setting.status, changes).await?;
    let status = status.unwrap_or(RealtimeStatus::Updating);
    note(&mut step, &applied, &live);
    step.note_status(status);
    let summary = format!("{}; status is {status}", counts(&applied));
    Ok(Outcome::new(step.finish(ctx)?).summary(summary))
}

/// The tables behind the attributes' key events. An unknown key event is an error that names the
/// nearest.
pub fn tables(attributes: &[Attribute], events: &[KeyEvent]) -> Result<Vec<EventTable>, Error> {
    let named = attributes.iter().flat_map(|attribute| attribute.events().map(move |name| (attribute, name)));
    named
        .map(|(attribute, name)| {
            let event = key_event(events, name, &format!("attribute '{}'", attribute.name))?;
            Ok(EventTable { database: event.database_name.clone(), table: event.table_name.clone() })
        })
        .collect()
}

/// The plan's attributes in wire form, with what was said about each; columns are checked.
pub fn wanted(
    step: &mut Step,
    events: &[KeyEvent],
    schemas: &Schemas,
) -> Result<Vec<WantedAttribute>, Error> {
    let attributes = step.plan.attributes.clone();
    attributes
        .iter()
        .map(|attribute| {
            if let Some(column) = attribute.imported_column() {
                return Ok(WantedAttribute::Imported {
                    name: attribute.name.clone(),
                    column: column.to_owned(),
                });
            }
            let by = format!("attribute '{}'", attribute.name);
            let is_number = check_columns(attribute, events, schemas, &by)?;
            let id = |name: &str| key_event(events, name, &by).ok()?.id.clone();
            let wire = attribute.to_wire(&id, is_number);
            Ok(WantedAttribute::Own {
                attribute: Box::new(wire.map_err(|why| Error::new(Code::NotFound, format!("{by}: {why}")))?),
                said: Said::of(|keys| step.says(&attribute.at, keys)),
            })
        })
        .collect()
}

/// Checks the columns that an attribute reads. Tells whether its value is a number.
fn check_columns(
    attribute: &Attribute,
    events: &[KeyEvent],
    schemas: &Schemas,
    by: &str,
) -> Result<Option<bool>, Error> {
    let table = |name: &str| {
        let event = key_event(events, name, by)?;
        Ok::<_, Error>(EventTable { database: event.database_name.clone(), table: event.table_name.clone() })
    };
    let mut is_number = None;
    if let Some(source) = attribute.source_event() {
        let table = table(source)?;
        for column in attribute.columns() {
            let found = schemas.column(&table, column, by)?;
            if attribute.source_field() == Some(column) {
                is_number = Some(found.is_number());
            }
        }
    }
    for action in attribute.actions() {
        let table = table(&action.event)?;
        // A table that was not read belongs to an event that somebody else has made.
        if !schemas.columns(&table).is_empty() {
            action
                .columns()
                .into_iter()
                .try_for_each(|column| schemas.column(&table, column, by).map(drop))?;
        }
    }
    Ok(is_number)
}

/// Writes to the document what was done.
pub fn note(step: &mut Step, applied: &[Applied], live: &[RealtimeAttribute]) {
    let places: Vec<String> = step.plan.attributes.iter().map(|attribute| attribute.at.clone()).collect();
    for (at, applied) in places.iter().zip(applied) {
        step.note_applied(at, applied);
    }
    let mut names: Vec<&str> = live.iter().map(|attribute| attribute.name.as_str()).collect();
    for applied in applied {
        if !names.contains(&applied.name.as_str()) {
            names.push(&applied.name);
        }
    }
    step.note_names("attributes", names);
}

fn counts(applied: &[Applied]) -> String {
    let count = |action| applied.iter().filter(|item| item.action == action).count();
    format!(
        "attributes: {} created, {} updated, {} unchanged",
        count(Action::Created),
        count(Action::Updated),
        count(Action::Unchanged)
    )
}

fn add_flags(args: &RtAttrsArgs, root: &mut Map<String, Value>) -> Result<bool, Error> {
    let split = |name: &str, source: &str| match source.split_once('.') {
        Some((event, column)) => Ok((event.to_owned(), column.to_owned())),
        None => {
            Err(Error::new(Code::Usage, format!("'{name}={source}' is not of the form NAME=EVENT.COLUMN")))
        }
    };
    let mut items: Vec<Value> = Vec::new();
    for (name, source) in &args.single {
        let (event, column) = split(name, source)?;
        items.push(json!({"name": name, "type": "single", "source_event": event, "source_field": column, "aggregation": "last"}));
    }
    for (name, source) in &args.list {
        let (event, column) = split(name, source)?;
        items.push(json!({"name": name, "type": "list", "source_event": event, "source_field": column, "aggregation": "distinct_list"}));
    }
    for (name, source) in &args.counter {
        items.push(match source.split_once('.') {
            Some((event, column)) => {
                json!({"name": name, "type": "counter", "source_event": event, "source_field": column, "aggregation": "sum"})
            }
            None => json!({"name": name, "type": "counter", "source_event": source, "aggregation": "count"}),
        });
    }
    items.extend(args.import.iter().map(|name| json!({"name": name, "type": "imported_batch"})));
    let catalogs = args.catalog.iter();
    items.extend(
        catalogs.map(|(name, table)| json!({"name": name, "type": "lookup_catalog", "catalog_table": table})),
    );
    limits(args, &mut items)?;
    let flags = "--single, --list, --counter, --import or --catalog";
    args.set.put(flags, vec![Target { path: "attributes", prefix: "", items: mappings(&mut items) }])?;
    let any = !items.is_empty();
    if any {
        put(array(root, "attributes")?, items);
    }
    Ok(any)
}

/// Flags that say more of the attributes of some types.
fn limits(args: &RtAttrsArgs, items: &mut [Value]) -> Result<(), Error> {
    let fed = ["single", "list", "counter"];
    let text = |text: &Option<String>| text.as_deref().map(Value::from);
    // A counter with a window lives as long as that.
    let living: &[&str] = if args.window.is_some() { &["single", "list"] } else { &fed };
    let flags: [(&str, &str, Option<Value>, &[&str]); 4] = [
        ("--window", "window_duration", text(&args.window), &["counter"]),
        ("--max-items", "max_items", args.max_items.map(Value::from), &["list"]),
        ("--expiry-days", "expiry_days", args.expiry_days.map(Value::from), living),
        ("--where", "where", text(&args.filter), &fed),
    ];
    for (flag, key, value, types) in flags {
        let Some(value) = value else { continue };
        let mut used = false;
        for item in mappings(items) {
            if item.get("type").and_then(Value::as_str).is_some_and(|kind| types.contains(&kind)) {
                item.insert(key.into(), value.clone());
                used = true;
            }
        }
        if !used {
            let types: Vec<String> = types.iter().map(|kind| format!("--{kind}")).collect();
            return Err(Error::new(Code::Usage, format!("{flag} goes with {}", types.join(" or "))));
        }
    }
    Ok(())
}

async fn list(ctx: &Context, ps: &PsArgs) -> anyhow::Result<Outcome> {
    let ParentSegment { id, .. } = parent_segment_only(ctx, ps.ps.as_ref()).await?;
    let client = ctx.client()?;
    let attributes = enabled(client, &id, client.attributes(&id).await).await?;
    Ok(listed(&attributes, optional).summary(format!("{} attributes", attributes.len())))
}

fn optional(attribute: &RealtimeAttribute) -> &'static [&'static str] {
    match attribute.spec {
        AttributeSpec::Single(_) => &["description", "duration", "backfill", "sensitive"],
        AttributeSpec::List(_) => &["description", "duration", "maxItems"],
        AttributeSpec::Counter(_) => &["description", "duration", "backfill"],
        AttributeSpec::Imported(_) => &["description", "column", "dataType", "sensitive"],
        AttributeSpec::LookupCatalog(_) => &["description"],
    }
}

async fn delete(ctx: &Context, name: &str, to: &DeleteArgs) -> anyhow::Result<Outcome> {
    let ParentSegment { id: ps, .. } = parent_segment_only(ctx, to.ps.ps.as_ref()).await?;
    let client = ctx.client()?;
    ctx.tell_target()?;
    let (setting, attributes) = tokio::join!(enabled_setting(client, &ps), client.attributes(&ps));
    let (setting, attributes) = (setting?, attributes.map_err(Error::from)?);
    let found = pick(&attributes, name, "attribute", |a| &a.name, |a| a.id.as_deref())?;
    let id = found.id.as_deref().unwrap_or_default();
    let imported = &setting.attributes.batch_attributes;
    match import_column(found, imported) {
        // Imported ones go by leaving them out of the whole set.
        Some(gone) => {
            let mut columns = imported_columns(&attributes, imported);
            columns.retain(|column| column != gone);
            client.import_attributes(&ps, &columns).await.map_err(Error::from)?;
        }
        None => client.delete_attribute(&ps, id).await.map_err(Error::from)?,
    }
    Ok(deleted(ctx, &to.wait, &ps, ("attribute", &found.name, Some(id))).await?)
}
