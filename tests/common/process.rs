//! A sandbox in a process of its own, for what only a process can show: that it can be killed.

use serde_json::Value;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A serving `tdx-rt sandbox`; dropping it kills it.
pub struct Process {
    child: Child,
    /// The key that it accepts.
    pub api_key: String,
    /// The port that it listens on.
    pub port: u16,
}

impl Process {
    /// Starts `tdx-rt sandbox` with these arguments and waits until it says where it is.
    pub fn start(home: &Path, arguments: &[&str]) -> Self {
        Self::try_start(home, arguments).expect("the sandbox says where it is")
    }

    /// The same; the error is what it says instead.
    pub fn try_start(home: &Path, arguments: &[&str]) -> Result<Self, String> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tdx-rt"));
        command.env_clear().arg("sandbox").args(arguments);
        Self::spawn(home, command)
    }

    /// The same, after some lines of shell.
    pub fn start_after(home: &Path, shell: &str, arguments: &[&str]) -> Self {
        let mut command = Command::new("sh");
        command.env_clear().args(["-c", &format!("{shell}\nexec \"$0\" sandbox \"$@\"")]);
        command.arg(env!("CARGO_BIN_EXE_tdx-rt")).args(arguments).env("PATH", "/usr/bin:/bin");
        Self::spawn(home, command).expect("the sandbox says where it is")
    }

    fn spawn(home: &Path, mut command: Command) -> Result<Self, String> {
        let mut child = command
            .env("HOME", home)
            .current_dir(home)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("piped");
        BufReader::new(stdout).read_line(&mut line).expect("stdout is text");
        let Ok(said) = serde_json::from_str::<Value>(&line) else {
            let mut error = String::new();
            let _ = child.stderr.take().expect("piped").read_to_string(&mut error);
            let _ = child.wait();
            return Err(error);
        };
        let text = |name: &str| said[name].as_str().expect("a string").to_owned();
        let port = said["port"].as_u64().and_then(|port| u16::try_from(port).ok()).expect("a port");
        Ok(Process { child, api_key: text("api_key"), port })
    }

    /// Kills it with SIGKILL; true when it was alive.
    pub fn kill(&mut self) -> bool {
        let alive = self.child.try_wait().is_ok_and(|status| status.is_none());
        let _ = self.child.kill();
        let _ = self.child.wait();
        alive
    }

    /// Stops it with SIGTERM and returns once it has ended.
    pub fn stop(mut self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("it is alive");
        self.child.wait().expect("it ends");
    }

    /// The memory that it has at the moment, in kB, where the system shows it.
    pub fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse().ok())
    }

    /// A connection to it.
    pub fn connect(&self) -> Connection {
        Connection::open(self.port, &self.api_key).expect("it listens")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A connection that is kept alive, and nothing clever: what it answers was answered.
pub struct Connection {
    stream: BufReader<TcpStream>,
    api_key: String,
}

impl Connection {
    /// Connects.
    pub fn open(port: u16, api_key: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Connection { stream: BufReader::new(stream), api_key: api_key.to_owned() })
    }

    /// A request with the content type that its path wants: status and JSON body. An error when the
    /// whole answer did not come.
    pub fn request(
        &mut self,
        method: &str,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> io::Result<(u16, Value)> {
        let plain = ["/audiences", "/v3", "/_sandbox"].iter().any(|start| path.starts_with(start));
        let media = if plain { "application/json" } else { "application/vnd.treasuredata.v1+json" };
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut text = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: TD1 {}\r\ncontent-length: {}\r\n",
            self.api_key,
            body.len()
        );
        if !body.is_empty() {
            text.push_str(&format!("content-type: {media}\r\n"));
        }
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        self.stream.get_mut().write_all(format!("{text}\r\n{body}").as_bytes())?;
        self.answer()
    }

    fn answer(&mut self) -> io::Result<(u16, Value)> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or(ErrorKind::UnexpectedEof)?;
        let mut length = 0;
        loop {
            line.clear();
            if self.stream.read_line(&mut line)? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            match line.trim_end().split_once(": ") {
                None => break,
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.parse().map_err(|_| ErrorKind::InvalidData)?;
                }
                Some(_) => {}
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok((status, super::body(&body)))
    }
}
