//! `bad-predictor`: the file of a trained model cannot be used. `unknown-input`: it asks what no plan can know.
//! `doubtful-predictor`: what its own card warns of.

use super::{Diagnostic, did_you_mean};
use crate::{predictor::TrainedError, span::Span};

/// The file is not at hand, for a reason.
pub(crate) fn no_predictor(file: &str, why: &str, span: Span) -> Diagnostic {
    Diagnostic::error("bad-predictor", format!("cannot read `{file}`: {why}"), span)
        .help("name a file that `kelvin train --out` wrote, as seen from the folder of the model file")
}

/// The file holds no trained model, or one that cannot be used.
pub(crate) fn bad_predictor(file: &str, cause: &TrainedError, span: Span) -> Diagnostic {
    Diagnostic::error("bad-predictor", format!("cannot use `{file}`: {cause}"), span)
        .help("`kelvin train --out` writes such files")
}

/// A trained model asks for something that is not known of a lead at an instant.
pub(crate) fn unknown_input(file: &str, input: &str, known: &[&str], span: Span) -> Diagnostic {
    let help = did_you_mean(input, known.iter().copied());
    let help = help.map(|help| format!("{help} ")).unwrap_or_default();
    Diagnostic::error(
        "unknown-input",
        format!("`{file}` asks for `{input}`, which a model cannot know"),
        span,
    )
    .help(format!("{help}train it without this column: `--ignore` leaves attributes out"))
}

/// The card of a trained model warns.
pub(crate) fn doubtful_predictor(file: &str, warning: &str, span: Span) -> Diagnostic {
    Diagnostic::warning("doubtful-predictor", format!("the card of `{file}` warns: {warning}"), span)
}
