//! How well models did, in a terminal and as JSON.

use std::fmt::Write;

use kelvin_learn::evaluation::{Evaluation, Finding, Group, RuleReport, Surprise};
use serde_json::json;

use super::{
    grid::{Align, Grid},
    text::{counted, grouped, harmless},
};
use crate::{
    failure::{Failure, Outcome},
    terminal::Terminal,
};

/// So many leads of either kind are shown to people; JSON has them all.
const SHOWN: usize = 5;

/// The reports as JSON.
pub(crate) fn json(about: &str, reports: &[(&str, Evaluation)]) -> Outcome<String> {
    let failed = |cause: serde_json::Error| Failure::new(cause.to_string());
    let models = reports.iter().map(|(model, report)| {
        let mut report = serde_json::to_value(report).map_err(failed)?;
        report["model"] = json!(model);
        Ok(report)
    });
    let models = models.collect::<Outcome<Vec<_>>>()?;
    let report = json!({"about": about, "models": models});
    Ok(serde_json::to_string_pretty(&report).map_err(failed)? + "\n")
}

/// The reports for people.
pub(crate) fn text(about: &str, reports: &[(&str, Evaluation)], terminal: &Terminal) -> String {
    let mut text = format!("{}\n", harmless(about));
    for (model, report) in reports {
        text += &format!("\n{model}: {}\n", head(report));
        for measure in &report.measures {
            let name = measure.measure.replace('_', " ");
            let _ = writeln!(
                text,
                "  {name:<17} {:.3}  {:.3} to {:.3}",
                measure.value, measure.low, measure.high
            );
        }
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
        text += &surprises("lowest scores with the outcome", &report.low_but_won);
    }
    text
}

fn head(report: &Evaluation) -> String {
    let share = 100.0 * report.positives as f64 / report.examples.max(1) as f64;
    let mut head = counted(report.examples as u64, "example");
    let _ = write!(head, ", {} with the outcome ({share:.1} %)", grouped(report.positives as u64));
    if report.left_out > 0 {
        let _ = write!(head, "; to {} it does not apply", grouped(report.left_out as u64));
    }
    head
}

fn groups(title: &'static str, groups: &[Group], terminal: &Terminal) -> String {
    let right = Align::Right;
    let mut grid = Grid::new([
        (title, Align::Left),
        ("examples", right),
        ("converted", right),
        ("", Align::Left),
        ("value", right),
        ("days to it", right),
    ]);
    for group in groups {
        grid.add([
            harmless(&group.name).into(),
            grouped(group.examples as u64).into(),
            format!("{:.1} %", 100.0 * group.rate).into(),
            format!("{:.1} to {:.1}", 100.0 * group.low, 100.0 * group.high).into(),
            group.value.map_or(String::new(), |value| grouped(value.max(0.0) as u64)).into(),
            group.days_to_outcome.map_or(String::new(), |days| format!("{days:.0}")).into(),
        ]);
    }
    format!("\n{}", grid.render(2, terminal))
}

fn rules(rules: &[RuleReport], terminal: &Terminal) -> String {
    let right = Align::Right;
    let mut grid = Grid::new([
        ("rule", Align::Left),
        ("fires", right),
        ("points", right),
        ("with", right),
        ("without", right),
        ("lift", right),
        ("AUC", right),
        ("", Align::Left),
    ]);
    let percent = |rate: Option<f64>| rate.map_or(String::new(), |rate| format!("{:.1} %", 100.0 * rate));
    for rule in rules {
        grid.add([
            rule.rule.as_str().into(),
            grouped(rule.fires as u64).into(),
            format!("{:.1}", rule.points).into(),
            percent(rule.rate_with).into(),
            percent(rule.rate_without).into(),
            rule.lift.map_or(String::new(), |lift| format!("{lift:.2}")).into(),
            rule.auc_gained.map_or(String::new(), |[gained, ..]| format!("{gained:+.3}")).into(),
            remark(rule).into(),
        ]);
    }
    format!("\n{}", grid.render(2, terminal))
}

/// What a person should know of a rule.
fn remark(rule: &RuleReport) -> String {
    let found = rule.finding.map(|finding| match finding {
        Finding::NeverFires => "never fires".to_owned(),
        Finding::AlwaysFires => "always fires: it tells nobody apart".to_owned(),
        Finding::WrongSign => "its points go the wrong way".to_owned(),
        Finding::NotProven => "may tell nothing".to_owned(),
    });
    let same = rule.same_as.as_ref().map(|other| format!("fires where `{other}` does"));
    found.into_iter().chain(same).collect::<Vec<_>>().join("; ")
}

fn surprises(title: &str, surprises: &[Surprise]) -> String {
    let shown = surprises.iter().take(SHOWN).map(|one| {
        let at = one.at.as_ref().map(|at| format!(" at {at}")).unwrap_or_default();
        format!("    {} {}{at}\n", one.score, harmless(&one.lead))
    });
    let shown: String = shown.collect();
    if shown.is_empty() { String::new() } else { format!("\n  {title}\n{shown}") }
}
