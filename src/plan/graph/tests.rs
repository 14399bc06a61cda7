//! The drawings hold whatever a name may be.

use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

fn read(root: Value) -> Graph {
    let Value::Object(root) = root else { panic!("no mapping") };
    Graph::read(&Document::from_root(root, "test")).unwrap().0
}

/// Also of a plan with errors: a name may be one, and still must not break a drawing.
fn drawn(root: Value) -> Graph {
    let Value::Object(root) = root else { panic!("no mapping") };
    Graph::of(&Plan::examine(&Document::from_root(root, "test")).0)
}

/// A plan whose parts all have these names.
fn named(event: &str, attribute: &str, section: &str, text: &str) -> Graph {
    let output = format!("text {text}");
    let personalization = json!({"name": section, "trigger_event": event, "description": text, "sections": [
        {"name": section, "attributes": [{"name": attribute, "as": section}], "batch_segments": [text]},
        {"name": format!("{section}/2"), "attributes": [attribute, "gone"], "strings": {output: text}},
    ]});
    drawn(json!({
        "events": [{"name": event, "database": "d", "table": "t", "description": text}],
        "id_stitching": {"stitching_keys": [event], "ext_lookup_key": attribute},
        "attributes": [
            {"name": attribute, "identifier": "a", "type": "imported_batch"},
            {"name": format!("{attribute}2"), "identifier": "b", "type": "counter", "source_event": event},
        ],
        "personalization_service": personalization,
        "journeys": [{"name": text, "trigger_event": event, "criteria": {"type": "And", "conditions": [
            {"type": "Value", "realtimeAttribute": attribute, "operator": {"type": "IsNull", "not": true}}]},
            "steps": [{"activate": "webhook", "name": section, "url": "https://h.example/", "body": format!("{{{{{attribute}}}}}")}]}],
    }))
}

/// Checks that a text is well-formed XML of elements and text alone; the tags in order.
fn check_xml(text: &str) -> Result<Vec<String>, String> {
    let (mut open, mut seen, mut rest) = (Vec::new(), Vec::new(), text);
    while let Some(start) = rest.find('<') {
        check_text(&rest[..start], open.is_empty())?;
        let end = rest.find('>').ok_or("a tag has no end")?;
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            let last: Option<String> = open.pop();
            if last.as_deref() != Some(name) {
                return Err(format!("</{name}> ends {last:?}"));
            }
            continue;
        }
        let body = tag.strip_suffix('/').unwrap_or(tag);
        let (name, attributes) = body.split_once(' ').unwrap_or((body, ""));
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(format!("<{name}> is no name"));
        }
        if attributes.matches('"').count() % 2 != 0 {
            return Err(format!("an attribute of <{tag}> has no end"));
        }
        let mut parts = attributes.split('"');
        while let Some(key) = parts.next().filter(|key| !key.trim().is_empty()) {
            if !key.trim().trim_end_matches('=').chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
                return Err(format!("{key} is no attribute"));
            }
            check_text(parts.next().ok_or("an attribute has no end")?, false)?;
        }
        seen.push(name.to_owned());
        if body == tag {
            open.push(name.to_owned());
        }
    }
    check_text(rest, true)?;
    if open.is_empty() { Ok(seen) } else { Err(format!("never ended: {open:?}")) }
}

fn check_text(text: &str, outside: bool) -> Result<(), String> {
    if outside && !text.trim().is_empty() {
        return Err(format!("text outside of everything: {text}"));
    }
    for part in text.split('&').skip(1) {
        if !["amp;", "lt;", "gt;", "quot;"].iter().any(|entity| part.starts_with(entity)) {
            return Err(format!("&{part} is no entity"));
        }
    }
    let forbidden = |c: char| (c < ' ' && !matches!(c, '\n' | '\t')) || matches!(c, '\u{fffe}' | '\u{ffff}');
    match text.chars().find(|c| forbidden(*c)) {
        Some(c) => Err(format!("{c:?} is no character of XML")),
        None => Ok(()),
    }
}

/// Checks that every quote of DOT ends, and that outside of them stand only its own words.
fn check_dot(text: &str) -> Result<(), String> {
    let mut inside = false;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' if inside => {
                chars.next();
            }
            '"' => inside = !inside,
            c if !(inside || c.is_ascii_alphanumeric() || " \n{}[]=_.->".contains(c)) => {
                return Err(format!("{c:?} outside of quotes"));
            }
            _ => {}
        }
    }
    if inside { Err("a quote has no end".to_owned()) } else { Ok(()) }
}

/// Checks that every line of Mermaid has one of the forms that are written, with safe ids.
fn check_mermaid(text: &str) -> Result<(), String> {
    let is_id =
        |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    for line in text.lines().skip(1).map(str::trim) {
        let words: Vec<&str> = line.split(' ').collect();
        let good = match words.as_slice() {
            ["end"] | ["subgraph" | "classDef", ..] => true,
            [from, "-->" | "==>" | "-.->", to] => is_id(from) && is_id(to),
            _ => {
                let (id, rest) = line.split_once(['[', '(']).ok_or(line)?;
                let mut quoted = rest.splitn(3, '"');
                let (_, label, close) =
                    (quoted.next(), quoted.next().ok_or(line)?, quoted.next().ok_or(line)?);
                let plain = label.replace("<br/><small>", "").replace("</small>", "");
                let (close, class) = close.split_once(":::").ok_or(line)?;
                is_id(id)
                    && is_id(class)
                    && !plain.contains(['<', '>', '`', '%', '{', '[', ':'])
                    && matches!(close, "]" | ")]" | "])")
            }
        };
        if !good {
            return Err(line.to_owned());
        }
    }
    Ok(())
}

#[track_caller]
fn check(graph: &Graph) {
    let (svg, dot, mermaid) = (graph.to_svg(), graph.to_dot(), graph.to_mermaid());
    let tags = check_xml(&svg).unwrap_or_else(|why| panic!("{why}: {svg}"));
    for tag in tags {
        assert!(
            ["svg", "title", "style", "rect", "g", "text", "path"].contains(&tag.as_str()),
            "<{tag}> is no tag of a label"
        );
    }
    check_dot(&dot).unwrap_or_else(|why| panic!("{why}: {dot}"));
    check_mermaid(&mermaid).unwrap_or_else(|why| panic!("{why}: {mermaid}"));
}

#[test]
fn the_checkers_refuse_what_is_broken() {
    for broken in ["<a>", "<a></b>", "<a>x & y</a>", "<a b=\"c></a>", "<a>\u{1}</a>", "x", "<a b=\"1\" <c/>"]
    {
        assert!(check_xml(broken).is_err(), "{broken}");
    }
    assert_eq!(check_xml("<a b=\"1\"><c/>&lt;</a>"), Ok(vec!["a".to_owned(), "c".to_owned()]));
    for broken in ["\"a", "\"a\\\"", "\"a\"b\"", "a;b", "<b>"] {
        assert!(check_dot(broken).is_err(), "{broken}");
    }
    for broken in ["x[\"a\"b\"]:::c", "a b --> c", "x\"a\"", "x[\"a<b\"]:::c", "x[\"a\"]"] {
        assert!(check_mermaid(&format!("flowchart LR\n{broken}")).is_err(), "{broken}");
    }
}

#[test]
fn names_that_mean_something_elsewhere_are_only_names() {
    let names = [
        "a\"b",
        "<script>alert(1)</script>",
        "]]> & </svg>",
        "\\",
        "\\\"",
        "end",
        "%% comment",
        "%%{init: {}}%%",
        "`code`",
        "line\nbreak",
        "1. list",
        "- list",
        "日本語",
        "👩‍👩‍👧‍👦 family",
        "\u{0}\u{1b}[31m",
        "style x:#a;",
        "--> b",
        "{{x}}",
    ];
    for name in names {
        check(&named(name, name, name, name));
    }
    let graph = named("e", "a", "s<&>\"", "x");
    assert!(graph.to_svg().contains(">1. s&lt;&amp;&gt;&quot;</text>"));
    assert!(graph.to_dot().contains("[label=\"1. s<&amp;>\\\"\\n"));
    assert!(graph.to_mermaid().contains("[\"1#46; s#60;#38;#62;#34;<br/>"));
    assert_eq!(mermaid::escape("fa:fa-car $$ _a_b"), "fa#58;#8203;fa-car #36;#8203;#36; #95;a_b");
}

#[test]
fn long_names_are_cut_and_whole_in_the_title() {
    let name = "n".repeat(120);
    let graph = named("e", &name, "s", "x");
    let svg = graph.to_svg();
    assert!(svg.contains(&format!("<title>attribute: {name}\n")), "{svg}");
    assert!(svg.contains("nnn…</text>") && !svg.contains(&format!(">{name}</text>")));
    assert_eq!(text::cut("👩‍👩‍👧‍👦 family", 4.0), "👩…");
    assert_eq!(text::wrap("one two three four", 7.1, 2), ["one two", "three…"]);
    assert_eq!(text::wrap("one two", 80.0, 3), ["one two"]);
}

#[test]
fn ids_of_different_parts_differ() {
    let section = |name: &str, text: &str| json!({"name": name, "strings": {text: "x"}});
    let graph = read(json!({
        "events": [{"name": "e", "table": "d.t"}],
        "personalization_service": {"name": "p", "trigger_event": "e", "sections":
            [section("a/b", "c"), section("a", "b/c"), section("a%2Fb", "c"), section("a b", "c"), section("a_b", "c")]},
    }));
    assert_eq!(graph.of_kind(NodeKind::Section).count(), 5);
    assert_eq!(graph.of_kind(NodeKind::Output).count(), 5);
    let mermaid = graph.to_mermaid();
    let defined = |id: &str| mermaid.contains(&format!("    {id}[\""));
    assert!(defined("output_p_a_b_c") && defined("output_p_a_b_c_2"), "{mermaid}");
    check(&graph);
}

#[test]
fn an_empty_plan_is_an_empty_drawing() {
    let graph = read(json!({"parent_segment_id": "1"}));
    assert_eq!(json!(graph.shown()), json!({"nodes": [], "edges": [], "unused": []}));
    check(&graph);
    let document = Document::from_root(serde_json::Map::new(), "test");
    assert_eq!(Graph::read(&document).unwrap_err().findings[0].code, "not-a-plan");
}

#[test]
fn criteria_as_a_rule_name_attributes_too() {
    let rule = json!({"type": "And", "conditions": [{"type": "RealtimeAttribute", "realtimeAttribute": "tier",
        "operator": {"type": "Equal", "rightValue": "VIP", "not": false}}]});
    let graph = read(json!({
        "attributes": [{"name": "tier", "type": "imported_batch"}],
        "personalization_service": {"name": "p", "trigger_event": "e", "sections":
            [{"name": "s", "criteria": rule, "strings": {"x": "y"}}]},
    }));
    let edge = Edge { from: "attribute:tier".into(), to: "section:p/s".into(), kind: EdgeKind::Criteria };
    assert!(graph.edges.contains(&edge), "{graph:?}");
    assert_eq!(graph.unused(), Vec::<&str>::new());
}

#[test]
fn a_catalog_is_known_by_its_attribute_and_is_looked_up_by_what_has_the_identifier_of_its_key() {
    let graph = read(json!({
        "attributes": [
            {"name": "p", "identifier": "product", "type": "single", "source_event": "e", "source_field": "p"},
            {"name": "q", "type": "single", "source_event": "e", "source_field": "q"},
            {"name": "offers", "type": "lookup_catalog", "catalog_table": "Table", "lookup_keys": [{"name": "product"}]},
        ],
        "personalization_service": {"name": "w", "trigger_event": "e", "sections": [
            {"name": "s", "catalogs": [{"catalog": "offers", "attribute": "q", "column": "product", "as": "rows"}]}]},
    }));
    let has = |from: &str, to: &str, kind| {
        let edge = Edge { from: from.into(), to: to.into(), kind };
        assert!(graph.edges.contains(&edge), "{edge:?} {graph:?}");
    };
    has("attribute:p", "attribute:offers", EdgeKind::Lookup);
    has("attribute:offers", "output:w/s/rows", EdgeKind::Output);
    assert_eq!(graph.unused(), Vec::<&str>::new());
}

#[test]
fn a_trigger_that_every_section_replaces_triggers_nothing() {
    let graph = read(json!({
        "events": [{"name": "a", "table": "d.t"}, {"name": "b", "table": "d.t"}],
        "personalization_service": {"name": "p", "trigger_event": "a",
            "sections": [{"name": "s", "trigger_event": "b", "strings": {"x": "y"}}]},
    }));
    assert_eq!(graph.unused(), ["event:a"]);
}

#[test]
fn two_hundred_attributes_stand_apart() {
    let attribute = |index: usize| {
        json!({"name": format!("attribute_{index}"), "type": "counter", "source_event": "e",
            "window_duration": "24h", "where": "category = 'shoes' AND price > 10"})
    };
    let graph = read(json!({
        "events": [{"name": "e", "table": "d.t"}],
        "attributes": (0..200).map(attribute).collect::<Vec<_>>(),
        "personalization_service": {"name": "p", "trigger_event": "e", "sections":
            [{"name": "s", "attributes": (0..150).map(|index| format!("attribute_{}", index * 7 % 200)).collect::<Vec<_>>()}]},
    }));
    let drawn = layout::layout(&graph);
    let mut boxes: Vec<_> = drawn.parts.iter().filter(|part| part.node.kind == NodeKind::Attribute).collect();
    boxes.sort_by(|a, b| a.y.total_cmp(&b.y));
    assert_eq!(boxes.len(), 200);
    for pair in boxes.windows(2) {
        assert!(pair[0].y + pair[0].height < pair[1].y, "{pair:?}");
    }
    for part in &drawn.parts {
        assert!(part.x >= 0.0 && part.x + part.width <= drawn.width + 0.1, "{part:?}");
        assert!(part.y >= 0.0 && part.y + part.height <= drawn.height + 0.1, "{part:?}");
    }
    // What is answered stands in the order of the answers; the rest behind it.
    assert!(boxes.iter().rev().take(50).all(|part| part.node.unused));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_names_make_sound_drawings(
        event in "\\PC{1,30}[^\\s]",
        attribute in "(?s).{1,40}x",
        section in "[\"\\\\<>&#;:%`\\[\\](){}|_*~$'/. a-c\u{1f600}-\u{1f64f}\u{0}-\u{1f}]{1,20}x",
        criteria in "(?s).{0,300}x",
    ) {
        let fine = |text: &str| !text.trim().is_empty() && !text.contains("{{") && !text.contains("}}");
        prop_assume!([&event, &attribute, &section, &criteria].iter().all(|text| fine(text)));
                check(&named(event.trim(), attribute.trim(), section.trim(), criteria.trim()));
    }
}
