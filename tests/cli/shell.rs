//! The contract with the shell: stdin, stdout, stderr, exit codes, and `sandbox -- CMD`.

use super::{PS, Written, listing, names, said};
use crate::common::{Output, Platform, Tdx};
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use tdx_rt::sandbox::{Options, Settle};

const BINARY: &str = env!("CARGO_BIN_EXE_tdx-rt");

/// A script in a shell of its own that finds the binary on its PATH.
fn script(shell: &str, platform: Option<&Platform>, text: &str) -> Output {
    script_in(tempfile::tempdir().unwrap().path(), shell, platform, text)
}

/// The same in a folder that is its home as well.
pub fn script_in(home: &Path, shell: &str, platform: Option<&Platform>, text: &str) -> Output {
    let mut command = hermetic(shell, home);
    command.args(["-c", text]).stdin(Stdio::null());
    if let Some(platform) = platform {
        command.env("TDX_RT_ENDPOINT", &platform.url).env("TDX_API_KEY", &platform.api_key);
    }
    finished(command)
}

fn hermetic(program: &str, home: &Path) -> Command {
    let folder = Path::new(BINARY).parent().unwrap().display();
    let path = std::env::var("PATH").unwrap();
    let mut command = Command::new(program);
    command.env_clear().env("HOME", home).env("PATH", format!("{folder}:{path}")).current_dir(home);
    command
}

fn finished(mut command: Command) -> Output {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Output { code: code(output.status), stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn code(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap())
}

fn signal(child: &Child, name: &str) {
    let killed = Command::new("sh").args(["-c", &format!("kill -{name} {}", child.id())]).status().unwrap();
    assert!(killed.success());
}

/// `tdx-rt sandbox` with these arguments and variables.
fn sandbox(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut tdx = Tdx::new(&[&["sandbox"], arguments].concat());
    for (name, value) in variables {
        tdx = tdx.env(name, value);
    }
    tdx.run()
}

#[test]
fn steps_with_ps_or_a_file_leave_stdin_alone() {
    let platform = Platform::start();
    let plan = Written::new(
        "plan.yaml",
        "parent_segment_id: '394649'\nevents: [{name: view, table: web_events.pageviews}]\n",
    );
    let text = format!(
        "printf '394649\\n394650\\n394651\\n' | while read -r id; do
           tdx-rt config >/dev/null
           tdx-rt discover databases >/dev/null
           tdx-rt ps-check 394649 --wait --interval 5ms >/dev/null
           tdx-rt discover attributes --ps \"$id\" >/dev/null
           tdx-rt rt-events -f {} >/dev/null
           tdx-rt rt-attrs list --ps 394649 >/dev/null
           tdx-rt rt-events delete nobody --ps 394649 2>/dev/null
           echo \"$id\"
         done",
        plan.path()
    );
    let output = script("sh", Some(&platform), &text);
    assert_eq!(
        (output.code, output.stdout.as_str(), output.stderr.as_str()),
        (0, "394649\n394650\n394651\n", "")
    );
}

#[test]
fn stdin_is_read_when_it_is_a_pipe_or_a_file() {
    let platform = Platform::start();
    let file = Written::new("document.json", &json!({"parent_segment_id": PS}).to_string());
    let text = format!(
        "tdx-rt pz-create list < {0}; cat {0} | tdx-rt pz-create list; tdx-rt pz-create list -f {0} 2>/dev/null || echo no flag",
        file.path()
    );
    let output = script("sh", Some(&platform), &text);
    assert_eq!((output.stdout.as_str(), output.stderr.as_str()), ("[]\n[]\nno flag\n", ""));
    // The null device is nothing that was put there on purpose.
    platform.tdx(&["rt-events", "list"]).run().error(2, "usage");
    for empty in ["", " \n\t\n"] {
        let error = platform.tdx(&["rt-events"]).stdin(empty).run().error(2, "missing-input");
        assert_eq!(
            said(&error, "message"),
            "rt-events: stdin is empty: the step before in the pipeline failed or printed nothing"
        );
        // It was said once, by that step.
        assert_eq!(error["hint"], json!(null));
    }
    platform.tdx(&["rt-events", "-f", "-"]).stdin("").run().error(2, "missing-input");
}

#[test]
fn a_list_of_one_is_as_good_as_one() {
    let platform = Platform::start();
    let all = platform.tdx(&["ps-check"]).run().document();
    let one = json!([all[0]]).to_string();
    let made =
        platform.tdx(&["rt-events", "--event", "view=web_events.pageviews"]).stdin(one).run().document();
    assert_eq!(made["parent_segment_id"], PS);
    let error = platform
        .tdx(&["rt-events", "--event", "view=web_events.pageviews"])
        .stdin(all.to_string())
        .run()
        .error(2, "invalid-plan");
    assert!(said(&error, "message").contains("a list of 3 items"), "{error}");
}

#[test]
fn pipefail_sees_the_failing_step_and_those_behind_say_what_is_missing() {
    let platform = Platform::start();
    let pipeline = "tdx-rt ps-check 'Customer 36O' | tdx-rt discover --use-case web --database web_events | tdx-rt rt-events; echo \"${PIPESTATUS[*]}\"";
    let output = script("bash", Some(&platform), pipeline);
    assert_eq!(output.stdout, "3 2 2\n");
    let mut codes: Vec<String> = output
        .stderr
        .lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).unwrap()["error"]["code"].as_str().unwrap().to_owned()
        })
        .collect();
    codes.sort();
    assert_eq!(codes, ["missing-input", "missing-input", "not-found"]);
    let output = script("bash", Some(&platform), "set -o pipefail; tdx-rt ps-check nobody 2>/dev/null | cat");
    assert_eq!((output.code, output.stdout.as_str()), (3, ""));
    assert_eq!(platform.writes(), Vec::<String>::new());
}

#[test]
fn a_closed_pipe_ends_silently() {
    let platform = Platform::start();
    for arguments in [
        &["ps-check"][..],
        &["completions", "bash"],
        &["man"],
        &["discover", "tables", "web_events", "--jsonl"],
        &["--help"],
    ] {
        // The reader is gone before anything is written.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let home = tempfile::tempdir().unwrap();
        let mut command = hermetic(BINARY, home.path());
        command.env("TDX_RT_ENDPOINT", &platform.url).env("TDX_API_KEY", &platform.api_key);
        let child = command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(writer)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            (code(output.status), String::from_utf8_lossy(&output.stderr).as_ref()),
            (0, ""),
            "{arguments:?}"
        );
    }
    let output =
        script("bash", Some(&platform), "set -o pipefail; tdx-rt completions zsh | head -c1 >/dev/null");
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
}

#[test]
fn filters_run_inside() {
    let platform = Platform::start();
    let run = |arguments: &[&str]| platform.tdx(&[&["ps-check"], arguments].concat()).run();
    let said = |arguments: &[&str]| {
        let output = run(arguments);
        assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{arguments:?}");
        output.stdout
    };
    assert_eq!(said(&["--jq", ".[] | select(.ready) | .name"]), "Customer 360\n", "strings are unquoted");
    assert_eq!(said(&["--jq", ".[0] | {id, ready}"]), "{\"id\":\"394649\",\"ready\":true}\n");
    assert_eq!(said(&["--jq", ".[0].nothing?.at.all"]), "null\n");
    assert_eq!(said(&["--jq", "empty"]), "");
    assert_eq!(
        said(&["--jq", ".[] | select(.name == $n) | .id", "--arg", "n", "Loyalty Members"]),
        "394650\n"
    );
    assert_eq!(said(&["--jq", "$n + 1, $t", "--argjson", "n", "41", "--arg", "t", "-x"]), "42\n-x\n");
    assert_eq!(run(&["--jq", ".[0].ready", "--exit-status"]).code, 0);
    for falsy in [".[1].ready", ".[0].nothing?", "empty", "true, false"] {
        let output = run(&["--jq", falsy, "--exit-status"]);
        assert_eq!((output.code, output.stderr.as_str()), (1, ""), "{falsy}");
    }
    let error = run(&["--jq", ".[0].name + 1"]).error(2, "jq");
    assert!(error["message"].as_str().unwrap().starts_with("the --jq filter failed: "), "{error}");
}

#[test]
fn a_bad_filter_fails_before_any_request() {
    let platform = Platform::start();
    let event = ["rt-events", "--ps", PS, "--event", "view=web_events.pageviews"];
    for (arguments, code) in [
        (&["--jq", ".a |"][..], "jq"),
        (&["--jq", "nonsense(1)"], "jq"),
        (&["--jq", "$missing"], "jq"),
        (&["--arg", "a", "b"], "usage"),
        (&["--exit-status"], "usage"),
        (&["--jq", ".", "--argjson", "a", "{"], "usage"),
        (&["--jq", ".", "--arg", "a"], "usage"),
    ] {
        platform.tdx(&[&event, arguments].concat()).run().error(2, code);
    }
    assert_eq!(platform.requests(), Vec::<String>::new());
}

#[test]
fn output_is_saved_whole_or_not_at_all() {
    use std::os::unix::fs::PermissionsExt;
    let platform = Platform::start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.json");
    let path = file.to_str().unwrap();
    let run = |arguments: &[&str]| platform.tdx(arguments).run();
    let saved = run(&["ps-check", PS, "--output", path]);
    assert_eq!((saved.code, saved.stdout.as_str(), saved.stderr.as_str()), (0, "", ""));
    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["id"], PS);
    assert!(text.ends_with('\n') && text.lines().count() == 1);

    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    run(&["ps-check", "nobody", "-o", path]).error(3, "not-found");
    run(&["ps-check", PS, "-o", path, "--jq", ".name + 1"]).error(2, "jq");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text, "a failure leaves the old one");
    assert_eq!(run(&["ps-check", "-o", path, "--jq", ".[].id"]).code, 0);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "394649\n394650\n394651\n");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640, "its permissions stay");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    assert_eq!(run(&["ps-check", PS, "--jq", ".id", "--output", "/dev/stdout"]).stdout, "394649\n");
}

#[test]
fn an_output_that_cannot_be_written_stops_before_anything_is_sent() {
    let platform = Platform::start();
    let event = ["rt-events", "--ps", PS, "--event", "view=web_events.pageviews"];
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing/all.json");
    for target in [missing.to_str().unwrap(), folder.path().to_str().unwrap(), "/dev/null/x"] {
        let error = platform.tdx(&[&event[..], &["--output", target]].concat()).run().error(9, "io");
        assert!(said(&error, "message").contains(target), "{error}");
    }
    assert_eq!(platform.requests(), Vec::<String>::new());
    assert!(!missing.exists());
    // A folder in memory is a folder, although it stands among the devices.
    if let Ok(folder) = tempfile::tempdir_in("/dev/shm") {
        let file = folder.path().join("id");
        let saved = platform.tdx(&["ps-check", PS, "--jq", ".id", "-o", file.to_str().unwrap()]).run();
        assert_eq!((saved.code, saved.stderr.as_str()), (0, ""));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "394649\n");
    }
}

#[test]
fn lists_become_lines() {
    let platform = Platform::start();
    let output = platform.tdx(&["ps-check", "--jsonl"]).run();
    let ids: Vec<_> = output
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].clone())
        .collect();
    assert_eq!(ids, ["394649", "394650", "394651"]);
    assert_eq!(platform.tdx(&["ps-check", PS, "--jsonl"]).run().stdout.lines().count(), 1);
    assert_eq!(
        platform.tdx(&["journey-create", "list", "--ps", PS, "--jsonl"]).run().stdout,
        "",
        "no items, no lines"
    );
}

#[test]
fn a_plan_may_be_yaml() {
    let platform = Platform::start();
    let propose = ["discover", "--use-case", "web", "--database", "web_events", "--private", "--ps", PS];
    let json = platform.tdx(&propose).run().document();
    let yaml = platform.tdx(&[&propose[..], &["--yaml"]].concat()).run();
    assert_eq!((yaml.code, yaml.stderr.as_str()), (0, ""));
    assert!(yaml.stdout.starts_with("parent_segment_id:"), "{}", yaml.stdout);
    let plan = Written::new("plan.yaml", &yaml.stdout);
    let planned = |plan: &str| {
        platform.tdx(&["rt-events", "-f", plan, "--dry-run"]).run().document()["requests"].clone()
    };
    let same = Written::new("plan.json", &json.to_string());
    assert_eq!(planned(plan.path()), planned(same.path()), "it reads as the same plan");
}

#[test]
fn errors_are_text_or_one_object() {
    let platform = Platform::start();
    let run = |arguments: &[&str]| platform.tdx(&[&["ps-check", "Customer 36O"], arguments].concat()).run();
    run(&[]).error(3, "not-found");
    run(&["-q"]).error(3, "not-found");
    run(&["--error-format", "json"]).error(3, "not-found");
    let text = run(&["--error-format", "text"]);
    assert_eq!((text.code, text.stdout.as_str()), (3, ""));
    assert_eq!(
        text.stderr,
        "error: there is no parent segment named 'Customer 36O'\n→ did you mean 'Customer 360'?\n"
    );
    let colored = run(&["--error-format", "text", "--color", "always"]).stderr;
    assert!(colored.starts_with("\u{1b}[1;31merror\u{1b}[0m: "), "{colored:?}");
    // Also where the command line itself is wrong.
    let text = platform.tdx(&["ps-chek", "--error-format=text"]).run();
    assert_eq!(text.code, 2);
    assert!(
        text.stderr.starts_with("error: unrecognized subcommand 'ps-chek'\n")
            && text.stderr.contains("ps-check"),
        "{text:?}"
    );
}

#[test]
fn success_is_silent_on_stderr() {
    let platform = Platform::start();
    for more in [&[][..], &["-q"], &["--quiet", "--color", "never"]] {
        let output = platform
            .tdx(&[&["rt-events", "--ps", PS, "--event", "view=web_events.pageviews"], more].concat())
            .run();
        assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{more:?}");
    }
}

#[test]
fn a_wrong_command_line_is_an_error_like_any_other() {
    for (arguments, message, hint) in [
        (&["ps-chek"][..], "unrecognized subcommand 'ps-chek'", "ps-check"),
        (&["rt-event"], "unrecognized subcommand 'rt-event'", "rt-events"),
        (&["ps-check", "--wiat"], "unexpected argument '--wiat' found", "--wait"),
        (&["rt-events", "--evnt", "a=b"], "unexpected argument '--evnt' found", "--event"),
        (&["rt-events", "lsit"], "unrecognized subcommand 'lsit'", "list"),
        (&["discover", "tabels"], "unrecognized subcommand 'tabels'", "tables"),
        (&["ps-check", "--color", "allways"], "invalid value 'allways' for '--color <WHEN>'", "always"),
        (&["ps-check", "--retries", "-1"], "-1", ""),
        (&["pz-test", "--repeat"], "a value is required for '--repeat <N>'", ""),
    ] {
        let error = Tdx::new(arguments).run().error(2, "usage");
        assert!(said(&error, "message").contains(message), "{arguments:?}: {error}");
        assert!(hint.is_empty() || said(&error, "hint").contains(hint), "{arguments:?}: {error}");
    }
    let nothing = Tdx::new(&[]).run();
    assert_eq!((nothing.code, nothing.stdout.as_str()), (2, ""), "{nothing:?}");
}

#[test]
fn global_flags_stand_anywhere_and_a_commands_own_not_before_its_subcommand() {
    let platform = Platform::start();
    for (command, item) in [
        ("discover", "databases"),
        ("rt-events", "list"),
        ("rt-keys", "list"),
        ("rt-attrs", "list"),
        ("pz-create", "list"),
        ("sandbox", "clock"),
    ] {
        let ps = if item == "list" { &["--ps", PS][..] } else { &[] };
        for flags in [&["-q"][..], &["--quiet", "--jq", "type"], &["--retries", "1", "--color", "never"]] {
            let run = |arguments: [&[&str]; 4]| platform.tdx(&arguments.concat()).run();
            let between = run([&[command], flags, &[item], ps]);
            assert_eq!(between.code, 0, "{command} {flags:?} {item}: {}", between.stderr);
            assert_eq!(between.stdout, run([flags, &[command], &[item], ps]).stdout);
            assert_eq!(between.stdout, run([&[command], &[item], ps, flags]).stdout);
        }
    }
    platform.forget_requests();
    for (arguments, own, tip) in [
        (&["rt-events", "--event", "a=b.c", "list"][..], "--event <NAME=DB.TABLE>", ""),
        (&["rt-events", "-q", "--ps", PS, "list"], "--ps <PS>", "write it after 'list'"),
        (&["rt-keys", "--key", "email", "delete", "email"], "--key <COLUMN>", ""),
        (&["rt-attrs", "--no-wait", "list"], "--no-wait", ""),
        (&["pz-create", "--prune", "delete", "web"], "--prune", ""),
        (&["discover", "--database", "crm", "tables"], "--database <DB>", ""),
        (&["sandbox", "--detached", "-q", "reset"], "--detached", ""),
    ] {
        let error = platform.tdx(arguments).run().error(2, "usage");
        let message = said(&error, "message");
        assert!(message.ends_with(&format!("cannot be used with '{own}'")), "{arguments:?}: {error}");
        assert!(said(&error, "hint").contains(tip), "{arguments:?}: {error}");
        assert!(said(&error, "hint").contains(&format!("tdx-rt {}", arguments[0])), "{error}");
    }
    assert!(platform.requests().is_empty(), "{:?}", platform.requests());
}

#[test]
fn colour_only_where_it_is_wanted() {
    let platform = Platform::start();
    let colored = |arguments: &[&str], no_color: &str| {
        let output = platform.tdx(&[&["ps-check", PS], arguments].concat()).env("NO_COLOR", no_color).run();
        assert_eq!(output.code, 0);
        output.stdout.contains('\u{1b}')
    };
    assert!(!colored(&[], ""), "a pipe is no terminal");
    assert!(colored(&["--color", "always"], ""));
    assert!(colored(&["--color", "always"], "1"), "a flag wins over the variable");
    assert!(!colored(&["--color", "never"], ""));
    assert!(!colored(&["--color", "auto"], "1"));
}

#[test]
fn help_and_version_need_nothing() {
    let commands = [
        "ps-check",
        "discover",
        "rt-events",
        "rt-keys",
        "rt-attrs",
        "pz-create",
        "pz-test",
        "apply",
        "sandbox",
        "config",
        "completions",
        "man",
    ];
    for arguments in [&["--help"][..], &["-h"], &["help"]] {
        let output = Tdx::new(arguments).stdin("not read").run();
        assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{arguments:?}");
        for command in commands {
            assert!(output.stdout.contains(&format!("\n  {command} ")), "{arguments:?}: {command}");
        }
        assert!(!output.stdout.contains('\u{1b}'));
    }
    for command in commands {
        let output = Tdx::new(&[command, "--help"]).env("TDX_SITE", "mars").run();
        assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{command}");
        assert!(output.stdout.contains(&format!("Usage: tdx-rt {command}")), "{command}: {}", output.stdout);
    }
    let version = Tdx::new(&["--version"]).run();
    assert_eq!(
        (version.code, version.stdout.as_str(), version.stderr.as_str()),
        (0, concat!("tdx-rt ", env!("CARGO_PKG_VERSION"), "\n"), "")
    );
}

#[test]
fn completions_and_man_pages() {
    for (shell, part) in [
        ("bash", "complete -F _tdx_rt"),
        ("zsh", "#compdef tdx-rt"),
        ("fish", "complete --command tdx-rt"),
        ("elvish", "edit:completion"),
        ("powershell", "Register-ArgumentCompleter"),
    ] {
        let output = Tdx::new(&["completions", shell]).run();
        assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{shell}");
        assert!(output.stdout.contains(part) && output.stdout.contains("__complete"), "{shell}");
    }
    Tdx::new(&["completions", "tcsh"]).run().error(2, "usage");
    Tdx::new(&["completions"]).run().error(2, "usage");
    let page = Tdx::new(&["man"]).run();
    assert!(page.code == 0 && page.stdout.contains(".TH TDX-RT 1 "), "{page:?}");
    let page = Tdx::new(&["man", "rt-events"]).run();
    assert!(page.code == 0 && page.stdout.contains(".TH TDX-RT-RT-EVENTS 1 "), "{page:?}");
    let error = Tdx::new(&["man", "rt-event"]).run().error(3, "not-found");
    assert_eq!(said(&error, "hint"), "did you mean 'rt-events'?");
    let parsed =
        script("bash", None, "tdx-rt completions bash > c && bash -n c && . ./c && complete -p tdx-rt");
    assert!(parsed.code == 0 && parsed.stdout.contains("tdx-rt"), "{parsed:?}");
}

#[test]
fn an_interrupt_has_an_exit_code_of_its_own() {
    // A server that takes the request and keeps the client waiting.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let home = tempfile::tempdir().unwrap();
    let mut command = hermetic(BINARY, home.path());
    command
        .env("TDX_RT_ENDPOINT", format!("http://{}", listener.local_addr().unwrap()))
        .env("TDX_API_KEY", "1/x");
    let child = command
        .args(["ps-check", PS])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut stream, _) = listener.accept().unwrap();
    assert!(stream.read(&mut [0; 512]).unwrap() > 0, "the request is under way");
    signal(&child, "INT");
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let output =
        Output { code: code(output.status), stdout: text(output.stdout), stderr: text(output.stderr) };
    assert_eq!(said(&output.error(130, "interrupted"), "message"), "interrupted");
}

#[derive(Debug, Deserialize)]
struct Ready {
    url: String,
    api_key: String,
    port: u16,
    pid: u32,
}

#[test]
fn the_sandbox_serves_until_it_is_stopped() {
    for name in ["TERM", "INT", "HUP"] {
        let home = tempfile::tempdir().unwrap();
        let mut command = hermetic(BINARY, home.path());
        command
            .args(["sandbox", "--empty"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Ready = serde_json::from_str(&line).unwrap();
        assert_eq!(
            (ready.pid, ready.url.as_str()),
            (child.id(), format!("http://127.0.0.1:{}", ready.port).as_str())
        );
        let listed = Tdx::new(&["discover", "databases"])
            .env("TDX_RT_ENDPOINT", &ready.url)
            .env("TDX_API_KEY", &ready.api_key)
            .run();
        assert_eq!(listed.document(), json!([]), "an empty seed");
        signal(&child, name);
        let output = child.wait_with_output().unwrap();
        assert_eq!((code(output.status), output.stderr.as_slice()), (0, b"".as_slice()), "{name}");
    }
}

#[test]
fn a_port_that_is_taken_is_said() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let error = sandbox(&["--port", &port, "--", "true"], &[]).error(9, "io");
    assert!(said(&error, "message").contains(&port) && said(&error, "hint").contains("--port 0"), "{error}");
    for arguments in [&["--seed", "demo"][..], &["--settle", "soon"], &["--port", "70000"]] {
        sandbox(arguments, &[]).error(2, "usage");
    }
}

#[test]
fn the_sandbox_returns_the_commands_exit_code() {
    for (command, expected) in
        [("exit 0", 0), ("exit 7", 7), ("exit 255", 255), ("kill -TERM $$", 143), ("kill -KILL $$", 137)]
    {
        let output = sandbox(&["--", "sh", "-c", command], &[]);
        assert_eq!(
            (output.code, output.stdout.as_str(), output.stderr.as_str()),
            (expected, "", ""),
            "{command}"
        );
    }
    for program in ["no-such-program-anywhere", "/", "./nothing"] {
        let error = sandbox(&["--", program, "x"], &[]).error(3, "not-found");
        assert!(said(&error, "message").starts_with(&format!("cannot run '{program}': ")), "{error}");
    }
    let output = sandbox(&["--", "sh", "-c", "echo out; echo err >&2; exit 3"], &[]);
    assert_eq!(
        (output.code, output.stdout.as_str(), output.stderr.as_str()),
        (3, "out\n", "err\n"),
        "its streams are its own"
    );
}

#[test]
fn a_command_finds_the_sandbox_and_no_real_key() {
    let real = "9/ffffffffffffffffffffffffffffffffffffffff";
    let variables = [
        ("TDX_API_KEY", real),
        ("TD_API_KEY", real),
        ("TDX_ACCESS_TOKEN", real),
        ("TDX_RT_TOKEN", real),
        ("TDX_RT_ENDPOINT", "https://real.example"),
    ];
    let output =
        sandbox(&["--", "sh", "-c", "env; command -v tdx-rt; tdx-rt ps-check 394649 --jq .name"], &variables);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{output:?}");
    assert!(!output.stdout.contains("ffffffff"), "{}", output.stdout);
    let variable = |name: &str| {
        output.stdout.lines().find_map(|line| line.strip_prefix(&format!("{name}="))).map(str::to_owned)
    };
    assert!(variable("TDX_RT_ENDPOINT").unwrap().starts_with("http://127.0.0.1:"));
    assert!(variable("TDX_API_KEY").unwrap().starts_with("1/"));
    for gone in ["TD_API_KEY", "TDX_ACCESS_TOKEN", "TDX_RT_TOKEN"] {
        assert_eq!(variable(gone), None, "{gone}");
    }
    let lines: Vec<_> = output.stdout.lines().collect();
    assert_eq!(
        lines[lines.len() - 2..],
        [BINARY, "Customer 360"],
        "the running binary is the first on the PATH"
    );
    let state = variable("TDX_RT_STATE_DIR").unwrap();
    assert!(!Path::new(&state).exists(), "the folder for tokens is gone afterwards");
}

#[test]
fn a_real_access_token_in_a_file_does_not_reach_the_sandbox() {
    let tdx = Tdx::new(&["sandbox", "--", "tdx-rt", "ps-check", PS, "--jq", ".name"]);
    let folder = tdx.home().join(".config/tdx");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(".env"), "TDX_ACCESS_TOKEN=a-real-one-0123456789\nTDX_API_KEY=9/ffff\n")
        .unwrap();
    let output = tdx.run();
    assert_eq!((output.code, output.stdout.as_str(), output.stderr.as_str()), (0, "Customer 360\n", ""));
}

#[test]
fn the_quickstart_ends_with_two_different_offers() {
    let quickstart = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/quickstart.sh");
    for command in [&["--", "sh", quickstart][..], &["--", quickstart]] {
        let output = sandbox(command, &[]);
        assert_eq!(output.code, 0, "{output:?}");
        let offers: Value = serde_json::from_str(&output.stdout).unwrap();
        let anonymous = json!({"last_product_viewed": "p1", "page_views_24h": 4});
        assert_eq!(offers["anonymous"]["Default"]["attributes"], anonymous);
        let vip = &offers["vip"]["VIP Customers"]["attributes"];
        assert_eq!(
            (&vip["last_product_viewed"], &vip["browsed_products_list"]),
            (&json!("p8"), &json!(["p8", "p7"]))
        );
        assert!(
            output.stderr.lines().all(|line| line.starts_with(|c: char| c.is_ascii_digit())),
            "{}",
            output.stderr
        );
    }
}

#[test]
fn the_pipeline_of_the_readme_in_one_go() {
    let pipeline = "set -o pipefail
      tdx-rt ps-check 'Customer 360' | tdx-rt discover --use-case cart --database web_events --private |
      tdx-rt rt-events | tdx-rt rt-keys | tdx-rt rt-attrs | tdx-rt pz-create |
      tdx-rt pz-test --key td_client_id=u1 --jq '[.checks[].ok], (.response.offers | keys)'";
    let platform = Platform::start();
    let output = script("bash", Some(&platform), pipeline);
    assert_eq!(
        (output.code, output.stdout.as_str(), output.stderr.as_str()),
        (0, "[true,true,true,true,true]\n[\"Default\"]\n", "")
    );
    assert!(!names(&listing(&platform, "realtime_key_events")).is_empty());
}

/// As a user pastes it, while what was changed in between is still being rolled out.
#[test]
fn the_pipeline_of_the_readme_can_be_pasted_twice() {
    let page = std::fs::read_to_string("README.md").unwrap();
    let blocks = page.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let pipelines: Vec<&str> = blocks.filter(|block| block.contains("| tdx-rt pz-create")).collect();
    let [pipeline] = pipelines[..] else { panic!("{pipelines:?}") };
    assert!(pipeline.starts_with("tdx-rt ps-check"), "{pipeline}");
    let change = "tdx-rt rt-events --ps 394649 --event more=web_events.logins >/dev/null";
    let text = format!("set -e -o pipefail\n{pipeline}\n{change}\n{pipeline}");
    let platform = Platform::with(Options { settle: Settle::AfterReads(2), ..Options::default() });
    let output = script("bash", Some(&platform), &text);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{output:?}");
    let documents: Vec<Value> =
        output.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(documents.len(), 2);
    assert_eq!(documents[1]["personalization"]["action"], "unchanged");
}

#[test]
fn what_a_plans_author_should_know_travels_in_the_document() {
    let platform = Platform::start();
    let dir = tempfile::tempdir().unwrap();
    let plan = dir.path().join("plan.yaml");
    let text = "parent_segment_id: 394649\nevents:\n  - {name: view, table: web_events.pageviews, ticket: \"T-1\"}\n";
    std::fs::write(&plan, text).unwrap();
    let output = platform.tdx(&["rt-events", "-f", plan.to_str().unwrap()]).run();
    let made: Value = serde_json::from_str(&output.stdout).unwrap();
    let warnings = made["warnings"].as_array().unwrap();
    assert_eq!(
        (warnings.len(), &warnings[0]["code"], &warnings[0]["line"]),
        (1, &"unknown-key".into(), &3.into())
    );
    // The next step passes them on and adds none of its own about a document that it was given.
    let next = platform.tdx(&["rt-keys", "--key", "td_client_id"]).stdin(made.to_string()).run().document();
    assert_eq!(next["warnings"], made["warnings"]);
    std::fs::write(&plan, text.replace("ticket", "x-ticket")).unwrap();
    let clean = platform.tdx(&["rt-events", "-f", plan.to_str().unwrap()]).run().document();
    assert!(clean.get("warnings").is_none(), "{clean}");
}
