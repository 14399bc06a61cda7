//! The `--jq` filter on a large array. `cargo bench --bench jq [-- MEGABYTES]`.
//!
//! Building the input is left out of the figures. Needs `harness = false`.

mod common;

use common::{amounts, timed};
use serde_json::{Value, json};
use tdx_rt::jq::Filter;

fn main() {
    for megabytes in amounts(&[20], &[1]) {
        run(megabytes as usize);
    }
}

fn run(megabytes: usize) {
    let mut items = Vec::new();
    let mut bytes = 0;
    while bytes < megabytes << 20 {
        let n = items.len();
        let item = json!({"id": n, "name": format!("customer {n}"), "age": n % 90, "city": format!("city {}", n % 50)});
        bytes += item.to_string().len();
        items.push(item);
    }
    let count = items.len();
    println!("{count} items, {megabytes} MB");
    let old = (0..count).filter(|n| n % 90 > 60).count();
    let input = Value::Array(items);
    for (text, expected) in [
        ("length", count),
        ("map(select(.age > 60)) | length", old),
        ("group_by(.city) | map(length) | add", count),
    ] {
        let filter = Filter::compile(text, &[]).unwrap();
        let input = input.clone();
        let mut outputs = Vec::new();
        let (ended, taken) = timed(|| filter.run(input, &mut |output| outputs.push(output)));
        println!("{text:<40} {:>8.2} s, {} outputs", taken.as_secs_f64(), outputs.len());
        ended.unwrap();
        assert_eq!(
            outputs.iter().map(ToString::to_string).collect::<Vec<_>>(),
            [expected.to_string()],
            "{text}"
        );
    }
    calls(if megabytes < 20 { 16 } else { 24 });
}

/// 2^levels calls of `. + 1`, through definitions that call their argument twice. With 24 levels
/// this may take three times as long as jq 1.8.2, which takes 2.4 s on two cores of 2026.
fn calls(levels: usize) {
    let nested = format!("def f(x): x | x; 0 | {}. + 1{}", "f(".repeat(levels), ")".repeat(levels));
    let filter = Filter::compile(&nested, &[]).unwrap();
    let mut outputs = Vec::new();
    let (ended, taken) = timed(|| filter.run(Value::Null, &mut |output| outputs.push(output)));
    println!("2^{levels} nested calls {:>30.2} s, {} outputs", taken.as_secs_f64(), outputs.len());
    ended.unwrap();
    assert_eq!(outputs, [json!(1_u64 << levels)]);
}
