//! Mailboxes of a function rather than of a person, in English, German, French and Spanish.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

/// Names of such mailboxes, one a line: lower case, without dots, hyphens and underscores, sorted.
const NAMES: &str = include_str!("roles.txt");

/// The names, for look-ups.
static ROLES: LazyLock<FxHashSet<&str>> = LazyLock::new(|| NAMES.lines().collect());

/// The longest local part that a valid address has.
const LONGEST: usize = 64;

/// Whether a local part names a function: `info`, `No-Reply`, `sales+web`, `info.de`, `support-team`, `sales2`.
pub(super) fn is_role(local: &str) -> bool {
    let mut buffer = [0u8; LONGEST];
    let base = local.split('+').next().unwrap_or_default();
    let base = base.trim_end_matches(|c: char| c.is_ascii_digit());
    let Some(lower) = buffer.get_mut(..base.len()) else { return false };
    lower.copy_from_slice(base.as_bytes());
    lower.make_ascii_lowercase();
    let Ok(lower) = std::str::from_utf8(lower) else { return false };
    is_joined_role(lower) || is_role_with_more(lower)
}

/// `no-reply`, `customer_service`: a listed name once the separators are out.
fn is_joined_role(lower: &str) -> bool {
    let mut buffer = [0u8; LONGEST];
    let mut length = 0;
    for byte in lower.bytes().filter(|byte| !is_separator(*byte)) {
        let Some(place) = buffer.get_mut(length) else { return false };
        *place = byte;
        length += 1;
    }
    buffer.get(..length).and_then(|name| std::str::from_utf8(name).ok()).is_some_and(is_listed)
}

/// `info.de`, `sales-team`: a listed name of three letters or more, then names or country codes. Two letters in front
/// may be somebody's initials: `it.wong`.
fn is_role_with_more(lower: &str) -> bool {
    let mut pieces = lower.split(|c: char| c.is_ascii() && is_separator(c as u8));
    pieces.next().is_some_and(|first| first.len() > 2 && is_listed(first))
        && pieces.all(|piece| piece.len() <= 2 || is_listed(piece))
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b'.' | b'-' | b'_')
}

fn is_listed(name: &str) -> bool {
    ROLES.contains(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_roles_are_sorted_and_distinct() {
        let names: Vec<&str> = NAMES.lines().collect();
        for pair in names.windows(2) {
            assert!(pair[0] < pair[1], "`{}` stands before `{}`", pair[0], pair[1]);
        }
    }

    #[test]
    fn a_role_is_seen_through_case_separators_numbers_and_tags() {
        let roles = "info Info INFO no-reply no_reply do.not.reply sales+web sales2 info.de sales.emea support-team customer.service \
                     vertrieb kontakt contacto comptabilite rrhh hr it office";
        let people = "ann ann.lee informant salesman sales.ann it.wong hr.mueller 2sales postman + +sales";
        check(roles, true);
        check(people, false);
    }

    fn check(locals: &str, expect: bool) {
        for local in locals.split_whitespace() {
            assert_eq!(is_role(local), expect, "`{local}`");
        }
    }
}
