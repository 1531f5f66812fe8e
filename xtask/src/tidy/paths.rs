//! The map must not rot: every path that the prose names exists.

use std::path::Path;

use super::File;

/// First parts of a path in backticks that is meant as a path of the repository.
const ROOTS: &[&str] = &[
    ".ci",
    ".config",
    "benches",
    "clients",
    "conformance",
    "crates",
    "docs",
    "examples",
    "fuzz",
    "packaging",
    "xtask",
];

/// Paths in Markdown files that lead nowhere.
pub(super) fn check(files: &[File], root: &Path) -> Vec<String> {
    let mut problems = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with(".md")) {
        let folder = Path::new(&file.path).parent().unwrap_or(Path::new(""));
        for (number, line) in prose(file) {
            let links = links(line).map(|link| (link, root.join(folder).join(link)));
            let named = named(line).map(|path| (path, root.join(path)));
            for (path, place) in links.chain(named).filter(|(_, place)| !place.exists()) {
                let _ = place;
                problems.push(format!("{}:{number}: `{path}` does not exist", file.path));
            }
        }
    }
    problems
}

/// The lines of a Markdown file outside fenced blocks.
fn prose(file: &File) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    file.lines().filter(move |(_, line)| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    })
}

/// Targets of Markdown links within the repository.
fn links(line: &str) -> impl Iterator<Item = &str> {
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let local = targets.filter(|link| !link.contains("://") && !link.starts_with("mailto:"));
    local.filter_map(|link| link.split('#').next()).filter(|path| !path.is_empty())
}

/// Paths in backticks. Patterns (`<name>`, `*`, `NNNN`, `{`) are not paths.
fn named(line: &str) -> impl Iterator<Item = &str> {
    let quoted = line.split('`').skip(1).step_by(2);
    quoted.filter(|text| {
        let first = text.split('/').next().unwrap_or_default();
        let pattern = text.contains(|c: char| "<>*{}$ …:".contains(c)) || text.contains("NNNN");
        text.contains('/') && ROOTS.contains(&first) && !pattern
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_line(line: &str, expect: &[&str]) {
        assert_eq!(links(line).chain(named(line)).collect::<Vec<_>>(), expect, "{line}");
    }

    #[test]
    fn links_and_quoted_paths_are_found() {
        check_line("see [it](docs/a.md#part) and `crates/kernel`", &["docs/a.md", "crates/kernel"]);
    }

    #[test]
    fn addresses_patterns_and_code_are_no_paths() {
        check_line("[x](https://a.example/b) `crates/<name>` `event.path` `docs/*` [y](#z) `a/b`", &[]);
    }

    #[test]
    fn a_path_that_is_gone_is_told_with_its_line() {
        let file =
            File { path: "A.md".into(), text: "one\n`crates/gone`\n```\n`crates/fenced`\n```\n".into() };
        assert_eq!(check(&[file], Path::new("/nowhere")), ["A.md:2: `crates/gone` does not exist"]);
    }
}
