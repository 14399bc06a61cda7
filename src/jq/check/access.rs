//! Looking up fields, and remembering those that do not exist.

use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;

use serde_json::Value;

use super::infer::Checker;
use super::report::{Missing, WrongKind, is_slip};
use super::schema::{element_place, field_place};
use super::shape::{Body, Branch, Rest, Shape, Texts};

/// A step of the filter text, identified by its place in memory.
pub(super) type Node = (usize, usize);

/// The step of an expression; `part` counts the steps of a constant path.
pub(super) fn node<T>(part_of: &T, part: usize) -> Node {
    (std::ptr::from_ref(part_of) as usize, part)
}

/// How fields of open objects are judged.
pub(super) enum Judge {
    Names(HashSet<String>),
    Slips,
}

impl Judge {
    pub(super) fn of(known: &super::Known) -> Self {
        match known {
            super::Known::Open => Judge::Slips,
            super::Known::Document(document) => {
                let mut names = HashSet::new();
                let mut rest: Vec<&Value> = document.iter().copied().collect();
                while let Some(value) = rest.pop() {
                    match value {
                        Value::Array(items) => rest.extend(items),
                        Value::Object(map) => {
                            names.extend(map.keys().cloned());
                            rest.extend(map.values());
                        }
                        _ => {}
                    }
                }
                Judge::Names(names)
            }
        }
    }

    /// Whether an open object may have a field that its schema does not list.
    fn passes(&self, name: &str, body: &Body) -> bool {
        if name.starts_with("x-") || name.starts_with("x_") {
            return true;
        }
        match self {
            Judge::Names(names) => names.contains(name),
            Judge::Slips => !body.fields.keys().any(|known| is_slip(name, known)),
        }
    }
}

/// What was found out about a step: it is run more than once, in loops and definitions, and only
/// a name that was never there is wrong.
pub(super) struct Verdict<'a> {
    pub(super) found: bool,
    pub(super) missing: Option<Missing<'a>>,
}

/// What a step takes a part of a value by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By<'n> {
    /// `.name`
    Name(Option<&'n str>),
    /// `.[0]`
    Number,
    /// `.[]`
    Each,
    /// `.[1:2]`
    Slice,
}

impl By<'_> {
    /// Whether some value of this shape goes with it. That it may be `null` as well, of which every part
    /// is `null`, says nothing, as with names; what is surely `null` is known better by its name.
    fn goes_with(self, shape: &Shape) -> bool {
        let array = shape.branches.iter().any(|branch| matches!(branch, Branch::Array(..)));
        let object = shape.branches.iter().any(|branch| matches!(branch, Branch::Object(..)));
        let other = array || object || shape.number || shape.yes || shape.no || shape.texts != Texts::None;
        shape.any
            || !other
            || match self {
                By::Name(_) => object,
                By::Number => array,
                By::Each => array || object,
                By::Slice => array || shape.texts != Texts::None,
            }
    }

    fn step(self) -> String {
        match self {
            By::Name(Some(name)) => field_place(&Rc::from("."), name).to_string(),
            By::Name(None) => ".[a name]".to_owned(),
            By::Number => ".[a number]".to_owned(),
            By::Each => ".[]".to_owned(),
            By::Slice => ".[from:to]".to_owned(),
        }
    }

    /// The error for a value of this shape, which is not nothing.
    fn wrong(self, shape: &Shape) -> WrongKind {
        let (path, kind) = match shape.branches.first() {
            Some(Branch::Array(place, _)) => (place.to_string(), "an array"),
            Some(Branch::Object(place, _)) => (place.to_string(), "an object"),
            None if shape.texts != Texts::None => ("it".to_owned(), "a string"),
            None if shape.number => ("it".to_owned(), "a number"),
            None => ("it".to_owned(), "a boolean"),
        };
        let meant = match (self, kind) {
            (By::Name(Some(name)), "an array") => {
                Some(field_place(&element_place(&Rc::from(path.as_str())), name).to_string())
            }
            _ => None,
        };
        WrongKind { step: self.step(), path, kind, meant }
    }
}

/// What was found out about the kinds of value that a step is run on.
pub(super) struct KindVerdict {
    pub(super) fits: bool,
    pub(super) wrong: Option<(usize, WrongKind)>,
}

impl<'a> Checker<'a> {
    /// Notes whether a step goes with what it is run on.
    pub(super) fn takes(&mut self, node: Node, term: &Shape<'a>, by: By<'_>) {
        if term.is_never() {
            return;
        }
        let fits = by.goes_with(term);
        let doubted = self.quiet || self.unsure;
        let verdict = self.kinds.entry(node).or_insert(KindVerdict { fits: false, wrong: None });
        verdict.fits |= fits;
        if !fits && !doubted && verdict.wrong.is_none() {
            verdict.wrong = Some((self.order, by.wrong(term)));
            self.order = self.order.saturating_add(1);
        }
    }

    /// `.[key]`, for all possible keys.
    pub(super) fn index(&mut self, node: Node, term: &Shape<'a>, key: &Shape<'a>) -> Shape<'a> {
        if term.is_never() || key.is_never() {
            return Shape::default();
        }
        if key.any || key.branches.iter().any(|branch| matches!(branch, Branch::Object(..))) {
            return Shape::any();
        }
        match (&key.texts, key.number, key.branches.is_empty()) {
            (Texts::None, true, true) => self.takes(node, term, By::Number),
            (Texts::Some(words), false, true) => {
                let name = words.first().filter(|_| words.len() == 1).cloned();
                self.takes(node, term, By::Name(name.as_deref()));
            }
            (Texts::Any, false, true) => self.takes(node, term, By::Name(None)),
            _ => {}
        }
        let mut out = Shape { any: term.any, null: term.null, ..Shape::default() };
        match &key.texts {
            Texts::None => {}
            Texts::Some(words) => out.join(self.fields(node, term, words)),
            Texts::Any => out.join(self.any_field(term)),
        }
        if key.number {
            out.join(self.elements(term, false).or_null());
        }
        if !key.branches.is_empty() {
            out.join(Shape::array(Shape::number()));
        }
        if out.any { Shape::any() } else { out }
    }

    /// The fields of these names; it is enough if one of them exists.
    fn fields(&mut self, node: Node, term: &Shape<'a>, names: &BTreeSet<Rc<str>>) -> Shape<'a> {
        let mut out = Shape::default();
        let mut found = term.any;
        let mut missing = Vec::new();
        let mut name = None;
        for wanted in names {
            for branch in &term.branches {
                let Branch::Object(place, body) = branch else { continue };
                let (field, there) = self.field(body, wanted, || field_place(place, wanted));
                out.join(field);
                found |= there;
                if !there {
                    name.get_or_insert_with(|| Rc::clone(wanted));
                    missing.push((place.clone(), Rc::clone(body)));
                }
            }
        }
        let verdict = self.verdicts.entry(node).or_insert(Verdict { found: false, missing: None });
        verdict.found |= found;
        if let Some(name) = name
            && !found
            && !self.quiet
            && !self.excused.contains(&*name)
            && verdict.missing.is_none()
        {
            verdict.missing = Some(Missing { order: self.order, name, objects: missing });
            self.order = self.order.saturating_add(1);
        }
        out
    }

    /// A field of one object, and whether it may exist.
    pub(super) fn field(
        &mut self,
        body: &Body<'a>,
        name: &str,
        place: impl FnOnce() -> Rc<str>,
    ) -> (Shape<'a>, bool) {
        if let Some(slot) = body.fields.get(name) {
            return (self.slot(slot, place), true);
        }
        match &body.rest {
            Rest::Map(slot) => (self.slot(slot, place).or_null(), true),
            Rest::Open if self.judge.passes(name, body) => (Shape::any(), true),
            Rest::Open if self.quiet => (Shape::any(), false),
            _ if self.excused.contains(name) => (Shape::any(), false),
            // An error will say so; anything would only hide the next one.
            Rest::Open | Rest::Closed => (Shape::null(), false),
        }
    }

    /// A field of a name that is not known.
    fn any_field(&mut self, term: &Shape<'a>) -> Shape<'a> {
        let objects = term.branches.iter().filter(|branch| matches!(branch, Branch::Object(..)));
        let objects = Shape { branches: objects.cloned().collect(), ..Shape::default() };
        if objects.is_never() { objects } else { self.elements(&objects, true).or_null() }
    }

    /// What `.[]` gives; of arrays alone, or of objects too.
    pub(super) fn elements(&mut self, term: &Shape<'a>, objects: bool) -> Shape<'a> {
        let mut out = Shape::default();
        if term.any {
            return Shape::any();
        }
        for branch in &term.branches {
            match branch {
                Branch::Array(place, items) => {
                    let element = self.slot(&items.slot, || element_place(place));
                    out.join(element);
                }
                Branch::Object(place, body) if objects => {
                    for (_, slot) in self.all_fields(place, body) {
                        out.join(slot);
                    }
                }
                Branch::Object(..) => {}
            }
        }
        out
    }

    /// Every field of an object with its name; without a name, those that may exist beside.
    pub(super) fn all_fields(
        &mut self,
        place: &Rc<str>,
        body: &Body<'a>,
    ) -> Vec<(Option<Rc<str>>, Shape<'a>)> {
        self.spend(body.fields.len());
        let mut all = Vec::new();
        for (name, slot) in &body.fields {
            all.push((Some(Rc::clone(name)), self.slot(slot, || field_place(place, name))));
        }
        match &body.rest {
            Rest::Closed => {}
            Rest::Open => all.push((None, Shape::any())),
            Rest::Map(slot) => all.push((None, self.slot(slot, || element_place(place)))),
        }
        all
    }

    /// `..`: the value and all within it.
    pub(super) fn everything(&mut self, from: &Shape<'a>) -> Shape<'a> {
        let mut out = Shape::default();
        let mut next = vec![from.clone()];
        while let Some(shape) = next.pop() {
            let fresh = |branch: &&Branch<'a>| !out.branches.contains(branch);
            let fresh: Vec<Branch> = shape.branches.iter().filter(fresh).cloned().collect();
            out.join(shape);
            if out.any || !self.spend(1) {
                return Shape::any();
            }
            for branch in fresh {
                match branch {
                    Branch::Array(place, items) => {
                        next.push(self.slot(&items.slot, || element_place(&place)))
                    }
                    Branch::Object(place, body) => {
                        next.extend(self.all_fields(&place, &body).into_iter().map(|(_, shape)| shape));
                    }
                }
            }
        }
        out
    }

    /// A constant path, as of `getpath`.
    pub(super) fn at_path(&mut self, owner: &'a Value, path: &[Value], from: &Shape<'a>) -> Shape<'a> {
        let mut shape = from.clone();
        for (part, key) in path.iter().enumerate() {
            shape = self.index(node(owner, part), &shape, &Shape::constant(key));
        }
        shape
    }
}
