//! What lies outside the input: the environment, the clock, further inputs, the end of the run.

use std::io::Write as _;
use std::rc::Rc;
use std::sync::OnceLock;

use jaq_interpret::{Error, Val, ValR};

use super::control::Signal;
use super::paths::split;
use super::{PathMode, Spec, arg, fail, lazy, named, none, once, unary};
use crate::environment::Environment;
use crate::jq::convert::from_slice;
use crate::jq::memory;
use crate::jq::text::{dump, to_text};
use crate::jq::value::{Object, as_f64, is_number, string};

pub(super) const TABLE: &[Spec] = &[
    Spec::value("env", "", |_, _| lazy(|| Ok(environment()))),
    Spec::value("now", "", |_, _| lazy(|| Ok(Val::Float(outside().now().as_duration().as_secs_f64())))),
    Spec::value("input", "", |_, _| once(fail("No more inputs"))),
    Spec::value("inputs", "", |_, _| none()),
    Spec::value("input_filename", "", |_, _| once(Ok(Val::Null))),
    Spec::value("input_line_number", "", |_, _| once(Ok(Val::Int(0)))),
    Spec {
        name: "debug",
        kinds: "",
        run: |_, cv| lazy(move || debug(&cv.1).map(|()| cv.1)),
        path: PathMode::Run(|_, cv| lazy(move || debug(&split(cv.1.clone()).1).map(|()| cv.1))),
    },
    Spec::same("debug", "v", |args, cv| {
        lazy(move || {
            let input = cv.1.clone();
            arg(args, 0, cv).try_for_each(|m| debug(&m?))?;
            Ok(input)
        })
    }),
    Spec {
        name: "stderr",
        kinds: "",
        run: |_, cv| lazy(move || write(&to_text(&cv.1)?).map(|()| cv.1)),
        path: PathMode::Run(|_, cv| lazy(move || write(&to_text(&split(cv.1.clone()).1)?).map(|()| cv.1))),
    },
    Spec::value("halt", "", |_, _| lazy(|| Err(Signal::halt(0, None)))),
    Spec::value("halt_error", "", |_, cv| lazy(move || halt_error(cv.1, &Val::Int(5)))),
    Spec::value("halt_error", "v", |args, cv| unary(args, cv, |v, code| halt_error(v.clone(), &code))),
    Spec::value("have_decnum", "", |_, _| once(Ok(Val::Bool(false)))),
    Spec::value("have_literal_numbers", "", |_, _| once(Ok(Val::Bool(true)))),
    Spec::value("get_search_list", "", |_, _| once(Ok(Val::Arr(Rc::default())))),
    Spec::value("builtins", "", |_, _| {
        lazy(|| {
            let names = super::builtin_names();
            Ok(names.map(|(n, a)| string(format!("{n}/{a}"))).collect())
        })
    }),
    Spec::value("fromjson", "", |_, cv| lazy(move || from_text(&cv.1))),
];

/// Writes a value as jq's `debug` does.
fn debug(v: &Val) -> Result<(), Error> {
    write(&format!("[\"DEBUG:\",{}]\n", dump(v)?))
}

/// Where filters write their own messages, in place of standard error.
static WRITER: OnceLock<fn(&str)> = OnceLock::new();
/// The variables and the clock that filters see.
static ENVIRONMENT: OnceLock<Environment> = OnceLock::new();

/// The messages of filters go to `write` from now on; the first one given stays.
pub fn write_with(write: fn(&str)) {
    // There is one writer.
    let _ = WRITER.set(write);
}

/// Filters see these variables and this clock from now on; the first one given stays.
pub fn run_in(env: &Environment) {
    // There is one context.
    let _ = ENVIRONMENT.set(env.clone());
}

fn outside() -> &'static Environment {
    ENVIRONMENT.get_or_init(Environment::capture)
}

/// Writes a message at once.
fn write(text: &str) -> Result<(), Error> {
    match WRITER.get() {
        Some(write) => write(text),
        // A closed stderr is no reason to end the filter.
        None => drop(std::io::stderr().lock().write_all(text.as_bytes())),
    }
    Ok(())
}

/// Forgets what an earlier run on this thread left.
pub(in crate::jq) fn reset() {
    Signal::take_halt();
    memory::reset();
}

/// The environment without the credentials: a filter's output goes to logs and files.
pub(in crate::jq) fn environment() -> Val {
    let visible = outside().variables().filter_map(|(k, v)| {
        let name = k.to_string_lossy().into_owned();
        (!Environment::is_credential(&name)).then(|| (Rc::new(name), string(v.to_string_lossy())))
    });
    Val::Obj(Rc::new(visible.collect::<Object>()))
}

fn halt_error(message: Val, code: &Val) -> ValR {
    match as_f64(code).filter(|_| is_number(code)) {
        // A cast saturates.
        Some(code) => Err::<Val, Error>(Signal::halt(code as i64, Some(message))),
        None => fail(format!("{} halt_error/1: number required", named(&message))),
    }
}

fn from_text(v: &Val) -> ValR {
    let Val::Str(text) = v else {
        return fail(format!("{} cannot be parsed as JSON", named(v)));
    };
    match text.trim() {
        "nan" => return Ok(Val::Float(f64::NAN)),
        digits if digits.bytes().all(|b| b.is_ascii_digit()) && !digits.is_empty() => {
            if let Some(n) = super::string::parse_number(digits) {
                return Ok(n);
            }
        }
        _ => {}
    }
    match from_slice(text.as_bytes()) {
        Ok(v) => Ok(v),
        Err(e) => fail(format!("{e} (while parsing '{text}')")),
    }
}
