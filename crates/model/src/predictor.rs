//! A trained model as a file: JSON that holds all that it takes to apply it, and what is known of how good it is.
//!
//! `{"kelvin_predictor": 1, "version": "sha256:…", "card": {…}, "predictor": {…}}`: the number is that of the format, the
//! version the digest of card and predictor.

mod shape;

use kelvin_kernel::predict::Predictor;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    check::{meaning, mentions},
    tree::Model,
};

/// The format that is written.
pub const FORMAT: u32 = 1;

/// A trained model, as it was read.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Trained {
    /// The digest of card and predictor: two models of the same version predict the same.
    pub version: String,
    /// What is known of the model.
    pub card: Value,
    /// The model itself.
    pub predictor: Predictor,
}

/// Why a file is no trained model.
#[derive(Debug, thiserror::Error)]
pub enum TrainedError {
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

impl Trained {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// When it is no trained model, one of a later format, or not as it was written.
    pub fn read(text: &str) -> Result<Self, TrainedError> {
        let header: Header = serde_json::from_str(text)?;
        if header.kelvin_predictor != FORMAT {
            return Err(TrainedError::Format(header.kelvin_predictor));
        }
        let trained: Self = serde_json::from_str(text)?;
        let found = version(&trained.card, &trained.predictor)?;
        if found != trained.version {
            return Err(TrainedError::Version { found, told: trained.version });
        }
        shape::check(&trained.predictor).map_err(TrainedError::Shape)?;
        Ok(trained)
    }

    /// The digest of the rule that it learned from as an input, by its card.
    pub(crate) fn learned(&self, input: &str) -> Option<&str> {
        self.card.get("about")?.get("rules")?.get(input)?.as_str()
    }

    /// What to beware of, by its card.
    pub(crate) fn warnings(&self) -> impl Iterator<Item = &str> {
        let warnings = self.card.get("warnings").and_then(Value::as_array).into_iter().flatten();
        warnings.filter_map(|warning| warning.get("text")?.as_str())
    }
}

/// The digest of all that a rule says but its id, with the lists that it mentions; `None` where the model has no such rule. It tells whether
/// a trained model still sees the rule that it learned from.
#[must_use]
pub fn rule_digest(model: &Model, id: &str) -> Option<String> {
    let rule = model.rules().find(|rule| rule.id.value == id)?;
    let meaning = meaning(model, rule);
    let mut digest = Sha256::new_with_prefix(&meaning);
    for list in model.lists.iter().filter(|list| mentions(&meaning, &list.name.value)) {
        let values: Vec<_> = list.values.iter().map(|constant| &constant.value).collect();
        digest.update(format!(" {} {values:?}", list.name.value));
    }
    Some(hex(&digest.finalize()[..8]))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The version of a trained model: the digest of its card and predictor.
///
/// # Errors
/// When the card is nothing that JSON can hold.
pub fn version(card: &impl Serialize, predictor: &Predictor) -> Result<String, serde_json::Error> {
    let digest = Sha256::digest(serde_json::to_vec(&(card, predictor))?);
    Ok(format!("sha256:{}", hex(&digest)))
}

#[cfg(test)]
mod tests {
    use super::rule_digest;

    fn digest(served: &str, other: &str) -> Option<String> {
        let rule = "{id: a, if: 'lead.country in lists.served', points: 5}";
        let lists = format!("lists: {{served: [{served}], other: [{other}]}}");
        let text = format!("kelvin: 1\nmodel: m\n{lists}\ndimensions:\n  fit:\n    rules: [{rule}]\n");
        rule_digest(&crate::load("m.yaml", &text).model, "a")
    }

    #[test]
    fn a_rule_has_changed_when_a_list_that_it_mentions_has() {
        assert!(digest("DE", "x").is_some());
        assert_eq!(digest("DE", "x"), digest("DE", "y"));
        assert_ne!(digest("DE", "x"), digest("DE, NO", "x"));
    }
}
