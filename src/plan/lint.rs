//! Every finding about a text that needs no platform: what [`Plan::read`] finds, and advice
//! that only `tdx-rt validate` gives.

use super::body;
use super::document::Document;
use super::finding::{Finding, Mend, Severity};
use super::model::{Attribute, AttributeKind, Plan, Section};
use super::read::Reader;
use super::words::{free_name, safe_identifier};
use crate::platform::limits::{ATTRIBUTES_PER_PROFILE, is_table_name};
use std::collections::HashSet;

/// Attributes of a response up to which the platform's latency is promised.
const PROMISED_ATTRIBUTES: usize = 20;

/// A text with everything that was found in it.
#[derive(Debug)]
pub struct Report {
    /// The document, when the text could be read at all.
    pub document: Option<Document>,
    /// The plan as far as it could be read, when it is one.
    pub plan: Option<Plan>,
    /// In the order of the text.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Adds findings about the plan that have no position yet.
    pub fn add(&mut self, findings: Vec<Finding>) {
        let Some(document) = &self.document else { return };
        let placed = findings.into_iter().map(|finding| document.placed(finding)).collect();
        self.add_placed(placed);
    }

    /// Adds findings that have their place. One that exists at the same place is not added
    /// again.
    pub fn add_placed(&mut self, findings: Vec<Finding>) {
        let known = |new: &Finding| {
            let place = |finding: &Finding| (finding.code, finding.line, finding.column);
            self.findings.iter().any(|old| place(old) == place(new) && old.pointer == new.pointer)
        };
        let new: Vec<Finding> = findings.into_iter().filter(|finding| !known(finding)).collect();
        self.findings.extend(new);
        sort(&mut self.findings);
    }

    /// Drops warnings that a later rule has answered.
    pub fn settle(&mut self, codes: &[&str]) {
        self.findings.retain(|finding| finding.severity == Severity::Error || !codes.contains(&finding.code));
    }
}

fn sort(findings: &mut [Finding]) {
    findings.sort_by_key(|finding| (finding.line.unwrap_or(usize::MAX), finding.column));
}

/// Reads and checks a text: a plan in any dialect, or the body of a request.
pub fn validate(text: &str, origin: &str) -> Report {
    let document = match Document::parse(text, origin) {
        Ok(document) => document,
        Err(error) => return Report { document: None, plan: None, findings: error.findings },
    };
    let mut read = None;
    let mut findings = if document.body().is_some() {
        body::check(&document)
    } else if let Some(what) = printed(&document) {
        let message = format!("this is {what}, not a plan");
        vec![Finding::new("not-a-plan", Severity::Error, "", message).with_position(Some((1, 1)))]
    } else {
        let (plan, mut findings) = Plan::examine(&document);
        if !Plan::is_in(&document.root) {
            findings.push(no_plan());
        }
        let mut reader = Reader::new(&document);
        advise(&mut reader, &plan);
        findings.extend(reader.findings.into_iter().map(|finding| document.sourced(finding)));
        read = Some(plan);
        findings
    };
    sort(&mut findings);
    Report { document: Some(document), plan: read, findings }
}

/// A mapping with nothing of a plan in it.
pub(super) fn no_plan() -> Finding {
    let fix = "a plan has, for example, 'events', 'attributes' or 'personalization_service'; the body of a key event has name, databaseName, tableName and filterRule".to_owned();
    Finding::new("not-a-plan", Severity::Error, "", "nothing here is a part of a plan")
        .with_position(Some((1, 1)))
        .with_fix(Some(fix))
}

/// What a command has printed that is no document for another one.
fn printed(document: &Document) -> Option<&'static str> {
    let has = |key: &str| document.root.contains_key(key);
    if document.root.get("dry_run") == Some(&true.into()) {
        Some("what a dry run prints")
    } else if has("rt_status") && has("id") && !has("parent_segment") {
        Some("what ps-check prints")
    } else {
        None
    }
}

fn advise(reader: &mut Reader<'_>, plan: &Plan) {
    identifiers(reader, plan);
    lookup_key(reader, plan);
    tables(reader, plan);
    let fed = plan.attributes.iter().filter(|attribute| attribute.source().is_some()).count();
    if fed > ATTRIBUTES_PER_PROFILE {
        let message = format!(
            "the plan has {fed} attributes; a profile has values of at most {ATTRIBUTES_PER_PROFILE}"
        );
        reader.warn("many-attributes", "/attributes", message, None);
    }
    for section in plan.personalizations.iter().flat_map(|service| &service.sections) {
        answers(reader, plan, section);
    }
}

/// The published workflow takes a stitching key, and the platform takes what it is given, for good.
fn lookup_key(reader: &mut Reader<'_>, plan: &Plan) {
    let Some(stitching) = &plan.id_stitching else { return };
    let Some(lookup) = &stitching.ext_lookup_key else { return };
    // What a step has printed comes from the master table itself.
    if reader.document().root.contains_key("site") {
        return;
    }
    if stitching.stitching_keys.iter().any(|key| key.name == *lookup) {
        let message = format!(
            "'{lookup}' is a stitching key too; this must be the profile key column of the master table"
        );
        let fix = "compare it with `.master` of the parent segment: it cannot be changed later".to_owned();
        reader.warn(
            "lookup-is-stitching-key",
            &format!("{}/ext_lookup_key", stitching.at),
            message,
            Some(fix),
        );
    }
}

/// An identifier made from a name is our choice; it should be in the plan before anything relies on it.
fn identifiers(reader: &mut Reader<'_>, plan: &Plan) {
    let mut taken: HashSet<String> = HashSet::new();
    let (made, given): (Vec<&Attribute>, Vec<&Attribute>) = plan.attributes.iter().partition(|attribute| {
        reader
            .document()
            .value(&format!("{}/identifier", attribute.at))
            .is_none_or(serde_json::Value::is_null)
    });
    taken.extend(given.iter().map(|attribute| attribute.identifier.clone()));
    // A name that is its own identifier goes before one that is made into it.
    let (unsafe_names, safe): (Vec<_>, Vec<_>) =
        made.into_iter().partition(|attribute| safe_identifier(&attribute.name) != attribute.name);
    taken.extend(safe.iter().map(|attribute| attribute.identifier.clone()));
    for attribute in unsafe_names {
        let base = safe_identifier(&attribute.name);
        let identifier = free_name(&base, |identifier| taken.insert(identifier.to_owned()));
        let message = format!("'{}' is no safe identifier, and no other is given", attribute.name);
        reader.warn(
            "missing-identifier",
            &attribute.at,
            message,
            Some(format!("add identifier: {identifier}")),
        );
        if let Some(finding) = reader.findings.last_mut() {
            finding.mend = Some(Mend::Identifier(identifier));
        }
    }
}

/// The personalization API takes events at a path that has the table's name in it.
fn tables(reader: &mut Reader<'_>, plan: &Plan) {
    for event in &plan.events {
        for (name, key) in [(&event.database, "database"), (&event.table, "table")] {
            if !is_table_name(name) {
                // Both may stand in 'table'.
                let own = format!("{}/{key}", event.at);
                let at = match reader.document().value(&own) {
                    Some(_) => own,
                    None => format!("{}/table", event.at),
                };
                let message = format!("the personalization API takes no events of the {key} '{name}'");
                let fix = "its names have 3 to 128 of a-z, 0-9 and _".to_owned();
                reader.warn("table-name", &at, message, Some(fix));
            }
        }
    }
}

fn answers(reader: &mut Reader<'_>, plan: &Plan, section: &Section) {
    let count = section.attributes.len();
    if count > PROMISED_ATTRIBUTES {
        let message = format!(
            "this section answers {count} attributes; the latency is promised for {PROMISED_ATTRIBUTES}"
        );
        reader.warn("slow-section", &format!("{}/attributes", section.at), message, None);
    }
    if section.include_sensitive == Some(true) {
        return;
    }
    for output in &section.attributes {
        let planned = plan.attributes.iter().find(|attribute| attribute.name == output.attribute);
        let sensitive = planned.and_then(|attribute| match &attribute.kind {
            AttributeKind::Single(single) => single.sensitive,
            AttributeKind::Imported(imported) => imported.sensitive,
            _ => None,
        });
        if sensitive == Some(true) {
            let message =
                format!("'{}' is sensitive, and this section does not answer such", output.attribute);
            let fix = Some("add include_sensitive: true, or leave it out".to_owned());
            reader.warn("sensitive-hidden", &output.at, message, fix);
        }
    }
}
