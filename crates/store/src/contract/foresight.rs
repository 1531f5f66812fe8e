//! What is about to come, told beforehand.

use crate::{Coming, Result};

/// Hears of what is about to come. A store far away reads at once what that needs; to others it is nothing. Whether anything was
/// told changes no answer.
pub trait ForesightChange {
    /// Tells what is about to come in this change, to who wants to know.
    fn foresee<'c>(&mut self, coming: &dyn Fn() -> Coming<'c>) -> Result<()> {
        let _unasked = coming;
        Ok(())
    }
}
