//! Which profiles enter a journey, how often, and how it is paused and ended.

use super::{DAY, HOUR, World, after};
use serde_json::{Value, json};

fn simple(more: &str) -> String {
    format!(
        "- {{name: j, trigger_event: view, state: launched, {more}steps: [{{activate: webhook, url: RECEIVER/in, body: '{{{{td_client_id}}}}'}}]}}"
    )
}

#[test]
fn the_key_event_its_filter_and_the_criteria_let_in() {
    let world =
        World::with(&simple("where: \"td_path LIKE '/shop%'\", criteria: \"loyalty_tier = 'VIP'\", "));
    let see = |client: &str, customer: &str, path: &str| {
        world.send("pageviews", json!({"td_client_id": client, "customer_id": customer, "td_path": path}));
    };
    see("a", "c-1001", "/shop/1");
    see("b", "c-1001", "/help");
    see("c", "c-1002", "/shop/1");
    world.send("purchases", json!({"td_client_id": "d", "customer_id": "c-1001", "td_path": "/shop/1"}));
    assert_eq!(world.inbox("in").len(), 1);
    assert_eq!(world.stay("a", "j")["state"], "completed");
    assert_eq!([world.stay("c", "j"), world.stay("d", "j")][0], Value::Null);
}

#[test]
fn unknown_profiles_come_in_where_they_may() {
    for (accepts, count) in [(true, 2), (false, 1)] {
        let world = World::with(&simple(&format!("accept_unknown_profiles: {accepts}, ")));
        world.view("nobody");
        world.send("pageviews", json!({"td_client_id": "known", "customer_id": "c-1001"}));
        assert_eq!(world.inbox("in").len(), count, "{accepts}");
    }
}

#[test]
fn a_draft_admits_no_profile() {
    let world = World::with(&simple("").replace("launched", "draft"));
    world.view("u1");
    assert_eq!(world.activations().len(), 0);
    world.tdx(&["journey-create", "launch", "j", "--ps", "394649"]);
    world.view("u1");
    assert_eq!(world.inbox("in").len(), 1);
}

#[test]
fn a_profile_comes_in_again_as_the_mode_says() {
    let journey = |reentry: &str| {
        format!(
            "- name: j
  trigger_event: view
  reentry: {reentry}
  goal: purchase
  state: launched
  steps: [{{activate: webhook, url: RECEIVER/in}}, {{wait: 1h}}]
"
        )
    };
    for (reentry, counts) in [("never", [1, 1, 1]), ("until_goal", [1, 2, 2]), ("always", [1, 2, 3])] {
        let world = World::with(&journey(reentry));
        world.view("u1");
        // While it is in it, nothing begins anew.
        world.view("u1");
        let mut found = vec![world.inbox("in").len()];
        world.advance(HOUR);
        assert_eq!(world.stay("u1", "j")["state"], "completed", "{reentry}");
        world.view("u1");
        found.push(world.inbox("in").len());
        world.send("purchases", json!({"td_client_id": "u1"}));
        let state = world.stay("u1", "j")["state"].clone();
        assert_eq!(state == "goal_achieved", reentry != "never", "{reentry}: {state}");
        world.advance(HOUR);
        world.view("u1");
        found.push(world.inbox("in").len());
        assert_eq!(found, counts, "{reentry}");
    }
}

#[test]
fn in_a_paused_journey_profiles_wait_and_none_enters() {
    let world = World::with(
        "- name: j
  trigger_event: view
  state: launched
  steps: [{wait: 1h}, {activate: webhook, url: RECEIVER/in, body: '{{td_client_id}}'}]
",
    );
    let turn = |verb: &str| world.tdx(&["journey-create", verb, "j", "--ps", "394649"]);
    world.view("before");
    assert_eq!(turn("pause")["paused"], true);
    world.view("meanwhile");
    world.advance(DAY);
    assert_eq!(world.inbox("in").len(), 0);
    assert_eq!(turn("resume")["paused"], false);
    assert_eq!(world.inbox("in"), [json!("before")]);
    assert_eq!(world.activations()[0]["at"], after(DAY));
    world.view("later");
    world.advance(HOUR);
    assert_eq!(world.inbox("in"), [json!("before"), json!("later")]);
}

#[test]
fn a_deleted_journey_ends_all_its_stays() {
    let world = World::with(
        "- {name: j, trigger_event: view, state: launched, steps: [{wait: 1h}, {activate: webhook, url: RECEIVER/in}]}",
    );
    world.view("u1");
    world.tdx(&["journey-create", "delete", "j", "--ps", "394649"]);
    world.advance(DAY);
    assert_eq!(world.activations().len(), 0);
    assert_eq!(world.stay("u1", "j"), Value::Null);
}

#[test]
fn profiles_that_turn_out_to_be_one_are_in_it_once() {
    let world = World::with(
        "- {name: j, trigger_event: view, state: launched, steps: [{wait: 1h}, {activate: webhook, url: RECEIVER/in}]}",
    );
    world.view("phone");
    world.advance(600);
    world.view("laptop");
    // Now they share an id; the stay that began first goes on.
    world.send("pageviews", json!({"td_client_id": "phone", "email": "a@b.c"}));
    world.send("pageviews", json!({"td_client_id": "laptop", "email": "a@b.c"}));
    assert_eq!(world.stay("laptop", "j")["due"], after(HOUR));
    assert_eq!(world.stay("laptop", "j"), world.stay("phone", "j"));
    world.advance(2 * HOUR);
    assert_eq!(world.inbox("in").len(), 1);
}

#[test]
fn one_event_starts_every_journey_that_waits_for_it() {
    let world = World::with(
        "- {name: a, trigger_event: view, state: launched, steps: [{activate: webhook, url: RECEIVER/a}]}
- {name: b, trigger_event: view, state: launched, steps: [{activate: webhook, url: RECEIVER/b}]}
",
    );
    world.view("u1");
    assert_eq!([world.inbox("a").len(), world.inbox("b").len()], [1, 1]);
}
