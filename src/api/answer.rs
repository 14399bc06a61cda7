//! An answer as it arrives: unpacked, and within limits.

use flate2::write::MultiGzDecoder;
use std::io::{self, Write};
use tokio::sync::{Semaphore, SemaphorePermit};

/// The limits on answers, so that no server fills the memory.
#[derive(Debug, Clone, Copy)]
pub struct AnswerLimits {
    /// Bytes of one answer, or of all pages of a listing: on the wire, and unpacked.
    pub bytes: usize,
    /// Values in the JSON of one answer: a short document can hold very many.
    pub values: usize,
    /// Bytes up to which answers are read beside each other; a larger one is read alone.
    pub shared: usize,
    /// Bytes of what is answered with an error; the rest is not read.
    pub error: usize,
    /// Pages of a listing.
    pub pages: usize,
}

impl Default for AnswerLimits {
    fn default() -> Self {
        AnswerLimits { bytes: 32 << 20, values: 500_000, shared: 1 << 20, error: 256 << 10, pages: 1_000 }
    }
}

/// How many bytes are unpacked at once: gzip makes at most a thousand times more of them.
const STEP: usize = 1_024;

/// Why an answer is not read on.
#[derive(Debug)]
pub(super) enum Stopped {
    /// It is larger than a limit.
    TooLarge,
    /// It is no gzip, although it says so.
    Garbled(io::Error),
}

/// The bytes of an answer, up to a limit.
struct Bounded {
    bytes: Vec<u8>,
    limit: usize,
}

impl Write for Bounded {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        if self.bytes.len().saturating_add(more.len()) > self.limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

enum Body {
    Plain(Bounded),
    Packed(Box<MultiGzDecoder<Bounded>>),
}

/// An answer that is being read.
pub(super) struct Incoming<'c> {
    body: Body,
    wire: usize,
    limits: AnswerLimits,
    large: &'c Semaphore,
    alone: Option<SemaphorePermit<'c>>,
}

/// A whole answer; while a large one is in memory, no other large one is read.
pub(super) struct Whole<'c> {
    pub(super) bytes: Vec<u8>,
    _alone: Option<SemaphorePermit<'c>>,
}

impl Whole<'_> {
    /// An answer without a body.
    pub(super) fn empty() -> Self {
        Whole { bytes: Vec::new(), _alone: None }
    }
}

impl<'c> Incoming<'c> {
    pub(super) fn new(packed: bool, limits: AnswerLimits, large: &'c Semaphore) -> Self {
        let bounded = Bounded { bytes: Vec::new(), limit: limits.bytes };
        let body = match packed {
            true => Body::Packed(Box::new(MultiGzDecoder::new(bounded))),
            false => Body::Plain(bounded),
        };
        Incoming { body, wire: 0, limits, large, alone: None }
    }

    /// Its size, unpacked.
    pub(super) fn len(&self) -> usize {
        match &self.body {
            Body::Plain(bounded) => bounded.bytes.len(),
            Body::Packed(decoder) => decoder.get_ref().bytes.len(),
        }
    }

    /// Takes what has come; where it becomes large, waits until no other answer is.
    pub(super) async fn push(&mut self, chunk: &[u8]) -> Result<(), Stopped> {
        self.wire = self.wire.saturating_add(chunk.len());
        if self.wire > self.limits.bytes {
            return Err(Stopped::TooLarge);
        }
        for part in chunk.chunks(STEP) {
            match &mut self.body {
                Body::Plain(bounded) => bounded.write_all(part),
                Body::Packed(decoder) => decoder.write_all(part),
            }
            .map_err(stopped)?;
            if self.alone.is_none() && self.len() > self.limits.shared {
                // It is never closed.
                self.alone = self.large.acquire().await.ok();
            }
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Result<Whole<'c>, Stopped> {
        let bytes = match self.body {
            Body::Plain(bounded) => bounded.bytes,
            Body::Packed(decoder) if self.wire == 0 => decoder.get_ref().bytes.clone(),
            Body::Packed(decoder) => decoder.finish().map_err(stopped)?.bytes,
        };
        Ok(Whole { bytes, _alone: self.alone })
    }

    /// Its bytes so far, whether or not it is whole.
    pub(super) fn cut(self) -> Whole<'c> {
        let bytes = match self.body {
            Body::Plain(bounded) => bounded.bytes,
            Body::Packed(decoder) => decoder.get_ref().bytes.clone(),
        };
        Whole { bytes, _alone: self.alone }
    }
}

fn stopped(error: io::Error) -> Stopped {
    match error.kind() {
        io::ErrorKind::FileTooLarge => Stopped::TooLarge,
        _ => Stopped::Garbled(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn limits() -> AnswerLimits {
        AnswerLimits { bytes: 10_000, shared: 1_000, ..AnswerLimits::default() }
    }

    async fn read(bytes: &[u8], is_packed: bool, large: &Semaphore) -> Result<Vec<u8>, Stopped> {
        let mut incoming = Incoming::new(is_packed, limits(), large);
        for chunk in bytes.chunks(700) {
            incoming.push(chunk).await?;
        }
        Ok(incoming.finish()?.bytes)
    }

    #[tokio::test]
    async fn an_answer_is_read_up_to_a_limit_on_the_wire_and_unpacked() {
        let large = Semaphore::new(1);
        let text = vec![b'x'; 10_000];
        assert_eq!(read(&text, false, &large).await.unwrap(), text);
        assert_eq!(read(&packed(&text), true, &large).await.unwrap(), text);
        assert_eq!(read(b"", true, &large).await.unwrap(), b"");
        let long = vec![b'x'; 10_001];
        assert!(matches!(read(&long, false, &large).await, Err(Stopped::TooLarge)));
        assert!(matches!(read(&packed(&long), true, &large).await, Err(Stopped::TooLarge)));
        // Empty blocks without an end unpack to nothing.
        let blocks = packed(b"").repeat(501);
        assert!(matches!(read(&blocks, true, &large).await, Err(Stopped::TooLarge)));
        assert!(matches!(read(b"no gzip at all", true, &large).await, Err(Stopped::Garbled(_))));
        let half = packed(&text);
        assert!(matches!(read(&half[..half.len() / 2], true, &large).await, Err(Stopped::Garbled(_))));
    }

    #[tokio::test]
    async fn large_answers_are_read_one_at_a_time() {
        let large = Semaphore::new(1);
        let (mut first, mut second) =
            (Incoming::new(false, limits(), &large), Incoming::new(false, limits(), &large));
        first.push(&[b'x'; 1_001]).await.unwrap();
        assert!(tokio::select! { biased;
            _ = second.push(&[b'y'; 5_000]) => false,
            () = std::future::ready(()) => true,
        });
        assert!(second.len() < 2_100, "it goes no further meanwhile: {}", second.len());
        let small = read(b"small", false, &large).await.unwrap();
        assert_eq!(small, b"small");
        let whole = first.finish().unwrap();
        assert_eq!(large.available_permits(), 0, "as long as it is used");
        drop(whole);
        drop(second);
        assert_eq!(read(&[b'z'; 2_000], false, &large).await.unwrap().len(), 2_000);
    }
}
