//! Shows that a command is still at work.

use super::hidden::Hidden;
use super::shown::Shown;
use indicatif::ProgressBar;
use std::cell::Cell;
use std::rc::Rc;

/// A spinner that goes away when it is dropped.
#[derive(Debug)]
pub struct Progress {
    pub(super) bar: Option<ProgressBar>,
    /// Set back when this one goes away.
    pub(super) spinning: Option<Rc<Cell<bool>>>,
    pub(super) hidden: Rc<Hidden>,
}

impl Progress {
    /// Changes the message.
    pub fn message(&self, message: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(self.hidden.hide(Shown::from(message).as_str()));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        if let Some(spinning) = &self.spinning {
            spinning.set(false);
        }
    }
}
