//! Resources of one kind, in order of creation.

use std::collections::BTreeSet;
use std::ops::Deref;

/// Something with an id.
pub trait Resource {
    /// Its id; empty before it has one.
    fn id(&self) -> &str;
}

/// Resources of one kind, in order of creation. Reads as a slice; every method that changes it records
/// the change, so that only changes are saved.
#[derive(Debug, Clone)]
pub struct Collection<T> {
    items: Vec<T>,
    /// The place of each item in the order of creation; grows, with gaps.
    order: Vec<u64>,
    last: u64,
    changed: BTreeSet<String>,
}

impl<T> Default for Collection<T> {
    fn default() -> Self {
        Collection { items: Vec::new(), order: Vec::new(), last: 0, changed: BTreeSet::new() }
    }
}

impl<T> Deref for Collection<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<'a, T> IntoIterator for &'a Collection<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<T: Resource> FromIterator<T> for Collection<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut collection = Collection::default();
        items.into_iter().for_each(|item| collection.push(item));
        collection
    }
}

impl<T: Resource> Collection<T> {
    /// All of them.
    pub fn as_slice(&self) -> &[T] {
        &self.items
    }

    /// Adds one at the end.
    pub fn push(&mut self, item: T) {
        self.last = self.last.saturating_add(1);
        self.load(self.last, item);
    }

    /// Adds a saved one, with its place in the order of creation. They come in order.
    pub fn load(&mut self, place: u64, item: T) {
        self.last = self.last.max(place);
        self.changed.insert(item.id().to_owned());
        self.order.push(place);
        self.items.push(item);
    }

    /// The one with this id.
    pub fn find(&self, id: &str) -> Option<&T> {
        self.items.iter().find(|item| item.id() == id)
    }

    /// The one with this id, to change; its id must stay.
    pub fn find_mut(&mut self, id: &str) -> Option<&mut T> {
        let found = self.items.iter_mut().find(|item| item.id() == id)?;
        self.changed.insert(id.to_owned());
        Some(found)
    }

    /// Removes the one with this id.
    pub fn remove(&mut self, id: &str) -> Option<T> {
        let at = self.items.iter().position(|item| item.id() == id)?;
        self.changed.insert(id.to_owned());
        self.order.remove(at);
        Some(self.items.remove(at))
    }

    /// Removes all that do not pass.
    pub fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        let gone: Vec<String> =
            self.items.iter().filter(|item| !keep(item)).map(|item| item.id().to_owned()).collect();
        for id in gone {
            self.remove(&id);
        }
    }

    /// All with their place in the order of creation.
    pub fn placed(&self) -> impl Iterator<Item = (u64, &T)> {
        self.order.iter().copied().zip(&self.items)
    }

    /// What has changed since the last call: ids, with the item and its place unless it is gone.
    pub fn take_changes(&mut self) -> Vec<(String, Option<(u64, &T)>)> {
        let changed = std::mem::take(&mut self.changed);
        let mut found: Vec<(String, Option<(u64, &T)>)> = Vec::with_capacity(changed.len());
        for id in changed {
            let at = self.items.iter().position(|item| item.id() == id);
            let item = at.and_then(|at| Some((*self.order.get(at)?, self.items.get(at)?)));
            found.push((id, item));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Resource for String {
        fn id(&self) -> &str {
            self
        }
    }

    #[test]
    fn it_knows_what_has_changed_and_keeps_the_order() {
        let mut all: Collection<String> = ["a", "b", "c"].map(str::to_owned).into_iter().collect();
        assert_eq!(all.take_changes().len(), 3);
        assert!(all.take_changes().is_empty());
        all.remove("b");
        all.find_mut("c");
        all.push("d".to_owned());
        all.push("b".to_owned());
        let changes = all.take_changes();
        let found: Vec<_> =
            changes.iter().map(|(id, item)| (id.as_str(), item.map(|(place, _)| place))).collect();
        assert_eq!(found, [("b", Some(5)), ("c", Some(3)), ("d", Some(4))]);
        all.retain(|item| item != "a");
        assert_eq!(all.take_changes(), [("a".to_owned(), None)]);
        assert_eq!(all.placed().map(|(place, _)| place).collect::<Vec<_>>(), [3, 4, 5]);
    }
}
