//! Values from and to serde's, and from JSON text.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;
use std::rc::Rc;

use jaq_interpret::Val;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

use super::ast::Lit;
use super::error::RunError;
use super::memory;
use super::value::{EXACT, Object};

/// Deepest output: serde's parser reads 128 levels, and printing or dropping a value recurses.
pub(super) const MAX_OUTPUT_DEPTH: usize = 1_000;

/// More distinct keys than this are data rather than names of fields, and not worth sharing.
const MAX_KEYS: usize = 10_000;

/// The keys seen so far: objects of one shape share them.
#[derive(Default)]
struct Keys(HashSet<Rc<String>, ahash::RandomState>);

/// A key to look up without making it an owned string.
impl Keys {
    fn shared(&mut self, key: &str) -> Rc<String> {
        // The set's own type cannot be looked up by `&str`; see `Key`.
        KEY.with_borrow_mut(|probe| {
            let text = Rc::make_mut(probe);
            text.clear();
            text.push_str(key);
            if let Some(known) = self.0.get(&*probe) {
                return Rc::clone(known);
            }
            let new = Rc::new(key.to_owned());
            if self.0.len() < MAX_KEYS {
                self.0.insert(Rc::clone(&new));
            }
            new
        })
    }
}

thread_local! {
    static KEY: RefCell<Rc<String>> = RefCell::default();
}

/// Reads JSON text without building serde's value first.
pub(super) fn from_slice(json: &[u8]) -> Result<Val, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_slice(json);
    let keys = RefCell::default();
    let value = Seed(&keys).deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

#[derive(Clone, Copy)]
struct Seed<'k>(&'k RefCell<Keys>);

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Val;

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Val, D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Val;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Val, E> {
        Ok(Val::Null)
    }

    fn visit_bool<E: Error>(self, b: bool) -> Result<Val, E> {
        Ok(Val::Bool(b))
    }

    fn visit_i64<E: Error>(self, i: i64) -> Result<Val, E> {
        Ok(from_number(&i.into()))
    }

    fn visit_u64<E: Error>(self, u: u64) -> Result<Val, E> {
        Ok(from_number(&u.into()))
    }

    fn visit_f64<E: Error>(self, f: f64) -> Result<Val, E> {
        Ok(Val::Float(f))
    }

    fn visit_str<E: Error>(self, s: &str) -> Result<Val, E> {
        Ok(Val::Str(Rc::new(s.to_owned())))
    }

    fn visit_string<E: Error>(self, s: String) -> Result<Val, E> {
        Ok(Val::Str(Rc::new(s)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Val, A::Error> {
        let mut items = Vec::new();
        while let Some(v) = seq.next_element_seed(self)? {
            items.push(v);
        }
        Ok(Val::Arr(Rc::new(items)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Val, A::Error> {
        let mut object = Object::default();
        while let Some(key) = map.next_key_seed(KeySeed(self.0))? {
            object.insert(key, map.next_value_seed(self)?);
        }
        Ok(Val::Obj(Rc::new(object)))
    }
}

struct KeySeed<'k>(&'k RefCell<Keys>);

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Rc<String>;

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Rc<String>, D::Error> {
        d.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = Rc<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object key")
    }

    fn visit_str<E: Error>(self, s: &str) -> Result<Rc<String>, E> {
        Ok(self.0.borrow_mut().shared(s))
    }
}

/// Takes serde's value apart; strings and keys are moved, not copied.
pub(super) fn from_json(v: Value) -> Val {
    from_value(v, &mut Keys::default())
}

fn from_value(v: Value, keys: &mut Keys) -> Val {
    match v {
        Value::Null => Val::Null,
        Value::Bool(b) => Val::Bool(b),
        Value::Number(n) => from_number(&n),
        Value::String(s) => Val::Str(Rc::new(s)),
        Value::Array(a) => {
            let items = a.into_iter().map(|v| from_value(v, keys));
            Val::Arr(Rc::new(items.collect()))
        }
        Value::Object(o) => {
            let pairs = o.into_iter().map(|(k, v)| (keys.shared(&k), from_value(v, keys)));
            Val::Obj(Rc::new(pairs.collect()))
        }
    }
}

pub(super) fn from_number(n: &Number) -> Val {
    if let Some(i) = n.as_i64().and_then(|i| isize::try_from(i).ok()) {
        Val::Int(i)
    } else if n.is_u64() {
        Val::Num(Rc::new(n.to_string()))
    } else {
        Val::Float(n.as_f64().unwrap_or(f64::NAN))
    }
}

pub(super) fn from_lit(lit: &Lit) -> Val {
    match lit {
        Lit::Json(v) => from_json(v.clone()),
        Lit::Big(digits) => Val::Num(Rc::new(digits.clone())),
    }
}

/// Builds serde's value. What the engine shares is copied, so that this may grow.
///
/// # Errors
/// When it nests too deeply, or takes too much memory.
pub(super) fn to_json(v: Val) -> Result<Value, RunError> {
    to_json_at(v, MAX_OUTPUT_DEPTH + 1)
}

fn to_json_at(v: Val, levels: usize) -> Result<Value, RunError> {
    let Some(inner) = levels.checked_sub(1) else {
        return Err(RunError::TooDeep(MAX_OUTPUT_DEPTH));
    };
    let text = if let Val::Str(s) = &v { s.len() } else { 0 };
    memory::charge(size_of::<Value>().saturating_add(text)).map_err(|_| RunError::TooLarge)?;
    Ok(match v {
        Val::Null => Value::Null,
        Val::Bool(b) => Value::Bool(b),
        Val::Int(i) => Value::Number(Number::from(i as i64)),
        Val::Float(f) => float_to_json(f),
        Val::Num(n) => big_to_json(&n),
        Val::Str(s) => Value::String(Rc::try_unwrap(s).unwrap_or_else(|s| (*s).clone())),
        Val::Arr(a) => Value::Array(match Rc::try_unwrap(a) {
            Ok(a) => a.into_iter().map(|v| to_json_at(v, inner)).collect::<Result<_, RunError>>()?,
            Err(a) => a.iter().map(|v| to_json_at(v.clone(), inner)).collect::<Result<_, RunError>>()?,
        }),
        Val::Obj(o) => {
            let key = |k: Rc<String>| Rc::try_unwrap(k).unwrap_or_else(|k| (*k).clone());
            Value::Object(match Rc::try_unwrap(o) {
                Ok(o) => {
                    o.into_iter()
                        .map(|(k, v)| Ok((key(k), to_json_at(v, inner)?)))
                        .collect::<Result<_, RunError>>()?
                }
                Err(o) => o
                    .iter()
                    .map(|(k, v)| Ok(((**k).clone(), to_json_at(v.clone(), inner)?)))
                    .collect::<Result<_, RunError>>()?,
            })
        }
    })
}

/// jq prints not-a-number as null and the infinities as the largest doubles; a whole number
/// has no fraction, and beyond 17 digits it ends in zeros.
fn float_to_json(f: f64) -> Value {
    if f.is_nan() {
        return Value::Null;
    }
    let finite = f.clamp(-f64::MAX, f64::MAX);
    // Exact whole numbers are integers already, unless they came in as `1.0`.
    if finite.fract() == 0.0 && finite.abs() > EXACT {
        let digits = finite.to_string();
        if let Ok(i) = digits.parse::<i64>() {
            return Value::Number(i.into());
        }
        if let Ok(u) = digits.parse::<u64>() {
            return Value::Number(u.into());
        }
    }
    Number::from_f64(finite).map_or(Value::Null, Value::Number)
}

fn big_to_json(digits: &str) -> Value {
    match digits.parse::<u64>() {
        Ok(u) => Value::Number(u.into()),
        Err(_) => float_to_json(digits.parse().unwrap_or(f64::NAN)),
    }
}
