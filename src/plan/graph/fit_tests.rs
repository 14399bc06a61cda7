//! Texts stay within their boxes in a wide font.

use super::layout::{Part, Role, layout};
use super::{Document, Graph};
use crate::plan::model::Plan;
use serde_json::{Value, json};

/// The widths of the characters from space to `~` in DejaVu Sans Bold, in thousandths of the size.
#[rustfmt::skip]
const BOLD: [u16; 95] = [
    349, 457, 521, 838, 696, 1002, 873, 307, 458, 458, 523, 838, 380, 416, 380, 366, 696, 696, 696,
    696, 696, 696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 581, 1000, 774, 763, 734, 831, 684,
    684, 821, 837, 373, 373, 775, 638, 996, 837, 851, 733, 851, 771, 721, 683, 813, 774, 1104, 771,
    725, 726, 458, 366, 458, 838, 500, 500, 675, 716, 593, 716, 679, 436, 716, 712, 343, 343, 666,
    343, 1042, 712, 688, 716, 716, 494, 596, 479, 712, 652, 924, 646, 652, 583, 712, 366, 712, 838,
];

/// The same in DejaVu Sans.
#[rustfmt::skip]
const BOOK: [u16; 95] = [
    318, 401, 460, 838, 637, 951, 780, 275, 391, 391, 500, 838, 318, 361, 318, 337, 637, 637, 637,
    637, 637, 637, 637, 637, 637, 637, 337, 337, 838, 838, 838, 531, 1000, 685, 687, 699, 771, 632,
    576, 775, 752, 295, 295, 656, 558, 863, 749, 788, 604, 788, 695, 635, 611, 732, 685, 989, 686,
    611, 686, 391, 337, 391, 838, 500, 500, 613, 635, 550, 635, 616, 353, 635, 634, 278, 278, 580,
    278, 975, 634, 612, 635, 635, 412, 521, 393, 634, 592, 818, 592, 592, 525, 637, 337, 637, 838,
];

/// How wide a text is in pixels, at a size of the style sheet.
fn pixels(text: &str, font: &[u16; 95], size: f64) -> f64 {
    let width = |c: char| match u32::from(c) {
        code @ 32..=126 => font[code as usize - 32],
        // An ellipsis, and squares.
        _ => 1000,
    };
    text.chars().map(|c| f64::from(width(c)) * size / 1000.0).sum()
}

#[track_caller]
fn fits(part: &Part<'_>) {
    let label = match part.role {
        Role::Row => pixels(&part.label, &BOOK, 13.0),
        _ => pixels(&part.label, &BOLD, 13.0),
    };
    let room = part.width - 20.0;
    let small = |line: &String| pixels(line, &BOOK, 11.0);
    match part.role {
        Role::Row => {
            let caption = part.lines.first().map_or(0.0, |line| 12.0 + small(line));
            assert!(label + caption <= room, "{label} + {caption} > {room}: {part:?}");
        }
        _ => {
            assert!(label <= room, "{label} > {room}: {part:?}");
            assert!(part.lines.iter().all(|line| small(line) <= room), "{room}: {part:?}");
        }
    }
}

#[test]
fn no_text_touches_the_edge_of_its_box() {
    let names = [
        "web_events.registrations",
        "last_product_viewed_in_the_web_shop_of_x",
        "page_view_of_a_product_in_the_web_shop_of_the_company",
        "VIP_DISCOUNT_PERCENTAGE_OF_THE_CUSTOMER_WWWWWW",
        "mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm",
        "商品ページの閲覧",
        "最後に見た商品の名前とその価格とブランドの一覧と最後に買った商品の名前",
        "<a href=\"#\">{x} + ~y^2 & @%</a>",
        "iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii",
    ];
    for name in names {
        let other = format!("{name} 2");
        let root = json!({
            "parent_segment_name": name,
            "events": [{"name": name, "database": "db", "table": name, "description": name}],
            "id_stitching": {"primary_key": name, "stitching_keys": [name], "ext_lookup_key": name},
            "attributes": [
                {"name": name, "identifier": "a", "type": "imported_batch", "column": name},
                {"name": other, "identifier": "b", "type": "counter", "source_event": name},
            ],
            "personalization_service": {"name": name, "trigger_event": name, "description": name, "sections": [
                {"name": name, "criteria": format!("{name} and {name} and {name}"), "strings": {"x": name}},
                {"name": other, "attributes": [{"name": name, "as": other}, name], "batch_segments": [name]},
            ]},
            "journeys": [{"name": name, "trigger_event": name, "steps": [
                {"activate": "webhook", "name": name, "url": "https://h.example/"}]}],
        });
        let Value::Object(root) = root else { panic!("no mapping") };
        let graph = Graph::of(&Plan::examine(&Document::from_root(root, "test")).0);
        let drawn = layout(&graph);
        assert!(drawn.parts.len() > 10, "{drawn:?}");
        drawn.parts.iter().for_each(fits);
    }
}

/// What is short enough is not cut, within a section neither.
#[test]
fn a_box_is_as_wide_as_its_name() {
    let name = "customers of the last 30 days";
    let root = json!({"personalization_service": {"name": "p", "trigger_event": "e",
        "sections": [{"name": name, "strings": {"x": "y"}}]}});
    let Value::Object(root) = root else { panic!("no mapping") };
    let graph = Graph::of(&Plan::examine(&Document::from_root(root, "test")).0);
    let drawn = layout(&graph);
    assert!(drawn.parts.iter().any(|part| part.label == name), "{drawn:?}");
}
