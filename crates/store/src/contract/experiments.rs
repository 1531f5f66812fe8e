//! Experiments that are carried out: which models leads are dealt out to, and what came of it.

use kelvin_kernel::Instant;

use crate::{Experiment, Result};

/// Looks at experiments.
pub trait ExperimentsView {
    /// The experiments that are carried out, by id.
    fn experiments(&self) -> Result<Vec<Experiment>>;

    /// How many hand-offs followed from a model's scores from an instant on.
    fn hand_offs_by(&self, model: &str, since: Instant) -> Result<u64>;
}

/// Changes experiments.
pub trait ExperimentsChange: ExperimentsView {
    /// Puts an experiment in the place of the one of its id.
    fn put_experiment(&mut self, experiment: &Experiment) -> Result<()>;

    /// Ends an experiment.
    fn end_experiment(&mut self, id: &str) -> Result<()>;
}
