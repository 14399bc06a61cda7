//! From a plan to its graph.

use super::detail::{
    attribute_detail, catalog_detail, journey_detail, key_detail, output_detail, section_detail, where_text,
};
use super::text::one_line;
use super::{Edge, EdgeKind, Graph, Node, NodeKind};
use crate::plan::criteria::Expr;
use crate::plan::model::section::ATTRIBUTE;
use crate::plan::model::{
    Activation, Attribute, AttributeKind, Journey, PersonalizationService, Plan, Section,
};
use crate::plan::wire_rule;
use crate::platform::wire::EventTable;
use indexmap::{IndexMap, IndexSet};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// Follows every name of a plan.
pub(super) fn build(plan: &Plan) -> Graph {
    let mut builder = Builder::default();
    builder.events(plan);
    builder.keys(plan);
    // All are known before one is named.
    for attribute in &plan.attributes {
        let detail = Some(attribute_detail(attribute));
        builder.node(NodeKind::Attribute, &attribute.name, &attribute.name, detail);
    }
    for attribute in &plan.attributes {
        builder.feed(plan, attribute);
    }
    for service in &plan.personalizations {
        builder.personalization(service);
    }
    for journey in &plan.journeys {
        builder.journey(journey);
    }
    builder.finish()
}

#[derive(Default)]
struct Builder {
    nodes: IndexMap<String, Node>,
    edges: IndexSet<Edge>,
    /// The attribute that a catalog's rows come through, by its name and by the catalog's.
    catalogs: HashMap<String, String>,
}

/// A name as a part of an id with several: a slash in it divides nothing.
fn part(name: &str) -> String {
    name.replace('%', "%25").replace('/', "%2F")
}

impl Builder {
    /// The id of a node, which is made when it does not exist.
    fn node(&mut self, kind: NodeKind, key: &str, name: &str, detail: Option<String>) -> String {
        let id = format!("{}:{key}", kind.as_str());
        self.nodes.entry(id.clone()).or_insert_with(|| Node {
            id: id.clone(),
            kind,
            name: name.to_owned(),
            label: one_line(name),
            detail,
            unused: false,
            missing: false,
        });
        id
    }

    /// The id of a node that is named; one that does not exist is marked missing.
    fn named(&mut self, kind: NodeKind, name: &str) -> String {
        let known = self.nodes.len();
        let id = self.node(kind, name, name, None);
        if self.nodes.len() > known
            && let Some(node) = self.nodes.get_mut(&id)
        {
            node.missing = true;
            node.detail = Some("not in the plan".to_owned());
        }
        id
    }

    fn edge(&mut self, from: &str, to: &str, kind: EdgeKind) {
        self.edges.insert(Edge { from: from.to_owned(), to: to.to_owned(), kind });
    }

    fn events(&mut self, plan: &Plan) {
        for event in &plan.events {
            let table = self.table(&event.event_table(), None);
            let filter = where_text(&event.filter).map(|text| format!("where {text}"));
            let detail = filter.or_else(|| event.description.clone());
            let id = self.node(NodeKind::Event, &event.name, &event.name, detail);
            self.edge(&table, &id, EdgeKind::Source);
        }
        for table in &plan.event_tables {
            self.table(table, Some("no key event".to_owned()));
        }
    }

    fn table(&mut self, table: &EventTable, detail: Option<String>) -> String {
        let name = table.to_string();
        self.node(NodeKind::Table, &name, &name, detail)
    }

    fn keys(&mut self, plan: &Plan) {
        let Some(stitching) = &plan.id_stitching else { return };
        for key in &stitching.stitching_keys {
            let detail = key_detail(key, stitching);
            self.node(NodeKind::Key, &key.name, &key.name, detail);
        }
        if let Some(key) = &stitching.ext_lookup_key {
            self.node(NodeKind::Key, key, key, Some("external lookup key".to_owned()));
        }
    }

    /// The edges that lead to an attribute.
    fn feed(&mut self, plan: &Plan, attribute: &Attribute) {
        let id = format!("{}:{}", NodeKind::Attribute.as_str(), attribute.name);
        if let Some(event) = attribute.source_event() {
            let event = self.named(NodeKind::Event, event);
            self.edge(&event, &id, EdgeKind::Source);
        }
        for action in attribute.actions() {
            let event = self.named(NodeKind::Event, &action.event);
            self.edge(&event, &id, EdgeKind::Action);
        }
        let kind = match &attribute.kind {
            AttributeKind::Imported(_) => EdgeKind::Profile,
            AttributeKind::LookupCatalog(spec) => {
                let table = &spec.lookup_catalog_table_name;
                let catalog = self.node(NodeKind::Catalog, table, table, None);
                self.edge(&catalog, &id, EdgeKind::Profile);
                for key in &spec.lookup_keys {
                    let drives = |other: &&Attribute| {
                        let can = matches!(other.kind, AttributeKind::Single(_) | AttributeKind::List(_));
                        can && other.identifier == key.id
                    };
                    if let Some(driver) = plan.attributes.iter().find(drives) {
                        let driver = self.named(NodeKind::Attribute, &driver.name);
                        self.edge(&driver, &id, EdgeKind::Lookup);
                    }
                }
                // Its name counts before tables, and the first of a table.
                self.catalogs.entry(table.clone()).or_insert_with(|| id.clone());
                self.catalogs.insert(attribute.name.clone(), id);
                return;
            }
            _ if attribute.reads_batch() => EdgeKind::Backfill,
            _ => return,
        };
        let batch = self.batch(plan);
        self.edge(&batch, &id, kind);
    }

    /// The batch data of the profile, found by the external lookup key.
    fn batch(&mut self, plan: &Plan) -> String {
        let of = plan.parent_segment_name.as_ref().or(plan.parent_segment_id.as_ref());
        let detail = of.map(|of| format!("batch attributes of {of}"));
        let id = self.node(NodeKind::Batch, "profile", "batch profile", detail);
        if let Some(key) = plan.id_stitching.as_ref().and_then(|stitching| stitching.ext_lookup_key.as_ref())
        {
            self.edge(&format!("{}:{key}", NodeKind::Key.as_str()), &id, EdgeKind::Lookup);
        }
        id
    }

    fn personalization(&mut self, service: &PersonalizationService) {
        let detail = match (service.wants_service(), service.wants_entity()) {
            (true, false) => Some("service only".to_owned()),
            (false, true) => Some("entity only".to_owned()),
            _ => service.description.clone(),
        };
        let id = self.node(NodeKind::Personalization, &service.name, &service.name, detail);
        // A trigger that every section replaces triggers nothing.
        let own = |section: &Section| service.trigger_event.as_deref() != Some(&section.trigger_event);
        if let Some(event) = &service.trigger_event
            && (service.sections.is_empty() || !service.sections.iter().all(own))
        {
            let event = self.named(NodeKind::Event, event);
            self.edge(&event, &id, EdgeKind::Trigger);
        }
        let several = service.sections.len() > 1;
        for (number, section) in (1_usize..).zip(&service.sections) {
            let section_id = self.section(service, section);
            if several && let Some(node) = self.nodes.get_mut(&section_id) {
                node.label = format!("{number}. {}", node.label);
            }
            self.edge(&id, &section_id, EdgeKind::Contains);
            if own(section) && !section.trigger_event.is_empty() {
                let event = self.named(NodeKind::Event, &section.trigger_event);
                self.edge(&event, &section_id, EdgeKind::Trigger);
            }
        }
    }

    /// What starts a journey, what decides its path, and what it sends.
    fn journey(&mut self, journey: &Journey) {
        let id = self.node(NodeKind::Journey, &journey.name, &journey.name, journey_detail(journey));
        let starts: Vec<&str> =
            journey.stages.iter().filter_map(|stage| stage.entry.as_ref()?.event.as_deref()).collect();
        for name in journey.entries().into_iter().filter_map(|entry| entry.event.as_deref()) {
            let event = self.named(NodeKind::Event, name);
            let kind = if starts.contains(&name) { EdgeKind::Trigger } else { EdgeKind::Criteria };
            self.edge(&event, &id, kind);
        }
        let asked: Vec<String> = journey
            .conditions()
            .into_iter()
            .flat_map(|one| self.names_in(one.rule.as_ref(), &one.expr))
            .collect();
        for name in asked {
            let attribute = self.named(NodeKind::Attribute, &name);
            self.edge(&attribute, &id, EdgeKind::Criteria);
        }
        // A placeholder can be a column as well, so it makes no attribute that nothing else names.
        for (name, _, _) in journey.activations().into_iter().flat_map(Activation::placeholders) {
            let attribute = format!("{}:{name}", NodeKind::Attribute.as_str());
            if self.nodes.contains_key(&attribute) {
                self.edge(&attribute, &id, EdgeKind::Output);
            }
        }
    }

    /// The attributes that a condition names: as a rule, else as criteria text.
    fn names_in(&self, rule: Option<&Value>, expr: &Expr) -> Vec<String> {
        match rule {
            Some(rule) => {
                let conditions = wire_rule::attributes(rule, "").into_iter();
                let named = conditions.filter_map(|(map, _)| map.get(ATTRIBUTE).and_then(Value::as_str));
                named.map(|name| self.head(name)).collect()
            }
            None => expr.names().into_iter().map(|name| self.head(&name.text)).collect(),
        }
    }

    /// `name.sub` names a part of `name`.
    fn head(&self, name: &str) -> String {
        let known = |name: &str| {
            let id = format!("{}:{name}", NodeKind::Attribute.as_str());
            self.nodes.get(&id).is_some_and(|node| !node.missing)
        };
        match name.rsplit_once('.') {
            Some((head, _)) if !known(name) && known(head) => head.to_owned(),
            _ => name.to_owned(),
        }
    }

    fn section(&mut self, service: &PersonalizationService, section: &Section) -> String {
        let path = format!("{}/{}", part(&service.name), part(&section.name));
        let id = self.node(NodeKind::Section, &path, &section.name, section_detail(section));
        for name in self.names_in(section.criteria_rule.as_ref(), &section.criteria) {
            let attribute = self.named(NodeKind::Attribute, &name);
            self.edge(&attribute, &id, EdgeKind::Criteria);
        }
        for segment in &section.batch_segments {
            let segment = self.node(NodeKind::BatchSegment, segment, segment, None);
            self.edge(&segment, &id, EdgeKind::Segment);
        }
        for output in &section.attributes {
            let answer = self.output(&id, &path, &output.output_name, output_detail(output));
            let attribute = self.named(NodeKind::Attribute, &output.attribute);
            self.edge(&attribute, &answer, EdgeKind::Output);
        }
        for (name, parts) in &section.strings {
            self.output(&id, &path, name, Some(format!("string '{}'", parts.concat())));
        }
        for item in section.catalogs.iter().flatten() {
            let answer = self.output(&id, &path, &item.output_name, Some(catalog_detail(item)));
            let rows = match self.catalogs.get(&item.catalog) {
                Some(attribute) => attribute.clone(),
                None => self.node(NodeKind::Catalog, &item.catalog, &item.catalog, None),
            };
            let attribute = self.named(NodeKind::Attribute, &item.attribute);
            self.edge(&rows, &answer, EdgeKind::Output);
            self.edge(&attribute, &answer, EdgeKind::Lookup);
        }
        id
    }

    fn output(&mut self, section: &str, path: &str, name: &str, detail: Option<String>) -> String {
        let id = self.node(NodeKind::Output, &format!("{path}/{}", part(name)), name, detail);
        self.edge(section, &id, EdgeKind::Contains);
        id
    }

    /// What leads to no answer, no question and no trigger is unused.
    fn finish(self) -> Graph {
        let edges: Vec<Edge> = self.edges.into_iter().collect();
        let is_end = |kind: NodeKind| {
            !matches!(
                kind,
                NodeKind::Table | NodeKind::Event | NodeKind::Batch | NodeKind::Catalog | NodeKind::Attribute
            )
        };
        let ends = self.nodes.values().filter(|node| is_end(node.kind));
        let mut used: HashSet<String> = ends.map(|node| node.id.clone()).collect();
        // Backwards, until nothing is found any more.
        loop {
            let known = used.len();
            for edge in edges.iter().rev() {
                if used.contains(&edge.to) && !used.contains(&edge.from) {
                    used.insert(edge.from.clone());
                }
            }
            if used.len() == known {
                break;
            }
        }
        let mut nodes: Vec<Node> = self.nodes.into_values().collect();
        for node in &mut nodes {
            node.unused = !node.missing && !used.contains(&node.id);
        }
        nodes.sort_by_key(|node| node.kind);
        Graph { nodes, edges }
    }
}
