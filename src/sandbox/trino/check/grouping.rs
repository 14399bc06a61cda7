//! A select with groups as two: the inner one gives keys and aggregates, the outer one what is made of them. So nothing
//! of a row can get past the groups, which SQLite would allow.

use super::super::error::QueryError;
use super::super::tree::{Aggregate, Body, ColumnName, Node, OrderKey, OutColumn, Relation, SelectTree};
use super::super::types::TrinoType;
use super::query::plain;
use super::select::Item;
use super::{Checker, words};
use sqlparser::ast::Expr;

impl Checker<'_> {
    /// `tree` with its items: grouped, when it has groups, aggregates or HAVING. `own` are the first and the last of its
    /// relations.
    pub(super) fn grouped(
        &mut self,
        mut tree: SelectTree,
        items: Vec<Item<'_>>,
        groups: Option<Vec<Node>>,
        having: Option<(Node, &Expr)>,
        order: &mut [(OrderKey, &Expr)],
        own: (usize, usize),
    ) -> Result<SelectTree, QueryError> {
        let aggregates = items.iter().any(|item| has_aggregate(&item.value.node))
            || order.iter().any(|(key, _)| has_aggregate(&key.node));
        if groups.is_none() && having.is_none() && !aggregates {
            tree.items = items.into_iter().map(|item| item.value.node).collect();
            return Ok(tree);
        }
        let groups = groups.unwrap_or_default();
        let check = |node: &Node| of_groups(node, &groups, own, false);
        for item in &items {
            if !check(&item.value.node) {
                return Err(self.not_grouped(item.expr));
            }
        }
        if let Some((node, expr)) = &having
            && !check(node)
        {
            return Err(self.not_grouped(Some(expr)));
        }
        for (key, expr) in order.iter() {
            if !check(&key.node) {
                return Err(self.not_grouped(Some(expr)));
            }
        }
        let source = self.next_source();
        let mut inner = Inner { groups, aggregates: Vec::new(), source };
        let mut items: Vec<Node> = items.into_iter().map(|item| item.value.node).collect();
        items.iter_mut().for_each(|node| inner.replace(node, false));
        let filter = having.map(|(mut node, _)| {
            inner.replace(&mut node, false);
            node
        });
        order.iter_mut().for_each(|(key, _)| inner.replace(&mut key.node, false));
        if inner.groups.is_empty() && inner.aggregates.is_empty() {
            // One group: it has a row, whatever is asked of it.
            let count = Aggregate {
                function: "count",
                arguments: Vec::new(),
                distinct: false,
                order: Vec::new(),
                filter: None,
            };
            inner.aggregates.push(Node::Aggregate(Box::new(count)));
        }
        let distinct = std::mem::take(&mut tree.distinct);
        tree.items = [inner.groups.clone(), inner.aggregates].concat();
        tree.group = inner.groups;
        let columns = vec![OutColumn { name: None, kind: TrinoType::Unknown }; tree.items.len()];
        let query = Box::new(plain(Body::Select(Box::new(tree)), columns));
        let from = Some(Relation::Query { query, source });
        Ok(SelectTree { distinct, items, from, filter, group: Vec::new() })
    }

    fn not_grouped(&self, expr: Option<&Expr>) -> QueryError {
        let Some(expr) = expr else {
            return QueryError::user(
                "EXPRESSION_NOT_AGGREGATE",
                "line 1:8: Column of '*' not in GROUP BY clause",
            );
        };
        let message = format!(
            "'{}' must be an aggregate expression or appear in GROUP BY clause",
            words::expression(expr)
        );
        self.error("EXPRESSION_NOT_AGGREGATE", expr, &message)
    }
}

/// Whether an aggregate of this select is in it: those within queries are theirs.
fn has_aggregate(node: &Node) -> bool {
    match node {
        Node::Aggregate(_) => true,
        Node::Exists(_) | Node::Scalar(_) => false,
        Node::InQuery { operand, .. } => has_aggregate(operand),
        node => {
            let mut found = false;
            node.clone().each_mut(&mut |inner| found = found || has_aggregate(inner));
            found
        }
    }
}

/// Whether it is made of keys, aggregates and columns of other selects.
fn of_groups(node: &Node, groups: &[Node], own: (usize, usize), nested: bool) -> bool {
    if groups.contains(node) {
        return true;
    }
    match node {
        Node::Column { source, .. } => *source < own.0 || *source > own.1,
        Node::Aggregate(_) if !nested => true,
        Node::InQuery { operand, .. } if !nested && !of_groups(operand, groups, own, false) => false,
        node => {
            let nested = nested || matches!(node, Node::Exists(_) | Node::Scalar(_) | Node::InQuery { .. });
            let mut fine = true;
            node.clone().each_mut(&mut |inner| fine = fine && of_groups(inner, groups, own, nested));
            fine
        }
    }
}

/// What the inner select gives.
struct Inner {
    groups: Vec<Node>,
    aggregates: Vec<Node>,
    source: usize,
}

impl Inner {
    /// Puts the columns of the inner select in the place of what it gives.
    fn replace(&mut self, node: &mut Node, nested: bool) {
        let column = |at| Node::Column { source: self.source, name: ColumnName::At(at) };
        if let Some(at) = self.groups.iter().position(|group| group == node) {
            *node = column(at);
            return;
        }
        if matches!(node, Node::Aggregate(_)) && !nested {
            let at = self.aggregates.iter().position(|aggregate| aggregate == node).unwrap_or_else(|| {
                self.aggregates.push(node.clone());
                self.aggregates.len().saturating_sub(1)
            });
            *node = column(self.groups.len().saturating_add(at));
            return;
        }
        if let Node::InQuery { operand, .. } = node {
            self.replace(operand, nested);
        }
        let nested = nested || matches!(node, Node::Exists(_) | Node::Scalar(_) | Node::InQuery { .. });
        node.each_mut(&mut |inner| self.replace(inner, nested));
    }
}
