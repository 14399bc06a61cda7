//! Real-time attributes: look, compare, then create, patch, import or leave alone.

mod compare;

use super::{Action, Applied, Settled, all, settle};
use crate::api::Client;
use crate::error::{Code, Error};
use crate::plan::nearest::{meant, named, nearest};
pub use crate::plan::{import_column, import_of};
use crate::platform::limits;
use crate::platform::wire::{
    AttributeSpec, AudienceAttribute, BatchAttribute, ImportedSpec, KeyEvent, RealtimeAttribute,
};
pub use compare::Said;
use compare::compare;
use serde_json::{Map, Value, json};

/// How often an import is made at the most.
const IMPORTS: usize = 4;

/// An attribute that is wanted.
#[derive(Debug, Clone)]
pub enum WantedAttribute {
    /// A batch attribute to import, by its name in the parent segment.
    Imported {
        /// Name in the plan.
        name: String,
        /// Name of the batch attribute.
        column: String,
    },
    /// Any other kind.
    Own {
        /// Its wire form, without an id.
        attribute: Box<RealtimeAttribute>,
        /// What was said about it.
        said: Said,
    },
}

/// What is live, as far as attributes need it.
#[derive(Debug, Clone, Copy)]
pub struct Live<'a> {
    /// Real-time attributes.
    pub attributes: &'a [RealtimeAttribute],
    /// Which batch attributes the setting says are imported.
    pub imported: &'a [BatchAttribute],
    /// Batch attributes that could be imported; read only when a plan imports any.
    pub batch: &'a [AudienceAttribute],
    /// Key events, for messages.
    pub events: &'a [KeyEvent],
    /// Number of stitching keys, which count towards the same limit.
    pub stitching_keys: usize,
}

/// Every batch attribute that is imported, as the setting and the attributes say it.
pub fn imported_columns(attributes: &[RealtimeAttribute], imported: &[BatchAttribute]) -> Vec<String> {
    let mut columns: Vec<String> = imported.iter().map(|batch| batch.column.clone()).collect();
    for column in attributes.iter().filter_map(|attribute| import_column(attribute, imported)) {
        if !columns.iter().any(|there| there == column) {
            columns.push(column.to_owned());
        }
    }
    columns
}

/// What will be done; made before anything is sent, so that a contradiction stops the step whole.
#[derive(Debug, Default)]
pub struct Prepared {
    /// One for each wanted attribute, in order.
    work: Vec<Work>,
    /// Every column that is imported afterwards; `None` when nothing has to be imported.
    import: Option<Vec<String>>,
}

#[derive(Debug)]
enum Work {
    Create { attribute: Box<RealtimeAttribute>, said: Said },
    Patch { name: String, id: String, fields: Map<String, Value> },
    Leave(Applied),
    Import { name: String, column: String },
}

impl Prepared {
    /// Whether anything will be written.
    pub fn changes(&self) -> bool {
        self.work.iter().any(|work| !matches!(work, Work::Leave(_)))
    }

    /// The made-up ids of [`Prepared::outlook`], one for each wanted attribute; `None` for what is
    /// there already.
    pub fn made_up(&self) -> Vec<Option<String>> {
        let of = |work: &Work| match work {
            Work::Create { attribute, .. } => Some(format!("new:{}", attribute.name)),
            Work::Import { column, .. } => Some(format!("new:{column}")),
            Work::Patch { .. } | Work::Leave(_) => None,
        };
        self.work.iter().map(of).collect()
    }

    /// Adds the imports to what the setting says is imported.
    pub fn add_imports(&self, imported: &mut Vec<BatchAttribute>) {
        for column in self.import.iter().flatten() {
            if !imported.iter().any(|there| there.column == *column) {
                imported.push(batch(column));
            }
        }
    }

    /// The attributes as they will be, for checks before anything is sent: those that are not there
    /// yet have the id `new:NAME`.
    pub fn outlook(&self, live: &[RealtimeAttribute]) -> Vec<RealtimeAttribute> {
        let mut attributes = live.to_vec();
        for work in &self.work {
            match work {
                Work::Leave(_) => {}
                Work::Create { attribute, .. } => {
                    let id = Some(format!("new:{}", attribute.name));
                    attributes.push(RealtimeAttribute { id, ..attribute.as_ref().clone() });
                }
                Work::Import { column, .. } => attributes.push(RealtimeAttribute {
                    id: Some(format!("new:{column}")),
                    // The platform calls an import by its column, whatever the plan calls it.
                    name: column.clone(),
                    identifier: column.clone(),
                    description: None,
                    spec: AttributeSpec::Imported(ImportedSpec {
                        column: Some(column.clone()),
                        ..ImportedSpec::default()
                    }),
                }),
                Work::Patch { id, fields, .. } => {
                    for attribute in attributes.iter_mut().filter(|there| there.id.as_ref() == Some(id)) {
                        patch(attribute, fields);
                    }
                }
            }
        }
        attributes
    }
}

/// What the platform makes of a patch. Fields that do not fit leave the attribute as it is; the
/// platform will say so.
fn patch(attribute: &mut RealtimeAttribute, fields: &Map<String, Value>) {
    let mut value = json!(attribute);
    if let Some(map) = value.as_object_mut() {
        map.extend(fields.clone());
    }
    if let Ok(patched) = serde_json::from_value(value) {
        *attribute = patched;
    }
}

/// Compares what is wanted with what is there. Contradictions that the platform cannot resolve by
/// a patch are errors.
pub fn prepare(wanted: &[WantedAttribute], live: Live<'_>) -> Result<Prepared, Error> {
    let mut prepared = Prepared::default();
    let mut import: Vec<String> = Vec::new();
    for item in wanted {
        prepared.work.push(match item {
            WantedAttribute::Imported { name, column } => {
                match import_of(column, live.attributes, live.imported) {
                    Some(found) => Work::Leave(applied(name, found, Action::Unchanged)?),
                    None => {
                        check_batch(name, column, live.batch)?;
                        check_free(name, column, column, live)?;
                        import.push(column.clone());
                        Work::Import { name: name.clone(), column: column.clone() }
                    }
                }
            }
            WantedAttribute::Own { attribute, said } => {
                match named(live.attributes, &attribute.name, |found| &found.name) {
                    None => {
                        check_free(&attribute.name, &attribute.name, &attribute.identifier, live)?;
                        check_backfill(attribute, live.batch)?;
                        Work::Create { attribute: attribute.clone(), said: *said }
                    }
                    Some(found) => difference(found, attribute, *said, live.events)?,
                }
            }
        });
    }
    if !import.is_empty() {
        let mut columns = imported_columns(live.attributes, live.imported);
        for column in import {
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        prepared.import = Some(columns);
    }
    let created = prepared.work.iter().filter(|work| matches!(work, Work::Create { .. })).count();
    let is_own = |attribute: &&RealtimeAttribute| !matches!(attribute.spec, AttributeSpec::Imported(_));
    let own = live.attributes.iter().filter(is_own).count();
    let count = own + created + live.stitching_keys;
    super::setting::limit("attributes and stitching keys", count, limits::COMBINED_ITEMS, "rt-attrs")?;
    Ok(prepared)
}

fn difference(
    found: &RealtimeAttribute,
    wanted: &RealtimeAttribute,
    said: Said,
    events: &[KeyEvent],
) -> Result<Work, Error> {
    let fields = compare(found, wanted, said, events)?;
    let done = applied(&wanted.name, found, Action::Unchanged)?;
    Ok(match fields.is_empty() {
        true => Work::Leave(done),
        false => Work::Patch { name: done.name, id: done.id, fields },
    })
}

/// Names and identifiers are unique among all attributes of a parent segment, imported ones included:
/// those have the column for both, unless they have a name of their own.
fn check_free(what: &str, name: &str, identifier: &str, live: Live<'_>) -> Result<(), Error> {
    let own = live.attributes.iter().map(|there| (there.name.as_str(), there.identifier.as_str()));
    let imported = live
        .imported
        .iter()
        .map(|batch| (batch.name.as_deref().unwrap_or(batch.column.as_str()), batch.column.as_str()));
    let taken = own.chain(imported).find(|(there, other)| *there == name || *other == identifier);
    let Some((there, other)) = taken else { return Ok(()) };
    let (field, value) = if there == name { ("name", name) } else { ("identifier", identifier) };
    let message =
        format!("attribute '{what}': the attribute '{there}' ('{other}') has the {field} '{value}' already");
    Err(Error::new(Code::Conflict, message)
        .hint(format!("give the new one another {field}, or delete the old one (its values are lost)")))
}

/// A backfill starts from batch attributes of the parent segment.
fn check_backfill(attribute: &RealtimeAttribute, batch: &[AudienceAttribute]) -> Result<(), Error> {
    let backfill = match &attribute.spec {
        AttributeSpec::Single(single) => single.backfill.as_ref(),
        AttributeSpec::Counter(counter) => counter.backfill.as_ref(),
        _ => None,
    };
    let Some(backfill) = backfill else { return Ok(()) };
    check_batch(&attribute.name, &backfill.attribute_identifier, batch)?;
    check_batch(&attribute.name, &backfill.timestamp_identifier, batch)
}

fn check_batch(name: &str, column: &str, batch: &[AudienceAttribute]) -> Result<(), Error> {
    if batch.iter().any(|attribute| attribute.name == column) {
        return Ok(());
    }
    let message = format!("attribute '{name}': the parent segment has no batch attribute '{column}'");
    let error = Error::new(Code::UnknownColumn, message);
    Err(match nearest(column, batch.iter().map(|attribute| attribute.name.as_str())) {
        Some(near) => error.hint(meant(column, near)),
        None => error.hint("`tdx-rt discover attributes` lists the batch attributes"),
    })
}

/// Carries out what was prepared; returns the attributes in the order they were wanted.
pub async fn apply(client: &Client, ps: &str, prepared: Prepared) -> Result<Vec<Applied>, Error> {
    let import = async {
        match &prepared.import {
            None => Ok(Vec::new()),
            Some(columns) => import(client, ps, columns).await,
        }
    };
    let others = all(prepared.work.iter().map(|work| async move {
        Ok(match work {
            Work::Leave(done) => Some(done.clone()),
            Work::Import { .. } => None,
            Work::Create { attribute, said } => Some(create(client, ps, attribute, *said).await?),
            Work::Patch { name, id, fields } => {
                client.patch_attribute(ps, id, fields.clone()).await?;
                Some(Applied { name: name.clone(), id: id.clone(), action: Action::Updated })
            }
        })
    }));
    let (imported, done) = tokio::join!(import, others);
    let (imported, done) = (imported?, done?);
    let columns: Vec<BatchAttribute> = prepared.import.iter().flatten().map(|column| batch(column)).collect();
    let work = prepared.work.iter().zip(done);
    work.map(|(work, done)| match (work, done) {
        (_, Some(done)) => Ok(done),
        (Work::Import { name, column }, None) => match import_of(column, &imported, &columns) {
            Some(found) => applied(name, found, Action::Created),
            // A dry run has imported nothing yet.
            None if client.is_dry_run() => {
                Ok(Applied { name: name.clone(), id: format!("new:{column}"), action: Action::Created })
            }
            None => {
                let message = format!("the platform accepted the import of '{column}' but does not list it");
                Err(Error::new(Code::Server, message))
            }
        },
        (work, None) => Err(Error::new(Code::Bug, format!("nothing was done for {work:?}"))),
    })
    .collect()
}

fn batch(column: &str) -> BatchAttribute {
    BatchAttribute { column: column.to_owned(), name: None }
}

/// Imports the columns. Another run may write the whole setting as it was before, and so undo the
/// import: then it is made again, a few times at the most.
async fn import(client: &Client, ps: &str, columns: &[String]) -> Result<Vec<RealtimeAttribute>, Error> {
    let wanted: Vec<BatchAttribute> = columns.iter().map(|column| batch(column)).collect();
    let mut listed = Vec::new();
    for _ in 0..IMPORTS {
        client.import_attributes(ps, columns).await?;
        if client.is_dry_run() {
            break;
        }
        listed = client.attributes(ps).await?;
        if columns.iter().all(|column| import_of(column, &listed, &wanted).is_some()) {
            break;
        }
    }
    Ok(listed)
}

async fn create(
    client: &Client,
    ps: &str,
    attribute: &RealtimeAttribute,
    said: Said,
) -> Result<Applied, Error> {
    let find =
        || async { Ok(client.attributes(ps).await?.into_iter().find(|found| found.name == attribute.name)) };
    match settle(client.create_attribute(ps, attribute).await, find).await? {
        Settled::Made(made) => applied(&attribute.name, &made, Action::Created),
        // Somebody else was quicker, perhaps with another content.
        Settled::Found(found) => match difference(&found, attribute, said, &[])? {
            Work::Patch { name, id, fields } => {
                client.patch_attribute(ps, &id, fields).await?;
                Ok(Applied { name, id, action: Action::Updated })
            }
            _ => applied(&attribute.name, &found, Action::Unchanged),
        },
    }
}

fn applied(name: &str, attribute: &RealtimeAttribute, action: Action) -> Result<Applied, Error> {
    let id = attribute.id.clone().ok_or_else(|| {
        Error::new(Code::Server, format!("the platform gave no id for the attribute '{}'", attribute.name))
    })?;
    Ok(Applied { name: name.to_owned(), id, action })
}

#[cfg(test)]
mod tests;
