//! The forms of the fuzz targets, with simple variations of the same corpus. `fuzz/README.md` says how to run the
//! targets themselves, which go further. `TDX_RT_FUZZ_INPUTS` is the number of inputs for each form.

use crate::common::Random;
use crate::forms::{FORMS, form};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const INPUTS: usize = 300;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(name)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

/// A variation of one of these inputs, or a mix of two.
fn varied(random: &mut Random, inputs: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = random.pick(inputs).clone();
    for _ in 0..=random.index(3) {
        if bytes.is_empty() {
            break;
        }
        let (start, length) = (random.index(bytes.len()), 1 + random.index(20));
        let end = (start + length).min(bytes.len());
        match random.index(6) {
            0 => drop(bytes.drain(start..end)),
            1 => bytes[start] = *random.pick(b"\0\t\n \"'#-:,[]{}()019aZ|\\\xc3\xff"),
            2 => bytes.insert(start, *random.pick(b"\n \"':,[]{}()09.-~&*!%@`")),
            3 => {
                let part = bytes[start..end].to_vec();
                bytes.splice(start..start, part);
            }
            4 => {
                let other = random.pick(inputs);
                let from = random.index(other.len().max(1));
                let part = other[from..].iter().take(length * 4).copied().collect::<Vec<u8>>();
                bytes.splice(start..end, part);
            }
            _ => bytes.truncate(start),
        }
    }
    bytes
}

#[test]
fn whatever_is_read_holds_its_form() {
    let count = std::env::var("TDX_RT_FUZZ_INPUTS").map_or(INPUTS, |count| count.parse().unwrap());
    std::thread::scope(|scope| {
        for (place, (name, _)) in FORMS.into_iter().enumerate() {
            scope.spawn(move || {
                let form = form(name);
                let files = files(&folder("corpus").join(name));
                let inputs: Vec<Vec<u8>> = files.iter().map(|file| fs::read(file).unwrap()).collect();
                let mut random = Random(u64::try_from(place).unwrap());
                let more = (0..count).map(|_| varied(&mut random, &inputs));
                for input in inputs.iter().cloned().chain(more) {
                    let held = std::panic::catch_unwind(|| form(&input));
                    assert!(held.is_ok(), "{name}: {:?}", String::from_utf8_lossy(&input));
                }
            });
        }
    });
}

#[test]
fn each_form_has_a_target_and_a_corpus() {
    let forms: BTreeSet<&str> = FORMS.iter().map(|(name, _)| *name).collect();
    let stems = |of: &str| {
        let stem = |file: &PathBuf| file.file_stem().unwrap().to_str().unwrap().to_owned();
        files(&folder(of)).iter().map(stem).collect::<BTreeSet<String>>()
    };
    for of in ["corpus", "fuzz_targets"] {
        assert_eq!(stems(of), forms.iter().map(|name| (*name).to_owned()).collect(), "{of}");
    }
}
