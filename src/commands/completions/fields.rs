//! The fields that a `--jq` filter can go on with, from the schema of the command's output.

use serde_json::Value;

/// The filter with each field that can come next, with its description. Only plain paths are
/// completed: `.a.b`, `.[].a`, and the same in a pipe of paths.
pub(super) fn offer(schema: &Value, filter: &str) -> Vec<(String, String)> {
    let Some((path, begun)) = filter.rsplit_once('.') else {
        return if filter.is_empty() { offer(schema, ".") } else { Vec::new() };
    };
    if !begun.chars().all(|c| c.is_alphanumeric() || c == '_') {
        return Vec::new();
    }
    let Some(places) = follow(schema, path) else { return Vec::new() };
    let mut found: Vec<(String, String)> = Vec::new();
    for place in &places {
        for (name, field) in place.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let about = resolved(schema, field).iter().find_map(|field| text(field, "description"));
            found.push((format!("{path}.{name}"), about.unwrap_or_default()));
        }
        if begun.is_empty() && place.get("items").is_some() {
            found.push((format!("{path}.[]"), "each of the list".to_owned()));
        }
    }
    found
}

/// The schemas of what a pipe of paths leads to; `None` for any other filter.
fn follow<'s>(schema: &'s Value, path: &str) -> Option<Vec<&'s Value>> {
    let mut places = resolved(schema, schema);
    for part in path.split('|') {
        let mut steps = part.trim().split('.');
        // A path begins with its dot.
        if steps.next().is_some_and(|before| !before.is_empty()) {
            return None;
        }
        for step in steps {
            places = next_places(schema, &places, step)?;
        }
    }
    Some(places)
}

/// What a step such as `name`, `name[]` or `[0]` leads to.
fn next_places<'s>(schema: &'s Value, places: &[&'s Value], step: &str) -> Option<Vec<&'s Value>> {
    let (name, lists) = step.find('[').map_or((step, ""), |at| step.split_at(at));
    let mut places = match name {
        "" if lists.is_empty() => return None,
        "" => places.to_vec(),
        name if name.chars().all(|c| c.is_alphanumeric() || c == '_') => {
            each(schema, places, |place| place.get("properties")?.get(name))
        }
        _ => return None,
    };
    for list in lists.split_terminator(']') {
        if !list.strip_prefix('[')?.chars().all(|c| c.is_ascii_digit()) {
            return None;
        }
        places = each(schema, &places, |place| place.get("items"));
    }
    Some(places)
}

fn each<'s>(
    schema: &'s Value,
    places: &[&'s Value],
    next: impl Fn(&'s Value) -> Option<&'s Value>,
) -> Vec<&'s Value> {
    places.iter().filter_map(|place| next(place)).flat_map(|place| resolved(schema, place)).collect()
}

/// A schema with its references and alternatives taken apart.
fn resolved<'s>(schema: &'s Value, place: &'s Value) -> Vec<&'s Value> {
    let (mut found, mut open) = (Vec::new(), vec![place]);
    // References may lead in a circle.
    for _ in 0..64 {
        let Some(place) = open.pop() else { break };
        if let Some(target) = place.get("$ref").and_then(Value::as_str) {
            open.extend(target.strip_prefix('#').and_then(|target| schema.pointer(target)));
        }
        open.extend(place.get("anyOf").and_then(Value::as_array).into_iter().flatten());
        found.push(place);
    }
    found
}

fn text(schema: &Value, key: &str) -> Option<String> {
    schema.get(key).and_then(Value::as_str).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::offer;

    fn offers(command: &str, filter: &str) -> Vec<String> {
        let schema = crate::commands::SCHEMAS.of(command).unwrap();
        offer(&schema, filter).into_iter().map(|(value, _)| value).collect()
    }

    #[test]
    fn paths_go_on_with_what_can_be_there() {
        let all = |prefix: &str| ["id", "name", "ready"].map(|name| format!("{prefix}{name}"));
        for (filter, prefix) in [
            ("", "."),
            (".", "."),
            (".na", "."),
            (".[].", ".[]."),
            (".[] | .re", ".[] | ."),
            (".[0].", ".[0]."),
        ] {
            let found = offers("ps-check", filter);
            assert!(all(prefix).iter().all(|value| found.contains(value)), "{filter}: {found:?}");
        }
        assert!(offers("ps-check", "").contains(&".[]".to_owned()));
        assert!(offers("pz-create", ".service.").contains(&".service.id".to_owned()));
        assert!(offers("rt-attrs list", ".[] | .").contains(&".[] | .name".to_owned()));
    }

    #[test]
    fn what_is_no_path_is_left_alone() {
        for filter in
            ["map(.", "{a: .", "$x.", "..", "nonsense", ".[] | select(.ready) | .", ".a[\"b\"].", ".[1:2]."]
        {
            assert_eq!(offers("ps-check", filter), Vec::<String>::new(), "{filter}");
        }
    }
}
