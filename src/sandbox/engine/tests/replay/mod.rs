//! 20,000 random events through the engine and through a naive engine, which have to agree on
//! every offer and every profile.

mod generate;
mod naive;
mod random;
mod rules;
mod values;

use super::*;
use naive::{Naive, Person};
use random::Random;

/// The number of configurations, and of events through each.
const ROUNDS: u64 = 10;
const EVENTS: i64 = 2_000;

/// What the replay must have covered to be meaningful.
#[derive(Debug, Default)]
struct Met {
    offers: usize,
    merges: usize,
    ejected: usize,
    rows: usize,
}

fn inspect(world: &World, id: &(String, String, i64), now: i64) -> Inspection {
    world.inspect(&id.0, &id.1, now).unwrap_or_else(|| panic!("nobody is {id:?}"))
}

fn shown(world: &World, person: &Person, id: &(String, String, i64), now: i64) -> Value {
    let inspection = inspect(world, id, now);
    assert_eq!(inspection.keys.len(), person.ids.len(), "{id:?}");
    let attributes: Vec<Value> = inspection
        .attributes
        .iter()
        .map(|one| json!({"id": one.id, "value": one.value, "sub_attributes": one.sub_attributes, "items": one.items}))
        .collect();
    json!({"keys": inspection.keys, "customer": inspection.customer, "known": inspection.known, "attributes": attributes})
}

fn same(real: &Value, naive: &Value, what: impl Fn() -> String) {
    if real == naive {
        return;
    }
    let what = what();
    let attributes = |side: &Value| side["attributes"].as_array().cloned().unwrap_or_default();
    let parts: Vec<_> = attributes(real).into_iter().zip(attributes(naive)).collect();
    if let Some((one, other)) = parts.iter().find(|(one, other)| one != other) {
        panic!("{what}:\n  engine {one}\n  naive  {other}");
    }
    panic!("{what}:\n  engine {real}\n  naive  {naive}");
}

fn round(seed: u64) -> Met {
    let mut met = Met::default();
    let mut random = Random(seed);
    let setup = generate::setup(&mut random);
    let batch = generate::batch(&mut random);
    let mut naive = Naive::new(&setup, &batch);
    let mut world =
        World { program: setup.try_compile().unwrap(), batch: batch.clone(), profiles: Profiles::default() };
    let mut now = NOW;
    // More than 200 ids in some rounds; their long histories are slow in the naive engine.
    let roaming = if seed.is_multiple_of(5) { 15 } else { 2 };
    for number in 0..EVENTS {
        now += if random.chance(1) { 3_600 * random.below(5) } else { random.below(60) };
        let (table, event) = generate::event(&mut random, number, now, roaming);
        let persons = naive.persons.len();
        let (matched, offers) = naive.ingest(table, &event, now);
        let real = world.send(table, now, Value::Object(event.clone()));
        let what = || format!("seed {seed}, event {number} at {now}: {}", Value::Object(event.clone()));
        assert_eq!(real.key_events, matched, "{}", what());
        same(&Value::Object(real.offers), &offers, what);
        assert_eq!(world.profiles.len(), naive.persons.len(), "{}", what());
        met.offers += offers.as_object().unwrap().len();
        met.merges += persons.saturating_sub(naive.persons.len());
        if number % 100 == 0 && !naive.persons.is_empty() {
            let person = random.of(&naive.persons);
            same(&shown(&world, person, &person.ids[0], now), &naive.inspect(person, now), what);
        }
    }
    now += 3_600;
    naive.forget();
    for person in &naive.persons {
        let expected = naive.inspect(person, now);
        let (first, last) = (&person.ids[0], &person.ids[person.ids.len() - 1]);
        same(&shown(&world, person, first, now), &expected, || format!("seed {seed}, at the end: {first:?}"));
        // Its other ids lead to it as well.
        assert_eq!(json!(inspect(&world, last, now).keys), expected["keys"], "seed {seed}: {last:?}");
        met.ejected += usize::from(person.ids.len() == 200);
        met.rows += expected["attributes"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["value"][0].is_object())
            .count();
        let keys: Vec<_> =
            person.ids.iter().map(|(column, value, _)| (column.clone(), value.clone())).collect();
        for personalization in setup.personalizations.as_array().unwrap() {
            let id = personalization["id"].as_str().unwrap();
            let real = world.profiles.personalize(&world.program, &world.batch, id, &keys, now);
            assert_eq!(
                real.map(Value::Object),
                naive.personalize(person, personalization, now),
                "seed {seed}: {keys:?}"
            );
        }
    }
    met
}

#[test]
fn twenty_thousand_events_equal_a_naive_engine() {
    let rounds: Vec<Met> = std::thread::scope(|scope| {
        let threads: Vec<_> = (1..=ROUNDS).map(|seed| scope.spawn(move || round(seed))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let sum = |part: fn(&Met) -> usize| rounds.iter().map(part).sum::<usize>();
    assert!(sum(|met| met.offers) > 5_000, "{rounds:?}");
    assert!(sum(|met| met.merges) > 100 && sum(|met| met.rows) > 100, "{rounds:?}");
    assert!(sum(|met| met.ejected) > 0, "{rounds:?}");
}
