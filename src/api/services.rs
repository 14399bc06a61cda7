//! Personalization services and their tokens.

use super::pages::{read_made, read_one};
use super::{ApiError, Call, Client, Path};
use crate::platform::wire::{Service, ServiceRequest, Token, TokenRequest};
use serde_json::{Value, json};

fn base(ps: &str) -> [&str; 3] {
    ["audiences", ps, "realtime_personalization_services"]
}

impl Client {
    /// All personalization services of a parent segment.
    pub async fn services(&self, ps: &str) -> Result<Vec<Service>, ApiError> {
        self.all(Path::of(&base(ps))).await
    }

    /// Creates a service.
    pub async fn create_service(&self, ps: &str, request: &ServiceRequest) -> Result<Service, ApiError> {
        let call = Call::create(Path::of(&base(ps)), json!(request));
        let operation = self.operation(&call);
        let made = |id| Service {
            id: Some(id),
            name: request.name.clone(),
            description: request.description.clone(),
            public: request.public,
            tokens: Vec::new(),
        };
        let made_up = || json!(made(format!("new:service:{}", request.name)));
        read_made(&operation, self.write(call, made_up).await?, made)
    }

    /// Writes name and description of an existing service; `public` is fixed when it is made, and
    /// `PATCH` refuses it.
    pub async fn write_service(&self, ps: &str, id: &str, request: &ServiceRequest) -> Result<(), ApiError> {
        let [audiences, ps, services] = base(ps);
        let body = json!({"name": request.name, "description": request.description});
        let call = Call::patch(Path::of(&[audiences, ps, services, id]), body);
        self.write::<Value>(call, || Value::Null).await.map(drop)
    }

    /// Deletes a service with its tokens.
    pub async fn delete_service(&self, ps: &str, id: &str) -> Result<(), ApiError> {
        let [audiences, ps, services] = base(ps);
        let call = Call::delete(Path::of(&[audiences, ps, services, id]));
        self.write::<Value>(call, || Value::Null).await.map(drop)
    }

    /// Deletes a token; it stops working at once.
    pub async fn delete_token(&self, ps: &str, service: &str, id: &str) -> Result<(), ApiError> {
        let [audiences, ps, services] = base(ps);
        let call = Call::delete(Path::of(&[audiences, ps, services, service, "tokens", id]));
        self.write::<Value>(call, || Value::Null).await.map(drop)
    }

    /// Makes a token. Its value is shown in this answer only.
    pub async fn create_token(
        &self,
        ps: &str,
        service: &str,
        request: &TokenRequest,
    ) -> Result<Token, ApiError> {
        let [audiences, ps, services] = base(ps);
        let call = Call::create(Path::of(&[audiences, ps, services, service, "tokens"]), json!(request));
        let operation = self.operation(&call);
        let made_up = || {
            json!(Token {
                id: Some(format!("new:token:{}", request.name)),
                name: request.name.clone(),
                value: None,
                allowed_ips: request.allowed_ips.clone(),
            })
        };
        read_one(&operation, self.write(call, made_up).await?)
    }
}
