//! Words with a form: identifiers, counted nouns, placeholders, and addresses of the web.

/// A name made safe for `identifier`: lower case, everything but `a-z`, `0-9` and `_` becomes one
/// `_`, none at either end. The platform publishes no pattern; this one is accepted by all.
pub fn safe_identifier(name: &str) -> String {
    let mut safe = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' | '_' => safe.push(c),
            _ if safe.ends_with('_') => {}
            _ => safe.push('_'),
        }
    }
    let trimmed = safe.trim_matches('_');
    if trimmed.is_empty() { "attribute".to_owned() } else { trimmed.to_owned() }
}

/// The name itself, or the first of `name_2`, `name_3`, … that is free.
pub fn free_name(name: &str, mut is_free: impl FnMut(&str) -> bool) -> String {
    let others = (2_usize..).map(|number| format!("{name}_{number}"));
    std::iter::once(name.to_owned()).chain(others).find(|name| is_free(name)).unwrap_or_default()
}

/// `1 key event`, `2 key events`.
pub fn counted(count: usize, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

/// The first `<word>` in a string: what the published templates leave for their reader to fill in.
pub(super) fn placeholder(text: &str) -> Option<&str> {
    text.match_indices('<').find_map(|(start, _)| {
        let rest = text.get(start..)?;
        let end = rest.find('>')?;
        let word = rest.get(1..end)?;
        let is_word = !word.is_empty()
            && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.' | '|'));
        if is_word { rest.get(..=end) } else { None }
    })
}

/// Scheme and host of an http or https address; `None` for anything else.
pub(super) fn scheme_and_host(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let known = ["http", "https"].into_iter().find(|known| scheme.eq_ignore_ascii_case(known))?;
    let blank = host.is_empty() || host.contains(char::is_whitespace);
    (!blank).then_some((known, host))
}
