//! The program's own files and folders: for their user alone, and never anything but files.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

/// Makes a folder, and those above it that are missing, for their user alone (0700, whatever the umask).
pub fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    folder.parent().map_or(Ok(()), make_folder)?;
    match fs::create_dir(folder) {
        // Another process was faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        made => made.and_then(|()| private(|permissions| fs::set_permissions(folder, permissions), 0o700)),
    }
}

/// Makes an existing folder of the program private: an earlier version made it as the umask said. One in
/// another place than the usual ones stays as the user made it. Where this fails, the files inside of it are
/// private all the same.
pub fn close(folder: &Path) {
    const OWN: [&str; 3] = [".local/state/tdx-rt", "state/tdx-rt/journals", "state/tdx-rt/locks"];
    // Lists of names are kept apart by their key.
    let of_names = folder.parent().is_some_and(|above| above.ends_with("tdx-rt/completion"));
    if folder.is_dir() && (of_names || OWN.iter().any(|own| folder.ends_with(own))) {
        let _ = private(|permissions| fs::set_permissions(folder, permissions), 0o700);
    }
}

/// Opens a file for reading and writing; a new one is for its user alone (0600, whatever the umask).
///
/// # Errors
/// Also when something else is in its place: a pipe, a device, a folder.
pub fn open(path: &Path, new: bool) -> io::Result<File> {
    let file = only_file(OpenOptions::new().read(true).write(true).create(new).truncate(false), path)?;
    if new {
        make_private(&file)?;
    }
    Ok(file)
}

/// Makes a file one for its user alone, whatever the umask was.
pub fn make_private(file: &File) -> io::Result<()> {
    private(|permissions| file.set_permissions(permissions), 0o600)
}

/// Reads a file of at most `limit` bytes.
///
/// # Errors
/// Also when something else is in its place, and when it is larger.
pub fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = only_file(OpenOptions::new().read(true), path)?;
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > limit {
        true => Err(io::Error::other(format!("it is larger than {} MB", limit / 1_000_000))),
        false => Ok(bytes),
    }
}

/// Opens a path without waiting for the other end of a pipe.
fn only_file(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
        options.mode(0o600).custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
    }
    match options.open(path) {
        Ok(file) if file.metadata()?.is_file() => Ok(file),
        Ok(_) => Err(no_file()),
        Err(_) if fs::metadata(path).is_ok_and(|meta| !meta.is_file()) => Err(no_file()),
        Err(error) => Err(error),
    }
}

/// The error for what is in place of a file.
pub fn no_file() -> io::Error {
    io::Error::other("it is no file, but a pipe, a device or a folder")
}

#[cfg(unix)]
fn private(set: impl Fn(fs::Permissions) -> io::Result<()>, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    match set(fs::Permissions::from_mode(mode)) {
        // Another user's file that this one may write to.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        set => set,
    }
}

#[cfg(not(unix))]
fn private(_: impl Fn(fs::Permissions) -> io::Result<()>, _: u32) -> io::Result<()> {
    Ok(())
}
