//! The variables and filter arguments around a point of the filter.

use std::rc::Rc;

use super::shape::Shape;
use crate::jq::ast::{DefId, Expr, VarId};

/// A list that shares its tail with the environments around.
#[derive(Debug, Clone, Default)]
pub(super) struct Env<'a>(Option<Rc<Frame<'a>>>);

#[derive(Debug)]
struct Frame<'a> {
    entry: Entry<'a>,
    outer: Env<'a>,
}

#[derive(Debug)]
enum Entry<'a> {
    Var(VarId, Shape<'a>),
    /// The arguments of a call, and where it stands.
    Call(DefId, &'a [Expr], Env<'a>),
}

impl<'a> Env<'a> {
    fn with(&self, entry: Entry<'a>) -> Self {
        Env(Some(Rc::new(Frame { entry, outer: self.clone() })))
    }

    pub(super) fn bind(&self, var: VarId, shape: Shape<'a>) -> Self {
        self.with(Entry::Var(var, shape))
    }

    /// The environment of the body of a definition that is called.
    pub(super) fn call(&self, def: DefId, args: &'a [Expr], caller: &Env<'a>) -> Self {
        self.with(Entry::Call(def, args, caller.clone()))
    }

    fn entries(&self) -> impl Iterator<Item = &Entry<'a>> {
        let mut next = self.0.as_deref();
        std::iter::from_fn(move || {
            let frame = next?;
            next = frame.outer.0.as_deref();
            Some(&frame.entry)
        })
    }

    pub(super) fn var(&self, wanted: VarId) -> Option<&Shape<'a>> {
        self.entries().find_map(|entry| match entry {
            Entry::Var(var, shape) if *var == wanted => Some(shape),
            _ => None,
        })
    }

    /// A filter argument of the innermost call of a definition, with its own environment.
    pub(super) fn param(&self, wanted: DefId, index: usize) -> Option<(&'a Expr, Env<'a>)> {
        self.entries().find_map(|entry| match entry {
            Entry::Call(def, args, env) if *def == wanted => Some((args.get(index)?, env.clone())),
            _ => None,
        })
    }
}
