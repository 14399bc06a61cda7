//! Operators, and `add`.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::infer::Checker;
use super::shape::{Body, Branch, Rest, Shape, Slot, Texts};

/// Pairs of objects that `+` joins one by one.
const MAX_PAIRS: usize = 36;

impl<'a> Checker<'a> {
    /// The native of this name on values of these shapes.
    pub(super) fn operation(&mut self, op: &str, a: &Shape<'a>, b: &Shape<'a>) -> Shape<'a> {
        if a.is_never() || b.is_never() {
            return Shape::default();
        }
        match op {
            "==" => Self::equality(a, b),
            "!=" => {
                let equal = Self::equality(a, b);
                Shape::truth(equal.no, equal.yes)
            }
            "<" | "<=" | ">" | ">=" => Shape::boolean(),
            "+" => self.sum(a, b),
            "-" => {
                let mut out = Shape::number();
                out.branches = arrays(a);
                if a.any { Shape::any() } else { out }
            }
            "*" => self.product(a, b),
            "/" => Shape::number().joined(Shape::array(Shape::text())),
            "%" => Shape::number(),
            _ => Shape::any(),
        }
    }

    fn sum(&mut self, a: &Shape<'a>, b: &Shape<'a>) -> Shape<'a> {
        if a.any || b.any {
            return Shape::any();
        }
        let mut out = Shape::default();
        if a.null {
            out.join(b.clone());
        }
        if b.null {
            out.join(a.clone());
        }
        out.number |= a.number && b.number;
        if a.texts != Texts::None && b.texts != Texts::None {
            out.join(Shape::text());
        }
        let of_arrays = |shape: &Shape<'a>| Shape { branches: arrays(shape), ..Shape::default() };
        let (left, right) = (of_arrays(a), of_arrays(b));
        if !left.is_never() && !right.is_never() {
            let elements = self.elements(&left, false);
            out.join(Shape::array(elements.joined(self.elements(&right, false))));
        }
        out.joined(self.merged(a, b, false))
    }

    /// The objects of both, those on the right over those on the left; `deep` as `*` does it, with
    /// objects within them merged as well.
    fn merged(&mut self, a: &Shape<'a>, b: &Shape<'a>, deep: bool) -> Shape<'a> {
        let (left, right) = (objects(a), objects(b));
        let pairs = left.len().saturating_mul(right.len());
        if pairs > MAX_PAIRS || !self.spend(pairs) {
            return Shape::any();
        }
        let mut out = Shape::default();
        for (place, below) in &left {
            for (over_place, over) in &right {
                if below.fields.is_empty() && matches!(below.rest, Rest::Closed) {
                    out.join(Shape::branch(Branch::Object(over_place.clone(), Rc::clone(over))));
                    continue;
                }
                let (fields, rest) = self.over((place, below), (over_place, over), deep);
                out.join(Shape::object(fields, rest));
            }
        }
        out
    }

    fn over(
        &mut self,
        below: (&Rc<str>, &Rc<Body<'a>>),
        over: (&Rc<str>, &Rc<Body<'a>>),
        deep: bool,
    ) -> (BTreeMap<Rc<str>, Slot<'a>>, Rest<'a>) {
        let mut fields: BTreeMap<Rc<str>, Slot> = BTreeMap::new();
        let mut open = false;
        let mut other = Shape::default();
        for (place, body) in [below, over] {
            for (name, value) in self.all_fields(place, body) {
                match name {
                    // An optional field leaves what is there, so both stay possible.
                    Some(name) => {
                        let value = match fields.get(&name) {
                            Some(Slot::Made(there)) if deep => {
                                let there = there.clone();
                                let both = self.merged(&there, &value, true);
                                value.joined(there).joined(both)
                            }
                            Some(Slot::Made(there)) if value.null || value.any => value.joined(there.clone()),
                            _ => value,
                        };
                        fields.insert(name, Slot::Made(value));
                    }
                    None if matches!(body.rest, Rest::Open) => open = true,
                    None => other.join(value),
                }
            }
        }
        if !other.is_never() {
            // Names that are data may be those of fields as well.
            for slot in fields.values_mut() {
                if let Slot::Made(value) = slot {
                    value.join(other.clone());
                }
            }
        }
        let rest = match (open, other.is_never()) {
            (true, true) => Rest::Open,
            (true, false) => Rest::Map(Slot::any()),
            (false, true) => Rest::Closed,
            (false, false) => Rest::Map(Slot::Made(other)),
        };
        (fields, rest)
    }

    fn product(&mut self, a: &Shape<'a>, b: &Shape<'a>) -> Shape<'a> {
        if a.any || b.any {
            return Shape::any();
        }
        let mut out = Shape::number();
        if a.texts != Texts::None || b.texts != Texts::None {
            out.join(Shape::text().or_null());
        }
        out.joined(self.merged(a, b, true))
    }

    /// The sum of any number of values.
    pub(super) fn add_all(&mut self, element: &Shape<'a>) -> Shape<'a> {
        if element.is_never() {
            return Shape::null();
        }
        let two = self.sum(element, element);
        let all = element.clone().joined(two);
        let three = self.sum(&all, element);
        all.joined(three).or_null()
    }
}

/// The arrays of a shape.
pub(super) fn arrays<'a>(shape: &Shape<'a>) -> Vec<Branch<'a>> {
    let all = shape.branches.iter();
    all.filter(|branch| matches!(branch, Branch::Array(..))).cloned().collect()
}

fn objects<'a>(shape: &Shape<'a>) -> Vec<(Rc<str>, Rc<Body<'a>>)> {
    let all = shape.branches.iter().filter_map(|branch| match branch {
        Branch::Object(place, body) => Some((place.clone(), Rc::clone(body))),
        Branch::Array(..) => None,
    });
    all.collect()
}
