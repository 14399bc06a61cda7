//! What is live, as a journal keeps it.

use crate::api::Path as ApiPath;
use crate::plan::{Configuration, import_column, imported_columns};
use crate::platform::wire::RealtimeJourneyResource;
use serde_json::{Map, Value, json};

/// What is live, under the paths that writes go to.
pub fn images(ps: &str, live: &Configuration) -> Vec<(String, Value)> {
    let at = |parts: &[&str]| ApiPath::of(&[&["audiences", ps], parts].concat()).as_str().to_owned();
    let id = |id: &Option<String>| id.clone().unwrap_or_default();
    let columns = imported_columns(&live.attributes, &live.setting.batch_attributes);
    let ids: Map<String, Value> = live
        .attributes
        .iter()
        .filter_map(|a| Some((import_column(a, &live.setting.batch_attributes)?.to_owned(), json!(a.id))))
        .collect();
    let named = live.setting.batch_attributes.iter();
    let names: Map<String, Value> =
        named.filter_map(|batch| Some((batch.column.clone(), json!(batch.name.as_ref()?)))).collect();
    let mut images = vec![
        (at(&["realtime_setting"]), json!(live.setting)),
        (
            at(&["realtime_imported_attributes", "bulk_update"]),
            json!({"columns": columns, "ids": ids, "names": names}),
        ),
    ];
    images
        .extend(live.events.iter().map(|event| (at(&["realtime_key_events", &id(&event.id)]), json!(event))));
    images.extend(
        live.attributes
            .iter()
            .map(|attribute| (at(&["realtime_attributes", &id(&attribute.id)]), json!(attribute))),
    );
    images.extend(live.services.iter().map(|service| {
        let tokens: Vec<_> = service.tokens.iter().map(|token| token.id.clone()).collect();
        let image = json!({
            "id": service.id, "name": service.name, "description": service.description,
            "public": service.public, "tokens": tokens,
        });
        (at(&["realtime_personalization_services", &id(&service.id)]), image)
    }));
    images.extend(live.personalizations.iter().map(|entity| {
        let path = ApiPath::of(&["entities", "realtime_personalizations", &entity.id]).as_str().to_owned();
        let image = json!({
            "id": entity.id, "attributes": entity.attributes, "relationships": entity.relationships,
        });
        (path, image)
    }));
    images.extend(live.journeys.iter().flat_map(|journey| images_of_journey(journey, live)));
    images
}

/// A journey with its activations, and each of those.
#[expect(clippy::indexing_slicing, reason = "what is serialized is an object")]
fn images_of_journey(journey: &RealtimeJourneyResource, live: &Configuration) -> Vec<(String, Value)> {
    let at = |more: &[&str]| {
        let path = [&["entities", "realtime_journeys", &journey.id], more].concat();
        ApiPath::of(&path).as_str().to_owned()
    };
    let mut attributes = json!(journey.attributes);
    for key in ["state", "paused"] {
        attributes[key] = journey.attributes.extra.get(key).cloned().unwrap_or_default();
    }
    let activations: Vec<(&str, Value)> = live
        .activations_of(&journey.id)
        .map(|one| (one.id.as_str(), json!({"id": one.id, "attributes": one.attributes})))
        .collect();
    let all: Vec<&Value> = activations.iter().map(|(_, image)| image).collect();
    let image = json!({"id": journey.id, "attributes": attributes, "activations": all});
    let mut images = vec![(at(&[]), image)];
    images.extend(activations.into_iter().map(|(id, image)| (at(&["activations", id]), image)));
    images
}
