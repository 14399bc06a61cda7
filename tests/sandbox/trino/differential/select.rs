//! The answer to a whole query.

use super::ast::{E, Item, Q, V};
use super::evaluate::{Evaluation, Row, is_query_with_windows, item, key_order, order};
use std::cmp::Ordering;

pub fn query(evaluation: &mut Evaluation<'_>, query: &Q) -> Vec<Row> {
    let mut rows = body(evaluation, query);
    if let Some((op, other)) = &query.set {
        let others = body(evaluation, other);
        rows = match *op {
            "UNION ALL" => [rows, others].concat(),
            "UNION" => distinct([rows, others].concat()),
            "INTERSECT" => distinct(rows.into_iter().filter(|row| others.contains(row)).collect()),
            "EXCEPT" => distinct(rows.into_iter().filter(|row| !others.contains(row)).collect()),
            other => panic!("{other}"),
        };
    }
    rows.sort_by(|left, right| compare(query, left, right));
    match query.limit {
        None => rows,
        Some((limit, offset)) => rows.into_iter().skip(offset).take(limit).collect(),
    }
}

/// The order that the query asks for.
pub fn compare(query: &Q, left: &[V], right: &[V]) -> Ordering {
    let keys = query.order.iter().map(|(at, descending, nulls_first)| {
        key_order(&left[*at], &right[*at], *descending, nulls_first.unwrap_or(false))
    });
    keys.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

fn body(evaluation: &mut Evaluation<'_>, query: &Q) -> Vec<Row> {
    let mut rows = evaluation.from(&query.from);
    if let Some(filter) = &query.filter {
        rows.retain(|row| holds(evaluation, filter, row));
    }
    let out: Vec<Row> = if is_query_with_windows(query) {
        let columns: Vec<Vec<V>> = query
            .items
            .iter()
            .map(|(item, _)| match item {
                Item::Win(win) => evaluation.window(win, &rows),
                Item::Plain(expr) => rows.iter().map(|row| evaluation.kept(expr, row)).collect(),
                Item::Agg(_) => panic!("an aggregate beside a window"),
            })
            .collect();
        (0..rows.len()).map(|at| columns.iter().map(|column| column[at].clone()).collect()).collect()
    } else if let Some(keys) = query.group {
        let mut groups: Vec<(Row, Vec<Row>)> = Vec::new();
        if keys == 0 {
            groups.push((Vec::new(), rows));
        } else {
            for row in rows {
                let key: Row = query.items[..keys]
                    .iter()
                    .map(|(key, _)| item(evaluation, key, std::slice::from_ref(&row)))
                    .collect();
                match groups.iter_mut().find(|(own, _)| *own == key) {
                    Some((_, members)) => members.push(row),
                    None => groups.push((key, vec![row])),
                }
            }
        }
        let mut out = Vec::new();
        for (key, members) in groups {
            if let Some((agg, op, number)) = &query.having {
                let value = evaluation.aggregate(agg, &members);
                let holds = value != V::Null && {
                    let found = order(&value, &V::Int(*number));
                    match *op {
                        ">" => found.is_gt(),
                        "<=" => found.is_le(),
                        other => panic!("{other}"),
                    }
                };
                if !holds {
                    continue;
                }
            }
            let mut row = key;
            row.extend(
                query.items[keys..]
                    .iter()
                    .map(|(agg, _)| item(evaluation, agg, &members))
                    .collect::<Vec<_>>(),
            );
            out.push(row);
        }
        out
    } else {
        rows.iter()
            .map(|row| {
                query
                    .items
                    .iter()
                    .map(|(plain, _)| item(evaluation, plain, std::slice::from_ref(row)))
                    .collect()
            })
            .collect()
    };
    if query.distinct { distinct(out) } else { out }
}

/// A row that does not meet one condition of a filter is not asked for the next one.
fn holds(evaluation: &mut Evaluation<'_>, filter: &E, row: &Row) -> bool {
    match filter {
        E::Bin("AND", left, right) => holds(evaluation, left, row) && holds(evaluation, right, row),
        filter => evaluation.kept(filter, row) == V::Bool(true),
    }
}

fn distinct(rows: Vec<Row>) -> Vec<Row> {
    let mut seen: Vec<Row> = Vec::new();
    for row in rows {
        if !seen.contains(&row) {
            seen.push(row);
        }
    }
    seen
}
