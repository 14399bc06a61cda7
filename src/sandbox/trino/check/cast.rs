//! Types by their names, and casts.

use super::super::error::QueryError;
use super::super::tree::{Node, Typed};
use super::super::types::{TrinoType, parse_type};
use super::scope::Site;
use super::{Checker, error_at};
use sqlparser::ast::{CastKind, DataType, Expr, Spanned};
use sqlparser::tokenizer::Location;

/// The value as one of a type that it fits.
pub(super) fn coerce(value: Typed, kind: &TrinoType) -> Node {
    use TrinoType::{Bigint, Date, Double, Integer, Timestamp, TimestampTz, Unknown};
    match (&value.kind, kind) {
        (Integer | Bigint, Double) => match value.node {
            #[expect(clippy::cast_precision_loss, reason = "what Trino's cast to double does")]
            Node::Int(number) => Node::Double(number as f64),
            node => Node::Native("CAST({} AS REAL)", vec![node]),
        },
        (Date, Timestamp | TimestampTz) => Node::Native("({} * 86400000)", vec![value.node]),
        (Unknown, _) => value.node,
        (TrinoType::Array(own), TrinoType::Array(_)) if **own == Unknown => value.node,
        (TrinoType::Array(_) | TrinoType::Map(..), _) if !same_cells(&value.kind, kind) => {
            cast_call("cast", value, kind)
        }
        _ => value.node,
    }
}

/// Whether values of both types are kept alike.
fn same_cells(own: &TrinoType, other: &TrinoType) -> bool {
    use TrinoType::{Array, Bigint, Integer, Map};
    match (own, other) {
        (Array(own), Array(other)) => same_cells(own, other),
        (Map(key, value), Map(other_key, other_value)) => {
            same_cells(key, other_key) && same_cells(value, other_value)
        }
        (Integer, Bigint) => true,
        (own, other) => own == other || own.is_text() && other.is_text(),
    }
}

fn cast_call(name: &'static str, value: Typed, to: &TrinoType) -> Node {
    Node::Call(name, vec![value.node, Node::Text(value.kind.to_string()), Node::Text(to.to_string())])
}

impl Checker<'_> {
    pub(super) fn cast(
        &mut self,
        site: Site<'_>,
        expr: &Expr,
        kind: &CastKind,
        operand: &Expr,
        data_type: &DataType,
    ) -> Result<Typed, QueryError> {
        let try_it = match kind {
            CastKind::Cast => false,
            CastKind::TryCast => true,
            CastKind::SafeCast | CastKind::DoubleColon => {
                let from = operand.span().end;
                let to = Location::new(from.line, from.column.saturating_add(12));
                let message = "mismatched input '::'. Expecting: <EOF>";
                return Err(error_at("SYNTAX_ERROR", self.text.find("::", from, to), message));
            }
        };
        let value = self.expr(site, operand)?;
        let text = data_type.to_string().to_lowercase();
        let Some(to) = parse_type(&text) else {
            let known =
                ["decimal", "real", "tinyint", "smallint", "char", "varbinary", "row", "time", "timestamp"];
            if known.iter().any(|name| text.starts_with(name)) {
                return Err(self.unsupported(self.at(expr), &format!("Type {text}")));
            }
            return Err(self.error("TYPE_NOT_FOUND", expr, &format!("Unknown type: {text}")));
        };
        if !castable(&value.kind, &to) {
            return Err(self.mismatch(expr, &format!("Cannot cast {} to {to}", value.kind)));
        }
        let native = match (&value.kind, &to) {
            (own, other) if own == other || *own == TrinoType::Unknown => Some("{}"),
            (TrinoType::VarcharOf(_), TrinoType::Varchar) => Some("{}"),
            (TrinoType::VarcharOf(own), TrinoType::VarcharOf(other)) if own <= other => Some("{}"),
            (TrinoType::Integer, TrinoType::Bigint) => Some("{}"),
            (TrinoType::Integer | TrinoType::Bigint, TrinoType::Double) => Some("CAST({} AS REAL)"),
            (TrinoType::Integer | TrinoType::Bigint, TrinoType::Varchar) => Some("CAST({} AS TEXT)"),
            (TrinoType::Integer | TrinoType::Bigint, TrinoType::Boolean) => Some("({} <> 0)"),
            (TrinoType::Boolean, TrinoType::Integer | TrinoType::Bigint) => Some("{}"),
            _ => None,
        };
        let node = match native {
            Some("{}") => value.node,
            Some(template) => Node::Native(template, vec![value.node]),
            None if try_it => cast_call("try_cast", value, &to),
            None => match cast_call("cast", value, &to) {
                Node::Call(name, arguments) => self.call_node(name, arguments),
                node => node,
            },
        };
        Ok(Typed::new(node, to))
    }
}

fn castable(from: &TrinoType, to: &TrinoType) -> bool {
    use TrinoType::{
        Array, Bigint, Boolean, Date, Double, Integer, Json, Map, Timestamp, TimestampTz, Unknown,
    };
    if from.fits(to) {
        return true;
    }
    match (from, to) {
        (Array(own), Array(other)) => castable(own, other),
        (Map(key, value), Map(other_key, other_value)) => {
            castable(key, other_key) && castable(value, other_value)
        }
        (Json, Array(element)) => castable(&Json, element),
        (Array(element), Json) => castable(element, &Json),
        (Json, Map(key, value)) => castable(&TrinoType::Varchar, key) && castable(&Json, value),
        (Map(key, value), Json) => {
            (key.is_text() || matches!(**key, Integer | Bigint)) && castable(value, &Json)
        }
        (Array(_) | Map(..), _) | (_, Array(_) | Map(..)) => false,
        (TrinoType::IntervalDay | TrinoType::IntervalYear, to) => to.is_text(),
        (_, TrinoType::IntervalDay | TrinoType::IntervalYear | Unknown) => false,
        (Boolean | Integer | Bigint | Double, Boolean | Integer | Bigint | Double | Json) => true,
        (Json, Boolean | Integer | Bigint | Double) => true,
        (Date | Timestamp | TimestampTz, Date | Timestamp | TimestampTz | Json) => true,
        (from, _) if from.is_text() => true,
        (_, to) => to.is_text(),
    }
}
