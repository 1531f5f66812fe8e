//! How well scores did, in a terminal, as JSON and as a page.

mod html;
mod words;

use std::fmt::Write;

use kelvin_learn::evaluation::{
    Evaluation, Group, InCommon, Measured, Probabilities, RuleReport, Segments, Surprise,
};
use serde_json::json;

use self::words::{common, head, percent, remark, short};
use super::{
    grid::{Align, Grid},
    text::{grouped, harmless, money},
};
use crate::{
    failure::{Failure, Outcome},
    terminal::Terminal,
};

pub(crate) use html::html;

/// So many leads, and common traits, of either kind are shown to people; JSON has more.
const SHOWN: usize = 5;

/// What there is to tell.
pub(crate) struct Report<'r> {
    /// Files, outcome, moments.
    pub(crate) about: &'r str,
    /// What was judged, by name.
    pub(crate) models: Vec<(&'r str, Evaluation)>,
    /// Conversion and value by attributes.
    pub(crate) segments: Vec<Segments>,
    /// What else to know of the examples.
    pub(crate) notes: &'r [String],
}

/// The reports as JSON.
pub(crate) fn json(report: &Report<'_>) -> Outcome<String> {
    let failed = |cause: serde_json::Error| Failure::new(cause.to_string());
    let models = report.models.iter().map(|(model, report)| {
        let mut report = serde_json::to_value(report).map_err(failed)?;
        report["model"] = json!(model);
        Ok(report)
    });
    let models = models.collect::<Outcome<Vec<_>>>()?;
    let report = json!({
        "about": report.about, "models": models, "segments": report.segments, "notes": report.notes,
    });
    Ok(serde_json::to_string_pretty(&report).map_err(failed)? + "\n")
}

/// The reports for people.
pub(crate) fn text(report: &Report<'_>, terminal: &Terminal) -> String {
    let mut text = format!("{}\n", harmless(report.about));
    for (model, report) in &report.models {
        text += &format!("\n{}: {}\n", harmless(model), head(report));
        text += &measures(&report.measures);
        text += &report.probabilities.as_ref().map(probabilities).unwrap_or_default();
        if let Some(best) = report.gains.first() {
            let _ = writeln!(
                text,
                "  the best tenth holds {:.0} % of the outcomes, {:.1} times as many as picked blindly",
                100.0 * best.gain,
                best.lift
            );
        }
        text += &groups("tier", &report.tiers, terminal);
        text += &groups("score", &report.bands, terminal);
        text += &rules(&report.rules, terminal);
        text += &surprises("highest scores without the outcome", &report.high_but_lost);
        text += &in_common(report.high_in_common.as_ref(), ("at least", "that had it"));
        text += &surprises("lowest scores with the outcome", &report.low_but_won);
        text += &in_common(report.low_in_common.as_ref(), ("at most", "without it"));
    }
    report.segments.iter().for_each(|by| text += &segments(by, terminal));
    text
}

fn measures(measures: &[Measured]) -> String {
    let line = |measure: &Measured| {
        let name = measure.measure.replace('_', " ");
        format!("  {name:<17} {:.3}  {:.3} to {:.3}\n", measure.value, measure.low, measure.high)
    };
    measures.iter().map(line).collect()
}

fn probabilities(probabilities: &Probabilities) -> String {
    let how = if probabilities.fitted {
        "  as probabilities, by what became of other leads with such scores:\n"
    } else {
        "  as probabilities:\n"
    };
    how.to_owned() + &measures(&probabilities.measures)
}

fn groups(title: &'static str, groups: &[Group], terminal: &Terminal) -> String {
    if groups.is_empty() {
        return String::new();
    }
    let right = Align::Right;
    // What nobody told has no column.
    let titled = |title, is_told: bool| if is_told { title } else { "" };
    let mut grid = Grid::new([
        (title, Align::Left),
        ("examples", right),
        ("converted", right),
        ("", Align::Left),
        (titled("value", groups.iter().any(|group| group.value.is_some())), right),
        (titled("days to it", groups.iter().any(|group| group.days_to_outcome.is_some())), right),
    ]);
    for group in groups {
        grid.add([
            harmless(&group.name).into(),
            grouped(group.examples as u64).into(),
            percent(group.rate).into(),
            format!("{:.1} to {:.1}", 100.0 * group.low, 100.0 * group.high).into(),
            group.value.map_or(String::new(), money).into(),
            group.days_to_outcome.map_or(String::new(), |days| format!("{days:.0}")).into(),
        ]);
    }
    format!("\n{}", grid.render(2, terminal))
}

fn rules(rules: &[RuleReport], terminal: &Terminal) -> String {
    if rules.is_empty() {
        return String::new();
    }
    let right = Align::Right;
    let mut grid = Grid::new([
        ("rule", Align::Left),
        ("fires", right),
        ("points", right),
        ("with", right),
        ("without", right),
        ("lift", right),
        ("", Align::Left),
        ("AUC", right),
        ("", Align::Left),
    ]);
    let rate = |rate: Option<f64>| rate.map_or(String::new(), percent);
    for rule in rules {
        let points = if rule.disqualifies { "out".to_owned() } else { format!("{:.1}", rule.points) };
        grid.add([
            rule.rule.as_str().into(),
            grouped(rule.fires as u64).into(),
            points.into(),
            rate(rule.rate_with).into(),
            rate(rule.rate_without).into(),
            rule.lift.map_or(String::new(), |lift| format!("{lift:.2}")).into(),
            rule.lift_interval.map_or(String::new(), |[low, high]| format!("{low:.2} to {high:.2}")).into(),
            rule.auc_gained.map_or(String::new(), |[gained, ..]| format!("{gained:+.3}")).into(),
            remark(rule).into(),
        ]);
    }
    format!("\n{}", grid.render(2, terminal))
}

fn surprises(title: &str, surprises: &[Surprise]) -> String {
    let shown = surprises.iter().take(SHOWN).map(|one| {
        let at = one.at.as_ref().map(|at| format!(" at {at}")).unwrap_or_default();
        format!("    {} {}{at}\n", short(one.score), harmless(&one.lead))
    });
    let shown: String = shown.collect();
    if shown.is_empty() { String::new() } else { format!("\n  {title}\n{shown}") }
}

/// What surprises have in common, a sentence each.
fn in_common(found: Option<&InCommon>, words: (&str, &str)) -> String {
    let Some(found) = found.filter(|found| !found.common.is_empty()) else { return String::new() };
    let sentence = |one| format!("    {}\n", harmless(&common(found, one, words)));
    let sentences: String = found.common.iter().take(SHOWN).map(sentence).collect();
    format!("  what they have in common\n{sentences}")
}

fn segments(by: &Segments, terminal: &Terminal) -> String {
    let right = Align::Right;
    let left = Align::Left;
    let has_values = by.segments.iter().any(|segment| segment.value_per_lead.is_some());
    let [of_a_lead, of_a_customer] = if has_values { ["value of a lead", "of a customer"] } else { [""; 2] };
    let mut grid = Grid::new([
        ("", left),
        ("examples", right),
        ("converted", right),
        ("", left),
        (of_a_lead, right),
        (of_a_customer, right),
        ("", left),
        ("", left),
    ]);
    for segment in &by.segments {
        let group = &segment.group;
        let mean = |value: Option<[f64; 3]>| value.map_or(String::new(), |[mean, ..]| money(mean));
        // A single customer says nothing of others.
        let interval = segment.value_per_customer.filter(|[_, low, _]| low.is_finite());
        grid.add([
            harmless(&group.name).into(),
            grouped(group.examples as u64).into(),
            percent(group.rate).into(),
            format!("{:.1} to {:.1}", 100.0 * group.low, 100.0 * group.high).into(),
            mean(segment.value_per_lead).into(),
            mean(segment.value_per_customer).into(),
            interval
                .map_or(String::new(), |[_, low, high]| format!("{} to {}", money(low), money(high)))
                .into(),
            words::standing(segment).into(),
        ]);
    }
    format!("\n{}\n{}", harmless(&by.by), grid.render(2, terminal))
}
