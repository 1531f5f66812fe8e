//! What was answered to changes that clients call by a key, for a while.

use kelvin_kernel::Instant;

use crate::{Digest, GivenAnswer, KnownAnswer, Result};

/// Looks at what was answered.
pub trait AnswersView {
    /// What is known of a key.
    fn answer(&self, key: &Digest) -> Result<Option<KnownAnswer>>;
}

/// Changes what is known of answers.
pub trait AnswersChange: AnswersView {
    /// Notes that a change is being made under a key that is not known.
    fn expect_answer(&mut self, key: &Digest, asked: &Digest, at: Instant) -> Result<()>;

    /// Notes that the change of a key was made, and what was answered, if that may be kept.
    fn settle_answer(&mut self, key: &Digest, given: Option<&GivenAnswer>) -> Result<()>;

    /// Forgets a key.
    fn forget_answer(&mut self, key: &Digest) -> Result<()>;

    /// Forgets the keys that came before an instant.
    fn forget_answers(&mut self, before: Instant) -> Result<()>;
}
