//! `sandbox --seed-from`: a sandbox in which a plan makes sense.

use super::Written;
use super::plans::{generated, plan_of_everything, plan_with_spares};
use crate::common::{Output, Platform, Random, Tdx, side_by_side};
use serde_json::{Value, json};
use tdx_rt::sandbox::{Options, Seed, Settle};

/// The seed file that is made of a plan.
#[track_caller]
fn seed_of(plan: &str) -> String {
    let output = Tdx::new(&["sandbox", "--print-seed", "--seed-from", "-"]).stdin(plan).run();
    assert_eq!(output.code, 0, "{output:?}\n{plan}");
    output.stdout
}

fn platform(seed: &str) -> Platform {
    let seed = Seed::parse(seed).unwrap();
    Platform::with(Options { seed, settle: Settle::AfterReads(1), ..Options::default() })
}

/// Whether the plan can be checked, compared, applied and tested in the sandbox that is made of it.
#[track_caller]
fn makes_sense(plan: &str) {
    let seed = seed_of(plan);
    let platform = platform(&seed);
    let file = Written::new("plan.yaml", plan);
    // The tokens of services are kept there.
    let state = tempfile::tempdir().unwrap();
    let tdx = |arguments: &[&str]| {
        platform
            .tdx(arguments)
            .env("TDX_RT_STATE_DIR", state.path().to_str().unwrap())
            .env("TDX_RT_HOOK_KEY", "made-up")
    };
    let ps: &[&str] = if plan.contains("parent_segment") { &[] } else { &["--ps", "Sandbox"] };
    let run = |arguments: &[&str]| -> Output {
        let output = tdx(&[arguments, ps].concat()).run();
        assert_eq!(output.code, 0, "{arguments:?}: {output:?}\n{plan}\n{seed}");
        output
    };
    run(&["validate", "--live", file.path()]);
    run(&["diff", file.path()]);
    let applied = run(&["apply", file.path(), "--interval", "5ms"]);
    platform.forget_requests();
    run(&["apply", file.path(), "--interval", "5ms"]);
    assert_eq!(platform.writes(), Vec::<String>::new(), "the second time nothing changes:\n{plan}");
    run(&["diff", "--exit-code", file.path()]);
    let document: Value = serde_json::from_str(&applied.stdout).unwrap();
    // Of several services, none gets a token by itself.
    if let Some(service) =
        document.get("personalization_service").filter(|service| service.get("only").is_none())
    {
        let Some(key) = document.pointer("/id_stitching/stitching_keys/0") else { return };
        let key = key.as_str().or(key["name"].as_str()).unwrap();
        let applied = Written::new("applied.json", &applied.stdout);
        let name = service["name"].as_str().unwrap();
        let key = format!("{key}=c1");
        let tested =
            platform.tdx(&["pz-test", "-f", applied.path(), "--personalization", name, "--key", &key]).run();
        assert_eq!(tested.code, 0, "{tested:?}\n{plan}\n{seed}");
    }
}

#[test]
fn every_plan_of_the_examples_makes_sense_in_its_sandbox() {
    let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/examples")).unwrap();
    let files = folder.map(|entry| entry.unwrap().path());
    let plans: Vec<_> = files
        .filter(|path| {
            path.extension().is_some_and(|ending| ending == "yaml") && !path.ends_with("seed.yaml")
        })
        .collect();
    assert!(plans.len() >= 2, "{plans:?}");
    for plan in plans {
        makes_sense(&std::fs::read_to_string(plan).unwrap());
    }
}

#[test]
fn generated_plans_make_sense_in_their_sandboxes() {
    generated("seeded", |random: &mut Random, plan: &Value| {
        let mut plan = plan.clone();
        if random.one_in(3) {
            plan.as_object_mut().unwrap().shift_remove("parent_segment_id");
            if random.one_in(2) {
                plan["parent_segment_name"] = json!("It's mine");
            }
        }
        makes_sense(&plan.to_string());
    });
}

#[test]
fn plans_with_one_of_everything_make_sense_in_their_sandboxes() {
    for plan in [plan_of_everything(), plan_with_spares()] {
        makes_sense(&plan.to_string());
    }
}

/// The plans that `explain` shows as right.
#[test]
fn the_plans_that_explain_shows_make_sense_in_their_sandboxes() {
    let examples = tdx_rt::explain::entries().into_iter().filter_map(|entry| Some(entry.example?.good));
    let is_plan = |text: &&str| {
        let report = tdx_rt::plan::validate(text, "a plan");
        let errors = report.findings.iter().any(|finding| finding.severity == tdx_rt::plan::Severity::Error);
        !errors && report.plan.is_some_and(|plan| !plan.is_empty())
    };
    let plans: Vec<&str> = examples.filter(is_plan).collect();
    assert!(plans.len() >= 30, "{}", plans.len());
    side_by_side(plans.chunks(plans.len().div_ceil(4)), |plans| {
        plans.iter().for_each(|plan| makes_sense(plan))
    });
}

#[test]
fn what_a_plan_names_and_does_not_have_is_there() {
    makes_sense(
        "parent_segment_id: 77
attributes:
  - {name: views, type: counter, source_event: elsewhere, where: price > 3}
id_stitching: {stitching_keys: [td_client_id], ext_lookup_key: member_id}
personalization_service:
  name: home
  trigger_event: elsewhere
  sections:
    - {name: A, criteria: tier = 'Gold', attributes: [views, tier], batch_segments: ['4711', Loyal]}
    - {name: B, trigger_event: other, attributes: [views]}
",
    );
    makes_sense("id_stitching: {stitching_keys: [email]}\n");
    makes_sense("event_tables: [shop.visits]\n");
}

#[test]
fn a_customer_fulfils_the_criteria_of_each_section() {
    let plan =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/web-personalization.yaml"));
    let file = Written::new("plan.yaml", &plan.unwrap());
    let script = "tdx-rt apply \"$0\" -o applied.json -q && \
        for customer in c1 c2; do tdx-rt pz-test -f applied.json --key customer_id=$customer \
        --jq '.response.offers | keys[0]'; done";
    let arguments =
        ["sandbox", "--settle", "1reads", "--seed-from", file.path(), "--", "sh", "-c", script, file.path()];
    let output = Tdx::new(&arguments).run();
    assert_eq!((output.code, output.stdout.as_str()), (0, "VIP Customers\nDefault\n"), "{output:?}");
}

#[test]
fn types_of_columns_follow_from_what_is_done_with_them() {
    let seed: Value = serde_saphyr::from_str(&seed_of(
        "events: [{name: buy, table: shop.buys, where: \"price > 3 AND city = 'Rome'\"}]
attributes:
  - {name: spent, type: counter, aggregation: sum, source_event: buy, source_field: amount}
  - {name: size, type: single, source_event: buy, source_field: size}
  - {name: points, type: imported_batch}
  - {name: since, type: single, source_event: buy, source_field: when, backfill: {attribute: joined, timestamp: joined_at}}
personalization_service:
  name: web
  trigger_event: buy
  sections: [{name: A, criteria: points >= 10 AND size > 4, attributes: [spent]}]
",
    ))
    .unwrap();
    let of = |database: &str, table: &str| {
        let all = seed["databases"].as_array().unwrap();
        let tables = all.iter().find(|one| one["name"] == database).unwrap()["tables"].as_array().unwrap();
        tables.iter().find(|one| one["name"] == table).unwrap()["columns"].clone()
    };
    let (double, string, long) = ("double", "string", "long");
    assert_eq!(
        of("shop", "buys"),
        json!([
            ["time", long],
            ["price", double],
            ["city", string],
            ["amount", double],
            ["size", double],
            ["when", string]
        ])
    );
    let batch = [["points", double], ["joined", string], ["joined_at", long]];
    let wanted: Vec<_> = [["time", long], ["customer_id", string]].into_iter().chain(batch).collect();
    assert_eq!(of("crm", "customers"), json!(wanted));
}

#[test]
fn the_parent_segment_is_the_plans_else_the_flags_else_a_default_one() {
    let name = |plan: &str, arguments: &[&str]| {
        let all = [&["sandbox", "--print-seed", "--seed-from", "-"], arguments].concat();
        let output = Tdx::new(&all).stdin(plan).run();
        assert_eq!(output.code, 0, "{output:?}");
        let seed: Value = serde_saphyr::from_str(&output.stdout).unwrap();
        let segment = &seed["parent_segments"][0];
        (segment["id"].as_str().map(str::to_owned), segment["name"].as_str().unwrap().to_owned())
    };
    let events = "events: [{name: a, table: b_b.ccc}]\n";
    let id = |id: &str| Some(id.to_owned());
    assert_eq!(name(events, &[]), (None, "Sandbox".to_owned()));
    assert_eq!(name(events, &["--ps", "Mine"]), (None, "Mine".to_owned()));
    assert_eq!(name(events, &["--ps", "12"]), (id("12"), "Parent segment 12".to_owned()));
    assert_eq!(
        name(&format!("{events}parent_segment_id: 5\n"), &[]),
        (id("5"), "Parent segment 5".to_owned())
    );
    let both = format!("{events}parent_segment_id: 5\nparent_segment_name: Five\n");
    assert_eq!(name(&both, &[]), (id("5"), "Five".to_owned()));
}

#[test]
fn what_cannot_be_a_seed_is_refused_with_the_reason() {
    let of = |plan: &str, arguments: &[&str]| {
        let file = Written::new("plan.yaml", plan);
        Tdx::new(&[&["sandbox", "--seed-from", file.path()], arguments, &["--", "true"]].concat()).run()
    };
    let error = of("evnets: []\nevents: {}\n", &[]).error(2, "invalid-plan");
    assert!(error["message"].as_str().unwrap().contains("events: "), "{error}");
    let error = of("events: [{name: a, table: B.C}]\n", &[]).error(2, "invalid-plan");
    assert!(error["message"].as_str().unwrap().contains("3 to 128"), "{error}");
    of("events: []\n", &["--empty"]).error(2, "usage");
    let error = Tdx::new(&["sandbox", "--seed-from", "/no/such/plan.yaml"]).run().error(3, "not-found");
    assert!(error["message"].as_str().unwrap().contains("/no/such/plan.yaml"), "{error}");
    let leads = "events: [{name: view, table: web.pages}]\njourneys: [{name: a, trigger_event: view, steps: [{jump: {journey: other}}]}]\n";
    let output = of(leads, &[]);
    assert!(
        output.code == 0 && output.stderr.contains("the journey 'other', which it does not have"),
        "{output:?}"
    );
}

/// A parent segment with attributes of other tables, of another name than their column, and a catalog.
const ACCOUNT: &str = "
connections: [{id: '9', name: hooks, type: td_webhook_out, url_prefix: 'https://hooks.example.com/'}]
databases:
  - name: base
    tables:
      - {name: people, columns: [[member, string], [home, string], [mail, string]], rows: [{member: m-1, home: h1, mail: ann@private.example}]}
      - {name: homes, columns: [[home_id, string], [city_name, string], [rooms, long]], rows: [{home_id: h1, city_name: Secretville, rooms: 4}]}
      - {name: offers, columns: [[product_id, string], [discount, double]], rows: [{product_id: p1, discount: 0.5}]}
  - name: shop
    tables:
      - {name: views, columns: [[time, long], [visitor, string], [product_id, string], [price, double]]}
parent_segments:
  - id: '42'
    name: Shop
    master: {database: base, table: people, profile_key: member}
    attributes:
      - {name: mail}
      - {name: City, column: city_name, table: homes, key: home_id, master_key: home}
      - {name: rooms, table: homes, key: home_id, master_key: home}
    segments: [{id: '77', name: Loyal, members: [m-1]}]
    realtime:
      setting:
        keyColumns: [{name: visitor}, {name: member}]
        eventTables: [{database: shop, table: views}]
        batchAttributes: [{column: City}]
        extLookupKey: member
      key_events: [{name: view, databaseName: shop, tableName: views}]
      catalogs: [{name: Offers, table: offers, keys: [product_id]}]
";

const LIVE: &str = "parent_segment_id: 42
attributes:
  - {name: last, type: single, source_event: view, source_field: product_id}
  - {name: rooms, type: imported_batch}
personalization_service:
  name: home
  trigger_event: view
  sections:
    - {name: Roman, criteria: City = 'Rome' AND rooms > 2, attributes: [last, City], batch_segments: [Loyal]}
    - {name: All, attributes: [last]}
journeys:
  - {name: hello, trigger_event: view, steps: [{activate: webhook, name: say, connection: hooks, url: 'https://hooks.example.com/a', body: '{{product_id}}'}]}
";

#[test]
fn the_seed_of_an_account_has_its_tables_and_no_values_of_persons() {
    let real = platform(ACCOUNT);
    let plan = Written::new("plan.yaml", LIVE);
    assert_eq!(real.tdx(&["apply", plan.path(), "--interval", "5ms"]).run().code, 0);
    let exported = real.tdx(&["export", "42"]).run();
    let output = real.tdx(&["export", "42", "--seed"]).run();
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{output:?}");
    for private in ["m-1", "ann@", "Secretville", "h1", "0.5"] {
        assert!(!output.stdout.contains(private), "{private} in {}", output.stdout);
    }
    let seed: Value = serde_saphyr::from_str(&output.stdout).unwrap();
    let table = |database: usize, table: usize| &seed["databases"][database]["tables"][table];
    let found: Vec<_> = (0..3).map(|index| table(0, index)["name"].as_str().unwrap()).collect();
    let mut sorted = found.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, ["homes", "offers", "people"]);
    let homes = (0..3).map(|index| table(0, index)).find(|table| table["name"] == "homes").unwrap();
    assert_eq!(homes["columns"], json!([["home_id", "string"], ["city_name", "string"], ["rooms", "long"]]));
    assert_eq!(homes["rows"][0], json!({"home_id": "c1", "city_name": "Rome", "rooms": 3}));
    let segment = &seed["parent_segments"][0];
    assert_eq!(segment["segments"], json!([{"id": "77", "name": "Loyal", "members": ["c1"]}]));
    assert_eq!(
        segment["attributes"][1],
        json!({"name": "City", "column": "city_name", "table": "homes", "database": "base", "key": "home_id", "master_key": "home"})
    );
    // The plan makes sense there: it is applied, and what is exported then is what was exported here.
    let copy = platform(&output.stdout);
    let file = Written::new("exported.json", &exported.stdout);
    for arguments in [&["validate", "--live", file.path()][..], &["apply", file.path(), "--interval", "5ms"]]
    {
        let output = copy.tdx(arguments).run();
        assert_eq!(output.code, 0, "{arguments:?}: {output:?}\n{}", exported.stdout);
    }
    let again = copy.tdx(&["export", "42"]).run();
    let plan = |text: &str| super::plans::sorted(serde_json::from_str(text).unwrap());
    assert_eq!(plan(&again.stdout), plan(&exported.stdout));
    real.tdx(&["export", "42", "--seed", "--jq", "."]).run().error(2, "usage");
    // A key that may not list the connections: the seed says so, as it does of tables.
    real.control("faults", json!({"kind": "status", "status": 403, "path": "/v4/streaming_task_auths"}));
    let partial = real.tdx(&["export", "42", "--seed"]).run();
    let warned = partial.stderr.contains("the key may not list the connections: their names are made up");
    assert_eq!((partial.code, warned), (0, output.stdout.contains("connections:")), "{partial:?}");
}
