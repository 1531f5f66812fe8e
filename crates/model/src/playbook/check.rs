//! What a playbook says that its author can hardly mean.

use super::read::Reader;
use crate::{check, diagnostics::Diagnostic, span::Spanned};

/// The doubts about a playbook; some need all of it to be sound.
pub(super) fn check(found: &Reader<'_>, is_sound: bool) -> Vec<Diagnostic> {
    let mut doubts = check::conditions(&found.expressions, &found.compiled);
    if is_sound {
        doubts.extend(no_business_hours(found));
        doubts.extend(unused_owners(found));
        doubts.extend(unused_targets(found));
    }
    doubts
}

/// `no-business-hours`: due times that count nights and weekends.
fn no_business_hours(found: &Reader<'_>) -> Option<Diagnostic> {
    let due = found.first_due.filter(|_| !found.has_hours)?;
    let doubt = Diagnostic::warning(
        "no-business-hours",
        "due times count nights and weekends: there are no business hours",
        due,
    );
    Some(doubt.help("give the playbook `hours: {mon-fri: \"09:00-17:30\"}`, or `mon-sun: \"00:00-24:00\"` if that is meant"))
}

/// `unused-owner`: an owner to whom no hand-off goes.
fn unused_owners(found: &Reader<'_>) -> Vec<Diagnostic> {
    // The owner of an account may be any.
    let owners = found.owners.iter().filter(|_| !found.asks_for_account_owner);
    let unused = owners.filter(|(_, used)| !used).map(|(Spanned { value, span }, _)| {
        Diagnostic::warning("unused-owner", format!("no hand-off is ever assigned to `{value}`"), *span)
            .help(format!("assign to `{value}`, as in `assign: {value}`, or remove the owner"))
    });
    unused.collect()
}

/// `unused-target`: a target to which nothing goes.
fn unused_targets(found: &Reader<'_>) -> Vec<Diagnostic> {
    let unused = found.targets.iter().filter(|(_, used)| !used).map(|(Spanned { value, span }, _)| {
        Diagnostic::warning("unused-target", format!("nothing goes to the target `{value}`"), *span)
            .help(format!("use it, as in `notify: {value}`, or remove it"))
    });
    unused.collect()
}
