//! A program at a terminal: what a person types, and what the screen gets.

use super::command::binary;
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// A terminal of 120 columns and 40 lines: the side that shows, and the side that programs write to.
pub fn open() -> (File, OwnedFd) {
    open_with(120)
}

/// The same with this many columns.
pub fn open_with(columns: u16) -> (File, OwnedFd) {
    let shown = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&shown).unwrap();
    unlockpt(&shown).unwrap();
    let name = ptsname(&shown, Vec::new()).unwrap();
    let programs = rustix::fs::open(&name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
    tcsetwinsize(&programs, Winsize { ws_row: 40, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
    (File::from(shown), programs)
}

/// A command whose terminal is the one it is started on.
pub fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new("setsid");
    command.args(["--ctty", "--wait"]).arg(program);
    command
}

/// A terminal with a program on it.
pub struct Terminal {
    shown: File,
    child: Child,
    screen: Arc<(Mutex<Screen>, Condvar)>,
}

#[derive(Default)]
struct Screen {
    bytes: Vec<u8>,
    ended: bool,
}

impl Terminal {
    /// Starts a program in a hermetic environment: the home as given, this binary first on PATH.
    pub fn start(program: &str, arguments: &[&str], home: &Path, variables: &[(&str, &str)]) -> Self {
        let (shown, programs) = open();
        let path = std::env::var("PATH").unwrap();
        let side = || Stdio::from(programs.try_clone().unwrap());
        let child = command(program)
            .args(arguments)
            .env_clear()
            .env("HOME", home)
            .env("PATH", format!("{}:{path}", binary().parent().unwrap().display()))
            .env("TERM", "xterm-256color")
            .env("LC_ALL", "C.UTF-8")
            .envs(variables.iter().copied())
            .current_dir(home)
            .stdin(side())
            .stdout(side())
            .stderr(side())
            .spawn()
            .unwrap();
        let mut reader = shown.try_clone().unwrap();
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
        Terminal { shown, child, screen }
    }

    /// Types; `\r` is Enter, `\t` is Tab.
    pub fn type_in(&mut self, keys: &str) {
        self.shown.write_all(keys.as_bytes()).unwrap();
    }

    /// Waits until the screen has had this text; everything up to there.
    #[track_caller]
    pub fn wait_for(&self, text: &str) -> String {
        let fits = |screen: &Screen| String::from_utf8_lossy(&screen.bytes).contains(text);
        let waited = self.wait(|screen| fits(screen) || screen.ended);
        assert!(waited.contains(text), "'{text}' never came: {waited:?}");
        waited
    }

    /// Waits until this text comes behind the last place of another one.
    #[track_caller]
    pub fn wait_for_behind(&self, place: &str, text: &str) {
        let behind = |screen: &str| screen.rsplit_once(place).is_some_and(|(_, rest)| rest.contains(text));
        let waited = self.wait(|screen| behind(&String::from_utf8_lossy(&screen.bytes)) || screen.ended);
        assert!(behind(&waited), "'{text}' never came behind '{place}': {waited:?}");
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
