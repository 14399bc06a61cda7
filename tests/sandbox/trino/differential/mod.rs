//! Generated queries, answered by the sandbox and by their definition.

mod ast;
mod evaluate;
mod generate;
mod select;

use super::{Table, answer};
use crate::common::Random;
use ast::{Q, T, V};
use evaluate::{Data, Evaluation, Row};
use generate::Generator;
use rusqlite::Connection;
use serde_json::{Value, json};
use tdx_rt::sandbox::trino::TrinoType;

/// How many queries; `TDX_RT_SQL_ROUNDS` asks for more, `TDX_RT_SQL_SEED` for others.
const QUERIES: u64 = 200;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

fn data(random: &mut Random) -> Data {
    let texts = ["a", "b", "A", "ab", "a%b", "x_y", "it's", "é€", "12", "-7", ""];
    let maybe = |random: &mut Random, value: V| if random.one_in(5) { V::Null } else { value };
    let text = |random: &mut Random| V::Text((*random.pick(&texts)).to_owned());
    let logs = (0..14)
        .map(|at| {
            let tags = (0..random.below(4))
                .map(|_| {
                    let tag = text(random);
                    maybe(random, tag)
                })
                .collect();
            let name = text(random);
            let n = V::Int(random.below(6) as i64 - 1);
            let d = V::Num(random.below(16) as f64 / 4.0 - 1.0);
            let ok = V::Bool(random.one_in(2));
            let big = V::Int(*random.pick(&[i64::MAX, i64::MIN, 3, 0, 4_000_000_000]));
            let row = [name, n, d, ok, V::List(tags), big].map(|value| maybe(random, value));
            [vec![V::Int(at)], row.to_vec()].concat()
        })
        .collect();
    let people = (0..6)
        .map(|_| {
            let (name, age) = (text(random), V::Int(20 + random.below(30) as i64));
            vec![maybe(random, name), maybe(random, age)]
        })
        .collect();
    Data { logs, people }
}

fn cell(value: &V) -> Value {
    match value {
        V::Null => Value::Null,
        V::Bool(value) => json!(value),
        V::Int(number) => json!(number),
        // No difference between 0 and -0.
        V::Num(number) => json!(number + 0.0),
        V::Text(text) => json!(text),
        V::List(items) => items.iter().map(cell).collect(),
    }
}

fn tables(data: &Data) -> Vec<Table> {
    let text = || TrinoType::Varchar;
    let rows = |rows: &[Row]| rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    vec![
        Table {
            name: "logs",
            columns: vec![
                ("time", TrinoType::Bigint),
                ("name", text()),
                ("n", TrinoType::Bigint),
                ("d", TrinoType::Double),
                ("ok", TrinoType::Boolean),
                ("tags", TrinoType::array(text())),
                ("big", TrinoType::Bigint),
            ],
            rows: rows(&data.logs),
        },
        Table {
            name: "people",
            columns: vec![("name", text()), ("age", TrinoType::Bigint)],
            rows: rows(&data.people),
        },
    ]
}

/// A cell as a value of its type.
fn value(cell: &Value, kind: T) -> V {
    match (cell, kind) {
        (Value::Null, _) => V::Null,
        (Value::Bool(value), T::Bool) => V::Bool(*value),
        (Value::Number(number), T::Int) => V::Int(number.as_i64().unwrap()),
        (Value::Number(number), T::Num) => V::Num(number.as_f64().unwrap()),
        (Value::String(text), T::Text) => V::Text(text.clone()),
        (Value::Array(items), T::Texts) => V::List(items.iter().map(|item| value(item, T::Text)).collect()),
        other => panic!("{other:?}"),
    }
}

/// Rows as text, in an order of their own: fractions to twelve digits.
fn sorted(rows: &[Row]) -> Vec<String> {
    let shown = |value: &V| match value {
        V::Num(number) => format!("{:.12e}", number + 0.0),
        other => format!("{other:?}"),
    };
    let mut rows: Vec<String> =
        rows.iter().map(|row| row.iter().map(shown).collect::<Vec<_>>().join(" | ")).collect();
    rows.sort();
    rows
}

fn check(connection: &mut Connection, tables: &[Table], data: &Data, query: &Q, counts: &mut [u32; 3]) {
    let sql = query.to_string();
    let mut evaluation = Evaluation { data, errors: Default::default() };
    let expected = select::query(&mut evaluation, query);
    match answer(connection, tables, &sql) {
        Err(error) => {
            assert!(
                evaluation.errors.contains(error.name),
                "{sql}\n{error:?}\nexpected: {:?} or {expected:?}",
                evaluation.errors
            );
            counts[1] += 1;
        }
        Ok((columns, cells)) => {
            assert!(
                evaluation.errors.is_empty(),
                "{sql}\nexpected an error: {:?}\n{cells:?}",
                evaluation.errors
            );
            assert_eq!(columns.len(), query.items.len(), "{sql}");
            let rows: Vec<Row> = cells
                .iter()
                .map(|row| row.iter().zip(&query.items).map(|(cell, (_, kind))| value(cell, *kind)).collect())
                .collect();
            assert_eq!(sorted(&rows), sorted(&expected), "{sql}");
            let in_order = rows.windows(2).all(|pair| select::compare(query, &pair[0], &pair[1]).is_le());
            assert!(in_order, "{sql}\n{rows:?}");
            counts[if rows.is_empty() { 2 } else { 0 }] += 1;
        }
    }
}

#[test]
fn generated_queries_have_the_answers_of_their_definition() {
    let seed = number("TDX_RT_SQL_SEED", 18);
    let rounds = number("TDX_RT_SQL_ROUNDS", QUERIES);
    let mut counts = [0; 3];
    for round in 0..rounds {
        let mut random = Random(seed.wrapping_mul(1_000_003).wrapping_add(round));
        let data = data(&mut random);
        let tables = tables(&data);
        let mut connection = super::database(&tables);
        let may_fail = random.one_in(2);
        let query = Generator { random: &mut random, may_fail }.query();
        check(&mut connection, &tables, &data, &query, &mut counts);
    }
    // Most answers have rows, and errors are among them.
    let [with_rows, errors, empty] = counts.map(u64::from);
    assert!(
        with_rows > rounds / 2 && errors > rounds / 20,
        "{with_rows} with rows, {errors} errors, {empty} empty"
    );
}
