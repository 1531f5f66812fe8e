//! Runs the binary in a folder of its own.

use std::{
    fs,
    io::Write,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

/// The least model that grants points.
pub(crate) const MODEL: &str = "\
kelvin: 1
model: small
dimensions:
  web:
    rules:
      - {id: demo, event: Demo Requested, points: 30}
";

/// A folder with files, in which the binary is run.
pub(crate) struct Folder(TempDir);

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Folder {
    /// A folder that holds these files.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().expect("a temporary folder"));
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a text file")
    }

    /// The names of all files, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).expect("a folder");
        let mut names: Vec<_> = entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// The binary with arguments, parted at blanks; those with blanks stand in single quotes.
    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kelvin"));
        command.args(words(line)).current_dir(self.0.path()).stdin(Stdio::null());
        for name in ["COLUMNS", "NO_COLOR", "TERM", "LC_ALL", "LC_CTYPE", "LANG"] {
            command.env_remove(name);
        }
        command
    }

    /// Runs the binary.
    pub(crate) fn run(&self, line: &str) -> Run {
        self.command(line).output().expect("the binary").into()
    }

    /// Runs the binary with text on standard input.
    pub(crate) fn run_with(&self, line: &str, input: &str) -> Run {
        let mut command = self.command(line);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary");
        let mut stdin = child.stdin.take().expect("standard input");
        // Whoever stops reading early has its reasons.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        child.wait_with_output().expect("an end").into()
    }

    /// Runs the binary and compares all that it leaves behind.
    pub(crate) fn check(&self, line: &str, code: i32, out: &str, err: &str) {
        self.run(line).check(code, out, err);
    }
}

impl Run {
    pub(crate) fn check(&self, code: i32, out: &str, err: &str) {
        assert_eq!(self.out, out, "standard output\n{}\nstandard error\n{}", self.out, self.err);
        assert_eq!(self.err, err, "standard error\n{}", self.err);
        assert_eq!(self.code, Some(code), "exit status");
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("text"),
            err: String::from_utf8(output.stderr).expect("text"),
        }
    }
}

/// The words of a command line, as a shell would have them.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let (mut quoted, mut empty) = (false, true);
    for letter in line.chars() {
        match letter {
            '\'' => (quoted, empty) = (!quoted, false),
            ' ' if !quoted => {
                if !std::mem::replace(&mut empty, true) {
                    words.push(String::new());
                }
            }
            letter => {
                empty = false;
                words.last_mut().expect("a word").push(letter);
            }
        }
    }
    if empty {
        words.pop();
    }
    words
}
