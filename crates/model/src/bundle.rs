//! A model file that carries the files it names, so that it can be sent and kept as one text: each in a comment at its end.
//!
//! `#:file "model.kelvin.json" {"kelvin_predictor":1,…}`: the name as a JSON text, then the file, JSON on one line.

use std::collections::BTreeMap;

/// What a line begins with that carries a file.
const MARK: &str = "#:file ";

/// A text that carries these files, by the names that the model calls them. JSON is put on one line; other files are left out.
#[must_use]
pub(crate) fn bundled(text: &str, files: &BTreeMap<String, String>) -> String {
    let (plain, _) = unbundled(text);
    let mut all = plain.to_owned();
    for (name, file) in files {
        let json = serde_json::from_str::<serde_json::Value>(file).map(|json| json.to_string());
        let (Ok(name), Ok(json)) = (serde_json::to_string(name), json) else { continue };
        if !all.is_empty() && !all.ends_with('\n') {
            all.push('\n');
        }
        all.push_str(&format!("{MARK}{name} {json}\n"));
    }
    all
}

/// The model of a text, and the files that it carries.
#[must_use]
pub(crate) fn unbundled(text: &str) -> (&str, BTreeMap<String, &str>) {
    let (mut plain, mut files) = (text, BTreeMap::new());
    loop {
        let trimmed = plain.trim_end();
        let start = trimmed.rfind('\n').map_or(0, |line| line + 1);
        let Some((name, file)) = trimmed[start..].strip_prefix(MARK).and_then(carried) else {
            return (plain, files);
        };
        files.insert(name, file);
        plain = &plain[..start];
    }
}

/// The name and the text of a file, from what follows the mark.
fn carried(line: &str) -> Option<(String, &str)> {
    let mut names = serde_json::Deserializer::from_str(line).into_iter::<String>();
    let name = names.next()?.ok()?;
    Some((name, line[names.byte_offset()..].trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(of: &[(&str, &str)]) -> BTreeMap<String, String> {
        of.iter().map(|(name, file)| ((*name).to_owned(), (*file).to_owned())).collect()
    }

    #[test]
    fn what_is_put_into_a_text_comes_out_again() {
        let all = files(&[("a \"b\".json", "{\n  \"x\": [0.1, 1e-7]\n}\n"), ("c.json", "{}")]);
        let text = bundled("kelvin: 1", &all);
        assert_eq!(text, "kelvin: 1\n#:file \"a \\\"b\\\".json\" {\"x\":[0.1,1e-7]}\n#:file \"c.json\" {}\n");
        let (plain, found) = unbundled(&text);
        assert_eq!(plain, "kelvin: 1\n");
        assert_eq!(found.get("a \"b\".json"), Some(&"{\"x\":[0.1,1e-7]}"));
        assert_eq!(bundled(&text, &all), text);
    }

    #[test]
    fn a_text_that_carries_nothing_is_left_as_it_is() {
        for text in ["", "kelvin: 1\n\n", "#:file x\n", "#:file \"a\" {}\nkelvin: 1\n"] {
            assert_eq!(unbundled(text), (text, BTreeMap::new()), "{text}");
        }
    }
}
