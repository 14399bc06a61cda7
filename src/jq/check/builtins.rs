//! The filters written in Rust, as far as they pass on what they get. Any other gives anything.

use super::arith::arrays;
use super::env::Env;
use super::infer::Checker;
use super::shape::{Branch, Rest, Shape, Slot, Texts};
use crate::jq::ast::{Expr, Lit};
use crate::jq::natives;
use serde_json::Value;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Filters of a number.
const NUMBERS: &[&str] = &[
    "length",
    "utf8bytelength",
    "abs",
    "floor",
    "ceil",
    "round",
    "trunc",
    "sqrt",
    "fabs",
    "pow",
    "log",
    "log2",
    "log10",
    "exp",
    "exp2",
    "exp10",
    "tonumber",
    "now",
    "mktime",
    "range",
    "bsearch",
    "infinite",
    "nan",
    "input_line_number",
];
/// Filters of a string.
const TEXTS: &[&str] = &[
    "tojson",
    "tostring",
    "ascii_downcase",
    "ascii_upcase",
    "implode",
    "join",
    "format",
    "strftime",
    "strflocaltime",
    "splits",
    "ascii",
];
/// Filters that trim a string and pass on what is none.
const TRIMS: &[&str] = &["trim", "ltrim", "rtrim", "ltrimstr", "rtrimstr", "trimstr"];
/// Filters of true or false.
const TRUTHS: &[&str] = &[
    "contains",
    "startswith",
    "endswith",
    "test",
    "isempty",
    "isnan",
    "isinfinite",
    "isfinite",
    "isnormal",
    "toboolean",
    "have_decnum",
    "have_literal_numbers",
];
/// Filters that end the run, or this part of it.
const ENDS: &[&str] = &["empty", "error", "halt", "halt_error"];
/// Filters that pass on what their last argument gives, on the same input.
const PASSES: &[&str] = &["first", "last", "limit", "skip", "nth"];

impl<'a> Checker<'a> {
    /// A call of a native.
    pub(super) fn native(
        &mut self,
        native: usize,
        args: &'a [Expr],
        env: &Env<'a>,
        input: &Shape<'a>,
    ) -> Shape<'a> {
        let name = natives::spec(native).map_or("", |spec| spec.name);
        match name {
            "any" | "all" => return self.quantifier(args, env, input),
            "sort_by" | "unique_by" | "group_by" | "min_by" | "max_by" => {
                return self.by(name, args, env, input);
            }
            "getpath" => return self.getpath(args, env, input),
            "del" => return self.del(args, env, input),
            // The replacement sees the captured strings.
            "sub" | "gsub" => return self.replace(args, env, input),
            _ => {}
        }
        let known = self.plain(name, args.len());
        let mut given = Vec::new();
        for arg in args {
            // What an unknown filter does with an argument is unknown too.
            given.push(match known {
                // They may end before the part that fails.
                true if PASSES.contains(&name) || name == "isempty" => {
                    self.unsurely(|c| c.eval(arg, env, input))
                }
                true => self.eval(arg, env, input),
                false => self.quietly(|c| c.eval(arg, env, &Shape::any())),
            });
        }
        if known { self.result(name, &given, input) } else { Shape::any() }
    }

    /// Whether `result` knows the filter, with its arguments run on the input.
    fn plain(&self, name: &str, arity: usize) -> bool {
        let lists = [NUMBERS, TEXTS, TRIMS, TRUTHS, ENDS];
        lists.iter().any(|list| list.contains(&name))
            || (PASSES.contains(&name) && arity > 0)
            || matches!(
                name,
                "not"
                    | "add"
                    | "has"
                    | "type"
                    | "keys"
                    | "keys_unsorted"
                    | "split"
                    | "explode"
                    | "match"
                    | "capture"
                    | "scan"
                    | "reverse"
                    | "sort"
                    | "unique"
                    | "min"
                    | "max"
                    | "to_entries"
                    | "from_entries"
                    | "flatten"
                    | "indices"
                    | "path"
                    | "pick"
                    | "delpaths"
                    | "debug"
                    | "stderr"
                    | "env"
                    | "input_filename"
                    | "builtins"
                    | "fromjson"
                    | "gmtime"
                    | "localtime"
                    | "strptime"
                    | "setpath"
                    | "transpose"
                    | "tostream"
                    | "input"
                    | "inputs"
            )
    }

    fn result(&mut self, name: &str, given: &[Shape<'a>], input: &Shape<'a>) -> Shape<'a> {
        if ENDS.contains(&name) || (name != "isempty" && given.iter().any(Shape::is_never) && name != "add") {
            return Shape::default();
        }
        match name {
            "abs" => Shape::number().joined(input.clone()),
            _ if NUMBERS.contains(&name) => Shape::number().or_null(),
            _ if TEXTS.contains(&name) => Shape::text(),
            _ if TRIMS.contains(&name) => Shape::text().joined(input.clone()),
            _ if TRUTHS.contains(&name) => Shape::boolean(),
            _ if PASSES.contains(&name) => given.last().cloned().unwrap_or_default(),
            "not" => Shape::truth(input.may_be_false(), input.may_be_true()),
            "has" => {
                let key = given.first().cloned().unwrap_or_default();
                // A name that is asked for by a variable.
                if let Texts::Some(words) = &key.texts {
                    self.excused.extend(words.iter().cloned());
                }
                Self::has(input, &key)
            }
            "type" => Self::kind(input),
            "keys" | "keys_unsorted" => Shape::array(Shape::text().joined(Shape::number())),
            "explode" | "indices" | "gmtime" | "localtime" | "strptime" => {
                Shape::array(Shape::number()).or_null()
            }
            "split" | "builtins" => Shape::array(Shape::text()),
            "env" => Shape::map_of(Shape::text()),
            "input_filename" => Shape::text().or_null(),
            "match" => matched(),
            "capture" => Shape::map_of(Shape::text().or_null()),
            "scan" => Shape::text().joined(Shape::array(Shape::text().or_null())),
            "sort" | "unique" | "reverse" if !input.any => {
                let out = Shape { branches: arrays(input), ..Shape::default() };
                match name {
                    "reverse" => out.joined(Shape::text()).joined(Shape::array(Shape::default())),
                    _ => out,
                }
            }
            "min" | "max" => self.elements(input, false).or_null(),
            "add" => {
                let element = given.first().cloned();
                let element = element.unwrap_or_else(|| self.elements(input, true));
                self.add_all(&element)
            }
            "to_entries" => self.entries_of(input),
            "from_entries" => self.object_of(input),
            "flatten" => {
                let elements = self.elements(input, true);
                Shape::array(self.flattened(elements))
            }
            // Null becomes what is picked from it.
            "pick" if input.any || input.null => Shape::any(),
            "pick" => {
                let picked = self.elements(input, false);
                let arrays = if picked.is_never() { picked } else { Shape::array(picked.or_null()) };
                arrays.joined(input.clone())
            }
            // A superset: what a filter deletes was a field too.
            "delpaths" | "debug" | "stderr" => input.clone(),
            "path" => Shape::array(Shape::text().joined(Shape::number()).or_null().joined(Shape::any())),
            _ => Shape::any(),
        }
    }

    /// `any(generator; condition)` and `all`.
    fn quantifier(&mut self, args: &'a [Expr], env: &Env<'a>, input: &Shape<'a>) -> Shape<'a> {
        if let [generator, condition] = args {
            let values = self.unsurely(|c| c.eval(generator, env, input));
            self.unsurely(|c| c.eval(condition, env, &values));
        }
        Shape::boolean()
    }

    /// `sub` and `gsub`.
    fn replace(&mut self, args: &'a [Expr], env: &Env<'a>, input: &Shape<'a>) -> Shape<'a> {
        let captured = Shape::map_of(Shape::text().or_null());
        for (at, arg) in args.iter().enumerate() {
            let given = self.eval(arg, env, if at == 1 { &captured } else { input });
            // Without a replacement the string stays.
            if given.is_never() && at != 1 {
                return given;
            }
        }
        Shape::text()
    }

    /// What orders or groups elements by a filter of them.
    fn by(&mut self, name: &str, args: &'a [Expr], env: &Env<'a>, input: &Shape<'a>) -> Shape<'a> {
        let element = self.elements(input, false);
        for arg in args {
            self.eval(arg, env, &element);
        }
        if input.any {
            return Shape::any();
        }
        match name {
            "min_by" | "max_by" => element.or_null(),
            "group_by" => Shape::array(Shape::array(element)),
            _ => Shape { branches: arrays(input), ..Shape::default() },
        }
    }

    fn getpath(&mut self, args: &'a [Expr], env: &Env<'a>, input: &Shape<'a>) -> Shape<'a> {
        match args {
            [Expr::Const(Lit::Json(owner @ Value::Array(path)))] => self.at_path(owner, path, input),
            _ => {
                args.iter().for_each(|arg| drop(self.eval(arg, env, input)));
                Shape::any()
            }
        }
    }

    /// `del(paths)`: what may be deleted need not exist, but conditions on the path are checked.
    fn del(&mut self, args: &'a [Expr], env: &Env<'a>, input: &Shape<'a>) -> Shape<'a> {
        for arg in args {
            self.update(arg, env, input, &mut |_, there| there.clone());
        }
        input.clone()
    }

    fn flattened(&mut self, elements: Shape<'a>) -> Shape<'a> {
        const DEEP: usize = 4;
        let mut flat = elements;
        for _ in 0..DEEP {
            let nested = Shape { branches: arrays(&flat), ..Shape::default() };
            if nested.is_never() {
                return flat;
            }
            let inner = self.elements(&nested, false);
            // The arrays stay among the possible values: the depth may be given.
            let more = flat.clone().joined(inner);
            if more == flat {
                return flat;
            }
            flat = more;
        }
        Shape::any()
    }
}

/// What `match` gives.
fn matched<'a>() -> Shape<'a> {
    let made = |pairs: Vec<(&str, Shape<'a>)>| {
        let fields = pairs.into_iter().map(|(name, shape)| (Rc::from(name), Slot::Made(shape)));
        Shape::object(fields.collect::<BTreeMap<_, _>>(), Rest::Closed)
    };
    let one = || {
        vec![("offset", Shape::number()), ("length", Shape::number()), ("string", Shape::text().or_null())]
    };
    let mut capture = one();
    capture.push(("name", Shape::text().or_null()));
    let mut whole = one();
    whole.push(("captures", Shape::array(made(capture))));
    made(whole)
}

/// The objects of a shape with their places.
pub(super) fn objects<'s, 'a>(
    shape: &'s Shape<'a>,
) -> impl Iterator<Item = (&'s Rc<str>, &'s Rc<super::shape::Body<'a>>)> {
    shape.branches.iter().filter_map(|branch| match branch {
        Branch::Object(place, body) => Some((place, body)),
        Branch::Array(..) => None,
    })
}
