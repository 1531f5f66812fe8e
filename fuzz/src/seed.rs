//! The program that states are decoded for and files are read for.

use std::sync::LazyLock;

use kelvin_kernel::program::Program;

/// The model among the seeds, ready to run.
pub(crate) static PROGRAM: LazyLock<Program> = LazyLock::new(|| {
    let model = kelvin_model::load("rules.yaml", include_str!("../corpus/model/rules.yaml"));
    assert!(model.plan.is_some(), "{}", model.render(false));
    model.plan.map(Program::new).unwrap_or_else(|| unreachable!())
});
