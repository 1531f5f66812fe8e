//! What is judged beside models: columns of the leads, and what `kelvin train` wrote.

use std::path::{Path, PathBuf};

use kelvin_learn::{Artifact, Column, Values, probabilities};

use crate::{
    commands::predict,
    failure::{Failure, Outcome},
    learning::{Examples, ModelScores, column_called},
};

/// Columns and trained models, to be judged.
pub(super) struct Others<'o> {
    pub(super) scores: &'o [String],
    pub(super) probabilities: &'o [String],
    pub(super) trained: Vec<(&'o Path, Artifact)>,
}

/// The files of `kelvin train` among models.
pub(super) fn trained(models: &[PathBuf]) -> Outcome<Vec<(&Path, Artifact)>> {
    let files = models.iter().filter(|path| is_trained(path));
    files.map(|path| Ok((path.as_path(), predict::read(path)?))).collect()
}

/// Whether a file is one of `kelvin train`, by its name.
pub(super) fn is_trained(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "json")
}

impl Others<'_> {
    /// Adds what they make of examples.
    pub(super) fn judge(&self, examples: &mut Examples) -> Outcome<()> {
        for (path, artifact) in &self.trained {
            let table = examples.table_for(&artifact.predictor)?;
            predict::tell_absent(&artifact.predictor, &table);
            let scores = probabilities(&artifact.predictor, &table).into_iter().map(Some).collect();
            examples.models.push(plain(path.display().to_string(), scores, true));
            examples.notes.extend(seen(path, artifact, examples));
        }
        for (name, are_probabilities) in self
            .scores
            .iter()
            .map(|name| (name, false))
            .chain(self.probabilities.iter().map(|name| (name, true)))
        {
            let column = column_called(&examples.dataset.table, name)?;
            let scores = numbers(column)?;
            if are_probabilities
                && let Some(wrong) = scores.iter().flatten().find(|score| !(0.0..=1.0).contains(*score))
            {
                let message = format!("`{}` is {wrong} somewhere, which is no probability", column.feature);
                return Err(Failure::new(message).help("points and other scores are judged with `--score`"));
            }
            let feature = column.feature.clone();
            examples.models.push(plain(feature.to_string(), scores, are_probabilities));
            examples.dataset.table = examples.dataset.table.filtered(|column| column.feature != feature);
        }
        Ok(())
    }
}

fn plain(model: String, scores: Vec<Option<f64>>, probabilities: bool) -> ModelScores {
    let tiers = vec![None; scores.len()];
    ModelScores { model, scores, tiers, rules: Vec::new(), probabilities }
}

/// A warning where a model may have learnt from what it is judged by.
fn seen(path: &Path, artifact: &Artifact, examples: &Examples) -> Option<String> {
    let first = examples.dataset.examples.iter().filter_map(|example| example.at).min();
    let is_later = first.zip(artifact.card.period).is_some_and(|(at, (_, last))| at.as_millis() > last);
    (!is_later).then(|| {
        format!(
            "`{}` was trained on {}: where it learnt from these leads, they flatter it",
            path.display(),
            artifact.card.about.data
        )
    })
}

fn numbers(column: &Column) -> Outcome<Vec<Option<f64>>> {
    match &column.values {
        Values::Numbers(numbers) => {
            Ok(numbers.iter().map(|number| Some(*number).filter(|number| !number.is_nan())).collect())
        }
        Values::Categories { levels, .. } => {
            let other = levels.iter().find(|level| level.trim().parse::<f64>().is_err());
            let message = format!("`{}` is no column of numbers", column.feature);
            let help = other.map_or_else(
                || "its name says that its numbers are codes: give it another name".to_owned(),
                |other| format!("it holds `{other}`; `--missing {other}` takes that for nothing"),
            );
            Err(Failure::new(message).help(help))
        }
    }
}
