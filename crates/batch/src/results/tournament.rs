//! A tournament among runs: who has the least key is known after a few comparisons, whatever their number.

/// What a run competes with: the key of its next line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entrant {
    /// The first bytes of the key, which most comparisons need no more than; see [`first_bytes`](crate::store::codec::first_bytes).
    pub(super) first: u128,
    pub(super) run: usize,
}

/// A tree of matches. Its leaves are the runs; each inner node keeps the loser of its match.
#[derive(Debug)]
pub(super) struct Tournament {
    losers: Vec<Entrant>,
    winner: Option<Entrant>,
}

impl Tournament {
    /// Lets these compete, of which the one at place `n` is that of run `n`.
    pub(super) fn new(entrants: &[Entrant], wins: impl Fn(&Entrant, &Entrant) -> bool) -> Self {
        // Node `n` is the match of the winners of nodes `2n` and `2n + 1`; the leaves follow the inner nodes.
        let inner = entrants.len();
        let mut winners = [entrants, entrants].concat();
        let mut losers = entrants.to_vec();
        for node in (1..inner).rev() {
            let (left, right) = (winners[2 * node], winners[2 * node + 1]);
            (winners[node], losers[node]) = if wins(&right, &left) { (right, left) } else { (left, right) };
        }
        // Where there is but one, it is the leaf at node 1.
        Self { losers, winner: winners.get(1).copied() }
    }

    /// The one with the least key.
    pub(super) fn winner(&self) -> Option<Entrant> {
        self.winner
    }

    /// Lets the run that has won compete again, with its next key.
    pub(super) fn replay(&mut self, mut entrant: Entrant, wins: impl Fn(&Entrant, &Entrant) -> bool) {
        let mut node = (self.losers.len() + entrant.run) / 2;
        while node > 0 {
            if wins(&self.losers[node], &entrant) {
                std::mem::swap(&mut self.losers[node], &mut entrant);
            }
            node /= 2;
        }
        self.winner = Some(entrant);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_merged_whatever_their_number() {
        let wins = |a: &Entrant, b: &Entrant| (a.first, a.run) < (b.first, b.run);
        for count in 0..20 {
            let mut left = vec![7; count];
            let key = |run: usize, left: usize| {
                if left == 0 { u128::MAX } else { (run * 3 % 7 + 7 - left) as u128 }
            };
            let entrants: Vec<_> = (0..count).map(|run| Entrant { first: key(run, 7), run }).collect();
            let mut tournament = Tournament::new(&entrants, wins);
            let mut merged = Vec::new();
            while let Some(Entrant { first, run }) = tournament.winner().filter(|winner| left[winner.run] > 0)
            {
                merged.push((first, run));
                left[run] -= 1;
                tournament.replay(Entrant { first: key(run, left[run]), run }, wins);
            }
            let mut expect: Vec<_> =
                (0..count).flat_map(|run| (1..=7).map(move |left| (key(run, left), run))).collect();
            expect.sort_unstable();
            assert_eq!(merged, expect, "{count} runs");
        }
    }
}
