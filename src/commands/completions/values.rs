//! What can stand where: every argument's kind of value by its value name, and the names to offer.

use super::answer::{flags, value_of, values_of};
use super::names::Names;
use super::source::{
    ATTRIBUTES, BATCH_ATTRIBUTES, DATABASES, EVENT_TABLES, EVENTS, JOURNEYS, KEYS, Listing, PARENT_SEGMENTS,
    PERSONALIZATIONS, Source, TABLES,
};
use crate::plan::{Document, MAX_BYTES};
use crate::platform::sites::Site;
use crate::program::Program;
use crate::settings::{Environment, Settings};
use clap::ValueHint;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::ffi::OsStr;
use std::sync::{Arc, OnceLock};

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Site,
    Profile,
    ParentSegment,
    Database,
    /// `DB.TABLE`
    Table,
    /// `NAME=DB.TABLE`
    NamedTable,
    Event,
    EventOrTable,
    /// `NAME=EVENT.COLUMN`; the column may be left out.
    EventColumn,
    /// A column of the event tables, with what follows it.
    Column(&'static str),
    Attribute,
    BatchAttribute,
    Personalization,
    Journey,
    /// The path of an item, as `--prune-item` takes it.
    Item,
    /// A jq filter on the command's output.
    Filter,
    /// A code that `explain` knows.
    Explained,
    Schema,
    /// A page of the manual.
    Page,
    Words(&'static [&'static str]),
    File,
    Dir,
    /// Free text, numbers, and names that are new: nothing is offered.
    Free,
}

const WINDOWS: Kind = Kind::Words(&["1h", "24h", "7d", "30d"]);
const METHODS: Kind = Kind::Words(&["GET", "POST", "PUT", "PATCH", "DELETE"]);
const SETTLE: Kind = Kind::Words(&["now", "2reads", "30s", "never", "inconsistent"]);
const PACES: Kind = Kind::Words(&["now", "2reads", "30s", "never"]);
const FAULTS: Kind = Kind::Words(&[
    "status",
    "html",
    "redirect",
    "reset",
    "commit-then-drop",
    "truncate",
    "slow",
    "endless",
    "fail-later",
]);
const STATUSES: Kind = Kind::Words(&["not_initialized", "initialized", "updating", "ok", "inconsistent"]);

/// The kind of an argument; `None` for one without an entry here. `path` is the command's,
/// without the program.
pub(super) fn kind(path: &str, id: &str, value_name: &str) -> Option<Kind> {
    Some(match (value_name, path, id) {
        ("SITE", ..) => Kind::Site,
        ("NAME", _, "profile") => Kind::Profile,
        ("PS", ..) => Kind::ParentSegment,
        ("DB", ..) => Kind::Database,
        ("DB.TABLE" | "DB[.TABLE]", ..) => Kind::Table,
        ("NAME=DB.TABLE", ..) => Kind::NamedTable,
        ("NAME|DB.TABLE", ..) => Kind::EventOrTable,
        ("EVENT", ..) => Kind::Event,
        ("NAME=TABLE", ..) => Kind::Free,
        ("NAME=EVENT.COLUMN" | "NAME=EVENT[.COLUMN]", ..) => Kind::EventColumn,
        ("COLUMN", ..) => Kind::Column(""),
        ("COLUMN=REGEX" | "COLUMN=TEXT" | "COLUMN=VALUE" | "KEY=VALUE", ..) => Kind::Column("="),
        ("NAME[=OUTPUT]", ..) | ("NAME", "rt-attrs delete", _) => Kind::Attribute,
        ("NAME", "rt-attrs", "import") => Kind::BatchAttribute,
        ("NAME", "pz-create delete", _) | ("NAME", "pz-create", "name") | ("NAME", _, "personalization") => {
            Kind::Personalization
        }
        ("JOURNEY", ..) => Kind::Journey,
        ("PACE", ..) => PACES,
        ("RATE", ..) => Kind::Words(&["1%", "5%", "10%"]),
        ("STATE", "sandbox activations", _) => Kind::Words(&["waiting", "delivered", "failed", "not_sent"]),
        ("NAME=VALUE", "journey-test", "attributes") => Kind::Attribute,
        ("WHEN", "journey-create", _) => Kind::Words(&["never", "until_goal", "always"]),
        ("PATH", "apply" | "diff", _) => Kind::Item,
        ("EXPR", ..) => Kind::Filter,
        ("CODE", ..) => Kind::Explained,
        ("COMMAND", "schema", _) => Kind::Schema,
        ("PAGE", ..) => Kind::Page,
        ("FILE" | "JOURNAL" | "PLAN" | "CMD", ..) => Kind::File,
        ("DIR", ..) => Kind::Dir,
        ("DURATION", "rt-attrs", "window") => WINDOWS,
        ("METHOD" | "METHODS", ..) => METHODS,
        ("STATUS", ..) => STATUSES,
        ("WHEN", ..) => SETTLE,
        ("KIND", "sandbox faults add", _) => FAULTS,
        (
            "-" | "ADDR" | "ANSWER" | "CONNECTION" | "CRITERIA" | "DAYS" | "DURATION" | "FIELD=VALUE"
            | "FOLDER" | "HOST" | "ID" | "INBOX" | "JQ" | "JSON" | "N" | "NAME" | "NAME=VALUE" | "OPERATION"
            | "OUTPUT=TEXT" | "P" | "PATH" | "PORT" | "RULE" | "SECONDS" | "SNAPSHOT" | "STATUSES" | "TEXT"
            | "TIME" | "TOKEN" | "URL" | "VALUE",
            ..,
        ) => Kind::Free,
        _ => return None,
    })
}

/// Where the names for one unfinished command line come from.
pub(super) struct Values {
    words: Vec<String>,
    env: Environment,
    program: Program,
    names: Names,
    settings: Option<Settings>,
    plan: OnceLock<Map<String, Value>>,
}

/// Gives each argument its completer.
pub(super) fn attach(command: clap::Command, values: &Arc<Values>) -> clap::Command {
    attach_below(command, "", values)
}

fn attach_below(command: clap::Command, path: &str, values: &Arc<Values>) -> clap::Command {
    command.mut_args(|arg| with_completer(arg, path, values)).mut_subcommands(|sub| {
        let path = format!("{path} {}", sub.get_name());
        attach_below(sub, path.trim_start(), values)
    })
}

fn with_completer(arg: clap::Arg, path: &str, values: &Arc<Values>) -> clap::Arg {
    let names = arg.get_value_names().unwrap_or_default();
    let Some(kind) = names.first().and_then(|name| kind(path, arg.get_id().as_str(), name)) else {
        return arg;
    };
    match kind {
        // What the parser lists is offered by itself.
        Kind::Free => arg,
        Kind::File => arg.value_hint(ValueHint::FilePath),
        Kind::Dir => arg.value_hint(ValueHint::DirPath),
        kind => {
            let values = Arc::clone(values);
            arg.add(ArgValueCompleter::new(move |current: &OsStr| {
                values.offer(kind, &current.to_string_lossy())
            }))
        }
    }
}

impl Values {
    /// For the words of a command line, of which the last is being typed.
    pub(super) fn new(words: &[String], env: &Environment, program: Program) -> Arc<Self> {
        // A flag at the end has no value yet.
        let words = words.get(..words.len().saturating_sub(1)).unwrap_or_default().to_vec();
        let flags = flags(&words);
        let settings = Settings::resolve(&flags, env).ok();
        let names = Names::new(env, flags);
        Arc::new(Values { words, env: env.clone(), program, names, settings, plan: OnceLock::new() })
    }

    fn offer(&self, kind: Kind, current: &str) -> Vec<CompletionCandidate> {
        let found = self.find(kind, current);
        let fitting = found.into_iter().filter(|(value, _)| value.starts_with(current));
        let mut seen = HashSet::new();
        fitting
            .filter(|(value, _)| seen.insert(value.clone()))
            .map(|(value, about)| {
                let about = Some(about).filter(|about| !about.is_empty()).map(Into::into);
                CompletionCandidate::new(value).help(about)
            })
            .collect()
    }

    fn find(&self, kind: Kind, current: &str) -> Vec<(String, String)> {
        match kind {
            Kind::Site => Site::ALL.map(|site| (site.as_str().to_owned(), site.cdp().to_owned())).into(),
            Kind::Profile => plain(Settings::profiles(&self.env)),
            Kind::ParentSegment => self.parent_segments(current),
            Kind::Database => self.databases(),
            Kind::Table => self.tables(current),
            Kind::NamedTable => match current.split_once('=') {
                None => parts(self.events(), "="),
                Some((name, table)) => prefixed(&format!("{name}="), self.tables(table)),
            },
            Kind::Event => self.events(),
            Kind::EventOrTable => [self.events(), self.configured(EVENT_TABLES)].concat(),
            Kind::EventColumn => match current.split_once('=') {
                None => parts(self.attributes(), "="),
                Some((name, at)) => prefixed(&format!("{name}="), self.event_columns(at)),
            },
            Kind::Column(after) => parts(self.columns(), after),
            Kind::Attribute => self.attributes(),
            Kind::BatchAttribute => self.configured(BATCH_ATTRIBUTES),
            Kind::Personalization => self.configured(PERSONALIZATIONS),
            Kind::Journey => self.configured(JOURNEYS),
            Kind::Item => self.items(),
            Kind::Filter if self.words.iter().any(|word| word == "--raw") => Vec::new(),
            Kind::Filter => self
                .program
                .schemas
                .of(&self.command())
                .map(|schema| super::fields::offer(&schema, current))
                .unwrap_or_default(),
            Kind::Explained => {
                let entries = crate::explain::entries().into_iter();
                entries.map(|entry| (entry.code.to_owned(), entry.meaning.to_owned())).collect()
            }
            Kind::Schema => {
                let first = |name: &str| name.split(' ').next().unwrap_or_default().to_owned();
                plain(self.program.schemas.names().map(first))
            }
            Kind::Page => {
                let topics = ["plan", "exit-codes", "environment", "options"].map(str::to_owned);
                let root = self.program.command();
                let commands = root.get_subcommands().filter(|sub| !sub.is_hide_set());
                plain(topics.into_iter().chain(commands.map(|sub| sub.get_name().to_owned())))
            }
            Kind::Words(words) => plain(words.iter().map(|word| (*word).to_owned())),
            Kind::File | Kind::Dir | Kind::Free => Vec::new(),
        }
    }

    /// The words of the command, as far as they are known.
    fn command(&self) -> String {
        let mut command = &self.program.command();
        let mut found = Vec::new();
        for word in self.words.iter().skip(1) {
            if let Some(sub) = command.find_subcommand(word) {
                found.push(sub.get_name());
                command = sub;
            }
        }
        found.join(" ")
    }

    /// By name, and by id where an id is begun.
    fn parent_segments(&self, current: &str) -> Vec<(String, String)> {
        let found = self.listed(&Source::ParentSegments, PARENT_SEGMENTS);
        if !current.starts_with(|c: char| c.is_ascii_digit()) {
            return found;
        }
        let ids = found.iter().map(|(name, id)| (id.clone(), name.clone())).collect();
        [ids, found].concat()
    }

    fn databases(&self) -> Vec<(String, String)> {
        self.listed(&Source::Databases, DATABASES)
    }

    /// Databases first, each with a dot behind it; then the tables of the one that is named.
    fn tables(&self, current: &str) -> Vec<(String, String)> {
        let Some((database, _)) = current.split_once('.') else { return parts(self.databases(), ".") };
        prefixed(&format!("{database}."), self.listed(&Source::Tables(database.to_owned()), TABLES))
    }

    /// Of the parent segment and of the plan that is named.
    fn events(&self) -> Vec<(String, String)> {
        let planned = self.planned("events");
        let planned = planned.map(|text| (text("name"), format!("{}.{}", text("database"), text("table"))));
        let flags = values_of(&self.words, "--event");
        let flags = flags.iter().filter_map(|event| event.split_once('='));
        let flags = flags.map(|(name, table)| (name.to_owned(), table.to_owned()));
        flags.chain(planned).chain(self.configured(EVENTS)).collect()
    }

    fn attributes(&self) -> Vec<(String, String)> {
        let planned = self.planned("attributes").map(|text| (text("name"), text("type")));
        planned.chain(self.configured(ATTRIBUTES)).collect()
    }

    /// Key events first, each with a dot behind it; then the columns of that event's table.
    fn event_columns(&self, current: &str) -> Vec<(String, String)> {
        let Some((event, _)) = current.split_once('.') else { return parts(self.events(), ".") };
        let table = self.events().into_iter().find(|(name, _)| name == event).map(|(_, table)| table);
        prefixed(&format!("{event}."), table.map(|table| self.columns_of(&table)).unwrap_or_default())
    }

    /// Stitching keys first, then every column of the event tables.
    fn columns(&self) -> Vec<(String, String)> {
        let mut found = self.configured(KEYS);
        let tables = self.events().into_iter().map(|(_, table)| table);
        let mut tables: Vec<_> =
            tables.chain(self.configured(EVENT_TABLES).into_iter().map(|(t, _)| t)).collect();
        tables.sort();
        tables.dedup();
        found.extend(tables.iter().flat_map(|table| self.columns_of(table)));
        found
    }

    fn columns_of(&self, table: &str) -> Vec<(String, String)> {
        let Some((database, table)) = table.split_once('.') else { return Vec::new() };
        self.listed(&Source::Tables(database.to_owned()), table)
    }

    /// As `--prune-item` names what is live.
    fn items(&self) -> Vec<(String, String)> {
        let kinds = [
            ("attributes.", ATTRIBUTES),
            ("events.", EVENTS),
            ("id_stitching.stitching_keys.", KEYS),
            ("personalization_services.", PERSONALIZATIONS),
            ("journeys.", JOURNEYS),
        ];
        kinds.into_iter().flat_map(|(prefix, kind)| prefixed(prefix, self.configured(kind))).collect()
    }

    /// What the parent segment of the command line has configured.
    fn configured(&self, kind: &str) -> Vec<(String, String)> {
        let planned = |key: &str| match self.plan().get(key)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let setting = || Some(self.settings.as_ref()?.parent_segment.as_ref()?.value.clone());
        let ps = value_of(&self.words, "--ps")
            .or_else(|| planned("parent_segment_id"))
            .or_else(|| planned("parent_segment_name"))
            .or_else(setting);
        ps.map(|ps| self.listed(&Source::Configuration(ps), kind)).unwrap_or_default()
    }

    fn listed(&self, source: &Source, kind: &str) -> Vec<(String, String)> {
        self.names.get(source).and_then(|mut listing: Listing| listing.remove(kind)).unwrap_or_default()
    }

    /// The items of a list of the plan, each as its strings by their keys.
    fn planned(&self, list: &str) -> impl Iterator<Item = impl Fn(&str) -> String> {
        let items = self.plan().get(list).and_then(Value::as_array).into_iter().flatten();
        items.map(|item| |key: &str| item.get(key).and_then(Value::as_str).unwrap_or_default().to_owned())
    }

    /// The plan that the command line names; empty when there is none, or it cannot be read.
    fn plan(&self) -> &Map<String, Value> {
        self.plan.get_or_init(|| self.read_plan().unwrap_or_default())
    }

    fn read_plan(&self) -> Option<Map<String, Value>> {
        let file =
            values_of(&self.words, "--file").into_iter().chain(values_of(&self.words, "-f")).next_back();
        let plan =
            |word: &&String| word.ends_with(".yaml") || word.ends_with(".yml") || word.ends_with(".json");
        let file = file.or_else(|| self.words.iter().rfind(plan).cloned())?;
        let meta = std::fs::metadata(&file).ok().filter(std::fs::Metadata::is_file)?;
        // A pipe must not be read, and a file that is no plan is not waited for.
        if meta.len() > MAX_BYTES as u64 {
            return None;
        }
        Document::parse(&std::fs::read_to_string(&file).ok()?, &file).ok().map(|document| document.root)
    }
}

fn plain(values: impl IntoIterator<Item = String>) -> Vec<(String, String)> {
    values.into_iter().map(|value| (value, String::new())).collect()
}

/// Values behind which more is typed.
fn parts(values: Vec<(String, String)>, after: &str) -> Vec<(String, String)> {
    values.into_iter().map(|(value, about)| (format!("{value}{after}"), about)).collect()
}

fn prefixed(before: &str, values: Vec<(String, String)>) -> Vec<(String, String)> {
    values.into_iter().map(|(value, about)| (format!("{before}{value}"), about)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_argument_has_a_kind() {
        fn walk(command: &clap::Command, path: &str, unknown: &mut Vec<String>) {
            for arg in command.get_arguments().filter(|arg| arg.get_action().takes_values()) {
                let listed = !arg.get_possible_values().is_empty();
                let name = arg.get_value_names().and_then(<[_]>::first).map(ToString::to_string);
                let name = name.unwrap_or_default();
                if !listed && kind(path, arg.get_id().as_str(), &name).is_none() {
                    unknown.push(format!("{path}: {} ({name})", arg.get_id()));
                }
            }
            for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
                walk(sub, format!("{path} {}", sub.get_name()).trim_start(), unknown);
            }
        }
        let mut unknown = Vec::new();
        walk(&crate::cli::command(), "", &mut unknown);
        assert_eq!(unknown, Vec::<String>::new(), "add their value names to `kind`");
    }
}
