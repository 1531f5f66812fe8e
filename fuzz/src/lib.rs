//! What must survive any input: each target calls one public function and checks what always holds.

pub mod mutate;

mod batch;
mod kernel;
mod model;

/// A function under fuzzing.
pub struct Target {
    /// Its name; seeds lie in `fuzz/corpus/<name>`.
    pub name: &'static str,
    /// Calls it with arbitrary bytes; panics when something that always holds does not.
    pub run: fn(&[u8]),
}

/// All targets, each with a folder of seeds and a test.
pub const TARGETS: &[Target] = &[
    Target { name: "csv", run: batch::csv },
    Target { name: "email", run: kernel::email },
    Target { name: "format", run: model::format },
    Target { name: "jsonl", run: batch::jsonl },
    Target { name: "markdown", run: model::markdown },
    Target { name: "time", run: kernel::time },
    Target { name: "value", run: kernel::value },
];

/// Calls `run` with the input as text; other bytes are not its business.
fn text(data: &[u8], run: impl FnOnce(&str)) {
    if let Ok(text) = std::str::from_utf8(data) {
        run(text);
    }
}
