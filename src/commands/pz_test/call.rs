//! What `pz-test` calls: the event or the query, made of flags, the document and, with many items, of
//! a line of stdin.

use super::PzTestArgs;
use super::token::UsedToken;
use crate::api::{ApiError, Client, EventAnswer};
use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::bulk::Item;
use crate::input::bulk::csv::Header;
use crate::input::event_clock::EventClock;
use crate::input::{Step, event_columns};
use crate::plan::nearest::same_name;
use crate::platform::wire::EventTable;
use crate::steps::desired::known_event;
use crate::steps::live::TableSchemas;
use secrecy::SecretString;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// What the flags or the document say to test.
pub(super) struct Target {
    pub(super) personalization: Option<String>,
    trigger: Option<String>,
    table: Option<EventTable>,
    service: Option<String>,
    token: Option<UsedToken>,
}

pub(super) fn target(args: &PzTestArgs, step: &Step) -> Target {
    let root = &step.document.root;
    let text = |pointer: &str| {
        let mut parts = pointer.split('/');
        let mut value = root.get(parts.next()?)?;
        for part in parts {
            value = value.get(part)?;
        }
        value.as_str().map(str::to_owned)
    };
    // Of several, the one that is asked for.
    let plans = &step.plan.personalizations;
    let named = args.personalization.as_ref();
    let plan = plans.iter().find(|plan| named.is_none_or(|name| same_name(&plan.name, name)));
    let table = text("personalization/trigger/database").zip(text("personalization/trigger/table"));
    Target {
        personalization: args
            .personalization
            .clone()
            .or_else(|| text("personalization/id"))
            .or_else(|| plan.map(|plan| plan.name.clone())),
        trigger: args
            .trigger
            .clone()
            .or_else(|| text("personalization/trigger/event"))
            .or_else(|| plan.and_then(|plan| plan.trigger_event.clone())),
        table: table
            .filter(|_| args.trigger.is_none())
            .map(|(database, table)| EventTable::new(database, table)),
        service: text("service/id"),
        token: text("service/token").map(|value| UsedToken {
            value: SecretString::from(value),
            id: text("service/token_id"),
            from: "document".to_owned(),
        }),
    }
}

/// How to call, the same for every item.
pub(super) enum Calls {
    Event { table: EventTable, schemas: TableSchemas, token: Box<UsedToken>, given: Map<String, Value> },
    Get { id: String, query: Vec<(String, String)> },
}

/// One call.
pub(super) enum Call {
    Event { table: EventTable, event: Map<String, Value>, token: UsedToken },
    Get { id: String, query: Vec<(String, String)> },
}

impl Calls {
    /// Looks up the trigger event's table, its columns and the token; checks what the flags say.
    pub(super) async fn prepare(
        args: &PzTestArgs,
        ctx: &Context,
        step: &Step,
        target: &Target,
        personalization: &str,
    ) -> Result<Self, Error> {
        if args.get {
            return Ok(Calls::Get { id: personalization.to_owned(), query: query(args, target) });
        }
        let table = table(ctx, &step.ps.id, target).await?;
        let schemas = TableSchemas::load(ctx.client()?, [&table]).await?;
        let mut given = event_columns(args.event_json.as_ref())?;
        schemas.check_event(&table, given.keys())?;
        for (name, text) in args.values().chain(args.fields.clone()) {
            let value = schemas.value(&table, &name, &text)?;
            given.insert(name, value);
        }
        // A document's token belongs to its service; the environment's may belong to any.
        let token = match (&args.token, &target.token) {
            (None, Some(token)) => token.clone(),
            (flag, _) => {
                let plan = step.plan.personalizations.first().map(|plan| plan.name.as_str());
                let named = target.personalization.as_deref().or(plan);
                UsedToken::find(ctx, &step.ps.id, flag.as_ref(), target.service.as_ref(), named).await?
            }
        };
        Ok(Calls::Event { table, schemas, token: Box::new(token), given })
    }

    /// An error for a column of a file that the event's table does not have.
    pub(super) fn check_columns(&self, header: &Header) -> Result<(), Error> {
        let Calls::Event { schemas, table, .. } = self else { return Ok(()) };
        schemas.check_event(table, header.names().iter()).map_err(|error| {
            let message = format!("line 1 of stdin, the header: {}; nothing was sent", error.message);
            Error { message, ..error }
        })
    }

    /// The call that the flags alone make.
    pub(super) fn plain(&self) -> Call {
        match self {
            Calls::Get { id, query } => Call::Get { id: id.clone(), query: query.clone() },
            Calls::Event { table, token, given, .. } => {
                Call::Event { table: table.clone(), event: given.clone(), token: (**token).clone() }
            }
        }
    }

    /// The call for an item: an object brings columns, anything else the value of `column`. The cells of a row
    /// are text; empty ones are left out.
    pub(super) fn of(&self, item: &Item, column: Option<&str>) -> Result<Call, Error> {
        let columns = match (&item.value, column) {
            (Value::Object(columns), _) => {
                let mut columns = columns.clone();
                columns.retain(|_, value| item.line.is_none() || value != "");
                columns
            }
            (value, Some(column)) => Map::from_iter([(column.to_owned(), value.clone())]),
            (_, None) => {
                return Err(Error::new(
                    Code::Usage,
                    "the line is no JSON object, and no column is named for it",
                )
                .hint("pass --key COLUMN to say which column the ids are of"));
            }
        };
        let mut call = self.plain();
        match (&mut call, self) {
            (Call::Event { event, table, .. }, Calls::Event { schemas, .. }) => {
                schemas.check_event(table, columns.keys())?;
                for (name, value) in columns {
                    let value = match &value {
                        // The platform's own columns, which the schema need not have.
                        Value::String(text)
                            if item.line.is_some() && ["time", "uuid"].contains(&name.as_str()) =>
                        {
                            serde_json::from_str(text).map_or(value, Value::Number)
                        }
                        // An id of a plain line is a string; its column may be a number.
                        Value::String(text) if item.line.is_some() || column == Some(name.as_str()) => {
                            schemas.value(table, &name, text)?
                        }
                        _ => value,
                    };
                    event.insert(name, value);
                }
            }
            (Call::Get { query, .. }, _) => query.extend(columns.into_iter().map(|(name, value)| {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                (name, text)
            })),
            (Call::Event { .. }, Calls::Get { .. }) => {}
        }
        Ok(call)
    }
}

impl Call {
    /// Whether an event is sent.
    pub(super) fn is_event(&self) -> bool {
        matches!(self, Call::Event { .. })
    }

    /// Whether it is an event of another table.
    pub(super) fn misses(&self, database: &str, name: &str) -> bool {
        matches!(self, Call::Event { table, .. } if table.database != database || table.table != name)
    }

    /// What is sent, by column.
    pub(super) fn columns(&self) -> Map<String, Value> {
        match self {
            Call::Event { event, .. } => event.clone(),
            Call::Get { query, .. } => {
                query.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect()
            }
        }
    }

    /// As the document shows it, without the value of the token.
    pub(super) fn to_json(&self, client: &Client, ps: &str) -> Value {
        match self {
            Call::Event { table, event, token } => {
                let url = client.event_url(&table.database, &table.table);
                json!({"method": "POST", "url": url, "event": event, "token": token})
            }
            Call::Get { id, query } => json!({
                "method": "GET", "url": client.personalization_url(ps, id),
                "query": query.iter().map(|(k, v)| (k.clone(), Value::from(v.as_str()))).collect::<Map<_, _>>(),
            }),
        }
    }
}

fn query(args: &PzTestArgs, target: &Target) -> Vec<(String, String)> {
    let mut query: Vec<_> = args.values().chain(args.fields.clone()).collect();
    query.extend(target.trigger.iter().map(|name| ("event_name".to_owned(), name.clone())));
    query
}

/// The trigger event's table.
async fn table(ctx: &Context, ps: &str, target: &Target) -> Result<EventTable, Error> {
    if let Some(table) = &target.table {
        return Ok(table.clone());
    }
    let Some(trigger) = &target.trigger else {
        return Err(Error::new(Code::Usage, "no trigger event is named")
            .hint("pass --trigger EVENT, a plan with -f, or use --get"));
    };
    let events = ctx.client()?.key_events(ps).await?;
    let event = known_event(&events, trigger, "the test")?;
    Ok(event.event_table())
}

/// The last answer with the time of each, or what kept the platform from answering.
pub(super) type Answers = Result<(Value, Vec<Duration>), ApiError>;

/// Calls; the last answer counts. Failures of key, token or network are errors of their own; any
/// other answer is a failed check.
pub(super) async fn answers(
    ctx: &Context,
    ps: &str,
    call: &mut Call,
    repeat: u32,
    clock: Option<EventClock>,
) -> Result<Answers, Error> {
    let client = ctx.client()?;
    let mut latencies = Vec::new();
    let mut last = Value::Null;
    // The first event may bring its own time and uuid; a repeat needs others.
    let given = match call {
        Call::Event { event, .. } => event.clone(),
        Call::Get { .. } => Map::new(),
    };
    for index in 0..repeat {
        let answer: Result<EventAnswer, ApiError> = match call {
            Call::Get { id, query } => client.personalization(ps, id, query).await,
            Call::Event { table, event, token } => {
                event.clone_from(&given);
                if index > 0 {
                    event.shift_remove("uuid");
                }
                clock.iter().for_each(|clock| clock.stamp(event));
                client.send_event(&table.database, &table.table, event.clone(), token.value.clone()).await
            }
        };
        match answer {
            Ok(answer) => {
                latencies.push(answer.elapsed);
                last = answer.body;
            }
            Err(error) => {
                let as_error = Error::from(error.clone());
                return match as_error.code {
                    Code::NotFound | Code::Rejected => Ok(Err(error)),
                    _ => Err(as_error),
                };
            }
        }
    }
    Ok(Ok((last, latencies)))
}
