//! Every shared case and benchmark model loads.

#[path = "../../../kernel/tests/it/shared.rs"]
mod folder;

pub(crate) use folder::shared;

#[test]
fn every_shared_model_loads_without_an_error() {
    let Some(shared) = shared() else { return };
    let mut models = vec![shared.join("bench/model.yaml")];
    for case in std::fs::read_dir(shared.join("conformance")).expect("no cases").flatten() {
        models.push(case.path().join("model.yaml"));
    }
    models.retain(|path| path.is_file());
    assert!(models.len() > 70, "only {} models", models.len());
    for path in models {
        let bytes = std::fs::read(&path).expect("cannot be read");
        let loaded =
            kelvin_model::load_bytes(&path.display().to_string(), &bytes, &|_| Err("not there".to_owned()));
        assert!(loaded.plan.is_some(), "{}", loaded.render(false));
    }
}

#[test]
fn the_model_of_the_definition_loads_without_an_error() {
    let Some(shared) = shared() else { return };
    let text = std::fs::read_to_string(shared.join("semantics.md")).expect("cannot be read");
    let start = text.find("```yaml\n").expect("no model") + 8;
    let yaml = &text[start..start + text[start..].find("```").expect("no end")];
    let loaded = kelvin_model::load("semantics.md", yaml);
    assert!(loaded.plan.is_some(), "{}", loaded.render(false));
}

#[test]
fn no_lead_has_a_tier_or_a_grade_that_is_called_unreachable() {
    let Some(shared) = shared() else { return };
    let (mut told, mut lines) = (0, 0);
    for case in std::fs::read_dir(shared.join("conformance")).expect("no cases").flatten() {
        let text = |name: &str| std::fs::read_to_string(case.path().join(name)).unwrap_or_default();
        let loaded = kelvin_model::load("model.yaml", &text("model.yaml"));
        let unreachable = |code: &'static str| {
            let found = loaded.diagnostics.iter().filter(move |diagnostic| diagnostic.code == code);
            let name = |message: &str| message.split('`').nth(1).unwrap_or_default().to_owned();
            found.map(|diagnostic| name(&diagnostic.message)).collect::<Vec<String>>()
        };
        let (tiers, grades) = (unreachable("unreachable-tier"), unreachable("unreachable-grade"));
        told += tiers.len() + grades.len();
        for line in (text("expected.jsonl") + &text("expected-accounts.jsonl")).lines() {
            let line: serde_json::Value = serde_json::from_str(line).expect("no JSON");
            let has = |key: &str, names: &[String]| names.iter().any(|name| line[key] == **name);
            assert!(!has("tier", &tiers) && !has("grade", &grades), "{}: {line}", case.path().display());
            lines += 1;
        }
    }
    assert!(told > 10 && lines > 1000, "{told} told, {lines} lines");
}
