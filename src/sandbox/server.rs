//! The socket: bind, serve, stop.

use super::connection::{CutListener, CutStream};
use super::gate::Gate;
use super::options::Options;
use super::pump;
use super::routes;
use super::state::{Sandbox, StateError};
use super::tls::{Secure, TlsError};
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};
use tower_service::Service;

/// How long open requests may take once the sandbox is stopping.
const GRACE: Duration = Duration::from_secs(2);

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken or not allowed.
    #[error("the sandbox cannot listen on {address}: {source}")]
    Bind {
        /// The address with the port that was asked for.
        address: SocketAddr,
        /// The error of the system.
        source: std::io::Error,
    },
    /// A fault rule that is not valid.
    #[error("the fault rule {rule} cannot be used: {reason}")]
    Fault {
        /// The rule as JSON.
        rule: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The state to start with cannot be loaded.
    #[error(transparent)]
    State(#[from] StateError),
    /// There is no certificate for https.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

/// A running sandbox. Dropping it stops it too, without waiting.
#[derive(Debug)]
pub struct Running {
    /// `http://127.0.0.1:<port>`, without a slash at the end: how this machine reaches it.
    pub url: String,
    /// The key that it accepts.
    pub api_key: String,
    /// The port that it listens on.
    pub port: u16,
    /// The https endpoint, when it has one.
    secure: Option<Secure>,
    sandbox: Arc<Sandbox>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
    pump: JoinHandle<()>,
}

/// Starts a sandbox and returns once it listens. Needs a tokio runtime; the sandbox ends with it.
pub async fn start(options: Options) -> Result<Running, StartError> {
    let address = SocketAddr::from((options.listen, options.port));
    let bind = |source| StartError::Bind { address, source };
    for rule in &options.faults {
        routes::check_fault(rule).map_err(|reason| {
            let rule = serde_json::to_string(rule).unwrap_or_default();
            StartError::Fault { rule, reason }
        })?;
    }
    let listener = TcpListener::bind(address).await.map_err(bind)?;
    let port = listener.local_addr().map_err(bind)?.port();
    let sandbox = Sandbox::open(&options)?;
    // The rules of the flags replace those of a state folder.
    if !options.faults.is_empty() {
        sandbox.clear_faults(42);
    }
    for rule in &options.faults {
        sandbox.add_fault(rule.clone());
    }
    let url = format!("http://{}", SocketAddr::from((reachable(options.listen), port)));
    sandbox.set_url(&url);
    let secure = if options.tls { Some(Secure::prepare(&options)?) } else { None };
    let service = Gate::new(Arc::clone(&sandbox));
    let (stop, stopped) = oneshot::channel::<()>();
    let listener = CutListener::new(listener, secure.as_ref().map(Secure::acceptor), options.limits);
    let task = tokio::spawn(serve(listener, service, options.limits.head, stopped));
    let pump = tokio::spawn(pump::run(Arc::downgrade(&sandbox), sandbox.wake()));
    Ok(Running { url, api_key: options.key.to_string(), port, secure, sandbox, stop, task, pump })
}

/// Serves until it is stopped or its handle is dropped, and open requests have ended.
async fn serve(mut listener: CutListener, gate: Gate, head: Duration, mut stopped: oneshot::Receiver<()>) {
    let (closing, closed) = watch::channel(());
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = &mut stopped => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            stream = listener.accept() => {
                connections.spawn(connection(stream, gate.clone(), head, closed.clone()));
            }
        }
    }
    drop((listener, closing));
    while connections.join_next().await.is_some() {}
}

async fn connection(stream: CutStream, gate: Gate, head: Duration, mut closed: watch::Receiver<()>) {
    let peer = stream.peer();
    let service = service_fn(|request: hyper::Request<hyper::body::Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer.clone()));
        gate.clone().call(request)
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(head);
    let mut serving = pin!(builder.serve_connection(TokioIo::new(stream), service));
    // The error of a single connection is ignored.
    tokio::select! {
        _ = serving.as_mut() => return,
        _ = closed.changed() => serving.as_mut().graceful_shutdown(),
    }
    let _ = serving.await;
}

/// The address by which this machine reaches `listen`: not every system can connect to "any address".
fn reachable(listen: IpAddr) -> IpAddr {
    match listen {
        IpAddr::V4(address) if address.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(address) if address.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        address => address,
    }
}

impl Running {
    /// `https://127.0.0.1:<port>` and the file with the certificate of the authority that vouches for it;
    /// `None` for a sandbox that answers http only.
    pub fn https(&self) -> Option<(String, &Path)> {
        let secure = self.secure.as_ref()?;
        Some((self.url.replacen("http:", "https:", 1), secure.authority()))
    }

    /// The state, for tests that look inside or arm faults without a request.
    pub fn sandbox(&self) -> &Arc<Sandbox> {
        &self.sandbox
    }

    /// Stops listening, lets open requests finish (at most two seconds), closes the state file and
    /// returns.
    pub async fn stop(self) {
        let Running { stop, mut task, sandbox, pump, .. } = self;
        // An error means that the task has already ended.
        let _ = stop.send(());
        if tokio::time::timeout(GRACE, &mut task).await.is_err() {
            task.abort();
        }
        // Unsent webhooks wait in the state folder, or are lost with the sandbox.
        pump.abort();
        let jobs = sandbox.jobs();
        jobs.close();
        let stopped = async {
            while jobs.is_busy() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        // A query that does not stop in time is one that was interrupted.
        let _ = tokio::time::timeout(GRACE, stopped).await;
        sandbox.close();
    }

    /// Waits until the server has ended by itself, which it only does with its runtime.
    pub async fn wait(&mut self) {
        // Aborted or panicked: it has ended either way.
        let _ = (&mut self.task).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::faults::{FaultKind, FaultRule};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    async fn connect(sandbox: &Running) -> TcpStream {
        TcpStream::connect((Ipv4Addr::LOCALHOST, sandbox.port)).await.unwrap()
    }

    /// The bytes until the server closes the connection, and whether it closed it properly.
    async fn exchange(sandbox: &Running, path: &str, host: &str) -> (String, bool) {
        let mut stream = connect(sandbox).await;
        let key = &sandbox.api_key;
        let head = format!(
            "GET {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: TD1 {key}\r\nconnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let closed = stream.read_to_end(&mut answer).await.is_ok();
        (String::from_utf8(answer).unwrap(), closed)
    }

    #[tokio::test]
    async fn it_starts_answers_and_stops_under_an_idle_connection() {
        let sandbox = start(Options::default()).await.unwrap();
        let (answer, _) = exchange(&sandbox, "/audiences/394649/folders", "localhost").await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("Root"), "{answer}");
        let (answer, _) = exchange(&sandbox, "/_sandbox/health", "evil.example").await;
        assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
        let _idle = connect(&sandbox).await;
        let begun = std::time::Instant::now();
        sandbox.stop().await;
        assert!(begun.elapsed() < Duration::from_secs(5));
    }

    #[tokio::test]
    async fn faults_cut_connections() {
        let sandbox = start(Options::default()).await.unwrap();
        let fault = |kind| sandbox.sandbox().add_fault(FaultRule { kind, ..FaultRule::default() });
        let path = "/audiences/394649/folders";
        let (whole, _) = exchange(&sandbox, path, "localhost").await;
        for kind in [FaultKind::Reset, FaultKind::CommitThenDrop] {
            fault(kind);
            assert_eq!(exchange(&sandbox, path, "localhost").await, (String::new(), false), "{kind:?}");
        }
        fault(FaultKind::Truncate);
        let (half, closed) = exchange(&sandbox, path, "localhost").await;
        let body = |answer: &str| answer.split_once("\r\n\r\n").map_or(0, |(_, body)| body.len());
        assert!(closed && body(&half) == body(&whole) / 2, "{half}");
        assert_eq!(exchange(&sandbox, path, "localhost").await.0.len(), whole.len(), "used up");
        let statuses: Vec<_> = sandbox.sandbox().journal().entries(0, &[]).iter().map(|e| e.status).collect();
        assert_eq!(statuses, [Some(200), None, None, Some(200), Some(200)]);
    }
}
