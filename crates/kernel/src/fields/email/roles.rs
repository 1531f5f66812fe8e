//! Mailboxes of a function rather than of a person, in English, German, French and Spanish.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

/// Names of such mailboxes, one a line: lower case, without dots, hyphens and underscores, sorted.
const NAMES: &str = include_str!("roles.txt");

/// The names, for look-ups.
static ROLES: LazyLock<FxHashSet<&str>> = LazyLock::new(|| NAMES.lines().collect());

/// Names of several words that may be written with dots. Those whose first word is a name by itself need none.
const DOTTED: [&str; 21] = [
    "accounts.payable",
    "accounts.receivable",
    "atencion.al.cliente",
    "back.office",
    "contact.us",
    "do.not.reply",
    "help.desk",
    "human.resources",
    "info.desk",
    "investor.relations",
    "it.support",
    "kunden.service",
    "mailer.daemon",
    "no.reply",
    "no.responder",
    "online.shop",
    "recursos.humanos",
    "relation.client",
    "service.client",
    "undisclosed.recipients",
    "web.master",
];

/// The longest local part that a valid address has.
const LONGEST: usize = 64;

/// Whether a local part names a function: `info`, `No-Reply`, `sales+web`, `info.de`, `support-team`, `sales2`.
pub(super) fn is_role(local: &str) -> bool {
    let mut buffer = [0u8; LONGEST];
    let base = local.split('+').next().unwrap_or_default();
    let base = base.trim_end_matches(|c: char| c.is_ascii_digit());
    let Some(lower) = folded(base, &mut buffer) else { return false };
    is_joined_role(lower) || is_role_with_more(lower)
}

/// A local part in lower case, without umlauts and accents: `Büro` is `buero`. `None` for other alphabets.
fn folded<'a>(local: &str, buffer: &'a mut [u8; LONGEST]) -> Option<&'a str> {
    let mut length = 0;
    for c in local.chars() {
        let mut ascii = [0u8; 4];
        let plain = match c {
            'ä' | 'Ä' => "ae",
            'ö' | 'Ö' => "oe",
            'ü' | 'Ü' => "ue",
            'ß' => "ss",
            'à' | 'á' | 'â' | 'À' | 'Á' | 'Â' => "a",
            'ç' | 'Ç' => "c",
            'è' | 'é' | 'ê' | 'È' | 'É' | 'Ê' => "e",
            'í' | 'î' | 'Í' | 'Î' => "i",
            'ñ' | 'Ñ' => "n",
            'ó' | 'ô' | 'Ó' | 'Ô' => "o",
            'ú' | 'û' | 'Ú' | 'Û' => "u",
            c if c.is_ascii() => c.to_ascii_lowercase().encode_utf8(&mut ascii),
            _ => return None,
        };
        buffer.get_mut(length..length + plain.len())?.copy_from_slice(plain.as_bytes());
        length += plain.len();
    }
    std::str::from_utf8(buffer.get(..length)?).ok()
}

/// `no-reply`, `customer_service`: a listed name once the separators are out. Dots part people's names too, so with
/// them only names of several words count: `h.r` are initials, `mark.eting` is Mark.
fn is_joined_role(lower: &str) -> bool {
    if lower.contains('.') && !DOTTED.contains(&lower) {
        return false;
    }
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
    fn what_may_have_dots_is_listed_without_them() {
        for name in DOTTED {
            assert!(is_listed(&name.replace('.', "")), "`{name}`");
        }
    }

    #[test]
    fn a_role_is_seen_through_case_separators_numbers_and_tags() {
        let roles = "info Info INFO no-reply no_reply do.not.reply sales+web sales2 info.de sales.emea support-team customer.service \
                     vertrieb kontakt contacto comptabilite rrhh hr it office no.reply human.resources it.support h-r \
                     büro BÜRO buero qualität comptabilité información Geschäftsleitung";
        let people = "ann ann.lee informant salesman sales.ann it.wong hr.mueller 2sales postman + +sales h.r i.t p.r \
                      mark.eting ven.tas анна jürgen bürger";
        check(roles, true);
        check(people, false);
    }

    fn check(locals: &str, expect: bool) {
        for local in locals.split_whitespace() {
            assert_eq!(is_role(local), expect, "`{local}`");
        }
    }
}
