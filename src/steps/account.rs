//! What is known of an account around a parent segment: the schemas and names that a seed is made of. No
//! records are read.

use super::all;
use super::desired::setting::profile_key;
use super::live::TableSchemas;
use super::parent_segment::ParentSegment;
use crate::api::Client;
use crate::error::{Code, Error};
use crate::plan::seed::{KnownAccount, SeedConnection, SeedMaster};
use crate::plan::{AttributeKind, Plan};
use crate::platform::wire::{AudienceAttribute, EventTable};
use std::collections::BTreeSet;

/// Reads what a plan needs to know of its account.
pub async fn known_account(client: &Client, ps: &ParentSegment, plan: &Plan) -> Result<KnownAccount, Error> {
    let (audience, batch, segments) =
        tokio::join!(client.audience(&ps.id), client.batch_attributes(&ps.id), client.batch_segments(&ps.id));
    let (audience, batch, segments) = (audience?, batch?, segments?);
    let home = audience.master.as_ref().and_then(|master| master.table());
    let master = home.as_ref().zip(profile_key(&audience)).map(|(table, profile_key)| SeedMaster {
        database: table.database.clone(),
        table: table.table.clone(),
        profile_key,
    });
    let mut tables: Vec<EventTable> = plan.events.iter().map(|event| event.event_table()).collect();
    tables.extend(plan.event_tables.iter().cloned());
    tables.extend(batch.iter().filter_map(table_of));
    tables.extend(catalogs(plan, home.as_ref()));
    tables.extend(home);
    let (schemas, hidden) = schemas(client, &tables).await?;
    let of =
        |table: &EventTable| schemas.has(table).then(|| (table.clone(), schemas.columns(table).to_vec()));
    let connections = connections(client, plan).await?;
    Ok(KnownAccount {
        id: Some(ps.id.clone()),
        name: Some(ps.name.clone()),
        master,
        tables: tables.iter().filter_map(of).collect(),
        hidden,
        batch,
        segments: segments.into_iter().map(|segment| (segment.id, segment.name)).collect(),
        connections_hidden: connections.is_none(),
        connections: connections.unwrap_or_default(),
    })
}

/// The columns of the tables that exist, and the tables that the key may not see.
async fn schemas(client: &Client, tables: &[EventTable]) -> Result<(TableSchemas, Vec<EventTable>), Error> {
    let tables: BTreeSet<&EventTable> = tables.iter().collect();
    let read = all(tables.into_iter().map(|table| async move {
        match TableSchemas::look_existing(client, [table]).await {
            Ok(found) => Ok((found, None)),
            Err(error) if error.code == Code::Forbidden => Ok((TableSchemas::default(), Some(table.clone()))),
            Err(error) => Err(error),
        }
    }));
    let (mut schemas, mut hidden) = (TableSchemas::default(), Vec::new());
    for (found, unseen) in read.await? {
        schemas.extend(found);
        hidden.extend(unseen);
    }
    Ok((schemas, hidden))
}

/// The table of a batch attribute.
fn table_of(attribute: &AudienceAttribute) -> Option<EventTable> {
    let AudienceAttribute { parent_database_name, parent_table_name, .. } = attribute;
    Some(EventTable::new(parent_database_name.as_deref()?, parent_table_name.as_deref()?))
}

/// The tables of lookup catalogs: in the master table's database where the plan does not say.
fn catalogs(plan: &Plan, home: Option<&EventTable>) -> Vec<EventTable> {
    let of = |name: &str| match name.split_once('.') {
        Some((database, table)) => Some(EventTable::new(database, table)),
        None => home.map(|home| EventTable::new(&*home.database, name)),
    };
    let tables = plan.attributes.iter().filter_map(|attribute| match &attribute.kind {
        AttributeKind::LookupCatalog(spec) => of(&spec.lookup_catalog_table_name),
        _ => None,
    });
    tables.collect()
}

/// The connections that the plan names, without their credentials, which no listing has; `None` where the key may
/// not list them.
async fn connections(client: &Client, plan: &Plan) -> Result<Option<Vec<SeedConnection>>, Error> {
    let activations = plan.journeys.iter().flat_map(|journey| journey.activations());
    let named: Vec<&str> = activations.filter_map(|activation| activation.connection.as_deref()).collect();
    if named.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let Some(listed) = client.authentications().await? else { return Ok(None) };
    let known = listed.into_iter().filter_map(|there| {
        let name =
            there.name.filter(|name| named.contains(&there.id.as_str()) || named.contains(&name.as_str()))?;
        Some(SeedConnection { id: Some(there.id), name, kind: there.kind?, url_prefix: there.url_prefix })
    });
    Ok(Some(known.collect()))
}
