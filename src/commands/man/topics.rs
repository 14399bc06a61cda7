//! The pages on exit codes and on the environment.

use super::Page;
use super::writer::{Writer, term};
use crate::explain::{Kind, entries};
use crate::settings::precedence::{KeySource, Layer};
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
        "Every command ends with one of these exit codes. One that fails prints nothing on stdout and writes one error \
         to stderr; one that judges (validate, diff --exit-code, pz-test, journey-test, journey-monitor, sandbox ... --expect) \
         prints its document also when the answer is no. The error is text on a terminal; elsewhere, or with `--error-format json`, one JSON object:

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
    page.text("The first of these that has a value gives it:");
    ordered(&mut page, &Layer::ALL.map(Layer::about));
    page.text(
        "A project's file may come from another person. It chooses site, database and parent segment, also by profiles \
         of its own, or names one of the user's profiles for these. It gives no key, host, account or program, and the \
         keys of a profile that it names are not used: `--profile` takes them.",
    );
    page.section("KEYS");
    page.text("The first of these that has one gives it:");
    ordered(&mut page, &KeySource::ALL.map(KeySource::about));
    page.text("<PROFILE> is the name of the profile in use in upper case, with _ for each character that is no letter or \
         digit: TDX_API_KEY_EU_PROD is the key of the profile eu-prod. An empty or blank variable counts as not set.

The official CLI keeps its keys in the keychain of the system, under names that are published nowhere: they can't be \
         read from there. A command that prints a key (`pass show td`, `op read op://Private/td/key`, `security \
         find-generic-password -w -s td`, `secret-tool lookup service td`) is a line, which is split into words as a \
         shell does, or a list of words. No shell runs it, unless it is the program: [\"sh\", \"-c\", \"…\"]. It is run \
         once, when a key is first needed, for 60 seconds at the most, with an empty stdin; the first line of its stdout \
         is the key. Completion and `config` do not run it.

A profile in ~/.config/tdx/tdx.json may have an `account`. A key of another account is then an error before anything is \
         sent; of an access token the account is not known.

With an endpoint on this machine, TDX_ACCESS_TOKEN, TDX_API_KEY and TD_API_KEY come before the keys of profiles and the \
         commands, and the account is not compared: a sandbox has its own key. One that runs a command sets \
         TDX_RT_ENDPOINT, TDX_API_KEY and TDX_RT_STATE_DIR for it, and takes all other variables with keys and tokens \
         away, so that no real key reaches it.");
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

fn ordered(page: &mut Writer, items: &[&str]) {
    let number = |(index, item): (usize, &&str)| format!("  {}. {item}", index.saturating_add(1));
    page.text(&items.iter().enumerate().map(number).collect::<Vec<_>>().join("\n"));
}

/// A sentence from its beginning.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if first.is_lowercase() => first.to_uppercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}
