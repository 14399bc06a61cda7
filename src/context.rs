//! What a command is handed: settings, writer and client, made when they are first asked for.

mod credentials;

pub use credentials::{LateCredentials, hide_credentials};

use crate::api::{AnswerLimits, Client, ClientOptions, Observer, RunningQueries, Writes};
use crate::error::{Code, Error};
use crate::jq::{Filter, Known, Mismatch, run_in};
use crate::plan::{Document, Finding, Guard, nearest};
use crate::platform::sites::Site;
use crate::program::Program;
use crate::secrets::Secrets;
use crate::settings::{
    Credential, Environment, Flags, KEY_COMMAND_TIME, KeyCommand, Origin, Settings, Sourced, mask, network,
};
use crate::tokens::TokenStore;
use crate::ui::{Halted, Ui};
use credentials::credentials;
use serde_json::{Map, Value, json};
use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// How requests are sent, as the global flags say.
#[derive(Debug, Clone)]
pub struct RequestOptions {
    /// For one request with its answer.
    pub timeout: Duration,
    /// How often a request is tried again.
    pub retries: usize,
    /// Collect writes instead of sending them.
    pub dry_run: bool,
    /// Print requests as commands for curl.
    pub curl: bool,
    /// Report every exchange on stderr; with 2, bodies and sizes too.
    pub verbose: u8,
}

/// What a command's `--jq` is checked against.
#[derive(Debug)]
pub struct FilterCheck {
    /// The words of the command.
    pub command: String,
    /// What the command prints; a filter that fits one of them is right. None for text.
    pub schemas: Vec<Value>,
    /// Whether it writes on the document that it reads, with keys that no schema has.
    pub passes_on: bool,
}

/// Fields as the platform calls them, and names of 0.1, with what documents call them now.
const PLATFORM_WORDS: [(&str, &str); 21] = [
    ("databaseName", "database"),
    ("tableName", "table"),
    ("filterRule", "where"),
    ("validRegexp", "valid_regex"),
    ("invalidTexts", "invalid"),
    ("extLookupKey", "ext_lookup_key"),
    ("realtimeKeyEventId", "source_event_id"),
    ("valueColumn", "source_field"),
    ("dataType", "data_type"),
    ("idColumn", "id_field"),
    ("maxItems", "max_items"),
    ("aggregationType", "aggregation"),
    ("attributeIdentifier", "attribute"),
    ("timestampIdentifier", "timestamp"),
    ("subDurations", "windows"),
    ("lookupCatalogTableName", "catalog_table"),
    ("lookupCatalogColumns", "catalog_columns"),
    ("lookupKeys", "lookup_keys"),
    ("at_ms", "at"),
    ("saved_ms", "saved_at"),
    ("delay_ms", "delay"),
];

impl FilterCheck {
    fn check(&self, filter: &Filter, known: &Known) -> Result<(), Error> {
        let mut wrong = None;
        for schema in &self.schemas {
            match filter.check(schema, known) {
                Ok(()) => return Ok(()),
                // The command's own schema comes first, and says most.
                Err(mismatch) => wrong = wrong.or(Some(mismatch)),
            }
        }
        let Some(mut wrong) = wrong else { return Ok(()) };
        if let Mismatch::Field(unknown) = &mut wrong
            && let Some((_, ours)) = PLATFORM_WORDS.iter().find(|(theirs, _)| *theirs == unknown.name)
        {
            unknown.nearest = Some((*ours).to_owned());
        }
        // What is only in the document may have been meant as well.
        if let (Mismatch::Field(unknown), Known::Document(Some(document))) = (&mut wrong, known)
            && unknown.nearest.is_none()
        {
            let mut keys = Vec::new();
            keys_of(document, &mut keys);
            unknown.nearest = nearest(&unknown.name, keys).map(str::to_owned);
        }
        let hint = format!(
            "nothing was sent; `tdx-rt schema {}` has the fields, and --no-jq-check runs the filter all the same",
            self.command
        );
        Err(Error::new(Code::Jq, format!("--jq: {wrong}")).hint(hint))
    }
}

/// A document with its tokens masked.
fn without_tokens(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(without_tokens).collect(),
        Value::Object(map) => {
            let masked = |(key, value): (String, Value)| match value {
                Value::String(token) if key == "token" => (key, mask(&token).into()),
                value => (key, without_tokens(value)),
            };
            Value::Object(map.into_iter().map(masked).collect())
        }
        other => other,
    }
}

/// Every key of a document.
fn keys_of<'d>(value: &'d Value, found: &mut Vec<&'d str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| keys_of(item, found)),
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            found.push(key);
            keys_of(value, found);
        }),
        _ => {}
    }
}

/// The context of a command.
#[derive(Debug)]
pub struct Context {
    /// The writer.
    pub ui: Ui,
    /// The environment.
    pub env: Environment,
    /// What the program consists of.
    pub program: Program,
    /// How requests are sent.
    pub requests: RequestOptions,
    /// Variables that a plan may name beside those that are meant for it.
    pub allowed_env: Vec<String>,
    flags: Flags,
    settings: OnceCell<Settings>,
    client: OnceCell<Client>,
    credential: OnceCell<Sourced<Credential>>,
    filter_check: OnceCell<FilterCheck>,
    late: LateCredentials,
    /// True when the process is to end.
    stop: watch::Sender<bool>,
    started: Instant,
    /// Writes that were carried out, or may have been.
    changes: Arc<AtomicUsize>,
    /// The writes to the platform.
    writes: Arc<Writes>,
    /// The queries that may be running.
    running: Arc<RunningQueries>,
    /// How many requests were reported, tries included; reset when the total is reported.
    reported: Arc<AtomicUsize>,
}

impl Context {
    /// A context; nothing is resolved yet.
    pub fn new(ui: Ui, env: Environment, flags: Flags, requests: RequestOptions, program: Program) -> Self {
        let late = LateCredentials::default();
        hide_credentials(&ui, &env, &flags, late.clone());
        run_in(&env);
        Context {
            ui,
            env,
            program,
            requests,
            allowed_env: Vec::new(),
            flags,
            settings: OnceCell::new(),
            client: OnceCell::new(),
            credential: OnceCell::new(),
            filter_check: OnceCell::new(),
            late,
            stop: watch::Sender::new(false),
            started: Instant::now(),
            changes: Arc::default(),
            writes: Arc::default(),
            running: Arc::default(),
            reported: Arc::default(),
        }
    }

    /// What keeps the credentials of this command out of another writer.
    pub fn hiding(&self) -> impl Fn(&Ui) + Send + Sync + 'static {
        let (env, flags, late) = (self.env.clone(), self.flags.clone(), self.late.clone());
        move |ui| hide_credentials(ui, &env, &flags, late.clone())
    }

    /// What says that the process is to end, to what waits without awaiting anything.
    pub fn stop(&self) -> watch::Sender<bool> {
        self.stop.clone()
    }

    /// Checks the filter at once, or, where the command writes on what it reads, notes how it will be.
    pub fn check_filter_with(&self, check: FilterCheck) -> Result<(), Error> {
        match (check.passes_on, self.ui.filter()) {
            (false, Some(output)) => check.check(&output.filter, &Known::Open),
            _ => {
                // There is one command.
                let _ = self.filter_check.set(check);
                Ok(())
            }
        }
    }

    /// Checks the filter of a command that writes on this document; call it before the first request.
    pub fn check_filter(&self, document: &Map<String, Value>) -> Result<(), Error> {
        let (Some(check), Some(output)) = (self.filter_check.get(), self.ui.filter()) else { return Ok(()) };
        let document = Value::Object(document.clone());
        check.check(&output.filter, &Known::Document(Some(&document)))
    }

    /// The settings.
    pub fn settings(&self) -> Result<&Settings, Error> {
        if let Some(settings) = self.settings.get() {
            return Ok(settings);
        }
        let settings = Settings::resolve(&self.flags, &self.env)?;
        for warning in &settings.warnings {
            self.ui.warn(warning);
        }
        Ok(self.settings.get_or_init(|| settings))
    }

    /// The key or access token in use. A command that prints it is run once, when it is first asked for.
    ///
    /// # Errors
    /// When there is none, when the command fails, and when the key is of another account than the profile is for.
    pub fn credential(&self) -> Result<&Sourced<Credential>, Error> {
        if let Some(credential) = self.credential.get() {
            return Ok(credential);
        }
        let settings = self.settings()?;
        let credential = match (&settings.credential, &settings.key_command) {
            (Some(credential), _) => credential.clone(),
            (None, Some(command)) => self.printed(command)?,
            (None, None) => return Err(settings.no_key()),
        };
        settings.check_account(&credential)?;
        Ok(self.credential.get_or_init(|| credential))
    }

    /// The key that a command prints.
    fn printed(&self, command: &Sourced<KeyCommand>) -> Result<Sourced<Credential>, Error> {
        let stop = self.stop.subscribe();
        // The runtime of this thread can't wait for another one.
        let key =
            std::thread::scope(|scope| scope.spawn(|| command.value.run(KEY_COMMAND_TIME, &stop)).join());
        let key = key.unwrap_or_else(|_| Err("could not be waited for".to_owned()));
        let key = key.map_err(|reason| command.value.error(&command.place(), &reason))?;
        self.ui.hide_also(&key);
        let key = self.late.printed_key.get_or_init(|| key).clone();
        Ok(Sourced { value: Credential::ApiKey(key), origin: command.origin.clone() })
    }

    /// The number of the account, where the key says it. It is known once there is a client.
    pub fn account(&self) -> Option<&str> {
        self.credential.get().and_then(|credential| credential.value.account())
    }

    /// The client; an error when there is no key.
    pub fn client(&self) -> Result<&Client, Error> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let settings = self.settings()?;
        let credential = self.credential()?;
        if let (Some(own), None) = (&settings.overruled, &settings.endpoint) {
            let (site, origin) = (settings.site.value, &settings.site.origin);
            let message = format!(
                "the key goes to site {site}, as {origin} says, and not to {} ({}); --site decides",
                own.value, own.origin
            );
            match own.origin {
                Origin::Default => self.ui.status(message),
                _ => self.ui.warn(&message),
            }
        }
        if settings.calls_https() {
            network::check(&self.env)?;
        }
        let client = Client::new(ClientOptions {
            bases: [
                settings.base(Site::cdp),
                settings.base(Site::api),
                settings.base(Site::p13n),
                settings.base(Site::records),
            ],
            authorization: Some(credential.value.header()),
            secrets: self.secrets(),
            timeout: self.requests.timeout,
            retries: self.requests.retries,
            dry_run: self.requests.dry_run,
            observer: self.observer(),
            written: self.changes(),
            writes: self.writes(),
            limits: AnswerLimits::default(),
            env: self.env.clone(),
        })?;
        Ok(self.client.get_or_init(|| client))
    }

    /// The client, if it was asked for.
    pub fn made_client(&self) -> Option<&Client> {
        self.client.get()
    }

    /// The counter of changes: of the platform, or of files other than the output.
    pub fn changes(&self) -> Arc<AtomicUsize> {
        Arc::clone(&self.changes)
    }

    /// Why a document could not be printed: an error of its own where changes were made, with the
    /// document in its details. Tokens are masked there: they are kept, and stderr is often logged.
    pub fn output_lost(&self, error: anyhow::Error, document: Value) -> anyhow::Error {
        // A filter that halts has its own message.
        if self.changes.load(Ordering::Relaxed) == 0 || error.is::<Halted>() {
            return error;
        }
        let cause = Error::from_anyhow(&error);
        let message = format!("the changes were made, but the output is lost: {}", cause.message);
        let details = json!({"cause": cause.code.as_str(), "document": without_tokens(document)});
        Error::new(Code::OutputLost, message).details(details).into()
    }

    /// The writes to the platform so far.
    pub fn writes(&self) -> Arc<Writes> {
        Arc::clone(&self.writes)
    }

    /// The queries of this run that may be running.
    pub fn running(&self) -> Arc<RunningQueries> {
        Arc::clone(&self.running)
    }

    /// Reports every exchange on stderr, with `-v`.
    pub fn observer(&self) -> Option<Observer> {
        let verbose = self.requests.verbose;
        let reported = Arc::clone(&self.reported);
        (verbose > 0).then(|| -> Observer {
            Box::new(move |exchange| {
                reported.fetch_add(1, Ordering::Relaxed);
                crate::ui::write_verbose(exchange.text(verbose > 1));
            })
        })
    }

    /// Ends the report of `-v` with its total, once; nothing where nothing was reported.
    pub fn report_total(&self) {
        let reported = self.reported.swap(0, Ordering::Relaxed);
        if reported > 0 {
            self.ui.report_total(reported, self.started.elapsed());
        }
    }

    /// Keeps and finds tokens in this file from now on, and not in the state folder.
    pub fn keep_tokens_in(&self, file: Option<&Path>) {
        if let Some(file) = file {
            // There is one command, with one `--token-file`.
            let _ = self.late.token_file.set(file.to_owned());
        }
    }

    /// The tokens that this tool made.
    pub fn tokens(&self) -> Result<TokenStore, Error> {
        let file = self.late.token_file.get().map(PathBuf::as_path);
        Ok(TokenStore::new(file, self.settings()?.state_dir.as_deref()))
    }

    /// The credentials that this machine may use.
    pub fn secrets(&self) -> Secrets {
        credentials(&self.env, &self.flags, &self.late).into_iter().collect()
    }

    /// What a document must not name or hold, as errors with their places: credentials in use here, and
    /// variables that no plan may name.
    pub fn guard(&self, document: &Document) -> Vec<Finding> {
        let secrets = self.secrets();
        let guard = Guard {
            allowed: &self.allowed_env,
            variable: &|name| self.env.var(name),
            secret: &|text| secrets.are_in(text),
        };
        guard.findings(document)
    }

    /// Says on stderr where a change goes.
    pub fn show_target(&self) -> Result<(), Error> {
        if self.requests.dry_run {
            return Ok(());
        }
        let settings = self.settings()?;
        let account = self.credential()?.value.account().unwrap_or("unknown");
        let target = match &settings.endpoint {
            Some(endpoint) if endpoint.value.is_loopback() => {
                format!("the sandbox at {}", endpoint.value.as_str())
            }
            Some(endpoint) => endpoint.value.as_str().to_owned(),
            None => format!("site {}", settings.site.value),
        };
        self.ui.status(format!("→ {target}, account {account}"));
        Ok(())
    }
}
