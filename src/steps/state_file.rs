//! Small JSON files in the state folder, for their user alone (0600): written whole or not at all,
//! one process at a time.

use anyhow::Context as _;
use serde_json::{Map, Value};
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

/// What a file holds; `None` when it is not there. A file that is no JSON object is an error.
pub fn read(path: &Path) -> anyhow::Result<Option<Map<String, Value>>> {
    let what = || format!("cannot read {}", path.display());
    match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes).with_context(what).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(what),
    }
}

/// Changes what a file holds. A file that is there and cannot be read is left as it is, and is an
/// error.
pub fn update(path: &Path, change: impl FnOnce(&mut Map<String, Value>)) -> anyhow::Result<()> {
    let what = || format!("cannot write {}", path.display());
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(dir).with_context(what)?;
    // Two processes may change it at once; the lock goes with the file handle.
    let lock = fs::File::create(path.with_extension("lock")).with_context(what)?;
    lock.lock().with_context(what)?;
    let mut content = read(path)?.unwrap_or_default();
    change(&mut content);
    // Temporary files are 0600 from their first byte on.
    let mut file = tempfile::NamedTempFile::new_in(dir).with_context(what)?;
    serde_json::to_writer_pretty(&mut file, &content).with_context(what)?;
    file.write_all(b"\n").with_context(what)?;
    file.as_file().sync_all().with_context(what)?;
    file.persist(path).with_context(what)?;
    Ok(())
}
