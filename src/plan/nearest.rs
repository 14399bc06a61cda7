//! The nearest known word, for "did you mean".

/// The candidate nearest to `word`: equal but for case first, else by edit distance with swapped
/// neighbours as one edit. `None` when nothing is near enough (a third of the letters, at least 1).
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = word.to_lowercase();
    let within = (wanted.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(&wanted, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= within)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Words that differ only in separators (`page-view`, `pageView`) are as near as one edit.
fn distance(wanted: &str, candidate: &str) -> usize {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let edits = strsim::osa_distance(wanted, candidate);
    if edits > 1 && letters(wanted) == letters(candidate) { 1 } else { edits }
}

/// `did you mean 'x'?`, when there is a nearest word.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(word, candidates).map(|found| format!("did you mean '{found}'?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_found_and_far_ones_are_not() {
        let known = ["source_event", "source_field", "max_items"];
        assert_eq!(nearest("source_evnet", known), Some("source_event"));
        assert_eq!(nearest("Max-Items", known), Some("max_items"));
        assert_eq!(nearest("sourceField", known), Some("source_field"));
        assert_eq!(nearest("window", known), None);
        assert_eq!(nearest("", known), None);
        assert_eq!(did_you_mean("max_item", known).as_deref(), Some("did you mean 'max_items'?"));
    }
}
