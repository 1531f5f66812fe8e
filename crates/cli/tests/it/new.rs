//! `kelvin new`.

use crate::run::Folder;

#[test]
fn the_starter_models_are_listed() {
    let folder = Folder::new(&[]);
    let out = "\
b2b-saas       new business for software sold to companies
b2b-services   new business for an agency or a consultancy
ecommerce      shoppers who are about to buy
re-engagement  leads that went quiet and stir again
upsell         customers who could buy more
product-led    users who got value out of the product
playbook       what happens when scores change: hand-offs to sales, alerts
";
    folder.check("new --list", 0, out, "");
}

#[test]
fn every_starter_model_is_sound_and_laid_out_canonically() {
    let folder = Folder::new(&[]);
    for line in folder.run("new --list").out.lines() {
        let name = line.split(' ').next().unwrap();
        folder.check(&format!("new --template {name} {name}.yaml"), 0, "", "");
        folder.check(
            &format!("check --deny-warnings {name}.yaml"),
            0,
            &format!("{name}.yaml: no problems\n"),
            "",
        );
        folder.check(&format!("fmt --check {name}.yaml"), 0, "", "");
    }
    assert_eq!(folder.run("new").out, folder.read("b2b-saas.yaml"));
}

#[test]
fn a_file_is_only_replaced_on_demand() {
    let folder = Folder::new(&[("model.yaml", "mine\n")]);
    let err = "error: `model.yaml` exists\nhelp: --force replaces it\n";
    folder.check("new -o model.yaml", 2, "", err);
    assert_eq!(folder.read("model.yaml"), "mine\n");
    folder.check("new model.yaml", 2, "", err);
    let of_folder = "error: `.` is a folder\nhelp: name the file that is to be made: `./model.yaml`\n";
    folder.check("new .", 2, "", of_folder);
    folder.check("new --force -o .", 2, "", of_folder);
    folder.check("new -o model.yaml --force", 0, "", "");
    assert!(folder.read("model.yaml").contains("kelvin: 1"));
}

#[test]
fn an_unknown_template_is_answered_with_those_there_are() {
    let run = Folder::new(&[]).run("new --template b2b");
    assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
    assert!(run.err.contains("[possible values: b2b-saas, b2b-services,"), "{}", run.err);
}
