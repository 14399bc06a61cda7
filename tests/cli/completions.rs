//! Completion in the real shells: keys are typed at a terminal, and what the shell then runs is
//! what it completed.

use super::PS;
use crate::common::terminal::Terminal;
use crate::common::{Platform, Tdx};
use serde_json::json;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::time::{Duration, SystemTime};
use tdx_rt::sandbox::{Options, Seed};

/// A shell with the completion loaded, in which the programs show their arguments instead of
/// running; completion itself asks the real program.
struct Shell {
    terminal: Terminal,
    typed: usize,
    home: tempfile::TempDir,
}

impl Shell {
    /// `None` where the shell is not installed, which CI does not allow.
    fn start(platform: &Platform, name: &str, arguments: &[&str], load: &str) -> Option<Self> {
        if !crate::common::tool(name) {
            return None;
        }
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("zzfile"), "").unwrap();
        fs::write(home.path().join("plan.yaml"), "events: []\n").unwrap();
        let bin = home.path().join("bin");
        fs::create_dir(&bin).unwrap();
        let tdx = bin.join("tdx");
        fs::write(&tdx, "#!/bin/sh\nprintf 'official'; printf '<%s>' \"$@\"; echo .\n").unwrap();
        fs::set_permissions(&tdx, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let settings =
            [("TDX_RT_ENDPOINT", platform.url.as_str()), ("TDX_API_KEY", platform.api_key.as_str())];
        let mut terminal = Terminal::start(name, arguments, home.path(), &settings);
        terminal.type_in(load);
        terminal.type_in("\recho loa''ded\r");
        terminal.wait_for("loaded");
        Some(Shell { terminal, typed: 0, home })
    }

    /// Types keys and Enter; what was then run prints its arguments, each in angle brackets.
    #[track_caller]
    fn runs(&mut self, keys: &str, expected: &str) {
        self.typed += 1;
        let mark = format!("mark{}", self.typed);
        self.terminal.type_in(&format!("{keys}\recho ma''rk{}\r", self.typed));
        let screen = self.terminal.wait_for(&mark);
        let last: String = screen.chars().skip(screen.chars().count().saturating_sub(400)).collect();
        assert!(screen.contains(&format!("{expected}.")), "{keys:?} should run {expected}: …{last:?}");
    }
}

const SHOW: &str = "printf '<%s>' \"$@\"; echo .";

#[test]
fn completions_of_the_official_cli_stay() {
    let platform = Platform::start();
    let show = format!("tdx() {{ {SHOW}; }}");
    for before in [
        "complete -W 'login logout' tdx",
        "_mine() { COMPREPLY=(login); }; complete -F _mine tdx",
        "_mine() { COMPREPLY=(login); }; _load() { complete -F _mine tdx; return 124; }; complete -D -F _load",
    ] {
        let load = format!("{before}; {show}; eval \"$(tdx-rt shell-init bash)\"");
        let Some(mut shell) = Shell::start(&platform, "bash", &["--norc", "--noprofile", "-i"], &load) else {
            return;
        };
        shell.runs("tdx logi\t", "<login>");
    }
}

fn bash(platform: &Platform) -> Option<Shell> {
    let load = format!(
        "PATH=$HOME/bin:$PATH; eval \"$(tdx-rt shell-init bash)\"; tdx-rt() {{ {SHOW}; }}; tdx-ps-check() {{ {SHOW}; }}"
    );
    Shell::start(platform, "bash", &["--norc", "--noprofile", "-i"], &load)
}

fn zsh(platform: &Platform) -> Option<Shell> {
    let load = format!(
        "PATH=$HOME/bin:$PATH; eval \"$(tdx-rt shell-init zsh)\"; tdx-rt() {{ {SHOW}; }}; tdx-ps-check() {{ {SHOW}; }}"
    );
    Shell::start(platform, "zsh", &["-f", "-i"], &load)
}

fn fish(platform: &Platform) -> Option<Shell> {
    let show = "for a in $argv; printf '<%s>' $a; end; echo .; end";
    let load = format!(
        "set PATH $HOME/bin $PATH; tdx-rt shell-init fish | source; function tdx-rt; {show}; function tdx-ps-check; {show}"
    );
    Shell::start(platform, "fish", &["--no-config", "-i"], &load)
}

/// What holds in every shell.
fn completes(shell: &mut Shell) {
    shell.runs("tdx-rt ps-ch\t", "<ps-check>");
    shell.runs("tdx-rt export Custo\t", "<export><Customer 360>");
    shell.runs("tdx-rt rt-events --ps 39464\t", "<rt-events><--ps><394649>");
    shell.runs("tdx-rt discover columns web_ev\tpagev\t", "<discover><columns><web_events.pageviews>");
    shell.runs(
        "tdx-rt rt-events --event pv=web_events.pagev\t",
        "<rt-events><--event><pv=web_events.pageviews>",
    );
    shell.runs(
        "tdx-rt pz-create --ps 394649 --attribute coun\t",
        "<pz-create><--ps><394649><--attribute><country>",
    );
    shell.runs("tdx-rt discover --use-case pro\t", "<discover><--use-case><profile>");
    shell.runs("tdx-rt config --site jp\t", "<config><--site><jp01>");
    shell.runs("tdx-rt config --err\ttex\t", "<config><--error-format><text>");
    // A file where a file is meant, and never where a name is meant.
    shell.runs("tdx-rt validate pla\t", "<validate><plan.yaml>");
    shell.runs("tdx-rt config --site zz\t", "<config><--site><zz>");
    shell.runs("tdx-rt export zz\t", "<export><zz>");
    // A home folder is still read by the shell.
    let home = shell.home.path().display().to_string();
    shell.runs("tdx-rt validate ~/pla\t", &format!("<validate><{home}/plan.yaml>"));
    // As a plugin of the official CLI, and by a link.
    shell.runs("tdx-ps-check Store\t", "<Store Visitors>");
    shell.runs("tdx other args", "official<other><args>");
    shell.terminal.type_in("tdx rt --vers\t\r");
    shell.terminal.wait_for(concat!("tdx-rt ", env!("CARGO_PKG_VERSION")));
    shell.terminal.type_in("tdx rt conf\t --jq '\"<\" + .site.value + \">\"'\r");
    shell.terminal.wait_for("<us01>");
}

#[test]
fn bash_completes() {
    let platform = Platform::start();
    let Some(mut shell) = bash(&platform) else { return };
    completes(&mut shell);
    shell.runs("tdx-rt export \"Custo\t", "<export><Customer 360>");
    shell.runs("tdx-rt export 'Custo\t", "<export><Customer 360>");
    shell.runs("tdx-rt export Customer\\ 3\t", "<export><Customer 360>");
    shell.runs("tdx-rt config --site=jp\t", "<config><--site=jp01>");
    shell.runs("echo x | tdx-rt export Custo\t", "<export><Customer 360>");
    // Whatever else the user has set.
    shell
        .terminal
        .type_in("set -uf -o noclobber; shopt -s nullglob failglob; IFS=:; COMP_WORDBREAKS=\"' \"\r");
    shell.runs("tdx-rt export Custo\t", "<export><Customer 360>");
    shell.runs(
        "tdx-rt rt-events --event pv=web_events.pagev\t",
        "<rt-events><--event><pv=web_events.pageviews>",
    );
}

#[test]
fn zsh_completes() {
    let platform = Platform::start();
    let Some(mut shell) = zsh(&platform) else { return };
    completes(&mut shell);
    shell.runs("tdx-rt export \"Custo\t", "<export><Customer 360>");
    shell.runs("tdx-rt config --site=jp\t", "<config><--site=jp01>");
    shell.runs("echo x | tdx-rt export Custo\t", "<export><Customer 360>");
    shell.terminal.type_in("setopt ksh_arrays sh_word_split no_unset noclobber noglob; IFS=:\r");
    shell.runs("tdx-rt export Custo\t", "<export><Customer 360>");
}

#[test]
fn zsh_loads_it_from_a_folder_of_fpath() {
    let platform = Platform::start();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/completions");
    let load =
        format!("fpath=({folder} $fpath); autoload -Uz compinit; compinit -i -D; tdx-rt() {{ {SHOW}; }}");
    let Some(mut shell) = Shell::start(&platform, "zsh", &["-f", "-i"], &load) else { return };
    shell.runs("tdx-rt export Custo\t", "<export><Customer 360>");
    shell.runs("tdx-rt ps-ch\t", "<ps-check>");
}

#[test]
fn fish_completes() {
    let platform = Platform::start();
    let Some(mut shell) = fish(&platform) else { return };
    completes(&mut shell);
    shell.runs("tdx-rt export \"Custo\t", "<export><Customer 360>");
    shell.runs("tdx-rt config --site=jp\t", "<config><--site=jp01>");
    shell.runs("echo x | tdx-rt export Custo\t", "<export><Customer 360>");
}

/// A name with all that a shell could take for its own.
const ODD: &str = "It's \"A\" $x: 50% `né` (a=b) #1 *";

#[test]
fn a_name_is_quoted_whatever_is_in_it() {
    let segment = json!({
        "id": "101", "name": ODD, "master": {"database": "crm", "table": "people", "profile_key": "pid"},
        "realtime": {"id": "9101", "status": "ok"},
    });
    let table = json!({"id": 1, "name": "people", "columns": [["time", "long"], ["pid", "string"]]});
    let seed = json!({"databases": [{"name": "crm", "tables": [table]}], "parent_segments": [segment]});
    let seed = Seed::parse(&seed.to_string()).unwrap();
    let platform = Platform::with(Options { seed, ..Options::default() });
    let expected = format!("<export><{ODD}>");
    for (name, shell) in [("bash", bash(&platform)), ("zsh", zsh(&platform)), ("fish", fish(&platform))] {
        let Some(mut shell) = shell else { continue };
        println!("{name}");
        shell.runs("tdx-rt export It\t", &expected);
        if name != "fish" {
            shell.runs("tdx-rt export \"It\t", &expected);
        }
    }
}

fn asked(platform: &Platform, home: &Path, words: &[&str]) -> Vec<String> {
    let words: Vec<&str> =
        ["__complete", "fish", "tdx-rt"].into_iter().chain(words.iter().copied()).collect();
    let output = platform.tdx(&words).env("XDG_CACHE_HOME", home.to_str().unwrap()).run();
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{output:?}");
    output.stdout.lines().map(|line| line.split('\t').next().unwrap().to_owned()).collect()
}

/// The cache's files that hold names.
fn cached(home: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for account in fs::read_dir(home.join("tdx-rt/completion")).into_iter().flatten().flatten() {
        found.extend(fs::read_dir(account.path()).unwrap().map(|entry| entry.unwrap().path()));
    }
    found.retain(|path| path.extension().is_some_and(|e| e == "json"));
    found
}

#[test]
fn names_are_kept_for_two_minutes() {
    let platform = Platform::start();
    let home = tempfile::tempdir().unwrap();
    let all = ["Customer 360", "Loyalty Members", "Store Visitors"];
    assert_eq!(asked(&platform, home.path(), &["export", ""]), all);
    platform.forget_requests();
    assert_eq!(asked(&platform, home.path(), &["export", ""]), all);
    assert_eq!(platform.requests(), Vec::<String>::new());
    let [file] = cached(home.path()).try_into().unwrap();
    let age = |seconds| {
        let file = fs::File::options().write(true).open(&file).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(seconds)).unwrap();
    };
    age(110);
    asked(&platform, home.path(), &["export", ""]);
    assert_eq!(platform.requests(), Vec::<String>::new());
    age(121);
    assert_eq!(asked(&platform, home.path(), &["export", ""]), all);
    assert_eq!(platform.requests().len(), 1);
}

#[test]
fn each_account_has_names_of_its_own() {
    let (one, other) = (Platform::start(), Platform::start());
    let home = tempfile::tempdir().unwrap();
    asked(&one, home.path(), &["export", ""]);
    other.forget_requests();
    asked(&other, home.path(), &["export", ""]);
    assert_eq!(other.requests().len(), 1);
    let files = cached(home.path());
    assert_eq!(files.len(), 2);
    for file in files {
        let key = one.api_key.as_str();
        assert!(!file.to_str().unwrap().contains(key));
        assert!(!fs::read_to_string(file).unwrap().contains(key));
    }
}

#[test]
fn what_cannot_be_had_is_not_offered_and_nothing_is_said() {
    let home = tempfile::tempdir().unwrap();
    let silent = |tdx: Tdx| {
        let output = tdx.env("XDG_CACHE_HOME", home.path().to_str().unwrap()).run();
        assert_eq!((output.code, output.stdout.as_str(), output.stderr.as_str()), (0, "", ""), "{output:?}");
    };
    let words = ["__complete", "fish", "tdx-rt", "export", ""];
    // A platform that never answers: the completion ends all the same.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    silent(Tdx::new(&words).env("TDX_RT_ENDPOINT", &endpoint).env("TDX_API_KEY", "1/key"));
    // No platform, no key, a wrong key, a broken configuration.
    silent(Tdx::new(&words).env("TDX_RT_ENDPOINT", "http://127.0.0.1:9").env("TDX_API_KEY", "1/key"));
    silent(Tdx::new(&words));
    let platform = Platform::start();
    silent(platform.tdx(&words).env("TDX_API_KEY", "1/wrong"));
    let broken = Tdx::new(&words);
    fs::create_dir_all(broken.home().join(".config/tdx")).unwrap();
    fs::write(broken.home().join(".config/tdx/tdx.json"), "{").unwrap();
    silent(broken);
    // Questions that no script asks.
    silent(Tdx::new(&["__complete", "bash"]));
    silent(Tdx::new(&["__complete", "bash", "=", "tdx-rt x", "99999999999", "tdx-rt"]));
    silent(Tdx::new(&["__complete", "fish"]));
}

#[test]
fn a_damaged_cache_is_as_good_as_none_and_is_replaced() {
    let platform = Platform::start();
    let home = tempfile::tempdir().unwrap();
    let all = asked(&platform, home.path(), &["export", ""]);
    let [file] = cached(home.path()).try_into().unwrap();
    let whole = fs::read(&file).unwrap();
    let lists = String::from_utf8(whole.clone()).unwrap().replace('[', "[[");
    let damages = [
        Vec::new(),
        whole[..whole.len() / 2].to_vec(),
        vec![0; whole.len()],
        vec![0xff; 10],
        b"[]\n".to_vec(),
        b"{\"parent segments\":".to_vec(),
        vec![b'['; 1_000_000],
        lists.into_bytes(),
    ];
    for damaged in damages {
        let what = String::from_utf8_lossy(&damaged[..damaged.len().min(40)]).into_owned();
        fs::write(&file, &damaged).unwrap();
        assert_eq!(asked(&platform, home.path(), &["export", ""]), all, "{what}");
        assert_eq!(fs::read(&file).unwrap(), whole, "{what}");
    }
    // Where a file cannot be replaced, nothing is offered; no other command reads it.
    let folder = file.parent().unwrap();
    for place in [&file, &file.with_extension("lock"), folder, folder.parent().unwrap()] {
        let is_folder = place.is_dir();
        fs::remove_file(&file).unwrap();
        match is_folder {
            true => fs::remove_dir_all(place).and_then(|()| fs::write(place, "no folder")).unwrap(),
            false => {
                let _ = fs::remove_file(place);
                fs::create_dir_all(place.join("x")).unwrap();
            }
        }
        assert_eq!(asked(&platform, home.path(), &["export", ""]), [""; 0], "{}", place.display());
        let exported =
            platform.tdx(&["export", "--ps", PS]).env("XDG_CACHE_HOME", home.path().to_str().unwrap());
        assert_eq!(exported.run().code, 0);
        match is_folder {
            true => fs::remove_file(place).unwrap(),
            false => fs::remove_dir_all(place).unwrap(),
        }
        assert_eq!(asked(&platform, home.path(), &["export", ""]), all, "{}", place.display());
    }
}

#[test]
fn what_stands_in_the_line_decides_what_is_offered() {
    let platform = Platform::start();
    let home = tempfile::tempdir().unwrap();
    let offers = |words: &[&str]| asked(&platform, home.path(), words);
    assert_eq!(offers(&["discover", "tables", "web_"]), ["web_events."]);
    assert_eq!(offers(&["pz-test", "--ps", "394649", "--personalization", ""]), Vec::<String>::new());
    // The event of a flag before, with the columns of its table.
    let columns = offers(&["rt-attrs", "--event", "pv=web_events.pageviews", "--single", "x=pv.td_u"]);
    assert_eq!(columns, ["x=pv.td_url"]);
    // A flag that may stand once is not offered again; one that may stand often is.
    assert_eq!(offers(&["rt-events", "--description", "x", "--des"]), Vec::<String>::new());
    assert_eq!(offers(&["rt-events", "--event", "a=b.c", "--eve"]), ["--event"]);
    // Flags come where they are asked for.
    assert!(offers(&["rt-events", ""]).iter().all(|offer| !offer.starts_with('-')));
    assert!(offers(&["config", ""]).contains(&"--site".to_owned()));
    assert!(offers(&["rt-events", "-"]).contains(&"--event".to_owned()));
}

#[test]
fn a_filter_goes_on_with_the_fields_of_the_output() {
    let home = tempfile::tempdir().unwrap();
    let platform = Platform::start();
    platform.forget_requests();
    let offers = |words: &[&str]| asked(&platform, home.path(), words);
    assert_eq!(offers(&["ps-check", "--jq", ".rt_"]), [".rt_status"]);
    assert_eq!(offers(&["rt-events", "list", "--ps", "1", "--jq", ".[] | .datab"]), [".[] | .database"]);
    assert_eq!(platform.requests(), Vec::<String>::new());
}

#[test]
fn a_plan_that_is_named_lends_its_names() {
    let platform = Platform::start();
    let home = tempfile::tempdir().unwrap();
    let plan = home.path().join("mine.yaml");
    fs::write(&plan, "events: [{name: seen, database: web_events, table: pageviews}]\nattributes: [{name: seen_24h, type: counter, source_event: seen, aggregation: count}]\n").unwrap();
    let plan = plan.to_str().unwrap();
    assert_eq!(asked(&platform, home.path(), &["pz-create", "-f", plan, "--trigger", ""]), ["seen"]);
    assert_eq!(
        asked(&platform, home.path(), &["pz-create", "--file", plan, "--attribute", ""]),
        ["seen_24h"]
    );
}

#[test]
fn elvish_completes() {
    let platform = Platform::start();
    let load = "set paths = [$E:HOME/bin $@paths]; eval (tdx-rt completions elvish | slurp); edit:add-var tdx-rt~ {|@a| each {|x| print '<'$x'>' } $a; echo . }";
    let Some(mut shell) = Shell::start(&platform, "elvish", &["-norc"], load) else { return };
    shell.runs("tdx-rt ps-ch\t", "<ps-check>");
    // What has a description is shown first, and taken with Enter.
    shell.runs("tdx-rt export Custo\t\r", "<export><Customer 360>");
    shell.runs("tdx-rt validate pla\t", "<validate><plan.yaml>");
    shell.runs("tdx-rt config --site zz\t", "<config><--site><zz>");
}
