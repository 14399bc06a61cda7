//! Queries as jobs, against recorded exchanges in the form of the vendor's own client tests (td-client-python
//! `job_api_test.py`, td-client-ruby `job_api_spec.rb`), by way of the first command that has one.

use super::{PS, said};
use crate::common::scripted::{Asked, Reply, Scripted};
use serde_json::{Value, json};
use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};

const JOB: &str = "12345";
const MONITOR: [&str; 5] = ["journey-monitor", "--ps", PS, "--interval", "5ms"];
const SCHEMA: &str = r#"[["journey","varchar"],["activation","varchar"],["activation_id","varchar"],["counted","integer"],["ok","integer"],["status","varchar"],["error","varchar"],["latency","bigint"],["attempts","bigint"],["sent","bigint"],["longest","bigint"],["last_at","bigint"]]"#;

/// A row of the log, as the query answers it.
fn row(journey: &str, ok: u8, status: &str, error: &str, attempts: u64, sent: u64) -> Value {
    let latency = (ok == 1 && sent > 0).then_some(2);
    json!([journey, "hook_77", "77", 1, ok, status, error, latency, attempts, sent, latency, 1_761_955_000])
}

fn rows(rows: &[Value]) -> Vec<u8> {
    rows.iter().map(Value::to_string).collect::<Vec<_>>().join("\n").into_bytes()
}

/// What there is: a parent segment with a launched journey, `welcome`, and one activation.
fn surroundings(asked: &Asked) -> Option<Reply> {
    let path = asked.line.split([' ', '?']).nth(1).unwrap();
    let journey = json!({"id": "11738", "type": "realtime-journey", "attributes": {
        "audienceId": PS, "segmentFolderId": "1", "name": "welcome", "description": null, "goal": null,
        "realtimeJourneyStages": [], "reentryMode": "no_reentry", "state": "launched", "paused": false,
    }});
    let activation = json!({"id": "77", "type": "realtime-journey-activation-step", "attributes": {
        "name": "hook", "stepUuid": "6f9a", "connectionId": "5", "connectorType": "td_webhook_out",
        "connector": {"exportJson": "{}", "exportAdvancedJson": "{}"}, "realtimeJourneyId": "11738",
    }, "relationships": {"realtimeJourney": {"data": {"id": "11738"}}}});
    if path == format!("/entities/parent_segments/{PS}") {
        let found = json!({"id": PS, "type": "parent-segment", "attributes": {"name": "Customer 360"}});
        return Some(Reply::Json(200, json!({"data": found})));
    }
    if path == format!("/entities/parent_segments/{PS}/realtime_journeys") {
        return Some(Reply::Json(200, json!({"data": [journey]})));
    }
    if path == format!("/entities/parent_segments/{PS}/realtime_activations") {
        return Some(Reply::Json(200, json!({"data": [activation]})));
    }
    None
}

/// A job with this status and these words of the engine.
fn shown(status: &str, query: &str, stderr: Value) -> Value {
    json!({
        "cpu_time": null, "created_at": "2015-02-09 11:44:25 UTC", "database": "cdp_audience_394649_rt",
        "debug": {"cmdout": "started at 2015-02-09T11:44:27Z\nexecuting query: SELECT\n", "stderr": stderr},
        "duration": 1, "end_at": "2015-02-09 11:44:28 UTC", "hive_result_schema": SCHEMA, "job_id": JOB,
        "organization": null, "priority": 0, "query": query, "result": "", "result_size": 22, "retry_limit": 0,
        "start_at": "2015-02-09 11:44:27 UTC", "status": status, "type": "trino",
        "updated_at": "2015-02-09 11:44:28 UTC", "url": "http://console.example.com/jobs/12345",
        "user_name": "nobody@example.com", "linked_result_export_job_id": null,
        "result_export_target_job_id": null, "num_records": null,
    })
}

fn issued() -> Reply {
    Reply::Json(200, json!({"job": JOB, "job_id": JOB, "database": "cdp_audience_394649_rt"}))
}

/// Answers requests for jobs by `more`, and where that has nothing to say, as a job that ends well with these rows.
fn jobs(rows: Vec<u8>, more: impl Fn(&Asked) -> Option<Reply> + Send + Sync + 'static) -> Scripted {
    Scripted::serve(move |asked| {
        if let Some(reply) = surroundings(asked).or_else(|| more(asked)) {
            return reply;
        }
        match asked.line.split([' ', '?']).nth(1).unwrap() {
            "/v3/job/issue/trino/cdp_audience_394649_rt" => issued(),
            "/v3/job/status/12345" => Reply::Json(200, json!({"status": "success"})),
            "/v3/job/show/12345" => Reply::Json(200, shown("success", "", Value::Null)),
            "/v3/job/result/12345" => Reply::Bytes(rows.clone(), ""),
            "/v3/job/kill/12345" => Reply::Json(200, json!({"former_status": "running"})),
            _ => Reply::Json(404, json!({"message": "Couldn't find Job with account_id = 1"})),
        }
    })
}

fn two() -> Vec<u8> {
    rows(&[row("journey_11738", 1, "200", "", 3, 3), row("journey_11738", 0, "500", "boom", 4, 1)])
}

fn is(asked: &Asked, beginning: &str) -> bool {
    asked.line.starts_with(beginning)
}

#[test]
fn a_query_is_a_job_with_a_key_of_its_own_and_words_in_capitals_are_not_its_end() {
    let looks = AtomicUsize::new(0);
    let server = jobs(two(), move |asked| {
        let words = ["queued", "booting", "BOOTING", "RUNNING", "resting"];
        let word = words.get(looks.load(Ordering::SeqCst)).filter(|_| is(asked, "GET /v3/job/status/"))?;
        looks.fetch_add(1, Ordering::SeqCst);
        Some(Reply::Json(200, json!({"status": word})))
    });
    let document = server.tdx(&MONITOR).run().document();
    let journey = &document["journeys"][0];
    assert_eq!(
        [&journey["sent"], &journey["delivered"], &journey["failed"], &journey["attempts"]],
        [&json!(4), &json!(3), &json!(1), &json!(7)]
    );
    assert_eq!(journey["error_rate"], 0.25);
    assert_eq!(journey["statuses"], json!({"200": 3, "500": 4}));
    assert_eq!(journey["top_errors"], json!([{"error": "boom", "status": "500", "attempts": 4}]));
    assert_eq!(journey["latency"], json!({"p50": 2, "p95": 2, "max": 2}));
    assert_eq!(journey["activations"][0]["id"], "77");
    assert_eq!(document["log"]["job_id"], JOB);
    assert_eq!(server.asked("GET /v3/job/status/").len(), 6);
    let [issue] = &server.asked("POST /v3/job/issue/trino/cdp_audience_394649_rt")[..] else { panic!() };
    assert!(said(&issue.body, "domain_key").starts_with("tdx-rt-"), "{issue:?}");
    assert!(
        said(&issue.body, "query").starts_with("-- tdx-rt journey-monitor {\"ps\":\"394649\""),
        "{issue:?}"
    );
    assert_eq!(server.asked("GET /v3/job/result/")[0].line, "GET /v3/job/result/12345?format=json");
    // Nothing is asked of a job that has ended.
    assert_eq!(server.asked("POST /v3/job/kill/").len(), 0);
}

#[test]
fn a_lost_answer_is_looked_up_before_anything_is_sent_again() {
    type Lost = fn() -> Reply;
    let losses: [Lost; 4] = [
        || Reply::Hangup,
        || Reply::Json(502, json!({"message": "bad gateway"})),
        || Reply::Json(200, json!({})),
        || Reply::Json(409, json!({"message": "Domain key has already been taken"})),
    ];
    for lost in losses {
        let server = jobs(two(), move |asked| match asked.line.as_str() {
            line if line.starts_with("POST /v3/job/issue/") => Some(lost()),
            line if line.starts_with("GET /v3/job/status_by_domain_key/tdx-rt-") => {
                Some(Reply::Json(200, json!({"job_id": JOB, "status": "running"})))
            }
            _ => None,
        });
        assert_eq!(server.tdx(&MONITOR).run().document()["journeys"][0]["sent"], 4);
        assert_eq!(server.asked("POST /v3/job/issue/").len(), 1);
        let [lookup] = &server.asked("GET /v3/job/status_by_domain_key/")[..] else { panic!() };
        let key = server.asked("POST /v3/job/issue/")[0].body["domain_key"].as_str().unwrap().to_owned();
        assert_eq!(lookup.line, format!("GET /v3/job/status_by_domain_key/{key}"));
    }
}

#[test]
fn what_was_surely_not_begun_is_sent_again_with_the_same_key() {
    let sent = AtomicUsize::new(0);
    let server = jobs(two(), move |asked| {
        let first = is(asked, "POST /v3/job/issue/") && sent.fetch_add(1, Ordering::SeqCst) == 0;
        first.then_some(Reply::Hangup)
    });
    assert_eq!(server.tdx(&MONITOR).run().document()["journeys"][0]["sent"], 4);
    let keys: Vec<Value> =
        server.asked("POST /v3/job/issue/").iter().map(|asked| asked.body["domain_key"].clone()).collect();
    assert_eq!(keys.len(), 2);
    assert_eq!(keys[0], keys[1]);
    // What is refused is not sent again.
    let server = jobs(two(), |asked| {
        is(asked, "POST /v3/job/issue/").then(|| Reply::Json(403, json!({"message": "Access denied"})))
    });
    server.tdx(&MONITOR).run().error(5, "forbidden");
    assert_eq!(server.asked("POST /v3/job/issue/").len(), 1);
    assert_eq!(server.asked("GET /v3/job/status_by_domain_key/").len(), 0);
}

#[test]
fn the_engines_words_have_exit_codes() {
    for (words, exit_code, code) in [
        ("Query 2026_1 failed: line 3:8: Column 'statuss' cannot be resolved", 3, "not-found"),
        ("Query 2026_1 failed: Access Denied: Cannot select from table", 5, "forbidden"),
        ("Query 2026_1 failed: Query exceeded the maximum run time of 6.00h", 8, "not-ready"),
        ("Query 2026_1 failed: No nodes available to run query", 9, "query-failed"),
        ("Query 2026_1 failed: line 1:1: mismatched input 'SELCT'. Expecting: 'SELECT'", 70, "bug"),
    ] {
        let server = jobs(Vec::new(), move |asked| match asked.line.as_str() {
            "GET /v3/job/status/12345" => Some(Reply::Json(200, json!({"status": "error"}))),
            "GET /v3/job/show/12345" => Some(Reply::Json(200, shown("error", "", json!(words)))),
            _ => None,
        });
        let error = server.tdx(&MONITOR).run().error(exit_code, code);
        assert!(said(&error, "message").contains("(job 12345): "), "{error}");
        assert_eq!(server.asked("POST /v3/job/kill/").len(), 0);
    }
    let server = jobs(Vec::new(), |asked| match asked.line.as_str() {
        "GET /v3/job/status/12345" => Some(Reply::Json(200, json!({"status": "KILLED"}))),
        "GET /v3/job/show/12345" => Some(Reply::Json(200, shown("killed", "", Value::Null))),
        _ => None,
    });
    let error = server.tdx(&MONITOR).run().error(9, "query-failed");
    assert!(said(&error, "message").contains("stopped before it had ended"), "{error}");
}

#[test]
fn a_log_that_is_not_there_is_no_error() {
    let missing =
        "Query 2026_1 failed: line 3:8: Table 'td-presto.cdp_audience_394649_rt.activations' does not exist";
    let by_job = jobs(Vec::new(), move |asked| match asked.line.as_str() {
        "GET /v3/job/status/12345" => Some(Reply::Json(200, json!({"status": "error"}))),
        "GET /v3/job/show/12345" => Some(Reply::Json(200, shown("error", "", json!(missing)))),
        _ => None,
    });
    let at_once = jobs(Vec::new(), |asked| {
        let answer = || Reply::Json(404, json!({"error": "Resource not found"}));
        is(asked, "POST /v3/job/issue/").then(answer)
    });
    for (server, job) in [(by_job, json!(JOB)), (at_once, Value::Null)] {
        let document = server.tdx(&MONITOR).run().document();
        assert_eq!((&document["log"]["exists"], &document["log"]["job_id"]), (&json!(false), &job));
        assert_eq!(
            (&document["journeys"][0]["sent"], &document["journeys"][0]["error_rate"]),
            (&json!(0), &Value::Null)
        );
        // A launched journey that has sent nothing is silent.
        let output = server.tdx(&[&MONITOR[..], &["--max-silence", "1h"]].concat()).run();
        let document: Value = serde_json::from_str(&output.stdout).unwrap();
        let breach = json!({"journey": "welcome", "rule": "max_silence", "value": null, "limit": 3600});
        assert_eq!((output.code, &document["breaches"]), (1, &json!([breach])));
    }
}

#[test]
fn a_result_that_breaks_off_is_read_again_and_no_row_counts_twice() {
    let reads = AtomicUsize::new(0);
    let server = jobs(two(), move |asked| {
        let first = is(asked, "GET /v3/job/result/") && reads.fetch_add(1, Ordering::SeqCst) == 0;
        let mut half = two();
        half.truncate(two().len() - 10);
        first.then_some(Reply::Cut(half))
    });
    let journey = &server.tdx(&MONITOR).run().document()["journeys"][0];
    assert_eq!((&journey["sent"], &journey["attempts"]), (&json!(4), &json!(7)));
    assert_eq!(server.asked("GET /v3/job/result/").len(), 2);
    // One that ends early, and does not say so, is known by the number of its rows.
    let server = jobs(rows(&[row("journey_11738", 1, "200", "", 3, 3)]), |asked| {
        let mut job = shown("success", "", Value::Null);
        job["num_records"] = json!(2);
        is(asked, "GET /v3/job/show/").then_some(Reply::Json(200, job))
    });
    let error = server.tdx(&MONITOR).run().error(9, "network");
    assert!(said(&error, "message").contains("the result ended after 1 of 2 rows"), "{error}");
    for (bytes, why) in [("[1]\n", "cells"), ("{}\n", "no row"), ("<html>", "no row")] {
        let server = jobs(bytes.as_bytes().to_vec(), |_| None);
        let error = server.tdx(&MONITOR).run().error(9, "server");
        assert!(said(&error, "message").contains(why), "{error}");
    }
}

#[test]
fn a_packed_result_is_unpacked() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&two()).unwrap();
    let packed = encoder.finish().unwrap();
    let server = jobs(Vec::new(), move |asked| {
        is(asked, "GET /v3/job/result/").then(|| Reply::Bytes(packed.clone(), "content-encoding: gzip\r\n"))
    });
    assert_eq!(server.tdx(&MONITOR).run().document()["journeys"][0]["attempts"], 7);
}

/// `ulimit -d` counts all memory on Linux alone.
#[cfg(target_os = "linux")]
#[test]
fn many_rows_are_read_in_64_mb_and_a_million_at_the_most() {
    let stream = |count: usize| {
        move |asked: &Asked| {
            is(asked, "GET /v3/job/result/").then(|| {
                Reply::Stream(Box::new(move |to: &mut dyn std::io::Write| {
                    let line = row("journey_11738", 1, "200", "", 1, 1).to_string() + "\n";
                    for _ in 0..count {
                        if to.write_all(line.as_bytes()).is_err() {
                            return;
                        }
                    }
                }))
            })
        }
    };
    // What is kept of so many rows is more than the memory.
    let count = std::env::var("TDX_RT_RESULT_ROWS").map_or(150_000, |rows| rows.parse().unwrap());
    let output = jobs(Vec::new(), stream(count)).tdx(&MONITOR).memory(64).run();
    if count > 1_000_000 {
        let error = output.error(9, "query-failed");
        assert!(said(&error, "message").contains("more than 1000000 rows"), "{error}");
    } else {
        assert_eq!(output.document()["journeys"][0]["sent"], count);
    }
}

#[test]
fn a_query_that_takes_too_long_is_stopped() {
    let server = jobs(two(), |asked| {
        is(asked, "GET /v3/job/status/").then(|| Reply::Json(200, json!({"status": "running"})))
    });
    let error = server.tdx(&[&MONITOR[..], &["--timeout", "0"]].concat()).run().error(8, "not-ready");
    assert_eq!(error["details"]["job"], json!({"id": JOB, "status": "running"}));
    assert!(said(&error, "hint").ends_with("job 12345 was stopped"), "{error}");
    assert_eq!(server.asked("POST /v3/job/kill/12345").len(), 1);
    // Where that fails, the error has the command.
    let server = jobs(two(), |asked| match asked.line.split(' ').nth(1).unwrap() {
        "/v3/job/status/12345" => Some(Reply::Json(200, json!({"status": "running"}))),
        "/v3/job/kill/12345" => Some(Reply::Json(403, json!({"message": "no"}))),
        _ => None,
    });
    let error = server.tdx(&[&MONITOR[..], &["--timeout", "0"]].concat()).run().error(8, "not-ready");
    let hint = said(&error, "hint");
    assert!(
        hint.contains("curl -fsS -X POST -H \"Authorization: TD1 $TDX_API_KEY\" http://127.0.0.1:"),
        "{hint}"
    );
    assert!(hint.contains("/v3/job/kill/12345` stops it"), "{hint}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_the_query_within_its_second() {
    for (signal, exit_code, code) in [("INT", 130, "interrupted"), ("TERM", 143, "terminated")] {
        let server = jobs(two(), |asked| {
            is(asked, "GET /v3/job/status/").then(|| Reply::Json(200, json!({"status": "running"})))
        });
        let mut running = server.tdx(&[&MONITOR[..], &["-v"]].concat()).spawn();
        until_reported(&mut running, "/v3/job/status/");
        running.signal(signal);
        let (ended, line) = running.end();
        let error: Value = serde_json::from_str(&line).unwrap();
        assert_eq!((ended, &error["error"]["code"]), (exit_code, &json!(code)), "{error}");
        assert_eq!(said(&error["error"], "hint"), "nothing was written\njob 12345 was stopped");
        assert_eq!(server.asked("POST /v3/job/kill/12345").len(), 1);
    }
    // One whose answer has not come yet is known by its key; where it can't be stopped, the error says how.
    let server = jobs(two(), |asked| match asked.line.as_str() {
        "GET /v3/job/status/12345" => Some(Reply::Json(200, json!({"status": "running"}))),
        "POST /v3/job/kill/12345" => Some(Reply::Hangup),
        _ => None,
    });
    let mut running = server.tdx(&[&MONITOR[..], &["-v"]].concat()).spawn();
    until_reported(&mut running, "/v3/job/status/");
    running.signal("INT");
    let (ended, line) = running.end();
    assert!(ended == 130 && line.contains("/v3/job/kill/12345` stops it"), "{ended} {line}");
}

#[test]
fn a_query_can_be_begun_and_gone_on_with() {
    let server = jobs(two(), |_| None);
    let document = server.tdx(&[&MONITOR[..], &["--no-wait", "--since", "2h"]].concat()).run().document();
    let command = "tdx-rt journey-monitor --job 12345";
    let begun = json!({"job": {"id": JOB, "database": "cdp_audience_394649_rt", "command": command}});
    assert_eq!(document, begun);
    assert_eq!((server.asked("GET /v3/job/status/").len(), server.asked("POST /v3/job/kill/").len()), (0, 0));
    let query = said(&server.asked("POST /v3/job/issue/")[0].body, "query").to_owned();

    let kept = query.clone();
    let server = jobs(two(), move |asked| {
        let job = || Reply::Json(200, shown("success", &kept, Value::Null));
        is(asked, "GET /v3/job/show/").then(job)
    });
    let document = server.tdx(&["journey-monitor", "--job", JOB]).run().document();
    assert_eq!(document["journeys"][0]["sent"], 4);
    let seconds =
        |at: &str| document["window"][at].as_str().unwrap().parse::<jiff::Timestamp>().unwrap().as_second();
    assert_eq!(seconds("to") - seconds("from"), 7_200, "the window is the query's own");
    assert_eq!(server.asked("POST /v3/job/issue/").len(), 0);
    server.tdx(&["journey-monitor", "--job", JOB, "--ps", "1"]).run().error(3, "not-found");

    // It runs on when this is ended.
    let kept = query.clone();
    let server = jobs(two(), move |asked| match asked.line.as_str() {
        "GET /v3/job/show/12345" => Some(Reply::Json(200, shown("running", &kept, Value::Null))),
        "GET /v3/job/status/12345" => Some(Reply::Json(200, json!({"status": "running"}))),
        _ => None,
    });
    let error = server.tdx(&["journey-monitor", "--job", JOB, "--timeout", "0"]).run().error(8, "not-ready");
    assert!(said(&error, "hint").contains("--job 12345 looks again"), "{error}");
    assert_eq!(server.asked("POST /v3/job/kill/").len(), 0);

    // A query of another command, or of nobody.
    for (query, what) in [
        ("-- tdx-rt rt-identity {\"key\":\"a\"}\nSELECT 1", "is a query of `tdx-rt rt-identity`"),
        ("SELECT 1", "is no query of this command"),
        ("-- tdx-rt journey-monitor {}\nSELECT 1", "another version"),
    ] {
        let server = jobs(two(), move |asked| {
            is(asked, "GET /v3/job/show/").then(|| Reply::Json(200, shown("success", query, Value::Null)))
        });
        let error = server.tdx(&["journey-monitor", "--job", JOB]).run().error(2, "usage");
        assert!(said(&error, "message").contains(what), "{error}");
    }
}

#[test]
fn a_dry_run_and_sql_begin_nothing() {
    let server = jobs(two(), |_| None);
    let output = server.tdx(&[&MONITOR[..], &["--sql"]].concat()).run();
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    assert!(output.stdout.starts_with("-- tdx-rt journey-monitor {"), "{}", output.stdout);
    assert!(output.stdout.contains("td_time_range(time, "), "{}", output.stdout);
    let document = server.tdx(&[&MONITOR[..], &["--dry-run"]].concat()).run().document();
    let [request] = &document["requests"].as_array().unwrap()[..] else { panic!("{document}") };
    assert!(said(request, "url").ends_with("/v3/job/issue/trino/cdp_audience_394649_rt"), "{request}");
    let output = server.tdx(&[&MONITOR[..], &["--curl"]].concat()).run();
    assert!(output.stdout.contains("/v3/job/issue/trino/cdp_audience_394649_rt"), "{}", output.stdout);
    assert_eq!(server.asked("POST ").len(), 0);
    server.tdx(&[&MONITOR[..], &["--sql", "--json"]].concat()).run().error(2, "usage");
}

/// Waits until a command has reported a request to this path.
#[cfg(unix)]
fn until_reported(running: &mut crate::common::Running, path: &str) {
    loop {
        let line = running.has_reported();
        assert!(!line.is_empty(), "it has ended before {path}");
        if line.contains(path) {
            return;
        }
    }
}
