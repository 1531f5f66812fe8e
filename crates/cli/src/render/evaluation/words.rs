//! What is said of a model, its rules and its surprises, in words.

use std::fmt::Write;

use kelvin_learn::evaluation::{Against, Common, Evaluation, Finding, InCommon, Is, RuleReport, Segment};

use crate::render::text::{counted, grouped};

/// What was judged.
pub(super) fn head(report: &Evaluation) -> String {
    let share = 100.0 * report.positives as f64 / report.examples.max(1) as f64;
    let mut head = counted(report.examples as u64, "example");
    if report.leads < report.examples {
        let _ = write!(head, " of {}", counted(report.leads as u64, "lead"));
    }
    let _ = write!(head, ", {} with the outcome ({share:.1} %)", grouped(report.positives as u64));
    if report.left_out > 0 {
        let _ = write!(head, "; to {} it does not apply", grouped(report.left_out as u64));
    }
    head
}

pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// What a person should know of a rule.
pub(super) fn remark(rule: &RuleReport) -> String {
    let found = rule.finding.map(|finding| match finding {
        Finding::NeverFires => "never fires",
        Finding::AlwaysFires if rule.disqualifies => "disqualifies everybody",
        Finding::AlwaysFires => "always fires: it tells nobody apart",
        Finding::WrongSign if rule.disqualifies => "disqualifies those who convert more",
        Finding::WrongSign => "its points go the wrong way",
        Finding::WrongByItself if rule.disqualifies => {
            "disqualifies those who convert more, yet the score is better with it"
        }
        Finding::WrongByItself => "goes the wrong way by itself, but the score is better with it",
        Finding::NotProven => "may tell nothing",
    });
    let same = rule.same_as.as_ref().map(|other| format!("fires where `{other}` does"));
    found.map(str::to_owned).into_iter().chain(same).collect::<Vec<_>>().join("; ")
}

/// What leads that surprised have more often than others, as a sentence.
pub(super) fn common(found: &InCommon, one: &Common, (least, others): (&str, &str)) -> String {
    let share = |part: usize, of: usize| 100.0 * part as f64 / of.max(1) as f64;
    format!(
        "{:.0} % of the {} that scored {least} {} {}, of the {} {others} {:.0} %",
        share(one.surprises, found.surprises),
        grouped(found.surprises as u64),
        short(found.bound),
        is(one),
        grouped(found.others as u64),
        share(one.others, found.others),
    )
}

/// A score as people read it: four digits after the point tell leads apart.
pub(super) fn short(score: f64) -> f64 {
    (score * 1e4).round() / 1e4
}

fn is(one: &Common) -> String {
    let feature = &one.feature;
    match &one.is {
        Is::Text(text) => format!("have `{feature}` = `{text}`"),
        Is::Missing => format!("have no `{feature}`"),
        Is::AtLeast(number) => format!("have `{feature}` of at least {number}"),
        Is::Below(number) => format!("have `{feature}` below {number}"),
    }
}

/// How a segment stands against the rest.
pub(super) fn standing(segment: &Segment) -> String {
    let converts = match segment.converts {
        Against::More => Some("converts more than the rest"),
        Against::Less => Some("converts less than the rest"),
        Against::NotProven => None,
    };
    let is_worth = match segment.is_worth {
        Against::More => Some("its customers bring more"),
        Against::Less => Some("its customers bring less"),
        Against::NotProven => None,
    };
    converts.into_iter().chain(is_worth).collect::<Vec<_>>().join("; ")
}
