//! Files that are written whole or not at all, and what takes the place of stdout.

pub mod install;
pub mod own;
pub mod state;

use crate::error::{Code, Error};
use std::cell::RefCell;
use std::fs::{self, File, Metadata, OpenOptions, Permissions};
use std::io::{self, Seek as _, Write};
use std::path::{Path, PathBuf};

/// Writes a file so that it is either the old or the new one, never a part: a temporary file
/// beside it, synced and renamed. A link stays a link; devices, pipes and what leads to them
/// (`/dev/fd/3`) are written to directly.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    match kind(path) {
        Kind::File(target, _) => {
            Ok(replace(&target, bytes, Access::AsBefore).map_err(|error| unwritable(path, error))?)
        }
        _ => Ok(OutputFile::prepare(path)?.write(bytes)?),
    }
}

/// Who may use a file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// As the old one says; for a new one as a shell redirection gives it (0666 less the umask).
    AsBefore,
    /// Its user alone (0600), from the first byte on.
    Private,
}

/// Replaces a file by a new one. The folder must exist.
pub fn replace(target: &Path, bytes: &[u8], access: Access) -> io::Result<()> {
    let mut file = new_file_in(folder_of(target), access)?;
    file.write_all(bytes)?;
    if access == Access::Private {
        own::make_private(file.as_file())?;
    }
    file.as_file().sync_all()?;
    if let (Access::AsBefore, Ok(old)) = (access, fs::metadata(target)) {
        fs::set_permissions(file.path(), old.permissions())?;
    }
    file.persist(target).map_err(|error| error.error)?;
    sync_folder(target)
}

/// Syncs a file's folder, so that its name outlives a loss of power. A failure is none of the file's: that is synced.
pub fn sync_folder(target: &Path) -> io::Result<()> {
    let _ = File::open(folder_of(target)).and_then(|folder| folder.sync_all());
    Ok(())
}

/// Space on a disk that is held for a file; it is given back when this is dropped or the process ends.
#[derive(Debug)]
#[must_use]
pub struct Room(File);

impl Room {
    /// Replaces a file of its user alone by a new one in the space that is held, which no other process can take
    /// meanwhile. Where such a file cannot be linked, the space is given back and taken again.
    pub fn replace(mut self, target: &Path, bytes: &[u8]) -> io::Result<()> {
        own::make_private(&self.0)?;
        overwrite(&mut self.0, bytes)?;
        match temporary().make_in(folder_of(target), |path| name_file(&self.0, path)) {
            Ok(named) => {
                named.persist(target).map_err(|error| error.error)?;
                sync_folder(target)
            }
            Err(_) => {
                drop(self);
                replace(target, bytes, Access::Private)
            }
        }
    }
}

/// Links an open file that has no name to a path (`linkat(2)`).
#[cfg(target_os = "linux")]
fn name_file(file: &File, path: &Path) -> io::Result<()> {
    use rustix::fs::{AtFlags, CWD, linkat};
    use std::os::fd::AsRawFd as _;
    let open = format!("/proc/self/fd/{}", file.as_raw_fd());
    Ok(linkat(CWD, open, CWD, path, AtFlags::SYMLINK_FOLLOW)?)
}

#[cfg(not(target_os = "linux"))]
fn name_file(_file: &File, _path: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Holds space for a file that is to be written or replaced by one of this size in bytes. Nothing is changed.
///
/// # Errors
/// When there is not so much, the file can't be replaced, or its folder takes no new one.
pub fn hold_room(target: &Path, size: usize) -> io::Result<Room> {
    let mut file = tempfile::tempfile_in(folder_of(target))?;
    file.write_all(&vec![b' '; size])?;
    file.sync_data()?;
    match fs::metadata(target) {
        Ok(meta) if !meta.is_file() => Err(own::no_file()),
        Ok(meta) if !can_be_replaced(target, &meta) => Err(io::ErrorKind::ResourceBusy.into()),
        _ => Ok(Room(file)),
    }
}

/// Reserves so many bytes behind the end of a file, which stays as long as it is: no other file can take them then.
/// Where the file system has no such thing, it is only found out whether there is so much space.
pub fn reserve(file: &File, path: &Path, more: usize) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{FallocateFlags, fallocate};
        use rustix::io::Errno;
        let (end, more) = (file.metadata()?.len(), u64::try_from(more).unwrap_or(u64::MAX));
        match fallocate(file, FallocateFlags::KEEP_SIZE, end, more) {
            Err(Errno::OPNOTSUPP | Errno::NOSYS) => {}
            reserved => return Ok(reserved?),
        }
    }
    hold_room(path, more).map(drop)
}

/// The file of `--output`, tried when it is made, so that what can't be written is refused before the
/// work and not after it.
#[derive(Debug)]
pub struct OutputFile {
    path: PathBuf,
    method: Method,
}

/// How a file is written.
#[derive(Debug)]
enum Method {
    /// By a new file in its place: whole or not at all.
    Replaced(PathBuf),
    /// In place, because it can't be replaced: it is mounted by itself, or its folder takes no file.
    InPlace(RefCell<File>),
    /// To its end: a device, a pipe, or a file that is open already (`/dev/fd/3`).
    Stream(RefCell<File>),
    /// A named pipe without a reader yet: opened when there is something to write.
    LaterPipe,
    /// A pipe whose reader has ended.
    NoReader,
}

impl OutputFile {
    /// Finds out how the file can be written. Nothing is changed.
    ///
    /// # Errors
    /// When it can't be written: no such folder, a folder in its place, no permission, a file or file
    /// system for reading only, a device without space.
    pub fn prepare(path: &Path) -> Result<Self, Error> {
        let method = match kind(path) {
            Kind::File(target, meta) => file_method(target, meta.as_ref()),
            Kind::Other { shown } => stream_method(path, shown),
            Kind::Unusable(error) => Err(error),
        };
        let method = method.map_err(|error| unwritable(path, error))?;
        Ok(OutputFile { path: path.to_owned(), method })
    }

    /// Writes all of it. A reader of a pipe that has had enough is no error.
    pub fn write(&self, bytes: &[u8]) -> Result<(), Error> {
        let written = match &self.method {
            Method::Replaced(target) => replace_or_overwrite(target, bytes),
            Method::InPlace(file) => overwrite(&mut file.borrow_mut(), bytes),
            Method::Stream(file) => to_reader(&mut file.borrow_mut(), bytes),
            Method::LaterPipe => {
                let opened = OpenOptions::new().write(true).open(&self.path);
                opened.and_then(|mut pipe| to_reader(&mut pipe, bytes))
            }
            Method::NoReader => Ok(()),
        };
        written.map_err(|error| unwritable(&self.path, error))
    }
}

fn file_method(target: PathBuf, meta: Option<&Metadata>) -> io::Result<Method> {
    let replaced = new_file_in(folder_of(&target), Access::AsBefore).map(drop);
    let Some(meta) = meta else { return replaced.map(|()| Method::Replaced(target)) };
    // A file that may not be written to is not replaced either.
    let there = OpenOptions::new().write(true).open(&target)?;
    match replaced {
        Ok(()) if can_be_replaced(&target, meta) => Ok(Method::Replaced(target)),
        _ => Ok(Method::InPlace(RefCell::new(there))),
    }
}

/// Opens what is no file. A named pipe without a reader can't be opened without waiting, so it is left
/// for later; one that is open already (`shown`) has lost its reader.
fn stream_method(path: &Path, shown: bool) -> io::Result<Method> {
    let meta = fs::metadata(path)?;
    let mut options = OpenOptions::new();
    // As the shell has positioned it: `3>>log` appends.
    if meta.is_file() {
        options.append(true)
    } else {
        options.write(true)
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
        let nonblock = rustix::fs::OFlags::NONBLOCK;
        if meta.file_type().is_fifo() {
            options.custom_flags(i32::try_from(nonblock.bits()).unwrap_or_default());
        }
    }
    let mut file = match options.open(path) {
        #[cfg(unix)]
        Err(error) if error.raw_os_error() == Some(rustix::io::Errno::NXIO.raw_os_error()) => {
            use std::os::unix::fs::FileTypeExt as _;
            return match (meta.file_type().is_fifo(), shown) {
                (false, _) => Err(error),
                (true, true) => Ok(Method::NoReader),
                (true, false) => Ok(Method::LaterPipe),
            };
        }
        opened => opened?,
    };
    #[cfg(unix)]
    {
        let flags = rustix::fs::fcntl_getfl(&file)?;
        rustix::fs::fcntl_setfl(&file, flags.difference(rustix::fs::OFlags::NONBLOCK))?;
    }
    // Writes nothing; a device that takes nothing more (`/dev/full`) says so here already.
    let _ = file.write(&[])?;
    Ok(Method::Stream(RefCell::new(file)))
}

/// Replaces a file; where the system refuses only that, its content.
fn replace_or_overwrite(target: &Path, bytes: &[u8]) -> io::Result<()> {
    use io::ErrorKind::{CrossesDevices, PermissionDenied, ResourceBusy};
    let refused = match replace(target, bytes, Access::AsBefore) {
        Err(error) if matches!(error.kind(), CrossesDevices | PermissionDenied | ResourceBusy) => error,
        result => return result,
    };
    match OpenOptions::new().write(true).open(target) {
        Ok(mut file) => overwrite(&mut file, bytes),
        Err(_) => Err(refused),
    }
}

/// Puts these bytes in place of what a file has.
fn overwrite(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    file.rewind()?;
    file.write_all(bytes)?;
    file.set_len(u64::try_from(bytes.len()).unwrap_or(u64::MAX))?;
    file.sync_all()
}

fn to_reader(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    match file.write_all(bytes).and_then(|()| file.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Whether a file of this name in a folder that takes files can be replaced: not where it is mounted by
/// itself, is marked as fixed, or belongs to another user in a folder like `/tmp`.
#[cfg(target_os = "linux")]
fn can_be_replaced(target: &Path, meta: &Metadata) -> bool {
    use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
    let fixed = StatxAttributes::MOUNT_ROOT | StatxAttributes::IMMUTABLE | StatxAttributes::APPEND;
    let attributes = statx(CWD, target, AtFlags::empty(), StatxFlags::TYPE).map(|found| found.stx_attributes);
    !attributes.is_ok_and(|has| has.intersects(fixed)) && may_be_replaced(target, meta)
}

#[cfg(all(unix, not(target_os = "linux")))]
fn can_be_replaced(target: &Path, meta: &Metadata) -> bool {
    may_be_replaced(target, meta)
}

#[cfg(not(unix))]
fn can_be_replaced(_target: &Path, meta: &Metadata) -> bool {
    !meta.permissions().readonly()
}

/// In a folder with the sticky bit only the owner of a file or of the folder may replace it (POSIX,
/// `rename`).
#[cfg(unix)]
fn may_be_replaced(target: &Path, meta: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    const STICKY: u32 = 0o1000;
    let user = rustix::process::geteuid().as_raw();
    let sticky = fs::metadata(folder_of(target)).ok().filter(|folder| folder.mode() & STICKY != 0);
    sticky.is_none_or(|folder| user == 0 || user == meta.uid() || user == folder.uid())
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

/// What a path stands for.
enum Kind {
    /// A file, through its links, with its metadata where it exists.
    File(PathBuf, Option<Metadata>),
    /// A device or a pipe, or, with `shown`, an open file of a process below [`OPEN_FILES`]: what it
    /// stands for is written to, not replaced.
    Other { shown: bool },
    /// A folder, a loop of links, or a place that can't be looked at.
    Unusable(io::Error),
}

fn kind(path: &Path) -> Kind {
    let mut target = path.to_owned();
    // As many links as Linux follows.
    for _ in 0..40 {
        if OPEN_FILES.iter().any(|shown| target.starts_with(shown)) {
            return Kind::Other { shown: true };
        }
        match fs::read_link(&target) {
            Ok(next) => target = target.parent().unwrap_or_else(|| Path::new("")).join(next),
            Err(_) => break,
        }
    }
    if target.as_os_str().is_empty() {
        return Kind::Unusable(io::ErrorKind::InvalidInput.into());
    }
    match fs::metadata(&target) {
        Err(_) if target.as_os_str().as_encoded_bytes().ends_with(b"/") => {
            Kind::Unusable(io::ErrorKind::NotADirectory.into())
        }
        Ok(meta) if meta.is_dir() => Kind::Unusable(io::ErrorKind::IsADirectory.into()),
        Ok(meta) if meta.is_file() => Kind::File(target, Some(meta)),
        Ok(_) => Kind::Other { shown: false },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Kind::File(target, None),
        Err(error) => Kind::Unusable(error),
    }
}

const OPEN_FILES: [&str; 4] = ["/proc", "/dev/fd", "/dev/stdout", "/dev/stderr"];

/// Whether a path is this process's stdout by another name.
pub fn is_stdout(path: &Path) -> bool {
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|stdout| path.as_os_str() == *stdout)
}

/// A temporary file, for its user alone unless another mode is given.
fn new_file_in(folder: &Path, access: Access) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = temporary();
    #[cfg(unix)]
    if access == Access::AsBefore {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

fn temporary() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".tdx-rt-");
    builder
}
