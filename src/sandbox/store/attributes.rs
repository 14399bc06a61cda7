//! Real-time attributes: single, list, counter, lookup catalog. Imported ones are in `setting`.

use super::Edit;
use super::body::{Object, event_rule, is_later, label, only, text, typed};
use super::setting::too_many_items;
use crate::platform::fields::{COMMON, FieldKind, attribute, changeable, keys, of_any_type, part};
use crate::platform::limits::{COMBINED_ITEMS, LIST_EXPIRY_DAYS_DEFAULT, LIST_MAX_ITEMS_DEFAULT};
use crate::platform::wire::{
    AttributeSpec, Backfill, CounterSpec, CounterType, DurationSetting, DurationUnit, Increment, ListSpec,
    LookupCatalogSpec, RealtimeAttribute,
};
use crate::sandbox::refusal::{Reason, Refusal};
use serde_json::Value;
use std::collections::HashSet;

/// Refuses fields inside an attribute that the contract does not have, by name.
fn only_parts(body: &Object) -> Result<(), Refusal> {
    for (key, value) in body {
        let Some(fields) = part(key).map(keys) else { continue };
        let inside: &[Value] = match value {
            Value::Array(items) => items,
            item => std::slice::from_ref(item),
        };
        for part in inside.iter().filter_map(Value::as_object) {
            let extra: Vec<&str> = part
                .keys()
                .map(String::as_str)
                .filter(|field| !fields.contains(field) && !is_later(field))
                .collect();
            if !extra.is_empty() {
                let message =
                    format!("{} has no '{}'; it has {}", label(key), extra.join("', '"), fields.join(", "));
                return Err(
                    Refusal::invalid(Reason::AttributePartFieldUnknown, message).at(&format!("/{key}"))
                );
            }
        }
    }
    Ok(())
}

impl Edit<'_> {
    /// Creates an attribute and returns its id.
    pub fn create_attribute(&mut self, body: &Object) -> Result<String, Refusal> {
        text(body, "name")?;
        text(body, "identifier")?;
        let kind = text(body, "type")?;
        if kind == "imported" {
            let message = "Imported attributes are made with realtime_imported_attributes/bulk_update";
            return Err(Refusal::invalid(Reason::AttributeImportedCreated, message));
        }
        let fields = attribute(kind).ok_or_else(|| {
            let message = format!("Type '{kind}' is not included in the list");
            Refusal::invalid(Reason::AttributeTypeUnknown, message)
        })?;
        only(body, &keys(COMMON.iter().chain(fields)))?;
        for field in fields
            .iter()
            .filter(|field| field.must && matches!(field.kind, FieldKind::Name | FieldKind::Word(_)))
        {
            text(body, field.key)?;
        }
        if body.get("type").is_some_and(|kind| kind == "counter")
            && body.get("increment").is_none_or(Value::is_null)
        {
            return Err(Refusal::invalid(Reason::AttributeIncrementBlank, "Increment can't be blank"));
        }
        no_nulls(body)?;
        only_parts(body)?;
        let mut attribute: RealtimeAttribute = typed(Value::Object(without_nulls(body)))?;
        attribute.id = None;
        fill_in(&mut attribute.spec);
        self.check_attribute(&attribute, None)?;
        if self.realtime.combined_items() >= COMBINED_ITEMS {
            return Err(too_many_items());
        }
        let id = self.ids.fresh();
        attribute.id = Some(id.clone());
        self.realtime.attributes.push(attribute);
        self.touch(&id);
        self.changed("create_realtime_attribute");
        Ok(id)
    }

    /// Changes the fields that can be changed.
    pub fn update_attribute(&mut self, id: &str, body: &Object) -> Result<(), Refusal> {
        let old = self.realtime.attribute(id)?.clone();
        only(body, &changeable().collect::<Vec<_>>())?;
        no_nulls(body)?;
        only_parts(body)?;
        if matches!(old.spec, AttributeSpec::Imported(_)) {
            return Err(Refusal::invalid(
                Reason::AttributeImportedChanged,
                "Imported attributes are changed through their batch attribute",
            ));
        }
        if body.contains_key("name") {
            text(body, "name")?;
        }
        let mut merged = match serde_json::to_value(&old) {
            Ok(Value::Object(merged)) => merged,
            _ => return Err(Refusal::invalid(Reason::AttributeFixed, "this attribute cannot be changed")),
        };
        let kind = old.spec.kind();
        for (key, value) in body {
            if !fits(kind, key) {
                return Err(Refusal::invalid(
                    Reason::AttributeFieldOfOtherType,
                    format!("{} can't be set on a {kind} attribute", label(key)),
                ));
            }
            merged.insert(key.clone(), value.clone());
        }
        let mut new: RealtimeAttribute = typed(Value::Object(without_nulls(&merged)))?;
        fill_in(&mut new.spec);
        self.check_attribute(&new, Some(id))?;
        for sub in subs(&old.spec).into_iter().filter(|sub| !subs(&new.spec).contains(sub)) {
            if let Some(user) = self.realtime.attribute_user(id, Some(sub)) {
                return Err(Refusal::conflict(
                    Reason::AttributePartInUse,
                    format!("'{sub}' of '{}' can't be removed: {user} uses it", old.name),
                ));
            }
        }
        if matches!(new.spec, AttributeSpec::LookupCatalog(_)) {
            self.realtime.rename_catalog(id, &old.name, &new.name);
        }
        if let Some(place) = self.realtime.attributes.find_mut(id) {
            *place = new;
        }
        self.touch(id);
        self.changed("update_realtime_attribute");
        Ok(())
    }

    /// Deletes an attribute that nothing uses. An imported one leaves the setting too.
    pub fn delete_attribute(&mut self, id: &str) -> Result<(), Refusal> {
        let attribute = self.realtime.attribute(id)?;
        self.check_unused(attribute)?;
        if matches!(attribute.spec, AttributeSpec::Imported(_)) {
            let column = attribute.identifier.clone();
            self.realtime.setting.batch_attributes.retain(|known| known.column != column);
        }
        self.realtime.attributes.remove(id);
        self.changed("delete_realtime_attribute");
        Ok(())
    }

    fn check_attribute(&self, attribute: &RealtimeAttribute, own: Option<&str>) -> Result<(), Refusal> {
        for other in self.realtime.attributes.iter().filter(|other| other.id.as_deref() != own) {
            if other.name == attribute.name {
                return Err(Refusal::invalid(Reason::AttributeNameTaken, "Name has already been taken"));
            }
            if other.identifier == attribute.identifier {
                return Err(Refusal::invalid(
                    Reason::AttributeIdentifierTaken,
                    "Identifier has already been taken",
                ));
            }
        }
        if let Some(event) = attribute.spec.key_event() {
            self.check_key_event(event)?;
        }
        match &attribute.spec {
            AttributeSpec::Single(single) => {
                event_rule(&single.filter_rule, "Filter rule")?;
                self.check_backfill(single.backfill.as_ref())?;
                positive(single.duration)
            }
            AttributeSpec::List(list) => self.check_list(list),
            AttributeSpec::Counter(counter) => {
                self.check_backfill(counter.backfill.as_ref())?;
                check_counter(counter)
            }
            AttributeSpec::LookupCatalog(catalog) => self.check_catalog(catalog),
            AttributeSpec::Imported(_) => Ok(()),
        }
    }

    /// The table exists and has these columns, each once (our choice: the contract says nothing).
    fn check_catalog(&self, catalog: &LookupCatalogSpec) -> Result<(), Refusal> {
        let name = &catalog.lookup_catalog_table_name;
        let missing = || {
            Refusal::invalid(
                Reason::CatalogTableMissing,
                format!("Lookup catalog table '{name}' does not exist"),
            )
        };
        let table = self.batch.tables.get(name).ok_or_else(missing)?;
        let columns = catalog.lookup_catalog_columns.iter().map(|column| column.name.as_str());
        let keys = catalog.lookup_keys.iter().map(|key| key.id.as_str());
        unique("Lookup catalog column", columns.clone())?;
        unique("Lookup key", keys.clone())?;
        match columns.chain(keys).find(|column| !table.columns.iter().any(|known| known == column)) {
            None => Ok(()),
            Some(column) => Err(Refusal::invalid(
                Reason::CatalogColumnMissing,
                format!("Lookup catalog table '{name}' has no column '{column}'"),
            )),
        }
    }

    fn check_key_event(&self, id: &str) -> Result<(), Refusal> {
        let missing = |_| {
            Refusal::invalid(
                Reason::AttributeKeyEventMissing,
                format!("Realtime key event {id} does not exist"),
            )
        };
        self.realtime.key_event(id).map(drop).map_err(missing)
    }

    /// A backfill names batch attributes of the parent segment.
    fn check_backfill(&self, backfill: Option<&Backfill>) -> Result<(), Refusal> {
        let Some(backfill) = backfill else { return Ok(()) };
        for name in [&backfill.attribute_identifier, &backfill.timestamp_identifier] {
            if !self.columns.iter().any(|column| column.name == *name) {
                let message = format!("Backfill: '{name}' is not an attribute of this parent segment");
                return Err(Refusal::invalid(Reason::AttributeBackfillColumnMissing, message));
            }
        }
        Ok(())
    }

    fn check_list(&self, list: &ListSpec) -> Result<(), Refusal> {
        event_rule(&list.filter_rule, "Filter rule")?;
        positive(list.duration)?;
        if list.max_items == Some(0) {
            return Err(Refusal::invalid(
                Reason::ListMaxItemsTooSmall,
                "Max items must be greater than or equal to 1",
            ));
        }
        if list.fields.iter().any(String::is_empty) {
            return Err(Refusal::invalid(Reason::ListFieldBlank, "Fields can't be blank"));
        }
        for action in &list.actions {
            self.check_key_event(&action.realtime_key_event_id)?;
            event_rule(&action.filter_rule, "Filter rule of an action")?;
        }
        unique("Aggregation", list.aggregations.iter().map(|a| a.identifier.as_str()))
    }
}

fn check_counter(counter: &CounterSpec) -> Result<(), Refusal> {
    event_rule(&counter.filter_rule, "Filter rule")?;
    positive(counter.duration)?;
    match &counter.increment {
        Increment::Const(number) if number.as_f64().is_some_and(|n| n >= 1.0) => {}
        Increment::Const(_) => {
            return Err(Refusal::invalid(
                Reason::CounterIncrementTooSmall,
                "Increment must be greater than or equal to 1",
            ));
        }
        Increment::Field(column) if column.is_empty() => {
            return Err(Refusal::invalid(Reason::CounterIncrementBlank, "Increment can't be blank"));
        }
        Increment::Field(_) => {}
    }
    if counter.counter_type == CounterType::Sliding && counter.duration.is_none() {
        return Err(Refusal::invalid(
            Reason::CounterDurationBlank,
            "Duration can't be blank on a sliding counter",
        ));
    }
    if counter.counter_type == CounterType::Total && !counter.sub_durations.is_empty() {
        return Err(Refusal::invalid(
            Reason::CounterTotalWithSubDurations,
            "Sub durations can't be set on a total counter",
        ));
    }
    for sub in &counter.sub_durations {
        positive(Some(sub.duration))?;
        if counter.duration.is_some_and(|whole| sub.duration.seconds() > whole.seconds()) {
            let message =
                format!("Sub duration '{}' can't be longer than the counter's duration", sub.identifier);
            return Err(Refusal::invalid(Reason::CounterSubDurationTooLong, message));
        }
    }
    unique("Sub duration", counter.sub_durations.iter().map(|sub| sub.identifier.as_str()))
}

fn positive(duration: Option<DurationSetting>) -> Result<(), Refusal> {
    match duration {
        Some(duration) if duration.value == 0 => Err(Refusal::invalid(
            Reason::AttributeDurationTooSmall,
            "Duration must be greater than or equal to 1",
        )),
        _ => Ok(()),
    }
}

fn unique<'a>(what: &str, identifiers: impl Iterator<Item = &'a str>) -> Result<(), Refusal> {
    let mut seen = HashSet::new();
    for identifier in identifiers {
        if identifier.is_empty() {
            return Err(Refusal::invalid(
                Reason::AttributePartIdentifierBlank,
                format!("{what} identifier can't be blank"),
            ));
        }
        if !seen.insert(identifier) {
            return Err(Refusal::invalid(
                Reason::AttributePartIdentifierTaken,
                format!("{what} identifier '{identifier}' has already been taken"),
            ));
        }
    }
    Ok(())
}

/// The defaults of a list (published YAML dialect); the contract's other form of an
/// attribute requires both.
fn fill_in(spec: &mut AttributeSpec) {
    if let AttributeSpec::List(list) = spec {
        list.max_items.get_or_insert(LIST_MAX_ITEMS_DEFAULT);
        let days = DurationSetting { value: LIST_EXPIRY_DAYS_DEFAULT, unit: DurationUnit::Day };
        list.duration.get_or_insert(days);
    }
}

/// Whether a field that `PATCH` takes belongs to this kind.
fn fits(kind: &str, key: &str) -> bool {
    COMMON.iter().chain(attribute(kind).into_iter().flatten()).any(|field| field.key == key)
}

/// The identifiers that a `subAttributeIdentifier` can refer to.
fn subs(spec: &AttributeSpec) -> Vec<&str> {
    match spec {
        AttributeSpec::List(list) => list.aggregations.iter().map(|a| a.identifier.as_str()).collect(),
        AttributeSpec::Counter(counter) => {
            counter.sub_durations.iter().map(|sub| sub.identifier.as_str()).collect()
        }
        _ => Vec::new(),
    }
}

/// Refuses `null` where the contract has no room for it.
fn no_nulls(body: &Object) -> Result<(), Refusal> {
    let nullable = |key: &str| of_any_type().any(|field| field.key == key && field.null);
    match body.iter().find(|(key, value)| value.is_null() && !nullable(key)) {
        Some((key, _)) => {
            Err(Refusal::invalid(Reason::AttributeFieldNull, format!("{} can't be null", label(key)))
                .at(&format!("/{key}")))
        }
        None => Ok(()),
    }
}

/// `null` means the default, also where the wire type has no room for it.
fn without_nulls(body: &Object) -> Object {
    body.iter().filter(|(_, value)| !value.is_null()).map(|(k, v)| (k.clone(), v.clone())).collect()
}
