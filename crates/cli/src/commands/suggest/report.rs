//! A suggestion as JSON: all of its numbers.

use kelvin_learn::scorecard::{Band, Bins, Condition, Holds, Joint, Rule, Suggestion};
use serde_json::{Value as Json, json};

use crate::learning::Examples;

/// All that is known of a suggestion.
pub(super) fn report(suggestion: &Suggestion, examples: &Examples) -> Json {
    let card = &suggestion.card;
    json!({
        "about": examples.about,
        "rows": suggestion.rows,
        "leads": suggestion.leads,
        "positives": suggestion.positives,
        "from": suggestion.period.map(|period| period.0.to_string()),
        "to": suggestion.period.map(|period| period.1.to_string()),
        "held_out": suggestion.held_out.map(|auc| json!({"auc": auc.value, "low": auc.low, "high": auc.high})),
        "log_odds": {"at_0": card.line.start, "per_point": card.line.slope},
        "shrinkage": card.shrinkage,
        "priced_bands": card.priced_bands(),
        "rules": card.rules.iter().map(rule).collect::<Vec<_>>(),
        "joint": card.joint.iter().map(joint).collect::<Vec<_>>(),
        "tiers": suggestion.tiers.iter().map(|tier| json!({
            "name": tier.name, "from": tier.from, "rows": tier.rows, "positives": tier.positives,
        })).collect::<Vec<_>>(),
        "notes": examples.notes.iter().chain(&suggestion.notes).collect::<Vec<_>>(),
    })
}

fn rule(rule: &Rule) -> Json {
    let last = rule.bands.len() - 1;
    let bands = rule.bands.iter().enumerate();
    json!({
        "feature": rule.feature.to_string(),
        "bands": bands.map(|(bin, band)| self::band(band, "values", &values(&rule.bins, bin, last))).collect::<Vec<_>>(),
    })
}

fn joint(joint: &Joint) -> Json {
    let condition = |condition: &Condition| {
        json!({
            "feature": condition.feature.to_string(),
            "values": match &condition.holds {
                Holds::Below(end) => json!({"from": null, "below": end}),
                Holds::From(least) => json!({"from": least, "below": null}),
                Holds::In(texts) => json!({"in": texts}),
            },
        })
    };
    band(&joint.band, "conditions", &json!(joint.conditions.each_ref().map(condition)))
}

/// Which values a bin holds.
fn values(bins: &Bins, bin: usize, last: usize) -> Json {
    match bins {
        _ if bin == last => json!({"missing": true}),
        Bins::Cuts(cuts) => {
            json!({"from": bin.checked_sub(1).and_then(|bin| cuts.get(bin)), "below": cuts.get(bin)})
        }
        Bins::Groups(groups) => groups.get(bin).map_or(json!({"others": true}), |group| json!({"in": group})),
    }
}

/// What a band is worth, and under `what` who is in it.
fn band(band: &Band, what: &str, who: &Json) -> Json {
    let (low, high) = band.interval();
    json!({
        (what): who,
        "points": band.points,
        "exact": band.exact,
        "low": low,
        "high": high,
        "unsure": band.is_unsure(),
        "rows": band.rows,
        "positives": band.positives,
    })
}
