//! Help, version, manual pages, completions, and command lines that make no sense.

use crate::run::Folder;

#[test]
fn the_version_is_told() {
    Folder::new(&[]).check("--version", 0, "kelvin 0.1.0\n", "");
}

#[test]
fn without_a_command_help_is_shown() {
    let run = Folder::new(&[]).run("");
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("Usage: kelvin [OPTIONS] <COMMAND>"), "{}", run.err);
}

#[test]
fn an_unknown_command_is_answered_with_a_guess() {
    let expect = "\
error: unrecognized subcommand 'fmtt'

  tip: a similar subcommand exists: 'fmt'

Usage: kelvin [OPTIONS] <COMMAND>

For more information, try '--help'.
";
    Folder::new(&[]).check("fmtt", 2, "", expect);
}

#[test]
fn every_command_has_a_manual_page_with_examples() {
    let folder = Folder::new(&[]);
    folder.check("man pages", 0, "", "");
    let pages = std::fs::read_dir(folder.path("pages")).unwrap();
    let mut names: Vec<_> = pages.map(|page| page.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let help = folder.run("--help").out;
    let commands = help.split("Commands:\n").nth(1).and_then(|rest| rest.split("\n\n").next()).unwrap();
    let mut expect: Vec<_> = commands
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .map(|command| format!("kelvin-{command}.1"))
        .collect();
    expect.push("kelvin.1".to_owned());
    expect.sort();
    assert_eq!(names, expect);
    for name in names {
        assert!(folder.read(&format!("pages/{name}")).contains("Examples:"), "{name}");
    }
    assert!(folder.run("man").out.contains(".TH kelvin 1"));
}

#[test]
fn completions_know_the_commands() {
    let folder = Folder::new(&[]);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = folder.run(&format!("completions {shell}"));
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{shell}");
        assert!(run.out.contains("check") && run.out.contains("deny-warnings"), "{shell}");
    }
}
