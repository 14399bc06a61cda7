//! Plans and templates, but for attributes and sections.

use super::{Case, keys};

pub fn cases() -> Vec<Case<'static>> {
    let error = "error";
    let warning = "warning";
    let event = "events: [{name: view, database: web, table: pages}]\n";
    let case = |code, severity, place, bad: &str, good: &str| {
        (code, severity, place, bad.to_owned(), good.to_owned())
    };
    vec![
        case("not-a-plan", error, (1, 1), "dry_run: true\nrequests: []\n", "events: []\n"),
        case("bad-syntax", error, (2, 4), "a: 1\nb: [1\n", "events: [] # [1\n"),
        case("duplicate-key", error, (2, 1), "events: []\nevents: []\n", "events: []\n"),
        case("not-a-mapping", error, (1, 1), "- a\n", "events: []\n"),
        case("unknown-key", error, (2, 1), "attributes: []\nevnets: []\n", "events: []\n"),
        case("not-a-plan", error, (1, 1), "atributes: []\n", "attributes: []\n"),
        case("not-a-plan", error, (1, 1), "{}\n", "attributes: []\n"),
        case("wrong-type", error, (1, 20), "parent_segment_id: 12.5\n", "parent_segment_id: 12\n"),
        case("wrong-type", error, (1, 11), "journeys: 3\n", "journeys: []\n"),
        case(
            "placeholder",
            error,
            (1, 20),
            "parent_segment_id: '<ps_id>'\n",
            "parent_segment_id: '394649'\n",
        ),
        case("wrong-type", error, (1, 9), "events: {}\n", "events: []\n"),
        case("blank", error, (1, 17), "events: [{name: '', database: web, table: pages}]\n", event),
        case("missing-field", error, (1, 10), "events: [{name: view, table: pages}]\n", event),
        case(
            "bad-table",
            error,
            (1, 30),
            "events: [{name: view, table: web.pages.x}]\n",
            "events: [{name: view, table: web.pages}]\n",
        ),
        case("table-name", warning, (1, 30), "events: [{name: view, table: Web.pages}]\n", event),
        case(
            "bad-regex",
            error,
            (1, 69),
            "events: [{name: view, table: web.pages, filter: {field: p, pattern: '('}}]\n",
            "events: [{name: view, table: web.pages, filter: {field: p, pattern: '^a'}}]\n",
        ),
        case(
            "bad-criteria",
            error,
            (1, 53),
            "events: [{name: view, table: web.pages, where: 'x = VIP'}]\n",
            "events: [{name: view, table: web.pages, where: \"x = 'VIP'\"}]\n",
        ),
        case(
            "duplicate-name",
            error,
            (1, 49),
            "events: [{name: view, table: web.pages}, {name: view, table: web.other}]\n",
            "events: [{name: view, table: web.pages}, {name: click, table: web.other}]\n",
        ),
        case(
            "bad-rename",
            error,
            (1, 55),
            "events: [{name: view, table: web.pages, renamed_from: view}]\n",
            "events: [{name: view, table: web.pages, renamed_from: page_view}]\n",
        ),
        case(
            "bad-rename",
            error,
            (3, 66),
            "attributes:\n- {name: tier, type: imported}\n- {name: level, type: counter, source_event: view, renamed_from: tier}\n",
            "attributes:\n- {name: rank, type: imported}\n- {name: level, type: counter, source_event: view, renamed_from: tier}\n",
        ),
        case(
            "bad-rename",
            error,
            (3, 62),
            "journeys:\n- {name: a, trigger_event: view, steps: [end], renamed_from: c}\n- {name: b, trigger_event: view, steps: [end], renamed_from: c}\n",
            "journeys:\n- {name: a, trigger_event: view, steps: [end], renamed_from: c}\n- {name: b, trigger_event: view, steps: [end], renamed_from: d}\n",
        ),
        case(
            "primary-key-added",
            warning,
            (1, 29),
            "id_stitching: {primary_key: a, stitching_keys: [b]}\n",
            "id_stitching: {primary_key: a, stitching_keys: [a, b]}\n",
        ),
        case(
            "similar-keys",
            warning,
            (1, 40),
            "id_stitching: {stitching_keys: [email, Email]}\n",
            "id_stitching: {stitching_keys: [email, mail]}\n",
        ),
        case(
            "lookup-is-stitching-key",
            warning,
            (1, 57),
            "id_stitching: {stitching_keys: [email], ext_lookup_key: email}\n",
            "id_stitching: {stitching_keys: [email], ext_lookup_key: customer_id}\n",
        ),
        case(
            "limit-exceeded",
            error,
            (1, 32),
            &format!("id_stitching: {{stitching_keys: {}}}\n", keys(101)),
            &format!("id_stitching: {{stitching_keys: {}}}\n", keys(100)),
        ),
        case(
            "documents-disagree",
            error,
            (3, 20),
            "parent_segment_id: 1\n---\nparent_segment_id: 2\n",
            "parent_segment_id: 1\n---\nparent_segment_id: '1'\n",
        ),
        case(
            "many-attributes",
            warning,
            (3, 3),
            &format!("{event}attributes:\n{}", counters(201)),
            &format!("{event}attributes:\n{}", counters(200)),
        ),
        case(
            "missing-identifier",
            warning,
            (1, 14),
            "attributes: [{name: Page Views, type: imported}]\n",
            "attributes: [{name: Page Views, identifier: page_views, type: imported}]\n",
        ),
        case(
            "trigger-assumed",
            warning,
            (1, 1),
            &format!("{event}{TEMPLATE}"),
            &format!("{event}trigger_event: view\n{TEMPLATE}"),
        ),
        case(
            "no-counterpart",
            error,
            (4, 55),
            &template("within_days, value: 3"),
            &template("greater_than, value: 3"),
        ),
        case("unknown-operator", error, (4, 55), &template("equal, value: 3"), &template("equals, value: 3")),
    ]
}

const TEMPLATE: &str = "service_name: home\nsections: [{name: all, outputs: [{attribute: tier}]}]\n";

fn template(operator: &str) -> String {
    format!(
        "service_name: home\ntrigger_event: view\nsections:\n  - {{name: a, criteria: {{attribute: visits, operator: {operator}}}, outputs: [{{attribute: x}}]}}\n"
    )
}

fn counters(count: usize) -> String {
    let one = |i| format!("  - {{name: c{i}, type: counter, source_event: view}}\n");
    (0..count).map(one).collect()
}
