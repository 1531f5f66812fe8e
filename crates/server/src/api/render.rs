//! Scores and lists as JSON.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use kelvin_kernel::{
    Instant, Micropoints,
    plan::Plan,
    score::{Reason, Score},
};
use serde_json::{Map, Value as Json, json};

use super::tags;
use crate::writer::{grade, tier};

/// An answer that is JSON. A browser may keep it, and asks each time whether it is still so.
pub(crate) fn json_response(body: &Json) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "private, no-cache"),
        (header::ETAG, &tags::tag(body)),
    ];
    (headers, body.to_string()).into_response()
}

/// A score with all its reasons, as `kelvin score --explain` writes it.
pub(crate) fn explained(plan: &Plan, lead: &str, score: &Score, at: Instant) -> Json {
    let rule = |place: &usize| json!(plan.rules.rules[*place].id);
    let dimensions: Map<String, Json> = plan
        .dimensions
        .iter()
        .zip(&score.dimensions)
        .map(|(dimension, score)| {
            (dimension.id.to_string(), json!({"sum": points(score.sum), "value": points(score.value)}))
        })
        .collect();
    json!({
        "lead_id": lead,
        "model": plan.model,
        "as_of": at.to_string(),
        "score": points(score.score),
        "tier": tier(plan, score),
        "grade": grade(plan, score),
        "disqualified": score.disqualified.iter().map(rule).collect::<Vec<_>>(),
        "until": instant(score.until),
        "dimensions": dimensions,
        "reasons": score.reasons.iter().map(|why| reason(plan, why)).collect::<Vec<_>>(),
    })
}

fn reason(plan: &Plan, reason: &Reason) -> Json {
    let rule = &plan.rules.rules[reason.rule];
    let mut told = json!({
        "rule": plan.rules.reason_name(reason),
        "dimension": plan.dimensions[rule.dimension].id,
        "points": points(reason.points),
        "awards": reason.awards,
    });
    if let Some(last) = reason.last {
        told["last"] = json!(last.to_string());
    }
    told
}

/// Points as a number without needless digits.
pub(crate) fn points(points: Micropoints) -> Json {
    let whole = points.0 / 1_000_000;
    if points.0 % 1_000_000 == 0 { json!(whole) } else { json!(points.as_points()) }
}

/// An instant as text, if there is one.
pub(crate) fn instant(instant: Option<Instant>) -> Json {
    instant.map_or(Json::Null, |instant| json!(instant.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_as_exact_as_they_are_kept() {
        let check =
            |millionths, expect: &str| assert_eq!(points(Micropoints(millionths)).to_string(), expect);
        check(0, "0");
        check(-3_000_000, "-3");
        check(61_250_000, "61.25");
        check(999_999_999_999_999, "999999999.999999");
    }
}
