//! `--fix`: whole files before and after.

use super::super::Written;
use super::report;
use crate::common::Tdx;

fn read(written: &Written) -> String {
    std::fs::read_to_string(written.path()).unwrap()
}

#[test]
fn comments_order_and_quoting_stay() {
    let before = "\
# our plan
evnets:   # all of them
  - {name: 'view', table: \"web.pages\"}   # pages

attributes:
  - name: Page Views      # as the console shows it
    type: counter
    source_event: view
  - {type: single, name: \"Last Page\", source_event: view, source_field: page}
odd: 1
";
    let after = "\
# our plan
events:   # all of them
  - {name: 'view', table: \"web.pages\"}   # pages

attributes:
  - name: Page Views      # as the console shows it
    identifier: page_views
    type: counter
    source_event: view
  - {type: single, name: \"Last Page\", identifier: last_page, source_event: view, source_field: page}
odd: 1
";
    let plan = Written::new("plan.yaml", before);
    let said = report(&Tdx::new(&["validate", "--fix", plan.path()]).run());
    assert_eq!(read(&plan), after);
    assert_eq!(said.codes(), ["unknown-key"]);
    let fixed = said.fixed.unwrap();
    let changes: Vec<_> = fixed
        .iter()
        .map(|one| (one.code.as_str(), one.path.as_str(), one.line, one.change.as_str()))
        .collect();
    assert_eq!(
        changes,
        [
            ("unknown-key", "evnets", Some(2), "'evnets' renamed to 'events'"),
            ("missing-identifier", "attributes[0]", Some(6), "identifier: page_views added"),
            ("missing-identifier", "attributes[1]", Some(9), "identifier: last_page added"),
        ]
    );
    assert!(fixed.iter().all(|one| one.file == plan.path()));
}

#[test]
fn an_entity_is_mended() {
    let before = r#"{
  "attributes": {
    "audienceId": "1", "name": "home", "description": null,
    "sections": [{
      "name": "all",
      "entryCriteria": {"name": "view", "keyEventCriteria": {"keyEventId": "9"}},
      "payload": {
        "response_node": {
          "type": "ResponseNode", "name": "r",
          "definition": {
            "attributePayload": [{"realtimeAttributeId": "7", "outputName": "a"}],
            "segmentPayload": {"batchSegments": []},
            "stringBuilder": [  ]
          }
        }
      }
    }]
  },
  "relationships": {"parentFolder": {"data": {"id": "3", "type": "folder-segment"}}}
}
"#;
    let entity = Written::new("entity.json", before);
    let said = report(&Tdx::new(&["validate", "--fix", entity.path()]).run());
    assert_eq!(said.codes(), Vec::<&str>::new());
    assert_eq!(said.fixed.unwrap().len(), 3);
    let after = read(&entity);
    let id = after.split('"').find(|word| word.len() == 32).unwrap();
    assert!(id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)));
    let wanted = before
        .replace("response_node", id)
        .replace("{\"batchSegments\": []}", "null")
        .replace("[  ]", "null");
    assert_eq!(after, wanted);
}

#[test]
fn nothing_to_mend_leaves_the_file_alone() {
    let plan = Written::new("plan.yaml", "events: {}\n");
    let modified = || std::fs::metadata(plan.path()).unwrap().modified().unwrap();
    let before = modified();
    let said = report(&Tdx::new(&["validate", "--fix", plan.path()]).run());
    assert_eq!((said.fixed.unwrap().len(), said.errors), (0, 1));
    assert_eq!(modified(), before);
    let slip = Written::new("slip.yaml", "evnets: []\n");
    let said = report(&Tdx::new(&["validate", "--fix", "--dry-run", slip.path()]).run());
    assert_eq!((said.fixed.unwrap().len(), said.dry_run), (1, Some(true)));
    assert_eq!(read(&slip), "evnets: []\n");
}

#[test]
fn stdin_has_no_file_to_rewrite() {
    for arguments in
        [vec!["validate", "--fix"], vec!["validate", "--fix", "-"], vec!["validate", "--fix", "/dev/null"]]
    {
        let error = Tdx::new(&arguments).stdin("evnets: []\n").run().error(2, "usage");
        assert!(error["message"].as_str().unwrap().contains("--fix rewrites files"), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn links_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let plan = Written::new("plan.yaml", "evnets: []\n");
    std::fs::set_permissions(plan.path(), std::fs::Permissions::from_mode(0o640)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("link.yaml");
    symlink(plan.path(), &link).unwrap();
    report(&Tdx::new(&["validate", "--fix", link.to_str().unwrap()]).run());
    assert_eq!(read(&plan), "events: []\n");
    assert!(link.is_symlink());
    assert_eq!(std::fs::metadata(plan.path()).unwrap().permissions().mode() & 0o777, 0o640);
}
