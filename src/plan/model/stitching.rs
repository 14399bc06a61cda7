//! ID stitching: which columns identify a profile.

use super::event::check_regex;
use crate::plan::keys;
use crate::plan::read::{Fields, Reader, name_of};
use crate::platform::keys::{KeyFilter, valid_regexp};
use crate::platform::wire::KeyColumn;
use serde_json::Value;

/// Which columns identify a profile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IdStitching {
    /// The main one; always among the stitching keys.
    pub primary_key: Option<String>,
    /// All of them, in the order of the plan.
    pub stitching_keys: Vec<StitchingKey>,
    /// The profile key column of the parent segment's master table. Once set it can't be changed.
    pub ext_lookup_key: Option<String>,
    /// Where it stands in the document (JSON pointer).
    pub at: String,
}

/// A stitching key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StitchingKey {
    /// Column of the event tables.
    pub name: String,
    /// A value that does not match is no id.
    pub valid_regex: Option<String>,
    /// A value that matches is no id.
    pub exclude_regex: Option<String>,
    /// Values that are no ids, as whole strings.
    pub invalid: Vec<String>,
    /// Where it stands in the document (JSON pointer).
    pub at: String,
}

impl StitchingKey {
    /// The wire form.
    pub fn to_wire(&self) -> KeyColumn {
        KeyColumn {
            name: self.name.clone(),
            valid_regexp: valid_regexp(self.valid_regex.as_deref(), self.exclude_regex.as_deref()),
            invalid_texts: self.invalid.clone(),
            internal: false,
            later: Default::default(),
        }
    }
}

impl IdStitching {
    /// The wire form of all keys.
    pub fn key_columns(&self) -> Vec<KeyColumn> {
        self.stitching_keys.iter().map(StitchingKey::to_wire).collect()
    }

    pub(super) fn read(reader: &mut Reader<'_>, at: &str, value: &Value) -> Option<IdStitching> {
        let fields = reader.fields(at, value, "'id_stitching'", keys::of("id_stitching"))?;
        let primary_key = fields.name(reader, "primary_key");
        let ext_lookup_key = fields.name(reader, "ext_lookup_key");
        let mut keys: Vec<StitchingKey> = Vec::new();
        for (at, item) in fields.items(reader, "stitching_keys") {
            let Some(key) = read_key(reader, &at, item) else { continue };
            if keys.iter().any(|known| known.name == key.name) {
                reader.error("duplicate-name", &at, format!("the stitching key '{}' occurs twice", key.name));
            } else {
                keys.push(key);
            }
        }
        add_primary(reader, &fields, primary_key.as_deref(), &mut keys);
        let is_other = fields.get("stitching_keys").is_some_and(|keys| !keys.is_array());
        if keys.is_empty() && ext_lookup_key.is_none() && !is_other {
            fields.missing(reader, "stitching_keys", "'id_stitching'");
        }
        Some(IdStitching { primary_key, stitching_keys: keys, ext_lookup_key, at: at.to_owned() })
    }
}

/// The primary key is a stitching key too; where the plan leaves it out, it comes first.
fn add_primary(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    primary: Option<&str>,
    keys: &mut Vec<StitchingKey>,
) {
    let Some(primary) = primary else { return };
    if keys.iter().any(|key| key.name == primary) {
        return;
    }
    let at = fields.at("primary_key");
    if !keys.is_empty() {
        let message = format!("the primary key '{primary}' is not among the stitching keys; it is added");
        reader.warn("primary-key-added", &at, message, None);
    }
    keys.insert(0, StitchingKey { name: primary.to_owned(), at, ..StitchingKey::default() });
}

fn read_key(reader: &mut Reader<'_>, at: &str, value: &Value) -> Option<StitchingKey> {
    if value.is_string() {
        let name = name_of(reader, at, value, "name")?;
        return Some(StitchingKey { name, at: at.to_owned(), ..StitchingKey::default() });
    }
    let fields = reader.fields(at, value, "a stitching key", keys::of("id_stitching.stitching_keys"))?;
    let name = fields.required_name(reader, "name", "a stitching key");
    let valid_regex = read_regex(reader, &fields, "valid_regex");
    let exclude_regex = read_regex(reader, &fields, "exclude_regex");
    let invalid = fields
        .items(reader, "invalid")
        .into_iter()
        .filter_map(|(at, item)| crate::plan::read::text_of(reader, &at, item, "invalid"))
        .collect();
    let key = StitchingKey { name: name?, valid_regex, exclude_regex, invalid, at: at.to_owned() };
    // The two patterns are good each for itself; together they are joined into one.
    if let Err(why) = KeyFilter::new(&key.to_wire()) {
        reader.error("bad-regex", at, why);
    }
    Some(key)
}

fn read_regex(reader: &mut Reader<'_>, fields: &Fields<'_>, key: &str) -> Option<String> {
    let pattern = fields.text(reader, key).filter(|pattern| !pattern.is_empty())?;
    check_regex(reader, &fields.at(key), pattern)
}
