//! The picture's boxes and lines. Four columns; a personalization is one box of the last one, with
//! its sections and what they answer within, so that no line is needed for what is a part of what.

use super::place::{Port, Slot, Wire, place};
use super::text::{cut, width as units, wrap};
use super::{Edge, EdgeKind, Graph, Node, NodeKind};
use std::collections::{BTreeMap, HashMap};

/// Pixels of a unit of text ([`units`]), at the sizes of the style sheet: labels, those of rows, what stands below them,
/// and headings.
const LABEL_UNIT: f64 = 9.4;
pub(super) const ROW_UNIT: f64 = 8.4;
const SMALL_UNIT: f64 = 7.1;
pub(super) const HEADING_UNIT: f64 = 10.1;
/// Space within a box, left and right together, and above and below.
const INSET: f64 = 24.0;
const PAD: f64 = 7.0;
/// Between a personalization's edge and those of its sections.
const SECTION_INSET: f64 = 10.0;
const LABEL_LINE: f64 = 17.0;
const SMALL_LINE: f64 = 14.0;
const ROW: f64 = 23.0;
/// A line that passes a column is so high there.
const BEND: f64 = 6.0;
/// The narrowest and the widest box of each column.
const WIDTHS: [(f64, f64); 4] = [(140.0, 310.0), (140.0, 310.0), (170.0, 380.0), (230.0, 440.0)];

/// How a box is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A box of its own.
    Card,
    /// One with others in it.
    Frame,
    /// The head of a section.
    Head,
    /// A line in a section.
    Row,
}

/// A box.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part<'g> {
    pub(super) node: &'g Node,
    pub(super) role: Role,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) label: String,
    /// What stands below the label, in a row beside it.
    pub(super) lines: Vec<String>,
    slot: usize,
    /// Where lines end, below the upper edge.
    port: f64,
}

/// The path of an edge: from box to box, in pairs of left and right end.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Route<'g> {
    pub(super) edge: &'g Edge,
    pub(super) points: Vec<(f64, f64)>,
}

/// The name of a column, or of a group in one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Caption {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) text: String,
}

/// All of it, in pixels, without a margin.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Layout<'g> {
    pub(super) headings: Vec<Caption>,
    pub(super) captions: Vec<Caption>,
    pub(super) parts: Vec<Part<'g>>,
    pub(super) routes: Vec<Route<'g>>,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Column and group of a kind.
fn home(kind: NodeKind) -> (usize, usize) {
    match kind {
        NodeKind::Table => (0, 0),
        NodeKind::Key => (0, 1),
        NodeKind::Event => (1, 0),
        NodeKind::Batch => (1, 1),
        NodeKind::Catalog => (1, 2),
        NodeKind::Attribute => (2, 0),
        NodeKind::BatchSegment => (2, 1),
        NodeKind::Personalization | NodeKind::Section | NodeKind::Output => (3, 0),
        NodeKind::Journey => (3, 1),
    }
}

/// Lays out a graph.
pub(super) fn layout(graph: &Graph) -> Layout<'_> {
    let widths = column_widths(graph);
    let mut boxes = Boxes { widths, slots: Vec::new(), parts: Vec::new() };
    for node in graph.nodes.iter().filter(|node| home(node.kind).0 < 3) {
        boxes.card(node);
    }
    let inside = Inside::of(graph);
    for node in graph.of_kind(NodeKind::Personalization) {
        boxes.frame(node, &inside);
    }
    for node in graph.of_kind(NodeKind::Journey) {
        boxes.card(node);
    }
    let Boxes { mut slots, mut parts, .. } = boxes;
    let ports: HashMap<&str, (Port, f64)> = parts
        .iter()
        .map(|part| (part.node.id.as_str(), (Port { slot: part.slot, offset: part.y + part.port }, part.x)))
        .collect();
    let paths: Vec<Path<'_>> =
        graph.edges.iter().filter_map(|edge| path_of(edge, &ports, &mut slots)).collect();
    let wires: Vec<Wire> = paths
        .iter()
        .flat_map(|path| path.ports.windows(2))
        .filter_map(|pair| match pair {
            [from, to] => Some(Wire { from: *from, to: *to }),
            _ => None,
        })
        .collect();
    place(&mut slots, &wires);
    let titles = titles(graph);
    let xs = column_places(&widths, &titles, &slots, &wires);
    for part in &mut parts {
        let Some(slot) = slots.get(part.slot) else { continue };
        part.x += xs.get(slot.column).copied().unwrap_or(0.0);
        part.y += slot.y;
    }
    let routes = paths.iter().map(|path| route(path, &slots, &xs, &widths)).collect();
    let last = if parts.iter().any(|part| home(part.node.kind).0 == 3) { 3 } else { 2 };
    Layout {
        headings: headings(titles, &xs),
        captions: captions(&slots, &xs),
        width: xs.get(last).zip(widths.get(last)).map_or(0.0, |(x, width)| x + width),
        height: slots.iter().map(|slot| slot.y + slot.height).fold(0.0, f64::max),
        parts,
        routes,
    }
}

/// As wide as the widest text, within bounds.
fn column_widths(graph: &Graph) -> [f64; 4] {
    let mut widths = WIDTHS.map(|(least, _)| least);
    for node in &graph.nodes {
        let caption = node.caption().map_or(0.0, |caption| units(&caption) * SMALL_UNIT);
        let label = units(&node.label);
        let needed = match node.kind {
            NodeKind::Output => 40.0 + label * ROW_UNIT + caption,
            NodeKind::Section => 2.0 * SECTION_INSET + (label * LABEL_UNIT).max(caption),
            _ => (label * LABEL_UNIT).max(caption),
        };
        let column = home(node.kind).0;
        if let (Some(current), Some((_, most))) = (widths.get_mut(column), WIDTHS.get(column)) {
            *current = current.max(needed.ceil() + INSET + 1.0).min(*most);
        }
    }
    widths
}

/// The left edges of the columns: the more lines run between two, the farther they stand apart.
fn column_places(widths: &[f64; 4], titles: &[String; 4], slots: &[Slot], wires: &[Wire]) -> [f64; 4] {
    let mut places = [0.0; 4];
    let mut x = 0.0;
    for (column, (place, (width, title))) in places.iter_mut().zip(widths.iter().zip(titles)).enumerate() {
        *place = x;
        let starts = |wire: &&Wire| slots.get(wire.from.slot).is_some_and(|slot| slot.column == column);
        let lines = wires.iter().filter(starts).count();
        let step = width + 80.0 + f64::from(u8::try_from(lines).unwrap_or(u8::MAX).min(160));
        x += step.max(units(title) * HEADING_UNIT + INSET);
    }
    places
}

/// What is a part of what.
struct Inside<'g>(HashMap<&'g str, Vec<&'g Node>>);

impl<'g> Inside<'g> {
    fn of(graph: &'g Graph) -> Self {
        let nodes = graph.by_id();
        let mut inside: HashMap<&str, Vec<&Node>> = HashMap::new();
        for edge in graph.edges.iter().filter(|edge| edge.kind == EdgeKind::Contains) {
            if let Some(node) = nodes.get(edge.to.as_str()) {
                inside.entry(edge.from.as_str()).or_default().push(node);
            }
        }
        Inside(inside)
    }

    fn parts(&self, node: &Node) -> impl Iterator<Item = &'g Node> {
        self.0.get(node.id.as_str()).into_iter().flatten().copied()
    }
}

struct Boxes<'g> {
    widths: [f64; 4],
    slots: Vec<Slot>,
    parts: Vec<Part<'g>>,
}

impl<'g> Boxes<'g> {
    fn slot(&mut self, kind: NodeKind, last: bool, height: f64) {
        let (column, group) = home(kind);
        self.slots.push(Slot { column, group, last, fixed: column == 3, y: 0.0, height });
    }

    /// A box with a label and a number of lines at most; returns its height.
    fn boxed(&mut self, node: &'g Node, role: Role, inset: f64, y: f64, most: usize) -> f64 {
        let whole = self.widths.get(home(node.kind).0).copied().unwrap_or_default();
        let room = whole - 2.0 * inset - INSET;
        let label = cut(&node.label, room / LABEL_UNIT);
        let lines = node.caption().map_or_else(Vec::new, |caption| wrap(&caption, room / SMALL_UNIT, most));
        let height = lines.iter().fold(2.0 * PAD + LABEL_LINE, |height, _| height + SMALL_LINE);
        let (x, width, slot) = (inset, whole - 2.0 * inset, self.slots.len());
        let port = height / 2.0;
        self.parts.push(Part { node, role, x, y, width, height, label, lines, slot, port });
        height
    }

    fn card(&mut self, node: &'g Node) {
        let height = self.boxed(node, Role::Card, 0.0, 0.0, 2);
        self.slot(node.kind, node.unused, height);
    }

    /// A personalization with its sections and their outputs.
    fn frame(&mut self, node: &'g Node, inside: &Inside<'g>) {
        let place = self.parts.len();
        let mut y = self.boxed(node, Role::Frame, 0.0, 0.0, 2);
        for section in inside.parts(node) {
            y += self.boxed(section, Role::Head, SECTION_INSET, y, 3);
            for output in inside.parts(section) {
                self.row(output, y);
                y += ROW;
            }
            y += 12.0;
        }
        if let Some(frame) = self.parts.get_mut(place) {
            frame.height = y;
        }
        self.slot(node.kind, false, y);
    }

    fn row(&mut self, node: &'g Node, y: f64) {
        let width = self.widths.last().copied().unwrap_or_default() - 2.0 * SECTION_INSET;
        let room = width - INSET;
        let label = cut(&node.label, room / ROW_UNIT);
        let left = room - units(&label) * ROW_UNIT - 16.0;
        let line = node.caption().map(|caption| cut(&caption, left / SMALL_UNIT));
        let lines = line.filter(|text| text.chars().count() > 3).into_iter().collect();
        let (role, slot) = (Role::Row, self.slots.len());
        let part =
            Part { node, role, x: SECTION_INSET, y, width, height: ROW, label, lines, slot, port: ROW / 2.0 };
        self.parts.push(part);
    }
}

/// From port to port, with a bend in every column that it passes.
struct Path<'g> {
    edge: &'g Edge,
    ports: Vec<Port>,
    /// How far the last box stands within its column.
    inset: f64,
}

/// `None` for what is drawn as one box in another.
fn path_of<'g>(
    edge: &'g Edge,
    ports: &HashMap<&str, (Port, f64)>,
    slots: &mut Vec<Slot>,
) -> Option<Path<'g>> {
    if edge.kind == EdgeKind::Contains {
        return None;
    }
    let (from, _) = *ports.get(edge.from.as_str())?;
    let (to, inset) = *ports.get(edge.to.as_str())?;
    let (first, last) = (slots.get(from.slot)?.column, slots.get(to.slot)?.column);
    let mut ports = vec![from];
    for column in (first..last).skip(1) {
        ports.push(Port { slot: slots.len(), offset: BEND / 2.0 });
        slots.push(Slot { column, group: 0, last: false, fixed: false, y: 0.0, height: BEND });
    }
    ports.push(to);
    Some(Path { edge, ports, inset })
}

fn route<'g>(path: &Path<'g>, slots: &[Slot], xs: &[f64; 4], widths: &[f64; 4]) -> Route<'g> {
    let mut points = Vec::new();
    for (index, port) in path.ports.iter().enumerate() {
        let Some(slot) = slots.get(port.slot) else { continue };
        let (x, width) = xs.get(slot.column).zip(widths.get(slot.column)).unwrap_or((&0.0, &0.0));
        let y = slot.y + port.offset;
        let is_end = index == path.ports.len().saturating_sub(1);
        if index > 0 {
            points.push((if is_end { x + path.inset } else { *x }, y));
        }
        if !is_end {
            points.push((x + width, y));
        }
    }
    Route { edge: path.edge, points }
}

/// What is in each column, and how many.
fn titles(graph: &Graph) -> [String; 4] {
    [0, 1, 2, 3].map(|column| {
        let kinds = NodeKind::ALL.into_iter().filter(|kind| home(*kind).0 == column);
        let counted = kinds.map(|kind| (kind, graph.of_kind(kind).count())).filter(|(_, count)| *count > 0);
        let title = |(kind, count): (NodeKind, usize)| match kind {
            // There is never more than one.
            NodeKind::Batch => kind.title().to_owned(),
            _ => format!("{} {count}", kind.title()),
        };
        counted.map(title).collect::<Vec<_>>().join(" · ")
    })
}

fn headings(titles: [String; 4], xs: &[f64; 4]) -> Vec<Caption> {
    let headings = titles.into_iter().zip(xs).filter(|(text, _)| !text.is_empty());
    headings.map(|(text, x)| Caption { x: *x, y: 0.0, text }).collect()
}

/// Above each group of a column with several.
fn captions(slots: &[Slot], xs: &[f64; 4]) -> Vec<Caption> {
    let mut tops: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for slot in slots {
        let top = tops.entry((slot.column, slot.group)).or_insert(slot.y);
        *top = top.min(slot.y);
    }
    let alone = |column: usize| tops.keys().filter(|(other, _)| *other == column).count() == 1;
    let titled = tops.iter().filter(|((column, _), _)| !alone(*column));
    let caption = |(&(column, group), top): (&(usize, usize), &f64)| {
        let kind = NodeKind::ALL.into_iter().find(|kind| home(*kind) == (column, group))?;
        Some(Caption { x: *xs.get(column)?, y: top - 8.0, text: kind.title().to_owned() })
    };
    titled.filter_map(caption).collect()
}
