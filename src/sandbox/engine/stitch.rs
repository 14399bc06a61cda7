//! ID stitching: which profile an event belongs to.
//!
//! Source: the vendor says that stitching keys are strings, that events with a common id belong to
//! one profile, and that a profile has at most 200 ids, the oldest ejected first. The rest is our
//! choice: an id is a pair of key column and value (the same value in two columns is two ids), the
//! others are merged into the oldest of several profiles, and an ejected id is forgotten, so that its next
//! event starts a new profile unless another id of the event is known.

use super::hash::FastMap;
use super::names::{Names, ProfileLayout};
use super::profile::{Id, Profile, ProfileNumber, Stay};
use super::text::SharedText;
use std::borrow::Cow;

/// The ids of an event: number of the key column, value.
pub type EventIds<'a> = Vec<(u32, Cow<'a, str>)>;

/// What a look at the ids of an event has changed, before names are looked up.
#[derive(Debug, Clone, Default)]
pub struct Stitched {
    pub made: bool,
    /// Places in the ids of the event.
    pub added: Vec<usize>,
    pub merged: Vec<ProfileNumber>,
    pub evicted: Vec<Id>,
}

/// All profiles of a parent segment, each found by its ids.
#[derive(Debug, Clone, Default)]
pub struct Population {
    profiles: Vec<Option<Profile>>,
    /// Free slots in `profiles`.
    free: Vec<usize>,
    /// Slot in `profiles` by key column number and value.
    index: Vec<FastMap<SharedText, usize>>,
    created: u64,
    /// The slots of the profiles that were touched since the last call of `take_touched`, by their
    /// `created`; `None` when changes are not tracked.
    touched: Option<FastMap<u64, usize>>,
}

impl Population {
    /// Adds a saved profile.
    pub fn load(&mut self, profile: Profile) {
        let place = self.profiles.len();
        for id in &profile.ids {
            self.column(id.column).insert(id.value.clone(), place);
        }
        self.created = self.created.max(profile.created.saturating_add(1));
        self.profiles.push(Some(profile));
    }

    /// Tracks from now on which profiles are touched; those that exist count as touched.
    pub fn track(&mut self) {
        if self.touched.is_none() {
            let known = self.profiles.iter().enumerate();
            let known = known.filter_map(|(place, profile)| Some((profile.as_ref()?.created, place)));
            self.touched = Some(known.collect());
        }
    }

    /// Whether touched profiles are tracked.
    pub fn is_tracked(&self) -> bool {
        self.touched.is_some()
    }

    /// The profiles that were touched since the last call, by their `created`; `None` for
    /// removed ones.
    pub fn take_touched(&mut self) -> Vec<(u64, Option<&Profile>)> {
        let touched = self.touched.as_mut().map(std::mem::take).unwrap_or_default();
        let found = touched.into_iter().map(|(created, place)| {
            let profile = self.profiles.get(place).and_then(Option::as_ref);
            (created, profile.filter(|profile| profile.created == created))
        });
        found.collect()
    }

    /// All profiles.
    pub fn iter(&self) -> impl Iterator<Item = &Profile> {
        self.profiles.iter().flatten()
    }

    /// Number of profiles.
    pub fn len(&self) -> usize {
        self.profiles.len().saturating_sub(self.free.len())
    }

    /// The profile with an id.
    pub fn find(&self, column: u32, value: &str) -> Option<&Profile> {
        self.profiles.get(self.place(column, value)?)?.as_ref()
    }

    /// The profile of the first of these keys that is known. Later keys are not looked up, since only
    /// an event merges profiles (our choice).
    pub fn find_any<'k>(
        &self,
        mut keys: impl Iterator<Item = &'k (String, String)>,
        names: &Names,
    ) -> Option<&Profile> {
        keys.find_map(|(column, value)| self.find(names.find(column)?, value))
    }

    /// The profile that an event with these ids belongs to: a new one if no id is known, the one
    /// that has them, or the oldest one after the others were merged into it; and what that has changed.
    /// `None` without ids. `now` is when a new one is made.
    pub fn resolve(&mut self, ids: &EventIds<'_>, time: i64, now: i64) -> Option<(&mut Profile, Stitched)> {
        if ids.is_empty() {
            return None;
        }
        let mut stitched = Stitched::default();
        let mut owner = None;
        for (column, value) in ids {
            match (owner, self.place(*column, value)) {
                (None, found) => owner = found,
                (Some(one), Some(two)) if one != two => owner = Some(self.merge(one, two, &mut stitched)),
                _ => {}
            }
        }
        let owner = owner.unwrap_or_else(|| {
            stitched.made = true;
            self.create(now)
        });
        for (place, (column, value)) in ids.iter().enumerate() {
            if self.profiles.get_mut(owner)?.as_mut()?.see(*column, value, time) {
                self.column(*column).insert(SharedText::from(value.as_ref()), owner);
                stitched.added.push(place);
            }
        }
        stitched.evicted = self.profiles.get_mut(owner)?.as_mut()?.eject();
        for id in &stitched.evicted {
            self.column(id.column).remove(id.value.as_bytes());
        }
        let profile = self.profiles.get_mut(owner)?.as_mut();
        if let (Some(touched), Some(profile)) = (&mut self.touched, &profile) {
            touched.insert(profile.created, owner);
        }
        profile.map(|profile| (profile, stitched))
    }

    /// The slot of the profile that an event with these ids belongs to, once it is resolved.
    pub fn place_of(&self, ids: &EventIds<'_>) -> Option<usize> {
        ids.iter().find_map(|(column, value)| self.place(*column, value))
    }

    /// Puts back the stays of the profile with these ids.
    pub fn keep_stays(&mut self, ids: &EventIds<'_>, stays: Vec<Stay>) {
        let place = self.place_of(ids);
        if let Some(Some(profile)) = place.and_then(|place| self.profiles.get_mut(place)) {
            profile.stays = stays;
        }
    }

    /// The profile in a slot, if it is still the one with this number.
    pub fn at(&self, place: usize, number: u64) -> Option<&Profile> {
        self.profiles.get(place)?.as_ref().filter(|profile| profile.created == number)
    }

    /// The same to change; it counts as touched.
    pub fn at_mut(&mut self, place: usize, number: u64) -> Option<&mut Profile> {
        if let Some(touched) = &mut self.touched {
            touched.insert(number, place);
        }
        self.profiles.get_mut(place)?.as_mut().filter(|profile| profile.created == number)
    }

    /// All profiles with their slots.
    pub fn placed(&self) -> impl Iterator<Item = (usize, &Profile)> {
        let all = self.profiles.iter().enumerate();
        all.filter_map(|(place, profile)| Some((place, profile.as_ref()?)))
    }

    fn place(&self, column: u32, value: &str) -> Option<usize> {
        self.index.get(column as usize)?.get(value.as_bytes()).copied()
    }

    #[expect(clippy::indexing_slicing, reason = "there are as many as that")]
    fn column(&mut self, column: u32) -> &mut FastMap<SharedText, usize> {
        debug_assert_ne!(column, ProfileLayout::NOWHERE, "an ingested name is always bound");
        let column = column as usize;
        if self.index.len() <= column {
            self.index.resize_with(column.saturating_add(1), FastMap::default);
        }
        &mut self.index[column]
    }

    #[expect(clippy::indexing_slicing, reason = "only places in `profiles` are freed, and it never shrinks")]
    fn create(&mut self, now: i64) -> usize {
        let profile = Some(Profile::new(self.created, now));
        self.created = self.created.saturating_add(1);
        match self.free.pop() {
            Some(place) => {
                self.profiles[place] = profile;
                place
            }
            None => {
                self.profiles.push(profile);
                self.profiles.len().saturating_sub(1)
            }
        }
    }

    /// Merges two profiles into the older one and returns its slot.
    fn merge(&mut self, one: usize, two: usize, stitched: &mut Stitched) -> usize {
        let created = |place: usize| self.profiles.get(place).and_then(Option::as_ref).map(|p| p.created);
        let (older, younger) = if created(one) <= created(two) { (one, two) } else { (two, one) };
        let Some(profile) = self.profiles.get_mut(younger).and_then(Option::take) else { return older };
        self.free.push(younger);
        stitched.merged.push(profile.number());
        if let Some(touched) = &mut self.touched {
            touched.insert(profile.created, younger);
        }
        for id in &profile.ids {
            if let Some(place) = self.column(id.column).get_mut(id.value.as_bytes()) {
                *place = older;
            }
        }
        if let Some(survivor) = self.profiles.get_mut(older).and_then(Option::as_mut) {
            survivor.merge(profile);
        }
        older
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn see(population: &mut Population, ids: &[(u32, &str)], time: i64) -> Option<u64> {
        let ids = ids.iter().map(|(column, value)| (*column, Cow::Borrowed(*value))).collect();
        population.resolve(&ids, time, 1_000 + time).map(|(profile, _)| profile.created)
    }

    #[test]
    fn ids_find_make_and_merge_profiles() {
        let mut people = Population::default();
        assert_eq!(see(&mut people, &[], 1), None);
        assert_eq!(see(&mut people, &[(0, "a")], 1), Some(0));
        assert_eq!(see(&mut people, &[(1, "a")], 1), Some(1), "another column is another id");
        assert_eq!(see(&mut people, &[(0, "b")], 1), Some(2));
        assert_eq!(people.len(), 3);
        assert_eq!(see(&mut people, &[(0, "b"), (1, "a"), (2, "x")], 2), Some(1), "the oldest survives");
        assert_eq!(people.len(), 2);
        assert_eq!(see(&mut people, &[(2, "x"), (0, "a")], 3), Some(0));
        assert_eq!(people.len(), 1);
        assert_eq!(people.find(0, "b").map(|p| p.ids.len()), Some(4));
        assert_eq!(see(&mut people, &[(0, "new")], 4), Some(3), "a freed place is a new profile");
        assert_eq!(people.len(), 2);
    }

    #[test]
    fn an_ejected_id_is_forgotten() {
        let mut people = Population::default();
        for number in 0..=200 {
            let value = number.to_string();
            assert_eq!(see(&mut people, &[(0, "me"), (1, &value)], number), Some(0));
        }
        assert!(people.find(1, "0").is_none() && people.find(1, "1").is_none());
        assert_eq!(people.find(1, "2").map(|p| p.ids.len()), Some(200));
        assert_eq!(see(&mut people, &[(1, "0")], 500), Some(1));
    }

    #[test]
    fn what_has_changed_is_told() {
        let mut people = Population::default();
        let mut look = |ids: &[(u32, &str)], time: i64| {
            let ids = ids.iter().map(|(column, value)| (*column, Cow::Borrowed(*value))).collect();
            let (profile, stitched) = people.resolve(&ids, time, time).unwrap();
            let merged: Vec<(u64, i64)> = stitched.merged.iter().map(|one| (one.number, one.since)).collect();
            let Stitched { made, added, evicted, .. } = stitched;
            let evicted: Vec<String> = evicted.iter().map(|id| id.value.as_str().to_owned()).collect();
            (profile.number().since, made, added, merged, evicted)
        };
        let nothing = Vec::<String>::new;
        assert_eq!(look(&[(0, "a"), (1, "x")], 10), (10, true, vec![0, 1], vec![], nothing()));
        assert_eq!(look(&[(0, "a"), (1, "y")], 11), (10, false, vec![1], vec![], nothing()));
        assert_eq!(look(&[(0, "a")], 12), (10, false, vec![], vec![], nothing()));
        look(&[(0, "b")], 13);
        look(&[(0, "c")], 14);
        let merged = vec![(2, 14), (1, 13)];
        assert_eq!(
            look(&[(0, "c"), (0, "b"), (0, "a"), (0, "d")], 15),
            (10, false, vec![3], merged, nothing())
        );
        for number in 0..194 {
            look(&[(0, "a"), (2, &number.to_string())], 20 + number);
        }
        let evicted = vec!["x".to_owned()];
        assert_eq!(look(&[(0, "a"), (2, "last")], 500), (10, false, vec![1], vec![], evicted));
    }

    #[test]
    fn loaded_profiles_are_found_as_before() {
        let mut people = Population::default();
        see(&mut people, &[(0, "a")], 1);
        see(&mut people, &[(0, "b")], 1);
        see(&mut people, &[(0, "a"), (0, "b")], 1);
        see(&mut people, &[(0, "c")], 1);
        let mut again = Population::default();
        people.iter().cloned().for_each(|profile| again.load(profile));
        assert_eq!(again.len(), 2);
        assert_eq!(see(&mut again, &[(0, "b")], 2), Some(0));
        assert_eq!(see(&mut again, &[(0, "c")], 2), Some(2));
        assert_eq!(see(&mut again, &[(0, "d")], 2), Some(3));
    }
}
