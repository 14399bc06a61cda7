//! Conditions: which of the possible values they let through.

use serde_json::Value;

use super::env::Env;
use super::infer::Checker;
use super::shape::{Branch, Rest, Shape};
use crate::jq::ast::Expr;

/// Values that a condition is asked about one by one.
const MAX_PARTS: usize = 64;

impl<'a> Checker<'a> {
    /// What of the input a condition is true of, and what it is false of.
    pub(super) fn narrow(
        &mut self,
        cond: &'a Expr,
        env: &Env<'a>,
        input: &Shape<'a>,
    ) -> (Shape<'a>, Shape<'a>) {
        let mut parts = input.parts();
        if parts.len() > MAX_PARTS {
            parts = vec![input.clone()];
        }
        let (mut yes, mut no) = (Shape::default(), Shape::default());
        for part in parts {
            let answer = self.eval(cond, env, &part);
            if answer.may_be_true() {
                yes.join(part.clone());
            }
            if answer.may_be_false() {
                no.join(part);
            }
        }
        (yes, no)
    }

    /// `and` and `or`; the second is run only where the first leaves it open.
    pub(super) fn connective(
        &mut self,
        a: &'a Expr,
        b: &'a Expr,
        env: &Env<'a>,
        input: &Shape<'a>,
        and: bool,
    ) -> Shape<'a> {
        let (yes, no) = self.narrow(a, env, input);
        let (rest, decided) = if and { (yes, no) } else { (no, yes) };
        let mut out = Shape::truth(!and && !decided.is_never(), and && !decided.is_never());
        let second = self.eval(b, env, &rest);
        out.join(Shape::truth(second.may_be_true(), second.may_be_false()));
        out
    }

    /// `==`, as far as constants and kinds decide it.
    pub(super) fn equality(a: &Shape<'a>, b: &Shape<'a>) -> Shape<'a> {
        if a.is_never() || b.is_never() {
            return Shape::default();
        }
        match (a.single(), b.single()) {
            (Some(a), Some(b)) => Shape::truth(a == b, a != b),
            _ => Shape::truth(a.overlaps(b), true),
        }
    }

    /// `has`, as far as the shapes decide it.
    pub(super) fn has(input: &Shape<'a>, key: &Shape<'a>) -> Shape<'a> {
        let (Some(Value::String(name)), false) = (key.single(), input.any) else {
            return Shape::boolean();
        };
        // Null has nothing; what has no keys at all is an error.
        let mut out = Shape::truth(false, input.null);
        for branch in &input.branches {
            out.join(match branch {
                Branch::Object(_, body) => {
                    let listed = body.fields.contains_key(name.as_str());
                    Shape::truth(listed || !matches!(body.rest, Rest::Closed), true)
                }
                Branch::Array(..) => Shape::default(),
            });
        }
        out
    }

    /// `type`.
    pub(super) fn kind(input: &Shape<'a>) -> Shape<'a> {
        if input.any {
            return Shape::text();
        }
        let mut out = Shape::default();
        for part in input.parts() {
            out.join(Shape::word(match part.branches.first() {
                Some(Branch::Object(..)) => "object",
                Some(Branch::Array(..)) => "array",
                None if part.null => "null",
                None if part.number => "number",
                None if part.yes || part.no => "boolean",
                None => "string",
            }));
        }
        out
    }
}
