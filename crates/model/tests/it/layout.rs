//! Laying a model out changes nothing of what it means.

use crate::shared::shared;

#[test]
fn every_shared_model_means_the_same_when_it_is_laid_out() {
    let Some(shared) = shared() else { return };
    let mut models = vec![shared.join("bench/model.yaml")];
    models.extend(
        std::fs::read_dir(shared.join("conformance"))
            .expect("no cases")
            .flatten()
            .map(|case| case.path().join("model.yaml")),
    );
    models.retain(|path| path.is_file());
    assert!(models.len() > 70, "only {} models", models.len());
    for path in models {
        let text = std::fs::read_to_string(&path).expect("cannot be read");
        let laid_out = kelvin_model::fmt::format(&text).expect("cannot be laid out");
        let (before, after) = (kelvin_model::load("a.yaml", &text), kelvin_model::load("b.yaml", &laid_out));
        assert!(after.plan.is_some(), "{}", after.render(false));
        assert_eq!(kelvin_model::diff::diff(&before.model, &after.model), [], "{}", path.display());
        assert_eq!(kelvin_model::fmt::format(&laid_out), Ok(laid_out), "{}", path.display());
    }
}
