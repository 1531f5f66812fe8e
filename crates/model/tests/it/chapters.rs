//! The chapters of the language reference: what they say of checking and layout holds, and all their blocks are read.
//!
//! What they say of scores runs where there is an engine, in the tests of the command line.

use std::path::Path;

use kelvin_model::cases::markdown;

#[test]
fn what_the_chapters_say_of_models_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/language");
    let mut chapters: Vec<_> =
        std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect();
    chapters.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    chapters.sort();
    let mut wrong = String::new();
    for path in &chapters {
        let text = std::fs::read_to_string(path).unwrap();
        let name = path.file_name().unwrap_or_default().display().to_string();
        let cases = match markdown::cases(&text) {
            Ok(cases) => cases,
            Err(bad) => {
                wrong.extend(bad.iter().map(|bad| format!("{name}: {bad}\n")));
                continue;
            }
        };
        for case in cases {
            for difference in case.model_differences() {
                let (line, what) = (case.line, difference.what);
                wrong += &format!(
                    "{name}:{line}: the {what} is\n{}expected\n{}\n",
                    difference.actual, difference.expected
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
