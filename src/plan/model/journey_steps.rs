//! Reading the steps of a journey.

use super::journey::{Activation, Branch, Condition, JourneyStep, JumpTarget, StepKind, Variant};
use super::webhook_read::{read_raw, read_webhook};
use crate::plan::duration;
use crate::plan::keys;
use crate::plan::nearest::did_you_mean;
use crate::plan::read::{Fields, Reader, name_of};
use crate::plan::wire_rule;
use crate::platform::wire::DurationSetting;
use serde_json::Value;
use std::collections::HashSet;

/// The keys that say what a step does.
const KINDS: [&str; 6] = ["wait", "activate", "decide", "ab_test", "jump", "end"];
/// What is unique within a journey.
#[derive(Debug, Default)]
pub(super) struct StepNames {
    activations: HashSet<String>,
    count: usize,
}

/// The steps of a list.
pub(super) fn read_steps(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    key: &str,
    journey: &str,
    names: &mut StepNames,
) -> Vec<JourneyStep> {
    let mut steps = Vec::new();
    for (at, item) in fields.items(reader, key) {
        steps.extend(read_step(reader, &at, item, journey, names));
    }
    steps
}

fn read_step(
    reader: &mut Reader<'_>,
    at: &str,
    value: &Value,
    journey: &str,
    names: &mut StepNames,
) -> Option<JourneyStep> {
    if let Some(word) = value.as_str() {
        if word == "end" {
            return Some(JourneyStep { name: None, kind: StepKind::End, at: at.to_owned() });
        }
        let message = format!("'{word}' is no step; the one word that is a step is 'end'");
        reader.error_fix("unknown-value", at, message, did_you_mean(word, KINDS));
        return None;
    }
    let fields = reader.fields(at, value, "a step", keys::of("journeys.steps"))?;
    let kinds: Vec<&str> = KINDS.into_iter().filter(|kind| value.get(kind).is_some()).collect();
    let kind = match kinds.as_slice() {
        [kind] => *kind,
        [] => {
            let fix = Some(format!("a step is one of {}", KINDS.join(", ")));
            reader.error_fix("missing-field", at, "a step must say what it does", fix);
            return None;
        }
        several => {
            let message = format!("a step does one thing; this one has {}", several.join(" and "));
            reader.error("unknown-value", at, message);
            return None;
        }
    };
    let name = fields.text(reader, "name");
    let kind = match kind {
        "wait" => StepKind::Wait(read_length(reader, &fields, "wait")?),
        "activate" => StepKind::Activate(Box::new(read_activation(reader, &fields, journey, names)?)),
        "decide" => StepKind::Decide(read_branches(reader, &fields, journey, names)),
        "ab_test" => StepKind::AbTest(read_variants(reader, &fields, journey, names)),
        "jump" => StepKind::Jump {
            description: fields.text(reader, "description"),
            target: fields.get("jump").and_then(|jump| read_target(reader, &fields.at("jump"), jump)),
        },
        _ => StepKind::End,
    };
    Some(JourneyStep { name, kind, at: at.to_owned() })
}

fn read_activation(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    journey: &str,
    names: &mut StepNames,
) -> Option<Activation> {
    names.count = names.count.saturating_add(1);
    let name = fields.text(reader, "name").unwrap_or_else(|| match names.count {
        1 => format!("{journey}_activation"),
        number => format!("{journey}_activation_{number}"),
    });
    if !names.activations.insert(name.clone()) {
        let message = format!("the activation name '{name}' occurs twice in this journey");
        reader.error("duplicate-name", &fields.at("name"), message);
    }
    let kind = fields.name(reader, "activate")?;
    let sends = match kind.as_str() {
        "webhook" => read_webhook(reader, fields)?,
        "connection" => read_raw(reader, fields)?,
        other => {
            let message = format!("'activate' is webhook or connection, not '{other}'");
            let fix = did_you_mean(other, ["webhook", "connection"]);
            reader.error_fix("unknown-value", &fields.at("activate"), message, fix);
            return None;
        }
    };
    Some(Activation {
        name,
        description: fields.text(reader, "description"),
        connection: fields.name(reader, "connection"),
        api_key_env: fields.name(reader, "api_key_env"),
        sends,
        at: fields.pointer.clone(),
    })
}

fn read_branches(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    journey: &str,
    names: &mut StepNames,
) -> Vec<Branch> {
    let mut branches: Vec<Branch> = Vec::new();
    for (at, item) in fields.items(reader, "decide") {
        let Some(fields) = reader.fields(&at, item, "a branch", keys::of("journeys.steps.decide")) else {
            continue;
        };
        let Some(name) = fields.required_name(reader, "name", "a branch") else { continue };
        if branches.iter().any(|branch| branch.name == name) {
            let message = format!("the branch name '{name}' occurs twice");
            reader.error("duplicate-name", &fields.at("name"), message);
        }
        let otherwise = fields.flag(reader, "otherwise").unwrap_or(false);
        let when = read_condition(reader, &fields, "when");
        check_branch(reader, &fields, otherwise, when.as_ref());
        if branches.iter().any(|branch| branch.when.is_none()) {
            let fix =
                Some("let the branch with 'otherwise' be the last, and the only one of its kind".into());
            reader.error_fix(
                "unreachable-step",
                &at,
                "no profile takes this branch: one before it takes all others",
                fix,
            );
        }
        let description = fields.text(reader, "description");
        let steps = read_steps(reader, &fields, "steps", journey, names);
        branches.push(Branch { name, description, when: when.filter(|_| !otherwise), steps, at });
    }
    if branches.is_empty() {
        reader.error("missing-field", &fields.at("decide"), "'decide' needs at least one branch");
    }
    branches
}

fn check_branch(reader: &mut Reader<'_>, fields: &Fields<'_>, otherwise: bool, when: Option<&Condition>) {
    match (otherwise, when) {
        (true, Some(_)) => {
            let message = "a branch has either 'when' or 'otherwise'";
            reader.error("unknown-value", &fields.at("when"), message);
        }
        (false, None) if fields.get("when").is_none() => {
            let fix = Some("add when: \"…\", or otherwise: true".to_owned());
            reader.error_fix("missing-field", &fields.pointer, "a branch must say who takes it", fix);
        }
        _ => {}
    }
}

fn read_variants(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    journey: &str,
    names: &mut StepNames,
) -> Vec<Variant> {
    let mut variants: Vec<Variant> = Vec::new();
    for (at, item) in fields.items(reader, "ab_test") {
        let Some(fields) = reader.fields(&at, item, "a variant", keys::of("journeys.steps.ab_test")) else {
            continue;
        };
        let Some(name) = fields.required_name(reader, "name", "a variant") else { continue };
        if variants.iter().any(|variant| variant.name == name) {
            let message = format!("the variant name '{name}' occurs twice");
            reader.error("duplicate-name", &fields.at("name"), message);
        }
        let share = read_share(reader, &fields);
        let control = fields.flag(reader, "control").unwrap_or(false);
        let steps = read_steps(reader, &fields, "steps", journey, names);
        variants.push(Variant { name, share: share.unwrap_or_default(), control, steps, at });
    }
    if variants.is_empty() {
        reader.error("missing-field", &fields.at("ab_test"), "'ab_test' needs at least one variant");
        return variants;
    }
    let sum: f64 = variants.iter().map(|variant| variant.share).sum();
    if (sum - 100.0).abs() > 1e-6 {
        let message = format!("the shares of all variants sum to 100; these sum to {sum}");
        reader.error("bad-share", &fields.at("ab_test"), message);
    }
    if variants.iter().filter(|variant| variant.control).count() > 1 {
        reader.error("bad-share", &fields.at("ab_test"), "only one variant can be the control group");
    }
    variants
}

/// A share in percent.
fn read_share(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<f64> {
    let Some(value) = fields.get("share") else {
        fields.missing(reader, "share", "a variant");
        return None;
    };
    let share = value.as_f64().or_else(|| value.as_str()?.trim().trim_end_matches('%').trim().parse().ok());
    match share.filter(|share| (0.0..=100.0).contains(share)) {
        Some(share) => Some(share),
        None => {
            reader.wrong_type(&fields.at("share"), "'share' is a number of percent from 0 to 100", value);
            None
        }
    }
}

/// `jump: {journey, stage}`, or the name of a journey.
pub(super) fn read_target(reader: &mut Reader<'_>, at: &str, value: &Value) -> Option<JumpTarget> {
    if value.is_string() {
        let journey = name_of(reader, at, value, "journey")?;
        return Some(JumpTarget { journey: Some(journey), stage: None, at: at.to_owned() });
    }
    let fields = reader.fields(at, value, "a jump", keys::of("journeys.steps.jump"))?;
    let (journey, stage) = (fields.name(reader, "journey"), fields.name(reader, "stage"));
    if journey.is_none() && stage.is_none() {
        reader.error("missing-field", at, "a jump needs 'journey' or 'stage'");
    }
    Some(JumpTarget { journey, stage, at: at.to_owned() })
}

/// A condition on attributes: criteria text, or the wire's rule.
pub(super) fn read_condition(reader: &mut Reader<'_>, fields: &Fields<'_>, key: &str) -> Option<Condition> {
    let at = fields.at(key);
    if let Some(rule) = fields.get(key).filter(|rule| rule.is_object()) {
        reader.take(wire_rule::check(rule, &at));
        reader.check_digits(&at, rule);
        let expr = crate::plan::criteria::Expr::Or(Vec::new());
        return Some(Condition { expr, rule: Some(rule.clone()), text: String::new(), at });
    }
    let text = fields.get(key)?.as_str().unwrap_or_default().to_owned();
    let expr = super::read_criteria(reader, fields, key)?;
    Some(Condition { expr, rule: None, text, at })
}

/// A length of time, such as `1h`.
pub(super) fn read_length(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    key: &str,
) -> Option<DurationSetting> {
    let text = fields.text(reader, key)?;
    match duration::parse(&text) {
        Ok(found) => Some(found),
        Err(why) => {
            reader.error("bad-duration", &fields.at(key), why);
            None
        }
    }
}
