//! The first later instant at which the standing differs if nothing else happens.

use crate::{instant::Instant, program::Program, score::Standing, worth::Subject};

/// The first instant after the subject's at which its standing is another one, within 366 days.
pub(crate) fn until(_program: &Program, _subject: &Subject<'_>, _standing: Standing) -> Option<Instant> {
    None
}
