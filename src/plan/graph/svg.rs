//! The graph as a picture: no scripts, nothing from elsewhere, readable on light and dark pages.

use super::layout::{HEADING_UNIT, Layout, Part, ROW_UNIT, Role, Route, layout};
use super::text::{one_line, width};
use super::{EdgeKind, Graph, MISSING, Node, UNUSED};
use std::collections::HashMap;
use std::fmt::Write as _;

const MARGIN: f64 = 28.0;
/// Above the boxes: the headings.
const TOP: f64 = 78.0;
/// Below them: the legend.
const BOTTOM: f64 = 64.0;

const STYLE: &str = include_str!("svg.css");

pub(super) fn render(graph: &Graph) -> String {
    let layout = layout(graph);
    let legend = legend(graph);
    let legend_width: f64 = legend.iter().map(|(_, text)| legend_step(text)).sum();
    let headings = layout
        .headings
        .iter()
        .map(|heading| heading.x + width(&heading.text) * HEADING_UNIT)
        .fold(0.0, f64::max);
    let full_width = (layout.width.max(legend_width).max(headings) + 2.0 * MARGIN).ceil();
    let full_height = (layout.height + TOP + BOTTOM).ceil();
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {full_width} {full_height}\" \
         width=\"{full_width}\" height=\"{full_height}\" role=\"img\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n\
         <rect class=\"page\" width=\"{full_width}\" height=\"{full_height}\"/>\n",
        escape(&title(graph))
    );
    for heading in &layout.headings {
        text(&mut svg, "heading", (heading.x + MARGIN, 36.0), &heading.text);
    }
    let _ = writeln!(svg, "<g transform=\"translate({MARGIN} {TOP})\">");
    body(&mut svg, graph, &layout);
    svg.push_str("</g>\n");
    let mut x = MARGIN;
    for (class, label) in legend {
        legend_item(&mut svg, class, label, (x, full_height - 26.0));
        x += legend_step(label);
    }
    svg.push_str("</svg>\n");
    svg
}

fn title(graph: &Graph) -> String {
    let names: Vec<&str> =
        graph.of_kind(super::NodeKind::Personalization).map(|node| node.label.as_str()).collect();
    match names.is_empty() {
        true => "Lineage of a plan".to_owned(),
        false => format!("Lineage of {}", names.join(", ")),
    }
}

fn body(svg: &mut String, graph: &Graph, layout: &Layout<'_>) {
    let in_role = |roles: &'static [Role]| layout.parts.iter().filter(|part| roles.contains(&part.role));
    for part in in_role(&[Role::Frame]) {
        draw(svg, part);
    }
    let nodes = graph.by_id();
    for route in &layout.routes {
        line(svg, route, &nodes);
    }
    for caption in &layout.captions {
        text(svg, "caption", (caption.x, caption.y), &caption.text);
    }
    for part in in_role(&[Role::Card, Role::Head, Role::Row]) {
        draw(svg, part);
    }
}

fn draw(svg: &mut String, part: &Part<'_>) {
    let role = match part.role {
        Role::Card => "card",
        Role::Frame => "frame",
        Role::Head => "head",
        Role::Row => "row",
    };
    let Part { x, y, width: w, height: h, .. } = part;
    let radius = if part.role == Role::Row { 0 } else { 6 };
    let _ = write!(
        svg,
        "<g class=\"{role} {}\"><title>{}</title><rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w:.1}\" \
         height=\"{h:.1}\" rx=\"{radius}\"/>",
        part.node.look(),
        escape(&hover(part.node))
    );
    if part.role == Role::Card {
        let _ = write!(
            svg,
            "<rect class=\"bar\" x=\"{x:.1}\" y=\"{:.1}\" width=\"4\" height=\"{:.1}\" rx=\"2\"/>",
            y + 5.0,
            h - 10.0
        );
    }
    let base = if part.role == Role::Row { y + 15.5 } else { y + 20.0 };
    text(svg, "label", (x + 13.0, base), &part.label);
    for (index, line) in (0_u8..).zip(&part.lines) {
        let at = match part.role {
            Role::Row => (x + 13.0 + width(&part.label) * ROW_UNIT + 12.0, base),
            _ => (x + 13.0, base + 15.0 + 14.0 * f64::from(index)),
        };
        text(svg, "small", at, line);
    }
    svg.push_str("</g>\n");
}

fn hover(node: &Node) -> String {
    let name = format!("{}: {}", node.kind.as_str().replace('_', " "), one_line(&node.name));
    match node.caption() {
        Some(caption) => format!("{name}\n{caption}"),
        None => name,
    }
}

fn line(svg: &mut String, route: &Route<'_>, nodes: &HashMap<&str, &Node>) {
    let edge = route.edge;
    let ends = [&edge.from, &edge.to].map(|end| nodes.get(end.as_str()));
    let state = if ends.iter().flatten().any(|node| node.missing) {
        MISSING
    } else if ends.iter().flatten().any(|node| node.unused) {
        UNUSED
    } else {
        ""
    };
    let mut path = String::new();
    for pair in route.points.chunks(2) {
        let [(x, y), (to_x, to_y)] = pair else { continue };
        let middle = (x + to_x) / 2.0;
        let start = if path.is_empty() { 'M' } else { 'L' };
        let _ =
            write!(path, "{start}{x:.1} {y:.1}C{middle:.1} {y:.1} {middle:.1} {to_y:.1} {to_x:.1} {to_y:.1}");
    }
    let label = |index: usize| ends.get(index).copied().flatten().map_or("", |node| node.label.as_str());
    let hover = format!("{} → {} ({})", label(0), label(1), edge.kind.as_str());
    let _ = writeln!(
        svg,
        "<path class=\"line {} {state}\" d=\"{path}\"><title>{}</title></path>",
        edge.kind.as_str(),
        escape(&hover)
    );
}

fn text(svg: &mut String, class: &str, (x, y): (f64, f64), content: &str) {
    let _ = write!(svg, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>", escape(content));
    if matches!(class, "heading" | "caption") {
        svg.push('\n');
    }
}

/// What occurs, as class and words.
fn legend(graph: &Graph) -> Vec<(&'static str, &'static str)> {
    let lines = [
        (EdgeKind::Source, "feeds"),
        (EdgeKind::Profile, "from batch data"),
        (EdgeKind::Output, "is answered as"),
        (EdgeKind::Criteria, "decides who gets it"),
        (EdgeKind::Trigger, "triggers"),
        (EdgeKind::Action, "takes items away"),
        (EdgeKind::Lookup, "looks up"),
        (EdgeKind::Backfill, "starts from"),
        (EdgeKind::Segment, "membership is answered"),
    ];
    let occurs = |kind: EdgeKind| graph.edges.iter().any(|edge| edge.kind == kind);
    let mut legend: Vec<_> = lines
        .into_iter()
        .filter(|(kind, _)| occurs(*kind))
        .map(|(kind, text)| (kind.as_str(), text))
        .collect();
    if graph.nodes.iter().any(|node| node.unused) {
        legend.push((UNUSED, "unused: leads to no answer"));
    }
    if graph.nodes.iter().any(|node| node.missing) {
        legend.push((MISSING, "missing: only named"));
    }
    legend
}

fn legend_step(label: &str) -> f64 {
    58.0 + width(label) * ROW_UNIT
}

fn legend_item(svg: &mut String, class: &str, label: &str, (x, y): (f64, f64)) {
    let _ = match class {
        UNUSED | MISSING => write!(
            svg,
            "<g class=\"card {class}\"><rect x=\"{x:.1}\" y=\"{:.1}\" width=\"26\" height=\"14\" rx=\"4\"/></g>",
            y - 11.0
        ),
        _ => write!(svg, "<path class=\"line {class}\" d=\"M{x:.1} {:.1}h26\"/>", y - 4.0),
    };
    text(svg, "caption", (x + 34.0, y), label);
}

/// A text between tags or within double quotes.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}
