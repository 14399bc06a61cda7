//! Queries: WITH, set operations, VALUES, order and limits.

use super::super::error::QueryError;
use super::super::tree::{
    Body, ColumnName, Node, OrderKey, OutColumn, QueryTree, Relation, SelectTree, Typed,
};
use super::super::types::TrinoType;
use super::cast::coerce;
use super::scope::{Clause, Scope, Site, fields};
use super::{Checker, Named, error_at, folded};
use sqlparser::ast::{
    Expr, LimitClause, OrderBy, OrderByExpr, OrderByKind, Query, SetExpr, SetOperator, SetQuantifier,
    Spanned, Value, ValueWithSpan, Values, With,
};

impl Checker<'_> {
    pub(super) fn query(
        &mut self,
        query: &Query,
        outer: Option<&Scope<'_>>,
    ) -> Result<QueryTree, QueryError> {
        let Query {
            with,
            body,
            order_by,
            limit_clause,
            fetch,
            locks,
            for_clause: None,
            settings: None,
            format_clause: None,
            pipe_operators,
        } = query
        else {
            return Err(self.unsupported(query.span().start, "This clause of a query"));
        };
        if !locks.is_empty() || !pipe_operators.is_empty() {
            return Err(error_at(
                "SYNTAX_ERROR",
                query.span().start,
                "mismatched input 'FOR'. Expecting: <EOF>",
            ));
        }
        let named = self.withs.len();
        let with = with.as_ref().map(|with| self.with(with)).transpose()?.unwrap_or_default();
        let keys = match order_by {
            None => &[][..],
            Some(OrderBy { kind: OrderByKind::Expressions(keys), interpolate: None }) => keys,
            Some(_) => return Err(error_at("SYNTAX_ERROR", query.span().start, "mismatched input 'ALL'")),
        };
        let mut tree = match &**body {
            SetExpr::Select(select) => self.select(select, keys, outer)?,
            body => {
                let mut tree = self.body(body, outer)?;
                if !tree.order.is_empty() || tree.limit.is_some() || tree.offset.is_some() {
                    let columns = tree.columns.clone();
                    tree = plain(Body::Query(Box::new(tree)), columns);
                }
                tree.order = self.order_of_columns(keys, &tree.columns)?;
                tree
            }
        };
        self.withs.truncate(named);
        tree.with = with;
        self.limits(&mut tree, limit_clause.as_ref())?;
        if let Some(fetch) = fetch {
            let amount =
                fetch.quantity.as_ref().map_or(Ok(1), |amount| self.amount(amount, "FETCH FIRST"))?;
            if fetch.with_ties || fetch.percent {
                return Err(self.unsupported(query.span().start, "FETCH FIRST WITH TIES"));
            }
            tree.limit = Some(amount);
        }
        Ok(tree)
    }

    fn with(&mut self, with: &With) -> Result<Vec<(usize, QueryTree)>, QueryError> {
        if with.recursive {
            return Err(self.unsupported(with.with_token.0.span.start, "WITH RECURSIVE"));
        }
        let first = self.withs.len();
        let mut queries = Vec::new();
        for cte in &with.cte_tables {
            let at = cte.alias.name.span.start;
            let name = folded(&cte.alias.name);
            if cte.from.is_some() || cte.materialized.is_some() {
                return Err(error_at("SYNTAX_ERROR", at, "mismatched input. Expecting: '('"));
            }
            if self.withs.iter().skip(first).any(|named| named.name == name) {
                let message = format!("WITH query name '{name}' specified more than once");
                return Err(error_at("DUPLICATE_NAMED_QUERY", at, &message));
            }
            let query = self.query(&cte.query, None)?;
            let mut columns = query.columns.clone();
            let names = &cte.alias.columns;
            if !names.is_empty() {
                if names.len() != columns.len() {
                    let message = format!(
                        "Column alias list has {} entries but relation has {} columns",
                        names.len(),
                        columns.len()
                    );
                    return Err(error_at("MISMATCHED_COLUMN_ALIASES", at, &message));
                }
                for (column, name) in columns.iter_mut().zip(names) {
                    column.name = Some(name.name.value.clone());
                }
            }
            let number = self.next_source();
            self.withs.push(Named { name, number, columns });
            queries.push((number, query));
        }
        Ok(queries)
    }

    fn body(&mut self, body: &SetExpr, outer: Option<&Scope<'_>>) -> Result<QueryTree, QueryError> {
        match body {
            SetExpr::Select(select) => self.select(select, &[], outer),
            SetExpr::Query(query) => self.query(query, outer),
            SetExpr::SetOperation { left, op, set_quantifier, right } => {
                self.set_operation(body, left, *op, *set_quantifier, right, outer)
            }
            SetExpr::Values(values) => self.values(values, outer),
            SetExpr::Table(_) => Err(self.unsupported(body.span().start, "TABLE")),
            _ => Err(self.unsupported(body.span().start, "A statement that writes")),
        }
    }

    fn set_operation(
        &mut self,
        whole: &SetExpr,
        left: &SetExpr,
        operator: SetOperator,
        quantifier: SetQuantifier,
        right: &SetExpr,
        outer: Option<&Scope<'_>>,
    ) -> Result<QueryTree, QueryError> {
        let at = whole.span().start;
        let name = match operator {
            SetOperator::Union => "UNION",
            SetOperator::Intersect => "INTERSECT",
            SetOperator::Except => "EXCEPT",
            SetOperator::Minus => {
                return Err(error_at("SYNTAX_ERROR", at, "mismatched input 'MINUS'. Expecting: <EOF>"));
            }
        };
        let all = match quantifier {
            SetQuantifier::All => true,
            SetQuantifier::Distinct | SetQuantifier::None => false,
            _ => return Err(self.unsupported(at, "BY NAME")),
        };
        if all && operator != SetOperator::Union {
            return Err(self.unsupported(at, &format!("{name} ALL")));
        }
        let (left, right) = (self.body(left, outer)?, self.body(right, outer)?);
        if left.columns.len() != right.columns.len() {
            let message = format!(
                "{name} query has different number of fields: {}, {}",
                left.columns.len(),
                right.columns.len()
            );
            return Err(error_at("TYPE_MISMATCH", at, &message));
        }
        let mut columns = Vec::new();
        for (place, (own, other)) in left.columns.iter().zip(&right.columns).enumerate() {
            let Some(kind) = own.kind.common(&other.kind) else {
                let message = format!(
                    "column {} in {name} query has incompatible types: {}, {}",
                    place.saturating_add(1),
                    own.kind,
                    other.kind
                );
                return Err(error_at("TYPE_MISMATCH", at, &message));
            };
            columns.push(OutColumn { name: own.name.clone(), kind });
        }
        let (left, right) = (self.as_columns(left, &columns), self.as_columns(right, &columns));
        let body = Body::Set { operator: name, all, left: Box::new(left), right: Box::new(right) };
        Ok(plain(body, columns))
    }

    /// The query with its columns cast to the types of `columns`.
    fn as_columns(&mut self, query: QueryTree, columns: &[OutColumn]) -> QueryTree {
        if query.columns.iter().zip(columns).all(|(own, other)| own.kind == other.kind) {
            return query;
        }
        let source = self.next_source();
        let own = fields(&query.columns, &[], |at| Node::Column { source, name: ColumnName::At(at) });
        let items =
            own.into_iter().zip(columns).map(|(field, column)| coerce(field.value, &column.kind)).collect();
        let from = Some(Relation::Query { query: Box::new(query), source });
        let select = SelectTree { distinct: false, items, from, filter: None, group: Vec::new() };
        plain(Body::Select(Box::new(select)), columns.to_vec())
    }

    fn values(&mut self, values: &Values, outer: Option<&Scope<'_>>) -> Result<QueryTree, QueryError> {
        let none = Scope { fields: &[], parent: outer };
        let site = Site { scope: &none, clause: Clause::Plain("VALUES") };
        let mut rows: Vec<Vec<Typed>> = Vec::new();
        let mut kinds: Vec<TrinoType> = Vec::new();
        for row in &values.rows {
            let at = row.opening_token.0.span.start;
            let row = match row.content.as_slice() {
                [Expr::Tuple(items)] => items.as_slice(),
                items => items,
            };
            let row = row.iter().map(|item| self.expr(site, item)).collect::<Result<Vec<_>, _>>()?;
            if rows.is_empty() {
                kinds = vec![TrinoType::Unknown; row.len()];
            }
            if row.len() != kinds.len() {
                let message = format!("Values rows have mismatched sizes: {} vs {}", kinds.len(), row.len());
                return Err(error_at("TYPE_MISMATCH", at, &message));
            }
            for (kind, value) in kinds.iter_mut().zip(&row) {
                let Some(common) = kind.common(&value.kind) else {
                    let message = format!("Values rows have mismatched types: {kind} vs {}", value.kind);
                    return Err(error_at("TYPE_MISMATCH", at, &message));
                };
                *kind = common;
            }
            rows.push(row);
        }
        let rows = rows
            .into_iter()
            .map(|row| row.into_iter().zip(&kinds).map(|(value, kind)| coerce(value, kind)).collect())
            .collect();
        let columns = kinds.into_iter().map(|kind| OutColumn { name: None, kind }).collect();
        Ok(plain(Body::Values(rows), columns))
    }

    /// The order of a query that is no select: by its columns alone.
    fn order_of_columns(
        &mut self,
        keys: &[OrderByExpr],
        columns: &[OutColumn],
    ) -> Result<Vec<OrderKey>, QueryError> {
        let own = fields(columns, &[], Node::Position);
        let scope = Scope { fields: &own, parent: None };
        let mut order = Vec::new();
        for key in keys {
            let value = match self.position(&key.expr, columns.len(), "ORDER BY")? {
                Some(at) => own
                    .get(at)
                    .map_or_else(|| Typed::new(Node::Null, TrinoType::Unknown), |field| field.value.clone()),
                None => {
                    self.expr(Site { scope: &scope, clause: Clause::Plain("ORDER BY clause") }, &key.expr)?
                }
            };
            if !matches!(value.node, Node::Position(_)) {
                return Err(self.unsupported(
                    self.at(&key.expr),
                    "ORDER BY an expression of the columns of a set operation",
                ));
            }
            order.push(self.order_key(key, value)?);
        }
        Ok(order)
    }

    /// The column that a plain number names in ORDER BY and GROUP BY, from 0.
    pub(super) fn position(
        &self,
        expr: &Expr,
        columns: usize,
        clause: &str,
    ) -> Result<Option<usize>, QueryError> {
        let Expr::Value(ValueWithSpan { value: Value::Number(digits, false), .. }) = expr else {
            return Ok(None);
        };
        let Ok(number) = digits.parse::<usize>() else { return Ok(None) };
        match number.checked_sub(1).filter(|at| *at < columns) {
            Some(at) => Ok(Some(at)),
            None => {
                let message = format!("{clause} position {number} is not in select list");
                Err(self.error("INVALID_COLUMN_REFERENCE", expr, &message))
            }
        }
    }

    fn limits(&self, tree: &mut QueryTree, clause: Option<&LimitClause>) -> Result<(), QueryError> {
        match clause {
            None => Ok(()),
            Some(LimitClause::LimitOffset { limit, offset, limit_by }) if limit_by.is_empty() => {
                tree.limit = limit.as_ref().map(|limit| self.amount(limit, "LIMIT")).transpose()?;
                tree.offset =
                    offset.as_ref().map(|offset| self.amount(&offset.value, "OFFSET")).transpose()?;
                Ok(())
            }
            Some(LimitClause::LimitOffset { limit_by, .. }) => {
                let at =
                    limit_by.first().map_or_else(sqlparser::tokenizer::Location::empty, |by| by.span().start);
                Err(error_at("SYNTAX_ERROR", at, "mismatched input 'BY'. Expecting: <EOF>"))
            }
            Some(LimitClause::OffsetCommaLimit { limit, .. }) => {
                Err(error_at("SYNTAX_ERROR", limit.span().start, "mismatched input ','. Expecting: <EOF>"))
            }
        }
    }

    fn amount(&self, expr: &Expr, clause: &str) -> Result<i64, QueryError> {
        match expr {
            Expr::Value(ValueWithSpan { value: Value::Number(digits, false), .. }) => {
                digits.parse().map_err(|_| {
                    self.error("TYPE_MISMATCH", expr, &format!("Invalid {clause} row count: {digits}"))
                })
            }
            other => {
                let word = super::words::expression(other);
                let message = format!("mismatched input '{word}'. Expecting: 'ALL', <integer>");
                Err(error_at("SYNTAX_ERROR", expr.span().start, &message))
            }
        }
    }
}

/// A query of a body alone.
pub(super) fn plain(body: Body, columns: Vec<OutColumn>) -> QueryTree {
    QueryTree { with: Vec::new(), body, order: Vec::new(), limit: None, offset: None, columns }
}
