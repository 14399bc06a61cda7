//! Tables as the platform lists them: the proposal for any columns is a valid plan with existing columns.

use serde_json::{Value, json};
use tdx_rt::plan::presets::{Explored, ExploredTable, UseCase, propose};
use tdx_rt::plan::{Document, Plan};
use tdx_rt::platform::wire::Table;

pub fn check(data: &[u8]) {
    let Ok(answer) = serde_json::from_slice::<Value>(data) else { return };
    let listed = answer.get("tables").and_then(Value::as_array).cloned().unwrap_or_default();
    let tables: Vec<ExploredTable> = listed.into_iter().take(20).filter_map(explored).collect();
    let explored = Explored {
        parent_segment_id: "394649".to_owned(),
        parent_segment_name: "Customer 360".to_owned(),
        database: "web_events".to_owned(),
        tables,
        batch_attributes: vec!["loyalty_tier".to_owned()],
        profile_key: Some("customer_id".to_owned()),
    };
    for case in UseCase::ALL {
        let proposed = match propose(case, &explored, None) {
            Ok(proposed) => proposed,
            Err(error) => {
                assert!(!error.message.is_empty() && !error.hint.is_empty());
                continue;
            }
        };
        let text = serde_saphyr::to_string(&proposed).expect("a proposal can be written");
        let document = Document::parse(&text, "proposal").unwrap_or_else(|e| panic!("{e}\n{text}"));
        assert_eq!(json!(document.root), json!(proposed), "{text}");
        let plan = Plan::read(&document).unwrap_or_else(|e| panic!("{e}\n{text}")).plan;
        for event in &plan.events {
            assert!(explored.tables.iter().any(|table| table.name == event.table), "{}\n{text}", event.table);
        }
    }
}

fn explored(table: Value) -> Option<ExploredTable> {
    let table: Table = serde_json::from_value(table).ok()?;
    let columns = table.columns().ok()?;
    assert!(columns.iter().all(|column| !column.name.is_empty() && !column.kind.is_empty()));
    let last_log_timestamp = table.last_log_timestamp;
    Some(ExploredTable { name: table.name, columns, count: table.count, last_log_timestamp })
}
