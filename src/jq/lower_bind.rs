//! Bindings by patterns, and folds.

use jaq_syn::filter::{BinaryOp, Filter as Syn};

use super::ast::{Fold, ObjectPattern, Pattern};
use super::lower::{Lowering, Node, node, pipe, var_name};
use super::needs::Mode;

impl Lowering<'_> {
    /// `reduce` keeps the last output of an update; `foreach` carries the outputs of a step
    /// beside its state.
    pub(super) fn fold_expr(&mut self, fold: &Fold, mode: Mode) -> Node {
        let source = self.value_in(&fold.source, mode);
        let init = self.lower(&fold.init, mode, false);
        let single = match fold.patterns.as_slice() {
            [Pattern::Var(var)] => Some(*var),
            _ => None,
        };
        let mut step = |l: &mut Self, _: bool| {
            let update = l.lower(&fold.update, mode, false);
            match &fold.extract {
                None => l.native("%last", mode, vec![update]),
                Some(extract) => {
                    let extract = match extract {
                        Some(e) => l.lower(e, mode, false),
                        None => node(Syn::Id),
                    };
                    l.native("%next", mode, vec![update, extract])
                }
            }
        };
        let (x, f) = match single {
            Some(var) => {
                let f = self.with_locals(&[var], |l| step(l, false));
                (var_name(var), f)
            }
            None => {
                // Patterns are taken apart inside the step; a pattern with several outputs
                // makes several steps of one element, which `%last` would lose, so the source
                // is made to give bound tuples instead.
                return self.fold_pattern(fold, source, init, mode, &mut step);
            }
        };
        self.finish_fold(fold, source, x, init, f)
    }

    fn finish_fold(&mut self, fold: &Fold, source: Node, x: String, init: Node, f: Node) -> Node {
        if fold.extract.is_none() {
            return self.fold(false, source, x, init, f);
        }
        let state = self.native("%state", Mode::Values, Vec::new());
        let steps = self.fold(true, source, x, pipe(init, None, state), f);
        let emit = self.native("%emit", Mode::Values, Vec::new());
        pipe(steps, None, emit)
    }

    /// A fold with patterns: its source gives arrays of the values of all variables.
    fn fold_pattern(
        &mut self,
        fold: &Fold,
        source: Node,
        init: Node,
        mode: Mode,
        step: &mut dyn FnMut(&mut Self, bool) -> Node,
    ) -> Node {
        let mut vars = Vec::new();
        fold.patterns.iter().for_each(|p| p.vars(&mut vars));
        vars.sort_unstable();
        vars.dedup();
        let tuples = self.bind(source, &fold.patterns, mode, false, &mut |l, _| {
            let items = vars.iter().map(|v| node(Syn::Var(var_name(*v))));
            let items: Vec<Node> = items.collect();
            let joined = items
                .into_iter()
                .rev()
                .reduce(|right, left| node(Syn::Binary(Box::new(left), BinaryOp::Comma, Box::new(right))));
            let _ = l.count();
            node(Syn::Array(joined.map(Box::new)))
        });
        let tuple = self.fresh();
        let body = self.with_locals(&vars, |l| step(l, false));
        let f = vars.iter().enumerate().rev().fold(body, |body, (i, var)| {
            let index = node(Syn::Num(i.to_string()));
            let get = self.steps(vec![index], Mode::Values);
            let item = pipe(node(Syn::Var(tuple.clone())), None, get);
            pipe(item, Some(var_name(*var)), body)
        });
        self.finish_fold(fold, tuples, tuple, init, f)
    }

    /// `source as patterns | body`; with several patterns, an error tries the next one.
    pub(super) fn bind(
        &mut self,
        source: Node,
        patterns: &[Pattern],
        mode: Mode,
        tail: bool,
        body: &mut dyn FnMut(&mut Self, bool) -> Node,
    ) -> Node {
        if let [Pattern::Var(var)] = patterns {
            let body = self.with_locals(&[*var], |l| body(l, tail));
            return pipe(source, Some(var_name(*var)), body);
        }
        let mut vars = Vec::new();
        patterns.iter().for_each(|p| p.vars(&mut vars));
        vars.sort_unstable();
        vars.dedup();
        let value = self.fresh();
        let several = patterns.len() > 1;
        let mut alternatives = Vec::new();
        for pattern in patterns {
            let mut one = self.with_locals(&vars, |l| {
                l.destructure(&[(value.clone(), Todo::Pattern(pattern))], mode, &mut |l| {
                    body(l, tail && !several)
                })
            });
            if several {
                // All variables exist in each alternative.
                for var in &vars {
                    let null = self.null();
                    one = pipe(null, Some(var_name(*var)), one);
                }
            }
            alternatives.push(one);
        }
        let joined = alternatives
            .into_iter()
            .rev()
            .reduce(|rest, first| self.native("%else", mode, vec![first, rest]));
        pipe(source, Some(value), joined.unwrap_or_else(|| node(Syn::Id)))
    }

    /// Takes values apart, the first pattern first, and then goes on with `body`.
    fn destructure(
        &mut self,
        todo: &[(String, Todo)],
        mode: Mode,
        body: &mut dyn FnMut(&mut Self) -> Node,
    ) -> Node {
        let Some(((name, pattern), rest)) = todo.split_first() else {
            return body(self);
        };
        let value = node(Syn::Var(name.clone()));
        match pattern {
            Todo::Pattern(Pattern::Var(var)) => {
                let rest = self.destructure(rest, mode, body);
                pipe(value, Some(var_name(*var)), rest)
            }
            Todo::Pattern(Pattern::Array(items)) => {
                let names: Vec<String> = items.iter().map(|_| self.fresh()).collect();
                let inner = items.iter().map(Todo::Pattern);
                let inner = names.iter().cloned().zip(inner);
                let todo: Vec<_> = inner.chain(rest.iter().cloned()).collect();
                let after = self.destructure(&todo, mode, body);
                let items = names.into_iter().enumerate().rev();
                items.fold(after, |after, (i, name)| {
                    let index = node(Syn::Num(i.to_string()));
                    let get = self.steps(vec![index], Mode::Values);
                    pipe(pipe(value.clone(), None, get), Some(name), after)
                })
            }
            Todo::Pattern(Pattern::Object(entries)) => {
                let todo = [(name.clone(), Todo::Entries(entries))];
                let todo: Vec<_> = todo.into_iter().chain(rest.iter().cloned()).collect();
                self.destructure(&todo, mode, body)
            }
            Todo::Entries([]) => self.destructure(rest, mode, body),
            Todo::Entries([entry, more @ ..]) => {
                let (key, item) = (self.fresh(), self.fresh());
                let own = entry.value.iter().map(|p| (item.clone(), Todo::Pattern(p)));
                let todo: Vec<_> =
                    own.chain([(name.clone(), Todo::Entries(more))]).chain(rest.iter().cloned()).collect();
                let mut after = self.destructure(&todo, mode, body);
                if let Some(var) = entry.bind {
                    let value = node(Syn::Var(item.clone()));
                    after = pipe(value, Some(var_name(var)), after);
                }
                let get = self.steps(vec![node(Syn::Var(key.clone()))], Mode::Values);
                let found = pipe(value, None, get);
                let keys = self.value_in(&entry.key, mode);
                pipe(keys, Some(key), pipe(found, Some(item), after))
            }
        }
    }
}

/// What is left to take apart: a value by a pattern, or by some entries of an object pattern.
#[derive(Clone)]
enum Todo<'p> {
    Pattern(&'p Pattern),
    Entries(&'p [ObjectPattern]),
}
