//! Proposals over schemas as they are found, each checked by the plan's own reader.

use super::*;
use crate::plan::{CheckedPlan, Document, Plan};
use serde_json::json;

fn table(name: &str, columns: &[(&str, &str)]) -> ExploredTable {
    let column = |(name, kind): &(&str, &str)| Column {
        name: (*name).to_owned(),
        kind: (*kind).to_owned(),
        alias: None,
        description: None,
    };
    ExploredTable {
        name: name.to_owned(),
        columns: columns.iter().map(column).collect(),
        count: 1_000,
        last_log_timestamp: Some(1_700_000_000),
    }
}

fn shop() -> Explored {
    let keys = [("td_client_id", "string"), ("email", "string")];
    let with = |more: &[(&'static str, &'static str)]| [&keys, more].concat();
    Explored {
        parent_segment_id: "394649".into(),
        parent_segment_name: "Demo".into(),
        database: "web_events".into(),
        tables: vec![
            table("customers", &[("customer_id", "string")]),
            table(
                "pageviews",
                &with(&[("td_path", "string"), ("product_id", "string"), ("canonical_id", "string")]),
            ),
            table("product_views", &with(&[("product_id", "string"), ("category", "string")])),
            table("cart_events", &with(&[("sku", "string"), ("price", "double"), ("order_id", "string")])),
            table("logins", &[("user_id", "string"), ("event_time", "long")]),
            table(
                "video_plays",
                &with(&[("video_id", "string"), ("genre", "string"), ("watch_seconds", "long")]),
            ),
        ],
        batch_attributes: vec!["age".into(), "loyalty_tier".into(), "lifetime_orders".into()],
        profile_key: Some("customer_id".into()),
    }
}

/// The proposal, which must be a plan without errors or warnings.
fn proposed(use_case: UseCase, explored: &Explored) -> (Map<String, Value>, Plan) {
    let root = propose(use_case, explored, None).unwrap();
    let document = Document::from_root(root.clone(), "proposal");
    let CheckedPlan { plan, warnings } = Plan::read(&document).unwrap_or_else(|e| panic!("{e}\n{root:?}"));
    assert_eq!(warnings, vec![], "{root:?}");
    (root, plan)
}

fn names(plan: &Plan) -> Vec<&str> {
    plan.attributes.iter().map(|attribute| attribute.name.as_str()).collect()
}

#[test]
fn the_web_plan_is_the_workflows_own() {
    let (root, _) = proposed(UseCase::Web, &shop());
    assert_eq!(
        Value::Object(root),
        json!({
            "parent_segment_id": "394649",
            "parent_segment_name": "Demo",
            "events": [
                {"name": "page_view", "database": "web_events", "table": "pageviews"},
                {"name": "product_view", "database": "web_events", "table": "product_views"}
            ],
            "id_stitching": {
                "primary_key": "canonical_id",
                "stitching_keys": [{"name": "td_client_id"}, {"name": "email"}, {"name": "canonical_id"}],
                "ext_lookup_key": "customer_id"
            },
            "attributes": [
                {"name": "last_product_viewed", "type": "single", "source_event": "product_view",
                 "source_field": "product_id", "aggregation": "last"},
                {"name": "browsed_products_list", "type": "list", "source_event": "product_view",
                 "source_field": "product_id", "aggregation": "distinct_list", "max_items": 100, "expiry_days": 60},
                {"name": "page_views_24h", "type": "counter", "source_event": "page_view",
                 "aggregation": "count", "window_duration": "24h"},
                {"name": "loyalty_tier", "type": "imported_batch"}
            ],
            "personalization_service": {
                "name": "web_personalization",
                "description": "web personalization service",
                "trigger_event": "page_view",
                "sections": [
                    {"name": "VIP Customers", "criteria": "loyalty_tier = 'VIP'",
                     "attributes": ["last_product_viewed", "browsed_products_list", "loyalty_tier"],
                     "batch_segments": []},
                    {"name": "Default", "criteria": "",
                     "attributes": ["last_product_viewed", "page_views_24h"], "batch_segments": []}
                ]
            }
        })
    );
}

#[test]
fn the_other_use_cases_use_what_is_there() {
    let (_, cart) = proposed(UseCase::Cart, &shop());
    assert_eq!(names(&cart), ["cart_items_list", "cart_value", "last_cart_update", "loyalty_tier"]);
    assert_eq!(cart.events[0].table, "cart_events");
    assert_eq!(cart.attributes[1].source_field(), Some("price"));
    assert_eq!(cart.attributes[2].source_field(), Some("time"));
    let (_, profile) = proposed(UseCase::Profile, &shop());
    assert_eq!(names(&profile), ["loyalty_tier", "lifetime_orders", "last_login", "logins_30d"]);
    assert_eq!(profile.id_stitching.as_ref().unwrap().primary_key.as_deref(), Some("user_id"));
    assert_eq!(profile.personalizations[0].sections[1].attributes.len(), 4);
    let (_, content) = proposed(UseCase::Content, &shop());
    assert_eq!(
        names(&content),
        [
            "viewed_content_list",
            "favorite_categories",
            "watch_time_24h",
            "videos_watched_24h",
            "loyalty_tier"
        ]
    );
}

#[test]
fn without_fitting_tables_the_likeliest_is_taken_and_without_a_tier_there_is_one_section() {
    let mut explored = shop();
    explored.tables = vec![table("web_events", &[("td_client_id", "string"), ("td_url", "string")])];
    explored.batch_attributes.clear();
    explored.profile_key = None;
    for use_case in UseCase::ALL {
        let (root, plan) = proposed(use_case, &explored);
        assert_eq!(plan.events.len(), 1, "{use_case}");
        assert_eq!(plan.personalizations[0].sections.len(), 1);
        assert!(root["id_stitching"].get("ext_lookup_key").is_none());
    }
    assert_eq!(proposed(UseCase::Web, &explored).1.attributes[0].name, "last_page_viewed");
}

#[test]
fn living_tables_go_before_dead_ones_and_keys_are_texts() {
    let mut explored = shop();
    let mut dead = table("pageviews", &[("td_client_id", "string")]);
    (dead.count, dead.last_log_timestamp) = (0, None);
    explored.tables = vec![dead, table("web_events", &[("user_id", "long"), ("email", "string")])];
    let (root, _) = proposed(UseCase::Web, &explored);
    assert_eq!(root["events"][0]["table"], "web_events");
    assert_eq!(root["id_stitching"]["stitching_keys"], json!([{"name": "email"}]));
}

#[test]
fn a_database_without_events_is_refused_in_the_workflows_words() {
    let explored = Explored {
        database: "crm".into(),
        tables: vec![table("customers", &[("email", "string")])],
        ..Explored::default()
    };
    let error = propose(UseCase::Web, &explored, None).unwrap_err();
    assert_eq!(error.to_string(), "No streaming event tables found in database \"crm\".");
    assert_eq!(error.hint, "Verify database name or check if events are being ingested.");
}

#[test]
fn use_cases_have_spellings() {
    for use_case in UseCase::ALL {
        assert_eq!(use_case.as_str().parse(), Ok(use_case));
    }
    assert_eq!(" Web ".parse(), Ok(UseCase::Web));
    assert!("shop".parse::<UseCase>().is_err());
}
