//! Licences of what we ship, against the list in deny.toml. cargo-deny says more, where it is installed.

use anyhow::{Context, Result};

use super::File;
use crate::shell::{cargo, output};

/// Dependencies whose licence is not in the list.
pub(super) fn check(files: &[File]) -> Result<Vec<String>> {
    let deny = files.iter().find(|file| file.path == "deny.toml").context("deny.toml is missing")?;
    let (allowed, exceptions) = (allowed(&deny.text), exceptions(&deny.text));
    let args = ["tree", "--workspace", "--edges", "normal,build", "--prefix", "none", "--format", "{p}|{l}"];
    let tree = output(&mut cargo(&args)?)?;
    let mut told: Vec<_> = tree.lines().filter_map(|line| package(line, &allowed, &exceptions)).collect();
    told.sort();
    told.dedup();
    Ok(told)
}

/// The quoted names of `allow = [ … ]` in the licence section.
fn allowed(deny: &str) -> Vec<&str> {
    let section = deny.split("[licenses]").nth(1).unwrap_or_default();
    let list = section.split("allow = [").nth(1).and_then(|rest| rest.split(']').next()).unwrap_or_default();
    list.split('"').skip(1).step_by(2).collect()
}

/// The crates that `exceptions = [ … ]` names, each with what it may be under.
fn exceptions(deny: &str) -> Vec<(&str, Vec<&str>)> {
    let lines = deny.lines().filter(|line| line.trim_start().starts_with("{ crate = "));
    let quoted = lines.map(|line| line.split('"').skip(1).step_by(2).collect::<Vec<_>>());
    quoted.filter_map(|names| Some((*names.first()?, names[1..].to_vec()))).collect()
}

fn package(line: &str, allowed: &[&str], exceptions: &[(&str, Vec<&str>)]) -> Option<String> {
    let (package, licence) = line.trim_end_matches(" (*)").split_once('|')?;
    let name = package.split(' ').next()?;
    let excepted = exceptions.iter().any(|(of, also)| *of == name && permits(licence, also));
    let fine = permits(licence, allowed) || excepted;
    (!fine).then(|| format!("{package}: its licence `{licence}` is not in deny.toml"))
}

/// Whether an SPDX expression can be met with the allowed licences: `OR` chooses, `AND` joins.
/// The old `MIT/Apache-2.0` is a choice too. Parentheses hold choices in all that we have met.
fn permits(licence: &str, allowed: &[&str]) -> bool {
    let known = |name: &str| allowed.contains(&name.trim().trim_matches(['(', ')']));
    let choice = |text: &str| text.replace('/', " OR ").split(" OR ").any(known);
    let outer = licence.split(" AND ").all(choice);
    outer || (!licence.contains('(') && licence.split(" OR ").any(|one| one.split(" AND ").all(known)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(licence: &str, expect: bool) {
        assert_eq!(permits(licence, &["MIT", "Apache-2.0", "Unicode-3.0"]), expect, "{licence}");
    }

    #[test]
    fn one_of_several_licences_is_enough() {
        check("MIT", true);
        check("GPL-3.0 OR MIT", true);
        check("GPL-3.0/MIT", true);
        check("GPL-3.0", false);
        check("", false);
    }

    #[test]
    fn joined_licences_must_all_be_allowed() {
        check("(MIT OR Apache-2.0) AND Unicode-3.0", true);
        check("(MIT OR Apache-2.0) AND GPL-3.0", false);
        check("GPL-3.0 OR MIT AND Apache-2.0", true);
    }

    #[test]
    fn an_exception_holds_for_its_crate_alone() {
        let deny = "exceptions = [\n    { crate = \"a\", allow = [\"MPL-2.0\"] },\n]\n";
        let told = |line| package(line, &[], &exceptions(deny)).is_some();
        assert!(!told("a v1.0.0|MPL-2.0"));
        assert!(told("b v1.0.0|MPL-2.0"));
        assert!(told("a v1.0.0|GPL-3.0"));
    }

    #[test]
    fn the_list_is_read_from_deny() {
        assert_eq!(allowed("[bans]\n[licenses]\nallow = [\n  \"MIT\",\n  \"Zlib\",\n]\n"), ["MIT", "Zlib"]);
    }
}
