//! Real-time attributes as a plan wants them: new ones, changed ones, imported ones.

mod compare;

use super::known_event;
use crate::error::{Code, Error};
use crate::plan::difference::join;
use crate::plan::nearest::{did_you_mean, named};
use crate::plan::{Attribute, Configuration, Document, Plan, import_of, imported_columns, item_command};
use crate::platform::limits;
use crate::platform::wire::{
    AttributeSpec, AudienceAttribute, BatchAttribute, ImportedSpec, KeyEvent, RealtimeAttribute,
};
use crate::steps::live::TableSchemas;
pub use compare::GivenFields;
use compare::compare;
use serde_json::{Map, Value, json};

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
        /// Which fields the plan gives.
        given: GivenFields,
    },
}

/// What is live under the names that it has now, which a plan may change, and where.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// What is live.
    pub before: &'a Configuration,
    /// The parent segment's id.
    pub ps: &'a str,
}

impl Named<'_> {
    /// The command that deletes an attribute.
    fn delete(&self, attribute: &RealtimeAttribute) -> String {
        let there = self.before.attributes.iter().find(|there| there.id == attribute.id);
        item_command("rt-attrs delete", &there.unwrap_or(attribute).name, self.ps)
    }
}

/// The plan's attributes in wire form, with the fields that it gives of each. Their key events and columns are
/// checked; an unknown one is an error that names the nearest.
pub fn wanted(
    document: &Document,
    plan: &Plan,
    events: &[KeyEvent],
    schemas: &TableSchemas,
) -> Result<Vec<WantedAttribute>, Error> {
    let one = |attribute: &Attribute| {
        if let Some(column) = attribute.imported_column() {
            return Ok(WantedAttribute::Imported { name: attribute.name.clone(), column: column.to_owned() });
        }
        let by = format!("attribute '{}'", attribute.name);
        let is_number = check_columns(attribute, events, schemas, &by)?;
        let id = |name: &str| known_event(events, name, &by).ok()?.id.clone();
        let wire = attribute.to_wire(&id, is_number);
        Ok(WantedAttribute::Own {
            attribute: Box::new(wire.map_err(|why| Error::new(Code::NotFound, format!("{by}: {why}")))?),
            given: GivenFields::of(|keys| document.gives(&attribute.at, keys)),
        })
    };
    plan.attributes.iter().map(one).collect()
}

/// Checks the columns that an attribute reads. Returns whether its value is a number.
fn check_columns(
    attribute: &Attribute,
    events: &[KeyEvent],
    schemas: &TableSchemas,
    by: &str,
) -> Result<Option<bool>, Error> {
    let mut is_number = None;
    if let Some(source) = attribute.source_event() {
        let table = known_event(events, source, by)?.event_table();
        schemas.exists(&table)?;
        for column in attribute.columns() {
            let found = schemas.column(&table, column, by)?;
            if attribute.source_field() == Some(column) {
                is_number = Some(found.is_number());
            }
        }
    }
    for action in attribute.actions() {
        let table = known_event(events, &action.event, by)?.event_table();
        // One that does not exist any more was configured by others.
        if !schemas.columns(&table).is_empty() {
            let mut columns = action.columns().into_iter();
            columns.try_for_each(|column| schemas.column(&table, column, by).map(drop))?;
        }
    }
    Ok(is_number)
}

/// Brings attributes into a configuration: those that do not exist yet, with the id `new:NAME`, imports,
/// and what differs of the others. Contradictions that the platform can't resolve by a patch are errors.
pub fn bring(
    wanted: &[WantedAttribute],
    state: &mut Configuration,
    offered: &[AudienceAttribute],
    named_live: Named<'_>,
) -> Result<(), Error> {
    let live = state.clone();
    let mut import: Vec<&String> = Vec::new();
    let mut created = 0_usize;
    for item in wanted {
        match item {
            WantedAttribute::Imported { name, column } => {
                if import_of(column, &live.attributes, &live.setting.batch_attributes).is_none() {
                    check_batch(name, column, offered)?;
                    // The setting may list it already, read after the attributes, while another run imports it.
                    let mut others = live.clone();
                    others.setting.batch_attributes.retain(|batch| batch.column != *column);
                    check_free(name, column, column, &others)?;
                    import.push(column);
                    state.attributes.push(imported(column));
                }
            }
            WantedAttribute::Own { attribute, given } => {
                match named(&live.attributes, &attribute.name, |found| &found.name) {
                    None => {
                        check_free(&attribute.name, &attribute.name, &attribute.identifier, &live).map_err(
                            |error| match under_another_name(attribute, &live, wanted) {
                                Some(there) => error.hint(renamed_hint(&there.name, &attribute.name)),
                                None => error,
                            },
                        )?;
                        check_backfill(attribute, offered)?;
                        created = created.saturating_add(1);
                        let id = Some(format!("new:{}", attribute.name));
                        state.attributes.push(RealtimeAttribute { id, ..attribute.as_ref().clone() });
                    }
                    Some(found) => {
                        let fields = compare(found, attribute, *given, (&live.events, named_live))?;
                        let is_it = |there: &&mut RealtimeAttribute| there.id == found.id;
                        state.attributes.iter_mut().filter(is_it).for_each(|there| patch(there, &fields));
                    }
                }
            }
        }
    }
    if !import.is_empty() {
        // What the attributes alone say is imported goes into the list that is written whole.
        let all = imported_columns(&live.attributes, &live.setting.batch_attributes);
        let known = &mut state.setting.batch_attributes;
        for column in all.iter().chain(import) {
            if !known.iter().any(|there| there.column == *column) {
                known.push(BatchAttribute::new(column));
            }
        }
    }
    let is_own = |attribute: &&RealtimeAttribute| !matches!(attribute.spec, AttributeSpec::Imported(_));
    let own = live.attributes.iter().filter(is_own).count();
    let count = [own, created, live.setting.key_columns.len()].iter().sum();
    super::setting::limit("attributes and stitching keys", count, limits::COMBINED_ITEMS, "rt-attrs")
}

/// An import that does not exist yet. The platform calls it by its column, whatever the plan calls it.
pub fn imported(column: &str) -> RealtimeAttribute {
    RealtimeAttribute {
        id: Some(format!("new:{column}")),
        name: column.to_owned(),
        identifier: column.to_owned(),
        description: None,
        spec: AttributeSpec::Imported(ImportedSpec {
            column: Some(column.to_owned()),
            ..ImportedSpec::default()
        }),
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

/// Names and identifiers are unique among all attributes of a parent segment, imported ones included:
/// those have the column for both, unless they have a name of their own.
fn check_free(what: &str, name: &str, identifier: &str, live: &Configuration) -> Result<(), Error> {
    let own = live.attributes.iter().map(|there| (there.name.as_str(), there.identifier.as_str()));
    let imported = live
        .setting
        .batch_attributes
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

/// The attribute that this one is taken to be under another name: it has the identifier, and nothing else
/// that is wanted has its name.
fn under_another_name<'l>(
    attribute: &RealtimeAttribute,
    live: &'l Configuration,
    wanted: &[WantedAttribute],
) -> Option<&'l RealtimeAttribute> {
    let is_wanted = |name: &str| {
        wanted.iter().any(|one| match one {
            WantedAttribute::Own { attribute, .. } => attribute.name == name,
            WantedAttribute::Imported { name: own, column } => own == name || column == name,
        })
    };
    let there = live.attributes.iter().find(|there| there.identifier == attribute.identifier)?;
    (there.spec.kind() == attribute.spec.kind() && !is_wanted(&there.name)).then_some(there)
}

/// What to do where something got another name, which the plan does not know.
fn renamed_hint(there: &str, from: &str) -> String {
    format!(
        "if '{there}' is the plan's '{from}' under a new name, use that throughout the plan, with renamed_from: {}",
        join("", from)
    )
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
    let near = did_you_mean(column, batch.iter().map(|attribute| attribute.name.as_str()));
    Err(error.hint(near.as_deref().unwrap_or("`tdx-rt discover attributes` lists the batch attributes")))
}

#[cfg(test)]
mod tests;
