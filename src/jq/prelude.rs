//! Builtins that are written in jq.

use std::collections::HashMap;
use std::sync::OnceLock;

/// Their definitions; one `def` a line.
const PRELUDE: &str = include_str!("prelude.jq");

/// The definitions by name and arity.
pub(super) fn definitions() -> &'static HashMap<(&'static str, usize), &'static str> {
    static INDEX: OnceLock<HashMap<(&str, usize), &str>> = OnceLock::new();
    INDEX.get_or_init(|| {
        let line = |line: &'static str| {
            let rest = line.strip_prefix("def ")?;
            let head = rest.get(..rest.find([':', '('])?)?;
            let params = rest.get(head.len()..)?.strip_prefix('(');
            let arity = params.map_or(0, |p| p.split(')').next().unwrap_or("").split(';').count());
            Some(((head, arity), line))
        };
        PRELUDE.lines().filter_map(line).collect()
    })
}
