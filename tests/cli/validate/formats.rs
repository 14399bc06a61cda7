//! `--format`: findings as GitHub, GitLab and SARIF's readers take them.

use crate::common::{Output, Tdx};
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::Path;
use tempfile::TempDir;

const BAD: &str = "events:\n  - {name: view, table: web.pages}\nattributes:\n  - {name: 'a,b:c%', type: cuonter, source_event: view}\nodd: 1\n";

/// A repository with this plan in a folder of it.
fn repository(plan: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join(".git")).unwrap();
    std::fs::create_dir_all(folder.path().join("plans")).unwrap();
    std::fs::write(folder.path().join("plans/my plan.yaml"), plan).unwrap();
    folder
}

fn run(dir: &Path, arguments: &[&str]) -> Output {
    Tdx::new(&[&["validate"], arguments].concat()).dir(dir).run()
}

fn json_of(output: &Output) -> Value {
    assert_eq!(output.stdout.matches('\n').count(), 1, "{output:?}");
    serde_json::from_str(&output.stdout).unwrap()
}

#[test]
fn github_gets_commands_that_its_runner_reads_back() {
    let folder = repository(BAD);
    let output = run(&folder.path().join("plans"), &["--format", "github", "my plan.yaml"]);
    assert_eq!(output.code, 2);
    assert!(output.stderr.contains("invalid-plan"), "{output:?}");
    let lines: Vec<&str> = output.stdout.lines().collect();
    assert_eq!(
        lines[0],
        "::error file=plans/my plan.yaml,line=4,col=28,title=tdx-rt%3A unknown-type::attributes[0].type: \
         unknown type 'cuonter'; did you mean 'counter'?"
    );
    let odd =
        "::warning file=plans/my plan.yaml,line=5,col=1,title=tdx-rt%3A unknown-key::odd: unknown key 'odd'";
    assert!(lines.len() == 2 && lines[1].starts_with(odd), "{lines:?}");
}

#[test]
fn what_a_command_cannot_hold_is_escaped() {
    let folder = repository("events: []\n\"100%,\\r\\n:\": 1\n");
    let output = run(folder.path(), &["--format", "github", "plans/my plan.yaml"]);
    let (head, message) = output.stdout.trim_end().strip_prefix("::").unwrap().split_once("::").unwrap();
    assert!(head.ends_with(",title=tdx-rt%3A unknown-key"), "{head}");
    assert!(message.contains("100%25,%0D%0A:"), "{message}");
    assert_eq!(output.stdout.lines().count(), 1);
    // A file's name as a property.
    std::fs::rename(folder.path().join("plans/my plan.yaml"), folder.path().join("plans/a,b:c%.yaml"))
        .unwrap();
    let output = run(folder.path(), &["--format", "github", "plans/a,b:c%.yaml"]);
    assert!(output.stdout.starts_with("::warning file=plans/a%2Cb%3Ac%25.yaml,line=2,"), "{output:?}");
}

#[test]
fn a_good_plan_has_no_findings_in_any_format() {
    let folder = repository("events: [{name: view, table: web.pages}]\n");
    let of = |format| run(folder.path(), &["--format", format, "plans/my plan.yaml"]);
    assert_eq!((of("github").code, of("github").stdout.as_str()), (0, ""));
    assert_eq!((of("gitlab").code, of("gitlab").stdout.as_str()), (0, "[]\n"));
    let sarif = json_of(&of("sarif"));
    assert_eq!(sarif["runs"][0]["results"], json!([]));
    assert_eq!(of("json").stdout, "{\"valid\":true,\"errors\":0,\"warnings\":0,\"findings\":[]}\n");
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Issue {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: String,
    location: Location,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lines {
    begin: u64,
}

fn issues(output: &Output) -> Vec<Issue> {
    serde_json::from_value(json_of(output)).unwrap()
}

#[test]
fn gitlab_gets_issues_with_fingerprints_of_their_own() {
    let folder = repository(BAD);
    let output = run(folder.path(), &["--format", "gitlab", "./plans/my plan.yaml"]);
    assert_eq!(output.code, 2);
    assert!(output.stderr.contains("invalid-plan"), "{output:?}");
    let found = issues(&output);
    let shown: Vec<_> = found
        .iter()
        .map(|one| (one.check_name.as_str(), one.severity.as_str(), one.location.lines.begin))
        .collect();
    assert_eq!(shown, [("unknown-type", "major", 4), ("unknown-key", "minor", 5)]);
    assert!(found.iter().all(|one| one.location.path == "plans/my plan.yaml"));
    assert!(found[0].description.starts_with("attributes[0].type: unknown type 'cuonter'"), "{found:?}");
    assert!(found[0].fingerprint != found[1].fingerprint && found[0].fingerprint.len() == 32);
}

#[test]
fn fingerprints_stay_when_lines_move_and_differ_for_equal_lines() {
    let twice = "events: []\nattributes:\n  - {name: a, type: odd}\n  - {name: a, type: odd}\n";
    let prints = |plan: &str| -> Vec<String> {
        let folder = repository(plan);
        let output = run(folder.path(), &["--format", "gitlab", "plans/my plan.yaml"]);
        let mut prints: Vec<String> = issues(&output).into_iter().map(|one| one.fingerprint).collect();
        prints.sort();
        prints
    };
    let before = prints(twice);
    assert!(before.len() >= 2 && before.windows(2).all(|two| two[0] != two[1]), "{before:?}");
    assert_eq!(
        prints(&format!("# moved\n\nevents: []\nx-more: 1\n{}", &twice["events: []\n".len()..])),
        before
    );
}

#[test]
fn sarif_has_rules_with_help_and_a_place_for_every_result() {
    let folder = repository(BAD);
    let output = run(folder.path(), &["--format", "sarif", "plans/my plan.yaml"]);
    assert_eq!(output.code, 2);
    assert!(output.stderr.contains("invalid-plan"), "{output:?}");
    let document = json_of(&output);
    assert_eq!(document["version"], "2.1.0");
    let run = &document["runs"][0];
    let driver = &run["tool"]["driver"];
    assert_eq!(
        (&driver["name"], &driver["semanticVersion"]),
        (&"tdx-rt".into(), &env!("CARGO_PKG_VERSION").into())
    );
    let rules = driver["rules"].as_array().unwrap();
    for rule in rules {
        for text in ["shortDescription", "fullDescription", "help"] {
            assert!(rule[text]["text"].as_str().unwrap().len() > 10, "{rule}");
        }
    }
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 2);
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert_eq!(result["partialFingerprints"]["tdxRtFinding/v1"].as_str().unwrap().len(), 32);
    }
    assert_eq!(
        results[0]["locations"],
        json!([{
            "physicalLocation": {
                "artifactLocation": {"uri": "plans/my%20plan.yaml", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 4, "startColumn": 28}
            },
            "logicalLocations": [{"fullyQualifiedName": "attributes[0].type"}]
        }])
    );
    assert_eq!((&results[0]["level"], &results[1]["level"]), (&"error".into(), &"warning".into()));
}

#[test]
fn stdin_and_findings_without_a_line_have_a_place_too() {
    let of = |format: &str, text: &str| Tdx::new(&["validate", "--format", format]).stdin(text).run();
    let output = of("github", "events: {}\n");
    assert!(output.stdout.starts_with("::error title=tdx-rt%3A wrong-type::stdin:1: events: "), "{output:?}");
    // The error names the place of the findings.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("findings.txt");
    let [to_file, to_stdout] = [&["-o", file.to_str().unwrap()][..], &[]].map(|more| {
        let arguments = [&["validate", "--format", "github"], more].concat();
        let error = Tdx::new(&arguments).stdin("events: {}\n").run().stderr;
        serde_json::from_str::<Value>(&error).unwrap()["error"]["hint"].clone()
    });
    assert_eq!(to_file, format!("the findings are in {}", file.display()));
    assert_eq!(to_stdout, "the findings are in the document that was printed");
    let found = issues(&of("gitlab", "events: {}\n"));
    assert_eq!((found[0].location.path.as_str(), found[0].location.lines.begin), ("stdin", 1));
    let sarif = json_of(&of("sarif", "events: {}\n"));
    let place = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"], json!({"uri": "stdin"}));
    // Too large is about all of it.
    let long = format!("x-a: '{}'\n", "é".repeat(2_500_000));
    let output = of("github", &long);
    assert!(
        output.stdout.starts_with("::error title=tdx-rt%3A too-large::stdin"),
        "{}",
        &output.stdout[..80]
    );
    assert_eq!(issues(&of("gitlab", &long))[0].location.lines.begin, 1);
}

#[test]
fn files_outside_of_a_repository_are_named_as_they_were_given() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("plan.yaml"), "events: {}\n").unwrap();
    let inside = repository("events: {}\n");
    let path = inside.path().join("plans/my plan.yaml");
    let output = run(folder.path(), &["--format", "gitlab", "plan.yaml", path.to_str().unwrap()]);
    let found = issues(&output);
    assert_eq!(
        (found[0].location.path.as_str(), found[1].location.path.as_str()),
        ("plan.yaml", path.to_str().unwrap())
    );
    assert_ne!(found[0].fingerprint, found[1].fingerprint);
    // From inside of the repository, a file beside the folder is named from the root.
    let output = run(&inside.path().join(".git"), &["--format", "gitlab", "../plans/my plan.yaml"]);
    assert_eq!(issues(&output)[0].location.path, "plans/my plan.yaml");
}

#[test]
fn strict_and_a_limit_hold_in_every_format() {
    let folder = repository("odd: 1\neven: 2\nevents: []\n");
    let plan = "plans/my plan.yaml";
    let output = run(folder.path(), &["--format", "github", "--strict", "--max-findings", "1", plan]);
    assert_eq!(output.code, 2);
    let lines: Vec<&str> = output.stdout.lines().collect();
    assert!(lines[0].starts_with("::error ") && lines.len() == 2, "{output:?}");
    assert_eq!(lines[1], "::notice title=tdx-rt::1 more finding; --max-findings lists them");
}

#[test]
fn a_format_of_its_own_goes_with_no_filter_and_no_fix() {
    let folder = repository(BAD);
    for format in ["github", "gitlab", "sarif"] {
        for other in [&["--jq", "."][..], &["--yaml"], &["--jsonl"], &["--json"], &["--fix"]] {
            let arguments = [&["--format", format, "plans/my plan.yaml"], other].concat();
            let error = run(folder.path(), &arguments).error(2, "usage");
            assert!(error["message"].as_str().unwrap().contains(&format!("--format {format}")), "{error}");
        }
    }
    let file = folder.path().join("report.json");
    let output =
        run(folder.path(), &["--format", "gitlab", "plans/my plan.yaml", "-o", file.to_str().unwrap()]);
    assert_eq!((output.code, output.stdout.as_str()), (2, ""));
    assert!(std::fs::read_to_string(file).unwrap().starts_with("[{\"description\""));
}
