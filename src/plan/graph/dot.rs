//! The graph for Graphviz.

use super::text::{cut, one_line};
use super::{EdgeKind, Graph, Node, NodeKind};
use std::fmt::Write as _;

const LABEL: f64 = 60.0;
const CAPTION: f64 = 90.0;

pub(super) fn render(graph: &Graph) -> String {
    let mut text = String::from(
        "digraph lineage {\n  rankdir=LR\n  ranksep=1.2\n  nodesep=0.18\n  fontname=\"Helvetica\"\n  \
         node [shape=box style=\"rounded,filled\" fontname=\"Helvetica\" fontsize=11]\n  \
         edge [color=\"#7a8594\" arrowsize=0.6]\n",
    );
    for kind in NodeKind::ALL {
        let mut nodes = graph.of_kind(kind).peekable();
        if nodes.peek().is_none() {
            continue;
        }
        let _ = writeln!(text, "  subgraph cluster_{} {{", kind.as_str());
        let _ = writeln!(text, "    label=\"{}\" color=\"#c4ccd6\" fontcolor=\"#4a5563\"", kind.title());
        for node in nodes {
            let _ = writeln!(text, "    {}", statement(node));
        }
        text.push_str("  }\n");
    }
    let nodes = graph.by_id();
    for edge in &graph.edges {
        let mut options = Vec::new();
        match edge.kind {
            EdgeKind::Trigger => options.push("color=\"#b7791f\" penwidth=1.8"),
            EdgeKind::Contains => options.push("arrowhead=none"),
            kind if kind.is_dashed() => options.push("style=dashed"),
            _ => {}
        }
        let ends = [&edge.from, &edge.to].map(|end| nodes.get(end.as_str()));
        if ends.iter().flatten().any(|node| node.missing) {
            options.push("color=\"#c62828\"");
        } else if ends.iter().flatten().any(|node| node.unused) {
            options.push("color=\"#b5b5b5\"");
        }
        let _ = write!(text, "  {} -> {}", quote(&edge.from), quote(&edge.to));
        let _ = writeln!(text, " [tooltip=\"{}\" {}]", edge.kind.as_str(), options.join(" "));
    }
    text.push_str("}\n");
    text
}

fn statement(node: &Node) -> String {
    let mut label = label_part(&cut(&node.label, LABEL));
    if let Some(caption) = node.caption() {
        label.push_str("\\n");
        label.push_str(&label_part(&cut(&caption, CAPTION)));
    }
    let look = match node.look() {
        super::MISSING => {
            "fillcolor=\"#fde3e1\" color=\"#c62828\" fontcolor=\"#8e1b1b\" style=\"rounded,filled,dashed\""
        }
        super::UNUSED => {
            "fillcolor=\"#f3f3f3\" color=\"#9a9a9a\" fontcolor=\"#6b6b6b\" style=\"rounded,filled,dashed\""
        }
        _ => match node.kind {
            NodeKind::Table => "fillcolor=\"#e7ecf2\" color=\"#5b6b7f\" shape=cylinder style=filled",
            NodeKind::Key => "fillcolor=\"#f0ebe4\" color=\"#8a7353\"",
            NodeKind::Event => "fillcolor=\"#fdf0cf\" color=\"#b7791f\"",
            NodeKind::Batch | NodeKind::Catalog => "fillcolor=\"#d8f1ee\" color=\"#20807a\"",
            NodeKind::Attribute => "fillcolor=\"#dceafd\" color=\"#2f6fc4\"",
            NodeKind::BatchSegment => "fillcolor=\"#efe3fb\" color=\"#7c4bb5\"",
            NodeKind::Personalization | NodeKind::Section => "fillcolor=\"#dcf3df\" color=\"#2f8540\"",
            NodeKind::Output => "fillcolor=\"#f4fbf4\" color=\"#2f8540\"",
            NodeKind::Journey => "fillcolor=\"#fde9df\" color=\"#b4532a\"",
        },
    };
    let tooltip = match node.caption() {
        Some(caption) => format!("{}\\n{}", label_part(&node.label), label_part(&caption)),
        None => label_part(&node.label),
    };
    format!("{} [label=\"{label}\" tooltip=\"{tooltip}\" {look}]", quote(&node.id))
}

/// An id, word for word. Within quotes only a quote has a meaning; a backslash is doubled so that it
/// guards none.
pub(super) fn quote(id: &str) -> String {
    format!("\"{}\"", id.replace('\0', "\u{fffd}").replace('\\', "\\\\").replace('"', "\\\""))
}

/// A part of a label, where backslashes and entities have meanings too.
fn label_part(text: &str) -> String {
    one_line(text).replace('&', "&amp;").replace('\\', "\\\\").replace('"', "\\\"")
}
