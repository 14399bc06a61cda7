//! The graph of a plan and the users in a configuration are one answer.

use super::random_journeys::with_journeys;
use super::*;
use crate::plan::export::export;
use crate::plan::export::tests::tape::Tape;
use crate::plan::graph::{EdgeKind, Graph, Node, NodeKind};
use crate::plan::{Document, Plan};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// What is used, and what uses it, each as words.
type Pairs = BTreeSet<(String, String)>;

/// A path of names.
fn path(kind: &str, names: &[&str]) -> String {
    format!("{kind} {names:?}")
}

/// What a graph has edges for. An event triggers a section or the whole personalization: here the latter.
fn drawn(graph: &Graph) -> Pairs {
    let node = |id: &str| graph.nodes.iter().find(|node| node.id == id).unwrap();
    let whole = |part: &Node| {
        let of = graph.edges.iter().find(|edge| edge.to == part.id && edge.kind == EdgeKind::Contains);
        node(&of.unwrap().from)
    };
    let words = |node: &Node| match node.kind {
        NodeKind::Section => path("section", &[&whole(node).name, &node.name]),
        NodeKind::Output => path("output", &[&whole(whole(node)).name, &whole(node).name, &node.name]),
        kind => path(kind.as_str(), &[&node.name]),
    };
    let mut pairs = Pairs::new();
    for edge in &graph.edges {
        let (from, mut to) = (node(&edge.from), node(&edge.to));
        if !matches!(from.kind, NodeKind::Table | NodeKind::Event | NodeKind::Attribute) {
            continue;
        }
        if edge.kind == EdgeKind::Trigger && to.kind == NodeKind::Section {
            to = whole(to);
        }
        pairs.insert((words(from), words(to)));
    }
    pairs
}

/// The same of a configuration; the journeys of `names` alone.
fn found(configuration: &Configuration, names: &[&str]) -> Pairs {
    let mut pairs = Pairs::new();
    let events = &configuration.events;
    let attributes = &configuration.attributes;
    for (used, users) in uses(configuration, configuration) {
        let used = match &used {
            Used::EventTable(table) => path("table", &[&table.to_string()]),
            Used::KeyEvent(id) => {
                path("event", &[&events.iter().find(|one| one.id.as_ref() == Some(id)).unwrap().name])
            }
            Used::Attribute(id) => {
                path("attribute", &[&attributes.iter().find(|one| one.id.as_ref() == Some(id)).unwrap().name])
            }
            _ => continue,
        };
        for user in users {
            let (section, output) = (user.section.as_deref(), user.output.as_deref());
            let user = match (user.kind, section, output) {
                (UserKind::KeyEvent, ..) => path("event", &[&user.name]),
                (UserKind::Attribute, ..) => path("attribute", &[&user.name]),
                (UserKind::Journey, ..) if !names.contains(&user.name.as_str()) => continue,
                (UserKind::Journey, ..) => path("journey", &[&user.name]),
                (_, Some(section), Some(output)) => path("output", &[&user.name, section, output]),
                (_, Some(section), None) if user.part.as_deref() == Some("criteria") => {
                    path("section", &[&user.name, section])
                }
                _ => path("personalization", &[&user.name]),
            };
            pairs.insert((used.clone(), user));
        }
    }
    pairs
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_drawn_is_what_is_used(tape in proptest::collection::vec(any::<u16>(), 0..900)) {
        let live = with_journeys(&mut Tape(tape.into_iter()));
        let exported = export(&live);
        let plan = Plan::examine(&Document::from_root(exported.root, "exported.yaml")).0;
        let names: Vec<&str> = plan.journeys.iter().map(|journey| journey.name.as_str()).collect();
        let (drawn, found) = (drawn(&Graph::of(&plan)), found(&live, &names));
        let only = |a: &Pairs, b: &Pairs| a.difference(b).cloned().collect::<Vec<_>>();
        prop_assert_eq!((only(&drawn, &found), only(&found, &drawn)), (vec![], vec![]));
    }
}
