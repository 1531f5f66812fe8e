//! Where a database is, and who we are to it. The password is in no text that leaves this file.

use std::{
    fmt::{self, Debug, Display, Formatter},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use percent_encoding::percent_decode_str;
use postgres::{
    Client, Config, NoTls,
    config::{Host, SslMode},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::tls::{Asked, Wish};
use crate::{Error, Result};

/// How long a connection may take to come about, and how long the other side may be silent on one.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where a database is.
#[derive(Clone)]
pub struct Address {
    config: Arc<Config>,
    tls: Option<MakeRustlsConnect>,
}

impl Address {
    /// Reads `postgres://user:password@host:5432/database`.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let (text, wish) = wish(text)?;
        // What went wrong would quote parts of the text, and so perhaps of the password.
        let mut config = Config::from_str(&text).map_err(|_| Error::Address)?;
        if spilt(&config) {
            return Err(Error::Address);
        }
        // Within a machine nobody listens.
        let is_near = !config.get_hosts().iter().all(|host| matches!(host, Host::Tcp(_)));
        let mode = if is_near { SslMode::Disable } else { wish.mode };
        config.ssl_mode(mode);
        config.connect_timeout(PATIENCE).keepalives_idle(PATIENCE).tcp_user_timeout(PATIENCE);
        if config.get_application_name().is_none() {
            config.application_name("kelvin");
        }
        let tls = (mode != SslMode::Disable).then(|| wish.connector()).transpose()?;
        Ok(Self { config: Arc::new(config), tls })
    }

    /// Connects.
    pub(super) fn connect(&self) -> std::result::Result<Client, postgres::Error> {
        match &self.tls {
            Some(tls) => self.config.connect(tls.clone()),
            None => self.config.connect(NoTls),
        }
    }
}

/// Takes out of an address what it says of TLS, which the library knows less of.
fn wish(address: &str) -> Result<(String, Wish)> {
    let (place, asked) = address.rsplit_once('?').unwrap_or((address, ""));
    let (mut asked_for, mut rest) = (Asked::default(), Vec::new());
    for parameter in asked.split('&').filter(|parameter| !parameter.is_empty()) {
        let decoded = |value: &str| percent_decode_str(value).decode_utf8_lossy().into_owned();
        match parameter.split_once('=') {
            Some(("sslmode", value)) => asked_for.mode = Some(decoded(value)),
            Some(("sslrootcert", value)) => asked_for.authorities = Some(decoded(value)),
            Some(("sslcert", value)) => asked_for.certificate = Some(decoded(value)),
            Some(("sslkey", value)) => asked_for.key = Some(decoded(value)),
            _ => rest.push(parameter),
        }
    }
    let address = if rest.is_empty() { place.to_owned() } else { format!("{place}?{}", rest.join("&")) };
    Ok((address, Wish::read(asked_for)?))
}

/// Whether a password has an `@` that is not written `%40`: its end would be taken for the host.
fn spilt(config: &Config) -> bool {
    let hosts = config.get_hosts().iter().any(|host| host_name(host).contains('@'));
    hosts || config.get_dbname().is_some_and(|name| name.contains('@'))
}

fn host_name(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(folder) => folder.display().to_string(),
    }
}

impl Display for Address {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "postgres://")?;
        if let Some(user) = self.config.get_user() {
            write!(f, "{user}@")?;
        }
        let hosts: Vec<String> = self.config.get_hosts().iter().map(host_name).collect();
        write!(f, "{}", hosts.join(","))?;
        if let [port] = self.config.get_ports() {
            write!(f, ":{port}")?;
        }
        self.config.get_dbname().map_or(Ok(()), |name| write!(f, "/{name}"))
    }
}

/// Without the password, as it is shown.
impl Debug for Address {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}
