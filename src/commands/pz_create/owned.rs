//! What a plan made of its personalizations, so that `--prune` deletes nothing that somebody else made.

use super::{Job, PzCreateArgs};
use crate::commands::reconcile::{Pruning, target};
use crate::context::Context;
use crate::error::Error;
use crate::input::Step;
use crate::plan::Configuration;
use crate::plan::difference::join;
use crate::steps::Action;
use crate::steps::ownership::{Items, Ownership, items, named};
use crate::steps::personalization::AppliedPersonalization;
use crate::steps::service::AppliedService;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What is the plan's own.
pub(super) struct Owned {
    ownership: Option<Ownership>,
    /// What goes.
    pub pruning: Pruning,
    named: BTreeSet<String>,
    before: Items,
}

impl Owned {
    /// Reads what the plan made. A personalization of flags is no part of the plan in the file, so it
    /// takes `--plan-name` to name it.
    pub fn of(args: &PzCreateArgs, ctx: &Context, step: &Step, live: &Configuration) -> Result<Self, Error> {
        let target = target(ctx, &step.ps.id)?;
        let name = match args.name {
            Some(_) => args.own.plan_name.clone(),
            None => args.own.plan_name(&step.document.origin),
        };
        let ownership = args.own.ownership(ctx, &target, name.as_deref())?;
        let pruning = args.own.pruning_of_sections(ownership.as_ref(), &step.plan, live)?;
        // A dry run makes nothing that could be noted.
        let ownership = ownership.filter(|_| !ctx.requests.dry_run);
        Ok(Owned { ownership, pruning, named: named(&step.plan, live), before: items(live) })
    }

    /// Notes what the plan names, before anything is written: so a file that can't be written is found
    /// now.
    pub fn begin(&self) -> Result<(), Error> {
        self.ownership.as_ref().map_or(Ok(()), |own| own.begin(&Items::new(), &self.named, None))
    }

    /// Notes what the plan has made, and forgets what is gone.
    pub fn note(
        &self,
        ctx: &Context,
        jobs: &[Job<'_>],
        services: &[Option<AppliedService>],
        entities: &[Option<AppliedPersonalization>],
    ) -> Result<(), Error> {
        let Some(ownership) = &self.ownership else { return Ok(()) };
        let mut made = Items::new();
        for ((job, service), entity) in jobs.iter().zip(services).zip(entities) {
            if let Some(service) = service.as_ref().filter(|service| service.action == Action::Created) {
                made.insert(join("services", &job.plan.name), Some(service.id.clone()));
            }
            if let Some(entity) = entity {
                let there =
                    Configuration { personalizations: vec![job.outlook()?], ..Configuration::default() };
                let path = join("personalizations", &entity.name);
                let id = |item: String| (item == path).then(|| entity.id.clone());
                made.extend(items(&there).into_keys().map(|item| (item.clone(), id(item))));
            }
        }
        made.retain(|path, _| !self.before.contains_key(path));
        let gone = self.pruning.paths.iter().map(|path| (path.clone(), None)).collect();
        if let Err(error) = ownership.add(&made).and_then(|()| ownership.remove(&gone)) {
            // What was asked for is done; a token in the document is shown only once.
            ctx.ui.warn(&format!("what the plan has made could not be noted: {error}"));
        }
        Ok(())
    }

    /// What went, for the document.
    pub fn deleted(&self) -> Value {
        self.pruning.paths.iter().map(|path| json!({"path": path, "id": null})).collect()
    }
}
