//! The answer to a query by its definition: rows one by one, three truth values, NULL last. It shares nothing with the
//! sandbox.

use super::ast::{Agg, E, F, Item, Q, T, V, Win};
use std::cmp::Ordering;
use std::collections::BTreeSet;

pub type Row = Vec<V>;

/// The rows of the two tables.
pub struct Data {
    pub logs: Vec<Row>,
    pub people: Vec<Row>,
}

type Failed = &'static str;

const RANGE: Failed = "NUMERIC_VALUE_OUT_OF_RANGE";
const ZERO: Failed = "DIVISION_BY_ZERO";
const CAST: Failed = "INVALID_CAST_ARGUMENT";
const ARGUMENT: Failed = "INVALID_FUNCTION_ARGUMENT";

pub struct Evaluation<'d> {
    pub data: &'d Data,
    /// Every error that a row met: which one comes first is the engine's choice.
    pub errors: BTreeSet<Failed>,
}

/// The order of two values that are not NULL.
pub fn order(left: &V, right: &V) -> Ordering {
    match (left, right) {
        (V::Bool(left), V::Bool(right)) => left.cmp(right),
        (V::Int(left), V::Int(right)) => left.cmp(right),
        (V::Text(left), V::Text(right)) => left.as_bytes().cmp(right.as_bytes()),
        (V::Int(left), V::Num(right)) => (*left as f64).partial_cmp(right).unwrap(),
        (V::Num(left), V::Int(right)) => left.partial_cmp(&(*right as f64)).unwrap(),
        (V::Num(left), V::Num(right)) => left.partial_cmp(right).unwrap(),
        (left, right) => panic!("{left:?} and {right:?}"),
    }
}

/// The order of keys with NULL at one of the ends.
pub fn key_order(left: &V, right: &V, descending: bool, nulls_first: bool) -> Ordering {
    match (left, right) {
        (V::Null, V::Null) => Ordering::Equal,
        (V::Null, _) => {
            if nulls_first {
                Ordering::Less
            } else {
                Ordering::Greater
            }
        }
        (_, V::Null) => {
            if nulls_first {
                Ordering::Greater
            } else {
                Ordering::Less
            }
        }
        (left, right) if descending => order(right, left),
        (left, right) => order(left, right),
    }
}

fn truth(value: Option<bool>) -> V {
    value.map_or(V::Null, V::Bool)
}

fn as_truth(value: &V) -> Option<bool> {
    match value {
        V::Bool(value) => Some(*value),
        V::Null => None,
        other => panic!("{other:?}"),
    }
}

fn equal(left: &V, right: &V) -> Option<bool> {
    if *left == V::Null || *right == V::Null { None } else { Some(order(left, right).is_eq()) }
}

fn among(value: &V, items: &[V]) -> Option<bool> {
    let found: Vec<Option<bool>> = items.iter().map(|item| equal(value, item)).collect();
    if found.contains(&Some(true)) {
        Some(true)
    } else if found.contains(&None) {
        None
    } else {
        Some(false)
    }
}

fn text(value: &V) -> &str {
    match value {
        V::Text(text) => text,
        other => panic!("{other:?}"),
    }
}

fn int(value: &V) -> i64 {
    match value {
        V::Int(number) => *number,
        other => panic!("{other:?}"),
    }
}

fn num(value: &V) -> f64 {
    match value {
        V::Int(number) => *number as f64,
        V::Num(number) => *number,
        other => panic!("{other:?}"),
    }
}

fn items(value: &V) -> &[V] {
    match value {
        V::List(items) => items,
        other => panic!("{other:?}"),
    }
}

fn like(text: &[char], pattern: &[char], escape: Option<char>) -> bool {
    match pattern {
        [] => text.is_empty(),
        [mark, next, rest @ ..] if Some(*mark) == escape => {
            text.first() == Some(next) && like(&text[1..], rest, escape)
        }
        ['%', rest @ ..] => (0..=text.len()).any(|at| like(&text[at..], rest, escape)),
        ['_', rest @ ..] => !text.is_empty() && like(&text[1..], rest, escape),
        [c, rest @ ..] => text.first() == Some(c) && like(&text[1..], rest, escape),
    }
}

impl Evaluation<'_> {
    pub fn expr(&self, expr: &E, row: &[V], param: &V) -> Result<V, Failed> {
        let of = |expr: &E| self.expr(expr, row, param);
        Ok(match expr {
            E::Lit(value) => value.clone(),
            E::Col(at, _) => row[*at].clone(),
            E::Param => param.clone(),
            E::Not(inner) => truth(as_truth(&of(inner)?).map(|value| !value)),
            E::IsNull(inner, negated) => V::Bool((of(inner)? == V::Null) != *negated),
            E::Neg(inner) => match of(inner)? {
                V::Int(number) => V::Int(number.checked_neg().ok_or(RANGE)?),
                V::Num(number) => V::Num(-number),
                other => other,
            },
            E::Bin(op @ ("AND" | "OR"), left, right) => {
                let decides = *op == "OR";
                let left = as_truth(&of(left)?);
                if left == Some(decides) {
                    return Ok(V::Bool(decides));
                }
                let right = as_truth(&of(right)?);
                truth(if right == Some(decides) { Some(decides) } else { left.and(right) })
            }
            E::Bin(op, left, right) => binary(op, &of(left)?, &of(right)?)?,
            E::Between(value, low, high, negated) => {
                let (value, low, high) = (of(value)?, of(low)?, of(high)?);
                let from = compare(&value, &low).map(Ordering::is_ge);
                let to = compare(&value, &high).map(Ordering::is_le);
                let within = match (from, to) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (from, to) => from.and(to),
                };
                truth(within.map(|within| within != *negated))
            }
            E::In(value, list, negated) => {
                let value = of(value)?;
                let list = list.iter().map(of).collect::<Result<Vec<_>, _>>()?;
                truth(among(&value, &list).map(|found| found != *negated))
            }
            E::Like(value, pattern, escape, negated) => match of(value)? {
                V::Null => V::Null,
                value => {
                    let text: Vec<char> = text(&value).chars().collect();
                    let pattern: Vec<char> = pattern.chars().collect();
                    V::Bool(like(&text, &pattern, *escape) != *negated)
                }
            },
            E::Case(operand, branches, otherwise) => {
                let operand = operand.as_ref().map(|operand| of(operand)).transpose()?;
                for (when, then) in branches {
                    let when = of(when)?;
                    let taken = match &operand {
                        None => as_truth(&when),
                        Some(operand) => equal(operand, &when),
                    };
                    if taken == Some(true) {
                        return of(then);
                    }
                }
                otherwise.as_ref().map_or(Ok(V::Null), |otherwise| of(otherwise))?
            }
            E::Cast(inner, kind, attempt) => match cast(&of(inner)?, *kind) {
                Err(_) if *attempt => V::Null,
                done => done?,
            },
            E::Call("coalesce", arguments) => {
                for argument in arguments {
                    let value = of(argument)?;
                    if value != V::Null {
                        return Ok(value);
                    }
                }
                V::Null
            }
            E::Call("if", arguments) => {
                let taken = as_truth(&of(&arguments[0])?) == Some(true);
                of(&arguments[if taken { 1 } else { 2 }])?
            }
            E::Call(name, arguments) => {
                let values = arguments.iter().map(of).collect::<Result<Vec<_>, _>>()?;
                call(name, &values)?
            }
            E::Lambda(name, list, body) => {
                let list = of(list)?;
                if list == V::Null {
                    return Ok(V::Null);
                }
                let mut found = Vec::new();
                for item in items(&list) {
                    let value = self.expr(body, row, item)?;
                    match *name {
                        "transform" => found.push(value),
                        _ if value == V::Bool(true) => found.push(item.clone()),
                        _ => {}
                    }
                }
                V::List(found)
            }
            E::Exists(filter, negated) => V::Bool(self.people(filter, row)?.is_empty() == *negated),
            E::InPeople(value, filter, negated) => {
                let value = of(value)?;
                let names: Vec<V> =
                    self.people(filter, row)?.iter().map(|person| person[0].clone()).collect();
                truth(among(&value, &names).map(|found| found != *negated))
            }
            E::OldestOf(filter) => {
                let ages = self.people(filter, row)?.into_iter().map(|person| person[1].clone());
                ages.filter(|age| *age != V::Null).max_by(order).unwrap_or(V::Null)
            }
        })
    }

    fn people(&self, filter: &E, row: &[V]) -> Result<Vec<Row>, Failed> {
        let mut found = Vec::new();
        for person in &self.data.people {
            let both = [row, person].concat();
            if self.expr(filter, &both, &V::Null)? == V::Bool(true) {
                found.push(person.clone());
            }
        }
        Ok(found)
    }

    /// The value, or NULL with the error kept.
    pub fn kept(&mut self, expr: &E, row: &[V]) -> V {
        match self.expr(expr, row, &V::Null) {
            Ok(value) => value,
            Err(error) => {
                self.errors.insert(error);
                V::Null
            }
        }
    }

    pub fn from(&mut self, from: &F) -> Vec<Row> {
        match from {
            F::Logs(_) => self.data.logs.clone(),
            F::People(_) => self.data.people.clone(),
            F::Query(query) => super::select::query(self, query),
            F::Unnest(left, list) => {
                let mut rows = Vec::new();
                for row in self.from(left) {
                    let list = self.kept(list, &row);
                    if list == V::Null {
                        continue;
                    }
                    for (at, item) in items(&list).iter().enumerate() {
                        rows.push([row.as_slice(), &[item.clone(), V::Int(at as i64 + 1)]].concat());
                    }
                }
                rows
            }
            F::Join(kind, left, right, on) => {
                let (left_rows, right_rows) = (self.from(left), self.from(right));
                let (left_width, right_width) = (width(left), width(right));
                let mut rows = Vec::new();
                let mut used = vec![false; right_rows.len()];
                for left in &left_rows {
                    let mut alone = true;
                    for (at, right) in right_rows.iter().enumerate() {
                        let both = [left.as_slice(), right].concat();
                        if on.as_ref().is_none_or(|on| self.kept(on, &both) == V::Bool(true)) {
                            alone = false;
                            used[at] = true;
                            rows.push(both);
                        }
                    }
                    if alone && matches!(*kind, "LEFT JOIN" | "FULL OUTER JOIN") {
                        rows.push([left.as_slice(), &vec![V::Null; right_width]].concat());
                    }
                }
                if matches!(*kind, "RIGHT JOIN" | "FULL OUTER JOIN") {
                    for (right, _) in right_rows.iter().zip(used).filter(|(_, used)| !used) {
                        rows.push([vec![V::Null; left_width], right.clone()].concat());
                    }
                }
                rows
            }
        }
    }

    pub fn aggregate(&mut self, agg: &Agg, rows: &[Row]) -> V {
        let rows: Vec<&Row> = rows
            .iter()
            .filter(|row| {
                let filter = agg.filter.as_ref();
                filter.is_none_or(|filter| self.expr(filter, row, &V::Null) == Ok(V::Bool(true)))
            })
            .collect();
        let Some(of) = &agg.of else { return V::Int(rows.len() as i64) };
        let mut values: Vec<V> = rows.iter().map(|row| self.kept(of, row)).collect();
        if agg.distinct {
            let mut seen: Vec<V> = Vec::new();
            values.retain(|value| {
                !seen.contains(value) && {
                    seen.push(value.clone());
                    true
                }
            });
        }
        if agg.name == "array_agg" {
            values.sort_by(|left, right| key_order(left, right, false, false));
            return if values.is_empty() { V::Null } else { V::List(values) };
        }
        values.retain(|value| *value != V::Null);
        match agg.name {
            "count" | "approx_distinct" => V::Int(values.len() as i64),
            "count_if" => V::Int(values.iter().filter(|value| **value == V::Bool(true)).count() as i64),
            "min" => values.into_iter().min_by(order).unwrap_or(V::Null),
            "max" => values.into_iter().max_by(order).unwrap_or(V::Null),
            _ if values.is_empty() => V::Null,
            "avg" => V::Num(values.iter().map(num).sum::<f64>() / values.len() as f64),
            "sum" => match &values[0] {
                V::Int(_) => match values.iter().try_fold(0_i64, |sum, value| sum.checked_add(int(value))) {
                    Some(sum) => V::Int(sum),
                    None => {
                        self.errors.insert(RANGE);
                        V::Null
                    }
                },
                _ => V::Num(values.iter().map(num).sum()),
            },
            "bool_and" => V::Bool(!values.contains(&V::Bool(false))),
            "bool_or" => V::Bool(values.contains(&V::Bool(true))),
            other => panic!("{other}"),
        }
    }

    /// The values of a window function, row by row.
    pub fn window(&mut self, win: &Win, rows: &[Row]) -> Vec<V> {
        let keys = |this: &mut Self, list: &[E], row: &Row| {
            list.iter().map(|key| this.kept(key, row)).collect::<Vec<_>>()
        };
        let order_keys: Vec<E> = win.order.iter().map(|(key, _)| key.clone()).collect();
        let partitions: Vec<Vec<V>> = rows.iter().map(|row| keys(self, &win.partition, row)).collect();
        let sorted: Vec<Vec<V>> = rows.iter().map(|row| keys(self, &order_keys, row)).collect();
        let compare = |left: usize, right: usize| {
            let pairs = sorted[left].iter().zip(&sorted[right]).zip(&win.order);
            pairs
                .map(|((left, right), (_, desc))| key_order(left, right, *desc, false))
                .find(|order| order.is_ne())
                .unwrap_or(Ordering::Equal)
        };
        let mut out = vec![V::Null; rows.len()];
        for at in 0..rows.len() {
            let mut members: Vec<usize> =
                (0..rows.len()).filter(|other| partitions[*other] == partitions[at]).collect();
            members.sort_by(|left, right| compare(*left, *right));
            let place = members.iter().position(|other| *other == at).unwrap();
            let last_peer = members.iter().rposition(|other| compare(*other, at).is_eq()).unwrap();
            let (from, to) = match win.frame {
                None => (0, last_peer),
                Some((from, to)) => (
                    from.map_or(0, |rows| place.saturating_sub(rows as usize)),
                    to.map_or(place, |rows| (place + rows as usize).min(members.len() - 1)),
                ),
            };
            let frame: Vec<Row> = members[from..=to].iter().map(|member| rows[*member].clone()).collect();
            let value = |this: &mut Self, place: Option<usize>| {
                place
                    .and_then(|place| members.get(place))
                    .map_or(V::Null, |member| this.kept(win.of.as_ref().unwrap(), &rows[*member]))
            };
            out[at] = match win.name {
                "row_number" => V::Int(place as i64 + 1),
                "rank" => {
                    V::Int(members.iter().filter(|other| compare(**other, at).is_lt()).count() as i64 + 1)
                }
                "dense_rank" => {
                    let mut before: Vec<&Vec<V>> = Vec::new();
                    for other in members.iter().filter(|other| compare(**other, at).is_lt()) {
                        if !before.contains(&&sorted[*other]) {
                            before.push(&sorted[*other]);
                        }
                    }
                    V::Int(before.len() as i64 + 1)
                }
                "lag" => value(self, place.checked_sub(win.offset as usize)),
                "lead" => value(self, place.checked_add(win.offset as usize)),
                "first_value" => value(self, Some(from)),
                "last_value" => value(self, Some(to)),
                name => {
                    self.aggregate(&Agg { name, of: win.of.clone(), distinct: false, filter: None }, &frame)
                }
            };
        }
        out
    }
}

pub fn width(from: &F) -> usize {
    match from {
        F::Logs(_) => 7,
        F::People(_) => 2,
        F::Join(_, left, right, _) => width(left) + width(right),
        F::Unnest(left, _) => width(left) + 2,
        F::Query(query) => query.items.len(),
    }
}

fn compare(left: &V, right: &V) -> Option<Ordering> {
    if *left == V::Null || *right == V::Null { None } else { Some(order(left, right)) }
}

fn binary(op: &str, left: &V, right: &V) -> Result<V, Failed> {
    if *left == V::Null || *right == V::Null {
        return Ok(V::Null);
    }
    Ok(match (op, left, right) {
        ("=", ..) => V::Bool(order(left, right).is_eq()),
        ("<>", ..) => V::Bool(order(left, right).is_ne()),
        ("<", ..) => V::Bool(order(left, right).is_lt()),
        ("<=", ..) => V::Bool(order(left, right).is_le()),
        (">", ..) => V::Bool(order(left, right).is_gt()),
        (">=", ..) => V::Bool(order(left, right).is_ge()),
        ("||", V::Text(left), V::Text(right)) => V::Text(format!("{left}{right}")),
        ("+", V::Int(left), V::Int(right)) => V::Int(left.checked_add(*right).ok_or(RANGE)?),
        ("-", V::Int(left), V::Int(right)) => V::Int(left.checked_sub(*right).ok_or(RANGE)?),
        ("*", V::Int(left), V::Int(right)) => V::Int(left.checked_mul(*right).ok_or(RANGE)?),
        ("/" | "%", V::Int(_), V::Int(0)) => return Err(ZERO),
        ("/", V::Int(left), V::Int(right)) => V::Int(left.checked_div(*right).ok_or(RANGE)?),
        ("%", V::Int(left), V::Int(right)) => V::Int(left.wrapping_rem(*right)),
        ("+", ..) => V::Num(num(left) + num(right)),
        ("-", ..) => V::Num(num(left) - num(right)),
        ("*", ..) => V::Num(num(left) * num(right)),
        other => panic!("{other:?}"),
    })
}

fn cast(value: &V, kind: T) -> Result<V, Failed> {
    Ok(match (value, kind) {
        (V::Null, _) => V::Null,
        (V::Text(text), T::Int) => V::Int(text.parse().map_err(|_| CAST)?),
        (V::Num(number), T::Int) => {
            let whole =
                if number.fract().abs() == 0.5 { number.trunc() + number.signum() } else { number.round() };
            V::Int(whole as i64)
        }
        (V::Bool(value), T::Int) => V::Int(i64::from(*value)),
        (V::Int(number), T::Num) => V::Num(*number as f64),
        (V::Int(number), T::Text) => V::Text(number.to_string()),
        (V::Bool(value), T::Text) => V::Text(value.to_string()),
        (V::Text(text), T::Bool) => match text.to_lowercase().as_str() {
            "true" | "t" | "1" => V::Bool(true),
            "false" | "f" | "0" => V::Bool(false),
            _ => return Err(CAST),
        },
        (value, _) => value.clone(),
    })
}

fn call(name: &str, values: &[V]) -> Result<V, Failed> {
    if name == "array" {
        return Ok(V::List(values.to_vec()));
    }
    if name == "nullif" {
        return Ok(if equal(&values[0], &values[1]) == Some(true) { V::Null } else { values[0].clone() });
    }
    if name == "td_time_range" {
        let after = values.get(1).and_then(|from| compare(&values[0], from)).map(Ordering::is_ge);
        let before = values.get(2).and_then(|to| compare(&values[0], to)).map(Ordering::is_lt);
        return Ok(match (&values[0], after, before) {
            (V::Null, ..) => V::Null,
            (_, after, before) => V::Bool(after != Some(false) && before != Some(false)),
        });
    }
    if values.contains(&V::Null) {
        return Ok(V::Null);
    }
    let first = &values[0];
    let characters = |value: &V| text(value).chars().collect::<Vec<char>>();
    Ok(match name {
        "lower" => V::Text(text(first).to_lowercase()),
        "upper" => V::Text(text(first).to_uppercase()),
        "length" => V::Int(characters(first).len() as i64),
        "reverse" => V::Text(text(first).chars().rev().collect()),
        "substr" => {
            let (all, start, length) = (characters(first), int(&values[1]), int(&values[2]));
            let start = if start < 0 { all.len() as i64 + start } else { start - 1 };
            let within = start >= 0 && start < all.len() as i64 && length > 0;
            let part = all.into_iter().skip(start.max(0) as usize).take(length.max(0) as usize);
            V::Text(if within { part.collect() } else { String::new() })
        }
        "strpos" => {
            let (all, part) = (characters(first), characters(&values[1]));
            let found = (0..=all.len()).find(|at| all[*at..].starts_with(&part));
            V::Int(found.map_or(0, |at| at as i64 + 1))
        }
        "split_part" => {
            let parts: Vec<&str> = text(first).split(text(&values[1])).collect();
            parts.get(int(&values[2]) as usize - 1).map_or(V::Null, |part| V::Text((*part).to_owned()))
        }
        "abs" => match first {
            V::Int(number) => V::Int(number.checked_abs().ok_or(RANGE)?),
            other => V::Num(num(other).abs()),
        },
        "floor" => V::Num(num(first).floor()),
        "ceil" => V::Num(num(first).ceil()),
        "greatest" => values.iter().cloned().max_by(order).unwrap(),
        "least" => values.iter().cloned().min_by(order).unwrap(),
        "cardinality" => V::Int(items(first).len() as i64),
        "contains" => truth(among(&values[1], items(first))),
        "element_at" => {
            let (items, at) = (items(first), int(&values[1]));
            let place = if at < 0 { items.len() as i64 + at } else { at - 1 };
            usize::try_from(place).ok().and_then(|place| items.get(place)).cloned().unwrap_or(V::Null)
        }
        "subscript" => {
            let place = usize::try_from(int(&values[1]) - 1).map_err(|_| ARGUMENT)?;
            items(first).get(place).cloned().ok_or(ARGUMENT)?
        }
        "array_join" => {
            let parts: Vec<&str> = items(first).iter().filter(|item| **item != V::Null).map(text).collect();
            V::Text(parts.join(text(&values[1])))
        }
        other => panic!("{other}"),
    })
}

/// The items of a query for a group or a row.
pub fn item(evaluation: &mut Evaluation<'_>, item: &Item, rows: &[Row]) -> V {
    match item {
        Item::Plain(expr) => match rows.first() {
            Some(row) => evaluation.kept(expr, row),
            None => V::Null,
        },
        Item::Agg(agg) => evaluation.aggregate(agg, rows),
        Item::Win(_) => panic!("a window of a group"),
    }
}

pub fn is_query_with_windows(query: &Q) -> bool {
    query.items.iter().any(|(item, _)| matches!(item, Item::Win(_)))
}
