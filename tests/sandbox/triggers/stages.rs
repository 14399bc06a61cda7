//! Goals, exits, milestones and the path from stage to stage.

use super::{DAY, HOUR, World};
use serde_json::{Value, json};

#[test]
fn the_goal_ends_it_before_anything_more_is_sent() {
    let world = World::with(
        "- name: j
  trigger_event: cart
  goal: {event: purchase, where: purchase_amount > 10}
  state: launched
  steps: [{wait: 1h}, {activate: webhook, url: RECEIVER/in, body: '{{td_client_id}}'}]
",
    );
    for client in ["buys", "buys little", "goes"] {
        world.send("add_to_cart", json!({"td_client_id": client}));
    }
    world.send("purchases", json!({"td_client_id": "buys", "purchase_amount": 11.5}));
    world.send("purchases", json!({"td_client_id": "buys little", "purchase_amount": 9}));
    world.advance(HOUR);
    // Both are due in the same second and sent at once: either may arrive first.
    let mut arrived = world.inbox("in");
    arrived.sort_by_key(Value::to_string);
    assert_eq!(arrived, [json!("buys little"), json!("goes")]);
    assert_eq!(world.stay("buys", "j")["state"], "goal_achieved");
    assert_eq!(world.way("buys", "j").last().unwrap(), "reached the goal");
}

#[test]
fn a_goal_can_lead_elsewhere() {
    let world = World::with(
        "- {name: thanks, trigger_event: purchase, where: quantity > 99, state: launched, steps: [{activate: webhook, url: RECEIVER/thanks}]}
- {name: j, trigger_event: cart, goal: {event: purchase, jump: thanks}, state: launched, steps: [{wait: 1h}]}
",
    );
    world.send("add_to_cart", json!({"td_client_id": "u1"}));
    world.send("purchases", json!({"td_client_id": "u1"}));
    assert_eq!(world.stay("u1", "j")["state"], "goal_achieved");
    assert_eq!(world.inbox("thanks").len(), 1);
}

#[test]
fn exits_are_events_criteria_and_time() {
    let world = World::with(
        "- name: j
  trigger_event: view
  exit: [{name: bought, event: purchase}, {name: many, event: view, criteria: views > 2}, {after: 10h}]
  state: launched
  steps: [{wait: 12h}, {activate: webhook, url: RECEIVER/in}]
",
    );
    for client in ["buys", "looks", "waits"] {
        world.view(client);
    }
    world.send("purchases", json!({"td_client_id": "buys"}));
    world.view("looks");
    assert_eq!(world.stay("looks", "j")["state"], "active");
    world.view("looks");
    assert_eq!(world.way("buys", "j").last().unwrap(), "fulfilled the exit criteria 'bought'");
    assert_eq!(world.way("looks", "j").last().unwrap(), "fulfilled the exit criteria 'many'");
    world.advance(10 * HOUR);
    assert_eq!(world.way("waits", "j").last().unwrap(), "was in the stage for too long");
    world.advance(DAY);
    assert_eq!(world.activations().len(), 0);
}

#[test]
fn a_milestone_leads_on_and_cuts_the_steps_short() {
    let world = World::with(
        "- name: j
  state: launched
  stages:
    - name: browsing
      trigger_event: view
      milestone: cart
      steps: [{wait: 1h}, {activate: webhook, url: RECEIVER/browsing}]
    - {name: buying, steps: [{activate: webhook, name: second, url: RECEIVER/buying, body: '{{td_client_id}} {{event_name}}'}]}
",
    );
    world.view("quick");
    world.view("slow");
    world.send("add_to_cart", json!({"td_client_id": "quick"}));
    assert_eq!(world.inbox("buying"), [json!("quick cart")]);
    world.advance(HOUR);
    assert_eq!(world.inbox("browsing").len(), 1, "the quick one has gone on");
    let stay = world.stay("slow", "j");
    assert_eq!((stay["waits_for"].as_str(), stay["stage"].as_str()), (Some("milestone"), Some("browsing")));
    world.send("add_to_cart", json!({"td_client_id": "slow"}));
    assert_eq!(world.inbox("buying").len(), 2);
    assert_eq!(world.stay("slow", "j")["state"], "completed");
}

#[test]
fn a_later_stage_waits_for_its_own_entry_criteria() {
    let world = World::with(
        "- name: j
  state: launched
  stages:
    - {name: one, trigger_event: view, steps: [{activate: webhook, name: a, url: RECEIVER/one}]}
    - {name: two, trigger_event: purchase, steps: [{activate: webhook, name: b, url: RECEIVER/two}]}
    - {name: three, steps: [{activate: webhook, name: c, url: RECEIVER/three}]}
",
    );
    world.view("u1");
    world.advance(100 * DAY);
    let stay = world.stay("u1", "j");
    assert_eq!((stay["waits_for"].as_str(), stay["stage"].as_str()), (Some("entry"), Some("two")));
    assert_eq!(["one", "two", "three"].map(|name| world.inbox(name).len()), [1, 0, 0]);
    world.send("purchases", json!({"td_client_id": "u1"}));
    assert_eq!(["one", "two", "three"].map(|name| world.inbox(name).len()), [1, 1, 1]);
    assert_eq!(world.stay("u1", "j")["state"], "completed");
}
