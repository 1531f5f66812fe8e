//! Whose events: ids, what links them, what keeps them apart, and the lead that each belongs to.

use crate::{Id, KnownId, Link, Result};

/// Looks at ids.
pub trait PeopleView {
    /// An id, if it is known.
    fn known_id(&self, id: &Id) -> Result<Option<KnownId>>;

    /// The ids of a lead, by kind and id.
    fn ids_of(&self, lead: &str) -> Result<Vec<KnownId>>;

    /// The profiles that belong to a lead of another name, each with the lead.
    fn joined_profiles(&self) -> Result<Vec<(String, String)>>;

    /// Some leads of which an id holds a text, whatever the case of its letters from A to Z; all, if they are fewer than asked for.
    fn leads_named(&self, text: &str, limit: usize) -> Result<Vec<String>>;

    /// The links that begin at an id, up to so many; those made by hand come first.
    fn links_from(&self, id: &Id, limit: usize) -> Result<Vec<Link>>;

    /// The links that end at an id, up to so many; those made by hand come first.
    fn links_to(&self, id: &Id, limit: usize) -> Result<Vec<Link>>;

    /// The ids that an id is kept apart from.
    fn apart_from(&self, id: &Id) -> Result<Vec<Id>>;
}

/// Changes what is known of ids.
pub trait PeopleChange: PeopleView {
    /// Notes the lead that an id belongs to.
    fn put_id(&mut self, known: &KnownId) -> Result<()>;

    /// Forgets an id that belongs to no lead any more; its links stay.
    fn forget_id(&mut self, id: &Id) -> Result<()>;

    /// Notes a link; whether it says more than was known: it is new, or earlier.
    fn link(&mut self, link: &Link) -> Result<bool>;

    /// Forgets the links of an id that were made by hand; whether there were any.
    fn unlink(&mut self, id: &Id) -> Result<bool>;

    /// Keeps two ids apart.
    fn keep_apart(&mut self, one: &Id, other: &Id) -> Result<()>;

    /// Keeps two ids apart no longer.
    fn let_together(&mut self, one: &Id, other: &Id) -> Result<()>;
}
