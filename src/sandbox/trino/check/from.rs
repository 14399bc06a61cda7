//! Tables, queries in FROM, joins, UNNEST.

use super::super::error::QueryError;
use super::super::tree::{ColumnName, JoinKind, Node, Relation, Typed};
use super::super::types::TrinoType;
use super::super::{Missing, TableShape};
use super::cast::coerce;
use super::scope::{Clause, Field, Scope, Site, fields};
use super::{Checker, error_at, folded};
use sqlparser::ast::{
    Expr, Ident, JoinConstraint, JoinOperator, ObjectName, ObjectNamePart, Query, Spanned, TableAlias,
    TableFactor, TableWithJoins,
};
use sqlparser::tokenizer::Location;

/// A relation with its columns.
pub(super) struct Source {
    pub(super) relation: Relation,
    pub(super) fields: Vec<Field>,
}

/// The catalog of tables on the platform.
const CATALOG: &str = "td-presto";

impl Checker<'_> {
    /// The relations of FROM, side by side.
    pub(super) fn from(
        &mut self,
        from: &[TableWithJoins],
        outer: Option<&Scope<'_>>,
    ) -> Result<Option<Source>, QueryError> {
        let mut all: Option<Source> = None;
        for part in from {
            all = Some(match all {
                None => self.joins(part, outer)?,
                Some(left) => {
                    // An UNNEST after a comma sees the relations before it.
                    let scope = Scope { fields: &left.fields, parent: outer };
                    let right = if is_unnest(&part.relation) {
                        self.joins(part, Some(&scope))?
                    } else {
                        self.joins(part, outer)?
                    };
                    cross(left, right)
                }
            });
        }
        Ok(all)
    }

    fn joins(&mut self, part: &TableWithJoins, outer: Option<&Scope<'_>>) -> Result<Source, QueryError> {
        let mut left = self.factor(&part.relation, outer)?;
        for join in &part.joins {
            let at = join.relation.span().start;
            let (kind, constraint) = match &join.join_operator {
                JoinOperator::Join(constraint) | JoinOperator::Inner(constraint) => {
                    (JoinKind::Inner, constraint)
                }
                JoinOperator::Left(constraint) | JoinOperator::LeftOuter(constraint) => {
                    (JoinKind::Left, constraint)
                }
                JoinOperator::Right(constraint) | JoinOperator::RightOuter(constraint) => {
                    (JoinKind::Right, constraint)
                }
                JoinOperator::FullOuter(constraint) => (JoinKind::Full, constraint),
                JoinOperator::CrossJoin(constraint) => (JoinKind::Cross, constraint),
                _ => return Err(error_at("SYNTAX_ERROR", at, "mismatched input. Expecting: 'JOIN'")),
            };
            if join.global {
                return Err(error_at("SYNTAX_ERROR", at, "mismatched input 'GLOBAL'"));
            }
            let unnest = is_unnest(&join.relation);
            let right = if unnest {
                if !matches!(kind, JoinKind::Cross | JoinKind::Left | JoinKind::Inner) {
                    return Err(self.unsupported(at, "RIGHT or FULL JOIN involving UNNEST"));
                }
                let scope = Scope { fields: &left.fields, parent: outer };
                self.factor(&join.relation, Some(&scope))?
            } else {
                self.factor(&join.relation, outer)?
            };
            left = self.join(kind, left, right, constraint, unnest, at, outer)?;
        }
        Ok(left)
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of a join")]
    fn join(
        &mut self,
        kind: JoinKind,
        left: Source,
        right: Source,
        constraint: &JoinConstraint,
        unnest: bool,
        at: Location,
        outer: Option<&Scope<'_>>,
    ) -> Result<Source, QueryError> {
        match constraint {
            JoinConstraint::None if kind == JoinKind::Cross => Ok(cross(left, right)),
            JoinConstraint::None => {
                Err(error_at("SYNTAX_ERROR", at, "mismatched input. Expecting: 'ON', 'USING'"))
            }
            JoinConstraint::On(on) => {
                let fields = [left.fields, right.fields].concat();
                let scope = Scope { fields: &fields, parent: outer };
                let condition = self.condition(&scope, on, "JOIN")?;
                let literal = matches!(condition, Node::Int(1));
                if unnest && kind == JoinKind::Left && !literal {
                    return Err(self.unsupported(at, "LEFT JOIN UNNEST on a condition other than TRUE"));
                }
                let relation = Relation::Join {
                    kind,
                    left: Box::new(left.relation),
                    right: Box::new(right.relation),
                    on: Some(condition),
                };
                Ok(Source { relation, fields })
            }
            JoinConstraint::Using(names) => self.using(kind, left, right, names, at),
            JoinConstraint::Natural => Err(self.unsupported(at, "Natural join")),
            JoinConstraint::UsingAlias(..) => Err(error_at("SYNTAX_ERROR", at, "mismatched input 'AS'")),
        }
    }

    /// The columns of USING come first and once, and have no relation.
    fn using(
        &self,
        kind: JoinKind,
        left: Source,
        right: Source,
        names: &[ObjectName],
        at: Location,
    ) -> Result<Source, QueryError> {
        let (mut merged, mut on) = (Vec::new(), None);
        let mut used = Vec::new();
        for name in names {
            let idents = identifiers(name)
                .filter(|idents| idents.len() == 1)
                .ok_or_else(|| error_at("SYNTAX_ERROR", at, "mismatched input. Expecting: ')'"))?;
            let side = |fields: &[Field], word: &str| {
                let scope = Scope { fields, parent: None };
                scope.column(&idents, name.span().start)?.ok_or_else(|| {
                    let name_text = super::words::names(&idents);
                    error_at(
                        "COLUMN_NOT_FOUND",
                        name.span().start,
                        &format!("Column '{name_text}' is missing from {word} side of join"),
                    )
                })
            };
            let (own, other) = (side(&left.fields, "left")?, side(&right.fields, "right")?);
            let common = self.comparable(&own, &other, false).ok_or_else(|| {
                let message = format!(
                    "Column types of USING clause are not comparable: {} vs {}",
                    own.kind, other.kind
                );
                error_at("TYPE_MISMATCH", name.span().start, &message)
            })?;
            used.push(own.node.clone());
            used.push(other.node.clone());
            let (own, other) = (coerce(own, &common), coerce(other, &common));
            let same = Node::Native("({} = {})", vec![own.clone(), other.clone()]);
            on = Some(match on {
                None => same,
                Some(on) => Node::Native("({} AND {})", vec![on, same]),
            });
            let node = match kind {
                JoinKind::Right => other,
                JoinKind::Full => Node::Native("ifnull({}, {})", vec![own, other]),
                _ => own,
            };
            let name = idents.first().map(folded);
            merged.push(Field { relation: Vec::new(), name, value: Typed::new(node, common) });
        }
        let others = left.fields.into_iter().chain(right.fields);
        merged.extend(others.filter(|field| !used.contains(&field.value.node)));
        let relation =
            Relation::Join { kind, left: Box::new(left.relation), right: Box::new(right.relation), on };
        Ok(Source { relation, fields: merged })
    }

    fn factor(&mut self, factor: &TableFactor, outer: Option<&Scope<'_>>) -> Result<Source, QueryError> {
        let at = factor.span().start;
        match factor {
            TableFactor::Table {
                name, alias, args: Some(arguments), with_ordinality, sample: None, ..
            } => self.unnest(alias.as_ref(), name, arguments, *with_ordinality, outer, at),
            TableFactor::Table {
                name,
                alias,
                args: None,
                with_hints,
                version: None,
                with_ordinality: false,
                partitions,
                json_path: None,
                sample: None,
                index_directives,
                inheritance: None,
            } if with_hints.is_empty() && partitions.is_empty() && index_directives.is_empty() => {
                self.table(name, alias.as_ref())
            }
            TableFactor::Table { sample: Some(_), .. } => Err(self.unsupported(at, "TABLESAMPLE")),
            TableFactor::Derived { lateral: false, subquery, alias, sample: None } => {
                self.derived(subquery, alias.as_ref(), outer)
            }
            TableFactor::Derived { lateral: true, .. } => Err(self.unsupported(at, "LATERAL")),
            TableFactor::NestedJoin { table_with_joins, alias: None } => self.joins(table_with_joins, outer),
            _ => Err(self.unsupported(at, "This relation")),
        }
    }

    fn table(&mut self, name: &ObjectName, alias: Option<&TableAlias>) -> Result<Source, QueryError> {
        let at = name.span().start;
        let idents = identifiers(name).ok_or_else(|| error_at("SYNTAX_ERROR", at, "mismatched input '('"))?;
        let names: Vec<String> = idents.iter().map(folded).collect();
        if let [name] = names.as_slice()
            && let Some(named) = self.withs.iter().rev().find(|named| named.name == *name)
        {
            let (number, columns) = (named.number, named.columns.clone());
            let source = self.next_source();
            let relation = Relation::With { number, source };
            let columns = fields(&columns, std::slice::from_ref(name), |at| Node::Column {
                source,
                name: ColumnName::At(at),
            });
            return self.aliased(relation, columns, alias);
        }
        let (database, table) = match names.as_slice() {
            [table] => (self.request.database.to_lowercase(), table.clone()),
            [database, table] => (database.clone(), table.clone()),
            [catalog, database, table] if catalog == CATALOG => (database.clone(), table.clone()),
            [catalog, _, _] => {
                return Err(error_at(
                    "CATALOG_NOT_FOUND",
                    at,
                    &format!("Catalog '{catalog}' does not exist"),
                ));
            }
            _ => {
                return Err(error_at(
                    "SYNTAX_ERROR",
                    at,
                    &format!("Too many dots in table name: {}", names.join(".")),
                ));
            }
        };
        let TableShape { storage, columns } =
            self.schema.table(&database, &table).map_err(|missing| match missing {
                Missing::Database => {
                    error_at("SCHEMA_NOT_FOUND", at, &format!("Schema '{database}' does not exist"))
                }
                Missing::Table => error_at(
                    "TABLE_NOT_FOUND",
                    at,
                    &format!("Table '{CATALOG}.{database}.{table}' does not exist"),
                ),
            })?;
        let source = self.next_source();
        let relation = [CATALOG.to_owned(), database, table];
        let columns = columns
            .into_iter()
            .map(|column| Field {
                relation: relation.to_vec(),
                name: Some(column.name),
                value: Typed::new(
                    Node::Column { source, name: ColumnName::Stored(column.storage) },
                    column.kind,
                ),
            })
            .collect();
        self.aliased(Relation::Table { storage, source }, columns, alias)
    }

    fn derived(
        &mut self,
        query: &Query,
        alias: Option<&TableAlias>,
        outer: Option<&Scope<'_>>,
    ) -> Result<Source, QueryError> {
        let query = Box::new(self.query(query, outer)?);
        let source = self.next_source();
        let columns = fields(&query.columns, &[], |at| Node::Column { source, name: ColumnName::At(at) });
        self.aliased(Relation::Query { query, source }, columns, alias)
    }

    /// The columns under the names of an alias.
    pub(super) fn aliased(
        &self,
        relation: Relation,
        mut columns: Vec<Field>,
        alias: Option<&TableAlias>,
    ) -> Result<Source, QueryError> {
        let Some(alias) = alias else { return Ok(Source { relation, fields: columns }) };
        let at = alias.name.span.start;
        if alias.at.is_some() || alias.columns.iter().any(|column| column.data_type.is_some()) {
            return Err(error_at("SYNTAX_ERROR", at, "mismatched input. Expecting: ')', ','"));
        }
        let name = folded(&alias.name);
        if !alias.columns.is_empty() && alias.columns.len() != columns.len() {
            let message = format!(
                "Column alias list has {} entries but '{name}' has {} columns available",
                alias.columns.len(),
                columns.len()
            );
            return Err(error_at("MISMATCHED_COLUMN_ALIASES", at, &message));
        }
        for (at, field) in columns.iter_mut().enumerate() {
            field.relation = vec![name.clone()];
            if let Some(column) = alias.columns.get(at) {
                field.name = Some(folded(&column.name));
            }
        }
        Ok(Source { relation, fields: columns })
    }

    /// A condition of WHERE or JOIN.
    pub(super) fn condition(
        &mut self,
        scope: &Scope<'_>,
        expr: &Expr,
        clause: &str,
    ) -> Result<Node, QueryError> {
        let name = if clause == "JOIN" { "JOIN clause" } else { "WHERE clause" };
        let value = self.expr(Site { scope, clause: Clause::Plain(name) }, expr)?;
        if Site::fits(&value, &TrinoType::Boolean) {
            return Ok(value.node);
        }
        let message = match clause {
            "JOIN" => format!("JOIN ON clause must evaluate to a boolean: actual type {}", value.kind),
            _ => format!("WHERE clause must evaluate to a boolean: actual type {}", value.kind),
        };
        Err(self.mismatch(expr, &message))
    }
}

/// UNNEST sees the relations before it.
fn is_unnest(factor: &TableFactor) -> bool {
    matches!(factor, TableFactor::Table { args: Some(_), .. })
}

fn cross(left: Source, right: Source) -> Source {
    let fields = [left.fields, right.fields].concat();
    let (left, right) = (Box::new(left.relation), Box::new(right.relation));
    Source { relation: Relation::Join { kind: JoinKind::Cross, left, right, on: None }, fields }
}

/// The names of `a.b.c`.
pub(super) fn identifiers(name: &ObjectName) -> Option<Vec<Ident>> {
    name.0
        .iter()
        .map(|part| match part {
            ObjectNamePart::Identifier(name) => Some(name.clone()),
            ObjectNamePart::Function(_) => None,
        })
        .collect()
}
