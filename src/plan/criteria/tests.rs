//! The language as a whole: what it accepts, what it refuses and where, and rules written as text.

use super::*;
use crate::platform::rule::{OperatorKind, Rule};
use proptest::prelude::*;
use serde_json::{Value, json};

fn rule(text: &str) -> Value {
    parse(text).unwrap_or_else(|e| panic!("{text}: {e}")).to_column_rule().to_json()
}

fn test(column: &str, kind: &str, right: Value, not: bool) -> Value {
    if kind == "IsNull" {
        return json!({"type": "Column", "column": column, "operator": {"type": kind, "not": not}});
    }
    json!({"type": "Column", "column": column, "operator": {"type": kind, "rightValue": right, "not": not}})
}

fn and(conditions: &[Value]) -> Value {
    json!({"type": "And", "conditions": conditions})
}

fn or(conditions: &[Value]) -> Value {
    json!({"type": "Or", "conditions": conditions})
}

#[test]
fn every_operator_has_its_wire_form() {
    for (text, expected) in [
        ("a = 'VIP'", test("a", "Equal", json!("VIP"), false)),
        ("a == 1", test("a", "Equal", json!(1), false)),
        ("a != 1", test("a", "Equal", json!(1), true)),
        ("a <> 'x''y'", test("a", "Equal", json!("x'y"), true)),
        ("a > -1.5", test("a", "GreaterThan", json!(-1.5), false)),
        ("a >= 2", test("a", "GreaterThanOrEqual", json!(2), false)),
        ("a < +3", test("a", "LessThan", json!(3), false)),
        ("a<=4e2", test("a", "LessThanOrEqual", json!(400.0), false)),
        ("a = true", test("a", "Equal", json!(true), false)),
        ("a IS NULL", test("a", "IsNull", Value::Null, false)),
        ("a is not null", test("a", "IsNull", Value::Null, true)),
        ("a IN ('x', 2, FALSE)", test("a", "In", json!(["x", 2, false]), false)),
        ("a NOT IN (1)", test("a", "In", json!([1]), true)),
        ("a LIKE '/p_%.x'", test("a", "Regexp", json!(r"(?s)^/p..*\.x$"), false)),
        (r"a NOT LIKE '50\%'", test("a", "Regexp", json!("(?s)^50%$"), true)),
        ("a REGEXP '^/p'", test("a", "Regexp", json!("^/p"), false)),
        ("\"odd name\" = 1", test("odd name", "Equal", json!(1), false)),
        ("`and` = 1", test("and", "Equal", json!(1), false)),
        ("a.b_1 = 1", test("a.b_1", "Equal", json!(1), false)),
        ("NOT a = 1", test("a", "Equal", json!(1), true)),
        ("NOT NOT a = 1", test("a", "Equal", json!(1), false)),
    ] {
        assert_eq!(rule(text), and(&[expected]), "{text}");
    }
}

#[test]
fn and_binds_stronger_than_or_and_not_goes_down() {
    let t = |name: &str, not| test(name, "Equal", json!(1), not);
    for (text, expected) in [
        ("a=1 OR b=1 AND c=1", or(&[t("a", false), and(&[t("b", false), t("c", false)])])),
        ("(a=1 OR b=1) AND c=1", and(&[or(&[t("a", false), t("b", false)]), t("c", false)])),
        ("a=1 AND b=1 AND (c=1 AND d=1)", and(&[t("a", false), t("b", false), t("c", false), t("d", false)])),
        ("NOT (a=1 AND NOT b=1)", or(&[t("a", true), t("b", false)])),
        ("NOT a=1 AND b=1", and(&[t("a", true), t("b", false)])),
        (
            "a BETWEEN 1 AND 2 OR b=1",
            or(&[
                and(&[
                    test("a", "GreaterThanOrEqual", json!(1), false),
                    test("a", "LessThanOrEqual", json!(2), false),
                ]),
                t("b", false),
            ]),
        ),
        (
            "a NOT BETWEEN 1 AND 2",
            or(&[
                test("a", "GreaterThanOrEqual", json!(1), true),
                test("a", "LessThanOrEqual", json!(2), true),
            ]),
        ),
        ("", and(&[])),
        (" \n\t ", and(&[])),
    ] {
        assert_eq!(rule(text), expected, "{text}");
    }
}

#[test]
fn errors_say_where_and_what_to_write() {
    for (text, marked, message, hint) in [
        ("a = NULL", "NULL", "nothing compares with NULL", "a IS NULL"),
        ("a != NULL", "NULL", "nothing compares", "a IS NOT NULL"),
        ("tier = VIP", "VIP", "where a value is expected", "'VIP'"),
        ("tier = \"VIP\"", "\"VIP\"", "where a value is expected", "'VIP'"),
        ("5 < a", "5", "where a name is expected", "on the left"),
        ("a = 'x", "'x", "no end", "close it"),
        ("a = 1 &&  b = 2", "&", "unexpected character '&'", "AND"),
        ("a = 1 b = 2", "b", "where AND, OR or the end", ""),
        ("a IN 1", "1", "where '('", "('a', 'b')"),
        ("a IN (1, NULL)", "NULL", "no value", "IS NULL"),
        ("a IN (1 2)", "2", "',' or ')'", ""),
        ("a IS 5", "5", "where NULL", "="),
        ("a LIKE 5", "5", "a pattern", ""),
        ("a REGEXP '('", "'('", "not valid", ""),
        ("(a = 1", "(", "never closed", ""),
        ("a = 1)", ")", "closes nothing", ""),
        ("a", "", "end where a comparison", ""),
        ("a = 12ab", "12ab", "not a number", "quotes"),
        ("a = 1 AND", "", "end where a name", ""),
        ("a ! 1", "!", "unexpected character", "NOT"),
        ("\"\" = 1", "\"\"", "empty", "''"),
        ("größe = 1", "ö", "unexpected character 'ö'", "double quotes"),
        ("a = ‘x’", "‘", "unexpected character", "straight"),
    ] {
        let error = parse(text).expect_err(text);
        assert_eq!(&text[error.span.clone()], marked, "{text}: {error}");
        assert!(error.message.contains(message), "{text}: {error}");
        assert!(error.hint.as_deref().unwrap_or_default().contains(hint), "{text}: {error}");
    }
}

#[test]
fn length_and_depth_have_limits_and_chains_have_none() {
    let deep = |levels: usize| format!("{}a = 1{}", "(".repeat(levels), ")".repeat(levels));
    assert!(parse(&deep(MAX_DEPTH)).is_ok());
    assert!(parse(&deep(MAX_DEPTH + 1)).unwrap_err().message.contains("nested"));
    assert!(parse(&"NOT ".repeat(2_000)).unwrap_err().message.contains("nested"));
    assert!(parse(&" ".repeat(MAX_CHARACTERS + 1)).unwrap_err().message.contains("characters"));
    let chain = vec!["a=1"; 1_400].join(" OR ");
    assert!(parse(&chain).is_ok(), "{}", chain.len());
}

#[test]
fn the_deepest_rule_is_read_back_by_the_platform() {
    let mut text = "a = 1".to_owned();
    for _ in 0..MAX_DEPTH {
        text = format!("a = 0 OR b = 0 AND ({text})");
    }
    let rule = parse(&text).unwrap().to_column_rule();
    assert_eq!(Rule::from_json(&rule.to_json()), rule);
}

#[test]
fn names_and_unknown_operands_have_their_place() {
    let text = "a = 1 AND NOT (\"b c\" > 2 OR a < 3)";
    let expr = parse(text).unwrap();
    let names: Vec<_> =
        expr.names().iter().map(|name| (name.text.as_str(), &text[name.span.clone()])).collect();
    assert_eq!(names, [("a", "a"), ("b c", "\"b c\""), ("a", "a")]);
    let error = expr
        .to_rule(&mut |name| match name {
            "a" => Ok(RuleOperand::Attribute { id: "7".into(), sub: None }),
            other => Err(format!("there is no attribute '{other}'")),
        })
        .unwrap_err();
    assert_eq!(&text[error.span.clone()], "\"b c\"");
    assert_eq!(error.excerpt(text), format!("  {text}\n  {}^^^^^", " ".repeat(15)));
}

#[test]
fn an_excerpt_shows_the_line_that_is_wrong() {
    let text = "a = 1\nAND b = ß\nAND c = 1";
    let error = parse(text).unwrap_err();
    assert_eq!(error.excerpt(text), "  AND b = ß\n          ^");
    let long = format!("{} AND b =", vec!["a = 1"; 60].join(" AND "));
    let excerpt = parse(&long).unwrap_err().excerpt(&long);
    assert!(excerpt.lines().all(|line| line.chars().count() <= 105), "{excerpt}");
}

#[test]
fn what_the_language_has_no_words_for_is_not_rendered() {
    let names = |_: &str, _: Option<&str>| None;
    let column = |kind, right| Rule::Column { column: "a".into(), operator: Operator::new(kind, right) };
    for rule in [
        Rule::Other(json!({"type": "Future"})),
        Rule::Or(vec![]),
        Rule::Attribute { id: "1".into(), sub: None, operator: Operator::new(OperatorKind::Equal, json!(1)) },
        column(OperatorKind::In, json!([])),
        column(OperatorKind::Equal, Value::Null),
        column(OperatorKind::Regexp, json!("(")),
    ] {
        assert_eq!(render(&rule, &names), None, "{rule:?}");
    }
    let like = column(OperatorKind::Regexp, json!("(?s)^/p.*$"));
    assert_eq!(render(&like, &names).as_deref(), Some("a LIKE '/p%'"));
    assert_eq!(render(&Rule::everything(), &names).as_deref(), Some(""));
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<String>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter("finite", |f| f.is_finite()).prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
    ]
}

fn operator() -> impl Strategy<Value = Operator> {
    let kinds = prop::sample::select(vec![
        OperatorKind::Equal,
        OperatorKind::GreaterThan,
        OperatorKind::GreaterThanOrEqual,
        OperatorKind::LessThan,
        OperatorKind::LessThanOrEqual,
    ]);
    let like = "[a-z%_.\\\\*^$ ]{0,8}".prop_map(|pattern| text::like_to_regex(&pattern));
    let pattern = prop_oneof![like, "[a-z0-9.^$%_ ]{0,8}".prop_map(String::from)];
    (
        any::<bool>(),
        prop_oneof![
            (kinds, value()),
            Just((OperatorKind::IsNull, Value::Null)),
            prop::collection::vec(value(), 1..4).prop_map(|list| (OperatorKind::In, list.into())),
            pattern.prop_map(|pattern| (OperatorKind::Regexp, pattern.into())),
        ],
    )
        .prop_map(|(not, (kind, right))| Operator { kind, not, right })
}

/// Attribute ids are their names, behind a letter so that none is empty.
fn leaf() -> impl Strategy<Value = Rule> {
    let name = prop_oneof!["[a-zA-Z_][a-zA-Z0-9_.]{0,6}", ".{1,6}", Just("not".to_owned())];
    (any::<bool>(), name, operator()).prop_map(|(column, name, operator)| {
        if column {
            Rule::Column { column: name, operator }
        } else {
            Rule::Attribute { id: name, sub: None, operator }
        }
    })
}

fn rules() -> impl Strategy<Value = Rule> {
    leaf().prop_recursive(5, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Rule::And),
            prop::collection::vec(inner, 1..4).prop_map(Rule::Or),
        ]
    })
}

/// Whether two rules are the same but for the kind of their operands, which a text does not say.
fn attributes_only(rule: &Rule) -> Rule {
    match rule {
        Rule::And(rules) => Rule::And(rules.iter().map(attributes_only).collect()),
        Rule::Or(rules) => Rule::Or(rules.iter().map(attributes_only).collect()),
        Rule::Column { column, operator } => {
            Rule::Attribute { id: column.clone(), sub: None, operator: operator.clone() }
        }
        other => other.clone(),
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_at_a_place_inside_it(text in ".{0,80}") {
        if let Err(error) = parse(&text) {
            prop_assert!(error.span.start <= error.span.end && error.span.end <= text.len());
            prop_assert!(text.is_char_boundary(error.span.start) && text.is_char_boundary(error.span.end));
            error.excerpt(&text);
        }
    }

    #[test]
    fn any_tokens_are_read_or_refused(words in prop::collection::vec(prop::sample::select(vec![
        "a", "b.c", "=", "!=", "<", "AND", "OR", "NOT", "(", ")", ",", "IS", "NULL", "IN", "LIKE", "BETWEEN",
        "'x'", "1", "-2.5", "TRUE", "\"q\"", "REGEXP",
    ]), 0..24)) {
        let text = words.join(" ");
        if let Ok(expr) = parse(&text) {
            let rule = expr.to_column_rule();
            prop_assert!(rule.compile().is_ok(), "{}", text);
            prop_assert_eq!(canonical(&rule), rule);
        }
    }

    #[test]
    fn a_rendered_rule_reads_back_the_same(rule in rules()) {
        let names = |id: &str, _: Option<&str>| Some(id.to_owned());
        let expected = attributes_only(&canonical(&rule));
        let text = render(&rule, &names);
        prop_assert!(text.is_some(), "{:?}", rule);
        let text = text.unwrap_or_default();
        let back = parse(&text).unwrap().to_rule(&mut |name| {
            Ok(RuleOperand::Attribute { id: name.to_owned(), sub: None })
        });
        prop_assert_eq!(back.unwrap(), expected, "{}", text);
    }
}
