//! What an undo would take away although something else needs it, and what it would bring back although
//! what it needs is gone. The platform would refuse half-way, so it is found before anything is written.

use super::{Deed, Prepared};
use crate::error::Error;
use crate::plan::uses::{Conflict, Dangling, Used, conflicts, dangling};
use crate::plan::{Configuration, import_column};
use crate::steps::kind::ItemKind;
use crate::steps::live::Live;

/// Takes back one thing that can't be done, with a sentence that says why; `None` where all can be.
pub(super) fn keep_one(
    prepared: &mut Prepared,
    now: &Configuration,
    live: &Live,
) -> Result<Option<String>, Error> {
    let after = prepared.state(now, live)?;
    // What stays valid without it matters where it is left alone; see [`super::stands`].
    for conflict in conflicts(now, &after).into_iter().filter(Conflict::is_required) {
        if keep(prepared, &conflict.used, now) {
            let sentence = conflict.to_string();
            prepared.users.push(conflict);
            return Ok(Some(sentence));
        }
    }
    let before = dangling(now, &|_| false);
    for missing in dangling(&after, &|_| false) {
        if !before.contains(&missing) && forget(prepared, &missing) {
            return Ok(Some(missing.to_string()));
        }
    }
    Ok(None)
}

/// Keeps what is used; whether the undo takes it away.
fn keep(prepared: &mut Prepared, used: &Used, now: &Configuration) -> bool {
    let (kind, id) = match used {
        Used::EventTable(table) => {
            let kept = take(&mut prepared.setting.gone_tables, table);
            prepared.table_stays |= kept;
            return kept;
        }
        Used::StitchingKey(key) => {
            let kept = take(&mut prepared.setting.gone_keys, key);
            prepared.key_stays |= kept;
            return kept;
        }
        Used::KeyEvent(id) => (ItemKind::Event, id),
        Used::Attribute(id) | Used::Part { attribute: id, .. } => {
            let attribute = now.attributes.iter().find(|one| one.id.as_ref() == Some(id));
            let column = attribute.and_then(|one| import_column(one, &now.setting.batch_attributes));
            if column.is_some_and(|column| take(&mut prepared.imports.1, &column.to_owned())) {
                return true;
            }
            (ItemKind::Attribute, id)
        }
        Used::Service(id) => (ItemKind::Service, id),
        Used::LastSection { personalization: id } | Used::LastOutput { personalization: id, .. } => {
            (ItemKind::Personalization, id)
        }
        Used::Journey(id) => (ItemKind::Journey, id),
        Used::Token(_) | Used::Stage(_) | Used::Activation(_) => return false,
    };
    let is_it = |work: &super::Work| {
        work.kind == kind && work.id.as_ref() == Some(id) && !matches!(work.deed, Deed::Create(_))
    };
    let Some(position) = prepared.work.iter().position(is_it) else { return false };
    prepared.drop_work(position);
    true
}

/// Takes one out of a list; whether it was there.
fn take<T: PartialEq>(list: &mut Vec<T>, one: &T) -> bool {
    let position = list.iter().position(|there| there == one);
    position.map(|position| list.remove(position)).is_some()
}

/// Does not bring back what needs something that is gone; whether the undo would have.
fn forget(prepared: &mut Prepared, missing: &Dangling) -> bool {
    let is_it = |work: &super::Work| {
        work.id.is_some() && work.id == missing.user.id && !matches!(work.deed, Deed::Delete)
    };
    let Some(position) = prepared.work.iter().position(is_it) else { return false };
    prepared.drop_work(position);
    true
}
