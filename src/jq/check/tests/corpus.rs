//! Filters as people write them: none may be refused. And slips made by hand: each must be.

use super::corpus;
use crate::jq::{Filter, Known};

#[test]
fn no_valid_filter_is_refused() {
    let cases = corpus("valid.txt");
    assert!(cases.len() >= 500, "{}", cases.len());
    let mut refused = Vec::new();
    for case in &cases {
        let filter = Filter::compile(&case.filter, &[]).unwrap_or_else(|e| panic!("{}: {e}", case.line));
        for known in [Known::Document(None), Known::Document(Some(&case.document)), Known::Open] {
            if let Err(error) = filter.check(&case.schema, &known) {
                refused.push(format!("{}\n    {error}", case.line));
            }
        }
    }
    assert!(refused.is_empty(), "{} false alarms:\n{}", refused.len(), refused.join("\n"));
}

#[test]
fn every_valid_filter_runs_on_what_the_command_prints() {
    let mut raised = Vec::new();
    for case in corpus("valid.txt") {
        let filter = Filter::compile(&case.filter, &[]).expect(&case.line);
        if let Err(error) = filter.run(case.document, &mut |_| {}) {
            raised.push(format!("{}\n    {error}", case.line));
        }
    }
    assert!(raised.is_empty(), "{} raise:\n{}", raised.len(), raised.join("\n"));
}
