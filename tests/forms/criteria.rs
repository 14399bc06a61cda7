//! Criteria: an error has a place in the input; what was read is written and read again as the same rule.

use super::rules;
use tdx_rt::plan::criteria::{parse, render};

pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let expression = match parse(text) {
        Ok(expression) => expression,
        Err(error) => {
            assert!(text.get(error.span.clone()).is_some(), "{error} at {:?} of {text:?}", error.span);
            let excerpt = error.excerpt(text);
            assert!(excerpt.chars().count() < 300 && excerpt.contains('^'), "{excerpt}");
            assert!(!error.message.is_empty());
            return;
        }
    };
    for name in expression.names() {
        let written = text.get(name.span.clone()).unwrap_or_default();
        assert!(!written.is_empty() && written.len() >= name.text.len(), "{name:?} of {text:?}");
    }
    let rule = expression.to_column_rule();
    // What is written may be longer and deeper than what was read.
    match render(&rule, &|_, _| None) {
        Some(written) => {
            assert_eq!(parse(&written).map(|e| e.to_column_rule()), Ok(rule.clone()), "{written}")
        }
        None => assert!(text.chars().count() > 1_000 || text.matches('(').count() > 8, "{text:?} {rule:?}"),
    }
    rules::hold(&rule);
}
