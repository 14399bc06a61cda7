//! Filters of `--jq`, and their check against the schemas of output: an error has a place in the filter, and the same
//! filter always has the same.

use serde_json::Value;
use std::sync::LazyLock;
use tdx_rt::cli::PROGRAM;
use tdx_rt::jq::{Filter, Known, Mismatch};

static SCHEMAS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let names = ["ps-check", "rt-events list", "apply", "pz-test", "undo list"];
    names.iter().map(|name| PROGRAM.schemas.of(name).unwrap_or_else(|| panic!("{name}"))).collect()
});

pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let arguments = [("name".to_owned(), Value::from("x"))];
    let filter = match Filter::compile(text, &arguments) {
        Ok(filter) => filter,
        Err(error) => {
            assert!(text.get(error.offset..).is_some(), "{error} at {} of {text:?}", error.offset);
            assert!(error.excerpt.chars().count() < 300, "{error}");
            assert!(!error.message.starts_with("internal error"), "{error} of {text:?}");
            return;
        }
    };
    let document = serde_json::json!({"id": "1", "extra": [{"more": null}]});
    for schema in SCHEMAS.iter() {
        for known in [Known::Open, Known::Document(Some(&document)), Known::Document(None)] {
            let mismatch = filter.check(schema, &known);
            assert_eq!(mismatch, filter.check(schema, &known), "{text:?}");
            match mismatch {
                Ok(()) => {}
                Err(Mismatch::Field(field)) => {
                    let span = field.span.clone().unwrap_or(0..0);
                    assert!(span.is_empty() || text.get(span) == Some(&field.name), "{field:?} of {text:?}");
                }
                Err(Mismatch::Kind(kind)) => assert!(!kind.to_string().is_empty()),
            }
        }
    }
}
