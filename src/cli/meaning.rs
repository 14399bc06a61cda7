//! Words that users bring from other tools, and what does that here.

use clap::Command;

/// Words of one meaning.
struct Meaning {
    words: &'static [&'static str],
    /// The subcommands that they mean behind a command that has one of them.
    subcommands: &'static [&'static str],
    /// What does it.
    here: &'static str,
}

const fn means(words: &'static [&'static str], here: &'static str) -> Meaning {
    Meaning { words, subcommands: &[], here }
}

/// The table of words; a word that is a command, a noun or another row's is in no row.
const MEANINGS: &[Meaning] = &[
    means(
        &["plan", "preview", "changes", "compare"],
        "`tdx-rt diff plan.yaml` shows what a plan would change",
    ),
    means(
        &[
            "status",
            "state",
            "ready",
            "ping",
            "wait",
            "watch",
            "segment",
            "segments",
            "audience",
            "audiences",
        ],
        "`tdx-rt ps-check` shows the parent segments and whether real-time is ready; with --wait it waits",
    ),
    means(
        &["login", "logout", "auth", "signin", "whoami", "account", "token", "credentials"],
        "there is no login: the API key is the variable TDX_API_KEY, in the file of --api-key-file, or what a command \
         prints, which is api_key_command in ~/.config/tdx/tdx.json or the variable TDX_RT_API_KEY_COMMAND; \
         `tdx-rt config` shows which is used",
    ),
    means(
        &[
            "use",
            "switch",
            "context",
            "profile",
            "workspace",
            "site",
            "region",
            "settings",
            "configure",
            "env",
        ],
        "--site and --profile choose the account, or TDX_SITE and tdx.json; `tdx-rt config` shows every setting",
    ),
    means(
        &["doctor", "debug", "diagnose", "info"],
        "`tdx-rt config` shows every setting, `tdx-rt ps-check` asks the platform",
    ),
    means(
        &["init", "new", "scaffold", "bootstrap", "start", "setup", "generate", "propose", "template"],
        "`tdx-rt discover --ps PS --use-case web --database DB --yaml > plan.yaml` makes a first plan; `tdx-rt sandbox -- bash` to \
         try it offline",
    ),
    means(
        &["up", "deploy", "run", "push", "sync", "update", "set", "execute", "publish", "put", "upsert"],
        "`tdx-rt apply plan.yaml` makes everything that a plan has",
    ),
    Meaning {
        words: &["create", "add", "make", "insert"],
        subcommands: &["create", "add", "save"],
        here: "`tdx-rt apply plan.yaml` makes everything that a plan has; rt-events, rt-keys, rt-attrs, pz-create and \
               journey-create make one kind",
    },
    Meaning {
        words: &["rm", "remove", "delete", "del", "unset"],
        subcommands: &["delete", "remove", "clear"],
        here: "the kind stands first: `tdx-rt rt-events delete NAME`; so do rt-keys, rt-attrs, pz-create and journey-create",
    },
    Meaning {
        words: &["destroy", "down", "teardown", "prune", "purge", "clean"],
        subcommands: &["delete", "clear"],
        here: "`tdx-rt undo` takes back what a command changed; `tdx-rt apply plan.yaml --prune` deletes what the plan no longer names",
    },
    Meaning {
        words: &["ls", "list", "get", "show", "describe", "view", "cat"],
        subcommands: &["list"],
        here: "the kind stands first: `tdx-rt rt-events list`; so do rt-keys, rt-attrs, pz-create and journey-create. \
               `tdx-rt export PS` writes all as a plan",
    },
    Meaning {
        words: &["rollback", "revert", "restore", "reset", "redo"],
        subcommands: &["restore"],
        here: "`tdx-rt undo` restores what was there before a command; `tdx-rt undo list` lists the commands",
    },
    means(
        &["logs", "log", "history", "journal"],
        "`tdx-rt undo list` lists what was written; -v reports the requests of a command",
    ),
    means(
        &["import", "pull", "dump", "backup", "save", "fetch", "download"],
        "`tdx-rt export PS > plan.yaml` writes what is live as a plan",
    ),
    means(
        &["check", "lint", "verify", "fmt", "format", "fix"],
        "`tdx-rt validate plan.yaml` checks a plan, with --fix it corrects it; `tdx-rt ps-check` looks at a parent segment",
    ),
    means(
        &["test", "try", "call", "send", "ingest", "emit"],
        "`tdx-rt pz-test` sends an event and shows the offers; `tdx-rt journey-test` shows what a journey does with it",
    ),
    means(
        &["pause", "resume", "launch", "stop", "unpause", "activate"],
        "`tdx-rt journey-create pause NAME` (or `resume`, `launch`), or shorter `tdx-rt journey pause NAME`",
    ),
    means(&["rename", "mv", "move"], "a plan renames: an item has `renamed_from`, see `tdx-rt man plan`"),
    means(
        &["draw", "visualize", "dot", "mermaid", "tree", "lineage"],
        "`tdx-rt graph plan.yaml` draws a plan",
    ),
    means(
        &["databases", "database", "db", "tables", "table", "columns", "column"],
        "`tdx-rt discover databases` lists them, `tdx-rt discover tables DB` and `tdx-rt discover columns DB.TABLE` go on",
    ),
    means(
        &["personalization", "personalizations", "service", "services", "sections", "offers", "entity"],
        "`tdx-rt pz create`, `tdx-rt pz list` and `tdx-rt pz test`",
    ),
    means(
        &["attribute", "attributes"],
        "`tdx-rt rt-attrs` makes real-time attributes, `tdx-rt rt-attrs list` lists them",
    ),
    means(
        &["trigger", "triggers", "webhook", "webhooks", "activation", "activations"],
        "journeys send webhooks: `tdx-rt journey create`, `tdx-rt journey list` and `tdx-rt journey test`",
    ),
    means(
        &["mock", "emulator", "local", "dev", "serve", "server", "demo", "playground", "offline"],
        "`tdx-rt sandbox` serves an offline platform, `tdx-rt sandbox -- bash` opens a shell with it",
    ),
    means(
        &["monitor", "monitoring", "health", "metrics", "stats", "deliveries", "failures", "alerts"],
        "`tdx-rt journey-monitor --ps PS` shows whether what live journeys send arrives",
    ),
    means(&["version"], "`tdx-rt --version`"),
    means(&["errors", "error", "codes", "code", "why"], "`tdx-rt explain CODE` explains an error or finding"),
    means(
        &["docs", "doc", "manual", "tutorial", "examples", "usage"],
        "`tdx-rt help COMMAND` has examples; `tdx-rt man` has the manual",
    ),
    means(
        &["api", "curl", "request", "requests"],
        "--curl prints what a command would send; `tdx-rt sandbox requests` what a sandbox got",
    ),
];

/// What a word that `command` does not have means there, by its meaning alone.
pub(super) fn of(word: &str, command: &Command, is_root: bool) -> Option<String> {
    let word = word.to_lowercase();
    let meaning = MEANINGS.iter().find(|meaning| meaning.words.contains(&word.as_str()))?;
    let subcommand = meaning.subcommands.iter().find(|name| command.find_subcommand(name).is_some());
    match subcommand {
        Some(name) => Some(format!("did you mean '{name}'?")),
        None => is_root.then(|| meaning.here.to_owned()),
    }
}

/// All words of the table.
pub(super) fn words<'w>() -> impl Iterator<Item = &'w str> {
    MEANINGS.iter().flat_map(|meaning| meaning.words.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_word_has_one_meaning_and_no_command_is_hidden_by_it() {
        let root = crate::cli::parser();
        let mut seen = BTreeSet::new();
        for word in MEANINGS.iter().flat_map(|meaning| meaning.words) {
            assert!(seen.insert(word), "{word} twice");
            assert!(root.find_subcommand(word).is_none(), "{word} is a command");
        }
    }

    #[test]
    fn what_a_meaning_names_exists() {
        let root = crate::cli::parser();
        for Meaning { here, .. } in MEANINGS {
            for command in here.split('`').skip(1).step_by(2).filter_map(|code| code.strip_prefix("tdx-rt "))
            {
                let mut at = &root;
                let mut words = command.split(' ').peekable();
                while let Some(sub) = words.peek().and_then(|word| at.find_subcommand(word)) {
                    at = sub;
                    words.next();
                }
                let none = at.get_name() == root.get_name()
                    && command != "--version"
                    && !command.starts_with("help ");
                assert!(!none, "{command}");
                for flag in words.filter_map(|word| word.strip_prefix("--")).filter(|flag| !flag.is_empty()) {
                    let has =
                        |command: &Command| command.get_arguments().any(|it| it.get_long() == Some(flag));
                    assert!(has(at) || has(&root) || flag == "version", "{command}: {flag}");
                }
            }
        }
    }
}
