//! The `--jq` filter on a large array. `cargo bench --bench jq [-- MEGABYTES]`.
//!
//! Building the input is left out of the figures. Needs `harness = false`.

use serde_json::{Value, json};
use std::time::Instant;
use tdx_rt::jq::Filter;

fn main() {
    let megabytes: usize = std::env::args().skip(1).find_map(|text| text.parse().ok()).unwrap_or(20);
    let mut items = Vec::new();
    let mut bytes = 0;
    while bytes < megabytes << 20 {
        let n = items.len();
        let item = json!({"id": n, "name": format!("customer {n}"), "age": n % 90, "city": format!("city {}", n % 50)});
        bytes += item.to_string().len();
        items.push(item);
    }
    println!("{} items, {megabytes} MB", items.len());
    let input = Value::Array(items);
    for text in ["length", "map(select(.age > 60)) | length", "group_by(.city) | map(length) | add"] {
        let filter = Filter::compile(text, &[]).unwrap();
        let input = input.clone();
        let started = Instant::now();
        let mut outputs = 0;
        filter.run(input, &mut |_| outputs += 1).unwrap();
        println!("{text:<40} {:>8.2} s, {outputs} outputs", started.elapsed().as_secs_f64());
    }
}
