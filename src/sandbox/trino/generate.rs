//! The checked tree as SQLite's SQL.
//!
//! No name of the query gets into it but those of stored tables and columns: relations are `t0`, `t1` …, the columns of
//! a query `c0`, `c1` …, queries of `WITH` `w0`, `w1` ….

use super::tree::{
    Aggregate, Body, ColumnName, JoinKind, LambdaKind, Node, OrderKey, QueryTree, Relation, SelectTree,
    Window,
};
use std::fmt::Write as _;

/// The SQL of a query.
pub(super) fn sql(query: &QueryTree) -> String {
    let mut out = Sql(String::new());
    out.query(query);
    out.0
}

struct Sql(String);

impl Sql {
    fn push(&mut self, text: &str) {
        self.0.push_str(text);
    }

    fn write(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string never fails.
        let _ = self.0.write_fmt(text);
    }

    fn list<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Sql, &T)) {
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.push(", ");
            }
            write(self, item);
        }
    }

    fn query(&mut self, query: &QueryTree) {
        if !query.with.is_empty() {
            self.push("WITH ");
            self.list(&query.with, |out, (number, query)| {
                out.write(format_args!("w{number} AS ("));
                out.query(query);
                out.push(")");
            });
            self.push(" ");
        }
        match &query.body {
            Body::Select(select) => self.select(select),
            Body::Query(inner) => {
                self.push("SELECT * FROM (");
                self.query(inner);
                self.push(")");
            }
            Body::Set { operator, all, left, right } => {
                self.push("SELECT * FROM (SELECT * FROM (");
                self.query(left);
                self.write(format_args!(") {operator}{} SELECT * FROM (", if *all { " ALL" } else { "" }));
                self.query(right);
                self.push("))");
            }
            Body::Values(rows) => {
                self.push("SELECT ");
                self.list(&(0..query.columns.len()).collect::<Vec<_>>(), |out, at| {
                    out.write(format_args!("column{} AS c{at}", at.saturating_add(1)));
                });
                self.push(" FROM (VALUES ");
                self.list(rows, |out, row| {
                    out.push("(");
                    out.list(row, Sql::node);
                    out.push(")");
                });
                self.push(")");
            }
        }
        if !query.order.is_empty() {
            self.push(" ORDER BY ");
            self.list(&query.order, Sql::order_key);
        }
        match (query.limit, query.offset) {
            (None, None) => {}
            (limit, None) => self.write(format_args!(" LIMIT {}", limit.unwrap_or(-1))),
            (limit, Some(offset)) => {
                self.write(format_args!(" LIMIT {} OFFSET {offset}", limit.unwrap_or(-1)));
            }
        }
    }

    fn select(&mut self, select: &SelectTree) {
        self.push(if select.distinct { "SELECT DISTINCT " } else { "SELECT " });
        let mut at = 0_usize;
        self.list(&select.items, |out, item| {
            out.node(item);
            out.write(format_args!(" AS c{at}"));
            at = at.saturating_add(1);
        });
        if let Some(from) = &select.from {
            self.push(" FROM ");
            self.relation(from);
        }
        if let Some(filter) = &select.filter {
            self.push(" WHERE ");
            self.node(filter);
        }
        if !select.group.is_empty() {
            self.push(" GROUP BY ");
            self.list(&select.group, Sql::key);
        }
    }

    fn relation(&mut self, relation: &Relation) {
        match relation {
            Relation::Table { storage, source } => {
                self.write(format_args!("{} AS t{source}", quoted(storage)));
            }
            Relation::With { number, source } => self.write(format_args!("w{number} AS t{source}")),
            Relation::Query { query, source } => {
                self.push("(");
                self.query(query);
                self.write(format_args!(") AS t{source}"));
            }
            Relation::Unnest { arrays, source } => {
                self.push("json_each(");
                match arrays.as_slice() {
                    [array] => self.node(array),
                    arrays => {
                        self.push("trino_zip(");
                        self.list(arrays, Sql::node);
                        self.push(")");
                    }
                }
                self.write(format_args!(") AS t{source}"));
            }
            Relation::Join { kind, left, right, on } => {
                self.relation(left);
                self.push(match kind {
                    JoinKind::Inner | JoinKind::Cross => " JOIN ",
                    JoinKind::Left => " LEFT JOIN ",
                    JoinKind::Right => " RIGHT JOIN ",
                    JoinKind::Full => " FULL JOIN ",
                });
                if matches!(**right, Relation::Join { .. }) {
                    self.push("(");
                    self.relation(right);
                    self.push(")");
                } else {
                    self.relation(right);
                }
                if let Some(on) = on {
                    self.push(" ON ");
                    self.node(on);
                }
            }
        }
    }

    /// A key of a group or an order. SQLite takes a number for the place of a column, and finds numbers in constants
    /// such as `0 IS NULL`.
    fn key(&mut self, node: &Node) {
        let constant = !node.any(&mut |inner| matches!(inner, Node::Column { .. } | Node::Position(_)));
        self.push(if constant { "CASE WHEN 1 THEN " } else { "" });
        self.node(node);
        self.push(if constant { " END" } else { "" });
    }

    fn order_key(&mut self, key: &OrderKey) {
        self.key(&key.node);
        self.push(if key.descending { " DESC" } else { " ASC" });
        self.push(if key.nulls_first { " NULLS FIRST" } else { " NULLS LAST" });
    }

    fn column(&mut self, source: usize, name: &ColumnName) {
        match name {
            ColumnName::Stored(name) => self.write(format_args!("t{source}.{}", quoted(name))),
            ColumnName::At(at) => self.write(format_args!("t{source}.c{at}")),
            ColumnName::Element => self.write(format_args!("t{source}.value")),
            ColumnName::ElementOf(at) => self.write(format_args!("trino_at(t{source}.value, {at})")),
            ColumnName::Ordinality => self.write(format_args!("(t{source}.key + 1)")),
        }
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Null => self.push("NULL"),
            Node::Int(value) => self.write(format_args!("({value})")),
            Node::Double(value) if value.is_infinite() => {
                self.push(if *value > 0.0 { "(9e999)" } else { "(-9e999)" });
            }
            Node::Double(value) => self.write(format_args!("({value:e})")),
            Node::Text(text) => self.text(text),
            Node::Position(at) => self.write(format_args!("{}", at.saturating_add(1))),
            Node::Column { source, name } => self.column(*source, name),
            Node::Native(template, operands) => self.native(template, operands),
            Node::Call(name, arguments) => {
                self.write(format_args!("trino_{name}("));
                self.list(arguments, Sql::node);
                self.push(")");
            }
            Node::Safe(name, arguments) => {
                self.write(format_args!("trino_safe_{name}("));
                self.list(arguments, Sql::node);
                self.push(")");
            }
            Node::Case { branches, otherwise } => {
                self.push("CASE");
                for (when, then) in branches {
                    self.push(" WHEN ");
                    self.node(when);
                    self.push(" THEN ");
                    self.node(then);
                }
                if let Some(otherwise) = otherwise {
                    self.push(" ELSE ");
                    self.node(otherwise);
                }
                self.push(" END");
            }
            Node::In { operand, list } => {
                self.push("(");
                self.node(operand);
                self.push(" IN (");
                self.list(list, Sql::node);
                self.push("))");
            }
            Node::InQuery { operand, query } => {
                self.push("(");
                self.node(operand);
                self.push(" IN (");
                self.query(query);
                self.push("))");
            }
            Node::Exists(query) => {
                self.push("EXISTS (");
                self.query(query);
                self.push(")");
            }
            Node::Scalar(query) => {
                self.push("(SELECT CASE WHEN count(*) > 1 THEN trino_many_rows() ELSE max(c0) END FROM (");
                self.query(query);
                self.push("))");
            }
            Node::Aggregate(aggregate) => self.aggregate(aggregate),
            Node::Window(window) => self.window(window),
            Node::Lambda { kind, array, source, body, nested } => {
                self.lambda(*kind, array, *source, body, *nested);
            }
        }
    }

    fn native(&mut self, template: &str, operands: &[Node]) {
        if let [left, right] = operands
            && matches!(template, "({} AND {})" | "({} OR {})")
            && left.any(&mut has_query)
            && right.any(&mut |node| matches!(node, Node::Call(..)))
        {
            return self.left_first(template == "({} OR {})", left, right);
        }
        let mut operands = operands.iter();
        let mut parts = template.split("{}");
        self.push(parts.next().unwrap_or_default());
        for part in parts {
            if let Some(operand) = operands.next() {
                self.node(operand);
            }
            self.push(part);
        }
    }

    /// SQLite asks the right side first when the left one has a query in it: an error there would come through.
    fn left_first(&mut self, or: bool, left: &Node, right: &Node) {
        let (decides, goes_on) = if or { (1, 0) } else { (0, 1) };
        self.push("CASE ");
        self.node(left);
        self.write(format_args!(" WHEN {decides} THEN {decides} WHEN {goes_on} THEN "));
        self.node(right);
        self.push(" ELSE CASE ");
        self.node(right);
        self.write(format_args!(" WHEN {decides} THEN {decides} END END"));
    }

    fn aggregate(&mut self, aggregate: &Aggregate) {
        self.push(aggregate.function);
        self.push(if aggregate.distinct { "(DISTINCT " } else { "(" });
        if aggregate.arguments.is_empty() {
            self.push("*");
        }
        self.list(&aggregate.arguments, Sql::node);
        if !aggregate.order.is_empty() {
            self.push(" ORDER BY ");
            self.list(&aggregate.order, Sql::order_key);
        }
        self.push(")");
        self.filter(aggregate.filter.as_ref());
    }

    fn filter(&mut self, filter: Option<&Node>) {
        if let Some(filter) = filter {
            self.push(" FILTER (WHERE ");
            self.node(filter);
            self.push(")");
        }
    }

    fn window(&mut self, window: &Window) {
        self.push(window.function);
        self.push("(");
        if window.arguments.is_empty() && window.function == "count" {
            self.push("*");
        }
        self.list(&window.arguments, Sql::node);
        self.push(")");
        self.filter(window.filter.as_ref());
        self.push(" OVER (");
        if !window.partition.is_empty() {
            self.push("PARTITION BY ");
            self.list(&window.partition, Sql::key);
        }
        if !window.order.is_empty() {
            self.push(" ORDER BY ");
            self.list(&window.order, Sql::order_key);
        }
        if let Some(frame) = &window.frame {
            self.push(" ");
            self.push(frame);
        }
        self.push(")");
    }

    /// The values come from a query of their own, so that an aggregate around a lambda of outer columns is not taken
    /// for one of the outer query.
    fn lambda(&mut self, kind: LambdaKind, array: &Node, source: usize, body: &Node, nested: bool) {
        self.push("CASE WHEN ");
        self.node(array);
        self.push(" IS NULL THEN NULL ELSE ");
        let collect = if nested { "trino_array_agg_nested" } else { "trino_array_agg" };
        match kind {
            LambdaKind::Transform | LambdaKind::Filter => {
                self.write(format_args!("(SELECT ifnull({collect}(v ORDER BY k), '[]') FROM (SELECT "));
            }
            LambdaKind::AnyMatch => self.push("(SELECT CASE WHEN max(v) = 1 THEN 1 WHEN count(*) > count(v) THEN NULL ELSE 0 END FROM (SELECT "),
            LambdaKind::AllMatch => self.push("(SELECT CASE WHEN min(v) = 0 THEN 0 WHEN count(*) > count(v) THEN NULL ELSE 1 END FROM (SELECT "),
            LambdaKind::NoneMatch => self.push("(SELECT CASE WHEN max(v) = 1 THEN 0 WHEN count(*) > count(v) THEN NULL ELSE 1 END FROM (SELECT "),
        }
        match kind {
            LambdaKind::Filter => self.write(format_args!("t{source}.value")),
            _ => self.node(body),
        }
        self.write(format_args!(" AS v, t{source}.key AS k FROM json_each("));
        self.node(array);
        self.write(format_args!(") AS t{source}"));
        if kind == LambdaKind::Filter {
            self.push(" WHERE ");
            self.node(body);
        }
        self.push(")) END");
    }

    fn text(&mut self, text: &str) {
        if text.contains('\0') {
            self.push("CAST(x'");
            for byte in text.bytes() {
                self.write(format_args!("{byte:02x}"));
            }
            self.push("' AS TEXT)");
        } else {
            self.push("'");
            self.push(&text.replace('\'', "''"));
            self.push("'");
        }
    }
}

fn has_query(node: &Node) -> bool {
    matches!(node, Node::Exists(_) | Node::Scalar(_) | Node::InQuery { .. } | Node::Lambda { .. })
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
