//! A fast hash for strings from configuration and events.
//!
//! The sandbox listens on the loopback interface only, so colliding ids are no attack, and
//! every event needs hashing; hence not the standard library's keyed hash.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// A map with this hash.
pub type FastMap<K, V> = HashMap<K, V, BuildHasherDefault<Fast>>;

/// A set with this hash.
pub type FastSet<T> = HashSet<T, BuildHasherDefault<Fast>>;

/// Eight bytes a step: xor, multiply, fold.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fast(u64);

impl Fast {
    fn step(&mut self, word: u64) {
        // An odd constant with evenly spread bits (2⁶⁴ divided by the golden ratio); the wide
        // product's halves are folded so that high bits reach the low ones.
        let product = u128::from(self.0.rotate_left(5) ^ word) * 0x9e37_79b9_7f4a_7c15;
        self.0 = (product as u64) ^ (product >> 64) as u64;
    }
}

impl Hasher for Fast {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.step(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        // The length tells "a" from "a\0".
        self.step(u64::from_le_bytes(last) ^ ((bytes.len() as u64) << 56));
    }

    fn write_u8(&mut self, byte: u8) {
        self.step(u64::from(byte));
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// 32 bits of a string's hash.
pub fn short_hash(text: &str) -> u32 {
    let mut hasher = Fast::default();
    text.hash(&mut hasher);
    hasher.finish() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similar_texts_hash_apart() {
        let texts = (0..100_000).map(|n| format!("client-{n:012}"));
        let hashes: HashSet<u32> = texts.map(|text| short_hash(&text)).collect();
        assert!(hashes.len() > 99_900, "{}", hashes.len());
        assert_ne!(short_hash(""), short_hash("\0"));
        assert_ne!(short_hash("a"), short_hash("a\0"));
    }
}
