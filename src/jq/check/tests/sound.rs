//! The shapes that the check computes against the values that the filter gives: every output must
//! be among what was foreseen. A shape that leaves something out is how a false alarm begins.

use super::super::env::Env;
use super::super::infer::Checker;
use super::super::shape::{Branch, Place, Shape, Texts};
use super::{corpus, golden};
use crate::jq::{Filter, Known, guard};
use serde_json::{Value, json};

/// The schema that just fits a value: closed objects, elements of the kinds that occur.
fn schema_of(value: &Value) -> Value {
    match value {
        Value::Null => json!({"type": "null"}),
        Value::Bool(_) => json!({"type": "boolean"}),
        Value::Number(_) => json!({"type": "number"}),
        Value::String(_) => json!({"type": "string"}),
        Value::Array(items) => {
            let items: Vec<Value> = items.iter().map(schema_of).collect();
            json!({"type": "array", "items": {"anyOf": items}})
        }
        Value::Object(map) => {
            let fields: serde_json::Map<_, _> = map.iter().map(|(k, v)| (k.clone(), schema_of(v))).collect();
            let required: Vec<_> = map.keys().cloned().collect();
            json!({"type": "object", "properties": fields, "required": required, "additionalProperties": false})
        }
    }
}

/// Whether a value is among what a shape foresees.
fn admits<'a>(checker: &mut Checker<'a>, shape: &Shape<'a>, value: &Value) -> bool {
    if shape.any {
        return true;
    }
    match value {
        Value::Null => shape.null,
        Value::Bool(b) => {
            if *b {
                shape.yes
            } else {
                shape.no
            }
        }
        Value::Number(_) => shape.number,
        Value::String(text) => match &shape.texts {
            Texts::None => false,
            Texts::Some(words) => words.contains(text.as_str()),
            Texts::Any => true,
        },
        Value::Array(items) => {
            let arrays = shape.branches.iter().filter(|branch| matches!(branch, Branch::Array(..)));
            let arrays = Shape { branches: arrays.cloned().collect(), ..Shape::default() };
            let element = checker.elements(&arrays, false);
            !arrays.is_never() && items.iter().all(|item| admits(checker, &element, item))
        }
        Value::Object(map) => shape.branches.iter().any(|branch| {
            let Branch::Object(_, body) = branch else { return false };
            map.iter().all(|(name, value)| {
                let (field, there) = checker.field(body, name, || Place::from("."));
                (there && admits(checker, &field, value)) || field.any
            })
        }),
    }
}

/// How many outputs were compared, and with how many of them the shape was known.
#[derive(Default)]
struct Tally {
    outputs: usize,
    known: usize,
}

/// Runs a filter both ways; the outputs that were not foreseen.
fn unforeseen(filter: &str, schema: &Value, input: &Value, tally: &mut Tally) -> Vec<Value> {
    let Ok(filter) = Filter::compile(filter, &[]) else { return Vec::new() };
    let mut outputs = Vec::new();
    let _ = filter.run(input.clone(), &mut |output| outputs.push(output));
    let known = Known::Document(Some(input));
    let foresee = || {
        let mut checker = Checker::new(&filter.program, schema, &known);
        checker.excuse(&filter.body);
        let start = checker.shape_of(schema, &Place::from("."));
        let shape = checker.eval(&filter.body, &Env::default(), &start);
        tally.outputs += outputs.len();
        tally.known += if shape.any { 0 } else { outputs.len() };
        outputs.retain(|output| !admits(&mut checker, &shape, output));
    };
    // The walk needs the large stack that a filter runs on.
    guard::guarded(foresee).unwrap();
    outputs
}

#[test]
fn what_a_command_prints_is_foreseen_through_every_valid_filter() {
    let (mut wrong, mut tally) = (Vec::new(), Tally::default());
    for case in corpus("valid.txt") {
        for schema in [&case.schema, &schema_of(&case.document)] {
            let found = unforeseen(&case.filter, schema, &case.document, &mut tally);
            wrong.extend(found.first().map(|output| format!("{}\n    {output}", case.line)));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    println!("{} outputs, {} of shapes that are known", tally.outputs, tally.known);
    assert!(tally.known > 600, "{}", tally.known);
}

#[test]
fn the_outputs_of_the_jq_corpus_are_foreseen() {
    let input: Value = serde_json::from_str(&golden("jq/input.json")).unwrap();
    let filters = golden("jq/filters.txt");
    let mut cases: Vec<(String, Value)> =
        filters.lines().map(|line| (line.to_owned(), input.clone())).collect();
    for line in golden("jq/more.jsonl").lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let filter = row["filter"].as_str().or_else(|| row[0].as_str()).expect(line).to_owned();
        let input = row.get("input").or_else(|| row.get(1)).cloned().unwrap_or_default();
        cases.push((filter, input));
    }
    assert!(cases.len() > 800, "{}", cases.len());
    let (mut wrong, mut tally) = (Vec::new(), Tally::default());
    for (filter, input) in cases {
        let found = unforeseen(&filter, &schema_of(&input), &input, &mut tally);
        wrong.extend(found.first().map(|output| format!("{filter}\n    on {input}: {output}")));
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    println!("{} outputs, {} of shapes that are known", tally.outputs, tally.known);
    assert!(tally.known > 600, "{}", tally.known);
}
