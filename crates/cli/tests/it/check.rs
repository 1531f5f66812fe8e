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

const PLAYBOOK: &str = "\
playbook: 1
time_zone: Europe/Berlin
owners: {ada: {email: ada@acme.example}}
hand_offs: [{id: sales, tier: sql, assign: ada}]
";

#[test]
fn a_playbook_is_checked_alone_or_beside_models() {
    let tiers = format!("{MODEL}tiers: [{{name: sql, from: 30}}]\n");
    let folder = Folder::new(&[("p.yaml", PLAYBOOK), ("all/m.yaml", &tiers), ("all/p.yaml", PLAYBOOK)]);
    folder.check("check p.yaml", 0, "p.yaml: no problems\n", "");
    folder.check("check all", 0, "all/m.yaml: no problems\nall/p.yaml: no problems\n", "");
    folder.run_with("check -", PLAYBOOK).check(0, "<stdin>: no problems\n", "");
}

#[test]
fn a_tier_that_the_model_does_not_have_is_told() {
    let tiers = format!("{MODEL}tiers: [{{name: sqll, from: 30}}]\n");
    let folder = Folder::new(&[("p.yaml", PLAYBOOK), ("m.yaml", &tiers)]);
    let out = "\
error[unknown-tier]: the model `small` has no tier `sql`
 --> p.yaml:4:31
  |
4 | hand_offs: [{id: sales, tier: sql, assign: ada}]
  |                               ^^^
  |
  = help: did you mean `sqll`?

p.yaml: 1 error
m.yaml: no problems
";
    folder.check("check p.yaml m.yaml", 1, out, "");
}

#[test]
fn a_model_with_errors_says_nothing_of_a_playbook() {
    let folder = Folder::new(&[("p.yaml", PLAYBOOK), ("m.yaml", &MODEL.replace("points", "pionts"))]);
    let run = folder.run("check p.yaml m.yaml");
    assert!(run.out.ends_with("p.yaml: no problems\nm.yaml: 1 error\n"), "{}", run.out);
}

#[test]
fn a_playbook_is_no_model() {
    let err = "\
error[wrong-document]: this is a playbook, not a model
 --> p.yaml:1:1
  |
1 | playbook: 1
  | ^^^^^^^^
  |
  = help: a model begins with `kelvin: 1`; `kelvin check` checks playbooks too

error: `p.yaml` has 1 error
";
    let folder = Folder::new(&[("p.yaml", PLAYBOOK), ("leads.csv", "lead_id\na\n")]);
    folder.check("score --model p.yaml --leads leads.csv", 2, "", err);
}
