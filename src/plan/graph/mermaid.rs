//! The graph as a Mermaid flowchart.

use super::text::{cut, one_line};
use super::{EdgeKind, Graph, Node, NodeKind};
use crate::plan::words::free_name;
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

/// How much of a text is drawn; the rest is in the plan.
const LABEL: f64 = 60.0;
const CAPTION: f64 = 90.0;

/// Fill, border: the text is dark on each, so that it is readable on any page.
const LOOKS: [(&str, &str, &str); 11] = [
    ("table", "#e7ecf2", "#5b6b7f"),
    ("key", "#f0ebe4", "#8a7353"),
    ("event", "#fdf0cf", "#b7791f"),
    ("batch", "#d8f1ee", "#20807a"),
    ("catalog", "#d8f1ee", "#20807a"),
    ("attribute", "#dceafd", "#2f6fc4"),
    ("batch_segment", "#efe3fb", "#7c4bb5"),
    ("personalization", "#dcf3df", "#2f8540"),
    ("section", "#dcf3df", "#2f8540"),
    ("output", "#f4fbf4", "#2f8540"),
    ("journey", "#fde9df", "#b4532a"),
];

pub(super) fn render(graph: &Graph) -> String {
    let ids = safe_ids(graph);
    let id = |id: &str| ids.get(id).map_or("", String::as_str);
    let mut text = String::from("flowchart LR\n");
    for kind in NodeKind::ALL {
        let mut nodes = graph.of_kind(kind).peekable();
        if nodes.peek().is_none() {
            continue;
        }
        let _ = writeln!(text, "  subgraph g_{} [\"{}\"]", kind.as_str(), kind.title());
        for node in nodes {
            let _ = writeln!(text, "    {}{}:::{}", id(&node.id), shape(node), node.look());
        }
        text.push_str("  end\n");
    }
    for edge in &graph.edges {
        let arrow = match edge.kind {
            EdgeKind::Trigger => "==>",
            kind if kind.is_dashed() => "-.->",
            _ => "-->",
        };
        let _ = writeln!(text, "  {} {arrow} {}", id(&edge.from), id(&edge.to));
    }
    let worn: HashSet<&str> = graph.nodes.iter().map(Node::look).collect();
    for (name, fill, stroke) in LOOKS.iter().filter(|(name, ..)| worn.contains(name)) {
        let _ = writeln!(text, "  classDef {name} fill:{fill},stroke:{stroke},color:#1b1f24");
    }
    for (name, fill, stroke) in
        [(super::UNUSED, "#f3f3f3", "#9a9a9a"), (super::MISSING, "#fde3e1", "#c62828")]
    {
        if worn.contains(name) {
            let color = if name == super::UNUSED { "#6b6b6b" } else { "#8e1b1b" };
            let _ = writeln!(
                text,
                "  classDef {name} fill:{fill},stroke:{stroke},color:{color},stroke-dasharray:4 3"
            );
        }
    }
    text
}

fn shape(node: &Node) -> String {
    let label = escape(&cut(&node.label, LABEL));
    let label = match node.caption() {
        Some(caption) => format!("{label}<br/><small>{}</small>", escape(&cut(&caption, CAPTION))),
        None => label,
    };
    let (open, close) = match node.kind {
        NodeKind::Table => ("[(", ")]"),
        NodeKind::Event => ("([", "])"),
        _ => ("[", "]"),
    };
    format!("{open}\"{label}\"{close}")
}

/// Ids of letters, digits and underscores alone, which begin with a kind and so are no word of the
/// language.
fn safe_ids(graph: &Graph) -> HashMap<&str, String> {
    let mut taken = HashSet::new();
    let mut ids = HashMap::new();
    for node in &graph.nodes {
        let safe = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
        let base: String = node.id.chars().take(100).map(safe).collect();
        ids.insert(node.id.as_str(), free_name(&base, |id| taken.insert(id.to_owned())));
    }
    ids
}

/// A text within quotes. Entities stand for what Mermaid, Markdown or HTML would take for their
/// own, such as `1. ` at the start, which would be a list.
pub(super) fn escape(text: &str) -> String {
    let text = one_line(text);
    let mut escaped = String::with_capacity(text.len());
    let mut before = ' ';
    let mut only_digits = true;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let after = chars.peek().copied().unwrap_or(' ');
        let means_something = match c {
            '"' | '#' | '<' | '>' | '&' | '`' | ':' | ';' | '%' | '{' | '}' | '[' | ']' | '*' | '~'
            | '\\' | '$' => true,
            '_' => !(before.is_alphanumeric() && after.is_alphanumeric()),
            '.' | ')' => only_digits,
            '-' | '+' | '=' => escaped.is_empty(),
            _ => false,
        };
        if means_something {
            let _ = write!(escaped, "#{};", u32::from(c));
            // Icons (`fa:fa-car`) and formulas (`$$x$$`) are looked for behind the entities: a space
            // of no width keeps them apart.
            if (c == ':' && after.is_alphabetic()) || (c == '$' && after == '$') {
                escaped.push_str("#8203;");
            }
        } else {
            escaped.push(c);
        }
        only_digits = only_digits && c.is_ascii_digit();
        before = c;
    }
    escaped
}
