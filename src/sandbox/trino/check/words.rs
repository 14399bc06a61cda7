//! Expressions as Trino writes them in its messages.

use sqlparser::ast::{Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident};

/// Names with points between them.
pub(super) fn names(names: &[Ident]) -> String {
    let names: Vec<String> = names.iter().map(super::folded).collect();
    names.join(".")
}

/// An expression in brackets where it has an operator.
pub(super) fn expression(expr: &Expr) -> String {
    match expr {
        Expr::Nested(inner) => expression(inner),
        Expr::Identifier(name) => super::folded(name),
        Expr::CompoundIdentifier(parts) => names(parts),
        Expr::BinaryOp { left, op, right } => format!("({} {op} {})", expression(left), expression(right)),
        Expr::UnaryOp { op, expr } => match op {
            sqlparser::ast::UnaryOperator::Not => format!("(NOT {})", expression(expr)),
            op => format!("{op}{}", expression(expr)),
        },
        Expr::IsNull(inner) => format!("({} IS NULL)", expression(inner)),
        Expr::IsNotNull(inner) => format!("({} IS NOT NULL)", expression(inner)),
        Expr::Cast { expr, data_type, .. } => {
            format!("CAST({} AS {})", expression(expr), data_type.to_string().to_lowercase())
        }
        Expr::Function(function) => call(function),
        other => other.to_string(),
    }
}

fn call(function: &Function) -> String {
    let FunctionArguments::List(list) = &function.args else { return function.to_string() };
    let arguments: Vec<String> = list
        .args
        .iter()
        .map(|argument| match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => expression(expr),
            other => other.to_string(),
        })
        .collect();
    let distinct = match list.duplicate_treatment {
        Some(sqlparser::ast::DuplicateTreatment::Distinct) => "DISTINCT ",
        _ => "",
    };
    format!("{}({distinct}{})", function.name.to_string().to_lowercase(), arguments.join(", "))
}
