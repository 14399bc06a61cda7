//! The scripts of `examples/`, as a reader runs them; the quickstart is in `shell`.

use crate::common::{Platform, Tdx};
use serde_json::json;
use std::path::Path;

#[test]
fn a_script_is_tested_with_faults_requests_snapshots_and_the_clock() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/sandbox-test.sh");
    let output = Tdx::new(&["sandbox", "--", script]).run();
    assert_eq!(
        (output.code, output.stdout.as_str()),
        (0, "{\"today\":2,\"tomorrow\":0,\"people\":0}\n"),
        "{output:?}"
    );
}

#[test]
fn the_plans_of_the_pages_are_right() {
    let platform = Platform::start();
    for page in ["docs/plans.md", "README.md"] {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
        for block in text.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()) {
            let checked = Tdx::new(&["validate", "-"]).stdin(block).run().document();
            assert_eq!(checked["findings"], json!([]), "{page}: {block}");
            let live = platform.tdx(&["diff", "-"]).stdin(block).run().document();
            assert_eq!(live["changed"], true, "{page}");
        }
    }
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/web-personalization.yaml");
    let checked = Tdx::new(&["validate", example.to_str().unwrap()]).run().document();
    assert_eq!(checked["findings"], json!([]));
}
