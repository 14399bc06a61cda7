//! A body that is read from a file as it is sent, so that no answer is in memory.

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use std::fs::File;
use std::io::{self, Read};
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::task::JoinHandle;

/// How much is read at once.
const CHUNK: u64 = 64 * 1024;

/// A part of a file, to be sent.
#[derive(Debug)]
pub struct FilePart {
    /// The file, at the part's first byte.
    pub file: File,
    /// How many bytes it has.
    pub length: u64,
}

impl FilePart {
    /// As the body of an answer.
    pub fn into_body(self) -> Body {
        Body::new(FileBody { left: self.length, reading: Reading::Idle(self.file) })
    }
}

/// A body that is read from a file, away from the threads that serve requests.
struct FileBody {
    left: u64,
    reading: Reading,
}

enum Reading {
    Idle(File),
    Busy(JoinHandle<io::Result<(File, Bytes)>>),
    Ended,
}

impl HttpBody for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let mut reading = match std::mem::replace(&mut self.reading, Reading::Ended) {
            Reading::Ended => return Poll::Ready(None),
            Reading::Busy(reading) => reading,
            Reading::Idle(mut file) => {
                let wanted = self.left.min(CHUNK);
                tokio::task::spawn_blocking(move || {
                    let mut chunk = Vec::new();
                    (&mut file).take(wanted).read_to_end(&mut chunk)?;
                    Ok((file, Bytes::from(chunk)))
                })
            }
        };
        let Poll::Ready(read) = Pin::new(&mut reading).poll(context) else {
            self.reading = Reading::Busy(reading);
            return Poll::Pending;
        };
        Poll::Ready(Some(match read.map_err(io::Error::other).flatten() {
            Ok((_, chunk)) if chunk.is_empty() => Err(io::ErrorKind::UnexpectedEof.into()),
            Ok((file, chunk)) => {
                self.left = self.left.saturating_sub(chunk.len() as u64);
                self.reading = Reading::Idle(file);
                Ok(Frame::data(chunk))
            }
            Err(error) => Err(error),
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
