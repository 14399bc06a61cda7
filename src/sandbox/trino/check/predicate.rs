//! What is true, false or unknown, and choices between values.

use super::super::error::QueryError;
use super::super::tree::{Node, QueryTree, Typed};
use super::super::types::TrinoType;
use super::Checker;
use super::cast::coerce;
use super::scope::Site;
use sqlparser::ast::{CaseWhen, Expr, InTarget, Query, Spanned};

fn boolean(template: &'static str, nodes: Vec<Node>) -> Typed {
    Typed::new(Node::Native(template, nodes), TrinoType::Boolean)
}

impl Checker<'_> {
    pub(super) fn predicate(&mut self, site: Site<'_>, expr: &Expr) -> Result<Typed, QueryError> {
        match expr {
            Expr::IsNull(operand) => {
                self.not_chained(operand, &"IS")?;
                Ok(boolean("({} IS NULL)", vec![self.expr(site, operand)?.node]))
            }
            Expr::IsNotNull(operand) => {
                self.not_chained(operand, &"IS")?;
                Ok(boolean("({} IS NOT NULL)", vec![self.expr(site, operand)?.node]))
            }
            Expr::IsDistinctFrom(left, right) => self.distinct(site, expr, left, right, "({} IS NOT {})"),
            Expr::IsNotDistinctFrom(left, right) => self.distinct(site, expr, left, right, "({} IS {})"),
            Expr::Between { expr: operand, negated, low, high } => {
                self.not_chained(operand, &"BETWEEN")?;
                self.between(site, expr, *negated, [operand, low, high])
            }
            Expr::Like { negated, any: false, expr: operand, pattern, escape_char } => {
                self.not_chained(operand, &"LIKE")?;
                let like = self.like(site, expr, operand, pattern, escape_char.as_deref())?;
                Ok(negate(like, *negated))
            }
            Expr::In { expr: operand, target, negated, global: false } => {
                self.not_chained(operand, &"IN")?;
                let found = match target {
                    InTarget::List(list) => self.in_list(site, expr, operand, list)?,
                    InTarget::Subquery(query) => self.in_query(site, expr, operand, query)?,
                    _ => return Err(self.error("SYNTAX_ERROR", expr, "mismatched input. Expecting: '('")),
                };
                Ok(negate(found, *negated))
            }
            Expr::Exists { subquery, negated } => {
                let query = self.subquery(site, subquery)?;
                Ok(negate(Typed::new(Node::Exists(Box::new(query)), TrinoType::Boolean), *negated))
            }
            Expr::Subquery(query) => {
                let query = self.one_column(site, expr, query)?;
                let kind = query.columns.first().map_or(TrinoType::Unknown, |column| column.kind.clone());
                Ok(Typed::new(Node::Scalar(Box::new(query)), kind))
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                self.case(site, expr, operand.as_deref(), conditions, else_result.as_deref())
            }
            other => {
                let word = super::words::expression(other);
                let word = word.split_whitespace().next().unwrap_or_default().to_owned();
                Err(self.error(
                    "SYNTAX_ERROR",
                    other,
                    &format!("mismatched input '{word}'. Expecting: <expression>"),
                ))
            }
        }
    }

    fn distinct(
        &mut self,
        site: Site<'_>,
        expr: &Expr,
        left: &Expr,
        right: &Expr,
        template: &'static str,
    ) -> Result<Typed, QueryError> {
        let (left, right) = (self.expr(site, left)?, self.expr(site, right)?);
        let Some(kind) = self.comparable(&left, &right, false) else {
            let message = format!("Cannot apply operator: {} IS DISTINCT FROM {}", left.kind, right.kind);
            return Err(self.mismatch(expr, &message));
        };
        Ok(boolean(template, vec![coerce(left, &kind), coerce(right, &kind)]))
    }

    fn between(
        &mut self,
        site: Site<'_>,
        expr: &Expr,
        negated: bool,
        operands: [&Expr; 3],
    ) -> Result<Typed, QueryError> {
        let [value, low, high] = operands.map(|operand| self.expr(site, operand));
        let (value, low, high) = (value?, low?, high?);
        let kind = value.kind.common(&low.kind).and_then(|kind| kind.common(&high.kind));
        let Some(kind) = kind.filter(TrinoType::is_orderable) else {
            let message = format!("Cannot check if {} is BETWEEN {} and {}", value.kind, low.kind, high.kind);
            return Err(self.mismatch(expr, &message));
        };
        let nodes = vec![coerce(value, &kind), coerce(low, &kind), coerce(high, &kind)];
        Ok(boolean(if negated { "({} NOT BETWEEN {} AND {})" } else { "({} BETWEEN {} AND {})" }, nodes))
    }

    fn like(
        &mut self,
        site: Site<'_>,
        expr: &Expr,
        operand: &Expr,
        pattern: &Expr,
        escape: Option<&Expr>,
    ) -> Result<Typed, QueryError> {
        let parts = [
            (Some(operand), "Left side of LIKE expression"),
            (Some(pattern), "Pattern for LIKE expression"),
            (escape, "Escape for LIKE expression"),
        ];
        let mut nodes = Vec::new();
        for (part, what) in parts {
            let Some(part) = part else { continue };
            let value = self.expr(site, part)?;
            if !Site::fits(&value, &TrinoType::Varchar) {
                let message = format!("{what} must evaluate to a varchar (actual: {})", value.kind);
                return Err(self.mismatch(if nodes.is_empty() { expr } else { part }, &message));
            }
            nodes.push(value.node);
        }
        Ok(Typed::new(self.call_node("like", nodes), TrinoType::Boolean))
    }

    fn in_list(
        &mut self,
        site: Site<'_>,
        expr: &Expr,
        operand: &Expr,
        list: &[Expr],
    ) -> Result<Typed, QueryError> {
        if list.is_empty() {
            return Err(self.error(
                "SYNTAX_ERROR",
                expr,
                "mismatched input ')'. Expecting: <expression>, <query>",
            ));
        }
        let mut values = vec![self.expr(site, operand)?];
        for item in list {
            values.push(self.expr(site, item)?);
        }
        let kind = self.common(expr, "IN value and list items", &values).map_err(|mut error| {
            error.message = error.message.replace("All IN value", "IN value");
            error
        })?;
        let mut nodes = values.into_iter().map(|value| coerce(value, &kind));
        let operand = nodes.next().unwrap_or(Node::Null);
        let node = Node::In { operand: Box::new(operand), list: nodes.collect() };
        Ok(Typed::new(node, TrinoType::Boolean))
    }

    fn in_query(
        &mut self,
        site: Site<'_>,
        expr: &Expr,
        operand: &Expr,
        query: &Query,
    ) -> Result<Typed, QueryError> {
        let value = self.expr(site, operand)?;
        let query = self.one_column(site, expr, query)?;
        let kind = query.columns.first().map_or(TrinoType::Unknown, |column| column.kind.clone());
        let other = Typed::new(Node::Null, kind.clone());
        let Some(common) = self.comparable(&value, &other, false) else {
            let message = format!(
                "value and result of subquery must be of the same type for IN expression: {} vs {kind}",
                value.kind
            );
            return Err(self.mismatch(expr, &message));
        };
        // SQLite compares whole numbers with fractions by their value, as Trino does after its cast.
        let operand = Box::new(coerce(value, &common));
        Ok(Typed::new(Node::InQuery { operand, query: Box::new(query) }, TrinoType::Boolean))
    }

    fn one_column(&mut self, site: Site<'_>, expr: &Expr, query: &Query) -> Result<QueryTree, QueryError> {
        let tree = self.subquery(site, query)?;
        if tree.columns.len() == 1 {
            return Ok(tree);
        }
        let message = format!(
            "Multiple columns returned by subquery are not yet supported. Found {}",
            tree.columns.len()
        );
        Err(super::error_at("NOT_SUPPORTED", expr.span().start, &message))
    }

    fn subquery(&mut self, site: Site<'_>, query: &Query) -> Result<QueryTree, QueryError> {
        self.query(query, Some(site.scope))
    }

    fn case(
        &mut self,
        site: Site<'_>,
        expr: &Expr,
        operand: Option<&Expr>,
        conditions: &[CaseWhen],
        otherwise: Option<&Expr>,
    ) -> Result<Typed, QueryError> {
        let operand = operand.map(|operand| self.expr(site, operand)).transpose()?;
        let (mut whens, mut results) = (Vec::new(), Vec::new());
        for CaseWhen { condition, result } in conditions {
            let when = self.expr(site, condition)?;
            whens.push(match &operand {
                None if Site::fits(&when, &TrinoType::Boolean) => when.node,
                None => {
                    let message =
                        format!("CASE WHEN clause must evaluate to a boolean (actual: {})", when.kind);
                    return Err(self.mismatch(condition, &message));
                }
                Some(value) => {
                    let Some(kind) = self.comparable(value, &when, false) else {
                        let message = format!(
                            "CASE operand type does not match WHEN clause operand type: {} vs {}",
                            value.kind, when.kind
                        );
                        return Err(self.mismatch(condition, &message));
                    };
                    Node::Native("({} = {})", vec![coerce(value.clone(), &kind), coerce(when, &kind)])
                }
            });
            results.push(self.expr(site, result)?);
        }
        if let Some(otherwise) = otherwise {
            results.push(self.expr(site, otherwise)?);
        }
        let kind = self.common(expr, "CASE results", &results)?;
        let mut results = results.into_iter().map(|result| coerce(result, &kind));
        let branches = whens.into_iter().zip(&mut results).collect();
        let otherwise = results.next().map(Box::new);
        Ok(Typed::new(Node::Case { branches, otherwise }, kind))
    }
}

fn negate(value: Typed, negated: bool) -> Typed {
    if negated { boolean("(NOT {})", vec![value.node]) } else { value }
}
