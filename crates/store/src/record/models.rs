//! Models in service, as plain data.

use kelvin_kernel::Instant;

/// A text for a model that may come to serve.
#[derive(Debug, Clone, Copy)]
pub struct NewVersion<'a> {
    /// The model's id.
    pub model: &'a str,
    /// The model file.
    pub text: &'a str,
    /// Who published it.
    pub author: &'a str,
    /// Why.
    pub note: &'a str,
    /// When.
    pub at: Instant,
    /// What it changes in the meaning of the one in service then, as JSON.
    pub changes: &'a str,
}

/// A text that a model had in service, or was to have. It never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The model's id.
    pub model: String,
    /// 1 is the first of the model.
    pub number: u64,
    /// The model file.
    pub text: String,
    /// Who published it.
    pub author: String,
    /// Why.
    pub note: String,
    /// When.
    pub at: Instant,
    /// What it changed in the meaning of the one in service then, as JSON.
    pub changes: String,
}

/// A version that is asked to serve.
#[derive(Debug, Clone, Copy)]
pub struct NewSwitch<'a> {
    /// The model's id.
    pub model: &'a str,
    /// The version that is to serve.
    pub version: u64,
    /// Who asked.
    pub author: &'a str,
    /// Why.
    pub note: &'a str,
    /// When.
    pub asked: Instant,
}

/// A version that was asked to serve, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switch {
    /// 1 is the first of the store.
    pub number: u64,
    /// The model's id.
    pub model: String,
    /// The version that is to serve.
    pub version: u64,
    /// Who asked.
    pub author: String,
    /// Why.
    pub note: String,
    /// When.
    pub asked: Instant,
    /// Since when it serves, or when it failed; `None` while its scores are being made.
    pub ended: Option<Instant>,
    /// Why it failed.
    pub failure: Option<String>,
}
