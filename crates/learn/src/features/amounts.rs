//! Amounts that are not written as plain numbers are: `1,164`, `$104,760,000`, `1.250,50 €`, `12 %`.

use kelvin_kernel::predict::cell::amount;

/// What stands before or behind an amount.
const MARKS: [char; 5] = ['$', '€', '£', '¥', '%'];
/// What stands between its digits.
const BETWEEN: [char; 7] = [',', '.', '\'', '’', ' ', '\u{a0}', '\u{202f}'];

/// One of some texts that is such an amount, where the others are amounts, too.
pub(super) fn written(texts: &[String]) -> Option<&str> {
    let first = texts.iter().find(|text| is_grouped(text))?;
    texts.iter().all(|text| amount(text).is_finite() || is_grouped(text)).then_some(first)
}

fn is_grouped(text: &str) -> bool {
    let is_around = |c: char| MARKS.contains(&c) || c.is_whitespace();
    let bare = text.trim_matches(is_around);
    let bare = bare.strip_prefix('-').unwrap_or(bare).trim_start_matches(is_around);
    let groups: Vec<&str> = bare.split(BETWEEN).collect();
    let is_number = |group: &&str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    if amount(text).is_finite() || !groups.iter().all(is_number) {
        return false;
    }
    match groups.as_slice() {
        // A leading zero makes a code of it.
        [first, _, ..] if first.len() > 3 || first.len() > 1 && first.starts_with('0') => false,
        [_, inner @ .., last] => {
            let has_fraction = bare.trim_end_matches(|c: char| c.is_ascii_digit()).ends_with([',', '.']);
            inner.iter().all(|group| group.len() == 3) && (last.len() == 3 || has_fraction)
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_known_however_people_write_it() {
        let amounts = [
            "1,164",
            "$104,760,000",
            "1.250,50 €",
            "-$1,000",
            "12 %",
            "1 000 000",
            "1'000",
            "€ 5",
            "0,5",
            "3,75",
        ];
        let others = [
            "1164",
            "-2.5",
            "0164 1",
            "030 1234567",
            "12.03.2025",
            "10.0.0.1",
            "11-50",
            "1,2,3",
            "12 34",
            "A4",
            "",
            "$",
            "1,164 employees",
            "10117,20",
        ];
        let told = |texts: &[&'static str]| -> Vec<&str> {
            texts.iter().copied().filter(|text| is_grouped(text)).collect()
        };
        assert_eq!(told(&amounts), amounts);
        assert_eq!(told(&others), Vec::<&str>::new());
    }

    #[test]
    fn texts_are_amounts_only_where_all_are() {
        let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(written(&texts(&["50", "1,164"])), Some("1,164"));
        assert_eq!(written(&texts(&["50", "1,164", "many"])), None);
        assert_eq!(written(&texts(&["50", "1164"])), None);
    }
}
