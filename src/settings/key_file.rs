//! Keys in files: the one of `--api-key-file`, and who else can read one.

use super::credential::is_key;
use crate::error::{Code, Error};
use secrecy::SecretString;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Bytes that are read: far more than a key has.
const MOST: u64 = 4_096;

/// The key that a file holds and nothing else; `-` is stdin.
///
/// # Errors
/// When it can't be read, or is no key. What it holds is not shown.
pub fn read(file: &Path) -> Result<SecretString, Error> {
    let failed = |code, why: &str| {
        Error::new(code, format!("--api-key-file {}: {why}", file.display()))
            .hint("the file holds the key alone, as ACCOUNT/KEY, on one line; - reads it from stdin")
    };
    let mut bytes = Vec::new();
    let result = match file.as_os_str() == "-" {
        true => io::stdin().lock().take(MOST).read_to_end(&mut bytes),
        false => File::open(file).and_then(|file| file.take(MOST).read_to_end(&mut bytes)),
    };
    if let Err(error) = result {
        let code = if error.kind() == io::ErrorKind::NotFound { Code::NotFound } else { Code::Io };
        return Err(failed(code, &error.to_string()));
    }
    let text = std::str::from_utf8(&bytes).unwrap_or_default().trim_start_matches('\u{feff}').trim();
    match is_key(text) {
        true => Ok(text.into()),
        false => Err(failed(Code::BadSetting, "it holds no key")),
    }
}

/// A warning where others can read a file with a key.
pub(super) fn exposed(file: &Path) -> Option<String> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let meta = file.metadata().ok().filter(|meta| meta.is_file())?;
        (meta.permissions().mode() & 0o044 != 0).then(|| {
            let file = file.display();
            format!("others can read the key in {file}: chmod 600 {file} makes it yours alone")
        })
    }
    #[cfg(not(unix))]
    None
}
