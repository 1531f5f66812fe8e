//! How well scores did, as a page.

mod tables;

use kelvin_learn::evaluation::{Evaluation, Group, InCommon, Probabilities, Segments, Surprise};

use super::{
    Report,
    words::{common, head},
};
use crate::render::html::{
    Column, escaped, figure, page,
    plot::{Bar, Point, Share, agreement, curve, mirrored, shares},
    table,
};

/// The reports as one page.
pub(crate) fn html(report: &Report<'_>) -> String {
    let names: Vec<&str> = report.models.iter().map(|(name, _)| *name).collect();
    let title = match names[..] {
        [] => "What became of leads".to_owned(),
        _ => format!("How well {} told what became of leads", names.join(", ")),
    };
    let mut body =
        format!("<h1>{}</h1>\n<p class=\"about\">{}</p>\n", escaped(&title), escaped(report.about));
    body += "<p>Intervals hold in 95 of 100 cases. Of what is said of rules, common traits and segments, one in twenty may be chance.</p>\n";
    report.models.iter().for_each(|(name, report)| body += &model(name, report));
    report.segments.iter().for_each(|by| body += &segments(by));
    page(&title, &body)
}

fn model(name: &str, report: &Evaluation) -> String {
    let plots: String = [
        gains(report),
        report.probabilities.as_ref().map(reliability).unwrap_or_default(),
        distribution(report),
        groups("Conversion by tier", &report.tiers),
        groups("Conversion by score", &report.bands),
    ]
    .concat();
    let told = [
        surprises("Highest scores without the outcome", &report.high_but_lost),
        in_common(report.high_in_common.as_ref(), ("at least", "that had it")),
        surprises("Lowest scores with the outcome", &report.low_but_won),
        in_common(report.low_in_common.as_ref(), ("at most", "without it")),
    ];
    format!(
        "<section>\n<h2>{}</h2>\n<p>{}</p>\n{}<div class=\"plots\">\n{plots}</div>\n{}{}</section>\n",
        escaped(name),
        escaped(&head(report)),
        tables::measures(report),
        tables::rules(&report.rules),
        told.concat()
    )
}

fn gains(report: &Evaluation) -> String {
    let Some(best) = report.gains.first() else { return String::new() };
    let says = format!(
        "The best tenth by score holds {:.0} % of the outcomes, {:.1} times as many as picked blindly.",
        100.0 * best.gain,
        best.lift
    );
    let points = report.gains.iter().map(|gain| [f64::from(gain.tenths) / 10.0, gain.gain]);
    let points: Vec<[f64; 2]> = [[0.0, 0.0]].into_iter().chain(points).collect();
    let plot = curve(&says, ["best leads by score", "outcomes found"], &points);
    figure("Gains", &says, &plot, &tables::gains(report))
}

fn reliability(found: &Probabilities) -> String {
    let says = if found.fitted {
        "What probabilities say that the score's points stand for, by what became of other leads, beside what happened. On the line they are true."
    } else {
        "What was predicted, beside what happened. On the line probabilities are true."
    };
    let point = |band: &kelvin_learn::evaluation::Reliability| Point {
        x: band.predicted,
        y: band.rate,
        low: band.low,
        high: band.high,
    };
    let points: Vec<Point> = found.reliability.iter().map(point).collect();
    let plot = agreement(says, ["predicted", "happened"], &points);
    figure("Reliability", says, &plot, &tables::reliability(&found.reliability))
}

fn distribution(report: &Evaluation) -> String {
    let says = "How scores lie: the share of leads with the outcome in each band upwards, of those without it downwards.";
    let [won, lost] = [report.positives, report.examples - report.positives].map(|count| count.max(1) as f64);
    let bar = |bin: &kelvin_learn::evaluation::Bin| Bar {
        from: bin.from,
        to: bin.to,
        up: bin.won as f64 / won,
        down: bin.lost as f64 / lost,
    };
    let bars: Vec<Bar> = report.distribution.iter().map(bar).collect();
    if bars.is_empty() {
        return String::new();
    }
    let plot = mirrored(says, ["with the outcome", "without it"], &bars);
    figure("Scores", says, &plot, &tables::distribution(&report.distribution))
}

fn groups(title: &str, groups: &[Group]) -> String {
    if groups.is_empty() {
        return String::new();
    }
    let says = "The share with the outcome, and the interval in which it lies.";
    let plot = shares(&format!("{title}. {says}"), &groups.iter().map(share).collect::<Vec<_>>());
    figure(title, says, &plot, &tables::groups(title, groups))
}

fn share(group: &Group) -> Share<'_> {
    Share { name: &group.name, rate: group.rate, low: group.low, high: group.high }
}

fn surprises(title: &str, surprises: &[Surprise]) -> String {
    if surprises.is_empty() {
        return String::new();
    }
    let columns =
        [Column::Text("lead"), Column::Number("score"), Column::Text("tier"), Column::Text("moment")];
    let row = |one: &Surprise| {
        let [tier, at] = [&one.tier, &one.at].map(|text| text.clone().unwrap_or_default());
        vec![one.lead.clone(), one.score.to_string(), tier, at]
    };
    let rows: Vec<_> = surprises.iter().map(row).collect();
    format!("<h3>{}</h3>\n{}", escaped(title), table("Each lead once", &columns, &rows))
}

fn in_common(found: Option<&InCommon>, words: (&str, &str)) -> String {
    let Some(found) = found.filter(|found| !found.common.is_empty()) else { return String::new() };
    let sentence = |one| format!("<li>{}</li>\n", escaped(&common(found, one, words)));
    let sentences: String = found.common.iter().map(sentence).collect();
    format!("<p>What they have in common:</p>\n<ul>\n{sentences}</ul>\n")
}

fn segments(by: &Segments) -> String {
    let title = format!("By {}", by.by);
    let groups: Vec<Share<'_>> = by.segments.iter().map(|segment| share(&segment.group)).collect();
    let says = "The share with the outcome, and the interval in which it lies.";
    let plot = shares(&format!("{title}. {says}"), &groups);
    format!(
        "<section>\n<h2>{}</h2>\n<div class=\"plots\">\n<figure>\n<figcaption><p>{says}</p></figcaption>\n{plot}</figure>\n</div>\n{}</section>\n",
        escaped(&title),
        tables::segments(&title, &by.segments)
    )
}
