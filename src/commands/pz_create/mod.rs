//! `tdx-rt pz-create`: service, token, folder and entity with payload.

mod make;
mod owned;

pub use make::{Job, Live, check_tokens, entities, note_all, services, tell_token, wanted_service};

use super::reconcile::{OwnArgs, YesArgs};
use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::bulk::ListArgs;
use crate::input::set::{SetArgs, Target};
use crate::input::{
    DeleteArgs, DocumentArgs, PsArgs, Step, WaitArgs, deleted, parent_segment_only, parse_pair, pick,
};
use crate::outcome::Outcome;
use crate::plan::Configuration;
use crate::steps::Action;
use crate::steps::parent_segment::{ParentSegment, enabled, enabled_setting};
use crate::steps::personalization::AppliedPersonalization;
use clap::{Args, Subcommand};
use owned::Owned;
use serde_json::{Map, Value, json};
use std::path::PathBuf;

/// Create the personalization service and entity (steps 8-9)
#[derive(Debug, Clone, Args)]
#[command(
    override_usage = "tdx-rt pz-create [OPTIONS]\n       tdx-rt pz-create <COMMAND>",
    before_help = "Examples:
  tdx-rt pz-create -f plan.yaml --jq '.personalization.console_url'
  tdx-rt pz-create --ps 394649 --name web --trigger page_view --attribute last_product_viewed
  tdx-rt pz-create list --ps 394649
  tdx-rt pz-create delete web --ps 394649",
    after_help = "--set sets fields of the service and of the section; section.description is the one of the section.
Sections and outputs that the plan does not name stay. --prune deletes those that an earlier `apply` or
`pz-create` of this plan made; what somebody else has added stays all the same."
)]
pub struct PzCreateArgs {
    #[command(subcommand)]
    action: Option<ItemCommand>,
    #[command(flatten)]
    document: DocumentArgs,
    /// Name of the service and of the personalization
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Key event that triggers it
    #[arg(long, value_name = "EVENT", requires = "name")]
    trigger: Option<String>,
    /// Name of the one section that the flags describe
    #[arg(long, value_name = "NAME", default_value = "Default", requires = "name")]
    section: String,
    /// Who gets the section, as SQL-like text; everyone when left out
    #[arg(long, value_name = "CRITERIA", requires = "name")]
    criteria: Option<String>,
    /// Attribute in the response
    #[arg(long = "attribute", value_name = "NAME[=OUTPUT]", requires = "name")]
    attributes: Vec<String>,
    /// Fixed text in the response
    #[arg(long = "string", value_name = "OUTPUT=TEXT", value_parser = parse_pair, requires = "name")]
    strings: Vec<(String, String)>,
    #[command(flatten)]
    set: SetArgs,
    #[command(flatten)]
    options: PzOptions,
    #[command(flatten)]
    own: OwnArgs,
    #[command(flatten)]
    yes: YesArgs,
    /// Keep the tokens that are made in this file [default: ~/.local/state/tdx-rt/tokens.json]
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    #[command(flatten)]
    wait: WaitArgs<false>,
}

/// Options that `apply` shares.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args, serde::Serialize, serde::Deserialize)]
pub struct PzOptions {
    /// Folder for a new personalization, by id or name [default: the parent segment's first]
    #[arg(long, value_name = "FOLDER")]
    pub folder: Option<String>,
    /// Make a new token even if the service has one
    #[arg(long)]
    pub new_token: bool,
}

#[derive(Debug, Clone, Subcommand)]
enum ItemCommand {
    /// List the personalizations
    #[command(before_help = "Examples:
  tdx-rt pz-create list --ps 394649
  tdx-rt pz-create list --ps 394649 --jq '.[].name'")]
    List(ListArgs),
    /// Delete a personalization by name or id
    #[command(before_help = "Examples:
  tdx-rt pz-create delete web --ps 394649
  tdx-rt pz-create delete web --service --ps 394649")]
    Delete {
        /// Personalization
        #[arg(value_name = "NAME")]
        name: String,
        /// Delete the service of the same name too; its tokens stop working at once
        #[arg(long)]
        service: bool,
        #[command(flatten)]
        to: DeleteArgs,
    },
}

impl PzCreateArgs {
    /// Whether many parent segments come from stdin.
    pub fn reads_items(&self) -> bool {
        matches!(&self.action, Some(ItemCommand::List(list)) if list.reads_items())
    }
}

/// Runs the command.
pub async fn run(args: &PzCreateArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    match &args.action {
        Some(ItemCommand::List(args)) => args.run(ctx, async |ps| list(ctx, ps).await).await,
        Some(ItemCommand::Delete { name, service, to }) => delete(ctx, name, *service, to).await,
        None => create(args, ctx).await,
    }
}

async fn create(args: &PzCreateArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    ctx.keep_tokens_in(args.token_file.as_deref());
    let mut step = Step::load(ctx, &args.document, |root| add_flags(args, root)).await?;
    let plans = step.plan.personalizations.clone();
    if plans.is_empty() {
        return Err(Error::new(Code::Usage, "there is no personalization to create")
            .hint("name it with --name, --trigger and --attribute, or pass a plan with `personalization_service`")
            .into());
    }
    let client = ctx.client()?;
    ctx.tell_target()?;
    let ps = step.ps.id.clone();
    let (setting, live, events, attributes) = tokio::join!(
        enabled_setting(client, &ps),
        Live::load(ctx, &ps, &plans, false),
        client.key_events(&ps),
        client.attributes(&ps)
    );
    let setting = setting?;
    let (live, events, attributes) = (live?, events.map_err(Error::from)?, attributes.map_err(Error::from)?);
    let planned = step.plan.attributes.clone();
    let there = Configuration {
        setting: setting.attributes.clone(),
        events: events.clone(),
        attributes: attributes.clone(),
        services: live.services.clone(),
        personalizations: live.personalizations.clone(),
        segments: live.segments.clone(),
        ..Configuration::default()
    };
    let owned = Owned::of(args, ctx, &step, &there)?;
    let job = |plan| Job {
        ps: &ps,
        plan,
        planned: &planned,
        options: &args.options,
        prune: &owned.pruning.paths,
        live: &live,
        events: &events,
        attributes: &attributes,
        imported: &setting.attributes.batch_attributes,
    };
    let jobs: Vec<Job<'_>> = plans.iter().map(job).collect();
    jobs.iter().try_for_each(|job| job.check())?;
    check_tokens(ctx, &plans, &args.options, &live)?;
    args.yes.confirm(ctx, &owned.pruning, "").await?;
    owned.begin()?;
    // Neither needs the other's answer.
    let (services, entities) =
        tokio::join!(services(ctx, &ps, &plans, &args.options, &live), entities(ctx, &jobs));
    let (services, entities) = (services?, entities?);
    owned.note(ctx, &jobs, &services, &entities)?;
    if args.own.prunes() {
        step.document.root.insert("deleted".into(), owned.deleted());
    }
    step.note_setting(&setting);
    let done = |e: &AppliedPersonalization| format!("personalization '{}' ({}) {}", e.name, e.id, e.action);
    let summary: Vec<_> = entities.iter().flatten().map(done).collect();
    for service in services.iter().flatten() {
        tell_token(ctx, service)?;
    }
    note_all(&mut step, ctx, &events, &services, &entities)?;
    let changed = entities.iter().flatten().any(|entity| entity.action != Action::Unchanged);
    if let Some(status) = args.wait.settle(ctx, &ps, setting.status, changed).await? {
        step.note_status(status);
    }
    Ok(Outcome::new(step.finish(ctx)?).summary(summary.join("\n")))
}

fn add_flags(args: &PzCreateArgs, root: &mut Map<String, Value>) -> Result<bool, Error> {
    let Some(name) = &args.name else {
        args.set.put("--name", Vec::new())?;
        return Ok(false);
    };
    let attributes: Vec<Value> = args
        .attributes
        .iter()
        .map(|text| match text.split_once('=') {
            Some((name, output)) => json!({"name": name, "as": output}),
            None => json!(text),
        })
        .collect();
    let strings: Map<String, Value> =
        args.strings.iter().map(|(name, text)| (name.clone(), text.as_str().into())).collect();
    let mut section = Map::new();
    section.insert("name".into(), args.section.as_str().into());
    // Left out, the criteria of a section that is there stay.
    if let Some(criteria) = &args.criteria {
        section.insert("criteria".into(), criteria.as_str().into());
    }
    section.insert("attributes".into(), Value::Array(attributes));
    section.insert("strings".into(), Value::Object(strings));
    let mut service = Map::new();
    service.insert("name".into(), name.as_str().into());
    if let Some(trigger) = &args.trigger {
        service.insert("trigger_event".into(), trigger.as_str().into());
    }
    args.set.put(
        "--name",
        vec![
            Target { path: "personalization_service", prefix: "", items: vec![&mut service] },
            Target {
                path: "personalization_service.sections",
                prefix: "section.",
                items: vec![&mut section],
            },
        ],
    )?;
    if !service.contains_key("sections") {
        service.insert("sections".into(), json!([section]));
    }
    root.insert("personalization_service".into(), Value::Object(service));
    Ok(true)
}

async fn list(ctx: &Context, ps: &PsArgs) -> anyhow::Result<Outcome> {
    let ParentSegment { id, .. } = parent_segment_only(ctx, ps.ps.as_ref()).await?;
    let client = ctx.client()?;
    let site = ctx.settings()?.site.value;
    let found = enabled(client, &id, client.personalizations(&id).await).await?;
    let items: Vec<_> = found
        .iter()
        .map(|p| {
            json!({
                "id": p.id, "name": p.attributes.name, "description": p.attributes.description,
                "sections": p.attributes.sections.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(),
                "endpoint": client.personalization_url(&id, &p.id),
                "console_url": site.personalization_console_url(&id, &p.id),
            })
        })
        .collect();
    Ok(Outcome::read(json!(items)).summary(format!("{} personalizations", items.len())))
}

async fn delete(ctx: &Context, name: &str, with_service: bool, to: &DeleteArgs) -> anyhow::Result<Outcome> {
    let ParentSegment { id: ps, .. } = parent_segment_only(ctx, to.ps.ps.as_ref()).await?;
    let client = ctx.client()?;
    ctx.tell_target()?;
    let (entities, services) = tokio::join!(client.personalizations(&ps), client.services(&ps));
    let (entities, services) = (enabled(client, &ps, entities).await?, services.map_err(Error::from)?);
    let services: Vec<_> = if with_service { services } else { Vec::new() };
    let found = pick(&entities, name, "personalization", |p| &p.attributes.name, |p| Some(p.id.as_str()));
    let entity_name = found.as_ref().map_or(name, |found| found.attributes.name.as_str());
    let service = services.iter().find(|service| service.name == entity_name);
    let found = match (found, service) {
        (Ok(found), _) => Some(found),
        // Only the service is left, from a delete that was interrupted.
        (Err(_), Some(_)) => None,
        (Err(error), None) => return Err(error.into()),
    };
    if let Some(found) = found {
        client.delete_personalization(&found.id).await.map_err(Error::from)?;
    }
    let service = service.and_then(|service| service.id.as_deref());
    if let Some(service) = service {
        client.delete_service(&ps, service).await.map_err(Error::from)?;
    }
    let gone = ("personalization", entity_name, found.map(|found| found.id.as_str()));
    let mut outcome = deleted(ctx, &to.wait, &ps, gone).await?;
    if let Some(map) = outcome.document.as_object_mut() {
        map.insert("service_id".into(), json!(service));
    }
    Ok(outcome)
}
