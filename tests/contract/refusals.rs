//! The part of the walk that is refused: the answers that the files describe for errors.

use super::walk::{PS, Walk};
use serde_json::{Value, json};

/// Refusals of the CDP API and of the personalization API, and the one event that is accepted.
pub fn all(walk: &mut Walk, token: &str) {
    cdp(walk);
    personalization(walk, token);
}

fn cdp(walk: &mut Walk) {
    let mut refused = |status: u16, target: &str, headers: &[(&str, &str)]| {
        let (answered, body) = walk.say("GET", target, None, headers);
        assert_eq!(answered, status, "{target}: {body}");
    };
    for part in ["", "/attributes", "/behaviors", "/segments"] {
        refused(404, &format!("/audiences/999999{part}"), &[]);
        refused(
            401,
            &format!("{PS}{part}"),
            &[("authorization", "TD1 1/0000000000000000000000000000000000000000")],
        );
        refused(403, &format!("{PS}{part}"), &[("host", "api-cdp.treasuredata.com")]);
    }
    for status in [400, 409, 429, 500, 502, 503] {
        walk.platform.control("faults", json!({"operation": "GET /audiences/{}", "status": status}));
        let (answered, body) = walk.say("GET", PS, None, &[]);
        assert_eq!(answered, status, "{body}");
    }
}

fn personalization(walk: &mut Walk, token: &str) {
    const EVENTS: &str = "/web_events/pageviews";
    let event = || json!({"time": 1_761_955_000, "uuid": "b82aad42-481b-4ca7-87c0-848a34f3c85f", "td_client_id": "u1", "product_id": "p1"});
    let (status, body) = walk.say("POST", EVENTS, Some(event()), &[("wp13n-token", token)]);
    // The files describe no body; this is the form of the vendor's SDK (platform.md 7).
    assert!(status == 200 && body["offers"].is_object(), "{status} {body}");

    let mut refused = |code: u16, body: Value, headers: &[(&str, &str)]| {
        let (status, answer) = walk.say("POST", EVENTS, Some(body), headers);
        assert_eq!((status, &answer["code"]), (400, &code.into()), "{answer}");
    };
    refused(3000, event(), &[]);
    refused(3001, event(), &[("wp13n-token", "1/1/00000000000000000000000000000000")]);
    refused(3002, event(), &[("wp13n-token", "2/1/00000000000000000000000000000000")]);
    refused(3003, event(), &[("wp13n-token", "nonsense")]);
    for status in [429, 500] {
        walk.platform.control("faults", json!({"operation": "POST /{}/{}", "status": status}));
        let (answered, body) = walk.say("POST", EVENTS, Some(event()), &[("wp13n-token", token)]);
        assert_eq!(answered, status, "{body}");
    }
    // Refused for its content type, which is not among those of the files.
    let (status, _, body) =
        walk.platform.send("POST", EVENTS, Some(("application/json", event())), &[("wp13n-token", token)]);
    assert_eq!((status, &body["code"]), (400, &3004.into()), "{body}");
}
