//! Reference values that independent tools computed, where they lie beside the checkout.

use std::fs;

use super::shared::shared;

/// A JSON file of reference values.
pub(crate) fn golden(name: &str) -> Option<serde_json::Value> {
    let path = shared()?.join("data/reference").join(name);
    let text = fs::read_to_string(path).ok()?;
    Some(serde_json::from_str(&text).expect("reference values are JSON"))
}

/// Probabilities and outcomes of a model on test rows.
pub(crate) fn predictions(file: &str) -> (Vec<f64>, Vec<bool>) {
    let path = shared().expect("the caller has found reference values").join("data").join(file);
    let mut reader = csv::Reader::from_path(path).expect("predictions");
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.map(|row| (row[2].parse::<f64>().expect("a probability"), &row[1] == "1")).unzip()
}

/// A number of a JSON object.
pub(crate) fn number(of: &serde_json::Value, key: &str) -> f64 {
    of[key].as_f64().unwrap_or_else(|| panic!("no number `{key}`"))
}
