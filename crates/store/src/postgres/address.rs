//! Where a database is, and who we are to it. The password is in no text that leaves this file.

use std::{
    fmt::{self, Display, Formatter},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use postgres::{
    Config,
    config::{Host, SslMode},
};

use crate::{Error, Result};

/// How long a connection may take to come about, and how long the other side may be silent on one.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where a database is.
#[derive(Debug, Clone)]
pub struct Address(Arc<Config>);

impl Address {
    /// Reads `postgres://user:password@host:5432/database`.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        // What went wrong would quote parts of the text, and so perhaps of the password.
        let mut config = Config::from_str(text).map_err(|_| Error::Address)?;
        if spilt(&config) {
            return Err(Error::Address);
        }
        if config.get_ssl_mode() == SslMode::Require {
            return Err(Error::NoTls);
        }
        config.connect_timeout(PATIENCE).keepalives_idle(PATIENCE).tcp_user_timeout(PATIENCE);
        if config.get_application_name().is_none() {
            config.application_name("kelvin");
        }
        Ok(Self(Arc::new(config)))
    }

    pub(super) fn config(&self) -> &Config {
        &self.0
    }
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
        if let Some(user) = self.0.get_user() {
            write!(f, "{user}@")?;
        }
        let hosts: Vec<String> = self.0.get_hosts().iter().map(host_name).collect();
        write!(f, "{}", hosts.join(","))?;
        if let [port] = self.0.get_ports() {
            write!(f, ":{port}")?;
        }
        self.0.get_dbname().map_or(Ok(()), |name| write!(f, "/{name}"))
    }
}
