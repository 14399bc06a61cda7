//! `tdx-rt rt-keys`: ID stitching.

use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::set::{SetArgs, Target};
use crate::input::{DocumentArgs, ListArgs, WaitArgs, array, given, parse_pair, pick};
use crate::outcome::Outcome;
use crate::plan::export::rows::{self, KeyRow, Rows};
use crate::plan::{Configuration, Plan, counted};
use crate::schema::Output;
use crate::steps::Action;
use crate::steps::kind::ItemKind;
use crate::steps::live::Parts;
use crate::writing::{self, DeleteArgs, Deleted, Part, Removal, StepArgs, Written};
use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

/// Configure ID stitching (step 7b)
#[derive(Debug, Clone, Args)]
#[command(
    override_usage = "tdx-rt rt-keys [OPTIONS]\n       tdx-rt rt-keys <COMMAND>",
    before_help = "Examples:
  tdx-rt rt-keys --ps 394649 --key td_client_id --key email --exclude-regex td_client_id='^test_'
  tdx-rt rt-keys -f plan.yaml
  tdx-rt rt-keys list --ps 394649
  tdx-rt rt-keys delete email --ps 394649",
    after_help = "The external lookup key is the profile key of the parent segment's master table; it is found by
itself and can't be changed once it is set. Keys that are configured already stay."
)]
pub struct RtKeysArgs {
    #[command(subcommand)]
    action: Option<ItemCommand>,
    #[command(flatten)]
    document: DocumentArgs,
    /// Stitching key: a column of the event tables
    #[arg(long = "key", value_name = "COLUMN")]
    keys: Vec<String>,
    /// The primary key; a stitching key too
    #[arg(long, value_name = "COLUMN")]
    primary_key: Option<String>,
    /// Values that do not match are no ids
    #[arg(long, value_name = "COLUMN=REGEX", value_parser = parse_pair)]
    valid_regex: Vec<(String, String)>,
    /// Values that match are no ids
    #[arg(long, value_name = "COLUMN=REGEX", value_parser = parse_pair)]
    exclude_regex: Vec<(String, String)>,
    /// A value that is no id
    #[arg(long, value_name = "COLUMN=TEXT", value_parser = parse_pair)]
    invalid: Vec<(String, String)>,
    /// Profile key column of the master table
    #[arg(long, value_name = "COLUMN")]
    ext_lookup_key: Option<String>,
    #[command(flatten)]
    set: SetArgs,
    #[command(flatten)]
    wait: WaitArgs<false>,
}

#[derive(Debug, Clone, Subcommand)]
enum ItemCommand {
    /// List the stitching keys
    #[command(before_help = "Examples:
  tdx-rt rt-keys list --ps 394649
  tdx-rt rt-keys list --ps 394649 --jq '.[].name'")]
    List(ListArgs),
    /// Take out a stitching key
    #[command(before_help = "Examples:
  tdx-rt rt-keys delete email --ps 394649")]
    Delete {
        /// Column
        #[arg(value_name = "COLUMN")]
        name: String,
        #[command(flatten)]
        to: DeleteArgs,
    },
}

/// What the command prints.
pub const OUTPUTS: &[Output] =
    &[
        Output::file("rt-keys", include_str!("../schema/rt-keys.json")).writes().passes_on(),
        Output::list::<KeyRow>("rt-keys list", "Stitching keys", "The stitching keys that are live")
            .shown(&["name", "valid_regex", "exclude_regex", "invalid", "ext_lookup_key"]),
        Output::of::<Deleted>("rt-keys delete", "Deleted", "A stitching key that was taken out"),
    ];

/// Runs the command.
pub async fn run(args: &RtKeysArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    match &args.action {
        Some(ItemCommand::List(args)) => list(args, ctx).await,
        Some(ItemCommand::Delete { name, to }) => {
            writing::delete(ctx, "rt-keys delete", to, |state| removal(state, name)).await
        }
        None => {
            let hint = "name them with --key COLUMN, or pass a plan with `id_stitching`";
            let nothing = ("there are no stitching keys to configure", hint);
            let step = StepArgs::new(&args.document, args.wait.waiting(), nothing);
            step.run(ctx, Part::Keys, |root| add_flags(args, root), summary).await
        }
    }
}

fn summary(_: &Plan, written: &Written) -> String {
    let (before, after) = (&written.live.state.setting, &written.after.setting);
    let keys = after.key_columns.iter().map(|key| key.name.as_str()).collect::<Vec<_>>().join(", ");
    let action = if written.changed { Action::Updated } else { Action::Unchanged };
    let fixed = after.ext_lookup_key.as_ref().filter(|_| before.ext_lookup_key.is_none());
    let fixed = fixed.map(|key| format!("; the external lookup key '{key}' is fixed for good now"));
    format!("stitching keys: {keys} ({action}){}", fixed.unwrap_or_default())
}

fn add_flags(args: &RtKeysArgs, root: &mut Map<String, Value>) -> Result<bool, Error> {
    let mut names: Vec<&String> = args.keys.iter().chain(&args.primary_key).collect();
    for (name, _) in args.valid_regex.iter().chain(&args.exclude_regex).chain(&args.invalid) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.dedup();
    if names.is_empty() && args.ext_lookup_key.is_none() {
        args.set.put("--key", Vec::new())?;
        return Ok(false);
    }
    let slot = root.entry("id_stitching").or_insert_with(|| json!({}));
    let Some(stitching) = slot.as_object_mut() else {
        return Err(Error::new(Code::InvalidPlan, "'id_stitching' in the document is not a mapping"));
    };
    stitching.extend(given(json!({"primary_key": args.primary_key, "ext_lookup_key": args.ext_lookup_key})));
    let of = |pairs: &[(String, String)], name: &str| -> Vec<String> {
        pairs.iter().filter(|(key, _)| key == name).map(|(_, text)| text.clone()).collect()
    };
    let keys = array(stitching, "stitching_keys")?;
    for name in names {
        let mut key = given(json!({
            "name": name,
            "valid_regex": of(&args.valid_regex, name).last(),
            "exclude_regex": of(&args.exclude_regex, name).last(),
            "invalid": Some(of(&args.invalid, name)).filter(|texts| !texts.is_empty()),
        }));
        let path = "id_stitching.stitching_keys";
        args.set.put("--key", vec![Target { path, prefix: "", items: vec![&mut key] }])?;
        // A flag brings a key of the document up to date rather than standing beside it.
        keys.retain(|there| {
            there.as_str() != Some(name) && there.get("name").and_then(Value::as_str) != Some(name)
        });
        keys.push(Value::Object(key));
    }
    Ok(true)
}

async fn list(args: &ListArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let raw = |live: &Configuration| json!(live.setting.key_columns);
    let rows = |live: &Configuration, _: &str| Ok(Rows::of(rows::stitching_keys(live)));
    let summary = |live: &Configuration| {
        let lookup = live.setting.ext_lookup_key.as_deref().unwrap_or("none");
        counted(live.setting.key_columns.len(), "stitching key") + "; external lookup key: " + lookup
    };
    args.run(ctx, "rt-keys list", Parts::NONE, raw, rows, summary).await
}

/// The stitching key of a name.
fn removal(state: &Configuration, name: &str) -> Result<Vec<Removal>, Error> {
    let key = pick(&state.setting.key_columns, name, "stitching key", |key| &key.name, |_| None)?;
    Ok(vec![Removal { kind: ItemKind::StitchingKey, name: key.name.clone(), id: None }])
}
