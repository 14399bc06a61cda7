//! The resolved syntax tree: every name already points at its definition.

use std::ops::Range;

/// Byte range in the text of a filter.
pub(super) type Span = Range<usize>;
/// Index of a definition in [`Program::defs`].
pub(super) type DefId = usize;
/// Number of a variable, unique in the program, so that shadowing needs no care later.
pub(super) type VarId = usize;

/// A constant of the filter text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Lit {
    /// Anything that JSON values of serde hold without loss.
    Json(serde_json::Value),
    /// An integer beyond 64 bits, kept as its digits.
    Big(String),
}

/// Where a call goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Callee {
    /// A definition, of the user or of the prelude.
    Def(DefId),
    /// A filter argument of the definition around the call.
    Param(DefId, usize),
    /// A filter written in Rust: its index in the table of natives.
    Native(usize),
}

/// One alternative of `as`.
#[derive(Debug, Clone)]
pub(super) enum Pattern {
    Var(VarId),
    Array(Vec<Pattern>),
    Object(Vec<ObjectPattern>),
}

/// `$x`, `$x: pattern`, `key: pattern` or `(filter): pattern` in an object pattern.
#[derive(Debug, Clone)]
pub(super) struct ObjectPattern {
    pub(super) bind: Option<VarId>,
    pub(super) key: Expr,
    pub(super) value: Option<Pattern>,
}

/// A piece of a string with interpolations.
#[derive(Debug, Clone)]
pub(super) enum StrPart {
    Text(String),
    Expr(Expr),
}

/// What an assignment operator does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AssignOp {
    /// `=`
    Set,
    /// `|=`
    Update,
    /// `//=`
    Alt,
    /// `+=` and its kin: the native to apply.
    With(&'static str),
}

/// `reduce` and `foreach`.
#[derive(Debug, Clone)]
pub(super) struct Fold {
    pub(super) source: Expr,
    pub(super) patterns: Vec<Pattern>,
    pub(super) init: Expr,
    pub(super) update: Expr,
    /// `None` for `reduce`; `Some(None)` for `foreach` without a third argument.
    pub(super) extract: Option<Option<Expr>>,
}

/// A filter.
#[derive(Debug, Clone)]
pub(super) enum Expr {
    Id,
    Recurse,
    Const(Lit),
    Str(Option<String>, Vec<StrPart>),
    Format(String),
    Array(Option<Box<Expr>>),
    Object(Vec<(Expr, Expr)>),
    Neg(Box<Expr>),
    Pipe(Box<Expr>, Box<Expr>),
    Comma(Vec<Expr>),
    /// Arithmetic or comparison by the named native.
    Binary(&'static str, Box<Expr>, Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    Alt(Box<Expr>, Box<Expr>),
    Assign(AssignOp, Box<Expr>, Box<Expr>),
    If(Box<Expr>, Box<Expr>, Option<Box<Expr>>),
    Try(Box<Expr>, Option<Box<Expr>>),
    Fold(Box<Fold>),
    /// A local definition and the filter that sees it.
    Def(DefId, Box<Expr>),
    Call(Callee, Vec<Expr>),
    Var(VarId),
    Index(Box<Expr>, Box<Expr>),
    Slice(Box<Expr>, Option<Box<Expr>>, Option<Box<Expr>>),
    Iterate(Box<Expr>),
    As(Box<Expr>, Vec<Pattern>, Box<Expr>),
    Label(VarId, Box<Expr>),
    Break(VarId),
}

impl Expr {
    /// A constant string.
    pub(super) fn text(s: impl Into<String>) -> Expr {
        Expr::Const(Lit::Json(serde_json::Value::String(s.into())))
    }

    /// The constant, if the filter is one that serde's values can hold.
    pub(super) fn as_json(&self) -> Option<&serde_json::Value> {
        match self {
            Expr::Const(Lit::Json(v)) => Some(v),
            _ => None,
        }
    }

    /// Visits the direct parts of the filter, except the body of a local definition.
    pub(super) fn children<'e>(&'e self, f: &mut dyn FnMut(&'e Expr)) {
        match self {
            Expr::Id | Expr::Recurse | Expr::Const(_) | Expr::Format(_) => {}
            Expr::Var(_) | Expr::Break(_) | Expr::Array(None) => {}
            Expr::Str(_, parts) => {
                for part in parts {
                    if let StrPart::Expr(e) = part {
                        f(e);
                    }
                }
            }
            Expr::Array(Some(e)) | Expr::Neg(e) | Expr::Iterate(e) => f(e),
            Expr::Label(_, e) | Expr::Def(_, e) => f(e),
            Expr::Object(pairs) => pairs.iter().for_each(|(k, v)| {
                f(k);
                f(v);
            }),
            Expr::Pipe(a, b) | Expr::And(a, b) | Expr::Or(a, b) | Expr::Alt(a, b) => {
                f(a);
                f(b);
            }
            Expr::Binary(_, a, b) | Expr::Assign(_, a, b) | Expr::Index(a, b) => {
                f(a);
                f(b);
            }
            Expr::Comma(all) | Expr::Call(_, all) => all.iter().for_each(f),
            Expr::If(c, a, b) => {
                f(c);
                f(a);
                b.iter().for_each(|b| f(b));
            }
            Expr::Try(a, b) => {
                f(a);
                b.iter().for_each(|b| f(b));
            }
            Expr::Slice(t, a, b) => {
                f(t);
                a.iter().chain(b).for_each(|e| f(e));
            }
            Expr::Fold(fold) => {
                f(&fold.source);
                fold.patterns.iter().for_each(|p| p.children(f));
                f(&fold.init);
                f(&fold.update);
                fold.extract.iter().flatten().for_each(f);
            }
            Expr::As(source, patterns, body) => {
                f(source);
                patterns.iter().for_each(|p| p.children(f));
                f(body);
            }
        }
    }
}

impl Pattern {
    /// Visits the key filters of the pattern.
    pub(super) fn children<'e>(&'e self, f: &mut dyn FnMut(&'e Expr)) {
        match self {
            Pattern::Var(_) => {}
            Pattern::Array(items) => items.iter().for_each(|p| p.children(f)),
            Pattern::Object(entries) => {
                for entry in entries {
                    f(&entry.key);
                    if let Some(p) = &entry.value {
                        p.children(f);
                    }
                }
            }
        }
    }

    /// Collects the variables in the order of the text.
    pub(super) fn vars(&self, out: &mut Vec<VarId>) {
        match self {
            Pattern::Var(v) => out.push(*v),
            Pattern::Array(items) => items.iter().for_each(|p| p.vars(out)),
            Pattern::Object(entries) => {
                for entry in entries {
                    out.extend(entry.bind);
                    if let Some(p) = &entry.value {
                        p.vars(out);
                    }
                }
            }
        }
    }
}

/// A parameter: `$name` has a variable, `name` has none.
#[derive(Debug, Clone)]
pub(super) struct Param {
    pub(super) name: String,
    pub(super) var: Option<VarId>,
}

/// `def name(params): body;`
#[derive(Debug, Clone)]
pub(super) struct Def {
    pub(super) params: Vec<Param>,
    pub(super) body: Expr,
    /// Whether the body calls the definition itself.
    pub(super) recursive: bool,
}

/// The value of a variable that exists before the filter starts.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Global {
    Const(Lit),
    Env,
}

/// A filter with all that it refers to.
#[derive(Debug, Default)]
pub(super) struct Program {
    pub(super) defs: Vec<Def>,
    /// The prelude's definitions in use, in an order in which each precedes its users.
    pub(super) builtins: Vec<DefId>,
    pub(super) globals: Vec<(VarId, Global)>,
    pub(super) vars: usize,
}
