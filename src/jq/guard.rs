//! Keeping a filter from taking the process down: a large stack, a depth check, caught panics.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

/// Stack for compiling and running, reserved but touched only as far as needed.
const STACK: usize = 256 << 20;
/// Recursion stops with an error when less than this is left: the tail of a run
/// (dropping nested values, building an error) needs stack too.
const RESERVE: usize = 64 << 20;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs `f` on a large stack of this thread and turns a panic into its message.
pub(super) fn guarded<T>(f: impl FnOnce() -> T) -> Result<T, String> {
    silence_own_panics();
    let before = QUIET.replace(true);
    // A panic leaves nothing behind that is used again: the values die with the run.
    let result = panic::catch_unwind(AssertUnwindSafe(|| stacker::grow(STACK, f)));
    let from_engine = QUIET.replace(before);
    result.map_err(|payload| {
        if !from_engine {
            // The caller's own code panicked; that is not for this module to hide.
            panic::resume_unwind(payload);
        }
        let text = payload.downcast_ref::<&str>().map(|s| (*s).to_owned());
        text.or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "unknown panic".to_owned())
    })
}

/// Calls back into the caller: its panics are its own and are printed.
pub(super) fn unguarded<T>(f: impl FnOnce() -> T) -> T {
    let before = QUIET.replace(false);
    let result = f();
    QUIET.set(before);
    result
}

/// Whether there is stack left for another level of recursion.
pub(super) fn has_stack() -> bool {
    stacker::remaining_stack().is_none_or(|left| left > RESERVE)
}

/// Installs once a hook that defers to the one before it, except on a thread inside a run:
/// swapping the hook around each run would race with other threads.
fn silence_own_panics() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                previous(info);
            }
        }));
    });
}
