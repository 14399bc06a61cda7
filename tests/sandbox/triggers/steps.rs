//! Each type of step.

use super::{DAY, HOUR, World, after};
use serde_json::{Value, json};

#[test]
fn a_wait_ends_when_its_time_has_come_and_no_second_earlier() {
    for (wait, seconds) in [("30m", HOUR / 2), ("1h", HOUR), ("36h", 36 * HOUR), ("2d", 2 * DAY)] {
        let world = World::with(&format!(
            "- {{name: j, trigger_event: view, state: launched, steps: [{{wait: {wait}}}, {{activate: webhook, url: RECEIVER/in}}]}}"
        ));
        world.view("u1");
        let stay = world.stay("u1", "j");
        assert_eq!((stay["state"].as_str(), stay["due"].as_str()), (Some("active"), Some(&*after(seconds))));
        world.advance(seconds - 1);
        assert_eq!(world.inbox("in").len(), 0, "{wait}");
        world.advance(1);
        assert_eq!(world.inbox("in").len(), 1, "{wait}");
        assert_eq!(world.stay("u1", "j")["state"], "completed");
        assert_eq!(world.activations()[0]["attempts"][0]["at"], after(seconds));
        world.advance(365 * DAY);
        assert_eq!(world.inbox("in").len(), 1, "{wait}");
    }
}

#[test]
fn thirty_days_go_by_in_one_step_and_all_is_sent_in_its_time() {
    let days = [0, 1, 3, 7, 14, 30];
    let mut steps = String::new();
    let mut before = 0;
    for day in days {
        if day > before {
            steps.push_str(&format!("{{wait: {}d}}, ", day - before));
        }
        steps.push_str(&format!(
            "{{activate: webhook, name: day{day}, url: RECEIVER/in, body: {{day: {day}, who: '{{{{td_client_id}}}}'}}}}, "
        ));
        before = day;
    }
    let world =
        World::with(&format!("- {{name: month, trigger_event: view, state: launched, steps: [{steps}]}}"));
    world.view("u1");
    world.advance(HOUR);
    world.view("u2");
    world.advance(30 * DAY);
    let found: Vec<(Value, Value)> = world
        .activations()
        .iter()
        .map(|one| (one["request"]["body"].clone(), one["attempts"][0]["at"].clone()))
        .collect();
    let expected = |who: &str, late: u64| {
        days.map(|day| (json!({"day": day, "who": who}), json!(after(day * DAY + late)))).to_vec()
    };
    let of = |who: &str| found.iter().filter(|(body, _)| body["who"] == who).cloned().collect::<Vec<_>>();
    assert_eq!(of("u1"), expected("u1", 0));
    assert_eq!(of("u2"), expected("u2", HOUR));
    assert_eq!(world.inbox("in").len(), 2 * days.len());
}

#[test]
fn a_decision_looks_at_the_profile_when_it_comes_to_it() {
    let world = World::with(
        "- name: j
  trigger_event: view
  state: launched
  steps:
    - wait: 1h
    - decide:
        - {name: vip, when: loyalty_tier = 'VIP', steps: [{activate: webhook, name: vip, url: RECEIVER/vip}]}
        - {name: keen, when: views >= 3, steps: [{activate: webhook, name: keen, url: RECEIVER/keen}]}
        - {name: rest, otherwise: true, steps: [{activate: webhook, name: rest, url: RECEIVER/rest}]}
",
    );
    world.send("pageviews", json!({"td_client_id": "a", "customer_id": "c-1001"}));
    world.view("b");
    world.view("c");
    // While it waits it becomes another.
    world.view("c");
    world.view("c");
    world.advance(HOUR);
    let taken = |client: &str| world.way(client, "j")[2].clone();
    assert_eq!(["a", "b", "c"].map(taken), ["takes 'vip'", "takes 'rest'", "takes 'keen'"]);
    assert_eq!(["vip", "keen", "rest"].map(|name| world.inbox(name).len()), [1, 1, 1]);
}

#[test]
fn without_a_matching_branch_the_steps_end() {
    let world = World::with(
        "- name: j
  trigger_event: view
  state: launched
  steps:
    - decide:
        - {name: vip, when: loyalty_tier = 'VIP', steps: [{activate: webhook, url: RECEIVER/in}]}
        - {name: others, otherwise: true, steps: [end]}
    - {wait: 1h}
",
    );
    world.view("a");
    assert_eq!(world.stay("a", "j")["state"], "completed");
    assert_eq!(world.inbox("in").len(), 0);
}

#[test]
fn an_ab_test_shares_profiles_out_and_each_stays_with_its_variant() {
    const PEOPLE: usize = 400;
    let world = World::with(
        "- name: j
  trigger_event: view
  reentry: always
  state: launched
  steps:
    - ab_test:
        - {name: a, share: 30, steps: [{activate: webhook, name: a, url: RECEIVER/a}]}
        - {name: b, share: 60, steps: [{activate: webhook, name: b, url: RECEIVER/b}]}
        - {name: none, share: 10, control: true}
    - {activate: webhook, name: all, url: RECEIVER/all}
",
    );
    let people: Vec<String> = (0..PEOPLE).map(|index| format!("visitor-{index}")).collect();
    people.iter().for_each(|client| world.view(client));
    let taken = || people.iter().map(|client| world.way(client, "j")[1].clone()).collect::<Vec<_>>();
    let first = taken();
    let share = |name: &str| first.iter().filter(|taken| **taken == format!("takes '{name}'")).count();
    assert_eq!(share("a") + share("b") + share("none"), PEOPLE);
    // Four standard deviations of so many draws.
    for (name, percent) in [("a", 30.0), ("b", 60.0), ("none", 10.0)] {
        let (mean, found) = (percent / 100.0 * PEOPLE as f64, share(name) as f64);
        let deviation = (mean * (1.0 - percent / 100.0)).sqrt();
        assert!((found - mean).abs() < 4.0 * deviation, "{name}: {found} of {PEOPLE}");
    }
    let sent = |name: &str| {
        let all = world.platform.get(&format!("/_sandbox/activations?activation={name}"));
        all["count"].as_u64().unwrap() as usize
    };
    assert_eq!((sent("a"), sent("b"), sent("all")), (share("a"), share("b"), PEOPLE));
    // They enter again, and take the same variant.
    people.iter().for_each(|client| world.view(client));
    assert_eq!(world.stay("visitor-0", "j")["entries"], 2);
    assert_eq!(taken(), first);
}

#[test]
fn branches_come_together_again() {
    let world = World::with(
        "- name: j
  trigger_event: view
  state: launched
  steps:
    - decide:
        - {name: vip, when: loyalty_tier = 'VIP', steps: [{wait: 1h}]}
        - {name: rest, otherwise: true}
    - {activate: webhook, name: both, url: RECEIVER/both, body: '{{td_client_id}}'}
",
    );
    world.send("pageviews", json!({"td_client_id": "a", "customer_id": "c-1001"}));
    world.view("b");
    assert_eq!(world.inbox("both"), [json!("b")]);
    world.advance(HOUR);
    assert_eq!(world.inbox("both"), [json!("b"), json!("a")]);
}

#[test]
fn a_jump_leads_to_another_stage_or_another_journey() {
    let world = World::with(
        "- name: second
  trigger_event: purchase
  state: launched
  steps: [{wait: 1d}, {activate: webhook, name: second, url: RECEIVER/second}]
- name: first
  state: launched
  stages:
    - {name: one, trigger_event: view, steps: [{jump: {stage: three}}]}
    - {name: two, trigger_event: view, steps: [{activate: webhook, name: two, url: RECEIVER/two}]}
    - {name: three, trigger_event: cart, steps: [{activate: webhook, name: three, url: RECEIVER/three}, {jump: second}]}
",
    );
    world.view("u1");
    assert_eq!([world.inbox("two").len(), world.inbox("three").len()], [0, 1]);
    assert_eq!(world.stay("u1", "first")["state"], "exited");
    // It is in the other one without its entry criteria, and with the event that brought it here.
    let there = world.stay("u1", "second");
    assert_eq!((there["state"].as_str(), there["due"].as_str()), (Some("active"), Some(&*after(DAY))));
    world.advance(DAY);
    assert_eq!(world.inbox("second").len(), 1);
}

#[test]
fn jumps_in_a_circle_end_with_a_word_about_it() {
    let world = World::with(
        "- name: j
  state: launched
  stages:
    - {name: one, trigger_event: view, steps: [{jump: {stage: two}}]}
    - {name: two, trigger_event: view, steps: [{jump: {stage: one}}]}
",
    );
    world.view("u1");
    let stay = world.stay("u1", "j");
    assert_eq!(stay["state"], "exited");
    assert_eq!(world.way("u1", "j").last().unwrap(), "its jumps lead in a circle without a wait");
    // With a wait it is allowed.
    let world = World::with(
        "- name: j
  trigger_event: view
  state: launched
  steps: [{wait: 1d}, {activate: webhook, url: RECEIVER/in}, {jump: {stage: Stage 1}}]
",
    );
    world.view("u1");
    world.advance(10 * DAY);
    assert_eq!(world.inbox("in").len(), 10);
}

#[test]
fn an_end_is_the_end() {
    let world = World::with(
        "- {name: j, trigger_event: view, state: launched, steps: [{activate: webhook, url: RECEIVER/in}, end]}",
    );
    world.view("u1");
    assert_eq!(world.stay("u1", "j")["state"], "completed");
    assert_eq!(world.inbox("in").len(), 1);
}

#[test]
fn activations_in_a_row_arrive_in_a_row() {
    let world = World::with(
        "- name: j
  trigger_event: view
  state: launched
  steps:
    - {activate: webhook, name: a, url: RECEIVER/in, body: 1}
    - {activate: webhook, name: b, url: RECEIVER/in, body: 2}
    - {activate: webhook, name: c, url: RECEIVER/in, body: 3}
",
    );
    world.view("u1");
    assert_eq!(world.inbox("in"), [json!(1), json!(2), json!(3)]);
}

#[test]
fn what_is_sent_is_filled_in_from_attributes_keys_and_the_event() {
    let world = World::with(
        "- name: j
  trigger_event: view
  state: launched
  steps:
    - wait: 1h
    - activate: webhook
      url: RECEIVER/in?who={{td_client_id}}
      method: put
      headers: {X-Tier: '{{loyalty_tier}}'}
      body:
        views: '{{views}}'
        all: '{{email}} saw {{product_id}} ({{last}}) as {{event_name}} at {{event_time}}'
        nothing: '{{price}}'
        list: ['{{td_path}}']
",
    );
    world.send(
        "pageviews",
        json!({"td_client_id": "a b", "customer_id": "c-1001", "email": "a@b.c", "product_id": "p\"1", "td_path": "/x"}),
    );
    world.send("pageviews", json!({"td_client_id": "a b", "product_id": "p2"}));
    world.advance(HOUR);
    let body = json!({
        "views": "2", "all": "a@b.c saw p\"1 (p2) as view at 2025-11-01T00:00:00Z", "nothing": "{{price}}",
        "list": ["/x"],
    });
    assert_eq!(world.inbox("in"), [body]);
    let inbox = world.platform.get("/_sandbox/inbox?name=in");
    let one = &inbox["received"][0];
    assert_eq!((one["method"].as_str(), one["headers"]["x-tier"].as_str()), (Some("PUT"), Some("VIP")));
    assert_eq!(world.activations()[0]["request"]["headers"]["X-Tier"], "VIP");
}
