//! Paths built from encoded segments, so that a name can never change the path it stands in.

use std::fmt;

/// An absolute path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path(String);

impl Path {
    /// The path of the given segments, each percent-encoded.
    pub fn of(segments: &[&str]) -> Self {
        let mut path = String::new();
        for segment in segments {
            path.push('/');
            encode(&mut path, segment);
        }
        Path(path)
    }

    /// The path as a string, with its leading slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Keeps RFC 3986's unreserved characters. A segment of dots alone would be resolved away by URL
/// parsers even when encoded, so its dots are encoded twice and find nothing.
fn encode(path: &mut String, segment: &str) {
    let dots = segment == "." || segment == "..";
    for byte in segment.bytes() {
        match byte {
            b'.' if dots => path.push_str("%252E"),
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                path.push(char::from(byte))
            }
            _ => path.push_str(&format!("%{byte:02X}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_cannot_leave_their_place() {
        assert_eq!(Path::of(&["audiences", "1/../2?x#y"]).as_str(), "/audiences/1%2F..%2F2%3Fx%23y");
        assert_eq!(Path::of(&["a", ".."]).as_str(), "/a/%252E%252E");
    }
}
