//! The examples of the published workflow: the same shapes with our values, and the original text where
//! it is at hand.

use super::said;
use std::path::Path;

#[test]
fn the_workflows_attributes_are_good() {
    let report = said(
        "attributes:
  - name: newest_item
    type: single
    source_event: item_view
    source_field: item_id
    aggregation: last

  - name: items_seen
    type: list
    source_event: item_view
    source_field: item_id
    aggregation: distinct_list
    max_items: 50
    expiry_days: 30

  - name: item_views_7d
    type: counter
    source_event: item_view
    aggregation: count
    window_duration: 7d
",
    );
    assert_eq!(report.codes(), Vec::<&str>::new());
}

#[test]
fn the_workflows_service_is_good_once_it_is_filled_in() {
    let service = |ps: &str| {
        format!(
            "parent_segment_id: '{ps}'
personalization_service:
  name: 'shop_personalization'
  description: 'for the shop'
  trigger_event: 'item_view'

  sections:
    - name: 'Gold'
      criteria: 'tier = ''gold'''
      attributes:
        - newest_item
      batch_segments: []

    - name: 'Others'
      criteria: ''  # everyone
      attributes:
        - newest_item
      batch_segments: []
"
        )
    };
    assert_eq!(said(&service("12345")).codes(), Vec::<&str>::new());
    let report = said(&service("<ps_id>"));
    let found = report.only();
    assert_eq!((found.code.as_str(), found.place()), ("placeholder", (1, 20)));
}

#[test]
fn our_own_examples_are_good() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/web-personalization.yaml");
    assert_eq!(said(&std::fs::read_to_string(file).unwrap()).codes(), Vec::<&str>::new());
}

/// What platform.md §1 says of the published requests holds for their original text.
#[test]
fn the_published_text_has_the_known_traps() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference/rt-setup-personalization.md");
    let Ok(text) = std::fs::read_to_string(&file) else {
        crate::common::skipped(&format!("{} is not there", file.display()));
        return;
    };
    let blocks = blocks(&text);
    assert!(blocks.len() >= 8, "{}", blocks.len());
    let mut seen = Vec::new();
    for block in &blocks {
        let report = said(block);
        let mut codes: Vec<String> = report.codes().iter().map(|code| (*code).to_owned()).collect();
        codes.dedup();
        seen.extend(codes);
    }
    for trap in ["empty-array", "node-id", "missing-identifier", "partial-setting", "placeholder"] {
        assert!(seen.iter().any(|code| code == trap), "{trap} was not found: {seen:?}");
    }
    for wrong in ["bad-syntax", "unknown-key", "bad-criteria", "unknown-type", "bad-body"] {
        assert!(!seen.iter().any(|code| code == wrong), "{wrong}: {seen:?}");
    }
}

/// YAML and JSON blocks, and the bodies in single quotes behind `--data`; a request for a journey is
/// left out.
fn blocks(text: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    for fence in text.split("```").skip(1).step_by(2) {
        let (language, body) = fence.split_once('\n').unwrap_or((fence, ""));
        match language.trim() {
            "yaml" | "json" => blocks.push(body.to_owned()),
            _ => {
                for data in body.split("--data '").skip(1) {
                    let data = data.split('\'').next().unwrap();
                    if !data.contains("segmentFolderId") {
                        blocks.push(data.to_owned());
                    }
                }
            }
        }
    }
    blocks
}
