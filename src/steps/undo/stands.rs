//! What an undo leaves alone keeps everything that it stands on: not only what it refers to by id (see
//! [`super::uses`]), but also what makes it work. A personalization is called with the tokens of the
//! service of its name, a journey sends through its activations, and both find a visitor by stitching
//! keys, which are read from event tables.

use super::{Deed, Prepared, Skipped, Work, uses};
use crate::error::Error;
use crate::plan::Configuration;
use crate::steps::kind::ItemKind;
use crate::steps::live::Live;

/// Takes back everything that can't or must not be done, with a sentence for each.
pub(super) fn keep_what_is_needed(
    prepared: &mut Prepared,
    now: &Configuration,
    live: &Live,
) -> Result<(), Error> {
    // What stays may need something else, so it is looked at until nothing is left to keep.
    loop {
        if let Some(sentence) = uses::keep_one(prepared, now, live)? {
            prepared.conflicts.push(sentence);
        } else if !keep_one(prepared, now) {
            return Ok(());
        }
    }
}

/// Keeps one thing, or all keys or tables, that something left alone stands on.
fn keep_one(prepared: &mut Prepared, live: &Configuration) -> bool {
    let found = prepared.work.iter().enumerate().find_map(|(index, work)| {
        let sentence = prepared.skipped.iter().find_map(|skipped| needed(work, skipped, live))?;
        Some((index, sentence))
    });
    if let Some((index, sentence)) = found {
        prepared.drop_work(index);
        prepared.stays.push(sentence);
        return true;
    }
    keep_keys(prepared) || keep_tables(prepared)
}

/// Why a thing stays when another one is left alone.
fn needed(work: &Work, skipped: &Skipped, live: &Configuration) -> Option<String> {
    let is_named = |name: &str| skipped.names.iter().any(|own| own == name);
    let parent = work.collection.rsplit('/').nth(1).unwrap_or_default();
    let goes = matches!(work.deed, Deed::Delete);
    let name = &work.name;
    let [by, _] = &skipped.names;
    match (work.kind, skipped.kind) {
        (ItemKind::Service, ItemKind::Personalization) if goes && is_named(name) => {
            Some(format!("the service '{name}' stays: the personalization '{by}' is called with its tokens"))
        }
        (ItemKind::Personalization, ItemKind::Service) if goes && is_named(name) => {
            Some(format!("the personalization '{name}' stays: tokens of its service are in use"))
        }
        (ItemKind::Token, ItemKind::Service) if goes && parent == skipped.id => {
            Some(format!("the token '{name}' of the service '{by}' stays with it"))
        }
        (ItemKind::Token, ItemKind::Personalization) if goes => {
            let service = live.services.iter().find(|service| service.id.as_deref() == Some(parent))?;
            is_named(&service.name)
                .then(|| format!("the token '{name}' stays: the personalization '{by}' is called with it"))
        }
        (ItemKind::Activation, ItemKind::Journey) if parent == skipped.id => {
            Some(format!("the activation '{name}' of the journey '{by}' stays as it is"))
        }
        _ => None,
    }
}

fn keep_keys(prepared: &mut Prepared) -> bool {
    let finds_visitors = |skipped: &&Skipped| skipped.kind != ItemKind::Token;
    let by = match prepared.skipped.iter().find(finds_visitors) {
        Some(by) => format!("the {} '{}'", by.kind.words(), by.names[0]),
        // Of a key event that this run did not make.
        None if prepared.table_stays => "a key event of an event table that stays".to_owned(),
        None => return false,
    };
    let keys = std::mem::take(&mut prepared.setting.gone_keys);
    prepared.key_stays |= !keys.is_empty();
    let sentence = |key: &String| format!("the stitching key '{key}' stays: {by} finds visitors by it");
    prepared.stays.extend(keys.iter().map(sentence));
    !keys.is_empty()
}

fn keep_tables(prepared: &mut Prepared) -> bool {
    if !prepared.key_stays {
        return false;
    }
    let tables = std::mem::take(&mut prepared.setting.gone_tables);
    let sentence = |table| format!("the event table {table} stays: stitching keys are read from it");
    prepared.stays.extend(tables.iter().map(sentence));
    !tables.is_empty()
}
