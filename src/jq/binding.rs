//! What binds names: definitions, labels, patterns.

use super::ast::{DefId, Expr, ObjectPattern, Param, Pattern, VarId};
use super::lex::Tok;
use super::parse::{Parsed, Parser, is_keyword};
use super::scope::ScopeEntry;

/// Parameters of one definition; a bit set holds them.
const MAX_PARAMS: usize = 30;

impl Parser<'_, '_> {
    pub(super) fn label(&mut self) -> Parsed<Expr> {
        self.next()?;
        let (tok, _) = self.peek_span()?;
        let Tok::Var(name) = tok else {
            return self.unexpected("`$name`");
        };
        self.next()?;
        self.expect(Tok::Op("|"))?;
        let mark = self.scope.mark();
        let var = self.linker.fresh_var();
        self.scope.push(ScopeEntry::Label(name.to_owned(), var));
        let body = self.pipe()?;
        self.scope.restore(mark);
        Ok(Expr::Label(var, Box::new(body)))
    }

    /// A definition after the word `def`; its name stays visible.
    pub(super) fn def_tail(&mut self) -> Parsed<DefId> {
        let (tok, span) = self.peek_span()?;
        let name = match tok {
            Tok::Ident(name) if !is_keyword(name) => name,
            _ => return self.unexpected("a name"),
        };
        self.next()?;
        let params = self.params()?;
        if params.len() > MAX_PARAMS {
            return self.fail(&span, format!("more than {MAX_PARAMS} parameters"));
        }
        self.expect(Tok::Op(":"))?;
        let id = self.linker.declare();
        self.scope.push(ScopeEntry::Def(name.to_owned(), params.len(), id));
        let mark = self.scope.mark();
        for (index, param) in params.iter().enumerate() {
            self.scope.push(ScopeEntry::Param(param.name.clone(), id, index));
            if let Some(var) = param.var {
                self.scope.push(ScopeEntry::Var(param.name.clone(), var));
            }
        }
        if let Some(def) = self.linker.program.defs.get_mut(id) {
            def.params = params;
        }
        self.open.push(id);
        let body = self.pipe()?;
        self.open.pop();
        self.scope.restore(mark);
        self.expect(Tok::Op(";"))?;
        if let Some(def) = self.linker.program.defs.get_mut(id) {
            def.body = body;
        }
        Ok(id)
    }

    /// Whether the body of a definition is being read, so that a call to it recurses.
    pub(super) fn is_open(&self, id: DefId) -> bool {
        self.open.contains(&id)
    }

    fn params(&mut self) -> Parsed<Vec<Param>> {
        let mut params = Vec::new();
        if !self.eat(Tok::Op("("))? {
            return Ok(params);
        }
        loop {
            let (tok, _) = self.peek_span()?;
            let (name, var) = match tok {
                Tok::Ident(name) => (name, None),
                Tok::Var(name) => (name, Some(self.linker.fresh_var())),
                _ => return self.unexpected("a parameter"),
            };
            self.next()?;
            params.push(Param { name: name.to_owned(), var });
            if !self.eat(Tok::Op(";"))? {
                self.expect(Tok::Op(")"))?;
                return Ok(params);
            }
        }
    }

    /// The alternatives after `as`, and the names that they bind in all of them.
    pub(super) fn patterns(&mut self) -> Parsed<Vec<Pattern>> {
        let mut names: Vec<(String, VarId)> = Vec::new();
        let mut patterns = vec![self.pattern(&mut names)?];
        while self.eat(Tok::Op("?//"))? {
            patterns.push(self.pattern(&mut names)?);
        }
        for (name, var) in names {
            self.scope.push(ScopeEntry::Var(name, var));
        }
        Ok(patterns)
    }

    /// The same name in two alternatives is the same variable.
    fn bind(&mut self, name: &str, names: &mut Vec<(String, VarId)>) -> VarId {
        if let Some((_, var)) = names.iter().find(|(n, _)| n == name) {
            return *var;
        }
        let var = self.linker.fresh_var();
        names.push((name.to_owned(), var));
        var
    }

    fn pattern(&mut self, names: &mut Vec<(String, VarId)>) -> Parsed<Pattern> {
        match self.peek()? {
            Tok::Var(name) => {
                self.next()?;
                Ok(Pattern::Var(self.bind(name, names)))
            }
            Tok::Op("[") => {
                self.next()?;
                let mut items = Vec::new();
                loop {
                    items.push(self.nested(|p| p.pattern(names))?);
                    if !self.eat(Tok::Op(","))? {
                        self.expect(Tok::Op("]"))?;
                        return Ok(Pattern::Array(items));
                    }
                }
            }
            Tok::Op("{") => {
                self.next()?;
                let mut entries = Vec::new();
                loop {
                    entries.push(self.nested(|p| p.object_pattern(names))?);
                    if !self.eat(Tok::Op(","))? {
                        self.expect(Tok::Op("}"))?;
                        return Ok(Pattern::Object(entries));
                    }
                }
            }
            _ => self.unexpected("`$name`, `[` or `{`"),
        }
    }

    fn object_pattern(&mut self, names: &mut Vec<(String, VarId)>) -> Parsed<ObjectPattern> {
        let (tok, span) = self.peek_span()?;
        let mut bind = None;
        let key = match tok {
            Tok::Var(name) => {
                self.next()?;
                bind = Some(self.bind(name, names));
                Expr::text(name)
            }
            Tok::Ident(name) => {
                self.next()?;
                Expr::text(name)
            }
            Tok::Quote => {
                self.next()?;
                self.string(None)?
            }
            Tok::Format(name) => {
                self.next()?;
                self.expect(Tok::Quote)?;
                self.string(Some(name))?
            }
            Tok::Op("(") => {
                self.next()?;
                let key = self.pipe()?;
                self.expect(Tok::Op(")"))?;
                self.check_key(&key, &span)?;
                key
            }
            _ => return self.unexpected("a key"),
        };
        let value = match bind.is_none() || self.peek()? == Tok::Op(":") {
            true => {
                self.expect(Tok::Op(":"))?;
                Some(self.pattern(names)?)
            }
            false => None,
        };
        Ok(ObjectPattern { bind, key, value })
    }
}
