//! The platform's documented limits, each with the page that states it.
//!
//! Pages of docs.treasure.ai: (SYS) *System performance, limitations and expected behavior*,
//! (CONF) *Configuration and initialization*, (QUICK) *Personalization API quickstart*, and the
//! published OpenAPI descriptions (API).

/// Event tables of one parent segment. (SYS)
pub const EVENT_TABLES: usize = 100;
/// Stitching keys of one parent segment. (SYS)
pub const STITCHING_KEYS: usize = 100;
/// Ids (key values) of one profile; when exceeded, the oldest are ejected first. (SYS)
pub const IDS_PER_PROFILE: usize = 200;
/// Single, list and counter attributes that one profile has values of. (SYS; a parent segment can have
/// more of them, see [`COMBINED_ITEMS`])
pub const ATTRIBUTES_PER_PROFILE: usize = 200;
/// Characters of the filters of all key events of a parent segment together. (CONF)
pub const FILTER_CHARACTERS: usize = 1_000;
/// Bytes of one attribute value. (SYS)
pub const ATTRIBUTE_BYTES: usize = 500;
/// Single, list, counter and lookup catalog attributes, stitching keys and journeys of a parent
/// segment together (imported attributes do not count). (SYS)
pub const COMBINED_ITEMS: usize = 600;
/// Bytes of one event. (SYS)
pub const EVENT_BYTES: usize = 1_000_000;
/// Bytes of one ingest request. (SYS)
pub const REQUEST_BYTES: usize = 5_000_000;
/// Events of one ingest request, at least one. (SYS)
pub const INGEST_EVENTS: usize = 500;
/// Bytes of one personalization response. (SYS)
pub const RESPONSE_BYTES: usize = 10 * 1024;
/// Tokens of one personalization service. (QUICK)
pub const TOKENS_PER_SERVICE: usize = 50;
/// Characters of an `outputName`. (CONF)
pub const OUTPUT_NAME_CHARACTERS: usize = 256;
/// Items that a list attribute keeps by default (published YAML dialect).
pub const LIST_MAX_ITEMS_DEFAULT: u64 = 100;
/// Days that a list item lives by default (published YAML dialect).
pub const LIST_EXPIRY_DAYS_DEFAULT: u64 = 90;
/// Items of a list attribute. (the page on list attributes; the platform takes more)
pub const LIST_ITEMS: u64 = 100;
/// Days that an item of a list attribute lives. (the same page; the published YAML dialect says 90)
pub const LIST_DAYS: u64 = 60;
/// Stages of one journey. (API)
pub const JOURNEY_STAGES: usize = 8;
/// Bytes of a webhook's body. (*Webhook activation*)
pub const WEBHOOK_BODY_BYTES: usize = 250_000;
/// Custom headers of a webhook. (*Webhook activation*)
pub const WEBHOOK_HEADERS: usize = 32;
/// `page[size]` by default. (API)
pub const PAGE_SIZE_DEFAULT: usize = 100;
/// The largest `page[size]`. (API)
pub const PAGE_SIZE_MAX: usize = 1_000;
/// Whether `name` is one of a database or table in the personalization API's paths:
/// `[0-9a-z_]{3,128}`. (API)
pub fn is_table_name(name: &str) -> bool {
    (3..=128).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase() || b == b'_')
}

/// How many values a JSON text has at the most.
pub fn values(text: &[u8]) -> usize {
    let (mut count, mut quoted, mut escaped) = (1, false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' | b'[' | b'{' if !quoted => count = usize::saturating_add(count, 1),
            _ => {}
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_outside_of_texts() {
        assert_eq!(values(br#"{"a": [1, 2, {"b": "[,\"{"}], "c": null}"#), 7);
        assert_eq!(values(&b"[],".repeat(1_000)), 2_001);
    }
}
