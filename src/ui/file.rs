//! Files that are written whole or not at all.

use crate::error::{Code, Error};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes a file so that it is either the old or the new one, never a part: a temporary file
/// beside it, synced and renamed. A link stays a link; devices, pipes and what leads to them
/// (`/dev/stdout`) are written to directly.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let fail = |error| unwritable(path, error);
    let Some(target) = regular_target(path) else {
        let mut file = fs::OpenOptions::new().write(true).open(path).map_err(fail)?;
        return Ok(file.write_all(bytes).map_err(fail)?);
    };
    let mut file = new_file_in(folder_of(&target)).map_err(fail)?;
    file.write_all(bytes).map_err(fail)?;
    file.as_file().sync_all().map_err(fail)?;
    if let Ok(meta) = fs::metadata(&target) {
        fs::set_permissions(file.path(), meta.permissions()).map_err(fail)?;
    }
    file.persist(&target).map_err(|error| fail(error.error))?;
    Ok(())
}

/// An error when nothing can be written to a file.
pub(super) fn check_writable(path: &Path) -> Result<(), Error> {
    match regular_target(path) {
        Some(target) => new_file_in(folder_of(&target)).map(drop).map_err(|error| unwritable(path, error)),
        None if path.is_dir() => Err(unwritable(path, io::ErrorKind::IsADirectory.into())),
        None => Ok(()),
    }
}

/// Without the temporary file's name, which means nothing to the user.
fn unwritable(path: &Path, error: io::Error) -> Error {
    let reason = match error.kind() {
        io::ErrorKind::NotFound => "there is no such folder".to_owned(),
        kind => io::Error::from(kind).to_string(),
    };
    Error::new(Code::Io, format!("cannot write {}: {reason}", path.display()))
        .hint("check that the folder exists, can be written to and has space")
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

/// The file behind a path, through its links; `None` for what is no regular file, and for the open
/// files that the system shows below [`OPEN_FILES`]: what they stand for is written to, not replaced.
fn regular_target(path: &Path) -> Option<PathBuf> {
    let mut target = path.to_owned();
    // As many links as Linux follows.
    for _ in 0..40 {
        if OPEN_FILES.iter().any(|shown| target.starts_with(shown)) {
            return None;
        }
        match fs::read_link(&target) {
            Ok(next) => target = target.parent().unwrap_or_else(|| Path::new("")).join(next),
            Err(_) => break,
        }
    }
    match fs::metadata(&target) {
        Ok(meta) if !meta.is_file() => None,
        _ => Some(target),
    }
}

const OPEN_FILES: [&str; 4] = ["/proc", "/dev/fd", "/dev/stdout", "/dev/stderr"];

/// A temporary file with the permissions that a shell redirection gives (0666 less the umask).
fn new_file_in(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".tdx-rt-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}
