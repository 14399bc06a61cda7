//! `config`: what was resolved, and from where.

use super::said;
use crate::common::Tdx;
use serde::Deserialize;
use std::path::Path;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    site: Entry,
    endpoint: Entry,
    credential: Entry,
    credential_kind: Option<String>,
    account: Entry,
    account_matches: Option<bool>,
    profile: Entry,
    database: Entry,
    parent_segment: Entry,
    token: Entry,
    state_dir: Option<String>,
    hosts: Hosts,
    layers: Vec<Layer>,
    key_sources: Vec<KeySource>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    value: Option<String>,
    origin: Option<String>,
    overridden: Vec<Overridden>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Overridden {
    value: Option<String>,
    origin: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Layer {
    layer: String,
    about: String,
    file: Option<String>,
    state: String,
    gives: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeySource {
    source: String,
    found: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hosts {
    cdp: String,
    api: String,
    personalization: String,
}

impl Entry {
    fn both(&self) -> (&str, &str) {
        (self.value.as_deref().unwrap_or("-"), self.origin.as_deref().unwrap_or("-"))
    }
}

const KEY: &str = "7/0123456789abcdef0123456789abcdef0123cafe";

fn config(arguments: &[&str]) -> Tdx {
    let mut all = vec!["config"];
    all.extend_from_slice(arguments);
    Tdx::new(&all)
}

fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}

fn decode(tdx: Tdx) -> Config {
    tdx.run().decode()
}

#[test]
fn nothing_configured_is_no_error() {
    let tdx = config(&[]);
    let state = tdx.home().join(".local/state/tdx-rt").display().to_string();
    let found = decode(tdx);
    assert_eq!(found.site.both(), ("us01", "default"));
    for entry in [
        &found.endpoint,
        &found.credential,
        &found.profile,
        &found.database,
        &found.parent_segment,
        &found.token,
    ] {
        assert_eq!(entry.both(), ("-", "-"));
    }
    assert_eq!((found.credential_kind, found.state_dir), (None, Some(state)));
    assert_eq!((found.account.both(), found.account_matches), (("-", "-"), None));
    for layer in &found.layers {
        let (state, gives) =
            if layer.layer == "default" { ("present", &["site"][..]) } else { ("absent", &[][..]) };
        assert!(layer.state == state && layer.gives == gives && !layer.about.is_empty(), "{layer:?}");
    }
    let files: Vec<&str> = found.layers.iter().filter_map(|layer| layer.file.as_deref()).collect();
    assert!(files.len() == 4 && files.iter().all(|file| file.contains("/.config/tdx/")), "{files:?}");
    assert!(found.key_sources.iter().all(|one| one.found.is_empty() && !one.source.is_empty()));
    assert_eq!(found.hosts.cdp, "https://api-cdp.treasuredata.com");
    assert_eq!(found.hosts.api, "https://api.treasuredata.com");
    assert_eq!(found.hosts.personalization, "https://us01.p13n.in.treasuredata.com");
}

#[test]
fn all_sites_and_their_spellings() {
    for (spellings, site, cdp, api, personalization) in [
        (
            &["us01", "US01", "us"][..],
            "us01",
            "api-cdp.treasuredata.com",
            "api.treasuredata.com",
            "us01.p13n.in.treasuredata.com",
        ),
        (
            &["jp01", "ap01", "tokyo", "Tokyo"][..],
            "jp01",
            "api-cdp.treasuredata.co.jp",
            "api.treasuredata.co.jp",
            "ap01.p13n.in.treasuredata.com",
        ),
        (
            &["eu01"][..],
            "eu01",
            "api-cdp.eu01.treasuredata.com",
            "api.eu01.treasuredata.com",
            "eu01.p13n.in.treasuredata.com",
        ),
        (
            &["ap02"][..],
            "ap02",
            "api-cdp.ap02.treasuredata.com",
            "api.ap02.treasuredata.com",
            "ap02.p13n.in.treasuredata.com",
        ),
        (
            &["ap03"][..],
            "ap03",
            "api-cdp.ap03.treasuredata.com",
            "api.ap03.treasuredata.com",
            "ap03.p13n.in.treasuredata.com",
        ),
    ] {
        for spelling in spellings {
            let found = decode(config(&["--site", spelling]));
            assert_eq!(found.site.both(), (site, "--site"), "{spelling}");
            let hosts = [found.hosts.cdp, found.hosts.api, found.hosts.personalization];
            assert_eq!(
                hosts,
                [cdp, api, personalization].map(|host| format!("https://{host}")),
                "{spelling}"
            );
            assert_eq!(
                decode(config(&[]).env("TDX_SITE", spelling)).site.both(),
                (site, "environment TDX_SITE")
            );
        }
    }
    let error = config(&["--site", "mars"]).run().error(2, "bad-setting");
    assert!(
        said(&error, "message").contains("mars") && said(&error, "message").contains("(--site)"),
        "{error}"
    );
}

#[test]
fn flag_environment_project_profile_global_default() {
    let global = r#"{"site": "eu01", "database": "g", "profiles": {"prod": {"site": "ap02", "database": "p", "parent_segment": "Ours"}}}"#;
    let tdx = config(&[]);
    write(&tdx.home().join(".config/tdx/tdx.json"), global);
    let file = tdx.home().join(".config/tdx/tdx.json").display().to_string();
    let found = decode(tdx);
    assert_eq!(found.site.both(), ("eu01", format!("global {file}").as_str()));
    assert_eq!(found.database.both().0, "g");
    assert!(found.database.overridden.is_empty());

    let tdx = config(&[]).env("TDX_PROFILE", "prod");
    write(&tdx.home().join(".config/tdx/tdx.json"), global);
    let file = tdx.home().join(".config/tdx/tdx.json").display().to_string();
    let found = decode(tdx);
    assert_eq!(found.profile.both(), ("prod", "environment TDX_PROFILE"));
    assert_eq!(found.site.both(), ("ap02", format!("profile 'prod' of {file}").as_str()));
    assert_eq!((found.database.both().0, found.parent_segment.both().0), ("p", "Ours"));

    let in_project = |arguments: &[&str]| {
        let tdx = config(arguments).env("TDX_PROFILE", "prod");
        write(&tdx.home().join(".config/tdx/tdx.json"), global);
        write(&tdx.home().join("work/tdx.json"), r#"{"site": "jp01", "parent_segment": 394649}"#);
        let deep = tdx.home().join("work/a/b");
        std::fs::create_dir_all(&deep).unwrap();
        tdx.dir(&deep)
    };
    let found = decode(in_project(&[]));
    assert_eq!(found.site.both().0, "jp01");
    assert!(
        found.site.both().1.starts_with("project ") && found.site.both().1.ends_with("work/tdx.json"),
        "{found:?}"
    );
    assert_eq!(found.parent_segment.both().0, "394649", "an id may be a number");
    assert_eq!(found.database.both().0, "p", "what the project does not say");
    assert_eq!(decode(in_project(&[]).env("TDX_SITE", "ap03")).site.both(), ("ap03", "environment TDX_SITE"));
    assert_eq!(
        decode(in_project(&["--site", "us01"]).env("TDX_SITE", "ap03")).site.both(),
        ("us01", "--site")
    );
    assert_eq!(
        decode(in_project(&["--profile", "prod"]).env("TDX_PROFILE", "nobody")).profile.both(),
        ("prod", "--profile")
    );
}

#[test]
fn keys_by_precedence_and_always_masked() {
    let with = |files: &str, variables: &[(&str, &str)]| {
        let mut tdx = config(&[]);
        if !files.is_empty() {
            write(&tdx.home().join(".config/tdx/.env"), files);
        }
        for (name, value) in variables {
            tdx = tdx.env(name, value);
        }
        let output = tdx.run();
        assert!(!output.stdout.contains("0123456789"), "{output:?}");
        output.decode::<Config>()
    };
    let key = |account: u8| KEY.replacen('7', &account.to_string(), 1);
    let file = format!("# mine\nexport TDX_API_KEY=\"{}\"\nTDX_SITE=eu01\n", key(1));
    let found = with(&file, &[]);
    assert_eq!(found.credential.both().0, "1/****cafe");
    assert!(found.credential.both().1.starts_with("global ") && found.credential.both().1.ends_with(".env"));
    assert_eq!((found.credential_kind.as_deref(), found.site.both().0), (Some("api_key"), "eu01"));
    let found = with(&file, &[("TD_API_KEY", &key(2))]);
    assert_eq!(found.credential.both(), ("2/****cafe", "environment TD_API_KEY"));
    let [Overridden { value, origin }] = &found.credential.overridden[..] else { panic!("{found:?}") };
    assert!(value.as_deref() == Some("1/****cafe") && origin.ends_with("/.env"), "{found:?}");
    let found = with(&file, &[("TD_API_KEY", &key(2)), ("TDX_API_KEY", &key(3))]);
    assert_eq!(found.credential.both(), ("3/****cafe", "environment TDX_API_KEY"));
    let found =
        with(&file, &[("TDX_API_KEY", &key(3)), ("TDX_ACCESS_TOKEN", "abcdefghijklmnopqrstuvwx0123456789")]);
    assert_eq!(found.credential.both(), ("****6789", "environment TDX_ACCESS_TOKEN"));
    assert_eq!(found.credential_kind.as_deref(), Some("access_token"));
    // The environment wins over files, whichever of the two a file holds.
    let found = with("TDX_ACCESS_TOKEN=0123456789-from-a-file\n", &[("TDX_API_KEY", &key(3))]);
    assert_eq!(found.credential.both(), ("3/****cafe", "environment TDX_API_KEY"));
    let found = with(&file, &[("TDX_API_KEY", "  ")]);
    assert_eq!(found.credential.both().0, "1/****cafe", "a blank variable is not set");
    let found = with("", &[("TDX_RT_TOKEN", "1/1/0123456789abcdef0123456789abbeef")]);
    assert_eq!(found.token.both(), ("1/****beef", "environment TDX_RT_TOKEN"));
}

#[test]
fn an_endpoint_takes_the_place_of_all_hosts() {
    let found = decode(
        config(&["--endpoint", "http://localhost:9/"]).env("TDX_RT_ENDPOINT", "https://other.example"),
    );
    assert_eq!(found.endpoint.both(), ("http://localhost:9", "--endpoint"));
    let hosts = [found.hosts.cdp, found.hosts.api, found.hosts.personalization];
    assert_eq!(hosts, ["http://localhost:9", "http://localhost:9", "http://localhost:9"]);
    let found = decode(config(&[]).env("TDX_RT_ENDPOINT", "https://proxy.example/td"));
    assert_eq!(found.endpoint.both(), ("https://proxy.example/td", "environment TDX_RT_ENDPOINT"));
    for (bad, part) in [
        ("http://api.treasuredata.com", "plain http to another machine"),
        ("http://127.0.0.1.example.com", "plain http to another machine"),
        ("http://0.0.0.0:1", "plain http to another machine"),
        ("ftp://localhost", "has the scheme ftp"),
        ("localhost:80", "has "),
        ("not a url", "is not a URL"),
        ("http://user:pass@localhost", "contains a user name or password"),
        ("http://localhost/?a=b", "contains a query"),
    ] {
        for (error, origin) in [
            (config(&["--endpoint", bad]).run().error(2, "bad-setting"), "(--endpoint)"),
            (
                config(&[]).env("TDX_RT_ENDPOINT", bad).run().error(2, "bad-setting"),
                "(environment TDX_RT_ENDPOINT)",
            ),
        ] {
            assert!(
                said(&error, "message").contains(part) && said(&error, "message").contains(origin),
                "{bad}: {error}"
            );
            assert!(!said(&error, "message").contains("user:pass"), "{error}");
        }
    }
}

#[test]
fn what_is_wrong_is_named_with_its_file() {
    for (file, text, part) in [
        (".config/tdx/tdx.json", "{", "tdx.json"),
        (".config/tdx/tdx.json", "[]", "it is not a JSON object"),
        (
            ".config/tdx/.env",
            "no equals sign\nTDX_API_KEY no equals sign\n",
            ".env:2: the line of TDX_API_KEY is not of",
        ),
        ("tdx.json", "{\"site\": }", "tdx.json"),
        ("tdx.json", "{\"site\": \"mars\"}", "(project "),
    ] {
        let tdx = config(&[]);
        write(&tdx.home().join(file), text);
        let error = tdx.run().error(2, "bad-setting");
        assert!(said(&error, "message").contains(part), "{file}: {error}");
    }
    let tdx = config(&["--profile", "prud"]);
    write(&tdx.home().join(".config/tdx/tdx.json"), r#"{"profiles": {"prod": {}, "test": {}}}"#);
    let error = tdx.run().error(2, "bad-setting");
    assert_eq!(said(&error, "message"), "there is no profile 'prud' (--profile)");
    assert!(said(&error, "hint").ends_with("has the profiles: prod, test"), "{error}");
    let error = config(&["--profile", "x"]).run().error(2, "bad-setting");
    assert_eq!(said(&error, "hint"), "there is no global tdx.json with profiles");
    // A secret in a file that cannot be read is not shown.
    let tdx = config(&[]);
    write(&tdx.home().join(".config/tdx/.env"), &format!("TDX_API_KEY {KEY}\n"));
    let output = tdx.run();
    output.error(2, "bad-setting");
    assert!(!output.stderr.contains("0123456789"), "{output:?}");
}

#[test]
fn it_needs_neither_key_nor_document_and_reads_no_stdin() {
    let output = config(&["--dry-run"]).stdin("not a document").run();
    assert_eq!(output.decode::<Config>().site.both(), ("us01", "default"));
    let with_key = config(&["--dry-run"]).env("TDX_API_KEY", KEY).run();
    assert_eq!(with_key.decode::<Config>().credential.both().0, "7/****cafe");
}

#[test]
fn a_damaged_env_file_matters_only_where_it_is_needed() {
    let platform = crate::common::Platform::start();
    let list = ["ps-check", "394649", "--jq", ".id"];
    let bare = || Tdx::new(&list);
    let env = |tdx: Tdx, text: &str| {
        write(&tdx.home().join(".config/tdx/.env"), text);
        tdx
    };
    // Of two lines the last one counts, and it is the one that is wrong.
    let damaged = format!("A LINE OF PROSE\nTDX_API_KEY={KEY}\nTDX_API_KEY=\"{KEY}\n");
    let error = env(bare(), &damaged).run().error(2, "bad-setting");
    assert!(said(&error, "message").contains(".config/tdx/.env:3: the line of TDX_API_KEY"), "{error}");
    assert!(!error.to_string().contains("cafe"), "{error}");
    // Found elsewhere, or not needed.
    for tdx in [
        env(config(&[]).env("TDX_API_KEY", KEY), &damaged),
        env(config(&[]).env("TDX_RT_ENDPOINT", &platform.url), &damaged),
        env(platform.tdx(&list), &damaged),
    ] {
        let output = tdx.run();
        assert_eq!(output.code, 0, "{output:?}");
        let warning: serde_json::Value = serde_json::from_str(&output.stderr).unwrap();
        assert!(said(&warning["warning"], "message").contains(".env:3:"), "{warning}");
    }
    // A line of no interest is none.
    let odd = format!("A LINE OF PROSE\n#!\nOTHER='open\nTDX_API_KEY=1/old\nexport TDX_API_KEY={KEY}\n");
    let shown = decode(env(config(&[]), &odd));
    assert_eq!(shown.credential.value.as_deref(), Some("7/****cafe"));
    // The other files alike.
    let home = config(&[]).env("TDX_RT_ENDPOINT", &platform.url);
    write(&home.home().join(".config/tdx/tdx.json"), "{");
    let output = home.run();
    assert_eq!(output.code, 0, "{output:?}");
    assert!(output.stderr.contains("tdx.json"), "{output:?}");
}

#[test]
fn for_people_its_tables_fit_a_window() {
    let tdx = config(&["--table"]).env("COLUMNS", "80").env("TDX_API_KEY", KEY);
    let seen = tdx.run().stdout;
    let lines: Vec<&str> = seen.lines().collect();
    assert!(lines.iter().any(|line| line.starts_with("LAYER            STATE    GIVES")), "{seen}");
    assert!(lines.iter().any(|line| line.ends_with("  ~/.config/tdx/tdx.json")), "{seen}");
    assert!(lines.iter().all(|line| line.len() <= 80), "{seen}");
}
