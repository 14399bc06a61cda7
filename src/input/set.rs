//! `--set FIELD=VALUE`: fields of a plan that have no flag of their own.

use crate::error::{Code, Error};
use crate::plan::{Document, keys, nearest};
use clap::Args;
use serde_json::{Map, Number, Value};

/// Fields of a plan as flags.
#[derive(Debug, Clone, Default, Args)]
pub struct SetArgs {
    /// Any other field that a plan has for what the flags name: a value, or a YAML list or mapping
    #[arg(long = "set", value_name = "FIELD=VALUE", value_parser = super::parse_pair)]
    fields: Vec<(String, String)>,
}

/// Mappings that fields are set on: where a plan has them, and the mappings themselves.
pub struct Target<'t> {
    /// As [`keys::mappings`] names it, for example `attributes`.
    pub path: &'static str,
    /// What stands before a field of it that another target has too.
    pub prefix: &'static str,
    /// The items that the flags name.
    pub items: Vec<&'t mut Map<String, Value>>,
}

impl SetArgs {
    /// Puts the fields where they belong.
    ///
    /// # Errors
    /// A field that no plan has there, a value that is no YAML, and flags that name nothing.
    pub fn put(&self, goes_with: &str, mut targets: Vec<Target<'_>>) -> Result<(), Error> {
        if !self.fields.is_empty() && targets.iter().all(|target| target.items.is_empty()) {
            return Err(Error::new(Code::Usage, format!("--set goes with {goes_with}")));
        }
        for (field, text) in &self.fields {
            let value = value(field, text)?;
            let place = targets.iter_mut().find_map(|target| {
                let key = match target.prefix {
                    "" => field.as_str(),
                    prefix => field.strip_prefix(prefix).unwrap_or(field),
                };
                keys::of(target.path).contains(&key).then_some((key, target))
            });
            let Some((key, target)) = place else {
                let known = targets.iter().flat_map(|target| keys::of(target.path)).copied();
                let near = nearest(field, known.clone()).map(|near| format!("did you mean '{near}'?"));
                let hint = near
                    .unwrap_or_else(|| format!("the fields are {}", known.collect::<Vec<_>>().join(", ")));
                return Err(
                    Error::new(Code::Usage, format!("--set: a plan has no field '{field}' here")).hint(hint)
                );
            };
            for item in &mut target.items {
                item.insert(key.to_owned(), value.clone());
            }
        }
        Ok(())
    }
}

/// What a value says: a list or a mapping in YAML, `true`, `false`, `null`, a plain whole number, or
/// else the string as it stands.
fn value(field: &str, text: &str) -> Result<Value, Error> {
    if text.starts_with(['[', '{']) {
        let read = Document::parse(&format!("value: {text}\n"), "--set");
        let found = read.ok().and_then(|document| document.as_written("value"));
        return found.ok_or_else(|| {
            Error::new(Code::Usage, format!("--set {field}: '{text}' is no list or mapping in YAML"))
                .hint("write lists as [a, b] and mappings as {key: value}")
        });
    }
    let number = text.parse::<i64>().ok().filter(|number| number.to_string() == text);
    Ok(match (text, number) {
        ("true", _) => true.into(),
        ("false", _) => false.into(),
        ("null", _) => Value::Null,
        (_, Some(number)) => Value::Number(Number::from(number)),
        _ => text.into(),
    })
}

/// The mappings of a list of items.
pub fn mappings(items: &mut [Value]) -> Vec<&mut Map<String, Value>> {
    items.iter_mut().filter_map(Value::as_object_mut).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_is_yaml_where_it_looks_like_it_and_else_itself() {
        for (text, expected) in [
            ("7", json!(7)),
            ("007", json!("007")),
            ("1.10", json!("1.10")),
            ("24h", json!("24h")),
            ("true", json!(true)),
            ("a > 1 # not a comment: b", json!("a > 1 # not a comment: b")),
            ("[24h, 7d]", json!(["24h", "7d"])),
            ("[1.10, 1e3, +5, 0x1F, 7]", json!(["1.10", "1e3", "+5", "0x1F", 7])),
            ("{tel: +15550100, price: 9.90, n: 3}", json!({"tel": "+15550100", "price": "9.90", "n": 3})),
            ("{attribute: a, timestamp: b}", json!({"attribute": "a", "timestamp": "b"})),
            ("", json!("")),
        ] {
            assert_eq!(value("x", text).unwrap(), expected, "{text}");
        }
        assert!(value("x", "[a").is_err());
    }
}
