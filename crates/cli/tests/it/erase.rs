//! `kelvin erase` and `kelvin export-person` on a store that is at rest.

use std::fs;

use crate::{
    run::{Folder, MODEL},
    serve::process::Process,
};

#[test]
fn a_person_is_exported_and_erased_to_the_last_byte() {
    let folder = Folder::new(&[("model.yaml", MODEL)]);
    let service = Process::start(&folder, "-m model.yaml");
    for lead in ["ada@acme.example", "bob"] {
        let body = format!(r#"{{"userId": "{lead}", "event": "Demo Requested", "messageId": "m-{lead}"}}"#);
        assert_eq!(service.client().request("POST /v1/track", &[], body.as_bytes()).unwrap().status, 200);
    }
    service.signal("TERM");
    service.end();
    let told = folder.run("export-person ada@acme.example").out;
    assert!(told.contains("\"Demo Requested\"") && !told.contains("bob"), "{told}");
    let erased = folder.run("erase ada@acme.example");
    assert!(
        erased.out.starts_with("proof    erased ") && erased.out.contains("\nreceipt  "),
        "{}",
        erased.out
    );
    assert!(erased.err.starts_with("removed 1 events and "), "{}", erased.err);
    let bytes = fs::read(folder.path("kelvin.db")).unwrap();
    let is_there = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(is_there("bob") && !is_there("ada@acme.example"));
    let none = "error: nothing is known of `ada@acme.example`\n";
    folder.check("erase ada@acme.example", 2, "", none);
    folder.check("export-person ada@acme.example", 2, "", none);
    let service = Process::start(&folder, "-m model.yaml");
    let lead = service.client().request("GET /api/v1/leads/bob", &[], b"").unwrap().json();
    assert_eq!(lead["scores"][0]["score"], 30);
}
