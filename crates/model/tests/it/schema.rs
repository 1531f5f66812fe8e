//! The schema accepts every shared model, read by another YAML reader than ours.

use crate::shared::shared;

#[test]
fn every_shared_model_is_valid_by_the_schema() {
    let Some(shared) = shared() else { return };
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler
        .add_resource("kelvin.json", kelvin_model::schema::schema(&kelvin_model::grammar::MODELS))
        .expect("no schema");
    let schema = compiler.compile("kelvin.json", &mut schemas).expect("no schema");
    let mut count = 0;
    for case in std::fs::read_dir(shared.join("conformance")).expect("no cases").flatten() {
        let Ok(text) = std::fs::read_to_string(case.path().join("model.yaml")) else { continue };
        let value: serde_json::Value = serde_saphyr::from_str(&text).expect("no YAML");
        if let Err(error) = schemas.validate(&value, schema) {
            panic!("{}: {error:#}", case.path().display());
        }
        count += 1;
    }
    assert!(count > 70, "only {count} models");
}
