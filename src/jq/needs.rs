//! Which arguments a definition wants, as values, as paths, or both.
//!
//! A definition is compiled once for values and once for paths, each only if called so; its
//! filter arguments are passed in the forms that its body uses.

use super::ast::{Callee, DefId, Expr, Pattern, Program};
use super::natives::{self, PathMode};

/// What a filter is compiled to give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Mode {
    Values,
    Paths,
}

impl Mode {
    pub(super) const BOTH: [Mode; 2] = [Mode::Values, Mode::Paths];

    fn first_bit(self) -> Bits {
        match self {
            Mode::Values => 1,
            Mode::Paths => 2,
        }
    }
}

/// Something for each mode.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ByMode<T> {
    values: T,
    paths: T,
}

impl<T> ByMode<T> {
    pub(super) fn get(&self, mode: Mode) -> &T {
        match mode {
            Mode::Values => &self.values,
            Mode::Paths => &self.paths,
        }
    }

    pub(super) fn get_mut(&mut self, mode: Mode) -> &mut T {
        match mode {
            Mode::Values => &mut self.values,
            Mode::Paths => &mut self.paths,
        }
    }
}

/// A set of parameters with modes, two bits a parameter; `binding` allows 30 of them.
type Bits = u64;

/// The wants of all definitions.
#[derive(Debug)]
pub(super) struct Needs {
    bits: Vec<ByMode<Bits>>,
}

fn bit(param: usize, mode: Mode) -> Bits {
    mode.first_bit() << (param << 1)
}

impl Needs {
    /// Repeats until nothing changes, since definitions call themselves and each other.
    pub(super) fn of(program: &Program) -> Needs {
        let mut needs = Needs { bits: vec![ByMode::default(); program.defs.len()] };
        loop {
            let mut changed = false;
            for (id, def) in program.defs.iter().enumerate() {
                for mode in Mode::BOTH {
                    let mut found = 0;
                    needs.walk(program, &def.body, mode, id, &mut found);
                    if let Some(bits) = needs.bits.get_mut(id).map(|b| b.get_mut(mode))
                        && *bits | found != *bits
                    {
                        *bits |= found;
                        changed = true;
                    }
                }
            }
            if !changed {
                return needs;
            }
        }
    }

    /// The forms in which a definition wants a parameter.
    pub(super) fn modes(&self, def: DefId, mode: Mode, param: usize) -> Vec<Mode> {
        let bits = self.bits.get(def).map_or(0, |b| *b.get(mode));
        let wanted = |m: &Mode| bits & bit(param, *m) != 0;
        Mode::BOTH.into_iter().filter(wanted).collect()
    }

    /// Collects the uses of the parameters of `def` in a part of its body.
    fn walk(&self, program: &Program, e: &Expr, mode: Mode, def: DefId, out: &mut Bits) {
        if let Expr::Call(callee, args) = e {
            return self.walk_call(program, (*callee, args), mode, def, out);
        }
        let mut go = |e: &Expr, mode: Mode| self.walk(program, e, mode, def, out);
        match e {
            Expr::Def(inner, rest) => {
                if let Some(d) = program.defs.get(*inner) {
                    go(&d.body, Mode::Values);
                    go(&d.body, Mode::Paths);
                }
                go(rest, mode);
            }
            Expr::Assign(_, target, value) => {
                go(target, Mode::Paths);
                go(value, Mode::Values);
            }
            Expr::Pipe(a, b) | Expr::Alt(a, b) => {
                go(a, mode);
                go(b, mode);
            }
            Expr::Comma(items) => items.iter().for_each(|e| go(e, mode)),
            Expr::Label(_, e) | Expr::Iterate(e) => go(e, mode),
            Expr::If(c, a, b) => {
                go(c, Mode::Values);
                go(a, mode);
                b.iter().for_each(|b| go(b, mode));
            }
            Expr::Try(a, b) => {
                go(a, mode);
                b.iter().for_each(|b| go(b, mode));
            }
            Expr::Index(term, key) => {
                go(term, mode);
                go(key, Mode::Values);
            }
            Expr::Slice(term, from, to) => {
                go(term, mode);
                from.iter().chain(to).for_each(|e| go(e, Mode::Values));
            }
            Expr::As(source, patterns, body) => {
                go(source, Mode::Values);
                keys(patterns, &mut |e| go(e, Mode::Values));
                go(body, mode);
            }
            Expr::Fold(fold) => {
                go(&fold.source, Mode::Values);
                keys(&fold.patterns, &mut |e| go(e, Mode::Values));
                go(&fold.init, mode);
                go(&fold.update, mode);
                fold.extract.iter().flatten().for_each(|e| go(e, mode));
            }
            // What is left computes values.
            other => other.children(&mut |e| go(e, Mode::Values)),
        }
    }

    fn walk_call(
        &self,
        program: &Program,
        (callee, args): (Callee, &[Expr]),
        mode: Mode,
        def: DefId,
        out: &mut Bits,
    ) {
        let mut go = |e: &Expr, mode: Mode| self.walk(program, e, mode, def, out);
        match callee {
            Callee::Param(owner, index) => {
                if owner == def {
                    *out |= bit(index, mode);
                }
            }
            Callee::Def(callee) => {
                let params = program.defs.get(callee).map(|d| d.params.as_slice());
                for (i, (arg, param)) in args.iter().zip(params.unwrap_or_default()).enumerate() {
                    match param.var {
                        Some(_) => go(arg, Mode::Values),
                        None => {
                            let modes = self.modes(callee, mode, i);
                            modes.into_iter().for_each(|m| go(arg, m));
                        }
                    }
                }
            }
            Callee::Native(native) => {
                for (arg, mode) in args.iter().zip(native_modes(native, mode)) {
                    go(arg, mode);
                }
            }
        }
    }
}

fn keys<'e>(patterns: &'e [Pattern], f: &mut dyn FnMut(&'e Expr)) {
    patterns.iter().for_each(|p| p.children(f));
}

/// The modes in which a native called in `mode` gets its arguments.
pub(super) fn native_modes(native: usize, mode: Mode) -> Vec<Mode> {
    let Some(spec) = natives::spec(native) else {
        return Vec::new();
    };
    let inner = match spec.path {
        PathMode::Value => Mode::Values,
        PathMode::Same | PathMode::Run(_) => mode,
    };
    let kinds = spec.kinds.chars();
    kinds
        .map(|kind| match kind {
            'q' => Mode::Paths,
            'p' => inner,
            _ => Mode::Values,
        })
        .collect()
}
