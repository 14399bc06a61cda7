//! Real-time attributes: look, compare, then create, patch, import or leave alone.

use super::events::same_rule;
use super::{Action, Applied, all, settle};
use crate::api::Client;
use crate::error::{Code, Error};
use crate::plan::nearest;
use crate::platform::limits;
use crate::platform::wire::{
    Aggregation, AttributeSpec, AudienceAttribute, CounterSpec, ImportedSpec, ListSpec, RealtimeAttribute,
    SingleSpec, SubDuration,
};
use serde::Serialize;
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
        /// Whether a time to live or window was given; when not, what is there stays.
        duration_given: bool,
        /// Whether the number of items was given; when not, what is there stays.
        max_items_given: bool,
    },
}

impl WantedAttribute {
    fn name(&self) -> &str {
        match self {
            WantedAttribute::Imported { name, .. } => name,
            WantedAttribute::Own { attribute, .. } => &attribute.name,
        }
    }
}

/// Whether a live attribute is the import of this batch attribute.
pub fn is_import_of(attribute: &RealtimeAttribute, column: &str) -> bool {
    match &attribute.spec {
        AttributeSpec::Imported(spec) => spec.column.as_deref().unwrap_or(&attribute.identifier) == column,
        _ => false,
    }
}

/// The attribute that an import makes, without an id.
pub fn import_of(name: &str, column: &str) -> RealtimeAttribute {
    let spec = ImportedSpec { column: Some(column.to_owned()), ..ImportedSpec::default() };
    RealtimeAttribute {
        id: None,
        name: name.to_owned(),
        identifier: column.to_owned(),
        description: None,
        spec: AttributeSpec::Imported(spec),
    }
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
    Create(Box<RealtimeAttribute>),
    Patch { name: String, id: String, fields: Map<String, Value> },
    Leave(Applied),
    Import { name: String, column: String },
}

impl Prepared {
    /// Whether anything will be written.
    pub fn changes(&self) -> bool {
        self.work.iter().any(|work| !matches!(work, Work::Leave(_)))
    }
}

/// Compares what is wanted with what is there. Contradictions that the platform cannot resolve by
/// a patch are errors.
pub fn prepare(
    wanted: &[WantedAttribute],
    live: &[RealtimeAttribute],
    batch: &[AudienceAttribute],
    stitching_keys: usize,
) -> Result<Prepared, Error> {
    let mut prepared = Prepared::default();
    let mut import: Vec<String> = Vec::new();
    for item in wanted {
        prepared.work.push(match item {
            WantedAttribute::Imported { name, column } => {
                match live.iter().find(|attribute| is_import_of(attribute, column)) {
                    Some(found) => Work::Leave(applied(name, found, Action::Unchanged)?),
                    None => {
                        check_batch(name, column, batch)?;
                        import.push(column.clone());
                        Work::Import { name: name.clone(), column: column.clone() }
                    }
                }
            }
            WantedAttribute::Own { attribute, duration_given, max_items_given } => {
                match live.iter().find(|found| found.name == attribute.name) {
                    None => Work::Create(attribute.clone()),
                    Some(found) => {
                        let fields = compare(found, attribute, *duration_given, *max_items_given)?;
                        let done = applied(&attribute.name, found, Action::Unchanged)?;
                        match fields.is_empty() {
                            true => Work::Leave(done),
                            false => Work::Patch { name: done.name, id: done.id, fields },
                        }
                    }
                }
            }
        });
    }
    if !import.is_empty() {
        prepared.import = Some(imported_columns(live).chain(import).collect());
    }
    let created = prepared.work.iter().filter(|work| matches!(work, Work::Create(_))).count();
    let own = live.iter().filter(|attribute| !matches!(attribute.spec, AttributeSpec::Imported(_))).count();
    super::setting::limit(
        "attributes and stitching keys",
        own + created + stitching_keys,
        limits::COMBINED_ITEMS,
    )?;
    Ok(prepared)
}

/// The batch attributes that are imported.
pub fn imported_columns(live: &[RealtimeAttribute]) -> impl Iterator<Item = String> + '_ {
    live.iter().filter_map(|attribute| match &attribute.spec {
        AttributeSpec::Imported(spec) => {
            Some(spec.column.clone().unwrap_or_else(|| attribute.identifier.clone()))
        }
        _ => None,
    })
}

fn check_batch(name: &str, column: &str, batch: &[AudienceAttribute]) -> Result<(), Error> {
    if batch.iter().any(|attribute| attribute.name == column) {
        return Ok(());
    }
    let message = format!("attribute '{name}': the parent segment has no batch attribute '{column}'");
    let error = Error::new(Code::UnknownColumn, message);
    Err(match nearest(column, batch.iter().map(|attribute| attribute.name.as_str())) {
        Some(near) => error.hint(format!("did you mean '{near}'?")),
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
            Work::Create(attribute) => Some(create(client, ps, attribute).await?),
            Work::Patch { name, id, fields } => {
                client.patch_attribute(ps, id, fields.clone()).await?;
                Some(Applied { name: name.clone(), id: id.clone(), action: Action::Updated })
            }
        })
    }));
    let (imported, done) = tokio::join!(import, others);
    let (imported, done) = (imported?, done?);
    prepared
        .work
        .iter()
        .zip(done)
        .map(|(work, done)| match (work, done) {
            (_, Some(done)) => Ok(done),
            (Work::Import { name, column }, None) => {
                let found = imported.iter().find(|attribute| is_import_of(attribute, column));
                match found {
                    Some(found) => applied(name, found, Action::Created),
                    // A dry run has imported nothing yet.
                    None if client.is_dry_run() => {
                        Ok(Applied { name: name.clone(), id: format!("new:{name}"), action: Action::Created })
                    }
                    None => Err(Error::new(
                        Code::Server,
                        format!("the platform accepted the import of '{column}' but does not list it"),
                    )),
                }
            }
            (work, None) => Err(Error::new(Code::Bug, format!("nothing was done for {work:?}"))),
        })
        .collect()
}

async fn import(client: &Client, ps: &str, columns: &[String]) -> Result<Vec<RealtimeAttribute>, Error> {
    client.import_attributes(ps, columns).await?;
    if client.is_dry_run() {
        return Ok(Vec::new());
    }
    Ok(client.attributes(ps).await?)
}

async fn create(client: &Client, ps: &str, attribute: &RealtimeAttribute) -> Result<Applied, Error> {
    let find =
        || async { Ok(client.attributes(ps).await?.into_iter().find(|found| found.name == attribute.name)) };
    let created = settle(client.create_attribute(ps, attribute).await, find).await?;
    applied(&attribute.name, &created, Action::Created)
}

fn applied(name: &str, attribute: &RealtimeAttribute, action: Action) -> Result<Applied, Error> {
    let id = attribute.id.clone().ok_or_else(|| {
        Error::new(Code::Server, format!("the platform gave no id for the attribute '{}'", attribute.name))
    })?;
    Ok(Applied { name: name.to_owned(), id, action })
}

/// The fields that a patch must carry to make `live` as wanted; nothing that is there is dropped.
/// What the platform's `PATCH` does not take and differs is a conflict.
fn compare(
    live: &RealtimeAttribute,
    wanted: &RealtimeAttribute,
    duration_given: bool,
    max_items_given: bool,
) -> Result<Map<String, Value>, Error> {
    let mut fields = Map::new();
    if wanted.description.is_some() && wanted.description != live.description {
        fields.insert("description".into(), json!(wanted.description));
    }
    let fixed = Fixed { name: &wanted.name };
    match (&live.spec, &wanted.spec) {
        (AttributeSpec::Single(live), AttributeSpec::Single(wanted)) => {
            compare_single(&fixed, live, wanted)?;
            if duration_given && live.duration != wanted.duration {
                fields.insert("duration".into(), json!(wanted.duration));
            }
        }
        (AttributeSpec::List(live), AttributeSpec::List(wanted)) => {
            compare_list(&fixed, live, wanted, &mut fields)?;
            if duration_given && live.duration != wanted.duration {
                fields.insert("duration".into(), json!(wanted.duration));
            }
            if max_items_given && live.max_items != wanted.max_items {
                fields.insert("maxItems".into(), json!(wanted.max_items));
            }
        }
        (AttributeSpec::Counter(live), AttributeSpec::Counter(wanted)) => {
            compare_counter(&fixed, live, wanted, duration_given, &mut fields)?;
        }
        (AttributeSpec::LookupCatalog(live), AttributeSpec::LookupCatalog(wanted)) => {
            fixed.same(
                "catalog table",
                &live.lookup_catalog_table_name,
                &wanted.lookup_catalog_table_name,
            )?;
        }
        (live, wanted) => return Err(fixed.conflict("type", live.kind(), wanted.kind())),
    }
    Ok(fields)
}

struct Fixed<'a> {
    name: &'a str,
}

impl Fixed<'_> {
    fn same<T: PartialEq + std::fmt::Display>(&self, what: &str, live: &T, wanted: &T) -> Result<(), Error> {
        if live == wanted { Ok(()) } else { Err(self.conflict(what, &live.to_string(), &wanted.to_string())) }
    }

    /// The same for what a plan may leave unsaid.
    fn said<T: PartialEq + Serialize>(
        &self,
        what: &str,
        live: &Option<T>,
        wanted: &Option<T>,
    ) -> Result<(), Error> {
        if wanted.is_none() || live == wanted {
            return Ok(());
        }
        Err(self.conflict(what, &json!(live).to_string(), &json!(wanted).to_string()))
    }

    fn conflict(&self, what: &str, live: &str, wanted: &str) -> Error {
        let message = format!(
            "attribute '{}' is there with the {what} {live}, not {wanted}, and the platform can't change that",
            self.name
        );
        Error::new(Code::Conflict, message).hint(format!(
            "give the new one another name, or delete the old one first (its values are lost): tdx-rt rt-attrs delete {}",
            self.name
        ))
    }

    /// The key event and its filter. A filter that was not asked for stays.
    fn source(
        &self,
        live: (&str, &crate::platform::rule::Rule),
        wanted: (&str, &crate::platform::rule::Rule),
    ) -> Result<(), Error> {
        self.same("key event id", &live.0, &wanted.0)?;
        if !wanted.1.is_everything() && !same_rule(live.1, wanted.1) {
            return Err(self.conflict(
                "filter",
                &live.1.to_json().to_string(),
                &wanted.1.to_json().to_string(),
            ));
        }
        Ok(())
    }
}

fn compare_single(fixed: &Fixed<'_>, live: &SingleSpec, wanted: &SingleSpec) -> Result<(), Error> {
    fixed.source(
        (&live.realtime_key_event_id, &live.filter_rule),
        (&wanted.realtime_key_event_id, &wanted.filter_rule),
    )?;
    fixed.same("value column", &live.value_column, &wanted.value_column)?;
    fixed.said("backfill", &live.backfill, &wanted.backfill)?;
    fixed.said("mark sensitive:", &live.sensitive.or(Some(false)), &wanted.sensitive)
}

fn compare_list(
    fixed: &Fixed<'_>,
    live: &ListSpec,
    wanted: &ListSpec,
    fields: &mut Map<String, Value>,
) -> Result<(), Error> {
    fixed.source(
        (&live.realtime_key_event_id, &live.filter_rule),
        (&wanted.realtime_key_event_id, &wanted.filter_rule),
    )?;
    fixed.same("id column", &live.id_column, &wanted.id_column)?;
    let mut kept = live.fields.clone();
    kept.extend(wanted.fields.iter().filter(|field| !live.fields.contains(field)).cloned());
    if kept != live.fields {
        fields.insert("fields".into(), json!(kept));
    }
    let mut aggregations = live.aggregations.clone();
    for item in &wanted.aggregations {
        merge_aggregation(&mut aggregations, item);
    }
    if aggregations != live.aggregations {
        fields.insert("aggregations".into(), json!(aggregations));
    }
    let missing: Vec<_> = wanted.actions.iter().filter(|action| !live.actions.contains(action)).collect();
    if !missing.is_empty() {
        let actions: Vec<_> = live.actions.iter().chain(missing).collect();
        fields.insert("actions".into(), json!(actions));
    }
    Ok(())
}

/// An aggregation that computes the same is as good as the wanted one, whatever it is called.
fn merge_aggregation(aggregations: &mut Vec<Aggregation>, wanted: &Aggregation) {
    let same = |a: &Aggregation| a.aggregation_type == wanted.aggregation_type && a.column == wanted.column;
    if aggregations.iter().any(same) {
        return;
    }
    match aggregations.iter_mut().find(|a| a.identifier == wanted.identifier) {
        // The identifier is taken by something else that somebody may use: keep both.
        Some(_) => {
            let identifier = format!("{}_{}", wanted.identifier, aggregations.len() + 1);
            aggregations.push(Aggregation { identifier, ..wanted.clone() });
        }
        None => aggregations.push(wanted.clone()),
    }
}

fn compare_counter(
    fixed: &Fixed<'_>,
    live: &CounterSpec,
    wanted: &CounterSpec,
    duration_given: bool,
    fields: &mut Map<String, Value>,
) -> Result<(), Error> {
    fixed.source(
        (&live.realtime_key_event_id, &live.filter_rule),
        (&wanted.realtime_key_event_id, &wanted.filter_rule),
    )?;
    if duration_given && live.counter_type != wanted.counter_type {
        let text = |kind| format!("{kind:?}").to_lowercase();
        return Err(fixed.conflict("counter type", &text(live.counter_type), &text(wanted.counter_type)));
    }
    if live.increment != wanted.increment {
        let text = |increment| json!(increment).to_string();
        return Err(fixed.conflict("increment", &text(&live.increment), &text(&wanted.increment)));
    }
    fixed.said("backfill", &live.backfill, &wanted.backfill)?;
    if !duration_given {
        return Ok(());
    }
    let missing: Vec<&SubDuration> = wanted
        .sub_durations
        .iter()
        .filter(|sub| !live.sub_durations.iter().any(|there| there.duration == sub.duration))
        .collect();
    if !missing.is_empty() {
        let subs: Vec<_> = live.sub_durations.iter().chain(missing).collect();
        fields.insert("subDurations".into(), json!(subs));
    }
    // The main window holds every smaller one: it only grows.
    let seconds =
        |duration: Option<crate::platform::wire::DurationSetting>| duration.map_or(0, |d| d.seconds());
    if seconds(wanted.duration) > seconds(live.duration) {
        fields.insert("duration".into(), json!(wanted.duration));
    }
    Ok(())
}

/// The names of what is wanted, for messages.
pub fn names(wanted: &[WantedAttribute]) -> Vec<&str> {
    wanted.iter().map(WantedAttribute::name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn live() -> Vec<RealtimeAttribute> {
        serde_json::from_value(json!([
            {"id": "1", "name": "items", "identifier": "items", "type": "list", "realtimeKeyEventId": "9",
             "idColumn": "p", "maxItems": 7, "fields": ["p", "q"], "duration": {"value": 3, "unit": "day"},
             "aggregations": [{"name": "n", "identifier": "items", "aggregationType": "last", "column": "q"}]},
            {"id": "2", "name": "tier", "identifier": "tier", "type": "imported"}
        ]))
        .unwrap()
    }

    fn wanted(change: Value) -> WantedAttribute {
        let mut value = json!({"name": "items", "identifier": "items", "type": "list", "realtimeKeyEventId": "9",
            "idColumn": "p", "maxItems": 100, "fields": ["p"], "duration": {"value": 90, "unit": "day"},
            "aggregations": [{"name": "items", "identifier": "items", "aggregationType": "distinct_list", "column": "p"}]});
        for (key, item) in change.as_object().unwrap() {
            value[key] = item.clone();
        }
        let attribute = Box::new(serde_json::from_value(value).unwrap());
        WantedAttribute::Own { attribute, duration_given: false, max_items_given: false }
    }

    #[test]
    fn a_list_is_added_to_and_never_cut() {
        let prepared = prepare(&[wanted(json!({}))], &live(), &[], 0).unwrap();
        let [Work::Patch { fields, .. }] = prepared.work.as_slice() else { panic!("{prepared:?}") };
        assert_eq!(fields.keys().collect::<Vec<_>>(), ["aggregations"]);
        let kept = fields["aggregations"].as_array().unwrap();
        assert_eq!(kept[0]["aggregationType"], "last");
        assert_ne!(kept[1]["identifier"], "items", "an identifier in use is not taken over");
    }

    #[test]
    fn what_cannot_be_patched_is_a_conflict() {
        for change in [json!({"idColumn": "z"}), json!({"realtimeKeyEventId": "8"})] {
            let error = prepare(&[wanted(change)], &live(), &[], 0).unwrap_err();
            assert_eq!(error.code, Code::Conflict);
            assert!(error.hint.unwrap().contains("rt-attrs delete items"));
        }
    }

    #[test]
    fn imports_keep_the_columns_that_are_imported_already() {
        let batch: Vec<AudienceAttribute> = serde_json::from_value(json!([{"name": "city"}])).unwrap();
        let import = |column: &str| WantedAttribute::Imported { name: column.into(), column: column.into() };
        let prepared = prepare(&[import("city"), import("tier")], &live(), &batch, 0).unwrap();
        assert_eq!(prepared.import.as_deref(), Some(["tier".to_owned(), "city".to_owned()].as_slice()));
        let error = prepare(&[import("citi")], &live(), &batch, 0).unwrap_err();
        assert_eq!(error.hint.as_deref(), Some("did you mean 'city'?"));
    }
}
