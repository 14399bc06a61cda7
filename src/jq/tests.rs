//! The filter against jq: golden outputs, and what no golden file shows.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{CompileError, Filter, RunError};

fn golden(name: &str) -> String {
    let path = format!("{}/tests/golden/jq/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).expect(&path)
}

fn run_on(expr: &str, input: Value) -> (Vec<Value>, Result<(), RunError>) {
    let filter = Filter::compile(expr, &[]).expect(expr);
    let mut out = Vec::new();
    let result = filter.run(input, &mut |v| out.push(v));
    (out, result)
}

/// The outputs of a filter on null, which must not fail.
fn all(expr: &str) -> Vec<Value> {
    let (out, result) = run_on(expr, Value::Null);
    assert_eq!(result, Ok(()), "{expr}");
    out
}

fn message(expr: &str) -> String {
    match run_on(expr, Value::Null).1 {
        Err(e) => e.to_string(),
        Ok(()) => panic!("{expr} did not fail"),
    }
}

fn compile_error(expr: &str) -> CompileError {
    Filter::compile(expr, &[]).expect_err(expr)
}

/// Equal as JSON, with numbers as doubles: 1.0 and 1 are the same number. The last bit is left
/// out, which serde's reading of the expected text may get wrong.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(x), Value::Number(y)) => {
            let (f, g) = (x.as_f64().unwrap_or(0.0), y.as_f64().unwrap_or(0.0));
            x == y || (f - g).abs() <= f.abs() * f64::EPSILON
        }
        (Value::Array(x), Value::Array(y)) => x.len() == y.len() && x.iter().zip(y).all(|(x, y)| same(x, y)),
        (Value::Object(x), Value::Object(y)) => {
            // Order matters here.
            let pairs = x.iter().zip(y);
            x.len() == y.len() && pairs.into_iter().all(|((k, v), (l, w))| k == l && same(v, w))
        }
        _ => a == b,
    }
}

/// How a filter ended, in the form of the golden files.
fn ending(result: &Result<(), RunError>) -> Value {
    match result {
        Ok(()) => Value::Null,
        Err(RunError::Halted { code, message }) => {
            let text = match message {
                None => String::new(),
                Some(Value::String(s)) => s.trim_end().to_owned(),
                Some(other) => other.to_string(),
            };
            json!({"halt": code, "stderr": text})
        }
        Err(e) => json!({"message": e.to_string()}),
    }
}

/// What is unlike jq about one filter, if anything.
fn unlike(case: &Value, input: &Value) -> Option<String> {
    let expr = case["filter"].as_str().expect("a filter");
    let wanted = case.get("error").cloned().unwrap_or(Value::Null);
    let filter = match Filter::compile(expr, &[]) {
        Ok(filter) => filter,
        Err(_) if wanted.get("compile").is_some() => return None,
        Err(e) => return Some(e.to_string()),
    };
    if wanted.get("compile").is_some() {
        return Some("compiles, unlike in jq".to_owned());
    }
    let mut out = Vec::new();
    let result = filter.run(input.clone(), &mut |v| out.push(v));
    let texts = case["out"].as_array().expect("outputs");
    let parse = |t: &Value| serde_json::from_str(t.as_str().unwrap_or("")).ok();
    let expected: Option<Vec<Value>> = texts.iter().map(parse).collect();
    let alike = expected
        .as_ref()
        .is_some_and(|e| e.len() == out.len() && e.iter().zip(&out).all(|(x, y)| same(x, y)));
    if !alike {
        return Some(format!("gives {}", Value::Array(out)));
    }
    let end = ending(&result);
    (end != wanted).then(|| format!("ends with {end}, not {wanted}"))
}

/// Filters that differ from jq on purpose or by nature, with the reason.
fn differences() -> BTreeMap<String, String> {
    let text = golden("differences.tsv");
    let rows = text.lines().filter(|l| !l.starts_with("##"));
    rows.filter_map(|l| l.split_once('\t'))
        .map(|(filter, reason)| (filter.to_owned(), reason.to_owned()))
        .collect()
}

#[test]
fn gives_what_jq_gives() {
    let input: Value = serde_json::from_str(&golden("input.json")).expect("input.json");
    let known = differences();
    let mut surprises = Vec::new();
    let (mut alike, mut different) = (0, 0);
    for name in ["expected.jsonl", "more.jsonl", "manual.jsonl"] {
        for line in golden(name).lines() {
            let case: Value = serde_json::from_str(line).expect(line);
            let expr = case["filter"].as_str().expect("a filter");
            match (unlike(&case, &input), known.contains_key(expr)) {
                (None, false) => alike += 1,
                (Some(_), true) => different += 1,
                (None, true) => surprises.push(format!("{expr}\n    is like jq now")),
                (Some(how), false) => surprises.push(format!("{expr}\n    {how}")),
            }
        }
    }
    let list = surprises.join("\n");
    assert!(surprises.is_empty(), "{} surprises:\n{list}", surprises.len());
    assert_eq!(different, known.len(), "a row of differences.tsv names no filter");
    assert!(alike > 1_700, "{alike} alike");
}

#[test]
fn every_listed_filter_has_an_expectation() {
    let expected = golden("expected.jsonl");
    let filters = golden("filters.txt");
    let known: Vec<Value> = expected.lines().map(|l| serde_json::from_str(l).expect(l)).collect();
    for filter in filters.lines().filter(|l| !l.is_empty()) {
        assert!(known.iter().any(|k| k["filter"] == filter), "{filter}");
    }
}

/// A small generator of pseudo-random numbers, the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }
}

/// One small change to a filter: a piece of another one put in, a part cut out or doubled.
fn mutate(filters: &[String], random: &mut Random) -> String {
    const PIECES: &[&str] = &[
        "|",
        ",",
        ".",
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        "//",
        "?",
        "\"",
        "\\(",
        " as $x | ",
        "..",
        "|=",
        "= 1",
        "-",
        "1",
        "null",
        ".[]",
        ".a",
        "$x",
        "@base64",
        "path(",
        "try ",
        " end ",
        "\u{e9}",
        "#",
        "?//",
        "reduce . as $x (0; .)",
        "label $f | ",
        "break $f",
        "del(",
        "%",
        "*",
    ];
    let mut chars: Vec<char> = filters[random.below(filters.len())].chars().collect();
    for _ in 0..1 + random.below(3) {
        let at = random.below(chars.len() + 1);
        let end = (at + random.below(6)).min(chars.len());
        match random.below(4) {
            0 => drop(chars.drain(at..end)),
            1 => {
                let piece = PIECES[random.below(PIECES.len())];
                chars.splice(at..at, piece.chars());
            }
            2 => {
                let other: Vec<char> = filters[random.below(filters.len())].chars().collect();
                let from = random.below(other.len());
                let to = (from + random.below(12)).min(other.len());
                chars.splice(at..at, other[from..to].iter().copied());
            }
            _ => {
                let part = chars[at..end].to_vec();
                chars.splice(at..at, part);
            }
        }
    }
    chars.into_iter().collect()
}

/// Filters that may run without end, as they may in jq.
fn may_not_end(expr: &str) -> bool {
    const LOOPS: &[&str] =
        &["repeat", "while", "until", "recurse", "range", "infinite", "def", "combinations", "limit"];
    // Long numbers make long strings and arrays.
    let digits = expr.as_bytes().windows(6);
    LOOPS.iter().any(|l| expr.contains(l))
        || digits.into_iter().any(|w| w.iter().all(u8::is_ascii_digit))
        || expr.contains("e1")
}

#[test]
fn no_mutation_of_a_filter_panics() {
    let mut filters: Vec<String> = golden("filters.txt").lines().map(str::to_owned).collect();
    filters.retain(|f| !f.is_empty());
    let input: Value = serde_json::from_str(&golden("input.json")).expect("input.json");
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut ran = 0;
    for _ in 0..4_000 {
        let expr = mutate(&filters, &mut random);
        match Filter::compile(&expr, &[]) {
            Err(e) => assert!(!e.message.contains("internal"), "{expr}\n{e}"),
            Ok(_) if may_not_end(&expr) => {}
            Ok(filter) => {
                ran += 1;
                let result = filter.run(input.clone(), &mut drop);
                let broken = matches!(result, Err(RunError::Engine(_)));
                assert!(!broken, "{expr}\n{result:?}");
            }
        }
    }
    assert!(ran > 500, "{ran} mutations compiled");
}

#[test]
fn deep_filters_are_refused() {
    for open in ["[", "(", "{a:", "if 1 then ", "-", "\"\\(", "try ", ". as [", "def f: "] {
        let e = compile_error(&open.repeat(10_000));
        let refused = e.message.contains("deep") || e.message.contains("syntax error");
        assert!(refused, "{open}: {e}");
    }
    let nested = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    assert!(compile_error(&nested).message.contains("nests more than"));
    let chain = ".|".repeat(30_000) + ".";
    assert!(compile_error(&chain).message.contains("operators"));
    assert!(compile_error(&"x".repeat(2 << 20)).message.contains("longer"));
}

#[test]
fn wide_and_deep_filters_within_the_limits_run() {
    let sum = vec!["1"; 5_000].join("+");
    assert_eq!(all(&sum), [json!(5_000)]);
    let pipe = vec![". + 1"; 5_000].join("|");
    assert_eq!(run_on(&pipe, json!(0)).0, [json!(5_000)]);
    let commas = format!("[{}] | length", vec!["."; 20_000].join(","));
    assert_eq!(all(&commas), [json!(20_000)]);
    let nested = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    assert_eq!(all(&format!("{nested} | flatten")), [json!([1])]);
    let calls = format!("{}.{}", "map(".repeat(60), ")".repeat(60));
    assert!(Filter::compile(&calls, &[]).is_ok());
    let paths = format!("{}.{}", "del(".repeat(60), ")".repeat(60));
    assert!(Filter::compile(&paths, &[]).is_ok());
}

#[test]
fn runaway_recursion_is_an_error() {
    for expr in ["def f: 1 + f; f", "def f: [f]; f", "def f: f, 1; first(f)", "def f: [path(f)] | empty; f"] {
        assert_eq!(message(expr), "the filter recurses too deeply", "{expr}");
    }
}

#[test]
fn tail_recursion_is_a_loop() {
    let count = "def f: if . < 100000 then . + 1 | f else . end; 0 | f";
    assert_eq!(all(count), [json!(100_000)]);
    assert_eq!(all("last(limit(100000; def f: 1, f; f))"), [json!(1)]);
}

#[test]
fn deep_values_do_not_end_the_process() {
    let mut deep = json!(1);
    for _ in 0..100_000 {
        deep = Value::Array(vec![deep]);
    }
    let (out, result) = run_on("1", deep);
    assert_eq!((out, result), (vec![json!(1)], Ok(())));
    let too_deep = run_on("reduce range(5000) as $i (0; [.])", Value::Null).1;
    assert_eq!(too_deep, Err(RunError::TooDeep(1_000)));
    assert_eq!(all("reduce range(100000) as $i (0; [.]) | 1"), [json!(1)]);
}

#[test]
fn outputs_before_an_error_are_delivered() {
    let (out, result) = run_on("1, 2, error(\"x\"), 3", Value::Null);
    assert_eq!(out, [json!(1), json!(2)]);
    let raised = RunError::Raised { message: "x".to_owned(), value: json!("x") };
    assert_eq!(result, Err(raised));
    assert_eq!(message("error({a: 1})"), "(not a string): {\"a\":1}");
}

#[test]
fn halting_is_an_outcome() {
    let halted = |code, message| Err(RunError::Halted { code, message });
    assert_eq!(run_on("1, halt, 2", Value::Null), (vec![json!(1)], halted(0, None)));
    let (_, result) = run_on("try halt catch 1", Value::Null);
    assert_eq!(result, halted(0, None));
    let (_, result) = run_on("{a: 1} | halt_error(3)", Value::Null);
    assert_eq!(result, halted(3, Some(json!({"a": 1}))));
}

/// Filters that would fill the memory, and the error that ends each instead.
#[test]
fn nothing_grows_without_bound() {
    for (expr, wanted) in [
        (r#"reduce range(64) as $i ("ab"; . + .)"#, "String too long"),
        (r#"reduce range(64) as $i ("ab"; "\(.)\(.)")"#, "String too long"),
        (r#"reduce range(64) as $i ("ab"; [., .] | add)"#, "String too long"),
        (r#"reduce range(64) as $i ("ab"; [., .] | join(""))"#, "String too long"),
        (r#""x" * 1e12"#, "Repeat string result too long"),
        ("[0, 1] | .[1e9] = 1", "Array index too large"),
        ("reduce range(64) as $i ([1]; [., .]) | tojson", "String too long"),
        ("reduce range(64) as $i ([1]; [., .]) | tostring | length", "String too long"),
        ("reduce range(64) as $i ([1]; [., .]) | @sh \"\\(.)\"", "(["),
        ("reduce range(300000) as $i (0; [.]) | 1", "the value is nested too deeply"),
        ("reduce range(300000) as $i (0; {a: .}) | 1", "the value is nested too deeply"),
    ] {
        let message = message(expr);
        assert!(message.contains(wanted), "{expr}: {message}");
    }
}

/// What is bounded by all that a run builds, tried with a small bound.
#[test]
fn a_run_does_not_take_all_memory() {
    super::memory::limit_total(1 << 20);
    for expr in [
        "[range(1e12)]",
        "[repeat(1)]",
        "reduce range(1e12) as $i ([]; . + [$i])",
        "reduce range(1e12) as $i ([]; .[$i] = 1)",
        "reduce range(1e12) as $i ({}; .[\"\\($i)\"] = 1)",
        "reduce range(1e12) as $i ({}; . + {\"\\($i)\": 1})",
        "[range(1e12) | {a: .}]",
        "[limit(1e12; repeat(\"x\"))] | length",
        "[foreach range(1e12) as $i (0; . + 1)]",
        "foreach 1 as $i (0; range(1e12))",
        "[1] | sort_by(range(1e12))",
        "[1] | group_by(range(1e12))",
        "del(.[range(1e12)])",
        ".[range(1e12)] |= 1",
        "[range(1000)] | combinations(1e9)",
        "[range(100)] | [combinations(10)]",
        "(\"ab\" * 1e5) | explode",
        "(\"ab\" * 1e5) / \"\"",
        "(\"ab\" * 1e5) | [match(\"\"; \"g\")]",
        "(\"ab\" * 1e5) | [splits(\"\")]",
        "(\"ab\" * 1e5) | indices(\"a\")",
        "[[range(3000)], (range(3000) | [])] | transpose",
        "reduce range(40) as $i ([1]; [., .]) | flatten",
        "reduce range(40) as $i ([1]; [., .]) | [..]",
        "reduce range(40) as $i ([1]; . + .)",
        "reduce range(40) as $i ([1]; [., .]) | [paths]",
        "[tojson, range(1e12)]",
    ] {
        let message = message(expr);
        assert!(message.contains("of memory"), "{expr}: {message}");
    }
    let shared = run_on("reduce range(40) as $i ([1]; [., .])", Value::Null).1;
    assert_eq!(shared, Err(RunError::TooLarge));
    super::memory::limit_total(2 << 30);
}

#[test]
fn named_arguments_are_variables() {
    let args = [("n".to_owned(), json!(2)), ("s".to_owned(), json!("x"))];
    let filter = Filter::compile("[$n, $s, $ARGS.named]", &args).expect("compiles");
    let mut out = Vec::new();
    assert_eq!(filter.run(Value::Null, &mut |v| out.push(v)), Ok(()));
    assert_eq!(out, [json!([2, "x", {"n": 2, "s": "x"}])]);
}

#[test]
fn credentials_are_not_in_the_environment() {
    for name in ["TDX_API_KEY", "TD_API_KEY", "TDX_ACCESS_TOKEN", "TDX_RT_TOKEN"] {
        assert_eq!(all(&format!("env.{name}, $ENV.{name}")), [Value::Null, Value::Null]);
    }
    // What is hidden depends on the name alone, so the test needs no such variable.
    let is_secret = crate::environment::Environment::is_credential;
    assert!(is_secret("TDX_API_KEY") && is_secret("td_api_key") && is_secret("tdx_access_token_my_team"));
    assert!(!is_secret("PATH") && !is_secret("tdx_api_keys"));
}

#[test]
fn compile_errors_say_where_and_what_instead() {
    let e = compile_error(".a | slect(.b)");
    assert_eq!((e.offset, e.hint.as_deref()), (5, Some("select/1")));
    assert!(e.to_string().ends_with("\n  .a | slect(.b)\n       ^^^^^"), "{e}");
    let e = compile_error(". as $name | $nme");
    assert_eq!((e.offset, e.hint.as_deref()), (13, Some("$name")));
    assert_eq!(compile_error("map").hint.as_deref(), Some("map/1"));
    assert_eq!(compile_error("TO_ENTRIES").hint.as_deref(), Some("to_entries/0"));
    assert!(compile_error("import \"a\" as a; .").message.contains("no modules"));
    assert_eq!(compile_error("1 +").offset, 3);
    // The start value of a fold does not see its elements.
    compile_error("reduce .[] as $i ($i; .)");
    compile_error("foreach .[] as [$i] (0; .; .) | $i");
}

#[test]
fn integers_pass_through_unchanged() {
    for n in [json!(u64::MAX), json!(i64::MIN), json!(9_007_199_254_740_993_u64)] {
        assert_eq!(run_on("., [.][0]", n.clone()).0, [n.clone(), n.clone()]);
        assert_eq!(run_on("tojson | fromjson", n.clone()).0, [n]);
    }
    // Arithmetic is that of doubles.
    assert_eq!(all("9007199254740993 + 0"), [json!(9_007_199_254_740_992_u64)]);
    assert_eq!(all("18446744073709551615 | tostring"), [json!("18446744073709551615")]);
    assert_eq!(all("4 / 2, 1.5 * 2, (16 | sqrt)"), [json!(2), json!(3), json!(4)]);
    assert_eq!(all("-9223372036854775808 % -1 == 0"), [json!(true)]);
}

#[test]
fn text_input_is_read_as_values_are() {
    let filter = Filter::compile(".[0].a, length", &[]).expect("compiles");
    let mut out = Vec::new();
    let result = filter.run_slice(br#"[{"a":"\u00e9","b":1},{"a":2}]"#, &mut |v| out.push(v));
    assert_eq!((out, result), (vec![json!("é"), json!(2)], Ok(())));
    let bad = filter.run_slice(b"[1", &mut drop);
    assert!(matches!(bad, Err(RunError::Input(_))), "{bad:?}");
}

#[test]
fn a_panic_of_the_sink_is_the_callers() {
    let filter = Filter::compile("1", &[]).expect("compiles");
    let caught = std::panic::catch_unwind(|| {
        filter.run(Value::Null, &mut |_| std::panic::resume_unwind(Box::new("mine")))
    });
    assert_eq!(caught.expect_err("panics").downcast_ref(), Some(&"mine"));
}

#[test]
fn outputs_stream() {
    // Endless, so the only way out is a panic of the sink.
    let filter = Filter::compile("repeat(1)", &[]).expect("compiles");
    let mut count = 0;
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        filter.run(Value::Null, &mut |_| {
            count += 1;
            if count == 10 {
                std::panic::resume_unwind(Box::new(()));
            }
        })
    }));
    assert!(caught.is_err() && count == 10);
}

#[test]
fn updates_and_folds_are_linear() {
    let start = std::time::Instant::now();
    for expr in [
        "reduce range(200000) as $i ([]; . + [$i]) | length",
        "reduce range(200000) as $i ([]; .[$i] = $i) | length",
        "[range(200000)] | (.[] |= . + 1) | length",
        "[range(200000)] | [.[] |= empty] | 200000",
        "[foreach range(200000) as $i ([]; . + [$i]; 1)] | length",
    ] {
        assert_eq!(all(expr), [json!(200_000)], "{expr}");
    }
    // Quadratic work on 200,000 elements would take hours in a debug build.
    assert!(start.elapsed().as_secs() < 60);
}

#[test]
fn definitions_close_over_their_surroundings() {
    let given = "1 as $x | 2 as $y | def f($z): $x + $y + $z; [f(3), (4 as $x | f($x))]";
    assert_eq!(all(given), [json!([6, 7])]);
    assert_eq!(all("[1, 2] | map(def f: . + 1; f)"), [json!([2, 3])]);
    let path = "def f(g): def h: g; path(h | .b); {a: {b: 1}} | f(.a)";
    assert_eq!(all(path), [json!(["a", "b"])]);
    let both = "def f(g): path(g), g; {a: {b: 1}} | [f(.a.b)]";
    assert_eq!(all(both), [json!([["a", "b"], 1])]);
    let own = "def f: if type == \"object\" then (.a | f), ([.a | path(f)] | empty) else . end;
        {a: {a: 1}} | [path(f), f]";
    assert_eq!(all(own), [json!([["a", "a"], 1])]);
}

/// A panic would be an error of the engine.
#[test]
fn no_number_is_too_large() {
    let numbers = "0, -1, 0.5, 1e9, -1e9, 4294967296, 9e15, -9e15, 1e18, 9223372036854775807,
        -9223372036854775808, 18446744073709551615, 1e300, -1e300, 5e-324, nan, infinite, -infinite";
    let filters = [
        (
            "1",
            "limit($n; 1, 2) & skip($n; 1, 2) & nth($n; 1, 2) & limit(3; range($n)) & limit(3; range(-$n; $n; $n))",
        ),
        (
            "$n",
            "\"ab\" * . & \"\" * . & . % 7 & 5 % . & -. % -1 & . % . & abs & tojson & @base64 & @base32d & -.",
        ),
        (
            "$n",
            "frexp & logb & significand & gamma & trunc & exp10 & ldexp(.; $n) & scalb(1; .) & drem(.; 3)",
        ),
        ("$n", "todate & gmtime & (gmtime | mktime) & localtime & strflocaltime(\"%c|%V|%G|%s|%z\")"),
        ("$n", "strftime(\"%c|%U|%W|%V|%G|%g|%s|%j|%z|%C|%u|%I\") & todate & dateadd(\"seconds\"; $n)"),
        (
            "[$n]",
            "implode & (.[0] | ascii) & @csv & @sh & mktime & strftime(\"%c|%V|%s\") & strflocaltime(\"%c|%V|%s|%z\")",
        ),
        (
            "[range(8) | $n]",
            "mktime & strftime(\"%c|%U|%W|%V|%G|%g|%s|%j|%C|%u|%I\") & strflocaltime(\"%c|%s\")",
        ),
        ("[1]", ".[$n] & .[$n:] & .[:$n] & del(.[$n]) & del(.[$n:]) & has($n) & flatten($n) & bsearch($n)"),
        (
            "[1]",
            "(.[$n] = 1) & (.[$n:] = [1]) & (.[:$n] |= .) & [truncate_stream($n; [[0], 1])] & indices($n)",
        ),
        ("\"äb\"", ".[$n:] & .[:$n] & ltrimstr($n) & [splits($n)]"),
        (
            "null",
            "getpath([$n]) & getpath([\"a\", $n]) & setpath([$n]; 1) & pick(.[$n]) & fromstream([[$n], 1])",
        ),
    ];
    for (input, natives) in filters {
        for native in natives.split(" & ") {
            let filter = format!("({numbers}) as $n | try ({input} | {native}) catch .");
            assert_eq!(run_on(&filter, Value::Null).1, Ok(()), "{filter}");
        }
    }
}
