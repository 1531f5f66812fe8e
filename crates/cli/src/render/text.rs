//! Text for a terminal: made harmless, measured, shortened, coloured.

use kelvin_kernel::Micropoints;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::terminal::Terminal;

/// How a piece of text looks where colours are on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Style {
    #[default]
    Plain,
    Bold,
    Dim,
    Good,
    Fair,
    Bad,
    Accent,
}

impl Terminal {
    /// The text in a style.
    pub(crate) fn paint(&self, style: Style, text: &str) -> String {
        let code = match style {
            Style::Plain => return text.to_owned(),
            _ if !self.colour || text.is_empty() => return text.to_owned(),
            Style::Bold => "1",
            Style::Dim => "2",
            Style::Good => "32",
            Style::Fair => "33",
            Style::Bad => "31",
            Style::Accent => "36",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }

    /// One of two spellings, by what the terminal can show.
    pub(crate) fn pick<'a>(&self, unicode: &'a str, ascii: &'a str) -> &'a str {
        if self.unicode { unicode } else { ascii }
    }
}

/// Text of the user's without anything that a terminal would obey: control characters become `�`.
pub(crate) fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || is_bidirectional(c) { '\u{fffd}' } else { c }).collect()
}

/// Marks that make text run the other way, and so show something else than what is there.
fn is_bidirectional(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
}

/// Columns that the text takes.
pub(crate) fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// The text cut to at most `room` columns, with an ellipsis where something is cut off.
pub(crate) fn shortened(text: &str, room: usize, terminal: &Terminal) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let ellipsis = terminal.pick("…", "...");
    let room = room.saturating_sub(width(ellipsis));
    let mut used = 0;
    let fits = |c: &char| {
        used += c.width().unwrap_or(0);
        used <= room
    };
    text.chars().take_while(fits).chain(ellipsis.chars()).collect()
}

/// Points with at most two decimals, for tables.
pub(crate) fn short_points(points: Micropoints) -> String {
    let hundredths = (points.0.unsigned_abs() + 5_000) / 10_000;
    let sign = if points.0 < 0 && hundredths > 0 { "-" } else { "" };
    match (hundredths / 100, hundredths % 100) {
        (whole, 0) => format!("{sign}{whole}"),
        (whole, rest) if rest % 10 == 0 => format!("{sign}{whole}.{}", rest / 10),
        (whole, rest) => format!("{sign}{whole}.{rest:02}"),
    }
}

/// Points with a sign, also where they are positive.
pub(crate) fn signed(points: Micropoints) -> String {
    let sign = if points.0 > 0 { "+" } else { "" };
    format!("{sign}{}", short_points(points))
}

/// A number with thousands set apart: `41,188`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A value in whole units, thousands set apart: `-41,188`.
pub(crate) fn money(value: f64) -> String {
    let sign = if value <= -0.5 { "-" } else { "" };
    format!("{sign}{}", grouped(value.abs().round() as u64))
}

/// A count with its noun: `1 row`, `41,188 rows`.
pub(crate) fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNICODE: Terminal = Terminal { interactive: true, width: 80, colour: false, unicode: true };

    #[test]
    fn text_of_the_user_cannot_drive_the_terminal() {
        assert_eq!(harmless("a\x1b[31mb\r\n\u{202e}c"), "a\u{fffd}[31mb\u{fffd}\u{fffd}\u{fffd}c");
        assert_eq!(harmless("Zoë 株式"), "Zoë 株式");
    }

    #[test]
    fn long_text_is_cut_by_columns_not_bytes() {
        let check = |text, room, expect: &str| assert_eq!(shortened(text, room, &UNICODE), expect);
        check("short", 5, "short");
        check("longer", 5, "long…");
        check("株式会社", 8, "株式会社");
        check("株式会社", 6, "株式…");
        check("abc", 0, "…");
    }

    #[test]
    fn points_in_tables_have_at_most_two_decimals() {
        let check = |millionths, expect: &str| assert_eq!(short_points(Micropoints(millionths)), expect);
        check(61_250_000, "61.25");
        check(20_000_000, "20");
        check(-5_500_000, "-5.5");
        check(994_999, "0.99");
        check(995_000, "1");
        check(-4_999, "0");
        check(-5_000, "-0.01");
        check(i64::MIN, "-9223372036854.78");
        assert_eq!(signed(Micropoints(5_000_000)), "+5");
        assert_eq!(signed(Micropoints(-5_000_000)), "-5");
        assert_eq!(signed(Micropoints(0)), "0");
    }

    #[test]
    fn counts_are_grouped_and_have_their_noun() {
        assert_eq!(counted(1, "row"), "1 row");
        assert_eq!(counted(41_188, "row"), "41,188 rows");
        assert_eq!(grouped(1_000_000), "1,000,000");
        assert_eq!(grouped(999), "999");
    }
}
