//! The shared conformance cases, where they are, through the binary.

use std::path::{Path, PathBuf};

use crate::run::Folder;

/// The folder with the shared cases, where it is.
pub(crate) fn shared_cases() -> Option<PathBuf> {
    let beside = |up: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join(up).join("shared");
    let given = std::env::var_os("KELVIN_SHARED").map(PathBuf::from);
    let places = given.into_iter().chain([beside("../../.."), beside("../../../..")]);
    let cases = places.map(|place| place.join("conformance")).find_map(|place| place.canonicalize().ok());
    if cases.is_none() {
        println!("no shared conformance cases here: nothing to run");
    }
    cases
}

#[test]
fn every_conformance_case_holds() {
    let Some(cases) = shared_cases() else { return };
    let run = Folder::new(&[]).run(&format!("test --exact {}", cases.display()));
    assert!(run.out.ends_with(", 0 failed\n"), "{}", run.out);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
}
