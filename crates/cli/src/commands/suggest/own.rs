//! `kelvin suggest --model`: the user's own model with points priced anew, everything else as it was.

use std::{collections::BTreeMap, path::Path};

use kelvin_kernel::{
    plan::{Plan, Range, Weight},
    program::Program,
};
use kelvin_learn::{
    Values,
    measure::{Estimate, Resampling},
    scorecard::{OwnDimension, OwnModel, OwnRule, Repriced, Repricing, reprice},
};
use kelvin_model::{Loaded, span::Spanned, tree::Rule};
use serde_json::{Value as Json, json};

use super::numbers::{Numbers, points};
use crate::{
    failure::{Failure, Outcome},
    learning::{Examples, ModelScores},
    models,
    render::text::counted,
    terminal::Terminal,
};

/// The user's model.
pub(super) struct Own {
    pub(super) program: Program,
    loaded: Loaded,
}

/// The user's model with new points.
pub(super) struct New<'o> {
    own: &'o Own,
    told: Repricing,
}

impl Own {
    pub(super) fn load(path: &Path, terminal: &Terminal) -> Outcome<Self> {
        if path.is_dir() {
            return Err(Failure::new(format!("`{}` is a folder", path.display()))
                .help("name one model file: its points are priced anew"));
        }
        let mut loaded = models::load(path)?;
        match loaded.plan.take() {
            Some(plan) => Ok(Self { program: Program::new(plan), loaded }),
            None => Err(models::unusable(loaded, terminal)),
        }
    }

    /// New points from what became of examples.
    pub(super) fn priced(&self, examples: &Examples, how: &Resampling) -> Outcome<New<'_>> {
        let scores = examples.models.first().ok_or_else(|| Failure::new("the model scored nothing"))?;
        let rows: Vec<usize> = (0..scores.scores.len()).filter(|row| scores.scores[*row].is_some()).collect();
        let dataset = examples.dataset.take(&rows);
        let told = reprice(&dataset, &self.model(scores, &rows), how).map_err(|cause| {
            Failure::new(cause.to_string())
                .help("bring more leads whose outcome is known, or name a wider outcome")
        })?;
        Ok(New { own: self, told })
    }

    /// The rules with what they are worth in some examples.
    fn model(&self, scores: &ModelScores, rows: &[usize]) -> OwnModel {
        let plan = self.program.plan();
        let numbers = Numbers::new(&self.loaded.source);
        let rule = |((planned, written), judged): ((&kelvin_kernel::plan::Rule, &Rule), _)| {
            let judged: &kelvin_learn::evaluation::JudgedRule = judged;
            let own = points(written);
            let can_change = own.iter().all(|number| numbers.is_plain(number));
            OwnRule {
                worths: match &judged.worths.values {
                    Values::Numbers(worths) => rows.iter().map(|row| worths[*row]).collect(),
                    Values::Categories { .. } => vec![0.0; rows.len()],
                },
                dimension: planned.dimension,
                decimals: own.iter().map(|number| numbers.decimals(number)).max().unwrap_or(0),
                numbers: if can_change { own.iter().map(|number| number.value).collect() } else { vec![] },
            }
        };
        let rules = plan.rules.rules.iter().zip(self.loaded.model.rules()).zip(&scores.rules);
        OwnModel { rules: rules.map(rule).collect(), dimensions: dimensions(plan), range: bounds(plan.range) }
    }
}

fn dimensions(plan: &Plan) -> Vec<OwnDimension> {
    let dimension = |dimension: &kelvin_kernel::plan::Dimension| OwnDimension {
        range: bounds(dimension.range),
        weight: match dimension.weight {
            Weight::Whole(weight) => weight as f64,
            Weight::Real(weight) => weight,
        },
    };
    plan.dimensions.iter().map(dimension).collect()
}

fn bounds(range: Range) -> (f64, f64) {
    (range.min.as_points(), range.max.as_points())
}

impl New<'_> {
    fn rules(&self) -> impl Iterator<Item = (&Rule, &Repriced)> {
        self.own.loaded.model.rules().zip(&self.told.rules)
    }

    /// The user's file with the new points.
    pub(super) fn text(&self) -> Outcome<String> {
        let mut numbers = Numbers::new(&self.own.loaded.source);
        for (rule, new) in self.rules() {
            let old = points(rule);
            let mut changed: Vec<(&Spanned<f64>, f64)> = old
                .into_iter()
                .zip(new.numbers.iter().copied())
                .filter(|(old, new)| old.value != *new)
                .collect();
            let Some(largest) =
                changed.iter().map(|(old, _)| *old).max_by(|a, b| a.value.abs().total_cmp(&b.value.abs()))
            else {
                continue;
            };
            let cap = rule.cap.as_ref().filter(|cap| numbers.is_plain(cap));
            changed
                .extend(cap.map(|cap| (cap, new_cap(cap.value, new))).filter(|(old, new)| old.value != *new));
            let mut by_line: BTreeMap<usize, Vec<String>> = BTreeMap::new();
            for (old, to) in changed {
                numbers.change(old, to);
                by_line.entry(numbers.line(old.span)).or_default().push(old.value.to_string());
            }
            for (line, olds) in by_line {
                let is_where_largest_is = line == numbers.line(largest.span);
                let evidence =
                    if is_where_largest_is { format!("; {}", new.evidence()) } else { String::new() };
                numbers.remark(line, olds.join(", ") + &evidence);
            }
        }
        numbers.into_text()
    }

    /// What is told of it: a line, and what to mind.
    pub(super) fn summary(&self, about: &str) -> (String, Vec<String>) {
        let told = &self.told;
        let changed = self.rules().filter(|(rule, new)| is_changed(rule, new)).count() as u64;
        let mut summary = format!(
            "{} of {} changed, from {} of {about}",
            changed,
            counted(told.rules.len() as u64, "rule"),
            counted(told.rows as u64, "example")
        );
        if let (Some(before), Some(after), Some(gained)) = (told.before, told.after, told.gained) {
            summary += &format!(
                "; AUC {:.3} ({:.3} to {:.3}) before, {:.3} ({:.3} to {:.3}) after on held-out leads: {:+.3} ({:+.3} to {:+.3})",
                before.value,
                before.low,
                before.high,
                after.value,
                after.low,
                after.high,
                gained.value,
                gained.low,
                gained.high
            );
        }
        (summary, self.notes())
    }

    fn notes(&self) -> Vec<String> {
        let told = &self.told;
        let mut notes = Vec::new();
        match told.gained {
            Some(gained) if gained.high < 0.0 => {
                notes.push("held-out leads show that your points tell leads apart better: keep them".to_owned());
            }
            _ if !told.is_better() => notes.push(
                "no difference shown: held-out leads do not tell whether the new points are better than yours"
                    .to_owned(),
            ),
            _ => {}
        }
        let (before, after) = told.means;
        if (after - before).abs() >= 0.5 && !self.own.loaded.model.tiers.is_empty() {
            notes.push(format!(
                "scores are {after:.1} on average, and were {before:.1}: look at tiers again with `kelvin thresholds`"
            ));
        }
        let of = |test: fn(&Rule, &Repriced) -> bool| -> Vec<String> {
            self.rules()
                .filter(|(rule, new)| test(rule, new))
                .map(|(rule, _)| format!("`{}`", rule.id.value))
                .collect()
        };
        let kinds = [
            (of(|_, new| new.is_against), "history goes the other way than your sign: "),
            (of(|_, new| new.alone.is_some() && new.is_unsure()), "unsure, might as well be 0: "),
            (
                of(|rule, new| !is_disqualifying(rule) && new.alone.is_none()),
                "kept, as these leads say nothing of them or they compute their points: ",
            ),
        ];
        notes.extend(
            kinds
                .into_iter()
                .filter(|kind| !kind.0.is_empty())
                .map(|(ids, what)| what.to_owned() + &ids.join(", ")),
        );
        notes
    }

    /// All numbers.
    pub(super) fn report(&self) -> Json {
        let told = &self.told;
        let auc = |estimate: Option<Estimate>| {
            estimate.map(|auc| json!({"auc": auc.value, "low": auc.low, "high": auc.high}))
        };
        let rule = |(rule, new): (&Rule, &Repriced)| {
            json!({
                "rule": rule.id.value,
                "points": points(rule).iter().map(|number| number.value).collect::<Vec<_>>(),
                "new_points": new.numbers,
                "factor": new.factor,
                "by_history_alone": new.alone.map(|[points, low, high]| json!({"points": points, "low": low, "high": high})),
                "unsure": new.is_unsure(),
                "against_sign": new.is_against,
                "rows": new.rows,
                "positives": new.positives,
            })
        };
        json!({
            "rows": told.rows,
            "positives": told.positives,
            "before": auc(told.before),
            "after": auc(told.after),
            "gained": auc(told.gained),
            "better": told.is_better(),
            "mean_score": {"before": told.means.0, "after": told.means.1},
            "rules": self.rules().map(rule).collect::<Vec<_>>(),
        })
    }
}

fn is_disqualifying(rule: &Rule) -> bool {
    matches!(rule.worth(), Some(kelvin_model::tree::Worth::Disqualify(_)))
}

fn is_changed(rule: &Rule, new: &Repriced) -> bool {
    points(rule).iter().zip(&new.numbers).any(|(old, new)| old.value != *new)
}

/// A cap that cuts off as many awards as before; it stays where the rule has become worth nothing.
fn new_cap(cap: f64, new: &Repriced) -> f64 {
    let most = new.numbers.iter().fold(0.0, |most: f64, number| most.max(number.abs()));
    if most == 0.0 { cap } else { (cap * new.factor.abs()).round().max(most) }
}
