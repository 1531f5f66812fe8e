//! Who may depend on whom: dependencies point down, neighbours on a floor never see each other.

use super::File;

/// One crate: what it may use of the workspace, and what it must never pull in.
struct Room {
    folder: &'static str,
    may_use: &'static [&'static str],
    never: &'static [&'static [&'static str]],
}

const TEXT: &[&str] = &["cel", "csv", "serde", "serde_json", "serde-saphyr", "sonic-rs", "encoding_rs"];
/// What reads or writes text; that a type can be written (`serde`) is no format yet.
const FORMATS: &[&str] = &["cel", "csv", "serde_json", "serde-saphyr", "sonic-rs", "encoding_rs"];
const FILES: &[&str] = &["tempfile", "memmap2"];
const NETWORK: &[&str] = &["tokio", "hyper", "axum", "reqwest"];
const RUNTIMES: &[&str] = &["tokio", "hyper", "axum"];
const SERVERS: &[&str] = &["axum"];
const DATABASES: &[&str] = &["postgres", "rusqlite", "tokio-postgres", "sqlx"];
const COLUMNS: &[&str] = &["arrow-array", "arrow-schema", "parquet"];
const ENGINES: &[&str] = &["datafusion", "ballista"];
const TERMINAL: &[&str] = &["clap", "comfy-table", "indicatif"];

/// The floors, bottom first. A new crate needs a line here and a paragraph in ARCHITECTURE.md.
const ROOMS: &[Room] = &[
    Room {
        folder: "crates/kernel",
        may_use: &[],
        never: &[FORMATS, FILES, NETWORK, DATABASES, COLUMNS, ENGINES, TERMINAL],
    },
    Room {
        folder: "crates/model",
        may_use: &["kelvin-kernel"],
        never: &[FILES, NETWORK, DATABASES, COLUMNS, ENGINES, TERMINAL],
    },
    Room {
        folder: "crates/batch",
        may_use: &["kelvin-kernel", "kelvin-model"],
        never: &[NETWORK, DATABASES, ENGINES, TERMINAL],
    },
    Room {
        folder: "crates/learn",
        may_use: &["kelvin-kernel", "kelvin-model"],
        never: &[FILES, NETWORK, DATABASES, COLUMNS, ENGINES, TERMINAL],
    },
    Room {
        folder: "crates/store",
        may_use: &["kelvin-kernel"],
        never: &[TEXT, NETWORK, COLUMNS, ENGINES, TERMINAL],
    },
    Room {
        folder: "crates/connect",
        may_use: &["kelvin-kernel"],
        never: &[SERVERS, DATABASES, COLUMNS, ENGINES, TERMINAL],
    },
    Room {
        folder: "crates/server",
        may_use: &["kelvin-kernel", "kelvin-model", "kelvin-learn", "kelvin-store", "kelvin-connect"],
        never: &[DATABASES, COLUMNS, ENGINES, TERMINAL],
    },
    Room {
        folder: "crates/cli",
        may_use: &[
            "kelvin-kernel",
            "kelvin-model",
            "kelvin-batch",
            "kelvin-learn",
            "kelvin-store",
            "kelvin-connect",
            "kelvin-server",
        ],
        never: &[RUNTIMES, DATABASES, ENGINES],
    },
    Room { folder: "benches", may_use: &["kelvin-kernel", "kelvin-model"], never: &[DATABASES, ENGINES] },
    Room {
        folder: "fuzz",
        may_use: &["kelvin-kernel", "kelvin-model", "kelvin-batch", "kelvin-connect", "kelvin-server"],
        never: &[],
    },
    Room { folder: "xtask", may_use: &[], never: &[TEXT, NETWORK, COLUMNS, ENGINES] },
];

/// Dependencies that break the layers, and crates that have no place in them.
pub(super) fn check(files: &[File]) -> Vec<String> {
    let manifests = files.iter().filter(|file| file.path.ends_with("/Cargo.toml"));
    manifests.flat_map(|file| manifest(&file.path, &file.text)).collect()
}

fn manifest(path: &str, text: &str) -> Vec<String> {
    let folder = path.trim_end_matches("/Cargo.toml");
    let Some(room) = ROOMS.iter().find(|room| room.folder == folder) else {
        return vec![format!("{path}: `{folder}` has no room in xtask/src/tidy/layers.rs")];
    };
    let mut problems = Vec::new();
    for (section, name) in dependencies(text) {
        // Tests may look up: those of the kernel read their models through the model crate.
        if section.contains("dev-dependencies") {
            continue;
        }
        if name.starts_with("kelvin") && !room.may_use.contains(&name) {
            problems.push(format!("{path}: `{folder}` must not know `{name}`"));
        }
        if room.never.iter().any(|group| group.contains(&name)) {
            problems.push(format!("{path}: `{folder}` must do without `{name}`"));
        }
    }
    if !text.contains("[lints]\nworkspace = true") {
        problems.push(format!("{path}: the workspace's lints are not inherited"));
    }
    problems
}

/// The dependencies of a manifest with the section that each stands in.
fn dependencies(text: &str) -> Vec<(&str, &str)> {
    let mut section = "";
    let mut found = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(header) = line.strip_prefix('[') {
            section = header.trim_end_matches(']');
            if let Some((before, name)) = section.rsplit_once("dependencies.") {
                found.push((before, name));
            }
        } else if section.ends_with("dependencies") {
            let name = line.split(['=', '.', ' ']).next().unwrap_or_default();
            if !name.is_empty() && !name.starts_with('#') {
                found.push((section, name));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINTS: &str = "\n[lints]\nworkspace = true\n";

    fn problems(folder: &str, dependencies: &str) -> Vec<String> {
        manifest(&format!("{folder}/Cargo.toml"), &format!("{dependencies}{LINTS}"))
    }

    #[test]
    fn a_dependency_may_point_down() {
        assert!(problems("crates/batch", "[dependencies]\nkelvin-kernel.workspace = true").is_empty());
    }

    #[test]
    fn a_dependency_that_points_up_is_told() {
        let told = problems("crates/kernel", "[dependencies]\nkelvin-model = { path = \"../model\" }");
        assert_eq!(told, ["crates/kernel/Cargo.toml: `crates/kernel` must not know `kelvin-model`"]);
    }

    #[test]
    fn what_only_tests_use_is_not_told() {
        assert!(problems("crates/kernel", "[dev-dependencies]\nkelvin-model.workspace = true").is_empty());
    }

    #[test]
    fn what_a_room_must_do_without_is_told_unless_only_tests_use_it() {
        assert_eq!(problems("crates/kernel", "[dependencies]\nserde_json = \"1\"").len(), 1);
        assert_eq!(problems("crates/kernel", "[dependencies.serde_json]\nversion = \"1\"").len(), 1);
        assert!(problems("crates/kernel", "[dev-dependencies]\nserde_json = \"1\"").is_empty());
    }

    #[test]
    fn a_crate_without_a_room_is_told() {
        assert_eq!(problems("crates/utils", "").len(), 1);
    }

    #[test]
    fn a_crate_without_the_lints_is_told() {
        assert_eq!(manifest("xtask/Cargo.toml", "[dependencies]\n").len(), 1);
    }
}
