//! `/_sandbox/faults`: the rules that make requests go wrong.

use super::call::RouteCall;
use super::render::{Answer, Family, json};
use super::{DELETE, GET, OPTIONS, PATCH, POST, Route, TABLES};
use crate::nearest::edits;
use crate::sandbox::answers::{ArmedFault, FaultRules};
use crate::sandbox::faults::{FaultRule, is_wildcard, split_operation};
use crate::sandbox::refusal::{Reason, Refusal};
use crate::sandbox::state::Sandbox;
use axum::routing::MethodFilter;
use serde::Deserialize;

pub const ROUTES: &[Route] = &[
    (GET, "/_sandbox/faults", faults),
    (POST, "/_sandbox/faults", add),
    (DELETE, "/_sandbox/faults", clear),
    (DELETE, "/_sandbox/faults/{id}", remove),
];

fn invalid(message: String) -> Refusal {
    Refusal::bad_request(Reason::ControlFaultInvalid, message)
}

fn faults(sandbox: &Sandbox, _: &RouteCall) -> Answer {
    json(&FaultRules { faults: sandbox.fault_rules().into_iter().map(Into::into).collect() })
}

/// Answers with the rule as it is armed.
fn add(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let mut rule = FaultRule::read(call.control()?).map_err(invalid)?;
    check(&rule).map_err(invalid)?;
    rule.count.get_or_insert(1);
    rule.id = sandbox.add_fault(rule.clone());
    json(&ArmedFault::from(rule))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Clear {
    /// The seed of the generator of chances.
    #[serde(default = "default_seed")]
    seed: u64,
}

fn default_seed() -> u64 {
    42
}

fn clear(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let Clear { seed } = call.control()?;
    sandbox.clear_faults(seed);
    faults(sandbox, call)
}

fn remove(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let id = call.path("id");
    let removed = id.parse().ok().and_then(|id| sandbox.remove_fault(id));
    match removed {
        Some(rule) => json(&ArmedFault::from(rule)),
        None => Err(Refusal::not_found(
            Reason::ControlFaultMissing,
            format!("there is no fault rule {id}; it may be used up"),
        )),
    }
}

/// Checks a rule, its operation included. The error is a sentence without a full stop.
pub fn check(rule: &FaultRule) -> Result<(), String> {
    rule.check()?;
    match &rule.operation {
        Some(operation) => check_operation(operation),
        None => Ok(()),
    }
}

/// Whether the sandbox has such an operation, so that a rule or a question does not wait for a
/// request that never comes. The error names the nearest one.
pub fn check_operation(operation: &str) -> Result<(), String> {
    let (method, template) = split_operation(operation);
    let known = || TABLES.into_iter().flatten().filter(|(_, path, _)| Family::of(path) != Family::Control);
    if Family::of(template) == Family::Control {
        return Err("the sandbox's own controls are never hit by a fault".to_owned());
    }
    if known().any(|(filter, path, _)| method.is_none_or(|m| is(*filter, m)) && overlap(template, path)) {
        return Ok(());
    }
    let wanted = plain(template);
    let distance = |(filter, path, _): &&Route| {
        let other = usize::from(method.is_some_and(|method| !is(*filter, method)));
        edits(&wanted, &plain(path)).saturating_add(other)
    };
    let near = known().min_by_key(distance).map(|(filter, path, _)| {
        let method = if method.is_some() { name(*filter) } else { "" };
        format!("; the nearest is '{}'", format!("{method} {}", plain(path)).trim())
    });
    Err(format!("the sandbox has no operation '{operation}'{}", near.unwrap_or_default()))
}

/// The name of a method.
pub fn name(filter: MethodFilter) -> &'static str {
    match filter {
        GET => "GET",
        POST => "POST",
        PATCH => "PATCH",
        DELETE => "DELETE",
        OPTIONS => "OPTIONS",
        _ => "PUT",
    }
}

fn is(filter: MethodFilter, method: &str) -> bool {
    // An operation for GET also answers HEAD.
    name(filter).eq_ignore_ascii_case(method) || filter == GET && method.eq_ignore_ascii_case("HEAD")
}

/// Whether some path matches both templates. The paths of events take any two segments, but not
/// those of another API.
fn overlap(template: &str, route: &str) -> bool {
    let segments = |path: &str| path.trim_matches('/').split('/').map(str::to_owned).collect::<Vec<_>>();
    let (wanted, found) = (segments(template), segments(route));
    let family =
        wanted.first().is_none_or(|first| is_wildcard(first)) || Family::of(template) == Family::of(route);
    let fits = |(w, f): (&String, &String)| w == f || is_wildcard(w) || is_wildcard(f);
    let is_path = template.starts_with('/') && !template.contains(['?', '#']);
    is_path && family && wanted.len() == found.len() && wanted.iter().zip(&found).all(fits)
}

/// The path with `{}` for every parameter, as a rule is usually written.
fn plain(path: &str) -> String {
    let segment = |segment| if is_wildcard(segment) { "{}" } else { segment };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_of_the_sandbox() {
        for good in [
            "POST /audiences/{}/realtime_key_events",
            "post /audiences/{audienceId}/realtime_key_events",
            "PATCH /audiences/394649/realtime_setting",
            "HEAD /audiences/{}",
            "/audiences/{}/realtime_setting",
            "POST /{}/{}",
            "POST /web_events/pageviews",
            "OPTIONS /public/{}/{}",
            "GET /v3/database/list",
        ] {
            assert_eq!(check_operation(good), Ok(()), "{good}");
        }
        for (bad, near) in [
            ("POST /audiences/{}/realtime_key_event", "POST /audiences/{}/realtime_key_events"),
            ("POST /audience/{}/realtime_key_events", "POST /audiences/{}/realtime_key_events"),
            ("PUT /audiences/{}/realtime_setting", " /audiences/{}/realtime_setting"),
            ("/v3/databases/list", "/v3/database/list"),
            ("POST audiences/{}/realtime_key_events", "POST /audiences/{}/realtime_key_events"),
            ("POST /v3/foo", "'"),
            ("GET /audiences/{}?x=1", "'"),
            ("", "'"),
        ] {
            let error = check_operation(bad).unwrap_err();
            assert!(error.contains(near), "{bad}: {error}");
        }
        assert!(check_operation("POST /_sandbox/clock").unwrap_err().contains("never hit"));
    }
}
