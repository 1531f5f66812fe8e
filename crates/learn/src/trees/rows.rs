//! Rows brought into order without a branch: where each goes cannot be foretold.

/// Brings those rows to the front that are wanted there, and tells how many they are; both parts keep their order. `spare` has room for
/// as many rows.
pub(super) fn part(rows: &mut [u32], spare: &mut [u32], mut is_first: impl FnMut(u32) -> bool) -> usize {
    let spare = &mut spare[..rows.len()];
    let mut first = 0;
    for place in 0..rows.len() {
        let row = rows[place];
        let goes_first = is_first(row);
        rows[first] = row;
        spare[place - first] = row;
        first += usize::from(goes_first);
    }
    let last = rows.len() - first;
    rows[first..].copy_from_slice(&spare[..last]);
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_parts_keep_their_order() {
        let mut rows = [4, 1, 7, 2, 8, 3];
        assert_eq!(part(&mut rows, &mut [0; 9], |row| row % 2 == 0), 3);
        assert_eq!(rows, [4, 2, 8, 1, 7, 3]);
        assert_eq!(part(&mut rows, &mut [0; 6], |_| false), 0);
        assert_eq!(rows, [4, 2, 8, 1, 7, 3]);
        assert_eq!(part(&mut [], &mut [], |_| true), 0);
    }
}
