//! `tdx-rt discover`: databases, tables, columns, ID-like columns, batch attributes; and whole
//! plans proposed from the real schemas.

mod tables;

use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::{DocumentArgs, OnePsArgs, Step, parent_segment_only};
use crate::outcome::Outcome;
use crate::plan::counted;
use crate::plan::presets::{Explored, ExploredTable, UseCase, is_id_like, propose};
use crate::platform::time::{parse_platform, rfc3339};
use crate::platform::wire::{EventTable, Table};
use crate::schema::Output;
use crate::steps::desired::setting::profile_key;
use crate::steps::live::{TableSchemas, columns};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use tables::{Found, find_tables};

/// Explore databases, tables, columns and attributes, or propose a plan (steps 2-6)
#[derive(Debug, Clone, Args)]
#[command(
    override_usage = "tdx-rt discover [OPTIONS]\n       tdx-rt discover <COMMAND>",
    before_help = "Examples:
  tdx-rt ps-check \"Customer 360\" | tdx-rt discover --use-case web --database web_events > plan.json
  tdx-rt discover databases --jq '.[].name'
  tdx-rt discover tables \"web_events.*\"
  tdx-rt discover columns web_events.pageviews
  tdx-rt discover keys \"web_events.*\"
  tdx-rt discover attributes \"Customer 360\""
)]
pub struct DiscoverArgs {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    document: DocumentArgs,
    /// Propose a whole plan for this use case
    #[arg(long, value_name = "USE-CASE", value_parser = use_case_parser())]
    use_case: Option<UseCase>,
    /// Database with the event tables
    #[arg(long, value_name = "DB")]
    database: Option<String>,
    /// Propose a service that web pages can call. Anyone with the page has its token, and can read what
    /// the service offers. Fixed when the service is made
    #[arg(long, requires = "use_case", conflicts_with = "private")]
    public: bool,
    /// Propose a service that only servers can call, with an API key [default, with a warning where a
    /// page usually asks]
    #[arg(long, requires = "use_case")]
    private: bool,
}

#[derive(Debug, Clone, Subcommand)]
enum What {
    /// List the databases
    #[command(before_help = "Examples:
  tdx-rt discover databases
  tdx-rt discover databases --jq '.[].name'")]
    Databases,
    /// List tables, those that look like event tables first
    #[command(before_help = "Examples:
  tdx-rt discover tables web_events
  tdx-rt discover tables \"web_events.*\"")]
    Tables {
        /// Database, or DB.TABLE with `*` as a wildcard
        #[arg(value_name = "DB[.TABLE]")]
        pattern: Option<String>,
    },
    /// List the columns of a table
    #[command(before_help = "Examples:
  tdx-rt discover columns web_events.pageviews")]
    Columns {
        /// Table
        #[arg(value_name = "DB.TABLE")]
        table: String,
    },
    /// List ID-like columns across tables, with the tables each occurs in
    #[command(before_help = "Examples:
  tdx-rt discover keys web_events
  tdx-rt discover keys \"web_events.*\"")]
    Keys {
        /// Database, or DB.TABLE with `*` as a wildcard
        #[arg(value_name = "DB[.TABLE]")]
        pattern: Option<String>,
    },
    /// List the batch attributes of a parent segment
    #[command(before_help = "Examples:
  tdx-rt discover attributes \"Customer 360\"
  tdx-rt discover attributes --ps 394649 --jq '.[].name'")]
    Attributes(OnePsArgs),
}

/// A database.
#[derive(Serialize, JsonSchema)]
struct DatabaseItem {
    name: String,
    /// Records in all its tables
    rows: u64,
    /// RFC 3339; as the platform writes it where that is no time
    created_at: String,
    /// As `created_at`
    updated_at: String,
}

/// A table.
#[derive(Serialize, JsonSchema)]
struct TableItem {
    database: String,
    /// Without its database
    name: String,
    /// `DATABASE.TABLE`
    table: String,
    /// Whether it looks like an event table
    event_like: bool,
    /// Records
    rows: u64,
    /// Time of the last record, RFC 3339 in UTC
    last_event_at: Option<String>,
    /// How many
    columns: usize,
}

/// A column.
#[derive(Serialize, JsonSchema)]
struct ColumnItem {
    name: String,
    /// As the platform writes it, such as `string`, `long`, `double`
    #[serde(rename = "type")]
    kind: String,
    /// Name in queries, where it differs
    alias: Option<String>,
    description: Option<String>,
    /// Whether it looks like an id
    id_like: bool,
}

/// A column that looks like an id.
#[derive(Serialize, JsonSchema)]
struct KeyItem {
    column: String,
    /// `DATABASE.TABLE` of each table that has it
    tables: Vec<String>,
}

/// A batch attribute.
#[derive(Serialize, JsonSchema)]
struct BatchAttributeItem {
    name: String,
    /// As the platform writes it
    #[serde(rename = "type")]
    kind: String,
    description: Option<String>,
    /// `DATABASE.TABLE` that it comes from
    table: Option<String>,
    /// Group in the console
    group: Option<String>,
}

fn use_case_parser() -> impl TypedValueParser<Value = UseCase> {
    PossibleValuesParser::new(UseCase::ALL.map(UseCase::as_str)).try_map(|text| text.parse::<UseCase>())
}

/// What the command prints.
pub const OUTPUTS: &[Output] = &[
    Output::file("discover", include_str!("../../schema/discover.json")).passes_on(),
    Output::list::<DatabaseItem>("discover databases", "Databases", "All databases that the key may see"),
    Output::list::<TableItem>("discover tables", "Tables", "Those that look like event tables first")
        .shown(&["table", "event_like", "rows", "columns", "last_event_at"]),
    Output::list::<ColumnItem>("discover columns", "Columns", "The columns of a table"),
    Output::list::<KeyItem>(
        "discover keys",
        "ID-like columns",
        "Each with the tables it occurs in, the most frequent first",
    ),
    Output::list::<BatchAttributeItem>(
        "discover attributes",
        "Batch attributes",
        "The batch attributes of a parent segment",
    ),
];

/// Runs the command.
pub async fn run(args: &DiscoverArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    match &args.what {
        Some(What::Databases) => databases(ctx).await,
        Some(What::Tables { pattern }) => tables(ctx, pattern.as_deref()).await,
        Some(What::Columns { table }) => table_columns(ctx, table).await,
        Some(What::Keys { pattern }) => keys(ctx, pattern.as_deref()).await,
        Some(What::Attributes(ps)) => attributes(ctx, ps).await,
        None => plan(args, ctx).await,
    }
}

async fn databases(ctx: &Context) -> anyhow::Result<Outcome> {
    let databases = ctx.client()?.databases().await.map_err(Error::from)?;
    let items = databases.into_iter().map(|db| DatabaseItem {
        name: db.name,
        rows: db.count,
        created_at: time(db.created_at),
        updated_at: time(db.updated_at),
    });
    Ok(Outcome::list(items, |count| counted(count, "database")))
}

/// A time of the platform, `2025-11-01 00:00:00 UTC`, in RFC 3339; what is no time stays as it is.
fn time(text: String) -> String {
    parse_platform(&text).and_then(|ms| rfc3339(ms.div_euclid(1_000))).unwrap_or(text)
}

async fn tables(ctx: &Context, pattern: Option<&str>) -> anyhow::Result<Outcome> {
    let mut found = find_tables(ctx, pattern).await?;
    // Likeliest first, then the fullest, then the freshest, then by name.
    found.sort_by_cached_key(|f| {
        let Table { count, last_log_timestamp, name, .. } = &f.table;
        (f.rank.unwrap_or(usize::MAX), Reverse(*count), Reverse(*last_log_timestamp), name.clone())
    });
    let items = found.iter().map(table_item).collect::<Result<Vec<_>, Error>>()?;
    let events = found.iter().filter(|f| f.rank.is_some()).count();
    Ok(Outcome::list(items, |count| counted(count, "table") + &format!(", probable event tables: {events}")))
}

fn table_item(found: &Found) -> Result<TableItem, Error> {
    let table = &found.table;
    Ok(TableItem {
        database: found.database.clone(),
        name: table.name.clone(),
        table: format!("{}.{}", found.database, table.name),
        event_like: found.rank.is_some(),
        rows: table.count,
        last_event_at: table.last_log_timestamp.and_then(rfc3339),
        columns: columns(table)?.len(),
    })
}

async fn table_columns(ctx: &Context, table: &str) -> anyhow::Result<Outcome> {
    let parts = table.split_once('.').filter(|(database, name)| !database.is_empty() && !name.is_empty());
    let Some((database, name)) = parts else {
        return Err(Error::new(Code::Usage, format!("'{table}' is not a table; write DATABASE.TABLE")).into());
    };
    let wanted = EventTable::new(database, name);
    let schemas = TableSchemas::load(ctx.client()?, [&wanted]).await?;
    let items = schemas.columns(&wanted).iter().map(|column| ColumnItem {
        name: column.name.clone(),
        kind: column.kind.clone(),
        alias: column.alias.clone(),
        description: column.description.clone(),
        id_like: is_id_like(&column.name),
    });
    Ok(Outcome::list(items, |count| counted(count, "column")))
}

async fn keys(ctx: &Context, pattern: Option<&str>) -> anyhow::Result<Outcome> {
    let found = find_tables(ctx, pattern).await?;
    let mut by_column: BTreeMap<String, Vec<String>> = BTreeMap::new();
    // Event tables only, unless the pattern names tables itself.
    let named = pattern.is_some_and(|pattern| pattern.split_once('.').is_some_and(|(_, table)| table != "*"));
    for Found { database, table, .. } in found.iter().filter(|f| named || f.rank.is_some()) {
        for column in columns(table)?.into_iter().filter(|column| is_id_like(&column.name)) {
            by_column.entry(column.name).or_default().push(format!("{database}.{}", table.name));
        }
    }
    let mut items: Vec<(String, Vec<String>)> = by_column.into_iter().collect();
    items.sort_by_key(|(_, tables)| Reverse(tables.len()));
    let items = items.into_iter().map(|(column, tables)| KeyItem { column, tables });
    Ok(Outcome::list(items, |count| counted(count, "ID-like column") + " in event tables"))
}

async fn attributes(ctx: &Context, ps: &OnePsArgs) -> anyhow::Result<Outcome> {
    let ps = parent_segment_only(ctx, ps.ps()).await?;
    let batch = ctx.client()?.batch_attributes(&ps.id).await.map_err(Error::from)?;
    let items = batch.into_iter().map(|attribute| {
        let table = attribute.parent_database_name.zip(attribute.parent_table_name);
        BatchAttributeItem {
            name: attribute.name,
            kind: attribute.kind,
            description: attribute.matrix_column_description,
            table: table.map(|(database, table)| format!("{database}.{table}")),
            group: attribute.grouping_name,
        }
    });
    Ok(Outcome::list(items, |count| counted(count, "batch attribute")))
}

async fn plan(args: &DiscoverArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let Some(use_case) = args.use_case else {
        return Err(Error::new(Code::Usage, "say what to discover")
            .hint("one of databases, tables, columns, keys, attributes; or --use-case web|cart|profile|content --database DB for a whole plan")
            .into());
    };
    let settings = ctx.settings()?;
    let database = args.database.clone().or_else(|| settings.database.as_ref().map(|d| d.value.clone()));
    let Some(database) = database else {
        return Err(Error::new(Code::Usage, "--use-case needs the database with the event tables")
            .hint("pass --database DB; `tdx-rt discover databases` lists them")
            .into());
    };
    let mut step = Step::load(ctx, &args.document, |_| Ok(false)).await?;
    let client = ctx.client()?;
    let (audience, batch, tables) = tokio::join!(
        client.audience(&step.ps.id),
        client.batch_attributes(&step.ps.id),
        find_tables(ctx, Some(&database))
    );
    let audience = audience.map_err(Error::from)?;
    let name = if step.ps.name.is_empty() { &audience.name } else { &step.ps.name };
    let explored = Explored {
        parent_segment_id: step.ps.id.clone(),
        parent_segment_name: name.clone(),
        database: database.clone(),
        tables: tables?.iter().map(|found| explored_table(&found.table)).collect::<Result<_, Error>>()?,
        batch_attributes: batch.map_err(Error::from)?.into_iter().map(|attribute| attribute.name).collect(),
        profile_key: profile_key(&audience),
    };
    let public = (args.public || args.private).then_some(args.public);
    let proposal = propose(use_case, &explored, public)
        .map_err(|error| Error::new(Code::NoEventTables, error.message).hint(error.hint))?;
    for (key, value) in proposal {
        step.document.root.insert(key, value);
    }
    if public.is_none() && use_case.is_for_pages() {
        ctx.ui.warn(
            "a web page cannot call the proposed service: it is private, and that is fixed when it is made. Pass \
             --public for a page (anyone with the page's token can then read what is offered), or --private \
             where only a server asks",
        );
    }
    let count = |key: &str| step.document.root.get(key).and_then(Value::as_array).map_or(0, Vec::len);
    let summary = format!(
        "proposed a {use_case} plan from {database}: {}, {}",
        counted(count("events"), "event"),
        counted(count("attributes"), "attribute")
    );
    if ctx.ui.writes_yaml() {
        // A plan to keep says what is wanted, and not how it was when it was proposed.
        step.document.root.shift_remove("parent_segment");
    }
    let document = step.finish(ctx)?;
    let mut kept = document.clone();
    if let Some(kept) = kept.as_object_mut() {
        kept.shift_remove("parent_segment");
    }
    Ok(Outcome::read(document).text(serde_saphyr::to_string(&kept)?).summary(summary))
}

fn explored_table(table: &Table) -> Result<ExploredTable, Error> {
    Ok(ExploredTable {
        name: table.name.clone(),
        columns: columns(table)?,
        count: table.count,
        last_log_timestamp: table.last_log_timestamp,
    })
}

#[cfg(test)]
mod tests {
    use super::time;

    #[test]
    fn a_time_of_the_platform_that_cannot_be_read_stays() {
        for (theirs, ours) in [
            ("2025-11-01 09:30:00 UTC", "2025-11-01T09:30:00Z"),
            ("2025-11-01 09:30:00 +0900", "2025-11-01T00:30:00Z"),
            ("soon", "soon"),
            ("", ""),
        ] {
            assert_eq!(time(theirs.to_owned()), ours);
        }
    }
}
