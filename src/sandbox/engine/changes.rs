//! Saves profiles and loads them again.

use super::ingest::Profiles;
use super::profile::Profile;
use serde_json::Error;

/// Changed profiles, as strings that [`Profiles::load`] takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProfileChanges {
    /// New names with their numbers, in order.
    pub names: Vec<(u64, String)>,
    /// Profiles by number; `None` for a removed one.
    pub profiles: Vec<(u64, Option<String>)>,
}

impl Profiles {
    /// Tracks changes from now on.
    pub fn track(&mut self) {
        self.population.track();
    }

    /// Takes everything as saved and tracks changes from now on.
    pub fn is_written(&mut self) {
        self.population.track();
        self.population.take_touched();
        self.written_names = self.names.list().len();
    }

    /// What has changed since the last call (since [`Profiles::track`], at first).
    pub fn take_changes(&mut self) -> Result<ProfileChanges, Error> {
        if !self.population.is_tracked() {
            return Ok(ProfileChanges::default());
        }
        let names = self.numbered_names(self.written_names);
        self.written_names = self.names.list().len();
        let mut profiles = Vec::new();
        for (number, profile) in self.population.take_touched() {
            profiles.push((number, profile.map(serde_json::to_string).transpose()?));
        }
        Ok(ProfileChanges { names, profiles })
    }

    /// Everything.
    pub fn everything(&self) -> Result<ProfileChanges, Error> {
        let text = |profile: &Profile| Ok((profile.created, Some(serde_json::to_string(profile)?)));
        let profiles = self.population.iter().map(text).collect::<Result<_, Error>>()?;
        Ok(ProfileChanges { names: self.numbered_names(0), profiles })
    }

    /// Loads what was saved: all names in order, before the profiles.
    pub fn load(&mut self, written: &ProfileChanges) -> Result<(), Error> {
        for (_, name) in &written.names {
            self.names.number(name);
        }
        self.written_names = self.names.list().len();
        for text in written.profiles.iter().filter_map(|(_, text)| text.as_deref()) {
            self.population.load(serde_json::from_str(text)?);
        }
        self.find_timers();
        Ok(())
    }

    fn numbered_names(&self, from: usize) -> Vec<(u64, String)> {
        (0..).zip(self.names.list()).skip(from).map(|(number, name)| (number, name.clone())).collect()
    }
}
