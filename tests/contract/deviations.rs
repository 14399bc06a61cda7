//! Where client or sandbox differ from the files, and why. No other differences are allowed.

use super::openapi::Contract;
use serde_json::{Map, Value};

/// A deviation.
pub struct Deviation {
    pub change: Change,
    pub reason: &'static str,
    pub places: &'static [Place],
}

/// The difference from the files.
#[derive(Clone, Copy)]
pub enum Change {
    /// Fields that they do not have.
    Extra(&'static [&'static str]),
    /// Fields that they do not have in an object of this `type`.
    ExtraOf(&'static str, &'static [&'static str]),
    /// A field that they have as an integer is a string.
    Text(&'static str),
    /// A field that they require is missing.
    Missing(&'static str),
    /// A field that they require is missing in an object of this `type`.
    MissingOf(&'static str, &'static str),
}

/// Where a deviation occurs.
pub struct Place {
    /// As in the files.
    pub operation: &'static str,
    pub side: Side,
    /// JSON pointer to the objects; `*` stands for every element.
    pub at: &'static str,
}

/// Which part of an exchange.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Request,
    /// Of a request that was carried out.
    Answer,
    /// Of any other.
    Refusal,
}

const fn request(operation: &'static str, at: &'static str) -> Place {
    Place { operation, side: Side::Request, at }
}

const fn answer(operation: &'static str, at: &'static str) -> Place {
    Place { operation, side: Side::Answer, at }
}

/// An operation that the client or the walk uses and the files do not have.
pub struct Unlisted {
    pub method: &'static str,
    /// `{}` stands for one segment.
    pub path: &'static str,
    pub reason: &'static str,
}

impl Unlisted {
    /// Whether a request is for it.
    pub fn is(&self, method: &str, path: &str) -> bool {
        let (wanted, given): (Vec<_>, Vec<_>) = (self.path.split('/').collect(), path.split('/').collect());
        self.method == method
            && wanted.len() == given.len()
            && wanted.iter().zip(given).all(|(wanted, given)| *wanted == "{}" || *wanted == given)
    }
}

/// All of them; a test reports those that do not occur.
pub static UNLISTED: &[Unlisted] = &[
    Unlisted {
        method: "GET",
        path: "/audiences/{}/personalizations/{}",
        reason: "the published workflow checks with it (platform.md 7); pz-test --get",
    },
    Unlisted {
        method: "GET",
        path: "/v4/streaming_task_auths",
        reason: "the destinations that the triggers workflow makes (platform.md 8)",
    },
    Unlisted {
        method: "POST",
        path: "/v4/streaming_task_auths",
        reason: "the triggers workflow makes its destination with it (platform.md 8)",
    },
];

/// Operations whose body the files do not describe; the triggers workflow shows it (platform.md 8).
pub static UNDESCRIBED: &[&str] = &[PATCH_JOURNEY];

const CREATE_AUDIENCE: &str = "POST /audiences";
const AUDIENCES: &str = "GET /audiences";
const AUDIENCE: &str = "GET /audiences/{audienceId}";
const BEHAVIORS: &str = "GET /audiences/{audienceId}/behaviors";
const LIST_KEY_EVENTS: &str = "GET /audiences/{audienceId}/realtime_key_events";
const CREATE_KEY_EVENT: &str = "POST /audiences/{audienceId}/realtime_key_events";
const GET_KEY_EVENT: &str = "GET /audiences/{audienceId}/realtime_key_events/{realtimeKeyEventId}";
const PATCH_KEY_EVENT: &str = "PATCH /audiences/{audienceId}/realtime_key_events/{realtimeKeyEventId}";
const DELETE_KEY_EVENT: &str = "DELETE /audiences/{audienceId}/realtime_key_events/{realtimeKeyEventId}";
const LIST_ATTRIBUTES: &str = "GET /audiences/{audienceId}/realtime_attributes";
const CREATE_ATTRIBUTE: &str = "POST /audiences/{audienceId}/realtime_attributes";
const GET_ATTRIBUTE: &str = "GET /audiences/{audienceId}/realtime_attributes/{realtimeAttributeId}";
const PATCH_ATTRIBUTE: &str = "PATCH /audiences/{audienceId}/realtime_attributes/{realtimeAttributeId}";
const PATCH_SETTING: &str = "PATCH /audiences/{audienceId}/realtime_setting";
const CREATE_PERSONALIZATION: &str = "POST /entities/realtime_personalizations";
const PATCH_PERSONALIZATION: &str = "PATCH /entities/realtime_personalizations/{realtimePersonalizationId}";
const LIST_JOURNEYS: &str = "GET /entities/parent_segments/{parentSegmentId}/realtime_journeys";
const CREATE_JOURNEY: &str = "POST /entities/realtime_journeys";
const COPY_JOURNEY: &str = "POST /entities/realtime_journeys/duplicate";
const GET_JOURNEY: &str = "GET /entities/realtime_journeys/{realtimeJourneyId}";
const PATCH_JOURNEY: &str = "PATCH /entities/realtime_journeys/{realtimeJourneyId}";
const PAUSE: &str = "PATCH /entities/realtime_journeys/{realtimeJourneyId}/pause";
const RESUME: &str = "PATCH /entities/realtime_journeys/{realtimeJourneyId}/resume";
/// The steps of a journey.
const STEPS: &str = "/data/attributes/realtimeJourneyStages/*/steps/*";

/// Answers that show the steps of a journey.
const STEPS_SHOWN: &[Place] = &[
    answer(GET_JOURNEY, STEPS),
    answer(PATCH_JOURNEY, STEPS),
    answer(PAUSE, STEPS),
    answer(RESUME, STEPS),
    answer(COPY_JOURNEY, STEPS),
    answer(LIST_JOURNEYS, "/data/*/attributes/realtimeJourneyStages/*/steps/*"),
];

/// All deviations; a test reports those that do not occur. Except those of tables and personalizations they
/// are fields in objects that the files leave open.
pub static DEVIATIONS: &[Deviation] = &[
    Deviation {
        change: Change::Text("last_log_timestamp"),
        reason: "text, as real clients read it and the vendor's tests recorded it; the files say integer (platform.md 4)",
        places: &[
            answer("GET /v3/table/list/{database_name}", "/tables/*"),
            answer("GET /v3/table/show/{database_name}/{table_name}", ""),
        ],
    },
    Deviation {
        change: Change::Extra(&["description"]),
        reason: "key events have a description (platform.md 5)",
        places: &[
            request(CREATE_KEY_EVENT, ""),
            request(PATCH_KEY_EVENT, ""),
            answer(CREATE_KEY_EVENT, ""),
            answer(PATCH_KEY_EVENT, ""),
            answer(DELETE_KEY_EVENT, ""),
            answer(GET_KEY_EVENT, ""),
            answer(LIST_KEY_EVENTS, "/data/*"),
        ],
    },
    Deviation {
        change: Change::Extra(&["profileKey"]),
        reason: "the master has a profile key (platform.md 1.4); the files do not name its field",
        places: &[answer(AUDIENCE, "/master"), answer(AUDIENCES, "/*/master")],
    },
    Deviation {
        change: Change::Extra(&[
            "id",
            "matrixColumnName",
            "matrixColumnDescription",
            "usedBySegmentInsight",
            "visibility",
        ]),
        reason: "one form for all answers: /audiences/{id}/attributes has these fields in the files",
        places: &[answer(AUDIENCE, "/attributes/*"), answer(AUDIENCES, "/*/attributes/*")],
    },
    Deviation {
        change: Change::Extra(&["matrixColumnName", "matrixColumnDescription", "visibility"]),
        reason: "one form for all answers: /audiences/{id}/behaviors has these fields in the files",
        places: &[answer(AUDIENCE, "/behaviors/*/schema/*"), answer(AUDIENCES, "/*/behaviors/*/schema/*")],
    },
    Deviation {
        change: Change::Extra(&["isRealtime"]),
        reason: "one form for all answers: /audiences has this field in the files",
        places: &[answer(BEHAVIORS, "/*")],
    },
    Deviation {
        change: Change::ExtraOf("single", &["sensitive"]),
        reason: "the files have it in the other form of an attribute, under /entities/parent_segments",
        places: &[
            answer(CREATE_ATTRIBUTE, "/data"),
            answer(PATCH_ATTRIBUTE, ""),
            answer(GET_ATTRIBUTE, ""),
            answer(LIST_ATTRIBUTES, "/data/*"),
        ],
    },
    Deviation {
        change: Change::ExtraOf("imported", &["column", "dataType", "sensitive", "realtimeAttributeKind"]),
        reason: "the files have these in the other form of an attribute, under /entities/parent_segments",
        places: &[answer(LIST_ATTRIBUTES, "/data/*")],
    },
    Deviation {
        change: Change::Extra(&["name", "identifier"]),
        reason: "payloads refer to a window by its identifier, so a new window needs one (platform.md 1.5)",
        places: &[request(PATCH_ATTRIBUTE, "/subDurations/*")],
    },
    Deviation {
        change: Change::Extra(&["laterField"]),
        reason: "a later version of the platform may have more fields than the files: what is read, merged and \
                 written keeps them, and the sandbox takes those whose names begin with `later`",
        places: &[request(PATCH_SETTING, ""), request(PATCH_SETTING, "/eventTables/*")],
    },
    Deviation {
        change: Change::Missing("id"),
        reason: "the files want an id of every section in a PATCH, and a new section has none yet",
        places: &[request(PATCH_PERSONALIZATION, "/attributes/sections/*")],
    },
    Deviation {
        change: Change::Extra(&["includeSensitive"]),
        reason: "the files have it in PATCH and in answers only; the vendor's published payloads create with it",
        places: &[request(CREATE_PERSONALIZATION, "/attributes/sections/*")],
    },
    Deviation {
        change: Change::Missing("relationships"),
        reason: "the files require it without a description; the published workflow leaves it out",
        places: &[request(CREATE_JOURNEY, "")],
    },
    Deviation {
        change: Change::Extra(&["state"]),
        reason: "the published workflow creates a journey with the state draft (platform.md 8)",
        places: &[request(CREATE_JOURNEY, "/attributes")],
    },
    Deviation {
        change: Change::ExtraOf("WaitStep", &["name"]),
        reason: "the files' own example of a wait has a name",
        places: STEPS_SHOWN,
    },
    Deviation {
        change: Change::ExtraOf("TriggeredActivation", &["name"]),
        reason: "the files' own example of an activation has a name",
        places: STEPS_SHOWN,
    },
    Deviation {
        change: Change::MissingOf("Variant", "variants"),
        reason: "the files require variants and describe branches in its place",
        places: STEPS_SHOWN,
    },
    Deviation {
        change: Change::Missing("audienceId"),
        reason: "a parent segment that is not there yet has no id",
        places: &[request(CREATE_AUDIENCE, "/attributes/*")],
    },
    Deviation {
        change: Change::Missing("id"),
        reason: "a behavior that is not there yet has no id",
        places: &[request(CREATE_AUDIENCE, "/behaviors/*")],
    },
];

impl Change {
    /// Every field that differs.
    fn fields(self) -> Vec<&'static str> {
        match self {
            Change::Extra(fields) | Change::ExtraOf(_, fields) => fields.to_vec(),
            Change::Missing(field) | Change::MissingOf(_, field) | Change::Text(field) => vec![field],
        }
    }

    /// Makes the objects at `at` as the files have them, except for the field `denied`.
    pub fn undo(self, body: &mut Value, at: &str, denied: Option<&str>) {
        let pointer: Vec<&str> = at.split('/').skip(1).collect();
        visit(body, &pointer, &mut |object| match self {
            Change::Missing(field) | Change::MissingOf(_, field) | Change::Text(field)
                if denied == Some(field) => {}
            Change::ExtraOf(kind, _) | Change::MissingOf(kind, _)
                if object.get("type").is_none_or(|there| there != kind) => {}
            Change::Extra(fields) | Change::ExtraOf(_, fields) => {
                object.retain(|key, _| denied == Some(key) || !fields.contains(&key.as_str()));
            }
            Change::Text(field) => {
                if let Some(value) = object.get_mut(field).filter(|value| value.is_string()) {
                    *value = 0.into();
                }
            }
            Change::Missing(field) | Change::MissingOf(_, field) => {
                object.entry(field).or_insert_with(|| "1".into());
            }
        });
    }
}

fn visit(value: &mut Value, pointer: &[&str], change: &mut impl FnMut(&mut Map<String, Value>)) {
    match (pointer, value) {
        ([], Value::Object(object)) => change(object),
        (["*", rest @ ..], Value::Array(items)) => {
            items.iter_mut().for_each(|item| visit(item, rest, change))
        }
        (["*", rest @ ..], Value::Object(items)) => {
            items.values_mut().for_each(|item| visit(item, rest, change))
        }
        ([name, rest @ ..], Value::Object(object)) => {
            if let Some(value) = object.get_mut(*name) {
                visit(value, rest, change);
            }
        }
        _ => {}
    }
}

#[test]
fn every_deviation_occurs_and_is_needed() {
    let contract = &Contract::load();
    let exchanges: Vec<_> = super::walk::EXCHANGES.iter().chain(super::requests::EXCHANGES.iter()).collect();
    let mut stale = Vec::new();
    for deviation in DEVIATIONS {
        for (place, field) in
            deviation.places.iter().flat_map(|p| deviation.change.fields().into_iter().map(move |f| (p, f)))
        {
            let needed = exchanges.iter().any(|exchange| {
                exchange.operation(contract).is_some_and(|operation| operation.to_string() == place.operation)
                    && !exchange.problems(contract, Some((place, field))).is_empty()
            });
            if !needed {
                stale.push(format!("{} at '{}', '{field}': {}", place.operation, place.at, deviation.reason));
            }
        }
    }
    for unlisted in UNLISTED {
        let sent: Vec<_> = exchanges.iter().filter(|e| unlisted.is(&e.method, &e.path)).collect();
        if sent.is_empty() || sent.iter().any(|exchange| exchange.operation(contract).is_some()) {
            stale.push(format!("{} {}: {}", unlisted.method, unlisted.path, unlisted.reason));
        }
    }
    assert!(stale.is_empty(), "these do not occur:\n{}", stale.join("\n"));
}
