//! Why a score is what it is: the rules that are worth something.

use std::{borrow::Cow, cmp::Reverse};

use crate::{
    ledger::Award,
    plan::{Rule, RuleKind, RuleSet},
    points::Micropoints,
    predict::Forecast,
    program::Rules,
    score::{Reason, ReasonPart},
    worth::{Subject, Worth},
};

/// The rules worth something other than 0, by |points| descending, then rule id.
pub(crate) fn reasons(rules: Rules<'_>, subject: &Subject<'_>, worths: &[Worth]) -> Vec<Reason> {
    /// Few leads have more.
    const FEW: usize = 16;
    let mut reasons = Vec::with_capacity(worths.len().min(FEW));
    for ((place, rule), worth) in rules.set.rules.iter().enumerate().zip(worths) {
        match &rule.kind {
            _ if worth.points == Micropoints::ZERO => {}
            RuleKind::Predict(prediction) => reasons.extend(parts(place, &prediction.forecast(subject))),
            _ => reasons.push(reason(place, rule, worth.points, subject)),
        }
    }
    reasons.sort_by(|a, b| {
        let id = |reason: &Reason| &*rules.set.rules[reason.rule].id;
        let size = |reason: &Reason| Reverse(reason.points.0.unsigned_abs());
        size(a).cmp(&size(b)).then_with(|| id(a).cmp(id(b))).then(a.part.cmp(&b.part))
    });
    reasons
}

fn reason(place: usize, rule: &Rule, points: Micropoints, subject: &Subject<'_>) -> Reason {
    let awards = match &rule.kind {
        RuleKind::Event(event_rule) => subject.ledger.entry(place).awards(event_rule, subject.at),
        _ => Default::default(),
    };
    let last = awards.last().map(|award: &Award| award.time);
    Reason { rule: place, part: ReasonPart::Whole, points, awards: awards.len(), last }
}

/// A prediction's points, input by input.
pub(crate) fn parts(place: usize, forecast: &Forecast) -> Vec<Reason> {
    let part = |part, points| Reason { rule: place, part, points, awards: 0, last: None };
    let inputs = forecast.parts.iter().map(|input| part(ReasonPart::Input(input.input), input.points));
    let all = std::iter::once(part(ReasonPart::Average, forecast.base)).chain(inputs);
    all.filter(|reason| reason.points != Micropoints::ZERO).collect()
}

impl ReasonPart {
    /// The part as a number: 0 for the whole, 1 for the average, from 2 on the inputs.
    #[must_use]
    pub fn code(self) -> usize {
        match self {
            Self::Whole => 0,
            Self::Average => 1,
            Self::Input(input) => input + 2,
        }
    }

    /// The part of a number.
    #[must_use]
    pub fn of_code(code: usize) -> Self {
        match code {
            0 => Self::Whole,
            1 => Self::Average,
            input => Self::Input(input - 2),
        }
    }
}

impl RuleSet {
    /// What the reasons of a rule are called, by [`ReasonPart::code`]: its id, and of a prediction `fit: average` and
    /// `fit: lead.employees`.
    #[must_use]
    pub fn reason_names(&self, rule: usize) -> Vec<String> {
        let Rule { id, kind, .. } = &self.rules[rule];
        let RuleKind::Predict(prediction) = kind else { return vec![id.to_string()] };
        let inputs = prediction.predictor.inputs.iter().map(|input| format!("{id}: {}", input.feature));
        [id.to_string(), format!("{id}: average")].into_iter().chain(inputs).collect()
    }

    /// What a reason is called.
    #[must_use]
    pub fn reason_name(&self, reason: &Reason) -> Cow<'_, str> {
        let Some(rule) = self.rules.get(reason.rule) else { return Cow::Borrowed("") };
        match (reason.part, &rule.kind) {
            (ReasonPart::Average, _) => Cow::Owned(format!("{}: average", rule.id)),
            (ReasonPart::Input(input), RuleKind::Predict(prediction)) => {
                let input = prediction.predictor.inputs.get(input).map_or("", |input| &input.feature);
                Cow::Owned(format!("{}: {input}", rule.id))
            }
            _ => Cow::Borrowed(&*rule.id),
        }
    }
}
