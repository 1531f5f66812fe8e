//! Random trained models: small trees, lines and calibrations over all that a prediction can ask.

use std::sync::Arc;

use kelvin_kernel::{
    Duration, Value,
    expr::{Expr, Node as Field, Root},
    plan::{Capture, CaptureId, Matcher, MatcherId, NameId, Purpose, Rule, RuleKind, RuleSet},
    predict::{
        Ask, Calibration, Input, Linear, Node, Observation, Observed, Prediction, Predictor, Shape, Split,
        Term, Test, Tree,
    },
};
use proptest::{collection::vec, option, prelude::*, sample::select};

/// The slots of attributes that trained models ask for, after those that every plan has.
pub(crate) const ATTRIBUTES: [&str; 2] = ["employees", "trial_at"];
const EMPLOYEES: usize = 2;
const TRIAL_AT: usize = 3;

/// An input with the texts that it tells apart, and where its trees cut.
type Asked = (Ask, Option<Vec<String>>, [f64; 3]);

fn inputs() -> Vec<Asked> {
    const COUNTS: [f64; 3] = [0.5, 1.5, 4.5];
    const POINTS: [f64; 3] = [-0.5, 2.9, 12.0];
    const DAYS: [f64; 3] = [0.040_123, 2.0, f64::MAX];
    let field = |slot| Expr::new(Field::Field(Root::Lead, slot));
    let days = Duration::from_days;
    let key = |text: &str| Value::from(text).canonical_key();
    let texts = || Some(vec!["1".to_owned(), "a".to_owned()]);
    vec![
        (Ask::Attribute(field(EMPLOYEES)), None, [5.0, 50.0, f64::MAX]),
        (Ask::Age(field(TRIAL_AT)), None, DAYS),
        (Ask::Length(field(TRIAL_AT)), None, [5.0, 12.0, 21.0]),
        (Ask::Count { seen: 0, within: None }, None, COUNTS),
        (Ask::Count { seen: 0, within: Some(days(3)) }, None, COUNTS),
        (Ask::DaysSince { seen: 1 }, None, DAYS),
        (Ask::DaysSince { seen: 2 }, None, DAYS),
        (Ask::ActiveDays { seen: 2, within: None }, None, COUNTS),
        (Ask::ActiveDays { seen: 2, within: Some(days(2)) }, None, COUNTS),
        (Ask::Trend { seen: 2, within: days(2) }, None, [-0.5, 0.5, 1.5]),
        (Ask::Values { seen: 3 }, None, COUNTS),
        (Ask::Told { seen: 4, levels: vec![key("1"), key("a")] }, texts(), COUNTS),
        (Ask::Told { seen: 5, levels: vec![key("1"), key("a")] }, texts(), COUNTS),
        // Stand for two rules, where the plan has some.
        (Ask::Nothing, None, POINTS),
        (Ask::Nothing, None, POINTS),
    ]
}

/// What the inputs are made of: events of the first name and of the second, all but `identify`, and all.
fn observations(all: MatcherId, but_identify: MatcherId, capture: CaptureId) -> Vec<Observation> {
    let of = |event, what| Observation { event, what };
    vec![
        of(MatcherId(0), Observed::Times),
        of(MatcherId(1), Observed::Times),
        of(but_identify, Observed::Times),
        of(all, Observed::Values(capture)),
        of(all, Observed::First(capture)),
        of(all, Observed::Last(capture)),
    ]
}

/// A split of the `column`-th input at its `cut`-th cut, and which way the missing go.
type Question = (usize, usize, bool);

fn question() -> impl Strategy<Value = Question> {
    (0..inputs().len(), 0..3_usize, any::<bool>())
}

/// A tree of three questions and four leaves.
fn tree() -> impl Strategy<Value = Tree> {
    (vec(question(), 3), vec((-2.0..2.0, 1..50_u32), 4)).prop_map(|(questions, leaves)| {
        let all = inputs();
        let leaf = |place: usize| Node::Leaf { value: leaves[place].0, rows: leaves[place].1 };
        let split = |place: usize, left: usize, right: usize, rows: u32| {
            let (column, cut, missing_left) = questions[place];
            let test = match &all[column].1 {
                Some(_) => Test::OneOf(vec![(cut % 2) as u32]),
                None => Test::AtMost(all[column].2[cut]),
            };
            Node::Split(Split { column, test, missing_left, left, right, rows })
        };
        let rows = |from: usize, to: usize| leaves[from..to].iter().map(|leaf| leaf.1).sum();
        Tree {
            nodes: vec![
                split(0, 1, 2, rows(0, 4)),
                split(1, 3, 4, rows(0, 2)),
                split(2, 5, 6, rows(2, 4)),
                leaf(0),
                leaf(1),
                leaf(2),
                leaf(3),
            ],
        }
    })
}

fn linear() -> impl Strategy<Value = Linear> {
    vec((-1.0..1.0, any::<bool>(), -0.5..0.5), inputs().len()).prop_map(|weights| {
        let term = |((weight, log, missing), input): ((f64, bool, f64), Asked)| match input.1 {
            Some(levels) => Term::Levels { missing, parts: vec![weight; levels.len()] },
            None => {
                let shape = Shape { log, low: 0.0, high: 20.0, mean: 1.0, spread: 3.0 };
                Term::Number { missing, mean: 0.1, weight, shape }
            }
        };
        Linear { base: -0.4, terms: weights.into_iter().zip(inputs()).map(term).collect() }
    })
}

fn calibration() -> impl Strategy<Value = Calibration> {
    select(vec![
        Calibration::None,
        Calibration::Platt { slope: 1.3, intercept: -0.2 },
        Calibration::Platt { slope: -0.7, intercept: 0.1 },
        Calibration::Beta { rising: 0.8, falling: 1.4, intercept: 0.2 },
        Calibration::Isotonic { knots: vec![(0.1, 0.05), (0.4, 0.05), (0.4, 0.3), (0.9, 0.8)] },
    ])
}

fn prediction() -> impl Strategy<Value = Prediction> {
    let points = select(vec![(0.0, 100.0), (-20.0, 30.0), (0.0, 0.3)]);
    (vec(tree(), 0..4), option::weighted(0.3, linear()), calibration(), points).prop_map(
        |(trees, linear, calibration, points)| {
            let input =
                |(place, (_, levels, _)): (usize, Asked)| Input { feature: format!("input {place}"), levels };
            let (columns, asks) = (inputs(), inputs().into_iter().map(|(ask, _, _)| ask).collect());
            let inputs = columns.into_iter().enumerate().map(input).collect();
            let predictor = Predictor { inputs, base: 0.2, trees, linear, calibration };
            Prediction { predictor: Arc::new(predictor), asks, points }
        },
    )
}

/// A prediction, or none, with its dimension.
pub(crate) type Added = Option<(Prediction, usize)>;

pub(crate) fn added() -> impl Strategy<Value = Added> {
    option::weighted(0.6, (prediction(), 0..2_usize))
}

/// Rules with a prediction added, and with what it observes of events with so many names.
pub(crate) fn with_prediction(added: Added, mut set: RuleSet, names: u16) -> RuleSet {
    let Some((mut prediction, dimension)) = added else { return set };
    let of_rules = prediction.asks.iter_mut().filter(|ask| matches!(ask, Ask::Nothing));
    for (ask, (place, rule)) in of_rules.zip(set.rules.iter().enumerate().rev()) {
        // The prediction comes before them.
        *ask = Ask::Rule { place: place + 1, rule: Box::new(rule.clone()) };
    }
    let mut any_from = |first: u16| {
        let names = (first..=names).map(NameId).chain([NameId::OTHER]).collect();
        set.matchers.push(Matcher { names, condition: None });
        MatcherId((set.matchers.len() - 1) as u16)
    };
    let (all, but_identify) = (any_from(0), any_from(1));
    let expr = Expr::new(Field::Field(Root::Event, 0));
    set.captures.push(Capture { on: all, expr, purpose: Purpose::Distinct });
    set.observations = observations(all, but_identify, CaptureId((set.captures.len() - 1) as u16));
    let kind = RuleKind::Predict(Box::new(prediction));
    // Not the last, so that its place is not that of an observation.
    set.rules.insert(0, Rule { id: "foretold".into(), dimension, kind, cap: None });
    set
}
