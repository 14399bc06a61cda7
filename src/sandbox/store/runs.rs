//! Runs of the workflow that makes a parent segment's batch data.
//!
//! The form of a run is the contract's (`AudienceExecution`); how long one takes, that a second one is refused
//! meanwhile, and what is kept of earlier ones is our choice.

use super::Store;
use super::batch::{LookupTables, join};
use super::catalog::TableRows;
use super::run::Run;
use super::segment::ParentSegment;
use super::segments::find_members;
use crate::platform::wire::EventTable;
use crate::sandbox::refusal::{Reason, Refusal};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// How many runs of a parent segment are kept; the oldest are dropped first.
const KEPT: usize = 100;

/// The records of tables.
pub type TableRecords = HashMap<EventTable, TableRows>;

impl Store {
    /// Begins a run of a parent segment; 409 while one is under way.
    pub fn run_audience(&mut self, id: &str, fails: bool, now: i64) -> Result<(), Refusal> {
        let pace = self.paces.runs;
        let (segment, ids) = self.segment_mut(id)?;
        if segment.runs.iter().any(|run| run.ended.is_none()) {
            let message = format!("The workflow of parent segment '{}' is running already", segment.name);
            return Err(Refusal::conflict(Reason::ParentSegmentRunning, message));
        }
        let run = Run {
            session: ids.fresh(),
            attempt: ids.fresh(),
            created: now,
            progress: pace.begin(now),
            fails,
            ended: None,
        };
        segment.runs.push(run);
        let surplus = segment.runs.len().saturating_sub(KEPT);
        segment.runs.drain(..surplus);
        Ok(())
    }

    /// The runs of a parent segment, latest first, as a reader sees them: reading can move the one under way on.
    pub fn read_runs(&mut self, id: &str, now: i64) -> Result<Vec<Run>, Refusal> {
        let runs = self.segment(id)?.runs.iter().rev().cloned().collect();
        if let Some(place) = self.segment(id)?.runs.iter().position(|run| run.ended.is_none()) {
            let (segment, _) = self.segment_mut(id)?;
            if let Some(run) = segment.runs.get_mut(place) {
                run.progress.read(now);
            }
        }
        Ok(runs)
    }

    /// When a run ends next, in milliseconds since the epoch.
    pub fn next_run_end(&self) -> Option<i64> {
        self.segments().flat_map(|segment| &segment.runs).filter_map(Run::due).min()
    }

    /// Whether there is a run to end.
    pub fn has_run_over(&self, now: i64) -> bool {
        self.segments().flat_map(|segment| &segment.runs).any(|run| run.over(now).is_some())
    }

    /// Ends the runs that are over by now (milliseconds since the epoch), and refreshes what they make. `records`:
    /// those of [`Store::sources`].
    pub fn finish_runs(&mut self, now: i64, records: &TableRecords) {
        let mut over = Vec::new();
        for segment in self.segments() {
            let ends =
                segment.runs.iter().enumerate().filter_map(|(place, run)| Some((place, run.over(now)?)));
            over.extend(ends.map(|(place, end)| (segment.id.clone(), place, end)));
        }
        for (id, place, end) in over {
            let made = self.refresh(&id, records).is_ok();
            let Ok((segment, _)) = self.segment_mut(&id) else { continue };
            let Some(run) = segment.runs.get_mut(place) else { continue };
            run.ended = Some(end);
            // What prevents a refresh is a table that is gone.
            run.fails |= !made;
            if !run.fails {
                self.log_ids(&id, end);
            }
        }
    }

    /// The tables that the batch data of parent segments come from: of those with a run that is over by now, or of
    /// those that have had one.
    pub fn sources(&self, over: Option<i64>) -> HashSet<EventTable> {
        let is_wanted = |segment: &&ParentSegment| match over {
            Some(now) => segment.runs.iter().any(|run| run.over(now).is_some()),
            None => segment.has_run(),
        };
        let tables = |segment: &ParentSegment| {
            let attributes = segment.columns.iter().filter_map(|column| column.table.as_ref());
            let attributes = attributes.map(|table| EventTable::new(&*table.database, &*table.table));
            let master = EventTable::new(&*segment.master.database, &*segment.master.table);
            attributes.chain([master]).collect::<Vec<_>>()
        };
        self.segments().filter(is_wanted).flat_map(tables).collect()
    }

    /// Refreshes the parent segments that have had a run: what a run reads is not saved.
    pub fn refresh_all(&mut self, records: &TableRecords) -> Result<(), Refusal> {
        let ids: Vec<String> =
            self.segments().filter(|segment| segment.has_run()).map(|segment| segment.id.clone()).collect();
        ids.iter().try_for_each(|id| self.refresh(id, records))
    }

    /// Reads the customers of a parent segment and the members of its batch segments anew from the tables.
    fn refresh(&mut self, id: &str, records: &TableRecords) -> Result<(), Refusal> {
        let segment = self.segment(id)?;
        let rows = |database: &str, table: &str| {
            let began_with = self.catalog.rows(database, table)?;
            Ok(records.get(&EventTable::new(database, table)).cloned().unwrap_or(began_with))
        };
        let customers = Arc::new(join(&rows, &segment.master, &segment.columns)?);
        let tables = LookupTables::of(&self.catalog, &segment.master.database);
        let (segment, _) = self.segment_mut(id)?;
        for stored in &mut segment.batch.segments {
            find_members(stored, &segment.columns, &customers)?;
        }
        segment.batch.customers = customers;
        segment.batch.tables = tables;
        Ok(())
    }
}
