//! A trained model as a file: JSON that holds all that it takes to apply it, and what is known of how good it is.
//!
//! `{"kelvin_predictor": 1, "version": "sha256:…", "card": {…}, "predictor": {…}}`: the number is that of the format, the
//! version the digest of card and predictor. A golden file in the tests holds what each format has looked like.

mod card;
mod check;
mod markdown;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Predictor;

pub use card::{About, Card, Importance, Interval, Warning};

/// The format that is written.
const FORMAT: u32 = 1;

/// A trained model, ready to be kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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

/// Why a file is no trained model.
#[derive(Debug, thiserror::Error)]
pub enum ArtifactError {
    /// Not the JSON of a trained model.
    #[error("not a trained model: {0}")]
    Json(#[from] serde_json::Error),
    /// Written by a version of Kelvin that is not known yet.
    #[error(
        "a trained model of format {0}, and this version of kelvin reads up to format {FORMAT}: use a newer one"
    )]
    Format(u32),
    /// Changed since it was trained.
    #[error(
        "the trained model was changed since its training: it holds {found}, and says {told}; train it again"
    )]
    Version {
        /// The digest of what it holds.
        found: String,
        /// The digest that it tells.
        told: String,
    },
    /// A model that cannot be applied.
    #[error("not a trained model: {0}")]
    Shape(String),
}

/// The part that every format has.
#[derive(Deserialize)]
struct Header {
    kelvin_predictor: u32,
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
        let header: Header = serde_json::from_str(text)?;
        if header.kelvin_predictor != FORMAT {
            return Err(ArtifactError::Format(header.kelvin_predictor));
        }
        let artifact: Self = serde_json::from_str(text)?;
        let found = version(&artifact.card, &artifact.predictor)?;
        if found != artifact.version {
            return Err(ArtifactError::Version { found, told: artifact.version });
        }
        check::check(&artifact.predictor).map_err(ArtifactError::Shape)?;
        Ok(artifact)
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

fn version(card: &Card, predictor: &Predictor) -> Result<String, ArtifactError> {
    let digest = Sha256::digest(serde_json::to_vec(&(card, predictor))?);
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("sha256:{hex}"))
}
