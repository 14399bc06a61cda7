//! The personalization service and its sections.

use crate::plan::criteria::Expr;
use crate::plan::nearest::did_you_mean;
use crate::plan::read::{Fields, Reader, name_of, text_of};
use crate::platform::limits::OUTPUT_NAME_CHARACTERS;
use serde_json::Value;
use std::collections::HashSet;

const KEYS: [&str; 6] = ["name", "description", "trigger_event", "public", "sections", "only"];
const SECTION_KEYS: [&str; 8] = [
    "name",
    "criteria",
    "attributes",
    "strings",
    "batch_segments",
    "description",
    "include_sensitive",
    "trigger_event",
];
const OUTPUT_KEYS: [&str; 3] = ["name", "as", "sub"];

/// The personalization service, and the entity of the same name.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonalizationService {
    /// Unique within the parent segment.
    pub name: String,
    /// Free text.
    pub description: Option<String>,
    /// Name of the key event that triggers its sections; `None` for a service alone.
    pub trigger_event: Option<String>,
    /// Whether browsers may use its tokens.
    pub public: Option<bool>,
    /// Tried in order.
    pub sections: Vec<Section>,
    /// Whether only one half of it is wanted.
    pub only: Option<Only>,
    /// Where it stands in the document (JSON pointer).
    pub at: String,
}

/// One half of a personalization. The platform keeps service and entity apart; what a console made
/// need not have both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    /// The service that owns the tokens.
    Service,
    /// The entity with the sections.
    Entity,
}

/// A section: who gets what.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Unique within the service; the key of its offer in a response.
    pub name: String,
    /// Name of the key event that triggers it: its own, else its service's.
    pub trigger_event: String,
    /// Who gets it.
    pub criteria: Expr,
    /// The same as its author wrote it.
    pub criteria_text: String,
    /// Whether the plan says who gets it; when not, what is there stays, and a new section is for
    /// everyone.
    pub criteria_said: bool,
    /// Attributes in the response.
    pub attributes: Vec<Output>,
    /// Fixed texts in the response: output name and text, in order.
    pub strings: Vec<(String, String)>,
    /// Names or ids of batch segments whose membership is answered.
    pub batch_segments: Vec<String>,
    /// Free text; becomes the description of the entry criteria.
    pub description: Option<String>,
    /// Whether sensitive attributes are answered.
    pub include_sensitive: Option<bool>,
    /// Where it stands in the document (JSON pointer).
    pub at: String,
}

/// An attribute in a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Name of the attribute.
    pub attribute: String,
    /// Its name in the response; the attribute's name when the plan does not say.
    pub output_name: String,
    /// `subAttributeIdentifier`; [`super::default_sub`] when absent.
    pub sub: Option<String>,
    /// Where it stands in the document (JSON pointer).
    pub at: String,
}

impl PersonalizationService {
    pub(super) fn read(reader: &mut Reader<'_>, at: &str, value: &Value) -> Option<Self> {
        let what = "'personalization_service'";
        let fields = reader.fields(at, value, what, &KEYS)?;
        let name = fields.required_name(reader, "name", what);
        let only = read_only(reader, &fields);
        let trigger_event = match only {
            Some(Only::Service) => None,
            _ => fields.required_name(reader, "trigger_event", what),
        };
        let description = fields.text(reader, "description");
        let public = fields.flag(reader, "public");
        let items = fields.items(reader, "sections");
        if only != Some(Only::Service)
            && items.is_empty()
            && fields.get("sections").is_none_or(Value::is_array)
        {
            reader.error("missing-field", at, format!("{what} needs at least one section in 'sections'"));
        }
        let mut names = HashSet::new();
        let mut sections = Vec::new();
        for (at, item) in items {
            let Some(section) = Section::read(reader, &at, item, trigger_event.as_deref()) else { continue };
            if !names.insert(section.name.clone()) {
                let message = format!("the section name '{}' occurs twice", section.name);
                reader.error("duplicate-name", &format!("{at}/name"), message);
            }
            sections.push(section);
        }
        warn_unreachable(reader, &sections);
        let at = at.to_owned();
        let name = name?;
        if trigger_event.is_none() && only != Some(Only::Service) {
            return None;
        }
        Some(PersonalizationService { name, description, trigger_event, public, sections, only, at })
    }

    /// Whether the service that owns the tokens is wanted.
    pub fn wants_service(&self) -> bool {
        self.only != Some(Only::Entity)
    }

    /// Whether the entity with the sections is wanted.
    pub fn wants_entity(&self) -> bool {
        self.only != Some(Only::Service)
    }
}

/// `only: service` or `only: entity`.
fn read_only(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<Only> {
    match fields.name(reader, "only")?.as_str() {
        "service" => Some(Only::Service),
        "entity" => Some(Only::Entity),
        other => {
            let fix = did_you_mean(other, ["service", "entity"]);
            let message = format!("'only' is service or entity, not '{other}'");
            reader.error_fix("unknown-value", &fields.at("only"), message, fix);
            None
        }
    }
}

/// Sections are tried in order, so nothing reaches those behind one that takes everyone.
fn warn_unreachable(reader: &mut Reader<'_>, sections: &[Section]) {
    let Some(first) = sections.iter().position(|section| section.criteria.is_everything()) else { return };
    for section in sections.iter().skip(first + 1) {
        let message = format!(
            "nobody reaches the section '{}': '{}' before it takes everyone",
            section.name,
            sections.get(first).map_or("", |section| section.name.as_str())
        );
        let fix = Some("put the section without criteria last".into());
        reader.warn("unreachable-section", &section.at, message, fix);
    }
}

impl Section {
    fn read(reader: &mut Reader<'_>, at: &str, value: &Value, trigger: Option<&str>) -> Option<Self> {
        let fields = reader.fields(at, value, "a section", &SECTION_KEYS)?;
        let name = fields.required_name(reader, "name", "a section");
        let trigger_event =
            fields.name(reader, "trigger_event").or_else(|| trigger.map(str::to_owned)).unwrap_or_default();
        let criteria = super::read_criteria(reader, &fields, "criteria");
        let criteria_text = fields.get("criteria").and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut outputs = Outputs::default();
        let attributes = read_attributes(reader, &fields, &mut outputs);
        let strings = read_strings(reader, &fields, &mut outputs);
        let batch_segments = fields
            .items(reader, "batch_segments")
            .into_iter()
            .filter_map(|(at, item)| name_of(reader, &at, item, "a batch segment"))
            .collect();
        if fields.get("attributes").is_none_or(is_empty) && fields.get("strings").is_none_or(is_empty) {
            let message =
                "a section needs at least one attribute or string; batch segments alone are not enough";
            reader.error("empty-section", at, message);
        }
        let description = fields.text(reader, "description");
        let include_sensitive = fields.flag(reader, "include_sensitive");
        Some(Section {
            name: name?,
            trigger_event,
            criteria: criteria?,
            criteria_text,
            criteria_said: fields.get("criteria").is_some(),
            attributes,
            strings,
            batch_segments,
            description,
            include_sensitive,
            at: at.to_owned(),
        })
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

fn read_attributes(reader: &mut Reader<'_>, fields: &Fields<'_>, outputs: &mut Outputs) -> Vec<Output> {
    let mut attributes = Vec::new();
    for (at, item) in fields.items(reader, "attributes") {
        let Some((output, name_at)) = read_output(reader, &at, item) else { continue };
        outputs.check(reader, &name_at, &output.output_name);
        attributes.push(output);
    }
    attributes
}

/// A name, or `{name, as, sub}`. The second part is where the output name stands.
fn read_output(reader: &mut Reader<'_>, at: &str, value: &Value) -> Option<(Output, String)> {
    if !value.is_object() {
        let attribute = name_of(reader, at, value, "an attribute")?;
        let output_name = attribute.clone();
        return Some((Output { attribute, output_name, sub: None, at: at.to_owned() }, at.to_owned()));
    }
    let fields = reader.fields(at, value, "an attribute of a section", &OUTPUT_KEYS)?;
    let attribute = fields.required_name(reader, "name", "an attribute of a section")?;
    let output_name = fields.text(reader, "as");
    let sub = fields.name(reader, "sub");
    let name_at = fields.at(if output_name.is_some() { "as" } else { "name" });
    let output_name = output_name.unwrap_or_else(|| attribute.clone());
    Some((Output { attribute, output_name, sub, at: at.to_owned() }, name_at))
}

/// `{output name: text}`.
fn read_strings(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    outputs: &mut Outputs,
) -> Vec<(String, String)> {
    let Some(value) = fields.get("strings") else { return Vec::new() };
    let Value::Object(map) = value else {
        if !is_empty(value) {
            reader.wrong_type(
                &fields.at("strings"),
                "'strings' is a mapping of output names to texts",
                value,
            );
        }
        return Vec::new();
    };
    let mut strings = Vec::new();
    for (name, value) in map {
        let at = format!("{}/{}", fields.at("strings"), crate::plan::tree::escape(name));
        outputs.check(reader, &at, name);
        let Some(text) = text_of(reader, &at, value, name) else { continue };
        if text.contains("{{") || text.contains("}}") {
            reader.error("bad-string", &at, "a text must not contain {{ or }}");
        }
        strings.push((name.clone(), text));
    }
    strings
}
