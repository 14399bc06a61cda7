//! The walk over the tree: what a filter gives for an input of some shape.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use serde_json::Value;

use super::access::{By, Judge, KindVerdict, Node, Verdict, node};
use super::env::Env;
use super::report::{Mismatch, Missing};
use super::shape::{Body, Place, Rest, Shape, Slot, Texts};
use crate::jq::ast::{Callee, DefId, Expr, Global, Lit, Program, StrPart, VarId};
use crate::jq::guard;

/// Work that a check may take, in steps of the walk and of its loops.
const FUEL: usize = 100_000;
/// Rounds after which a loop that still finds more may hold anything.
pub(super) const ROUNDS: usize = 8;
/// Calls of a definition within itself that are followed.
const CALLS: usize = 12;

/// The check of one filter.
pub(super) struct Checker<'a> {
    pub(super) program: &'a Program,
    pub(super) schema: &'a Value,
    pub(super) judge: Judge,
    pub(super) excused: HashSet<Rc<str>>,
    /// Whether the walk is within a `try`.
    pub(super) quiet: bool,
    /// Whether the walk is within a place that a run need not reach, or whose errors jq takes for
    /// nothing (`//`): a wrong kind there is no reason to refuse a filter.
    pub(super) unsure: bool,
    pub(super) verdicts: HashMap<Node, Verdict<'a>>,
    pub(super) kinds: HashMap<Node, KindVerdict>,
    pub(super) order: usize,
    pub(super) bodies: HashMap<usize, Rc<Body<'a>>>,
    globals: HashMap<VarId, Shape<'a>>,
    active: Vec<Active<'a>>,
    fuel: usize,
}

/// A definition that is being run on an input.
struct Active<'a> {
    def: DefId,
    input: Shape<'a>,
    /// What it gives as far as is known, for calls of itself on the same input.
    result: Shape<'a>,
    asked: bool,
}

/// How a definition is entered.
pub(super) enum Entered<'a> {
    Body(&'a Expr, Env<'a>, Shape<'a>),
    /// It is being run on this input already; where that is in `active`.
    Again(usize),
    /// It calls itself too deeply, or an argument has no value.
    Stop(Shape<'a>),
}

impl<'a> Checker<'a> {
    pub(super) fn new(program: &'a Program, schema: &'a Value, known: &super::Known) -> Self {
        let global = |(var, value): &'a (VarId, Global)| {
            let shape = match value {
                Global::Env => Shape::map_of(Shape::text()),
                // Data of the user: it may have any field.
                Global::Const(Lit::Json(Value::Array(_) | Value::Object(_))) => Shape::any(),
                Global::Const(lit) => constant(lit),
            };
            (*var, shape)
        };
        Checker {
            program,
            schema,
            judge: Judge::of(known),
            excused: HashSet::new(),
            quiet: false,
            unsure: false,
            verdicts: HashMap::new(),
            kinds: HashMap::new(),
            order: 0,
            bodies: HashMap::new(),
            globals: program.globals.iter().map(global).collect(),
            active: Vec::new(),
            fuel: FUEL,
        }
    }

    /// Runs the filter over the schema; the first name that does not exist, or step that goes with no value.
    pub(super) fn check(&mut self, body: &'a Expr, text: &str) -> Option<Mismatch> {
        let input = self.shape_of(self.schema, &Place::from("."));
        self.eval(body, &Env::default(), &input);
        if self.fuel == 0 {
            return None;
        }
        let verdicts = std::mem::take(&mut self.verdicts).into_values();
        let missing = verdicts.filter(|verdict| !verdict.found).filter_map(|verdict| verdict.missing);
        let missing: Option<Missing> = missing.min_by_key(|missing| missing.order);
        let kinds = std::mem::take(&mut self.kinds).into_values();
        let wrong = kinds.filter(|verdict| !verdict.fits).filter_map(|verdict| verdict.wrong);
        let wrong = wrong.min_by_key(|(order, _)| *order);
        match (missing, wrong) {
            (Some(missing), Some((order, _))) if missing.order < order => Some(missing.report(text).into()),
            (_, Some((_, wrong))) => Some(wrong.into()),
            (missing, None) => missing.map(|missing| missing.report(text).into()),
        }
    }

    /// Takes from the work that is left; false when there is none.
    pub(super) fn spend(&mut self, work: usize) -> bool {
        self.fuel = if guard::has_stack() { self.fuel.saturating_sub(work) } else { 0 };
        self.fuel > 0
    }

    pub(super) fn quietly<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.quiet, true);
        let result = f(self);
        self.quiet = before;
        result
    }

    /// Runs what a run need not reach, or what may fail without harm.
    pub(super) fn unsurely<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.unsure, true);
        let result = f(self);
        self.unsure = before;
        result
    }

    /// The union of all outputs.
    pub(super) fn eval(&mut self, e: &'a Expr, env: &Env<'a>, input: &Shape<'a>) -> Shape<'a> {
        if input.is_never() {
            return Shape::default();
        }
        if !self.spend((input.branches.len() / 8).saturating_add(1)) {
            return Shape::any();
        }
        match e {
            Expr::Id => input.clone(),
            Expr::Recurse => self.everything(input),
            Expr::Const(lit) => constant(lit),
            Expr::Str(_, parts) => self.string(parts, env, input),
            Expr::Format(_) => Shape::text(),
            Expr::Array(None) => Shape::array(Shape::default()),
            Expr::Array(Some(e)) => Shape::array(self.eval(e, env, input)),
            Expr::Object(pairs) => self.object(pairs, env, input),
            Expr::Neg(e) => {
                self.eval(e, env, input);
                Shape::number()
            }
            Expr::Pipe(a, b) => {
                let between = self.eval(a, env, input);
                self.eval(b, env, &between)
            }
            Expr::Comma(items) => {
                let mut out = Shape::default();
                items.iter().for_each(|item| out.join(self.eval(item, env, input)));
                out
            }
            Expr::Binary(op, a, b) => {
                let (a, b) = (self.eval(a, env, input), self.eval(b, env, input));
                self.operation(op, &a, &b)
            }
            Expr::And(a, b) => self.connective(a, b, env, input, true),
            Expr::Or(a, b) => self.connective(a, b, env, input, false),
            Expr::Alt(a, b) => {
                // What fails there counts as nothing.
                let first = self.unsurely(|c| c.eval(a, env, input));
                first.truthy().joined(self.eval(b, env, input))
            }
            Expr::Assign(op, target, value) => self.assign(*op, target, value, env, input),
            Expr::If(cond, then, otherwise) => {
                let (yes, no) = self.narrow(cond, env, input);
                let out = self.eval(then, env, &yes);
                out.joined(match otherwise {
                    Some(otherwise) => self.eval(otherwise, env, &no),
                    None => no,
                })
            }
            Expr::Try(e, handler) => {
                let out = self.quietly(|c| c.eval(e, env, input));
                match handler {
                    Some(handler) => out.joined(self.eval(handler, env, &Shape::any())),
                    None => out,
                }
            }
            Expr::Fold(fold) => self.fold(fold, env, input),
            Expr::Def(_, e) => self.eval(e, env, input),
            Expr::Label(_, e) => self.unsurely(|c| c.eval(e, env, input)),
            Expr::Call(callee, args) => self.call(*callee, args, env, input),
            Expr::Var(var) => {
                env.var(*var).or_else(|| self.globals.get(var)).cloned().unwrap_or_else(Shape::any)
            }
            Expr::Index(term, key) => {
                let (term, key) = (self.eval(term, env, input), self.eval(key, env, input));
                self.index(node(e, 0), &term, &key)
            }
            Expr::Slice(term, from, to) => {
                from.iter().chain(to).for_each(|bound| drop(self.eval(bound, env, input)));
                let mut out = self.eval(term, env, input);
                self.takes(node(e, 0), &out, By::Slice);
                if out.texts != Texts::None {
                    out.texts = Texts::Any;
                }
                out
            }
            Expr::Iterate(term) => {
                let term = self.eval(term, env, input);
                self.takes(node(e, 0), &term, By::Each);
                self.elements(&term, true)
            }
            Expr::As(source, patterns, body) => {
                let source = self.eval(source, env, input);
                let env = self.bind(patterns, &source, env, input);
                if source.is_never() { source } else { self.eval(body, &env, input) }
            }
            Expr::Break(_) => Shape::default(),
        }
    }

    fn string(&mut self, parts: &'a [StrPart], env: &Env<'a>, input: &Shape<'a>) -> Shape<'a> {
        for part in parts {
            if let StrPart::Expr(e) = part
                && self.eval(e, env, input).is_never()
            {
                return Shape::default();
            }
        }
        Shape::text()
    }

    fn object(&mut self, pairs: &'a [(Expr, Expr)], env: &Env<'a>, input: &Shape<'a>) -> Shape<'a> {
        let mut fields: BTreeMap<Rc<str>, Slot> = BTreeMap::new();
        let mut other = Shape::default();
        for (key, value) in pairs {
            let key = self.eval(key, env, input);
            let value = self.eval(value, env, input);
            if key.is_never() || value.is_never() {
                return Shape::default();
            }
            match &key.texts {
                Texts::Some(words) if !key.any => {
                    let certain = words.len() == 1;
                    for word in words {
                        let value = if certain { value.clone() } else { value.clone().or_null() };
                        fields.insert(Rc::clone(word), Slot::Made(value));
                    }
                }
                _ => other.join(value),
            }
        }
        let rest = if other.is_never() { Rest::Closed } else { Rest::Map(Slot::Made(other)) };
        Shape::object(fields, rest)
    }

    fn call(&mut self, callee: Callee, args: &'a [Expr], env: &Env<'a>, input: &Shape<'a>) -> Shape<'a> {
        match callee {
            Callee::Native(native) => self.native(native, args, env, input),
            Callee::Param(def, index) => match env.param(def, index) {
                Some((e, env)) => self.eval(e, &env, input),
                None => Shape::any(),
            },
            Callee::Def(def) => match self.enter(def, args, env, input) {
                Entered::Stop(shape) => shape,
                Entered::Again(at) => self.active.get_mut(at).map_or_else(Shape::any, |active| {
                    active.asked = true;
                    active.result.clone()
                }),
                Entered::Body(body, env, input) => self.settle(def, &input, |c| c.eval(body, &env, &input)),
            },
        }
    }

    /// Runs a definition until what it gives to itself is what it gives.
    fn settle(
        &mut self,
        def: DefId,
        input: &Shape<'a>,
        mut run: impl FnMut(&mut Self) -> Shape<'a>,
    ) -> Shape<'a> {
        let mut result = Shape::default();
        for _ in 0..ROUNDS {
            self.active.push(Active { def, input: input.clone(), result: result.clone(), asked: false });
            let out = run(self);
            let asked = self.active.pop().is_some_and(|active| active.asked);
            if !asked || out == result {
                return out;
            }
            result.join(out);
        }
        Shape::any()
    }

    /// Runs an update within a definition, whose own calls are then not followed.
    pub(super) fn within<T>(&mut self, def: DefId, input: &Shape<'a>, run: impl FnOnce(&mut Self) -> T) -> T {
        self.active.push(Active { def, input: input.clone(), result: Shape::any(), asked: false });
        let out = run(self);
        self.active.pop();
        out
    }

    /// Prepares the call of a definition.
    pub(super) fn enter(
        &mut self,
        id: DefId,
        args: &'a [Expr],
        env: &Env<'a>,
        input: &Shape<'a>,
    ) -> Entered<'a> {
        let Some(def) = self.program.defs.get(id) else {
            return Entered::Stop(Shape::any());
        };
        let mut input = input.clone();
        let depth = self.active.iter().filter(|active| active.def == id).count();
        if def.recursive {
            // With arguments two calls on the same input may still differ.
            let same = |active: &Active| active.def == id && def.params.is_empty() && active.input == input;
            if let Some(at) = self.active.iter().rposition(same) {
                return Entered::Again(at);
            }
            if depth > CALLS {
                return Entered::Stop(Shape::any());
            }
            // The last call that is followed stands for all further ones.
            if depth == CALLS {
                input = Shape::any();
            }
        }
        let mut inner = env.call(id, args, env);
        for (param, arg) in def.params.iter().zip(args) {
            if let Some(var) = param.var {
                let value = self.eval(arg, env, &input);
                if value.is_never() {
                    return Entered::Stop(value);
                }
                inner = inner.bind(var, if depth == CALLS { Shape::any() } else { value });
            }
        }
        Entered::Body(&def.body, inner, input)
    }
}

/// The shape of a constant of the filter.
fn constant<'a>(lit: &Lit) -> Shape<'a> {
    match lit {
        Lit::Json(value) => Shape::constant(value),
        Lit::Big(_) => Shape::number(),
    }
}
