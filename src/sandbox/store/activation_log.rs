//! The log of activations as the platform keeps it: a row for each attempt, in a table of its own for each
//! parent segment. Its database, its name and its columns are the published skills'; what a cell holds
//! is our choice.

use super::Store;
use super::catalog::{StoredDatabase, StoredTable, TableRows};
use super::deliveries::{Attempt, Delivery};
use super::segment::ParentSegment;
use crate::platform::wire::Column;
use crate::sandbox::clock::iso;
use serde_json::{Map, Value, json};

/// The table.
const TABLE: &str = "activations";
/// Its columns: names and types.
const COLUMNS: [(&str, &str); 14] = [
    ("time", "long"),
    ("delivered", "int"),
    ("status", "string"),
    ("timestamp", "string"),
    ("activation_type", "string"),
    ("log_time", "string"),
    ("journey_name", "string"),
    ("journey_stage_name", "string"),
    ("activation_name", "string"),
    ("rid", "string"),
    ("error", "string"),
    ("activation_id", "string"),
    ("event_id", "string"),
    ("response", "string"),
];

impl Store {
    /// The databases of the logs that have a row.
    pub fn activation_logs(&self) -> Vec<StoredDatabase> {
        self.segments().filter_map(|segment| self.activation_log(segment)).collect()
    }

    fn activation_log(&self, segment: &ParentSegment) -> Option<StoredDatabase> {
        let times = self.deliveries.attempted(segment.number());
        let (first, last) = (times.iter().min()?, times.iter().max()?);
        let column = |(name, kind): (&str, &str)| Column {
            name: name.to_owned(),
            kind: kind.to_owned(),
            alias: None,
            description: None,
        };
        let table = StoredTable {
            // Far from all ids that are given out one by one.
            id: segment.number().saturating_add(900_000_000_000),
            name: TABLE.to_owned(),
            description: None,
            rows: times.len() as u64,
            data: TableRows::default(),
            last_record: Some(last.div_euclid(1_000)),
            columns: COLUMNS.map(column).into(),
        };
        let name = format!("cdp_audience_{}_rt", segment.number());
        Some(StoredDatabase { name, created: *first, tables: vec![table] })
    }

    /// The rows of a parent segment's log, oldest first.
    pub fn activation_rows(&self, segment: u64) -> Vec<Map<String, Value>> {
        let own = self.deliveries.all().into_iter().filter(|delivery| delivery.segment == segment);
        let mut rows: Vec<(i64, Map<String, Value>)> = own
            .flat_map(|delivery| {
                let row = |attempt: &Attempt| (attempt.at_ms, row(&delivery, attempt));
                delivery.attempts.iter().map(row).collect::<Vec<_>>()
            })
            .collect();
        rows.sort_by_key(|(at, _)| *at);
        rows.into_iter().map(|(_, row)| row).collect()
    }
}

fn row(delivery: &Delivery, attempt: &Attempt) -> Map<String, Value> {
    let sent = &delivery.activated;
    let delivered = attempt.error.is_none();
    let cells = [
        json!(attempt.at_ms.div_euclid(1_000)),
        json!(u8::from(delivered)),
        json!(if delivered { "success" } else { "error" }),
        json!(iso(sent.at.saturating_mul(1_000))),
        json!(sent.connector_type),
        json!(iso(attempt.at_ms)),
        json!(sent.journey_name),
        json!(sent.stage_name),
        json!(sent.activation_name),
        json!(delivery.id),
        json!(attempt.error),
        json!(sent.activation_id),
        json!(sent.event_id),
        json!(attempt.response),
    ];
    COLUMNS.iter().zip(cells).map(|((name, _), cell)| ((*name).to_owned(), cell)).collect()
}
