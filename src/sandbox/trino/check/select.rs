//! A select: FROM, WHERE, groups, items, and the order of its query.

use super::super::error::QueryError;
use super::super::tree::{Body, Node, OrderKey, OutColumn, QueryTree, SelectTree, Typed};
use super::super::types::TrinoType;
use super::from::{Source, identifiers};
use super::query::plain;
use super::scope::{Clause, Field, Scope, Site};
use super::{Checker, error_at, folded};
use sqlparser::ast::{
    Distinct, Expr, GroupByExpr, OrderByExpr, Select, SelectFlavor, SelectItem,
    SelectItemQualifiedWildcardKind, Spanned, WildcardAdditionalOptions,
};

/// An item with the expression it came from; none for those of a `*`.
pub(super) struct Item<'e> {
    pub(super) value: Typed,
    pub(super) expr: Option<&'e Expr>,
    name: Option<String>,
}

impl Checker<'_> {
    pub(super) fn select(
        &mut self,
        select: &Select,
        keys: &[OrderByExpr],
        outer: Option<&Scope<'_>>,
    ) -> Result<QueryTree, QueryError> {
        self.only_listed(select)?;
        let around = self.first;
        self.first = self.sources.saturating_add(1);
        let done = self.select_body(select, keys, outer);
        self.first = around;
        done
    }

    fn select_body(
        &mut self,
        select: &Select,
        keys: &[OrderByExpr],
        outer: Option<&Scope<'_>>,
    ) -> Result<QueryTree, QueryError> {
        let (relation, columns) = match self.from(&select.from, outer)? {
            Some(Source { relation, fields }) => (Some(relation), fields),
            None => (None, Vec::new()),
        };
        let last = self.sources;
        let scope = Scope { fields: &columns, parent: outer };
        let filter = match &select.selection {
            Some(filter) => Some(self.condition(&scope, filter, "WHERE")?),
            None => None,
        };
        let items = self.items(select, &scope)?;
        let groups = self.groups(select, &scope, &items)?;
        let having = match &select.having {
            Some(having) => Some((self.having(&scope, having)?, having)),
            None => None,
        };
        let distinct = match &select.distinct {
            None | Some(Distinct::All) => false,
            Some(Distinct::Distinct) => true,
            Some(Distinct::On(_)) => {
                return Err(error_at(
                    "SYNTAX_ERROR",
                    select.span().start,
                    "mismatched input 'ON'. Expecting: <expression>",
                ));
            }
        };
        let mut order = self.order(&scope, keys, &items, distinct)?;
        let out = items
            .iter()
            .map(|item| OutColumn { name: item.name.clone(), kind: item.value.kind.clone() })
            .collect();
        let tree = SelectTree { distinct, items: Vec::new(), from: relation, filter, group: Vec::new() };
        let tree = self.grouped(tree, items, groups, having, &mut order, (self.first, last))?;
        let mut query = plain(Body::Select(Box::new(tree)), out);
        query.order = order.into_iter().map(|(key, _)| key).collect();
        Ok(query)
    }

    /// Refuses all that sqlparser reads and Trino has not.
    fn only_listed(&self, select: &Select) -> Result<(), QueryError> {
        let at = select.select_token.0.span.start;
        let Select {
            select_token: _,
            optimizer_hints: _,
            distinct: _,
            select_modifiers: None,
            top: None,
            top_before_distinct: _,
            projection: _,
            exclude: None,
            into: None,
            from: _,
            lateral_views,
            prewhere: None,
            selection: _,
            connect_by,
            group_by: _,
            cluster_by,
            distribute_by,
            sort_by,
            having: _,
            named_window,
            qualify: None,
            window_before_qualify: _,
            value_table_mode: None,
            flavor: SelectFlavor::Standard,
        } = select
        else {
            return Err(error_at("SYNTAX_ERROR", at, "mismatched input in a clause of SELECT"));
        };
        if !named_window.is_empty() {
            return Err(self.unsupported(at, "WINDOW"));
        }
        let none = lateral_views.is_empty()
            && connect_by.is_empty()
            && cluster_by.is_empty()
            && distribute_by.is_empty()
            && sort_by.is_empty();
        if none {
            Ok(())
        } else {
            Err(error_at("SYNTAX_ERROR", at, "mismatched input in a clause of SELECT"))
        }
    }

    fn items<'e>(&mut self, select: &'e Select, scope: &Scope<'_>) -> Result<Vec<Item<'e>>, QueryError> {
        let site = Site { scope, clause: Clause::Free };
        let mut items = Vec::new();
        for item in &select.projection {
            match item {
                SelectItem::UnnamedExpr(expr) => {
                    let value = self.expr(site, expr)?;
                    let name = match expr {
                        Expr::Identifier(name) => Some(folded(name)),
                        Expr::CompoundIdentifier(names) => names.last().map(folded),
                        _ => None,
                    };
                    items.push(Item { value, expr: Some(expr), name });
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    let value = self.expr(site, expr)?;
                    items.push(Item { value, expr: Some(expr), name: Some(alias.value.clone()) });
                }
                SelectItem::Wildcard(options) => {
                    self.plain_wildcard(options)?;
                    if select.from.is_empty() {
                        let at = options.wildcard_token.0.span.start;
                        let message = "SELECT * not allowed in queries without FROM clause";
                        return Err(error_at("COLUMN_NOT_FOUND", at, message));
                    }
                    items.extend(scope.fields.iter().map(item_of));
                }
                SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), options) => {
                    self.plain_wildcard(options)?;
                    let at = name.span().start;
                    let names: Vec<String> =
                        identifiers(name).unwrap_or_default().iter().map(folded).collect();
                    let mut found =
                        scope.fields.iter().filter(|field| field.relation.ends_with(&names)).peekable();
                    if found.peek().is_none() {
                        let message = format!("Unable to resolve reference {}", names.join("."));
                        return Err(error_at("TABLE_NOT_FOUND", at, &message));
                    }
                    items.extend(found.map(item_of));
                }
                other => return Err(self.unsupported(other.span().start, "This form of an item")),
            }
        }
        Ok(items)
    }

    fn plain_wildcard(&self, options: &WildcardAdditionalOptions) -> Result<(), QueryError> {
        let WildcardAdditionalOptions {
            wildcard_token,
            opt_ilike: None,
            opt_exclude: None,
            opt_except: None,
            opt_replace: None,
            opt_rename: None,
            opt_alias: None,
        } = options
        else {
            let at = options.wildcard_token.0.span.start;
            return Err(error_at("SYNTAX_ERROR", at, "mismatched input after '*'. Expecting: ',', 'FROM'"));
        };
        let _ = wildcard_token;
        Ok(())
    }

    /// None without groups.
    fn groups(
        &mut self,
        select: &Select,
        scope: &Scope<'_>,
        items: &[Item<'_>],
    ) -> Result<Option<Vec<Node>>, QueryError> {
        let GroupByExpr::Expressions(keys, modifiers) = &select.group_by else {
            return Err(error_at("SYNTAX_ERROR", select.span().start, "mismatched input 'ALL'"));
        };
        if !modifiers.is_empty() {
            return Err(error_at("SYNTAX_ERROR", select.span().start, "mismatched input 'WITH'"));
        }
        if keys.is_empty() {
            return Ok(None);
        }
        let site = Site { scope, clause: Clause::Plain("GROUP BY clause") };
        let mut groups = Vec::new();
        for key in keys.iter().flat_map(|key| match key {
            Expr::Tuple(keys) => keys.as_slice(),
            key => std::slice::from_ref(key),
        }) {
            if matches!(key, Expr::GroupingSets(_) | Expr::Cube(_) | Expr::Rollup(_)) {
                return Err(self.unsupported(self.at(key), "GROUPING SETS"));
            }
            let value = match self.position(key, items.len(), "GROUP BY")?.and_then(|at| items.get(at)) {
                Some(item) => {
                    if let Some(expr) = item.expr {
                        // With the clause of GROUP BY, to refuse an aggregate.
                        self.expr(site, expr)?
                    } else {
                        item.value.clone()
                    }
                }
                None => self.expr(site, key)?,
            };
            if matches!(value.kind, TrinoType::Map(..)) {
                let message =
                    format!("{} is not comparable, and therefore cannot be used in GROUP BY", value.kind);
                return Err(self.mismatch(key, &message));
            }
            groups.push(value.node);
        }
        Ok(Some(groups))
    }

    fn having(&mut self, scope: &Scope<'_>, having: &Expr) -> Result<Node, QueryError> {
        let value = self.expr(Site { scope, clause: Clause::Having }, having)?;
        if Site::fits(&value, &TrinoType::Boolean) {
            return Ok(value.node);
        }
        let message = format!("HAVING clause must evaluate to a boolean: actual type {}", value.kind);
        Err(self.mismatch(having, &message))
    }

    /// The keys of the order: the select's own columns come before those of its relations.
    fn order<'k>(
        &mut self,
        scope: &Scope<'_>,
        keys: &'k [OrderByExpr],
        items: &[Item<'_>],
        distinct: bool,
    ) -> Result<Vec<(OrderKey, &'k Expr)>, QueryError> {
        let own: Vec<Field> = items
            .iter()
            .map(|item| Field {
                relation: Vec::new(),
                name: item.name.as_deref().map(str::to_lowercase),
                value: item.value.clone(),
            })
            .collect();
        let own = Scope { fields: &own, parent: Some(scope) };
        let mut order = Vec::new();
        for key in keys {
            let value = match self.position(&key.expr, items.len(), "ORDER BY")?.and_then(|at| items.get(at))
            {
                Some(item) => item.value.clone(),
                None => self.expr(Site { scope: &own, clause: Clause::Free }, &key.expr)?,
            };
            let place = items.iter().position(|item| item.value.node == value.node);
            if distinct && place.is_none() {
                let message = "For SELECT DISTINCT, ORDER BY expressions must appear in select list";
                return Err(self.error("EXPRESSION_NOT_IN_DISTINCT", &key.expr, message));
            }
            let mut found = self.order_key(key, value)?;
            if let Some(place) = place {
                found.node = Node::Position(place);
            }
            order.push((found, &key.expr));
        }
        Ok(order)
    }
}

fn item_of<'e>(field: &Field) -> Item<'e> {
    Item { value: field.value.clone(), expr: None, name: field.name.clone() }
}
