//! Two models side by side, in a terminal and as JSON.

use kelvin_learn::comparison::{Comparison, Measured, Missed};
use serde_json::json;

use super::{
    grid::{Align, Grid},
    text::{Style, counted, grouped, harmless},
};
use crate::{
    failure::{Failure, Outcome},
    terminal::Terminal,
};

/// So many missed leads and moves are shown to people; JSON has more.
const SHOWN: usize = 5;

/// The comparison as JSON.
pub(crate) fn json(
    (about, notes): (&str, &[String]),
    [a, b]: &[String; 2],
    compared: &Comparison,
) -> Outcome<String> {
    let told = serde_json::to_value(compared).map_err(|cause| Failure::new(cause.to_string()))?;
    let mut told = json!({"about": about, "a": a, "b": b, "comparison": told, "notes": notes});
    told["verdict"] = json!(compared.better);
    Ok(format!("{told:#}\n"))
}

/// The comparison for people.
pub(crate) fn text(about: &str, names: &[String; 2], compared: &Comparison, terminal: &Terminal) -> String {
    let mut text = format!(
        "{}\n{} on both sides, {} with the outcome{}\n\n  a  {}\n  b  {}\n\n",
        harmless(about),
        counted(compared.examples as u64, "example"),
        grouped(compared.positives as u64),
        only(compared.only),
        harmless(&names[0]),
        harmless(&names[1]),
    );
    text += &measures(compared, terminal);
    text += &moves(compared, terminal);
    text += &missed("a", "b", &compared.missed[0]);
    text += &missed("b", "a", &compared.missed[1]);
    text + &format!("\n{}\n", terminal.paint(Style::Bold, &verdict(compared)))
}

fn only([a, b]: [usize; 2]) -> String {
    match (a, b) {
        (0, 0) => String::new(),
        _ => {
            format!("; left out: {} to which only a applies, {} only b", grouped(a as u64), grouped(b as u64))
        }
    }
}

fn measures(compared: &Comparison, terminal: &Terminal) -> String {
    let right = Align::Right;
    let mut grid =
        Grid::new([("", Align::Left), ("a", right), ("b", right), ("b more", right), ("95 %", Align::Left)]);
    for Measured { measure, a, b, more, low, high } in &compared.measures {
        let name = match *measure {
            "auc" => "AUC".to_owned(),
            "caught" => format!("caught among the best {:.0} %", 100.0 * compared.effort),
            other => other.replace('_', " "),
        };
        grid.add([
            name.into(),
            format!("{a:.3}").into(),
            format!("{b:.3}").into(),
            format!("{more:+.3}").into(),
            format!("{low:+.3} to {high:+.3}").into(),
        ]);
    }
    grid.render(0, terminal)
}

fn moves(compared: &Comparison, terminal: &Terminal) -> String {
    if compared.moves.is_empty() {
        return String::new();
    }
    let right = Align::Right;
    let mut grid = Grid::new([
        ("tier by a", Align::Left),
        ("by b", Align::Left),
        ("examples", right),
        ("convert", right),
        ("", Align::Left),
    ]);
    for one in compared.moves.iter().take(SHOWN) {
        let name = |tier: &Option<String>| harmless(tier.as_deref().unwrap_or("none"));
        let [low, high] = one.interval.map(|share| 100.0 * share);
        grid.add([
            name(&one.a).into(),
            name(&one.b).into(),
            grouped(one.examples as u64).into(),
            format!("{:.1} %", 100.0 * one.positives as f64 / one.examples.max(1) as f64).into(),
            format!("{low:.1} to {high:.1}").into(),
        ]);
    }
    let more = compared.moves.len().saturating_sub(SHOWN);
    let more =
        if more > 0 { format!("and {more} more changes, of fewer examples each\n") } else { String::new() };
    format!("\n{}{more}", grid.render(0, terminal))
}

fn missed(by: &str, other: &str, missed: &Missed) -> String {
    if missed.leads == 0 {
        return String::new();
    }
    let shown = missed.some.iter().take(SHOWN);
    let shown: String = shown.map(|(lead, score)| format!("  {score:.2} {}\n", harmless(lead))).collect();
    let leads = counted(missed.leads as u64, "lead");
    format!(
        "\n{by} misses {leads} that had the outcome and that {other} has in its best tier, with the score by {by}\n{shown}"
    )
}

/// Which is better, as a sentence. The order of all leads decides; what else there is to see is told beside it.
fn verdict(compared: &Comparison) -> String {
    let caught = compared.measures.iter().find(|told| told.measure == "caught").and_then(Measured::side);
    let verdict = match compared.better {
        Some(better) => format!("{better} is better"),
        None if compared.measures.iter().all(|told| told.measure != "auc") => {
            "nothing can be told: there are too few leads with the outcome, or without it".to_owned()
        }
        None => "no difference is shown: chance alone explains what there is".to_owned(),
    };
    match (compared.better, caught) {
        (Some(better), Some(other)) if better != other => {
            format!(
                "{verdict} at ordering all leads; {other} catches more among the best: look at what you work with"
            )
        }
        _ => verdict,
    }
}
