//! Findings with their places in a repository.

use super::{Checked, STDIN, first_line};
use crate::plan::Finding;
use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use uuid::Uuid;

/// A finding with its place in the repository.
pub(super) struct Placed<'a> {
    pub(super) finding: &'a Finding,
    /// File relative to the root of the repository, with `/`; `None` for stdin.
    pub(super) file: Option<String>,
    /// Stays the same while the file, the check and the line's text do.
    pub(super) fingerprint: String,
}

impl Placed<'_> {
    /// What is wrong and what to do, on one line.
    pub(super) fn sentence(&self) -> String {
        let message = first_line(&self.finding.message);
        let path = Some(&self.finding.path).filter(|path| !path.is_empty());
        let message = path.map_or_else(|| message.to_owned(), |path| format!("{path}: {message}"));
        self.finding.fix.as_ref().map_or(message.clone(), |fix| format!("{message}; {fix}"))
    }
}

/// The first findings of all, with their places.
pub(super) fn placed<'a>(all: &'a [Checked], limit: usize, root: &Root) -> Vec<Placed<'a>> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let found = all.iter().flat_map(|checked| checked.report.findings.iter().map(move |one| (checked, one)));
    let placed = found.take(limit).map(|(checked, finding)| {
        let file = (checked.file != STDIN).then(|| root.relative(&checked.file));
        let line = finding.line.and_then(|line| checked.text.lines().nth(line.saturating_sub(1)));
        let about = line.map_or(finding.path.as_str(), str::trim);
        let key = [finding.code, file.as_deref().unwrap_or(STDIN), about].join("\n");
        let count = seen.entry(key.clone()).or_default();
        *count = count.saturating_add(1);
        let name = format!("{key}\n{count}");
        let fingerprint = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()).simple().to_string();
        Placed { finding, file, fingerprint }
    });
    placed.collect()
}

/// The root of the repository that the working directory is in.
#[derive(Debug, Default)]
pub(super) struct Root {
    current: Option<PathBuf>,
    root: Option<PathBuf>,
}

impl Root {
    /// The nearest folder at or above `current` with a `.git`, which is a file in a worktree.
    pub(super) fn of(current: Option<&Path>) -> Self {
        let root = current.and_then(|dir| dir.ancestors().find(|dir| dir.join(".git").exists()));
        Root { current: current.map(Path::to_owned), root: root.map(Path::to_owned) }
    }

    /// The path of a file from the root; as it was given outside of a repository.
    fn relative(&self, file: &str) -> String {
        let from_root = || {
            let (current, root) = (self.current.as_ref()?, self.root.as_ref()?);
            let mut path = PathBuf::new();
            for part in current.join(file).components() {
                match part {
                    Component::CurDir => {}
                    Component::ParentDir => drop(path.pop()),
                    part => path.push(part),
                }
            }
            Some(path.strip_prefix(root).ok()?.to_owned())
        };
        let path = from_root().unwrap_or_else(|| PathBuf::from(file.strip_prefix("./").unwrap_or(file)));
        let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        // An absolute path begins with its own separator.
        if path.is_absolute() { path.to_string_lossy().into_owned() } else { parts.join("/") }
    }
}
