//! A trained model as a file: JSON that holds all that it takes to apply it, and what is known of how good it is.
//!
//! `{"kelvin_predictor": 1, "version": "sha256:…", "card": {…}, "predictor": {…}}`: the number is that of the format, the
//! version the digest of card and predictor. A golden file in the tests holds what each format has looked like.

mod card;
mod markdown;

pub use kelvin_model::predictor::TrainedError as ArtifactError;
use kelvin_model::predictor::{FORMAT, Trained, version};
use serde::Serialize;

use crate::Predictor;

pub use card::{About, Card, Importance, Interval, Warning};

/// A trained model, ready to be kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Artifact {
    /// The version of the format.
    #[serde(rename = "kelvin_predictor")]
    format: u32,
    /// The digest of card and predictor.
    version: String,
    /// What is known of the model.
    pub card: Card,
    /// The model itself.
    pub predictor: Predictor,
}

impl Artifact {
    /// A model with its card.
    ///
    /// # Errors
    /// When it holds numbers that JSON cannot.
    pub fn new(card: Card, predictor: Predictor) -> Result<Self, ArtifactError> {
        Ok(Self { format: FORMAT, version: version(&card, &predictor)?, card, predictor })
    }

    /// Reads what [`Self::json`] wrote.
    ///
    /// # Errors
    /// When it is no trained model, one of a later format, or not as it was written.
    pub fn read(text: &str) -> Result<Self, ArtifactError> {
        let Trained { version, card, predictor } = Trained::read(text)?;
        Ok(Self { format: FORMAT, version, card: serde_json::from_value(card)?, predictor })
    }

    /// The file's text.
    ///
    /// # Errors
    /// When it holds numbers that JSON cannot.
    pub fn json(&self) -> Result<String, ArtifactError> {
        Ok(serde_json::to_string(self)? + "\n")
    }

    /// The digest of card and predictor: two models of the same version predict the same.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }
}
