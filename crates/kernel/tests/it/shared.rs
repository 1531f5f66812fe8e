//! The folder of shared cases; the tests of other crates look for it with this file too.

use std::path::{Path, PathBuf};

/// The folder, if this machine has it: `KELVIN_SHARED`, or `shared` in some folder above.
#[allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test finds its cases by the environment, and tells where it finds none"
)]
pub(crate) fn shared() -> Option<PathBuf> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|folder| folder.join("shared"));
    let given = std::env::var_os("KELVIN_SHARED").map(PathBuf::from);
    let found = given.into_iter().chain(above).find(|folder| folder.join("conformance").is_dir());
    if found.is_none() {
        println!("no shared cases here: set KELVIN_SHARED to test against them");
    }
    found
}
