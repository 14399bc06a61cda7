//! Requests as commands for a shell: runnable, and without a secret in them.

use super::{Path, Planned};
use crate::platform::limits::PAGE_SIZE_MAX;
use serde_json::Value;
use std::collections::HashMap;

/// What ids that the platform will give begin with in a dry run.
const MADE_UP: &str = "new:";
/// The variable with the token of the personalization API.
const TOKEN: &str = "TDX_RT_TOKEN";

/// Requests as a script for `sh` with curl and jq. Keys and tokens are variables (`auth` is the value
/// of the `Authorization` header for double quotes, such as `TD1 $TDX_API_KEY`), and so are the ids
/// that the platform will give: a later request uses what an earlier one was answered.
pub fn commands(planned: &[Planned], auth: &str) -> String {
    let mut script: Vec<String> = needed(planned, auth).into_iter().collect();
    let mut ids: HashMap<String, String> = HashMap::new();
    let mut requests = planned.iter();
    while let Some(request) = requests.next() {
        let later: Vec<String> = requests.clone().flat_map(made_up_ids).collect();
        script.extend(request.after_roll_out.iter().map(|setting| wait_until_ok(setting, auth)));
        let command = command(request, auth, &ids);
        match makes(request).filter(|id| later.contains(id)) {
            Some(id) => {
                let variable = variable(&ids);
                script.push(format!("{variable}=$({command} |\n  jq -er '.data.id // .id')"));
                ids.insert(id, variable);
            }
            None => script.push(command),
        }
        look_up_imports(&mut script, request, auth, &later, &mut ids);
        look_up_stages(&mut script, request, auth, &later, &mut ids);
    }
    // Each needs the one before; pasted or run, the first that fails ends it.
    script.into_iter().map(|command| command + " &&\n").collect::<String>() + "true\n"
}

/// What can't be done while something is rolled out waits for it.
fn wait_until_ok(setting: &str, auth: &str) -> String {
    format!(
        "until curl -fsS {} \\\n  -H \"Authorization: {auth}\" |\n  jq -e '.status == \"ok\"' >/dev/null; do sleep 1; done",
        quote(setting)
    )
}

/// A script whose variables are missing says so before it sends anything.
fn needed(planned: &[Planned], auth: &str) -> Option<String> {
    let key = auth.split_once('$').map(|(_, name)| name);
    let key = key.filter(|_| planned.iter().any(|request| request.authorized));
    let token = planned.iter().any(|request| request.token).then_some(TOKEN);
    let names: Vec<String> = key.into_iter().chain(token).map(|name| format!("\"${{{name}:?}}\"")).collect();
    (!names.is_empty()).then(|| format!(": {}", names.join(" ")))
}

/// An import answers no ids; a listing does.
fn look_up_imports(
    script: &mut Vec<String>,
    request: &Planned,
    auth: &str,
    later: &[String],
    ids: &mut HashMap<String, String>,
) {
    let Some(parent_segment) = request.url.strip_suffix("/realtime_imported_attributes/bulk_update") else {
        return;
    };
    let columns = request.body.as_ref().and_then(|body| body.get("columns")).and_then(Value::as_array);
    for column in columns.into_iter().flatten().filter_map(Value::as_str) {
        let id = format!("{MADE_UP}{column}");
        if !later.contains(&id) || ids.contains_key(&id) {
            continue;
        }
        let variable = variable(ids);
        script.push(format!(
            "{variable}=$(curl -fsS {} \\\n  -H \"Authorization: {auth}\" |\n  jq -er --arg name {} '.data[] | select(.name == $name or .identifier == $name) | .id')",
            quote(&format!("{parent_segment}/realtime_attributes?page%5Bsize%5D={PAGE_SIZE_MAX}")),
            quote(column)
        ));
        ids.insert(id, variable);
    }
}

/// The variable of the next id.
fn variable(ids: &HashMap<String, String>) -> String {
    format!("id_{}", ids.len().saturating_add(1))
}

/// A journey's stages get ids of their own with it.
fn look_up_stages(
    script: &mut Vec<String>,
    request: &Planned,
    auth: &str,
    later: &[String],
    ids: &mut HashMap<String, String>,
) {
    let stages = request.body.as_ref().and_then(|body| body.pointer("/attributes/realtimeJourneyStages"));
    let (Some(stages), Some(journey)) = (stages.and_then(Value::as_array), makes(request)) else { return };
    let Some(journey_id) = ids.get(&journey).cloned() else { return };
    let name = journey.trim_start_matches(MADE_UP).trim_start_matches("journey:");
    for stage in stages.iter().filter_map(|stage| stage.get("name")?.as_str()) {
        let id = crate::platform::new_id::new_stage(name, stage);
        if !later.contains(&id) {
            continue;
        }
        let variable = variable(ids);
        script.push(format!(
            "{variable}=$(curl -fsS {}\"${journey_id}\" \\\n  -H \"Authorization: {auth}\" |\n  jq -er --arg name {} '.data.attributes.realtimeJourneyStages[] | select(.name == $name) | .id')",
            quote(&format!("{}/", request.url)),
            quote(stage)
        ));
        ids.insert(id, variable);
    }
}

/// The made-up id of what a create makes: as the resources' files make it up.
fn makes(request: &Planned) -> Option<String> {
    let body = request.body.as_ref().filter(|_| request.method == "POST")?;
    let last = request.url.rsplit('/').next()?;
    let named = match last {
        "activations" => body.pointer("/attributes/stepUuid"),
        "streaming_task_auths" => body.get("auth_name"),
        _ => body.get("name").or_else(|| body.pointer("/attributes/name")),
    };
    let name = named?.as_str()?;
    let kind = match last {
        "realtime_key_events" => "event:",
        "realtime_attributes" => "",
        "realtime_personalization_services" => "service:",
        "tokens" => "token:",
        "realtime_personalizations" => "personalization:",
        "realtime_journeys" => "journey:",
        "activations" => "activation:",
        "streaming_task_auths" => "connection:",
        _ => return None,
    };
    Some(format!("{MADE_UP}{kind}{name}"))
}

/// Every made-up id that a request needs: in its body, and parts of its path.
fn made_up_ids(request: &Planned) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(body) = &request.body {
        each_id(&mut body.clone(), &mut |id| {
            found.push(id.to_owned());
            None
        });
    }
    for part in request.url.split('/').filter(|part| part.starts_with("new%3A")) {
        found.extend(decoded(part));
    }
    found
}

/// Replaces the made-up ids of a body with what `replace` returns for them. Ids stand under keys that
/// say so; a string that only looks like one is no id.
fn each_id(value: &mut Value, replace: &mut dyn FnMut(&str) -> Option<String>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| each_id(item, replace)),
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                match value {
                    Value::String(id)
                        if (key.ends_with("Id") && id.starts_with(MADE_UP))
                            || (key == "id" && id.starts_with("new:stage:")) =>
                    {
                        if let Some(other) = replace(id) {
                            *id = other;
                        }
                    }
                    other => each_id(other, replace),
                }
            }
        }
        _ => {}
    }
}

/// A percent-encoded path segment, decoded.
fn decoded(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

fn command(request: &Planned, auth: &str, ids: &HashMap<String, String>) -> String {
    let mut url = quote(&request.url);
    for (id, variable) in ids {
        let encoded = Path::of(&[id]).as_str().trim_start_matches('/').to_owned();
        let parts: Vec<&str> = url.split('/').collect();
        let replaced: Vec<String> = parts
            .into_iter()
            .map(|part| match part.trim_end_matches('\'') == encoded {
                true => part.replace(&encoded, &format!("'\"${variable}\"'")),
                false => part.to_owned(),
            })
            .collect();
        url = replaced.join("/");
    }
    let method = match request.method.as_str() {
        "GET" => String::new(),
        other => format!(" -X {other}"),
    };
    let mut command = format!("curl -fsS{method} {url}");
    if request.authorized {
        command.push_str(&format!(" \\\n  -H \"Authorization: {auth}\""));
    }
    if request.token {
        command.push_str(&format!(" \\\n  -H \"WP13n-Token: ${TOKEN}\""));
    }
    if let Some(content_type) = request.content_type {
        command.push_str(&format!(" \\\n  -H 'Content-Type: {content_type}'"));
    }
    if let Some(body) = &request.body {
        command.push_str(&format!(" \\\n  --data-binary {}", data(body, ids)));
    }
    command
}

/// A body in quotes, with variables in place of made-up ids.
fn data(body: &Value, ids: &HashMap<String, String>) -> String {
    let mut body = body.clone();
    // A control character stands in no JSON text as it is, so nothing else can look like the place.
    each_id(&mut body, &mut |id| ids.get(id).map(|variable| format!("\u{1}{variable}\u{1}")));
    let mut data = quote(&body.to_string());
    for variable in ids.values() {
        data = data.replace(&format!("\\u0001{variable}\\u0001"), &format!("'\"${variable}\"'"));
    }
    data
}

/// A string in single quotes for the shell.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn planned(method: &str, url: &str, body: Value) -> Planned {
        let content_type = Some("application/json");
        Planned {
            method: method.into(),
            url: url.into(),
            content_type,
            body: Some(body),
            authorized: true,
            token: false,
            after_roll_out: None,
        }
    }

    #[test]
    fn a_later_request_uses_the_id_that_an_earlier_one_was_answered() {
        let script = commands(
            &[
                planned("POST", "http://h/realtime_key_events", json!({"name": "it's"})),
                planned(
                    "POST",
                    "http://h/realtime_attributes",
                    json!({"name": "a", "realtimeKeyEventId": "new:event:it's"}),
                ),
            ],
            "TD1 $TDX_API_KEY",
        );
        assert_eq!(
            script,
            r#": "${TDX_API_KEY:?}" &&
id_1=$(curl -fsS -X POST 'http://h/realtime_key_events' \
  -H "Authorization: TD1 $TDX_API_KEY" \
  -H 'Content-Type: application/json' \
  --data-binary '{"name":"it'\''s"}' |
  jq -er '.data.id // .id') &&
curl -fsS -X POST 'http://h/realtime_attributes' \
  -H "Authorization: TD1 $TDX_API_KEY" \
  -H 'Content-Type: application/json' \
  --data-binary '{"name":"a","realtimeKeyEventId":"'"$id_1"'"}' &&
true
"#
        );
    }

    #[test]
    fn ids_in_paths_and_of_imports_are_found_too() {
        let script = commands(
            &[
                planned("POST", "http://h/realtime_personalization_services", json!({"name": "web shop"})),
                planned("POST", "http://h/x/new%3Aservice%3Aweb%20shop/tokens", json!({"name": "t"})),
                planned(
                    "POST",
                    "http://h/42/realtime_imported_attributes/bulk_update",
                    json!({"columns": ["tier"]}),
                ),
                planned(
                    "POST",
                    "http://h/realtime_personalizations",
                    json!({"attributes": {"name": "p", "realtimeAttributeId": "new:tier", "text": "new:tier"}}),
                ),
            ],
            "TD1 $TDX_API_KEY",
        );
        assert!(script.contains("'http://h/x/'\"$id_1\"'/tokens'"), "{script}");
        assert!(script.contains("--arg name 'tier'"), "{script}");
        assert!(script.contains("\"realtimeAttributeId\":\"'\"$id_2\"'\",\"text\":\"new:tier\""), "{script}");
    }

    #[test]
    fn keys_and_tokens_are_asked_for_where_they_are_sent() {
        let plain = Planned { authorized: false, ..planned("DELETE", "http://h/_sandbox/faults", json!({})) };
        let read = Planned {
            method: "GET".into(),
            body: None,
            content_type: None,
            ..planned("GET", "http://h/a?b=c", json!({}))
        };
        let event =
            Planned { token: true, ..planned("POST", "http://h/d/t", json!({"a": "it's\u{1}id_1\u{1}"})) };
        assert!(commands(&[plain], "TD1 $TDX_API_KEY").starts_with("curl -fsS -X DELETE "));
        assert_eq!(
            commands(&[read, event], "TD1 $TDX_API_KEY"),
            r#": "${TDX_API_KEY:?}" "${TDX_RT_TOKEN:?}" &&
curl -fsS 'http://h/a?b=c' \
  -H "Authorization: TD1 $TDX_API_KEY" &&
curl -fsS -X POST 'http://h/d/t' \
  -H "Authorization: TD1 $TDX_API_KEY" \
  -H "WP13n-Token: $TDX_RT_TOKEN" \
  -H 'Content-Type: application/json' \
  --data-binary '{"a":"it'\''s\u0001id_1\u0001"}' &&
true
"#
        );
    }
}
