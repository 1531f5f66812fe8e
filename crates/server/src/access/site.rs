//! Whether a browser asks for a change on behalf of another site's page. Browsers tell so with every such request; programs that
//! are none have no cookies that a stranger could use.

use axum::http::{HeaderMap, Method, header};

use super::host;

/// Whether a request may change something, as far as the page goes from which it came.
pub(super) fn may_change(method: &Method, headers: &HeaderMap) -> bool {
    if method.is_safe() {
        return true;
    }
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    match (text("sec-fetch-site"), text(header::ORIGIN.as_str())) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => is_own(origin, headers),
        (None, None) => true,
    }
}

/// Whether an origin, `https://kelvin.example`, is what was asked for.
fn is_own(origin: &str, headers: &HeaderMap) -> bool {
    let of_origin = origin.split_once("://").map(|(_, host)| host);
    of_origin.is_some_and(|of_origin| host::host(headers) == Some(of_origin))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(method: Method, headers: &[(&'static str, &str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in [("host", "kelvin.example:8080")].iter().chain(headers) {
            map.insert(*name, value.parse().expect("a header"));
        }
        may_change(&method, &map)
    }

    #[test]
    fn only_our_own_pages_may_change_anything() {
        assert!(may(Method::POST, &[("sec-fetch-site", "same-origin")]));
        assert!(may(Method::POST, &[("sec-fetch-site", "none")]));
        assert!(!may(Method::POST, &[("sec-fetch-site", "cross-site")]));
        assert!(!may(Method::DELETE, &[("sec-fetch-site", "same-site")]));
        assert!(!may(
            Method::POST,
            &[("sec-fetch-site", "cross-site"), ("origin", "http://kelvin.example:8080")]
        ));
    }

    #[test]
    fn browsers_that_tell_only_the_origin_are_believed() {
        assert!(may(Method::POST, &[("origin", "https://kelvin.example:8080")]));
        assert!(!may(Method::POST, &[("origin", "https://kelvin.example")]));
        assert!(!may(Method::PATCH, &[("origin", "null")]));
        assert!(!may(Method::POST, &[("origin", "https://evil.example")]));
    }

    #[test]
    fn looking_and_programs_are_not_held_up() {
        assert!(may(Method::GET, &[("sec-fetch-site", "cross-site")]));
        assert!(may(Method::POST, &[]));
    }
}
