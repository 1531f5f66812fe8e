//! Which addresses messages may go to: a target must not be a way into the network that the server stands in.
//!
//! What is checked is the address that is then connected to, not the name: a name may lead elsewhere the next time.

use std::{
    collections::BTreeSet,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use reqwest::{
    Url,
    dns::{Addrs, Name, Resolve, Resolving},
};

/// Which addresses messages may go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guard {
    /// Public ones, and all of the hosts that are named.
    Public {
        /// Hosts as they stand in the addresses of targets, in lower case.
        allowed: BTreeSet<String>,
    },
    /// All.
    Open,
}

/// An address was refused.
#[derive(Debug, thiserror::Error)]
#[error("`{host}` is not on the public internet: allow it with `--allow-private-targets={host}`")]
pub(crate) struct Refused {
    host: String,
}

impl Default for Guard {
    fn default() -> Self {
        Self::Public { allowed: BTreeSet::new() }
    }
}

impl Guard {
    /// Refuses a host that is written as an address, which is connected to without being looked up.
    pub(crate) fn check(&self, url: &Url) -> Result<(), Refused> {
        let host = url.host_str().unwrap_or_default();
        let address = host.trim_start_matches('[').trim_end_matches(']').parse();
        match address {
            Ok(address) if !self.allows(host) && !is_public(address) => {
                Err(Refused { host: host.to_owned() })
            }
            _ => Ok(()),
        }
    }

    /// Of the addresses that a name leads to, those that may be connected to.
    fn permitted(&self, host: &str, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Refused> {
        let allowed = self.allows(host);
        let permitted: Vec<_> =
            found.into_iter().filter(|address| allowed || is_public(address.ip())).collect();
        if permitted.is_empty() { Err(Refused { host: host.to_owned() }) } else { Ok(permitted) }
    }

    fn allows(&self, host: &str) -> bool {
        match self {
            Self::Open => true,
            Self::Public { allowed } => allowed.contains(host),
        }
    }
}

/// A guard that looks names up.
pub(crate) struct Gate(pub(crate) Arc<Guard>);

impl Resolve for Gate {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = Arc::clone(&self.0);
        Box::pin(async move {
            let found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if found.is_empty() {
                return Err(io::Error::new(io::ErrorKind::NotFound, "the name has no address").into());
            }
            let permitted = guard.permitted(name.as_str(), found)?;
            Ok(Box::new(permitted.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is one of the public internet.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// All but what is set aside: <https://www.iana.org/assignments/iana-ipv4-special-registry>.
fn is_public_v4(address: Ipv4Addr) -> bool {
    !matches!(
        address.octets(),
        [0 | 10 | 127, ..]
            | [100, 64..=127, ..]
            | [169, 254, ..]
            | [172, 16..=31, ..]
            | [192, 0, 0 | 2, _]
            | [192, 88, 99, _]
            | [192, 168, ..]
            | [198, 18..=19, ..]
            | [198, 51, 100, _]
            | [203, 0, 113, _]
            | [224..=255, ..]
    )
}

/// What is given out for global use, without what embeds other addresses or is for documents. Addresses that stand for
/// those of version 4 (`::ffff:0:0/96`, `64:ff9b::/96`) are not among them.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let is_global = matches!(first, 0x2000..=0x3fff);
    let is_special =
        (first == 0x2001 && (second < 0x0200 || second == 0x0db8)) || first == 0x2002 || first >= 0x3fff;
    is_global && !is_special
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuses(host: &str) -> bool {
        let url = Url::parse(&format!("http://{host}/hook")).expect("an address");
        Guard::default().check(&url).is_err()
    }

    #[test]
    fn private_addresses_are_refused_however_they_are_written() {
        let private = [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "017700000001",
            "0.0.0.0",
            "0",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "239.255.255.255",
            "255.255.255.255",
            "[::]",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:8.8.8.8]",
            "[::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
            "[2001::1]",
            "[2001:db8::1]",
            "[fc00::1]",
            "[fd00::1]",
            "[fe80::1]",
            "[fec0::1]",
            "[ff02::1]",
        ];
        for host in private {
            assert!(refuses(host), "{host}");
        }
    }

    #[test]
    fn public_addresses_are_let_through() {
        for host in
            ["8.8.8.8", "100.63.0.1", "100.128.0.1", "172.32.0.1", "[2606:4700::1111]", "[2001:4860::8888]"]
        {
            assert!(!refuses(host), "{host}");
        }
    }

    #[test]
    fn of_the_addresses_of_a_name_only_public_ones_are_connected_to() {
        let addresses = |texts: &[&str]| texts.iter().map(|text| text.parse().expect("an address")).collect();
        let found = addresses(&["10.0.0.1:0", "8.8.8.8:0", "[::1]:0"]);
        let permitted = Guard::default().permitted("rebound.example", found).expect("one is public");
        assert_eq!(permitted, addresses(&["8.8.8.8:0"]));
        let refused = Guard::default().permitted("rebound.example", addresses(&["10.0.0.1:0"]));
        assert_eq!(
            refused.expect_err("none is public").to_string(),
            "`rebound.example` is not on the public internet: allow it with `--allow-private-targets=rebound.example`"
        );
    }

    #[test]
    fn a_host_that_is_allowed_may_be_anywhere() {
        let guard = Guard::Public { allowed: ["10.0.0.1".to_owned(), "crm.local".to_owned()].into() };
        let check = |address: &str| guard.check(&Url::parse(address).expect("an address")).is_ok();
        assert!(check("http://10.0.0.1/"));
        assert!(!check("http://10.0.0.2/"));
        assert!(guard.permitted("crm.local", vec![SocketAddr::from(([10, 0, 0, 9], 0))]).is_ok());
        assert!(guard.permitted("erp.local", vec![SocketAddr::from(([10, 0, 0, 9], 0))]).is_err());
    }
}
