//! Expressions, for values and for paths.

use jaq_syn::filter::{BinaryOp, Filter as Syn};

use super::ast::{AssignOp, Callee, Expr, Lit, StrPart, VarId};
use super::lower::{Lowering, Node, node, param_name, pipe, var_name};
use super::natives::{self, cat_native, get_native, object_native};
use super::needs::{Mode, native_modes};

/// Pieces of a string, and pairs of an object, that one native joins.
const MAX_PIECES: usize = 8;
/// Keys that one native follows.
const MAX_KEYS: usize = 3;

/// Whether a filter has one output whatever the input.
fn is_fixed(e: &Expr) -> bool {
    matches!(e, Expr::Const(_) | Expr::Var(_))
}

impl Lowering<'_> {
    /// Compiles a filter; `tail` if its outputs are those of the definition around it.
    pub(super) fn lower(&mut self, e: &Expr, mode: Mode, tail: bool) -> Node {
        if !self.count() {
            return node(Syn::Id);
        }
        match e {
            Expr::Id => node(Syn::Id),
            Expr::Recurse => self.native("%recurse", mode, Vec::new()),
            Expr::Pipe(a, b) => {
                let a = self.lower(a, mode, false);
                let b = self.lower(b, mode, tail);
                pipe(a, None, b)
            }
            Expr::Comma(items) => self.comma(items, mode, tail),
            Expr::Alt(a, b) => {
                let both = vec![self.lower(a, mode, false), self.lower(b, mode, false)];
                self.native("%alt", mode, both)
            }
            Expr::If(c, a, b) => {
                let c = self.value_in(c, mode);
                let a = self.lower(a, mode, tail);
                let b = b.as_ref().map(|b| Box::new(self.lower(b, mode, tail)));
                node(Syn::Ite(vec![(c, a)], b))
            }
            Expr::Try(body, handler) => self.attempt(body, handler.as_deref(), mode),
            Expr::Fold(fold) => self.fold_expr(fold, mode),
            Expr::Def(..) => self.lift(e, mode),
            Expr::Call(callee, args) => self.call(*callee, args, mode, tail),
            Expr::Index(..) => self.index(e, mode),
            Expr::Slice(term, from, to) => self.slice(term, from.as_deref(), to.as_deref(), mode),
            Expr::Iterate(term) => {
                let iterate = self.native("%iter", mode, Vec::new());
                self.after(term, mode, iterate)
            }
            Expr::As(source, patterns, body) => {
                let source = self.value_in(source, mode);
                self.bind(source, patterns, mode, tail, &mut |l, tail| l.lower(body, mode, tail))
            }
            Expr::Label(var, body) => {
                let label = self.native("%newlabel", Mode::Values, Vec::new());
                let name = var_name(*var);
                let body = self.with_locals(&[*var], |l| l.lower(body, mode, false));
                let args = vec![node(Syn::Var(name.clone())), body];
                let labelled = self.native("%label", mode, args);
                pipe(label, Some(name), labelled)
            }
            other if mode == Mode::Paths => {
                let value = self.lower(other, Mode::Values, false);
                self.native("%nonpath", Mode::Values, vec![value])
            }
            other => self.value(other),
        }
    }

    /// Filters that compute new values.
    fn value(&mut self, e: &Expr) -> Node {
        let mode = Mode::Values;
        match e {
            Expr::Const(lit) => self.constant(lit),
            Expr::Var(var) => self.variable(*var),
            Expr::Str(format, parts) => self.string(format.as_deref(), parts),
            Expr::Format(name) => self.format(name),
            Expr::Array(None) => self.constant(&Lit::Json(serde_json::Value::Array(Vec::new()))),
            Expr::Array(Some(inner)) => {
                let inner = self.lower(inner, mode, false);
                self.native("%collect", mode, vec![inner])
            }
            Expr::Object(pairs) => self.object(pairs),
            Expr::Neg(inner) => {
                let inner = self.lower(inner, mode, false);
                self.native("%neg", mode, vec![inner])
            }
            Expr::Binary(op, a, b) => {
                let both = vec![self.lower(a, mode, false), self.lower(b, mode, false)];
                self.native(op, mode, both)
            }
            Expr::And(a, b) => self.logic(a, BinaryOp::And, b),
            Expr::Or(a, b) => self.logic(a, BinaryOp::Or, b),
            Expr::Assign(op, target, value) => self.assign(*op, target, value),
            Expr::Break(var) => {
                let label = node(Syn::Var(var_name(*var)));
                self.native("%break", mode, vec![label])
            }
            // All other filters are compiled by `lower`.
            _ => node(Syn::Id),
        }
    }

    /// Compiles for values what runs on the input of a filter in `mode`.
    pub(super) fn value_in(&mut self, e: &Expr, mode: Mode) -> Node {
        let value = self.lower(e, Mode::Values, false);
        if mode == Mode::Values || is_fixed(e) {
            return value;
        }
        let unpack = self.native("%value", Mode::Values, Vec::new());
        pipe(unpack, None, value)
    }

    fn variable(&mut self, var: VarId) -> Node {
        node(Syn::Var(var_name(var)))
    }

    fn logic(&mut self, a: &Expr, op: BinaryOp, b: &Expr) -> Node {
        let a = self.lower(a, Mode::Values, false);
        let b = self.lower(b, Mode::Values, false);
        node(Syn::Binary(Box::new(a), op, Box::new(b)))
    }

    /// A balanced tree, since each level costs every output a step. In the tail of a recursive
    /// definition the engine's own operator keeps its recursion a loop.
    fn comma(&mut self, items: &[Expr], mode: Mode, tail: bool) -> Node {
        let looping = tail && self.in_recursive_def();
        if items.len() <= 1 {
            return items.first().map_or_else(|| node(Syn::Id), |e| self.lower(e, mode, tail));
        }
        let (left, right) = items.split_at(items.len() / 2);
        // Only the last output ends a round; recursion before it needs stack.
        let left = self.comma(left, mode, false);
        let right = self.comma(right, mode, tail);
        if looping {
            node(Syn::Binary(Box::new(left), BinaryOp::Comma, Box::new(right)))
        } else {
            self.native("%comma", mode, vec![left, right])
        }
    }

    fn attempt(&mut self, body: &Expr, handler: Option<&Expr>, mode: Mode) -> Node {
        let body = self.lower(body, mode, false);
        let Some(handler) = handler else {
            return self.native("%try", mode, vec![body]);
        };
        let mut handler = self.lower(handler, mode, false);
        if mode == Mode::Paths {
            // The error comes as a plain value.
            let orphan = self.native("%orphan", Mode::Values, Vec::new());
            handler = pipe(orphan, None, handler);
        }
        self.native("%catch", mode, vec![body, handler])
    }

    fn call(&mut self, callee: Callee, args: &[Expr], mode: Mode, tail: bool) -> Node {
        let native = match callee {
            Callee::Def(id) => return self.call_def(id, args, mode, tail),
            Callee::Param(id, index) => {
                return node(Syn::Call(param_name(id, index, mode), Vec::new()));
            }
            Callee::Native(native) => native,
        };
        let Some(spec) = natives::spec(native) else {
            return node(Syn::Id);
        };
        let by_value = matches!(spec.path, natives::PathMode::Value);
        let inner = if by_value { Mode::Values } else { mode };
        let nodes = args.iter().zip(native_modes(native, mode)).map(|(arg, wanted)| match wanted {
            Mode::Values => self.value_in(arg, inner),
            Mode::Paths => self.lower(arg, Mode::Paths, false),
        });
        let nodes = nodes.collect();
        let call = self.native(spec.name, inner, nodes);
        match mode == Mode::Paths && by_value {
            true => self.native("%nonpath", Mode::Values, vec![call]),
            false => call,
        }
    }

    /// `term | next`, without the pipe if the term is `.`.
    fn after(&mut self, term: &Expr, mode: Mode, next: Node) -> Node {
        match term {
            Expr::Id => next,
            term => pipe(self.lower(term, mode, false), None, next),
        }
    }

    /// `term[key]`. A key that depends on the input is evaluated first, in the outer loop.
    fn index(&mut self, e: &Expr, mode: Mode) -> Node {
        // Collects `.a.b.c` from its end.
        let mut keys = Vec::new();
        let mut term = e;
        while let Expr::Index(inner, key) = term
            && is_fixed(key)
            && (mode == Mode::Paths || keys.len() < MAX_KEYS)
        {
            keys.push(key.as_ref());
            term = inner;
        }
        if !keys.is_empty() {
            let nodes: Vec<Node> = keys.iter().rev().map(|k| self.lower(k, Mode::Values, false)).collect();
            let step = self.steps(nodes, mode);
            return self.after(term, mode, step);
        }
        let Expr::Index(term, key) = e else {
            return node(Syn::Id);
        };
        let key = self.value_in(key, mode);
        if matches!(**term, Expr::Id) && mode == Mode::Values {
            return self.steps(vec![key], mode);
        }
        let name = self.fresh();
        let step = self.steps(vec![node(Syn::Var(name.clone()))], mode);
        let rest = self.after(term, mode, step);
        pipe(key, Some(name), rest)
    }

    pub(super) fn steps(&mut self, keys: Vec<Node>, mode: Mode) -> Node {
        if mode == Mode::Values {
            let native = jaq_interpret::Native::new(get_native(keys.len()));
            return self.native_call("%get", native, keys);
        }
        let steps: Vec<Node> =
            keys.into_iter().map(|k| self.native("%step", Mode::Values, vec![k])).collect();
        let joined = steps.into_iter().rev().reduce(|right, left| pipe(left, None, right));
        joined.unwrap_or_else(|| node(Syn::Id))
    }

    fn slice(&mut self, term: &Expr, from: Option<&Expr>, to: Option<&Expr>, mode: Mode) -> Node {
        let mut bound = |e: Option<&Expr>| match e {
            Some(e) => self.value_in(e, mode),
            None => self.null(),
        };
        let (from, to) = (bound(from), bound(to));
        if matches!(term, Expr::Id) && mode == Mode::Values {
            return self.native("%slice", mode, vec![from, to]);
        }
        let (f, t) = (self.fresh(), self.fresh());
        let args = vec![node(Syn::Var(f.clone())), node(Syn::Var(t.clone()))];
        let step = match mode {
            Mode::Values => self.native("%slice", mode, args),
            Mode::Paths => {
                let key = self.native("%slicekey", Mode::Values, args);
                self.native("%step", Mode::Values, vec![key])
            }
        };
        let rest = self.after(term, mode, step);
        pipe(from, Some(f), pipe(to, Some(t), rest))
    }

    fn string(&mut self, format: Option<&str>, parts: &[StrPart]) -> Node {
        let pieces: Vec<Node> = parts
            .iter()
            .map(|part| match part {
                StrPart::Text(s) => self.text(s),
                StrPart::Expr(e) => {
                    let value = self.lower(e, Mode::Values, false);
                    match format {
                        None => value,
                        Some(name) => {
                            let format = self.format(name);
                            pipe(value, None, format)
                        }
                    }
                }
            })
            .collect();
        self.joined(pieces)
    }

    /// Joins any number of pieces by natives of a limited number of arguments.
    fn joined(&mut self, mut pieces: Vec<Node>) -> Node {
        while pieces.len() > MAX_PIECES {
            let mut groups = Vec::new();
            let mut rest = pieces.into_iter().peekable();
            while rest.peek().is_some() {
                let group: Vec<Node> = rest.by_ref().take(MAX_PIECES).collect();
                groups.push(self.joined(group));
            }
            pieces = groups;
        }
        let native = jaq_interpret::Native::new(cat_native(pieces.len()));
        self.native_call("%cat", native, pieces)
    }

    fn format(&mut self, name: &str) -> Node {
        let known = format!("@{name}");
        if natives::find(&known, 0).is_some() {
            return self.native(&known, Mode::Values, Vec::new());
        }
        let name = self.text(name);
        self.native("%badformat", Mode::Values, vec![name])
    }

    fn object(&mut self, pairs: &[(Expr, Expr)]) -> Node {
        let mut whole: Option<Node> = None;
        for group in pairs.chunks(MAX_PIECES) {
            let mut args = Vec::new();
            for (k, v) in group {
                args.push(self.lower(k, Mode::Values, false));
                args.push(self.lower(v, Mode::Values, false));
            }
            let native = jaq_interpret::Native::new(object_native(group.len()));
            let part = self.native_call("%object", native, args);
            whole = Some(match whole {
                Some(before) => self.native("+", Mode::Values, vec![before, part]),
                None => part,
            });
        }
        whole.unwrap_or_else(|| node(Syn::Id))
    }

    fn assign(&mut self, op: AssignOp, target: &Expr, value: &Expr) -> Node {
        let target = self.lower(target, Mode::Paths, false);
        let value = self.lower(value, Mode::Values, false);
        if op == AssignOp::Update {
            return self.native("%update", Mode::Values, vec![target, value]);
        }
        // The value is computed on the input, once for all paths.
        let name = self.fresh();
        let given = node(Syn::Var(name.clone()));
        let change = match op {
            AssignOp::Set | AssignOp::Update => self.native("%assign", Mode::Values, vec![target, given]),
            AssignOp::Alt => {
                let new = self.native("%alt", Mode::Values, vec![node(Syn::Id), given]);
                self.native("%update", Mode::Values, vec![target, new])
            }
            AssignOp::With(op) => {
                let new = self.native(op, Mode::Values, vec![node(Syn::Id), given]);
                self.native("%update", Mode::Values, vec![target, new])
            }
        };
        pipe(value, Some(name), change)
    }
}
