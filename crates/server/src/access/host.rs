//! By which name the service was asked for.

use std::net::IpAddr;

use axum::http::{HeaderMap, header};

/// What proxies add to requests that they pass on.
const PASSED_ON: [&str; 4] = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];

/// Whether a request came from the machine itself, as far as it tells. A page that had its own name point to this machine asks for
/// that name; what a proxy passed on may come from anywhere.
pub(super) fn is_this_machine(headers: &HeaderMap) -> bool {
    let is_passed_on = PASSED_ON.iter().any(|name| headers.contains_key(*name));
    !is_passed_on && host(headers).is_some_and(is_local)
}

/// The host that was asked for, with its port.
pub(super) fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::HOST)?.to_str().ok()
}

fn is_local(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_machine_itself_is_asked_for_by_a_local_name() {
        let check = |host, expect| assert_eq!(is_local(host), expect, "{host}");
        check("localhost", true);
        check("LocalHost:8080", true);
        check("127.0.0.1:8080", true);
        check("127.9.9.9", true);
        check("[::1]:8080", true);
        check("[::1]", true);
        check("localhost.evil.example", false);
        check("127.0.0.1.evil.example", false);
        check("evil.example:127", false);
        check("10.0.0.1:80", false);
        check("", false);
    }

    #[test]
    fn what_a_proxy_passed_on_is_not_of_this_machine() {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "localhost:8080".parse().expect("a header"));
        assert!(is_this_machine(&headers));
        headers.insert("x-forwarded-for", "192.0.2.1".parse().expect("a header"));
        assert!(!is_this_machine(&headers));
    }
}
