//! Aggregates: their arguments, DISTINCT, ORDER BY within them, FILTER.

use super::super::error::QueryError;
use super::super::functions;
use super::super::tree::{Aggregate, Node, OrderKey, Typed};
use super::super::types::TrinoType;
use super::cast::coerce;
use super::scope::{Clause, Site};
use super::{Checker, words};
use sqlparser::ast::{
    DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentClause,
    FunctionArgumentList, OrderByExpr, OrderBySort,
};

/// A checked call of an aggregate.
pub(super) struct Call {
    pub(super) function: &'static str,
    pub(super) arguments: Vec<Node>,
    pub(super) distinct: bool,
    pub(super) result: TrinoType,
}

impl Checker<'_> {
    pub(super) fn aggregate(
        &mut self,
        site: Site<'_>,
        expr: &Expr,
        name: &str,
        function: &Function,
        list: &FunctionArgumentList,
    ) -> Result<Typed, QueryError> {
        match site.clause {
            Clause::Free | Clause::Having => {}
            Clause::Argument => {
                let message =
                    format!("Cannot nest aggregations inside aggregation: [{}]", words::expression(expr));
                return Err(self.error("NESTED_AGGREGATION", expr, &message));
            }
            Clause::Plain(clause) => {
                let message = format!(
                    "{clause} cannot contain aggregations, window functions or grouping operations: [{}]",
                    words::expression(expr)
                );
                return Err(self.error("EXPRESSION_NOT_SCALAR", expr, &message));
            }
        }
        let inner = Site { clause: Clause::Argument, ..site };
        let mut order = Vec::new();
        for clause in &list.clauses {
            match clause {
                FunctionArgumentClause::OrderBy(keys) => order = self.order_keys(inner, keys)?,
                _ => return Err(self.unsupported(self.at(expr), "This clause of an aggregate")),
            }
        }
        if !function.within_group.is_empty() {
            if name != "listagg" {
                return Err(self.unsupported(self.at(expr), "WITHIN GROUP"));
            }
            order = self.order_keys(inner, &function.within_group)?;
        }
        if function.null_treatment.is_some() {
            return Err(self.error(
                "NULL_TREATMENT_NOT_ALLOWED",
                expr,
                "Cannot specify null treatment clause for aggregation functions",
            ));
        }
        let call = self.aggregate_call(inner, expr, name, list)?;
        let filter = self.aggregate_filter(inner, function.filter.as_deref())?;
        if call.distinct && call.arguments.len() > 1 {
            return Err(self.unsupported(self.at(expr), "DISTINCT of more than one argument"));
        }
        if call.distinct && order.iter().any(|key| !call.arguments.contains(&key.node)) {
            let message =
                "For aggregate function with DISTINCT, ORDER BY expressions must appear in arguments";
            return Err(self.error("EXPRESSION_NOT_IN_DISTINCT", expr, message));
        }
        let Call { function, arguments, distinct, result } = call;
        let aggregate = Aggregate { function, arguments, distinct, order, filter };
        self.of_this_query(expr, &aggregate)?;
        Ok(Typed::new(Node::Aggregate(Box::new(aggregate)), result))
    }

    /// An aggregate of columns of an outer query alone would be one of that query.
    fn of_this_query(&self, expr: &Expr, aggregate: &Aggregate) -> Result<(), QueryError> {
        let (mut own, mut outer) = (false, false);
        for argument in &aggregate.arguments {
            argument.any(&mut |node| {
                if let Node::Column { source, .. } = node {
                    own = own || *source >= self.first;
                    outer = outer || *source < self.first;
                }
                false
            });
        }
        if outer && !own {
            return Err(self.unsupported(self.at(expr), "An aggregate of columns of an outer query"));
        }
        Ok(())
    }

    pub(super) fn aggregate_filter(
        &mut self,
        site: Site<'_>,
        filter: Option<&Expr>,
    ) -> Result<Option<Node>, QueryError> {
        let Some(filter) = filter else { return Ok(None) };
        let value = self.expr(site, filter)?;
        if Site::fits(&value, &TrinoType::Boolean) {
            return Ok(Some(value.node));
        }
        let message = format!("Filter expression must evaluate to a boolean: actual type {}", value.kind);
        Err(self.mismatch(filter, &message))
    }

    /// The arguments of an aggregate, which may be a window's as well.
    pub(super) fn aggregate_call(
        &mut self,
        site: Site<'_>,
        expr: &Expr,
        name: &str,
        list: &FunctionArgumentList,
    ) -> Result<Call, QueryError> {
        let distinct = list.duplicate_treatment == Some(DuplicateTreatment::Distinct);
        let mut values = Vec::new();
        for argument in &list.args {
            match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(argument)) => {
                    values.push(self.expr(site, argument)?)
                }
                FunctionArg::Unnamed(FunctionArgExpr::Wildcard)
                    if name == "count" && list.args.len() == 1 => {}
                _ => {
                    return Err(self.error(
                        "SYNTAX_ERROR",
                        expr,
                        "mismatched input '*'. Expecting: <expression>",
                    ));
                }
            }
        }
        if name == "count" && values.is_empty() {
            if distinct {
                return Err(self.error(
                    "SYNTAX_ERROR",
                    expr,
                    "mismatched input '*'. Expecting: <expression>",
                ));
            }
            return Ok(Call {
                function: "count",
                arguments: Vec::new(),
                distinct,
                result: TrinoType::Bigint,
            });
        }
        let kinds: Vec<TrinoType> = values.iter().map(|value| value.kind.clone()).collect();
        let overloads = functions::aggregates(name);
        let Some(chosen) = functions::choose(&overloads, &kinds) else {
            let kinds: Vec<String> = kinds.iter().map(ToString::to_string).collect();
            let expected = functions::signatures(name).join(", ");
            let message = format!(
                "Unexpected parameters ({}) for function {name}. Expected: {expected}",
                kinds.join(", ")
            );
            return Err(self.error("FUNCTION_NOT_FOUND", expr, &message));
        };
        let mut arguments: Vec<Node> =
            values.into_iter().zip(&chosen.parameters).map(|(value, kind)| coerce(value, kind)).collect();
        let mut function = match chosen.meaning {
            functions::Meaning::Call(function) | functions::Meaning::Native(function) => function,
        };
        if name == "count_if" {
            let branches = vec![(arguments.pop().unwrap_or(Node::Null), Node::Int(1))];
            arguments.push(Node::Case { branches, otherwise: None });
        }
        if function == "trino_array_agg" && kinds.first().is_some_and(TrinoType::is_nested) {
            function = "trino_array_agg_nested";
        }
        if function == "trino_map_agg" && kinds.get(1).is_some_and(TrinoType::is_nested) {
            function = "trino_map_agg_nested";
        }
        let distinct = distinct || name == "approx_distinct";
        if name == "approx_distinct" {
            arguments.truncate(1);
        }
        Ok(Call { function, arguments, distinct, result: chosen.result })
    }

    /// The keys of an order of values (no places, no aliases).
    pub(super) fn order_keys(
        &mut self,
        site: Site<'_>,
        keys: &[OrderByExpr],
    ) -> Result<Vec<OrderKey>, QueryError> {
        keys.iter()
            .map(|key| {
                let value = self.expr(site, &key.expr)?;
                self.order_key(key, value)
            })
            .collect()
    }

    pub(super) fn order_key(&self, key: &OrderByExpr, value: Typed) -> Result<OrderKey, QueryError> {
        if key.with_fill.is_some() || matches!(key.options.sort, Some(OrderBySort::Using(_))) {
            return Err(self.error(
                "SYNTAX_ERROR",
                &key.expr,
                "mismatched input. Expecting: ASC, DESC, NULLS",
            ));
        }
        if !value.kind.is_orderable() {
            let message = format!(
                "Type {} is not orderable, and therefore cannot be used in ORDER BY: {}",
                value.kind,
                words::expression(&key.expr)
            );
            return Err(self.mismatch(&key.expr, &message));
        }
        Ok(OrderKey {
            node: value.node,
            descending: matches!(key.options.sort, Some(OrderBySort::Desc)),
            nulls_first: key.options.nulls_first.unwrap_or(false),
        })
    }
}
