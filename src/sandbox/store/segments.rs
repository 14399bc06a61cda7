//! Batch segments that are made through the API.
//!
//! The rule is kept as it was sent. Its members are found when it is made and when the tables of its
//! parent segment change, and only by conditions on batch attributes that [`rule`] understands; any
//! other rule has no members and its population is not known. All of this is our choice: on the
//! platform a workflow computes them.

use super::Store;
use super::batch::{BatchColumn, Customers, StoredSegment};
use super::body::{Object, only, optional_text, text};
use super::segment::ParentSegment;
use crate::platform::rule::{Operand, Operator, OperatorKind, Predicate, Rule};
use crate::sandbox::refusal::{Reason, Refusal, RefusalKind};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::HashSet;

/// Fields of a create (`SegmentParameters`).
const FIELDS: [&str; 9] = [
    "audienceId",
    "name",
    "realtime",
    "kind",
    "funnel_stage",
    "description",
    "segmentFolderId",
    "rule",
    "countPopulation",
];

impl Store {
    /// Creates a batch segment and returns its id.
    pub fn create_segment(&mut self, audience: &str, body: &Object, now: i64) -> Result<String, Refusal> {
        let (segment, ids) = self.segment_mut(audience)?;
        only(body, &FIELDS)?;
        let mut made = read(segment, body, now)?;
        made.id = ids.fresh();
        let id = made.id.clone();
        segment.batch.segments.push(made);
        Ok(id)
    }
}

fn read(segment: &ParentSegment, body: &Object, now: i64) -> Result<StoredSegment, Refusal> {
    let name = text(body, "name")?.to_owned();
    if !same_id(body, "audienceId", &segment.id) {
        return Err(Refusal::invalid(Reason::SegmentAudienceForeign, "Audience is not the one of the path"));
    }
    let batch = body.get("kind").is_none_or(|kind| kind == 0)
        && body.get("realtime").is_none_or(|realtime| realtime == false)
        && !body.contains_key("funnel_stage");
    if !batch {
        let message = "only batch segments (kind 0) can be made here; the sandbox has no others";
        return Err(Refusal::new(Reason::SegmentKindUnsupported, RefusalKind::NotImplemented, message));
    }
    if body.get("countPopulation").is_some_and(|count| !count.is_boolean()) {
        return Err(Refusal::invalid(
            Reason::SegmentCountPopulationInvalid,
            "Count population must be true or false",
        ));
    }
    let folder = match body.get("segmentFolderId") {
        None => None,
        Some(id) => {
            let known = segment.folders.iter().find(|folder| is_id(id, &folder.id));
            let missing = || {
                Refusal::invalid(Reason::SegmentFolderMissing, format!("there is no folder with the id {id}"))
            };
            Some(known.ok_or_else(missing)?.id.clone())
        }
    };
    if segment.batch.segments.iter().any(|other| other.name == name) {
        return Err(Refusal::invalid(Reason::SegmentNameTaken, "Name has already been taken"));
    }
    let given = match body.get("rule") {
        None | Some(Value::Null) => Value::Object(Map::new()),
        Some(rule) => rule.clone(),
    };
    check_form(&given)?;
    let mut made = StoredSegment {
        id: String::new(),
        name,
        description: optional_text(body, "description")?.map(str::to_owned),
        folder,
        rule: Some(given),
        created: Some(now),
        members: HashSet::new(),
    };
    find_members(&mut made, &segment.columns, &segment.batch.customers)?;
    Ok(made)
}

/// Puts the customers that fulfil a segment's rule into it. A segment of the seed lists its members,
/// and keeps them.
pub fn find_members(
    segment: &mut StoredSegment,
    columns: &[BatchColumn],
    customers: &Customers,
) -> Result<(), Refusal> {
    if let Some(rule) = segment.rule.as_ref().and_then(rule) {
        segment.members = members(columns, customers, &rule)?;
    }
    Ok(())
}

fn same_id(body: &Object, key: &str, id: &str) -> bool {
    body.get(key).is_none_or(|given| is_id(given, id))
}

/// The contract has numbers here, the answers have strings.
fn is_id(given: &Value, id: &str) -> bool {
    given.as_u64().map_or(given == id, |number| number.to_string() == id)
}

/// `{}`, or a group with conditions (contract).
fn check_form(rule: &Value) -> Result<(), Refusal> {
    let group = |rule: &Map<String, Value>| {
        matches!(rule.get("type").and_then(Value::as_str), Some("And" | "Or" | "Composite"))
            && rule.get("conditions").is_some_and(Value::is_array)
    };
    match rule {
        Value::Object(rule) if rule.is_empty() || group(rule) => Ok(()),
        _ => Err(Refusal::invalid(
            Reason::SegmentRuleInvalid,
            "Rule must be {} or have the type And, Or or Composite and conditions",
        )),
    }
}

/// The customers that fulfil a rule; its attributes must be those of the parent segment.
fn members(columns: &[BatchColumn], customers: &Customers, rule: &Rule) -> Result<HashSet<String>, Refusal> {
    for operand in rule.operands() {
        if let Operand::Column(name) = operand
            && !columns.iter().any(|column| column.name == name)
        {
            let message = format!("Rule: '{name}' is not an attribute of this parent segment");
            return Err(Refusal::invalid(Reason::SegmentRuleColumnMissing, message));
        }
    }
    let predicate: Predicate = rule
        .compile()
        .map_err(|error| Refusal::invalid(Reason::SegmentRuleInvalid, format!("Rule: {error}")))?;
    let fulfils = |customer: &Map<String, Value>| {
        predicate.matches(&|operand: Operand<'_>| match operand {
            Operand::Column(name) => customer.get(name).map(|value| Cow::Owned(value.clone())),
            Operand::Attribute { .. } => None,
        })
    };
    let customers = customers.iter().filter(|(_, customer)| fulfils(customer));
    Ok(customers.map(|(key, _)| key.clone()).collect())
}

/// A segment's rule as one over columns; `None` when it cannot be one. An empty rule matches
/// everyone.
pub fn rule(given: &Value) -> Option<Rule> {
    let map = given.as_object()?;
    if map.is_empty() {
        return Some(Rule::everything());
    }
    let all = |map: &Map<String, Value>| {
        map.get("conditions")?.as_array()?.iter().map(rule).collect::<Option<Vec<_>>>()
    };
    match map.get("type")?.as_str()? {
        _ if map.get("limit").is_some_and(|limit| !limit.is_null()) => None,
        "And" => Some(Rule::And(all(map)?)),
        "Or" => Some(Rule::Or(all(map)?)),
        "Value" => condition(map),
        _ => None,
    }
}

fn condition(map: &Map<String, Value>) -> Option<Rule> {
    let plain = |key: &str| map.get(key).is_none_or(|value| value.is_null() || value == false);
    let left = map.get("leftValue")?.as_object()?;
    if !plain("exclude") || !plain("arrayMatching") || left.len() != 1 {
        return None;
    }
    let column = left.get("name")?.as_str()?.to_owned();
    let operator = map.get("operator")?.as_object()?;
    let not = operator.get("not").and_then(Value::as_bool).unwrap_or_default();
    let test = |kind: OperatorKind, right: Value, not: bool| Rule::Column {
        column: column.clone(),
        operator: Operator { kind, not, right },
    };
    let right = || operator.get("rightValue").filter(|value| !value.is_object()).cloned();
    let any_of = |before: &str, after: &str| {
        let values = operator.get("rightValues")?.as_array()?;
        let values =
            values.iter().map(|value| value.as_str().map(regex::escape)).collect::<Option<Vec<_>>>()?;
        Some(test(OperatorKind::Regexp, format!("{before}(?:{}){after}", values.join("|")).into(), not))
    };
    Some(match operator.get("type")?.as_str()? {
        "Equal" => test(OperatorKind::Equal, right()?, not),
        "IsNull" => test(OperatorKind::IsNull, Value::Null, not),
        "Greater" => test(OperatorKind::GreaterThan, right()?, not),
        "GreaterEqual" => test(OperatorKind::GreaterThanOrEqual, right()?, not),
        "Less" => test(OperatorKind::LessThan, right()?, not),
        "LessEqual" => test(OperatorKind::LessThanOrEqual, right()?, not),
        "Regexp" => test(OperatorKind::Regexp, right()?, not),
        "In" => test(OperatorKind::In, operator.get("rightValues")?.clone(), not),
        "Contain" => any_of("", "")?,
        "StartWith" => any_of("^", "")?,
        "EndWith" => any_of("", "$")?,
        "Between" => {
            let bound = |key: &str| operator.get(key).filter(|value| !value.is_object()).cloned();
            let (least, most) = (bound("minValue")?, bound("maxValue")?);
            let low = test(OperatorKind::GreaterThanOrEqual, least, not);
            let high = test(OperatorKind::LessThanOrEqual, most, not);
            if not { Rule::Or(vec![low, high]) } else { Rule::And(vec![low, high]) }
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_segments_rule_becomes_one_over_columns() {
        let value = |operator: Value| {
            json!({"type": "Value", "leftValue": {"name": "tier"}, "operator": operator,
                "arrayMatching": null, "exclude": false})
        };
        let group = |condition: Value| json!({"type": "And", "conditions": [{"type": "Or", "conditions": [condition]}]});
        for (operator, understood) in [
            (json!({"type": "Equal", "rightValue": "VIP", "not": false}), true),
            (json!({"type": "In", "rightValues": ["VIP", "Gold"], "not": true}), true),
            (json!({"type": "StartWith", "rightValues": ["V", "a.b"], "not": false}), true),
            (json!({"type": "Between", "minValue": 1, "maxValue": 3, "not": true}), true),
            (json!({"type": "TimeToday"}), false),
            (json!({"type": "Greater", "rightValue": {"last": 3, "unit": "day"}, "not": false}), false),
        ] {
            let rule = rule(&group(value(operator.clone())));
            assert_eq!(rule.is_some_and(|rule| rule.compile().is_ok()), understood, "{operator}");
        }
        assert!(rule(&json!({})).is_some_and(|rule| rule.is_everything()));
        assert!(rule(&json!({"type": "Composite", "conditions": [], "expr": "1"})).is_none());
    }
}
