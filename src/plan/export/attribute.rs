//! Real-time attributes.

use super::{Exporter, length, put, put_filter, put_list};
use crate::plan::duration;
use crate::plan::model::counter::sub_duration;
use crate::plan::model::fed::AGGREGATIONS;
use crate::plan::model::list::ACTIONS;
use crate::plan::model::list::ITEMS;
use crate::plan::model::window_read::NONE;
use crate::plan::model::{Counter, List, import_column, import_of};
use crate::plan::words::safe_identifier;
use crate::platform::limits::{LIST_EXPIRY_DAYS_DEFAULT, LIST_MAX_ITEMS_DEFAULT};
use crate::platform::rule::Rule;
use crate::platform::wire::{
    Aggregation, AggregationType, AttributeSpec, Backfill, CatalogColumn, CounterSpec, CounterType,
    DurationSetting, ImportedSpec, Increment, ListAction, ListSpec, LookupCatalogSpec, LookupKey,
    RealtimeAttribute, SingleSpec, SubDuration,
};
use serde_json::{Map, Value, json};
use std::collections::HashSet;

type Item = Result<Map<String, Value>, String>;

impl Exporter<'_> {
    pub(super) fn attributes(&mut self) -> Vec<Value> {
        let live = self.live;
        let imported = &live.setting.batch_attributes;
        let mut items = Vec::new();
        for attribute in &live.attributes {
            let item = self.attribute(attribute);
            items.extend(self.or_warn(&format!("attribute '{}'", attribute.name), item));
        }
        // The setting may be ahead of the list.
        let missing = imported.iter().filter(|b| import_of(&b.column, &live.attributes, imported).is_none());
        for batch in missing {
            let name = batch.name.as_ref().unwrap_or(&batch.column);
            items.push(Value::Object(import(name, &batch.column)));
        }
        self.renamed(&items);
        items
    }

    /// An import takes its name from the batch layer.
    fn renamed(&mut self, items: &[Value]) {
        let named =
            |item: &Value| Some(format!("'{}' ({})", item["name"].as_str()?, item.get("column")?.as_str()?));
        let names: Vec<String> = items.iter().filter_map(named).collect();
        if !names.is_empty() {
            self.warn(format!(
                "on another parent segment these batch attributes get their column's name: {}",
                names.join(", ")
            ));
        }
    }

    pub(super) fn attribute(&mut self, attribute: &RealtimeAttribute) -> Item {
        match &attribute.spec {
            AttributeSpec::Single(spec) => self.single(attribute, spec),
            AttributeSpec::List(spec) => self.list(attribute, spec),
            AttributeSpec::Counter(spec) => self.counter(attribute, spec),
            AttributeSpec::Imported(spec) => Ok(self.imported(attribute, spec)),
            AttributeSpec::LookupCatalog(spec) => Ok(self.lookup_catalog(attribute, spec)),
        }
    }

    fn fed(&self, attribute: &RealtimeAttribute, kind: &str, event: &str) -> Item {
        let mut map = self.head(attribute, kind);
        map.insert("source_event".into(), self.event_name(event)?.into());
        Ok(map)
    }

    fn head(&self, attribute: &RealtimeAttribute, kind: &str) -> Map<String, Value> {
        let RealtimeAttribute { id: _, name, identifier, description, spec: _ } = attribute;
        let mut map = Map::new();
        map.insert("name".into(), name.as_str().into());
        map.insert("type".into(), kind.into());
        // One that is made from the name is written too: it must not change when the name does.
        if self.whole || identifier != name || safe_identifier(name) != *name {
            map.insert("identifier".into(), identifier.as_str().into());
        }
        put(&mut map, "description", description.clone());
        map
    }

    fn single(&self, attribute: &RealtimeAttribute, spec: &SingleSpec) -> Item {
        let SingleSpec {
            realtime_key_event_id,
            filter_rule,
            value_column,
            data_type,
            duration,
            backfill,
            sensitive,
        } = spec;
        let mut map = self.fed(attribute, "single", realtime_key_event_id)?;
        map.insert("source_field".into(), value_column.as_str().into());
        map.insert("aggregation".into(), "last".into());
        // Always: the column may have another type in the account that the plan is moved to.
        map.insert("data_type".into(), json!(data_type));
        tail(&mut map, filter_rule, *duration, backfill.as_ref())?;
        // The platform's own default is that it is not.
        put(&mut map, "sensitive", sensitive.filter(|sensitive| self.whole || *sensitive));
        Ok(map)
    }

    fn list(&self, attribute: &RealtimeAttribute, spec: &ListSpec) -> Item {
        let ListSpec {
            realtime_key_event_id,
            filter_rule,
            id_column,
            fields,
            duration,
            max_items,
            actions,
            aggregations,
        } = spec;
        let mut map = self.fed(attribute, "list", realtime_key_event_id)?;
        let short = match aggregations.as_slice() {
            [one] if one.name == ITEMS && one.identifier == ITEMS => Some(one),
            _ => None,
        };
        match short {
            Some(one) => short_list(&mut map, (id_column, fields), one),
            None => long_list(&mut map, (id_column, fields), aggregations, self.whole),
        }
        put(&mut map, "max_items", max_items.filter(|items| self.whole || *items != LIST_MAX_ITEMS_DEFAULT));
        let default = duration::days(LIST_EXPIRY_DAYS_DEFAULT);
        match *duration {
            None => put(&mut map, "expiry", Some(NONE)),
            // Written where a reader would ask for it.
            Some(there) if self.whole || there != default || short.is_some_and(over_all) => {
                put(&mut map, "expiry", Some(length(there)?));
            }
            Some(_) => {}
        }
        put_filter(&mut map, ["filter", "where"], filter_rule)?;
        let mut items = Vec::new();
        for ListAction { action, realtime_key_event_id, filter_rule, later: _ } in actions {
            let (word, _) = word_of(&ACTIONS, *action);
            let mut item = Map::new();
            item.insert("action".into(), word.into());
            item.insert("event".into(), self.event_name(realtime_key_event_id)?.into());
            put_filter(&mut item, ["filter", "where"], filter_rule)?;
            items.push(Value::Object(item));
        }
        put_list(&mut map, "actions", items);
        Ok(map)
    }

    fn counter(&mut self, attribute: &RealtimeAttribute, spec: &CounterSpec) -> Item {
        let CounterSpec {
            realtime_key_event_id,
            filter_rule,
            counter_type,
            increment,
            duration,
            backfill,
            sub_durations,
        } = spec;
        let mut map = self.fed(attribute, "counter", realtime_key_event_id)?;
        match increment {
            Increment::Field(column) => {
                map.insert("source_field".into(), column.as_str().into());
                map.insert("aggregation".into(), "sum".into());
            }
            Increment::Const(number) => {
                map.insert("aggregation".into(), "count".into());
                if self.whole || *number != 1.into() {
                    map.insert("increment".into(), Value::Number(number.clone()));
                }
            }
        }
        let mut expiry = None;
        match counter_type {
            CounterType::Total => {
                expiry = *duration;
                if !sub_durations.is_empty() {
                    let name = &attribute.name;
                    self.warn(format!("the windows of '{name}' are left out: it counts in total"));
                }
            }
            CounterType::Sliding => windows(&mut map, *duration, sub_durations, self.whole)?,
        }
        tail(&mut map, filter_rule, expiry, backfill.as_ref())?;
        Ok(map)
    }

    fn imported(&self, attribute: &RealtimeAttribute, spec: &ImportedSpec) -> Map<String, Value> {
        // Description and type come from the batch layer by themselves.
        let ImportedSpec { column: _, data_type, sensitive } = spec;
        let column = import_column(attribute, &self.live.setting.batch_attributes);
        let mut map = import(&attribute.name, column.unwrap_or(&attribute.identifier));
        if self.whole {
            map.insert("column".into(), column.unwrap_or(&attribute.identifier).into());
            put(&mut map, "description", attribute.description.clone());
            put(&mut map, "data_type", data_type.clone().map(|kind| json!(kind)));
        }
        // Two names that are alike each need their own.
        let own = attribute.identifier != safe_identifier(&attribute.name);
        if self.whole || !attribute.identifier.trim().is_empty() && own {
            map.insert("identifier".into(), attribute.identifier.as_str().into());
        }
        put(&mut map, "sensitive", sensitive.filter(|sensitive| self.whole || *sensitive));
        map
    }

    fn lookup_catalog(&self, attribute: &RealtimeAttribute, spec: &LookupCatalogSpec) -> Map<String, Value> {
        let pair = |name: &str, kind: &str| match kind {
            "string" => json!({"name": name}),
            _ => json!({"name": name, "type": kind}),
        };
        let LookupCatalogSpec { lookup_catalog_table_name, lookup_catalog_columns, lookup_keys } = spec;
        let mut map = self.head(attribute, "lookup_catalog");
        map.insert("catalog_table".into(), lookup_catalog_table_name.as_str().into());
        let columns =
            lookup_catalog_columns.iter().map(|CatalogColumn { name, data_type }| pair(name, data_type));
        put_list(&mut map, "catalog_columns", columns.collect());
        let keys = lookup_keys.iter().map(|LookupKey { id, kind }| pair(id, kind));
        map.insert("lookup_keys".into(), keys.collect());
        map
    }
}

fn tail(
    map: &mut Map<String, Value>,
    filter: &Rule,
    expiry: Option<DurationSetting>,
    backfill: Option<&Backfill>,
) -> Result<(), String> {
    put(map, "expiry", expiry.map(length).transpose()?);
    put_filter(map, ["filter", "where"], filter)?;
    let backfill = backfill.map(|Backfill { attribute_identifier, timestamp_identifier }| {
        json!({"attribute": attribute_identifier, "timestamp": timestamp_identifier})
    });
    put(map, "backfill", backfill);
    Ok(())
}

fn import(name: &str, column: &str) -> Map<String, Value> {
    let mut map = Map::new();
    map.insert("name".into(), name.into());
    map.insert("type".into(), "imported_batch".into());
    let safe = safe_identifier(name);
    if safe != name {
        map.insert("identifier".into(), safe.into());
    }
    if column != name {
        map.insert("column".into(), column.into());
    }
    map
}

/// One column with one aggregation that has the dialect's own name.
fn short_list(map: &mut Map<String, Value>, (id_column, fields): (&String, &Vec<String>), one: &Aggregation) {
    let (word, _) = word_of(&AGGREGATIONS, one.aggregation_type);
    map.insert("source_field".into(), one.column.as_str().into());
    map.insert("aggregation".into(), word.into());
    let default = List::default_id_field(one.aggregation_type, &one.column);
    if *id_column != default || one.aggregation_type == AggregationType::Sum {
        map.insert("id_field".into(), id_column.as_str().into());
    }
    if *fields != [one.column.as_str()] {
        map.insert("fields".into(), json!(fields));
    }
}

fn long_list(
    map: &mut Map<String, Value>,
    (id_column, fields): (&String, &Vec<String>),
    aggregations: &[Aggregation],
    whole: bool,
) {
    map.insert("id_field".into(), id_column.as_str().into());
    map.insert("fields".into(), json!(fields));
    let item = |Aggregation { name, identifier, aggregation_type, column, later: _ }: &Aggregation| {
        let mut item = Map::new();
        item.insert("name".into(), name.as_str().into());
        if whole || *identifier != safe_identifier(name) {
            item.insert("identifier".into(), identifier.as_str().into());
        }
        item.insert("column".into(), column.as_str().into());
        item.insert("aggregation".into(), word_of(&AGGREGATIONS, *aggregation_type).0.into());
        Value::Object(item)
    };
    map.insert("aggregations".into(), aggregations.iter().map(item).collect());
}

/// What is computed over all items: a reader warns when such a list does not say how many.
fn over_all(aggregation: &Aggregation) -> bool {
    !matches!(aggregation.aggregation_type, AggregationType::DistinctList | AggregationType::Last)
}

fn word_of<T: PartialEq + Copy>(words: &[(&'static str, T)], value: T) -> (&'static str, T) {
    // Every value has its word.
    words.iter().copied().find(|(_, there)| *there == value).unwrap_or(("", value))
}

/// The windows of a sliding counter, and its main one where it is not the longest.
fn windows(
    map: &mut Map<String, Value>,
    main: Option<DurationSetting>,
    subs: &[SubDuration],
    whole: bool,
) -> Result<(), String> {
    let mut lengths = HashSet::new();
    let ours =
        |sub: &SubDuration| *sub == sub_duration(sub.duration) && lengths.insert(sub.duration.seconds());
    let texts = subs.iter().map(|sub| length(sub.duration)).collect::<Result<Vec<_>, _>>()?;
    if !subs.is_empty() && subs.iter().all(ours) {
        let value = if let [one] = texts.as_slice() { json!(one) } else { json!(texts) };
        map.insert("window_duration".into(), value);
    } else {
        let item = |(sub, text): (&SubDuration, &String)| {
            let SubDuration { name, identifier, duration: _, later: _ } = sub;
            json!({"name": name, "identifier": identifier, "window": text})
        };
        map.insert("windows".into(), subs.iter().zip(&texts).map(item).collect());
    }
    if whole || main != Counter::longest(subs) {
        let text = main.map(length).transpose()?;
        map.insert("duration".into(), text.as_deref().unwrap_or(NONE).into());
    }
    Ok(())
}
