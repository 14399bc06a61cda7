//! Terms: literals, strings, paths, constructors, control structures.

use serde_json::{Map, Value, json};

use super::ast::{Expr, Fold, Global, Lit, Span};
use super::lex::Tok;
use super::literal::number;
use super::parse::{Parsed, Parser, is_keyword};

impl<'s> Parser<'s, '_> {
    /// A term and what follows it: `.a`, `[..]`, `?`.
    pub(super) fn postfix(&mut self) -> Parsed<Expr> {
        let mut term = self.term()?;
        loop {
            match self.peek()? {
                Tok::Field(name) => {
                    self.next()?;
                    let key = Box::new(Expr::text(name));
                    term = self.optional(Expr::Index(Box::new(term), key))?;
                }
                Tok::Op(".") => {
                    self.next()?;
                    term = match self.peek()? {
                        Tok::Quote => self.quoted_field(term)?,
                        Tok::Op("[") => match self.bracket(term)? {
                            Expr::Slice(..) => return self.unexpected("a slice without the dot"),
                            step => step,
                        },
                        _ => return self.unexpected("a field name, a string or `[`"),
                    };
                    term = self.optional(term)?;
                }
                Tok::Op("[") => {
                    term = self.bracket(term)?;
                    term = self.optional(term)?;
                }
                Tok::Op("?") => {
                    self.next()?;
                    term = Expr::Try(Box::new(term), None);
                }
                _ => return Ok(term),
            }
        }
    }

    /// A `?` right after a step is about this step alone: in `.[].a?` the elements after one
    /// that has no `.a` are still reached.
    fn optional(&mut self, step: Expr) -> Parsed<Expr> {
        if self.peek()? != Tok::Op("?") {
            return Ok(step);
        }
        self.next()?;
        let attempt = |step: Expr| Box::new(Expr::Try(Box::new(step), None));
        let here = || Box::new(Expr::Id);
        Ok(match step {
            Expr::Iterate(term) => Expr::Pipe(term, attempt(Expr::Iterate(here()))),
            Expr::Index(term, key) => {
                // The key is evaluated before the term, on the same input.
                let var = self.linker.fresh_var();
                let step = attempt(Expr::Index(here(), Box::new(Expr::Var(var))));
                let rest = Box::new(Expr::Pipe(term, step));
                Expr::As(key, vec![super::ast::Pattern::Var(var)], rest)
            }
            Expr::Slice(term, from, to) => {
                let null = || Box::new(Expr::Const(Lit::Json(Value::Null)));
                let (f, t) = (self.linker.fresh_var(), self.linker.fresh_var());
                let bound = |v| Some(Box::new(Expr::Var(v)));
                let step = attempt(Expr::Slice(here(), bound(f), bound(t)));
                let rest = Box::new(Expr::Pipe(term, step));
                let pattern = |v| vec![super::ast::Pattern::Var(v)];
                let inner = Expr::As(to.unwrap_or_else(null), pattern(t), rest);
                Expr::As(from.unwrap_or_else(null), pattern(f), Box::new(inner))
            }
            other => *attempt(other),
        })
    }

    pub(super) fn binding(&mut self, source: Expr) -> Parsed<Expr> {
        self.next()?;
        let mark = self.scope.mark();
        let patterns = self.patterns()?;
        self.expect(Tok::Op("|"))?;
        let body = self.pipe()?;
        self.scope.restore(mark);
        Ok(Expr::As(Box::new(source), patterns, Box::new(body)))
    }

    fn quoted_field(&mut self, term: Expr) -> Parsed<Expr> {
        self.next()?;
        let key = self.string(None)?;
        Ok(Expr::Index(Box::new(term), Box::new(key)))
    }

    fn bracket(&mut self, term: Expr) -> Parsed<Expr> {
        self.next()?;
        let term = Box::new(term);
        if self.eat(Tok::Op("]"))? {
            return Ok(Expr::Iterate(term));
        }
        if self.eat(Tok::Op(":"))? {
            let end = self.pipe()?;
            self.expect(Tok::Op("]"))?;
            return Ok(Expr::Slice(term, None, Some(Box::new(end))));
        }
        let first = Box::new(self.pipe()?);
        if self.eat(Tok::Op("]"))? {
            return Ok(Expr::Index(term, first));
        }
        self.expect(Tok::Op(":"))?;
        if self.eat(Tok::Op("]"))? {
            return Ok(Expr::Slice(term, Some(first), None));
        }
        let end = self.pipe()?;
        self.expect(Tok::Op("]"))?;
        Ok(Expr::Slice(term, Some(first), Some(Box::new(end))))
    }

    fn term(&mut self) -> Parsed<Expr> {
        let (tok, span) = self.peek_span()?;
        match tok {
            Tok::End | Tok::Op(_) if !matches!(tok, Tok::Op("." | ".." | "(" | "[" | "{")) => {
                return self.unexpected("a filter");
            }
            Tok::Ident(word) if is_keyword(word) => return self.keyword(word, span),
            _ => {}
        }
        self.next()?;
        match tok {
            Tok::Field(name) => self.optional(Expr::Index(Box::new(Expr::Id), Box::new(Expr::text(name)))),
            Tok::Op("..") => Ok(Expr::Recurse),
            Tok::Op(".") if self.peek()? == Tok::Quote => {
                let step = self.quoted_field(Expr::Id)?;
                self.optional(step)
            }
            Tok::Op(".") => Ok(Expr::Id),
            Tok::Op("(") => {
                let inner = self.pipe()?;
                self.expect(Tok::Op(")"))?;
                Ok(inner)
            }
            Tok::Op("[") => self.array(),
            Tok::Op("{") => self.object(),
            Tok::Quote => self.string(None),
            Tok::Format(name) if self.peek()? == Tok::Quote => {
                self.next()?;
                self.string(Some(name))
            }
            Tok::Format(name) => Ok(Expr::Format(name.to_owned())),
            Tok::Num(text) => Ok(Expr::Const(number(text))),
            Tok::Var(name) => self.variable(name, &span),
            Tok::Ident(name) => self.call(name, &span),
            Tok::Op(_) | Tok::End => self.fail(&span, "syntax error"),
        }
    }

    fn variable(&mut self, name: &str, span: &Span) -> Parsed<Expr> {
        if let Some(var) = self.scope.var(name) {
            return Ok(Expr::Var(var));
        }
        match name {
            "__loc__" => {
                let before = self.lexer.src.get(..span.start).unwrap_or("");
                let line = before.split('\n').count();
                let place = json!({"file": "<top-level>", "line": line});
                Ok(Expr::Const(Lit::Json(place)))
            }
            "ENV" => Ok(Expr::Var(self.linker.global(Global::Env))),
            _ => {
                let hint = self.scope.nearest_var(name);
                let error = self.fail::<Expr>(span, format!("unknown variable `${name}`"));
                error.map_err(|e| e.with_hint(hint))
            }
        }
    }

    fn call(&mut self, name: &str, span: &Span) -> Parsed<Expr> {
        let constant = match name {
            "null" => Some(Value::Null),
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ => None,
        };
        if let Some(constant) = constant {
            return Ok(Expr::Const(Lit::Json(constant)));
        }
        let mut args = Vec::new();
        if self.eat(Tok::Op("("))? {
            loop {
                args.push(self.pipe()?);
                if !self.eat(Tok::Op(";"))? {
                    break;
                }
            }
            self.expect(Tok::Op(")"))?;
        }
        match self.scope.call(self.linker, name, args)? {
            Ok(Expr::Call(super::ast::Callee::Def(id), args)) => {
                // A definition that has no body yet is the one being read, or one around it.
                if self.is_open(id)
                    && let Some(def) = self.linker.program.defs.get_mut(id)
                {
                    def.recursive = true;
                }
                Ok(Expr::Call(super::ast::Callee::Def(id), args))
            }
            Ok(expr) => Ok(expr),
            Err(args) => {
                let hint = self.scope.nearest_filter(name, args.len());
                let message = format!("unknown filter `{name}/{}`", args.len());
                let error = self.fail::<Expr>(span, message);
                error.map_err(|e| e.with_hint(hint))
            }
        }
    }

    fn keyword(&mut self, word: &'s str, span: Span) -> Parsed<Expr> {
        match word {
            "if" => {
                self.next()?;
                self.nested(Self::conditional)
            }
            "reduce" | "foreach" => {
                self.next()?;
                self.nested(|p| p.fold(word == "foreach"))
            }
            "break" => {
                self.next()?;
                let (tok, _) = self.peek_span()?;
                let Tok::Var(name) = tok else {
                    return self.unexpected("`$name`");
                };
                self.next()?;
                match self.scope.label(name) {
                    Some(var) => Ok(Expr::Break(var)),
                    None => self.fail(&span, format!("unknown label `${name}`")),
                }
            }
            "import" | "include" => {
                self.fail(&span, format!("`{word}` is not available: there are no modules"))
            }
            _ => self.unexpected("a filter"),
        }
    }

    fn conditional(&mut self) -> Parsed<Expr> {
        let condition = Box::new(self.pipe()?);
        self.expect(Tok::Ident("then"))?;
        let then = Box::new(self.pipe()?);
        let otherwise = if self.eat(Tok::Ident("elif"))? {
            return Ok(Expr::If(condition, then, Some(Box::new(self.nested(Self::conditional)?))));
        } else if self.eat(Tok::Ident("else"))? {
            Some(Box::new(self.pipe()?))
        } else {
            None
        };
        self.expect(Tok::Ident("end"))?;
        Ok(Expr::If(condition, then, otherwise))
    }

    fn fold(&mut self, each: bool) -> Parsed<Expr> {
        let source = self.binary(1)?;
        self.expect(Tok::Ident("as"))?;
        let mark = self.scope.mark();
        let patterns = self.patterns()?;
        // The start value does not see the element.
        let bound = self.scope.hide(mark);
        self.expect(Tok::Op("("))?;
        let init = self.pipe()?;
        self.expect(Tok::Op(";"))?;
        self.scope.extend(bound);
        let update = self.pipe()?;
        let extract = match (each, each && self.eat(Tok::Op(";"))?) {
            (false, _) => None,
            (true, false) => Some(None),
            (true, true) => Some(Some(self.pipe()?)),
        };
        self.expect(Tok::Op(")"))?;
        self.scope.restore(mark);
        Ok(Expr::Fold(Box::new(Fold { source, patterns, init, update, extract })))
    }

    fn array(&mut self) -> Parsed<Expr> {
        if self.eat(Tok::Op("]"))? {
            return Ok(Expr::Array(None));
        }
        let inner = self.pipe()?;
        self.expect(Tok::Op("]"))?;
        // Tables in a filter become one constant instead of a tree to evaluate.
        let items = match &inner {
            Expr::Comma(items) => items.iter().map(|e| e.as_json().cloned()).collect(),
            one => one.as_json().cloned().map(|v| vec![v]),
        };
        Ok(match items {
            Some(items) => Expr::Const(Lit::Json(Value::Array(items))),
            None => Expr::Array(Some(Box::new(inner))),
        })
    }

    fn object(&mut self) -> Parsed<Expr> {
        let mut pairs = Vec::new();
        while !self.eat(Tok::Op("}"))? {
            pairs.push(self.nested(Self::pair)?);
            if !self.eat(Tok::Op(","))? {
                self.expect(Tok::Op("}"))?;
                break;
            }
        }
        let constant: Option<Map<String, Value>> = pairs
            .iter()
            .map(|(k, v)| Some((k.as_json()?.as_str()?.to_owned(), v.as_json()?.clone())))
            .collect();
        Ok(match constant {
            Some(map) => Expr::Const(Lit::Json(Value::Object(map))),
            None => Expr::Object(pairs),
        })
    }

    fn pair(&mut self) -> Parsed<(Expr, Expr)> {
        let (tok, span) = self.peek_span()?;
        let own = |key: &Expr| Expr::Index(Box::new(Expr::Id), Box::new(key.clone()));
        let (key, default) = match tok {
            Tok::Var(name) => {
                self.next()?;
                let value = self.variable(name, &span)?;
                // `{$k: 1}` has the value of the variable as its key.
                if self.eat(Tok::Op(":"))? {
                    return Ok((value, self.object_value()?));
                }
                return Ok((Expr::text(name), value));
            }
            Tok::Ident(name) => {
                self.next()?;
                (Expr::text(name), true)
            }
            Tok::Quote => {
                self.next()?;
                (self.string(None)?, true)
            }
            Tok::Format(name) => {
                self.next()?;
                if !self.eat(Tok::Quote)? {
                    return self.unexpected("a string");
                }
                (self.string(Some(name))?, true)
            }
            Tok::Op("(") => {
                self.next()?;
                let key = self.pipe()?;
                self.expect(Tok::Op(")"))?;
                self.check_key(&key, &span)?;
                (key, false)
            }
            _ => return self.unexpected("an object key"),
        };
        if default && self.peek()? != Tok::Op(":") {
            let value = own(&key);
            return Ok((key, value));
        }
        self.expect(Tok::Op(":"))?;
        Ok((key, self.object_value()?))
    }

    /// A constant key must be a string.
    pub(super) fn check_key(&self, key: &Expr, span: &Span) -> Parsed<()> {
        match key.as_json().is_some_and(|v| !v.is_string()) {
            true => self.fail(span, "an object key must be a string"),
            false => Ok(()),
        }
    }

    /// A value without commas; `|` binds within it.
    fn object_value(&mut self) -> Parsed<Expr> {
        let mut value = self.binary(1)?;
        while self.eat(Tok::Op("|"))? {
            let right = self.nested(|p| p.binary(1))?;
            value = Expr::Pipe(Box::new(value), Box::new(right));
        }
        Ok(value)
    }
}
