//! Journeys, their activations, and the connections that those go through.

use super::lenient::id_text;
use super::pages::{read_one, unwrap_data};
use super::{ApiError, Call, Client, Failure, Host, Media, Path};
use crate::platform::new_id::{new_activation, new_journey, new_stage};
use crate::platform::wire::{
    ACTIVATION_TYPE, FOLDER_TYPE, JOURNEY_TYPE, RealtimeJourneyActivationStepAttributes,
    RealtimeJourneyActivationStepResource, RealtimeJourneyAttributes, RealtimeJourneyResource, WEBHOOK,
};
use secrecy::SecretString;
use serde_json::{Map, Value, json};

const JOURNEYS: [&str; 2] = ["entities", "realtime_journeys"];

/// An authentication for webhooks that is to be made.
#[derive(Debug, Clone)]
pub struct NewAuthentication {
    /// Its name.
    pub name: String,
    /// What the URL of a webhook must start with.
    pub url_prefix: String,
    /// The destination's key; never the account's own.
    pub api_key: Option<SecretString>,
    /// The account, where the key names it.
    pub account: Option<String>,
}

/// An existing connection or authentication, as far as its listing describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authentication {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Its type, for example `td_webhook_out`.
    pub kind: Option<String>,
    /// What the URL of a webhook must start with.
    pub url_prefix: Option<String>,
}

impl Authentication {
    /// Reads one of a listing. Nothing but the id is relied on: the listing is not published.
    fn read(item: &Value) -> Option<Self> {
        let inside = item.get("attributes").unwrap_or(item);
        let text = |key: &str| inside.get(key).and_then(Value::as_str).map(str::to_owned);
        Some(Authentication {
            id: item.get("id").and_then(id_text)?,
            name: text("auth_name").or_else(|| text("name")),
            kind: text("auth_type"),
            url_prefix: inside.pointer("/auth/url_prefix").and_then(Value::as_str).map(str::to_owned),
        })
    }
}

impl Client {
    /// All connections and authentications of the account; `None` where the listing, which is no
    /// published operation, does not answer with a list.
    pub async fn authentications(&self) -> Result<Option<Vec<Authentication>>, ApiError> {
        let call = Call::get(Host::Td, Path::of(&["v4", "streaming_task_auths"]));
        let found: Value = match self.send(call).await {
            Ok(found) => found,
            Err(error) if error.is_no_operation() => return Ok(None),
            Err(error) => return Err(error),
        };
        let items = found.as_array().or_else(|| found.get("data")?.as_array());
        let listed = items.map(|items| items.iter().map(Authentication::read).collect());
        // An item without an id says that the list is another one than what is looked for.
        Ok(listed.flatten())
    }

    /// All journeys of a parent segment.
    pub async fn journeys(&self, ps: &str) -> Result<Vec<RealtimeJourneyResource>, ApiError> {
        self.all(Path::of(&["entities", "parent_segments", ps, "realtime_journeys"])).await
    }

    /// The activations of all journeys of a parent segment.
    pub async fn activations(
        &self,
        ps: &str,
    ) -> Result<Vec<RealtimeJourneyActivationStepResource>, ApiError> {
        self.all(Path::of(&["entities", "parent_segments", ps, "realtime_activations"])).await
    }

    /// The activations of one journey.
    pub async fn journey_activations(
        &self,
        journey: &str,
    ) -> Result<Vec<RealtimeJourneyActivationStepResource>, ApiError> {
        let [entities, journeys] = JOURNEYS;
        self.all(Path::of(&[entities, journeys, journey, "activations"])).await
    }

    /// Creates a journey, a draft.
    pub async fn create_journey(
        &self,
        attributes: &RealtimeJourneyAttributes,
    ) -> Result<RealtimeJourneyResource, ApiError> {
        let body = json!({
            "attributes": attributes,
            "relationships": {"parentFolder": {"data": {"id": attributes.segment_folder_id, "type": FOLDER_TYPE}}},
        });
        let call = Call::create(Path::of(&JOURNEYS), body).media(Media::Vendor);
        let operation = self.operation(&call);
        read_one(&operation, self.write(call, || made_up(attributes)).await?)
    }

    /// Changes these fields of a journey, and answers it.
    pub async fn write_journey(
        &self,
        live: &RealtimeJourneyResource,
        fields: Map<String, Value>,
    ) -> Result<RealtimeJourneyResource, ApiError> {
        let [entities, journeys] = JOURNEYS;
        let body = json!({"attributes": fields});
        let launches = body.pointer("/attributes/state").is_some_and(|state| state == "launched");
        let call = Call {
            after_roll_out: launches.then(|| live.attributes.audience_id.clone()),
            ..Call::patch(Path::of(&[entities, journeys, &live.id]), body).media(Media::Vendor)
        };
        let operation = self.operation(&call);
        let made_up = || json!({"id": live.id, "type": JOURNEY_TYPE, "attributes": live.attributes});
        // What is written back was read.
        let later = live.attributes.later();
        let answer = self.write(call, made_up).await;
        read_one(&operation, answer.map_err(|error| error.refusing(later))?)
    }

    /// Pauses a launched journey, or lets it go on. Not to be repeated: a second one is refused.
    pub async fn pause_journey(&self, id: &str, pause: bool) -> Result<(), ApiError> {
        let [entities, journeys] = JOURNEYS;
        let path = Path::of(&[entities, journeys, id, if pause { "pause" } else { "resume" }]);
        let call = Call { body: None, repeatable: false, ..Call::patch(path, Value::Null) };
        self.write::<Value>(call, || Value::Null).await.map(drop)
    }

    /// Deletes a journey with its activations; all profiles in it leave.
    pub async fn delete_journey(&self, id: &str) -> Result<(), ApiError> {
        let [entities, journeys] = JOURNEYS;
        let call = Call::delete(Path::of(&[entities, journeys, id]));
        self.write::<Value>(call, || Value::Null).await.map(drop)
    }

    /// Creates an activation in a journey.
    pub async fn create_activation(
        &self,
        journey: &str,
        attributes: &RealtimeJourneyActivationStepAttributes,
    ) -> Result<RealtimeJourneyActivationStepResource, ApiError> {
        let [entities, journeys] = JOURNEYS;
        let path = Path::of(&[entities, journeys, journey, "activations"]);
        let call = Call::create(path, json!({"attributes": attributes})).media(Media::Vendor);
        let operation = self.operation(&call);
        let made_up = || {
            let step = attributes.step_uuid.as_deref().unwrap_or_default();
            json!({"id": new_activation(step), "type": ACTIVATION_TYPE, "attributes": attributes})
        };
        read_one(&operation, self.write(call, made_up).await?)
    }

    /// Writes an existing activation.
    pub async fn write_activation(
        &self,
        journey: &str,
        id: &str,
        attributes: &RealtimeJourneyActivationStepAttributes,
    ) -> Result<(), ApiError> {
        let [entities, journeys] = JOURNEYS;
        let path = Path::of(&[entities, journeys, journey, "activations", id]);
        let call = Call::patch(path, json!({"attributes": attributes})).media(Media::Vendor);
        let later = attributes.connector.later.0.keys().map(String::as_str);
        let answer = self.write::<Value>(call, || Value::Null).await;
        answer.map(drop).map_err(|error| error.refusing(later))
    }

    /// The id of the connection or authentication with a name.
    pub async fn connection(&self, name: &str) -> Result<Option<String>, ApiError> {
        let path = Path::of(&["v3", "connections", "lookup"]);
        let found: Result<Value, ApiError> = self.send(Call::get(Host::Td, path).query("name", name)).await;
        match found {
            Ok(found) => Ok(found.get("id").and_then(id_text)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Makes an authentication for webhooks and answers its id.
    #[expect(clippy::indexing_slicing, reason = "an object, made here")]
    pub async fn create_authentication(&self, new: &NewAuthentication) -> Result<String, ApiError> {
        let mut body = json!({
            "auth_type": WEBHOOK,
            "auth_name": new.name,
            "direction": "out",
            "auth": {"url_prefix": new.url_prefix},
        });
        if let Some(account) = &new.account {
            body["account_id"] = account.as_str().into();
            body["user_id"] = format!("user_{account}").into();
        }
        let secret = new.api_key.clone();
        let call = Call {
            host: Host::Td,
            secret: secret.map(|key| ("/auth/api_key", key)),
            ..Call::create(Path::of(&["v4", "streaming_task_auths"]), body)
        };
        let operation = self.operation(&call);
        let made: Value = self.write(call, || json!({"id": format!("new:connection:{}", new.name)})).await?;
        let id = unwrap_data(made).get("id").and_then(id_text);
        id.ok_or_else(|| {
            let message = format!("{}: the answer has no id", operation.name);
            ApiError::local(Failure::Unreadable, message)
        })
    }
}

/// A journey as a create would answer it.
fn made_up(attributes: &RealtimeJourneyAttributes) -> Value {
    let mut made = attributes.clone();
    for (index, stage) in made.realtime_journey_stages.iter_mut().enumerate() {
        stage.id = Some(new_stage(&made.name, &stage.name));
        stage.order_index = Some(index as u64);
    }
    json!({"id": new_journey(&made.name), "type": JOURNEY_TYPE, "attributes": made})
}
