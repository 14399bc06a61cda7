//! Functions of real numbers.

use std::rc::Rc;

use jaq_interpret::{Error, Val, ValR, ValRs};

use super::{Spec, fail, named, once, product};
use crate::jq::value::{as_f64, is_number, number};

/// A function of the input.
macro_rules! of_input {
    ($name:literal, $f:expr) => {
        Spec::value($name, "", |_, cv| {
            once(real(&cv.1).map(|x| {
                let f: fn(f64) -> f64 = $f;
                number(f(x))
            }))
        })
    };
}

/// A function of two arguments.
macro_rules! of_two {
    ($name:literal, $f:expr) => {
        Spec::value($name, "vv", |args, cv| {
            product(args, 2, cv, |_, given| {
                let f: fn(f64, f64) -> f64 = $f;
                once(two(given, f))
            })
        })
    };
}

pub(super) const TABLE: &[Spec] = &[
    Spec::value("infinite", "", |_, _| once(Ok(Val::Float(f64::INFINITY)))),
    Spec::value("nan", "", |_, _| once(Ok(Val::Float(f64::NAN)))),
    Spec::value("isnan", "", |_, cv| is(&cv.1, f64::is_nan)),
    Spec::value("isinfinite", "", |_, cv| is(&cv.1, f64::is_infinite)),
    Spec::value("isfinite", "", |_, cv| is(&cv.1, |x| !x.is_infinite())),
    Spec::value("isnormal", "", |_, cv| is(&cv.1, f64::is_normal)),
    of_input!("floor", f64::floor),
    of_input!("ceil", f64::ceil),
    of_input!("round", f64::round),
    of_input!("trunc", f64::trunc),
    of_input!("rint", f64::round_ties_even),
    of_input!("nearbyint", f64::round_ties_even),
    of_input!("fabs", f64::abs),
    of_input!("sqrt", f64::sqrt),
    of_input!("cbrt", f64::cbrt),
    of_input!("exp", f64::exp),
    of_input!("exp2", f64::exp2),
    of_input!("exp10", |x| 10f64.powf(x)),
    of_input!("expm1", f64::exp_m1),
    of_input!("log", f64::ln),
    of_input!("log2", f64::log2),
    of_input!("log10", f64::log10),
    of_input!("log1p", f64::ln_1p),
    of_input!("sin", f64::sin),
    of_input!("cos", f64::cos),
    of_input!("tan", f64::tan),
    of_input!("asin", f64::asin),
    of_input!("acos", f64::acos),
    of_input!("atan", f64::atan),
    of_input!("sinh", f64::sinh),
    of_input!("cosh", f64::cosh),
    of_input!("tanh", f64::tanh),
    of_input!("asinh", f64::asinh),
    of_input!("acosh", f64::acosh),
    of_input!("atanh", f64::atanh),
    of_input!("significand", significand),
    of_input!("logb", logb),
    of_input!("gamma", ln_gamma),
    of_input!("lgamma", ln_gamma),
    Spec::value("lgamma_r", "", |_, cv| {
        // With the sign of the gamma function.
        let negative = |x: f64| x < 0.0 && x.floor() % 2.0 != 0.0;
        once(real(&cv.1).map(|x| pair_of(ln_gamma(x), if negative(x) { -1.0 } else { 1.0 })))
    }),
    of_input!("tgamma", gamma),
    Spec::value("frexp", "", |_, cv| {
        once(real(&cv.1).map(|x| {
            let (mantissa, exponent) = frexp(x);
            pair_of(mantissa, f64::from(exponent))
        }))
    }),
    Spec::value("modf", "", |_, cv| {
        once(real(&cv.1).map(|x| {
            let fraction = if x.is_infinite() { 0.0 } else { x.fract() };
            pair_of(fraction, x.trunc())
        }))
    }),
    of_two!("pow", f64::powf),
    of_two!("atan2", f64::atan2),
    of_two!("hypot", f64::hypot),
    of_two!("fmin", f64::min),
    of_two!("fmax", f64::max),
    of_two!("fmod", |x, y| x % y),
    of_two!("fdim", |x, y| (x - y).max(0.0)),
    of_two!("copysign", f64::copysign),
    of_two!("drem", remainder),
    of_two!("remainder", remainder),
    of_two!("ldexp", scale),
    of_two!("scalb", scale),
    of_two!("scalbln", scale),
    of_two!("nextafter", next_after),
    of_two!("nexttoward", next_after),
    Spec::value("fma", "vvv", |args, cv| {
        product(args, 3, cv, |_, given| {
            once(match given {
                [x, y, z] => real(x).and_then(|x| Ok(number(x.mul_add(real(y)?, real(z)?)))),
                _ => fail("fma needs three numbers"),
            })
        })
    }),
];

/// Whether the input is a number of some kind; what is no number is not.
fn is<'a>(v: &Val, kind: fn(f64) -> bool) -> ValRs<'a> {
    let number = as_f64(v).filter(|_| is_number(v));
    once(Ok(Val::Bool(number.is_some_and(kind))))
}

fn real(v: &Val) -> Result<f64, Error> {
    match as_f64(v).filter(|_| is_number(v)) {
        Some(f) => Ok(f),
        None => fail(format!("{} number required", named(v))),
    }
}

fn two(given: &[Val], f: fn(f64, f64) -> f64) -> ValR {
    match given {
        [x, y] => Ok(number(f(real(x)?, real(y)?))),
        _ => fail("two numbers required"),
    }
}

fn pair_of(x: f64, y: f64) -> Val {
    Val::Arr(Rc::new(vec![number(x), number(y)]))
}

/// A mantissa from 0.5 up to 1 and an exponent of two.
fn frexp(x: f64) -> (f64, i32) {
    if x == 0.0 || !x.is_finite() {
        return (x, 0);
    }
    // Subnormal numbers are scaled up first, so that the exponent's bits are in use.
    let (x, shift) = if x.is_normal() { (x, 0) } else { (x * 2f64.powi(54), 54) };
    let bits = x.to_bits();
    // Eleven bits fit any integer type.
    let exponent = (((bits >> 52) & 0x7ff) as i32).saturating_sub(1022);
    let mantissa = f64::from_bits((bits & !(0x7ff << 52)) | (1022 << 52));
    (mantissa, exponent.saturating_sub(shift))
}

fn significand(x: f64) -> f64 {
    match x == 0.0 || !x.is_finite() {
        true => x,
        false => frexp(x).0 * 2.0,
    }
}

fn logb(x: f64) -> f64 {
    match x {
        0.0 => f64::NEG_INFINITY,
        x if x.is_infinite() => f64::INFINITY,
        x if x.is_nan() => x,
        x => f64::from(frexp(x).1) - 1.0,
    }
}

/// `x * 2^e` in two steps, since `2^e` alone may be out of range.
fn scale(x: f64, e: f64) -> f64 {
    let e = e.trunc().clamp(-2200.0, 2200.0);
    let half = (e / 2.0).trunc();
    x * half.exp2() * (e - half).exp2()
}

/// The IEEE remainder: of the quotient rounded to the nearest integer, ties to even.
fn remainder(x: f64, y: f64) -> f64 {
    if y.is_infinite() && x.is_finite() {
        return x;
    }
    let rest = x % y;
    let (size, half) = (y.abs(), y.abs() / 2.0);
    let odd = ((x - rest) / y) % 2.0 != 0.0;
    if rest.abs() > half || (rest.abs() == half && odd) { rest - size.copysign(rest) } else { rest }
}

fn next_after(x: f64, y: f64) -> f64 {
    match x.partial_cmp(&y) {
        None => f64::NAN,
        Some(std::cmp::Ordering::Less) => x.next_up(),
        Some(std::cmp::Ordering::Greater) => x.next_down(),
        Some(std::cmp::Ordering::Equal) => y,
    }
}

/// Lanczos' approximation with g = 7 and nine terms: about 15 digits.
const LANCZOS: [f64; 9] = [
    0.999_999_999_999_809_9,
    676.520_368_121_885_1,
    -1_259.139_216_722_402_8,
    771.323_428_777_653_1,
    -176.615_029_162_140_6,
    12.507_343_278_686_905,
    -0.138_571_095_265_720_12,
    9.984_369_578_019_572e-6,
    1.505_632_735_149_311_6e-7,
];

fn lanczos(x: f64) -> f64 {
    let terms = LANCZOS.iter().enumerate();
    terms.map(|(i, c)| if i == 0 { *c } else { c / (x + i as f64) }).sum()
}

fn gamma(x: f64) -> f64 {
    if x.fract() == 0.0 && (1.0..171.0).contains(&x) {
        return (2..x as u32).map(f64::from).product();
    }
    if x < 0.5 {
        let pi = std::f64::consts::PI;
        return pi / ((pi * x).sin() * gamma(1.0 - x));
    }
    let x = x - 1.0;
    let t = x + 7.5;
    (2.0 * std::f64::consts::PI).sqrt() * t.powf(x + 0.5) * (-t).exp() * lanczos(x)
}

fn ln_gamma(x: f64) -> f64 {
    if x.fract() == 0.0 && (1.0..25.0).contains(&x) {
        return gamma(x).ln();
    }
    if x < 0.5 {
        let pi = std::f64::consts::PI;
        return (pi / (pi * x).sin().abs()).ln() - ln_gamma(1.0 - x);
    }
    let x = x - 1.0;
    let t = x + 7.5;
    0.5 * (2.0 * std::f64::consts::PI).ln() + (x + 0.5) * t.ln() - t + lanczos(x).ln()
}
