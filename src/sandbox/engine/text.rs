//! A string that is stored inline when it is short, as most ids are: 24 bytes, no allocation.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::{Borrow, Cow};
use std::fmt;
use std::hash::{Hash, Hasher};

/// Bytes that fit inline.
const SHORT: usize = 22;

/// An immutable string.
#[derive(Clone)]
pub struct SharedText(Inner);

#[derive(Clone)]
enum Inner {
    /// Always valid UTF-8: only [`SharedText::from`] makes it.
    Short {
        length: u8,
        bytes: [u8; SHORT],
    },
    Long(Box<str>),
}

impl From<&str> for SharedText {
    fn from(text: &str) -> Self {
        let mut bytes = [0; SHORT];
        match (bytes.get_mut(..text.len()), u8::try_from(text.len())) {
            (Some(place), Ok(length)) => {
                place.copy_from_slice(text.as_bytes());
                SharedText(Inner::Short { length, bytes })
            }
            _ => SharedText(Inner::Long(text.into())),
        }
    }
}

impl SharedText {
    /// Its bytes, by which it is compared and hashed.
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Inner::Short { length, bytes } => bytes.get(..usize::from(*length)).unwrap_or_default(),
            Inner::Long(text) => text.as_bytes(),
        }
    }

    /// The string.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Inner::Short { .. } => std::str::from_utf8(self.as_bytes()).unwrap_or_default(),
            Inner::Long(text) => text,
        }
    }
}

impl PartialEq for SharedText {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            // The rest is zeros: two fixed lengths compare faster than two slices.
            (Inner::Short { length: a, bytes: one }, Inner::Short { length: b, bytes: two }) => {
                a == b && one == two
            }
            (Inner::Long(one), Inner::Long(two)) => one == two,
            _ => false,
        }
    }
}

impl Eq for SharedText {}

impl Hash for SharedText {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl Borrow<[u8]> for SharedText {
    fn borrow(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl fmt::Debug for SharedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

impl Serialize for SharedText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for SharedText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(deserializer).map(|text| SharedText::from(&*text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::engine::hash::FastMap;

    #[test]
    fn short_and_long_texts_are_texts() {
        assert_eq!((size_of::<SharedText>(), size_of::<Option<SharedText>>()), (24, 24));
        for length in [0, 1, 21, 22, 23, 500] {
            let written = "ä".repeat(length / 2) + &"x".repeat(length % 2);
            let text = SharedText::from(written.as_str());
            assert_eq!(text.as_str(), written);
            let stored = serde_json::to_string(&text).unwrap();
            assert_eq!(serde_json::from_str::<SharedText>(&stored).unwrap(), text);
            let map = FastMap::from_iter([(text, length)]);
            assert_eq!(map.get(written.as_bytes()), Some(&length));
        }
        assert_ne!(SharedText::from("a"), SharedText::from("a\0"));
    }
}
