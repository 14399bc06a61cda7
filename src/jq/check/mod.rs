//! Whether the fields that a filter names can be in what it will get, before any output exists.
//!
//! The filter is run over shapes instead of values: `infer` walks the tree, `builtins` and
//! `update` know the filters and assignments, `access` looks fields up and notes what is missing.
//! Where a shape is not known it is anything, and anything has every field: a filter is refused
//! only when no value that the schema allows has the field, or a part of the kind that a step
//! takes. Nothing is refused under `?` and `try`, on the left of an assignment, in `del`, or for a
//! name that the filter asks for with `has`. The work is bounded; a filter that takes too much of
//! it passes.

mod access;
mod arith;
mod bind;
mod builtins;
mod entries;
mod env;
mod excuse;
mod infer;
mod narrow;
mod report;
mod schema;
mod shape;
mod update;

#[cfg(test)]
mod tests;

use serde_json::Value;

use super::{Filter, guard};
use infer::Checker;

pub use report::{Mismatch, UnknownField, WrongKind};

/// What is known of the fields of open objects, which may have more than their schema lists.
#[derive(Debug, Clone, Copy)]
pub enum Known<'d> {
    /// All fields beside those of the schema occur in this document, somewhere; or
    /// there is no document.
    Document(Option<&'d Value>),
    /// Nothing: only a name that is almost a known one is an error.
    Open,
}

impl Filter {
    /// Checks the names of fields against a JSON Schema of the input, which holds all that it
    /// refers to. The keywords `type`, `properties`, `required`, `additionalProperties`, `items`,
    /// `anyOf`, `enum`, `const` and `$ref` are understood; a schema with others is anything.
    ///
    /// # Errors
    /// For the first name that cannot be a field of any object that it is asked of, or the first step
    /// that goes with no possible kind of value (`.name` of an array, `.[0]` of an object).
    pub fn check(&self, schema: &Value, known: &Known) -> Result<(), Mismatch> {
        let check = || {
            let mut checker = Checker::new(&self.program, schema, known);
            checker.excuse(&self.body);
            checker.check(&self.body, &self.text)
        };
        // A defect of the check is no reason to refuse a filter.
        guard::guarded(check).ok().flatten().map_or(Ok(()), Err)
    }
}
