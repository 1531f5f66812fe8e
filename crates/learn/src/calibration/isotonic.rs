//! Steps that never fall, nearest to what happened (pool adjacent violators).

/// Rows that share a step.
struct Block {
    low: f64,
    high: f64,
    positives: f64,
    rows: f64,
}

impl Block {
    fn rate(&self) -> f64 {
        self.positives / self.rows
    }
}

/// The ends of the steps: predicted probability, and the rate of the step.
pub(super) fn fit(predicted: &[f64], outcomes: &[bool]) -> Vec<(f64, f64)> {
    let mut order: Vec<usize> = (0..predicted.len()).collect();
    order.sort_by(|a, b| predicted[*a].total_cmp(&predicted[*b]));
    let mut blocks: Vec<Block> = Vec::new();
    for same in order.chunk_by(|a, b| predicted[*a] == predicted[*b]) {
        let value = predicted[same[0]];
        let positives = same.iter().map(|row| f64::from(u8::from(outcomes[*row]))).sum();
        #[expect(clippy::cast_precision_loss, reason = "rows are fewer than 2^52")]
        blocks.push(Block { low: value, high: value, positives, rows: same.len() as f64 });
        pool(&mut blocks);
    }
    let ends = |block: &Block| [(block.low, block.rate()), (block.high, block.rate())];
    let mut knots: Vec<(f64, f64)> = blocks.iter().flat_map(ends).collect();
    knots.dedup();
    knots
}

/// Joins the last blocks until none falls below the one before.
fn pool(blocks: &mut Vec<Block>) {
    while let [.., before, last] = blocks.as_mut_slice() {
        if before.rate() < last.rate() {
            return;
        }
        before.high = last.high;
        before.positives += last.positives;
        before.rows += last.rows;
        blocks.pop();
    }
}
