//! Queries of the differential test, and their text.

use std::fmt::{self, Display, Formatter};

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum V {
    Null,
    Bool(bool),
    Int(i64),
    Num(f64),
    Text(String),
    List(Vec<V>),
}

/// A type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum T {
    Bool,
    Int,
    Num,
    Text,
    Texts,
}

impl T {
    pub fn name(self) -> &'static str {
        match self {
            T::Bool => "boolean",
            T::Int => "bigint",
            T::Num => "double",
            T::Text => "varchar",
            T::Texts => "array(varchar)",
        }
    }
}

/// An expression over a row.
#[derive(Debug, Clone)]
pub enum E {
    Lit(V),
    Col(usize, String),
    /// The parameter of the lambda around it.
    Param,
    Not(Box<E>),
    IsNull(Box<E>, bool),
    Neg(Box<E>),
    Bin(&'static str, Box<E>, Box<E>),
    Between(Box<E>, Box<E>, Box<E>, bool),
    In(Box<E>, Vec<E>, bool),
    Like(Box<E>, String, Option<char>, bool),
    Case(Option<Box<E>>, Vec<(E, E)>, Option<Box<E>>),
    Cast(Box<E>, T, bool),
    Call(&'static str, Vec<E>),
    Lambda(&'static str, Box<E>, Box<E>),
    /// `EXISTS`, `IN` and a scalar over the people, as `s`, whose columns come after those of the row.
    Exists(Box<E>, bool),
    InPeople(Box<E>, Box<E>, bool),
    OldestOf(Box<E>),
}

/// What is in FROM.
#[derive(Debug, Clone)]
pub enum F {
    Logs(&'static str),
    People(&'static str),
    Join(&'static str, Box<F>, Box<F>, Option<E>),
    Unnest(Box<F>, E),
    Query(Box<Q>),
}

#[derive(Debug, Clone)]
pub struct Agg {
    pub name: &'static str,
    pub of: Option<E>,
    pub distinct: bool,
    pub filter: Option<E>,
}

#[derive(Debug, Clone)]
pub struct Win {
    pub name: &'static str,
    pub of: Option<E>,
    pub offset: i64,
    pub partition: Vec<E>,
    pub order: Vec<(E, bool)>,
    pub frame: Option<(Option<i64>, Option<i64>)>,
}

#[derive(Debug, Clone)]
pub enum Item {
    Plain(E),
    Agg(Agg),
    Win(Win),
}

#[derive(Debug, Clone)]
pub struct Q {
    pub distinct: bool,
    pub items: Vec<(Item, T)>,
    pub from: F,
    pub filter: Option<E>,
    /// The items that are the keys come first, in this number; none: no groups.
    pub group: Option<usize>,
    pub having: Option<(Agg, &'static str, i64)>,
    pub set: Option<(&'static str, Box<Q>)>,
    /// Item, descending, NULL first.
    pub order: Vec<(usize, bool, Option<bool>)>,
    pub limit: Option<(usize, usize)>,
    /// Whether the query is named in WITH and read from there.
    pub with: bool,
}

fn list<D: Display>(f: &mut Formatter<'_>, items: &[D]) -> fmt::Result {
    for (at, item) in items.iter().enumerate() {
        write!(f, "{}{item}", if at > 0 { ", " } else { "" })?;
    }
    Ok(())
}

fn not(negated: bool) -> &'static str {
    if negated { "NOT " } else { "" }
}

impl Display for V {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            V::Null => write!(f, "NULL"),
            V::Bool(value) => write!(f, "{value}"),
            V::Int(value) => write!(f, "{value}"),
            V::Num(value) => write!(f, "{value:?}"),
            V::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
            V::List(items) => {
                write!(f, "ARRAY[")?;
                list(f, items)?;
                write!(f, "]")
            }
        }
    }
}

impl Display for E {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            E::Lit(value) => write!(f, "{value}"),
            E::Col(_, name) => write!(f, "{name}"),
            E::Param => write!(f, "x"),
            E::Not(inner) => write!(f, "(NOT ({inner}))"),
            E::IsNull(inner, negated) => write!(f, "(({inner}) IS {}NULL)", not(*negated)),
            E::Neg(inner) => write!(f, "(- ({inner}))"),
            E::Bin(op, left, right) => write!(f, "({left} {op} {right})"),
            E::Between(value, low, high, negated) => {
                write!(f, "({value} {}BETWEEN {low} AND {high})", not(*negated))
            }
            E::In(value, items, negated) => {
                write!(f, "({value} {}IN (", not(*negated))?;
                list(f, items)?;
                write!(f, "))")
            }
            E::Like(value, pattern, escape, negated) => {
                write!(f, "({value} {}LIKE '{}'", not(*negated), pattern.replace('\'', "''"))?;
                if let Some(escape) = escape {
                    write!(f, " ESCAPE '{escape}'")?;
                }
                write!(f, ")")
            }
            E::Case(operand, branches, otherwise) => {
                write!(f, "CASE")?;
                if let Some(operand) = operand {
                    write!(f, " {operand}")?;
                }
                for (when, then) in branches {
                    write!(f, " WHEN {when} THEN {then}")?;
                }
                if let Some(otherwise) = otherwise {
                    write!(f, " ELSE {otherwise}")?;
                }
                write!(f, " END")
            }
            E::Cast(value, kind, attempt) => {
                write!(f, "{}CAST({value} AS {})", if *attempt { "TRY_" } else { "" }, kind.name())
            }
            E::Call("subscript", arguments) => write!(f, "{}[{}]", arguments[0], arguments[1]),
            E::Call("array", arguments) => {
                write!(f, "ARRAY[")?;
                list(f, arguments)?;
                write!(f, "]")
            }
            E::Call(name, arguments) => {
                write!(f, "{name}(")?;
                list(f, arguments)?;
                write!(f, ")")
            }
            E::Lambda(name, array, body) => write!(f, "{name}({array}, x -> {body})"),
            E::Exists(filter, negated) => {
                write!(f, "({}EXISTS (SELECT 1 FROM people AS s WHERE {filter}))", not(*negated))
            }
            E::InPeople(value, filter, negated) => {
                write!(f, "({value} {}IN (SELECT s.name FROM people AS s WHERE {filter}))", not(*negated))
            }
            E::OldestOf(filter) => write!(f, "(SELECT max(s.age) FROM people AS s WHERE {filter})"),
        }
    }
}

impl Display for F {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            F::Logs(alias) => write!(f, "logs AS {alias}"),
            F::People(alias) => write!(f, "people {alias}"),
            F::Join(kind, left, right, on) => {
                write!(f, "{left} {kind} {right}")?;
                on.as_ref().map_or(Ok(()), |on| write!(f, " ON {on}"))
            }
            F::Unnest(left, array) => {
                write!(f, "{left} CROSS JOIN UNNEST({array}) WITH ORDINALITY AS e(tag, place)")
            }
            F::Query(query) => write!(f, "({query}) AS q"),
        }
    }
}

impl Display for Agg {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let distinct = if self.distinct { "DISTINCT " } else { "" };
        match &self.of {
            None => write!(f, "{}(*)", self.name)?,
            Some(of) if self.name == "array_agg" => write!(f, "array_agg({distinct}{of} ORDER BY {of})")?,
            Some(of) => write!(f, "{}({distinct}{of})", self.name)?,
        }
        self.filter.as_ref().map_or(Ok(()), |filter| write!(f, " FILTER (WHERE {filter})"))
    }
}

impl Display for Win {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match (&self.of, self.name) {
            (Some(of), "lag" | "lead") => write!(f, "{}({of}, {})", self.name, self.offset)?,
            (Some(of), name) => write!(f, "{name}({of})")?,
            (None, "count") => write!(f, "count(*)")?,
            (None, name) => write!(f, "{name}()")?,
        }
        write!(f, " OVER (")?;
        if !self.partition.is_empty() {
            write!(f, "PARTITION BY ")?;
            list(f, &self.partition)?;
        }
        if !self.order.is_empty() {
            write!(f, " ORDER BY ")?;
            let keys: Vec<String> = self
                .order
                .iter()
                .map(|(key, desc)| format!("{key}{}", if *desc { " DESC" } else { "" }))
                .collect();
            list(f, &keys)?;
        }
        if let Some((from, to)) = &self.frame {
            let from = from.map_or("UNBOUNDED PRECEDING".to_owned(), |rows| format!("{rows} PRECEDING"));
            let to = to.map_or("CURRENT ROW".to_owned(), |rows| format!("{rows} FOLLOWING"));
            write!(f, " ROWS BETWEEN {from} AND {to}")?;
        }
        write!(f, ")")
    }
}

impl Display for Q {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.with {
            let inner = Q { with: false, order: Vec::new(), limit: None, ..self.clone() };
            write!(f, "WITH w AS ({inner}) SELECT * FROM w")?;
        } else {
            write!(f, "SELECT {}", if self.distinct { "DISTINCT " } else { "" })?;
            let items: Vec<String> = self
                .items
                .iter()
                .enumerate()
                .map(|(at, (item, _))| match item {
                    Item::Plain(expr) => format!("{expr} AS i{at}"),
                    Item::Agg(agg) => format!("{agg} AS i{at}"),
                    Item::Win(win) => format!("{win} AS i{at}"),
                })
                .collect();
            list(f, &items)?;
            write!(f, " FROM {}", self.from)?;
            if let Some(filter) = &self.filter {
                write!(f, " WHERE {filter}")?;
            }
            if let Some(keys) = self.group.filter(|keys| *keys > 0) {
                write!(f, " GROUP BY ")?;
                list(f, &(1..=keys).collect::<Vec<_>>())?;
            }
            if let Some((agg, op, number)) = &self.having {
                write!(f, " HAVING {agg} {op} {number}")?;
            }
            if let Some((op, other)) = &self.set {
                write!(f, " {op} {other}")?;
            }
        }
        for (at, (item, descending, nulls_first)) in self.order.iter().enumerate() {
            let nulls = match nulls_first {
                None => "",
                Some(true) => " NULLS FIRST",
                Some(false) => " NULLS LAST",
            };
            // By name and by place in turn.
            let key = if at % 2 == 0 { format!("i{item}") } else { (item + 1).to_string() };
            let word = if at == 0 { " ORDER BY" } else { "," };
            write!(f, "{word} {key}{}{nulls}", if *descending { " DESC" } else { "" })?;
        }
        if let Some((limit, offset)) = self.limit {
            write!(f, " OFFSET {offset} LIMIT {limit}")?;
        }
        Ok(())
    }
}
