//! Expressions: literals, columns, and the way to all others.

use super::super::error::QueryError;
use super::super::tree::{Node, Typed};
use super::super::types::TrinoType;
use super::scope::Site;
use super::{Checker, error_at, folded, words};
use sqlparser::ast::{
    AccessExpr, Expr, Ident, Interval, Spanned, Subscript, UnaryOperator, Value, ValueWithSpan,
};

impl Checker<'_> {
    /// The typed form of an expression.
    pub(super) fn expr(&mut self, site: Site<'_>, expr: &Expr) -> Result<Typed, QueryError> {
        match expr {
            Expr::Nested(inner) => self.expr(site, inner),
            Expr::Value(value) => self.literal(value),
            Expr::Identifier(name) => self.column(site, expr, std::slice::from_ref(name)),
            Expr::CompoundIdentifier(names) => self.column(site, expr, names),
            Expr::CompoundFieldAccess { root, access_chain } => self.access(site, expr, root, access_chain),
            Expr::UnaryOp { op, expr: operand } => self.unary(site, expr, *op, operand),
            Expr::BinaryOp { left, op, right } => self.binary(site, expr, left, op, right),
            Expr::Cast { kind, expr: operand, data_type, format } => {
                if format.is_some() {
                    return Err(self.unsupported(self.at(expr), "FORMAT in a cast"));
                }
                self.cast(site, expr, kind, operand, data_type)
            }
            Expr::Function(function) => self.function(site, expr, function),
            Expr::Array(array) if array.named => self.array(site, expr, &array.elem),
            Expr::Interval(interval) => self.interval(expr, interval),
            Expr::TypedString(typed) => self.typed_literal(expr, typed),
            Expr::Ceil { expr: operand, field } => self.rounding(site, expr, "ceil", operand, field),
            Expr::Floor { expr: operand, field } => self.rounding(site, expr, "floor", operand, field),
            Expr::Position { expr: needle, r#in } => self.call(site, expr, "strpos", &[r#in, needle]),
            Expr::Substring { expr: operand, substring_from: Some(from), substring_for, .. } => {
                let mut arguments: Vec<&Expr> = vec![operand, from];
                arguments.extend(substring_for.as_deref());
                self.call(site, expr, "substr", &arguments)
            }
            Expr::Trim { trim_where, trim_what, expr: operand, trim_characters: None } => {
                use sqlparser::ast::TrimWhereField::{Both, Leading, Trailing};
                let name = match trim_where {
                    None | Some(Both) => "trim",
                    Some(Leading) => "ltrim",
                    Some(Trailing) => "rtrim",
                };
                let mut arguments: Vec<&Expr> = vec![operand];
                arguments.extend(trim_what.as_deref());
                self.call(site, expr, name, &arguments)
            }
            Expr::Extract { field, expr: operand, .. } => {
                let name = field.to_string().to_lowercase();
                let name = match name.as_str() {
                    "dow" => "day_of_week",
                    "doy" => "day_of_year",
                    name => name,
                };
                self.call(site, expr, name, &[operand])
            }
            Expr::AtTimeZone { timestamp, time_zone } => {
                self.call(site, expr, "at_timezone", &[timestamp, time_zone])
            }
            Expr::Lambda(_) => Err(self.error(
                "SYNTAX_ERROR",
                expr,
                "Lambda expression should always be used inside a function",
            )),
            Expr::Tuple(_) => Err(self.unsupported(self.at(expr), "A row")),
            other => self.predicate(site, other),
        }
    }

    fn literal(&self, value: &ValueWithSpan) -> Result<Typed, QueryError> {
        let at = value.span.start;
        match &value.value {
            Value::Number(digits, false) => number(digits, false).ok_or_else(|| {
                error_at("INVALID_LITERAL", at, &format!("Invalid numeric literal: {digits}"))
            }),
            Value::SingleQuotedString(text) => {
                let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
                Ok(Typed::new(Node::Text(text.clone()), TrinoType::VarcharOf(length)))
            }
            Value::Boolean(value) => Ok(Typed::new(Node::Int(i64::from(*value)), TrinoType::Boolean)),
            Value::Null => Ok(Typed::new(Node::Null, TrinoType::Unknown)),
            other => Err(error_at(
                "SYNTAX_ERROR",
                at,
                &format!("mismatched input '{other}'. Expecting: <expression>"),
            )),
        }
    }

    fn column(&self, site: Site<'_>, expr: &Expr, names: &[Ident]) -> Result<Typed, QueryError> {
        if let Some(found) = site.scope.column(names, self.at(expr))? {
            return Ok(found);
        }
        // `current_date` is a function without brackets.
        if let [name] = names
            && name.quote_style.is_none()
            && let Some(found) = self.current(&folded(name))
        {
            return Ok(found);
        }
        let name = words::names(names);
        Err(self.error("COLUMN_NOT_FOUND", expr, &format!("Column '{name}' cannot be resolved")))
    }

    fn access(
        &mut self,
        site: Site<'_>,
        expr: &Expr,
        root: &Expr,
        chain: &[AccessExpr],
    ) -> Result<Typed, QueryError> {
        // `t.arr[1]`: the names before the first bracket are one column.
        let mut names = match root {
            Expr::Identifier(name) => vec![name.clone()],
            Expr::CompoundIdentifier(names) => names.clone(),
            _ => Vec::new(),
        };
        let mut rest = chain;
        if !names.is_empty() {
            while let [AccessExpr::Dot(Expr::Identifier(name)), after @ ..] = rest {
                names.push(name.clone());
                rest = after;
            }
        }
        let mut value =
            if names.is_empty() { self.expr(site, root)? } else { self.column(site, root, &names)? };
        for access in rest {
            let AccessExpr::Subscript(Subscript::Index { index }) = access else {
                return Err(self.unsupported(expr.span().start, "A field of a row"));
            };
            let index_value = self.expr(site, index)?;
            value = self.subscript(expr, value, index_value)?;
        }
        Ok(value)
    }

    fn subscript(&self, expr: &Expr, value: Typed, index: Typed) -> Result<Typed, QueryError> {
        let (name, element, wanted) = match &value.kind {
            TrinoType::Array(element) => ("subscript", (**element).clone(), TrinoType::Bigint),
            TrinoType::Map(key, element) => ("map_subscript", (**element).clone(), (**key).clone()),
            kind => {
                let message = format!("Cannot apply operator: {kind}[{}]", index.kind);
                return Err(self.error("TYPE_MISMATCH", expr, &message));
            }
        };
        if !Site::fits(&index, &wanted) {
            let message = format!("Cannot apply operator: {}[{}]", value.kind, index.kind);
            return Err(self.error("TYPE_MISMATCH", expr, &message));
        }
        let index = super::cast::coerce(index, &wanted);
        Ok(Typed::new(self.call_node(name, vec![value.node, index]), element))
    }

    fn array(&mut self, site: Site<'_>, expr: &Expr, elements: &[Expr]) -> Result<Typed, QueryError> {
        let values =
            elements.iter().map(|element| self.expr(site, element)).collect::<Result<Vec<_>, _>>()?;
        let kind = self.common(expr, "ARRAY elements", &values)?;
        let name = if kind.is_nested() { "array_nested" } else { "array" };
        let nodes = values.into_iter().map(|value| super::cast::coerce(value, &kind)).collect();
        Ok(Typed::new(Node::Call(name, nodes), TrinoType::array(kind)))
    }

    fn interval(&self, expr: &Expr, interval: &Interval) -> Result<Typed, QueryError> {
        let unsupported = || self.unsupported(expr.span().start, "This form of INTERVAL");
        let Interval {
            value,
            leading_field,
            leading_precision: None,
            last_field: None,
            fractional_seconds_precision: None,
        } = interval
        else {
            return Err(unsupported());
        };
        let (sign, value) = match &**value {
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => (-1, &**expr),
            value => (1, value),
        };
        let Expr::Value(ValueWithSpan { value: Value::SingleQuotedString(text), .. }) = value else {
            return Err(unsupported());
        };
        let unit = leading_field.as_ref().map(ToString::to_string).unwrap_or_default().to_lowercase();
        let (factor, kind) = match unit.as_str() {
            "second" => (1_000, TrinoType::IntervalDay),
            "minute" => (60_000, TrinoType::IntervalDay),
            "hour" => (3_600_000, TrinoType::IntervalDay),
            "day" => (86_400_000, TrinoType::IntervalDay),
            "month" => (1, TrinoType::IntervalYear),
            "year" => (12, TrinoType::IntervalYear),
            _ => return Err(unsupported()),
        };
        let amount = text.trim().parse::<i64>().ok().and_then(|number| number.checked_mul(factor));
        let amount = amount.and_then(|amount| amount.checked_mul(sign));
        let amount = amount.ok_or_else(|| {
            self.error("INVALID_LITERAL", expr, &format!("'{text}' is not a valid interval literal"))
        })?;
        Ok(Typed::new(Node::Int(amount), kind))
    }
}

/// A number as its literal says: an integer, a bigint, or a double.
pub(super) fn number(digits: &str, negative: bool) -> Option<Typed> {
    let text = if negative { format!("-{digits}") } else { digits.to_owned() };
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let value: i64 = text.parse().ok()?;
        let kind =
            if i32::try_from(value.unsigned_abs()).is_ok() { TrinoType::Integer } else { TrinoType::Bigint };
        return Some(Typed::new(Node::Int(value), kind));
    }
    let value: f64 = text.parse().ok()?;
    value.is_finite().then(|| Typed::new(Node::Double(value), TrinoType::Double))
}
