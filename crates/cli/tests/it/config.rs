//! Settings by flag, environment and file.

use std::collections::BTreeMap;

use crate::run::{Folder, Run};

/// Runs `kelvin config --print` in an environment of variables alone.
fn printed(folder: &Folder, line: &str, variables: &[(&str, &str)]) -> Run {
    let mut command = folder.command(line);
    command.env_remove("KELVIN_CONFIG").envs(variables.iter().copied());
    command.output().expect("the binary").into()
}

/// The lines of a print, by setting.
fn settings(run: &Run) -> BTreeMap<String, (String, String)> {
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    let line = |line: &str| -> (String, (String, String)) {
        let mut parts = line.split("  ").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned);
        let mut part = || parts.next().unwrap_or_else(|| panic!("three columns in `{line}`"));
        (part(), (part(), part()))
    };
    run.out.lines().map(line).collect()
}

fn pair(value: &str, origin: &str) -> (String, String) {
    (value.to_owned(), origin.to_owned())
}

const FILE: &str = "\
# Where
listen = \"0.0.0.0:80\"
store = 'live.db'

models = [\"a.yaml\", \"b.yaml\"]
max_connections = 7
write_key = \"secret\"
";

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_default() {
    let folder = Folder::new(&[("kelvin.toml", FILE)]);
    let settings = settings(&printed(&folder, "config --print", &[("KELVIN_LISTEN", "127.0.0.1:1")]));
    assert_eq!(settings["listen"], pair("127.0.0.1:1", "KELVIN_LISTEN"));
    assert_eq!(settings["store"], pair("live.db", "kelvin.toml:3"));
    assert_eq!(settings["models"], pair("a.yaml, b.yaml", "kelvin.toml:5"));
    assert_eq!(settings["max_connections"], pair("7", "kelvin.toml:6"));
    assert_eq!(settings["log"], pair("text", "default"));
    assert_eq!(settings["playbook"], pair("–", "not set"));
}

#[test]
fn secrets_are_not_shown() {
    let folder = Folder::new(&[("kelvin.toml", FILE)]);
    let variables = [("KELVIN_SMTP_URL", "smtps://ada:hunter2@mail.acme.example")];
    let run = printed(&folder, "config --print", &variables);
    assert_eq!(settings(&run)["write_key"], pair("(hidden)", "kelvin.toml:7"));
    assert_eq!(settings(&run)["smtp_url"], pair("(hidden)", "KELVIN_SMTP_URL"));
    let store = [("KELVIN_STORE", "postgres://kelvin:hunter2@db.internal/leads")];
    let run = printed(&folder, "config --print", &store);
    assert!(run.out.contains("db.internal") && !run.out.contains("hunter2"), "{}", run.out);
    let help = printed(&folder, "serve --help", &variables).out;
    assert!(!help.contains("secret") && !help.contains("hunter2"), "{help}");
}

#[test]
fn a_flag_wins_over_all() {
    let folder = Folder::new(&[("kelvin.toml", "store = 'file.db'\n")]);
    let check = |line: &str, variables: &[(&str, &str)], made: &str| {
        let run = printed(&folder, line, variables);
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{line}");
        let names: Vec<_> = folder.names().into_iter().filter(|name| name != "kelvin.toml").collect();
        assert_eq!(names, [made, &format!("{made}-lock")], "{line}");
        names.iter().for_each(|name| std::fs::remove_file(folder.path(name)).unwrap());
    };
    check("key list", &[], "file.db");
    check("key list", &[("KELVIN_STORE", "variable.db")], "variable.db");
    check("key list --store flag.db", &[("KELVIN_STORE", "variable.db")], "flag.db");
}

#[test]
fn the_file_is_the_one_that_is_named() {
    let folder =
        Folder::new(&[("kelvin.toml", "listen = 'here:1'\n"), ("other.toml", "listen = 'there:1'\n")]);
    let listen = |line: &str, variables: &[(&str, &str)]| {
        settings(&printed(&folder, line, variables))["listen"].clone()
    };
    assert_eq!(listen("config --print", &[]), pair("here:1", "kelvin.toml:1"));
    let variable = [("KELVIN_CONFIG", "other.toml")];
    assert_eq!(listen("config --print", &variable), pair("there:1", "other.toml:1"));
    assert_eq!(listen("config --print --config kelvin.toml", &variable), pair("here:1", "kelvin.toml:1"));
    let run = printed(&folder, "serve --config gone.toml", &[]);
    run.check(2, "", "error: cannot read `gone.toml`: no such file or directory\n");
}

#[test]
fn all_that_is_wrong_is_told_with_its_place() {
    let text = "lisen = 'a:1'\nmax_connections = 'many'\n\nmax-connections = 7\nhand_off_present = 'yes'\nstore = ['a', 'b']\nfrobnicate = 1\n";
    let folder = Folder::new(&[("kelvin.toml", text)]);
    let expect = "\
error: kelvin.toml:1:1: there is no setting `lisen`
help: did you mean `listen`?
error: kelvin.toml:2:1: invalid value 'many' for '--max-connections <NUMBER>': invalid digit found in string
error: kelvin.toml:4:1: there is no setting `max-connections`
help: did you mean `max_connections`?
error: kelvin.toml:5:1: `hand_off_present` is either `true` or `false`
error: kelvin.toml:6:1: `store` is a text or a whole number
error: kelvin.toml:7:1: there is no setting `frobnicate`
help: `kelvin config --example` tells all settings
";
    printed(&folder, "serve", &[]).check(2, "", expect);
    folder.write("kelvin.toml", "listen = \n");
    let run = printed(&folder, "config --print", &[]);
    assert!(run.err.starts_with("error: kelvin.toml:1:"), "{}", run.err);
    // Who has no settings does not look at it.
    assert_eq!(printed(&folder, "schema", &[]).code, Some(0));
}

#[test]
fn the_example_has_every_setting_with_its_default() {
    let folder = Folder::new(&[]);
    let defaults = settings(&printed(&folder, "config --print", &[]));
    let example = folder.run("config --example").out;
    let is_setting = |line: &&str| line.starts_with("# ") && line.contains(" = ");
    let set: Vec<&str> = example.lines().filter(is_setting).map(|line| &line[2..]).collect();
    let named: Vec<&str> = set.iter().filter_map(|line| line.split(" = ").next()).collect();
    let mut sorted = named.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, defaults.keys().collect::<Vec<_>>());
    // Those that have a default say nothing else than that.
    let with_default = |line: &&&str| defaults[line.split(" = ").next().unwrap()].1 == "default";
    let text: String = set.iter().filter(with_default).map(|line| format!("{line}\n")).collect();
    folder.write("kelvin.toml", &text);
    for (key, (value, origin)) in settings(&printed(&folder, "config --print", &[])) {
        assert_eq!(value, defaults[&key].0, "{key}");
        assert_eq!(origin.starts_with("kelvin.toml:"), defaults[&key].1 == "default", "{key}");
    }
}

#[test]
fn the_packaged_file_is_the_example_with_what_a_machine_wants() {
    let mut expect = Folder::new(&[]).run("config --example").out;
    for (before, after) in [
        ("# models = [\"FILE|FOLDER\"]", "models = [\"/etc/kelvin/models\"]"),
        ("# store = \"kelvin.db\"", "store = \"/var/lib/kelvin/kelvin.db\""),
        ("# log = \"text\"", "log = \"json\""),
    ] {
        assert!(expect.contains(before), "{expect}");
        expect = expect.replace(before, after);
    }
    let packaged = include_str!("../../../../packaging/kelvin.toml");
    assert!(packaged == expect, "packaging/kelvin.toml is to be\n{expect}");
}
