//! What is shipped: the archive of a release, and what package managers and containers are told about it.

use crate::common::{binary, skipped, tool};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn read(file: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(file)).unwrap()
}

fn cargo(arguments: &[&str]) -> String {
    succeeded(&Command::new(env!("CARGO")).args(arguments).current_dir(ROOT).output().unwrap())
}

#[track_caller]
fn succeeded(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The metadata of the package.
fn package() -> Value {
    let metadata = cargo(&["metadata", "--no-deps", "--locked", "--offline", "--format-version", "1"]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    metadata["packages"][0].clone()
}

/// Packs the binary of the tests, or `None` where a tool is missing.
fn release(umask: &str) -> Option<(TempDir, PathBuf)> {
    let tar = Command::new("tar").arg("--version").output().ok()?;
    if !tool("jq") || !String::from_utf8_lossy(&tar.stdout).contains("GNU") {
        skipped("jq or GNU tar is not installed");
        return None;
    }
    let out = tempfile::tempdir().unwrap();
    let script = format!("umask {umask}; exec {ROOT}/packaging/release \"$0\"");
    let output = Command::new("sh")
        .args(["-c", &script, out.path().to_str().unwrap()])
        .env("TDX_RT_BINARY", binary())
        .env("TDX_RT_GZIP", "1")
        .env("SOURCE_DATE_EPOCH", "1761955200")
        .env("CARGO_NET_OFFLINE", "true")
        .output()
        .unwrap();
    let archive = PathBuf::from(succeeded(&output).trim());
    Some((out, archive))
}

#[test]
fn an_archive_is_whole_and_runs_the_quickstart_in_an_empty_home() {
    let Some((out, archive)) = release("022") else { return };
    let name = archive.file_name().unwrap().to_str().unwrap();
    let sums = fs::read_to_string(out.path().join(format!("{name}.sha256"))).unwrap();
    assert!(sums.ends_with(&format!("  {name}\n")) && sums.len() == 64 + 3 + name.len(), "{sums}");
    let home = tempfile::tempdir().unwrap();
    let tar = Command::new("tar").args(["xzf", archive.to_str().unwrap()]).current_dir(home.path()).output();
    succeeded(&tar.unwrap());
    let folder = home.path().join(name.strip_suffix(".tar.gz").unwrap());
    for file in [
        "tdx-rt",
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "man/tdx-rt.1",
        "completions/_tdx-rt",
        "examples/ci.sh",
    ] {
        assert!(folder.join(file).is_file(), "{file}");
    }
    if tool("sha256sum") {
        let check = ["-c", "--strict", "--quiet", "SHA256SUMS"];
        succeeded(&Command::new("sha256sum").args(check).current_dir(&folder).output().unwrap());
    }
    let run = Command::new("./tdx-rt")
        .args(["sandbox", "--", "sh", "examples/quickstart.sh"])
        .current_dir(&folder)
        .env_clear()
        .env("HOME", home.path())
        .env("PATH", "/usr/bin:/bin")
        .output()
        .unwrap();
    assert!(succeeded(&run).contains("\"vip\":{\"VIP Customers\""), "{run:?}");
    let sbom: Value =
        serde_json::from_str(&fs::read_to_string(folder.join("sbom.cdx.json")).unwrap()).unwrap();
    sbom_names_what_is_built(&sbom);
}

fn sbom_names_what_is_built(sbom: &Value) {
    assert_eq!((&sbom["bomFormat"], &sbom["specVersion"]), (&"CycloneDX".into(), &"1.5".into()));
    let program = &sbom["metadata"]["component"];
    assert_eq!(
        (&program["name"], &program["version"]),
        (&"tdx-rt".into(), &env!("CARGO_PKG_VERSION").into())
    );
    let components = sbom["components"].as_array().unwrap();
    if cfg!(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64")) {
        let sentence = format!("On Linux, {} crates are built for the program.", components.len());
        assert!(read("docs/dependencies.md").contains(&sentence), "{sentence}");
    }
    let refs: Vec<&str> = components.iter().map(|one| one["bom-ref"].as_str().unwrap()).collect();
    for component in components {
        assert!(
            component["licenses"][0]["expression"].as_str().is_some_and(|text| !text.contains('/')),
            "{component}"
        );
    }
    for dependency in sbom["dependencies"].as_array().unwrap() {
        let on = dependency["dependsOn"].as_array().unwrap();
        assert!(on.iter().all(|on| refs.contains(&on.as_str().unwrap())), "{dependency}");
    }
}

#[test]
fn the_same_commit_gives_the_same_archive() {
    let (Some((_first, one)), Some((_second, two))) = (release("022"), release("077")) else { return };
    assert!(fs::read(one).unwrap() == fs::read(two).unwrap(), "whatever the umask and the time are");
}

#[test]
fn binstall_looks_for_the_archive_that_is_made() {
    let package = package();
    let binstall = &package["metadata"]["binstall"];
    let fill = |key: &str| {
        let text = binstall[key].as_str().unwrap();
        let version = env!("CARGO_PKG_VERSION");
        let parts = [
            ("repo", "https://example.com/o/tdx-rt"),
            ("version", version),
            ("name", "tdx-rt"),
            ("target", "T"),
            ("bin", "tdx-rt"),
            ("binary-ext", ""),
        ];
        parts
            .iter()
            .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{ {name} }}"), value))
    };
    let version = env!("CARGO_PKG_VERSION");
    let address =
        format!("https://example.com/o/tdx-rt/releases/download/v{version}/tdx-rt-{version}-T.tar.gz");
    assert_eq!((fill("pkg-url"), fill("bin-dir")), (address, format!("tdx-rt-{version}-T/tdx-rt")));
    assert!(read("packaging/release").contains("name=tdx-rt-$version-$target\n"));
}

#[test]
fn the_debian_package_has_files_that_exist() {
    let package = package();
    let assets = package["metadata"]["deb"]["assets"].as_array().unwrap().clone();
    assert!(assets.len() >= 8);
    for asset in &assets {
        let source = asset[0].as_str().unwrap();
        let Some((folder, pattern)) = source.rsplit_once('/').filter(|_| source.contains('*')) else {
            assert!(source == "target/release/tdx-rt" || Path::new(ROOT).join(source).is_file(), "{source}");
            continue;
        };
        let ending = pattern.trim_start_matches('*');
        let mut files =
            fs::read_dir(Path::new(ROOT).join(folder)).unwrap().map(|entry| entry.unwrap().path());
        assert!(files.any(|file| file.to_str().unwrap().ends_with(ending)), "{source}");
    }
}

/// The instructions of the Dockerfile, with lines that go on joined.
fn instructions() -> Vec<(String, String)> {
    let text = read("packaging/Dockerfile").replace("\\\n", " ");
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| line.split_once(' ').unwrap())
        .map(|(word, rest)| (word.to_owned(), rest.trim().to_owned()))
        .collect()
}

/// No container engine runs in the tests, so it is read: what it copies exists, and its commands run by hand.
#[test]
fn the_dockerfile_copies_what_exists_and_its_commands_run() {
    let all = instructions();
    let of = |word: &str| {
        all.iter().filter(|(known, _)| known == word).map(|(_, rest)| rest.as_str()).collect::<Vec<_>>()
    };
    for copy in of("COPY").into_iter().filter(|copy| !copy.starts_with("--from")) {
        let words: Vec<&str> = copy.split_whitespace().collect();
        for source in &words[..words.len() - 1] {
            assert!(Path::new(ROOT).join(source).exists(), "{source}");
        }
    }
    let ignored = read("packaging/Dockerfile.dockerignore");
    assert!(ignored.lines().any(|line| line == "target"));
    assert_eq!(of("USER"), ["10001:10001"], "no root");
    let words =
        |text: &str| -> Vec<String> { serde_json::from_str(&text[text.find('[').unwrap()..]).unwrap() };
    let entry = [words(of("ENTRYPOINT")[0]), words(of("CMD")[0])].concat();
    let state = tempfile::tempdir().unwrap();
    let given = |word: &String| match word.as_str() {
        "8080" => "0".to_owned(),
        "/state" => state.path().to_str().unwrap().to_owned(),
        word => word.to_owned(),
    };
    assert_eq!(entry[0], "tdx-rt");
    let mut server = Command::new(binary())
        .args(entry[1..].iter().map(given))
        .env_clear()
        .env("HOME", state.path())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(server.stdout.take().unwrap()), &mut line)
        .unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let here = format!("http://127.0.0.1:{}", ready["port"]);
    let check = words(of("HEALTHCHECK")[0]);
    let check = |address: &str| {
        let words = check[1..].iter().map(|word| if word.starts_with("http:") { address } else { word });
        Command::new(binary())
            .args(words)
            .env_clear()
            .env("HOME", state.path())
            .output()
            .unwrap()
            .status
            .success()
    };
    assert!(check(&here), "{ready}");
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(!check(&here), "a sandbox that is gone is not healthy");
}
