//! Personalization services and their tokens.

use super::body::{Object, only, optional_text, text, typed};
use super::{Edit, TokenOwner, no_record};
use crate::platform::addresses::parse_range;
use crate::platform::fields::{TOKEN, keys};
use crate::platform::limits::TOKENS_PER_SERVICE;
use crate::platform::wire::{Service, ServiceRequest, Token, TokenRequest};
use crate::sandbox::refusal::{Reason, Refusal};
use serde_json::Value;

/// The middle part of a token.
const INSTANCE: &str = "1";

impl Edit<'_> {
    /// Creates a service and returns its id. It changes no configuration of the engine, so the
    /// status stays.
    pub fn create_service(&mut self, body: &Object) -> Result<String, Refusal> {
        let name = self.service_name(body, None)?;
        let request: ServiceRequest = typed(Value::Object(body.clone()))?;
        let id = self.ids.fresh();
        self.realtime.services.push(Service {
            id: Some(id.clone()),
            name,
            description: request.description,
            public: request.public,
            tokens: Vec::new(),
        });
        self.touch(&id);
        Ok(id)
    }

    /// Changes name and description; `public` is fixed when a service is made (contract).
    pub fn update_service(&mut self, id: &str, body: &Object) -> Result<(), Refusal> {
        self.realtime.service(id)?;
        only(body, &["name", "description"])?;
        let name = self.service_name(body, Some(id))?;
        let description = optional_text(body, "description")?.map(str::to_owned);
        let service = self.service_mut(id)?;
        service.name = name;
        if body.contains_key("description") {
            service.description = description;
        }
        self.touch(id);
        Ok(())
    }

    /// Deletes a service with its tokens and returns it.
    pub fn delete_service(&mut self, id: &str) -> Result<Service, Refusal> {
        let service = self.realtime.service(id)?.clone();
        self.realtime.services.remove(id);
        self.tokens.retain(|_, owner| owner.segment != self.number || owner.service != id);
        Ok(service)
    }

    /// Creates a token and returns it, the only time with its value.
    pub fn create_token(&mut self, service: &str, body: &Object) -> Result<Token, Refusal> {
        let tokens = self.realtime.service(service)?.tokens.len();
        text(body, "name")?;
        only(body, &keys(&TOKEN))?;
        let request: TokenRequest = typed(Value::Object(body.clone()))?;
        if tokens >= TOKENS_PER_SERVICE {
            return Err(Refusal::invalid(
                Reason::TokensTooMany,
                format!("Tokens can't be more than {TOKENS_PER_SERVICE} per service"),
            ));
        }
        if let Some(bad) = request.allowed_ips.iter().find(|range| parse_range(range).is_none()) {
            return Err(Refusal::invalid(
                Reason::TokenAddressInvalid,
                format!("Allowed ips: '{bad}' is no address or range"),
            ));
        }
        let id = self.ids.fresh();
        let value = format!("{}/{INSTANCE}/{}", self.account, secret(&id));
        let owner = TokenOwner { segment: self.number, service: service.to_owned() };
        self.tokens.insert(value.clone(), owner);
        let token =
            Token { id: Some(id), name: request.name, value: Some(value), allowed_ips: request.allowed_ips };
        self.service_mut(service)?.tokens.push(token.clone());
        self.touch(service);
        Ok(token)
    }

    /// Deletes a token and returns it.
    pub fn delete_token(&mut self, service: &str, id: &str) -> Result<Token, Refusal> {
        let service = self.service_mut(service)?;
        let place = service.tokens.iter().position(|token| token.id.as_deref() == Some(id));
        let token = service.tokens.remove(place.ok_or_else(no_record)?);
        if let Some(value) = &token.value {
            self.tokens.remove(value);
        }
        Ok(token)
    }

    fn service_name(&self, body: &Object, own: Option<&str>) -> Result<String, Refusal> {
        let name = text(body, "name")?;
        let taken = |other: &Service| other.id.as_deref() != own && other.name == name;
        if self.realtime.services.iter().any(taken) {
            return Err(Refusal::invalid(Reason::ServiceNameTaken, "Name has already been taken"));
        }
        Ok(name.to_owned())
    }

    fn service_mut(&mut self, id: &str) -> Result<&mut Service, Refusal> {
        self.realtime.services.find_mut(id).ok_or_else(no_record)
    }
}

/// 32 hex digits from an id: the same run makes the same tokens, so that outputs can be
/// compared. They protect nothing.
fn secret(id: &str) -> String {
    let mix = |seed: u64| {
        let mut hash = id.bytes().fold(seed, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01B3));
        hash = (hash ^ (hash >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        hash = (hash ^ (hash >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        hash ^ (hash >> 31)
    };
    format!("{:016x}{:016x}", mix(0xCBF2_9CE4_8422_2325), mix(0x5851_F42D_4C95_7F2D))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_of_their_ids() {
        assert_eq!(secret("7").len(), 32);
        assert_ne!(secret("7"), secret("8"));
    }
}
