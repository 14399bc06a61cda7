//! A command that prints the key: a password manager, the system's keychain, or any other helper. It is taken from
//! the user's own configuration only, and run when a key is first needed.

use super::credential::is_key;
use crate::error::{Code, Error};
use secrecy::SecretString;
use serde_json::Value;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::Command;
use tokio::sync::watch;

/// How long the command may take; a password manager may ask for a touch or a PIN first.
pub const TIME: Duration = Duration::from_secs(60);
/// Bytes of its output that are read.
const MOST: u64 = 65_536;
/// How long a signal for this process may arrive after one that ended the command: Ctrl-C is for both.
const TOGETHER: Duration = Duration::from_millis(100);

/// A program with its arguments. They are not shown: a password may be among them.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyCommand {
    program: String,
    arguments: Vec<String>,
}

impl std::fmt::Debug for KeyCommand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyCommand").field("program", &self.program).finish_non_exhaustive()
    }
}

impl KeyCommand {
    /// A line, split into words as a shell would; no shell runs it.
    ///
    /// # Errors
    /// What is wrong with it completes the sentence "the command … ".
    pub(super) fn of_line(line: &str) -> Result<Self, String> {
        KeyCommand::of_words(shlex::split(line).ok_or("has a quote that is not closed")?)
    }

    /// A line, or a list of words.
    ///
    /// # Errors
    /// As of [`KeyCommand::of_line`].
    pub(super) fn of_value(value: &Value) -> Result<Self, String> {
        let word = |value: &Value| value.as_str().map(str::to_owned);
        match value {
            Value::String(line) => KeyCommand::of_line(line),
            Value::Array(words) => {
                let words = words.iter().map(word).collect::<Option<Vec<_>>>();
                KeyCommand::of_words(words.ok_or("is a list with something in it that is no string")?)
            }
            _ => Err("is neither a string nor a list of words".to_owned()),
        }
    }

    fn of_words(words: Vec<String>) -> Result<Self, String> {
        let mut words = words.into_iter();
        let program = words.next().filter(|program| !program.is_empty()).ok_or("names no program")?;
        Ok(KeyCommand { program, arguments: words.collect() })
    }

    /// The name of the program.
    pub fn program(&self) -> &str {
        &self.program
    }

    /// Runs it, and returns the first line of its stdout. Its stdin is empty, its stderr that of this process. It
    /// is killed when `stop` becomes true; this does not return then, as the process ends.
    ///
    /// # Errors
    /// The reason completes the sentence "the command 'pass' …".
    pub fn run(&self, limit: Duration, stop: &watch::Receiver<bool>) -> Result<SecretString, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| cannot_run(&error))?;
        let answer = runtime.block_on(async {
            tokio::select! {
                biased;
                () = stopped(stop.clone()) => None,
                answer = tokio::time::timeout(limit, self.answer()) => {
                    let answer = answer.unwrap_or_else(|_| Err(format!("did not end within {limit:?}")));
                    let is_over = answer.is_err() && tokio::time::timeout(TOGETHER, stopped(stop.clone())).await.is_ok();
                    (!is_over).then_some(answer)
                }
            }
        });
        drop(runtime);
        match answer {
            Some(answer) => answer,
            None => loop {
                std::thread::park();
            },
        }
    }

    async fn answer(&self) -> Result<SecretString, String> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().map_err(|error| cannot_run(&error))?;
        let stdout = child.stdout.take().ok_or("has no output")?;
        let mut stdout = BufReader::new(stdout.take(MOST));
        let mut line = Vec::new();
        let unreadable = |error: std::io::Error| format!("gave an output that cannot be read: {error}");
        stdout.read_until(b'\n', &mut line).await.map_err(unreadable)?;
        // What follows is read as well: a program whose output nobody reads may fail. What it leaves running may
        // keep the output open, and is not waited for.
        let rest = async {
            let mut sink = tokio::io::sink();
            let _ = tokio::io::copy(&mut stdout, &mut sink).await;
            let too_much = stdout.get_ref().limit() == 0;
            if !too_much {
                std::future::pending::<()>().await;
            }
        };
        let status = tokio::select! {
            status = child.wait() => status.map_err(|error| cannot_run(&error))?,
            () = rest => return Err(format!("printed {} KB or more", MOST / 1024)),
        };
        if !status.success() {
            return Err(failed(status));
        }
        match std::str::from_utf8(&line).map(str::trim).unwrap_or("?") {
            "" => Err("printed no key: its first line is empty".to_owned()),
            key if is_key(key) => Ok(key.into()),
            _ => Err("printed what is no key in its first line".to_owned()),
        }
    }

    /// An error for what became of it.
    pub fn error(&self, origin: &str, reason: &str) -> Error {
        let message = format!("there is no API key: the command '{}' ({origin}) {reason}", self.program);
        Error::new(Code::Auth, message)
            .hint("run the command by itself: the first line that it prints must be the key, as ACCOUNT/KEY")
    }
}

/// Waits until it is true; for ever where nothing can change it.
async fn stopped(mut stop: watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending().await
    }
}

fn cannot_run(error: &std::io::Error) -> String {
    format!("cannot be run: {error}")
}

fn failed(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("ended with exit code {code}"),
        None => "was ended by a signal".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;
    use serde_json::json;

    fn run(script: &str, limit: Duration) -> Result<String, String> {
        let (_sender, stop) = watch::channel(false);
        let command = KeyCommand::of_value(&json!(["sh", "-c", script])).unwrap();
        command.run(limit, &stop).map(|key| key.expose_secret().to_owned())
    }

    #[test]
    fn words_are_those_of_a_shell_without_a_shell() {
        let words = |value: Value| {
            KeyCommand::of_value(&value).map(|command| [vec![command.program], command.arguments].concat())
        };
        for (value, expected) in [
            (json!("pass show td/prod"), vec!["pass", "show", "td/prod"]),
            (json!("op read 'op://My Vault/TD/key'"), vec!["op", "read", "op://My Vault/TD/key"]),
            (
                json!(r#"x "a b" c\ d $HOME `id` ; | >"#),
                vec!["x", "a b", "c d", "$HOME", "`id`", ";", "|", ">"],
            ),
            (json!(["sh", "-c", "pass show td | head -1"]), vec!["sh", "-c", "pass show td | head -1"]),
            (json!(["a b", ""]), vec!["a b", ""]),
        ] {
            assert_eq!(words(value.clone()).unwrap(), expected, "{value}");
        }
        for wrong in
            [json!(""), json!("  "), json!("pass 'td"), json!([]), json!([""]), json!(["a", 1]), json!(7)]
        {
            assert!(words(wrong.clone()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_first_line_is_the_key_and_anything_else_an_error() {
        const LONG: Duration = Duration::from_secs(30);
        for good in [
            "printf 7/abc",
            "echo ' 7/abc '; echo user: me; echo x",
            // What it leaves running keeps its output open.
            "echo 7/abc; sleep 30 &",
            "echo 7/abc; head -c 60000 /dev/zero",
        ] {
            assert_eq!(run(good, LONG).as_deref(), Ok("7/abc"), "{good}");
        }
        for (wrong, reason) in [
            ("echo 7/abc; exit 3", "ended with exit code 3"),
            ("kill -9 $$", "was ended by a signal"),
            ("true", "printed no key: its first line is empty"),
            ("echo; echo 7/abc", "printed no key: its first line is empty"),
            ("echo a b", "printed what is no key in its first line"),
            ("printf '\\377\\n'", "printed what is no key in its first line"),
            ("cat /dev/zero", "printed 64 KB or more"),
            ("echo 7/abc; yes", "printed 64 KB or more"),
        ] {
            assert_eq!(run(wrong, LONG), Err(reason.to_owned()), "{wrong}");
        }
        let hanging = run("sleep 30", Duration::from_millis(20));
        assert_eq!(hanging, Err("did not end within 20ms".to_owned()));
        let (_sender, stop) = watch::channel(false);
        let none = KeyCommand::of_line("/nowhere/helper").unwrap().run(LONG, &stop).unwrap_err();
        assert!(none.starts_with("cannot be run: "), "{none}");
    }
}
