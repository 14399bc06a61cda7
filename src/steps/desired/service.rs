//! A personalization service as a plan wants it.

use crate::error::{Code, Error};
use crate::plan::PersonalizationService;
use crate::plan::nearest::named;
use crate::platform::limits;
use crate::platform::wire::Service;

/// The service as it will be; one that does not exist yet has a made-up id.
pub fn outlook(plan: &PersonalizationService, live: &[Service]) -> Service {
    let description = plan.service_description().map(str::to_owned);
    match named(live, &plan.name, |service| &service.name) {
        Some(live) => {
            Service { description: description.or_else(|| live.description.clone()), ..live.clone() }
        }
        None => Service {
            id: Some(format!("new:service:{}", plan.name)),
            name: plan.name.clone(),
            description,
            public: plan.public.unwrap_or(false),
            tokens: Vec::new(),
        },
    }
}

/// Checks what can be checked before anything is sent: what is fixed when a service is made, and that it
/// has room for a token that is asked for.
pub fn check(plan: &PersonalizationService, new_token: bool, live: &[Service]) -> Result<(), Error> {
    let Some(live) = named(live, &plan.name, |service| &service.name) else { return Ok(()) };
    check_public(plan.public, live)?;
    if new_token { check_room(live) } else { Ok(()) }
}

/// A service has room for one more token.
pub fn check_room(service: &Service) -> Result<(), Error> {
    let count = service.tokens.len();
    if count < limits::TOKENS_PER_SERVICE {
        return Ok(());
    }
    let message = format!("the service '{}' has {count} tokens already, the platform's limit", service.name);
    Err(Error::new(Code::Conflict, message).hint("revoke those that are no longer used: tdx-rt pz-create token list, then tdx-rt pz-create token revoke ID"))
}

fn check_public(wanted: Option<bool>, live: &Service) -> Result<(), Error> {
    let Some(public) = wanted.filter(|public| *public != live.public) else { return Ok(()) };
    let word = |public| if public { "public" } else { "not public" };
    let message = format!(
        "the service '{}' is {} and can't become {}: the platform fixes that when a service is made",
        live.name,
        word(live.public),
        word(public)
    );
    Err(Error::new(Code::Conflict, message).hint("leave `public` out, or give the service another name"))
}
