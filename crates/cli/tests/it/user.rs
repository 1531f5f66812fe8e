//! `kelvin user`: who is invited on a store that is at rest comes in later.

use crate::{
    run::{Folder, MODEL},
    serve::process::Process,
};

#[test]
fn who_is_invited_on_the_store_sets_a_password_and_closes_the_service() {
    let folder = Folder::new(&[("model.yaml", MODEL)]);
    let invited = folder.run("user invite --admin Ada@Acme.example");
    assert_eq!(invited.err, "`Ada@Acme.example` sets a password there, on the service, within a day\n");
    let service = Process::start(&folder, "-m model.yaml");
    let status =
        |line: &str, body: &str| service.client().request(line, &[], body.as_bytes()).unwrap().status;
    assert_eq!(status("GET /api/v1/leads", ""), 401);
    let accept = format!("POST {}", invited.out.trim_end());
    assert_eq!(status(&accept, r#"{"password": "correct horse"}"#), 200);
    assert_eq!(status(&accept, r#"{"password": "correct horse"}"#), 404);
    let login = r#"{"email": "ada@acme.example", "password": "correct horse"}"#;
    assert_eq!(status("POST /api/v1/session", login), 200);
}

#[test]
fn users_are_listed_and_kept_out() {
    let folder = Folder::new(&[]);
    folder.run("user invite --role sales bob@acme.example");
    let listed = || folder.run("user list").out;
    assert!(listed().contains("sales    invited") && listed().contains("bob@acme.example"), "{}", listed());
    folder.check("user disable bob@acme.example", 0, "", "`bob@acme.example` is kept out\n");
    assert!(listed().contains("sales    disabled"), "{}", listed());
    folder.check("user enable bob@acme.example", 0, "", "`bob@acme.example` may come in\n");
    let none = "error: there is no user `eve@acme.example`\nhelp: `kelvin user list` shows all\n";
    folder.check("user disable eve@acme.example", 2, "", none);
    folder.check("user invite --admin nobody", 2, "", "error: `nobody` is no e-mail address\n");
}
