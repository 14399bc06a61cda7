//! A file a command, and the pipeline of all of them.

mod answers;
mod apply;
mod as_written;
mod bulk;
mod ci_story;
mod client;
#[cfg(target_os = "linux")]
mod completions;
mod config;
mod connections;
#[cfg(target_os = "linux")]
mod consent;
#[cfg(target_os = "linux")]
mod counts;
mod crash;
mod credentials;
mod csv;
mod curl;
mod damaged_files;
mod diff;
mod discover;
mod earlier_files;
#[cfg(unix)]
mod ending;
mod event_clock;
mod examples;
mod explain;
mod findings;
mod flags;
mod foreseen;
mod full_disk;
mod graph;
mod help;
mod help_examples;
mod in_use;
mod install;
mod journals;
mod journey_create;
mod journey_monitor;
mod journey_preview;
mod journey_test;
mod jq_check;
mod jq_run;
#[cfg(unix)]
mod kept;
#[cfg(target_os = "linux")]
mod key_sources;
mod keys;
mod later_fields;
mod limits;
mod lines_taken_out;
#[cfg(unix)]
mod lost;
mod man;
// `ulimit -d` counts all memory on Linux alone.
#[cfg(target_os = "linux")]
mod matrix;
mod no_longer_named;
mod nouns;
mod other_names;
mod others_inside;
#[cfg(target_os = "linux")]
mod output;
mod own_files;
#[cfg(target_os = "linux")]
mod page;
mod pipeline;
pub mod plans;
mod plugin;
mod prune;
mod ps_check;
mod ps_run;
mod pz_create;
mod pz_test;
mod queries;
mod release;
mod renaming;
mod rt_attrs;
mod rt_events;
mod rt_keys;
mod rules;
mod sandbox;
#[cfg(target_os = "linux")]
mod sandbox_shell;
mod schema;
mod seeded;
mod shell;
#[cfg(target_os = "linux")]
mod strangers;
mod streams;
mod synced;
mod tasks;
// `setsid` is of Linux.
#[cfg(target_os = "linux")]
mod terminal;
mod tls;
mod tokens;
mod undo;
mod undo_commands;
mod validate;
mod wait;
mod writers;

use crate::common::Platform;
use serde_json::Value;
use std::path::PathBuf;
use tempfile::TempDir;

/// The demo parent segment that is ready: 'Customer 360'.
const PS: &str = "394649";

/// Its real-time setting, around the binary.
fn setting(platform: &Platform) -> Value {
    let mut setting = platform.get("/audiences/394649/realtime_setting");
    // What a roll-out changes by itself.
    for key in ["status", "statusDetailed"] {
        setting.as_object_mut().unwrap().shift_remove(key);
    }
    setting
}

/// Its key events, attributes and so on, around the binary.
fn listing(platform: &Platform, what: &str) -> Vec<Value> {
    let path = match what {
        "realtime_personalizations" | "realtime_journeys" | "realtime_activations" => {
            format!("/entities/parent_segments/{PS}/{what}")
        }
        _ => format!("/audiences/{PS}/{what}"),
    };
    platform.get(&path)["data"].as_array().unwrap().clone()
}

/// The names of listed items.
fn names(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["name"].as_str().unwrap()).collect()
}

/// A field of an error that must be a string.
#[track_caller]
fn said<'a>(error: &'a Value, field: &str) -> &'a str {
    error[field].as_str().unwrap_or_else(|| panic!("{field} is no string: {error}"))
}

/// Events, keys and attributes for a personalization.
const BASE: &str = "
parent_segment_id: '394649'
events:
  - {name: page_view, database: web_events, table: pageviews}
id_stitching:
  primary_key: canonical_id
  stitching_keys: [canonical_id, td_client_id, customer_id]
attributes:
  - {name: last, type: single, source_event: page_view, source_field: product_id}
  - {name: seen, type: list, source_event: page_view, source_field: product_id, max_items: 100, expiry_days: 60}
  - {name: views, type: counter, source_event: page_view, aggregation: count, window_duration: 24h}
  - {name: loyalty_tier, type: imported_batch}
";

/// A platform with [`BASE`] on it; what was sent for it is forgotten.
fn configured() -> Platform {
    let platform = Platform::start();
    let applied = platform.tdx(&["apply", "--interval", "5ms"]).stdin(BASE).run();
    assert_eq!(applied.document()["parent_segment"]["rt_status"], "ok");
    platform.forget_requests();
    platform
}

/// A file in a folder that goes away with it.
struct Written {
    _folder: TempDir,
    path: PathBuf,
}

impl Written {
    fn new(name: &str, text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        Written { _folder: folder, path }
    }

    fn path(&self) -> &str {
        self.path.to_str().unwrap()
    }
}
