//! Accounts: their attributes, gathered from rows of leads and from events, and their scores.

mod attributes;
mod members;

pub(crate) use attributes::{AccountAttributes, AccountCells, AccountWrites};
pub(crate) use members::{put_member, score_accounts};
