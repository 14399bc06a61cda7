//! A program at a terminal: what a person types, and what the screen gets.

use super::command::binary;
use pty_process::blocking::{Command, Pty, open};
use std::io::{Read, Write};
use std::path::Path;
use std::process::Child;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// A terminal with a program on it.
pub struct Terminal {
    writer: Pty,
    child: Child,
    screen: Arc<(Mutex<Screen>, Condvar)>,
}

#[derive(Default)]
struct Screen {
    bytes: Vec<u8>,
    ended: bool,
}

impl Terminal {
    /// Starts a program on a terminal of 120 columns and 40 lines, in a hermetic environment: the
    /// home as given, this binary first on PATH.
    pub fn start(program: &str, arguments: &[&str], home: &Path, variables: &[(&str, &str)]) -> Self {
        let (pty, pts) = open().unwrap();
        pty.resize(pty_process::Size::new(40, 120)).unwrap();
        let path = std::env::var("PATH").unwrap();
        let child = Command::new(program)
            .args(arguments)
            .env_clear()
            .env("HOME", home)
            .env("PATH", format!("{}:{path}", binary().parent().unwrap().display()))
            .env("TERM", "xterm-256color")
            .env("LC_ALL", "C.UTF-8")
            .envs(variables.iter().copied())
            .current_dir(home)
            .spawn(pts)
            .unwrap();
        // One handle to read and one to write: both are the terminal's own side.
        let fd = std::os::fd::AsFd::as_fd(&pty).try_clone_to_owned().unwrap();
        let mut reader = std::fs::File::from(fd);
        let screen = Arc::new((Mutex::new(Screen::default()), Condvar::new()));
        let shared = Arc::clone(&screen);
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            loop {
                // At the end Linux answers with an error, others with nothing.
                let count = reader.read(&mut buffer).unwrap_or(0);
                let mut screen = shared.0.lock().unwrap();
                screen.bytes.extend_from_slice(&buffer[..count]);
                screen.ended = count == 0;
                shared.1.notify_all();
                if count == 0 {
                    return;
                }
            }
        });
        Terminal { writer: pty, child, screen }
    }

    /// Types; `\r` is Enter, `\t` is Tab.
    pub fn type_in(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
    }

    /// Waits until the screen has had this text; everything up to there.
    #[track_caller]
    pub fn wait_for(&self, text: &str) -> String {
        let fits = |screen: &Screen| String::from_utf8_lossy(&screen.bytes).contains(text);
        let waited = self.wait(|screen| fits(screen) || screen.ended);
        assert!(waited.contains(text), "'{text}' never came: {waited:?}");
        waited
    }

    /// Waits until the program has ended; everything it wrote, and its exit code.
    pub fn end(mut self) -> (String, i32) {
        let screen = self.wait(|screen| screen.ended);
        (screen, self.child.wait().unwrap().code().unwrap_or(-1))
    }

    fn wait(&self, enough: impl Fn(&Screen) -> bool) -> String {
        let screen = self.screen.0.lock().unwrap();
        // A test that would hang says what there was instead.
        let limit = Duration::from_secs(30);
        let (screen, _) = self.screen.1.wait_timeout_while(screen, limit, |s| !enough(s)).unwrap();
        String::from_utf8_lossy(&screen.bytes).into_owned()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
