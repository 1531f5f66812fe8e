//! A plan and a score to write, for the tests of the writers.

use kelvin_kernel::{
    Duration, Instant, Micropoints,
    plan::{
        AccountPlan, Combine, Dimension, EventNames, Grades, Plan, Range, Rule, RuleKind, RuleSet, Schema,
        Tier, Weight,
    },
    score::{AccountScore, DimensionScore, Reason, ReasonPart, Score, Standing},
};

pub(crate) const AS_OF: Instant = Instant::from_millis(1_772_323_200_000);

pub(crate) fn plan() -> Plan {
    let dimension = |id: &str| Dimension { id: id.into(), range: Range::UNBOUNDED, weight: Weight::Whole(1) };
    Plan {
        model: "saas-new-business".into(),
        range: Range::UNBOUNDED,
        applies: None,
        schema: Schema::default(),
        names: EventNames::default(),
        dimensions: vec![dimension("fit"), dimension("score")],
        rules: rules(&[("company-size", 0), ("pricing-page", 1)]),
        grades: Some(Grades { of: 0, bounds: vec![("A".into(), points(40)), ("B".into(), points(25))] }),
        tiers: vec![tier("nurture", 1), tier("mql, hot", 50)],
        accounts: Some(accounts()),
    }
}

pub(crate) fn accounts() -> AccountPlan {
    AccountPlan {
        key: None,
        combine: Combine::Sum,
        range: Range::UNBOUNDED,
        rules: rules(&[("committee", 0)]),
        tiers: vec![tier("target", 60)],
    }
}

pub(crate) fn score() -> Score {
    let dimension =
        |millionths| DimensionScore { sum: Micropoints(millionths), value: Micropoints(millionths) };
    Score {
        score: Micropoints(61_250_000),
        standing: Standing::Tier(1),
        grade: Some(1),
        disqualified: Vec::new(),
        until: Some(Instant::from_millis(1_773_040_364_101)),
        dimensions: vec![dimension(30_000_000), dimension(31_250_000)],
        reasons: vec![
            Reason {
                rule: 1,
                part: ReasonPart::Whole,
                points: Micropoints(31_250_000),
                awards: 2,
                last: Some(Instant::from_millis(1_771_581_600_000)),
            },
            Reason { rule: 0, part: ReasonPart::Whole, points: points(30), awards: 0, last: None },
        ],
    }
}

pub(crate) fn disqualified() -> Score {
    Score {
        score: Micropoints(-500_000),
        standing: Standing::Disqualified,
        grade: None,
        disqualified: vec![0, 1],
        until: None,
        reasons: Vec::new(),
        ..score()
    }
}

pub(crate) fn account_score() -> AccountScore {
    AccountScore {
        score: points(70),
        tier: Some(0),
        members: 3,
        reasons: vec![Reason {
            rule: 0,
            part: ReasonPart::Whole,
            points: points(40),
            awards: 1,
            last: Some(AS_OF),
        }],
    }
}

fn rules(ids: &[(&str, usize)]) -> RuleSet {
    let kind = || RuleKind::Inactivity {
        after: Duration::DAY,
        event: None,
        every: None,
        effect: kelvin_kernel::plan::Effect::Disqualify,
    };
    let rule = |&(id, dimension): &(&str, usize)| Rule { id: id.into(), dimension, kind: kind(), cap: None };
    RuleSet { rules: ids.iter().map(rule).collect(), ..RuleSet::default() }
}

fn tier(name: &str, from: i64) -> Tier {
    Tier { name: name.into(), from: points(from), needs: Vec::new() }
}

fn points(whole: i64) -> Micropoints {
    Micropoints(whole * 1_000_000)
}
