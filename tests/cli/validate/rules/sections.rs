//! Attributes and sections.

use super::{Case, keys};

const BASE: &str = "\
events: [{name: view, database: web, table: pages}]
attributes:
  - {name: last, type: single, source_event: view, source_field: page}
  - {name: seen, type: list, source_event: view, source_field: page}
  - {name: views, type: counter, source_event: view, window_duration: 24h}
";

/// A plan with one section of these fields, behind [`BASE`]; the section stands in line 10.
fn section(fields: &str) -> String {
    format!(
        "{BASE}personalization_service:\n  name: home\n  trigger_event: view\n  sections:\n    - {{{fields}}}\n"
    )
}

/// A plan with one more attribute, in line 6.
fn attribute(fields: &str) -> String {
    format!("{BASE}  - {{name: more, {fields}}}\n")
}

pub fn cases() -> Vec<Case<'static>> {
    let error = "error";
    let warning = "warning";
    let good_attribute = || attribute("type: counter, source_event: view");
    let good = || section("name: all, attributes: [last]");
    vec![
        ("unknown-type", error, (6, 24), attribute("type: cuonter, source_event: view"), good_attribute()),
        ("unknown-event", error, (6, 47), attribute("type: counter, source_event: veiw"), good_attribute()),
        (
            "key-in-section",
            error,
            (10, 52),
            section("name: all, attributes: [last], strings: {k: 1/0123456789abcdef0123456789abcdef01234567}"),
            section("name: all, attributes: [last], strings: {k: 1/2}"),
        ),
        (
            "bad-aggregation",
            error,
            (6, 66),
            attribute("type: counter, source_event: view, aggregation: last"),
            good_attribute(),
        ),
        (
            "bad-duration",
            error,
            (6, 70),
            attribute("type: counter, source_event: view, window_duration: 5y"),
            good_attribute(),
        ),
        (
            "unused-field",
            warning,
            (6, 67),
            attribute("type: counter, source_event: view, source_field: page"),
            good_attribute(),
        ),
        (
            "bounded-aggregation",
            warning,
            (6, 85),
            attribute("type: single, source_event: view, source_field: page, aggregation: first"),
            attribute("type: single, source_event: view, source_field: page, aggregation: first, max_items: 5"),
        ),
        (
            "list-limits",
            warning,
            (6, 81),
            attribute("type: list, source_event: view, source_field: page, max_items: 500"),
            attribute("type: list, source_event: view, source_field: page, max_items: 100"),
        ),
        (
            "same-second",
            warning,
            (6, 84),
            attribute("type: list, source_event: view, source_field: price, aggregation: sum, max_items: 9"),
            attribute("type: list, source_event: view, source_field: price, aggregation: sum, max_items: 9, id_field: id"),
        ),
        (
            "unknown-attribute",
            warning,
            (10, 32),
            section("name: all, attributes: [lats]"),
            good(),
        ),
        (
            "bad-sub",
            error,
            (10, 50),
            section("name: all, attributes: [{name: last, sub: items}]"),
            section("name: all, attributes: [{name: seen, sub: items}]"),
        ),
        (
            "criteria-type",
            warning,
            (10, 39),
            section("name: all, criteria: \"x='' AND views = 'many'\", attributes: [last]"),
            section("name: all, criteria: \"views > 3 AND last = 'a'\", attributes: [last]"),
        ),
        (
            "criteria-type",
            warning,
            (10, 30),
            section("name: all, criteria: \"views LIKE '1%'\", attributes: [last]"),
            section("name: all, criteria: \"last LIKE '1%'\", attributes: [last]"),
        ),
        (
            "criteria-type",
            warning,
            (10, 30),
            section("name: all, criteria: \"seen = 'p1'\", attributes: [last]"),
            section("name: all, criteria: seen IS NOT NULL, attributes: [last]"),
        ),
        (
            "bad-sub",
            error,
            (10, 29),
            section("name: all, criteria: views.window_7d > 3, attributes: [last]"),
            section("name: all, criteria: views.window_24h > 3, attributes: [last]"),
        ),
        (
            "unknown-event",
            error,
            (10, 68),
            section("name: all, criteria: '', attributes: [last], trigger_event: veiw"),
            section("name: all, criteria: '', attributes: [last], trigger_event: view"),
        ),
        (
            "limit-exceeded",
            error,
            (10, 28),
            section(&format!("name: all, strings: {{a: {}}}", "x".repeat(10_241))),
            section(&format!("name: all, strings: {{a: {}}}", "x".repeat(10_240))),
        ),
        (
            "duplicate-segment",
            error,
            (10, 61),
            section("name: all, attributes: [last], batch_segments: [big, big]"),
            section("name: all, attributes: [last], batch_segments: [big, small]"),
        ),
        ("empty-section", error, (10, 7), section("name: all, batch_segments: [x]"), good()),
        (
            "output-name",
            error,
            (10, 56),
            section("name: all, attributes: [last, {name: views, as: last}]"),
            section("name: all, attributes: [last, {name: views, as: most}]"),
        ),
        (
            "bad-string",
            error,
            (10, 39),
            section("name: all, strings: {greeting: 'Hi {{name}}'}"),
            section("name: all, strings: {greeting: 'Hi'}"),
        ),
        (
            "slow-section",
            warning,
            (10, 31),
            section(&format!("name: all, attributes: {}", keys(21))),
            section(&format!("name: all, attributes: {}", keys(20))),
        ),
        (
            "sensitive-hidden",
            warning,
            (2, 64),
            sensitive(""),
            sensitive(", include_sensitive: true"),
        ),
        (
            "unknown-value",
            error,
            (1, 67),
            "personalization_service: {name: home, trigger_event: view,  only: services, sections: [{name: a, attributes: [x]}]}\n".to_owned(),
            "personalization_service: {name: home, trigger_event: view, only: entity, sections: [{name: a, attributes: [x]}]}\n".to_owned(),
        ),
        (
            "bad-rename",
            error,
            (11, 72),
            section("name: all, criteria: views > 1, attributes: [last]") + "    - {name: b, criteria: views > 2, attributes: [last], renamed_from: all}\n",
            section("name: all, criteria: views > 1, attributes: [last]") + "    - {name: b, criteria: views > 2, attributes: [last], renamed_from: some}\n",
        ),
        (
            "bad-rename",
            error,
            (1, 89),
            "personalization_service: {name: home, trigger_event: view,  only: entity, renamed_from: home, sections: [{name: a, attributes: [x]}]}\n".to_owned(),
            "personalization_service: {name: home, trigger_event: view, only: entity, renamed_from: web, sections: [{name: a, attributes: [x]}]}\n".to_owned(),
        ),
        (
            "same-criteria",
            warning,
            (11, 27),
            section("name: all, criteria: views > 1 AND last IN ('a'), attributes: [last]") + "    - {name: b, criteria: last = 'a' AND views.window_24h > 1.0, attributes: [last]}\n",
            section("name: all, criteria: views > 1 AND last IN ('a'), attributes: [last]") + "    - {name: b, criteria: last = 'a' AND views.window_24h > 1.5, attributes: [last]}\n",
        ),
        (
            "unreachable-section",
            warning,
            (11, 7),
            section("name: all, attributes: [last]") + "    - {name: b, attributes: [last]}\n",
            section("name: all, criteria: views > 1, attributes: [last]") + "    - {name: b, attributes: [last]}\n",
        ),
    ]
}

fn sensitive(more: &str) -> String {
    format!(
        "attributes: [{{name: mail, type: imported, sensitive: true}}]\npersonalization_service: {{name: home, sections: [{{attributes: [mail], name: a{more}}}], trigger_event: view}}\n"
    )
}
