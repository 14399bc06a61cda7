//! Connections that a request can cut, for faults that no answer can imitate.

use super::options::Limits;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

const OPEN: u64 = u64::MAX;
const SILENT: u64 = u64::MAX - 1;
const HEAD_END: &[u8; 4] = b"\r\n\r\n";

/// The switch of one connection: how much of the answer may still be sent.
#[derive(Debug, Clone)]
pub struct Cut(Arc<AtomicU64>);

impl Cut {
    fn open() -> Self {
        Cut(Arc::new(AtomicU64::new(OPEN)))
    }

    /// Sends nothing more and resets the connection.
    pub fn silence(&self) {
        self.0.store(SILENT, Ordering::Release);
    }

    /// Sends the head and this many bytes of the body, then closes the connection.
    pub fn after(&self, body_bytes: u64) {
        self.0.store(body_bytes.min(SILENT - 1), Ordering::Release);
    }
}

/// The client's address, and the switch.
#[derive(Debug, Clone)]
pub struct Peer {
    /// The client's address.
    pub ip: IpAddr,
    /// The switch.
    pub cut: Cut,
}

/// A TCP listener whose connections can be cut.
pub struct CutListener {
    listener: TcpListener,
    slots: Arc<Semaphore>,
    secure: Option<Handshakes>,
}

/// Connections of which it is not known yet whether they are https, each in its own task, so that a
/// silent one delays no other.
struct Handshakes {
    acceptor: TlsAcceptor,
    time: Duration,
    done: mpsc::Sender<(Stream, Slot)>,
    next: mpsc::Receiver<(Stream, Slot)>,
}

/// The slot of a connection in the limit of connections.
type Slot = Option<OwnedSemaphorePermit>;

impl CutListener {
    /// With an acceptor, https is answered beside http.
    pub fn new(listener: TcpListener, acceptor: Option<TlsAcceptor>, limits: Limits) -> Self {
        let secure = acceptor.map(|acceptor| {
            let (done, next) = mpsc::channel(1);
            Handshakes { acceptor, time: limits.head, done, next }
        });
        CutListener { listener, slots: Arc::new(Semaphore::new(limits.connections)), secure }
    }

    /// The next connection, once a slot is free. Safe to cancel: no connection is lost.
    pub async fn accept(&mut self) -> CutStream {
        let (stream, slot) = match &mut self.secure {
            None => {
                let (stream, slot) = accept(&self.listener, &self.slots).await;
                (Stream::Plain(stream), slot)
            }
            Some(handshakes) => loop {
                tokio::select! {
                    (stream, slot) = accept(&self.listener, &self.slots) => handshakes.begin(stream, slot),
                    Some(done) = handshakes.next.recv() => break done,
                }
            },
        };
        CutStream { stream, cut: Cut::open(), matched: 0, _slot: slot }
    }
}

async fn accept(listener: &TcpListener, slots: &Arc<Semaphore>) -> (TcpStream, Slot) {
    // It is never closed.
    let slot = Arc::clone(slots).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Answers are small: without this, each waits for the client's ACK.
                let _ = stream.set_nodelay(true);
                return (stream, slot);
            }
            // For example too many open files: wait until some are closed.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

impl Handshakes {
    /// Ends with the connection, with the listener, or with a stream that can be read.
    fn begin(&self, stream: TcpStream, slot: Slot) {
        let (acceptor, done, time) = (self.acceptor.clone(), self.done.clone(), self.time);
        tokio::spawn(async move {
            let stream = tokio::select! {
                stream = secured(stream, &acceptor) => stream,
                () = done.closed() => return,
                () = tokio::time::sleep(time) => return,
            };
            // A client that does not trust the certificate closes the connection here; it reports why.
            if let Ok(stream) = stream {
                let _ = done.send((stream, slot)).await;
            }
        });
    }
}

/// The first byte of TLS: a handshake's record (RFC 8446, 5.1). No method of HTTP begins with it.
const TLS_HANDSHAKE: u8 = 22;

async fn secured(stream: TcpStream, acceptor: &TlsAcceptor) -> io::Result<Stream> {
    let mut first = [0];
    stream.peek(&mut first).await?;
    match first {
        [TLS_HANDSHAKE] => Ok(Stream::Secure(Box::new(acceptor.accept(stream).await?))),
        _ => Ok(Stream::Plain(stream)),
    }
}

impl CutStream {
    /// The client's address.
    pub fn peer(&self) -> Peer {
        let address = self.stream.tcp().peer_addr();
        let ip = address.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |address| address.ip());
        Peer { ip, cut: self.cut.clone() }
    }
}

/// A plain or an https connection.
#[derive(Debug)]
enum Stream {
    Plain(TcpStream),
    Secure(Box<TlsStream<TcpStream>>),
}

impl Stream {
    fn tcp(&self) -> &TcpStream {
        match self {
            Stream::Plain(stream) => stream,
            Stream::Secure(stream) => stream.get_ref().0,
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_write(cx, buffer),
            Stream::Secure(stream) => Pin::new(stream).poll_write(cx, buffer),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Stream::Secure(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Stream::Secure(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_read(cx, buffer),
            Stream::Secure(stream) => Pin::new(stream).poll_read(cx, buffer),
        }
    }
}

/// A connection that can be cut.
#[derive(Debug)]
pub struct CutStream {
    stream: Stream,
    cut: Cut,
    /// How many bytes of [`HEAD_END`] the answer's head ends with so far; 4 inside the body.
    matched: usize,
    _slot: Slot,
}

impl CutStream {
    /// How many of the first bytes of `buffer` belong to the answer's head.
    fn head_length(&self, buffer: &[u8]) -> usize {
        let mut matched = self.matched;
        buffer.iter().take_while(|byte| advance(&mut matched, **byte)).count()
    }
}

/// Matches one more byte against [`HEAD_END`]; false when the head had ended before it.
fn advance(matched: &mut usize, byte: u8) -> bool {
    let Some(expected) = HEAD_END.get(*matched) else { return false };
    *matched = if *expected == byte { matched.saturating_add(1) } else { usize::from(byte == b'\r') };
    true
}

impl AsyncWrite for CutStream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        match this.cut.0.load(Ordering::Acquire) {
            OPEN => Pin::new(&mut this.stream).poll_write(cx, buffer),
            SILENT => {
                // So that closing sends RST, as the system of a crashed peer does.
                let _ = this.stream.tcp().set_zero_linger();
                Poll::Ready(Err(ErrorKind::ConnectionReset.into()))
            }
            allowed => {
                let head = this.head_length(buffer);
                let length = head.saturating_add(usize::try_from(allowed).unwrap_or(usize::MAX));
                let part = buffer.get(..length).unwrap_or(buffer);
                if part.is_empty() {
                    return Poll::Ready(Err(ErrorKind::ConnectionAborted.into()));
                }
                let written = std::task::ready!(Pin::new(&mut this.stream).poll_write(cx, part))?;
                for byte in buffer.iter().take(written.min(head)) {
                    advance(&mut this.matched, *byte);
                }
                let body = u64::try_from(written.saturating_sub(head)).unwrap_or(u64::MAX);
                this.cut.after(allowed.saturating_sub(body));
                Poll::Ready(Ok(written))
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

impl AsyncRead for CutStream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(cx, buffer)
    }
}
