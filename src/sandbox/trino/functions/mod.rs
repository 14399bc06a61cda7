//! The functions: their signatures, and what they do.

mod aggregates;
mod arrays;
mod casts;
mod dates;
mod json;
mod list;
mod numbers;
mod patterns;
mod register;
mod runtime;
mod td;
mod text;
mod zones;

pub(super) use casts::cell_of;
pub(super) use dates::{literal_date, literal_timestamp};
pub(super) use register::register;
pub(super) use runtime::carried;
pub(super) use td::{add as td_add, interval, parse as td_parse};
pub(super) use zones::zone;

use super::types::{TrinoType, parse_type};

/// How a function is done in SQLite.
#[derive(Debug, Clone, Copy)]
pub(super) enum Meaning {
    /// As [`super::tree::Node::Native`]; of an aggregate, SQLite's name of it.
    Native(&'static str),
    /// A function of [`runtime`]; of an aggregate, its name.
    Call(&'static str),
}

/// A signature with the types of a call in the place of its type variables.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    pub(super) parameters: Vec<TrinoType>,
    pub(super) result: TrinoType,
    pub(super) meaning: Meaning,
}

/// A line of the list: `varchar, bigint -> varchar`.
pub(super) struct Overload {
    parameters: Vec<&'static str>,
    result: &'static str,
    meaning: Meaning,
}

fn of(list: &'static [list::Line], name: &str) -> Vec<Overload> {
    list.iter()
        .filter(|line| line.0 == name)
        .map(|(name, signature, how)| {
            let (parameters, result) = signature.split_once("->").unwrap_or(("", signature));
            Overload {
                parameters: parts(parameters),
                result: result.trim(),
                meaning: match how.strip_prefix('@') {
                    Some(call) => Meaning::Call(call),
                    None if how.is_empty() => Meaning::Call(name),
                    None => Meaning::Native(how),
                },
            }
        })
        .collect()
}

/// What is between commas outside of brackets.
fn parts(text: &'static str) -> Vec<&'static str> {
    let mut found = Vec::new();
    let (mut depth, mut start) = (0_i32, 0_usize);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth = depth.saturating_add(1),
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.extend(text.get(start..at));
                start = at.saturating_add(1);
            }
            _ => {}
        }
    }
    found.extend(text.get(start..));
    found.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// The signatures of a function; none where there is no such function.
pub(super) fn overloads(name: &str) -> Option<Vec<Overload>> {
    let found = of(list::SCALARS, name);
    (!found.is_empty()).then_some(found)
}

/// The signatures of an aggregate.
pub(super) fn aggregates(name: &str) -> Vec<Overload> {
    of(list::AGGREGATES, name)
}

/// The signatures of a function that is a window's alone.
pub(super) fn windows(name: &str) -> Vec<Overload> {
    of(list::WINDOWS, name)
}

/// Whether it is an aggregate.
pub(super) fn is_aggregate(name: &str) -> bool {
    list::AGGREGATES.iter().any(|line| line.0 == name)
}

/// Whether it needs OVER.
pub(super) fn is_window(name: &str) -> bool {
    list::WINDOWS.iter().any(|line| line.0 == name)
}

/// All signatures of a name, as messages show them.
pub(super) fn signatures(name: &str) -> Vec<String> {
    let lists = [list::SCALARS, list::AGGREGATES, list::WINDOWS];
    lists
        .iter()
        .flat_map(|list| list.iter())
        .filter(|line| line.0 == name)
        .map(|(name, signature, _)| {
            let parameters = signature.split_once("->").map_or("", |(parameters, _)| parameters.trim());
            format!("{name}({parameters})")
        })
        .collect()
}

/// The signature for arguments of these types: one that they have, else the first that they fit.
pub(super) fn choose(overloads: &[Overload], kinds: &[TrinoType]) -> Option<Chosen> {
    let same = |chosen: &Chosen| {
        chosen
            .parameters
            .iter()
            .zip(kinds)
            .all(|(wanted, own)| wanted == own || wanted.is_text() && own.is_text())
    };
    let fitting: Vec<Chosen> = overloads.iter().filter_map(|overload| bind(overload, kinds)).collect();
    fitting.iter().find(|chosen| same(chosen)).or_else(|| fitting.first()).cloned()
}

fn bind(overload: &Overload, kinds: &[TrinoType]) -> Option<Chosen> {
    if overload.parameters.len() != kinds.len() {
        return None;
    }
    let mut bound = Variables::default();
    for (parameter, kind) in overload.parameters.iter().zip(kinds) {
        bound.learn(parameter, kind)?;
    }
    let parameters: Vec<TrinoType> =
        overload.parameters.iter().map(|parameter| bound.fill(parameter)).collect::<Option<_>>()?;
    let fits = parameters.iter().zip(kinds).all(|(parameter, kind)| kind.fits(parameter));
    let result = bound.fill(overload.result)?;
    fits.then_some(Chosen { parameters, result, meaning: overload.meaning })
}

/// The types that `T`, `U`, `K`, `V` stand for, and `O` for one that has an order.
#[derive(Default)]
struct Variables(Vec<(char, TrinoType)>);

impl Variables {
    fn learn(&mut self, parameter: &str, kind: &TrinoType) -> Option<()> {
        if let Some(variable) = variable(parameter) {
            if variable == 'O' && !kind.is_orderable() {
                return None;
            }
            match self.0.iter_mut().find(|(name, _)| *name == variable) {
                Some((_, known)) => *known = known.common(kind)?,
                None => self.0.push((variable, kind.clone())),
            }
            return Some(());
        }
        match (inner(parameter, "array"), inner(parameter, "map"), kind) {
            (Some(element), _, TrinoType::Array(own)) => self.learn(element, own),
            (_, Some(pair), TrinoType::Map(key, value)) => {
                let (key_name, value_name) = pair.split_once(',')?;
                self.learn(key_name.trim(), key)?;
                self.learn(value_name.trim(), value)
            }
            (Some(_), ..) | (_, Some(_), _) if *kind != TrinoType::Unknown => None,
            _ => Some(()),
        }
    }

    fn fill(&self, parameter: &str) -> Option<TrinoType> {
        if let Some(variable) = variable(parameter) {
            let found = self.0.iter().find(|(name, _)| *name == variable);
            return Some(found.map_or(TrinoType::Unknown, |(_, kind)| kind.clone()));
        }
        if let Some(element) = inner(parameter, "array") {
            return Some(TrinoType::array(self.fill(element)?));
        }
        if let Some(pair) = inner(parameter, "map") {
            let (key, value) = pair.split_once(',')?;
            return Some(TrinoType::Map(
                Box::new(self.fill(key.trim())?),
                Box::new(self.fill(value.trim())?),
            ));
        }
        match parameter {
            "timestamptz" => Some(TrinoType::TimestampTz),
            other => parse_type(other),
        }
    }
}

fn variable(parameter: &str) -> Option<char> {
    let mut letters = parameter.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) if letter.is_ascii_uppercase() => Some(letter),
        _ => None,
    }
}

fn inner<'t>(parameter: &'t str, name: &str) -> Option<&'t str> {
    parameter.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')')
}
