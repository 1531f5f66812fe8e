//! The tables of the page.

use kelvin_learn::evaluation::{Bin, Evaluation, Group, Measured, Reliability, RuleReport, Segment};

use crate::render::{
    evaluation::words::{percent, remark, standing},
    html::{
        Column::{Number, Text},
        table,
    },
    text::{grouped, money},
};

pub(super) fn measures(report: &Evaluation) -> String {
    let row = |measure: &Measured, note: &str| {
        let interval = format!("{:.3} to {:.3}", measure.low, measure.high);
        vec![measure.measure.replace('_', " "), format!("{:.3}", measure.value), interval, note.to_owned()]
    };
    let of_order = report.measures.iter().map(|measure| row(measure, "by the order of scores"));
    let how =
        |fitted| if fitted { "as probabilities, by what became of other leads" } else { "as probabilities" };
    let others = report
        .probabilities
        .iter()
        .flat_map(|found| found.measures.iter().map(move |measure| row(measure, how(found.fitted))));
    let rows: Vec<_> = of_order.chain(others).collect();
    table("Measures", &[Text("measure"), Number("value"), Number("interval"), Text("of what")], &rows)
}

pub(super) fn gains(report: &Evaluation) -> String {
    let rows: Vec<_> = report
        .gains
        .iter()
        .map(|gain| {
            vec![
                format!("{} %", u32::from(gain.tenths) * 10),
                percent(gain.gain),
                format!("{:.2}", gain.lift),
            ]
        })
        .collect();
    table("Gains", &[Text("best leads"), Number("outcomes found"), Number("lift")], &rows)
}

pub(super) fn reliability(bands: &[Reliability]) -> String {
    let row = |band: &Reliability| {
        vec![
            format!("{} to {}", percent(band.from), percent(band.to)),
            grouped(band.examples as u64),
            percent(band.predicted),
            percent(band.rate),
            interval(band.low, band.high),
        ]
    };
    let columns = [
        Text("probability"),
        Number("examples"),
        Number("predicted"),
        Number("happened"),
        Number("interval"),
    ];
    table("Reliability", &columns, &bands.iter().map(row).collect::<Vec<_>>())
}

pub(super) fn distribution(bins: &[Bin]) -> String {
    let row = |bin: &Bin| {
        vec![format!("{} to {}", bin.from, bin.to), grouped(bin.won as u64), grouped(bin.lost as u64)]
    };
    let columns = [Text("score"), Number("with the outcome"), Number("without it")];
    table("Scores", &columns, &bins.iter().map(row).collect::<Vec<_>>())
}

fn interval(low: f64, high: f64) -> String {
    format!("{:.1} to {:.1} %", 100.0 * low, 100.0 * high)
}

pub(super) fn groups(title: &str, groups: &[Group]) -> String {
    let row = |group: &Group| {
        vec![
            group.name.clone(),
            grouped(group.examples as u64),
            percent(group.rate),
            interval(group.low, group.high),
            group.value.map_or(String::new(), money),
            group.days_to_outcome.map_or(String::new(), |days| format!("{days:.0}")),
        ]
    };
    let columns = [
        Text("group"),
        Number("examples"),
        Number("converted"),
        Number("interval"),
        Number("value"),
        Number("days to it"),
    ];
    table(title, &columns, &groups.iter().map(row).collect::<Vec<_>>())
}

pub(super) fn rules(rules: &[RuleReport]) -> String {
    if rules.is_empty() {
        return String::new();
    }
    let number = |value: Option<f64>| value.map_or(String::new(), |value| format!("{value:.2}"));
    let row = |rule: &RuleReport| {
        let lift = rule.lift_interval.map_or(String::new(), |[low, high]| format!("{low:.2} to {high:.2}"));
        let gained = rule
            .auc_gained
            .map_or(String::new(), |[gained, low, high]| format!("{gained:+.3} ({low:+.3} to {high:+.3})"));
        vec![
            rule.rule.clone(),
            grouped(rule.fires as u64),
            if rule.disqualifies { "out".to_owned() } else { format!("{:.1}", rule.points) },
            rule.rate_with.map_or(String::new(), percent),
            rule.rate_without.map_or(String::new(), percent),
            number(rule.lift),
            lift,
            gained,
            remark(rule),
        ]
    };
    let columns = [
        Text("rule"),
        Number("fires"),
        Number("points"),
        Number("with it"),
        Number("without"),
        Number("lift"),
        Number("interval"),
        Number("AUC through it"),
        Text("finding"),
    ];
    let caption = "How often each rule fires, its points there, conversion with it and without";
    format!("<h3>Rules</h3>\n{}", table(caption, &columns, &rules.iter().map(row).collect::<Vec<_>>()))
}

pub(super) fn segments(title: &str, segments: &[Segment]) -> String {
    let row = |segment: &Segment| {
        let group = &segment.group;
        let mean = |value: Option<[f64; 3]>| {
            value.map_or(String::new(), |[mean, low, high]| {
                // A single customer says nothing of others.
                let interval = low.is_finite().then(|| format!(" ({} to {})", money(low), money(high)));
                money(mean) + &interval.unwrap_or_default()
            })
        };
        vec![
            group.name.clone(),
            grouped(group.examples as u64),
            percent(group.rate),
            interval(group.low, group.high),
            mean(segment.value_per_lead),
            mean(segment.value_per_customer),
            standing(segment),
        ]
    };
    let columns = [
        Text("segment"),
        Number("examples"),
        Number("converted"),
        Number("interval"),
        Number("value of a lead"),
        Number("value of a customer"),
        Text("finding"),
    ];
    table(title, &columns, &segments.iter().map(row).collect::<Vec<_>>())
}
