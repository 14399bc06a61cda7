//! What binds variables: patterns, and the loops `reduce` and `foreach`.

use super::access::{By, node};
use super::env::Env;
use super::infer::{Checker, ROUNDS};
use super::shape::Shape;
use crate::jq::ast::{Fold, Pattern};

impl<'a> Checker<'a> {
    /// `reduce` and `foreach`, until nothing new comes.
    pub(super) fn fold(&mut self, fold: &'a Fold, env: &Env<'a>, input: &Shape<'a>) -> Shape<'a> {
        let source = self.eval(&fold.source, env, input);
        let init = self.eval(&fold.init, env, input);
        let inner = self.bind(&fold.patterns, &source, env, input);
        let mut state = init.clone();
        let mut rounds = 0;
        while !source.is_never() {
            // What is not known by now may be anything; it is run once more, to find what it names.
            if rounds == ROUNDS {
                state = Shape::any();
            }
            let next = self.eval(&fold.update, &inner, &state);
            let next = if next.is_never() { Shape::null() } else { next };
            let all = state.clone().joined(next);
            if all == state || rounds > ROUNDS {
                break;
            }
            state = all;
            rounds = rounds.saturating_add(1);
        }
        match &fold.extract {
            Some(Some(extract)) if !source.is_never() => self.eval(extract, &inner, &state),
            _ => state,
        }
    }

    /// Binds the variables of a pattern to what they may be.
    pub(super) fn bind(
        &mut self,
        patterns: &'a [Pattern],
        source: &Shape<'a>,
        env: &Env<'a>,
        input: &Shape<'a>,
    ) -> Env<'a> {
        match patterns {
            [pattern] => {
                let outer = env.clone();
                self.destructure(pattern, source, env.clone(), (&outer, input))
            }
            // Alternatives try one after the other, and leave null what they do not bind.
            several => {
                let mut vars = Vec::new();
                several.iter().for_each(|pattern| pattern.vars(&mut vars));
                vars.into_iter().fold(env.clone(), |env, var| env.bind(var, Shape::any()))
            }
        }
    }

    fn destructure(
        &mut self,
        pattern: &'a Pattern,
        source: &Shape<'a>,
        mut env: Env<'a>,
        outside: (&Env<'a>, &Shape<'a>),
    ) -> Env<'a> {
        match pattern {
            Pattern::Var(var) => env.bind(*var, source.clone()),
            Pattern::Array(items) => {
                self.takes(node(pattern, 0), source, By::Number);
                let element = self.elements(source, false).or_null();
                let element = if source.any { Shape::any() } else { element };
                for item in items {
                    env = self.destructure(item, &element, env, outside);
                }
                env
            }
            Pattern::Object(entries) => {
                for entry in entries {
                    let bound = env.clone();
                    // Keys see the variables that stand before them.
                    let key = self.eval(&entry.key, &bound, outside.1);
                    let value = self.index(node(&entry.key, 0), source, &key);
                    if let Some(var) = entry.bind {
                        env = env.bind(var, value.clone());
                    }
                    if let Some(inner) = &entry.value {
                        env = self.destructure(inner, &value, env, outside);
                    }
                }
                env
            }
        }
    }
}
