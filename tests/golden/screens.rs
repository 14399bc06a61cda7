//! What a terminal shows, in windows of 60, 80 and 200 columns, with colours and without.

use crate::common::{Platform, binary, terminal};
use regex::Regex;
use std::io::Read;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::LazyLock;
use tempfile::TempDir;

/// A line that is typed into bash, and the name of its screens.
const LINES: [(&str, &str); 16] = [
    ("ps-check", "tdx-rt ps-check"),
    ("ps-check-one", "tdx-rt ps-check 394649"),
    ("discover-tables", "tdx-rt discover tables web_events"),
    ("discover-columns", "tdx-rt discover columns web_events.pageviews"),
    ("validate", "tdx-rt validate slip.yaml"),
    ("diff", "tdx-rt diff plan.yaml"),
    ("apply", "tdx-rt apply plan.yaml"),
    ("apply-again", "tdx-rt apply plan.yaml 2>/dev/null"),
    ("rt-events-list", "tdx-rt rt-events list --ps 394649"),
    ("rt-attrs-list", "tdx-rt rt-attrs list --ps 394649"),
    (
        "pz-test",
        "tdx-rt pz-test -f plan.yaml --key customer_id=c-1001 --field product_id=p1 --field td_path=/product/1",
    ),
    ("undo-list", "tdx-rt undo list"),
    ("delete", "tdx-rt rt-attrs delete country --ps 394649 -y"),
    ("undo", "tdx-rt undo -y"),
    ("pipeline-failed", "tdx-rt ps-check Store | tdx-rt rt-events | tdx-rt rt-keys | tdx-rt rt-attrs"),
    ("explain", "tdx-rt explain 4; tdx-rt explain not-found"),
];

/// More than any of them writes.
const ROWS: NonZero<u16> = NonZero::new(400).unwrap();
const WINDOWS: [(u16, bool); 4] = [(60, false), (80, false), (80, true), (200, false)];

/// A plan with one attribute that is computed: several are made in any order.
const PLAN: &str = r#"
parent_segment_id: "394649"
events:
  - {name: page_view, database: web_events, table: pageviews, where: "td_path LIKE '/product%'"}
id_stitching:
  stitching_keys: [{name: td_client_id, exclude_regex: "^test_"}, {name: customer_id}]
  ext_lookup_key: customer_id
attributes:
  - {name: last_product_viewed, type: single, source_event: page_view, source_field: product_id, aggregation: last}
  - {name: loyalty_tier, type: imported_batch}
personalization_service:
  name: web_personalization
  trigger_event: page_view
  sections:
    - {name: VIP Customers, criteria: "loyalty_tier = 'VIP'", attributes: [last_product_viewed, loyalty_tier]}
    - {name: 他の客, criteria: "", strings: {hello: "Hi 👋"}}
"#;

/// A slip that is found offline.
const SLIP: &str =
    "parent_segment_id: \"394649\"\nevents:\n  - {name: view, databse: web, table: 客の訪問}\n";

/// Numbers and times that no two runs share, each in the place of as many characters.
static VARIES: LazyLock<[(Regex, &str); 5]> = LazyLock::new(|| {
    [
        (r"\b5\d{5}\b", "500000"),
        (r"127\.0\.0\.1:\d{5}\b", "127.0.0.1:10000"),
        (r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", "2026-01-01T00:00:00Z"),
        (r"\b20\d{6}T\d{6}\b", "20260101T000000"),
        (r"after \d+s", "after 0s"),
    ]
    .map(|(pattern, fixed)| (Regex::new(pattern).unwrap(), fixed))
});

struct Shell<'a> {
    platform: &'a Platform,
    folder: &'a Path,
    window: (u16, bool),
}

impl Shell<'_> {
    /// The screen once the line has run, a colour as its number in square brackets.
    fn screen(&self, line: &str) -> String {
        let (columns, colours) = self.window;
        let (mut shown, programs) = terminal::open_with(columns);
        let side = || Stdio::from(programs.try_clone().unwrap());
        let mut command = terminal::command("bash");
        command.args(["--noprofile", "--norc", "-c", line]).env_clear().current_dir(self.folder);
        let path = format!("{}:/usr/bin:/bin", binary().parent().unwrap().display());
        command
            .env("PATH", path)
            .env("HOME", self.folder)
            .env("TERM", "xterm-256color")
            .env("LC_ALL", "C.UTF-8");
        command.env("TDX_RT_ENDPOINT", &self.platform.url).env("TDX_API_KEY", &self.platform.api_key);
        if !colours {
            command.env("NO_COLOR", "1");
        }
        command.stdin(side()).stdout(side()).stderr(side());
        let mut child = command.spawn().unwrap();
        drop((command, programs));
        let mut bytes = Vec::new();
        let mut buffer = [0; 4096];
        while let Ok(length @ 1..) = shown.read(&mut buffer) {
            bytes.extend_from_slice(&buffer[..length]);
        }
        child.wait().unwrap();
        let mut parser = vt100::Parser::new(ROWS, NonZero::new(columns).unwrap(), 0);
        let text = String::from_utf8(bytes).unwrap();
        let text = VARIES
            .iter()
            .fold(text, |text, (pattern, fixed)| pattern.replace_all(&text, *fixed).into_owned());
        parser.process(in_order(&text).as_bytes());
        let screen = parser.screen();
        let rows = (0..ROWS.get()).map(|row| row_text(screen, row, columns)).collect::<Vec<_>>();
        rows.join("\n").trim_end().to_owned()
    }
}

/// What is written at the same time, in one order: runs of lines that say what was done.
fn in_order(text: &str) -> String {
    static DONE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new("^(\u{1b}\\[3[123]m)?[-+~](\u{1b}\\[0m)? ").unwrap());
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    lines.chunk_by_mut(|a, b| DONE.is_match(a) && DONE.is_match(b)).for_each(<[&str]>::sort_unstable);
    lines.concat()
}

/// A row, with `[31]` where a colour begins and `[0]` where it ends.
fn row_text(screen: &vt100::Screen, row: u16, columns: u16) -> String {
    let (mut text, mut before) = (String::new(), String::new());
    for column in 0..columns {
        let Some(cell) = screen.cell(row, column).filter(|cell| !cell.is_wide_continuation()) else {
            continue;
        };
        let mut style = Vec::new();
        if cell.bold() {
            style.push("1".to_owned());
        }
        if cell.dim() {
            style.push("2".to_owned());
        }
        if let vt100::Color::Idx(colour) = cell.fgcolor() {
            style.push((u16::from(colour) + 30).to_string());
        }
        let style = style.join(";");
        if style != before {
            text.push_str(if style.is_empty() { "[0]" } else { "" });
            if !style.is_empty() {
                text.push_str(&format!("[{style}]"));
            }
            before = style;
        }
        text.push_str(if cell.has_contents() { cell.contents() } else { " " });
    }
    if !before.is_empty() {
        text.push_str("[0]");
    }
    text.trim_end().to_owned()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/screens")
}

#[test]
fn screens_are_as_they_were() {
    if !crate::common::tool("bash") {
        return;
    }
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut wrong = Vec::new();
    for window in WINDOWS {
        let (platform, folder_of_run) = (Platform::start(), TempDir::new().unwrap());
        std::fs::write(folder_of_run.path().join("plan.yaml"), PLAN).unwrap();
        std::fs::write(folder_of_run.path().join("slip.yaml"), SLIP).unwrap();
        let shell = Shell { platform: &platform, folder: folder_of_run.path(), window };
        for (name, line) in LINES {
            let fresh = format!("$ {line}\n{}\n", shell.screen(line));
            let colours = if window.1 { "-colours" } else { "" };
            let file = folder().join(format!("{name}-{}{colours}.txt", window.0));
            if update {
                std::fs::create_dir_all(folder()).unwrap();
                std::fs::write(&file, &fresh).unwrap();
            }
            if std::fs::read_to_string(&file).map_or(true, |kept| kept != fresh) {
                wrong.push(format!("{}:\n{fresh}", file.display()));
            }
            let wide = fresh.lines().skip(1).filter(|row| row.chars().count() > usize::from(window.0));
            assert_eq!(wide.filter(|_| !window.1).count(), 0, "{name} {window:?}");
        }
    }
    assert!(
        wrong.is_empty(),
        "{} screens differ (UPDATE_GOLDEN=1 writes them):\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
