//! `kelvin fmt`, and how files are written.

use std::process::Stdio;

use crate::run::Folder;

const UNTIDY: &str = "model: x\nkelvin:   1\n# why\nrange: [0,100]\n";
const TIDY: &str = "kelvin: 1\nmodel: x\n# why\nrange: [0, 100]\n";

#[test]
fn a_file_is_rewritten_in_place_and_its_mode_is_an_ordinary_one() {
    let folder = Folder::new(&[("a.yaml", UNTIDY), ("b.yaml", TIDY)]);
    folder.check("fmt --check a.yaml b.yaml", 1, "a.yaml\n", "");
    folder.check("fmt a.yaml b.yaml", 0, "", "");
    assert_eq!(folder.read("a.yaml"), TIDY);
    folder.check("fmt --check a.yaml b.yaml", 0, "", "");
    assert_eq!(folder.names(), ["a.yaml", "b.yaml"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |name| std::fs::metadata(folder.path(name)).unwrap().permissions().mode();
        assert_eq!(mode("a.yaml"), mode("b.yaml"));
    }
}

#[test]
fn standard_input_goes_to_standard_output() {
    Folder::new(&[]).run_with("fmt -", UNTIDY).check(0, TIDY, "");
}

#[test]
fn what_is_no_yaml_is_told_with_its_place() {
    let err = "\
error[yaml-syntax]: this `[` is never closed
 --> <stdin>:1:4
  |
1 | a: [1
  |    ^^
  |
  = help: between brackets, a value that holds one of `,` `[` `]` `{` `}` or `: ` needs quotes

error: `<stdin>` cannot be laid out
";
    Folder::new(&[]).run_with("fmt -", "a: [1\n").check(2, "", err);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = Folder::new(&[]);
    let mut child =
        folder.command("man").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("an end");
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_a_device_stays_a_device() {
    let folder = Folder::new(&[("real.yaml", UNTIDY)]);
    std::os::unix::fs::symlink("real.yaml", folder.path("link.yaml")).expect("a link");
    folder.check("fmt link.yaml", 0, "", "");
    assert_eq!(folder.read("real.yaml"), TIDY);
    assert!(std::fs::symlink_metadata(folder.path("link.yaml")).unwrap().is_symlink());
}
