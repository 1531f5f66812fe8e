//! Targets of the model crate: the texts that a model's author writes.

use std::sync::LazyLock;

use kelvin_model::{
    Loaded, cases,
    diagnostics::{self, Diagnostic},
    fmt, load_bytes, playbook as playbooks,
    span::Span,
};

use crate::text;

/// A model file; it is either a plan or has an error, and every problem lies in the text.
pub(crate) fn model(data: &[u8]) {
    let loaded = load_bytes("model.yaml", data, &|_| Err("not there".to_owned()));
    assert_eq!(loaded.plan.is_none(), loaded.has_errors(), "{:?}", loaded.diagnostics);
    told(&loaded.diagnostics, &loaded.name, &loaded.source);
}

/// A playbook file, beside a model; it is either a plan or has an error, and every problem lies in the text.
pub(crate) fn playbook(data: &[u8]) {
    let model = &MODEL.model;
    for models in [&[][..], &[model], &[model, model]] {
        let loaded = playbooks::load_bytes("playbook.yaml", data, models);
        assert_eq!(loaded.plan.is_none(), loaded.has_errors(), "{:?}", loaded.diagnostics);
        told(&loaded.diagnostics, &loaded.name, &loaded.source);
    }
}

/// The model among the seeds.
static MODEL: LazyLock<Loaded> =
    LazyLock::new(|| kelvin_model::load("rules.yaml", include_str!("../corpus/model/rules.yaml")));

/// Every problem lies in the text, is told on one line, and can be printed.
fn told(problems: &[Diagnostic], name: &str, source: &str) {
    for problem in problems {
        let is_inside = |span: Span| source.get(span.start..span.end).is_some();
        assert!(problem.labels.iter().all(|label| is_inside(label.span)), "{problem:?}");
        assert!(!problem.message.contains('\n'), "{problem:?}");
        diagnostics::to_json(problem, name);
    }
    diagnostics::render(problems, name, source, true);
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
