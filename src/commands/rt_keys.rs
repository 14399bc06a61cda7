//! `tdx-rt rt-keys`: ID stitching.

use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::bulk::ListArgs;
use crate::input::set::{SetArgs, Target};
use crate::input::{
    DeleteArgs, DocumentArgs, PsArgs, Step, WaitArgs, array, deleted, parent_segment_only, parse_pair, pick,
};
use crate::outcome::Outcome;
use crate::plan::IdStitching;
use crate::platform::wire::RealtimeSetting;
use crate::steps::Action;
use crate::steps::parent_segment::{ParentSegment, enabled_setting};
use crate::steps::schema::Schemas;
use crate::steps::setting::{Merged, Wanted, WantedKey, lookup_key, merge, profile_key, write};
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

impl RtKeysArgs {
    /// Whether many parent segments come from stdin.
    pub fn reads_items(&self) -> bool {
        matches!(&self.action, Some(ItemCommand::List(list)) if list.reads_items())
    }
}

/// Runs the command.
pub async fn run(args: &RtKeysArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    match &args.action {
        Some(ItemCommand::List(args)) => args.run(ctx, async |ps| list(ctx, ps).await).await,
        Some(ItemCommand::Delete { name, to }) => delete(ctx, name, to).await,
        None => configure(args, ctx).await,
    }
}

async fn configure(args: &RtKeysArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let mut step = Step::load(ctx, &args.document, |root| add_flags(args, root)).await?;
    let Some(stitching) = step.plan.id_stitching.clone() else {
        return Err(Error::new(Code::Usage, "there are no stitching keys to configure")
            .hint("name them with --key COLUMN, or pass a plan with `id_stitching`")
            .into());
    };
    let client = ctx.client()?;
    ctx.tell_target()?;
    let ps = step.ps.id.clone();
    let (setting, audience) = tokio::join!(enabled_setting(client, &ps), client.audience(&ps));
    let (setting, audience) = (setting?, audience.map_err(Error::from)?);
    let schemas = Schemas::load_existing(client, &setting.attributes.event_tables).await?;
    let keys = wanted(&mut step, &stitching);
    check(&keys, &setting, &schemas)?;
    let live = setting.attributes.ext_lookup_key.as_deref();
    let ext_lookup_key =
        lookup_key(stitching.ext_lookup_key.as_deref(), live, profile_key(&audience).as_deref())?;
    let lookup_key_said = stitching.ext_lookup_key.is_some();
    let wanted = Wanted { keys, ext_lookup_key, lookup_key_said, ..Wanted::default() };
    let merged = merge(&setting.attributes, &wanted)?;
    let before = setting.status;
    let setting = write(client, &ps, setting, &merged).await?;
    note(&mut step, &stitching, &setting, &merged);
    if let Some(status) = args.wait.settle(ctx, &ps, before, merged.changed).await? {
        step.note_status(status);
    }
    let summary = format!(
        "stitching keys: {} ({})",
        setting.attributes.key_columns.iter().map(|key| key.name.as_str()).collect::<Vec<_>>().join(", "),
        if merged.changed { Action::Updated } else { Action::Unchanged }
    );
    Ok(Outcome::new(step.finish(ctx)?).summary(summary))
}

/// The plan's keys with what was said about each.
pub fn wanted(step: &mut Step, stitching: &IdStitching) -> Vec<WantedKey> {
    stitching
        .stitching_keys
        .iter()
        .map(|key| WantedKey {
            column: key.to_wire(),
            patterns_given: step.says(&key.at, &["valid_regex", "exclude_regex"]),
            texts_given: step.says(&key.at, &["invalid"]),
        })
        .collect()
}

/// The platform accepts keys that no event table has, and then does nothing with them. Keys that
/// are configured already are not ours to refuse.
pub fn check(keys: &[WantedKey], setting: &RealtimeSetting, schemas: &Schemas) -> Result<(), Error> {
    for key in keys {
        let name = &key.column.name;
        if !setting.attributes.key_columns.iter().any(|there| there.name == *name) {
            schemas.anywhere(name, &format!("stitching key '{name}'"))?;
        }
    }
    Ok(())
}

/// Writes to the document what was done.
pub fn note(step: &mut Step, stitching: &IdStitching, setting: &RealtimeSetting, merged: &Merged) {
    let action = match merged.keys.iter().all(|action| *action == Action::Unchanged) && !merged.lookup_key_set
    {
        true => Action::Unchanged,
        false => Action::Updated,
    };
    if let Some(item) = step.item(&stitching.at) {
        item.insert("action".into(), json!(action));
        item.insert("ext_lookup_key".into(), json!(setting.attributes.ext_lookup_key));
    }
    let mut primary = None;
    for (key, action) in stitching.stitching_keys.iter().zip(&merged.keys) {
        match key.at.ends_with("/primary_key") {
            true => primary = Some(json!({"name": key.name, "action": action})),
            false => step.note_action(&key.at, *action),
        }
    }
    // `primary_key` stays the text that the next step reads: the key is noted where it was added.
    if let (Some(primary), Some(item)) = (primary, step.item(&stitching.at))
        && let Ok(keys) = array(item, "stitching_keys")
    {
        keys.insert(0, primary);
    }
    step.note_setting(setting);
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
    if let Some(key) = &args.primary_key {
        stitching.insert("primary_key".into(), key.as_str().into());
    }
    if let Some(key) = &args.ext_lookup_key {
        stitching.insert("ext_lookup_key".into(), key.as_str().into());
    }
    let of = |pairs: &[(String, String)], name: &str| -> Vec<String> {
        pairs.iter().filter(|(key, _)| key == name).map(|(_, text)| text.clone()).collect()
    };
    let keys = array(stitching, "stitching_keys")?;
    for name in names {
        let mut key = Map::new();
        key.insert("name".into(), name.as_str().into());
        for (field, pairs) in [("valid_regex", &args.valid_regex), ("exclude_regex", &args.exclude_regex)] {
            if let Some(pattern) = of(pairs, name).last() {
                key.insert(field.into(), pattern.as_str().into());
            }
        }
        let texts = of(&args.invalid, name);
        if !texts.is_empty() {
            key.insert("invalid".into(), json!(texts));
        }
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

async fn list(ctx: &Context, ps: &PsArgs) -> anyhow::Result<Outcome> {
    let ParentSegment { id, .. } = parent_segment_only(ctx, ps.ps.as_ref()).await?;
    let setting = enabled_setting(ctx.client()?, &id).await?;
    let lookup = setting.attributes.ext_lookup_key.as_deref();
    let keys: Vec<Value> = setting
        .attributes
        .key_columns
        .iter()
        .map(|key| {
            let mut item = json!(key);
            if let Some(map) = item.as_object_mut() {
                map.insert("extLookupKey".into(), json!(Some(key.name.as_str()) == lookup));
            }
            item
        })
        .collect();
    let summary = format!("{} stitching keys; external lookup key: {}", keys.len(), lookup.unwrap_or("none"));
    Ok(Outcome::read(Value::Array(keys)).summary(summary))
}

async fn delete(ctx: &Context, name: &str, to: &DeleteArgs) -> anyhow::Result<Outcome> {
    let ParentSegment { id: ps, .. } = parent_segment_only(ctx, to.ps.ps.as_ref()).await?;
    let client = ctx.client()?;
    ctx.tell_target()?;
    let setting = enabled_setting(client, &ps).await?;
    pick(&setting.attributes.key_columns, name, "stitching key", |key| &key.name, |_| None)?;
    let mut attributes = setting.attributes.clone();
    attributes.key_columns.retain(|key| key.name != name);
    client.write_setting(&ps, &attributes).await.map_err(Error::from)?;
    Ok(deleted(ctx, &to.wait, &ps, ("stitching_key", name, None)).await?)
}
