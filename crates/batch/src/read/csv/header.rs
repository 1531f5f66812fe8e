//! Headers as people write them: blanks around names, names that occur twice or not at all.

use std::collections::BTreeSet;

/// The columns' names: without blanks around them, and unique. A later `Name` becomes `Name_2`; one without a name
/// becomes `column_3` by its place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) names: Vec<String>,
    /// Names that were given twice, with what the later ones became.
    pub(super) renamed: Vec<(String, String)>,
}

impl Header {
    pub(super) fn new<'f>(fields: impl IntoIterator<Item = &'f str>) -> Self {
        let given: Vec<&str> = fields.into_iter().map(str::trim).collect();
        let mut taken: BTreeSet<String> = given.iter().map(|name| (*name).to_owned()).collect();
        let mut seen = BTreeSet::new();
        let mut header = Self { names: Vec::new(), renamed: Vec::new() };
        for (place, name) in given.iter().enumerate() {
            let unique = match *name {
                "" => free(&taken, "column", place + 1),
                name if seen.contains(name) => free(&taken, name, 2),
                name => name.to_owned(),
            };
            if seen.contains(*name) && !name.is_empty() {
                header.renamed.push(((*name).to_owned(), unique.clone()));
            }
            seen.insert((*name).to_owned());
            taken.insert(unique.clone());
            header.names.push(unique);
        }
        header
    }
}

/// The first of `name_2`, `name_3`, … that is free.
fn free(taken: &BTreeSet<String>, name: &str, from: usize) -> String {
    let mut number = from;
    loop {
        let candidate = format!("{name}_{number}");
        if !taken.contains(&candidate) {
            return candidate;
        }
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::Header;

    fn check(fields: &[&str], names: &[&str], renamed: &[(&str, &str)]) {
        let header = Header::new(fields.iter().copied());
        assert_eq!(header.names, names);
        let told: Vec<_> =
            header.renamed.iter().map(|(given, name)| (given.as_str(), name.as_str())).collect();
        assert_eq!(told, renamed);
    }

    #[test]
    fn every_column_has_a_name_of_its_own() {
        check(&["lead_id", " Name "], &["lead_id", "Name"], &[]);
        check(
            &["Name", "Name", "Name_2", "Name"],
            &["Name", "Name_3", "Name_2", "Name_4"],
            &[("Name", "Name_3"), ("Name", "Name_4")],
        );
        check(&["id", "", " ", "column_3"], &["id", "column_2", "column_4", "column_3"], &[]);
    }
}
