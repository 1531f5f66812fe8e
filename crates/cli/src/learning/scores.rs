//! What models make of examples at their moments.

use kelvin_kernel::{
    plan::Plan,
    program::Program,
    score::{Detail, Score, Standing, score},
    worth::Subject,
};
use kelvin_learn::{Column, Feature, Values};

/// What a model makes of each example.
#[derive(Debug, Default)]
pub(crate) struct ModelScores {
    /// The model's id.
    pub(crate) model: String,
    /// The scores; nothing where the model does not apply.
    pub(crate) scores: Vec<Option<f64>>,
    /// The tiers; `disqualified` is one.
    pub(crate) tiers: Vec<Option<String>>,
    /// What each rule is worth, in the order of the model.
    pub(crate) rules: Vec<Column>,
}

impl ModelScores {
    pub(super) fn new(program: &Program) -> Self {
        let plan = program.plan();
        let model = plan.model.to_string();
        let rules = plan.rules.rules.iter().map(|rule| Column {
            feature: Feature::Rule { model: model.clone(), rule: rule.id.to_string() },
            values: Values::Numbers(Vec::new()),
        });
        Self { rules: rules.collect(), model, ..Self::default() }
    }

    /// Adds an example.
    pub(super) fn push(&mut self, program: &Program, subject: &Subject<'_>) {
        let scored = score(program, subject, Detail { until: false, reasons: true });
        self.scores.push(scored.as_ref().map(|score| score.score.as_points()));
        self.tiers.push(scored.as_ref().and_then(|score| tier(program.plan(), score)));
        let mut worths = vec![0.0; self.rules.len()];
        for reason in scored.iter().flat_map(|score| &score.reasons) {
            worths[reason.rule] = reason.points.as_points();
        }
        for (column, worth) in self.rules.iter_mut().zip(worths) {
            if let Values::Numbers(numbers) = &mut column.values {
                numbers.push(worth);
            }
        }
    }
}

fn tier(plan: &Plan, score: &Score) -> Option<String> {
    match score.standing {
        Standing::None => None,
        Standing::Tier(place) => plan.tiers.get(place).map(|tier| tier.name.to_string()),
        Standing::Disqualified => Some("disqualified".to_owned()),
    }
}
