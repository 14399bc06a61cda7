//! Sliding counters of busy visitors against a list of all events.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// The sub-durations' identifiers with their seconds.
const WINDOWS: [(&str, i64); 3] = [("m", 60), ("h", 3_600), ("", 86_400)];

fn counter(increment: &Value) -> Rig {
    Rig::new(json!({"type": "counter", "increment": increment, "duration": {"value": 1, "unit": "day"},
        "subDurations": [{"name": "m", "identifier": "m", "value": 1, "unit": "minute"},
                         {"name": "h", "identifier": "h", "value": 1, "unit": "hour"}]}))
}

/// A counter and all its events.
struct Both {
    rig: Rig,
    /// Amounts by time.
    all: BTreeMap<i64, f64>,
}

impl Both {
    fn new() -> Self {
        Both { rig: counter(&json!({"type": "field", "value": "n"})), all: BTreeMap::new() }
    }

    fn put(&mut self, amount: f64, time: i64, now: i64) {
        self.rig.change(AttributeChange::Update, time, now, json!({"n": amount}));
        *self.all.entry(time).or_default() += amount;
    }

    /// By how much the counter is too large, for each window, as a part of the true sum; and the number
    /// of different seconds with events.
    fn excess(&self, now: i64) -> Vec<(f64, usize)> {
        let excess = |(sub, window): (&str, i64)| {
            let inside = self.all.range(now - window + 1..);
            let (seconds, exact) = inside.fold((0, 0.0), |(n, all), (_, amount)| (n + 1, all + amount));
            let said = self.rig.value(sub, now).as_f64().unwrap();
            ((said - exact) / exact.max(1.0), seconds)
        };
        WINDOWS.into_iter().map(excess).collect()
    }

    fn entries(&self) -> usize {
        match &self.rig.state {
            Some(AttributeState::Sliding(sums)) => sums.len(),
            state => panic!("{state:?}"),
        }
    }

    /// Saved and loaded again.
    fn reload(&mut self) {
        let text = serde_json::to_string(&self.rig.state).unwrap();
        let again: Option<AttributeState> = serde_json::from_str(&text).unwrap();
        assert!(again == self.rig.state, "{text}");
        self.rig.state = again;
    }
}

/// A run of events: how many, how far apart, how late every fifth one is, and how much each counts.
#[derive(Debug, Clone)]
struct Burst {
    events: usize,
    apart: i64,
    late: i64,
    quarters: u32,
}

fn bursts(events: usize, runs: usize) -> impl Strategy<Value = Vec<Burst>> {
    let burst = (1..=events, 0..40_i64, prop_oneof![Just(0), 1..100_i64, 1..90_000_i64], 1..40_u32);
    let burst = burst.prop_map(|(events, apart, late, quarters)| Burst { events, apart, late, quarters });
    proptest::collection::vec(burst, 1..=runs)
}

/// Quarters, so that no sum is rounded.
fn play(both: &mut Both, bursts: &[Burst], mut look: impl FnMut(&mut Both, i64)) -> i64 {
    let mut now = 1_000_000;
    for Burst { events, apart, late, quarters } in bursts {
        for n in 0..*events {
            now += apart;
            let time = if n % 5 == 4 { now - late } else { now };
            both.put(f64::from(*quarters) / 4.0, time, now);
            if n % 997 == 996 {
                look(both, now);
            }
        }
        look(both, now);
    }
    now
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn up_to_five_thousand_events_are_exact(bursts in bursts(2_500, 2), reload in any::<bool>()) {
        let mut both = Both::new();
        let now = play(&mut both, &bursts, |_, _| ());
        if reload {
            both.reload();
        }
        // Also later, when one after the other leaves a window.
        for now in (now..now + 90_000).step_by(1_117) {
            for (excess, seconds) in both.excess(now) {
                prop_assert!(seconds <= 5_000 && excess == 0.0, "{excess} of {seconds} at {now}");
            }
        }
    }

    #[test]
    fn a_busy_window_that_empties_is_exact_again(apart in 1..8_i64, many in 10_000..20_000_usize) {
        let mut both = Both::new();
        let now = play(&mut both, &[Burst { events: many, apart, late: 0, quarters: 4 }], |_, _| ());
        let mut exact = 0;
        for now in (now..now + 90_000).step_by(733) {
            for (excess, seconds) in both.excess(now) {
                prop_assert!((0.0..=0.001).contains(&excess), "{excess} at {now}");
                exact += usize::from(seconds > 3_600 && seconds <= 5_000);
                prop_assert!(seconds > 5_000 || excess == 0.0, "{excess} of {seconds} at {now}");
            }
        }
        prop_assert!(exact > 0, "some windows held nearly 5,000");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn beyond_that_at_most_a_thousandth_is_too_much(runs in bursts(20_000, 3), other in bursts(20_000, 2)) {
        let (mut worst, mut both) = (0.0_f64, Both::new());
        let mut look = |both: &mut Both, now: i64| {
            for (excess, _) in both.excess(now) {
                assert!((0.0..=0.001).contains(&excess), "{excess} at {now}");
                worst = worst.max(excess);
            }
        };
        let now = play(&mut both, &runs, &mut look);
        let mut two = Both::new();
        let now = now.max(play(&mut two, &other, &mut look));
        both.rig.state.as_mut().unwrap().merge(two.rig.state.take().unwrap());
        for (time, amount) in two.all {
            *both.all.entry(time).or_default() += amount;
        }
        both.reload();
        for now in (now..now + 90_000).step_by(1_117) {
            look(&mut both, now);
        }
        prop_assert!(both.entries() < 40_000);
    }
}

/// At any time, whenever seconds were grouped last.
#[test]
fn the_newest_five_thousand_seconds_are_never_in_a_group() {
    let mut both = Both::new();
    for second in 0..20_000 {
        both.rig.change(AttributeChange::Update, second, second, json!({"n": 1}));
        // The time at which this many seconds are left of the day's window.
        for left in [4_999, 5_000] {
            let said = both.rig.value("", second + 86_400 - left);
            assert_eq!(said, json!(left.min(second + 1)), "{left} left after {second}");
        }
    }
}

/// An event a second for more than two days: what is kept does not grow, and neither does what an event costs.
#[test]
fn what_is_kept_of_a_busy_visitor_is_bounded() {
    let mut both = Both::new();
    let mut most = 0;
    for second in 0..200_000 {
        both.rig.change(AttributeChange::Update, second, second, json!({"n": 1}));
        most = most.max(both.entries());
    }
    assert!(most < 20_000, "{most}");
    assert_eq!(both.rig.value("m", 199_999), json!(60));
    assert_eq!(both.rig.value("h", 199_999), json!(3_600));
    let day = both.rig.value("", 199_999).as_f64().unwrap();
    assert!((86_400.0..=86_486.0).contains(&day), "{day}");
}

#[test]
fn amounts_of_both_signs_cancel_without_a_trace() {
    let mut both = Both::new();
    for second in 0..40_000 {
        both.put(if second % 2 == 0 { 3.0 } else { -3.0 }, second, second);
    }
    let absolute = 40_000.0 * 3.0;
    for (sub, window) in WINDOWS {
        let exact: f64 = both.all.range(40_000 - window..).map(|(_, amount)| amount).sum();
        let said = both.rig.value(sub, 39_999).as_f64().unwrap();
        assert!((said - exact).abs() <= absolute / 1_000.0, "{sub}: {said}");
    }
}

/// Pairs, as versions before the list of numbers wrote them.
#[test]
fn a_state_of_an_earlier_version_is_read() {
    let mut rig = counter(&json!({"type": "const", "value": 1}));
    rig.state = serde_json::from_value(json!({"sliding": [[100, 2.0], [150, 1.0], [3_700, 0.5]]})).unwrap();
    assert_eq!(
        (rig.value("m", 3_700), rig.value("h", 3_700), rig.value("", 3_700)),
        (json!(0.5), json!(1.5), json!(3.5))
    );
    rig.change(AttributeChange::Update, 3_701, 3_701, json!({}));
    let written = serde_json::to_value(&rig.state).unwrap();
    assert_eq!(written, json!({"sliding": [100, 2, 50, 1, 3_550, 0.5, 1, 1]}));
    for odd in [json!([1]), json!([1.5, 1]), json!([1, 1, 2])] {
        assert!(serde_json::from_value::<AttributeState>(json!({"sliding": odd})).is_err(), "{odd}");
    }
}

#[test]
fn huge_amounts_stay_numbers() {
    let mut both = Both::new();
    for second in 0..10_000 {
        both.rig.change(AttributeChange::Update, second, second, json!({"n": 1e308}));
    }
    assert_eq!(both.rig.value("", 9_999), json!(f64::MAX));
    both.reload();
    assert_eq!(both.rig.value("", 9_999), json!(f64::MAX));
}
