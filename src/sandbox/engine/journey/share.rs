//! Chance that is the same in each run.

/// A number from 0 to 100 that is the same for the same strings: FNV-1a with MurmurHash3's finalizer.
pub(super) fn percent(texts: &[&str]) -> f64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for text in texts {
        for byte in text.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^= hash >> 33;
    // 53 bits: what a double holds exactly.
    (hash >> 11) as f64 / (1_u64 << 53) as f64 * 100.0
}
