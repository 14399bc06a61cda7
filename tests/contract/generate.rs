//! Values from schemas: for every operation, bodies as its schema has them, and the ways to break one.

use serde_json::{Map, Number, Value, json};
use std::collections::HashMap;

/// A small generator of numbers (splitmix64): the same seed makes the same run everywhere.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: &str) -> Self {
        Dice(
            seed.bytes()
                .fold(0xCBF2_9CE4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01B3)),
        )
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap_or(0)
    }

    /// True once in `times`.
    pub fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// Real values by the name of their field: without them a request with an id would never get past 404.
pub type Pools = HashMap<&'static str, Vec<Value>>;

/// What only answers have although the files let bodies have it; most bodies go without.
const STAMPS: [&str; 4] = ["createdBy", "updatedBy", "createdAt", "updatedAt"];

/// Makes values of one schema, as `schema::convert` has it.
pub struct Generator<'a> {
    pub schema: &'a Value,
    pub pools: &'a Pools,
}

impl Generator<'_> {
    /// A value that the schema allows, but for its patterns.
    pub fn value(&self, dice: &mut Dice) -> Value {
        self.of(&self.schema["allOf"][0], "", 0, dice)
    }

    fn of(&self, schema: &Value, name: &str, depth: usize, dice: &mut Dice) -> Value {
        if let Some(reference) = schema["$ref"].as_str() {
            let target = self.schema.pointer(reference.trim_start_matches('#')).expect("a definition");
            return self.of(target, name, depth, dice);
        }
        for key in ["oneOf", "anyOf"] {
            if let Some(alternatives) = schema[key].as_array() {
                // The first alternatives end sooner where a schema contains itself.
                let among = if depth > 6 { &alternatives[..1] } else { &alternatives[..] };
                return self.of(dice.pick(among), name, depth, dice);
            }
        }
        if let Some(values) = schema["enum"].as_array() {
            return dice.pick(values).clone();
        }
        let (kind, nullable) = match &schema["type"] {
            Value::Array(kinds) => (kinds[0].as_str().unwrap_or_default(), true),
            kind => (kind.as_str().unwrap_or_default(), false),
        };
        if nullable && dice.one_in(4) {
            return Value::Null;
        }
        let fits = |pool: &&Vec<Value>| match kind {
            "string" | "integer" | "number" => true,
            "object" => pool.iter().all(Value::is_object),
            "array" => pool.iter().all(Value::is_array),
            _ => false,
        };
        if let Some(pool) = self.pools.get(name).filter(fits)
            && !dice.one_in(8)
        {
            let known = dice.pick(pool);
            // Ids are numbers in some bodies and strings everywhere else.
            let number =
                known.as_str().and_then(|text| text.parse::<u64>().ok()).filter(|_| kind != "string");
            return number.map_or_else(|| known.clone(), Value::from);
        }
        match kind {
            "object" => self.object(schema, depth, dice),
            "array" => self.array(schema, name, depth, dice),
            "integer" | "number" => number(schema, dice),
            "boolean" => dice.one_in(2).into(),
            "string" => text(schema, name, dice).into(),
            // Open: a rule, mostly.
            _ => self.open(depth, dice),
        }
    }

    fn object(&self, schema: &Value, depth: usize, dice: &mut Dice) -> Value {
        let Some(fields) = schema["properties"].as_object() else { return self.map(schema, depth, dice) };
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let mut object = Map::new();
        for (name, field) in fields {
            let percent = match depth {
                _ if required.contains(&name.as_str()) => 100,
                _ if STAMPS.contains(&name.as_str()) => 6,
                0 => 65,
                1..6 => 50,
                _ => 0,
            };
            if dice.below(100) < percent {
                object.insert(name.clone(), self.of(field, name, depth + 1, dice));
            }
        }
        Value::Object(object)
    }

    /// An object whose fields have no names of their own: nodes of a payload by id, or anything.
    fn map(&self, schema: &Value, depth: usize, dice: &mut Dice) -> Value {
        let fields = &schema["additionalProperties"];
        if !fields.is_object() {
            return self.open(depth, dice);
        }
        let key = format!("{:016x}{:016x}", dice.next(), dice.next());
        json!({key: self.of(fields, "", depth + 1, dice)})
    }

    fn array(&self, schema: &Value, name: &str, depth: usize, dice: &mut Dice) -> Value {
        let bound = |key: &str, other: usize| {
            schema[key].as_u64().map_or(other, |n| usize::try_from(n).unwrap_or(other))
        };
        let (least, most) = (bound("minItems", 0), bound("maxItems", 3).min(3));
        let length = if depth > 6 { least } else { least + dice.below(most.saturating_sub(least) + 1) };
        // `columns` of strings is a list of `column`s.
        let single = name.trim_end_matches('s');
        (0..length).map(|_| self.of(&schema["items"], single, depth + 1, dice)).collect()
    }

    fn open(&self, depth: usize, dice: &mut Dice) -> Value {
        let column = |dice: &mut Dice| {
            json!({"type": "Column", "column": dice.pick(&["td_path", "price"]),
                "operator": {"type": dice.pick(&["Equal", "GreaterThan", "Regexp"]), "not": false, "rightValue": "x"}})
        };
        match dice.below(4) {
            0 => json!({}),
            1 => json!({"type": "And", "conditions": []}),
            2 if depth < 6 => json!({"type": "Or", "conditions": [column(dice), self.open(depth + 1, dice)]}),
            _ => column(dice),
        }
    }
}

fn number(schema: &Value, dice: &mut Dice) -> Value {
    let least = schema["minimum"].as_i64().unwrap_or(0);
    let most = schema["maximum"].as_i64().unwrap_or(least + 50);
    let span = usize::try_from(most.saturating_sub(least)).unwrap_or(50).min(1_000);
    Value::Number(Number::from(least + i64::try_from(dice.below(span + 1)).unwrap_or(0)))
}

fn text(schema: &Value, name: &str, dice: &mut Dice) -> String {
    match schema["format"].as_str() {
        Some("date-time") => return "2025-11-01T00:00:00Z".to_owned(),
        Some("uuid") => return "b82aad42-481b-4ca7-87c0-848a34f3c85f".to_owned(),
        _ => {}
    }
    let digits = schema["pattern"].as_str().is_some_and(|pattern| pattern.contains("[0-9]+"));
    if digits || name == "id" || name.ends_with("Id") {
        return dice.below(1_000_000).to_string();
    }
    let length = schema["minLength"].as_u64().map_or(1, |n| usize::try_from(n).unwrap_or(1)).max(1);
    let tail: String =
        (0..length).map(|_| char::from(b'a' + u8::try_from(dice.below(26)).unwrap_or(0))).collect();
    let text = format!("{name}_{tail}{}", dice.below(100_000));
    match schema["maxLength"].as_u64() {
        Some(most) => text.chars().rev().take(usize::try_from(most).unwrap_or(0)).collect(),
        None => text,
    }
}

/// Breaks one place of a body; what was done.
pub fn spoil(body: &mut Value, dice: &mut Dice) -> String {
    let mut places = Vec::new();
    collect(body, String::new(), &mut places);
    let place = dice.pick(&places).clone();
    let (parent, key) = place.rsplit_once('/').unwrap_or(("", ""));
    let what = match dice.below(12) {
        0 | 1 if !place.is_empty() => {
            let parent = body.pointer_mut(parent).expect("a place of the body");
            match parent {
                Value::Object(fields) => drop(fields.shift_remove(key)),
                Value::Array(items) => drop(items.remove(key.parse().unwrap_or(0))),
                _ => {}
            }
            "removed"
        }
        2 | 3 => {
            let objects: Vec<&String> =
                places.iter().filter(|place| body.pointer(place).is_some_and(Value::is_object)).collect();
            if objects.is_empty() {
                return "nothing".to_owned();
            }
            let chosen = dice.pick(&objects).to_string();
            body.pointer_mut(&chosen).expect("an object")["bogus"] = json!(1);
            return format!("'bogus' added at '{chosen}'");
        }
        _ => {
            let target = body.pointer_mut(&place).expect("a place of the body");
            *target = odd(dice, target);
            "replaced"
        }
    };
    let now: String =
        body.pointer(&place).map_or_else(String::new, |v| v.to_string().chars().take(60).collect());
    format!("'{place}' {what} {now}")
}

/// Something that is rarely right.
fn odd(dice: &mut Dice, old: &Value) -> Value {
    match dice.below(18) {
        0 | 1 => Value::Null,
        2 => json!([]),
        3 => json!({}),
        4 => json!(""),
        5 => json!(" \t"),
        6 => json!(true),
        7 => json!(*dice.pick(&[0.5, 1e308, -0.0])),
        8 => json!(*dice.pick(&[0, -1, i64::MAX, i64::MIN])),
        9 => json!(u64::MAX),
        10 => json!("x".repeat(10_000)),
        11 => json!("\u{0}\u{1F4A9}\u{202E}'\"; DROP TABLE"),
        12 => json!("nonsense"),
        13 => (0..*dice.pick(&[20, 120])).fold(json!(1), |inner, level| {
            if level % 2 == 0 { json!([inner]) } else { json!({"conditions": inner}) }
        }),
        14 => json!([old, old]),
        15 => Value::Array(vec![old.clone(); 700]),
        16 => json!({"type": old}),
        _ => json!(old.to_string()),
    }
}

fn collect(value: &Value, at: String, places: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                collect(field, format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), places);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, format!("{at}/{index}"), places);
            }
        }
        _ => {}
    }
    places.push(at);
}
