//! The errors that a name does not exist, with the name that was meant, and that a value is of another
//! kind than a step takes.

use crate::nearest::near;
use std::fmt;
use std::ops::Range;
use std::rc::Rc;

use super::shape::{Body, Place};

/// How many fields an error lists.
const LISTED: usize = 12;

/// Why a filter fails on whatever a command prints.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// A field that does not exist.
    #[error(transparent)]
    Field(#[from] UnknownField),
    /// A step that does not go with the kind of value.
    #[error(transparent)]
    Kind(#[from] WrongKind),
}

/// A step of a filter that takes a part of a kind of value that has no such parts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path} is {kind}, and {step} does not go with that{}", meant.as_ref().map(|meant| format!("; did you mean '{meant}'?")).unwrap_or_default())]
pub struct WrongKind {
    /// The step: `.name`, `.[0]`, `.[]` or `.[1:2]`.
    pub step: String,
    /// The value, as a jq path; `it` for one that is no array and no object.
    pub path: String,
    /// What it is, such as `an array`.
    pub kind: &'static str,
    /// What may have been meant.
    pub meant: Option<String>,
}

/// A name in a filter that cannot be a field there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct UnknownField {
    /// The name.
    pub name: String,
    /// The object that lacks it, as a jq path; `{a, b}` for one that the filter makes.
    pub path: String,
    /// Where the name stands in the filter, in bytes, if it stands there only once.
    pub span: Option<Range<usize>>,
    /// The field that was meant, if one is near.
    pub nearest: Option<String>,
    /// The existing fields.
    pub known: Vec<String>,
}

impl fmt::Display for UnknownField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no field '{}' in {}", self.name, self.path)?;
        let shown = self.known.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join(", ");
        match (&self.nearest, self.known.len()) {
            (Some(near), _) => write!(f, "; did you mean '{near}'?"),
            (None, 0) => Ok(()),
            (None, all) if all > LISTED => {
                write!(f, "; there are {shown} and {} more", all.saturating_sub(LISTED))
            }
            (None, _) => write!(f, "; there are {shown}"),
        }
    }
}

/// A name that was in none of these objects.
pub(super) struct Missing<'a> {
    /// Counts up in the order in which they were found.
    pub(super) order: usize,
    pub(super) name: Rc<str>,
    pub(super) objects: Vec<(Place, Rc<Body<'a>>)>,
}

impl Missing<'_> {
    /// The error, about the object with the nearest field.
    pub(super) fn report(&self, text: &str) -> UnknownField {
        let nearest = |(at, (_, body)): (usize, &(Place, Rc<Body>))| {
            let fields = body.fields.keys().filter(|known| ***known != *self.name);
            let (edits, field) =
                fields.filter_map(|known| Some((near(&self.name, known, 3)?, known))).min()?;
            Some((edits, at, (**field).to_owned()))
        };
        let nearest = self.objects.iter().enumerate().filter_map(nearest).min();
        let at = nearest.as_ref().map_or(0, |(_, at, _)| *at);
        let mut known: Vec<String> = Vec::new();
        for (_, body) in &self.objects {
            known.extend(body.fields.keys().map(|name| (**name).to_owned()));
        }
        known.sort();
        known.dedup();
        UnknownField {
            name: (*self.name).to_owned(),
            path: self.objects.get(at).map_or_else(|| ".".to_owned(), |(place, _)| (**place).to_owned()),
            span: only_place(text, &self.name),
            nearest: nearest.map(|(_, _, field)| field),
            known,
        }
    }
}

/// Where a name stands as a word of its own, if that is one place.
fn only_place(text: &str, name: &str) -> Option<Range<usize>> {
    let in_word = |c: char| c.is_alphanumeric() || c == '_';
    let alone = |place: &Range<usize>| {
        let before = text.get(..place.start).and_then(|text| text.chars().next_back());
        let after = text.get(place.end..).and_then(|text| text.chars().next());
        !before.is_some_and(in_word) && !after.is_some_and(in_word)
    };
    let mut all = text.match_indices(name).map(|(at, _)| at..at.saturating_add(name.len())).filter(alone);
    let first = all.next()?;
    all.next().is_none().then_some(first)
}

/// Whether a name is so near to a known one that it must have been meant. Stricter than what is
/// offered as the nearest: of two short names, both may well be right.
pub(super) fn is_slip(name: &str, known: &str) -> bool {
    let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let long = name.chars().count() >= 4;
    plain(name) == plain(known) || (long && near(name, known, 4).is_some())
}
