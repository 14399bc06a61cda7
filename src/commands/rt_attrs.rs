//! `tdx-rt rt-attrs`: single, list, counter and imported attributes; then waits for `ok`.

use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::set::{SetArgs, Target, mappings};
use crate::input::{DocumentArgs, ListArgs, WaitArgs, array, parse_pair, pick, put};
use crate::outcome::Outcome;
use crate::plan::export::rows;
use crate::plan::{Configuration, Plan, counted};
use crate::schema::Output;
use crate::steps::kind::ItemKind;
use crate::steps::live::Parts;
use crate::writing::{self, DeleteArgs, Deleted, Part, Removal, StepArgs, Written, counts};
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

/// What the command prints.
pub const OUTPUTS: &[Output] = &[
    Output::file("rt-attrs", include_str!("../schema/rt-attrs.json")).writes().passes_on(),
    Output::file("rt-attrs list", include_str!("../schema/rt-attrs-list.json")).shown(&[
        "name",
        "type",
        "source_event",
        "source_field",
        "id",
    ]),
    Output::of::<Deleted>("rt-attrs delete", "Deleted", "An attribute that was deleted"),
];

/// Runs the command.
pub async fn run(args: &RtAttrsArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    match &args.action {
        Some(ItemCommand::List(args)) => list(args, ctx).await,
        Some(ItemCommand::Delete { name, to }) => {
            writing::delete(ctx, "rt-attrs delete", to, |state| removal(state, name)).await
        }
        None => {
            let hint =
                "name one with --single, --list, --counter or --import, or pass a plan with `attributes`";
            let nothing = ("there are no attributes to configure", hint);
            let step = StepArgs::new(&args.document, args.wait.waiting(), nothing);
            let summary = |plan: &Plan, written: &Written| {
                let counted = counts("attributes", ItemKind::Attribute, plan.attributes.len(), written);
                format!("{counted}; status is {}", written.status)
            };
            step.run(ctx, Part::Attributes, |root| add_flags(args, root), summary).await
        }
    }
}

fn add_flags(args: &RtAttrsArgs, root: &mut Map<String, Value>) -> Result<bool, Error> {
    let mut items: Vec<Value> = Vec::new();
    for (kind, aggregation, pairs) in
        [("single", "last", &args.single), ("list", "distinct_list", &args.list)]
    {
        for (name, source) in pairs {
            let Some((event, column)) = source.split_once('.') else {
                let message = format!("'{name}={source}' is not of the form NAME=EVENT.COLUMN");
                return Err(Error::new(Code::Usage, message));
            };
            items.push(json!({"name": name, "type": kind, "source_event": event, "source_field": column, "aggregation": aggregation}));
        }
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
    for (name, table) in &args.catalog {
        items.push(json!({"name": name, "type": "lookup_catalog", "catalog_table": table}));
    }
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

async fn list(args: &ListArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let raw = |live: &Configuration| json!(live.attributes);
    let rows = |live: &Configuration, _: &str| Ok(rows::attributes(live));
    let summary = |live: &Configuration| counted(live.attributes.len(), "attribute");
    args.run(ctx, "rt-attrs list", Parts::EVENTS | Parts::ATTRIBUTES, raw, rows, summary).await
}

/// The attribute of a name or id.
fn removal(state: &Configuration, name: &str) -> Result<Vec<Removal>, Error> {
    let found = pick(&state.attributes, name, "attribute", |one| &one.name, |one| one.id.as_deref())?;
    Ok(vec![Removal { kind: ItemKind::Attribute, name: found.name.clone(), id: found.id.clone() }])
}
