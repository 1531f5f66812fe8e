//! An outcome as JSON.

use kelvin_kernel::Micropoints;
use serde_json::{Value as Json, json};

use super::{By, Known};
use crate::api::points;

/// An outcome as it is listed and written to files.
pub(crate) fn line(known: &Known) -> Json {
    let Known { outcome, by } = known;
    let (definition, event) = match by {
        By::Hearsay => (None, None),
        By::Event { definition, id } => (Some(definition), Some(id)),
    };
    json!({
        "id": outcome.id,
        "lead_id": outcome.lead,
        "kind": outcome.kind,
        "at": outcome.time.to_string(),
        "value": outcome.value_millionths.map(|millionths| points(Micropoints(millionths))),
        "currency": outcome.currency,
        "reason": outcome.reason,
        "deal": outcome.deal,
        "source": outcome.source,
        "definition": definition,
        "event_id": event,
    })
}
