//! Small numbers for names: attribute ids, key columns and list columns.
//!
//! Profiles outlive the programs that fill them, so they refer to names by numbers that never
//! change ([`Names`]); a [`ProfileLayout`] translates a program's own numbers, once per program.

use std::collections::HashMap;
use std::sync::Arc;

/// Grow-only numbering of names.
#[derive(Debug, Clone, Default)]
pub struct Names {
    list: Vec<String>,
    index: HashMap<String, u32>,
}

impl Names {
    /// The number of a name; a new one gets the next.
    pub fn number(&mut self, name: &str) -> u32 {
        if let Some(&number) = self.index.get(name) {
            return number;
        }
        let number = u32::try_from(self.list.len()).unwrap_or(ProfileLayout::NOWHERE);
        self.list.push(name.to_owned());
        self.index.insert(name.to_owned(), number);
        number
    }

    /// The number of a name, if it has one.
    pub fn find(&self, name: &str) -> Option<u32> {
        self.index.get(name).copied()
    }

    /// All names by their numbers.
    pub fn list(&self) -> &[String] {
        &self.list
    }

    /// The name of a number.
    pub fn name(&self, number: u32) -> &str {
        self.list.get(number as usize).map_or("", String::as_str)
    }
}

/// A program's names by their numbers in [`Names`].
#[derive(Debug, Clone, Default)]
pub struct ProfileLayout {
    program: Option<Arc<[String]>>,
    numbers: Vec<u32>,
}

impl ProfileLayout {
    /// The number of a name that no profile knows.
    pub const NOWHERE: u32 = u32::MAX;

    /// Translates `program` and gives numbers to its new names.
    pub fn bind(program: &Arc<[String]>, names: &mut Names) -> Self {
        let numbers = program.iter().map(|name| names.number(name)).collect();
        ProfileLayout { program: Some(Arc::clone(program)), numbers }
    }

    /// Translates `program` without changing anything: new names are [`ProfileLayout::NOWHERE`].
    pub fn look(program: &Arc<[String]>, names: &Names) -> Self {
        let numbers = program.iter().map(|name| names.find(name).unwrap_or(Self::NOWHERE)).collect();
        ProfileLayout { program: Some(Arc::clone(program)), numbers }
    }

    /// Whether this layout translates `program`. Comparing pointers is safe: the layout keeps the
    /// names alive, so no other program can have them at the same address.
    pub fn is_of(&self, program: &Arc<[String]>) -> bool {
        self.program.as_ref().is_some_and(|own| Arc::ptr_eq(own, program))
    }

    /// The number of the program's name `local`.
    pub fn number(&self, local: usize) -> u32 {
        self.numbers.get(local).copied().unwrap_or(Self::NOWHERE)
    }
}
