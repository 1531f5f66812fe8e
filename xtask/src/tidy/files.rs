//! What every file owes its reader: a first line that says what it holds, a bounded length, nothing left undone.

use super::{File, code};

/// Lines of code in one file: more is an error.
const MOST: usize = 500;
/// Lines of code in one file: more is told.
const MANY: usize = 300;

/// What lies at the root.
const ROOT: &[&str] = &[
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "LICENSE",
    "SECURITY.md",
    "Cargo.toml",
    "Cargo.lock",
    "deny.toml",
    "clippy.toml",
    "rustfmt.toml",
    ".ci/run",
];

/// Marks that never land. Put together here, so that this file does not hold them.
const MARKS: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX")];

/// Missing root files, files without a header, too long ones, and marks of unfinished work.
pub(super) fn check(files: &[File]) -> Vec<String> {
    let has = |path: &str| files.iter().any(|file| file.path == path);
    let missing = ROOT.iter().filter(|path| !has(path)).map(|path| format!("{path} is missing"));
    missing.chain(files.iter().flat_map(file)).collect()
}

/// Files that grow long, with their lines of code.
pub(super) fn long(files: &[File]) -> Vec<String> {
    let sizes = files.iter().filter(|file| file.is_rust()).map(|file| (length(file), &file.path));
    let mut long: Vec<_> = sizes.filter(|(lines, _)| (MANY..=MOST).contains(lines)).collect();
    long.sort_by(|a, b| b.cmp(a));
    long.iter().map(|(lines, path)| format!("{path} has {lines} lines of code: several rooms?")).collect()
}

fn file(file: &File) -> Vec<String> {
    let mut problems = Vec::new();
    if file.is_rust() {
        if !file.text.starts_with("//! ") {
            problems.push(format!("{}:1: the file does not open with a `//!` line", file.path));
        }
        let lines = length(file);
        if lines > MOST {
            problems.push(format!("{}: {lines} lines of code, at most {MOST} fit: split it", file.path));
        }
        if code::bare(&file.text).contains("#[ignore") {
            problems.push(format!("{}: an ignored test proves nothing: mend it or remove it", file.path));
        }
    }
    for (number, line) in file.lines() {
        if let Some(mark) =
            MARKS.iter().find(|mark| line.split(|c: char| !c.is_alphanumeric()).any(|w| w == **mark))
        {
            problems.push(format!("{}:{number}: `{mark}` does not land: do it or write an issue", file.path));
        }
    }
    problems
}

/// Lines that hold code.
fn length(file: &File) -> usize {
    code::bare(&file.text).lines().filter(|line| !line.trim().is_empty()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(path: &str, text: &str) -> Vec<String> {
        file(&File { path: path.into(), text: text.into() })
    }

    #[test]
    fn a_file_opens_with_what_it_holds() {
        assert_eq!(problems("a.rs", "fn a() {}"), ["a.rs:1: the file does not open with a `//!` line"]);
        assert!(problems("a.rs", "//! A.\nfn a() {}").is_empty());
    }

    #[test]
    fn comments_do_not_make_a_file_long() {
        let code = |lines| format!("//! A.\n{}", "fn a() {}\n".repeat(lines));
        assert!(problems("a.rs", &code(MOST)).is_empty());
        assert!(problems("a.rs", &format!("{}{}", code(MOST), "// why\n\n".repeat(100))).is_empty());
        assert_eq!(problems("a.rs", &code(MOST + 1)).len(), 1);
    }

    #[test]
    fn unfinished_work_is_told_in_any_file() {
        assert_eq!(problems("a.md", &format!("one\n{}: two", MARKS[0])).len(), 1);
        assert!(problems("a.md", "a mastodon").is_empty());
    }

    #[test]
    fn an_ignored_test_is_told() {
        assert_eq!(problems("a.rs", "//! A.\n#[ignore]\n#[test]\nfn a() {}").len(), 1);
    }
}
