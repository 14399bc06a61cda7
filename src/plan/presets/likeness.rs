//! What names look like: tables of events, columns of ids.

use crate::platform::limits::is_table_name;

/// Words of the workflow's own search (step 4): `pageview|page_view|cart|purchase|event|click|view`.
const EVENT_WORDS: [&str; 6] = ["pageview", "view", "cart", "purchase", "event", "click"];
/// Other words for what people do.
const ACTION_WORDS: [&str; 26] = [
    "session",
    "login",
    "signin",
    "logon",
    "watch",
    "play",
    "read",
    "interaction",
    "activity",
    "activitie",
    "action",
    "search",
    "impression",
    "checkout",
    "order",
    "transaction",
    "visit",
    "hit",
    "signup",
    "subscription",
    "basket",
    "wishlist",
    "scroll",
    "tracking",
    "stream",
    "engagement",
];
/// Ends of compounds written without a separator: `webevents`, `videoplays`.
const COMPOUND_ENDS: [&str; 4] = ["event", "view", "click", "play"];
/// Words that only look like it.
const NOT_EVENTS: [&str; 7] = ["review", "overview", "preview", "interview", "prevent", "display", "replay"];
/// What a table's last word says when it is made from events, or of people and things.
const NOT_EVENT_TABLES: [&str; 13] = [
    "master",
    "customer",
    "profile",
    "catalog",
    "lookup",
    "dim",
    "attribute",
    "summary",
    "agg",
    "daily",
    "weekly",
    "monthly",
    "segment",
];

/// Whether a table name looks like one of events: the rank of its likeness, 0 is the likeliest.
pub fn is_event_like(table: &str) -> Option<usize> {
    if !is_table_name(table) {
        return None;
    }
    let words = words(table);
    let any = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    if words.first().is_some_and(|word| matches!(word.as_str(), "cdp" | "tmp" | "temp" | "bak" | "backup"))
        || words.last().is_some_and(|word| NOT_EVENT_TABLES.contains(&word.as_str()))
    {
        return None;
    }
    if any(&EVENT_WORDS) {
        return Some(0);
    }
    let compound = |word: &String| {
        COMPOUND_ENDS.iter().any(|end| word.ends_with(end)) && !NOT_EVENTS.iter().any(|no| word.ends_with(no))
    };
    if words.iter().any(compound) {
        return Some(1);
    }
    any(&ACTION_WORDS).then_some(2)
}

/// Nouns whose `_id` names a person or a device of one.
const WHO: [&str; 31] = [
    "client",
    "user",
    "customer",
    "canonical",
    "member",
    "visitor",
    "device",
    "cookie",
    "profile",
    "contact",
    "crm",
    "loyalty",
    "person",
    "account",
    "subscriber",
    "advertising",
    "anonymous",
    "external",
    "global",
    "ssc",
    "shopper",
    "buyer",
    "lead",
    "individual",
    "reader",
    "viewer",
    "player",
    "membership",
    "login",
    "guest",
    "consumer",
];
/// Ids written as one word.
const ID_WORDS: [&str; 17] = [
    "userid",
    "customerid",
    "clientid",
    "memberid",
    "visitorid",
    "deviceid",
    "profileid",
    "contactid",
    "accountid",
    "idfa",
    "idfv",
    "gaid",
    "aaid",
    "adid",
    "maid",
    "uid",
    "ecid",
];
/// Words that a column of addresses or numbers may have beside `email` or `phone`.
const BESIDE_CONTACT: [&str; 19] = [
    "td",
    "e",
    "mail",
    "address",
    "hash",
    "hashed",
    "sha256",
    "md5",
    "number",
    "no",
    "user",
    "customer",
    "primary",
    "normalized",
    "lower",
    "id",
    "member",
    "contact",
    "mobile",
];

/// Whether a column name looks like an id of a person or device, so a stitching key. The workflow's
/// pattern (`id|email|user|client|canonical`) also finds `product_id` and `user_agent`: things that
/// people share must not be keys, or strangers become one profile.
pub fn is_id_like(column: &str) -> bool {
    let lower = column.to_ascii_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let contact = |word: &&str| matches!(*word, "email" | "phone" | "mobile" | "telephone" | "msisdn");
    if words.iter().any(contact) || lower == "e_mail" {
        return words.iter().all(|word| contact(word) || BESIDE_CONTACT.contains(word));
    }
    match words.as_slice() {
        [.., who, "id" | "uuid" | "guid"] => WHO.contains(who) || ID_WORDS.contains(who),
        [.., last] => ID_WORDS.contains(last),
        [] => false,
    }
}

/// The lower-case words of a name, without a plural s.
pub(super) fn words(name: &str) -> Vec<String> {
    name.to_ascii_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| match word.strip_suffix('s') {
            Some(singular) if singular.len() > 2 && !singular.ends_with('s') => singular.to_owned(),
            _ => word.to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_events_are_told_from_others() {
        for (table, rank) in [
            ("pageviews", Some(0)),
            ("web_events", Some(0)),
            ("product_views", Some(0)),
            ("cart", Some(0)),
            ("webevents", Some(1)),
            ("logins", Some(2)),
            ("orders", Some(2)),
            ("customers", None),
            ("product_reviews", None),
            ("prevention", None),
            ("customer_events", Some(0)),
            ("events_daily", None),
            ("tmp_events", None),
            ("", None),
            ("web.events", None),
        ] {
            assert_eq!(is_event_like(table), rank, "{table}");
        }
    }

    #[test]
    fn only_ids_of_people_are_keys() {
        for yes in [
            "td_client_id",
            "email",
            "user_id",
            "customer_id",
            "canonical_id",
            "td_global_id",
            "td_ssc_id",
            "email_address",
            "hashed_email",
            "phone_number",
            "userid",
            "idfa",
            "td_maid",
            "member_id",
            "Customer_ID",
        ] {
            assert!(is_id_like(yes), "{yes}");
        }
        for no in [
            "product_id",
            "content_id",
            "order_id",
            "session_id",
            "event_id",
            "td_session_id",
            "id",
            "user_agent",
            "client_ip",
            "email_subject",
            "email_campaign_id",
            "user_name",
            "video_id",
            "cart_id",
            "",
        ] {
            assert!(!is_id_like(no), "{no}");
        }
    }
}
