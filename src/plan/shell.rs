//! Words and commands for the shell, as hints show them.

/// A text as one word of the shell, in quotes where it needs them.
pub fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+".contains(c);
    match !text.is_empty() && text.chars().all(plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

/// `tdx-rt COMMAND NAME --ps PS`: a command about one item, such as `rt-attrs delete`.
pub fn item_command(command: &str, name: &str, ps: &str) -> String {
    let (ps, word) = (shell_word(ps), shell_word(name));
    match name.starts_with('-') {
        true => format!("tdx-rt {command} --ps {ps} -- {word}"),
        false => format!("tdx-rt {command} {word} --ps {ps}"),
    }
}
