//! Runs of parent segments: the workflow that makes their batch data.

use super::pages::read_one;
use super::{ApiError, Call, Client, Host, Path};
use crate::platform::wire::Execution;
use serde_json::{Value, json};

impl Client {
    /// The runs of a parent segment that are known, in no order that the contract names.
    pub async fn executions(&self, ps: &str) -> Result<Vec<Execution>, ApiError> {
        self.list(Call::get(Host::Cdp, Path::of(&["audiences", ps, "executions"]))).await
    }

    /// Begins a run. It is never repeated: the platform may have begun one although its answer was lost.
    pub async fn run_audience(&self, ps: &str) -> Result<Execution, ApiError> {
        let call = Call { body: None, ..Call::create(Path::of(&["audiences", ps, "run"]), Value::Null) };
        let operation = self.operation(&call);
        let made_up = || json!({"workflowSessionId": "new:run", "status": "queued"});
        read_one(&operation, self.write(call, made_up).await?)
    }
}
