//! `tdx-rt apply`: the whole plan in one process.

use super::input::Step;
use super::pz_create::{Job, Live, PzOptions};
use super::{DocumentArgs, Outcome, WaitArgs, pz_create, rt_attrs, rt_events, rt_keys, wait};
use crate::context::Context;
use crate::error::{Code, Error};
use crate::platform::wire::{
    Audience, AudienceAttribute, EventTable, KeyEvent, RealtimeAttribute, RealtimeSetting,
    RealtimeSettingAttributes, RealtimeStatus,
};
use crate::steps::events::{self, WantedEvent};
use crate::steps::parent_segment::enabled_setting;
use crate::steps::schema::Schemas;
use crate::steps::setting::{Merged, Wanted, lookup_key, merge, profile_key, write};
use crate::steps::{Action, Applied, attributes};
use clap::Args;
use serde_json::{Value, json};

/// Do all steps of a plan at once (steps 7-9)
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  tdx-rt apply -f plan.yaml
  tdx-rt apply -f plan.yaml --ps \"Customer 360\" --jq .summary
  tdx-rt apply -f plan.yaml --dry-run --jq '.requests[] | .method + \" \" + .url'

What is configured already stays. Applying twice changes nothing.")]
pub struct ApplyArgs {
    #[command(flatten)]
    document: DocumentArgs,
    #[command(flatten)]
    options: PzOptions,
    #[command(flatten)]
    wait: WaitArgs,
}

/// What is live before anything is written.
struct Before {
    setting: RealtimeSetting,
    audience: Audience,
    batch: Vec<AudienceAttribute>,
    events: Vec<KeyEvent>,
    attributes: Vec<RealtimeAttribute>,
    schemas: Schemas,
    personalization: Option<Live>,
}

/// Runs the command.
pub async fn run(args: &ApplyArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let mut step = Step::load(ctx, &args.document, |_| Ok(false)).await?;
    let plan = step.plan.clone();
    if plan.is_empty() {
        return Err(Error::new(Code::Usage, "there is nothing to apply")
            .hint("pass a plan with -f FILE, or pipe one in; `tdx-rt discover --use-case …` proposes one")
            .into());
    }
    ctx.tell_target()?;
    let ps = step.ps.id.clone();
    let wanted_events = rt_events::wanted(&mut step);
    let before = load(ctx, &step, &wanted_events).await?;
    let merged = check(&mut step, &before, &wanted_events, &args.options)?;

    // The service needs nothing of the configuration, so both are made at once.
    let service = async {
        match &before.personalization {
            Some(live) => pz_create::services(ctx, &ps, &plan.personalizations, &args.options, live).await,
            None => Ok(Vec::new()),
        }
    };
    let (configured, service) =
        tokio::join!(configure(ctx, &mut step, &before, &wanted_events, &merged), service);
    let (configured, services) = (configured?, service?);
    let mut changed = configured.changed;

    if let Some(live) = &before.personalization {
        let Configured { events, attributes, setting, .. } = &configured;
        let job = |item| Job {
            ps: &ps,
            plan: item,
            planned: &plan.attributes,
            options: &args.options,
            live,
            events,
            attributes,
            imported: &setting.attributes.batch_attributes,
        };
        let jobs: Vec<Job<'_>> = plan.personalizations.iter().map(job).collect();
        let entities = pz_create::entities(ctx, &jobs).await?;
        changed |= entities.iter().flatten().any(|entity| entity.action != Action::Unchanged);
        pz_create::note_all(&mut step, ctx, events, &services, &entities)?;
    }
    let settled = !changed && before.setting.status == RealtimeStatus::Ok;
    let status = match (settled, args.wait.no_wait) {
        (true, _) => RealtimeStatus::Ok,
        (false, false) => wait(ctx, &ps, args.wait.options()).await?,
        (false, true) if changed => RealtimeStatus::Updating,
        (false, true) => before.setting.status,
    };
    step.note_status(status);
    let summary = summary(&step, &configured.setting, &configured.events, status);
    let text = text(&summary, !plan.personalizations.is_empty());
    step.document.root.insert("summary".into(), summary);
    Ok(Outcome::new(step.finish(ctx)?).summary(text))
}

impl Before {
    /// What attributes need of it, together with events and setting as they will be.
    fn live<'a>(
        &'a self,
        events: &'a [KeyEvent],
        setting: &'a RealtimeSettingAttributes,
    ) -> attributes::Live<'a> {
        attributes::Live {
            attributes: &self.attributes,
            imported: &setting.batch_attributes,
            batch: &self.batch,
            events,
            stitching_keys: setting.key_columns.len(),
        }
    }
}

/// What is live once the configuration is written.
struct Configured {
    setting: RealtimeSetting,
    events: Vec<KeyEvent>,
    attributes: Vec<RealtimeAttribute>,
    changed: bool,
}

/// Setting, key events and attributes, each of which needs the one before.
async fn configure(
    ctx: &Context,
    step: &mut Step,
    before: &Before,
    wanted_events: &[WantedEvent],
    merged: &Merged,
) -> Result<Configured, Error> {
    let client = ctx.client()?;
    let ps = step.ps.id.clone();
    let setting = write(client, &ps, before.setting.clone(), merged).await?;
    let applied = events::apply(client, &ps, wanted_events, &before.events).await?;
    let written = |items: &[Applied]| items.iter().any(|item| item.action != Action::Unchanged);
    let mut changed = merged.changed || written(&applied);
    let events = with_ids(&before.events, wanted_events, &applied);
    rt_events::note(step, &setting, &applied, before.events.iter().map(|e| e.name.as_str()).collect());
    if let Some(stitching) = step.plan.id_stitching.clone() {
        rt_keys::note(step, &stitching, &setting, merged);
    }
    let wanted = rt_attrs::wanted(step, &events, &before.schemas)?;
    let prepared = attributes::prepare(&wanted, before.live(&events, &setting.attributes))?;
    let outlook = prepared.outlook(&before.attributes);
    let applied = attributes::apply(client, &ps, prepared).await?;
    changed |= written(&applied);
    rt_attrs::note(step, &applied, &before.attributes);
    let attributes = settled(outlook, &applied);
    Ok(Configured { setting, events, attributes, changed })
}

/// The tables of the plan's key events, and those that it names for themselves.
fn event_tables(step: &Step, wanted: &[WantedEvent]) -> Vec<EventTable> {
    wanted.iter().map(WantedEvent::table).chain(step.plan.event_tables.iter().cloned()).collect()
}

/// Reads everything at once: no request here needs another's answer.
async fn load(ctx: &Context, step: &Step, wanted: &[WantedEvent]) -> Result<Before, Error> {
    let client = ctx.client()?;
    let ps = step.ps.id.as_str();
    let tables = event_tables(step, wanted);
    let imports = step.plan.attributes.iter().any(|attribute| attribute.imported_column().is_some());
    let batch = async {
        // A personalization reads them anyway.
        match imports && step.plan.personalizations.is_empty() {
            true => client.batch_attributes(ps).await,
            false => Ok(Vec::new()),
        }
    };
    let personalization = async {
        match step.plan.personalizations.as_slice() {
            [] => Ok(None),
            plans => Live::load(ctx, ps, plans).await.map(Some),
        }
    };
    let (setting, audience, batch, events, attributes, schemas, personalization) = tokio::join!(
        enabled_setting(client, ps),
        client.audience(ps),
        batch,
        client.key_events(ps),
        client.attributes(ps),
        Schemas::load(client, &tables),
        personalization
    );
    let setting = setting?;
    let events = events?;
    let mut schemas = schemas?;
    if needs_other_tables(step, &setting, &schemas) {
        let others = setting.attributes.event_tables.iter().filter(|table| !tables.contains(table));
        schemas.extend(Schemas::load_existing(client, others).await?);
    }
    let personalization = personalization?;
    let batch = match &personalization {
        Some(live) => live.batch.clone(),
        None => batch?,
    };
    Ok(Before {
        setting,
        audience: audience?,
        batch,
        events,
        attributes: attributes?,
        schemas,
        personalization,
    })
}

/// Whether the plan speaks of columns that the plan's own tables do not have: a stitching key, or
/// an attribute of a key event that is configured already. One more round trip, so only then.
fn needs_other_tables(step: &Step, setting: &RealtimeSetting, schemas: &Schemas) -> bool {
    let plan = &step.plan;
    let known = |key: &str| setting.attributes.key_columns.iter().any(|column| column.name == key);
    let keys = plan.id_stitching.iter().flat_map(|stitching| &stitching.stitching_keys);
    let own = |source: &str| plan.events.iter().any(|event| event.name == source);
    keys.into_iter().any(|key| !known(&key.name) && schemas.anywhere(&key.name, "").is_err())
        || plan.attributes.iter().filter_map(|attribute| attribute.source_event()).any(|source| !own(source))
}

/// Checks all that can be checked before the first write, so that a wrong plan changes nothing.
fn check(
    step: &mut Step,
    before: &Before,
    wanted: &[WantedEvent],
    options: &PzOptions,
) -> Result<Merged, Error> {
    events::check(wanted, &before.events, &before.schemas)?;
    let mut merging = Wanted { event_tables: event_tables(step, wanted), ..Wanted::default() };
    let stitching = step.plan.id_stitching.clone();
    if let Some(stitching) = &stitching {
        merging.keys = rt_keys::wanted(step, stitching);
        rt_keys::check(&merging.keys, &before.setting, &before.schemas)?;
        let live = before.setting.attributes.ext_lookup_key.as_deref();
        let asked = stitching.ext_lookup_key.as_deref();
        merging.ext_lookup_key = lookup_key(asked, live, profile_key(&before.audience).as_deref())?;
    }
    let merged = merge(&before.setting.attributes, &merging)?;
    // With made-up ids for events that are not there yet: columns, names, contradictions, limits.
    let applied: Vec<Applied> = wanted
        .iter()
        .map(|item| Applied {
            name: item.event.name.clone(),
            id: before
                .events
                .iter()
                .find(|e| e.name == item.event.name)
                .and_then(|e| e.id.clone())
                .unwrap_or_default(),
            action: Action::Unchanged,
        })
        .collect();
    let events = with_ids(&before.events, wanted, &applied);
    rt_attrs::tables(&step.plan.attributes, &events)?;
    let attributes = rt_attrs::wanted(step, &events, &before.schemas)?;
    let prepared = attributes::prepare(&attributes, before.live(&events, &merged.attributes))?;
    for (item, live) in step.plan.personalizations.iter().zip(before.personalization.iter().cycle()) {
        let job = Job {
            ps: &step.ps.id,
            plan: item,
            planned: &step.plan.attributes,
            options,
            live,
            events: &events,
            attributes: &prepared.outlook(&before.attributes),
            imported: &merged.attributes.batch_attributes,
        };
        job.check()?;
    }
    Ok(merged)
}

/// The live key events together with those of the plan.
fn with_ids(live: &[KeyEvent], wanted: &[WantedEvent], applied: &[Applied]) -> Vec<KeyEvent> {
    let mut events: Vec<KeyEvent> = live
        .iter()
        .filter(|event| !wanted.iter().any(|item| item.event.name == event.name))
        .cloned()
        .collect();
    events.extend(
        wanted
            .iter()
            .zip(applied)
            .map(|(item, done)| KeyEvent { id: Some(done.id.clone()), ..item.event.clone() }),
    );
    events
}

/// The attributes as they were foreseen, with the ids that they got.
fn settled(mut attributes: Vec<RealtimeAttribute>, applied: &[Applied]) -> Vec<RealtimeAttribute> {
    for item in applied {
        let made_up = format!("new:{}", item.name);
        for attribute in attributes.iter_mut().filter(|there| there.id.as_deref() == Some(&made_up)) {
            attribute.id = Some(item.id.clone());
        }
    }
    attributes
}

/// The workflow's summary.
fn summary(step: &Step, setting: &RealtimeSetting, events: &[KeyEvent], status: RealtimeStatus) -> Value {
    let root = &step.document.root;
    let get = |key: &str, field: &str| root.get(key).and_then(|v| v.get(field)).cloned().unwrap_or_default();
    let imported = step.plan.attributes.iter().filter(|a| a.imported_column().is_some()).count();
    json!({
        "parent_segment": {"id": step.ps.id, "name": step.ps.name},
        "rt_configuration": {
            "status": status,
            "event_tables": setting.attributes.event_tables.len(),
            "key_events": events.iter().map(|event| event.name.as_str()).collect::<Vec<_>>(),
            "rt_attributes": step.plan.attributes.len() - imported,
            "batch_attributes": imported,
            "stitching_keys": setting.attributes.key_columns.len(),
        },
        "personalization": {
            "service": get("service", "name"),
            "service_action": get("service", "action"),
            "id": get("personalization", "id"),
            "action": get("personalization", "action"),
            "sections": step.plan.personalizations.first().map(|plan| plan.sections.len()),
        },
        "endpoint": get("personalization", "endpoint"),
        "event_endpoint": get("personalization", "event_endpoint"),
        "console_url": get("personalization", "console_url"),
        "next_steps": [
            "Test the API endpoint with real user IDs: tdx-rt pz-test -f PLAN --key td_client_id=ID",
            "Integrate it into the web or mobile app",
            "Monitor API response times and errors",
        ],
    })
}

fn text(summary: &Value, personalized: bool) -> String {
    let get = |pointer: &str| match summary.pointer(pointer) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let rt = |field: &str| get(&format!("/rt_configuration/{field}"));
    let mut text = format!(
        "RT Personalization Setup Complete!\n\nParent Segment: {} ({})\n\nRT Configuration: {}\n  - Event Tables: {} configured\n  - Key Events: {}\n  - RT Attributes: {}\n  - Batch Attributes: {} imported\n  - ID Stitching Keys: {} configured\n",
        get("/parent_segment/name"),
        get("/parent_segment/id"),
        rt("status"),
        rt("event_tables"),
        rt("key_events"),
        rt("rt_attributes"),
        rt("batch_attributes"),
        rt("stitching_keys"),
    );
    if personalized {
        text.push_str(&format!(
            "\nPersonalization:\n  - Service: {} ({})\n  - Entity: {} ({})\n  - Sections: {}\n\nAPI Endpoint:\n  {}\n\nConsole URL:\n  {}\n",
            get("/personalization/service"),
            get("/personalization/service_action"),
            get("/personalization/id"),
            get("/personalization/action"),
            get("/personalization/sections"),
            get("/endpoint"),
            get("/console_url"),
        ));
    }
    text.push_str("\nNext Steps:");
    let steps = summary.get("next_steps").and_then(Value::as_array);
    for (index, step) in steps.into_iter().flatten().filter_map(Value::as_str).enumerate() {
        text.push_str(&format!("\n  {}. {step}", index + 1));
    }
    text
}
