//! The example models in the repository check without any problem.

#![allow(clippy::unwrap_used, reason = "a failed test panics")]

use std::{fs, path::Path};

#[test]
fn every_example_model_checks_without_a_problem() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut checked = 0;
    for example in fs::read_dir(folder).unwrap().flatten().filter(|entry| entry.path().is_dir()) {
        let path = example.path().join("model.yaml");
        let loaded = kelvin_model::load("model.yaml", &fs::read_to_string(&path).unwrap());
        assert_eq!(loaded.render(false), "", "{}", path.display());
        assert!(loaded.plan.is_some());
        checked += 1;
    }
    assert!(checked >= 2, "the examples are gone");
}
