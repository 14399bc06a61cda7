//! Help as it reads in windows of several widths.

use crate::common::Tdx;
use std::fs;
use std::path::Path;

/// Files with their command lines and widths.
const PAGES: [(&str, &[&str], &str); 8] = [
    ("tdx-rt-60", &["-h"], "60"),
    ("tdx-rt-80", &["-h"], "80"),
    ("tdx-rt-120", &["-h"], "120"),
    ("options-80", &["help", "options"], "80"),
    ("journey-80", &["journey", "-h"], "80"),
    ("discover-60", &["discover", "-h"], "60"),
    ("journey-test-80", &["journey-test", "--help"], "80"),
    ("journey-pause-80", &["journey", "pause", "-h"], "80"),
];

#[test]
fn help_is_up_to_date() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/help");
    for (name, arguments, columns) in PAGES {
        let output = Tdx::new(arguments).env("COLUMNS", columns).run();
        assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{name}");
        let file = folder.join(format!("{name}.txt"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&file, &output.stdout).unwrap();
        }
        assert_eq!(fs::read_to_string(&file).unwrap_or_default(), output.stdout, "{name}");
    }
}
