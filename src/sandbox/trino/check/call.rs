//! Calls of functions: by the table of signatures, and the few that are syntax of their own.

use super::super::error::QueryError;
use super::super::functions::{self, Meaning};
use super::super::tree::{LambdaKind, Node, Typed};
use super::super::types::TrinoType;
use super::cast::coerce;
use super::scope::{Clause, Field, Scope, Site};
use super::{Checker, folded};
use sqlparser::ast::{
    CeilFloorKind, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, LambdaFunction,
    OneOrManyWithParens,
};

impl Checker<'_> {
    /// A call of the function of a name: in TRY it is the form that gives NULL in place of an error.
    pub(super) fn call_node(&self, name: &'static str, arguments: Vec<Node>) -> Node {
        if self.in_try { Node::Safe(name, arguments) } else { Node::Call(name, arguments) }
    }

    pub(super) fn function(
        &mut self,
        site: Site<'_>,
        expr: &Expr,
        function: &Function,
    ) -> Result<Typed, QueryError> {
        let name = function.name.to_string().to_lowercase().replace('"', "");
        let list = match (&function.args, &function.parameters) {
            (FunctionArguments::List(list), FunctionArguments::None) => list,
            (FunctionArguments::None, FunctionArguments::None) => {
                return match self.current(&name) {
                    Some(found) => Ok(found),
                    None => Err(self.not_registered(expr, &name)),
                };
            }
            _ => return Err(self.error("SYNTAX_ERROR", expr, "mismatched input. Expecting: <expression>")),
        };
        if function.over.is_some() {
            return self.window(site, expr, &name, function, list);
        }
        if functions::is_aggregate(&name) {
            return self.aggregate(site, expr, &name, function, list);
        }
        if functions::is_window(&name) {
            let message = format!("Window function {name} requires an OVER clause");
            return Err(self.error("MISSING_OVER", expr, &message));
        }
        if list.duplicate_treatment.is_some() || !list.clauses.is_empty() {
            return Err(self.error(
                "FUNCTION_NOT_AGGREGATE",
                expr,
                &format!("DISTINCT is not supported for non-aggregation functions: {name}"),
            ));
        }
        if function.filter.is_some() || !function.within_group.is_empty() || function.null_treatment.is_some()
        {
            return Err(self.error(
                "FUNCTION_NOT_AGGREGATE",
                expr,
                &format!("Filter is only valid for aggregation functions: {name}"),
            ));
        }
        let mut arguments = Vec::new();
        for argument in &list.args {
            match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(argument)) => arguments.push(argument),
                _ => {
                    return Err(self.error(
                        "SYNTAX_ERROR",
                        expr,
                        "mismatched input '*'. Expecting: <expression>",
                    ));
                }
            }
        }
        self.call(site, expr, &name, &arguments)
    }

    fn not_registered(&self, expr: &Expr, name: &str) -> QueryError {
        self.error("FUNCTION_NOT_FOUND", expr, &format!("Function '{name}' not registered"))
    }

    pub(super) fn call(
        &mut self,
        site: Site<'_>,
        expr: &Expr,
        name: &str,
        arguments: &[&Expr],
    ) -> Result<Typed, QueryError> {
        if let Some(kind) = lambda_kind(name) {
            return self.lambda(site, expr, name, kind, arguments);
        }
        if name == "try" {
            return self.try_call(site, expr, arguments);
        }
        let values =
            arguments.iter().map(|argument| self.expr(site, argument)).collect::<Result<Vec<_>, _>>()?;
        if let Some(found) = self.special(expr, name, &values)? {
            return Ok(found);
        }
        let Some(overloads) = functions::overloads(name) else {
            return Err(self.not_registered(expr, name));
        };
        let kinds: Vec<TrinoType> = values.iter().map(|value| value.kind.clone()).collect();
        let Some(chosen) = functions::choose(&overloads, &kinds) else {
            return Err(self.unexpected(expr, name, &kinds));
        };
        let nodes =
            values.into_iter().zip(&chosen.parameters).map(|(value, kind)| coerce(value, kind)).collect();
        let node = match chosen.meaning {
            Meaning::Native(template) => Node::Native(template, nodes),
            Meaning::Call(name) => self.call_node(name, nodes),
        };
        Ok(Typed::new(node, chosen.result))
    }

    fn unexpected(&self, expr: &Expr, name: &str, kinds: &[TrinoType]) -> QueryError {
        let kinds: Vec<String> = kinds.iter().map(ToString::to_string).collect();
        let expected = functions::signatures(name).join(", ");
        let message =
            format!("Unexpected parameters ({}) for function {name}. Expected: {expected}", kinds.join(", "));
        self.error("FUNCTION_NOT_FOUND", expr, &message)
    }

    /// Those that take any number of values or decide by their types.
    fn special(&mut self, expr: &Expr, name: &str, values: &[Typed]) -> Result<Option<Typed>, QueryError> {
        let all =
            |kind: &TrinoType| values.iter().map(|value| coerce(value.clone(), kind)).collect::<Vec<_>>();
        Ok(Some(match (name, values) {
            ("coalesce", [_, _, ..]) => {
                let kind = self.common(expr, "COALESCE operands", values)?;
                Typed::new(coalesce(all(&kind)), kind)
            }
            ("coalesce", _) => {
                let message = "The 'coalesce' function must have at least two arguments";
                return Err(self.error("INVALID_FUNCTION_ARGUMENT", expr, message));
            }
            ("nullif", [value, other]) => {
                let Some(kind) = self.comparable(value, other, false) else {
                    let message =
                        format!("Types are not comparable with NULLIF: {} vs {}", value.kind, other.kind);
                    return Err(self.mismatch(expr, &message));
                };
                let same = Node::Native("({} = {})", all(&kind));
                let node = Node::Case {
                    branches: vec![(same, Node::Null)],
                    otherwise: Some(Box::new(value.node.clone())),
                };
                Typed::new(node, value.kind.clone())
            }
            ("if", [condition, rest @ ..]) if matches!(rest.len(), 1 | 2) => {
                if !Site::fits(condition, &TrinoType::Boolean) {
                    let message =
                        format!("IF condition must evaluate to a boolean (actual: {})", condition.kind);
                    return Err(self.mismatch(expr, &message));
                }
                let mut kind = TrinoType::Unknown;
                for value in rest {
                    kind = kind.common(&value.kind).ok_or_else(|| {
                        let message =
                            format!("Result types for IF must be the same: {kind} vs {}", value.kind);
                        self.mismatch(expr, &message)
                    })?;
                }
                let mut results = rest.iter().map(|value| coerce(value.clone(), &kind));
                let then = results.next().unwrap_or(Node::Null);
                let node = Node::Case {
                    branches: vec![(condition.node.clone(), then)],
                    otherwise: results.next().map(Box::new),
                };
                Typed::new(node, kind)
            }
            ("greatest" | "least", [first, rest @ ..]) => {
                let kinds: Vec<_> = values.iter().map(|value| value.kind.clone()).collect();
                let kind = rest.iter().try_fold(first.kind.clone(), |kind, value| kind.common(&value.kind));
                let kind = kind
                    .filter(TrinoType::is_orderable)
                    .ok_or_else(|| self.unexpected(expr, name, &kinds))?;
                let call = if name == "greatest" { "greatest" } else { "least" };
                Typed::new(self.call_node(call, all(&kind)), kind)
            }
            ("concat", [first, _, ..]) if matches!(first.kind, TrinoType::Array(_)) => {
                self.concat_arrays(expr, values.to_vec())?
            }
            ("concat", [_, _, ..]) => {
                if let Some(other) = values.iter().find(|value| !Site::fits(value, &TrinoType::Varchar)) {
                    return Err(self.unexpected(expr, name, std::slice::from_ref(&other.kind)));
                }
                let mut nodes = values.iter().map(|value| value.node.clone());
                let first = nodes.next().unwrap_or(Node::Null);
                let node = nodes.fold(first, |left, right| Node::Native("({} || {})", vec![left, right]));
                Typed::new(node, TrinoType::Varchar)
            }
            ("concat_ws", [_, _, ..])
                if values.iter().all(|value| Site::fits(value, &TrinoType::Varchar)) =>
            {
                Typed::new(self.call_node("concat_ws", all(&TrinoType::Varchar)), TrinoType::Varchar)
            }
            ("typeof", [value]) => Typed::new(Node::Text(value.kind.to_string()), TrinoType::Varchar),
            _ => return self.time_function(expr, name, values),
        }))
    }

    /// Arrays after each other, and single elements at their ends.
    pub(super) fn concat_arrays(&self, expr: &Expr, values: Vec<Typed>) -> Result<Typed, QueryError> {
        let mut kind = TrinoType::Unknown;
        for value in &values {
            let own = match &value.kind {
                array @ TrinoType::Array(_) => array.clone(),
                TrinoType::Unknown => TrinoType::Unknown,
                element => TrinoType::array(element.clone()),
            };
            kind = kind.common(&own).ok_or_else(|| {
                let kinds: Vec<_> = values.iter().map(|value| value.kind.clone()).collect();
                self.unexpected(expr, "concat", &kinds)
            })?;
        }
        let nested = matches!(&kind, TrinoType::Array(element) if element.is_nested());
        let nodes = values
            .into_iter()
            .map(|value| match value.kind {
                TrinoType::Array(_) | TrinoType::Unknown => coerce(value, &kind),
                _ => {
                    let array = Node::Call(if nested { "array_nested" } else { "array" }, vec![value.node]);
                    coerce(Typed::new(array, TrinoType::array(value.kind)), &kind)
                }
            })
            .collect();
        Ok(Typed::new(self.call_node("concat_arrays", nodes), kind))
    }

    fn try_call(&mut self, site: Site<'_>, expr: &Expr, arguments: &[&Expr]) -> Result<Typed, QueryError> {
        let [argument] = arguments else {
            return Err(self.error(
                "INVALID_FUNCTION_ARGUMENT",
                expr,
                "The 'try' function must have exactly one argument",
            ));
        };
        if self.in_try {
            return self.expr(site, argument);
        }
        self.in_try = true;
        let value = self.expr(site, argument);
        self.in_try = false;
        let value = value?;
        Ok(Typed::new(Node::Call("try", vec![value.node]), value.kind))
    }

    pub(super) fn rounding(
        &mut self,
        site: Site<'_>,
        expr: &Expr,
        name: &str,
        operand: &Expr,
        kind: &CeilFloorKind,
    ) -> Result<Typed, QueryError> {
        match kind {
            CeilFloorKind::DateTimeField(sqlparser::ast::DateTimeField::NoDateTime) => {
                self.call(site, expr, name, &[operand])
            }
            _ => Err(self.error(
                "FUNCTION_NOT_FOUND",
                expr,
                &format!(
                    "Unexpected parameters for function {name}. Expected: {name}(double), {name}(bigint)"
                ),
            )),
        }
    }

    fn lambda(
        &mut self,
        site: Site<'_>,
        expr: &Expr,
        name: &str,
        kind: LambdaKind,
        arguments: &[&Expr],
    ) -> Result<Typed, QueryError> {
        let [array, Expr::Lambda(LambdaFunction { params, body, .. })] = arguments else {
            let mut kinds = Vec::new();
            for argument in arguments {
                kinds.push(match argument {
                    Expr::Lambda(_) => TrinoType::Unknown,
                    argument => self.expr(site, argument)?.kind,
                });
            }
            return Err(self.unexpected(expr, name, &kinds));
        };
        let array = self.expr(site, array)?;
        let element = match &array.kind {
            TrinoType::Array(element) => (**element).clone(),
            TrinoType::Unknown => TrinoType::Unknown,
            kind => return Err(self.unexpected(expr, name, std::slice::from_ref(kind))),
        };
        let parameter = match params {
            OneOrManyWithParens::One(parameter) => parameter,
            OneOrManyWithParens::Many(parameters) => match parameters.as_slice() {
                [parameter] => parameter,
                _ => {
                    let message =
                        format!("Expected a lambda that takes 1 argument(s) but got {}", parameters.len());
                    return Err(self.error("INVALID_PARAMETER_USAGE", expr, &message));
                }
            },
        };
        let source = self.next_source();
        let field = Field {
            relation: Vec::new(),
            name: Some(folded(&parameter.name)),
            value: Typed::new(
                Node::Column { source, name: super::super::tree::ColumnName::Element },
                element.clone(),
            ),
        };
        let scope = Scope { fields: std::slice::from_ref(&field), parent: Some(site.scope) };
        let body_expr: &Expr = body;
        let body = self.expr(Site { scope: &scope, clause: Clause::Plain("Lambda expression") }, body)?;
        if kind != LambdaKind::Transform && !Site::fits(&body, &TrinoType::Boolean) {
            let message = format!("Lambda of {name} must evaluate to a boolean (actual: {})", body.kind);
            return Err(self.mismatch(body_expr, &message));
        }
        let result = match kind {
            LambdaKind::Transform => TrinoType::array(body.kind.clone()),
            LambdaKind::Filter => array.kind,
            _ => TrinoType::Boolean,
        };
        let nested = if kind == LambdaKind::Filter { element.is_nested() } else { body.kind.is_nested() };
        let node =
            Node::Lambda { kind, array: Box::new(array.node), source, body: Box::new(body.node), nested };
        Ok(Typed::new(node, result))
    }
}

fn lambda_kind(name: &str) -> Option<LambdaKind> {
    Some(match name {
        "transform" => LambdaKind::Transform,
        "filter" => LambdaKind::Filter,
        "any_match" => LambdaKind::AnyMatch,
        "all_match" => LambdaKind::AllMatch,
        "none_match" => LambdaKind::NoneMatch,
        _ => return None,
    })
}

/// The first that is not NULL: the others are not looked at.
fn coalesce(nodes: Vec<Node>) -> Node {
    let mut nodes = nodes.into_iter().rev();
    let last = nodes.next().unwrap_or(Node::Null);
    nodes.fold(last, |rest, node| Node::Native("ifnull({}, {})", vec![node, rest]))
}
