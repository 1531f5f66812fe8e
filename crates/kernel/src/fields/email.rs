//! What an e-mail address tells: its registrable domain, and what kind of mailbox it is.

use std::{borrow::Cow, fmt};

use address::Address;
use providers::Provider;

mod address;
mod providers;
mod roles;

/// What kind of mailbox an e-mail address names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EmailKind {
    /// A person's mailbox at an organisation.
    Work,
    /// A mailbox at a provider that gives them to anyone.
    Free,
    /// A throw-away mailbox.
    Disposable,
    /// A mailbox of a function, not of a person: `info@`, `vertrieb@`.
    Role,
    /// Not an e-mail address that mail could reach.
    Invalid,
}

impl EmailKind {
    /// All kinds, in the order in which the first that applies is the answer.
    pub const ALL: [Self; 5] = [Self::Invalid, Self::Disposable, Self::Free, Self::Role, Self::Work];

    /// The word for it in conditions.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Work => "work",
            Self::Free => "free",
            Self::Disposable => "disposable",
            Self::Role => "role",
            Self::Invalid => "invalid",
        }
    }
}

impl fmt::Display for EmailKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The registrable domain of an e-mail address: lower case, one label below a public suffix, an internationalised
/// name in Unicode letters. `None` if the text is not an e-mail address with such a domain.
///
/// ```
/// # use kelvin_kernel::fields::email_domain;
/// assert_eq!(email_domain("Ann Lee <ann@mail.Acme.co.uk>").as_deref(), Some("acme.co.uk"));
/// assert_eq!(email_domain("ann@localhost"), None);
/// ```
pub fn email_domain(text: &str) -> Option<Cow<'_, str>> {
    let address = Address::parse(text)?;
    Some(match address.host {
        Cow::Borrowed(host) => Cow::Borrowed(address::registrable(host)?),
        Cow::Owned(host) => Cow::Owned(address::registrable(&host)?.to_owned()),
    })
}

/// What kind of mailbox an e-mail address names.
///
/// ```
/// # use kelvin_kernel::fields::{EmailKind, email_kind};
/// assert_eq!(email_kind("ann@acme.example"), EmailKind::Work);
/// assert_eq!(email_kind("info@gmail.com"), EmailKind::Free);
/// ```
pub fn email_kind(text: &str) -> EmailKind {
    let Some(address) = Address::parse(text) else { return EmailKind::Invalid };
    let Some(domain) = address::registrable(&address.host) else { return EmailKind::Invalid };
    match providers::provider(&address.host, domain) {
        Some(Provider::Disposable) => EmailKind::Disposable,
        Some(Provider::Free) => EmailKind::Free,
        None if roles::is_role(address.local) => EmailKind::Role,
        None => EmailKind::Work,
    }
}

/// Whether a registrable domain, as [`email_domain`] gives it, belongs to a free or a disposable provider: addresses
/// at such a domain have nothing in common, so it names no account.
pub fn is_free_mail_domain(domain: &str) -> bool {
    providers::provider(domain, domain).is_some()
}

#[cfg(test)]
mod tests;
