//! Times that are known before the query runs, and ranges of time as plain comparisons: an index of `time` can be used.

use super::super::error::QueryError;
use super::super::functions;
use super::super::tree::{Node, Typed};
use super::super::types::TrinoType;
use super::Checker;
use super::cast::coerce;
use super::scope::Site;
use jiff::tz::TimeZone;
use sqlparser::ast::{BinaryOperator, Expr, TypedString, Value};

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

impl Checker<'_> {
    /// `current_date` and its like, which have no brackets.
    pub(super) fn current(&self, name: &str) -> Option<Typed> {
        let now = self.request.now_ms;
        Some(match name {
            "current_date" => Typed::new(Node::Int(now.div_euclid(DAY)), TrinoType::Date),
            "current_timestamp" => Typed::new(Node::Int(now), TrinoType::TimestampTz),
            "localtimestamp" => Typed::new(Node::Int(now), TrinoType::Timestamp),
            _ => return None,
        })
    }

    pub(super) fn typed_literal(&self, expr: &Expr, typed: &TypedString) -> Result<Typed, QueryError> {
        let kind = typed.data_type.to_string().to_lowercase();
        let Value::SingleQuotedString(text) = &typed.value.value else {
            return Err(self.error("SYNTAX_ERROR", expr, "mismatched input. Expecting: <string>"));
        };
        let wrong =
            || self.error("INVALID_LITERAL", expr, &format!("'{text}' is not a valid {kind} literal"));
        match kind.as_str() {
            "date" => {
                let days = functions::literal_date(text).ok_or_else(wrong)?;
                Ok(Typed::new(Node::Int(days), TrinoType::Date))
            }
            "timestamp" => {
                let (at, zoned) = functions::literal_timestamp(text).ok_or_else(wrong)?;
                let kind = if zoned { TrinoType::TimestampTz } else { TrinoType::Timestamp };
                Ok(Typed::new(Node::Int(at), kind))
            }
            "json" => {
                let node = Node::Call("json_parse", vec![Node::Text(text.clone())]);
                Ok(Typed::new(node, TrinoType::Json))
            }
            _ => Err(self.unsupported(self.at(expr), &format!("A literal of type {kind}"))),
        }
    }

    pub(super) fn time_function(
        &self,
        expr: &Expr,
        name: &str,
        values: &[Typed],
    ) -> Result<Option<Typed>, QueryError> {
        let scheduled = self.request.scheduled_ms.div_euclid(1000);
        Ok(Some(match (name, values) {
            ("td_scheduled_time", []) => Typed::new(Node::Int(scheduled), TrinoType::Bigint),
            ("now", []) => Typed::new(Node::Int(self.request.now_ms), TrinoType::TimestampTz),
            ("td_time_range", [time, bounds @ ..]) if matches!(bounds.len(), 1..=3) => {
                self.time_range(expr, time, bounds)?
            }
            ("td_interval", [time, interval, rest @ ..]) if rest.len() <= 2 => {
                let (from, to) = self.interval_bounds(expr, name, interval, rest)?;
                within(self.seconds(expr, name, time)?, Some(Node::Int(from)), Some(Node::Int(to)))
            }
            ("td_interval_range", [interval, rest @ ..]) if rest.len() <= 2 => {
                let (from, to) = self.interval_bounds(expr, name, interval, rest)?;
                Typed::new(Node::Text(format!("[{from},{to}]")), TrinoType::array(TrinoType::Bigint))
            }
            ("td_time_range" | "td_interval" | "td_interval_range" | "td_scheduled_time", _) => {
                return Err(self.wrong_time(expr, name, values));
            }
            ("td_time_add", [time, duration, rest @ ..]) if rest.len() <= 1 => {
                let zone = self.zone(expr, rest.first())?;
                match (known_time(time, zone.as_ref()), &duration.node) {
                    (Some(time), Node::Text(text)) => match functions::td_add(time, text) {
                        Some(time) => Typed::new(Node::Int(time), TrinoType::Bigint),
                        None => return Ok(None),
                    },
                    _ => return Ok(None),
                }
            }
            ("td_time_parse", [text, rest @ ..]) if rest.len() <= 1 => {
                let zone = self.zone(expr, rest.first())?;
                match (&text.node, known_time(text, zone.as_ref())) {
                    (Node::Text(_), Some(time)) => Typed::new(Node::Int(time), TrinoType::Bigint),
                    _ => return Ok(None),
                }
            }
            _ => return Ok(None),
        }))
    }

    fn wrong_time(&self, expr: &Expr, name: &str, values: &[Typed]) -> QueryError {
        let kinds: Vec<String> = values.iter().map(|value| value.kind.to_string()).collect();
        let expected = match name {
            "td_time_range" => {
                "td_time_range(bigint, bigint, bigint), td_time_range(bigint, varchar, varchar, varchar)"
            }
            "td_interval" => "td_interval(bigint, varchar), td_interval(bigint, varchar, varchar)",
            "td_interval_range" => "td_interval_range(varchar, varchar)",
            _ => "td_scheduled_time()",
        };
        let message =
            format!("Unexpected parameters ({}) for function {name}. Expected: {expected}", kinds.join(", "));
        self.error("FUNCTION_NOT_FOUND", expr, &message)
    }

    fn seconds(&self, expr: &Expr, name: &str, time: &Typed) -> Result<Node, QueryError> {
        if Site::fits(time, &TrinoType::Bigint) {
            return Ok(time.node.clone());
        }
        Err(self.wrong_time(expr, name, std::slice::from_ref(time)))
    }

    /// The zone of an argument: none where it is not known before the query runs.
    fn zone(&self, expr: &Expr, value: Option<&Typed>) -> Result<Option<TimeZone>, QueryError> {
        match value.map(|value| &value.node) {
            None => Ok(Some(TimeZone::UTC)),
            Some(Node::Text(name)) => functions::zone(name).map(Some).ok_or_else(|| {
                self.error("INVALID_FUNCTION_ARGUMENT", expr, &format!("Unknown time zone: {name}"))
            }),
            Some(_) => Ok(None),
        }
    }

    fn time_range(&self, expr: &Expr, time: &Typed, bounds: &[Typed]) -> Result<Typed, QueryError> {
        let name = "td_time_range";
        let time = self.seconds(expr, name, time)?;
        let zone_value = bounds.get(2);
        if let Some(other) =
            bounds.iter().find(|value| !Site::fits(value, &TrinoType::Bigint) && !value.kind.is_text())
        {
            return Err(self.wrong_time(expr, name, std::slice::from_ref(other)));
        }
        let zone = self.zone(expr, zone_value)?;
        let mut nodes = Vec::new();
        for bound in bounds.iter().take(2) {
            nodes.push(match (&bound.node, known_time(bound, zone.as_ref())) {
                (Node::Null, _) => None,
                (_, Some(time)) => Some(Node::Int(time)),
                (Node::Text(text), None) if zone.is_some() => {
                    let message = format!("Cannot parse time: {text}");
                    return Err(self.error("INVALID_FUNCTION_ARGUMENT", expr, &message));
                }
                _ if bound.kind.is_text() => {
                    let mut arguments = vec![bound.node.clone()];
                    arguments.extend(zone_value.map(|zone| zone.node.clone()));
                    Some(self.call_node("td_time_parse", arguments))
                }
                _ => Some(bound.node.clone()),
            });
        }
        let mut nodes = nodes.into_iter();
        Ok(within(time, nodes.next().flatten(), nodes.next().flatten()))
    }

    fn interval_bounds(
        &self,
        expr: &Expr,
        name: &str,
        interval: &Typed,
        rest: &[Typed],
    ) -> Result<(i64, i64), QueryError> {
        let base = match rest.get(1).map(|base| &base.node) {
            None => self.request.scheduled_ms.div_euclid(1000),
            Some(Node::Int(base)) => *base,
            Some(_) => return Err(self.wrong_time(expr, name, rest)),
        };
        let zone = self.zone(expr, rest.first())?;
        let (Node::Text(text), Some(zone)) = (&interval.node, zone) else {
            let message = format!("{name}: interval and time zone must be constant");
            return Err(self.error("INVALID_FUNCTION_ARGUMENT", expr, &message));
        };
        functions::interval(text, base, &zone).ok_or_else(|| {
            self.error("INVALID_FUNCTION_ARGUMENT", expr, &format!("Invalid interval string: {text}"))
        })
    }

    /// Dates and intervals: none for other types.
    pub(super) fn time_arithmetic(
        &self,
        left: &Typed,
        operator: &BinaryOperator,
        right: &Typed,
    ) -> Option<Typed> {
        use TrinoType::{Bigint, Date, Integer, IntervalDay, IntervalYear, Timestamp, TimestampTz};
        let plus = *operator == BinaryOperator::Plus;
        if !plus && *operator != BinaryOperator::Minus {
            return match (operator, &left.kind, &right.kind) {
                (BinaryOperator::Multiply, IntervalDay | IntervalYear, Integer | Bigint)
                | (BinaryOperator::Multiply, Integer | Bigint, IntervalDay | IntervalYear) => {
                    let kind = if left.kind.is_number() { right.kind.clone() } else { left.kind.clone() };
                    Some(Typed::new(
                        self.call_node("multiply", vec![left.node.clone(), right.node.clone()]),
                        kind,
                    ))
                }
                _ => None,
            };
        }
        let (left, right) = match (&left.kind, &right.kind) {
            (IntervalDay | IntervalYear, Date | Timestamp | TimestampTz) if plus => (right, left),
            _ => (left, right),
        };
        let call = if plus { "add" } else { "subtract" };
        let sum = |other: Node| self.call_node(call, vec![left.node.clone(), other]);
        let months =
            || if plus { right.node.clone() } else { Node::Native("(-{})", vec![right.node.clone()]) };
        match (&left.kind, &right.kind) {
            (Timestamp | TimestampTz | IntervalDay, IntervalDay) | (IntervalYear, IntervalYear) => {
                Some(Typed::new(sum(right.node.clone()), left.kind.clone()))
            }
            (Date, IntervalDay) => {
                let days = Node::Native("({} / 86400000)", vec![right.node.clone()]);
                Some(Typed::new(sum(days), Date))
            }
            (Date, IntervalYear) => {
                let node = self.call_node("add_months_date", vec![left.node.clone(), months()]);
                Some(Typed::new(node, Date))
            }
            (Timestamp | TimestampTz, IntervalYear) => {
                let node = self.call_node("add_months", vec![left.node.clone(), months()]);
                Some(Typed::new(node, left.kind.clone()))
            }
            (Date | Timestamp | TimestampTz, Date | Timestamp | TimestampTz) if !plus => {
                let nodes = vec![coerce(left.clone(), &TimestampTz), coerce(right.clone(), &TimestampTz)];
                Some(Typed::new(self.call_node("subtract", nodes), IntervalDay))
            }
            _ => None,
        }
    }
}

/// The seconds of a time that is known before the query runs.
fn known_time(value: &Typed, zone: Option<&TimeZone>) -> Option<i64> {
    match &value.node {
        Node::Int(time) => Some(*time),
        Node::Text(text) => functions::td_parse(text, zone?),
        _ => None,
    }
}

/// `from <= time < to`; no bound where there is none.
fn within(time: Node, from: Option<Node>, to: Option<Node>) -> Typed {
    let from = from.map(|from| Node::Native("({} >= {})", vec![time.clone(), from]));
    let to = to.map(|to| Node::Native("({} < {})", vec![time.clone(), to]));
    let node = match (from, to) {
        (Some(from), Some(to)) => Node::Native("({} AND {})", vec![from, to]),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => Node::Native("({} IS NOT NULL)", vec![time]),
    };
    Typed::new(node, TrinoType::Boolean)
}
