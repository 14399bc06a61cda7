//! Answers that are files, whole or in parts (`Range` of RFC 9110, 14): they are sent as they are read.

use super::call::RouteCall;
use super::file_body::FilePart;
use super::render::{Answer, Reply};
use crate::sandbox::refusal::{Reason, Refusal, RefusalKind};
use axum::body::Bytes;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use std::fs::File;
use std::io::{self, Seek, SeekFrom};

/// Answers a file, or the part of it that the request asks for. `tag` says which content it is: a part of another content
/// is never sent (`If-Range`).
pub fn send(call: &RouteCall, mut file: File, media_type: &'static str, tag: &str) -> Answer {
    let failed = |error: io::Error| {
        Refusal::new(Reason::Internal, RefusalKind::Internal, format!("the file cannot be read: {error}"))
    };
    let size = file.metadata().map_err(failed)?.len();
    let tag = format!("\"{tag}\"");
    let same = call.header("if-range").is_none_or(|wanted| wanted == tag);
    let wanted = call.header("range").filter(|_| same).and_then(|range| part(range, size));
    let mut headers = vec![(header::ACCEPT_RANGES, "bytes".to_owned()), (header::ETAG, tag)];
    let (status, from, length) = match wanted {
        None => (StatusCode::OK, 0, size),
        Some(Part::Of { from, to }) => {
            headers.push((header::CONTENT_RANGE, format!("bytes {from}-{to}/{size}")));
            (StatusCode::PARTIAL_CONTENT, from, to.saturating_sub(from).saturating_add(1))
        }
        Some(Part::None) => {
            let refusal = Refusal::new(
                Reason::RangeUnsatisfiable,
                RefusalKind::RangeUnsatisfiable(size),
                format!("the range is beyond the end: there are {size} bytes"),
            );
            return Err(refusal);
        }
    };
    file.seek(SeekFrom::Start(from)).map_err(failed)?;
    headers.push((header::CONTENT_LENGTH, length.to_string()));
    let headers = headers.into_iter().filter_map(|(name, value)| Some((name, value.parse().ok()?)));
    let headers: Vec<(HeaderName, HeaderValue)> = headers.collect();
    let file = Some(FilePart { file, length });
    Ok(Reply { status, media_type, headers, body: Bytes::new(), file, then: None })
}

/// What a range asks for.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// From the first byte to the last.
    Of { from: u64, to: u64 },
    /// Nothing that is there.
    None,
}

/// Reads `bytes=0-99`, `bytes=100-` or `bytes=-100`. `None` for several ranges and for what is not understood: the whole
/// is answered then.
fn part(range: &str, size: u64) -> Option<Part> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let (first, last) = (first.trim(), last.trim());
    let number = |text: &str| text.parse::<u64>().ok();
    let (from, to) = match (first, last) {
        ("", suffix) => (size.saturating_sub(number(suffix)?), size.saturating_sub(1)),
        (first, "") => (number(first)?, size.saturating_sub(1)),
        (first, last) => (number(first)?, number(last)?.min(size.saturating_sub(1))),
    };
    match () {
        () if !last.is_empty() && !first.is_empty() && number(last)? < from => None,
        () if from >= size => Some(Part::None),
        () => Some(Part::Of { from, to }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_range() {
        let of = |from, to| Some(Part::Of { from, to });
        for (range, wanted) in [
            ("bytes=0-0", of(0, 0)),
            ("bytes=2-5", of(2, 5)),
            ("bytes=2-", of(2, 9)),
            ("bytes=2-999", of(2, 9)),
            ("bytes=-3", of(7, 9)),
            ("bytes=-99", of(0, 9)),
            ("bytes=10-", Some(Part::None)),
            ("bytes=10-12", Some(Part::None)),
            ("bytes=-0", Some(Part::None)),
            ("bytes=5-2", None),
            ("bytes=0-1,3-4", None),
            ("bytes=x-", None),
            ("bytes=-", None),
            ("lines=0-1", None),
        ] {
            assert_eq!(part(range, 10), wanted, "{range}");
        }
        assert_eq!(part("bytes=0-", 0), Some(Part::None));
    }
}
