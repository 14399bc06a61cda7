//! What a plan made and does not name any more: the flags about it, and what goes of it.

use super::consent::{Question, YesArgs};
use super::plan::target;
use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::STDIN;
use crate::plan::difference::join;
use crate::plan::rename::renamed;
use crate::plan::{Configuration, Finding, Plan, item_command, shell_word};
use crate::steps::desired::prune::{Pruning, Spelling};
use crate::steps::desired::{Desired, renamed_elsewhere, still_used};
use crate::steps::journal::Target;
use crate::steps::live::Live;
use crate::steps::ownership::{Items, Ownership, items, named, renamed_items};
use clap::Args;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Leads to what will be under a pruning, also where something that goes is used.
pub type Look<'l> = &'l dyn Fn(&Pruning) -> Result<Desired, Error>;

/// Whether a plan's own things go, and where it is noted which those are.
#[derive(Debug, Clone, Default, Args)]
pub struct OwnArgs {
    /// Delete what this plan made earlier and no longer names
    #[arg(long)]
    prune: bool,
    /// Name of the plan, by which what it made is remembered [default: the file's whole path]
    #[arg(long, value_name = "NAME")]
    pub plan_name: Option<String>,
    /// Where it is remembered what plans made [default: ~/.local/state/tdx-rt/ownership.json]
    #[arg(long, value_name = "FILE")]
    ownership: Option<PathBuf>,
}

/// What goes, as flags.
#[derive(Debug, Clone, Default, Args)]
pub struct PruneArgs {
    /// What is the plan's own.
    #[command(flatten)]
    pub own: OwnArgs,
    /// Delete this as well, whoever made it: a path as `diff` and errors name it
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
        target: &Target,
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
            return Err(Error::new(
                Code::Usage,
                "--prune has no place where it is remembered what plans made",
            )
            .hint("name a file with --ownership FILE; without a home folder there is no other"));
        }
        if self.prune && !ownership.is_known()? && !ownership.knows_lines()? {
            ctx.ui.status(format!("nothing is remembered that the plan '{name}' made here"));
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

    /// The lines that the plan said inside of its items and says no more: those that can go, and those that
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
        Ok([&paths - &fixed, fixed])
    }

    /// What goes: `extra`, and with `--prune` what the plan made and no longer names, and what it said.
    pub fn pruning(
        &self,
        ownership: Option<&Ownership>,
        plan: &Plan,
        live: &Configuration,
        extra: &[String],
        look: Look<'_>,
    ) -> Result<Pruning, Error> {
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
        Ok(pruning)
    }

    /// The same within the plan's personalizations: sections, outputs and lines.
    pub fn pruning_of_sections(
        &self,
        ownership: Option<&Ownership>,
        plan: &Plan,
        live: &Configuration,
        look: Look<'_>,
    ) -> Result<Pruning, Error> {
        let inside = |path: &String| {
            let of = |kind: &str, name: &str| path.starts_with(&format!("{}.", join(kind, name)));
            plan.personalizations.iter().any(|plan| {
                ["personalizations", "personalization_services"].iter().any(|kind| of(kind, &plan.name))
            })
        };
        let mut pruning = self.pruning(ownership, plan, live, &[], look)?;
        pruning.paths.retain(inside);
        Ok(pruning)
    }

    /// What the plan made or said, no longer names, and will still be there, with the command that deletes
    /// it.
    pub fn no_longer_named(
        &self,
        ctx: &Context,
        ownership: Option<&Ownership>,
        (origin, plan, ps): (&str, &Plan, (Option<&str>, &str)),
        live: &Configuration,
        desired: &Desired,
    ) -> Result<Vec<Value>, Error> {
        let (named_ps, ps) = ps;
        let (stays, spelling) = (items(&desired.state), Spelling::of(&desired.state));
        let items = self.items(ownership, plan, live, &[])?.paths;
        let items: BTreeSet<String> = items.into_iter().filter(|path| stays.contains_key(path)).collect();
        let [lines, fixed] = self.lines(ownership, plan, live, desired)?;
        let used = used(live, desired, &items, &lines);
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
            left.push(json!({"path": spelling.shown(path), "delete_with": delete_with, "used_by": users}));
        }
        let others = ownership.map_or(Ok(BTreeSet::new()), Ownership::named_by_others)?;
        for path in &fixed {
            let delete_with = delete_item(ctx, plan, path, ps, &others)?;
            left.push(json!({"path": path, "delete_with": delete_with, "used_by": []}));
        }
        Ok(left)
    }

    /// A command that is about the plan here.
    fn command(&self, ctx: &Context, word: &str, origin: &str, ps: Option<&str>) -> Result<String, Error> {
        let flag = |flag: &str, value: &str| format!(" {flag} {}", shell_word(value));
        let plan = if origin == STDIN { "-" } else { origin };
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

/// The items and lines that can't go because something that stays needs them, with what that is: when all go,
/// or, where that is refused, when the others go.
fn used(
    live: &Configuration,
    desired: &Desired,
    items: &BTreeSet<String>,
    lines: &BTreeSet<String>,
) -> BTreeMap<String, Vec<String>> {
    let conflicts = |paths: BTreeSet<String>| {
        let mut after = desired.state.clone();
        Pruning { paths }.apply(&mut after, &desired.own.state);
        still_used(live, &after)
    };
    let (mut used, all, spelling) = (BTreeMap::new(), items | lines, Spelling::of(&desired.state));
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
            let without = lines.contains(path).then(|| conflicts(&free - &BTreeSet::from([path.clone()])));
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

/// The command that deletes the item of a line that the platform fixes;
/// the line of a section has none: a command would take the whole service. Nor has one of an item that `others`
/// name as well.
fn delete_item(
    ctx: &Context,
    plan: &Plan,
    path: &str,
    ps: &str,
    others: &BTreeSet<String>,
) -> Result<Option<String>, Error> {
    let attributes = plan.attributes.iter().map(|it| ("attributes", "rt-attrs delete", it.name.as_str()));
    let journeys = plan.journeys.iter().map(|it| ("journeys", "journey-create delete", it.name.as_str()));
    let services = plan.personalizations.iter();
    let services =
        services.map(|it| ("personalization_services", "pz-create delete --service", it.name.as_str()));
    let mut all = attributes.chain(journeys).chain(services);
    let found = all.find(|(kind, _, name)| path.starts_with(&format!("{}.", join(kind, name))));
    // What another plan says of the item would go with it.
    let shared = |kind: &str, name: &str| {
        let kinds = [kind, "services", "personalizations"];
        let kinds = if kind == "personalization_services" { &kinds[1..] } else { &kinds[..1] };
        kinds.iter().any(|kind| others.contains(&join(kind, name)))
    };
    let Some((_, command, name)) = found.filter(|(kind, _, name)| !shared(kind, name)) else {
        return Ok(None);
    };
    let given = ctx.settings()?.given();
    let flags: String = given.iter().map(|(flag, value)| format!(" {flag} {}", shell_word(value))).collect();
    let in_section = path.starts_with("personalization_services.") && path.contains(".sections.");
    Ok((!in_section).then(|| item_command(&format!("{command}{flags}"), name, ps)))
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

/// What goes, as the document of a run says it: each with its path and id.
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
    let refusal = Error::new(Code::Usage, format!("this deletes {list}, and nobody can be asked here"))
        .hint(format!("nothing was changed; look at it with {look}, then pass --yes"));
    let text = format!("{before}Delete {list}?");
    yes.confirm(ctx, Question { text, lost, refusal: Some(refusal) }).await
}
