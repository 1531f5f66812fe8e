//! Targets of the model crate: the texts that a model's author writes.

use kelvin_model::{cases, diagnostics, fmt, load_bytes};

use crate::text;

/// A model file; it is either a plan or has an error, and every problem lies in the text.
pub(crate) fn model(data: &[u8]) {
    let loaded = load_bytes("model.yaml", data);
    assert_eq!(loaded.plan.is_none(), loaded.has_errors(), "{:?}", loaded.diagnostics);
    let end = loaded.source.len();
    for problem in &loaded.diagnostics {
        assert!(
            problem.labels.iter().all(|label| label.span.start <= label.span.end && label.span.end <= end)
        );
        assert!(!problem.message.contains('\n'), "{problem:?}");
    }
    loaded.render(true);
    for problem in &loaded.diagnostics {
        diagnostics::to_json(problem, &loaded.name);
    }
}

/// A model file to lay out; the layout is its own layout.
pub(crate) fn format(data: &[u8]) {
    text(data, |text| {
        if let Ok(once) = fmt::format(text) {
            assert_eq!(fmt::format(&once).as_ref(), Ok(&once), "{text:?}");
        }
    });
}

/// Cases in Markdown; a problem stands in a line of the text.
pub(crate) fn markdown(data: &[u8]) {
    text(data, |text| {
        let problems = cases::markdown::cases(text).err().unwrap_or_default();
        let lines = text.lines().count().max(1);
        assert!(problems.iter().all(|problem| (1..=lines).contains(&problem.line)), "{problems:?}");
    });
}
