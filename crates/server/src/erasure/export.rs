//! All that is known of a person, as one JSON.

use kelvin_kernel::Instant;
use kelvin_store::{Field, Kept, LeadScore, Owner, Person, View};
use serde_json::{Map, Value as Json, json};

use super::{Known, known};
use crate::{
    Error,
    api::{logged, points},
};

/// All that is known of the person of an id, if there is one.
pub(crate) fn export(view: &dyn View, id: &str, now: Instant) -> Result<Option<Json>, Error> {
    let Some(known) = known(view, id)? else { return Ok(None) };
    let Known { lead, ids, events, traces } = &known;
    let attributes: Map<String, Json> = view
        .attributes(Owner::Lead(lead), now)?
        .into_iter()
        .map(|(key, value)| (key, serde_json::from_str(&value).unwrap_or(Json::String(value))))
        .collect();
    let events: Vec<Json> = events.iter().map(logged).collect::<Result<_, _>>()?;
    let person = Person { ids, events: &[], traces };
    Ok(Some(json!({
        "lead_id": lead,
        "as_of": now.to_string(),
        "ids": ids.iter().map(|id| json!({"id": id.text, "kind": id.kind.name()})).collect::<Vec<_>>(),
        "attributes": attributes,
        "scores": scores(view, lead)?,
        "events": events,
        "also": by_table(view.kept_of(&person)?),
    })))
}

/// What each model last gave.
fn scores(view: &dyn View, lead: &str) -> Result<Vec<Json>, Error> {
    let mut scores = Vec::new();
    for (model, _) in view.models()? {
        let score = view.holding(&model, lead)?.and_then(|holding| holding.score);
        scores.extend(score.map(|score| line(&model, &score)));
    }
    Ok(scores)
}

fn line(model: &str, score: &LeadScore) -> Json {
    json!({
        "model": model,
        "score": points(score.score),
        "tier": score.tier,
        "grade": score.grade,
        "as_of": score.at.to_string(),
    })
}

/// Rows by the table that they stand in.
fn by_table(rows: Vec<Kept>) -> Map<String, Json> {
    let mut tables = Map::new();
    for row in rows {
        let fields: Map<String, Json> =
            row.fields.into_iter().map(|(name, field)| (name, told(field))).collect();
        let table = tables.entry(row.table).or_insert_with(|| json!([]));
        if let Some(rows) = table.as_array_mut() {
            rows.push(Json::Object(fields));
        }
    }
    tables
}

fn told(field: Field) -> Json {
    match field {
        Field::Nothing => Json::Null,
        Field::Whole(number) => json!(number),
        Field::Text(text) => json!(text),
    }
}
