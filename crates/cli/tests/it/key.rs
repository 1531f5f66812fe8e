//! `kelvin key`: keys made on a store that is at rest open the service later.

use crate::{
    run::{Folder, MODEL},
    serve::process::Process,
};

#[test]
fn a_key_that_is_made_on_the_store_opens_the_service() {
    let folder = Folder::new(&[("model.yaml", MODEL)]);
    let made = folder.run("key create --scope write 'Web shop'");
    assert_eq!(made.err, "key 1 for `Web shop`: keep it, it cannot be shown again\n");
    let key = made.out.trim_end();
    let service = Process::start(&folder, "-m model.yaml");
    let send = |key: &str| {
        let body = format!(r#"{{"userId": "ada", "writeKey": "{key}"}}"#);
        service.client().request("POST /v1/page", &[], body.as_bytes()).unwrap().status
    };
    assert_eq!([send(key), send("kv_none"), send("")], [200, 401, 401]);
    let busy = "error: the store `kelvin.db` is in use by another server\n";
    folder.check("key list", 2, "", busy);
}

#[test]
fn keys_are_listed_and_withdrawn() {
    let folder = Folder::new(&[]);
    let made = folder.run("key create --scope read Dashboards");
    let listed = folder.run("key list").out;
    assert!(
        listed.contains("read") && listed.contains("Dashboards") && listed.contains(&made.out[..7]),
        "{listed}"
    );
    assert!(!listed.contains(made.out.trim_end()));
    folder.check("key withdraw 1", 0, "", "key 1 for `Dashboards` opens nothing any more\n");
    folder.check("key list", 0, "", "");
    let none = "error: there is no key 1\nhelp: `kelvin key list` shows all\n";
    folder.check("key withdraw 1", 2, "", none);
}
