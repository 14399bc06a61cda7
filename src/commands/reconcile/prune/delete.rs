//! Carrying it out.

use super::Pruning;
use crate::api::Client;
use crate::error::Error;
use crate::plan::Configuration;
use crate::platform::wire::{Personalization, PersonalizationRequest};
use crate::steps::all;
use crate::steps::attributes::{import_column, imported_columns};
use crate::steps::ownership::{Items, items};
use crate::steps::parent_segment::enabled_setting;

/// Deletes what goes: first what uses, then what is used. Sections and outputs of personalizations
/// that the plan names are gone already. Lists that are written whole are read again before, so
/// that what others have added meanwhile stays.
pub async fn delete(
    client: &Client,
    ps: &str,
    pruning: &Pruning,
    live: &Configuration,
    named: &[&str],
) -> Result<Items, Error> {
    let gone: Items = items(live).into_iter().filter(|(path, _)| pruning.paths.contains(path)).collect();
    let id = |id: &Option<String>| id.clone().unwrap_or_default();
    let journeys = live.journeys.iter().filter(|journey| pruning.has("journeys", &journey.attributes.name));
    all(journeys.map(|journey| async { Ok(client.delete_journey(&journey.id).await?) })).await?;
    all(live.personalizations.iter().map(|entity| reduce(client, ps, pruning, entity, named))).await?;
    let entities =
        live.personalizations.iter().filter(|p| pruning.has("personalizations", &p.attributes.name));
    all(entities.map(|entity| async { Ok(client.delete_personalization(&entity.id).await?) })).await?;
    let services = live.services.iter().filter(|service| pruning.has("services", &service.name));
    all(services.map(|service| async move { Ok(client.delete_service(ps, &id(&service.id)).await?) }))
        .await?;
    let batch = &live.setting.batch_attributes;
    let (imported, own): (Vec<_>, Vec<_>) = live
        .attributes
        .iter()
        .filter(|attribute| pruning.has("attributes", &attribute.name))
        .partition(|attribute| import_column(attribute, batch).is_some());
    all(own.iter().map(|attribute| async { Ok(client.delete_attribute(ps, &id(&attribute.id)).await?) }))
        .await?;
    if !imported.is_empty() {
        let (setting, now) = tokio::join!(enabled_setting(client, ps), client.attributes(ps));
        let mut columns = imported_columns(&now?, &setting?.attributes.batch_attributes);
        let gone: Vec<_> = imported.iter().filter_map(|attribute| import_column(attribute, batch)).collect();
        // Imported ones go by leaving them out of the whole set.
        columns.retain(|column| !gone.contains(&column.as_str()));
        client.import_attributes(ps, &columns).await?;
    }
    let events = live.events.iter().filter(|event| pruning.has("events", &event.name));
    all(events.map(|event| async { Ok(client.delete_key_event(ps, &id(&event.id)).await?) })).await?;
    let of_setting = |path: &String| path.starts_with("event_tables.") || path.starts_with("id_stitching.");
    if gone.keys().any(of_setting) {
        let mut setting = enabled_setting(client, ps).await?.attributes;
        pruning.reduce_setting(&mut setting);
        client.write_setting(ps, &setting).await?;
    }
    Ok(gone)
}

/// Writes an entity that the plan does not name without what goes of it.
async fn reduce(
    client: &Client,
    ps: &str,
    pruning: &Pruning,
    entity: &Personalization,
    named: &[&str],
) -> Result<(), Error> {
    let name = entity.attributes.name.as_str();
    let mut reduced = entity.clone();
    pruning.reduce(&mut reduced);
    if named.contains(&name) || pruning.has("personalizations", name) || reduced == *entity {
        return Ok(());
    }
    let mut attributes = reduced.attributes;
    attributes.audience_id = Some(ps.to_owned());
    for section in &mut attributes.sections {
        // Part of the published PATCH.
        section.include_sensitive.get_or_insert(false);
    }
    Ok(client
        .write_personalization(&entity.id, &PersonalizationRequest { attributes, relationships: None })
        .await?)
}
