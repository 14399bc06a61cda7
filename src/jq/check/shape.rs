//! What a value may be: the abstract values that the check computes with.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use serde_json::Value;

/// Objects and arrays that one shape distinguishes; with more of them it is anything.
const MAX_BRANCHES: usize = 160;
/// Parts that one shape has, with all within; with more of them it is anything.
const MAX_WEIGHT: usize = 6_000;
/// Constant strings that one shape distinguishes.
const MAX_TEXTS: usize = 40;

/// Where an object stands, as a jq path, for messages only.
pub(super) type Place = Rc<str>;

/// Which strings a value may be.
#[derive(Debug, Clone, Default, PartialEq, Hash)]
pub(super) enum Texts {
    #[default]
    None,
    /// One of these.
    Some(BTreeSet<Rc<str>>),
    Any,
}

/// The union of all that a value may be. One that may be nothing is no value at all.
#[derive(Debug, Clone, Default)]
pub(super) struct Shape<'a> {
    pub(super) any: bool,
    pub(super) null: bool,
    pub(super) yes: bool,
    pub(super) no: bool,
    pub(super) number: bool,
    pub(super) texts: Texts,
    pub(super) branches: Vec<Branch<'a>>,
}

/// An object or an array.
#[derive(Debug, Clone)]
pub(super) enum Branch<'a> {
    Object(Place, Rc<Body<'a>>),
    Array(Place, Rc<Items<'a>>),
}

/// What an object has.
#[derive(Debug)]
pub(super) struct Body<'a> {
    pub(super) fields: BTreeMap<Rc<str>, Slot<'a>>,
    pub(super) rest: Rest<'a>,
    mark: Mark,
}

/// What an array has.
#[derive(Debug)]
pub(super) struct Items<'a> {
    pub(super) slot: Slot<'a>,
    mark: Mark,
}

/// The size of a part and its digest: two parts are the same if their digests are. Without them
/// to compare parts within parts would take time beyond any bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mark {
    weight: usize,
    digest: u64,
}

/// What an object may have beside its known fields.
#[derive(Debug, Clone, Default)]
pub(super) enum Rest<'a> {
    /// Nothing.
    #[default]
    Closed,
    /// Fields that the schema does not know.
    Open,
    /// Fields of any name, all like this one: names are data here.
    Map(Slot<'a>),
}

/// The value of a field or element. Schemas stay as they are until they are read, so that they
/// may refer to themselves.
#[derive(Debug, Clone)]
pub(super) enum Slot<'a> {
    Schema(&'a Value, bool),
    Made(Shape<'a>),
}

impl<'a> Slot<'a> {
    /// A value without a schema.
    pub(super) fn any() -> Self {
        Slot::Made(Shape::any())
    }
}

impl<'a> Body<'a> {
    pub(super) fn new(fields: BTreeMap<Rc<str>, Slot<'a>>, rest: Rest<'a>) -> Rc<Self> {
        let mut digest = DefaultHasher::new();
        let mut weight = 1_usize;
        for (name, slot) in &fields {
            let mark = slot.mark();
            (name, mark.digest).hash(&mut digest);
            weight = weight.saturating_add(mark.weight);
        }
        let beside = match &rest {
            Rest::Closed => Mark { weight: 0, digest: 0 },
            Rest::Open => Mark { weight: 0, digest: 1 },
            Rest::Map(slot) => slot.mark(),
        };
        (beside.digest, fields.len()).hash(&mut digest);
        let mark = Mark { weight: weight.saturating_add(beside.weight), digest: digest.finish() };
        Rc::new(Body { fields, rest, mark })
    }
}

impl Slot<'_> {
    fn mark(&self) -> Mark {
        match self {
            Slot::Schema(schema, optional) => {
                let mut digest = DefaultHasher::new();
                (std::ptr::from_ref(*schema) as usize, optional).hash(&mut digest);
                Mark { weight: 1, digest: digest.finish() }
            }
            Slot::Made(shape) => shape.mark(),
        }
    }
}

impl Branch<'_> {
    fn mark(&self) -> Mark {
        match self {
            Branch::Object(_, body) => body.mark,
            Branch::Array(_, items) => items.mark,
        }
    }
}

impl PartialEq for Branch<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.mark() == other.mark()
    }
}

impl PartialEq for Shape<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.scalars() == other.scalars()
            && self.texts == other.texts
            && self.branches.len() == other.branches.len()
            && self.branches.iter().all(|branch| other.branches.contains(branch))
    }
}

impl<'a> Shape<'a> {
    pub(super) fn any() -> Self {
        Shape { any: true, ..Shape::default() }
    }

    pub(super) fn null() -> Self {
        Shape { null: true, ..Shape::default() }
    }

    pub(super) fn boolean() -> Self {
        Shape { yes: true, no: true, ..Shape::default() }
    }

    pub(super) fn truth(yes: bool, no: bool) -> Self {
        Shape { yes, no, ..Shape::default() }
    }

    pub(super) fn number() -> Self {
        Shape { number: true, ..Shape::default() }
    }

    pub(super) fn text() -> Self {
        Shape { texts: Texts::Any, ..Shape::default() }
    }

    pub(super) fn word(text: &str) -> Self {
        Shape { texts: Texts::Some(BTreeSet::from([Rc::from(text)])), ..Shape::default() }
    }

    pub(super) fn array(element: Shape<'a>) -> Self {
        Shape::array_at(&Rc::from("."), Slot::Made(element))
    }

    /// An array that stands at a place.
    pub(super) fn array_at(place: &Place, slot: Slot<'a>) -> Self {
        let inner = slot.mark();
        let mut digest = DefaultHasher::new();
        ("array", inner.digest).hash(&mut digest);
        let mark = Mark { weight: inner.weight.saturating_add(1), digest: digest.finish() };
        Shape::branch(Branch::Array(place.clone(), Rc::new(Items { slot, mark })))
    }

    pub(super) fn branch(branch: Branch<'a>) -> Self {
        match branch.mark().weight > MAX_WEIGHT {
            true => Shape::any(),
            false => Shape { branches: vec![branch], ..Shape::default() },
        }
    }

    fn mark(&self) -> Mark {
        let mut digest = DefaultHasher::new();
        (self.scalars(), &self.texts).hash(&mut digest);
        let marks = self.branches.iter().map(Branch::mark);
        let weight = marks.clone().fold(1_usize, |sum, mark| sum.saturating_add(mark.weight));
        // The order in which branches were found does not matter.
        let branches = marks.fold(0_u64, |sum, mark| sum.wrapping_add(mark.digest));
        branches.hash(&mut digest);
        Mark { weight, digest: digest.finish() }
    }

    /// An object that the filter makes.
    pub(super) fn object(fields: BTreeMap<Rc<str>, Slot<'a>>, rest: Rest<'a>) -> Self {
        const SHOWN: usize = 4;
        let mut names: Vec<&str> = fields.keys().take(SHOWN).map(|name| &**name).collect();
        if fields.len() > SHOWN || !matches!(rest, Rest::Closed) {
            names.push("…");
        }
        let place = Rc::from(format!("{{{}}}", names.join(", ")));
        Shape::branch(Branch::Object(place, Body::new(fields, rest)))
    }

    /// An object of any names with values like this one.
    pub(super) fn map_of(value: Shape<'a>) -> Self {
        Shape::object(BTreeMap::new(), Rest::Map(Slot::Made(value)))
    }

    /// A constant.
    pub(super) fn constant(value: &Value) -> Self {
        match value {
            Value::Null => Shape::null(),
            Value::Bool(b) => Shape::truth(*b, !*b),
            Value::Number(_) => Shape::number(),
            Value::String(text) => Shape::word(text),
            Value::Array(items) => {
                let mut element = Shape::default();
                items.iter().for_each(|item| element.join(Shape::constant(item)));
                Shape::array(element)
            }
            Value::Object(map) => {
                let field = |(key, value): (&String, &Value)| {
                    (Rc::from(key.as_str()), Slot::Made(Shape::constant(value)))
                };
                Shape::object(map.iter().map(field).collect(), Rest::Closed)
            }
        }
    }

    fn scalars(&self) -> (bool, bool, bool, bool, bool) {
        (self.any, self.null, self.yes, self.no, self.number)
    }

    /// Whether there is no value at all.
    pub(super) fn is_never(&self) -> bool {
        self.scalars() == (false, false, false, false, false)
            && self.texts == Texts::None
            && self.branches.is_empty()
    }

    pub(super) fn may_be_true(&self) -> bool {
        self.any || self.yes || self.number || self.texts != Texts::None || !self.branches.is_empty()
    }

    pub(super) fn may_be_false(&self) -> bool {
        self.any || self.null || self.no
    }

    /// With null among what it may be.
    pub(super) fn or_null(mut self) -> Self {
        self.null = true;
        self
    }

    /// Without null and false: what `//` passes on.
    pub(super) fn truthy(mut self) -> Self {
        self.null = false;
        self.no = false;
        self
    }

    pub(super) fn joined(mut self, other: Shape<'a>) -> Self {
        self.join(other);
        self
    }

    /// Becomes the union of both.
    pub(super) fn join(&mut self, other: Shape<'a>) {
        if self.any || other.any {
            *self = Shape::any();
            return;
        }
        self.null |= other.null;
        self.yes |= other.yes;
        self.no |= other.no;
        self.number |= other.number;
        self.texts = match (std::mem::take(&mut self.texts), other.texts) {
            (Texts::Any, _) | (_, Texts::Any) => Texts::Any,
            (Texts::None, texts) | (texts, Texts::None) => texts,
            (Texts::Some(mut a), Texts::Some(b)) => {
                a.extend(b);
                if a.len() > MAX_TEXTS { Texts::Any } else { Texts::Some(a) }
            }
        };
        for branch in other.branches {
            if !self.branches.contains(&branch) {
                self.branches.push(branch);
            }
        }
        if self.branches.len() > MAX_BRANCHES || self.mark().weight > MAX_WEIGHT {
            *self = Shape::any();
        }
    }

    /// The values that the shape distinguishes, each alone.
    pub(super) fn parts(&self) -> Vec<Shape<'a>> {
        if self.any {
            return vec![Shape::any()];
        }
        let mut parts = Vec::new();
        let flags = [
            (self.null, Shape::null()),
            (self.yes, Shape::truth(true, false)),
            (self.no, Shape::truth(false, true)),
            (self.number, Shape::number()),
        ];
        parts.extend(flags.into_iter().filter(|(on, _)| *on).map(|(_, part)| part));
        match &self.texts {
            Texts::None => {}
            Texts::Some(words) => parts.extend(words.iter().map(|word| Shape::word(word))),
            Texts::Any => parts.push(Shape::text()),
        }
        parts.extend(self.branches.iter().cloned().map(Shape::branch));
        parts
    }

    /// The only value that this can be, if it is a constant.
    pub(super) fn single(&self) -> Option<Value> {
        if !self.branches.is_empty() || self.any || self.number {
            return None;
        }
        match (&self.texts, self.null, self.yes, self.no) {
            (Texts::None, true, false, false) => Some(Value::Null),
            (Texts::None, false, true, false) => Some(Value::Bool(true)),
            (Texts::None, false, false, true) => Some(Value::Bool(false)),
            (Texts::Some(words), false, false, false) if words.len() == 1 => {
                words.first().map(|word| Value::from(&**word))
            }
            _ => None,
        }
    }

    /// Whether some value may be both.
    pub(super) fn overlaps(&self, other: &Shape<'a>) -> bool {
        let texts = match (&self.texts, &other.texts) {
            (Texts::None, _) | (_, Texts::None) => false,
            (Texts::Some(a), Texts::Some(b)) => !a.is_disjoint(b),
            _ => true,
        };
        let kind = |branch: &Branch| matches!(branch, Branch::Object(..));
        let branches = self.branches.iter().any(|a| other.branches.iter().any(|b| kind(a) == kind(b)));
        self.any
            || other.any
            || texts
            || branches
            || (self.null && other.null)
            || (self.yes && other.yes)
            || (self.no && other.no)
            || (self.number && other.number)
    }
}
