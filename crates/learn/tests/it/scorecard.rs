//! Scorecards on the real tasks, beside other tools.

use kelvin_learn::measure::Scored;
use kelvin_learn::scorecard::{Scorecard, Settings};

use super::tasks::TASKS;

#[test]
fn probe() {
    for task in &TASKS[2..] {
        for (rules, bands, max_points) in [
            (10, 6, 10),
            (10, 6, 100),
            (10, 8, 100),
            (10, 12, 100),
            (17, 6, 100),
            (17, 12, 100),
            (6, 6, 100),
            (4, 6, 100),
        ] {
            let settings = Settings { rules, bands, max_points, ..Settings::default() };
            let Some((taught, test)) = task.parts() else { return };
            let card = Scorecard::new(&taught, &settings).expect("a card");
            let auc = |d: &kelvin_learn::Dataset| {
                Scored::new(&card.scores(&d.table), &d.outcomes()).unwrap().auc().unwrap()
            };
            println!(
                "{} {rules} {bands} {max_points} rules={} priced={} train {:.4} test {:.4} shrink {:.2}",
                task.name,
                card.rules.len(),
                card.priced_bands(),
                auc(&taught),
                auc(&test),
                card.shrinkage
            );
            if rules == 10 && bands == 6 && max_points == 100 {
                for rule in &card.rules {
                    println!(
                        "  {} {:?} {:?}",
                        rule.feature,
                        rule.bins,
                        rule.bands.iter().map(|b| (b.points, b.rows)).collect::<Vec<_>>()
                    );
                }
            }
        }
    }
}
