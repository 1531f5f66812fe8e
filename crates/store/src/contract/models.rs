//! Models in service: their versions, and which of them serves since when.

use kelvin_kernel::Instant;

use crate::{NewSwitch, NewVersion, Result, Switch, Version};

/// Looks at models in service.
pub trait ModelsView {
    /// The versions of a model, the latest first.
    fn versions(&self, model: &str) -> Result<Vec<Version>>;

    /// One version of a model.
    fn version(&self, model: &str, number: u64) -> Result<Option<Version>>;

    /// The switches by which models serve, by model.
    fn in_service(&self) -> Result<Vec<Switch>>;

    /// All switches of a model that ever were asked for, the latest first.
    fn switches(&self, model: &str) -> Result<Vec<Switch>>;

    /// The switches that are asked for and of which nothing has come yet, in their order.
    fn pending_switches(&self) -> Result<Vec<Switch>>;
}

/// Changes which models serve.
pub trait ModelsChange: ModelsView {
    /// Notes a version; returns its number, one more than the last.
    fn put_version(&mut self, version: &NewVersion<'_>) -> Result<u64>;

    /// Asks for a version to serve; returns the number of the switch.
    fn ask_switch(&mut self, switch: &NewSwitch<'_>) -> Result<u64>;

    /// Asks for the same once more, in the place of a switch of which nothing has come; returns the new number.
    fn ask_again(&mut self, number: u64) -> Result<u64>;

    /// Has a version serve from now on.
    fn end_switch(&mut self, number: u64, at: Instant) -> Result<()>;

    /// Notes that a version cannot serve.
    fn fail_switch(&mut self, number: u64, at: Instant, failure: &str) -> Result<()>;

    /// Takes a model out of service; whether it was in it. Its versions stay.
    fn withdraw(&mut self, model: &str) -> Result<bool>;
}
