//! Operators of arithmetic, comparison and logic.

use super::super::error::QueryError;
use super::super::tree::{Node, Typed};
use super::super::types::TrinoType;
use super::cast::coerce;
use super::scope::Site;
use super::{Checker, expression};
use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator, Value, ValueWithSpan};

impl Checker<'_> {
    pub(super) fn unary(
        &mut self,
        site: Site<'_>,
        expr: &Expr,
        operator: UnaryOperator,
        operand: &Expr,
    ) -> Result<Typed, QueryError> {
        match operator {
            UnaryOperator::Not => {
                let value = self.expr(site, operand)?;
                self.boolean(expr, value, "Value of logical NOT expression must evaluate to a boolean")
                    .map(|node| Typed::new(Node::Native("(NOT {})", vec![node]), TrinoType::Boolean))
            }
            UnaryOperator::Plus | UnaryOperator::Minus => {
                if operator == UnaryOperator::Minus
                    && let Expr::Value(ValueWithSpan { value: Value::Number(digits, false), .. }) = operand
                    && let Some(number) = expression::number(digits, true)
                {
                    return Ok(number);
                }
                let value = self.expr(site, operand)?;
                let kind = match value.kind {
                    TrinoType::Integer
                    | TrinoType::Bigint
                    | TrinoType::Double
                    | TrinoType::IntervalDay
                    | TrinoType::IntervalYear => value.kind,
                    TrinoType::Unknown => TrinoType::Integer,
                    kind => {
                        return Err(self.mismatch(expr, &format!("Cannot apply operator: {operator}{kind}")));
                    }
                };
                if operator == UnaryOperator::Plus {
                    return Ok(Typed::new(value.node, kind));
                }
                let node = match kind {
                    TrinoType::Integer => self.call_node("negate_integer", vec![value.node]),
                    TrinoType::Double => Node::Native("(-{})", vec![value.node]),
                    _ => self.call_node("negate", vec![value.node]),
                };
                Ok(Typed::new(node, kind))
            }
            other => Err(self.error(
                "SYNTAX_ERROR",
                expr,
                &format!("mismatched input '{other}'. Expecting: <expression>"),
            )),
        }
    }

    pub(super) fn binary(
        &mut self,
        site: Site<'_>,
        expr: &Expr,
        left: &Expr,
        operator: &BinaryOperator,
        right: &Expr,
    ) -> Result<Typed, QueryError> {
        use BinaryOperator::{
            And, Divide, Eq, Gt, GtEq, Lt, LtEq, Minus, Modulo, Multiply, NotEq, Or, Plus, StringConcat,
        };
        match operator {
            And | Or => {
                let mut nodes = Vec::new();
                for side in [left, right] {
                    let value = self.expr(site, side)?;
                    nodes.push(self.boolean_term(side, value)?);
                }
                let template = if *operator == And { "({} AND {})" } else { "({} OR {})" };
                Ok(Typed::new(Node::Native(template, nodes), TrinoType::Boolean))
            }
            Eq | NotEq | Lt | LtEq | Gt | GtEq => {
                self.not_chained(left, operator)?;
                self.not_chained(right, operator)?;
                let (left, right) = (self.expr(site, left)?, self.expr(site, right)?);
                let template = match operator {
                    Eq => "({} = {})",
                    NotEq => "({} <> {})",
                    Lt => "({} < {})",
                    LtEq => "({} <= {})",
                    Gt => "({} > {})",
                    _ => "({} >= {})",
                };
                let ordered = !matches!(operator, Eq | NotEq);
                match self.comparable(&left, &right, ordered) {
                    Some(kind) => {
                        let nodes = vec![coerce(left, &kind), coerce(right, &kind)];
                        Ok(Typed::new(Node::Native(template, nodes), TrinoType::Boolean))
                    }
                    None => Err(self.inapplicable(expr, &left, operator, &right)),
                }
            }
            Plus | Minus | Multiply | Divide | Modulo => {
                let (left, right) = (self.expr(site, left)?, self.expr(site, right)?);
                self.arithmetic(expr, left, operator, right)
            }
            StringConcat => {
                let (left, right) = (self.expr(site, left)?, self.expr(site, right)?);
                match (&left.kind, &right.kind) {
                    (own, other)
                        if Site::fits(&left, &TrinoType::Varchar)
                            && Site::fits(&right, &TrinoType::Varchar) =>
                    {
                        let kind = match (own, other) {
                            (TrinoType::VarcharOf(own), TrinoType::VarcharOf(other)) => {
                                TrinoType::VarcharOf(own.saturating_add(*other))
                            }
                            _ => TrinoType::Varchar,
                        };
                        Ok(Typed::new(Node::Native("({} || {})", vec![left.node, right.node]), kind))
                    }
                    (TrinoType::Array(_), _) | (_, TrinoType::Array(_)) => {
                        self.concat_arrays(expr, vec![left, right])
                    }
                    _ => Err(self.inapplicable(expr, &left, operator, &right)),
                }
            }
            other => Err(self.error(
                "SYNTAX_ERROR",
                expr,
                &format!("mismatched input '{other}'. Expecting: <EOF>"),
            )),
        }
    }

    /// In Trino's grammar a comparison has no comparison as an operand without brackets.
    pub(super) fn not_chained(
        &self,
        operand: &Expr,
        next: &impl std::fmt::Display,
    ) -> Result<(), QueryError> {
        use BinaryOperator::{Eq, Gt, GtEq, Lt, LtEq, NotEq};
        let chained = matches!(
            operand,
            Expr::BinaryOp { op: Eq | NotEq | Lt | LtEq | Gt | GtEq, .. }
                | Expr::UnaryOp { op: UnaryOperator::Not, .. }
                | Expr::IsNull(_)
                | Expr::IsNotNull(_)
                | Expr::In { .. }
                | Expr::Between { .. }
                | Expr::Like { .. }
        );
        if chained {
            return Err(self.error(
                "SYNTAX_ERROR",
                operand,
                &format!("mismatched input '{next}'. Expecting: <EOF>"),
            ));
        }
        Ok(())
    }

    /// The type that two values are compared as, if they can be.
    pub(super) fn comparable(&self, left: &Typed, right: &Typed, ordered: bool) -> Option<TrinoType> {
        let kind = left.kind.common(&right.kind)?;
        let fine = if ordered { kind.is_orderable() } else { !matches!(kind, TrinoType::Map(..)) };
        fine.then_some(kind)
    }

    fn inapplicable(
        &self,
        expr: &Expr,
        left: &Typed,
        operator: &BinaryOperator,
        right: &Typed,
    ) -> QueryError {
        self.mismatch(expr, &format!("Cannot apply operator: {} {operator} {}", left.kind, right.kind))
    }

    fn arithmetic(
        &self,
        expr: &Expr,
        left: Typed,
        operator: &BinaryOperator,
        right: Typed,
    ) -> Result<Typed, QueryError> {
        use BinaryOperator::{Divide, Minus, Multiply, Plus};
        use TrinoType::{Bigint, Double, Integer};
        if let Some(found) = self.time_arithmetic(&left, operator, &right) {
            return Ok(found);
        }
        let kind = match left.kind.common(&right.kind) {
            Some(TrinoType::Unknown) => Integer,
            Some(kind @ (Integer | Bigint | Double)) => kind,
            _ => return Err(self.inapplicable(expr, &left, operator, &right)),
        };
        let nodes = vec![coerce(left, &kind), coerce(right, &kind)];
        if let Some(value) = folded_numbers(&nodes, operator, &kind) {
            return Ok(Typed::new(Node::Int(value), kind));
        }
        let node = match (&kind, operator) {
            (Double, Plus) => self.call_node("add_double", nodes),
            (Double, Minus) => self.call_node("subtract_double", nodes),
            (Double, Multiply) => self.call_node("multiply_double", nodes),
            (Double, Divide) => self.call_node("divide_double", nodes),
            (Double, _) => self.call_node("modulus_double", nodes),
            (Integer, Plus) => self.call_node("add_integer", nodes),
            (Integer, Minus) => self.call_node("subtract_integer", nodes),
            (Integer, Multiply) => self.call_node("multiply_integer", nodes),
            (Integer, Divide) => self.call_node("divide_integer", nodes),
            (_, Plus) => self.call_node("add", nodes),
            (_, Minus) => self.call_node("subtract", nodes),
            (_, Multiply) => self.call_node("multiply", nodes),
            (_, Divide) => self.call_node("divide", nodes),
            _ => self.call_node("modulus", nodes),
        };
        Ok(Typed::new(node, kind))
    }

    fn boolean(&self, expr: &Expr, value: Typed, message: &str) -> Result<Node, QueryError> {
        if Site::fits(&value, &TrinoType::Boolean) {
            return Ok(value.node);
        }
        Err(self.mismatch(expr, &format!("{message} (actual: {})", value.kind)))
    }

    fn boolean_term(&self, expr: &Expr, value: Typed) -> Result<Node, QueryError> {
        if Site::fits(&value, &TrinoType::Boolean) {
            return Ok(value.node);
        }
        let message =
            format!("Logical expression term must evaluate to a boolean: actual type {}", value.kind);
        Err(self.mismatch(expr, &message))
    }

    /// The type that all values have in common.
    pub(super) fn common(&self, expr: &Expr, what: &str, values: &[Typed]) -> Result<TrinoType, QueryError> {
        let mut kind = TrinoType::Unknown;
        for value in values {
            kind = kind.common(&value.kind).ok_or_else(|| {
                let mut kinds: Vec<String> = Vec::new();
                for value in values {
                    let text = value.kind.to_string();
                    if !kinds.contains(&text) {
                        kinds.push(text);
                    }
                }
                let message = format!(
                    "All {what} must be the same type or coercible to a common type. Cannot find common type \
                     between {kind} and {}, all types (without duplicates): [{}]",
                    value.kind,
                    kinds.join(", ")
                );
                self.mismatch(expr, &message)
            })?;
        }
        Ok(kind)
    }
}

/// What is known before the query runs, as `td_scheduled_time() - 3600` is.
fn folded_numbers(nodes: &[Node], operator: &BinaryOperator, kind: &TrinoType) -> Option<i64> {
    let [Node::Int(left), Node::Int(right)] = nodes else { return None };
    let value = match operator {
        BinaryOperator::Plus => left.checked_add(*right),
        BinaryOperator::Minus => left.checked_sub(*right),
        BinaryOperator::Multiply => left.checked_mul(*right),
        _ => None,
    }?;
    (*kind != TrinoType::Integer || i32::try_from(value).is_ok()).then_some(value)
}
