//! The rules of `catalogPayload`.
//!
//! Source: the published validation rules of a payload (`catalogName`, `lookupAttributeId`,
//! `lookupColumn` and `outputName` are required; the attribute is a single or a list).

use super::{Attributes, Findings, Word};
use crate::platform::wire::{
    AttributeSpec, CatalogLookup, CatalogPayload, LookupCatalogSpec, PayloadDefinition,
};
use std::collections::HashSet;

/// All four fields are required. A counter or an imported attribute cannot drive a lookup (the
/// platform's `unsupported_attribute_type_for_lookup_catalog`).
pub(super) fn check(
    found: &mut Findings,
    at: &str,
    definition: &PayloadDefinition,
    attributes: &(impl Attributes + ?Sized),
    outputs: &mut HashSet<String>,
) {
    if let Some(CatalogPayload::Other(_)) = &definition.catalog_payload {
        let message = "the catalog payload must be null or a list of objects whose fields are strings";
        found.add(&format!("{at}/catalogPayload"), message.into());
    }
    let lookups = definition.catalog_payload.iter().flat_map(|payload| payload.lookups());
    for (index, lookup) in lookups.enumerate() {
        let at = format!("{at}/catalogPayload/{index}");
        found.output_name(&at, lookup.output_name.as_deref().unwrap_or_default(), outputs);
        if let Err((message, word)) = driver(lookup, attributes) {
            found.add_word(&format!("{at}/lookupAttributeId"), message, word);
        }
        match lookup.catalog_name.as_deref().filter(|name| !name.trim().is_empty()) {
            None => found.add(&format!("{at}/catalogName"), "the catalog name can't be blank".into()),
            Some(name) => match attributes.by_catalog(name).map(|attribute| &attribute.spec) {
                Some(AttributeSpec::LookupCatalog(spec)) => {
                    if let Err(message) = lookup_column(lookup, name, spec) {
                        found.add(&format!("{at}/lookupColumn"), message);
                    }
                }
                _ => {
                    let message = format!("there is no lookup catalog attribute of the catalog '{name}'");
                    found.add(&format!("{at}/catalogName"), message);
                }
            },
        }
    }
}

/// The attribute that drives a lookup exists and is a single or a list.
fn driver(
    lookup: &CatalogLookup,
    attributes: &(impl Attributes + ?Sized),
) -> Result<(), (String, Option<Word>)> {
    let id = lookup.lookup_attribute_id.as_deref().unwrap_or_default();
    if id.trim().is_empty() {
        return Err(("the lookup attribute id can't be blank".into(), None));
    }
    let missing = || (format!("there is no real-time attribute with the id {id}"), None);
    let attribute = attributes.by_id(id).ok_or_else(missing)?;
    if drives(&attribute.spec) {
        return Ok(());
    }
    let (name, kind) = (&attribute.name, attribute.spec.kind());
    let message =
        format!("the {kind} attribute '{name}' can't drive a catalog lookup; a single or a list can");
    Err((message, Some(("lookup_attribute_id", "unsupported_attribute_type_for_lookup_catalog"))))
}

/// Whether an attribute of this kind can drive a catalog lookup.
pub fn drives(spec: &AttributeSpec) -> bool {
    matches!(spec, AttributeSpec::Single(_) | AttributeSpec::List(_))
}

/// The lookup column is one of the catalog's lookup keys; where a catalog says none, any of its
/// columns (our choice).
fn lookup_column(lookup: &CatalogLookup, catalog: &str, spec: &LookupCatalogSpec) -> Result<(), String> {
    let column = lookup.lookup_column.as_deref().unwrap_or_default();
    if column.trim().is_empty() {
        return Err("the lookup column can't be blank".into());
    }
    let keys: Vec<&str> = spec.lookup_keys.iter().map(|key| key.id.as_str()).collect();
    if keys.is_empty() || keys.contains(&column) {
        return Ok(());
    }
    Err(format!("'{column}' is no lookup key of the catalog '{catalog}'; it has {}", keys.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::super::tests::messages;
    use serde_json::{Value, json};

    fn lookup(change: Value) -> Value {
        let mut item = json!({"catalogName": "Offers", "lookupAttributeId": "1", "lookupColumn": "product_id",
            "outputName": "o"});
        item.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        json!({"catalogPayload": [item]})
    }

    #[test]
    fn a_catalog_lookup_needs_all_four_fields() {
        for change in [
            json!({}),
            json!({"catalogName": "offers"}),
            json!({"lookupAttributeId": "2"}),
            json!({"later": 1}),
        ] {
            assert!(messages(lookup(change.clone())).is_empty(), "{change}");
        }
        for (change, part) in [
            (json!({"catalogName": " "}), "catalog name can't be blank"),
            (json!({"catalogName": null}), "catalog name can't be blank"),
            (json!({"catalogName": "tier"}), "no lookup catalog attribute of the catalog 'tier'"),
            (json!({"lookupAttributeId": ""}), "lookup attribute id can't be blank"),
            (json!({"lookupAttributeId": "77"}), "no real-time attribute with the id 77"),
            (json!({"lookupAttributeId": "3"}), "the counter attribute 'views' can't drive"),
            (json!({"lookupAttributeId": "4"}), "the imported attribute 'tier' can't drive"),
            (json!({"lookupAttributeId": "5"}), "the lookupCatalog attribute 'Offers' can't drive"),
            (json!({"lookupColumn": ""}), "lookup column can't be blank"),
            (json!({"lookupColumn": "discount"}), "no lookup key of the catalog 'Offers'; it has product_id"),
            (json!({"outputName": ""}), "output name can't be blank"),
            (json!({"lookupAttributeId": 1}), "must be null or a list of objects"),
        ] {
            let found = messages(lookup(change.clone()));
            assert!(found.len() == 1 && found[0].contains(part), "{change}: {found:?}");
        }
        let mut both = lookup(json!({}));
        both["stringBuilder"] = json!([{"outputName": "o", "values": [{"type": "String", "value": "x"}]}]);
        assert!(messages(both)[0].contains("occurs twice in this section"));
    }

    #[test]
    fn a_catalog_may_answer_one_column() {
        let item = |sub: Value| {
            let item = json!({"realtimeAttributeId": "5", "subAttributeIdentifier": sub, "outputName": "a"});
            messages(json!({"attributePayload": [item]}))
        };
        assert_eq!((item(Value::Null), item(json!("discount"))), (vec![], vec![]));
        assert_eq!(item(json!("price")), ["'price' is no column of 'Offers'; it has discount"]);
    }
}
