//! What the check refuses and what it lets pass, case by case.

use super::corpus;
use crate::jq::{Filter, Known, Mismatch, UnknownField};
use serde_json::{Value, json};

/// A list of people, and things of all sorts.
fn schema() -> Value {
    json!({
        "type": "object",
        "required": ["name", "people"],
        "additionalProperties": false,
        "properties": {
            "name": {"type": "string"},
            "people": {"type": "array", "items": {"$ref": "#/$defs/person"}},
            "limits": {"type": "object", "additionalProperties": {"type": "object", "properties": {
                "low": {"type": "number"}, "high": {"type": "number"}}, "additionalProperties": false}},
            "open": {"type": "object", "properties": {"description": {"type": "string"}, "id": {}}},
            "data": {"description": "anything"},
            "one_or_many": {"anyOf": [{"$ref": "#/$defs/person"}, {"type": "array", "items": {"$ref": "#/$defs/person"}}]},
            "thing": {"anyOf": [
                {"type": "object", "required": ["kind", "wheels"], "additionalProperties": false,
                    "properties": {"kind": {"const": "car"}, "wheels": {"type": "integer"}}},
                {"type": "object", "required": ["kind", "wings"], "additionalProperties": false,
                    "properties": {"kind": {"const": "plane"}, "wings": {"type": "integer"}}},
                {"type": "null"}
            ]}
        },
        "$defs": {
            "person": {"type": "object", "required": ["first_name"], "additionalProperties": false, "properties": {
                "first_name": {"type": "string"}, "age": {"type": ["integer", "null"]},
                "children": {"type": "array", "items": {"$ref": "#/$defs/person"}}}}
        }
    })
}

fn check(filter: &str, known: &Known) -> Result<(), Mismatch> {
    let args = [("which".to_owned(), json!("name")), ("cfg".to_owned(), json!({"a": 1}))];
    Filter::compile(filter, &args).expect(filter).check(&schema(), known)
}

/// The error, which is about a field.
#[track_caller]
fn field(error: Mismatch) -> UnknownField {
    match error {
        Mismatch::Field(unknown) => unknown,
        Mismatch::Kind(wrong) => panic!("{wrong}"),
    }
}

#[track_caller]
fn passes(filters: &[&str]) {
    for filter in filters {
        assert_eq!(check(filter, &Known::Document(None)), Ok(()), "{filter}");
    }
}

/// The name that is refused, the place, and the name that was meant.
#[track_caller]
fn refuses(cases: &[(&str, &str, &str, Option<&str>)]) {
    for (filter, name, path, near) in cases {
        let error = field(check(filter, &Known::Document(None)).expect_err(filter));
        let found = (error.name.as_str(), error.path.as_str(), error.nearest.as_deref());
        assert_eq!(found, (*name, *path, *near), "{filter}");
    }
}

#[test]
fn the_message_says_what_is_wrong_and_what_was_meant() {
    let unknown = |filter: &str| field(check(filter, &Known::Document(None)).unwrap_err());
    let error = unknown(".people[].first_nmae");
    assert_eq!(error.to_string(), "there is no field 'first_nmae' in .people[]; did you mean 'first_name'?");
    assert_eq!(error.span, Some(10..20));
    assert_eq!(error.known, ["age", "children", "first_name"]);
    let error = unknown(".people[] | .zip, .zip");
    assert_eq!(
        error.to_string(),
        "there is no field 'zip' in .people[]; there are age, children, first_name"
    );
    assert_eq!(error.span, None, "it stands there twice");
    assert_eq!(unknown("{} | .zip").to_string(), "there is no field 'zip' in {}");
    assert_eq!(unknown("{a: .name, b: 1} | .zip").path, "{a, b}");
    let many = "{a:1,b:2,c:3,d:4,e:5,f:6,g:7,h:8,i:9,j:10,k:11,l:12,m:.name} | .zip";
    assert_eq!(
        unknown(many).to_string(),
        "there is no field 'zip' in {a, b, c, d, …}; there are a, b, c, d, e, f, g, h, i, j, k, l and 1 more"
    );
}

#[test]
fn fields_are_followed_through_every_step() {
    let wrong = ("first_nmae", ".people[]", Some("first_name"));
    let filters = [
        ".people[].first_nmae",
        ".people[0].first_nmae",
        ".people[1:] | .[].first_nmae",
        ".people[\"first_nmae\", \"first_nmae\"]?, .people[0][\"first_nmae\"]",
        ".people[]?.first_nmae",
        ".people | .[0] | .\"first_nmae\"",
        ".people | map(.first_nmae)",
        "[.people[] | select(.first_nmae == \"x\")]",
        ".people | sort_by(.first_nmae)",
        ".people | group_by(.age)[] | map(.first_nmae)",
        ".people | min_by(.first_nmae)",
        ".people | max_by(.age).first_nmae",
        ".people | unique_by(.first_nmae)",
        ".people | first.first_nmae",
        ".people | last(.[]).first_nmae",
        ".people | any(.first_nmae)",
        "all(.people[]; .first_nmae)",
        "first(.people[]).first_nmae",
        "[limit(2; .people[])] | .[0].first_nmae",
        ".people[] as {first_nmae: $n} | $n",
        ".people[] as {$first_nmae} | $first_nmae",
        ".people[] as $p | $p.first_nmae",
        ".people as [$p] | $p.first_nmae",
        ".people[] | {first_nmae}",
        ".people[] | {n: .first_nmae}",
        ".people[] | \"\\(.first_nmae)\"",
        ".people[] | @json \"\\(.first_nmae)\"",
        "reduce .people[] as $p (0; . + ($p.first_nmae | length))",
        "foreach .people[] as $p (0; . + 1; $p.first_nmae)",
        "def f: .first_nmae; .people[] | f",
        "def f(g): .people[] | g; f(.first_nmae)",
        "def f($p): $p.first_nmae; f(.people[])",
        ".people[] | if .first_nmae then 1 else 2 end",
        ".people[] | .first_nmae // \"none\"",
        ".people[] | .age // .first_nmae",
        ".people[] | getpath([\"first_nmae\"])",
        "\"first_nmae\" as $k | .people[0][$k]",
        "[.people[], .people[0]] | flatten | .[].first_nmae",
        "{p: .people} | .p[].first_nmae",
        "[.people[] | {q: .}] | .[0].q.first_nmae",
        ".people | to_entries[] | .value.first_nmae",
        "to_entries[] | select(.key == \"people\") | .value[].first_nmae",
        "with_entries(select(.key == \"people\")) | .people[0].first_nmae",
        "(.people[] | select(.first_nmae)) .age = 1",
        ".people[].age |= 1 | .people[].first_nmae",
        "del(.people[] | select(.first_nmae == \"x\"))",
        ".people |= map(select(.first_nmae))",
        "label $out | .people[] | .first_nmae, break $out",
    ];
    for filter in filters {
        let error = field(check(filter, &Known::Document(None)).expect_err(filter));
        let found = (error.name.as_str(), error.path.as_str(), error.nearest.as_deref());
        assert_eq!(found, wrong, "{filter}");
    }
}

#[test]
fn other_places_are_refused_by_their_own_names() {
    refuses(&[
        (".nmae", "nmae", ".", Some("name")),
        (".Name", "Name", ".", Some("name")),
        (".firstName", "firstName", ".", None),
        (".people[].firstName", "firstName", ".people[]", Some("first_name")),
        (".people[].name", "name", ".people[]", None),
        (".limits.cpu.hihg", "hihg", ".limits.cpu", Some("high")),
        (".limits[].hihg", "hihg", ".limits[]", Some("high")),
        (".limits | to_entries[].value.hihg", "hihg", ".limits[]", Some("high")),
        (".limits | map_values(.hihg)", "hihg", ".limits[]", Some("high")),
        (".open.descripton", "descripton", ".open", Some("description")),
        (".one_or_many | .firstname", "firstname", ".one_or_many", Some("first_name")),
        (".one_or_many[]?.first_nam", "first_nam", ".one_or_many[]", Some("first_name")),
        (".thing.wheel", "wheel", ".thing", Some("wheels")),
        (".thing | select(.kind == \"plane\") | .wheels", "wheels", ".thing", None),
        (".people | .. | objects | .first_nam", "first_nam", ".people[]", Some("first_name")),
        ("to_entries[] | .vaule", "vaule", "to_entries[]", Some("value")),
        ("[.people[] | {n: .age}] | map(.m)", "m", "{n}", Some("n")),
        (".people[] | {first: .first_name} + {old: .age} | .frist", "frist", "{first, old}", Some("first")),
        ("{\"a\": 1}[\"b\"]", "b", "{a}", Some("a")),
        (".name | match(\"x\").ofset", "ofset", "{captures, length, offset, string}", Some("offset")),
        (
            ".people | recurse(.[]?; true) | objects | .first_nam",
            "first_nam",
            ".people[]",
            Some("first_name"),
        ),
        (".people[] | recurse(.children[]?) | .first_nam", "first_nam", ".people[]", Some("first_name")),
        ("def all: ., (.childrn[]? | all); .people[] | all", "childrn", ".people[]", Some("children")),
    ]);
}

#[test]
fn what_may_be_there_passes() {
    passes(&[
        ".data.any.thing[3].at.all",
        ".limits.anything.high",
        ".limits[.name].low",
        ".[$which]",
        "$cfg.b // $cfg.a",
        "$ARGS.named.other // 1",
        "$ENV.SOMETHING, env.ELSE",
        ".one_or_many | if type == \"array\" then .[].first_name else .first_name end",
        ".one_or_many | if type == \"object\" then [.] else . end | map(.first_name)",
        ".thing.wheels, .thing.wings",
        ".thing | select(.kind == \"car\").wheels",
        "null | .anything",
        "empty | .anything",
        "fromjson | .anything",
        ".name | fromjson.anything",
        "input.anything",
        "reduce .people[] as $p ({}; {n: ((.n // 0) + 1)}) | .n",
        "reduce .people[] as $p ({}; .[$p.first_name] = $p.age) | .Bob",
        "reduce .people[] as $p (null; .last = $p) | .last.first_name",
        "{(.name): 1}.whatever",
        "[.people[] | {key: .first_name, value: .age}] | from_entries | .Bob",
        "def f: if .children then .children[] | f else .first_name end; .people[] | f",
        "def depth: if has(\"children\") then 1 + ([.children[] | depth] | max) else 0 end; .people | map(depth)",
        "[.people[] | {(.first_name): .age}] | add | .Bob",
        "INDEX(.people[]; .first_name).Bob.age",
        ".people | tostream",
        "[.people | paths] | .[0][0]",
        "getpath([\"limits\", \"x\", \"low\"])",
        ". as [$a] ?// {name: $a} | $a",
        "(.people[0], {age: 1}) | .first_name, .age",
        ".people[] | {a: .age} * {b: {c: 1}} | .b.c, .a",
        "[.people[] | .age] | add / length | floor",
        ".people[0] | to_entries | from_entries | .first_name",
        "walk(if type == \"object\" then with_entries(.key |= ascii_upcase) else . end) | .NAME",
        "until(true; .next) | .name",
        "[range(3) as $i | .people[$i]] | .[0].first_name",
        "splits(\"a\"; \"b\")? | .anything?",
        "getpath(paths) | .anything?",
    ]);
}

#[test]
fn what_the_filter_doubts_or_makes_passes() {
    passes(&[
        ".foo?",
        ".foo?.bar",
        ".people[].foo?",
        "try .foo",
        "try .foo catch 1",
        "(.foo | ascii_downcase)? // .name",
        "has(\"foo\")",
        "if has(\"foo\") then .foo else .name end",
        "if (.open | has(\"foo\")) then .open.foo else 1 end",
        "select(.foo?) | .foo",
        "\"foo\" as $k | .open | if has($k) then .[$k] else 0 end",
        ".open as $o | \"foo\" | select(in($o)) | $o.foo",
        "del(.foo, .people[].bar)",
        ".foo = 1 | .foo",
        ".foo.bar = 1 | .foo.bar",
        ".people[].foo = 1 | .people[0].foo",
        ".people |= map(.full = .first_name) | .people[].full",
        ".people |= map({n: .first_name}) | .people[].n",
        ".foo |= 1 | .foo",
        ".foo += 1 | .foo",
        ".foo //= 1 | .foo",
        ". += {foo: 1} | .foo",
        "setpath([\"foo\"]; 1) | .foo",
        ".open[\"x-note\"], .open.x_note",
    ]);
    refuses(&[
        (".foo = 1 | .fooo", "fooo", ".", Some("foo")),
        (".foo // 1", "foo", ".", None),
        (".foo = .bar", "bar", ".", None),
        ("(.people[] | select(.agee > 3)).tag = 1", "agee", ".people[]", Some("age")),
        (".[\"x-note\"]", "x-note", ".", None),
    ]);
}

#[test]
fn open_objects_are_judged_by_what_is_known() {
    let document = json!({"deep": [{"colour": 1}]});
    let with = Known::Document(Some(&document));
    assert_eq!(check(".open.colour", &with), Ok(()), "a name of the document");
    assert!(check(".colour", &with).is_err(), "but not where nothing more can be");
    assert!(check(".open.color", &with).is_err());
    assert!(check(".open.colour", &Known::Document(None)).is_err());
    assert_eq!(check(".open.colour", &Known::Open), Ok(()));
    assert_eq!(check(".open.ip", &Known::Open), Ok(()), "'id' is as short, and both may be right");
    for slip in [".open.descripton", ".open.Description", ".open.ID"] {
        assert!(check(slip, &Known::Open).is_err(), "{slip}");
    }
}

#[test]
fn the_work_is_bounded() {
    let nest =
        |times: usize, outer: &str| (0..times).fold(".".to_owned(), |inner, _| outer.replace('@', &inner));
    let fields: Vec<String> = (0..900).map(|i| format!("f{i}: {{g{i}: .people}}")).collect();
    let heavy = [
        nest(12, "reduce .people[] as $p (.; (@) | {a: ., b: $p})"),
        nest(12, "(if .a then (@) else [.., (@)] end)"),
        nest(12, "walk(@)"),
        nest(300, "map_values(@)"),
        nest(14, "[(@), (@)]"),
        format!(
            "{{{}}} | [.., ..] | map(.. | to_entries) | add | to_entries | from_entries",
            fields.join(",")
        ),
        "def f($n): [f($n + 1), f($n + 2), f($n + 3), ($n | f(.))]; f(0)".to_owned(),
        "def f(g): [f(g | [.]), f([g]), f(g, g)]; f(.)".to_owned(),
        "def f: [f, {a: f}, (.[]? | f)] | f; f".to_owned(),
        format!(".name{}", " | .".repeat(9_000)),
    ];
    for filter in heavy {
        let filter = format!("({filter}) | .nope, .people");
        let compiled = Filter::compile(&filter, &[]).unwrap_or_else(|e| panic!("{filter}: {e}"));
        let started = std::time::Instant::now();
        let _ = compiled.check(&schema(), &Known::Document(None));
        assert!(started.elapsed().as_secs() < 10, "{:?}: {filter}", started.elapsed());
    }
    let endless = "def f($n): [f($n + 1), f($n + 2), f($n + 3), f($n + 4)]; .nope, f(0)";
    passes(&[endless]);
}

#[test]
fn a_step_that_goes_with_no_kind_of_value_is_refused() {
    let message_of = |filter: &str| check(filter, &Known::Document(None)).expect_err(filter).to_string();
    for (filter, message) in [
        (
            ".people.first_name",
            ".people is an array, and .first_name does not go with that; did you mean '.people[].first_name'?",
        ),
        (".[0]", ". is an object, and .[a number] does not go with that"),
        ("first | .name", ". is an object, and .[a number] does not go with that"),
        (".name[]", "it is a string, and .[] does not go with that"),
        (".name.first", "it is a string, and .first does not go with that"),
        (".limits[:2]", ".limits is an object, and .[from:to] does not go with that"),
        (
            ".people | map(.name.x)",
            "there is no field 'name' in .people[]; there are age, children, first_name",
        ),
        (".people[] | .first_name[0]", "it is a string, and .[a number] does not go with that"),
        ("[.people[].age] | .low", ". is an array, and .low does not go with that; did you mean '.[].low'?"),
        (".name.anything", "it is a string, and .anything does not go with that"),
        ("(.people | length)[]", "it is a number, and .[] does not go with that"),
        (
            ".people[].children.age",
            ".people[].children is an array, and .age does not go with that; did you mean '.people[].children[].age'?",
        ),
        ("(.people[] | 1 + 1)[]", "it is a number, and .[] does not go with that"),
        (
            ".people as [{first_name: $n}] | .name as [$x] | $n",
            "it is a string, and .[a number] does not go with that",
        ),
    ] {
        assert_eq!(message_of(filter), message, "{filter}");
    }
    passes(&[
        // One of the kinds that there may be is enough.
        ".one_or_many[]",
        ".one_or_many.first_name",
        ".one_or_many | if type == \"array\" then .[].first_name else .first_name end",
        ".. | .name?",
        // It fails without harm, or the run does not come to it.
        ".[0] // .name",
        ".[0]?",
        "try .[0] catch .",
        ".people.first_name?",
        "first(.name, .[0])",
        "[limit(1; .name, .[0])]",
        "isempty(.name, .[0])",
        "any(.name, .[0]; .)",
        "label $out | .name, break $out, .[0]",
        "if type == \"array\" then .[0] else .name end",
        "if type == \"object\" then .name else .[0] end",
        "select(type == \"array\") | .[0]",
        ".people | arrays | .[0]",
        ".data[0], .data.x, .data[]",
        ".people[\"first_name\"]?",
        ".limits[]?.low",
        ".thing[]",
        ".name[0:2]",
        "reduce .people[] as $p ({}; .[$p.first_name] += 1)",
        "[.people[] | {key: .first_name, value: 1}] | from_entries | .ann",
    ]);
}

#[test]
fn slips_made_by_hand_are_refused() {
    let cases = corpus("refused.txt");
    assert!(cases.len() >= 60, "{}", cases.len());
    let mut wrong = Vec::new();
    for case in cases {
        let filter = Filter::compile(&case.filter, &[]).expect(&case.line);
        let found = filter.check(&case.schema, &Known::Document(Some(&case.document))).err().map(|error| {
            let error = field(error);
            let near = error.nearest.unwrap_or_else(|| "-".to_owned());
            vec![error.name, near]
        });
        if found.as_ref() != Some(&case.more) {
            wrong.push(format!("{}\n    {found:?}", case.line));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
