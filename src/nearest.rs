//! The nearest known word, for "did you mean", and names that differ in their characters only.

use icu_normalizer::ComposingNormalizerBorrowed;
use std::borrow::Cow;

/// The text with composed characters (Unicode's NFC): `é` as one character, however it was typed.
fn composed(text: &str) -> Cow<'_, str> {
    match text.is_ascii() {
        true => Cow::Borrowed(text),
        false => ComposingNormalizerBorrowed::new_nfc().normalize(text),
    }
}

/// Whether two names are one: equal, or equal but for how their characters are composed. Keyboards
/// write `é` as one character, some file systems as two.
pub fn same_name(one: &str, other: &str) -> bool {
    one == other || composed(one) == composed(other)
}

/// The item of a name: the one that is spelled alike, else the one with the [same name](same_name).
pub fn named<'a, T>(items: &'a [T], wanted: &str, name: impl Fn(&T) -> &str) -> Option<&'a T> {
    let alike = items.iter().find(|item| name(item) == wanted);
    alike.or_else(|| items.iter().find(|item| same_name(name(item), wanted)))
}

/// The candidate nearest to `word`; `None` when none is [`near`], by a third of the letters.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = candidates.into_iter().filter_map(|candidate| Some((near(word, candidate, 3)?, candidate)));
    near.min_by_key(|(edits, _)| *edits).map(|(_, candidate)| candidate)
}

/// How many edits a word is away from a known one, if it is near: one edit, or one in so many `letters`.
pub fn near(word: &str, known: &str, letters: usize) -> Option<usize> {
    let edits = edits(word, known);
    (edits <= 1 || edits.saturating_mul(letters) <= composed(word).chars().count()).then_some(edits)
}

/// The edits between two words, swapped neighbours as one edit; case does not count. Words that differ only in
/// separators (`page-view`, `pageView`) are as near as one edit.
pub fn edits(word: &str, known: &str) -> usize {
    let (word, known) = (composed(word).to_lowercase(), composed(known).to_lowercase());
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let edits = strsim::osa_distance(&word, &known);
    if edits > 1 && letters(&word) == letters(&known) { 1 } else { edits }
}

/// Whether a word becomes the other one by exactly one edit, so that it can be mended.
pub fn is_one_edit(word: &str, known: &str) -> bool {
    strsim::osa_distance(word, known) == 1
}

/// `did you mean 'x'?`, when there is a nearest word.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(word, candidates).map(|found| meant(word, found))
}

/// `did you mean 'x'?`, and what differs where eyes cannot see it.
pub fn meant(word: &str, found: &str) -> String {
    match difference(word, found) {
        Some(difference) => format!("did you mean '{found}'? It has {difference}"),
        None => format!("did you mean '{found}'?"),
    }
}

/// The first characters that differ, by their code points, where one of them is not plain to see.
fn difference(word: &str, found: &str) -> Option<String> {
    let (word, found) = (composed(word), composed(found));
    let same = word.chars().zip(found.chars()).take_while(|(one, other)| one == other).count();
    let (word, found) = (word.chars().nth(same), found.chars().nth(same));
    let plain = |c: &Option<char>| c.is_none_or(|c| c.is_ascii_graphic());
    // At the end of one of them, a space is all that differs.
    if (plain(&word) && plain(&found)) || word == found {
        return None;
    }
    let shown = |c: Option<char>| c.map_or("nothing".to_owned(), |c| format!("U+{:04X}", u32::from(c)));
    Some(format!("{} as character {}, not {}", shown(found), same.saturating_add(1), shown(word)))
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

    #[test]
    fn what_differs_unseen_is_shown_by_code_point() {
        for (word, found, difference) in [
            ("Customer 360", "Customer\u{a0}360", " It has U+00A0 as character 9, not U+0020"),
            ("Customer\u{a0}360", "Customer 360", " It has U+0020 as character 9, not U+00A0"),
            ("Customer 360 ", "Customer 360", " It has nothing as character 13, not U+0020"),
            ("Customer 36\u{200b}0", "Customer 360", " It has U+0030 as character 12, not U+200B"),
            ("C\u{430}rt", "Cart", " It has U+0061 as character 2, not U+0430"),
            ("Custmer 360", "Customer 360", ""),
            ("customer 360", "Customer 360", ""),
        ] {
            assert_eq!(meant(word, found), format!("did you mean '{found}'?{difference}"), "{word:?}");
            assert_eq!(nearest(word, [found]), Some(found), "{word:?}");
        }
    }

    #[test]
    fn a_name_is_found_however_its_characters_are_composed() {
        let names = ["Cafe\u{301}", "Café", "Menü"];
        let find = |name: &str| named(&names, name, |name| name).copied();
        assert_eq!(find("Café"), Some("Café"), "alike goes first");
        assert_eq!(find("Cafe\u{301}"), Some("Cafe\u{301}"));
        assert_eq!(find("Menu\u{308}"), Some("Menü"));
        assert_eq!(find("Menu"), None);
    }
}
