//! What models make of examples at their moments.

use kelvin_kernel::{
    Micropoints,
    plan::Plan,
    program::Program,
    score::{Detail, Score, Standing, score},
    worth::Subject,
};
use kelvin_learn::{Column, Feature, Values, evaluation::JudgedRule};

/// What a model makes of each example.
#[derive(Debug, Default)]
pub(crate) struct ModelScores {
    /// The model's id.
    pub(crate) model: String,
    /// The scores; nothing where the model does not apply.
    pub(crate) scores: Vec<Option<f64>>,
    /// The tiers; `disqualified` is one.
    pub(crate) tiers: Vec<Option<String>>,
    /// What each rule makes of it, in the order of the model.
    pub(crate) rules: Vec<JudgedRule>,
    /// Whether the scores are probabilities.
    pub(crate) probabilities: bool,
}

impl ModelScores {
    pub(super) fn new(program: &Program) -> Self {
        let plan = program.plan();
        let model = plan.model.to_string();
        let rules = plan.rules.rules.iter().map(|rule| JudgedRule {
            worths: Column {
                feature: Feature::Rule { model: model.clone(), rule: rule.id.to_string() },
                values: Values::Numbers(Vec::new()),
            },
            raised: Vec::new(),
            disqualified: rule.kind.is_disqualifier().then(Vec::new),
        });
        Self { rules: rules.collect(), model, ..Self::default() }
    }

    /// Adds an example.
    pub(super) fn push(&mut self, program: &Program, subject: &Subject<'_>) {
        let scored = score(program, subject, Detail { until: false, reasons: true });
        self.scores.push(scored.as_ref().map(|score| score.score.as_points()));
        self.tiers.push(scored.as_ref().and_then(|score| tier(program.plan(), score)));
        for (place, rule) in self.rules.iter_mut().enumerate() {
            let (worth, raised) = match &scored {
                Some(score) => {
                    let without = score.without(program.plan(), place);
                    (score.points_of(place), score.score - without)
                }
                None => (Micropoints::ZERO, Micropoints::ZERO),
            };
            if let Values::Numbers(numbers) = &mut rule.worths.values {
                numbers.push(worth.as_points());
            }
            rule.raised.push(raised.as_points());
            if let Some(disqualified) = &mut rule.disqualified {
                disqualified.push(scored.as_ref().is_some_and(|score| score.disqualified.contains(&place)));
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
