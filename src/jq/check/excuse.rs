//! Names that a filter itself doubts: they are nowhere an error.

use std::rc::Rc;

use super::infer::Checker;
use crate::jq::ast::{Callee, Expr};
use crate::jq::natives;

impl<'a> Checker<'a> {
    /// Collects the names that the filter asks for with `has` or steps to with `?`.
    pub(super) fn excuse(&mut self, body: &'a Expr) {
        let defs = self.program.defs.iter().map(|def| &def.body);
        let mut next: Vec<&Expr> = std::iter::once(body).chain(defs).collect();
        while let Some(e) = next.pop() {
            let name = match e {
                Expr::Call(Callee::Native(native), args)
                    if natives::spec(*native).is_some_and(|s| s.name == "has") =>
                {
                    args.first()
                }
                // How the parser reads `.name?`.
                Expr::As(key, _, rest) if is_attempt(rest) => Some(&**key),
                _ => None,
            };
            self.excused.extend(name.and_then(Expr::as_json).and_then(|name| name.as_str()).map(Rc::from));
            e.children(&mut |child| next.push(child));
        }
    }
}

fn is_attempt(rest: &Expr) -> bool {
    let Expr::Pipe(_, step) = rest else {
        return false;
    };
    matches!(&**step, Expr::Try(step, None) if matches!(&**step, Expr::Index(..)))
}
