//! The keys of a plan: for each mapping its keys, with type, default and meaning.

/// `[PATH]` begins a mapping; then a line about it, and one for each key, its four parts between tabs.
const TABLE: &str = include_str!("plan_keys.tsv");

/// A mapping of a plan.
pub(super) struct Mapping {
    /// Where it stands, as the reader of plans has it; nothing for the document itself.
    pub(super) path: &'static str,
    pub(super) about: &'static str,
    /// Its keys: the name, the type of the value, the default, the meaning.
    pub(super) keys: Vec<[&'static str; 4]>,
}

/// All mappings.
pub(super) fn mappings() -> Vec<Mapping> {
    let mut mappings: Vec<Mapping> = Vec::new();
    for line in TABLE.lines() {
        let parts: Vec<&str> = line.split('\t').collect();
        let path = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        match (path, <[&str; 4]>::try_from(parts), mappings.last_mut()) {
            (Some(path), ..) => mappings.push(Mapping { path, about: "", keys: Vec::new() }),
            (None, Ok(key), Some(mapping)) => mapping.keys.push(key),
            (None, Err(_), Some(mapping)) if !line.is_empty() => mapping.about = line,
            _ => {}
        }
    }
    mappings
}

#[cfg(test)]
mod tests {
    use super::mappings;
    use crate::plan::known_keys;
    use std::collections::BTreeSet;

    #[test]
    fn the_page_has_the_keys_that_are_read() {
        let mappings = mappings();
        assert_eq!(mappings.len(), known_keys().len());
        for (mapping, read) in known_keys() {
            let page = mappings.iter().find(|page| page.path == mapping).expect(mapping);
            let said: BTreeSet<&str> = page.keys.iter().map(|key| key[0]).collect();
            assert_eq!(said, read.iter().copied().collect(), "{mapping}");
            assert!(page.keys.iter().all(|key| !key[1].is_empty() && key[3].ends_with('.')), "{mapping}");
        }
    }
}
