//! Answers of very many lines: each line is handed over as it comes, and none is kept.

use super::{Client, pause};
use crate::api::error::ApiError;
use crate::api::{Call, Exchange, Failure};
use flate2::write::MultiGzDecoder;
use reqwest::header::CONTENT_ENCODING;
use std::io::{self, Write};
use std::time::{Duration, Instant};

/// Bytes of a line; a longer one is an error.
const LINE_BYTES: usize = 8 << 20;
/// A whole answer may take as long as it needs: each part of it has the time of a request.
const WHOLE_ANSWER: Duration = Duration::from_secs(24 * 3_600);

/// Gets each line; an error ends the answer.
pub(in crate::api) type EachLine<'e> = dyn FnMut(&[u8]) -> Result<(), ApiError> + Send + 'e;

/// How much of an answer was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::api) struct Lines {
    /// Lines that were handed over.
    pub(in crate::api) count: u64,
    /// Whether there are more, which were not read.
    pub(in crate::api) cut: bool,
}

/// Cuts an answer into its lines.
struct Splitter<'e> {
    each: &'e mut EachLine<'e>,
    /// The beginning of a line.
    partial: Vec<u8>,
    /// Lines that an earlier try has handed over already.
    skip: u64,
    /// Lines that were handed over, in all tries.
    count: u64,
    limit: u64,
    /// Whether there is a line beyond the limit.
    cut: bool,
    /// Why it is not read on.
    wrong: Option<Wrong>,
}

enum Wrong {
    Line(ApiError),
    TooLong,
}

impl Splitter<'_> {
    fn line(&mut self, line: &[u8]) -> io::Result<()> {
        if line.iter().all(u8::is_ascii_whitespace) {
            return Ok(());
        }
        if self.skip > 0 {
            self.skip = self.skip.saturating_sub(1);
            return Ok(());
        }
        if self.count >= self.limit {
            self.cut = true;
            return Err(io::ErrorKind::Other.into());
        }
        self.count = self.count.saturating_add(1);
        (self.each)(line).map_err(|error| {
            self.wrong = Some(Wrong::Line(error));
            io::ErrorKind::Other.into()
        })
    }

    /// The last line needs no end.
    fn end(&mut self) -> io::Result<()> {
        let last = std::mem::take(&mut self.partial);
        self.line(&last)
    }
}

impl Write for Splitter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut rest = bytes;
        while let Some(at) = rest.iter().position(|byte| *byte == b'\n') {
            let (line, behind) = rest.split_at(at);
            match self.partial.is_empty() {
                true => self.line(line)?,
                false => {
                    self.partial.extend_from_slice(line);
                    self.end()?;
                }
            }
            rest = behind.get(1..).unwrap_or_default();
        }
        if self.partial.len().saturating_add(rest.len()) > LINE_BYTES {
            self.wrong = Some(Wrong::TooLong);
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.partial.extend_from_slice(rest);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

enum Body<'e> {
    Plain(Splitter<'e>),
    Packed(Box<MultiGzDecoder<Splitter<'e>>>),
}

impl<'e> Body<'e> {
    fn push(&mut self, chunk: &[u8]) -> io::Result<()> {
        match self {
            Body::Plain(splitter) => splitter.write_all(chunk),
            Body::Packed(decoder) => decoder.write_all(chunk),
        }
    }

    fn splitter(&mut self) -> &mut Splitter<'e> {
        match self {
            Body::Plain(splitter) => splitter,
            Body::Packed(decoder) => decoder.get_mut(),
        }
    }

    /// The end of the answer.
    fn end(&mut self) -> io::Result<()> {
        if let Body::Packed(decoder) = self {
            decoder.try_finish()?;
        }
        self.splitter().end()
    }
}

impl Client {
    /// Sends a read and hands over the lines of its answer, at most `limit`. When the answer breaks off, it is read
    /// again, and what was handed over already is skipped: the call must answer the same lines each time.
    pub(in crate::api) async fn send_lines(
        &self,
        call: &Call,
        limit: u64,
        each: &mut EachLine<'_>,
    ) -> Result<Lines, ApiError> {
        let (begun, mut lines) = (Instant::now(), Lines { count: 0, cut: false });
        let mut delay = Duration::from_millis(200);
        for attempt in 1.. {
            let before = lines.count;
            let ended = self.try_lines(call, limit, attempt, &mut lines, each).await;
            let Err(error) = ended else { break };
            // A try that got further is no failed one.
            let elapsed = if lines.count > before { Duration::ZERO } else { begun.elapsed() };
            let pause = pause(delay, error.retry_after, elapsed, self.timeout);
            match pause.filter(|_| error.may_retry(true) && attempt <= self.retries) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return Err(error),
            }
            delay = delay.saturating_mul(2);
        }
        Ok(lines)
    }

    async fn try_lines(
        &self,
        call: &Call,
        limit: u64,
        attempt: usize,
        lines: &mut Lines,
        each: &mut EachLine<'_>,
    ) -> Result<(), ApiError> {
        let _slot = self.slots.acquire().await.map_err(|e| ApiError::local(Failure::Setup, e.to_string()))?;
        let started = Instant::now();
        let mut seen = (None, 0_usize);
        let read = self.read_lines(call, limit, lines, each, &mut seen).await;
        if let Some(observer) = &self.observer {
            observer(&Exchange {
                method: call.method.to_string(),
                url: self.hide(call, &self.url(call)),
                status: seen.0,
                elapsed: started.elapsed(),
                attempt,
                size: seen.0.map(|_| seen.1),
                body: None,
            });
        }
        read
    }

    async fn read_lines(
        &self,
        call: &Call,
        limit: u64,
        lines: &mut Lines,
        each: &mut EachLine<'_>,
        (status, size): &mut (Option<u16>, usize),
    ) -> Result<(), ApiError> {
        let request = self.request(call)?.timeout(WHOLE_ANSWER);
        let in_time = |error: tokio::time::error::Elapsed| ApiError::silent(call, &error);
        let response = tokio::time::timeout(self.timeout, request.send()).await.map_err(in_time)?;
        let mut response = response.map_err(|error| ApiError::transport(call, error))?;
        self.note_clock(response.headers());
        *status = Some(response.status().as_u16());
        if !response.status().is_success() {
            let answer = self.read_whole(call, response).await?;
            *size = answer.whole.bytes.len();
            return self.judge(call, answer).map(drop);
        }
        let encoding = response.headers().get(CONTENT_ENCODING).and_then(|value| value.to_str().ok());
        let packed = encoding.is_some_and(|encoding| encoding.eq_ignore_ascii_case("gzip"));
        let splitter = Splitter {
            each: &mut |line| each(line),
            partial: Vec::new(),
            skip: lines.count,
            count: lines.count,
            limit,
            cut: false,
            wrong: None,
        };
        let mut body = match packed {
            true => Body::Packed(Box::new(MultiGzDecoder::new(splitter))),
            false => Body::Plain(splitter),
        };
        let ended = loop {
            let chunk = tokio::time::timeout(self.timeout, response.chunk()).await;
            let pushed = match chunk
                .map_err(in_time)
                .and_then(|chunk| chunk.map_err(|error| ApiError::transport(call, error)))
            {
                Ok(Some(chunk)) => {
                    *size = size.saturating_add(chunk.len());
                    body.push(&chunk).map(|()| false)
                }
                // Nothing at all is packed as nothing.
                Ok(None) if *size == 0 => Ok(true),
                Ok(None) => body.end().map(|()| true),
                Err(error) => break Err(error),
            };
            match pushed {
                Ok(false) => {}
                Ok(true) => break Ok(()),
                Err(error) => break Err(ApiError::garbled(call, &error)),
            }
        };
        let splitter = body.splitter();
        *lines = Lines { count: splitter.count, cut: splitter.cut };
        match splitter.wrong.take() {
            Some(Wrong::Line(error)) => Err(error),
            Some(Wrong::TooLong) => {
                Err(ApiError::too_large(call, format!("has a line of more than {} MiB", LINE_BYTES >> 20)))
            }
            None if splitter.cut => Ok(()),
            None => ended,
        }
    }
}
