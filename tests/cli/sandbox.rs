//! `sandbox …`: the controls of a running sandbox, and the flags that start one.

use super::{PS, Written, configured, said};
use crate::common::{Platform, Tdx};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

/// 2025-11-01T00:00:00Z, where the platform's clock stands.
const NOW: i64 = 1_761_955_200;

fn control(platform: &Platform, arguments: &[&str]) -> Tdx {
    Tdx::new(&[&["sandbox"], arguments].concat()).env("TDX_RT_ENDPOINT", &platform.url)
}

/// A control that must succeed: its document.
#[track_caller]
fn done(platform: &Platform, arguments: &[&str]) -> Value {
    control(platform, arguments).run().document()
}

#[test]
fn the_clock() {
    let platform = Platform::start();
    let at = |ms: i64, time: &str| json!({"time": time, "now_ms": ms, "stands_still": true});
    assert_eq!(done(&platform, &["clock"]), at(NOW * 1_000, "2025-11-01T00:00:00.000Z"));
    for (arguments, ms, time) in [
        (&["set", "2026-01-02T03:04:05Z"][..], 1_767_323_045_000, "2026-01-02T03:04:05.000Z"),
        (&["advance", "24h"], 1_767_409_445_000, "2026-01-03T03:04:05.000Z"),
        (&["advance", "-1h30m"], 1_767_404_045_000, "2026-01-03T01:34:05.000Z"),
        (&["advance", "--", "-90m"], 1_767_398_645_000, "2026-01-03T00:04:05.000Z"),
        (&["advance", "7d"], 1_768_003_445_000, "2026-01-10T00:04:05.000Z"),
        (&["advance", "250ms"], 1_768_003_445_250, "2026-01-10T00:04:05.250Z"),
        (&["advance", "-q", "30"], 1_768_003_475_250, "2026-01-10T00:04:35.250Z"),
        (&["set", "1767323045"], 1_767_323_045_000, "2026-01-02T03:04:05.000Z"),
    ] {
        assert_eq!(done(&platform, &[&["clock"], arguments].concat()), at(ms, time), "{arguments:?}");
    }
    for (arguments, part) in [
        (&["set", "tomorrow"][..], "'tomorrow' is no time"),
        (&["set", "-1"], "out of range"),
        (&["set", "2026-01-02"], "write it like"),
        (&["advance", "soon"], "not a duration"),
        (&["advance", "1y"], "not a duration"),
        (&["advance"], "DURATION"),
    ] {
        let error = control(&platform, &[&["clock"], arguments].concat()).run().error(2, "usage");
        assert!(said(&error, "message").contains(part), "{arguments:?}: {error}");
    }
    let error = control(&platform, &["clock", "advance", "-30000d"]).run().error(2, "rejected");
    assert!(said(&error, "message").contains("from 1970 to the end of 9999"), "{error}");
    assert_eq!(said(&error, "hint"), "the sandbox has changed nothing");
    assert_eq!(done(&platform, &["clock"])["now_ms"], 1_767_323_045_000_i64);
}

#[test]
fn statuses_and_how_changes_settle() {
    let platform = Platform::start();
    let statuses = |first: &str| json!({"394649": first, "394650": "updating", "394651": null});
    assert_eq!(done(&platform, &["settle"]), json!({"settle": "1reads", "statuses": statuses("ok")}));
    for when in ["now", "150ms", "2s", "never", "inconsistent", "2reads"] {
        assert_eq!(done(&platform, &["settle", when])["settle"], when);
    }
    let status = |arguments: &[&str]| done(&platform, &[&["status"], arguments].concat())["statuses"].clone();
    assert_eq!(status(&[]), statuses("ok"));
    assert_eq!(status(&["Customer 360", "updating"]), json!({PS: "updating"}), "by name");
    assert_eq!(platform.tdx(&["ps-check", PS]).run().code, 8);
    assert_eq!(status(&["--finish"]), json!({"394649": "ok", "394650": "ok", "394651": null}));
    assert_eq!(status(&[PS, "--begin", "2reads"]), json!({PS: "updating"}));
    let read = || platform.get("/audiences/394649/realtime_setting")["status"].clone();
    assert_eq!(
        (status(&[PS]), read(), read(), read()),
        (json!({PS: "updating"}), "updating".into(), "updating".into(), "ok".into())
    );
    assert_eq!(status(&["394651", "initialized"]), json!({"394651": "initialized"}));
    assert_eq!(status(&[PS, "inconsistent"]), json!({PS: "inconsistent"}));
    assert_eq!(platform.tdx(&["ps-check", PS]).run().code, 1);

    control(&platform, &["settle", "soon"]).run().error(2, "usage");
    control(&platform, &["status", PS, "fine"]).run().error(2, "usage");
    control(&platform, &["status", PS, "ok", "--finish"]).run().error(2, "usage");
    for arguments in
        [&["status", "nobody"][..], &["status", "nobody", "ok"], &["status", "nobody", "--finish"]]
    {
        let error = control(&platform, arguments).run().error(3, "not-found");
        assert!(said(&error, "hint").contains("sandbox status"), "{error}");
    }
}

#[test]
fn fault_rules() {
    let platform = Platform::start();
    let added = done(
        &platform,
        &[
            "faults",
            "add",
            "status",
            "--status",
            "429",
            "--retry-after",
            "0",
            "--count",
            "2",
            "--skip",
            "1",
            "--method",
            "GET",
            "--path",
            "/audiences",
            "--message",
            "Slow down",
            "--delay",
            "1ms",
            "--probability",
            "1",
        ],
    );
    let expected = json!({"id": 1, "kind": "status", "operation": null, "method": "GET", "path": "/audiences",
        "status": 429, "retry_after": "0s", "message": "Slow down", "location": null, "delay": "1ms", "skip": 1,
        "count": 2, "probability": 1.0});
    assert_eq!(added, expected);
    assert_eq!(done(&platform, &["faults"]), json!({"faults": [expected]}));
    let got = || platform.request("GET", "/audiences", None).0;
    assert_eq!([got(), got(), got(), got()], [200, 429, 429, 200]);
    assert_eq!(done(&platform, &["faults"]), json!({"faults": []}), "used up");

    let operation = "POST /audiences/{}/realtime_key_events";
    let always =
        done(&platform, &["faults", "add", "commit-then-drop", "--operation", operation, "--always"]);
    assert_eq!(
        (&always["id"], &always["kind"], &always["count"]),
        (&json!(2), &json!("commit_then_drop"), &json!(0))
    );
    done(&platform, &["faults", "add", "redirect", "--location", "/login"]);
    assert_eq!(done(&platform, &["faults", "remove", "3"])["kind"], "redirect");
    let error = control(&platform, &["faults", "remove", "3"]).run().error(3, "not-found");
    assert!(said(&error, "message").contains("no fault rule 3"), "{error}");
    assert_eq!(done(&platform, &["faults", "--jq", "[.faults[].id]"]), json!([2]));
    assert_eq!(done(&platform, &["faults", "clear", "--seed", "7"]), json!({"faults": []}));
    assert_eq!(done(&platform, &["faults", "clear"]), json!({"faults": []}));

    for (arguments, code, part) in [
        (&["rest"][..], "usage", "'rest' is not one of: status, html"),
        (&["reset", "--count", "0"], "usage", "--count"),
        (&["reset", "--count", "1", "--always"], "usage", "--always"),
        (&["reset", "--probability", "1.5"], "usage", "no number from 0 to 1"),
        (&["reset", "--probability", "NaN"], "usage", "no number from 0 to 1"),
        (&["reset", "--status", "503"], "rejected", "status does not go with the kind reset"),
        (&["status", "--status", "99"], "rejected", "status must be a number from 200 to 599"),
        (&["redirect"], "rejected", "a redirect needs a location"),
        (&["slow"], "rejected", "needs delay_ms"),
        (&["status", "--retry-after=-1"], "rejected", "retry_after must be"),
        (&["reset", "--operation", "POST /audiences/{}/realtime_key_event"], "rejected", operation),
    ] {
        let error = control(&platform, &[&["faults", "add"], arguments].concat()).run().error(2, code);
        assert!(said(&error, "message").contains(part), "{arguments:?}: {error}");
    }
    assert_eq!(done(&platform, &["faults"]), json!({"faults": []}));
}

#[test]
fn requests_are_listed_counted_and_expected() {
    let platform = configured();
    let since = done(&platform, &["requests", "--count"])["last_id"].to_string();
    for path in ["/audiences", "/audiences/394649", "/audiences/7?x=1"] {
        platform.request("GET", path, None);
    }
    platform.request("POST", "/audiences/394649/realtime_key_events", Some(json!({})));
    let count = |arguments: &[&str]| {
        done(&platform, &[&["requests", "--count"], arguments].concat())["count"].clone()
    };
    for (arguments, expected) in [
        (&[][..], 4),
        (&["--method", "post,PATCH"], 1),
        (&["--path", "/audiences/"], 3),
        (&["--operation", "GET /audiences/{}"], 2),
        (&["--status", "404"], 1),
        (&["--status", "4xx"], 2),
        (&["--status", "5xx,none"], 0),
        (&["--since", &since], 4),
        (&["--method", "GET", "--status", "200", "--path", "/audiences/394649"], 1),
    ] {
        assert_eq!(count(arguments), expected, "{arguments:?}");
    }
    let listed = done(&platform, &["requests", "--operation", "GET /audiences/{}", "--expect", "2"]);
    let paths: Vec<_> =
        listed["requests"].as_array().unwrap().iter().map(|entry| entry["path"].clone()).collect();
    assert_eq!(
        (paths, &listed["complete"]),
        (vec!["/audiences/394649".into(), "/audiences/7?x=1".into()], &json!(true))
    );
    for good in [&["--at-least", "4"][..], &["--at-most", "4"], &["--at-least", "1", "--at-most", "9"]] {
        assert_eq!(count(good), 4, "{good:?}");
    }
    for (bad, message) in [
        (&["--expect", "3"][..], "4 requests fit, expected was exactly 3"),
        (&["--method", "POST", "--at-least", "2"], "1 request fits, expected was at least 2"),
        (&["--at-most", "3"], "4 requests fit, expected was at most 3"),
        (&["--at-least", "5", "--at-most", "6"], "4 requests fit, expected was 5 to 6"),
    ] {
        let (listed, error) =
            control(&platform, &[&["requests"], bad].concat()).run().says_no(1, "check-failed");
        assert_eq!(said(&error, "message"), message);
        assert_eq!(
            listed["requests"].as_array().map(Vec::len),
            listed["count"].as_u64().map(|n| n as usize),
            "{listed}"
        );
    }
    for bad in [
        &["--status", "6xx"][..],
        &["--status", "ok"],
        &["--since", "x"],
        &["--expect", "1", "--at-most", "2"],
        &["clear", "--count"],
        &["--method", "GET", "clear"],
    ] {
        control(&platform, &[&["requests"], bad].concat()).run().error(2, "usage");
    }
    let error = control(&platform, &["requests", "--operation", "GET /audience/{}", "--expect", "0"])
        .run()
        .error(2, "rejected");
    assert!(said(&error, "message").contains("the nearest is 'GET /audiences/{}'"), "{error}");
    let last = done(&platform, &["requests", "clear"])["last_id"].clone();
    assert_eq!(
        done(&platform, &["requests", "--expect", "0"]),
        json!({"count": 0, "requests": [], "last_id": last, "complete": true})
    );
}

#[test]
fn an_expectation_does_not_hold_on_a_journal_that_has_forgotten() {
    let platform = Platform::with(tdx_rt::sandbox::Options { journal: 2, ..Default::default() });
    for _ in 0..3 {
        platform.get("/audiences");
    }
    assert_eq!(
        done(&platform, &["requests", "--count"]),
        json!({"count": 2, "last_id": 3, "complete": false})
    );
    let (_, error) = control(&platform, &["requests", "--expect", "2"]).run().says_no(1, "check-failed");
    assert!(said(&error, "hint").contains("--journal"), "{error}");
    assert_eq!(
        done(&platform, &["requests", "--count", "--at-least", "2"])["count"],
        2,
        "this it does prove"
    );
    assert_eq!(done(&platform, &["requests", "--count", "--since", "1", "--expect", "2"])["complete"], true);
}

#[test]
fn profiles() {
    let platform = configured();
    assert_eq!(done(&platform, &["profile", "--ps", PS]), json!({"profiles": 0}));
    let none = control(&platform, &["profile", "--ps", PS, "td_client_id=u1"]).run().error(3, "not-found");
    assert!(said(&none, "hint").contains("pz-test"), "{none}");
    let plan = format!(
        "{}\npersonalization_service:\n  name: web\n  trigger_event: page_view\n  sections: [{{name: Gold, criteria: \"loyalty_tier = 'Gold'\", attributes: [last]}}, {{name: Default, criteria: '', attributes: [views]}}]\n",
        super::BASE
    );
    let applied = platform.tdx(&["apply", "--interval", "5ms"]).stdin(plan).run().document();
    let tested = platform.tdx(&["pz-test", "--key", "td_client_id=u1"]).stdin(applied.to_string()).run();
    assert_eq!(tested.code, 0, "{tested:?}");
    let profile = done(&platform, &["profile", "--ps", "Customer 360", "td_client_id=u1"]);
    assert_eq!(profile["keys"][0]["value"], "u1", "{profile}");
    assert_eq!(profile["keys"][0]["last_seen"], "2025-11-01T00:00:00.000Z", "{profile}");
    let sections = &profile["personalizations"][0]["sections"];
    assert_eq!((&sections[0]["name"], &sections[0]["matched"]), (&json!("Gold"), &json!(false)));
    assert!(said(&sections[0], "reason").len() > 5, "{sections}");
    assert_eq!((&sections[1]["matched"], &sections[1]["reason"]), (&json!(true), &Value::Null));
    control(&platform, &["profile", "--ps", PS, "td_client_id"]).run().error(2, "usage");
    control(&platform, &["profile", "td_client_id=u1"]).run().error(2, "usage");
    let error = control(&platform, &["profile", "--ps", PS, "shoe_size=44"]).run().error(2, "rejected");
    assert!(said(&error, "message").contains("td_client_id"), "{error}");
}

#[test]
fn reset_and_health() {
    let platform = configured();
    done(&platform, &["faults", "add", "reset"]);
    let health = done(&platform, &["reset"]);
    assert_eq!((&health["ok"], &health["url"]), (&json!(true), &json!(platform.url)));
    assert_eq!(platform.get("/audiences/394649/realtime_key_events")["data"], json!([]));
    assert_eq!(done(&platform, &["health"])["name"], "tdx-rt sandbox");
    assert_eq!(done(&platform, &["health", "--jq", ".parent_segments"]), 3);
    let saved = tempfile::tempdir().unwrap();
    let file = saved.path().join("health.json");
    let output = control(&platform, &["health", "-o", file.to_str().unwrap()]).run();
    assert_eq!((output.code, output.stdout.as_str(), output.stderr.as_str()), (0, "", ""));
    assert!(std::fs::read_to_string(file).unwrap().contains("tdx-rt sandbox"));
    let text = control(&platform, &["faults", "remove", "9", "--error-format", "text"]).run();
    assert_eq!((text.code, text.stdout.as_str()), (3, ""));
    assert!(text.stderr.starts_with("error: DELETE /_sandbox/faults/9 was answered 404"), "{text:?}");
    for arguments in
        [&["reset", "none"][..], &["snapshot", "restore", "none"], &["snapshot", "delete", "none"]]
    {
        let error = control(&platform, arguments).run().error(3, "not-found");
        assert_eq!(said(&error, "hint"), "`tdx-rt sandbox snapshot` lists them", "{arguments:?}");
    }
}

#[test]
fn a_dry_run_changes_nothing() {
    let platform = Platform::start();
    let planned = done(&platform, &["clock", "advance", "1h", "--dry-run"]);
    assert_eq!(planned["requests"][0]["url"], format!("{}/_sandbox/clock", platform.url));
    assert_eq!(planned["requests"][0]["body"], json!({"advance_seconds": 3600.0}));
    assert_eq!(done(&platform, &["clock", "--dry-run"])["now_ms"], NOW * 1_000);
}

/// A server that answers every request with `body`, and passes what it receives to the test.
fn impostor(status: &'static str, body: &'static str) -> (String, std::sync::mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let mut buffer = [0; 4096];
            let length = stream.read(&mut buffer).unwrap_or(0);
            let _ = tell.send(String::from_utf8_lossy(&buffer[..length]).into_owned());
            let head =
                format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            let _ = stream.write_all((head + body).as_bytes());
        }
    });
    (url, told)
}

#[test]
fn what_is_no_sandbox_is_asked_once_without_a_key_and_left_alone() {
    for (status, body) in [
        ("200 OK", "{}"),
        ("200 OK", "{\"ok\":true,\"name\":\"something else\"}"),
        ("200 OK", "<html>login</html>"),
        ("404 Not Found", "{\"error\":\"no such path\"}"),
        ("302 Found", ""),
    ] {
        let (url, told) = impostor(status, body);
        let tdx = Tdx::new(&["sandbox", "reset"])
            .env("TDX_RT_ENDPOINT", &url)
            .env("TDX_API_KEY", "9/0123456789abcdef");
        let error = tdx.run().error(2, "bad-setting");
        assert!(
            said(&error, "message")
                .starts_with(&format!("{url} (environment TDX_RT_ENDPOINT) is no sandbox")),
            "{error}"
        );
        let sent = told.recv_timeout(Duration::from_secs(5)).unwrap();
        assert!(sent.starts_with("GET /_sandbox/health "), "{sent}");
        assert!(
            !sent.to_lowercase().contains("authorization") && !sent.contains("0123456789abcdef"),
            "{sent}"
        );
        assert!(told.try_recv().is_err(), "one request and no more");
    }
    let error = Tdx::new(&["sandbox", "clock", "advance", "1h"])
        .env("TDX_API_KEY", "9/x")
        .run()
        .error(2, "bad-setting");
    assert!(said(&error, "message").contains("no endpoint is set"), "{error}");
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error =
        Tdx::new(&["sandbox", "faults", "--endpoint", &format!("http://{free}")]).run().error(9, "network");
    assert!(
        said(&error, "message").starts_with(&format!("no sandbox answers at http://{free}: ")),
        "{error}"
    );
    assert!(said(&error, "hint").starts_with("start one with `tdx-rt sandbox`"), "{error}");
}

#[test]
fn flags_for_starting_are_not_for_controls() {
    let platform = Platform::start();
    for (flags, named) in
        [(&["--port", "1"][..], "--port <PORT>"), (&["--empty"], "--empty"), (&["--detached"], "--detached")]
    {
        let error = control(&platform, &[flags, &["reset"]].concat()).run().error(2, "usage");
        let expected = format!("the subcommand 'reset' cannot be used with '{named}'");
        assert_eq!(said(&error, "message"), expected);
    }
    assert_eq!(done(&platform, &["-q", "clock"])["now_ms"], NOW * 1_000, "global flags may come first");
    let error = control(&platform, &["clokc"]).run().error(2, "usage");
    assert!(said(&error, "message").contains("clokc"), "{error}");
}

/// What a shell in a sandbox of its own prints.
fn script(flags: &[&str], text: &str) -> String {
    let output = Tdx::new(&[&["sandbox"], flags, &["--", "sh", "-ec", text]].concat()).run();
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{output:?}");
    output.stdout
}

#[test]
fn flags_that_start_it() {
    let text = "tdx-rt sandbox clock --jq .time; tdx-rt sandbox settle --jq .settle
      tdx-rt sandbox clock advance 1h --jq .time
      tdx-rt rt-events --ps 394649 --event view=web_events.pageviews --jq '.events[0].action'
      tdx-rt ps-check 394649 --wait --interval 5ms --jq .rt_status";
    assert_eq!(
        script(&["--clock", "2026-01-02T03:04:05Z"], text),
        "2026-01-02T03:04:05.000Z\n1reads\n2026-01-02T04:04:05.000Z\ncreated\nok\n"
    );
    assert_eq!(
        script(&["--clock", "5", "--settle", "2reads"], "tdx-rt sandbox settle --jq .settle"),
        "2reads\n"
    );
    let faults = script(
        &["--fault", "{\"kind\":\"status\",\"status\":418}", "--fault", "{\"kind\":\"reset\",\"count\":0}"],
        "tdx-rt sandbox faults --jq '.faults[] | [.id, .kind, .count]'; tdx-rt sandbox reset --jq .ok; tdx-rt sandbox faults --jq .faults",
    );
    assert_eq!(faults, "[1,\"status\",1]\n[2,\"reset\",0]\ntrue\n[]\n");
    assert_eq!(script(&["--empty"], "tdx-rt sandbox health --jq .parent_segments"), "0\n");
    let journal = script(
        &["--journal", "1"],
        "tdx-rt ps-check >/dev/null; tdx-rt sandbox requests --count --jq '.count, .complete'",
    );
    assert_eq!(journal, "1\nfalse\n");
    for (flags, code, message) in [
        (&["--fault", "{\"kind\":\"rest\"}"][..], "usage", "unknown variant `rest`"),
        (
            &["--fault", "{\"kind\":\"reset\",\"status\":500}"],
            "usage",
            "status does not go with the kind reset",
        ),
        (
            &["--fault", "{\"operation\":\"GET /nothing/at/all\"}"],
            "usage",
            "no operation 'GET /nothing/at/all'",
        ),
        (&["--clock", "noon"], "usage", "'noon' is no time"),
        (&["--listen", "everywhere"], "usage", "--listen"),
        (&["--empty", "--seed-file", "x"], "usage", "--seed-file"),
    ] {
        let error = Tdx::new(&[&["sandbox"], flags, &["--", "true"]].concat()).run().error(2, code);
        assert!(said(&error, "message").contains(message), "{flags:?}: {error}");
    }
}

#[test]
fn a_seed_file_is_read_or_its_error_has_a_place() {
    let good = Written::new("seed.yaml", "databases:\n  - {name: shop, tables: []}\n");
    assert_eq!(script(&["--seed-file", good.path()], "tdx-rt discover databases --jq '.[].name'"), "shop\n");
    let bad = Written::new("bad.yaml", "databases:\n  - {nmae: shop}\n");
    let run = |file: &str| Tdx::new(&["sandbox", "--seed-file", file, "--", "true"]).run();
    let error = run(bad.path()).error(2, "bad-setting");
    let message = said(&error, "message");
    assert!(message.starts_with(bad.path()) && message.contains("line 2"), "{message}");
    assert!(said(&error, "hint").contains("tdx-rt sandbox --print-seed"), "{error}");
    // The output is a seed file with the default data.
    let printed = Tdx::new(&["sandbox", "--print-seed"]).run();
    assert_eq!((printed.code, printed.stderr.as_str()), (0, ""), "{printed:?}");
    let demo = Written::new("demo.yaml", &printed.stdout);
    let tables = "tdx-rt discover tables '*.*'";
    assert_eq!(script(&["--seed-file", demo.path()], tables), script(&[], tables));
    Tdx::new(&["sandbox", "--print-seed", "--empty"]).run().error(2, "usage");
    run("/nowhere/seed.yaml").error(3, "not-found");
    let wrong = Written::new(
        "wrong.yaml",
        "parent_segments: [{id: '1', name: A, master: {database: x, table: y, profile_key: z}}]",
    );
    let error = run(wrong.path()).error(2, "bad-setting");
    assert!(said(&error, "message").contains("parent segment 'A'"), "{error}");
}

#[test]
fn the_same_number_gives_the_same_ids_and_tokens() {
    let create = "tdx-rt rt-events --ps 394649 --event view=web_events.pageviews --jq '.events[0].id'";
    let of = |seed: &str| script(&["--seed", seed, "--settle", "now"], create);
    assert_eq!(of("7"), of("7"));
    assert_ne!(of("7"), of("8"));
}

#[test]
fn an_empty_list_says_so_to_people() {
    let platform = Platform::start();
    let seen = |arguments: &[&str]| control(&platform, &[arguments, &["--table"]].concat()).run().stdout;
    for (list, nothing) in [
        (&["requests"][..], "no requests\n"),
        (&["requests", "--status", "5xx"], "no requests\n"),
        (&["inbox"], "no webhooks\n"),
        (&["activations"], "no activations\n"),
        (&["faults"], "no fault rules\n"),
        (&["faults", "clear"], "no fault rules\n"),
        (&["snapshot"], "no snapshots\n"),
    ] {
        assert_eq!(seen(list), nothing, "{list:?}");
    }
    // A number that was asked for, and what else there is to say.
    assert!(seen(&["requests", "--count"]).contains("count"), "{}", seen(&["requests", "--count"]));
    done(&platform, &["inbox", "answer", "welcome", "500"]);
    assert!(seen(&["inbox"]).contains("500"), "{}", seen(&["inbox"]));
}
