//! Continuous integration for a repository that holds nothing but a plan: the script, the action, the hook of
//! pre-commit, and the way back.

use crate::common::{Platform, binary, tool};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn read(file: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(file)).unwrap()
}

/// A repository with this plan and nothing else.
struct Repository {
    folder: TempDir,
    home: TempDir,
}

impl Repository {
    fn with(plan: &str) -> Self {
        let repository =
            Repository { folder: tempfile::tempdir().unwrap(), home: tempfile::tempdir().unwrap() };
        fs::write(repository.folder.path().join("plan.yaml"), plan).unwrap();
        assert!(repository.command("git", &["init", "-q", "."]).output().unwrap().status.success());
        repository
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        let path = std::env::var("PATH").unwrap();
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("HOME", self.home.path())
            .env("PATH", format!("{}:{path}", binary().parent().unwrap().display()));
        command
    }

    /// The same, talking to a sandbox.
    fn against(&self, platform: &Platform, program: &str, arguments: &[&str]) -> Command {
        let mut command = self.command(program, arguments);
        command.env("TDX_RT_ENDPOINT", &platform.url).env("TDX_API_KEY", &platform.api_key);
        command
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[track_caller]
fn succeeded(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    text(&output.stdout)
}

#[test]
fn the_script_runs_where_nothing_is_but_a_plan() {
    let script = format!("{ROOT}/examples/ci.sh");
    for plan in ["examples/web-personalization.yaml", "examples/triggers.yaml"] {
        let repository = Repository::with(&read(plan));
        let printed = succeeded(&repository.command("sh", &[&script, "rehearse"]).output().unwrap());
        assert!(printed.starts_with("### `plan.yaml`\n\n~~~~diff\n--- live\n+++ plan.yaml\n"), "{printed}");
        assert!(printed.ends_with("{\"deployed\":true,\"changes\":0,\"no_longer_named\":[]}\n"), "{printed}");
        let files = fs::read_dir(repository.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        let mut files: Vec<_> = files.collect();
        files.sort();
        assert_eq!(files, [".git", "plan.yaml"], "it leaves nothing behind");
    }
    // A plan that names no parent segment, and one with a mistake.
    let repository = Repository::with(
        "events: [{name: view, table: shop.views}]\nid_stitching: {stitching_keys: [email]}\n",
    );
    succeeded(&repository.command("sh", &[&script, "rehearse"]).env("PS", "My shop").output().unwrap());
    let repository = Repository::with("events: [{name: view, tabel: shop.views}]\n");
    let output = repository.command("sh", &[&script, "check"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}

/// The `run` steps of `action.yml`, as the runner of GitHub calls them. `gh` notes what it was told.
fn act(repository: &Repository, platform: &Platform, inputs: &[(&str, &str)]) -> (Output, String, String) {
    let action: Value = serde_saphyr::from_str(&read("action.yml")).unwrap();
    let runner = tempfile::tempdir().unwrap();
    let file = |name: &str| runner.path().join(name);
    fs::write(file("gh"), "#!/bin/sh\nprintf '%s\\n' \"$@\" > \"$RUNNER_TEMP/gh.txt\"\n").unwrap();
    assert!(Command::new("chmod").args(["+x", file("gh").to_str().unwrap()]).status().unwrap().success());
    let input = |name: &str| -> String {
        let given = inputs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        given.unwrap_or_else(|| action["inputs"][name]["default"].as_str().unwrap().to_owned())
    };
    for (name, _) in inputs {
        assert!(action["inputs"].get(*name).is_some(), "{name}");
    }
    let mut last = None;
    for step in action["runs"]["steps"].as_array().unwrap() {
        assert_eq!(step["shell"], "bash");
        let wanted = match step["if"].as_str() {
            None => true,
            Some("inputs.install == 'true'") => input("install") == "true",
            Some("inputs.command == 'review' && github.event.pull_request.number") => {
                input("command") == "review"
            }
            Some(other) => panic!("{other}"),
        };
        if !wanted {
            continue;
        }
        let script = file("step.sh");
        fs::write(&script, step["run"].as_str().unwrap()).unwrap();
        let words = ["--noprofile", "--norc", "-eo", "pipefail", script.to_str().unwrap()];
        let mut command = repository.against(platform, "bash", &words);
        let path = format!(
            "{}:{}:{}",
            runner.path().display(),
            binary().parent().unwrap().display(),
            std::env::var("PATH").unwrap()
        );
        command
            .env("PATH", path)
            .env("GITHUB_ACTION_PATH", ROOT)
            .env("GITHUB_REPOSITORY", "shop/plans")
            .env("GITHUB_STEP_SUMMARY", file("summary.md"))
            .env("RUNNER_TEMP", runner.path());
        for (name, value) in step["env"].as_object().into_iter().flatten() {
            let value = value.as_str().unwrap();
            let inner = value.strip_prefix("${{ ").and_then(|value| value.strip_suffix(" }}")).unwrap();
            let value = match (inner.strip_prefix("inputs."), inner) {
                (Some(name), _) => input(name),
                (None, "github.event.pull_request.number") => "7".to_owned(),
                (None, "github.token") => "secret".to_owned(),
                (None, other) => panic!("{other}"),
            };
            command.env(name, value);
        }
        let output = command.output().unwrap();
        let failed = !output.status.success();
        last = Some(output);
        if failed {
            break;
        }
    }
    let of = |name: &str| fs::read_to_string(file(name)).unwrap_or_default();
    (last.unwrap(), of("summary.md"), of("gh.txt"))
}

#[test]
fn the_action_checks_reviews_and_deploys() {
    if !tool("bash") {
        return;
    }
    let platform = Platform::start();
    let repository = Repository::with(&read("examples/web-personalization.yaml"));
    let with = |command: &str| {
        let inputs = [("command", command), ("install", "false"), ("expect", ".offers | has(\"Default\")")];
        act(&repository, &platform, &inputs)
    };
    let (output, ..) = with("check");
    succeeded(&output);
    assert_eq!(platform.writes(), Vec::<String>::new(), "a check stays in its own sandbox");
    let (output, summary, told) = with("review");
    succeeded(&output);
    assert!(summary.starts_with("### `plan.yaml`\n\n~~~~diff\n"), "{summary}");
    assert!(
        told.starts_with("pr\ncomment\n7\n--repo\nshop/plans\n--edit-last\n--create-if-none\n--body-file\n"),
        "{told}"
    );
    assert_eq!(platform.writes(), Vec::<String>::new(), "a review only reads");
    let (output, summary, told) = with("deploy");
    succeeded(&output);
    assert_eq!(
        (summary.as_str(), told.as_str()),
        ("{\"deployed\":true,\"changes\":0,\"no_longer_named\":[]}\n", "")
    );
    let bad = Repository::with("events: [{name: view, tabel: shop.views}]\n");
    let (output, ..) = act(&bad, &platform, &[("install", "false")]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(text(&output.stdout).starts_with("::error file=plan.yaml,line=1,"), "{output:?}");
}

#[test]
fn the_hook_of_pre_commit_checks_the_plans_that_are_committed() {
    if !tool("git") {
        return;
    }
    let hooks: Value = serde_saphyr::from_str(&read(".pre-commit-hooks.yaml")).unwrap();
    let repository = Repository::with("events: [{name: view, table: shop.views}]\n");
    let write = |file: &str, text: &str| {
        let path = repository.folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("other.yaml", "- no plan\n");
    write("plans/my shop.yml", "events: []\n");
    write("deploy.plan.json", "{\"events\": []}");
    write("planner.yaml", "- no plan\n");
    for hook in hooks.as_array().unwrap() {
        let files = regex::Regex::new(hook["files"].as_str().unwrap()).unwrap();
        let run = || {
            succeeded(&repository.command("git", &["add", "-A"]).output().unwrap());
            let staged =
                repository.command("git", &["diff", "--cached", "--name-only", "-z"]).output().unwrap();
            let staged = succeeded(&staged);
            let staged: Vec<&str> = staged.split('\0').filter(|file| files.is_match(file)).collect();
            let script = format!("{} \"$@\"", hook["entry"].as_str().unwrap());
            let output =
                repository.command("sh", &[&["-c", &script, "sh"], &staged[..]].concat()).output().unwrap();
            (staged.len(), output)
        };
        let (count, output) = run();
        assert_eq!(
            (count, output.status.code(), text(&output.stdout).as_str()),
            (3, Some(0), ""),
            "{output:?}"
        );
        write("plans/bad.yaml", "events: {}\n");
        let (count, output) = run();
        let said = "plans/bad.yaml:1:9 error 'events' is a list, this is a mapping\n";
        assert_eq!(
            (count, output.status.code(), text(&output.stdout).as_str()),
            (4, Some(2), said),
            "{output:?}"
        );
        fs::remove_file(repository.folder.path().join("plans/bad.yaml")).unwrap();
    }
}

/// The blocks of a page that are pasted into a shell.
fn pasted(page: &str) -> Vec<String> {
    let blocks = page.split("```").skip(1).step_by(2);
    let shell =
        blocks.filter_map(|block| block.strip_prefix("sh\n").or_else(|| block.strip_prefix("bash\n")));
    shell.map(str::to_owned).collect()
}

#[test]
fn what_is_pasted_does_not_close_the_shell() {
    for page in ["README.md", "docs/scripting.md", "docs/sandbox.md", "docs/plans.md"] {
        for block in pasted(&read(page)) {
            for line in block.lines() {
                let line = line.split('#').next().unwrap().trim();
                let ends = line.split([';', '|', '&', '{', '(']).map(str::trim);
                let closes = |part: &str| {
                    let word = part.split_whitespace().next().unwrap_or_default();
                    matches!(word, "exit" | "exec" | "return")
                        || part.starts_with("set -e")
                        || part.starts_with("set -o errexit")
                };
                assert!(!ends.clone().any(closes), "{page}: {line}");
            }
        }
    }
}

/// The way back of the pages: what was applied is undone when its test fails, the shell lives on, and the same
/// lines can be run again.
#[test]
fn the_way_back_can_be_run_twice_and_leaves_the_shell_open() {
    if !tool("bash") {
        return;
    }
    let plan = read("examples/web-personalization.yaml");
    for (page, file) in [("README.md", "plan.yaml"), ("docs/scripting.md", "later.yaml")] {
        let block = pasted(&read(page)).into_iter().find(|block| block.contains("journal=$(mktemp")).unwrap();
        let from = block.find("journal=").unwrap();
        let way_back = block[from..].replace("has(\"Default\")", "has(\"Nobody\")");
        assert!(way_back.contains("undo \"$journal\" --yes"), "{way_back}");
        let platform = Platform::start();
        let before = platform.tdx(&["export", "394649"]).run().document();
        let repository = Repository::with(&plan);
        if file != "plan.yaml" {
            fs::write(repository.folder.path().join(file), &plan).unwrap();
        }
        let script = format!("{way_back}\necho first\n{way_back}\necho second\n");
        let mut shell = repository.against(&platform, "bash", &["--norc", "--noprofile"]);
        let input: PathBuf = repository.home.path().join("input");
        fs::write(&input, script).unwrap();
        let output = shell.stdin(fs::File::open(&input).unwrap()).output().unwrap();
        let printed = text(&output.stdout);
        assert!(printed.contains("first\n") && printed.ends_with("second\n"), "{page}: {output:?}");
        assert!(platform.writes().iter().any(|write| write.starts_with("DELETE")), "{page}: {output:?}");
        let mut after = platform.tdx(&["export", "394649"]).run().document();
        // The one thing that the platform cannot take back.
        after["id_stitching"].as_object_mut().unwrap().shift_remove("ext_lookup_key");
        assert_eq!(after, before, "{page}: {output:?}");
    }
}

/// Where the address is not known, each page says so in its place; once `Cargo.toml` has it, so do the pages.
#[test]
fn the_address_of_the_repository() {
    let pages = ["README.md", "docs/scripting.md", "action.yml", ".pre-commit-hooks.yaml"];
    let has_none = |text: &str| {
        text.contains("OWNER/tdx-rt") || text.contains("REPOSITORY ") || text.contains("REPOSITORY\n")
    };
    let open: Vec<&str> = pages.into_iter().filter(|page| has_none(&read(page))).collect();
    match env!("CARGO_PKG_REPOSITORY") {
        "" => assert!(
            open == pages[1..] && read("docs/scripting.md").contains("`Cargo.toml` does not name it yet"),
            "{open:?}"
        ),
        address => assert_eq!(
            open,
            Vec::<&str>::new(),
            "write {address} in the place of OWNER/tdx-rt and REPOSITORY"
        ),
    }
}
