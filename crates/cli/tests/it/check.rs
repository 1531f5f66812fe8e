//! `kelvin check`.

use crate::run::{Folder, MODEL};

#[test]
fn a_good_model_has_no_problems() {
    let folder =
        Folder::new(&[("models/a.yaml", MODEL), ("models/b.yml", MODEL), ("models/c.txt", "no model")]);
    folder.check("check models", 0, "models/a.yaml: no problems\nmodels/b.yml: no problems\n", "");
    folder.check("check --format json models/a.yaml", 0, "[]\n", "");
    folder.run_with("check -", MODEL).check(0, "<stdin>: no problems\n", "");
}

#[test]
fn all_problems_are_told_at_once() {
    let model = MODEL.replace("points", "pionts").replace("model: small", "model: Small");
    let folder = Folder::new(&[("m.yaml", &model)]);
    let out = "\
error[bad-name]: `Small` cannot be a model's id
 --> m.yaml:2:8
  |
2 | model: Small
  |        ^^^^^
  |
  = help: use lower case, digits and `-`: `small`

error[unknown-key]: unknown key `pionts` in a rule
 --> m.yaml:6:43
  |
6 |       - {id: demo, event: Demo Requested, pionts: 30}
  |                                           ^^^^^^
  |
  = help: did you mean `points`?

m.yaml: 2 errors
";
    folder.check("check m.yaml", 1, out, "");
}

#[test]
fn problems_are_objects_for_other_programs() {
    let folder = Folder::new(&[("m.yaml", &MODEL.replace("points", "pionts"))]);
    let run = folder.run("check --format json m.yaml");
    assert_eq!((run.code, run.err.as_str()), (Some(1), ""));
    let found: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(found[0]["code"], "unknown-key");
    assert_eq!(found[0]["line"], 6);
}

#[test]
fn a_file_that_cannot_be_read_is_unusable() {
    let folder = Folder::new(&[("empty/readme.txt", "")]);
    folder.check("check m.yaml", 2, "", "error: cannot read `m.yaml`: no such file or directory\n");
    folder.check("check empty", 2, "", "error: `empty` holds no model: expected files `*.yaml`\n");
}
