//! TLS to the database: what each `sslmode` takes, and what it refuses.

use kelvin_store::{Error, Location, Writer};

use super::Cluster;

/// Opens the store at an address, and says whether the connection was one of TLS.
fn connect(cluster: &Cluster, url: &str) -> Result<bool, Error> {
    let _store = Writer::open(Location::parse(url.as_ref())?)?;
    let kelvin = "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                  WHERE application_name = 'kelvin'";
    Ok(cluster.client("postgres").query_one(kelvin, &[]).unwrap().get(0))
}

#[test]
fn each_sslmode_takes_the_certificates_that_it_should() {
    let cluster = Cluster::start_with_tls();
    let url = cluster.database().url;
    let ca = format!("sslrootcert={}", cluster.file("ca.pem"));
    let other = format!("sslrootcert={}", cluster.file("other.pem"));
    let check = |host: &str, asked: String, expect: Result<bool, &str>| {
        let url = url.replace("localhost", host);
        let connected = connect(&cluster, &format!("{url}?{asked}"));
        match (&connected, expect) {
            (Ok(is_tls), Ok(expect)) => assert_eq!(*is_tls, expect, "{host} {asked}"),
            (Err(Error::Connect { cause, .. }), Err(expect)) if cause.contains(expect) => {}
            _ => panic!("{host} {asked}: {connected:?}"),
        }
    };
    check("localhost", "sslmode=disable".into(), Ok(false));
    check("localhost", String::new(), Ok(true));
    check("localhost", "sslmode=require".into(), Ok(true));
    check("localhost", format!("sslmode=verify-full&{ca}"), Ok(true));
    check("127.0.0.1", format!("sslmode=verify-ca&{ca}"), Ok(true));
    check("127.0.0.1", format!("{ca}&sslmode=verify-full"), Err("not valid for name"));
    check("localhost", format!("sslmode=verify-full&{other}"), Err("invalid peer certificate"));
    check("localhost", format!("sslmode=require&{other}"), Err("invalid peer certificate"));
    check("localhost", "sslmode=verify-full".into(), Err("invalid peer certificate"));
}

#[test]
fn a_database_that_asks_for_a_certificate_is_shown_one() {
    let cluster = Cluster::start_with_tls();
    let database = cluster.database();
    cluster.ask_for_certificates();
    let [ca, own, key, other, other_key] =
        ["ca.pem", "own.pem", "own.key", "other.pem", "other.key"].map(|name| cluster.file(name));
    let connect = |asked: String| {
        let url = format!("{}?sslmode=verify-full&sslrootcert={ca}{asked}", database.url);
        connect(&cluster, &url).map_err(|error| error.to_string())
    };
    while connect(String::new()).is_ok() {}
    assert_eq!(connect(format!("&sslcert={own}&sslkey={key}")), Ok(true));
    let refused = connect(String::new()).unwrap_err();
    assert!(refused.contains("valid client certificate"), "{refused}");
    assert!(connect(format!("&sslcert={other}&sslkey={other_key}")).is_err());
    let mixed = connect(format!("&sslcert={own}&sslkey={other_key}")).unwrap_err();
    assert!(mixed.starts_with("cannot read the certificates in `"), "{mixed}");
}

#[test]
fn tls_is_not_given_up_where_the_database_has_none() {
    let cluster = Cluster::start_with_tls();
    let url = cluster.database().url;
    cluster.client("postgres").batch_execute("ALTER SYSTEM SET ssl = off").unwrap();
    cluster.client("postgres").batch_execute("SELECT pg_reload_conf()").unwrap();
    while connect(&cluster, &url).unwrap() {}
    let refused = connect(&cluster, &format!("{url}?sslmode=require")).unwrap_err();
    assert!(refused.to_string().contains("server does not support TLS"), "{refused}");
}

#[test]
fn what_an_address_asks_for_wrongly_is_told() {
    let failed = |asked: &str| {
        let url = format!("postgres://kelvin:sesame@localhost/kelvin?{asked}");
        Location::parse(url.as_ref()).unwrap_err().to_string()
    };
    let modes = "`sslmode` is `disable`, `prefer`, `require`, `verify-ca` or `verify-full`";
    assert_eq!(failed("sslmode=verify-most"), modes);
    let missing = failed("sslmode=verify-full&sslrootcert=%2Fno%2Fsuch.pem");
    assert!(missing.starts_with("cannot read the certificates in `/no/such.pem`: "), "{missing}");
    let half = "`sslcert` and `sslkey` go together: name the files of a certificate and of its key";
    assert_eq!(failed("sslkey=%2Fno%2Fsuch.key"), half);
    let no_key = failed("sslcert=%2Fdev%2Fnull&sslkey=%2Fno%2Fsuch.key");
    assert_eq!(no_key, "cannot read the certificates in `/dev/null`: there is no certificate in it");
    let empty = failed("sslmode=verify-full&sslrootcert=%2Fdev%2Fnull");
    assert_eq!(empty, "cannot read the certificates in `/dev/null`: there is no certificate in it");
}
