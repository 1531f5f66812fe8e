//! The live part of the demo: the service takes a day of events over HTTP and ranks the leads as they come.

use std::{
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result};

use super::workspace;
use crate::service::Service;

/// Calls in one request.
const BATCH: usize = 100;

/// In how many parts the day is sent; after each the list is shown.
const PARTS: usize = 3;

/// Serves the model of `folder` from an empty store, replays a day that ends now, and shows the list meanwhile.
pub(super) fn run(kelvin: &Path, folder: &Path) -> Result<()> {
    let service = Service::kelvin(kelvin, folder, "model.yaml", "live.db")?;
    let mut connection = service.connect()?;
    println!("\n$ kelvin serve --model model.yaml --store live.db --listen {}", service.address);
    let now =
        SystemTime::now().duration_since(UNIX_EPOCH).context("a clock that shows a time before 1970")?;
    let calls = workspace::calls(now.as_millis() as u64);
    let mut sent = 0;
    for part in calls.chunks(calls.len().div_ceil(PARTS)) {
        for batch in part.chunks(BATCH) {
            connection.ask("POST /v1/batch", &format!(r#"{{"batch":[{}]}}"#, batch.join(",")))?;
        }
        sent += part.len();
        println!("\nafter {sent} of the day's {} calls, GET /api/v1/leads?limit=5:", calls.len());
        show(&connection.ask("GET /api/v1/leads?limit=5", "")?);
    }
    Ok(())
}

/// Prints a list of leads, as the service writes it.
fn show(list: &str) {
    for lead in list.split("{\"lead_id\":").skip(1) {
        let id = lead.split(',').next().unwrap_or_default().trim_matches('"');
        let [score, tier] = ["score", "tier"].map(|key| value(lead, key).unwrap_or_default());
        println!("{score:>10}  {tier:<12}  {id}");
    }
}

/// The value of a key in an object that holds no others.
fn value<'j>(object: &'j str, key: &str) -> Option<&'j str> {
    let (_, rest) = object.split_once(&format!("\"{key}\":"))?;
    rest.split([',', '}']).next().map(|value| value.trim_matches('"'))
}
