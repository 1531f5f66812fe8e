//! Crates that keep out of the world: no clock, no environment, no files where the house says so.

use super::{File, code};

/// What a crate's shipped sources must not name.
struct Absence {
    folder: &'static str,
    words: &'static [&'static [&'static str]],
}

const CLOCK: &[&str] = &["std::time", "SystemTime", "Timestamp::now", "Zoned::now"];
/// For those who wait for a while, which needs `std::time::Duration`.
const PRESENT: &[&str] = &["SystemTime", "time::Instant", "Instant::now", "Timestamp::now", "Zoned::now"];
const ENVIRONMENT: &[&str] = &["std::env", "std::process", "env::var"];
const INPUT_OUTPUT: &[&str] = &["std::fs", "std::io", "std::net", "std::path"];
const PRINTING: &[&str] = &["println!", "eprintln!", "print!", "eprint!", "dbg!"];
const THREADS: &[&str] = &["std::thread", "thread_local!"];
const ASYNC: &[&str] = &["async"];
const HASH_ORDER: &[&str] = &["HashMap", "HashSet", "RandomState"];

const ABSENCES: &[Absence] = &[
    Absence {
        folder: "crates/kernel/src/",
        words: &[CLOCK, ENVIRONMENT, INPUT_OUTPUT, PRINTING, THREADS, ASYNC, HASH_ORDER],
    },
    Absence { folder: "crates/model/src/", words: &[CLOCK, ENVIRONMENT, INPUT_OUTPUT, PRINTING, HASH_ORDER] },
    Absence {
        folder: "crates/batch/src/",
        words: &[CLOCK, ENVIRONMENT, PRINTING, &["std::net"], HASH_ORDER],
    },
    Absence {
        folder: "crates/store/src/",
        words: &[PRESENT, ENVIRONMENT, PRINTING, &["std::net"], ASYNC, HASH_ORDER],
    },
    Absence { folder: "crates/connect/src/", words: &[PRESENT, ENVIRONMENT, PRINTING, HASH_ORDER] },
    Absence { folder: "crates/server/src/", words: &[PRESENT, ENVIRONMENT, PRINTING, HASH_ORDER] },
];

/// Places where a crate reaches for what it must not know.
pub(super) fn check(files: &[File]) -> Vec<String> {
    let sources = files.iter().filter(|file| file.is_rust() && !file.path.ends_with("/tests.rs"));
    sources.flat_map(source).collect()
}

fn source(file: &File) -> Vec<String> {
    let Some(absence) = ABSENCES.iter().find(|absence| file.path.starts_with(absence.folder)) else {
        return Vec::new();
    };
    let code = code::shipped(&file.text);
    let mut problems = Vec::new();
    for (number, line) in code.lines().enumerate() {
        for word in absence.words.iter().copied().flatten().filter(|word| names(line, word)) {
            let folder = absence.folder.trim_end_matches("/src/");
            problems.push(format!("{}:{}: `{folder}` must not know `{word}`", file.path, number + 1));
        }
    }
    problems
}

/// Whether a line holds the word as a whole: `FxHashMap` is not `HashMap`.
fn names(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(path: &str, text: &str) -> usize {
        check(&[File { path: path.into(), text: text.into() }]).len()
    }

    #[test]
    fn the_kernel_reads_no_clock() {
        assert_eq!(problems("crates/kernel/src/a.rs", "use std::time::Instant;"), 1);
        assert_eq!(problems("crates/cli/src/a.rs", "use std::time::Instant;"), 0);
    }

    #[test]
    fn words_in_comments_and_longer_words_do_not_count() {
        assert_eq!(
            problems("crates/kernel/src/a.rs", "/// Unlike `HashMap`.\nuse rustc_hash::FxHashMap;"),
            0
        );
    }

    #[test]
    fn tests_may_read_files() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests { use std::fs; }\n";
        assert_eq!(problems("crates/kernel/src/a.rs", text), 0);
        assert_eq!(problems("crates/kernel/tests/it/main.rs", "use std::fs;"), 0);
    }
}
