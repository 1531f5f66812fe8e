//! What a job title tells: how senior its holder is, and in which department.

use std::{borrow::Cow, fmt};

mod clause;
mod lexicon;
mod reader;
mod text;
mod words;

/// How senior the holder of a title is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Seniority {
    /// Runs or owns the organisation, or sits in its first row: CEO, CFO, founder, owner, partner, Geschäftsführer.
    CLevel,
    /// Vice president of any grade; a deputy of the first row.
    Vp,
    /// Director.
    Director,
    /// Head of a department: head of, Leiter, jefe de; chief of staff.
    Head,
    /// Manager, team leader, supervisor.
    Manager,
    /// A senior, lead or principal specialist.
    Senior,
    /// A specialist, with a profession but no rank.
    Individual,
    /// Intern, trainee, apprentice.
    Intern,
    /// Student, working students included.
    Student,
    /// The title tells no rank, or none that is held now.
    Unknown,
}

/// The department that a title belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Department {
    /// Assistance, secretariat, reception, office management.
    Administration,
    /// Advice as a trade.
    Consulting,
    /// Data, analytics, machine learning.
    Data,
    /// Design, user experience, creation.
    Design,
    /// Schools, universities, teaching.
    Education,
    /// Building the product: software, hardware, technology.
    Engineering,
    /// The organisation as a whole: general management, strategy, boards.
    Executive,
    /// Finance, accounting, controlling, audit, risk.
    Finance,
    /// People: recruiting, pay, training.
    Hr,
    /// Computers and networks in use, and their security.
    It,
    /// Law, compliance, privacy.
    Legal,
    /// Marketing, communication, brand, press, events.
    Marketing,
    /// Health care.
    Medical,
    /// Running the business: production, quality, logistics, projects.
    Operations,
    /// Buying for the organisation.
    Procurement,
    /// What is built and why: product management.
    Product,
    /// Research and development, science.
    Research,
    /// Sales, accounts, business development, partnerships.
    Sales,
    /// Customer success, service and support.
    Support,
    /// The title tells no department.
    Unknown,
}

impl Seniority {
    /// All of them, the most senior first.
    pub const ALL: [Self; 10] = [
        Self::CLevel,
        Self::Vp,
        Self::Director,
        Self::Head,
        Self::Manager,
        Self::Senior,
        Self::Individual,
        Self::Intern,
        Self::Student,
        Self::Unknown,
    ];

    /// The word for it in conditions.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CLevel => "c_level",
            Self::Vp => "vp",
            Self::Director => "director",
            Self::Head => "head",
            Self::Manager => "manager",
            Self::Senior => "senior",
            Self::Individual => "individual",
            Self::Intern => "intern",
            Self::Student => "student",
            Self::Unknown => "unknown",
        }
    }
}

impl Department {
    /// All of them, in alphabetical order.
    pub const ALL: [Self; 20] = [
        Self::Administration,
        Self::Consulting,
        Self::Data,
        Self::Design,
        Self::Education,
        Self::Engineering,
        Self::Executive,
        Self::Finance,
        Self::Hr,
        Self::It,
        Self::Legal,
        Self::Marketing,
        Self::Medical,
        Self::Operations,
        Self::Procurement,
        Self::Product,
        Self::Research,
        Self::Sales,
        Self::Support,
        Self::Unknown,
    ];

    /// The word for it in conditions.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Administration => "administration",
            Self::Consulting => "consulting",
            Self::Data => "data",
            Self::Design => "design",
            Self::Education => "education",
            Self::Engineering => "engineering",
            Self::Executive => "executive",
            Self::Finance => "finance",
            Self::Hr => "hr",
            Self::It => "it",
            Self::Legal => "legal",
            Self::Marketing => "marketing",
            Self::Medical => "medical",
            Self::Operations => "operations",
            Self::Procurement => "procurement",
            Self::Product => "product",
            Self::Research => "research",
            Self::Sales => "sales",
            Self::Support => "support",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Seniority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Department {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How senior the holder of a title is: the most senior post that the title says is held now.
///
/// ```
/// # use kelvin_kernel::fields::{Seniority, seniority};
/// assert_eq!(seniority("Sr. VP, Mktg & Comms"), Seniority::Vp);
/// assert_eq!(seniority("Assistant to the CEO"), Seniority::Individual);
/// ```
pub fn seniority(title: &str) -> Seniority {
    reader::read(&turned(title)).seniority
}

/// The department that a title belongs to: the first that it names, the general ones only if it names no other.
///
/// ```
/// # use kelvin_kernel::fields::{Department, department};
/// assert_eq!(department("Directrice commerciale"), Department::Sales);
/// assert_eq!(department("Co-Founder & CTO"), Department::Engineering);
/// ```
pub fn department(title: &str) -> Department {
    reader::read(&turned(title)).department
}

/// A title with the field that stands after its *partner* put before it, where that is one that serves colleagues:
/// *Partner, Talent Acquisition* is a talent acquisition partner, and owns no firm.
fn turned(title: &str) -> Cow<'_, str> {
    let parts = title.split_once([',', '|', '–']).or_else(|| title.split_once(" - "));
    let Some((post, field)) = parts.map(|(post, field)| (post.trim(), field.trim())) else {
        return title.into();
    };
    let (grade, partner) = post.rsplit_once(' ').unwrap_or(("", post));
    let is_partner = partner.eq_ignore_ascii_case("partner")
        && (grade.is_empty() || reader::read(grade).seniority == Seniority::Senior);
    if !is_partner {
        return title.into();
    }
    let reading = reader::read(field);
    let serves_colleagues =
        matches!(reading.department, Department::Hr | Department::Procurement | Department::Support);
    if serves_colleagues && reading.seniority == Seniority::Unknown {
        format!("{grade} {field} {partner}").into()
    } else {
        title.into()
    }
}

#[cfg(test)]
mod tests;
