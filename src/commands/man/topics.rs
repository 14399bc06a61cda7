//! The pages on exit codes and on the environment.

use super::Page;
use super::writer::{Writer, term};
use crate::explain::{Kind, entries};
use roff::{bold, roman};

/// The rows of a table whose cells stand between tabs.
fn rows<const CELLS: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; CELLS]> {
    table.lines().filter_map(|line| line.split('\t').collect::<Vec<_>>().try_into().ok())
}

/// `tdx-rt-exit-codes(7)`.
pub(super) fn exit_codes() -> Page {
    let mut page = Writer::new("tdx-rt-exit-codes", "7", "exit codes and error codes of tdx-rt");
    page.section("DESCRIPTION");
    page.text(
        "Every command ends with one of these exit codes. One that fails writes one error to stderr: text on a \
         terminal, elsewhere, or with `--error-format json`, one JSON object:

  {\"error\":{\"code\":\"not-found\",\"message\":\"...\",\"hint\":\"...\",
   \"http_status\":404,\"retryable\":false,\"exit_code\":3}}

`code` is a stable word, for programs; new ones are added, and none ever means something else. `details` is \
         present when the command knows more. `tdx-rt explain` says what each means and what to do.",
    );
    page.section("EXIT STATUS");
    let errors: Vec<_> = entries().into_iter().filter(|entry| entry.kind == Kind::Error).collect();
    for [number, meaning] in rows(include_str!("exits.tsv")) {
        let words = errors.iter().filter(|entry| entry.exit_code == number.parse().ok());
        let words: Vec<String> = words.map(|entry| format!("`{}`", entry.code)).collect();
        let words = if words.is_empty() { String::new() } else { format!(" Errors: {}.", words.join(", ")) };
        page.item(vec![bold(number)], &format!("{meaning}{words}"));
    }
    page.text("");
    page.section("ERROR CODES");
    for entry in &errors {
        let exit = entry.exit_code.map(|code| code.to_string()).unwrap_or_default();
        let text = format!("{}: {}. {}.", capital(entry.meaning), entry.cause, capital(entry.what_to_do));
        page.item(vec![bold(entry.code), roman(format!(" (exit code {exit})"))], &text);
    }
    page.section("EXAMPLES");
    page.literal(EXAMPLES.lines());
    page.see_also(&[("tdx-rt".to_owned(), "1"), ("tdx-rt-explain".to_owned(), "1")]);
    page.finish()
}

const EXAMPLES: &str = "\
tdx-rt explain 6                             # the errors behind an exit code
tdx-rt diff plan.yaml --exit-code || test $? -eq 10";

/// `tdx-rt-environment(7)`.
pub(super) fn environment() -> Page {
    let mut page = Writer::new("tdx-rt-environment", "7", "variables and files that tdx-rt reads");
    page.section("DESCRIPTION");
    page.text(
        "Settings come from flags, variables and files. `tdx-rt config` shows every setting with its origin, keys \
         masked. An empty or blank variable counts as not set.",
    );
    page.section("PRECEDENCE");
    page.text("The first of these that has a value gives it:

  1. the flag: --site, --profile, --endpoint, --api-key-file, --token
  2. the environment
  3. tdx.json of the project
  4. the profile of ~/.config/tdx/tdx.json
  5. the other values of ~/.config/tdx/tdx.json
  6. ~/.config/tdx/.env, for the site
  7. the default

Keys come from the file of --api-key-file, then from the environment, then from ~/.config/tdx/.env; never from a \
         flag itself or a tdx.json. In each of the last two, TDX_ACCESS_TOKEN wins over TDX_API_KEY, and that over TD_API_KEY. A sandbox that runs a command sets \
         TDX_RT_ENDPOINT, TDX_API_KEY and TDX_RT_STATE_DIR for it, and takes TDX_ACCESS_TOKEN, TD_API_KEY and \
         TDX_RT_TOKEN away, so that no real key reaches it.");
    page.section("ENVIRONMENT");
    for [variable, takes, meaning] in rows(include_str!("variables.tsv")) {
        page.item(term(variable, takes), meaning);
    }
    page.section("FILES");
    for [file, meaning] in rows(include_str!("files.tsv")) {
        page.item(term(file, ""), meaning);
    }
    page.section("EXAMPLES");
    page.literal(["tdx-rt config", "TDX_SITE=eu01 tdx-rt config --jq .site"].into_iter());
    page.see_also(&[("tdx-rt".to_owned(), "1"), ("tdx-rt-config".to_owned(), "1")]);
    page.finish()
}

/// A sentence from its beginning.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if first.is_lowercase() => first.to_uppercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}
