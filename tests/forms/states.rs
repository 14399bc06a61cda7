//! The state of a sandbox: rows, a line each (kind, parent segment, id, order, body; for a profile's name and a profile
//! the parent segment, number and body). Those that can be read are written as the same; the others give an error.

use std::collections::BTreeMap;
use tdx_rt::sandbox::engine::ProfileChanges;
use tdx_rt::sandbox::store::Store;
use tdx_rt::sandbox::store::record::{RowChange, RowPlace, SavedRow, SavedRows};

pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut changes = Vec::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.splitn(5, '\t').collect();
        match cells[..] {
            ["name", segment, number, name] => {
                let names = vec![(number.parse().unwrap_or(0), name.to_owned())];
                let profiles = ProfileChanges { names, ..ProfileChanges::default() };
                changes.push(RowChange::Profiles(segment.parse().unwrap_or(0), profiles));
            }
            ["profile", segment, number, body] => {
                let profiles = vec![(number.parse().unwrap_or(0), Some(body.to_owned()))];
                let profiles = ProfileChanges { profiles, ..ProfileChanges::default() };
                changes.push(RowChange::Profiles(segment.parse().unwrap_or(0), profiles));
            }
            [kind, segment, id, order, body] => {
                let segment = segment.parse().unwrap_or(0);
                let place = RowPlace { kind: kind.to_owned(), segment, id: id.to_owned() };
                let order = order.parse().unwrap_or(0);
                changes.push(RowChange::Put(SavedRow { place, order, body: body.to_owned() }));
            }
            _ => {}
        }
    }
    stays(&changes);
}

/// Everything that a store saves.
pub fn rows(store: &Store) -> Vec<RowChange> {
    store.all().expect("a store can be written down")
}

/// What can be read of these is the same after the first time.
pub fn stays(changes: &[RowChange]) {
    let store = match Store::load(written(changes)) {
        Ok(store) => store,
        Err(why) => return assert!(!why.0.is_empty()),
    };
    let first = rows(&store);
    let again = Store::load(written(&first)).unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(rows(&again), first);
}

fn written(changes: &[RowChange]) -> SavedRows {
    let mut written = SavedRows { rows: Vec::new(), profiles: BTreeMap::new() };
    for change in changes {
        match change {
            RowChange::Put(row) => written.rows.push(row.clone()),
            RowChange::Profiles(segment, more) => {
                let profiles = written.profiles.entry(*segment).or_default();
                profiles.names.extend(more.names.iter().cloned());
                profiles.profiles.extend(more.profiles.iter().cloned());
            }
            RowChange::Clear | RowChange::RemoveSegment(_) | RowChange::Remove(_) => {}
        }
    }
    written.rows.sort_by_key(|row| (row.place.segment, row.place.kind.clone(), row.order));
    written
}
