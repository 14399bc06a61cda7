//! Names: what is visible where, and the builtins that are loaded when first named.

use std::collections::HashMap;

use super::ast::{Callee, Def, DefId, Expr, Global, Program, VarId};
use super::error::CompileError;
use super::natives;
use super::parse::Parser;
use super::prelude::definitions;
use crate::nearest::edits;

/// A visible name.
#[derive(Debug, Clone)]
pub(super) enum ScopeEntry {
    Def(String, usize, DefId),
    Param(String, DefId, usize),
    Var(String, VarId),
    Label(String, VarId),
}

/// The names visible at a point of the text, innermost last.
#[derive(Debug, Default)]
pub(super) struct Scope {
    entries: Vec<ScopeEntry>,
}

/// What a compilation shares between the filter and the prelude.
#[derive(Debug, Default)]
pub(super) struct Linker {
    pub(super) program: Program,
    loaded: HashMap<(String, usize), DefId>,
}

impl Linker {
    pub(super) fn fresh_var(&mut self) -> VarId {
        self.program.vars = self.program.vars.saturating_add(1);
        self.program.vars
    }

    pub(super) fn global(&mut self, value: Global) -> VarId {
        if let Some((v, _)) = self.program.globals.iter().find(|(_, g)| *g == value) {
            return *v;
        }
        let var = self.fresh_var();
        self.program.globals.push((var, value));
        var
    }

    pub(super) fn declare(&mut self) -> DefId {
        let id = self.program.defs.len();
        self.program.defs.push(Def { params: Vec::new(), body: Expr::Id, recursive: false });
        id
    }

    /// Finds a builtin, reading its definition on first use.
    fn builtin(&mut self, name: &str, arity: usize) -> Result<Option<Callee>, CompileError> {
        if let Some(id) = self.loaded.get(&(name.to_owned(), arity)) {
            return Ok(Some(Callee::Def(*id)));
        }
        if let Some(native) = natives::find(name, arity) {
            return Ok(Some(Callee::Native(native)));
        }
        let Some(text) = definitions().get(&(name, arity)) else {
            return Ok(None);
        };
        let id = Parser::new(text, self, Scope::default()).prelude_def()?;
        self.loaded.insert((name.to_owned(), arity), id);
        self.program.builtins.push(id);
        Ok(Some(Callee::Def(id)))
    }
}

impl Scope {
    pub(super) fn mark(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn restore(&mut self, mark: usize) {
        self.entries.truncate(mark);
    }

    /// Takes the names since a mark out of sight, to be put back by `extend`.
    pub(super) fn hide(&mut self, mark: usize) -> Vec<ScopeEntry> {
        self.entries.split_off(mark.min(self.entries.len()))
    }

    pub(super) fn extend(&mut self, entries: Vec<ScopeEntry>) {
        self.entries.extend(entries);
    }

    pub(super) fn push(&mut self, entry: ScopeEntry) {
        self.entries.push(entry);
    }

    pub(super) fn var(&self, wanted: &str) -> Option<VarId> {
        self.entries.iter().rev().find_map(|e| match e {
            ScopeEntry::Var(name, id) if name == wanted => Some(*id),
            _ => None,
        })
    }

    pub(super) fn label(&self, wanted: &str) -> Option<VarId> {
        self.entries.iter().rev().find_map(|e| match e {
            ScopeEntry::Label(name, id) if name == wanted => Some(*id),
            _ => None,
        })
    }

    /// Resolves a call; `$x` in a parameter list also makes a filter `x`, which is the variable.
    pub(super) fn call(
        &self,
        linker: &mut Linker,
        wanted: &str,
        args: Vec<Expr>,
    ) -> Result<Result<Expr, Vec<Expr>>, CompileError> {
        for entry in self.entries.iter().rev() {
            match entry {
                ScopeEntry::Def(name, arity, id) if name == wanted && *arity == args.len() => {
                    return Ok(Ok(Expr::Call(Callee::Def(*id), args)));
                }
                ScopeEntry::Param(name, def, index) if name == wanted && args.is_empty() => {
                    let params = linker.program.defs.get(*def).map(|d| &d.params);
                    let var = params.and_then(|p| p.get(*index)).and_then(|p| p.var);
                    return Ok(Ok(match var {
                        Some(v) => Expr::Var(v),
                        None => Expr::Call(Callee::Param(*def, *index), args),
                    }));
                }
                _ => {}
            }
        }
        Ok(match linker.builtin(wanted, args.len())? {
            Some(callee) => Ok(Expr::Call(callee, args)),
            None => Err(args),
        })
    }

    /// The visible filter nearest in spelling, as `name/arity`.
    pub(super) fn nearest_filter(&self, wanted: &str, arity: usize) -> Option<String> {
        let local = self.entries.iter().filter_map(|e| match e {
            ScopeEntry::Def(name, arity, _) => Some((name.as_str(), *arity)),
            ScopeEntry::Param(name, _, _) => Some((name.as_str(), 0)),
            _ => None,
        });
        let builtins = natives::builtin_names().map(|(n, a): (&str, usize)| (n, a));
        nearest(wanted, arity, local.chain(builtins)).map(|(n, a)| format!("{n}/{a}"))
    }

    /// The visible variable nearest in spelling.
    pub(super) fn nearest_var(&self, wanted: &str) -> Option<String> {
        let vars = self.entries.iter().filter_map(|e| match e {
            ScopeEntry::Var(name, _) => Some((name.as_str(), 0)),
            _ => None,
        });
        let all = vars.chain([("ENV", 0), ("__loc__", 0), ("ARGS", 0)]);
        nearest(wanted, 0, all).map(|(n, _)| format!("${n}"))
    }
}

/// The candidate with the smallest edit distance, if that is small enough to be a slip.
/// The same name with another number of arguments comes first of all.
fn nearest<'n>(
    wanted: &str,
    arity: usize,
    names: impl Iterator<Item = (&'n str, usize)>,
) -> Option<(&'n str, usize)> {
    let limit = wanted.len().div_ceil(3).min(3);
    // Names are short, and a long one is no slip of any.
    let names = names.filter(|(n, _)| wanted.len().max(n.len()) <= 64);
    names
        .map(|(n, a)| (edits(wanted, n), a.abs_diff(arity), n, a))
        .filter(|(d, ..)| *d <= limit)
        .min()
        .map(|(_, _, n, a)| (n, a))
}
