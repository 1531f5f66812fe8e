//! An e-mail address taken apart, and the registrable part of its host.

use std::borrow::Cow;

use email_address::EmailAddress;
use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};

/// An e-mail address that mail could reach.
pub(super) struct Address<'a> {
    /// What stands before the `@`, as written.
    pub(super) local: &'a str,
    /// The host: lower case, no trailing dot, internationalised labels in Unicode letters.
    pub(super) host: Cow<'a, str>,
}

impl<'a> Address<'a> {
    /// Reads an address as people paste it: bare, `mailto:`, or with a display name, `Ann Lee <ann@acme.example>`.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let (local, host) = bare(text).rsplit_once('@')?;
        let host = host.strip_suffix('.').unwrap_or(host);
        let host = if is_plain(host) { ascii_host(host)? } else { international_host(host)? };
        EmailAddress::is_valid_local_part(local).then_some(Self { local, host })
    }
}

/// The address itself, without what may be written around it.
fn bare(text: &str) -> &str {
    let text = text.trim();
    let text = match text.strip_suffix('>') {
        Some(text) => text.rsplit_once('<').map_or(text, |(_, address)| address.trim()),
        None => text,
    };
    match text.split_at_checked("mailto:".len()) {
        Some((scheme, address)) if scheme.eq_ignore_ascii_case("mailto:") => address.trim(),
        _ => text,
    }
}

/// Whether a host is written in ASCII throughout, with no label in Punycode.
fn is_plain(host: &str) -> bool {
    host.is_ascii() && !host.as_bytes().windows(4).any(|four| four.eq_ignore_ascii_case(b"xn--"))
}

/// The host in lower case, if it is one by the rules of the DNS; borrowed where nothing changes.
fn ascii_host(host: &str) -> Option<Cow<'_, str>> {
    let valid =
        host.len() <= 253 && host.contains('.') && host.split('.').all(is_label) && has_top_level(host);
    let lower = !host.bytes().any(|byte| byte.is_ascii_uppercase());
    valid.then(|| if lower { Cow::Borrowed(host) } else { Cow::Owned(host.to_ascii_lowercase()) })
}

/// No host is longer in Unicode: each of its letters takes an octet of the ASCII spelling at least.
const LONGEST_INTERNATIONAL: usize = 253 * 4;

/// The host in Unicode letters, mapped and checked by UTS 46, whether it was written so or in Punycode.
fn international_host(host: &str) -> Option<Cow<'static, str>> {
    if host.len() > LONGEST_INTERNATIONAL {
        return None;
    }
    let names = Uts46::new();
    let rules = (AsciiDenyList::STD3, Hyphens::CheckFirstLast);
    let ascii = names.to_ascii(host.as_bytes(), rules.0, rules.1, DnsLength::Verify).ok()?;
    let (unicode, valid) = names.to_unicode(ascii.as_bytes(), rules.0, rules.1);
    valid.ok()?;
    (unicode.contains('.') && has_top_level(&unicode)).then(|| Cow::Owned(unicode.into_owned()))
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Whether the last label could be a top-level domain: not a number, as in an address of four bytes.
fn has_top_level(host: &str) -> bool {
    host.rsplit('.').next().is_some_and(|label| !label.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The part of a host that someone registered: one label below the public suffix.
///
/// A host that is itself a *private* suffix (`github.io`: a firm lets others register below its own domain) is that firm's
/// domain; one that is a suffix of the registries (`co.uk`) has none.
pub(super) fn registrable(host: &str) -> Option<&str> {
    let mut rest = host;
    let mut below = None;
    loop {
        if let Some(domain) = psl::domain_str(rest) {
            return Some(domain);
        }
        if psl::suffix(rest.as_bytes())?.typ() != Some(psl::Type::Private) {
            return below;
        }
        below = Some(rest);
        rest = rest.split_once('.')?.1;
    }
}
