//! A small horizontal bar.

/// A bar of up to `cells` columns, filled by `share` (0 to 1).
pub(crate) fn bar(share: f64, cells: usize, unicode: bool) -> String {
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    if !unicode {
        return "#".repeat((share * cells as f64).round() as usize);
    }
    let eighths = (share * cells as f64 * 8.0).round() as usize;
    let mut bar = "█".repeat(eighths / 8);
    bar.push_str(["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]);
    bar
}

#[cfg(test)]
mod tests {
    use super::bar;

    #[test]
    fn a_bar_is_filled_by_its_share() {
        let check = |share, expect: &str| assert_eq!(bar(share, 4, true), expect);
        check(0.0, "");
        check(1.0, "████");
        check(0.5, "██");
        check(0.53, "██▏");
        check(7.0, "████");
        check(-1.0, "");
        check(f64::NAN, "");
        assert_eq!(bar(0.5, 4, false), "##");
    }
}
