//! What must survive any input: each target calls one public function and checks what always holds.

use kelvin_kernel::Instant;

pub mod mutate;

/// A function under fuzzing.
pub struct Target {
    /// Its name; seeds lie in `fuzz/corpus/<name>`.
    pub name: &'static str,
    /// Calls it with arbitrary bytes; panics when something that always holds does not.
    pub run: fn(&[u8]),
}

/// All targets.
pub const TARGETS: &[Target] = &[Target { name: "instant", run: instant }];

/// Text of an instant; what can be read prints as a text that reads the same.
fn instant(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(at) = Instant::parse(text) {
        assert_eq!(Instant::parse(&at.to_string()), Ok(at), "{text:?}");
    }
}
