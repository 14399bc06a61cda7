//! What a plan made and does not name any more: the flags about it, and what goes of it.

use super::consent::{Question, YesArgs};
use super::target;
use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::STDIN;
use crate::plan::difference::join;
use crate::plan::rename::renamed;
use crate::plan::{Configuration, Finding, Plan, item_command, shell_word};
use crate::steps::desired::prune::{Pruning, Spelling};
use crate::steps::desired::{Desired, still_used};
use crate::steps::items::{Items, items, named, renamed_items};
use crate::steps::live::Live;
use crate::steps::ownership::{Ownership, renamed_elsewhere};
use crate::steps::target::ChangeTarget;
use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Leads to what will be under a pruning, also where something that goes is used.
pub type Look<'l> = &'l dyn Fn(&Pruning) -> Result<Desired, Error>;

/// Paths that go, whatever made them, and of which paths any go at all.
pub type Going<'l> = (&'l [String], &'l dyn Fn(&str) -> bool);

/// Whether a plan's own things go, and where it is noted which those are.
#[derive(Debug, Clone, Default, Args)]
pub struct OwnArgs {
    /// Delete what this plan made earlier and no longer names
    #[arg(long)]
    prune: bool,
    /// Name of the plan, by which what it made is remembered [default: the file's whole path]
    #[arg(long, value_name = "NAME")]
    pub plan_name: Option<String>,
    /// File that remembers what plans made [default: ~/.local/state/tdx-rt/ownership.json]
    #[arg(long, value_name = "FILE")]
    ownership: Option<PathBuf>,
}

/// What goes, as flags.
#[derive(Debug, Clone, Default, Args)]
pub struct PruneArgs {
    /// What is the plan's own.
    #[command(flatten)]
    pub own: OwnArgs,
    /// Delete this as well, even if others made it: a path as `diff` and errors name it
    #[arg(long, value_name = "PATH")]
    pub(super) prune_item: Vec<String>,
}

impl OwnArgs {
    /// Whether the plan's own things go.
    pub fn prunes(&self) -> bool {
        self.prune
    }

    /// The name of a plan: as the flag says, else its file. What comes through a pipe has none.
    pub fn plan_name(&self, origin: &str) -> Option<String> {
        let of_file = || Some(std::fs::canonicalize(origin).ok()?.display().to_string());
        self.plan_name.clone().or_else(|| (origin != STDIN).then(of_file).flatten())
    }

    /// What the plan of this name made; `None` for a plan without a name.
    pub fn ownership(
        &self,
        ctx: &Context,
        target: &ChangeTarget,
        name: Option<&str>,
    ) -> Result<Option<Ownership>, Error> {
        let Some(name) = name.filter(|name| !name.trim().is_empty()) else {
            return match self.prune {
                true => Err(Error::new(Code::Usage, "--prune needs to know which plan this is").hint(
                    "a plan that comes through a pipe or is made of flags has no name: pass --plan-name NAME, the same each time",
                )),
                false => Ok(None),
            };
        };
        let state_dir = ctx.settings()?.state_dir.as_deref();
        let ownership = Ownership::new(self.ownership.as_deref(), state_dir, target, name.to_owned());
        if self.prune && ownership.owner().is_none() {
            return Err(Error::new(Code::Usage, "--prune has no file that remembers what plans made")
                .hint("name a file with --ownership FILE; without a home folder there is no other"));
        }
        if self.prune && !ownership.is_known()? && !ownership.knows_lines()? {
            ctx.ui.status(format!("nothing that the plan '{name}' made is remembered here"));
        }
        Ok(Some(ownership))
    }

    /// A warning for each item that gets a new name and that another plan names.
    pub fn renamed_elsewhere(
        &self,
        ctx: &Context,
        origin: &str,
        plan: &Plan,
        live: &Live,
    ) -> Result<Vec<Finding>, Error> {
        let (target, name) = (target(ctx, &live.ps)?, self.plan_name(origin).unwrap_or_default());
        let state_dir = ctx.settings()?.state_dir.as_deref();
        let ownership = Ownership::new(self.ownership.as_deref(), state_dir, &target, name);
        renamed_elsewhere(plan, &live.state, &ownership)
    }

    /// What the plan made and no other plan names.
    fn owned(&self, ownership: Option<&Ownership>) -> Result<Items, Error> {
        let Some(ownership) = ownership else { return Ok(Items::new()) };
        let (mut owned, others) = (ownership.items()?, ownership.named_by_others()?);
        owned.retain(|path, _| !others.contains(path));
        Ok(owned)
    }

    /// The items that the plan made and no longer names.
    fn items(
        &self,
        ownership: Option<&Ownership>,
        plan: &Plan,
        live: &Configuration,
        extra: &[String],
    ) -> Result<Pruning, Error> {
        let renamed = renamed(plan, live).0;
        let owned = renamed_items(self.owned(ownership)?, live, &renamed);
        Pruning::of(&renamed, &named(plan, &renamed), &owned, extra)
    }

    /// The lines that the plan had inside of its items and has no more: those that can go, and those that
    /// the platform fixes.
    fn lines(
        &self,
        ownership: Option<&Ownership>,
        plan: &Plan,
        live: &Configuration,
        desired: &Desired,
    ) -> Result<[BTreeSet<String>; 2], Error> {
        let Some(ownership) = ownership else { return Ok(Default::default()) };
        let names = [live, &renamed(plan, live).0];
        let paths = ownership.lines(names, desired)?;
        if paths.is_empty() {
            return Ok(Default::default());
        }
        let mut without = desired.clone();
        Pruning { paths: paths.clone() }.apply(&mut without.state, &desired.own.state);
        let fixed = ownership.lines(names, &without)?;
        Ok([paths.difference(&fixed).cloned().collect(), fixed])
    }

    /// What goes: `extra`, and with `--prune` what the plan made and no longer names, and what it had. Of that
    /// only what `is_asked` for, and nothing that has something of others in it.
    pub fn pruning(
        &self,
        ctx: &Context,
        ownership: Option<&Ownership>,
        (plan, live): (&Plan, &Live),
        (extra, is_asked): Going<'_>,
        look: Look<'_>,
    ) -> Result<Pruning, Error> {
        let (ps, live) = (live.ps.as_str(), &live.state);
        let found = match extra {
            [] => BTreeSet::new(),
            _ => self
                .lines(ownership, plan, live, &look(&Pruning::default())?)?
                .into_iter()
                .next()
                .unwrap_or_default(),
        };
        let (lines, extra): (Vec<String>, Vec<String>) =
            extra.iter().cloned().partition(|path| found.contains(path));
        let ownership = ownership.filter(|_| self.prune);
        let mut pruning = self.items(ownership, plan, live, &extra)?;
        pruning.paths.extend(lines);
        if ownership.is_some() {
            let [lines, _] = self.lines(ownership, plan, live, &look(&pruning)?)?;
            pruning.paths.extend(lines);
        }
        pruning.paths.retain(|path| is_asked(path));
        // What was named goes with all that is in it.
        let named = self.items(None, plan, live, &extra)?.paths;
        let is_named = |path: &String| named.iter().any(|named| is_in(path, named));
        let own = pruning.paths.iter().filter(|path| !is_named(path)).cloned().collect();
        let theirs = self.theirs(ownership, plan, live, &own)?;
        if theirs.is_empty() {
            return Ok(pruning);
        }
        let spelling = Spelling::of(&renamed(plan, live).0);
        let delete = |path: &String| {
            let shown = spelling.shown(path);
            let command = delete_item(ctx, &shown, ps, &BTreeSet::new())?;
            Ok(command.unwrap_or_else(|| format!("--prune-item {}", shell_word(&shown))))
        };
        let commands = theirs.keys().map(delete).collect::<Result<BTreeSet<String>, Error>>()?;
        let theirs: BTreeSet<String> = theirs.into_values().flatten().collect();
        let list = |items: BTreeSet<String>, between: &str| Vec::from_iter(items).join(between);
        let message = format!(
            "what others have put or changed in items of this plan would go with them: {}",
            list(theirs, ", ")
        );
        Err(Error::new(Code::Conflict, message).hint(format!(
            "nothing was changed; leave these items in the plan, or delete them with all that is in them:\n{}",
            list(commands, "\n")
        )))
    }

    /// The items that go (`going`) and have something inside that others made or changed since, with the paths
    /// of that, as `diff` has them.
    fn theirs(
        &self,
        ownership: Option<&Ownership>,
        plan: &Plan,
        live: &Configuration,
        going: &BTreeSet<String>,
    ) -> Result<BTreeMap<String, BTreeSet<String>>, Error> {
        let Some(ownership) = ownership.filter(|_| !going.is_empty()) else { return Ok(BTreeMap::new()) };
        let now = renamed(plan, live).0;
        let spelling = Spelling::of(&now);
        let shown = |path: &String| match path.strip_prefix("services.") {
            Some(name) => format!("personalization_services.{name}"),
            None => spelling.shown(path),
        };
        let own = renamed_items(ownership.items()?, live, &now).keys().map(shown).collect();
        let parts = items(&now).into_keys().filter(|path| !going.contains(path));
        let mut all: Vec<String> = parts.map(|path| shown(&path)).collect();
        all.extend(ownership.unsaid([live, &now], &own)?);
        let inside = |path: &String| {
            let at = shown(path);
            let found: BTreeSet<String> = all.iter().filter(|part| is_in(part, &at)).cloned().collect();
            // The whole is enough.
            let is_part = |part: &String| found.iter().any(|of| of != part && is_in(part, of));
            let theirs: BTreeSet<String> = found.iter().filter(|part| !is_part(part)).cloned().collect();
            (!theirs.is_empty()).then(|| (path.clone(), theirs))
        };
        Ok(going.iter().filter_map(inside).collect())
    }

    /// What the plan made or had, no longer names, and will still be live, with the command that deletes
    /// it.
    pub fn no_longer_named(
        &self,
        ctx: &Context,
        ownership: Option<&Ownership>,
        (origin, plan, ps): (&str, &Plan, (Option<&str>, &str)),
        live: &Configuration,
        desired: &Desired,
    ) -> Result<Vec<NoLongerNamed>, Error> {
        let (named_ps, ps) = ps;
        let (stays, spelling) = (items(&desired.state), Spelling::of(&desired.state));
        let items = self.items(ownership, plan, live, &[])?.paths;
        let items: BTreeSet<String> = items.into_iter().filter(|path| stays.contains_key(path)).collect();
        let [lines, fixed] = self.lines(ownership, plan, live, desired)?;
        let theirs = self.theirs(ownership, plan, live, &items)?.into_iter();
        let theirs = theirs.map(|(path, theirs)| {
            (path, theirs.iter().map(|it| format!("{it}, which is not this plan's")).collect())
        });
        let used = used(live, desired, theirs.collect(), &items, &lines);
        let apply = self.command(ctx, "apply", origin, named_ps)?;
        // As long as something is used, `--prune` is refused.
        let prune = match used.is_empty() {
            true => apply + " --prune",
            false => {
                let free = items.iter().chain(&lines).filter(|path| !used.contains_key(*path));
                let flags = free.map(|path| format!(" --prune-item {}", shell_word(&spelling.exact(path))));
                apply + &flags.collect::<String>()
            }
        };
        let mut left = Vec::new();
        for path in items.iter().chain(&lines) {
            let users = used.get(path);
            let delete_with = users.is_none().then_some(&prune);
            let users = users.map_or(&[][..], Vec::as_slice);
            left.push(NoLongerNamed {
                path: spelling.shown(path),
                delete_with: delete_with.cloned(),
                used_by: users.to_vec(),
            });
        }
        let others = ownership.map_or(Ok(BTreeSet::new()), Ownership::named_by_others)?;
        for path in &fixed {
            let delete_with = delete_item(ctx, path, ps, &others)?;
            left.push(NoLongerNamed { path: path.clone(), delete_with, used_by: Vec::new() });
        }
        Ok(left)
    }

    /// A command that is about the plan here.
    fn command(&self, ctx: &Context, word: &str, origin: &str, ps: Option<&str>) -> Result<String, Error> {
        let flag = |flag: &str, value: &str| format!(" {flag} {}", shell_word(value));
        // A pipe has no file that could be named.
        let plan = if origin == STDIN { "PLAN" } else { origin };
        let mut command = format!("tdx-rt {word} {}", shell_word(plan));
        command.push_str(&ps.map(|ps| flag("--ps", ps)).unwrap_or_default());
        for (name, value) in ctx.settings()?.given() {
            command.push_str(&flag(name, &value));
        }
        command
            .push_str(&self.plan_name.as_deref().map(|name| flag("--plan-name", name)).unwrap_or_default());
        let file = self.ownership.as_ref().map(|file| file.display().to_string());
        command.push_str(&file.map(|file| flag("--ownership", &file)).unwrap_or_default());
        Ok(command)
    }
}

/// The items and lines that can't go, those of `used` and what something that stays needs, with what that is:
/// when all go, or, where that is refused, when the others go.
fn used(
    live: &Configuration,
    desired: &Desired,
    mut used: BTreeMap<String, Vec<String>>,
    items: &BTreeSet<String>,
    lines: &BTreeSet<String>,
) -> BTreeMap<String, Vec<String>> {
    let conflicts = |paths: BTreeSet<String>| {
        let mut after = desired.state.clone();
        Pruning { paths }.apply(&mut after, &desired.own.state);
        still_used(live, &after)
    };
    let (all, spelling) = (items | lines, Spelling::of(&desired.state));
    loop {
        let free: BTreeSet<String> = all.iter().filter(|path| !used.contains_key(*path)).cloned().collect();
        let found = if free.is_empty() { Vec::new() } else { conflicts(free.clone()) };
        if found.is_empty() {
            return used;
        }
        let before = used.len();
        for path in &free {
            // The last section or output is in conflict as what would be empty, and a line as what it says.
            let shown = spelling.shown(path);
            let is_it = |at: &str| *path == at || shown == at || shown.starts_with(&format!("{at}."));
            let without = lines
                .contains(path)
                .then(|| conflicts(free.iter().filter(|one| *one != path).cloned().collect()));
            let users = found.iter().filter(|conflict| match &without {
                Some(without) => !without.contains(conflict),
                None => is_it(&conflict.path),
            });
            let users: Vec<String> =
                users.flat_map(|conflict| &conflict.users).map(ToString::to_string).collect();
            if !users.is_empty() {
                used.insert(path.clone(), users);
            }
        }
        if used.len() == before {
            return used;
        }
    }
}

/// Whether a path is another one, or of something in it.
fn is_in(path: &str, of: &str) -> bool {
    path.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The command that deletes the item of a path that `diff` shows, or of something in it; what is in a
/// personalization's sections has none: a command would take the whole service. Nor has an item that `others`
/// name as well.
fn delete_item(
    ctx: &Context,
    path: &str,
    ps: &str,
    others: &BTreeSet<String>,
) -> Result<Option<String>, Error> {
    const COMMANDS: [(&str, &str, &[&str]); 6] = [
        ("events", "rt-events delete", &["events"]),
        ("id_stitching.stitching_keys", "rt-keys delete", &["id_stitching"]),
        ("attributes", "rt-attrs delete", &["attributes"]),
        ("journeys", "journey-create delete", &["journeys"]),
        ("personalization_services", "pz-create delete --service", &["services", "personalizations"]),
        ("services", "pz-create delete --service", &["services", "personalizations"]),
    ];
    let found = COMMANDS.iter().find_map(|(kind, command, noted)| {
        let rest = path.strip_prefix(kind)?.strip_prefix('.')?;
        let quoted = serde_json::Deserializer::from_str(rest).into_iter::<String>().next();
        let plain = rest.split('.').next().unwrap_or(rest).to_owned();
        Some((command, noted, quoted.and_then(Result::ok).unwrap_or(plain)))
    });
    let in_section = path.starts_with("personalization_services.") && path.contains(".sections.");
    // What another plan says of the item would go with it.
    let is_shared = |noted: &[&str], name: &str| noted.iter().any(|kind| others.contains(&join(kind, name)));
    let Some((command, _, name)) = found.filter(|(_, noted, name)| !in_section && !is_shared(noted, name))
    else {
        return Ok(None);
    };
    let given = ctx.settings()?.given();
    let flags: String = given.iter().map(|(flag, value)| format!(" {flag} {}", shell_word(value))).collect();
    Ok(Some(item_command(&format!("{command}{flags}"), &name, ps)))
}

impl PruneArgs {
    /// Whether a flag says what goes.
    pub fn is_given(&self) -> bool {
        self.prunes() || self.own.plan_name.is_some()
    }

    /// The command that shows what would go.
    pub fn diff(&self, ctx: &Context, origin: &str, ps: Option<&str>) -> Result<String, Error> {
        let mut command = self.own.command(ctx, "diff", origin, ps)?;
        command.push_str(if self.own.prune { " --prune" } else { "" });
        command.extend(self.prune_item.iter().map(|path| format!(" --prune-item {}", shell_word(path))));
        Ok(command)
    }

    /// Whether anything may go.
    pub fn prunes(&self) -> bool {
        self.own.prune || !self.prune_item.is_empty()
    }
}

/// What a plan made and no longer names.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NoLongerNamed {
    /// Where it is, by names
    pub path: String,
    /// The command that deletes it; null while something uses it or others have something in it
    pub delete_with: Option<String>,
    /// What stays and needs it, such as an output of a section, and what others have put or changed in it
    pub used_by: Vec<String>,
}

/// What goes, as the document of a run has it: each with its path and id.
pub fn deleted(pruning: &Pruning, plan: &Plan, live: &Configuration) -> Vec<Value> {
    let renamed = renamed(plan, live).0;
    let (there, spelling) = (items(&renamed), Spelling::of(&renamed));
    let item = |path: &String| json!({"path": spelling.shown(path), "id": there.get(path)});
    pruning.paths.iter().map(item).collect()
}

/// The paths of what [`deleted`] says, for people.
pub fn deleted_paths(deleted: &[Value]) -> String {
    let paths = deleted.iter().filter_map(|item| item.get("path")?.as_str());
    paths.collect::<Vec<_>>().join(", ")
}

/// Asks before a pruning takes anything away; `before` stands in front of the question, and `look` is what
/// shows more.
pub async fn confirm_pruning(
    yes: &YesArgs,
    ctx: &Context,
    deleted: &[Value],
    lost: Vec<String>,
    (before, look): (&str, &str),
) -> Result<(), Error> {
    if deleted.is_empty() {
        return Ok(());
    }
    let list = deleted_paths(deleted);
    let refusal = Error::new(Code::Usage, format!("this deletes {list}, and there is no terminal to ask on"))
        .hint(format!("nothing was changed; look at it with {look}, then pass --yes"));
    let text = format!("{before}Delete {list}?");
    yes.confirm(ctx, Question { text, lost, refusal: Some(refusal) }).await
}
