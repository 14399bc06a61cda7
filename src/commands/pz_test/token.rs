//! Which token `pz-test` calls with, and where it is from.

use crate::api::Host;
use crate::context::Context;
use crate::error::{Code, Error};
use secrecy::SecretString;
use serde::Serialize;

/// The token of a call, of which the document shows all but the value.
#[derive(Debug, Clone, Serialize)]
pub(super) struct UsedToken {
    #[serde(skip)]
    pub(super) value: SecretString,
    /// Its id, where that is known.
    pub(super) id: Option<String>,
    /// Where it is from: `--token`, `document`, a variable or a file.
    pub(super) from: String,
}

impl UsedToken {
    /// From the flag, the environment, or where `pz-create` kept the one of a service: the named one, the one of the
    /// personalization's name, or the only one.
    pub(super) async fn find(
        ctx: &Context,
        ps: &str,
        flag: Option<&SecretString>,
        service: Option<&String>,
        personalization: Option<&str>,
    ) -> Result<Self, Error> {
        if let Some(value) = flag.cloned() {
            return Ok(UsedToken { value, id: None, from: "--token".to_owned() });
        }
        if let Some(token) = &ctx.settings()?.token {
            return Ok(UsedToken { value: token.value.clone(), id: None, from: token.origin.to_string() });
        }
        let client = ctx.client()?;
        let services = match service {
            Some(_) => Vec::new(),
            None => client.services(ps).await?,
        };
        let service = service.cloned().or_else(|| {
            let fitting = services.iter().find(|service| Some(service.name.as_str()) == personalization);
            let only = if services.len() == 1 { services.first() } else { None };
            fitting.or(only).and_then(|service| service.id.clone())
        });
        let several = service.is_none() && services.len() > 1;
        let store = ctx.tokens()?;
        let host = client.base(Host::Personalization);
        let kept = service.map_or(Ok(None), |service| store.find(host, ps, &service))?;
        let from = store.path().map(|path| path.display().to_string()).unwrap_or_default();
        kept.map(|kept| UsedToken { value: kept.value, id: Some(kept.id), from }).ok_or_else(|| {
            let message = "there is no token for the personalization API";
            if several {
                let names: Vec<String> = services.iter().map(|service| format!("'{}'", service.name)).collect();
                let message = format!("{message}: each of these services has its own, and none is named: {}", names.join(", "));
                return Error::new(Code::Token, message)
                    .hint("name one with --personalization NAME, or set TDX_RT_TOKEN (or pass --token); --get needs none");
            }
            Error::new(Code::Token, message)
                .hint("set TDX_RT_TOKEN (or pass --token); the platform shows a token only once, so `tdx-rt pz-create token create` (or --new-token of pz-create) makes another one; --get needs none")
        })
    }
}
