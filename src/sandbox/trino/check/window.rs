//! Window functions and their frames.

use super::super::error::QueryError;
use super::super::functions;
use super::super::tree::{Node, Typed, Window};
use super::super::types::TrinoType;
use super::cast::coerce;
use super::scope::{Clause, Site};
use super::{Checker, words};
use sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList, WindowFrame, WindowFrameBound,
    WindowFrameUnits, WindowType,
};

impl Checker<'_> {
    pub(super) fn window(
        &mut self,
        site: Site<'_>,
        expr: &Expr,
        name: &str,
        function: &Function,
        list: &FunctionArgumentList,
    ) -> Result<Typed, QueryError> {
        match site.clause {
            Clause::Free => {}
            Clause::Having => {
                let message = "HAVING clause cannot contain window functions or row pattern measures";
                return Err(self.error("NESTED_WINDOW", expr, message));
            }
            Clause::Argument => {
                let message = format!(
                    "Cannot nest window functions or row pattern measures inside window function or aggregation: [{}]",
                    words::expression(expr)
                );
                return Err(self.error("NESTED_WINDOW", expr, &message));
            }
            Clause::Plain(clause) => {
                let message = format!(
                    "{clause} cannot contain aggregations, window functions or grouping operations: [{}]",
                    words::expression(expr)
                );
                return Err(self.error("EXPRESSION_NOT_SCALAR", expr, &message));
            }
        }
        let Some(WindowType::WindowSpec(spec)) = &function.over else {
            return Err(self.unsupported(self.at(expr), "A named window"));
        };
        if spec.window_name.is_some() {
            return Err(self.unsupported(self.at(expr), "A named window"));
        }
        if function.null_treatment == Some(sqlparser::ast::NullTreatment::IgnoreNulls)
            || !list.clauses.is_empty()
        {
            return Err(self.unsupported(self.at(expr), "IGNORE NULLS"));
        }
        // Aggregates may stand within a window: it looks at the groups.
        let inner = Site { clause: Clause::Having, ..site };
        let (sql, arguments, result) = if functions::is_aggregate(name) {
            let call = self.aggregate_call(inner, expr, name, list)?;
            if call.distinct {
                return Err(self.unsupported(self.at(expr), "DISTINCT in window function parameters"));
            }
            if call.function.starts_with("trino_") {
                return Err(self.unsupported(self.at(expr), &format!("The window function {name}")));
            }
            (call.function, call.arguments, call.result)
        } else if functions::is_window(name) {
            self.ranking(inner, expr, name, list)?
        } else {
            return Err(self.error("FUNCTION_NOT_FOUND", expr, &format!("Function '{name}' not registered")));
        };
        let filter = self.aggregate_filter(inner, function.filter.as_deref())?;
        let partition = spec
            .partition_by
            .iter()
            .map(|key| Ok(self.expr(inner, key)?.node))
            .collect::<Result<Vec<_>, QueryError>>()?;
        let order = self.order_keys(inner, &spec.order_by)?;
        let frame = spec.window_frame.as_ref().map(|frame| self.frame(expr, frame, &order)).transpose()?;
        let window = Window { function: sql, arguments, filter, partition, order, frame };
        Ok(Typed::new(Node::Window(Box::new(window)), result))
    }

    fn ranking(
        &mut self,
        site: Site<'_>,
        expr: &Expr,
        name: &str,
        list: &FunctionArgumentList,
    ) -> Result<(&'static str, Vec<Node>, TrinoType), QueryError> {
        let mut values = Vec::new();
        for argument in &list.args {
            match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(argument)) => {
                    values.push(self.expr(site, argument)?)
                }
                _ => {
                    return Err(self.error(
                        "SYNTAX_ERROR",
                        expr,
                        "mismatched input '*'. Expecting: <expression>",
                    ));
                }
            }
        }
        let kinds: Vec<TrinoType> = values.iter().map(|value| value.kind.clone()).collect();
        let overloads = functions::windows(name);
        let Some(chosen) = functions::choose(&overloads, &kinds) else {
            let kinds: Vec<String> = kinds.iter().map(ToString::to_string).collect();
            let expected = functions::signatures(name).join(", ");
            let message = format!(
                "Unexpected parameters ({}) for function {name}. Expected: {expected}",
                kinds.join(", ")
            );
            return Err(self.error("FUNCTION_NOT_FOUND", expr, &message));
        };
        let arguments: Vec<Node> =
            values.into_iter().zip(&chosen.parameters).map(|(value, kind)| coerce(value, kind)).collect();
        // SQLite takes a negative offset for one the other way, Trino refuses it.
        let offset = match name {
            "lag" | "lead" | "nth_value" => arguments.get(1),
            "ntile" => arguments.first(),
            _ => None,
        };
        match offset {
            None => {}
            Some(Node::Int(number)) if *number >= i64::from(!matches!(name, "lag" | "lead")) => {}
            Some(Node::Int(_)) => {
                let message = if matches!(name, "lag" | "lead") {
                    "Offset must be at least 0"
                } else {
                    "Offset must be at least 1"
                };
                return Err(QueryError::user("INVALID_FUNCTION_ARGUMENT", message));
            }
            Some(_) => return Err(self.unsupported(self.at(expr), "An offset that is not a literal")),
        }
        let (functions::Meaning::Call(sql) | functions::Meaning::Native(sql)) = chosen.meaning;
        Ok((sql, arguments, chosen.result))
    }

    fn frame(
        &self,
        expr: &Expr,
        frame: &WindowFrame,
        order: &[super::super::tree::OrderKey],
    ) -> Result<String, QueryError> {
        let units = match frame.units {
            WindowFrameUnits::Rows => "ROWS",
            WindowFrameUnits::Range => "RANGE",
            WindowFrameUnits::Groups => "GROUPS",
        };
        let start = self.bound(expr, &frame.start_bound)?;
        let end = match &frame.end_bound {
            Some(bound) => self.bound(expr, bound)?,
            None => "CURRENT ROW".to_owned(),
        };
        let offset = |bound: &str| bound.starts_with(|c: char| c.is_ascii_digit());
        if units == "RANGE" && (offset(&start) || offset(&end)) && order.len() != 1 {
            let message =
                "Window frame of type RANGE PRECEDING or FOLLOWING requires single sort item in ORDER BY";
            return Err(self.error("MISSING_ORDER_BY", expr, message));
        }
        if start == "UNBOUNDED FOLLOWING" {
            return Err(self.error(
                "INVALID_WINDOW_FRAME",
                expr,
                "Window frame start cannot be UNBOUNDED FOLLOWING",
            ));
        }
        if end == "UNBOUNDED PRECEDING" {
            return Err(self.error(
                "INVALID_WINDOW_FRAME",
                expr,
                "Window frame end cannot be UNBOUNDED PRECEDING",
            ));
        }
        let rank = |bound: &str| match bound.rsplit_once(' ') {
            Some((_, "PRECEDING")) => 0,
            Some((_, "FOLLOWING")) => 2,
            _ => 1,
        };
        if rank(&start) > rank(&end) {
            let message = format!("Window frame starting from {start} cannot end with {end}");
            return Err(self.error("INVALID_WINDOW_FRAME", expr, &message));
        }
        Ok(format!("{units} BETWEEN {start} AND {end}"))
    }

    fn bound(&self, expr: &Expr, bound: &WindowFrameBound) -> Result<String, QueryError> {
        let (offset, side) = match bound {
            WindowFrameBound::CurrentRow => return Ok("CURRENT ROW".to_owned()),
            WindowFrameBound::Preceding(offset) => (offset, "PRECEDING"),
            WindowFrameBound::Following(offset) => (offset, "FOLLOWING"),
        };
        match offset.as_deref() {
            None => Ok(format!("UNBOUNDED {side}")),
            Some(Expr::Value(value)) => match value.to_string().parse::<u32>() {
                Ok(number) => Ok(format!("{number} {side}")),
                Err(_) => Err(self.mismatch(
                    expr,
                    "Window frame ROWS start value type must be exact numeric type with scale 0",
                )),
            },
            Some(_) => Err(self.unsupported(self.at(expr), "A window frame bound that is not a literal")),
        }
    }
}
