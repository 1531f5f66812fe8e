//! A trained model in a terminal: its card in short.

use std::{fmt::Write, path::Path};

use kelvin_learn::{Artifact, Card, Succession, measure::Measure};
use serde_json::json;

use super::text::{Style, counted, grouped, harmless};
use crate::{
    failure::{Failure, Outcome},
    terminal::Terminal,
};

/// The inputs that are listed.
const INPUTS: usize = 10;

/// What a person wants to know of a model that was just trained.
pub(crate) fn summary(artifact: &Artifact, terminal: &Terminal) -> String {
    let card = &artifact.card;
    let mut text = format!(
        "{}, {} with the outcome ({:.1} %)\n{}\n\n",
        examples(card.leads, card.moments),
        grouped(card.positives as u64),
        card.base_rate() * 100.0,
        chosen(card),
    );
    let _ = writeln!(
        text,
        "on {} that were held out, with intervals of 95 %:",
        examples(card.held_out, card.held_out_moments)
    );
    for measure in Measure::ALL {
        if let Some(told) = card.measure(measure) {
            let name = format!("{measure:<17}");
            let _ = writeln!(text, "  {name} {:.3}  {:.3} to {:.3}", told.value, told.low, told.high);
        }
    }
    if let Some(gain) = card.gains.first() {
        let _ = writeln!(text, "  the best tenth holds {:.0} % of the outcomes", gain * 100.0);
    }
    text + &inputs(card, terminal) + &warnings(card, terminal)
}

/// So many leads, or moments of them.
fn examples(leads: usize, moments: Option<usize>) -> String {
    let leads = counted(leads as u64, "lead");
    moments.map_or(leads.clone(), |moments| format!("{} of {leads}", counted(moments as u64, "moment")))
}

/// What was chosen, by which evidence.
fn chosen(card: &Card) -> String {
    let choice = &card.choice;
    let what = match choice.tree_share {
        1.0 => "boosted trees".to_owned(),
        0.0 => "logistic regression".to_owned(),
        share => format!("a blend, {:.0} % boosted trees and the rest logistic regression", share * 100.0),
    };
    let calibration = match choice.calibration.as_str() {
        "none" => String::new(),
        name => format!(", {name} calibration"),
    };
    format!(
        "{what}{calibration} (log loss: trees {:.4}, logistic regression {:.4})",
        choice.trees_log_loss, choice.logistic_log_loss
    )
}

fn inputs(card: &Card, terminal: &Terminal) -> String {
    let mut text = String::from("\nwhat it looks at:\n");
    for input in card.importances.iter().take(INPUTS) {
        let share = format!("{:>4.0} %", input.share * 100.0);
        let _ = writeln!(text, "  {}  {}", terminal.paint(Style::Bold, &share), harmless(&input.feature));
    }
    match card.importances.len().saturating_sub(INPUTS) {
        0 => text,
        more => text + &format!("  and {more} more\n"),
    }
}

fn warnings(card: &Card, terminal: &Terminal) -> String {
    let line = |text: &str| format!("{} {}\n", terminal.paint(Style::Fair, "warning:"), harmless(text));
    let lines: String = card.warnings.iter().map(|warning| line(&warning.text)).collect();
    if lines.is_empty() { lines } else { format!("\n{lines}") }
}

/// How a new model does beside the one that was there, and which of them is there now.
pub(crate) fn succession(told: &Succession, path: &Path) -> String {
    let path = harmless(&path.display().to_string());
    let evidence = match told {
        Succession::Later { rows, old, more } => format!(
            "on {} that neither learnt from, the log loss of the one that was there is {old:.4}, of the new one {:.4} ({:+.4} to {:+.4})",
            counted(*rows as u64, "later moment"),
            old + more.value,
            more.low,
            more.high
        ),
        Succession::Cards { old, new } => format!(
            "by its own held-out leads, the one that was there has an AUC of {:.3} ({:.3} to {:.3}), the new one {:.3} ({:.3} to {:.3})",
            old.value, old.low, old.high, new.value, new.low, new.high
        ),
        Succession::Nothing => "nothing tells which of the two is better".to_owned(),
    };
    if told.is_worse() {
        format!(
            "note: `{path}` stays as it was, the new model is worse: {evidence}; --replace writes it all the same"
        )
    } else {
        format!("note: the model in `{path}` is replaced: {evidence}")
    }
}

/// The card with the model's version.
pub(crate) fn json(artifact: &Artifact) -> Outcome<String> {
    let card = serde_json::to_value(&artifact.card).map_err(|cause| Failure::new(cause.to_string()))?;
    Ok(format!("{}\n", json!({ "version": artifact.version(), "card": card })))
}
