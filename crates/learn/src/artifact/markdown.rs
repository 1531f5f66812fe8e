//! A model card as Markdown, for people.

use std::fmt::Write;

use kelvin_kernel::Instant;

use super::{Artifact, Card, Interval};
use crate::measure::Measure;

/// The inputs that are listed.
const INPUTS: usize = 15;

impl Artifact {
    /// The model card as Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        let card = &self.card;
        let sections = [
            data(card),
            quality(card),
            reliability(card),
            gains(card),
            inputs(card),
            choice(card),
            warnings(card),
        ];
        let short = self.version().get(..19).unwrap_or_default();
        format!("# Predictive model\n\nVersion `{short}`.\n\n{}", sections.concat())
    }
}

fn data(card: &Card) -> String {
    let mut text = format!("## Data\n\n- From: {}\n- Outcome: `{}`", card.about.data, card.about.outcome);
    if let Some(horizon) = &card.about.horizon {
        let _ = write!(text, ", within {horizon}");
    }
    let rate = card.base_rate() * 100.0;
    let trained_on = examples(card.leads, card.moments);
    let _ = writeln!(text, "\n- {trained_on}, {} with the outcome ({rate:.1} %)", card.positives);
    if !card.about.models.is_empty() {
        let _ = writeln!(
            text,
            "- What it knows of leads includes what rules of `{}` are worth",
            card.about.models.join("`, `")
        );
    }
    if let Some((from, to)) = card.period {
        let _ = writeln!(text, "- Decided upon from {} to {}", date(from), date(to));
    }
    text + "\n"
}

/// So many leads, or moments of them.
fn examples(leads: usize, moments: Option<usize>) -> String {
    moments.map_or_else(|| format!("{leads} leads"), |moments| format!("{moments} moments of {leads} leads"))
}

fn date(millis: i64) -> String {
    let (year, month, day) = Instant::from_millis(millis).date();
    format!("{year:04}-{month:02}-{day:02}")
}

fn quality(card: &Card) -> String {
    let mut text = format!(
        "## How good it is\n\nMeasured on {} that were held out; the truth lies within the interval 95 times in 100.\n\n\
         | measure | value | interval |\n|---|---:|---:|\n",
        examples(card.held_out, card.held_out_moments)
    );
    for measure in Measure::ALL {
        if let Some(Interval { value, low, high, .. }) = card.measure(measure) {
            let _ = writeln!(text, "| {measure} | {value:.3} | {low:.3} – {high:.3} |");
        }
    }
    text + "\n"
}

fn reliability(card: &Card) -> String {
    let unit = if card.held_out_moments.is_some() { "moments" } else { "leads" };
    let mut text = format!(
        "## What it says and what happens\n\n| predicted | {unit} | mean prediction | had the outcome |\n|---|---:|---:|---:|\n"
    );
    for (from, to, leads, predicted, rate) in &card.reliability {
        let [from, to, predicted, rate] = [from, to, predicted, rate].map(|share| share * 100.0);
        let _ = writeln!(text, "| {from:.0} – {to:.0} % | {leads:.0} | {predicted:.1} % | {rate:.1} % |");
    }
    text + "\n"
}

fn gains(card: &Card) -> String {
    let mut text = String::from(
        "## What is gained by working from the top\n\n| best leads | hold of the outcomes |\n|---|---:|\n",
    );
    for (place, gain) in card.gains.iter().enumerate().take(5) {
        let _ = writeln!(text, "| {} % | {:.0} % |", (place + 1) * 10, gain * 100.0);
    }
    text + "\n"
}

fn inputs(card: &Card) -> String {
    let mut text = String::from("## What it looks at\n\n| input | share |\n|---|---:|\n");
    for input in card.importances.iter().take(INPUTS) {
        let _ = writeln!(text, "| `{}` | {:.0} % |", input.feature, input.share * 100.0);
    }
    match card.importances.len().saturating_sub(INPUTS) {
        0 => text + "\n",
        more => text + &format!("\n{more} more inputs count less.\n\n"),
    }
}

fn choice(card: &Card) -> String {
    let choice = &card.choice;
    let what = match choice.tree_share {
        1.0 => format!("{} boosted trees", choice.rounds),
        0.0 => "logistic regression".into(),
        share => format!("{} boosted trees ({:.0} %) with logistic regression", choice.rounds, share * 100.0),
    };
    let tried: Vec<String> =
        choice.calibrations.iter().map(|(name, loss)| format!("{name} {loss:.4}")).collect();
    format!(
        "## What was chosen\n\n{what}, by the log loss of leads that were held out: trees {:.4}, logistic regression {:.4}, \
         this {:.4}. Calibration: {} ({}).\n\n",
        choice.trees_log_loss,
        choice.logistic_log_loss,
        choice.log_loss,
        choice.calibration,
        tried.join(", "),
    )
}

fn warnings(card: &Card) -> String {
    if card.warnings.is_empty() {
        return String::new();
    }
    let lines: String = card.warnings.iter().map(|warning| format!("- {}\n", warning.text)).collect();
    format!("## Beware\n\n{lines}")
}
