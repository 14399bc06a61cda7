//! Help in a narrow window: examples stay commands that can be pasted, and paragraphs are filled anew.

/// A line of an example in lines of at most `width` characters where it can be broken: a remark goes in front of the
/// command, and a command is continued behind a backslash, never within quotes.
pub(super) fn example(line: &str, width: usize) -> Vec<String> {
    if line.chars().count() <= width {
        return vec![line.to_owned()];
    }
    let start = line.len().saturating_sub(line.trim_start().len());
    let (indent, text) = line.split_at(start);
    let (command, remark) = text.split_once("  # ").map_or((text, ""), |(command, remark)| (command, remark));
    let remark = remark.split_whitespace().map(str::to_owned);
    let mut lines = filled(remark, &format!("{indent}# "), &format!("{indent}# "), width, "");
    lines.extend(filled(words(command), indent, &format!("{indent}    "), width, " \\"));
    lines
}

/// Notes whose lines were broken for the usual width, as one line a paragraph; lists and tables stay.
pub(super) fn paragraphs(notes: &str) -> String {
    let joined = |paragraph: &str| match paragraph.lines().any(|line| line.starts_with(' ')) {
        true => paragraph.to_owned(),
        false => paragraph.lines().collect::<Vec<_>>().join(" "),
    };
    notes.split("\n\n").map(joined).collect::<Vec<_>>().join("\n\n")
}

/// Words in lines, of which each but the last ends with `end`.
fn filled(
    words: impl IntoIterator<Item = String>,
    first: &str,
    next: &str,
    width: usize,
    end: &str,
) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let length = |text: &str| text.chars().count();
    for word in words {
        match lines.last_mut() {
            None => lines.push(format!("{first}{word}")),
            Some(line) if length(line).saturating_add(length(&word)).saturating_add(length(end)) < width => {
                line.push(' ');
                line.push_str(&word);
            }
            Some(line) => {
                line.push_str(end);
                lines.push(format!("{next}{word}"));
            }
        }
    }
    lines
}

/// The words of a command, with their quotes, and an option with its value.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut quote) = (vec![String::new()], None);
    for letter in command.trim_end().chars() {
        match (quote, letter) {
            (None, ' ') => words.push(String::new()),
            (None, '\'' | '"') => quote = Some(letter),
            (Some(open), letter) if letter == open => quote = None,
            _ => {}
        }
        if let Some(word) = words.last_mut().filter(|_| quote.is_some() || letter != ' ') {
            word.push(letter);
        }
    }
    // An option stays with what stands behind it.
    let mut together: Vec<String> = Vec::new();
    for word in words.into_iter().filter(|word| !word.is_empty()) {
        match together.last_mut().filter(|last| last.starts_with("--") && !last.contains(' ')) {
            Some(option) if !word.starts_with(['-', '|', '>']) => {
                option.push(' ');
                option.push_str(&word);
            }
            _ => together.push(word),
        }
    }
    together
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_example_is_a_remark_and_a_command_that_goes_on() {
        assert_eq!(example("  tdx-rt config    # set", 30), ["  tdx-rt config    # set"]);
        assert_eq!(
            example("  tdx-rt config --jq '.site | .value'    # what is set for it", 30),
            ["  # what is set for it", "  tdx-rt config \\", "      --jq '.site | .value'"]
        );
        assert_eq!(
            example("  a | \"b c\" | d \"it's one\" | e", 16),
            ["  a | \"b c\" | \\", "      d \\", "      \"it's one\" \\", "      | e"]
        );
    }

    #[test]
    fn paragraphs_are_joined_and_tables_stay() {
        let notes = "One\ntwo.\n\nKinds:\n  a  b\n  c  d\n\nThree\nfour.";
        assert_eq!(paragraphs(notes), "One two.\n\nKinds:\n  a  b\n  c  d\n\nThree four.");
    }
}
