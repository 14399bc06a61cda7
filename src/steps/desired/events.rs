//! Key events as a plan wants them.

use crate::error::{Code, Error};
use crate::plan::nearest::named;
use crate::plan::{Document, Plan};
use crate::platform::limits;
use crate::platform::rule::{Operand, Rule};
use crate::platform::wire::KeyEvent;
use crate::steps::live::TableSchemas;

/// A key event, and what the plan gives of it.
#[derive(Debug, Clone)]
pub struct WantedEvent {
    /// Its wire form, without an id.
    pub event: KeyEvent,
    /// Whether a filter was given; when not, the live one stays.
    pub filter_given: bool,
}

/// The plan's events, with what it gives of each.
pub fn wanted(document: &Document, plan: &Plan) -> Vec<WantedEvent> {
    let wanted = plan.events.iter().map(|event| WantedEvent {
        filter_given: document.gives(&event.at, &["filter", "where"]),
        event: event.key_event(),
    });
    wanted.collect()
}

impl WantedEvent {
    /// What it becomes where `live` exists already: what the plan leaves out stays.
    fn over(&self, live: &KeyEvent) -> KeyEvent {
        let KeyEvent { id: _, name: _, database_name, table_name, description, filter_rule } = &self.event;
        let keep = !self.filter_given || live.filter_rule.same(filter_rule);
        KeyEvent {
            id: live.id.clone(),
            // Spelled as it is live: the same name may be composed of other characters.
            name: live.name.clone(),
            database_name: database_name.clone(),
            table_name: table_name.clone(),
            description: description.clone().or_else(|| live.description.clone()),
            filter_rule: if keep { live.filter_rule.clone() } else { filter_rule.clone() },
        }
    }
}

/// Checks what can be checked before anything is sent: columns, and the limit on all filters of
/// the parent segment together.
pub fn check(wanted: &[WantedEvent], live: &[KeyEvent], schemas: &TableSchemas) -> Result<(), Error> {
    let rule = |item: &WantedEvent| match named(live, &item.event.name, |event| &event.name) {
        Some(live) => item.over(live).filter_rule,
        None => item.event.filter_rule.clone(),
    };
    for item in wanted {
        let rule = rule(item);
        // One that stays was accepted before, whatever it is.
        let stays = named(live, &item.event.name, |event| &event.name).map(|live| &live.filter_rule);
        if stays != Some(&rule) {
            compiles(&item.event.name, &rule)?;
        }
        // A filter that stays must fit the table too, which may be another one now.
        let (table, by) = (item.event.event_table(), format!("key event '{}'", item.event.name));
        for operand in rule.operands() {
            let Operand::Column(column) = operand else {
                let message = format!("the filter of {by} has a condition on an attribute");
                return Err(Error::new(Code::InvalidPlan, message)
                    .hint("a filter can only look at columns of the event; criteria look at attributes"));
            };
            schemas.column(&table, column, &by)?;
        }
    }
    check_characters(&outlook(wanted, live))
}

/// The limit on the filters of all key events together.
pub fn check_characters(events: &[KeyEvent]) -> Result<(), Error> {
    let characters: usize = events.iter().map(|event| event.filter_rule.characters()).sum();
    if characters <= limits::FILTER_CHARACTERS {
        return Ok(());
    }
    let message = format!(
        "the filters of all key events would have {characters} characters together; the platform's limit is {}",
        limits::FILTER_CHARACTERS
    );
    Err(Error::new(Code::InvalidPlan, message).hint("shorten the filters, or filter where events are sent"))
}

/// A rule that was written as the platform has it may be none that is known.
fn compiles(event: &str, rule: &Rule) -> Result<(), Error> {
    rule.compile().map(drop).map_err(|error| {
        Error::new(Code::InvalidPlan, format!("the filter of key event '{event}': {error}"))
            .hint("write it with `where`, or as a rule of the platform: {type: Column, column, operator}")
    })
}

/// The key events as they will be; those that do not exist yet have made-up ids.
pub fn outlook(wanted: &[WantedEvent], live: &[KeyEvent]) -> Vec<KeyEvent> {
    let of = |name: &str| named(wanted, name, |item| &item.event.name);
    let there = live.iter().map(|live| of(&live.name).map_or_else(|| live.clone(), |item| item.over(live)));
    let new = wanted.iter().filter(|item| named(live, &item.event.name, |live| &live.name).is_none());
    let made_up = |item: &WantedEvent| KeyEvent {
        id: Some(format!("new:event:{}", item.event.name)),
        ..item.event.clone()
    };
    there.chain(new.map(made_up)).collect()
}
