//! Sections: who gets what.

use super::event::{FilterKeys, read_filter};
use crate::plan::criteria::Expr;
use crate::plan::keys;
use crate::plan::read::{Fields, Reader, name_of, text_of};
use crate::plan::tree::escape;
use crate::plan::wire_rule;
use crate::platform::limits::OUTPUT_NAME_CHARACTERS;
use crate::platform::rule::Rule;
use serde_json::Value;
use std::collections::HashSet;

const TRIGGER_FILTER: FilterKeys = FilterKeys { filter: "trigger_filter", criteria: "trigger_where" };

/// A section: who gets what.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Unique within the service; the key of its offer in a response.
    pub name: String,
    /// The name that it had, for a section that is live under that one.
    pub renamed_from: Option<String>,
    /// Name of the key event that triggers it: its own, else its service's.
    pub trigger_event: String,
    /// Which of its events count; when the plan does not say, the live value stays, and a new
    /// section takes all.
    pub trigger_filter: Option<Rule>,
    /// Who gets it; no profile where it is written as a rule.
    pub criteria: Expr,
    /// Who gets it as the wire's rule, for what the language has no words for. Attributes are
    /// named: `realtimeAttribute` in the place of `realtimeAttributeId`.
    pub criteria_rule: Option<Value>,
    /// The same as its author wrote it.
    pub criteria_text: String,
    /// Whether the plan says who gets it; when not, the live value stays, and a new section is for
    /// everyone.
    pub criteria_given: bool,
    /// Attributes in the response.
    pub attributes: Vec<SectionOutput>,
    /// Strings in the response: output name and the parts of the string, in order.
    pub strings: Vec<(String, Vec<String>)>,
    /// Catalog rows in the response; when the plan does not say, the live ones stay.
    pub catalogs: Option<Vec<CatalogOutput>>,
    /// Names or ids of batch segments whose membership is answered.
    pub batch_segments: Vec<String>,
    /// Name of the entry criteria; the section's name when the plan does not say.
    pub entry_name: Option<String>,
    /// Free text; becomes the description of the entry criteria.
    pub description: Option<String>,
    /// Whether profiles that the batch layer does not know take part.
    pub accept_unknown_profiles: Option<bool>,
    /// Name of the response node; `Response` when the plan does not say.
    pub response_name: Option<String>,
    /// Free text of the response node.
    pub response_description: Option<String>,
    /// Whether sensitive attributes are answered.
    pub include_sensitive: Option<bool>,
    /// Where it stands in the document (JSON pointer).
    pub at: String,
}

/// An attribute in a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionOutput {
    /// Name of the attribute.
    pub attribute: String,
    /// Its name in the response; the attribute's name when the plan does not say.
    pub output_name: String,
    /// `subAttributeIdentifier`; [`super::default_sub`] when absent.
    pub sub: Option<String>,
    /// Where it stands in the document (JSON pointer).
    pub at: String,
}

/// Rows of a catalog in a response, looked up by an attribute's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogOutput {
    /// The catalog.
    pub catalog: String,
    /// Name of the attribute whose value is looked up.
    pub attribute: String,
    /// The column of the catalog that holds the value.
    pub column: String,
    /// Its name in the response; the catalog's when the plan does not say.
    pub output_name: String,
    /// Where it stands in the document (JSON pointer).
    pub at: String,
}

impl Section {
    pub(super) fn read(
        reader: &mut Reader<'_>,
        at: &str,
        value: &Value,
        trigger: Option<&str>,
    ) -> Option<Self> {
        let fields = reader.fields(at, value, "a section", keys::of("personalization_service.sections"))?;
        let name = fields.required_name(reader, "name", "a section");
        let renamed_from = fields.name(reader, "renamed_from");
        let trigger_event =
            fields.name(reader, "trigger_event").or_else(|| trigger.map(str::to_owned)).unwrap_or_default();
        let criteria_rule = fields.get("criteria").filter(|rule| rule.is_object()).cloned();
        let criteria = match &criteria_rule {
            Some(rule) => {
                reader.take(wire_rule::check(rule, &fields.at("criteria")));
                reader.check_digits(&fields.at("criteria"), rule);
                Some(Expr::Or(Vec::new()))
            }
            None => super::read_criteria(reader, &fields, "criteria"),
        };
        let criteria_text = fields.get("criteria").and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut outputs = Outputs::default();
        let attributes = read_attributes(reader, &fields, &mut outputs);
        let strings = read_strings(reader, &fields, &mut outputs);
        let catalogs = read_catalogs(reader, &fields, &mut outputs);
        let batch_segments = fields
            .items(reader, "batch_segments")
            .into_iter()
            .filter_map(|(at, item)| name_of(reader, &at, item, "a batch segment"))
            .collect();
        if ["attributes", "strings", "catalogs"].iter().all(|key| fields.get(key).is_none_or(is_empty)) {
            let message =
                "a section needs at least one attribute or string; batch segments alone are not enough";
            reader.error("empty-section", at, message);
        }
        let description = fields.text(reader, "description");
        Some(Section {
            name: name?,
            renamed_from,
            trigger_event,
            trigger_filter: read_trigger_filter(reader, &fields),
            criteria: criteria?,
            criteria_rule,
            criteria_text,
            criteria_given: fields.get("criteria").is_some(),
            attributes,
            strings,
            catalogs,
            batch_segments,
            entry_name: fields.text(reader, "entry_name"),
            description,
            accept_unknown_profiles: fields.flag(reader, "accept_unknown_profiles"),
            response_name: fields.text(reader, "response_name"),
            response_description: fields.text(reader, "response_description"),
            include_sensitive: fields.flag(reader, "include_sensitive"),
            at: at.to_owned(),
        })
    }

    /// Whether no visitor is left for the sections after it.
    pub fn takes_everyone(&self) -> bool {
        self.criteria_rule.is_none() && self.criteria.is_everything()
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

/// Output names of a section; unique over all kinds of payload.
#[derive(Default)]
struct Outputs(HashSet<String>);

impl Outputs {
    fn check(&mut self, reader: &mut Reader<'_>, at: &str, name: &str) {
        let length = name.chars().count();
        if name.trim().is_empty() {
            reader.error("output-name", at, "an output name can't be blank");
        } else if length > OUTPUT_NAME_CHARACTERS {
            let message =
                format!("the output name has {length} characters; the limit is {OUTPUT_NAME_CHARACTERS}");
            reader.error("output-name", at, message);
        } else if !self.0.insert(name.to_owned()) {
            let message = format!("the output name '{name}' occurs twice in this section");
            reader.error_fix(
                "output-name",
                at,
                message,
                Some("give one of them another name with 'as'".into()),
            );
        }
    }
}

fn read_attributes(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    outputs: &mut Outputs,
) -> Vec<SectionOutput> {
    let mut attributes = Vec::new();
    for (at, item) in fields.items(reader, "attributes") {
        let Some((output, name_at)) = read_output(reader, &at, item) else { continue };
        outputs.check(reader, &name_at, &output.output_name);
        attributes.push(output);
    }
    attributes
}

/// A name, or `{name, as, sub}`. The second part is where the output name stands.
fn read_output(reader: &mut Reader<'_>, at: &str, value: &Value) -> Option<(SectionOutput, String)> {
    if !value.is_object() {
        let attribute = name_of(reader, at, value, "an attribute")?;
        let output_name = attribute.clone();
        return Some((SectionOutput { attribute, output_name, sub: None, at: at.to_owned() }, at.to_owned()));
    }
    let fields = reader.fields(
        at,
        value,
        "an attribute of a section",
        keys::of("personalization_service.sections.attributes"),
    )?;
    let attribute = fields.required_name(reader, "name", "an attribute of a section")?;
    let output_name = fields.text(reader, "as");
    let sub = fields.name(reader, "sub");
    let name_at = fields.at(if output_name.is_some() { "as" } else { "name" });
    let output_name = output_name.unwrap_or_else(|| attribute.clone());
    Some((SectionOutput { attribute, output_name, sub, at: at.to_owned() }, name_at))
}

/// `{output name: string}`; a list of strings is joined.
fn read_strings(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    outputs: &mut Outputs,
) -> Vec<(String, Vec<String>)> {
    let Some(value) = fields.get("strings") else { return Vec::new() };
    let Value::Object(map) = value else {
        if !is_empty(value) {
            reader.wrong_type(
                &fields.at("strings"),
                "'strings' is a mapping of output names to strings",
                value,
            );
        }
        return Vec::new();
    };
    let mut strings = Vec::new();
    for (name, value) in map {
        let at = format!("{}/{}", fields.at("strings"), escape(name));
        let before = reader.findings.len();
        outputs.check(reader, &at, name);
        if value.is_string()
            && keys::is_too_deep(name, keys::of("personalization_service.sections"), |key| {
                fields.get(key).is_some()
            })
        {
            let message = format!("'{name}' is a key of a section, and is among its strings");
            let fix = format!("indent it as 'strings' is; an output of this name is written {name}: ['…']");
            reader.error_fix("unknown-key", &at, message, Some(fix));
        }
        if reader.findings.len() > before {
            reader.move_to_key(&at);
        }
        strings.extend(read_text(reader, &at, name, value).map(|parts| (name.clone(), parts)));
    }
    strings
}

/// A string, or a list of strings that are joined.
fn read_text(reader: &mut Reader<'_>, at: &str, name: &str, value: &Value) -> Option<Vec<String>> {
    let parts = match value {
        Value::Array(parts) => {
            let at = |index: usize| format!("{at}/{index}");
            let read = parts.iter().enumerate().map(|(index, part)| text_of(reader, &at(index), part, name));
            read.collect::<Option<Vec<_>>>()?
        }
        one => vec![text_of(reader, at, one, name)?],
    };
    if parts.is_empty() {
        reader.error("bad-string", at, "a list of strings needs at least one");
    }
    if let Some(index) = parts.iter().position(|text| text.contains("{{") || text.contains("}}")) {
        let item = format!("{at}/{index}");
        let at = if value.is_array() { &item } else { at };
        reader.error("bad-string", at, "a string must not contain {{ or }}");
    }
    Some(parts)
}

/// `catalogs: [{catalog, attribute, column, as}]`.
fn read_catalogs(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    outputs: &mut Outputs,
) -> Option<Vec<CatalogOutput>> {
    fields.get("catalogs")?;
    let what = "a catalog of a section";
    let mut catalogs = Vec::new();
    for (at, item) in fields.items(reader, "catalogs") {
        let Some(item) =
            reader.fields(&at, item, what, keys::of("personalization_service.sections.catalogs"))
        else {
            continue;
        };
        let catalog = item.required_name(reader, "catalog", what);
        let attribute = item.required_name(reader, "attribute", what);
        let column = item.required_name(reader, "column", what);
        let output_name = item.text(reader, "as");
        let name_at = item.at(if output_name.is_some() { "as" } else { "catalog" });
        let (Some(catalog), Some(attribute), Some(column)) = (catalog, attribute, column) else { continue };
        let output_name = output_name.unwrap_or_else(|| catalog.clone());
        outputs.check(reader, &name_at, &output_name);
        catalogs.push(CatalogOutput { catalog, attribute, column, output_name, at });
    }
    Some(catalogs)
}

/// `trigger_filter` and `trigger_where`, written like a key event's `filter` and `where`.
fn read_trigger_filter(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<Rule> {
    fields.first_of(&[TRIGGER_FILTER.filter, TRIGGER_FILTER.criteria])?;
    Some(read_filter(reader, fields, TRIGGER_FILTER))
}
