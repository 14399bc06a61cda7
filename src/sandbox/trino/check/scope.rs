//! Which columns a name may mean.

use super::super::error::QueryError;
use super::super::tree::{Node, OutColumn, Typed};
use super::super::types::TrinoType;
use super::{error_at, folded};
use sqlparser::ast::Ident;
use sqlparser::tokenizer::Location;

/// A column that can be named.
#[derive(Debug, Clone)]
pub(super) struct Field {
    /// The names of its relation, from the outermost: `td-presto`, database, table; or an alias; or none.
    pub(super) relation: Vec<String>,
    pub(super) name: Option<String>,
    pub(super) value: Typed,
}

impl Field {
    fn is(&self, qualifier: &[String], name: &str) -> bool {
        self.name.as_deref() == Some(name) && self.relation.ends_with(qualifier)
    }
}

/// The columns of a select, then those of the selects around it.
#[derive(Clone, Copy)]
pub(super) struct Scope<'s> {
    pub(super) fields: &'s [Field],
    /// The parameters of a lambda hide columns of the same name, and are not columns of the select.
    pub(super) parent: Option<&'s Scope<'s>>,
}

impl Scope<'_> {
    /// The column of a name, or of names with points between them; none without one.
    pub(super) fn column(&self, names: &[Ident], at: Location) -> Result<Option<Typed>, QueryError> {
        let names: Vec<String> = names.iter().map(folded).collect();
        let Some((name, qualifier)) = names.split_last() else { return Ok(None) };
        let mut scope = Some(self);
        while let Some(own) = scope {
            let mut found = own.fields.iter().filter(|field| field.is(qualifier, name));
            match (found.next(), found.next()) {
                (None, _) => scope = own.parent,
                (Some(field), None) => return Ok(Some(field.value.clone())),
                (Some(_), Some(_)) => {
                    let message = format!("Column '{}' is ambiguous", names.join("."));
                    return Err(error_at("AMBIGUOUS_NAME", at, &message));
                }
            }
        }
        Ok(None)
    }
}

/// The columns of a query as those of a relation, with an alias or without.
pub(super) fn fields(
    columns: &[OutColumn],
    relation: &[String],
    mut node: impl FnMut(usize) -> Node,
) -> Vec<Field> {
    let field = |(at, column): (usize, &OutColumn)| Field {
        relation: relation.to_vec(),
        name: column.name.as_deref().map(str::to_lowercase),
        value: Typed::new(node(at), column.kind.clone()),
    };
    columns.iter().enumerate().map(field).collect()
}

/// What may stand in a clause beside columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clause {
    /// Items of a select and keys of its order: aggregates and windows.
    Free,
    /// `HAVING`, and what a window looks at: aggregates alone.
    Having,
    /// The argument of the aggregate of this name.
    Argument,
    /// `WHERE`, `GROUP BY`, `JOIN`: neither.
    Plain(&'static str),
}

/// Where an expression stands.
#[derive(Clone, Copy)]
pub(super) struct Site<'s> {
    pub(super) scope: &'s Scope<'s>,
    pub(super) clause: Clause,
}

impl Site<'_> {
    /// Whether an expression is of the type, or NULL.
    pub(super) fn fits(value: &Typed, wanted: &TrinoType) -> bool {
        value.kind.fits(wanted)
    }
}
