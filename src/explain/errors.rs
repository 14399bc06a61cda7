//! Errors.

use super::About;
use crate::error::Code;

/// What an error code means.
pub(super) fn about(code: Code) -> About {
    let (meaning, cause, what_to_do, commands) = match code {
        Code::RtNotEnabled
        | Code::NoRtParentSegments
        | Code::RtInconsistent
        | Code::CheckFailed
        | Code::NoEventTables
        | Code::Declined => answers(code),
        Code::Usage
        | Code::InvalidPlan
        | Code::MissingInput
        | Code::Jq
        | Code::AmbiguousName
        | Code::BadSetting
        | Code::Rejected
        | Code::UnknownColumn => input(code),
        _ => outside(code),
    };
    About { meaning, cause, what_to_do, commands }
}

type Texts = (&'static str, &'static str, &'static str, &'static [&'static str]);

/// The answer is no.
fn answers(code: Code) -> Texts {
    match code {
        Code::RtNotEnabled => (
            "real-time is not enabled for the parent segment",
            "real-time 2.0 is switched on by the vendor for each parent segment; this one has no real-time setting",
            "ask your CSM to enable it, or take a parent segment that has it",
            &["tdx-rt ps-check --jq '.[] | select(.ready) | .name'"],
        ),
        Code::NoRtParentSegments => (
            "no parent segment of the account has real-time enabled",
            "`ps-check` without a name looks at all parent segments, and none is enabled",
            "ask your CSM to enable one; check the site too: an account exists on one site only",
            &["tdx-rt ps-check", "tdx-rt config --jq .site"],
        ),
        Code::RtInconsistent => (
            "a roll-out of the configuration failed",
            "the platform could not roll the real-time configuration out; it says `inconsistent`",
            "look at the parent segment in the console; a further change may roll out again, else ask the vendor's support",
            &["tdx-rt ps-check"],
        ),
        Code::RunFailed => (
            "a run of a parent segment failed or was canceled",
            "its workflow stopped: a table is missing, a key may not read one, or someone canceled it",
            "look at the log of the workflow in the console, mend that, and run it again; the batch values are those of the last run that succeeded",
            &["tdx-rt ps-run 394649 --wait"],
        ),
        Code::CheckFailed => (
            "a check or an expectation did not hold",
            "`pz-test` found a part of the setup missing, an --expect was not true, or `sandbox requests` counted another number",
            "the document on stdout says which one; mend that part and run it again",
            &["tdx-rt diff plan.yaml", "tdx-rt pz-test -f plan.yaml --key td_client_id=u1"],
        ),
        Code::NoEventTables => (
            "no table looks like an event table",
            "`discover` looks for tables that name what people do, or have a column of ids; the database has none",
            "name the table yourself: rt-events --event NAME=DB.TABLE takes any table",
            &["tdx-rt discover tables web_events"],
        ),
        _ => (
            "a question was answered with no",
            "`delete`, `--prune` and `undo` ask on a terminal before they write; the answer was not yes",
            "look at what would change, then answer y or pass --yes",
            &["tdx-rt diff plan.yaml --prune", "tdx-rt undo --ps 394649 --diff"],
        ),
    }
}

/// What the program was given is wrong.
fn input(code: Code) -> Texts {
    match code {
        Code::Usage => (
            "the command line is wrong",
            "an unknown command, flag or value, a missing one, or two that exclude each other; or `undo` or `--prune` without --yes where there is no terminal to ask on",
            "the hint names the nearest known one, or the flag that is missing; help begins with examples",
            &["tdx-rt --help", "tdx-rt rt-events --help"],
        ),
        Code::InvalidPlan => (
            "the plan is wrong",
            "the document has findings that are errors; nothing was sent",
            "mend what the message names; `validate` shows all findings at once, and --fix mends the simple ones",
            &["tdx-rt validate plan.yaml", "tdx-rt validate --fix plan.yaml"],
        ),
        Code::MissingInput => (
            "the document that a step should read is missing",
            "the step before it in the pipeline failed or printed nothing, or nothing was piped at all",
            "look at the message of the step before, and use `set -o pipefail`; without a pipe pass --ps or -f FILE",
            &["tdx-rt rt-events -f plan.yaml", "tdx-rt apply plan.yaml --dry-run"],
        ),
        Code::Jq => (
            "a jq expression does not compile, or failed on the document",
            "a syntax error, an unknown function or variable, or a type that does not fit the document",
            "look at the document without the filter first; variables come from --arg and --argjson",
            &["tdx-rt ps-check --jq '.[].name'", "tdx-rt config --arg key site --jq '.[$key].value'"],
        ),
        Code::AmbiguousName => (
            "a name fits several things",
            "names of parent segments and batch segments need not be unique",
            "name it by its id",
            &["tdx-rt ps-check --jq '.[] | [.id, .name] | @tsv'"],
        ),
        Code::BadSetting => (
            "a file, a variable or a flag that is read for settings or state is wrong",
            "a tdx.json that is no JSON, an unknown site or profile, an endpoint that is no address, a file that is no journal or seed, a control without a sandbox, or a mistyped SSL_CERT_FILE or proxy variable",
            "mend what the message names; tdx-rt-environment(7) has every file and variable",
            &["tdx-rt config", "tdx-rt man environment"],
        ),
        Code::Rejected => (
            "the platform refuses what a request says",
            "the platform checks more than can be known before; its own words are in the message",
            "change what the message names; --dry-run shows the requests that would be sent",
            &["tdx-rt validate --live plan.yaml", "tdx-rt apply plan.yaml --dry-run"],
        ),
        _ => (
            "a column that the tables do not have",
            "a plan or flag names a column or batch attribute that the schema lacks; the platform would take it and do nothing",
            "take a column of the table; the hint names the nearest",
            &[
                "tdx-rt discover columns web_events.pageviews",
                "tdx-rt discover attributes --ps \"Customer 360\"",
            ],
        ),
    }
}

/// The account, the network and this machine.
fn outside(code: Code) -> Texts {
    match code {
        Code::NotFound => (
            "something that was named does not exist",
            "a parent segment, table, item, page, code or command of that name or id does not exist; an id of another site is not found either",
            "check the name or id, and the site; the hint names the nearest, or what lists them",
            &["tdx-rt ps-check", "tdx-rt config --jq .site", "tdx-rt rt-events list --ps 394649"],
        ),
        Code::Auth => (
            "there is no API key, or the platform does not accept it",
            "none is found in the places below, a command that prints it failed, it is of another account than the profile is for or of another site, it is mistyped, or was revoked; the official CLI keeps its own in the keychain of the system, under names that are published nowhere, so it can't be read from there",
            "set TDX_API_KEY to a master API key of the account, or TDX_RT_API_KEY_COMMAND to a command that prints one",
            &["tdx-rt config --jq '{credential, site}'", "tdx-rt sandbox -- bash"],
        ),
        Code::Token => (
            "the personalization API wants a token, or does not accept it",
            "the token of a service is shown once, when it is made; this machine does not have it, or it was deleted or belongs to another service",
            "pass it with --token or TDX_RT_TOKEN, or make another one",
            &[
                "tdx-rt pz-create -f plan.yaml --new-token",
                "tdx-rt pz-test -f plan.yaml --get --key td_client_id=u1",
            ],
        ),
        Code::Forbidden => (
            "the key is known, but may not do this",
            "a write-only key, or a user without the permissions for this parent segment",
            "use a master API key of a user with the permissions",
            &["tdx-rt config --jq .credential"],
        ),
        Code::Conflict => (
            "what exists contradicts what is wanted",
            "a name is taken, something still uses what should go, a value is fixed once it is made, or another person or process has changed it since",
            "look at both; take another name, or delete what is in the way first: `details.users` names what uses a thing, with the commands that free it",
            &[
                "tdx-rt diff plan.yaml",
                "tdx-rt validate --live plan.yaml",
                "tdx-rt graph --ps 394649 --jq .edges",
            ],
        ),
        Code::RateLimited => (
            "too many requests, also after retries",
            "the platform answers 429; the program has waited and tried again as often as --retries says",
            "wait a minute; run fewer commands at once, or raise --retries",
            &["tdx-rt ps-check --retries 8"],
        ),
        Code::RtUpdating => (
            "the configuration is still being rolled out",
            "a change was made not long ago; a roll-out takes 30 to 90 seconds",
            "wait for it",
            &["tdx-rt ps-check \"Customer 360\" --wait=5m"],
        ),
        Code::NotReady => (
            "something did not settle in time",
            "the roll-out took longer than --timeout allows; what was sent stays",
            "wait longer; running the step again does no harm",
            &["tdx-rt ps-check \"Customer 360\" --wait=10m", "tdx-rt rt-attrs -f plan.yaml --timeout 10m"],
        ),
        Code::QueryFailed => (
            "a query of the platform's tables failed",
            "the query engine ended it with an error that is not known here, such as too little memory, or someone stopped it; what is known has another code: not-found for a missing table or column, forbidden, not-ready for a query that took too long",
            "try again, with less time (--since) if it needs too much; the message has the engine's own words, and --sql prints the query",
            &["tdx-rt journey-monitor --ps 394649 --since 1h", "tdx-rt journey-monitor --ps 394649 --sql"],
        ),
        Code::Network => (
            "the platform could not be reached",
            "no network, a proxy, a wrong endpoint, a sandbox that has ended, a connection that broke, or a certificate that is not trusted",
            "check the hosts in use, and the proxy variables HTTPS_PROXY and NO_PROXY; for a certificate the hint names the reason, and SSL_CERT_FILE names the issuers to trust",
            &["tdx-rt config --jq .hosts"],
        ),
        Code::Server => (
            "the platform failed, or answered what is no answer",
            "an error of the platform after retries, or a page of a proxy or login in its place",
            "try again later; an apply can simply be run again, as it looks before it writes",
            &["tdx-rt ps-check -v", "tdx-rt apply plan.yaml"],
        ),
        Code::Io => (
            "a file, stream or port could not be used",
            "it does not exist, may not be read or written, the disk is full, or the port is taken",
            "check the path, its permissions and the space",
            &["tdx-rt config --jq .state_dir"],
        ),
        Code::OutputLost => (
            "the changes were made, but the document could not be printed",
            "the filter of --jq failed on the document, or stdout or the file of --output could not be written to, as on a full disk",
            "take the document from `details` of the error, or look at what is live; do not blindly repeat what creates: a plan applied again changes nothing",
            &["tdx-rt diff plan.yaml", "tdx-rt apply plan.yaml", "tdx-rt undo --ps 394649 --yes"],
        ),
        Code::Bug => (
            "a defect in this program",
            "something happened that should be impossible",
            "please report it with the command line, without keys and tokens",
            &["tdx-rt --version"],
        ),
        Code::Deadline => (
            "the time that the command was given is over",
            "--deadline ended it, between two writes: what was under way has been answered, and what was sent before stays",
            "run the command again, with more time: it changes only what is missing; or take it back with undo",
            &["tdx-rt apply plan.yaml --deadline 10m", "tdx-rt undo --ps 394649 --yes"],
        ),
        Code::Terminated => (
            "ended from elsewhere",
            "SIGTERM, as a scheduler or `timeout` sends it; what was sent before stays",
            "run the command again: it changes only what is missing; or take it back with undo",
            &["tdx-rt apply plan.yaml", "tdx-rt undo --ps 394649 --yes"],
        ),
        _ => (
            "interrupted",
            "Ctrl-C, or SIGINT from elsewhere; what was sent before stays",
            "run the command again: it changes only what is missing; or take it back with undo",
            &["tdx-rt apply plan.yaml", "tdx-rt undo --ps 394649 --yes"],
        ),
    }
}
