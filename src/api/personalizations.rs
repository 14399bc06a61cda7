//! Personalization entities.

use super::pages::read_made;
use super::{ApiError, Call, Client, Media, Path};
use crate::platform::wire::{PERSONALIZATION_TYPE, Personalization, PersonalizationRequest, Section};
use serde_json::{Value, json};

impl Client {
    /// All personalizations of a parent segment.
    pub async fn personalizations(&self, ps: &str) -> Result<Vec<Personalization>, ApiError> {
        self.all(Path::of(&["entities", "parent_segments", ps, "realtime_personalizations"])).await
    }

    /// Creates a personalization.
    pub async fn create_personalization(
        &self,
        request: &PersonalizationRequest,
    ) -> Result<Personalization, ApiError> {
        let call = Call::create(Path::of(&["entities", "realtime_personalizations"]), json!(request))
            .media(Media::Vendor);
        let operation = self.operation(&call);
        let made = |id| Personalization {
            id,
            kind: PERSONALIZATION_TYPE.to_owned(),
            attributes: request.attributes.clone(),
            relationships: Default::default(),
        };
        let made_up = || json!(made(format!("new:personalization:{}", request.attributes.name)));
        read_made(&operation, self.write(call, made_up).await?, made)
    }

    /// Writes an existing personalization; its sections become exactly the given ones.
    pub async fn write_personalization(
        &self,
        id: &str,
        request: &PersonalizationRequest,
    ) -> Result<(), ApiError> {
        let path = Path::of(&["entities", "realtime_personalizations", id]);
        let call = Call::patch(path, json!(request)).media(Media::Vendor);
        let later = request.attributes.sections.iter().flat_map(Section::later);
        let answer = self.write::<Value>(call, || Value::Null).await;
        answer.map(drop).map_err(|error| error.refusing(later))
    }

    /// Deletes a personalization.
    pub async fn delete_personalization(&self, id: &str) -> Result<(), ApiError> {
        let call = Call::delete(Path::of(&["entities", "realtime_personalizations", id]));
        self.write::<Value>(call, || Value::Null).await.map(drop)
    }
}
