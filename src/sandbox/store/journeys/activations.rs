//! Activations: what a journey sends, and where to.

use crate::platform::fields::{ACTIVATION, CONNECTOR, METHODS, WEBHOOK as EXPORT, keys, needed};
use crate::platform::limits::{WEBHOOK_BODY_BYTES, WEBHOOK_HEADERS};
use crate::platform::wire::{RealtimeJourneyActivationStepAttributes, WEBHOOK};
use crate::sandbox::refusal::{Reason, Refusal};
use crate::sandbox::store::body::{Object, label, needs, only, only_or_later, optional_text, text, typed};
use crate::sandbox::store::connections::{Connection, is_web_url};
use crate::sandbox::store::journey::{StoredActivation, StoredJourney};
use crate::sandbox::store::personalizations::{attributes, under_attributes};
use crate::sandbox::store::{Edit, Store, no_record};
use serde_json::Value;

impl Store {
    /// Creates an activation in a journey and returns its id.
    pub fn create_activation(&mut self, journey: &str, body: &Object, now: i64) -> Result<String, Refusal> {
        let owner = self.journey_owner(journey)?.id.clone();
        let read = self.read_activation(journey, body, None)?;
        self.edit(&owner, now)?.create_activation(journey, read)
    }

    /// Replaces an activation; name, description and step stay when they are left out.
    pub fn update_activation(
        &mut self,
        journey: &str,
        id: &str,
        body: &Object,
        now: i64,
    ) -> Result<(), Refusal> {
        let owner = self.journey_owner(journey)?.id.clone();
        let read = self.read_activation(journey, body, Some(id))?;
        self.edit(&owner, now)?.update_activation(journey, id, read)
    }

    /// Reads and checks an activation; `own` is the id of the one that it replaces.
    fn read_activation(
        &self,
        journey: &str,
        body: &Object,
        own: Option<&str>,
    ) -> Result<RealtimeJourneyActivationStepAttributes, Refusal> {
        let journey = self.journey_owner(journey)?.realtime()?.journey(journey)?;
        let old = own.map(|id| journey.activation(id)).transpose()?;
        only(body, &["attributes"])?;
        let given = attributes(body)?;
        form(given).map_err(under_attributes)?;
        let mut merged = Object::new();
        if let Some(Value::Object(old)) = old.and_then(|old| serde_json::to_value(&old.attributes).ok()) {
            merged.extend(old.into_iter().filter(|(key, _)| !needed(&ACTIVATION).contains(&key.as_str())));
        }
        merged.extend(given.clone());
        let read: RealtimeJourneyActivationStepAttributes =
            typed(Value::Object(merged)).map_err(|refusal| refusal.at("/attributes"))?;
        let connection = self.connections.find(&read.connection_id).ok_or_else(|| {
            let message = format!("there is no connection with the id {}", read.connection_id);
            Refusal::invalid(Reason::ActivationConnectionMissing, message).at("/attributes/connectionId")
        })?;
        if connection.kind != read.connector_type {
            let message = format!(
                "the connection '{}' is of the type '{}', not '{}'",
                connection.name, connection.kind, read.connector_type
            );
            return Err(Refusal::invalid(Reason::ActivationConnectionTypeWrong, message)
                .at("/attributes/connectorType"));
        }
        step(&read, journey, own)?;
        export(&read, connection)?;
        advanced(read.connector.export_advanced_json.as_deref())?;
        Ok(read)
    }
}

fn form(given: &Object) -> Result<(), Refusal> {
    only(given, &keys(&ACTIVATION))?;
    needs(given, &needed(&ACTIVATION))?;
    for key in ["connectionId", "connectorType"] {
        text(given, key)?;
    }
    for key in ["name", "stepUuid"] {
        if given.contains_key(key) {
            text(given, key)?;
        }
    }
    optional_text(given, "description")?;
    match given.get("connector") {
        Some(Value::Object(connector)) => {
            only_or_later(connector, &keys(&CONNECTOR)).map_err(|refusal| refusal.at("/connector"))?;
            for key in keys(&CONNECTOR) {
                let wrong = |refusal: Refusal| refusal.at(&format!("/connector/{key}"));
                if connector.get(key).is_some_and(|value| value.is_object() || value.is_array()) {
                    let message = format!("{} must be a string of JSON, not an object", label(key));
                    return Err(wrong(Refusal::invalid(Reason::ActivationExportNotText, message)));
                }
                optional_text(connector, key).map_err(wrong)?;
            }
            Ok(())
        }
        _ => Err(Refusal::invalid(Reason::ActivationConnectorInvalid, "Connector must be an object")
            .at("/connector")),
    }
}

/// `stepUuid` is a UUID that no other activation of the journey has; once a step has this activation,
/// it must be the UUID of that step.
fn step(
    read: &RealtimeJourneyActivationStepAttributes,
    journey: &StoredJourney,
    own: Option<&str>,
) -> Result<(), Refusal> {
    let Some(step) = &read.step_uuid else { return Ok(()) };
    let refuse = |reason, message: String| Err(Refusal::invalid(reason, message).at("/attributes/stepUuid"));
    if step.len() != 36 || uuid::Uuid::try_parse(step).is_err() {
        return refuse(Reason::ActivationStepUuidInvalid, format!("Step uuid '{step}' is no UUID"));
    }
    let same = |other: &&StoredActivation| {
        Some(other.id.as_str()) != own
            && other.attributes.step_uuid.as_ref().is_some_and(|uuid| uuid.eq_ignore_ascii_case(step))
    };
    if let Some(other) = journey.activations.iter().find(same) {
        return refuse(
            Reason::ActivationStepUuidTaken,
            format!("Step uuid is that of the activation {}", other.id),
        );
    }
    match own.and_then(|id| journey.step_of(id)).filter(|key| !key.eq_ignore_ascii_case(step)) {
        Some(key) => refuse(
            Reason::ActivationStepUuidFixed,
            format!("Step uuid can't be changed: the step '{key}' has this activation"),
        ),
        None => Ok(()),
    }
}

/// What a webhook sends, as far as the public examples show it.
fn export(read: &RealtimeJourneyActivationStepAttributes, connection: &Connection) -> Result<(), Refusal> {
    let refuse =
        |reason, message: &str| Err(Refusal::invalid(reason, message).at("/attributes/connector/exportJson"));
    let Some(text) = &read.connector.export_json else { return Ok(()) };
    let export = match serde_json::from_str(text) {
        Ok(Value::Object(export)) => export,
        Ok(_) => return refuse(Reason::ActivationExportInvalid, "Export JSON must hold an object"),
        Err(error) => {
            return refuse(Reason::ActivationExportInvalid, &format!("Export JSON is not JSON: {error}"));
        }
    };
    if read.connector_type != WEBHOOK {
        return Ok(());
    }
    if let Some(unknown) = export.keys().find(|key| !EXPORT.contains(&key.as_str())) {
        return refuse(
            Reason::ActivationExportFieldUnknown,
            &format!("Export JSON of a webhook has no field '{unknown}'"),
        );
    }
    let method = export.get("method").and_then(Value::as_str).unwrap_or_default();
    if !METHODS.contains(&method.to_ascii_lowercase().as_str()) {
        return refuse(
            Reason::ActivationMethodUnknown,
            &format!("Method must be one of {}", METHODS.join(", ")),
        );
    }
    let url = export.get("url").and_then(Value::as_str).unwrap_or_default();
    if !is_web_url(url) {
        return refuse(Reason::ActivationUrlInvalid, "Url must be an http or https URL");
    }
    if let Some(prefix) = connection.url_prefix.as_ref().filter(|prefix| !url.starts_with(*prefix)) {
        return refuse(
            Reason::ActivationUrlOutsidePrefix,
            &format!("Url must start with the connection's URL prefix '{prefix}'"),
        );
    }
    let headers = match export.get("headers") {
        None | Some(Value::Null) => 0,
        Some(Value::Object(headers)) => headers.len(),
        Some(Value::Array(headers)) => headers.len(),
        Some(_) => {
            return refuse(Reason::ActivationHeadersInvalid, "Headers must be an object, a list or null");
        }
    };
    if headers > WEBHOOK_HEADERS {
        return refuse(
            Reason::ActivationHeadersTooMany,
            &format!("Headers can't be more than {WEBHOOK_HEADERS}"),
        );
    }
    let body = match export.get("body") {
        None | Some(Value::Null) => 0,
        Some(Value::String(body)) => body.len(),
        Some(body) => body.to_string().len(),
    };
    if body > WEBHOOK_BODY_BYTES {
        return refuse(
            Reason::ActivationBodyTooLong,
            &format!("Body can't be longer than {WEBHOOK_BODY_BYTES} bytes"),
        );
    }
    Ok(())
}

/// Retries and timeouts: an object whose numbers are not negative.
fn advanced(text: Option<&str>) -> Result<(), Refusal> {
    let refuse = |message: &str| {
        Err(Refusal::invalid(Reason::ActivationAdvancedInvalid, message)
            .at("/attributes/connector/exportAdvancedJson"))
    };
    let Some(text) = text else { return Ok(()) };
    match serde_json::from_str(text) {
        Ok(Value::Object(settings)) => {
            match settings.iter().find(|(_, value)| value.as_f64().is_some_and(|number| number < 0.0)) {
                Some((key, _)) => refuse(&format!("'{key}' can't be negative")),
                None => Ok(()),
            }
        }
        Ok(_) => refuse("Export advanced JSON must hold an object"),
        Err(error) => refuse(&format!("Export advanced JSON is not JSON: {error}")),
    }
}

impl Edit<'_> {
    fn create_activation(
        &mut self,
        journey: &str,
        attributes: RealtimeJourneyActivationStepAttributes,
    ) -> Result<String, Refusal> {
        let place = self.realtime.journeys.find_mut(journey).ok_or_else(no_record)?;
        let id = self.ids.fresh();
        place.activations.push(StoredActivation { id: id.clone(), attributes });
        self.touch(&id);
        self.touch(journey);
        self.changed("create_realtime_journey_activation_step");
        Ok(id)
    }

    fn update_activation(
        &mut self,
        journey: &str,
        id: &str,
        attributes: RealtimeJourneyActivationStepAttributes,
    ) -> Result<(), Refusal> {
        let place = self.realtime.journeys.find_mut(journey).ok_or_else(no_record)?;
        let place = place.activations.iter_mut().find(|activation| activation.id == id);
        place.ok_or_else(no_record)?.attributes = attributes;
        self.touch(id);
        self.touch(journey);
        self.changed("update_realtime_journey_activation_step");
        Ok(())
    }
}
