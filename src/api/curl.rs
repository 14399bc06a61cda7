//! Requests as commands for a shell: runnable, and without a secret in them.

use super::{Path, Planned};
use serde_json::Value;
use std::collections::HashMap;

/// What ids that the platform will give begin with in a dry run.
const MADE_UP: &str = "new:";

/// The requests that a dry run collected as a script for `sh` with curl and jq. Keys and tokens are
/// variables (`auth` is the value of the `Authorization` header for double quotes, such as
/// `TD1 $TDX_API_KEY`), and so are the ids that the platform will give: a later request uses what
/// an earlier one was answered.
pub fn commands(planned: &[Planned], auth: &str) -> String {
    let mut script: Vec<String> = Vec::new();
    let mut ids: HashMap<String, String> = HashMap::new();
    for (index, request) in planned.iter().enumerate() {
        let later: Vec<String> = planned.iter().skip(index + 1).flat_map(made_up_ids).collect();
        let command = command(request, auth, &ids);
        match makes(request).filter(|id| later.contains(id)) {
            Some(id) => {
                let variable = format!("id_{}", ids.len() + 1);
                script.push(format!("{variable}=$({command} |\n  jq -er '.data.id // .id')"));
                ids.insert(id, variable);
            }
            None => script.push(command),
        }
        if let Some(listing) = request.url.strip_suffix("/realtime_imported_attributes/bulk_update") {
            look_up_imports(&mut script, listing, auth, &later, planned, &mut ids);
        }
    }
    // Each needs the one before; pasted or run, the first that fails ends it.
    script.into_iter().map(|command| command + " &&\n").collect::<String>() + "true\n"
}

/// An import answers no ids; a listing does.
fn look_up_imports(
    script: &mut Vec<String>,
    parent_segment: &str,
    auth: &str,
    later: &[String],
    planned: &[Planned],
    ids: &mut HashMap<String, String>,
) {
    let made: Vec<String> = planned.iter().filter_map(makes).collect();
    for id in later {
        if made.contains(id) || ids.contains_key(id) {
            continue;
        }
        let variable = format!("id_{}", ids.len() + 1);
        let name = id.strip_prefix(MADE_UP).unwrap_or(id);
        script.push(format!(
            "{variable}=$(curl -fsS {} \\\n  -H \"Authorization: {auth}\" |\n  jq -er --arg name {} '.data[] | select(.name == $name or .identifier == $name) | .id')",
            quote(&format!("{parent_segment}/realtime_attributes?page%5Bsize%5D=1000")),
            quote(name)
        ));
        ids.insert(id.clone(), variable);
    }
}

/// The made-up id of what a create makes: as the resources' files make it up.
fn makes(request: &Planned) -> Option<String> {
    let body = request.body.as_ref().filter(|_| request.method == "POST")?;
    let name = body.get("name").or_else(|| body.pointer("/attributes/name"))?.as_str()?;
    let kind = match request.url.rsplit('/').next()? {
        "realtime_key_events" => "event:",
        "realtime_attributes" => "",
        "realtime_personalization_services" => "service:",
        "tokens" => "token:",
        "realtime_personalizations" => "personalization:",
        _ => return None,
    };
    Some(format!("{MADE_UP}{kind}{name}"))
}

/// Every made-up id that a request needs: texts of its body, and parts of its path.
fn made_up_ids(request: &Planned) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(body) = &request.body {
        texts(body, &mut found);
    }
    for part in request.url.split('/').filter(|part| part.starts_with("new%3A")) {
        found.extend(decoded(part));
    }
    found
}

fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text.starts_with(MADE_UP) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(map) => map.values().for_each(|item| texts(item, found)),
        _ => {}
    }
}

/// The text of a percent-encoded path segment.
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
    let mut command = format!("curl -fsS -X {} {url} \\\n  -H \"Authorization: {auth}\"", request.method);
    if let Some(content_type) = request.content_type {
        command.push_str(&format!(" \\\n  -H 'Content-Type: {content_type}'"));
    }
    if let Some(body) = &request.body {
        let mut data = quote(&body.to_string());
        for (id, variable) in ids {
            // Whole texts only, quotes included: one id may begin like another.
            let text = Value::from(id.as_str()).to_string().replace('\'', r"'\''");
            data = data.replace(&text, &format!("\"'\"${variable}\"'\""));
        }
        command.push_str(&format!(" \\\n  -d {data}"));
    }
    command
}

/// A text in single quotes for the shell.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn planned(method: &str, url: &str, body: Value) -> Planned {
        let content_type = Some("application/json");
        Planned { method: method.into(), url: url.into(), content_type, body: Some(body) }
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
            r#"id_1=$(curl -fsS -X POST 'http://h/realtime_key_events' \
  -H "Authorization: TD1 $TDX_API_KEY" \
  -H 'Content-Type: application/json' \
  -d '{"name":"it'\''s"}' |
  jq -er '.data.id // .id') &&
curl -fsS -X POST 'http://h/realtime_attributes' \
  -H "Authorization: TD1 $TDX_API_KEY" \
  -H 'Content-Type: application/json' \
  -d '{"name":"a","realtimeKeyEventId":"'"$id_1"'"}' &&
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
                    json!({"attributes": {"name": "p", "a": "new:tier"}}),
                ),
            ],
            "TD1 $TDX_API_KEY",
        );
        assert!(script.contains("'http://h/x/'\"$id_1\"'/tokens'"), "{script}");
        assert!(script.contains("--arg name 'tier'") && script.contains("\"a\":\"'\"$id_2\"'\""), "{script}");
    }
}
