//! UNNEST: arrays and maps as relations.

use super::super::error::QueryError;
use super::super::tree::{ColumnName, Node, OutColumn, Relation, Typed};
use super::super::types::TrinoType;
use super::from::Source;
use super::scope::{Clause, Field, Scope, Site};
use super::{Checker, error_at};
use sqlparser::ast::{FunctionArg, FunctionArgExpr, ObjectName, TableAlias, TableFunctionArgs};
use sqlparser::tokenizer::Location;

impl Checker<'_> {
    /// A table with arguments: the one that there is is UNNEST.
    pub(super) fn unnest(
        &mut self,
        alias: Option<&TableAlias>,
        name: &ObjectName,
        arguments: &TableFunctionArgs,
        ordinality: bool,
        outer: Option<&Scope<'_>>,
        at: Location,
    ) -> Result<Source, QueryError> {
        let name = name.to_string().to_lowercase();
        if name != "unnest" {
            let message = format!("Table function '{name}' not registered");
            return Err(error_at("FUNCTION_NOT_FOUND", at, &message));
        }
        let none = Scope { fields: &[], parent: None };
        let site = Site { scope: outer.unwrap_or(&none), clause: Clause::Plain("UNNEST") };
        let mut nodes = Vec::new();
        let mut kinds = Vec::new();
        for argument in &arguments.args {
            let FunctionArg::Unnamed(FunctionArgExpr::Expr(array)) = argument else {
                return Err(error_at("SYNTAX_ERROR", at, "mismatched input '*'. Expecting: <expression>"));
            };
            let value = self.expr(site, array)?;
            nodes.push(value.node);
            kinds.push(value.kind);
        }
        let source = self.next_source();
        let mut columns = Vec::new();
        let alone = kinds.len() == 1;
        let mut column = |name: ColumnName, kind: TrinoType| {
            columns.push((Node::Column { source, name }, OutColumn { name: None, kind }));
        };
        for (place, kind) in kinds.into_iter().enumerate() {
            match kind {
                TrinoType::Array(element) => {
                    column(if alone { ColumnName::Element } else { ColumnName::ElementOf(place) }, *element);
                }
                TrinoType::Map(key, value) if alone => {
                    column(ColumnName::ElementOf(0), *key);
                    column(ColumnName::ElementOf(1), *value);
                }
                TrinoType::Map(..) => return Err(self.unsupported(at, "UNNEST of a map beside other values")),
                kind => {
                    return Err(error_at("TYPE_MISMATCH", at, &format!("Cannot unnest type: {kind}")));
                }
            }
        }
        if ordinality {
            column(ColumnName::Ordinality, TrinoType::Bigint);
        }
        let fields = columns
            .into_iter()
            .map(|(node, column)| Field {
                relation: Vec::new(),
                name: None,
                value: Typed::new(node, column.kind),
            })
            .collect();
        self.aliased(Relation::Unnest { arrays: nodes, source }, fields, alias)
    }
}
