//! What a sandbox answers that an event would do: it has profile and clock, and decides and renders as it
//! does when the event is sent.

use super::walk::{ForeseenStep, sends};
use super::{Foresight, unknown_in};
use crate::platform::controls::{Preview, PreviewSend};
use crate::steps::verify::Check;
use serde_json::{Map, Value};

impl Preview {
    /// Attributes by name, and their windows and aggregations by `NAME.SUB`.
    pub fn values(&self) -> Map<String, Value> {
        let mut values = Map::new();
        for attribute in &self.attributes {
            values.insert(attribute.name.clone(), attribute.value.clone());
            for (sub, value) in &attribute.sub_attributes {
                values.insert(format!("{}.{sub}", attribute.name), value.clone());
            }
        }
        values
    }

    /// Puts what the sandbox answered in the place of what was worked out here.
    pub fn settle(&self, foresight: &mut Foresight) {
        if foresight.starts == Some(true) && !self.starts {
            let why = "the profile is or was in the journey, and does not come in again";
            foresight.checks.push(Check::new("started", false, why));
        }
        foresight.starts = Some(self.starts);
        if !self.starts {
            foresight.steps.clear();
        }
        let mut left: Vec<&PreviewSend> = self.sent.iter().collect();
        for step in foresight.steps.iter_mut().filter(|step| step.request.is_some()) {
            let same =
                |sent: &&PreviewSend| sent.stage == step.stage && step.step.as_deref() == Some(&sent.step);
            if let Some(place) = left.iter().position(same) {
                *step = ForeseenStep { name: step.name.take(), ..left.remove(place).foreseen() };
            }
        }
        // After what cannot be foreseen here: a test that goes by chance, a jump.
        foresight.steps.extend(left.into_iter().map(PreviewSend::foreseen));
    }
}

impl PreviewSend {
    fn foreseen(&self) -> ForeseenStep {
        ForeseenStep {
            after_seconds: self.after_seconds,
            stage: self.stage.clone(),
            step: Some(self.step.clone()),
            kind: "TriggeredActivation",
            name: Some(self.name.clone()),
            outcome: sends(&self.connector_type, &self.connection_id, &self.export),
            unknown: unknown_in(&self.export),
            request: Some(self.export.clone()),
        }
    }
}
