//! What must survive any input: each target calls one public function and checks what always holds.

pub mod mutate;

mod batch;
mod condition;
mod kernel;
mod model;
mod seed;
mod server;
mod state;

/// A function under fuzzing.
pub struct Target {
    /// Its name; seeds lie in `fuzz/corpus/<name>`.
    pub name: &'static str,
    /// Inputs near the seeds in a short run: some thousand, fewer where one takes long.
    pub rounds: usize,
    /// Calls it with arbitrary bytes; panics when something that always holds does not.
    pub run: fn(&[u8]),
}

/// All targets, each with a folder of seeds and a test.
pub const TARGETS: &[Target] = &[
    Target { name: "condition", rounds: 300, run: condition::condition },
    Target { name: "csv", rounds: 300, run: batch::csv },
    Target { name: "email", rounds: 2_000, run: kernel::email },
    Target { name: "format", rounds: 500, run: model::format },
    Target { name: "intake", rounds: 2_000, run: server::intake },
    Target { name: "jsonl", rounds: 300, run: batch::jsonl },
    Target { name: "markdown", rounds: 2_000, run: model::markdown },
    Target { name: "model", rounds: 500, run: model::model },
    Target { name: "playbook", rounds: 150, run: model::playbook },
    Target { name: "request", rounds: 1_000, run: server::request },
    Target { name: "state", rounds: 1_000, run: state::state },
    Target { name: "time", rounds: 2_000, run: kernel::time },
    Target { name: "value", rounds: 2_000, run: kernel::value },
];

/// Calls `run` with the input as text; other bytes are not its business.
fn text(data: &[u8], run: impl FnOnce(&str)) {
    if let Ok(text) = std::str::from_utf8(data) {
        run(text);
    }
}
