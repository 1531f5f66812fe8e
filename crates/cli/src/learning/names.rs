//! What is known of leads, by the names that people give it.

use kelvin_learn::{Column, Feature, Table};

use crate::failure::{Failure, Outcome};

/// More names than these nobody reads.
const LISTED: usize = 40;

/// The column that a person names: as `kelvin features` writes it, as conditions write it after `lead`, or as the file calls it.
pub(crate) fn column<'t>(table: &'t Table, name: &str) -> Outcome<&'t Column> {
    let named = table.columns().iter().find(|column| is_called(&column.feature, name));
    named.ok_or_else(|| {
        Failure::new(format!("nothing known of the leads is called `{name}`")).help(help(table, name))
    })
}

fn is_called(feature: &Feature, name: &str) -> bool {
    feature.to_string() == name || matches!(feature, Feature::Attribute(path) if is_path_of(path, name))
}

/// Whether an attribute of a name lies there: `Lead Source` at `["Lead Source"]`.
fn is_path_of(path: &str, name: &str) -> bool {
    let quoted = path.strip_prefix("[\"").and_then(|path| path.strip_suffix("\"]"));
    path == name || quoted.is_some_and(|text| text.replace("\\\"", "\"").replace("\\\\", "\\") == name)
}

/// What there is instead.
fn help(table: &Table, name: &str) -> String {
    let features = || table.columns().iter().map(|column| &column.feature);
    let is_made_of_it = |feature: &&Feature| match feature {
        Feature::Field { path, .. } | Feature::Length(path) | Feature::Age(path) => is_path_of(path, name),
        _ => false,
    };
    let made: Vec<_> = features().filter(is_made_of_it).map(|feature| format!("`{feature}`")).collect();
    if !made.is_empty() {
        return format!(
            "of it there is {}; `--category '{name}'` keeps its texts as they are",
            made.join(", ")
        );
    }
    if table.columns().len() > LISTED {
        return "`kelvin features` with the same options tells all names in its first line".to_owned();
    }
    let all: Vec<_> = features().map(|feature| format!("`{feature}`")).collect();
    if all.is_empty() {
        "nothing is known of them".to_owned()
    } else {
        format!("there is {}", all.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_is_found_by_the_name_that_its_file_has_for_it() {
        let found = |path: &str, name: &str| is_called(&Feature::Attribute(path.to_owned()), name);
        assert!(found(r#"["Lead Source"]"#, "Lead Source"));
        assert!(found(r#"["Lead Source"]"#, r#"lead["Lead Source"]"#));
        assert!(found(r#"["5\" or \\ more"]"#, r#"5" or \ more"#));
        assert!(found("employees", "employees") && found("employees", "lead.employees"));
        assert!(!found("employees", "Employees") && !found(r#"["Lead Source"]"#, "Source"));
    }
}
