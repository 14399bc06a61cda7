//! Findings.

mod account;
mod bodies;
mod journeys;
mod plans;
mod values;

use super::Advice;

/// Every finding's.
pub(super) fn all() -> impl Iterator<Item = &'static Advice> {
    account::ADVICE
        .iter()
        .chain(&bodies::ADVICE)
        .chain(&journeys::ADVICE)
        .chain(&plans::ADVICE)
        .chain(&values::ADVICE)
}

/// Of a check that needs no account.
const fn offline(
    code: &'static str,
    cause: &'static str,
    what_to_do: &'static str,
    bad: &'static str,
    good: &'static str,
) -> Advice {
    Advice { code, cause, what_to_do, bad, good, live: false }
}

/// Of a check against the account.
const fn live(
    code: &'static str,
    cause: &'static str,
    what_to_do: &'static str,
    bad: &'static str,
    good: &'static str,
) -> Advice {
    Advice { code, cause, what_to_do, bad, good, live: true }
}
