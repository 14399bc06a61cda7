//! From the resolved tree to the engine's: definitions, scopes and constants.
//!
//! The engine's own paths, arithmetic, assignments and `try` differ from jq's, so the tree that
//! it gets consists of calls, pipes, bindings, conditions and folds; the rest are natives.

use std::collections::HashMap;

use jaq_interpret::{Native, ParseCtx, Val};
use jaq_syn::filter::{BinaryOp, Filter as Syn, Fold as SynFold, FoldType};
use jaq_syn::{Arg, Call, Def as SynDef, Main, Spanned};

use super::ast::{DefId, Expr, Global, Lit, Program, VarId};
use super::error::CompileError;
use super::natives;
use super::needs::{ByMode, Mode, Needs};

/// Nodes that a filter may compile to: arguments wanted in both modes are compiled twice.
const MAX_NODES: usize = 1_000_000;

/// A node of the engine's tree.
pub(super) type Node = Spanned<Syn>;

/// A definition whose name is visible.
struct Visible {
    def: DefId,
    /// The mode that is being compiled, inside its body.
    open: Option<Mode>,
    /// The modes called so far that a definition is still to be made for.
    wanted: ByMode<bool>,
}

/// The definitions and bindings around the node being compiled, up to the next `def`.
#[derive(Default)]
struct Frame {
    defs: Vec<SynDef>,
    locals: Vec<VarId>,
    /// Inside the body of a definition that calls itself.
    recursive: bool,
}

/// A program as it is built for the engine.
pub(super) struct Lowering<'p> {
    pub(super) program: &'p Program,
    pub(super) needs: Needs,
    visible: Vec<Visible>,
    frames: Vec<Frame>,
    outermost: Frame,
    constants: Vec<Lit>,
    constant_index: HashMap<String, usize>,
    natives: HashMap<(String, usize), Native<Val>>,
    next_var: usize,
    next_lift: usize,
    nodes: usize,
}

/// The engine's filter and the values of its variables, in order.
pub(super) struct Lowered {
    pub(super) filter: jaq_interpret::Filter,
    pub(super) globals: Vec<Global>,
}

pub(super) fn node(syn: Syn) -> Node {
    (syn, 0..0)
}

/// `left | right`, or `left as $name | right`.
pub(super) fn pipe(left: Node, name: Option<String>, right: Node) -> Node {
    node(Syn::Binary(Box::new(left), BinaryOp::Pipe(name), Box::new(right)))
}

pub(super) fn var_name(var: VarId) -> String {
    format!("v{var}")
}

fn mode_letter(mode: Mode) -> char {
    match mode {
        Mode::Values => 'v',
        Mode::Paths => 'p',
    }
}

fn def_name(def: DefId, mode: Mode) -> String {
    format!("f{def}{}", mode_letter(mode))
}

pub(super) fn param_name(def: DefId, index: usize, mode: Mode) -> String {
    format!("a{def}_{index}{}", mode_letter(mode))
}

/// Compiles a program for the engine.
pub(super) fn lower(program: &Program, body: &Expr) -> Result<Lowered, CompileError> {
    let mut lowering = Lowering {
        program,
        needs: Needs::of(program),
        visible: Vec::new(),
        frames: Vec::new(),
        outermost: Frame::default(),
        constants: Vec::new(),
        constant_index: HashMap::new(),
        natives: HashMap::new(),
        next_var: 0,
        next_lift: 0,
        nodes: 0,
    };
    lowering.run(body)
}

impl Lowering<'_> {
    fn run(&mut self, body: &Expr) -> Result<Lowered, CompileError> {
        for def in &self.program.builtins {
            self.declare(*def);
        }
        let body = self.head(body, Mode::Values, true);
        for _ in &self.program.builtins {
            self.define_innermost(0);
        }
        if self.nodes > MAX_NODES {
            return Err(CompileError::plain("the filter is too complex to compile"));
        }
        let defs = std::mem::take(&mut self.outermost.defs);
        let constants = std::mem::take(&mut self.constants);
        let names = (0..constants.len()).map(|i| format!("c{i}"));
        let named = self.program.globals.iter().map(|(v, _)| var_name(*v));
        let mut ctx = ParseCtx::new(names.chain(named).collect());
        let natives = std::mem::take(&mut self.natives);
        ctx.insert_natives(natives.into_iter().map(|((n, a), f)| (n, a, f)));
        let filter = ctx.compile(Main { defs, body });
        if let Some((error, _)) = ctx.errs.first() {
            // The tree is resolved, so this is a defect of this module.
            return Err(CompileError::plain(format!("internal error: {error}")));
        }
        let constants = constants.into_iter().map(Global::Const);
        let named = self.program.globals.iter().map(|(_, g)| g.clone());
        Ok(Lowered { filter, globals: constants.chain(named).collect() })
    }

    /// Counts nodes; false when there are too many, so that the work ends soon.
    pub(super) fn count(&mut self) -> bool {
        self.nodes = self.nodes.saturating_add(1);
        self.nodes <= MAX_NODES
    }

    /// The innermost frame; there is always the one of the whole filter.
    fn frame(&mut self) -> &mut Frame {
        self.frames.last_mut().unwrap_or(&mut self.outermost)
    }

    pub(super) fn in_recursive_def(&self) -> bool {
        self.frames.last().is_some_and(|f| f.recursive)
    }

    /// A name for a value that only this compilation sees.
    pub(super) fn fresh(&mut self) -> String {
        self.next_var = self.next_var.saturating_add(1);
        format!("t{}", self.next_var)
    }

    /// Makes a variable visible to lifted definitions while `part` is compiled.
    pub(super) fn with_locals<T>(&mut self, vars: &[VarId], part: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.frame().locals.len();
        self.frame().locals.extend(vars);
        let result = part(self);
        self.frame().locals.truncate(before);
        result
    }

    /// A constant: small integers stand in the tree, others are variables of the engine, which
    /// are cheap to read and hold any value.
    pub(super) fn constant(&mut self, lit: &Lit) -> Node {
        if let Lit::Json(serde_json::Value::Number(n)) = lit
            && let Some(u) = n.as_u64()
            && u <= 1 << 53
        {
            return node(Syn::Num(u.to_string()));
        }
        let key = match lit {
            Lit::Json(v) => v.to_string(),
            Lit::Big(digits) => digits.clone(),
        };
        let index = match self.constant_index.get(&key) {
            Some(index) => *index,
            None => {
                let index = self.constants.len();
                self.constants.push(lit.clone());
                self.constant_index.insert(key, index);
                index
            }
        };
        node(Syn::Var(format!("c{index}")))
    }

    pub(super) fn null(&mut self) -> Node {
        self.constant(&Lit::Json(serde_json::Value::Null))
    }

    pub(super) fn text(&mut self, s: &str) -> Node {
        self.constant(&Lit::Json(serde_json::Value::from(s)))
    }

    /// A call of a native by its name in the tables.
    pub(super) fn native(&mut self, name: &str, mode: Mode, args: Vec<Node>) -> Node {
        let spec = natives::find(name, args.len()).and_then(natives::spec);
        let Some(spec) = spec else {
            debug_assert!(false, "no native {name}/{}", args.len());
            return node(Syn::Id);
        };
        match (mode, spec.path) {
            (Mode::Paths, natives::PathMode::Run(run)) => {
                self.native_call(&format!("{name}#p"), Native::new(run), args)
            }
            _ => self.native_call(name, spec.native(), args),
        }
    }

    pub(super) fn native_call(&mut self, name: &str, native: Native<Val>, args: Vec<Node>) -> Node {
        let key = (name.to_owned(), args.len());
        self.natives.entry(key).or_insert(native);
        node(Syn::Call(name.to_owned(), args))
    }

    /// Compiles a filter that may begin with definitions, in a place where they can stand.
    fn head(&mut self, e: &Expr, mode: Mode, tail: bool) -> Node {
        match e {
            Expr::Def(def, rest) if self.frame().locals.is_empty() => {
                let at = self.frame().defs.len();
                self.declare(*def);
                let rest = self.head(rest, mode, tail);
                self.define_innermost(at);
                rest
            }
            other => self.lower(other, mode, tail),
        }
    }

    fn declare(&mut self, def: DefId) {
        self.visible.push(Visible { def, open: None, wanted: ByMode::default() });
    }

    /// Makes the definitions that were wanted of the name declared last, before all that
    /// follow position `at` in the frame.
    fn define_innermost(&mut self, at: usize) {
        let Some(visible) = self.visible.pop() else {
            return;
        };
        let made: Vec<SynDef> = Mode::BOTH
            .into_iter()
            .filter(|m| *visible.wanted.get(*m))
            .map(|m| self.define(visible.def, m))
            .collect();
        self.frame().defs.splice(at..at, made);
    }

    /// Compiles a definition for a mode. If its body calls it in the other mode, that one is
    /// defined inside: siblings of the engine cannot call each other.
    fn define(&mut self, id: DefId, mode: Mode) -> SynDef {
        let def = self.program.defs.get(id);
        let name = def_name(id, mode);
        let args = self.signature(id, mode);
        let Some(def) = def else {
            return empty_def(name, args);
        };
        self.visible.push(Visible { def: id, open: Some(mode), wanted: ByMode::default() });
        self.frames.push(Frame { recursive: def.recursive, ..Frame::default() });
        let body = self.head(&def.body, mode, true);
        let wanted = self.visible.last().map(|v| v.wanted).unwrap_or_default();
        let other = Mode::BOTH.into_iter().find(|m| *wanted.get(*m));
        if let Some(other) = other
            && self.count()
        {
            let inner = self.define(id, other);
            self.frame().defs.insert(0, inner);
        }
        self.visible.pop();
        let defs = self.frames.pop().map(|f| f.defs).unwrap_or_default();
        SynDef { lhs: Call { name, args }, rhs: Main { defs, body } }
    }

    fn signature(&self, id: DefId, mode: Mode) -> Vec<Arg> {
        let params = self.program.defs.get(id).map(|d| d.params.as_slice());
        let mut args = Vec::new();
        for (i, param) in params.unwrap_or_default().iter().enumerate() {
            match param.var {
                Some(var) => args.push(Arg::Var(var_name(var))),
                None => {
                    for m in self.needs.modes(id, mode, i) {
                        args.push(Arg::Fun(param_name(id, i, m)));
                    }
                }
            }
        }
        args
    }

    /// Calls a definition, noting which mode of it is wanted.
    pub(super) fn call_def(&mut self, id: DefId, args: &[Expr], mode: Mode, tail: bool) -> Node {
        let mut nodes = Vec::new();
        let params = self.program.defs.get(id).map(|d| d.params.as_slice());
        for (i, (arg, param)) in args.iter().zip(params.unwrap_or_default()).enumerate() {
            match param.var {
                Some(_) => nodes.push(self.value_in(arg, mode)),
                None => {
                    for m in self.needs.modes(id, mode, i) {
                        nodes.push(self.lower(arg, m, false));
                    }
                }
            }
        }
        let call = node(Syn::Call(def_name(id, mode), nodes));
        let open = |v: &&Visible| v.def == id && v.open == Some(mode);
        let recurses = self.visible.iter().rev().any(|v| open(&v));
        if recurses {
            // The engine turns a call in tail position into a loop; others need stack.
            return match tail {
                true => call,
                false => self.native("%guard", mode, vec![call]),
            };
        }
        if let Some(v) = self.visible.iter_mut().rev().find(|v| v.def == id) {
            *v.wanted.get_mut(mode) = true;
            // Calling the other mode of an open definition recurses as well.
            if v.open.is_some() {
                return self.native("%guard", mode, vec![call]);
            }
        }
        call
    }

    /// A definition inside an expression: the engine has none there, so the expression becomes
    /// a definition of its own beside the ones around it, with the bound variables as arguments.
    pub(super) fn lift(&mut self, e: &Expr, mode: Mode) -> Node {
        self.next_lift = self.next_lift.saturating_add(1);
        let name = format!("l{}", self.next_lift);
        let locals = self.frame().locals.clone();
        self.frames.push(Frame::default());
        let body = self.head(e, mode, false);
        let defs = self.frames.pop().map(|f| f.defs).unwrap_or_default();
        let vars = locals.iter().map(|v| var_name(*v));
        let args = vars.clone().map(Arg::Var).collect();
        self.frame().defs.push(SynDef { lhs: Call { name: name.clone(), args }, rhs: Main { defs, body } });
        node(Syn::Call(name, vars.map(|v| node(Syn::Var(v))).collect()))
    }

    /// The engine's `reduce` or `foreach`.
    pub(super) fn fold(&mut self, each: bool, source: Node, x: String, init: Node, f: Node) -> Node {
        let kind = if each { FoldType::Foreach } else { FoldType::Reduce };
        let fold = SynFold { xs: Box::new(source), x, init: Box::new(init), f: Box::new(f) };
        node(Syn::Fold(kind, fold))
    }
}

fn empty_def(name: String, args: Vec<Arg>) -> SynDef {
    SynDef { lhs: Call { name, args }, rhs: Main { defs: Vec::new(), body: node(Syn::Id) } }
}
