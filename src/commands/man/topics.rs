//! The pages on exit codes and on the environment.

use super::Page;
use super::writer::{Writer, term};
use crate::explain::{Kind, entries};
use roff::{bold, roman};

/// Exit codes by their number.
const EXITS: [(u8, &str); 14] = [
    (0, "All went well."),
    (1, "The answer is no: real-time is not enabled, a check or an expectation failed, or somebody said no."),
    (2, "The command line, the plan or a setting is wrong, or the platform refuses the content."),
    (3, "Something that was named does not exist."),
    (4, "No API key or token, or one that is not accepted."),
    (5, "The key may not do this."),
    (6, "What is there contradicts what is wanted."),
    (7, "Too many requests, also after retries."),
    (8, "Not ready in time: a roll-out is under way."),
    (9, "The network, the server or a file failed."),
    (10, "There are changes; only `diff --exit-code` ends so, and it is no error."),
    (
        11,
        "The changes were made, but the output was lost: --jq failed on the document, or it could not be written.",
    ),
    (70, "A defect in this program."),
    (130, "Interrupted, as by Ctrl-C."),
];

/// `tdx-rt-exit-codes(7)`.
pub(super) fn exit_codes() -> Page {
    let name = "tdx-rt-exit-codes";
    let mut page = Writer::new(name, "7", "exit codes and error codes of tdx-rt");
    page.section("DESCRIPTION");
    page.text(
        "Every command ends with one of these exit codes. One that fails writes one error to stderr: text on a \
         terminal, elsewhere, or with `--error-format json`, one JSON object:

  {\"error\":{\"code\":\"not-found\",\"message\":\"...\",\"hint\":\"...\",
   \"http_status\":404,\"retryable\":false,\"exit_code\":3}}

`code` is a stable word, for programs; new ones are added, and none ever means something else. `details` is \
         there when the command knows more. `tdx-rt explain` tells what each means and what to do.",
    );
    page.section("EXIT STATUS");
    let errors: Vec<_> = entries().into_iter().filter(|entry| entry.kind == Kind::Error).collect();
    for (number, meaning) in EXITS {
        let words = errors.iter().filter(|entry| entry.exit_code == Some(number));
        let words: Vec<String> = words.map(|entry| format!("`{}`", entry.code)).collect();
        let words = if words.is_empty() { String::new() } else { format!(" Errors: {}.", words.join(", ")) };
        page.item(vec![bold(number.to_string())], &format!("{meaning}{words}"));
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
    Page { name: name.to_owned(), section: "7", source: page.finish() }
}

const EXAMPLES: &str = "\
tdx-rt explain 6                             # the errors behind an exit code
tdx-rt diff plan.yaml --exit-code || test $? -eq 10";

/// Variables, with what they are for.
const VARIABLES: [(&str, &str, &str); 22] = [
    ("TDX_ACCESS_TOKEN", "TOKEN", "Access token for the platform; wins over a key."),
    ("TDX_API_KEY", "ACCOUNT/KEY", "Master API key. It is never printed, logged or passed to another host."),
    ("TD_API_KEY", "ACCOUNT/KEY", "The same under the name that older tools use; TDX_API_KEY wins."),
    (
        "TDX_SITE",
        "SITE",
        "Site of the account: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03; us01 where nothing is said. `--site` wins.",
    ),
    ("TDX_PROFILE", "NAME", "Profile of ~/.config/tdx/tdx.json. `--profile` wins."),
    (
        "TDX_RT_ENDPOINT",
        "URL",
        "Address in place of all the site's hosts, such as a sandbox; plain http to this machine only. `--endpoint` wins.",
    ),
    ("TDX_RT_HTTPS_ENDPOINT", "URL", "Set by `sandbox --tls -- CMD` for CMD: where it answers https."),
    ("TDX_RT_CA_FILE", "FILE", "Set by `sandbox --tls -- CMD` for CMD: the certificate to trust there, PEM."),
    ("TDX_RT_TOKEN", "TOKEN", "Token of the personalization API, for `pz-test`. `--token` wins."),
    (
        "TDX_RT_HOOK_",
        "NAME=KEY",
        "Begins the names of variables with keys of webhooks' destinations, which a plan names with `api_key_env`. Other names need `--allow-env`.",
    ),
    ("TDX_RT_STATE_DIR", "DIR", "Folder of tokens, journals and notes, in place of ~/.local/state/tdx-rt."),
    ("XDG_CONFIG_HOME", "DIR", "In place of ~/.config; a path that is not absolute is ignored."),
    ("XDG_STATE_HOME", "DIR", "In place of ~/.local/state; a path that is not absolute is ignored."),
    ("XDG_CACHE_HOME", "DIR", "In place of ~/.cache; a path that is not absolute is ignored."),
    ("HOME", "DIR", "Home folder; without it, what the user database says."),
    ("PATH", "DIRS", "Where `sandbox -- CMD` looks for CMD; the command finds this program first."),
    ("NO_COLOR", "1", "Anything but the empty text: no colour, unless `--color always`."),
    ("TERM", "NAME", "With dumb no colour, unless `--color always`."),
    (
        "HTTPS_PROXY",
        "URL",
        "Proxy for requests; HTTP_PROXY and ALL_PROXY, also in lower case, are read too. One that is no address is an error.",
    ),
    ("NO_PROXY", "HOSTS", "Hosts that are reached without a proxy."),
    ("SSL_CERT_FILE", "FILE", "Root certificates in place of the machine's; a file without any is an error."),
    ("SSL_CERT_DIR", "DIR", "Folder of root certificates in place of the machine's."),
];

/// Files, with what is in them.
const FILES: [(&str, &str); 10] = [
    (
        "tdx.json",
        "The nearest one upwards from the working directory is the project's: site, profile, database, parent_segment. It holds no keys.",
    ),
    (
        "~/.config/tdx/tdx.json",
        "The user's own values, and `profiles` with values of their own; shared with the official CLI.",
    ),
    (
        "~/.config/tdx/.env",
        "TDX_ACCESS_TOKEN, TDX_API_KEY, TD_API_KEY and TDX_SITE as NAME=value; of two lines the last counts. Other lines are not read, and an error matters only where the value is needed.",
    ),
    (
        "~/.local/state/tdx-rt/tokens.json",
        "Tokens that `pz-create` and `apply` made: the platform shows a token only once. For its user alone (0600); another file with `--token-file`. Where none can be kept, none is made.",
    ),
    (
        "~/.cache/tdx-rt/completion/",
        "Names for completion, two minutes old at the most: a folder for each account. It can be deleted.",
    ),
    (
        "~/.local/state/tdx-rt/journals/",
        "What was there before each command that wrote, for `undo`: a file each. It can be deleted; then those commands can't be undone.",
    ),
    (
        "~/.local/state/tdx-rt/ownership.json",
        "What each plan made, for `--prune` and for what `diff` calls no longer named; another file with `--ownership`.",
    ),
    ("~/.local/state/tdx-rt/locks/", "Locks against two processes that make a token at once."),
    ("DIR/state.sqlite3", "All that `sandbox --state DIR` keeps."),
    ("DIR/snapshots/", "Snapshots of such a sandbox: a file each."),
];

/// `tdx-rt-environment(7)`.
pub(super) fn environment() -> Page {
    let name = "tdx-rt-environment";
    let mut page = Writer::new(name, "7", "variables and files that tdx-rt reads");
    page.section("DESCRIPTION");
    page.text(
        "Settings come from flags, variables and files. `tdx-rt config` shows every setting with its origin, keys \
         masked. An empty or blank variable counts as not set.",
    );
    page.section("PRECEDENCE");
    page.text("The first of these that has a value gives it:

  1. the flag: --site, --profile, --endpoint, --token
  2. the environment
  3. tdx.json of the project
  4. the profile of ~/.config/tdx/tdx.json
  5. the other values of ~/.config/tdx/tdx.json
  6. ~/.config/tdx/.env, for the site
  7. the default

Keys come from the environment, then from ~/.config/tdx/.env; never from a flag or a tdx.json. In each of the \
         two, TDX_ACCESS_TOKEN wins over TDX_API_KEY, and that over TD_API_KEY. A sandbox that runs a command sets \
         TDX_RT_ENDPOINT, TDX_API_KEY and TDX_RT_STATE_DIR for it, and takes TDX_ACCESS_TOKEN, TD_API_KEY and \
         TDX_RT_TOKEN away, so that no real key reaches it.");
    page.section("ENVIRONMENT");
    for (variable, takes, meaning) in VARIABLES {
        page.item(term(variable, takes), meaning);
    }
    page.section("FILES");
    for (file, meaning) in FILES {
        page.item(term(file, ""), meaning);
    }
    page.section("EXAMPLES");
    page.literal(["tdx-rt config", "TDX_SITE=eu01 tdx-rt config --jq .site"].into_iter());
    page.see_also(&[("tdx-rt".to_owned(), "1"), ("tdx-rt-config".to_owned(), "1")]);
    Page { name: name.to_owned(), section: "7", source: page.finish() }
}

/// A sentence from its beginning.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if first.is_lowercase() => first.to_uppercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}
