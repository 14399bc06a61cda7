use super::*;
use crate::sandbox::engine::Batch as _;
use serde_json::{Value, json};

const EXAMPLE: &str = include_str!("../../../examples/seed.yaml");

fn store(text: &str, random: u64) -> Result<Store, SeedError> {
    Seed::parse(text)?.store("1", random, Settle::default(), 0)
}

/// The error of the example after a change.
fn wrong(from: &str, to: &str) -> String {
    assert!(EXAMPLE.contains(from), "{from}");
    let made = store(&EXAMPLE.replacen(from, to, 1), 0).map(drop);
    made.expect_err(to).to_string()
}

#[test]
fn the_demo_data_is_sound_and_compiles() {
    let store = Seed::Demo.store("1", 0, Settle::default(), 0).unwrap();
    let status = |id: &str| store.realtime(id).map(|r| r.rollout.status(0).as_str());
    assert_eq!(status("394649"), Ok("ok"));
    assert_eq!(status("394650"), Ok("updating"));
    assert!(status("394651").is_err(), "real-time is not enabled there");
    for segment in store.segments() {
        assert!(segment.realtime().is_err() || segment.realtime().unwrap().program().is_ok());
        assert_eq!(segment.batch.customers.len(), 12);
    }
    let one = &store.segment("394649").unwrap().batch;
    assert!(Arc::ptr_eq(&one.customers, &store.segment("394651").unwrap().batch.customers), "shared");
    let judy = one.customer("c-1010").unwrap();
    assert_eq!((judy.len(), &judy["first_name"], &judy["city"]), (16, &json!("Judy"), &json!("New York")));
    assert_eq!(Seed::Empty.store("1", 0, Settle::default(), 0).unwrap().segments().count(), 0);
}

#[test]
fn the_example_has_customers_segments_and_a_catalog() {
    let store = store(EXAMPLE, 0).unwrap();
    let segment = store.segment("42").unwrap();
    let ann = json!({"email": "ann@example.com", "tier": "Gold", "points": 1200});
    assert_eq!(segment.batch.customer("c1").cloned().map(Value::Object), Some(ann));
    let gold = &segment.batch.segments[0];
    assert!(segment.batch.in_segment(&gold.id, "c1") && !segment.batch.in_segment(&gold.id, "c2"));
    assert_eq!(segment.folders[0].name, "Root", "there is always one");
    let rows = segment.batch.catalog_rows("offers", "product_id", &json!("p2"));
    assert_eq!(rows.iter().map(|row| &row["discount"]).collect::<Vec<_>>(), [&json!(0.25)]);
    assert_eq!(segment.batch.catalog_rows("shop.offers", "product_id", &json!("p1")).len(), 1);
    let realtime = segment.realtime().unwrap();
    assert_eq!(
        realtime.attributes.iter().map(|a| a.identifier.as_str()).collect::<Vec<_>>(),
        ["tier", "offers"]
    );
    assert!(realtime.program().is_ok());
    let table = store.catalog.table("shop", "pageviews").unwrap();
    assert_eq!((table.rows, table.last_record), (5_000, Some(1_761_955_140)));
    assert_eq!(store.catalog.table("shop", "offers").unwrap().rows, 2);
}

#[test]
fn ids_follow_the_random_number_alone() {
    let ids = |random: u64| {
        let mut store = store(EXAMPLE, random).unwrap();
        let folder = store.segment("42").unwrap().folders[0].id.clone();
        let event = store.realtime("42").unwrap().key_events[0].id.clone();
        let mut edit = store.edit("42", 0).unwrap();
        let body = |name: &str| json!({ "name": name }).as_object().cloned().unwrap();
        let service = edit.create_service(&body("web")).unwrap();
        let token = edit.create_token(&service, &body("t")).unwrap().value;
        (folder, event, service, token)
    };
    assert_eq!(ids(7), ids(7));
    let (zero, one, two) = (ids(0), ids(1), ids(2));
    for (a, b) in [(&zero, &one), (&zero, &two), (&one, &two)] {
        assert!(a.0 != b.0 && a.1 != b.1 && a.2 != b.2 && a.3 != b.3, "{a:?} {b:?}");
    }
    let mut demo = Seed::Demo.store("1", 0, Settle::default(), 0).unwrap();
    let first = demo.realtime("394649").unwrap().attributes[0].id.clone();
    assert_eq!(first.as_deref(), Some("500001"), "what --seed 0 has always given");
    let body = json!({"name": "web"});
    let service = demo.edit("394649", 0).unwrap().create_service(body.as_object().unwrap()).unwrap();
    assert_eq!(service, "500003");
}

#[test]
fn an_unknown_key_is_named_with_its_place_and_the_nearest_one() {
    let error = wrong("members:", "member:");
    assert!(error.contains("no key 'member'") && error.contains("did you mean 'members'?"), "{error}");
    assert!(wrong("members:", "MEMBERS:").contains("did you mean 'members'?"));
    let line = EXAMPLE.lines().position(|line| line.contains("members:")).unwrap() + 1;
    assert!(error.contains(&format!("line {line}, column ")), "{error}");
    let error = wrong("    name: Web shop\n", "");
    assert!(error.contains("name") && error.contains("line"), "{error}");
}

#[test]
fn what_does_not_fit_is_named() {
    for (from, to, parts) in [
        ("email: ann@", "emial: ann@", ["table 'shop.customers', row 1", "did you mean 'email'?"]),
        ("points: 80", "points: many", ["table 'shop.loyalty', row 2", "does not fit the column 'points'"]),
        (
            "tier: Gold, points",
            "tier: 5, points",
            ["row 1", "5 does not fit the column 'tier' of type string"],
        ),
        ("[email, string]", "[email]", ["table 'shop.customers'", "a column is [name, type]"]),
        (
            "row_count: 5000",
            "rows: [{time: 1}]\n        row_count: 0",
            ["'shop.pageviews'", "row_count is 0"],
        ),
        ("table: customers", "table: clients", ["parent segment 'Web shop'", "no table 'shop.clients'"]),
        (
            "profile_key: customer_id",
            "profile_key: customerid",
            ["'Web shop'", "did you mean 'customer_id'?"],
        ),
        (
            "{name: points, table: loyalty}",
            "{name: point, table: loyalty}",
            ["attribute 'point'", "'points'?"],
        ),
        ("{name: points, table: loyalty}", "{name: points, key: x}", ["attribute 'points'", "need a table"]),
        ("customer_id: c2, email", "customer_id: c1, email", ["row 2 of 'shop.customers'", "'c1'"]),
        ("customer_id: c2, email", "customer_id: null, email", ["row 2 of", "has no profile key"]),
        ("members: [c1]", "members: [c9]", ["segment 'Gold members'", "no customer \"c9\""]),
        ("{name: Page views, table: pageviews}", "{name: V, table: views}", ["behavior 'V'", "'shop.views'"]),
        ("keys: [product_id]", "keys: [product]", ["catalog 'Offers'", "no column 'product'"]),
        ("tableName: pageviews", "tableName: offers", ["key event 'page_view'", "not an event table"]),
        ("{column: tier}", "{column: tear}", ["real-time of 'Web shop', setting", "'tear'"]),
        ("- id: '42'", "- id: forty", ["id", "not a number"]),
        ("  - name: shop\n", "  - name: shop\n  - name: shop\n", ["database 'shop'", "occurs twice"]),
    ] {
        let error = wrong(from, to);
        assert!(parts.iter().all(|part| error.contains(part)), "{from} -> {to}: {error}");
    }
}

#[test]
fn attribute_tables_may_have_keys_of_their_own() {
    let text = "
databases:
  - name: crm
    tables:
      - name: people
        columns: [[id, string], [home, long]]
        rows: [{id: a, home: 1}, {id: b, home: 2}, {id: c}]
  - name: geo
    tables:
      - name: towns
        columns: [[number, long], [town, string], [tags, array<string>]]
        rows: [{number: 1, town: Kyoto, tags: [old]}, {number: 2, town: Bonn}, {number: 2, town: Berlin}]
parent_segments:
  - name: All
    master: {database: crm, table: people, profile_key: id}
    attributes: [{name: town, database: geo, table: towns, key: number, master_key: home}]
";
    let store = store(text, 0).unwrap();
    let segment = store.segments().next().unwrap();
    let town = |key: &str| segment.batch.customer(key).unwrap()["town"].clone();
    assert_eq!((town("a"), town("b"), town("c")), (json!("Kyoto"), json!("Berlin"), Value::Null));
    assert_eq!(segment.id, "500003", "two tables come first, counted as the document goes");
}
