//! What a command is handed: settings, writer and client, made when they are first asked for.

use crate::api::{Client, ClientOptions, Observer};
use crate::error::{Code, Error};
use crate::platform::sites::Site;
use crate::settings::{Environment, Flags, Settings};
use crate::steps::tokens::TokenStore;
use crate::ui::Ui;
use std::cell::OnceCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How requests are sent, as the global flags say.
#[derive(Debug, Clone)]
pub struct RequestOptions {
    /// For one request with its answer.
    pub timeout: Duration,
    /// How often a request is tried again.
    pub retries: usize,
    /// Collect writes instead of sending them.
    pub dry_run: bool,
    /// Tell every exchange on stderr; with 2, bodies and sizes too.
    pub verbose: u8,
}

/// The context of a command.
#[derive(Debug)]
pub struct Context {
    /// The writer.
    pub ui: Ui,
    /// The environment.
    pub env: Environment,
    /// How requests are sent.
    pub requests: RequestOptions,
    flags: Flags,
    settings: OnceCell<Settings>,
    client: OnceCell<Client>,
    started: Instant,
    /// Requests that were told, tries included; taken when their number is told.
    told: Arc<AtomicUsize>,
}

impl Context {
    /// A context; nothing is resolved yet.
    pub fn new(ui: Ui, env: Environment, flags: Flags, requests: RequestOptions) -> Self {
        Context {
            ui,
            env,
            requests,
            flags,
            settings: OnceCell::new(),
            client: OnceCell::new(),
            started: Instant::now(),
            told: Arc::default(),
        }
    }

    /// The settings.
    pub fn settings(&self) -> Result<&Settings, Error> {
        if let Some(settings) = self.settings.get() {
            return Ok(settings);
        }
        let settings = Settings::resolve(&self.flags, &self.env)?;
        Ok(self.settings.get_or_init(|| settings))
    }

    /// The client; an error when there is no key.
    pub fn client(&self) -> Result<&Client, Error> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let settings = self.settings()?;
        let Some(credential) = &settings.credential else {
            return Err(Error::new(Code::Auth, "there is no API key").hint(
                "export TDX_API_KEY=<account>/<key> (a master API key), or put it into ~/.config/tdx/.env; without an account, try it offline: tdx-rt sandbox -- sh",
            ));
        };
        let client = Client::new(ClientOptions {
            bases: [settings.base(Site::cdp), settings.base(Site::api), settings.base(Site::p13n)],
            authorization: Some(credential.value.header()),
            timeout: self.requests.timeout,
            retries: self.requests.retries,
            dry_run: self.requests.dry_run,
            observer: self.observer(),
        })?;
        Ok(self.client.get_or_init(|| client))
    }

    /// The client, if it was asked for.
    pub fn made_client(&self) -> Option<&Client> {
        self.client.get()
    }

    /// Who is told of every exchange: the user, with `-v`.
    pub fn observer(&self) -> Option<Observer> {
        let verbose = self.requests.verbose;
        let told = Arc::clone(&self.told);
        (verbose > 0).then(|| -> Observer {
            Box::new(move |exchange| {
                told.fetch_add(1, Ordering::Relaxed);
                crate::ui::tell_exchange(exchange, verbose > 1);
            })
        })
    }

    /// Closes what `-v` tells, once; nothing where nothing was told.
    pub fn tell_total(&self) {
        let told = self.told.swap(0, Ordering::Relaxed);
        if told > 0 {
            self.ui.tell_total(told, self.started.elapsed());
        }
    }

    /// The tokens that this tool made.
    pub fn tokens(&self) -> Result<TokenStore, Error> {
        Ok(TokenStore::new(self.settings()?.state_dir.as_deref()))
    }

    /// Tells people where a change goes.
    pub fn tell_target(&self) -> Result<(), Error> {
        if self.requests.dry_run {
            return Ok(());
        }
        let settings = self.settings()?;
        let account = settings.credential.as_ref().and_then(|c| c.value.account()).unwrap_or("unknown");
        let target = match &settings.endpoint {
            Some(endpoint) if endpoint.value.is_loopback() => {
                format!("the sandbox at {}", endpoint.value.as_str())
            }
            Some(endpoint) => endpoint.value.as_str().to_owned(),
            None => format!("site {}", settings.site.value),
        };
        self.ui.status(&format!("→ {target}, account {account}"));
        Ok(())
    }
}
