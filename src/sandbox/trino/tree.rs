//! The closed tree of a checked query: what is not here is not run.

use super::types::TrinoType;

/// An expression with its type.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Typed {
    pub(super) node: Node,
    pub(super) kind: TrinoType,
}

impl Typed {
    pub(super) fn new(node: Node, kind: TrinoType) -> Typed {
        Typed { node, kind }
    }
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Null,
    Int(i64),
    Double(f64),
    Text(String),
    /// The place of a column of the query, as a key of its order.
    Position(usize),
    /// A column of a relation of this select or of one around it.
    Column {
        source: usize,
        name: ColumnName,
    },
    /// SQLite's own syntax, `{}` for each operand: its meaning is Trino's for operands of the checked types.
    Native(&'static str, Vec<Node>),
    /// A function of `functions`.
    Call(&'static str, Vec<Node>),
    /// A function within TRY: an error makes the whole of the TRY NULL.
    Safe(&'static str, Vec<Node>),
    Case {
        branches: Vec<(Node, Node)>,
        otherwise: Option<Box<Node>>,
    },
    In {
        operand: Box<Node>,
        list: Vec<Node>,
    },
    InQuery {
        operand: Box<Node>,
        query: Box<QueryTree>,
    },
    Exists(Box<QueryTree>),
    /// The value of a query with one column; more than one row is an error.
    Scalar(Box<QueryTree>),
    Aggregate(Box<Aggregate>),
    Window(Box<Window>),
    /// A function of an array with a lambda: `source` is the array's elements within `body`.
    Lambda {
        kind: LambdaKind,
        array: Box<Node>,
        source: usize,
        body: Box<Node>,
        nested: bool,
    },
}

/// How a column is named in SQLite.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum ColumnName {
    /// A column of a stored table.
    Stored(String),
    /// Column `c0`, `c1` … of a query.
    At(usize),
    /// The elements of an array, and of arrays side by side the elements of one.
    Element,
    ElementOf(usize),
    /// The place of an element, from 1.
    Ordinality,
}

/// What a lambda is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LambdaKind {
    Transform,
    Filter,
    AnyMatch,
    AllMatch,
    NoneMatch,
}

/// `sum(DISTINCT x ORDER BY y) FILTER (WHERE z)`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Aggregate {
    /// As [`Node::Native`], for the function with its arguments.
    pub(super) function: &'static str,
    pub(super) arguments: Vec<Node>,
    pub(super) distinct: bool,
    pub(super) order: Vec<OrderKey>,
    pub(super) filter: Option<Node>,
}

/// `… OVER (PARTITION BY … ORDER BY … ROWS …)`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Window {
    pub(super) function: &'static str,
    pub(super) arguments: Vec<Node>,
    pub(super) filter: Option<Node>,
    pub(super) partition: Vec<Node>,
    pub(super) order: Vec<OrderKey>,
    /// In SQLite's syntax, which is Trino's.
    pub(super) frame: Option<String>,
}

/// A key of an order; NULL comes last unless it says otherwise.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct OrderKey {
    pub(super) node: Node,
    pub(super) descending: bool,
    pub(super) nulls_first: bool,
}

/// A query with what it is called and how it is cut.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct QueryTree {
    /// The queries of `WITH`: number and query.
    pub(super) with: Vec<(usize, QueryTree)>,
    pub(super) body: Body,
    pub(super) order: Vec<OrderKey>,
    pub(super) limit: Option<i64>,
    pub(super) offset: Option<i64>,
    pub(super) columns: Vec<OutColumn>,
}

/// A column that a query gives.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct OutColumn {
    pub(super) name: Option<String>,
    pub(super) kind: TrinoType,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Body {
    Select(Box<SelectTree>),
    Set {
        operator: &'static str,
        all: bool,
        left: Box<QueryTree>,
        right: Box<QueryTree>,
    },
    Values(Vec<Vec<Node>>),
    /// A query in parentheses.
    Query(Box<QueryTree>),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct SelectTree {
    pub(super) distinct: bool,
    pub(super) items: Vec<Node>,
    pub(super) from: Option<Relation>,
    pub(super) filter: Option<Node>,
    /// Keys; the items are then keys and aggregates alone.
    pub(super) group: Vec<Node>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Relation {
    Table { storage: String, source: usize },
    With { number: usize, source: usize },
    Query { query: Box<QueryTree>, source: usize },
    Unnest { arrays: Vec<Node>, source: usize },
    Join { kind: JoinKind, left: Box<Relation>, right: Box<Relation>, on: Option<Node> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JoinKind {
    Inner,
    Cross,
    Left,
    Right,
    Full,
}

impl Node {
    /// The expressions within it, those of queries within it included.
    pub(super) fn each_mut(&mut self, f: &mut dyn FnMut(&mut Node)) {
        match self {
            Node::Null
            | Node::Int(_)
            | Node::Double(_)
            | Node::Text(_)
            | Node::Position(_)
            | Node::Column { .. } => {}
            Node::Native(_, nodes) | Node::Call(_, nodes) | Node::Safe(_, nodes) => {
                nodes.iter_mut().for_each(f)
            }
            Node::Case { branches, otherwise } => {
                for (when, then) in branches {
                    f(when);
                    f(then);
                }
                otherwise.iter_mut().for_each(|node| f(node));
            }
            Node::In { operand, list } => {
                f(operand);
                list.iter_mut().for_each(f);
            }
            Node::InQuery { operand, query } => {
                f(operand);
                query.each_mut(f);
            }
            Node::Exists(query) | Node::Scalar(query) => query.each_mut(f),
            Node::Aggregate(aggregate) => {
                aggregate.arguments.iter_mut().for_each(&mut *f);
                aggregate.order.iter_mut().for_each(|key| f(&mut key.node));
                aggregate.filter.iter_mut().for_each(f);
            }
            Node::Window(window) => {
                window.arguments.iter_mut().for_each(&mut *f);
                window.partition.iter_mut().for_each(&mut *f);
                window.order.iter_mut().for_each(|key| f(&mut key.node));
                window.filter.iter_mut().for_each(f);
            }
            Node::Lambda { array, body, .. } => {
                f(array);
                f(body);
            }
        }
    }

    /// Whether it holds for this expression or one within it.
    pub(super) fn any(&self, holds: &mut dyn FnMut(&Node) -> bool) -> bool {
        if holds(self) {
            return true;
        }
        let mut found = false;
        self.clone().each_mut(&mut |node| found = found || node.any(holds));
        found
    }
}

impl QueryTree {
    /// The expressions of the query and of those within it.
    fn each_mut(&mut self, f: &mut dyn FnMut(&mut Node)) {
        for (_, query) in &mut self.with {
            query.each_mut(f);
        }
        match &mut self.body {
            Body::Select(select) => {
                select.items.iter_mut().for_each(&mut *f);
                select.filter.iter_mut().for_each(&mut *f);
                select.group.iter_mut().for_each(&mut *f);
                select.from.iter_mut().for_each(|from| from.each_mut(f));
            }
            Body::Set { left, right, .. } => {
                left.each_mut(f);
                right.each_mut(f);
            }
            Body::Values(rows) => rows.iter_mut().flatten().for_each(&mut *f),
            Body::Query(query) => query.each_mut(f),
        }
        self.order.iter_mut().for_each(|key| f(&mut key.node));
    }
}

impl Relation {
    fn each_mut(&mut self, f: &mut dyn FnMut(&mut Node)) {
        match self {
            Relation::Table { .. } | Relation::With { .. } => {}
            Relation::Query { query, .. } => query.each_mut(f),
            Relation::Unnest { arrays, .. } => arrays.iter_mut().for_each(f),
            Relation::Join { left, right, on, .. } => {
                left.each_mut(f);
                right.each_mut(f);
                on.iter_mut().for_each(f);
            }
        }
    }
}
