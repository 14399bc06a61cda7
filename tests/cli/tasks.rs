//! What people come to do, as they would type it, each in at most so many commands.

use super::said;
use super::shell::script_in;
use crate::common::{Output, Platform, tool};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A person at a shell, in a folder of their own.
struct Person {
    platform: Platform,
    folder: TempDir,
}

impl Person {
    fn new() -> Self {
        Person { platform: Platform::start(), folder: TempDir::new().unwrap() }
    }

    /// Runs lines of bash, in which `tdx-rt` stands at most this many times; their output.
    #[track_caller]
    fn types(&self, most: usize, text: &str) -> Output {
        let commands = text.matches("tdx-rt ").count();
        assert!(commands <= most, "{commands} commands, {most} are allowed:\n{text}");
        script_in(self.folder.path(), "bash", Some(&self.platform), &format!("set -o pipefail\n{text}"))
    }

    #[track_caller]
    fn does(&self, most: usize, text: &str) -> String {
        let output = self.types(most, text);
        assert_eq!(output.code, 0, "{text}\n{output:?}");
        output.stdout
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    /// The plan in a file, changed.
    fn edits(&self, name: &str, edit: impl FnOnce(String) -> String) {
        let path = self.folder.path().join(name);
        std::fs::write(&path, edit(std::fs::read_to_string(&path).unwrap())).unwrap();
    }

    fn with_plan() -> Self {
        let person = Person::new();
        person.write("plan.yaml", include_str!("../../examples/web-personalization.yaml"));
        person.does(1, "tdx-rt apply plan.yaml -o applied.json");
        person
    }
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn set_up() {
    let person = Person::new();
    let items = person.does(
        2,
        "tdx-rt discover --ps 'Customer 360' --use-case web --database web_events --private --yaml > plan.yaml
         tdx-rt apply plan.yaml --jq .summary.items",
    );
    assert_eq!(value(&items)["created"], 15);
}

#[test]
fn add_an_attribute() {
    let person = Person::with_plan();
    let names = person.does(
        2,
        "tdx-rt rt-attrs --ps 394649 --counter views_7d=page_view --window 7d -o added.json
         tdx-rt rt-attrs list 394649 --jq '.[].name'",
    );
    assert!(names.lines().any(|name| name == "views_7d"), "{names}");
}

#[test]
fn remove_an_attribute_that_nothing_uses() {
    let person = Person::with_plan();
    let names = person.does(
        2,
        "tdx-rt rt-attrs delete country --ps 394649 -o gone.json
         tdx-rt rt-attrs list 394649 --jq '.[].name'",
    );
    assert!(!names.contains("country") && names.contains("loyalty_tier"), "{names}");
}

#[test]
fn remove_an_attribute_in_use() {
    let person = Person::with_plan();
    let refused = person.types(1, "tdx-rt rt-attrs delete page_views_24h --ps 394649");
    assert_eq!((refused.code, refused.stdout.as_str()), (6, ""));
    let error = &value(&refused.stderr)["error"];
    // The error has the ways to go on.
    let free = error["details"]["users"][0]["free_with"].as_str().unwrap_or_else(|| panic!("{error}"));
    assert!(
        said(error, "hint").contains(free) && said(error, "hint").contains("apply PLAN --prune"),
        "{error}"
    );
    person.edits("plan.yaml", |plan| {
        let (before, behind) = plan.split_once("  - name: page_views_24h\n").unwrap();
        let (_, rest) = behind.split_once("\n\n").unwrap();
        format!("{before}{rest}").replace("        - page_views_24h\n", "")
    });
    let names = person.does(
        3,
        "tdx-rt diff plan.yaml --prune --jq '.changes[].path' >&2
         tdx-rt apply plan.yaml --prune -y -o pruned.json
         tdx-rt rt-attrs list 394649 --jq '.[].name'",
    );
    assert!(!names.contains("page_views_24h") && names.contains("last_product_viewed"), "{names}");
}

#[test]
fn rename_a_section() {
    let person = Person::with_plan();
    person.edits("plan.yaml", |plan| {
        plan.replace("name: 'VIP Customers'", "name: Best Customers\n      renamed_from: VIP Customers")
    });
    let items = person.does(1, "tdx-rt apply plan.yaml --jq .summary.items");
    assert_eq!(value(&items), json!({"created": 0, "updated": 2, "unchanged": 13, "deleted": 0}));
}

#[test]
fn why_there_is_no_offer() {
    let person = Person::with_plan();
    person.edits("plan.yaml", |plan| {
        plan.replace("criteria: ''  # Matches all", "criteria: loyalty_tier = 'Gold'")
    });
    person.does(1, "tdx-rt apply plan.yaml -o applied.json");
    let report = person.does(1, "tdx-rt pz-test -f plan.yaml --key td_client_id=u1 --table");
    let reason = |section, tier| {
        format!(
            "{section}: the profile criteria do not hold: loyalty_tier = '{tier}' (loyalty_tier is null)\n"
        )
    };
    assert!(report.ends_with(&(reason("VIP Customers", "VIP") + &reason("Default", "Gold"))), "{report}");
}

#[test]
fn move_to_another_parent_segment() {
    let person = Person::with_plan();
    let items = person.does(
        2,
        "tdx-rt export 'Customer 360' --yaml > moved.yaml
         tdx-rt apply moved.yaml --ps 'Loyalty Members' --jq .summary.items",
    );
    assert!(value(&items)["created"].as_u64().unwrap() > 12, "{items}");
}

#[test]
fn review_and_deploy_from_continuous_integration() {
    let person = Person::new();
    person.write("plan.yaml", include_str!("../../examples/web-personalization.yaml"));
    person.write("ci.sh", include_str!("../../examples/ci.sh"));
    let output = person.does(0, "sh ci.sh check && sh ci.sh review && sh ci.sh deploy");
    assert!(
        output.contains("~~~~diff\n") && output.contains("{\"deleted\"")
            || output.contains("\"deployed\":true"),
        "{output}"
    );
}

#[test]
fn roll_back_an_earlier_apply() {
    let person = Person::with_plan();
    person.edits("plan.yaml", |plan| plan.replace("max_items: 100", "max_items: 50"));
    person.does(1, "tdx-rt apply plan.yaml -o second.json");
    person.does(1, "tdx-rt rt-attrs --ps 394649 --counter views_7d=page_view --window 7d -o later.json");
    let undone = person.does(
        2,
        "id=$(tdx-rt undo list --jq 'map(select(.command == \"apply\"))[0].id')
         tdx-rt undo \"$id\" -y --jq '.undone[].name'",
    );
    assert_eq!(undone, "browsed_products_list\n");
}

const JOURNEY: &str = "
parent_segment_id: '394649'
journeys:
  - name: welcome
    trigger_event: page_view
    steps:
      - {activate: webhook, name: first, url: 'SANDBOX/_sandbox/inbox/first'}
      - wait: 1h
      - {activate: webhook, name: second, url: 'SANDBOX/_sandbox/inbox/second'}
";

#[test]
fn a_journey_with_two_webhooks_is_tried_launched_and_paused() {
    let person = Person::with_plan();
    person.write("journey.yaml", &JOURNEY.replace("SANDBOX", &person.platform.url));
    let states = person.does(
        6,
        "tdx-rt apply journey.yaml -o draft.json
         tdx-rt journey launch welcome --ps 394649 -o launched.json
         tdx-rt journey test welcome --ps 394649 --key td_client_id=u1 --advance 2h -o tested.json
         tdx-rt sandbox inbox --jq '.received | map(.inbox) | join(\" \")'
         tdx-rt journey pause welcome --ps 394649 -o paused.json
         tdx-rt journey list 394649 --jq '.[] | \"\\(.name) paused: \\(.paused)\"'",
    );
    assert_eq!(states, "first second\nwelcome paused: true\n");
}

#[test]
fn all_attributes_of_all_parent_segments_as_csv() {
    let person = Person::with_plan();
    let csv = person.does(2, "tdx-rt ps-check | tdx-rt rt-attrs list - --csv");
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[0].contains("name,type"), "{csv}");
    assert!(lines.len() > 8 && csv.contains("page_views_24h"), "{csv}");
    // One has no real-time, and says so.
    assert!(csv.contains("394651"), "{csv}");
}

#[test]
fn a_thousand_visitors_are_summarised_by_section() {
    let person = Person::with_plan();
    if !tool("seq") {
        return;
    }
    let summary = person.does(
        1,
        "{ echo customer_id; seq -f 'c-%04.0f' 1001 2000; } > visitors.csv
         tdx-rt pz-test - --csv --summary -f applied.json --field product_id=p1 < visitors.csv",
    );
    let summary = value(&summary);
    assert_eq!((&summary["items"], &summary["ok"]), (&json!(1000), &json!(1000)), "{summary}");
    let offers = summary["offers"].as_object().unwrap();
    assert!(offers["VIP Customers"].as_u64().unwrap() > 0, "{summary}");
    assert_eq!(offers.values().map(|count| count.as_u64().unwrap()).sum::<u64>(), 1000, "{summary}");
}
