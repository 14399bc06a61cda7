//! The engine in its simplest form: every person keeps all events, and every value is computed
//! anew from all of them, from the wire form of the configuration.

use super::super::{Customers, Setup};
use super::rules::{holds, text};
use super::values;
use crate::platform::limits::IDS_PER_PROFILE;
use crate::sandbox::clock::iso;
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// In place of a sub-attribute: a list's items.
const ITEMS: &str = "(items)";

/// What an event does to an attribute.
#[derive(Clone, Copy, PartialEq)]
pub enum Change {
    Update,
    Delete,
    Clear,
}

/// An event as it came.
pub struct Seen {
    pub event: Map<String, Value>,
    pub time: i64,
    pub now: i64,
    pub customer: Option<String>,
    /// By place of the attribute.
    pub changes: Vec<Vec<Change>>,
}

/// The history of a person: events, and other persons that turned out to be the same one.
#[derive(Clone)]
pub enum Step {
    Event(Rc<Seen>),
    Merge(Vec<Step>),
}

/// Goes through a history: `on` for each event, `join` where another history comes in.
pub fn fold<S: Default>(history: &[Step], on: &dyn Fn(&mut S, &Seen), join: &dyn Fn(&mut S, S)) -> S {
    let mut state = S::default();
    for step in history {
        match step {
            Step::Event(seen) => on(&mut state, seen),
            Step::Merge(other) => join(&mut state, fold(other, on, join)),
        }
    }
    state
}

pub struct Person {
    born: usize,
    /// Column, value, last seen; in order of appearance.
    pub ids: Vec<(String, String, i64)>,
    pub history: Vec<Step>,
}

pub struct Naive<'a> {
    pub setup: &'a Setup,
    pub batch: &'a Customers,
    pub persons: Vec<Person>,
    /// Types of the attributes by place.
    kinds: Vec<String>,
    /// Places of the attributes by id.
    places: BTreeMap<String, usize>,
    born: usize,
    /// Values at one moment, by person, place and sub-attribute: many sections ask for the same.
    known: RefCell<BTreeMap<(usize, usize, String), Value>>,
}

impl<'a> Naive<'a> {
    pub fn new(setup: &'a Setup, batch: &'a Customers) -> Self {
        let ids = setup.attributes.as_array().unwrap().iter().map(|attribute| text(&attribute["id"]));
        let places = ids.enumerate().map(|(place, id)| (id, place)).collect();
        let kinds = setup.attributes.as_array().unwrap().iter().map(|attribute| text(&attribute["type"]));
        let kinds = kinds.collect();
        Naive { setup, batch, kinds, places, persons: Vec::new(), born: 0, known: RefCell::default() }
    }

    fn attributes(&self) -> &'a [Value] {
        self.setup.attributes.as_array().unwrap()
    }

    /// Ids of the key events that an event matches, and its offers.
    pub fn ingest(&mut self, table: &str, event: &Map<String, Value>, now: i64) -> (Vec<String>, Value) {
        self.forget();
        if !self.setup.setting["eventTables"].as_array().unwrap().iter().any(|known| known["table"] == table)
        {
            return (Vec::new(), json!({}));
        }
        let of_event =
            |rule: &Value| event.get(rule["column"].as_str().unwrap()).cloned().unwrap_or_default();
        let key_events = self.setup.key_events.as_array().unwrap();
        let matched: Vec<String> = key_events
            .iter()
            .filter(|known| known["tableName"] == table && holds(&known["filterRule"], &of_event))
            .map(|known| text(&known["id"]))
            .collect();
        let ids = ids(event);
        if ids.is_empty() {
            return (matched, json!({}));
        }
        let fits = |part: &Value| {
            matched.iter().any(|id| part["realtimeKeyEventId"] == **id)
                && holds(&part["filterRule"], &of_event)
        };
        let changes = self.attributes().iter().map(|attribute| {
            let update = fits(attribute).then_some(Change::Update);
            let actions = attribute["actions"].as_array().into_iter().flatten().filter(|action| fits(action));
            let actions = actions
                .map(|action| if action["action"] == "clear" { Change::Clear } else { Change::Delete });
            update.into_iter().chain(actions).collect()
        });
        let own = event.get("time").map_or(now, |time| text(time).parse().unwrap());
        let customer = ids.iter().find(|(column, _)| column == "customer_id").map(|(_, value)| value.clone());
        let seen =
            Seen { event: event.clone(), time: own.min(now), now, customer, changes: changes.collect() };
        let at = self.person(&ids, seen.time);
        self.persons[at].history.push(Step::Event(Rc::new(seen)));
        let offers = self.offers(&self.persons[at], &matched, &of_event, now);
        (matched, offers)
    }

    /// The place of the person with these ids, after the others were merged into the oldest.
    fn person(&mut self, ids: &[(String, String)], time: i64) -> usize {
        let has = |person: &Person, id: &(String, String)| {
            person.ids.iter().any(|(column, value, _)| (column, value) == (&id.0, &id.1))
        };
        let mut found: Vec<usize> =
            ids.iter().filter_map(|id| self.persons.iter().position(|person| has(person, id))).collect();
        while let [one, two, ..] = *found {
            found.remove(1);
            if one == two {
                continue;
            }
            let older = self.persons[one].born < self.persons[two].born;
            let (keep, gone) = if older { (one, two) } else { (two, one) };
            let taken = self.persons.remove(gone);
            found.iter_mut().for_each(|at| {
                *at = if *at == gone { keep } else { *at };
            });
            found.iter_mut().for_each(|at| *at -= usize::from(*at > gone));
            found[0] = keep - usize::from(keep > gone);
            let kept = &mut self.persons[found[0]];
            kept.ids.extend(taken.ids);
            kept.history.push(Step::Merge(taken.history));
        }
        let at = found.first().copied().unwrap_or_else(|| {
            self.persons.push(Person { born: self.born, ids: Vec::new(), history: Vec::new() });
            self.born += 1;
            self.persons.len() - 1
        });
        let person = &mut self.persons[at];
        for (column, value) in ids {
            match person.ids.iter_mut().find(|id| (&id.0, &id.1) == (column, value)) {
                Some(id) => id.2 = id.2.max(time),
                None => person.ids.push((column.clone(), value.clone(), time)),
            }
        }
        while person.ids.len() > IDS_PER_PROFILE {
            let oldest = person.ids.iter().map(|id| id.2).min().unwrap();
            let place = person.ids.iter().position(|id| id.2 == oldest).unwrap();
            person.ids.remove(place);
        }
        at
    }

    /// The customer that the latest event of a person names.
    pub fn customer(&self, person: &Person) -> Option<String> {
        type Link = Option<(String, i64)>;
        let later = |link: &Link, time: i64| link.as_ref().is_none_or(|(_, seen)| *seen <= time);
        let on = |link: &mut Link, seen: &Seen| {
            if let Some(customer) = seen.customer.as_ref().filter(|_| later(link, seen.time)) {
                *link = Some((customer.clone(), seen.time));
            }
        };
        let join = |link: &mut Link, other: Link| {
            if let Some((customer, time)) = other
                && link.as_ref().is_none_or(|(_, seen)| *seen < time)
            {
                *link = Some((customer, time));
            }
        };
        fold(&person.history, &on, &join).map(|(customer, _)| customer)
    }

    fn place(&self, id: &Value) -> Option<usize> {
        self.places.get(id.as_str()?).copied()
    }

    /// The computed values were for another time.
    pub fn forget(&self) {
        self.known.borrow_mut().clear();
    }

    /// The value of an attribute (by place), or of a sub-attribute.
    fn value(&self, person: &Person, place: usize, sub: &Value, now: i64) -> Value {
        let key = (person.born, place, text(sub));
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let value = self.compute(person, place, sub, now);
        self.known.borrow_mut().insert(key, value.clone());
        value
    }

    /// A list's items, newest first.
    fn items(&self, person: &Person, place: usize, now: i64) -> Vec<Value> {
        let items = if self.kinds[place] == "list" {
            self.value(person, place, &json!(ITEMS), now)
        } else {
            Value::Null
        };
        items.as_array().cloned().unwrap_or_default()
    }

    fn compute(&self, person: &Person, place: usize, sub: &Value, now: i64) -> Value {
        let (attribute, kind) = (&self.attributes()[place], self.kinds[place].as_str());
        if kind == "list" && sub == ITEMS {
            return json!(values::items(attribute, place, &person.history, now));
        }
        if kind == "list" {
            return values::of_items(attribute, &self.items(person, place, now), sub);
        }
        if kind != "lookupCatalog" {
            let asks = kind == "imported" || attribute.get("backfill").is_some();
            let row =
                if asks { self.customer(person).and_then(|known| self.batch.rows.get(&known)) } else { None };
            return values::value(attribute, place, &person.history, row, sub, now);
        }
        let keys: Vec<(String, Option<usize>)> = attribute["lookupKeys"]
            .as_array()
            .unwrap()
            .iter()
            .map(|key| (text(&key["id"]), self.place(&key["id"])))
            .collect();
        let rows = self.rows(person, attribute, &keys, now);
        match sub.as_str() {
            None => json!(rows),
            Some(sub) => rows.iter().map(|row| row[sub].clone()).filter(|cell| !cell.is_null()).collect(),
        }
    }

    /// Rows of a catalog that have the values of these attributes in these columns.
    fn rows(
        &self,
        person: &Person,
        catalog: &Value,
        keys: &[(String, Option<usize>)],
        now: i64,
    ) -> Vec<Value> {
        let mut wanted: Vec<(&str, Vec<String>)> = Vec::new();
        for (column, driver) in keys {
            let texts = match driver.map(|place| self.value(person, place, &Value::Null, now)) {
                Some(Value::Array(items)) => items.iter().map(text).collect(),
                None | Some(Value::Null) => Vec::new(),
                Some(value) => vec![text(&value)],
            };
            wanted.push((column, texts));
        }
        let table = &self.batch.tables[catalog["lookupCatalogTableName"].as_str().unwrap()];
        let mut rows = Vec::new();
        for first in &wanted[0].1 {
            for row in table.iter().filter(|row| text(&row[wanted[0].0]) == *first) {
                if wanted.iter().all(|(column, texts)| texts.contains(&text(&row[*column]))) {
                    let columns = catalog["lookupCatalogColumns"].as_array();
                    let shown = |column: &Value| (text(&column["name"]), row[&text(&column["name"])].clone());
                    rows.push(columns.map_or(json!(row), |some| some.iter().map(shown).collect()));
                }
            }
        }
        rows
    }

    fn offers(
        &self,
        person: &Person,
        matched: &[String],
        of_event: &dyn Fn(&Value) -> Value,
        now: i64,
    ) -> Value {
        let mut offers = json!({});
        for personalization in self.setup.personalizations.as_array().unwrap() {
            let attributes = &personalization["attributes"];
            let mut sections = attributes["sections"].as_array().unwrap().iter();
            let answers = |section: &&Value| {
                let trigger = &section["entryCriteria"]["keyEventCriteria"];
                matched.iter().any(|id| trigger["keyEventId"] == **id)
                    && holds(&trigger["keyEventFilters"], of_event)
                    && self.admits(person, section, now)
            };
            let Some(section) = sections.find(answers) else { continue };
            let name = text(&section["name"]);
            let key = match offers.get(&name) {
                None => name,
                Some(_) => format!("{}/{name}", text(&attributes["name"])),
            };
            let offer = json!({"attributes": self.outputs(person, section, now), "batch_segments": self.segments(person, section)});
            offers[key] = offer;
        }
        offers
    }

    fn admits(&self, person: &Person, section: &Value, now: i64) -> bool {
        let entry = &section["entryCriteria"];
        let known = || self.customer(person).is_some_and(|customer| self.batch.rows.contains_key(&customer));
        let of_profile = |rule: &Value| {
            let place = self.place(&rule["realtimeAttributeId"]).unwrap();
            match self.value(person, place, &rule["subAttributeIdentifier"], now) {
                Value::Array(items) if items.is_empty() => Value::Null,
                value => value,
            }
        };
        (entry["acceptUnknownProfiles"] != false || known()) && holds(&entry["profileCriteria"], &of_profile)
    }

    fn outputs(&self, person: &Person, section: &Value, now: i64) -> Value {
        let definition = &section["payload"]["0123456789abcdef0123456789abcdef"]["definition"];
        let each = |part: &str| definition[part].as_array().unwrap().iter();
        let hidden = |place: Option<usize>| {
            section["includeSensitive"] != true
                && place.is_some_and(|at| self.attributes()[at]["sensitive"] == true)
        };
        let mut outputs = BTreeMap::new();
        for item in each("attributePayload") {
            let place = self.place(&item["realtimeAttributeId"]);
            if !hidden(place) {
                let value =
                    place.map(|place| self.value(person, place, &item["subAttributeIdentifier"], now));
                outputs.insert(text(&item["outputName"]), value.unwrap_or_default());
            }
        }
        for item in each("stringBuilder") {
            let parts: String =
                item["values"].as_array().unwrap().iter().map(|part| text(&part["value"])).collect();
            outputs.insert(text(&item["outputName"]), json!(parts));
        }
        for item in each("catalogPayload") {
            let driver = self.place(&item["lookupAttributeId"]);
            let catalog = self.attributes().iter().find(|one| {
                one["name"] == item["catalogName"] || one["lookupCatalogTableName"] == item["catalogName"]
            });
            if !hidden(driver) {
                let rows = self.rows(person, catalog.unwrap(), &[(text(&item["lookupColumn"]), driver)], now);
                outputs.insert(text(&item["outputName"]), json!(rows));
            }
        }
        json!(outputs)
    }

    fn segments(&self, person: &Person, section: &Value) -> Value {
        let customer = self.customer(person);
        let is_in = |id: &str| {
            let members = self.batch.members.get(id);
            members.zip(customer.as_ref()).is_some_and(|(members, customer)| members.contains(customer))
        };
        let definition = &section["payload"]["0123456789abcdef0123456789abcdef"]["definition"];
        let segments = definition["segmentPayload"]["batchSegments"].as_array().unwrap().iter();
        let own = segments.map(|segment| text(&segment["id"])).filter(|id| is_in(id));
        own.map(|id| json!(self.batch.names.get(&id).unwrap_or(&id))).collect()
    }

    /// A person as inspection shows it: keys, customer, whether it is known, attributes.
    pub fn inspect(&self, person: &Person, now: i64) -> Value {
        let mut keys: Vec<_> = person.ids.iter().collect();
        keys.sort_by_key(|id| -id.2);
        let keys: Vec<Value> = keys
            .into_iter()
            .map(|(column, value, seen)| json!({"column": column, "value": value, "last_seen": iso(seen * 1_000)}))
            .collect();
        let attribute = |(place, attribute): (usize, &Value)| {
            let subs = ["aggregations", "subDurations", "lookupCatalogColumns"].iter();
            let subs = subs.flat_map(|part| attribute[*part].as_array().into_iter().flatten());
            let subs: Map<String, Value> = subs
                .map(|sub| text(sub.get("identifier").unwrap_or(&sub["name"])))
                .map(|sub| (sub.clone(), self.value(person, place, &json!(sub), now)))
                .collect();
            let items = self.items(person, place, now).into_iter().map(|mut item| {
                item["time"] = json!(iso(item["time"].as_i64().unwrap() * 1_000));
                item
            });
            json!({"id": attribute["id"], "value": self.value(person, place, &Value::Null, now), "sub_attributes": subs,
                   "items": items.collect::<Vec<_>>()})
        };
        let customer = self.customer(person);
        let known = customer.as_ref().is_some_and(|customer| self.batch.rows.contains_key(customer));
        let attributes: Vec<Value> = self.attributes().iter().enumerate().map(attribute).collect();
        json!({"keys": keys, "customer": customer, "known": known, "attributes": attributes})
    }

    /// What a personalization answers without an event.
    pub fn personalize(&self, person: &Person, personalization: &Value, now: i64) -> Option<Value> {
        let mut sections = personalization["attributes"]["sections"].as_array().unwrap().iter();
        let section = sections.find(|section| self.admits(person, section, now))?;
        Some(self.outputs(person, section, now))
    }
}

/// The ids of an event that are valid, in the order of the keys.
fn ids(event: &Map<String, Value>) -> Vec<(String, String)> {
    let mut ids = Vec::new();
    for column in ["td_client_id", "email", "user_id", "customer_id"] {
        let value = match event.get(column) {
            Some(Value::String(value)) => value.clone(),
            _ => continue,
        };
        let parts: Vec<&str> = value.split('@').collect();
        let valid = match column {
            "td_client_id" => !["null", "0"].contains(&value.as_str()),
            "email" => parts.len() == 2 && parts.iter().all(|part| !part.is_empty()),
            "user_id" => !value.starts_with("test_") && value != "u666",
            _ => value.starts_with('c'),
        };
        if valid && !value.is_empty() {
            ids.push((column.to_owned(), value));
        }
    }
    ids
}
