//! How much less rows tell when several are of one lead.

/// By how much the variance of a sum grows because the rows of a lead tell the same again (design effect, Kish 1965): 1 where each lead
/// has one row. `parts` are what rows add to the sum, around 0; `leads` tells whose rows they are.
///
/// Where no row adds anything it cannot be seen how alike the rows of a lead are, and they count as one.
pub(crate) fn design_effect(parts: &[f64], leads: &[u32]) -> f64 {
    let mut rows: Vec<usize> = (0..parts.len()).collect();
    rows.sort_by_key(|row| leads[*row]);
    let (mut count, mut of_leads) = (0.0, 0.0);
    for rows in rows.chunk_by(|a, b| leads[*a] == leads[*b]) {
        count += 1.0;
        of_leads += rows.iter().map(|row| parts[*row]).sum::<f64>().powi(2);
    }
    let of_rows: f64 = parts.iter().map(|part| part * part).sum();
    let effect = if of_rows > 0.0 { of_leads / of_rows } else { parts.len() as f64 / f64::max(count, 1.0) };
    effect.max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_tell_the_same_again_count_once() {
        assert!((design_effect(&[1.0, 1.0, -1.0, -1.0], &[0, 0, 1, 1]) - 2.0).abs() < 1e-12);
        assert!((design_effect(&[1.0, 1.0, -1.0, -1.0], &[0, 1, 2, 3]) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn where_nothing_differs_leads_are_counted() {
        assert!((design_effect(&[0.0; 6], &[4, 4, 4, 2, 2, 2]) - 3.0).abs() < 1e-12);
    }
}
