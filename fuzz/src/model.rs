//! Targets of the model crate: the texts that a model's author writes.

use kelvin_model::{cases, fmt};

use crate::text;

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
