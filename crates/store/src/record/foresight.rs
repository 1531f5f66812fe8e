//! What is about to come.

use crate::Link;

/// What is about to come, as far as that is known beforehand.
#[derive(Debug, Clone, Default)]
pub struct Coming<'a> {
    /// Ids of events that may be appended.
    pub ids: Vec<&'a str>,
    /// The profiles that these name.
    pub profiles: Vec<&'a str>,
    /// Leads of which something may change.
    pub leads: Vec<&'a str>,
    /// Links that may be noted.
    pub links: Vec<Link>,
    /// The models that may hold something else of the leads then.
    pub models: Vec<&'a str>,
}
