//! What the unit and the container run is a command that this binary knows.

use crate::run::Folder;

/// Runs a command line that was found in a file, with the settings that go with it; there are no models where it looks for
/// them.
fn check(found: &str) {
    let folder = Folder::new(&[("kelvin.toml", include_str!("../../../../../packaging/kelvin.toml"))]);
    let found = found.replace("/etc/kelvin/kelvin.toml", "kelvin.toml");
    let arguments = found.split_once("serve").unwrap_or_else(|| panic!("no `serve` in `{found}`")).1;
    let run = folder.run(&format!("serve {arguments} --write-key secret"));
    let expect = "error: cannot read `/etc/kelvin/models`: no such file or directory\n";
    assert_eq!((run.code, run.err.as_str()), (Some(2), expect), "{arguments}");
}

/// The line of a file that begins so.
fn line<'f>(file: &'f str, begins: &str) -> &'f str {
    file.lines()
        .find(|line| line.starts_with(begins))
        .unwrap_or_else(|| panic!("no line begins with `{begins}`"))
}

#[test]
fn the_unit_starts_the_service() {
    check(line(include_str!("../../../../../packaging/kelvin.service"), "ExecStart="));
}

#[test]
fn the_container_starts_the_service() {
    let command = line(include_str!("../../../../../packaging/Containerfile"), "CMD ");
    check(&command.replace(['"', '[', ']', ','], ""));
}
