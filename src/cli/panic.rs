//! A panic is a defect, and ends as every error does.

/// Runs `f`; a panic becomes its message and place instead of text on stderr.
pub(super) fn catch_panic<T>(f: impl FnOnce() -> T) -> Result<T, String> {
    use std::sync::{Arc, Mutex, PoisonError};
    let message = Arc::new(Mutex::new(String::new()));
    let shared = Arc::clone(&message);
    let default = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| match std::thread::current().name() {
        Some("main") => {
            *shared.lock().unwrap_or_else(PoisonError::into_inner) = info.to_string().replace('\n', ": ");
        }
        // A request of the sandbox: it ends alone, and must not do so unseen.
        _ => default(info),
    }));
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(f))
        .map_err(|_| message.lock().unwrap_or_else(PoisonError::into_inner).clone())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_panic_becomes_one_message_without_credentials() {
        use crate::secrets::Secrets;
        use crate::ui::{Ui, UiOptions};
        use secrecy::SecretString;

        const KEY: &str = "9/0123456789abcdef0123456789abcdef01234567";
        let caught = || super::catch_panic(|| -> u8 { panic!("no {KEY}\nhere") });
        let main = std::thread::Builder::new().name("main".to_owned()).spawn(caught).unwrap();
        let message = main.join().unwrap().unwrap_err();
        assert!(
            message.contains("src/cli/panic.rs:")
                && message.ends_with(": no 9/0123456789abcdef0123456789abcdef01234567: here")
        );
        let ui = Ui::new(UiOptions::default());
        ui.hide_with(|| Secrets::from_iter([SecretString::from(KEY)]));
        let shown = ui.hidden(&message);
        assert!(shown.ends_with(": no ****: here") && !shown.contains('\n'), "{shown}");
    }
}
