//! Where the parts of a plan come from and where they go: table → event → attribute → section →
//! output, or journey. Pure; drawn as Mermaid, DOT or SVG.

mod build;
mod detail;
mod dot;
mod layout;
mod mermaid;
mod place;
mod svg;
mod text;

use super::document::Document;
use super::finding::{Finding, PlanError};
use super::lint::no_plan;
use super::model::{CheckedPlan, Plan};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::HashMap;

/// The lineage of a plan. Every edge runs between two of its nodes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    /// By kind, and within a kind as the plan has them.
    pub nodes: Vec<Node>,
    /// Each once.
    pub edges: Vec<Edge>,
}

/// A graph as `tdx-rt graph` prints it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct GraphDocument<'a> {
    nodes: &'a [Node],
    edges: &'a [Edge],
    /// Ids of the unused nodes
    unused: Vec<&'a str>,
}

/// A part of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Node {
    /// Kind and name, such as `event:page_view`: the same as long as the name is.
    pub id: String,
    /// What it is.
    pub kind: NodeKind,
    /// As the plan has it.
    pub name: String,
    /// The name on one line, of a section with its place in the order.
    pub label: String,
    /// What it does: a filter, criteria, a window.
    pub detail: Option<String>,
    /// Whether nothing that it feeds is answered, asked for or triggered.
    pub unused: bool,
    /// Whether the plan only names it; it must exist already.
    pub missing: bool,
}

/// What a node is, from left to right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    /// An event table.
    Table,
    /// A stitching key, or the external lookup key.
    Key,
    /// A key event.
    Event,
    /// The batch data of the profile.
    Batch,
    /// A lookup catalog.
    Catalog,
    /// A real-time attribute.
    Attribute,
    /// A batch segment.
    BatchSegment,
    /// A personalization.
    Personalization,
    /// A section of one.
    Section,
    /// A field of a section's answer.
    Output,
    /// A journey, and what it sends.
    Journey,
}

/// How one part leads to another.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct Edge {
    /// Id of the node it starts at.
    pub from: String,
    /// Id of the node it leads to.
    pub to: String,
    /// What it means.
    pub kind: EdgeKind,
}

/// What an edge means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EdgeKind {
    /// Is fed by.
    Source,
    /// An event that takes items of a list away.
    Action,
    /// Comes from batch data.
    Profile,
    /// Starts from a value of batch data.
    Backfill,
    /// Is looked up by.
    Lookup,
    /// Decides who gets the section.
    Criteria,
    /// Is answered.
    Output,
    /// Makes it answer.
    Trigger,
    /// Membership is answered.
    Segment,
    /// Is a part of.
    Contains,
}

impl NodeKind {
    /// Every kind, from left to right.
    pub const ALL: [NodeKind; 11] = [
        NodeKind::Table,
        NodeKind::Key,
        NodeKind::Event,
        NodeKind::Batch,
        NodeKind::Catalog,
        NodeKind::Attribute,
        NodeKind::BatchSegment,
        NodeKind::Personalization,
        NodeKind::Section,
        NodeKind::Output,
        NodeKind::Journey,
    ];

    /// As ids and the document have it.
    pub fn as_str(self) -> &'static str {
        match self {
            NodeKind::Table => "table",
            NodeKind::Key => "key",
            NodeKind::Event => "event",
            NodeKind::Batch => "batch",
            NodeKind::Catalog => "catalog",
            NodeKind::Attribute => "attribute",
            NodeKind::BatchSegment => "batch_segment",
            NodeKind::Personalization => "personalization",
            NodeKind::Section => "section",
            NodeKind::Output => "output",
            NodeKind::Journey => "journey",
        }
    }

    /// What several of them are called.
    pub fn title(self) -> &'static str {
        match self {
            NodeKind::Table => "Event tables",
            NodeKind::Key => "Stitching keys",
            NodeKind::Event => "Key events",
            NodeKind::Batch => "Batch data",
            NodeKind::Catalog => "Catalogs",
            NodeKind::Attribute => "Attributes",
            NodeKind::BatchSegment => "Batch segments",
            NodeKind::Personalization => "Personalizations",
            NodeKind::Section => "Sections",
            NodeKind::Output => "Outputs",
            NodeKind::Journey => "Journeys",
        }
    }
}

impl EdgeKind {
    /// As the document has it.
    pub fn as_str(self) -> &'static str {
        match self {
            EdgeKind::Source => "source",
            EdgeKind::Action => "action",
            EdgeKind::Profile => "profile",
            EdgeKind::Backfill => "backfill",
            EdgeKind::Lookup => "lookup",
            EdgeKind::Criteria => "criteria",
            EdgeKind::Output => "output",
            EdgeKind::Trigger => "trigger",
            EdgeKind::Segment => "segment",
            EdgeKind::Contains => "contains",
        }
    }

    /// Whether it carries a decision or a condition rather than a value.
    fn is_dashed(self) -> bool {
        matches!(self, EdgeKind::Criteria | EdgeKind::Action | EdgeKind::Lookup | EdgeKind::Backfill)
    }
}

/// What the drawings write at a node that leads nowhere.
const UNUSED: &str = "unused";
/// What they write at one that is only named.
const MISSING: &str = "missing";

impl Node {
    /// The line below its label.
    fn caption(&self) -> Option<String> {
        let word = match (self.missing, self.unused) {
            (true, _) => Some(MISSING),
            (false, true) => Some(UNUSED),
            (false, false) => None,
        };
        let detail = self.detail.as_deref().map(text::one_line).filter(|detail| !detail.is_empty());
        match (word, detail) {
            (Some(word), Some(detail)) => Some(format!("{word} · {detail}")),
            (Some(word), None) => Some(word.to_owned()),
            (None, detail) => detail,
        }
    }

    /// The name of its look: its kind, unless it is missing or unused.
    fn look(&self) -> &'static str {
        match (self.missing, self.unused) {
            (true, _) => MISSING,
            (false, true) => UNUSED,
            (false, false) => self.kind.as_str(),
        }
    }
}

impl Graph {
    /// Reads a document and follows its names; the findings are warnings.
    ///
    /// # Errors
    /// What `tdx-rt validate` calls an error.
    pub fn read(document: &Document) -> Result<(Graph, Vec<Finding>), PlanError> {
        let CheckedPlan { plan, warnings } = Plan::read(document)?;
        if !Plan::is_in(&document.root) {
            return Err(PlanError { origin: document.origin.clone(), findings: vec![no_plan()] });
        }
        Ok((Graph::of(&plan), warnings))
    }

    /// The lineage of a plan.
    pub fn of(plan: &Plan) -> Graph {
        build::build(plan)
    }

    /// Ids of the nodes that lead nowhere.
    pub fn unused(&self) -> Vec<&str> {
        self.nodes.iter().filter(|node| node.unused).map(|node| node.id.as_str()).collect()
    }

    /// As a document.
    pub fn shown(&self) -> GraphDocument<'_> {
        GraphDocument { nodes: &self.nodes, edges: &self.edges, unused: self.unused() }
    }

    /// As a Mermaid flowchart.
    pub fn to_mermaid(&self) -> String {
        mermaid::render(self)
    }

    /// As a graph for Graphviz.
    pub fn to_dot(&self) -> String {
        dot::render(self)
    }

    /// As a picture that stands for itself.
    pub fn to_svg(&self) -> String {
        svg::render(self)
    }

    fn of_kind(&self, kind: NodeKind) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(move |node| node.kind == kind)
    }

    /// The nodes by their ids.
    fn by_id(&self) -> HashMap<&str, &Node> {
        self.nodes.iter().map(|node| (node.id.as_str(), node)).collect()
    }
}

#[cfg(test)]
mod fit_tests;
#[cfg(test)]
mod tests;
