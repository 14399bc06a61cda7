//! `tdx-rt pz-create`: service, token, folder and entity with payload.

mod token;

use crate::context::Context;
use crate::error::Error;
use crate::input::set::{SetArgs, Target};
use crate::input::{DocumentArgs, ListArgs, WaitArgs, given, parse_pair, pick};
use crate::outcome::Outcome;
use crate::plan::export::rows::Rows;
use crate::plan::{Configuration, PersonalizationService, Plan, counted};
use crate::platform::wire::Personalization;
use crate::schema::Output;
use crate::steps::kind::ItemKind;
use crate::steps::live::Parts;
use crate::writing::{
    self, DeleteArgs, Deleted, OptionArgs, OwnArgs, Part, Removal, StepArgs, Written, YesArgs,
};
use clap::{Args, Subcommand};
use schemars::JsonSchema;
use serde::Serialize;
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
  tdx-rt pz-create delete web --ps 394649
  tdx-rt pz-create token rotate --ps 394649",
    after_help = "--set sets fields of the service and of the section; section.description is the one of the section.
Sections and outputs that the plan does not name stay. --prune deletes those that an earlier `apply` or
`pz-create` of this plan made; what others have added stays."
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
    /// Fixed string in the response
    #[arg(long = "string", value_name = "OUTPUT=TEXT", value_parser = parse_pair, requires = "name")]
    strings: Vec<(String, String)>,
    #[command(flatten)]
    set: SetArgs,
    #[command(flatten)]
    options: OptionArgs,
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
    Token(token::TokenArgs),
}

/// What the command prints.
pub const OUTPUTS: &[Output] = &[
    Output::file("pz-create", include_str!("../../schema/pz-create.json")).writes().passes_on(),
    Output::list::<PersonalizationRow>(
        "pz-create list",
        "Personalizations",
        "The personalizations that are live",
    )
    .shown(&["name", "id", "sections", "endpoint"]),
    Output::of::<DeletedPersonalization>("pz-create delete", "Deleted", "A personalization that was deleted"),
    token::LIST,
    token::CREATE,
    token::ROTATE,
    token::REVOKE,
];

/// Runs the command.
pub async fn run(args: &PzCreateArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    match &args.action {
        Some(ItemCommand::List(args)) => list(args, ctx).await,
        Some(ItemCommand::Delete { name, service, to }) => delete(ctx, name, *service, to).await,
        Some(ItemCommand::Token(args)) => token::run(args, ctx).await,
        None => create(args, ctx).await,
    }
}

async fn create(args: &PzCreateArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    ctx.keep_tokens_in(args.token_file.as_deref());
    let hint =
        "name it with --name, --trigger and --attribute, or pass a plan with `personalization_service`";
    let nothing = ("there is no personalization to create", hint);
    let step = StepArgs {
        options: args.options.options(),
        own: args.own.clone(),
        yes: args.yes.clone(),
        of_flags: args.name.is_some(),
        ..StepArgs::new(&args.document, args.wait.waiting(), nothing)
    };
    step.run(ctx, Part::Personalizations, |root| add_flags(args, root), summary).await
}

/// A line about each personalization.
fn summary(plan: &Plan, written: &Written) -> String {
    let line = |plan: &PersonalizationService| {
        let there = written.after.personalizations.iter().find(|one| one.attributes.name == plan.name)?;
        let action = written.executed.action(ItemKind::Personalization, &there.id);
        Some(format!("personalization '{}' ({}) {action}", there.attributes.name, there.id))
    };
    let wanted = plan.personalizations.iter().filter(|plan| plan.wants_entity());
    wanted.filter_map(line).collect::<Vec<_>>().join("\n")
}

fn add_flags(args: &PzCreateArgs, root: &mut Map<String, Value>) -> Result<bool, Error> {
    let Some(name) = &args.name else {
        args.set.put("--name", Vec::new())?;
        return Ok(false);
    };
    let attribute = |text: &String| match text.split_once('=') {
        Some((name, output)) => json!({"name": name, "as": output}),
        None => json!(text),
    };
    let attributes: Vec<Value> = args.attributes.iter().map(attribute).collect();
    let strings: Map<String, Value> =
        args.strings.iter().map(|(name, text)| (name.clone(), text.as_str().into())).collect();
    // Left out, the criteria of an existing section stay.
    let mut section = given(json!({
        "name": args.section, "criteria": args.criteria, "attributes": attributes, "strings": strings,
    }));
    let mut service = given(json!({"name": name, "trigger_event": args.trigger}));
    let targets = vec![
        Target { path: "personalization_service", prefix: "", items: vec![&mut service] },
        Target { path: "personalization_service.sections", prefix: "section.", items: vec![&mut section] },
    ];
    args.set.put("--name", targets)?;
    if !service.contains_key("sections") {
        service.insert("sections".into(), json!([section]));
    }
    root.insert("personalization_service".into(), Value::Object(service));
    Ok(true)
}

/// A personalization.
#[derive(Serialize, JsonSchema)]
struct PersonalizationRow {
    id: String,
    name: String,
    description: Option<String>,
    /// Names
    sections: Vec<String>,
    /// URL that answers a visitor's offers
    endpoint: String,
    /// URL of its page in the console
    console_url: String,
}

async fn list(args: &ListArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let raw = |live: &Configuration| json!(live.personalizations);
    let rows = |live: &Configuration, ps: &str| -> anyhow::Result<Rows<PersonalizationRow>> {
        let (client, site) = (ctx.client()?, ctx.settings()?.site.value);
        let row = |entity: &Personalization| PersonalizationRow {
            id: entity.id.clone(),
            name: entity.attributes.name.clone(),
            description: entity.attributes.description.clone(),
            sections: entity.attributes.sections.iter().map(|section| section.name.clone()).collect(),
            endpoint: client.personalization_url(ps, &entity.id),
            console_url: site.personalization_console_url(ps, &entity.id),
        };
        Ok(Rows::of(live.personalizations.iter().map(row).collect()))
    };
    let summary = |live: &Configuration| counted(live.personalizations.len(), "personalization");
    args.run(ctx, "pz-create list", Parts::PERSONALIZATIONS, raw, rows, summary).await
}

/// A personalization that was deleted.
#[derive(Serialize, JsonSchema)]
struct DeletedPersonalization {
    #[serde(flatten)]
    deleted: Deleted,
    /// Id of the service that was deleted with it
    service_id: Option<String>,
}

async fn delete(ctx: &Context, name: &str, with_service: bool, to: &DeleteArgs) -> anyhow::Result<Outcome> {
    let service_of = |state: &Configuration, name: &str| {
        let service = state.services.iter().find(|service| with_service && service.name == name)?;
        Some(Removal { kind: ItemKind::Service, name: service.name.clone(), id: service.id.clone() })
    };
    let found = std::cell::RefCell::new(None);
    let find = |state: &Configuration| {
        let entities = &state.personalizations;
        let entity = pick(entities, name, "personalization", |p| &p.attributes.name, |p| Some(p.id.as_str()));
        let removals = match (entity, service_of(state, name)) {
            (Ok(entity), _) => {
                let name = entity.attributes.name.clone();
                let service = service_of(state, &name);
                let entity = Removal { kind: ItemKind::Personalization, name, id: Some(entity.id.clone()) };
                std::iter::once(entity).chain(service).collect()
            }
            // Only the service is left, from a delete that was interrupted.
            (Err(_), Some(service)) => {
                vec![Removal { kind: ItemKind::Personalization, name: name.to_owned(), id: None }, service]
            }
            (Err(error), None) => return Err(error),
        };
        let service = removals.iter().find(|gone: &&Removal| gone.kind == ItemKind::Service);
        *found.borrow_mut() = service.and_then(|service| service.id.clone());
        Ok(removals)
    };
    let (deleted, summary) = writing::delete_all(ctx, "pz-create delete", to, find).await?;
    let document = DeletedPersonalization { deleted, service_id: found.into_inner() };
    let report = writing::report(ctx, &[], &summary);
    Ok(Outcome::new(json!(document)).summary(summary).report(report))
}
