//! Reading an attribute of the dialect, and which platform attribute it becomes.

use super::attribute::{Attribute, AttributeKind, Imported, Single};
use super::counter::read_counter;
use super::event::{FILTER, read_filter};
use super::fed::{AGGREGATIONS, Common, EventSource, need_field, unused};
use super::list::{read_list, read_long_list};
use super::window_read::{Expiry, one_window, read_expiry, read_windows};
use crate::plan::keys;
use crate::plan::nearest::did_you_mean;
use crate::plan::read::{Fields, Reader};
use crate::plan::words::safe_identifier;
use crate::platform::wire::{
    AggregationType, Backfill, CatalogColumn, DataType, LookupCatalogSpec, LookupKey,
};
use serde_json::Value;

/// `type` of the dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Single,
    List,
    Counter,
    Imported,
    LookupCatalog,
}

const TYPES: [(&str, Type); 7] = [
    ("single", Type::Single),
    ("list", Type::List),
    ("counter", Type::Counter),
    ("imported_batch", Type::Imported),
    ("lookup_catalog", Type::LookupCatalog),
    // The wire's spellings, as `rt-attrs list` prints them.
    ("imported", Type::Imported),
    ("lookupCatalog", Type::LookupCatalog),
];

const SINGLE: [&str; 5] = ["last", "first", "sum", "min", "max"];
const LIST: [&str; 6] = ["distinct_list", "first", "last", "sum", "min", "max"];
const COUNTER: [&str; 2] = ["count", "sum"];

impl Attribute {
    pub(super) fn read(reader: &mut Reader<'_>, at: &str, value: &Value) -> Option<Attribute> {
        let fields = reader.fields(at, value, "an attribute", keys::of("attributes"))?;
        let name = fields.required_name(reader, "name", "an attribute");
        let renamed_from = fields.name(reader, "renamed_from");
        let identifier = fields.name(reader, "identifier");
        let description = fields.text(reader, "description");
        let kind = match read_type(reader, &fields)? {
            Type::Imported => read_imported(reader, &fields, name.as_deref()),
            Type::LookupCatalog => read_catalog(reader, &fields),
            fed => read_fed(reader, &fields, fed),
        };
        if let Some(kind) = &kind {
            unused_by(reader, &fields, kind);
        }
        // An import has its column's name, whatever that is.
        if let Some(given) = identifier.as_deref().filter(|given| given.contains(char::is_whitespace))
            && !matches!(kind, Some(AttributeKind::Imported(_)))
        {
            let fix = Some(format!("write identifier: {}", safe_identifier(given)));
            reader.error_fix("wrong-type", &fields.at("identifier"), "an identifier has no spaces", fix);
        }
        let name = name?;
        let identifier = identifier.unwrap_or_else(|| safe_identifier(&name));
        Some(Attribute { name, renamed_from, identifier, description, kind: kind?, at: at.to_owned() })
    }
}

fn read_type(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<Type> {
    if fields.get("type").is_none() {
        let message = "an attribute needs 'type': single, list, counter, imported_batch or lookup_catalog";
        reader.error("missing-field", &fields.pointer, message);
        return None;
    }
    let given = fields.name(reader, "type")?;
    let found = TYPES.iter().find(|(spelling, _)| spelling.eq_ignore_ascii_case(given.trim()));
    if found.is_none() {
        let fix = did_you_mean(&given, TYPES.iter().map(|(spelling, _)| *spelling)).unwrap_or_else(|| {
            "the types are single, list, counter, imported_batch and lookup_catalog".to_owned()
        });
        reader.error_fix("unknown-type", &fields.at("type"), format!("unknown type '{given}'"), Some(fix));
    }
    found.map(|(_, kind)| *kind)
}

fn read_imported(reader: &mut Reader<'_>, fields: &Fields<'_>, name: Option<&str>) -> Option<AttributeKind> {
    let column = fields.name(reader, "column").or_else(|| name.map(str::to_owned));
    let sensitive = read_sensitive(reader, fields);
    Some(AttributeKind::Imported(Imported { column: column?, sensitive }))
}

fn read_catalog(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<AttributeKind> {
    let what = "a catalog attribute";
    let table = fields.required_name(reader, "catalog_table", what);
    let mut read_pairs = |key: &str| {
        let mut pairs = Vec::new();
        for (at, item) in fields.items(reader, key) {
            let Some(pair) =
                reader.fields(&at, item, "a catalog column", keys::of("attributes.catalog_columns"))
            else {
                continue;
            };
            let name = pair.required_name(reader, "name", "a catalog column");
            let kind = pair.name(reader, "type").unwrap_or_else(|| "string".to_owned());
            pairs.extend(name.map(|name| (name, kind)));
        }
        pairs
    };
    let columns = read_pairs("catalog_columns");
    let keys = read_pairs("lookup_keys");
    if fields.get("lookup_keys").is_none() {
        fields.missing(reader, "lookup_keys", what);
    }
    Some(AttributeKind::LookupCatalog(LookupCatalogSpec {
        lookup_catalog_table_name: table?,
        lookup_catalog_columns: columns
            .into_iter()
            .map(|(name, data_type)| CatalogColumn { name, data_type })
            .collect(),
        lookup_keys: keys.into_iter().map(|(id, kind)| LookupKey { id, kind }).collect(),
    }))
}

fn read_fed(reader: &mut Reader<'_>, fields: &Fields<'_>, kind: Type) -> Option<AttributeKind> {
    let event = fields.required_name(reader, "source_event", "an attribute");
    let filter = read_filter(reader, fields, FILTER);
    let common = Common {
        source: event.map(|event| EventSource { event, filter }),
        field: fields.name(reader, "source_field"),
        windows: read_windows(reader, fields),
        expiry: read_expiry(reader, fields),
        backfill: read_backfill(reader, fields),
    };
    let aggregation = read_aggregation(reader, fields, kind);
    let shaped = match (kind, aggregation?) {
        (Type::List, _) if fields.get("aggregations").is_some() => {
            read_long_list(reader, fields, common).map(AttributeKind::List)
        }
        (Type::Counter, aggregation) => {
            read_counter(reader, fields, common, aggregation == "sum").map(AttributeKind::Counter)
        }
        (Type::Single, "sum") => read_counter(reader, fields, common, true).map(AttributeKind::Counter),
        (Type::Single, "last") => read_single(reader, fields, common),
        (_, aggregation) => {
            let found = AGGREGATIONS.iter().find(|(spelling, _)| *spelling == aggregation);
            read_list(reader, fields, common, found.map_or(AggregationType::DistinctList, |(_, a)| *a))
                .map(AttributeKind::List)
        }
    }?;
    if !matches!(shaped, AttributeKind::Single(_)) && read_sensitive(reader, fields) == Some(true) {
        let message =
            format!("the platform has no mark for sensitive {} attributes; it is ignored", shaped.as_str());
        let key = fields.first_of(&["sensitive", "sensitivity"]).unwrap_or("sensitive");
        reader.warn("unused-field", &fields.at(key), message, None);
    }
    Some(shaped)
}

/// The aggregation in its own spelling; the type's default when absent.
fn read_aggregation(reader: &mut Reader<'_>, fields: &Fields<'_>, kind: Type) -> Option<&'static str> {
    let (name, fitting): (_, &[&'static str]) = match kind {
        Type::Single => ("single", &SINGLE),
        Type::List => ("list", &LIST),
        Type::Counter | Type::Imported | Type::LookupCatalog => ("counter", &COUNTER),
    };
    if fields.get("aggregation").is_none() {
        return fitting.first().copied();
    }
    let given = fields.name(reader, "aggregation")?;
    let found = fitting.iter().find(|spelling| spelling.eq_ignore_ascii_case(given.trim()));
    if found.is_none() {
        let fix = did_you_mean(&given, fitting.iter().copied())
            .unwrap_or_else(|| format!("a {name} attribute has {}", fitting.join(", ")));
        let message = format!("the aggregation '{given}' does not fit a {name} attribute");
        reader.error_fix("bad-aggregation", &fields.at("aggregation"), message, Some(fix));
    }
    found.copied()
}

fn read_single(reader: &mut Reader<'_>, fields: &Fields<'_>, common: Common) -> Option<AttributeKind> {
    let sensitive = read_sensitive(reader, fields);
    let data_type = read_data_type(reader, fields);
    let duration = one_window(reader, fields, &common.windows).or(common.expiry.and_then(Expiry::length));
    let field = need_field(reader, fields, common.field);
    Some(AttributeKind::Single(Single {
        source: common.source?,
        field: field?,
        data_type,
        duration,
        backfill: common.backfill,
        sensitive,
    }))
}

/// `data_type: string` or `number`.
fn read_data_type(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<DataType> {
    match fields.name(reader, "data_type")?.as_str() {
        "string" => Some(DataType::String),
        "number" => Some(DataType::Number),
        other => {
            let fix = did_you_mean(other, ["string", "number"]);
            let message = format!("'data_type' is string or number, not '{other}'");
            reader.error_fix("unknown-value", &fields.at("data_type"), message, fix);
            None
        }
    }
}

fn read_backfill(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<Backfill> {
    let value = fields.get("backfill")?;
    let backfill = reader.fields(&fields.at("backfill"), value, "'backfill'", &["attribute", "timestamp"])?;
    let attribute = backfill.required_name(reader, "attribute", "'backfill'");
    let timestamp = backfill.required_name(reader, "timestamp", "'backfill'");
    Some(Backfill { attribute_identifier: attribute?, timestamp_identifier: timestamp? })
}

/// `sensitive: true`, or the dialect's `sensitivity: sensitive | non-sensitive`.
fn read_sensitive(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<bool> {
    if fields.get("sensitive").is_some() {
        return fields.flag(reader, "sensitive");
    }
    match fields.get("sensitivity")? {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) if text.eq_ignore_ascii_case("sensitive") => Some(true),
        Value::String(text) if text.to_ascii_lowercase().replace('_', "-") == "non-sensitive" => Some(false),
        other => {
            reader.wrong_type(
                &fields.at("sensitivity"),
                "'sensitivity' is sensitive or non-sensitive",
                other,
            );
            None
        }
    }
}

/// Warns of the keys that only other types of attributes have.
fn unused_by(reader: &mut Reader<'_>, fields: &Fields<'_>, kind: &AttributeKind) {
    let (name, what) = match kind {
        AttributeKind::Single(_) => ("single", "a single attribute"),
        AttributeKind::List(_) => ("list", "a list attribute"),
        AttributeKind::Counter(_) => ("counter", "a counter"),
        AttributeKind::Imported(_) => ("imported_batch", "an imported attribute"),
        AttributeKind::LookupCatalog(_) => ("lookup_catalog", "a catalog attribute"),
    };
    let attribute = keys::mappings().iter().find(|mapping| mapping.path == "attributes");
    for key in attribute.iter().flat_map(|mapping| &mapping.keys) {
        if !key.types.is_empty() && !key.types.contains(&name) {
            unused(reader, fields, key.name, what);
        }
    }
}
