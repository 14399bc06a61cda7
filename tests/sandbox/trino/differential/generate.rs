//! Queries at random, of the types that they need.

use super::ast::{Agg, E, F, Item, Q, T, V, Win};
use crate::common::Random;

/// A column that can be named, by its place in the row.
pub type Column = (String, T);

pub struct Generator<'r> {
    pub random: &'r mut Random,
    /// Whether expressions may fail on some rows.
    pub may_fail: bool,
}

const WORDS: [&str; 10] = ["", "a", "A", "b", "ab", "a%b", "x_y", "it's", "é€", "12"];

fn logs(alias: &str) -> Vec<Column> {
    [
        ("time", T::Int),
        ("name", T::Text),
        ("n", T::Int),
        ("d", T::Num),
        ("ok", T::Bool),
        ("tags", T::Texts),
        ("big", T::Int),
    ]
    .map(|(name, kind)| (format!("{alias}.{name}"), kind))
    .to_vec()
}

fn people(alias: &str) -> Vec<Column> {
    vec![(format!("{alias}.name"), T::Text), (format!("{alias}.age"), T::Int)]
}

fn boxed(expr: E) -> Box<E> {
    Box::new(expr)
}

impl Generator<'_> {
    fn column(&mut self, kind: T, scope: &[Column]) -> Option<E> {
        let fitting: Vec<usize> = (0..scope.len())
            .filter(|at| scope[*at].1 == kind && (self.may_fail || !scope[*at].0.ends_with("big")))
            .collect();
        if fitting.is_empty() {
            return None;
        }
        let at = *self.random.pick(&fitting);
        Some(E::Col(at, scope[at].0.clone()))
    }

    fn literal(&mut self, kind: T) -> E {
        if self.random.one_in(12) {
            return E::Cast(boxed(E::Lit(V::Null)), kind, false);
        }
        E::Lit(match kind {
            T::Bool => V::Bool(self.random.one_in(2)),
            T::Int => V::Int(self.random.below(6) as i64),
            T::Num => V::Num(self.random.below(20) as f64 / 4.0),
            T::Text => V::Text((*self.random.pick(&WORDS)).to_owned()),
            T::Texts => V::List(
                (0..1 + self.random.below(3))
                    .map(|_| V::Text((*self.random.pick(&WORDS)).to_owned()))
                    .collect(),
            ),
        })
    }

    fn leaf(&mut self, kind: T, scope: &[Column]) -> E {
        if self.random.one_in(4) {
            return self.literal(kind);
        }
        self.column(kind, scope).unwrap_or_else(|| self.literal(kind))
    }

    pub fn expr(&mut self, kind: T, depth: u32, scope: &[Column]) -> E {
        if depth == 0 {
            return self.leaf(kind, scope);
        }
        let next = depth - 1;
        if self.random.one_in(6) {
            return self.choice(kind, next, scope);
        }
        match kind {
            T::Bool => self.truth(next, scope),
            T::Int => self.whole(next, scope),
            T::Num => self.fraction(next, scope),
            T::Text => self.text(next, scope),
            T::Texts => self.list(next, scope),
        }
    }

    fn choice(&mut self, kind: T, depth: u32, scope: &[Column]) -> E {
        let of = |this: &mut Self| this.expr(kind, depth, scope);
        match self.random.below(5) {
            0 => E::Call("coalesce", vec![of(self), of(self)]),
            1 => {
                let condition = self.truth(depth, scope);
                E::Call("if", vec![condition, self.expr(kind, depth, scope), self.expr(kind, depth, scope)])
            }
            2 if matches!(kind, T::Int | T::Text) => E::Call("nullif", vec![of(self), of(self)]),
            3 => {
                let operand = self.leaf(T::Text, scope);
                let branches =
                    (0..2).map(|_| (self.leaf(T::Text, scope), self.expr(kind, depth, scope))).collect();
                E::Case(Some(boxed(operand)), branches, Some(boxed(self.expr(kind, depth, scope))))
            }
            _ => {
                let branches =
                    (0..2).map(|_| (self.truth(depth, scope), self.expr(kind, depth, scope))).collect();
                let otherwise =
                    if self.random.one_in(2) { Some(boxed(self.expr(kind, depth, scope))) } else { None };
                E::Case(None, branches, otherwise)
            }
        }
    }

    fn truth(&mut self, depth: u32, scope: &[Column]) -> E {
        let kinds = [T::Int, T::Num, T::Text];
        let kind = *self.random.pick(&kinds);
        let negated = self.random.one_in(3);
        match self.random.below(13) {
            0..=2 => {
                let op = *self.random.pick(&["=", "<>", "<", "<=", ">", ">="]);
                E::Bin(op, boxed(self.expr(kind, depth, scope)), boxed(self.expr(kind, depth, scope)))
            }
            3 if depth > 0 => {
                E::Bin("AND", boxed(self.truth(depth - 1, scope)), boxed(self.truth(depth - 1, scope)))
            }
            4 if depth > 0 => {
                E::Bin("OR", boxed(self.truth(depth - 1, scope)), boxed(self.truth(depth - 1, scope)))
            }
            5 if depth > 0 => E::Not(boxed(self.truth(depth - 1, scope))),
            6 => E::IsNull(boxed(self.expr(kind, depth, scope)), negated),
            7 => {
                let mut of = || boxed(self.leaf(kind, scope));
                E::Between(of(), of(), of(), negated)
            }
            8 => {
                let list = (0..2 + self.random.below(2)).map(|_| self.literal(kind)).collect();
                E::In(boxed(self.leaf(kind, scope)), list, negated)
            }
            9 => {
                let pattern = *self.random.pick(&["%", "a%", "%b", "_", "A%", "%'%", "", "é_", "%a%b%"]);
                E::Like(boxed(self.expr(T::Text, depth, scope)), pattern.to_owned(), None, negated)
            }
            10 => E::Like(
                boxed(self.leaf(T::Text, scope)),
                (*self.random.pick(&["a!%b", "x!_%", "!!%"])).to_owned(),
                Some('!'),
                negated,
            ),
            11 => E::Call("contains", vec![self.leaf(T::Texts, scope), self.leaf(T::Text, scope)]),
            _ => match self.column(T::Bool, scope) {
                Some(column) => column,
                None => E::Call(
                    "td_time_range",
                    vec![self.leaf(T::Int, scope), E::Lit(V::Int(2)), E::Lit(V::Int(5))],
                ),
            },
        }
    }

    fn whole(&mut self, depth: u32, scope: &[Column]) -> E {
        match self.random.below(13) {
            0 | 1 => {
                let op = *self.random.pick(&["+", "-", "*"]);
                let left =
                    if self.may_fail { self.expr(T::Int, depth, scope) } else { self.leaf(T::Int, scope) };
                // A column or a cast on one side: two literals are an integer, which has 32 bits.
                let left = E::Cast(boxed(left), T::Int, false);
                E::Bin(op, boxed(left), boxed(self.leaf(T::Int, scope)))
            }
            2 | 12 if self.may_fail => {
                let op = *self.random.pick(&["/", "%"]);
                let left = E::Cast(boxed(self.expr(T::Int, depth, scope)), T::Int, false);
                E::Bin(op, boxed(left), boxed(self.leaf(T::Int, scope)))
            }
            3 => E::Call("length", vec![self.expr(T::Text, depth, scope)]),
            4 => E::Cast(boxed(self.leaf(T::Text, scope)), T::Int, !self.may_fail || self.random.one_in(2)),
            5 => E::Call("cardinality", vec![self.expr(T::Texts, depth, scope)]),
            6 => E::Call("strpos", vec![self.leaf(T::Text, scope), self.leaf(T::Text, scope)]),
            7 => E::Cast(boxed(self.leaf(T::Num, scope)), T::Int, false),
            8 => E::Call("abs", vec![E::Cast(boxed(self.leaf(T::Int, scope)), T::Int, false)]),
            9 => {
                let (name, cast) = (
                    *self.random.pick(&["greatest", "least"]),
                    E::Cast(boxed(self.leaf(T::Int, scope)), T::Int, false),
                );
                E::Call(name, vec![cast, self.leaf(T::Int, scope)])
            }
            10 => E::Neg(boxed(E::Cast(boxed(self.leaf(T::Int, scope)), T::Int, false))),
            11 => E::Cast(boxed(self.leaf(T::Bool, scope)), T::Int, false),
            _ => self.leaf(T::Int, scope),
        }
    }

    fn fraction(&mut self, depth: u32, scope: &[Column]) -> E {
        match self.random.below(5) {
            0 | 1 => {
                let op = *self.random.pick(&["+", "-", "*"]);
                E::Bin(op, boxed(self.leaf(T::Num, scope)), boxed(self.leaf(T::Num, scope)))
            }
            2 => {
                let name = *self.random.pick(&["floor", "ceil", "abs"]);
                E::Call(name, vec![self.leaf(T::Num, scope)])
            }
            3 => E::Cast(boxed(self.expr(T::Int, depth, scope)), T::Num, false),
            _ => self.leaf(T::Num, scope),
        }
    }

    fn text(&mut self, depth: u32, scope: &[Column]) -> E {
        match self.random.below(9) {
            0 => {
                let name = *self.random.pick(&["lower", "upper", "reverse"]);
                E::Call(name, vec![self.expr(T::Text, depth, scope)])
            }
            1 => E::Bin("||", boxed(self.expr(T::Text, depth, scope)), boxed(self.leaf(T::Text, scope))),
            2 => {
                let start = self.random.below(5) as i64 - 2;
                let length = self.random.below(4) as i64;
                E::Call(
                    "substr",
                    vec![self.leaf(T::Text, scope), E::Lit(V::Int(start)), E::Lit(V::Int(length))],
                )
            }
            3 => E::Call(
                "split_part",
                vec![
                    self.leaf(T::Text, scope),
                    E::Lit(V::Text("a".to_owned())),
                    E::Lit(V::Int(1 + self.random.below(2) as i64)),
                ],
            ),
            4 => E::Call(
                "element_at",
                vec![
                    self.expr(T::Texts, depth, scope),
                    E::Lit(V::Int(if self.random.one_in(3) { -1 } else { 1 })),
                ],
            ),
            5 if self.may_fail => match self.column(T::Texts, scope) {
                Some(list) => E::Call("subscript", vec![list, E::Lit(V::Int(self.random.below(3) as i64))]),
                None => self.leaf(T::Text, scope),
            },
            6 => E::Call(
                "array_join",
                vec![self.expr(T::Texts, depth, scope), E::Lit(V::Text(",".to_owned()))],
            ),
            7 => E::Cast(
                boxed({
                    let kind = *self.random.pick(&[T::Int, T::Bool]);
                    self.leaf(kind, scope)
                }),
                T::Text,
                false,
            ),
            _ => self.leaf(T::Text, scope),
        }
    }

    fn list(&mut self, depth: u32, scope: &[Column]) -> E {
        match self.random.below(4) {
            0 => {
                let body = match self.random.below(3) {
                    0 => E::Call("upper", vec![E::Param]),
                    1 => E::Bin("||", boxed(E::Param), boxed(self.leaf(T::Text, scope))),
                    _ => E::Call("coalesce", vec![E::Param, E::Lit(V::Text("none".to_owned()))]),
                };
                E::Lambda("transform", boxed(self.leaf(T::Texts, scope)), boxed(body))
            }
            1 => {
                let body = match self.random.below(3) {
                    0 => E::Bin("<>", boxed(E::Param), boxed(self.leaf(T::Text, scope))),
                    1 => E::IsNull(boxed(E::Param), true),
                    _ => E::Like(boxed(E::Param), "a%".to_owned(), None, false),
                };
                E::Lambda("filter", boxed(self.leaf(T::Texts, scope)), boxed(body))
            }
            2 => E::Call("array", vec![self.expr(T::Text, depth, scope), self.leaf(T::Text, scope)]),
            _ => self.leaf(T::Texts, scope),
        }
    }

    fn from(&mut self) -> (F, Vec<Column>) {
        match self.random.below(8) {
            0..=2 => (F::Logs("l"), logs("l")),
            3 | 4 => {
                let kind =
                    *self.random.pick(&["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL OUTER JOIN", "INNER JOIN"]);
                let scope = [logs("l"), people("p")].concat();
                let on = E::Bin("=", boxed(E::Col(1, "l.name".into())), boxed(E::Col(7, "p.name".into())));
                let may_fail = std::mem::replace(&mut self.may_fail, false);
                let on = if self.random.one_in(3) {
                    E::Bin("AND", boxed(on), boxed(self.truth(1, &scope)))
                } else {
                    on
                };
                self.may_fail = may_fail;
                (F::Join(kind, Box::new(F::Logs("l")), Box::new(F::People("p")), Some(on)), scope)
            }
            5 => {
                let mut scope = logs("l");
                let array = E::Col(5, "l.tags".into());
                scope.extend([("e.tag".to_owned(), T::Text), ("e.place".to_owned(), T::Int)]);
                (F::Unnest(Box::new(F::Logs("l")), array), scope)
            }
            6 => {
                let scope = [logs("l"), people("p")].concat();
                (F::Join("CROSS JOIN", Box::new(F::Logs("l")), Box::new(F::People("p")), None), scope)
            }
            _ => {
                let may_fail = std::mem::replace(&mut self.may_fail, false);
                let query = self.plain(F::Logs("l"), &logs("l"));
                self.may_fail = may_fail;
                let scope = query
                    .items
                    .iter()
                    .enumerate()
                    .map(|(at, (_, kind))| (format!("q.i{at}"), *kind))
                    .collect();
                (F::Query(Box::new(query)), scope)
            }
        }
    }

    fn filter(&mut self, scope: &[Column]) -> Option<E> {
        if self.random.one_in(3) {
            return None;
        }
        if self.random.one_in(3) {
            let inner = [scope, &people("s")].concat();
            let (name, age) = (scope.len(), scope.len() + 1);
            let name = || E::Col(name, "s.name".into());
            let own = self.column(T::Text, scope).unwrap_or_else(|| self.literal(T::Text));
            let same = E::Bin("=", boxed(name()), boxed(own.clone()));
            let older = E::Bin(
                ">",
                boxed(E::Col(age, "s.age".into())),
                boxed(E::Lit(V::Int(self.random.below(40) as i64))),
            );
            let negated = self.random.one_in(2);
            let _ = inner;
            return Some(match self.random.below(3) {
                0 => E::Exists(boxed(E::Bin("AND", boxed(same), boxed(older))), negated),
                1 => E::InPeople(boxed(own), boxed(older), negated),
                _ => E::Bin("<", boxed(E::OldestOf(boxed(same))), boxed(E::Lit(V::Int(35)))),
            });
        }
        Some(self.truth(2, scope))
    }

    fn plain(&mut self, from: F, scope: &[Column]) -> Q {
        let kinds = [T::Bool, T::Int, T::Num, T::Text, T::Texts];
        let items = (0..2 + self.random.below(2))
            .map(|_| {
                let kind = *self.random.pick(&kinds);
                (Item::Plain(self.expr(kind, 2, scope)), kind)
            })
            .collect();
        // The engine may filter before it joins, and then meets rows that the definition has not.
        let alone = matches!(from, F::Logs(_));
        let may_fail = self.may_fail;
        self.may_fail = may_fail && alone;
        let filter = self.filter(scope);
        self.may_fail = may_fail;
        Q {
            distinct: false,
            items,
            from,
            filter,
            group: None,
            having: None,
            set: None,
            order: Vec::new(),
            limit: None,
            with: false,
        }
    }

    fn aggregate(&mut self, scope: &[Column]) -> (Agg, T) {
        let filter = if self.random.one_in(4) { Some(self.truth(1, scope)) } else { None };
        let (name, of, kind) = match self.random.below(11) {
            0 | 1 => ("count", None, T::Int),
            2 => ("count", Some(self.leaf(T::Text, scope)), T::Int),
            3 => ("sum", Some(self.leaf(T::Int, scope)), T::Int),
            4 => ("sum", Some(self.leaf(T::Num, scope)), T::Num),
            5 => ("avg", Some(self.leaf(T::Int, scope)), T::Num),
            6 => ("min", Some(self.expr(T::Text, 1, scope)), T::Text),
            7 => ("max", Some(self.leaf(T::Int, scope)), T::Int),
            8 => ("count_if", Some(self.truth(1, scope)), T::Int),
            9 => (*self.random.pick(&["bool_and", "bool_or"]), Some(self.leaf(T::Bool, scope)), T::Bool),
            _ => ("array_agg", Some(self.leaf(T::Text, scope)), T::Texts),
        };
        let distinct = matches!(name, "count" | "sum" | "array_agg") && of.is_some() && self.random.one_in(3);
        (Agg { name, of, distinct, filter }, kind)
    }

    fn grouped(&mut self, from: F, scope: &[Column]) -> Q {
        let may_fail = std::mem::replace(&mut self.may_fail, false);
        let keys = self.random.below(3) as usize;
        let mut items = Vec::new();
        for _ in 0..keys {
            let kind = *self.random.pick(&[T::Text, T::Int, T::Bool]);
            // A literal number would be a place.
            let key = self.expr(kind, 1, scope);
            items.push((Item::Plain(key), kind));
        }
        for _ in 0..1 + self.random.below(2) {
            let (agg, kind) = self.aggregate(scope);
            items.push((Item::Agg(agg), kind));
        }
        let having = self.random.one_in(3).then(|| {
            let agg = Agg { name: "count", of: None, distinct: false, filter: None };
            (agg, *self.random.pick(&[">", "<="]), self.random.below(4) as i64)
        });
        let filter = self.filter(scope);
        self.may_fail = may_fail;
        Q {
            distinct: false,
            items,
            from,
            filter,
            group: Some(keys),
            having,
            set: None,
            order: Vec::new(),
            limit: None,
            with: false,
        }
    }

    fn windowed(&mut self) -> Q {
        let may_fail = std::mem::replace(&mut self.may_fail, false);
        let scope = logs("l");
        let mut items = vec![(Item::Plain(E::Col(0, "l.time".into())), T::Int)];
        for _ in 0..2 {
            let partition = if self.random.one_in(3) { Vec::new() } else { vec![self.leaf(T::Text, &scope)] };
            let by_time = (E::Col(0, "l.time".into()), self.random.one_in(2));
            let mut order = vec![by_time];
            let (name, of, kind) = match self.random.below(9) {
                0 => ("row_number", None, T::Int),
                1 | 2 => {
                    order = vec![(self.leaf(T::Int, &scope), self.random.one_in(2))];
                    (*self.random.pick(&["rank", "dense_rank"]), None, T::Int)
                }
                3 => (*self.random.pick(&["lag", "lead"]), Some(self.expr(T::Text, 1, &scope)), T::Text),
                4 => ("sum", Some(E::Col(2, "l.n".into())), T::Int),
                5 => ("count", None, T::Int),
                6 => (*self.random.pick(&["min", "max"]), Some(E::Col(3, "l.d".into())), T::Num),
                _ => (
                    *self.random.pick(&["first_value", "last_value"]),
                    Some(E::Col(1, "l.name".into())),
                    T::Text,
                ),
            };
            let framed = !matches!(name, "row_number" | "rank" | "dense_rank" | "lag" | "lead")
                && self.random.one_in(2);
            let frame = framed.then(|| {
                let bound = |random: &mut Random| (!random.one_in(3)).then(|| random.below(3) as i64);
                (bound(self.random), bound(self.random))
            });
            let offset = self.random.below(3) as i64;
            items.push((Item::Win(Win { name, of, offset, partition, order, frame }), kind));
        }
        let filter = self.filter(&scope);
        self.may_fail = may_fail;
        Q {
            distinct: false,
            items,
            from: F::Logs("l"),
            filter,
            group: None,
            having: None,
            set: None,
            order: Vec::new(),
            limit: None,
            with: false,
        }
    }

    pub fn query(&mut self) -> Q {
        // What may fail is a plain select: elsewhere the engine may leave out what nobody reads.
        let form = if self.may_fail { 3 } else { self.random.below(6) };
        let mut query = match form {
            0 => self.windowed(),
            1 | 2 => {
                let (from, scope) = self.from();
                self.grouped(from, &scope)
            }
            _ => {
                let (from, scope) = self.from();
                self.plain(from, &scope)
            }
        };
        let ordered: Vec<usize> =
            (0..query.items.len()).filter(|at| !matches!(query.items[*at].1, T::Texts)).collect();
        if !self.may_fail && self.random.one_in(4) {
            let kinds: Vec<T> = query.items.iter().map(|(_, kind)| *kind).collect();
            let scope = logs("l");
            let items = kinds.iter().map(|kind| (Item::Plain(self.expr(*kind, 1, &scope)), *kind)).collect();
            let other = Q {
                distinct: false,
                items,
                from: F::Logs("l"),
                filter: None,
                group: None,
                having: None,
                set: None,
                order: Vec::new(),
                limit: None,
                with: false,
            };
            query.set =
                Some((*self.random.pick(&["UNION", "UNION ALL", "INTERSECT", "EXCEPT"]), Box::new(other)));
        } else if !self.may_fail && self.random.one_in(5) {
            query.distinct = true;
        }
        query.with = !self.may_fail && self.random.one_in(5);
        if self.random.one_in(2) {
            query.order = ordered
                .iter()
                .map(|at| {
                    (
                        *at,
                        self.random.one_in(2),
                        match self.random.below(3) {
                            0 => Some(true),
                            1 => Some(false),
                            _ => None,
                        },
                    )
                })
                .collect();
            let total = ordered.len() == query.items.len();
            if total && !self.may_fail && self.random.one_in(2) {
                query.limit = Some((self.random.index(8), self.random.index(4)));
            }
        }
        query
    }
}
