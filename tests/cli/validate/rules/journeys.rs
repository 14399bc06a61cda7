//! Journeys.

use super::Case;

pub fn cases() -> Vec<Case<'static>> {
    let error = "error";
    let warning = "warning";
    let with = |steps: &str| format!("journeys:\n- name: j\n  steps:\n  - {steps}\n");
    let case = |code, severity, place, bad: &str, good: &str| (code, severity, place, with(bad), with(good));
    let hook = |rest: &str| format!("{{activate: webhook, url: 'https://h.example/in'{rest}}}");
    let good = hook("");
    let key = "1/0123456789abcdef0123456789abcdef01234567";
    let mut cases = vec![
        case(
            "bad-share",
            error,
            (4, 15),
            "{ab_test: [{name: a, share: 60}, {name: b, share: 50}]}",
            "{ab_test: [{name: a, share: 50}, {name: b, share: 50}]}",
        ),
        case(
            "wrong-type",
            error,
            (4, 36),
            "{ab_test: [{name: a,    share: 101}]}",
            "{ab_test: [{name: a, share: 100}]}",
        ),
        case("bad-webhook", error, (4, 33), "{activate: webhook,   url:  h.example}", &good),
        case("bad-webhook", error, (4, 64), &hook(", headers: {'a b': x}"), &hook(", headers: {a-b: x}")),
        case(
            "duplicate-name",
            error,
            (4, 70),
            &hook(", headers: {A: x, a: y}"),
            &hook(", headers: {A: x, b: y}"),
        ),
        case(
            "unquoted-number",
            error,
            (4, 64),
            &hook(", body: {a: 9.90}"),
            &hook(", body: {a: '9.90', b: 9.9}"),
        ),
        case("key-in-webhook", error, (4, 60), &hook(&format!(", body: {key}")), &hook(", body: 1/2")),
        case(
            "env-not-allowed",
            error,
            (4, 67),
            &hook(", api_key_env: HOME"),
            &hook(", api_key_env: TDX_RT_HOOK_HOME"),
        ),
        case(
            "plain-http",
            warning,
            (4, 30),
            "{activate: webhook, url: 'http://h.example'}",
            "{activate: webhook, url: 'http://127.0.0.1:9'}",
        ),
        case("unreachable-step", error, (5, 5), "{jump: j}\n  - end", "end"),
        case(
            "unreachable-step",
            error,
            (5, 5),
            "{ab_test: [{name: a, share: 50, steps: [end]}, {name: b, share: 50, steps: [{wait: 1h}, {jump: j}]}]}\n  - end",
            "{ab_test: [{name: a, share: 50, steps: [end]}, {name: b, share: 50}]}\n  - end",
        ),
        case("bad-duration", error, (4, 12), "{wait: soon}", "{wait: 90m}"),
        case("unknown-value", error, (4, 16), "{activate: webhok, url: 'https://h.example'}", &good),
        case("unknown-value", error, (4, 5), "ende", "end"),
        case("unknown-value", error, (4, 5), "{wait: 1h, jump: j}", "{wait: 1h}"),
        case("missing-field", error, (4, 5), "{name: x}", "{name: x, wait: 1h}"),
        case("missing-field", error, (4, 5), "{activate: webhook}", &good),
        case(
            "missing-field",
            error,
            (4, 5),
            "{activate: connection, connection: '1'}",
            "{activate: connection, connection: '1', connector_type: braze_out}",
        ),
        case(
            "missing-field",
            error,
            (4, 15),
            "{decide: [{name: a}]}",
            "{decide: [{name: a, otherwise: true}]}",
        ),
        case(
            "wrong-type",
            error,
            (4, 75),
            &hook(", retries: 3, timeout: 2h"),
            &hook(", retries: 3, timeout: 2m"),
        ),
        case("unused-field", error, (4, 66), &hook(", parameters: {}"), &good),
        case("unknown-stage", error, (4, 12), "{jump: {stage: x}}", "{jump: {stage: Stage 1}}"),
    ];
    let whole = |code, severity, place, bad: &str, good: &str| {
        (code, severity, place, format!("journeys: [{bad}]\n"), format!("journeys: [{good}]\n"))
    };
    cases.extend([
        whole("journey-state", error, (1, 43), "{name: j, steps: [end], state: launched}", "{name: j, trigger_event: v, steps: [end], state: launched}"),
        whole("unknown-value", error, (1, 42), "{name: j, steps: [], reentry: onec}", "{name: j, steps: [], reentry: never}"),
        whole("duplicate-name", error, (1, 39), "{name: j}, {name:          j}", "{name: j}, {name: k}"),
        (
            "unknown-placeholder",
            warning,
            (2, 74),
            "attributes: [{name: tier, type: imported_batch}]\njourneys: [{name: j, steps: [{activate: webhook, url: 'https://h/{{ti}}{{teir}}'}]}]\n".to_owned(),
            "attributes: [{name: tier, type: imported_batch}]\njourneys: [{name: j, steps: [{activate: webhook, url: 'https://h/{{tier}}'}]}]\n".to_owned(),
        ),
        (
            "unknown-placeholder",
            warning,
            (2, 68),
            "attributes: [{name: tier, renamed_from: level, type: imported_batch}]\njourneys: [{name: j, steps: [{activate: webhook, url: 'https://h/{{level}}'}]}]\n".to_owned(),
            "attributes: [{name: tier, renamed_from: level, type: imported_batch}]\njourneys: [{name: j, steps: [{activate: webhook, url: 'https://h/{{tier}}'}]}]\n".to_owned(),
        ),
    ]);
    cases
}
