//! `validate`, the sandbox and the files agree about every body that the set-up sends.
//!
//! A body is right for `validate` when it has no error, for the sandbox when it is carried out, and
//! for the files when their schema takes it. What only the account knows (which ids, names and
//! tables there are) is the sandbox's alone: [`OF_THE_ACCOUNT`] lists its words for that.

use super::{BTreeMap, Dice, Fuzz, Sent, pools};
use serde_json::Value;
use std::collections::BTreeSet;
use tdx_rt::plan::{Severity, validate};

/// Rounds in which every deviation occurs.
const ROUNDS_OF_ALL: usize = 400;

/// The operations whose bodies `validate` knows.
const KNOWN: [&str; 9] = [
    "PATCH /audiences/{audienceId}/realtime_setting",
    "POST /audiences/{audienceId}/realtime_key_events",
    "POST /audiences/{audienceId}/realtime_attributes",
    "POST /audiences/{audienceId}/realtime_imported_attributes/bulk_update",
    "POST /audiences/{audienceId}/realtime_personalization_services",
    "POST /audiences/{audienceId}/realtime_personalization_services/{realtimePersonalizationServiceId}/tokens",
    "POST /entities/realtime_journeys",
    "POST /entities/realtime_journeys/{realtimeJourneyId}/activations",
    "POST /entities/realtime_personalizations",
];

/// Messages of the sandbox when a body is right and the account is not.
const OF_THE_ACCOUNT: [&str; 28] = [
    "Filter rules of all key events",
    "has no stage with the id",
    "already been taken",
    "does not exist",
    "there is no key event",
    "there is no attribute",
    "there is no realtime attribute",
    "there is no batch segment",
    "there is no connection",
    "there is no activation",
    "there is no catalog",
    "there is no journey",
    "there is no stage",
    "is not an event table",
    "is not an attribute of this parent segment",
    "can't be removed",
    "can't be deleted",
    "Ext lookup key",
    "must be the profile key",
    "Record not found",
    "not found",
    "can't be more than",
    "has no column",
    "is of the type",
    "needs a subAttributeIdentifier",
    "connection's URL prefix",
    "Step uuid is that of",
    "uses it",
];

/// Bodies that chance makes hardly ever.
const RARE: [(&str, &str); 2] = [
    (
        KNOWN[1],
        r#"{"name": "blank", "databaseName": "web_events", "tableName": "pageviews", "filterRule":
{"type": "Column", "column": " ", "operator": {"type": "Equal", "rightValue": "x", "not": false}}}"#,
    ),
    (
        KNOWN[6],
        r#"{"attributes": {"audienceId": "394649", "segmentFolderId": "3001", "name": "rare", "description": null, "goal": null,
"reentryMode": "no_reentry", "realtimeJourneyStages": [{"name": "s", "entryCriteria": {"name": "In", "profileCriteria": null}}]},
"relationships": {"parentFolder": {"data": {"id": "3001", "type": "folder-segment"}}}}"#,
    ),
];

/// An intended difference.
struct Deviation {
    /// The message of the one that refuses contains one of these.
    about: &'static [&'static str],
    /// Bodies that it is about.
    only: fn(&Value) -> bool,
    reason: &'static str,
}

const DEVIATIONS: [(Side, Deviation); 6] = [
    (
        Side::Sandbox,
        Deviation {
            about: &["unknown rule"],
            only: |_| true,
            reason: "the sandbox can't decide by a rule of a form that it does not know; the account may, so validate warns",
        },
    ),
    (
        Side::Validate,
        Deviation {
            about: &["'column' can't be blank"],
            only: |_| true,
            reason: "the files leave rules open, and no table has a column with a blank name",
        },
    ),
    (
        Side::Sandbox,
        Deviation {
            about: &["Audience id can't be blank", "Attributes is missing"],
            only: is_no_create,
            reason: "without audienceId it is the change of a journey; 'attributes' without a field is a plan without attributes",
        },
    ),
    (
        Side::Files,
        Deviation {
            about: &["at '/attributes'"],
            only: is_no_create,
            reason: "without audienceId it is the change of a journey; 'attributes' without a field is a plan without attributes",
        },
    ),
    (
        Side::Files,
        Deviation {
            about: &["want object, but got null"],
            only: |_| true,
            reason: "the public examples write null for no filters and no criteria",
        },
    ),
    (
        Side::Files,
        Deviation {
            about: &["does not match pattern '[1-9][0-9]*'"],
            only: |_| true,
            reason: "which ids there are, the account knows",
        },
    ),
];

/// Whether a body names neither its parent segment nor its folder, or says nothing.
fn is_no_create(body: &Value) -> bool {
    body.get("relationships").is_none() && body.pointer("/attributes/audienceId").is_none()
}

/// Which one refuses what `validate` accepts, or accepts what it refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// The sandbox refuses it, `validate` does not.
    Sandbox,
    /// The files refuse it, `validate` does not.
    Files,
    /// `validate` refuses it, the sandbox does not.
    Validate,
}

/// The errors of `validate`.
fn errors(body: &Value) -> Vec<String> {
    let report = validate(&body.to_string(), "body.json");
    let errors = report.findings.into_iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| format!("{} {}: {}", finding.code, finding.pointer, finding.message)).collect()
}

/// Whether a difference is intended; records which one it is.
fn meant(side: Side, message: &str, body: &Value, seen: &mut BTreeSet<usize>) -> bool {
    let is_it = |(of, known): &(Side, Deviation)| {
        *of == side && (known.only)(body) && known.about.iter().any(|part| message.contains(part))
    };
    let found = DEVIATIONS.iter().position(is_it);
    seen.extend(found);
    found.is_some()
}

/// Compares the results of the three for one body; returns the differences.
fn compare(
    fuzz: &mut Fuzz<'_>,
    sent: &Sent,
    body: &Value,
    counts: &mut [usize; 2],
    seen: &mut BTreeSet<usize>,
) -> Vec<String> {
    let found = errors(body);
    let against = fuzz.against_the_files(body);
    let (status, answer) = fuzz.platform.request_as(
        &fuzz.operation.method,
        &sent.target(),
        Some(body.clone()),
        fuzz.media.as_deref().unwrap_or("application/json"),
        &[],
    );
    let (valid, taken) = (found.is_empty(), status < 300);
    counts[usize::from(valid)] += 1;
    let answer = answer.to_string();
    let mut differ = Vec::new();
    if valid && !taken {
        let account = OF_THE_ACCOUNT.iter().any(|part| answer.contains(part));
        if !account && !meant(Side::Sandbox, &answer, body, seen) {
            differ.push(format!("validate takes it, the sandbox says {status} {answer}"));
        }
    }
    let message = found.join("; ");
    if !valid && taken && !meant(Side::Validate, &message, body, seen) {
        differ.push(format!("the sandbox takes it, validate reports {message}"));
    }
    if let Some(against) = against.filter(|against| valid && !meant(Side::Files, against, body, seen)) {
        differ.push(format!("validate takes it, the files say {against}"));
    }
    differ
}

/// A debug build reads the deepest bodies on a stack like that of a process.
#[test]
fn validate_sandbox_and_files_agree_on_every_body() {
    std::thread::Builder::new().stack_size(32 << 20).spawn(agree).unwrap().join().unwrap();
}

fn agree() {
    let seed = std::env::var("TDX_RT_FUZZ_SEED").unwrap_or_default();
    let rounds =
        std::env::var("TDX_RT_BODY_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(ROUNDS_OF_ALL);
    let contract = &super::super::openapi::Contract::load();
    let mut report = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for known in KNOWN {
        let operation = contract.operations.iter().find(|operation| operation.to_string() == known);
        let operation = operation.unwrap_or_else(|| panic!("{known} is not in the files"));
        let (platform, pools, token) = pools::configured(operation);
        let mut fuzz = Fuzz {
            contract,
            operation,
            platform,
            token,
            pools,
            schema: contract.request_schema(operation),
            media: contract.request_types(operation).into_iter().next(),
            lent: false,
            dice: Dice::new(&format!("{seed}{operation}")),
            carried_out: 0,
            odd_bodies: 0,
            problems: BTreeMap::new(),
        };
        let mut counts = [0, 0];
        for round in 0..rounds {
            let mut sent = if round % 3 == 0 { fuzz.good() } else { fuzz.spoilt() };
            let rare: Vec<&str> = RARE.iter().filter(|(of, _)| *of == known).map(|(_, body)| *body).collect();
            if let Some(body) = rare.get(round) {
                sent.body = body.as_bytes().to_vec();
            }
            let Ok(body) = serde_json::from_slice::<Value>(&sent.body) else { continue };
            if !body.is_object() {
                continue;
            }
            for problem in compare(&mut fuzz, &sent, &body, &mut counts, &mut seen) {
                let kind: String = problem.chars().filter(|c| !c.is_ascii_digit()).take(110).collect();
                let shown: String = body.to_string().chars().take(700).collect();
                report.entry(format!("{operation}: {kind}")).or_insert(format!("{problem}\n    {shown}"));
            }
        }
        println!("{operation}: {counts:?}");
        assert!(counts.iter().all(|count| *count > 0), "{operation}: one verdict only: {counts:?}");
    }
    for (index, (_, known)) in DEVIATIONS.iter().enumerate() {
        // Fewer rounds may not have all of them.
        assert!(seen.contains(&index) || rounds < ROUNDS_OF_ALL, "does not occur: {}", known.reason);
    }
    let report: Vec<String> = report.iter().map(|(kind, shown)| format!("{kind}\n    {shown}")).collect();
    assert!(report.is_empty(), "{} differences:\n{}", report.len(), report.join("\n\n"));
}
