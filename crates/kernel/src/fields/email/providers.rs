//! Who hands out mailboxes: free providers (our own table) and disposable ones (a kept library's).
//!
//! Why these lists, and how to refresh them: `docs/decisions/0003-email-lists.md`.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// Free providers, one registrable domain a line, sorted.
const FREE: &str = include_str!("free.txt");

/// Domains that the library takes for disposable and that are organisations: a university, a consumer magazine, a
/// maker of cameras.
const NOT_DISPOSABLE: [&str; 3] = ["aver.com", "nus.edu.sg", "test.de"];

/// What a mailbox provider is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Provider {
    Free,
    Disposable,
}

/// The providers by domain: looked up only, never walked. Our own table is read by people and outranks the library.
static PROVIDERS: LazyLock<FxHashMap<&str, Provider>> = LazyLock::new(|| {
    let mut providers = FxHashMap::default();
    providers.extend(mailchecker::blacklist().into_iter().map(|domain| (domain, Provider::Disposable)));
    providers.extend(FREE.lines().map(|domain| (domain, Provider::Free)));
    for domain in NOT_DISPOSABLE {
        providers.remove(domain);
    }
    providers
});

/// The provider of a host: the longest listed name from the host down to its registrable domain decides.
///
/// Nothing above the registrable domain is looked at: `za.com` is listed as disposable, yet `acme.za.com` is a firm
/// that registered its name there.
pub(super) fn provider(host: &str, registrable: &str) -> Option<Provider> {
    let mut name = host;
    loop {
        if let Some(found) = PROVIDERS.get(name) {
            return Some(*found);
        }
        if name.len() <= registrable.len() {
            return None;
        }
        name = name.split_once('.')?.1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::{email_domain, is_free_mail_domain};

    #[test]
    fn the_free_providers_are_sorted_and_distinct() {
        let domains: Vec<&str> = FREE.lines().collect();
        assert!(domains.len() > 1_000, "{} domains", domains.len());
        for pair in domains.windows(2) {
            assert!(pair[0] < pair[1], "`{}` stands before `{}`", pair[0], pair[1]);
        }
    }

    #[test]
    fn every_free_provider_is_a_registrable_domain() {
        let odd: Vec<&str> = FREE
            .lines()
            .filter(|domain| email_domain(&format!("ann@{domain}")).as_deref() != Some(*domain))
            .collect();
        assert_eq!(odd, [""; 0]);
    }

    #[test]
    fn every_free_provider_gives_no_account() {
        assert!(FREE.lines().all(is_free_mail_domain));
    }

    #[test]
    fn every_exception_is_still_in_the_library() {
        let disposable = mailchecker::blacklist();
        for domain in NOT_DISPOSABLE {
            assert!(disposable.contains(&domain), "`{domain}` needs no exception any more");
        }
    }
}
