//! Made-up ids of what does not exist yet, for requests that are shown and configurations that are compared.
//! The platform's own ids are digits.

const CONNECTION: &str = "new:connection:";

/// Of an activation, by the key of its step.
pub fn new_activation(step: &str) -> String {
    format!("new:activation:{step}")
}

/// Of a journey.
pub fn new_journey(name: &str) -> String {
    format!("new:journey:{name}")
}

/// Of a stage.
pub fn new_stage(journey: &str, stage: &str) -> String {
    format!("new:stage:{journey}/{stage}")
}

/// Of a connection.
pub fn new_connection(name: &str) -> String {
    format!("{CONNECTION}{name}")
}

/// The name in a made-up id of a connection; `None` for any other id.
pub fn connection_name(id: &str) -> Option<&str> {
    id.strip_prefix(CONNECTION)
}
