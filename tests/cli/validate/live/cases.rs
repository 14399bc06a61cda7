//! Plans that are wrong in the demo account only.

/// A code, a plan that has it, where, a part of its fix, and a plan without it.
pub struct Case {
    pub code: &'static str,
    pub fix: &'static str,
    pub bad: String,
    /// Line and column.
    pub place: (u64, u64),
    pub good: String,
}

/// Stands in a plan where its finding should.
const MARK: &str = "¦";

fn case(code: &'static str, fix: &'static str, bad: String, good: String) -> Case {
    let (before, after) = bad.split_once(MARK).unwrap_or_else(|| panic!("no place: {bad}"));
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let place = (u64::try_from(line).unwrap(), u64::try_from(column).unwrap());
    Case { code, fix, bad: format!("{before}{after}"), place, good }
}

/// A plan of 'Customer 360'; the text begins in line 2.
fn plan(text: &str) -> String {
    format!("parent_segment_id: '394649'\n{text}\n")
}

/// With one event, in line 2.
fn event(fields: &str) -> String {
    plan(&format!("events: [{{name: more, database: web_events, {fields}}}]"))
}

/// With one attribute, in line 2, of the live event.
fn attribute(fields: &str) -> String {
    plan(&format!("attributes: [{{name: more, source_event: page_view, {fields}}}]"))
}

/// With one section, in line 2, of what is live alone.
fn section(fields: &str) -> String {
    plan(&format!(
        "personalization_service: {{name: new, trigger_event: page_view, sections: [{{name: a, {fields}}}]}}"
    ))
}

pub fn cases() -> Vec<Case> {
    [
        parent_segments(),
        events(),
        settings(),
        attributes(),
        conflicts(),
        names(),
        sections(),
        journeys(),
        limits(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn parent_segments() -> Vec<Case> {
    let good = || plan("events: []");
    vec![
        case("unknown-parent-segment", "", "parent_segment_id: ¦99\n".into(), good()),
        case(
            "unknown-parent-segment",
            "did you mean 'Customer 360'?",
            "parent_segment_name: ¦Customer 36\n".into(),
            "parent_segment_name: Customer 360\n".into(),
        ),
        case(
            "ambiguous-parent-segment",
            "by its id",
            "parent_segment_name: ¦Twins\n".into(),
            "parent_segment_id: 394660\n".into(),
        ),
        case("rt-not-enabled", "CSM", "parent_segment_id: ¦394651\n".into(), good()),
    ]
}

fn events() -> Vec<Case> {
    let good = || event("table: pageviews");
    vec![
        case("unknown-table", "did you mean web_events.pageviews?", event("table: ¦pageview"), good()),
        case(
            "unknown-table",
            "did you mean 'web_events'?",
            plan("events: [{name: more, database: ¦web_event, table: pageviews}]"),
            good(),
        ),
        case(
            "unknown-table",
            "web_events.pageviews",
            plan("event_tables: [web_events.legacy_clicks, ¦web_events.pageview]"),
            plan("event_tables: [web_events.legacy_clicks, web_events.pageviews]"),
        ),
        case(
            "unknown-column",
            "did you mean 'td_path'?",
            event("table: pageviews, where: \"price > 1 AND ¦td_pth = 'x'\""),
            event("table: pageviews, where: \"price > 1 AND td_path = 'x'\""),
        ),
        case(
            "unknown-column",
            "did you mean 'td_path'?",
            event("table: pageviews, filter: {field: ¦td_pat, pattern: '^/'}"),
            event("table: pageviews, filter: {field: td_path, pattern: '^/'}"),
        ),
    ]
}

fn settings() -> Vec<Case> {
    let keys = |key: &str| {
        plan(&format!("id_stitching: {{stitching_keys: [legacy_id, {key}], ext_lookup_key: customer_id}}"))
    };
    let lookup =
        |ps: &str, key: &str| format!("parent_segment_id: '{ps}'\nid_stitching: {{ext_lookup_key: {key}}}\n");
    vec![
        case("unknown-column", "did you mean 'email'?", keys("¦emial"), keys("email")),
        case(
            "not-profile-key",
            "say 'customer_id'",
            lookup("394660", "¦canonical_id"),
            lookup("394660", "customer_id"),
        ),
        case(
            "live-conflict",
            "say 'customer_id'",
            lookup("394649", "¦canonical_id"),
            lookup("394649", "customer_id"),
        ),
    ]
}

fn attributes() -> Vec<Case> {
    let good = || attribute("type: single, source_field: product_id");
    let import =
        |column: &str| plan(&format!("attributes: [{{name: more, type: imported_batch, column: {column}}}]"));
    let backfill = |name: &str| {
        attribute(&format!(
            "type: single, source_field: product_id, backfill: {{attribute: {name}, timestamp: last_purchase_at}}"
        ))
    };
    let action = |where_: &str| {
        attribute(&format!(
            "type: list, source_field: product_id, actions: [{{event: page_view, where: \"{where_} > 1\"}}]"
        ))
    };
    vec![
        case(
            "unknown-column",
            "did you mean 'product_id'?",
            attribute("type: single, source_field: ¦prodct_id"),
            good(),
        ),
        case(
            "unknown-column",
            "did you mean 'price'?",
            attribute("type: list, source_field: product_id, id_field: ¦prise"),
            attribute("type: list, source_field: product_id, id_field: price"),
        ),
        case(
            "unknown-column",
            "did you mean 'price'?",
            attribute("type: list, source_field: product_id, fields: [td_url, ¦prise]"),
            attribute("type: list, source_field: product_id, fields: [td_url, price]"),
        ),
        case(
            "unknown-column",
            "did you mean 'price'?",
            attribute("type: list, id_field: time, aggregations: [{column: ¦prise, name: p}]"),
            attribute("type: list, id_field: time, aggregations: [{column: price, name: p}]"),
        ),
        case(
            "unknown-column",
            "did you mean 'price'?",
            attribute("type: counter, where: \"¦prise > 1\""),
            attribute("type: counter, where: \"price > 1\""),
        ),
        case("unknown-column", "did you mean 'price'?", action("¦prise"), action("price")),
        case(
            "unknown-event",
            "did you mean 'page_view'?",
            plan("attributes: [{name: more, source_event: ¦page_veiw, type: counter}]"),
            plan("attributes: [{name: more, source_event: page_view, type: counter}]"),
        ),
        case("unknown-batch-attribute", "did you mean 'city'?", import("¦citi"), import("city")),
        case(
            "unknown-batch-attribute",
            "did you mean 'city'?",
            plan("attributes: [{name: ¦citi, type: imported_batch}]"),
            plan("attributes: [{name: city, type: imported_batch}]"),
        ),
        case("unknown-batch-attribute", "did you mean 'city'?", backfill("¦citi"), backfill("city")),
    ]
}

fn conflicts() -> Vec<Case> {
    let of = |name: &str, fields: &str| plan(&format!("attributes: [{{name: {name}, {fields}}}]"));
    let good = || of("views", "source_event: page_view, type: counter");
    let another = "another name";
    let service = |public: &str| {
        plan(&format!(
            "personalization_service: {{name: home, trigger_event: page_view, public: {public}, sections: [{{name: all, attributes: [last]}}]}}"
        ))
    };
    vec![
        case(
            "live-conflict",
            another,
            of("views", "source_event: page_view, type: ¦single, source_field: price"),
            good(),
        ),
        case(
            "live-conflict",
            another,
            of("last", "source_event: page_view, type: single, source_field: ¦price"),
            of("last", "source_event: page_view, type: single, source_field: product_id"),
        ),
        case(
            "live-conflict",
            another,
            of("seen", "source_event: page_view, type: list, id_field: ¦price, source_field: product_id"),
            of("seen", "source_event: page_view, type: list, id_field: product_id, source_field: product_id"),
        ),
        case(
            "live-conflict",
            another,
            of("views", "source_event: page_view, type: counter, increment: ¦2"),
            of("views", "source_event: page_view, type: counter, increment: 1"),
        ),
        case(
            "live-conflict",
            another,
            of("views", "source_event: page_view, type: counter, where: ¦\"price > 1\""),
            good(),
        ),
        case("live-conflict", "leave `public` out", service("¦true"), service("false")),
    ]
}

/// Items under another name than what is live.
fn names() -> Vec<Case> {
    let of = |fields: &str| plan(&format!("attributes: [{{name: more, {fields}}}]"));
    let service = |public: &str| {
        plan(&format!(
            "personalization_service: {{name: more, renamed_from: home, trigger_event: page_view, public: {public}, sections: [{{name: all, attributes: [last]}}]}}"
        ))
    };
    vec![
        case(
            "not-renamed",
            "tdx-rt rt-attrs delete loyalty_tier --ps 394649",
            plan("attributes: [{name: city, renamed_from: ¦loyalty_tier, type: imported_batch}]"),
            plan("attributes: [{name: city, renamed_from: town, type: imported_batch}]"),
        ),
        case(
            "not-renamed",
            "tdx-rt rt-attrs delete views --ps 394649",
            of("renamed_from: ¦views, type: single, source_event: page_view, source_field: price"),
            of("renamed_from: last, type: single, source_event: page_view, source_field: product_id"),
        ),
        // What is renamed stays what it is, so that it has to fit.
        case(
            "live-conflict",
            "another name",
            of("renamed_from: views, source_event: page_view, type: counter, increment: ¦2"),
            of("renamed_from: views, source_event: page_view, type: counter, increment: 1"),
        ),
        case("live-conflict", "leave `public` out", service("¦true"), service("false")),
        case(
            "unknown-attribute",
            "",
            plan(
                "attributes: [{name: more, renamed_from: last, type: single, source_event: page_view, source_field: product_id}]
personalization_service: {name: new, trigger_event: page_view, sections: [{name: a, catalogs: [{catalog: c, attribute: ¦last, column: d}], attributes: [more]}]}",
            ),
            plan("attributes: [{name: more, renamed_from: last, type: single, source_event: page_view, source_field: product_id}]"),
        ),
        case(
            "unknown-event",
            "it is 'page_views' now",
            plan(
                "events: [{name: page_views, renamed_from: page_view, table: web_events.pageviews}]
personalization_service: {name: new, trigger_event: page_views, sections: [{name: a, attributes: [last], trigger_event: ¦page_view}]}",
            ),
            plan(
                "events: [{name: page_views, renamed_from: page_view, table: web_events.pageviews}]
personalization_service: {name: new, trigger_event: page_views, sections: [{name: a, attributes: [last]}]}",
            ),
        ),
    ]
}

fn sections() -> Vec<Case> {
    let good = || section("attributes: [last]");
    let lookup = |catalog: &str| {
        let mark = if catalog == "nope" { MARK } else { "" };
        plan(&format!(
            "attributes: [{{name: offers, type: lookup_catalog, catalog_table: offers, lookup_keys: [{{name: product_id}}]}}]
personalization_service: {{name: new, trigger_event: page_view, sections: [{mark}{{name: a, catalogs: [{{catalog: {catalog}, attribute: last, column: product_id}}]}}]}}"
        ))
    };
    let home = |criteria: &str| {
        plan(&format!(
            "personalization_service: {{name: home, trigger_event: page_view, sections: [{{name: a, criteria: {criteria}, attributes: [last]}}]}}"
        ))
    };
    let trigger = |name: &str| {
        plan(&format!(
            "personalization_service: {{name: new, trigger_event: {name}, sections: [{{name: a, attributes: [last]}}]}}"
        ))
    };
    vec![
        case("unknown-event", "did you mean 'page_view'?", trigger("¦page_veiw"), trigger("page_view")),
        case("unknown-attribute", "did you mean 'last'?", section("attributes: [¦lats]"), good()),
        case(
            "unknown-attribute",
            "type: imported_batch",
            section("attributes: [¦city]"),
            section("attributes: [loyalty_tier]"),
        ),
        case(
            "unknown-attribute",
            "did you mean 'views'?",
            section("criteria: \"last = 'a' AND ¦vews > 1\", attributes: [last]"),
            section("criteria: \"last = 'a' AND views > 1\", attributes: [last]"),
        ),
        case(
            "bad-sub",
            "",
            section("attributes: [{name: views, sub: ¦window_7d}]"),
            section("attributes: [{name: views, sub: window_24h}]"),
        ),
        case(
            "bad-sub",
            "",
            section("criteria: \"¦views.window_7d > 1\", attributes: [last]"),
            section("criteria: \"views.window_24h > 1\", attributes: [last]"),
        ),
        case("bad-payload", "", lookup("nope"), lookup("offers")),
        case(
            "unknown-segment",
            "did you mean 'High Value'?",
            section("attributes: [last], batch_segments: [¦Hig Value]"),
            section("attributes: [last], batch_segments: [High Value]"),
        ),
        case(
            "ambiguous-segment",
            "by its id",
            section("attributes: [last], batch_segments: [High Value, ¦Newsletter]"),
            section("attributes: [last], batch_segments: [High Value, 9009]"),
        ),
        case(
            "duplicate-segment",
            "",
            section("attributes: [last], batch_segments: [High Value, ¦9001]"),
            section("attributes: [last], batch_segments: [High Value, 9002]"),
        ),
        case("same-criteria", "add renamed_from: some", home("¦views > 5"), home("views > 6")),
        case("unreachable-section", "name 'all' in the plan before 'a'", home("¦''"), home("views > 6")),
        case(
            "unknown-column",
            "did you mean 'price'?",
            section("attributes: [last], trigger_where: \"¦prise > 1\""),
            section("attributes: [last], trigger_where: \"price > 1\""),
        ),
    ]
}

/// With one journey, in line 2, on the live event.
fn journey(fields: &str) -> String {
    plan(&format!("journeys: [{{name: new, {fields}}}]"))
}

fn journeys() -> Vec<Case> {
    let hook = |rest: &str| {
        journey(&format!(
            "trigger_event: page_view, steps: [{{activate: webhook, url: 'https://h.example/', {rest}}}]"
        ))
    };
    let through = |connection: &str, url: &str| {
        journey(&format!(
            "trigger_event: page_view, steps: [{{activate: webhook, connection: {connection}, url: '{url}'}}]"
        ))
    };
    let on = |trigger: &str| journey(&format!("trigger_event: {trigger}, steps: [end]"));
    vec![
        case("unknown-event", "did you mean 'page_view'?", on("¦page_vew"), on("page_view")),
        case(
            "unknown-event",
            "page_view",
            journey("trigger_event: page_view, goal: {event: ¦page_vew}, steps: [end]"),
            journey("trigger_event: page_view, goal: {event: page_view}, steps: [end]"),
        ),
        case(
            "unknown-column",
            "td_path",
            journey("trigger_event: page_view, where: \"¦td_pth = 'x'\", steps: [end]"),
            journey("trigger_event: page_view, where: \"td_path = 'x'\", steps: [end]"),
        ),
        case(
            "unknown-attribute",
            "did you mean 'views'?",
            journey("trigger_event: page_view, criteria: \"¦vews > 3\", steps: [end]"),
            journey("trigger_event: page_view, criteria: \"views > 3\", steps: [end]"),
        ),
        case(
            "unknown-attribute",
            "",
            journey(
                "trigger_event: page_view, steps: [{decide: [{name: a, when: \"¦nothing > 3\"}, {name: b, otherwise: true}]}]",
            ),
            journey(
                "trigger_event: page_view, steps: [{decide: [{name: a, when: \"views > 3\"}, {name: b, otherwise: true}]}]",
            ),
        ),
        case(
            "unknown-placeholder",
            "did you mean 'product_id'?",
            hook("body: 'x {{¦produkt_id}}'"),
            hook("body: 'x {{product_id}}'"),
        ),
        case(
            "unknown-journey",
            "did you mean 'running'?",
            journey("trigger_event: page_view, steps: [{jump: ¦runing}]"),
            journey("trigger_event: page_view, steps: [{jump: running}]"),
        ),
        case(
            "unknown-connection",
            "did you mean 'demo_webhook'?",
            through("demo_wbehook", "https://hooks.example.com/in").replace("connection: ", "connection: ¦"),
            through("demo_webhook", "https://hooks.example.com/in"),
        ),
        case(
            "unknown-connection",
            "'demo_webhook' (8501, td_webhook_out)",
            through("'999'", "https://hooks.example.com/in").replace("connection: ", "connection: ¦"),
            through("'8501'", "https://hooks.example.com/in"),
        ),
        case(
            "wrong-connection",
            "one for its host",
            through("demo_webhook", "https://hooks.example.org/in").replace("url: ", "url: ¦"),
            through("demo_webhook", "https://hooks.example.com/in"),
        ),
        case(
            "live-conflict",
            "give the new version another name",
            plan("journeys: [¦{name: running, trigger_event: page_view, steps: [{wait: 2h}]}]"),
            plan("journeys: [{name: running, trigger_event: page_view, steps: [{wait: 1h}]}]"),
        ),
    ]
}

fn limits() -> Vec<Case> {
    let filter = |count: usize| {
        format!(
            "parent_segment_id: '394649'\nevents: ¦[{{name: more, table: web_events.pageviews, where: \"td_path = '{}'\"}}]\n",
            "x".repeat(count)
        )
    };
    let unmarked = |text: String| text.replace(MARK, "");
    // 'Twins' has 99 keys already.
    let keys = |names: &str| {
        format!(
            "parent_segment_id: 394661\nevent_tables: [web_events.pageviews]\nid_stitching: {{stitching_keys: ¦[{names}]}}\n"
        )
    };
    vec![
        // A live event has a filter of some 500 characters.
        case("limit-exceeded", "shorten", filter(500), unmarked(filter(400))),
        case("limit-exceeded", "remove some", keys("email, td_client_id"), unmarked(keys("email, k1"))),
    ]
}
