//! Field functions: what an e-mail address and a job title tell, as conditions ask for it.
//!
//! All of them are pure, know their lists by heart and never ask a network. `docs/language/field-functions.md`
//! is their reference; the lists stand beside the code as data.

#[cfg(test)]
mod chapter;
mod email;
mod title;

pub use email::{EmailKind, email_domain, email_kind, is_free_mail_domain};
pub use title::{Department, Seniority, department, seniority};
