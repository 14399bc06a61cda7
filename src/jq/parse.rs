//! Filters: operators, definitions, bindings. Terms are in `term.rs`.

use super::ast::{AssignOp, DefId, Expr, Lit, Span};
use super::error::CompileError;
use super::lex::{Lexer, Tok};
use super::scope::{Linker, Scope};

/// How deeply a filter may nest; the recursion of every later pass follows it.
const MAX_DEPTH: usize = 1_000;
/// How many operators a filter may have, since a chain of them nests as well.
const MAX_OPERATORS: usize = 20_000;
/// Size of the filter text.
pub(super) const MAX_SOURCE: usize = 1 << 20;
pub(super) type Parsed<T> = Result<T, CompileError>;

/// A recursive-descent parser that resolves names as it goes.
pub(super) struct Parser<'s, 'l> {
    pub(super) lexer: Lexer<'s>,
    peeked: Option<(Tok<'s>, Span)>,
    pub(super) linker: &'l mut Linker,
    pub(super) scope: Scope,
    /// How much deeper it may nest.
    levels: usize,
    operators: usize,
    /// Definitions whose bodies are being read.
    pub(super) open: Vec<DefId>,
}

/// Words that cannot name a filter.
const KEYWORDS: &[&str] = &[
    "def", "module", "import", "include", "if", "then", "else", "elif", "end", "as", "reduce", "foreach",
    "try", "catch", "label", "and", "or", "__loc__", "break",
];

pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// Operators by precedence: the level, and whether a chain of them is an error.
fn operator(tok: Tok) -> Option<(u8, &'static str)> {
    let op = match tok {
        Tok::Op(op) => op,
        Tok::Ident("or") => "or",
        Tok::Ident("and") => "and",
        _ => return None,
    };
    let level = match op {
        "//" => 1,
        "=" | "|=" | "+=" | "-=" | "*=" | "/=" | "%=" | "//=" => 2,
        "or" => 3,
        "and" => 4,
        "==" | "!=" | "<" | "<=" | ">" | ">=" => 5,
        "+" | "-" => 6,
        "*" | "/" | "%" => 7,
        _ => return None,
    };
    Some((level, op))
}

fn combine(op: &'static str, l: Expr, r: Expr) -> Expr {
    let (l, r) = (Box::new(l), Box::new(r));
    match op {
        "//" => Expr::Alt(l, r),
        "or" => Expr::Or(l, r),
        "and" => Expr::And(l, r),
        "=" => Expr::Assign(AssignOp::Set, l, r),
        "|=" => Expr::Assign(AssignOp::Update, l, r),
        "//=" => Expr::Assign(AssignOp::Alt, l, r),
        "+=" => Expr::Assign(AssignOp::With("+"), l, r),
        "-=" => Expr::Assign(AssignOp::With("-"), l, r),
        "*=" => Expr::Assign(AssignOp::With("*"), l, r),
        "/=" => Expr::Assign(AssignOp::With("/"), l, r),
        "%=" => Expr::Assign(AssignOp::With("%"), l, r),
        op => Expr::Binary(op, l, r),
    }
}

impl<'s, 'l> Parser<'s, 'l> {
    pub(super) fn new(src: &'s str, linker: &'l mut Linker, scope: Scope) -> Self {
        Parser {
            lexer: Lexer::new(src),
            peeked: None,
            linker,
            scope,
            levels: MAX_DEPTH,
            operators: 0,
            open: Vec::new(),
        }
    }

    pub(super) fn peek(&mut self) -> Parsed<Tok<'s>> {
        self.peek_span().map(|(tok, _)| tok)
    }

    pub(super) fn peek_span(&mut self) -> Parsed<(Tok<'s>, Span)> {
        match &self.peeked {
            Some(known) => Ok(known.clone()),
            None => {
                let next = self.lexer.next()?;
                self.peeked = Some(next.clone());
                Ok(next)
            }
        }
    }

    pub(super) fn next(&mut self) -> Parsed<(Tok<'s>, Span)> {
        let next = self.peek_span()?;
        self.peeked = None;
        Ok(next)
    }

    pub(super) fn eat(&mut self, wanted: Tok) -> Parsed<bool> {
        let found = self.peek()? == wanted;
        if found {
            self.peeked = None;
        }
        Ok(found)
    }

    pub(super) fn expect(&mut self, wanted: Tok) -> Parsed<()> {
        if self.eat(wanted)? {
            return Ok(());
        }
        self.unexpected(&wanted.describe())
    }

    pub(super) fn fail<T>(&self, span: &Span, message: impl Into<String>) -> Parsed<T> {
        Err(CompileError::new(self.lexer.src, span, message))
    }

    pub(super) fn unexpected<T>(&mut self, wanted: &str) -> Parsed<T> {
        let (tok, span) = self.peek_span()?;
        let message = format!("syntax error: expected {wanted}, found {}", tok.describe());
        self.fail(&span, message)
    }

    /// Runs a part of the grammar one level deeper.
    pub(super) fn nested<T>(&mut self, part: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let Some(levels) = self.levels.checked_sub(1) else {
            let span = self.peek_span().map(|(_, s)| s).unwrap_or_default();
            let message = format!("the filter nests more than {MAX_DEPTH} levels deep");
            return self.fail(&span, message);
        };
        let before = std::mem::replace(&mut self.levels, levels);
        let result = part(self);
        self.levels = before;
        result
    }

    fn count_operator(&mut self) -> Parsed<()> {
        self.operators = self.operators.saturating_add(1);
        if self.operators > MAX_OPERATORS {
            let span = self.peek_span().map(|(_, s)| s).unwrap_or_default();
            let message = format!("the filter has more than {MAX_OPERATORS} operators");
            return self.fail(&span, message);
        }
        Ok(())
    }

    /// The whole text: directives that are refused, then one filter.
    pub(super) fn program(mut self) -> Parsed<Expr> {
        if self.peek()? == Tok::Ident("module") {
            self.next()?;
            self.pipe()?;
            self.expect(Tok::Op(";"))?;
        }
        if let (Tok::Ident(word @ ("import" | "include")), span) = self.peek_span()? {
            return self.fail(&span, format!("`{word}` is not available: there are no modules"));
        }
        let body = self.pipe()?;
        match self.peek()? {
            Tok::End => Ok(body),
            _ => self.unexpected("an operator or the end"),
        }
    }

    /// One definition of the prelude.
    pub(super) fn prelude_def(mut self) -> Parsed<DefId> {
        self.next()?;
        self.def_tail()
    }

    /// `def`, `label`, bindings and `|`, the loosest operator: jq's `Query`.
    pub(super) fn pipe(&mut self) -> Parsed<Expr> {
        self.nested(Self::pipe_stages)
    }

    fn pipe_stages(&mut self) -> Parsed<Expr> {
        let mut stages = Vec::new();
        loop {
            stages.push(self.comma()?);
            if !self.eat(Tok::Op("|"))? {
                break;
            }
            self.count_operator()?;
        }
        let last = stages.pop().unwrap_or(Expr::Id);
        Ok(stages.into_iter().rev().fold(last, |right, left| Expr::Pipe(Box::new(left), Box::new(right))))
    }

    fn comma(&mut self) -> Parsed<Expr> {
        let first = self.item()?;
        if self.peek()? != Tok::Op(",") {
            return Ok(first);
        }
        let mut items = vec![first];
        while self.eat(Tok::Op(","))? {
            items.push(self.item()?);
        }
        Ok(Expr::Comma(items))
    }

    /// What stands between commas. A definition, a label and `as` take all that follows; `as`
    /// binds the outputs of the whole expression before it.
    fn item(&mut self) -> Parsed<Expr> {
        match self.peek()? {
            Tok::Ident("def") => {
                self.next()?;
                let mark = self.scope.mark();
                let id = self.def_tail()?;
                let rest = self.pipe()?;
                self.scope.restore(mark);
                Ok(Expr::Def(id, Box::new(rest)))
            }
            Tok::Ident("label") => self.label(),
            _ => {
                let source = self.binary(1)?;
                match self.peek()? {
                    Tok::Ident("as") => self.binding(source),
                    _ => Ok(source),
                }
            }
        }
    }

    /// Precedence climbing from `//` (level 1) to `*` (level 7).
    pub(super) fn binary(&mut self, min: u8) -> Parsed<Expr> {
        let mut left = self.operand()?;
        let mut chained = None;
        while let Some((level, op)) = operator(self.peek()?) {
            if level < min {
                break;
            }
            if chained == Some(level) {
                return self.unexpected("parentheses around one of the operators");
            }
            self.next()?;
            self.count_operator()?;
            // Only `//` groups to the right; comparisons and assignments do not chain.
            let right = self.nested(|p| p.binary(if level == 1 { 1 } else { level.saturating_add(1) }))?;
            left = combine(op, left, right);
            chained = matches!(level, 2 | 5).then_some(level);
        }
        Ok(left)
    }

    fn operand(&mut self) -> Parsed<Expr> {
        match self.peek()? {
            Tok::Op("-") => {
                self.next()?;
                self.count_operator()?;
                // `-1 * 2` is `(-1) * 2`.
                let inner = self.nested(Self::operand)?;
                Ok(negate(inner))
            }
            // The body and the handler end before any operator.
            Tok::Ident("try") => {
                self.next()?;
                let body = self.nested(Self::operand)?;
                let handler = match self.eat(Tok::Ident("catch"))? {
                    true => Some(Box::new(self.nested(Self::operand)?)),
                    false => None,
                };
                Ok(Expr::Try(Box::new(body), handler))
            }
            _ => self.postfix(),
        }
    }
}

/// `-x`, at once for a constant.
fn negate(inner: Expr) -> Expr {
    use serde_json::{Number, Value};
    let folded = match &inner {
        Expr::Const(Lit::Big(digits)) if !digits.starts_with('-') => Some(Lit::Big(format!("-{digits}"))),
        Expr::Const(Lit::Json(Value::Number(n))) => match (n.as_i64(), n.as_f64()) {
            (Some(i), _) => i.checked_neg().map(|i| Lit::Json(i.into())),
            // Between 2^63 and 2^64; the digits keep what a double would lose.
            (None, _) if n.is_u64() => Some(Lit::Big(format!("-{n}"))),
            (None, Some(f)) => Number::from_f64(-f).map(|n| Lit::Json(Value::Number(n))),
            (None, None) => None,
        },
        _ => None,
    };
    folded.map_or_else(|| Expr::Neg(Box::new(inner)), Expr::Const)
}
