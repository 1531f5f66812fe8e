//! The rows of a chunk by a small number that each has: a partition, a name.

/// Rows by group. Chunks are small: their rows can be read in any order at little cost, while writing each to a place of
/// its group waits for memory.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    of_rows: Vec<u32>,
    starts: Vec<u32>,
    next: Vec<u32>,
    rows: Vec<u32>,
}

impl Groups {
    /// Groups rows, one after the other, by the group of each, which is one of `groups`.
    pub(crate) fn fill(&mut self, groups: usize, of_rows: impl Iterator<Item = u32>) {
        self.of_rows.clear();
        self.of_rows.extend(of_rows);
        self.starts.clear();
        self.starts.resize(groups + 1, 0);
        for group in &self.of_rows {
            self.starts[*group as usize + 1] += 1;
        }
        for group in 0..groups {
            self.starts[group + 1] += self.starts[group];
        }
        self.next.clone_from(&self.starts);
        self.rows.resize(self.of_rows.len(), 0);
        for (row, group) in self.of_rows.iter().enumerate() {
            let place = &mut self.next[*group as usize];
            self.rows[*place as usize] = row as u32;
            *place += 1;
        }
    }

    /// The rows of a group, ascending.
    pub(crate) fn of(&self, group: usize) -> &[u32] {
        &self.rows[self.starts[group] as usize..self.starts[group + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_by_their_group() {
        let mut groups = Groups::default();
        groups.fill(1, [0; 9].into_iter());
        groups.fill(4, [2, 0, 2, 3].into_iter());
        assert_eq!(
            [0, 1, 2, 3].map(|group| groups.of(group).to_vec()),
            [vec![1], vec![], vec![0, 2], vec![3]]
        );
    }
}
