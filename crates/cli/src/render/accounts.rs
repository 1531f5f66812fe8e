//! Scored accounts as a ranked table.

use kelvin_kernel::{plan::AccountPlan, score::AccountScore};

use super::{
    grid::{Align, Cell, Grid},
    text::{Style, grouped, harmless, short_points, shortened, signed},
};
use crate::terminal::Terminal;

const LONGEST_ACCOUNT: usize = 40;

/// The table of one model's accounts, in their order.
pub(crate) fn table(plan: &AccountPlan, accounts: &[(String, AccountScore)], terminal: &Terminal) -> String {
    use Align::{Left, Right};
    let tier = if plan.tiers.is_empty() { "" } else { "tier" };
    let mut grid = Grid::new([
        ("#", Right),
        ("account", Left),
        ("score", Right),
        ("members", Right),
        (tier, Left),
        ("why", Left),
    ]);
    for (place, (account_id, score)) in accounts.iter().enumerate() {
        let tier = score.tier.and_then(|tier| plan.tiers.get(tier)).map_or("", |tier| &tier.name);
        grid.add([
            Cell::new(Style::Dim, (place + 1).to_string()),
            shortened(&harmless(account_id), LONGEST_ACCOUNT, terminal).into(),
            Cell::new(Style::Bold, short_points(score.score)),
            grouped(score.members as u64).into(),
            harmless(tier).into(),
            Cell::new(Style::Dim, why(plan, score)),
        ]);
    }
    grid.render(0, terminal)
}

fn why(plan: &AccountPlan, score: &AccountScore) -> String {
    let rule = |place: usize| plan.rules.rules.get(place).map_or("", |rule| &rule.id);
    let reasons: Vec<_> = score
        .reasons
        .iter()
        .map(|reason| format!("{} {}", harmless(rule(reason.rule)), signed(reason.points)))
        .collect();
    reasons.join(", ")
}
