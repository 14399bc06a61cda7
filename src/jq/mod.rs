//! The `--jq` filter: the jaq engine behaving like jq.
//!
//! The text of a filter is parsed here with names resolved (`parse`, `term`, `scope`), compiled
//! to the engine's tree (`lower`, `needs`), and run with natives that follow jq's semantics
//! (`natives`) on a large stack (`guard`). The reference is jq 1.8.
//!
//! Numbers are serde's: integers of 64 bits pass through unchanged, all arithmetic is that of
//! doubles, as in jq. The environment is visible by `env` and `$ENV`, except for the variables
//! that hold credentials (`Environment::is_credential`).

mod ast;
mod binding;
mod check;
mod convert;
mod error;
mod guard;
mod lex;
mod literal;
mod lower;
mod lower_bind;
mod lower_expr;
mod memory;
mod natives;
mod needs;
mod parse;
mod prelude;
mod scope;
mod term;
mod text;
mod value;

#[cfg(test)]
mod tests;

use jaq_interpret::{Ctx, Error, FilterT, RcIter, Val};
use serde_json::Value;

use ast::{Expr, Global, Lit, Program};
use natives::Signal;
use parse::{MAX_SOURCE, Parser};
use scope::{Linker, Scope, ScopeEntry};

pub use check::{Known, Mismatch, UnknownField, WrongKind};
pub use error::{CompileError, RunError};
pub use natives::{run_in, write_with};

/// A compiled jq filter with its named arguments (`$name` from `--arg` and `--argjson`).
pub struct Filter {
    filter: jaq_interpret::Filter,
    globals: Vec<Global>,
    // What `check` walks over.
    program: Program,
    body: Expr,
    text: String,
}

impl std::fmt::Debug for Filter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Filter").finish_non_exhaustive()
    }
}

impl Drop for Filter {
    fn drop(&mut self) {
        // A long chain of operators is a deep tree.
        let tree = (std::mem::take(&mut self.program), std::mem::replace(&mut self.body, Expr::Id));
        let _ = guard::guarded(move || drop(tree));
    }
}

impl Filter {
    /// Compiles a filter. `args` are the variables it sees beside `$ENV` and `$__loc__`; they
    /// are also in `$ARGS.named`, as in jq.
    ///
    /// # Errors
    /// On a syntax error, an unknown name, `import`, or a filter too large or too deep.
    pub fn compile(expr: &str, args: &[(String, Value)]) -> Result<Filter, CompileError> {
        let result = guard::guarded(|| compile(expr, args));
        result.unwrap_or_else(|panic| Err(CompileError::plain(format!("internal error: {panic}"))))
    }

    /// Runs over one input; outputs come in order through `sink`, as they are computed. An error
    /// after some outputs leaves those delivered.
    ///
    /// # Errors
    /// When the filter raises an error, halts, or gives an output nested too deeply.
    pub fn run(&self, input: Value, sink: &mut dyn FnMut(Value)) -> Result<(), RunError> {
        let result = guard::guarded(|| self.run_here(convert::from_json(input), sink));
        result.unwrap_or_else(|panic| Err(RunError::Engine(panic)))
    }

    /// Runs over one input given as JSON text. This takes half of the time and memory of `run`
    /// for large inputs, since no value of serde is built on the way.
    ///
    /// # Errors
    /// As `run`, and when the text is not one JSON value.
    pub fn run_slice(&self, json: &[u8], sink: &mut dyn FnMut(Value)) -> Result<(), RunError> {
        let result = guard::guarded(|| {
            let input = convert::from_slice(json);
            let input = input.map_err(|e| RunError::Input(e.to_string()))?;
            self.run_here(input, sink)
        });
        result.unwrap_or_else(|panic| Err(RunError::Engine(panic)))
    }

    fn run_here(&self, input: Val, sink: &mut dyn FnMut(Value)) -> Result<(), RunError> {
        natives::reset_run_state();
        let inputs = RcIter::new(std::iter::empty());
        let globals = self.globals.iter().map(|g| match g {
            Global::Const(lit) => convert::from_lit(lit),
            Global::Env => natives::environment(),
        });
        let ctx = Ctx::new(globals, &inputs);
        for output in self.filter.run((ctx, input)) {
            match output {
                Ok(v) => {
                    let v = convert::to_json(v)?;
                    guard::unguarded(|| sink(v));
                }
                Err(e) => return Err(run_error(e)),
            }
        }
        Ok(())
    }
}

/// The error that ends a run, with jq's text for an error that is no string.
fn run_error(error: Error) -> RunError {
    let value = error.as_val();
    match Signal::of(&value) {
        Some(Signal::Halt) => {
            let (code, message) = Signal::take_halt().unwrap_or((0, None));
            return match message.map(convert::to_json).transpose() {
                Ok(message) => RunError::Halted { code, message },
                Err(error) => error,
            };
        }
        // A label cannot be left from outside of it.
        Some(Signal::Break(_)) => {
            return RunError::Engine("a break reached no label".to_owned());
        }
        None => {}
    }
    let message = match &value {
        Val::Str(s) => (**s).clone(),
        other => format!("(not a string): {}", text::dump_start(other, memory::MAX_TEXT)),
    };
    RunError::Raised { message, value: convert::to_json(value).unwrap_or(Value::Null) }
}

fn compile(expr: &str, args: &[(String, Value)]) -> Result<Filter, CompileError> {
    if expr.len() > MAX_SOURCE {
        let message = format!("the filter is longer than {MAX_SOURCE} bytes");
        return Err(CompileError::plain(message));
    }
    let mut linker = Linker::default();
    let mut scope = Scope::default();
    let named = args.iter().cloned().collect();
    let all = serde_json::json!({"positional": [], "named": Value::Object(named)});
    let given = args.iter().map(|(name, v)| (name.as_str(), v));
    for (name, v) in std::iter::once(("ARGS", &all)).chain(given) {
        let var = linker.global(Global::Const(Lit::Json(v.clone())));
        scope.push(ScopeEntry::Var(name.to_owned(), var));
    }
    let body = Parser::new(expr, &mut linker, scope).program()?;
    let lowered = lower::lower(&linker.program, &body)?;
    let (filter, globals) = (lowered.filter, lowered.globals);
    Ok(Filter { filter, globals, program: linker.program, body, text: expr.to_owned() })
}
