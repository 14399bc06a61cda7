//! Arrays and objects as a whole: sorting, grouping, searching, entries.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use jaq_interpret::{Error, Val, ValR, ValRs};

use super::arith::add;
use super::index::index;
use super::{Args, Cv, Spec, arg, collected, fail, lazy, memory, named, once, unary};
use crate::jq::guard::has_stack;
use crate::jq::text::{dump, to_text};
use crate::jq::value::{Object, as_f64, compare, equal, is_number, kind, length};

pub(super) const TABLE: &[Spec] = &[
    Spec::value("length", "", |_, cv| once(size(&cv.1))),
    Spec::value("add", "", |_, cv| {
        lazy(move || match &cv.1 {
            Val::Arr(_) | Val::Obj(_) => {
                let items = children(cv.1)?;
                items.into_iter().try_fold(Val::Null, add)
            }
            other => fail(format!("Cannot iterate over {}", named(other))),
        })
    }),
    Spec::value("add", "v", |args, cv| {
        lazy(move || {
            let mut sum = Val::Null;
            for item in arg(args, 0, cv) {
                sum = add(sum, item?)?;
            }
            Ok(sum)
        })
    }),
    Spec::value("reverse", "", |_, cv| once(reverse(cv.1))),
    Spec::value("sort", "", |_, cv| {
        once(sortable(cv.1).map(|mut a| {
            Rc::make_mut(&mut a).sort_by(compare);
            Val::Arr(a)
        }))
    }),
    Spec::value("sort_by", "v", |args, cv| {
        lazy(move || {
            let mut items = keyed(args, cv)?;
            items.sort_by(compare_keys);
            Ok(items.into_iter().map(|(_, v)| v).collect())
        })
    }),
    Spec::value("group_by", "v", |args, cv| {
        lazy(move || {
            let groups = grouped(keyed(args, cv)?);
            Ok(groups.into_iter().map(|g| Val::Arr(Rc::new(g))).collect())
        })
    }),
    Spec::value("unique_by", "v", |args, cv| {
        lazy(move || {
            let groups = grouped(keyed(args, cv)?);
            Ok(groups.into_iter().filter_map(|g| g.into_iter().next()).collect())
        })
    }),
    Spec::value("unique", "", |_, cv| {
        once(sortable(cv.1).map(|mut a| {
            unique(Rc::make_mut(&mut a));
            Val::Arr(a)
        }))
    }),
    Spec::value("min", "", |_, cv| once(extreme(cv.1, Ordering::Less))),
    Spec::value("max", "", |_, cv| once(extreme(cv.1, Ordering::Greater))),
    Spec::value("min_by", "v", |args, cv| lazy(move || extreme_by(args, cv, Ordering::Less))),
    Spec::value("max_by", "v", |args, cv| lazy(move || extreme_by(args, cv, Ordering::Greater))),
    Spec::value("to_entries", "", |_, cv| once(to_entries(&cv.1))),
    Spec::value("from_entries", "", |_, cv| once(from_entries(cv.1))),
    Spec::value("flatten", "", |_, cv| once(flatten(cv.1, &Val::Float(f64::INFINITY)))),
    Spec::value("flatten", "v", |args, cv| unary(args, cv, |v, depth| flatten(v.clone(), &depth))),
    Spec::value("contains", "v", |args, cv| unary(args, cv, |v, part| contains(v, &part).map(Val::Bool))),
    Spec::value("transpose", "", |_, cv| once(transpose(&cv.1))),
    Spec::value("bsearch", "v", |args, cv| unary(args, cv, |v, wanted| bsearch(v, &wanted))),
    Spec::value("type", "", |_, cv| once(Ok(crate::jq::value::string(kind(&cv.1))))),
    Spec::value("tojson", "", |_, cv| once(dump(&cv.1).map(crate::jq::value::string))),
    Spec::value("tostring", "", |_, cv| once(to_text(&cv.1).map(Val::Str))),
];

/// The elements of an array or the values of an object, moved out if nothing else holds them.
fn children(v: Val) -> Result<Vec<Val>, Error> {
    match v {
        Val::Arr(a) => Ok(Rc::try_unwrap(a).unwrap_or_else(|a| (*a).clone())),
        Val::Obj(o) => Ok(o.values().cloned().collect()),
        other => fail(format!("Cannot iterate over {}", named(&other))),
    }
}

fn size(v: &Val) -> ValR {
    match v {
        Val::Null => Ok(Val::Int(0)),
        Val::Bool(_) => fail(format!("{} has no length", named(v))),
        Val::Str(s) => Ok(length(s.chars().count())),
        Val::Arr(a) => Ok(length(a.len())),
        Val::Obj(o) => Ok(length(o.len())),
        Val::Int(i) => Ok(i.checked_abs().map_or(Val::Float(2f64.powi(63)), Val::Int)),
        other => Ok(crate::jq::value::number(as_f64(other).unwrap_or(f64::NAN).abs())),
    }
}

fn reverse(v: Val) -> ValR {
    match v {
        Val::Arr(mut a) => {
            Rc::make_mut(&mut a).reverse();
            Ok(Val::Arr(a))
        }
        // jq takes elements from the last index on, which for other values there are none of.
        other => match as_f64(&size(&other)?).unwrap_or(0.0) {
            0.0 => Ok(Val::Arr(Rc::default())),
            n => index(&other, &crate::jq::value::number(n - 1.0)),
        },
    }
}

fn sortable(v: Val) -> Result<Rc<Vec<Val>>, Error> {
    match v {
        Val::Arr(a) => Ok(a),
        other => fail(format!("{} cannot be sorted, as it is not an array", named(&other))),
    }
}

/// The outputs of a key filter on an element; nearly always one.
enum Keys {
    One(Val),
    Many(Vec<Val>),
}

impl Keys {
    fn of(mut outputs: ValRs) -> Result<Keys, Error> {
        let Some(first) = outputs.next().transpose()? else {
            return Ok(Keys::Many(Vec::new()));
        };
        if super::ended(&outputs) {
            return Ok(Keys::One(first));
        }
        let mut all = vec![first];
        for output in outputs {
            memory::items(all.len(), 1)?;
            all.push(output?);
        }
        Ok(Keys::Many(all))
    }

    fn slice(&self) -> &[Val] {
        match self {
            Keys::One(v) => std::slice::from_ref(v),
            Keys::Many(all) => all,
        }
    }
}

type Keyed = (Keys, Val);

fn compare_keys(a: &Keyed, b: &Keyed) -> Ordering {
    let (a, b) = (a.0.slice(), b.0.slice());
    let differ = a.iter().zip(b).map(|(x, y)| compare(x, y));
    let mut differ = differ.filter(|o| o.is_ne());
    differ.next().unwrap_or_else(|| a.len().cmp(&b.len()))
}

/// The elements with the outputs of the argument on each.
fn keyed<'a>(args: Args<'a>, cv: Cv<'a>) -> Result<Vec<Keyed>, Error> {
    let items = match cv.1 {
        Val::Arr(items) => items,
        Val::Obj(_) => return fail(format!("{} cannot be sorted, as it is not an array", named(&cv.1))),
        other => return fail(format!("Cannot iterate over {}", named(&other))),
    };
    let items = Rc::try_unwrap(items).unwrap_or_else(|a| (*a).clone());
    let mut keyed = Vec::with_capacity(items.len());
    for item in items {
        let keys = Keys::of(arg(args, 0, (cv.0.clone(), item.clone())))?;
        keyed.push((keys, item));
    }
    Ok(keyed)
}

/// Elements by key, in the order of the keys. Strings are grouped by hash, so that only the
/// distinct ones are compared.
fn grouped(items: Vec<Keyed>) -> Vec<Vec<Val>> {
    let text = |k: &Keyed| match &k.0 {
        Keys::One(Val::Str(s)) => Some(Rc::clone(s)),
        _ => None,
    };
    if !items.iter().all(|k| matches!(k.0, Keys::One(Val::Str(_)))) {
        return grouped_by_order(items);
    }
    let mut groups: HashMap<Rc<String>, Vec<Val>, ahash::RandomState> = HashMap::default();
    for item in items {
        if let Some(key) = text(&item) {
            groups.entry(key).or_default().push(item.1);
        }
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by(|a, b| a.0.cmp(&b.0));
    groups.into_iter().map(|(_, items)| items).collect()
}

fn grouped_by_order(mut items: Vec<Keyed>) -> Vec<Vec<Val>> {
    items.sort_by(compare_keys);
    let mut groups: Vec<Vec<Val>> = Vec::new();
    let mut previous: Option<Keys> = None;
    for (key, item) in items {
        let same = previous.as_ref().is_some_and(|p| {
            let (p, k) = (p.slice(), key.slice());
            p.len() == k.len() && p.iter().zip(k).all(|(x, y)| compare(x, y).is_eq())
        });
        match groups.last_mut().filter(|_| same) {
            Some(group) => group.push(item),
            None => groups.push(vec![item]),
        }
        previous = Some(key);
    }
    groups
}

/// Sorted and without repetitions.
fn unique(items: &mut Vec<Val>) {
    if items.iter().all(|v| matches!(v, Val::Str(_))) {
        let mut seen: HashSet<Rc<String>, ahash::RandomState> = HashSet::default();
        items.retain(|v| match v {
            Val::Str(s) => seen.insert(Rc::clone(s)),
            _ => true,
        });
    }
    items.sort_by(compare);
    items.dedup_by(|x, y| compare(x, y).is_eq());
}

/// The first of the least elements or the last of the greatest.
fn extreme(v: Val, wanted: Ordering) -> ValR {
    let items = match &v {
        Val::Arr(items) => items,
        // jq compares each element by itself.
        other => {
            let name = named(other);
            return fail(format!("{name} and {name} cannot be iterated over"));
        }
    };
    let better = |new: &Val, old: &Val| {
        let order = compare(new, old);
        order == wanted || (order.is_eq() && wanted.is_gt())
    };
    let best = items.iter().reduce(|old, new| if better(new, old) { new } else { old });
    Ok(best.cloned().unwrap_or(Val::Null))
}

fn extreme_by<'a>(args: Args<'a>, cv: Cv<'a>, wanted: Ordering) -> ValR {
    if !matches!(cv.1, Val::Arr(_)) {
        return fail(format!("Cannot iterate over {}", named(&cv.1)));
    }
    let items = keyed(args, cv)?;
    let best = items.into_iter().reduce(|old, new| {
        let order = compare_keys(&new, &old);
        match order == wanted || (order.is_eq() && wanted.is_gt()) {
            true => new,
            false => old,
        }
    });
    Ok(best.map_or(Val::Null, |(_, v)| v))
}

fn entry(key: Val, value: Val) -> Val {
    let mut entry = Object::default();
    entry.insert(Rc::new("key".to_owned()), key);
    entry.insert(Rc::new("value".to_owned()), value);
    Val::Obj(Rc::new(entry))
}

fn to_entries(v: &Val) -> ValR {
    match v {
        Val::Obj(o) => Ok(o.iter().map(|(k, v)| entry(Val::Str(Rc::clone(k)), v.clone())).collect()),
        Val::Arr(a) => Ok(a.iter().enumerate().map(|(i, v)| entry(length(i), v.clone())).collect()),
        other => fail(format!("{} has no keys", named(other))),
    }
}

fn from_entries(v: Val) -> ValR {
    let mut object = Object::default();
    for item in children(v)? {
        let get = |name: &str| index(&item, &crate::jq::value::string(name));
        let mut key = Val::Null;
        for name in ["key", "Key", "name", "Name"] {
            key = get(name)?;
            if key.as_bool() {
                break;
            }
        }
        let Val::Str(key) = key else {
            let shown = if key.as_bool() { key } else { Val::Null };
            return fail(format!("Cannot use {} as object key", named(&shown)));
        };
        let lower = matches!(&item, Val::Obj(o) if o.contains_key(&"value".to_owned()));
        object.insert(key, get(if lower { "value" } else { "Value" })?);
    }
    Ok(Val::Obj(Rc::new(object)))
}

fn flatten(v: Val, depth: &Val) -> ValR {
    let depth = match as_f64(depth).filter(|_| is_number(depth)) {
        Some(d) if d >= 0.0 => d,
        Some(_) => return fail("flatten depth must not be negative"),
        None => return fail("flatten depth must be a number"),
    };
    let mut out = Vec::new();
    flatten_into(children(v)?, depth, &mut out)?;
    Ok(Val::Arr(Rc::new(out)))
}

fn flatten_into(items: Vec<Val>, depth: f64, out: &mut Vec<Val>) -> Result<(), Error> {
    for item in items {
        match item {
            Val::Arr(a) if depth > 0.0 => {
                let inner = Rc::try_unwrap(a).unwrap_or_else(|a| (*a).clone());
                if !has_stack() {
                    return fail("the array is nested too deeply");
                }
                flatten_into(inner, depth - 1.0, out)?;
            }
            other => {
                memory::items(out.len(), 1)?;
                out.push(other);
            }
        }
    }
    Ok(())
}

fn contains(v: &Val, part: &Val) -> Result<bool, Error> {
    match (v, part) {
        (Val::Obj(a), Val::Obj(b)) => {
            for (k, part) in b.iter() {
                match a.get(k) {
                    Some(v) if contains(v, part)? => {}
                    _ => return Ok(false),
                }
            }
            Ok(true)
        }
        (Val::Arr(a), Val::Arr(b)) => {
            for part in b.iter() {
                // Elements of different kinds do not contain each other, and are no error here.
                let mut candidates = a.iter().filter(|v| kind(v) == kind(part));
                if !candidates.any(|v| contains(v, part).unwrap_or(false)) {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (Val::Str(a), Val::Str(b)) => Ok(a.contains(b.as_str())),
        _ if kind(v) == kind(part) => Ok(equal(v, part)),
        _ => fail(format!("{} and {} cannot have their containment checked", named(v), named(part))),
    }
}

fn transpose(v: &Val) -> ValR {
    let rows = match v {
        Val::Arr(rows) => rows,
        other => return fail(format!("Cannot iterate over {}", named(other))),
    };
    let mut width = 0;
    for row in rows.iter() {
        match row {
            Val::Arr(r) => width = width.max(r.len()),
            Val::Null => {}
            other => {
                index(other, &Val::Int(0))?;
            }
        }
    }
    let cell = |row: &Val, i: usize| match row {
        Val::Arr(r) => r.get(i).cloned().unwrap_or(Val::Null),
        _ => Val::Null,
    };
    collected((0..width).map(|i| collected(rows.iter().map(|row| Ok(cell(row, i))))))
}

fn bsearch(v: &Val, wanted: &Val) -> ValR {
    match v {
        Val::Arr(a) => Ok(match a.binary_search_by(|x| compare(x, wanted)) {
            Ok(i) => length(i),
            Err(i) => crate::jq::value::number(-1.0 - i as f64),
        }),
        other => fail(format!("{} cannot be searched from", named(other))),
    }
}
