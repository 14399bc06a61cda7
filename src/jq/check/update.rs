//! Assignments: the value with the parts at its paths changed. What a path names need not
//! exist, an assignment makes it.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::env::Env;
use super::infer::{Checker, Entered};
use super::schema::{element_place, field_place};
use super::shape::{Body, Branch, Rest, Shape, Slot, Texts};
use crate::jq::ast::{AssignOp, Callee, Expr, Lit};
use crate::jq::natives;
use serde_json::Value;

/// What is done to the value at the end of a path.
pub(super) type Change<'c, 'a> = &'c mut dyn FnMut(&mut Checker<'a>, &Shape<'a>) -> Shape<'a>;

impl<'a> Checker<'a> {
    pub(super) fn assign(
        &mut self,
        op: AssignOp,
        target: &'a Expr,
        value: &'a Expr,
        env: &Env<'a>,
        input: &Shape<'a>,
    ) -> Shape<'a> {
        if op == AssignOp::Update {
            return self.update(target, env, input, &mut |c, there| c.eval(value, env, there));
        }
        let given = self.eval(value, env, input);
        if given.is_never() {
            return given;
        }
        self.update(target, env, input, &mut |c, there| match op {
            AssignOp::Alt => there.clone().truthy().joined(given.clone()),
            AssignOp::With(op) => c.operation(op, there, &given),
            AssignOp::Set | AssignOp::Update => given.clone(),
        })
    }

    /// The input with a change at each path that a filter gives.
    pub(super) fn update(
        &mut self,
        target: &'a Expr,
        env: &Env<'a>,
        input: &Shape<'a>,
        change: Change<'_, 'a>,
    ) -> Shape<'a> {
        if input.is_never() {
            return Shape::default();
        }
        if !self.spend((input.branches.len() / 8).saturating_add(1)) {
            return Shape::any();
        }
        match target {
            Expr::Id => change(self, input),
            Expr::Index(term, key) => {
                let key = self.eval(key, env, input);
                self.update(term, env, input, &mut |c, there| c.set_at(there, &key, change))
            }
            Expr::Iterate(term) => self.update(term, env, input, &mut |c, there| c.set_all(there, change)),
            Expr::Pipe(a, b) => self.update(a, env, input, &mut |c, there| c.update(b, env, there, change)),
            Expr::Comma(items) => {
                let mut out = input.clone();
                for item in items {
                    out = self.update(item, env, &out, change);
                }
                out
            }
            Expr::If(cond, then, otherwise) => {
                let (yes, no) = self.narrow(cond, env, input);
                let out = self.update(then, env, &yes, change);
                out.joined(match otherwise {
                    Some(otherwise) => self.update(otherwise, env, &no, change),
                    None if no.is_never() => no,
                    None => change(self, &no),
                })
            }
            Expr::Alt(a, b) => {
                let out = self.update(a, env, input, change);
                out.joined(self.update(b, env, input, change))
            }
            Expr::Try(e, _) => {
                let out = self.quietly(|c| c.update(e, env, input, change));
                out.joined(input.clone())
            }
            Expr::As(source, patterns, body) => {
                let source = self.eval(source, env, input);
                let inner = self.bind(patterns, &source, env, input);
                // Run once for each value of the source, the next on what the last one left.
                let once = self.update(body, &inner, input, change);
                let twice = self.update(body, &inner, &once, change);
                input.clone().joined(once).joined(twice)
            }
            Expr::Def(_, e) | Expr::Label(_, e) => self.update(e, env, input, change),
            Expr::Break(_) => input.clone(),
            Expr::Call(callee, args) => self.update_call(*callee, args, (env, input), change),
            other => self.change_anything(other, env, input, change),
        }
    }

    fn update_call(
        &mut self,
        callee: Callee,
        args: &'a [Expr],
        (env, input): (&Env<'a>, &Shape<'a>),
        change: Change<'_, 'a>,
    ) -> Shape<'a> {
        let native = match callee {
            Callee::Param(def, index) => {
                return match env.param(def, index) {
                    Some((e, env)) => self.update(e, &env, input, change),
                    None => Shape::any(),
                };
            }
            Callee::Def(def) => {
                return match self.enter(def, args, env, input) {
                    Entered::Body(body, env, input) => {
                        self.within(def, &input, |c| c.update(body, &env, &input, change))
                    }
                    Entered::Again(_) | Entered::Stop(_) => Shape::any(),
                };
            }
            Callee::Native(native) => native,
        };
        match (natives::spec(native).map_or("", |spec| spec.name), args) {
            ("empty", _) => input.clone(),
            ("getpath", [Expr::Const(Lit::Json(Value::Array(path)))]) => self.set_path(path, input, change),
            ("first" | "last" | "limit" | "skip" | "nth", [.., paths]) => {
                let out = self.update(paths, env, input, change);
                out.joined(input.clone())
            }
            _ => {
                for arg in args {
                    self.quietly(|c| c.eval(arg, env, input));
                }
                change(self, &Shape::any());
                Shape::any()
            }
        }
    }

    /// Paths that the check cannot follow may lead anywhere.
    fn change_anything(
        &mut self,
        target: &'a Expr,
        env: &Env<'a>,
        input: &Shape<'a>,
        change: Change<'_, 'a>,
    ) -> Shape<'a> {
        self.quietly(|c| c.eval(target, env, input));
        change(self, &Shape::any());
        Shape::any()
    }

    fn set_path(&mut self, path: &[Value], input: &Shape<'a>, change: Change<'_, 'a>) -> Shape<'a> {
        match path {
            [] => change(self, input),
            [key, rest @ ..] => {
                let key = Shape::constant(key);
                self.set_at(input, &key, &mut |c, there| c.set_path(rest, there, change))
            }
        }
    }

    /// A change of `.[key]`.
    fn set_at(&mut self, input: &Shape<'a>, key: &Shape<'a>, change: Change<'_, 'a>) -> Shape<'a> {
        if input.is_never() || key.is_never() {
            return input.clone();
        }
        if input.any || key.any || !key.branches.is_empty() {
            change(self, &Shape::any());
            return Shape::any();
        }
        let mut out = Shape::default();
        if key.texts != Texts::None {
            let empty = Shape::object(BTreeMap::new(), Rest::Closed);
            let from_null = if input.null { empty } else { Shape::default() };
            for branch in input.branches.iter().chain(&from_null.branches) {
                if let Branch::Object(place, body) = branch {
                    let body = self.set_field(place, body, &key.texts, change);
                    out.join(Shape::branch(Branch::Object(place.clone(), body)));
                }
            }
        }
        if key.number {
            let element = self.elements(input, false).or_null();
            let new = change(self, &element);
            let arrays = input.branches.iter().any(|branch| matches!(branch, Branch::Array(..)));
            if arrays || input.null {
                out.join(Shape::array(element.joined(new)));
            }
        }
        out
    }

    fn set_field(
        &mut self,
        place: &Rc<str>,
        body: &Body<'a>,
        key: &Texts,
        change: Change<'_, 'a>,
    ) -> Rc<Body<'a>> {
        let mut fields = body.fields.clone();
        if let Texts::Some(words) = key
            && let (Some(word), 1) = (words.first(), words.len())
        {
            let (old, _) = self.field(body, word, || field_place(place, word));
            let new = change(self, &old);
            let new = if new.is_never() { Shape::null() } else { new };
            fields.insert(Rc::clone(word), Slot::Made(new));
            return Body::new(fields, body.rest.clone());
        }
        // One of several names, or of any: each field may be the one.
        let all = self.all_fields(place, body);
        let mut old = Shape::null();
        all.iter().for_each(|(_, value)| old.join(value.clone()));
        let new = change(self, &old);
        let mut rest = new.clone();
        for (name, value) in all {
            match name {
                Some(name) => drop(fields.insert(name, Slot::Made(value.joined(new.clone())))),
                None => rest.join(value),
            }
        }
        Body::new(fields, Rest::Map(Slot::Made(rest)))
    }

    /// A change of `.[]`.
    fn set_all(&mut self, input: &Shape<'a>, change: Change<'_, 'a>) -> Shape<'a> {
        if input.any {
            change(self, &Shape::any());
            return Shape::any();
        }
        let mut out = Shape::default();
        for branch in &input.branches {
            match branch {
                Branch::Array(place, items) => {
                    let element = self.slot(&items.slot, || element_place(place));
                    let new = if element.is_never() { element } else { change(self, &element) };
                    out.join(Shape::array_at(place, Slot::Made(new)));
                }
                Branch::Object(place, body) => {
                    let (mut fields, mut rest) = (BTreeMap::new(), Rest::Closed);
                    for (name, value) in self.all_fields(place, body) {
                        let new = change(self, &value);
                        match name {
                            // Nothing deletes the field.
                            Some(name) => {
                                let new = if new.is_never() { Shape::null() } else { new };
                                fields.insert(name, Slot::Made(new));
                            }
                            None if matches!(body.rest, Rest::Open) => rest = Rest::Open,
                            None => rest = Rest::Map(Slot::Made(new)),
                        }
                    }
                    out.join(Shape::branch(Branch::Object(place.clone(), Body::new(fields, rest))));
                }
            }
        }
        if input.null { out.or_null() } else { out }
    }
}
