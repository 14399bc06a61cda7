//! The scripts of `examples/`, as a reader runs them; the quickstart is in `shell`.

use crate::common::Tdx;

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
