//! The real binary in a hermetic environment; stdout, stderr and exit code always together. Whatever a
//! run prints is checked against the schemas that the binary publishes.

use super::schemas;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A call of the binary.
pub struct Tdx {
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
    stdin: Option<Vec<u8>>,
    home: TempDir,
    dir: Option<PathBuf>,
    memory: Option<u32>,
}

/// What it ended with.
#[derive(Debug)]
pub struct Output {
    /// Exit code; 128 + signal when it was killed.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

/// The binary's file.
pub fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_tdx-rt"))
}

impl Tdx {
    /// With an empty home, no TDX_* or TD_* variables, and stdin from `/dev/null`.
    pub fn new(arguments: &[&str]) -> Self {
        Tdx {
            arguments: arguments.iter().map(|a| (*a).to_owned()).collect(),
            variables: Vec::new(),
            stdin: None,
            home: tempfile::tempdir().unwrap(),
            dir: None,
            memory: None,
        }
    }

    /// Sets a variable.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Gives it a stdin that is a pipe.
    pub fn stdin(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.stdin = Some(text.into());
        self
    }

    /// Runs it in this folder.
    pub fn dir(mut self, dir: &Path) -> Self {
        self.dir = Some(dir.to_owned());
        self
    }

    /// Gives it so many MB of memory: what needs more ends with SIGABRT.
    pub fn memory(mut self, megabytes: u32) -> Self {
        self.memory = Some(megabytes);
        self
    }

    /// Its home, to put files into.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Starts it and does not wait for it.
    pub fn spawn(self) -> Running {
        Running { child: self.start(), _home: self.home }
    }

    fn start(&self) -> std::process::Child {
        let mut child = self.command().spawn().unwrap();
        if let Some(text) = &self.stdin {
            // A command that does not read its stdin may close it first.
            let _ = child.stdin.take().unwrap().write_all(text);
        }
        child
    }

    fn command(&self) -> Command {
        let mut command = match self.memory {
            None => Command::new(binary()),
            Some(megabytes) => {
                let mut shell = Command::new("sh");
                shell.args(["-c", &format!("ulimit -d {}; exec \"$0\" \"$@\"", megabytes * 1024)]);
                shell.arg(binary());
                shell
            }
        };
        command
            .args(&self.arguments)
            .env_clear()
            .env("HOME", self.home.path())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(self.variables.iter().map(|(k, v)| (k, v)))
            .current_dir(self.dir.as_deref().unwrap_or(self.home.path()))
            .stdin(if self.stdin.is_some() { Stdio::piped() } else { Stdio::null() })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs it.
    #[track_caller]
    pub fn run(self) -> Output {
        let output = self.start().wait_with_output().unwrap();
        let output = Output {
            code: code(output.status),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        schemas::check_run(&self.arguments, &output.stdout, &output.stderr);
        output
    }
}

/// A process that was started.
pub struct Running {
    child: std::process::Child,
    _home: TempDir,
}

impl Running {
    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Waits until it has reported something on stderr, such as a request with `-v`.
    pub fn has_reported(&mut self) -> String {
        let (mut line, mut byte) = (Vec::new(), [0]);
        let stderr = self.child.stderr.as_mut().unwrap();
        while !line.ends_with(b"\n") && stderr.read(&mut byte).unwrap() > 0 {
            line.extend(byte);
        }
        String::from_utf8(line).unwrap()
    }

    /// Sends it a signal, such as `INT`.
    pub fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }

    /// Its exit code and its last line on stderr, once it has ended; of its stdout nothing is read before.
    pub fn end(mut self) -> (i32, String) {
        let mut stderr = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        let code = code(self.child.wait().unwrap());
        (code, stderr.lines().last().unwrap_or_default().to_owned())
    }

    /// SIGKILL.
    pub fn kill(mut self) {
        // One that has just ended is as good.
        let _ = self.child.kill();
        self.child.wait().unwrap();
    }
}

fn code(status: std::process::ExitStatus) -> i32 {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        if let Some(signal) = status.signal() {
            return 128 + signal;
        }
    }
    status.code().unwrap()
}

impl Output {
    /// It succeeded, said nothing on stderr, and printed one document: that document.
    #[track_caller]
    pub fn document(&self) -> Value {
        assert_eq!((self.code, self.stderr.as_str()), (0, ""), "{self:?}");
        assert_eq!(self.stdout.matches('\n').count(), 1, "one line in a pipe: {}", self.stdout);
        serde_json::from_str(&self.stdout).unwrap()
    }

    /// The same, decoded into a type of the test's own.
    #[track_caller]
    pub fn decode<T: DeserializeOwned>(&self) -> T {
        let document = self.document();
        serde_json::from_value(document.clone()).unwrap_or_else(|error| panic!("{error}: {document}"))
    }

    /// It failed with this exit code and error code, printed nothing on stdout and one JSON object
    /// on stderr: that object's `error`.
    #[track_caller]
    pub fn error(&self, exit_code: i32, code: &str) -> Value {
        assert_eq!(self.stdout, "", "{self:?}");
        self.error_line(exit_code, code)
    }

    /// Its answer is no: it printed its document on stdout all the same, and ended as [`Output::error`] says.
    /// The document and the error.
    #[track_caller]
    pub fn says_no(&self, exit_code: i32, code: &str) -> (Value, Value) {
        assert_eq!(self.stdout.matches('\n').count(), 1, "one line in a pipe: {}", self.stdout);
        (serde_json::from_str(&self.stdout).unwrap(), self.error_line(exit_code, code))
    }

    #[track_caller]
    fn error_line(&self, exit_code: i32, code: &str) -> Value {
        assert_eq!(self.code, exit_code, "{self:?}");
        assert_eq!(self.stderr.matches('\n').count(), 1, "one line of JSON: {}", self.stderr);
        let mut body: Value =
            serde_json::from_str(&self.stderr).unwrap_or_else(|e| panic!("{e}: {}", self.stderr));
        schemas::check("error", &body).unwrap_or_else(|why| panic!("{why}"));
        let error = body["error"].take();
        assert_eq!(error["code"], code, "{error}");
        assert_eq!(error["exit_code"], exit_code, "{error}");
        assert!(error["message"].as_str().is_some_and(|m| !m.is_empty()), "{error}");
        error
    }
}
