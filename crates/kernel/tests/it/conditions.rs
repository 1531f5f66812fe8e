//! Conditions as properties: the fast test, the folded tree and the evaluator agree, and hours are not missed.

use kelvin_kernel::{
    Instant, Value,
    expr::{Condition, Env, Expr, Function, Item, Macro, MacroKind, Node, NowChanges, Root},
    value::{Span, Timestamp},
};
use proptest::{collection::vec, option, prelude::*, sample::select};

const HOUR: i64 = 3_600_000;
/// 2026-01-01T00:00:00Z
const START: i64 = 1_767_225_600_000;

/// A value as fields hold it.
fn value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        4 => select(vec!["", "a", "ab", "abc", "b", "VP Sales", "Zürich", "2026-01-05T10:00:00Z", "2025-12-20"])
            .prop_map(Value::from),
        3 => select(vec![0, 1, 1, 2, 3, -1, 50, i64::MAX, i64::MIN]).prop_map(Value::Int),
        2 => select(vec![0.0, -0.0, 1.0, 1.5, 50.0, f64::NAN, f64::INFINITY, 9.3e18]).prop_map(Value::Double),
        1 => select(vec![0, 1, 50, u64::MAX]).prop_map(Value::Uint),
        2 => any::<bool>().prop_map(Value::Bool),
        1 => Just(Value::Null),
        1 => (0i64..60 * 24).prop_map(|hours| Value::from(Instant::from_millis(START + hours * HOUR / 2))),
        1 => (-100i64..1000).prop_map(|hours| Span::new(hours * 3_600, 0).map_or(Value::Null, Value::from)),
    ];
    let scalar = scalar.boxed();
    let nested = scalar.clone().prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::list),
            vec((select(vec!["a", "ab", "k"]), inner), 0..3).prop_map(Value::map),
        ]
    });
    prop_oneof![5 => scalar, 1 => nested]
}

fn slots() -> impl Strategy<Value = Vec<Option<Value>>> {
    vec(option::weighted(0.8, value()), 3)
}

fn boxed(node: Node) -> Box<Node> {
    Box::new(node)
}

/// An expression over `lead` and `event`; what is in `locals` macros may use their variable.
fn node(depth: u32) -> BoxedStrategy<Node> {
    let root = || select(vec![Root::Lead, Root::Event]);
    let field = || (root(), 0usize..4).prop_map(|(root, slot)| Node::Field(root, slot));
    let leaf = prop_oneof![
        4 => field(),
        4 => value().prop_map(Node::Const),
        1 => (root(), 0usize..4).prop_map(|(root, slot)| Node::Present(root, slot)),
        1 => Just(Node::Local(0)),
        1 => Just(Node::Now),
        1 => Just(Node::Error),
    ];
    if depth == 0 {
        return leaf.boxed();
    }
    let inner = move || node(depth - 1);
    let key = || select(vec!["a", "ab", "k"]);
    let pair = vec![
        Function::Equal,
        Function::NotEqual,
        Function::Less,
        Function::LessEqual,
        Function::Greater,
        Function::GreaterEqual,
        Function::In,
        Function::StartsWith,
        Function::EndsWith,
        Function::Contains,
        Function::Matches,
        Function::Add,
        Function::Subtract,
        Function::Multiply,
        Function::Divide,
        Function::Modulo,
        Function::Split,
        Function::IndexOf,
    ];
    let single = vec![
        Function::Not,
        Function::Negate,
        Function::Size,
        Function::ToString,
        Function::ToInt,
        Function::ToDouble,
        Function::TypeOf,
        Function::Lower,
        Function::DaysSince,
        Function::ToTimestamp,
        Function::GetHours,
        Function::OptionalOf,
    ];
    let kinds = vec![
        MacroKind::All,
        MacroKind::Exists,
        MacroKind::ExistsOne,
        MacroKind::Map,
        MacroKind::Filter,
        MacroKind::OptMap,
    ];
    prop_oneof![
        2 => leaf,
        2 => (inner(), inner()).prop_map(|(a, b)| Node::And(boxed(a), boxed(b))),
        2 => (inner(), inner()).prop_map(|(a, b)| Node::Or(boxed(a), boxed(b))),
        1 => (inner(), inner(), inner()).prop_map(|(a, b, c)| Node::If(boxed(a), boxed(b), boxed(c))),
        6 => (select(pair), inner(), inner()).prop_map(|(function, a, b)| Node::Call(function, vec![a, b])),
        3 => (select(single), inner()).prop_map(|(function, a)| Node::Call(function, vec![a])),
        1 => (inner(), key(), any::<bool>())
            .prop_map(|(of, key, optional)| Node::Select { of: boxed(of), key: key.into(), optional }),
        1 => (inner(), key()).prop_map(|(of, key)| Node::Has { of: boxed(of), key: key.into() }),
        1 => (inner(), inner()).prop_map(|(of, key)| Node::Index { of: boxed(of), key: boxed(key), optional: false }),
        1 => vec(inner(), 0..4).prop_map(|items| {
            Node::List(items.into_iter().map(|value| Item { value, optional: false }).collect())
        }),
        2 => (select(kinds), inner(), inner())
            .prop_map(|(kind, range, body)| Node::Macro(Box::new(Macro::new(kind, range, body, None)))),
    ]
    .boxed()
}

/// What rules ask: comparisons of fields with constants, and now and then anything.
fn asked(depth: u32) -> BoxedStrategy<Node> {
    let field = || {
        (select(vec![Root::Lead, Root::Event]), 0usize..3).prop_map(|(root, slot)| Node::Field(root, slot))
    };
    let source = || {
        let below = (field(), select(vec!["a", "ab", "k"]));
        let below =
            below.prop_map(|(of, key)| Node::Select { of: boxed(of), key: key.into(), optional: false });
        prop_oneof![4 => field(), 1 => below]
    };
    let constant = || value().prop_map(Node::Const);
    let order = vec![
        Function::Equal,
        Function::NotEqual,
        Function::Less,
        Function::LessEqual,
        Function::Greater,
        Function::GreaterEqual,
    ];
    let of_text = vec![Function::StartsWith, Function::EndsWith, Function::Contains, Function::Matches];
    let compared = (select(order), source(), constant(), any::<bool>())
        .prop_map(|(function, a, b, swap)| Node::Call(function, if swap { vec![b, a] } else { vec![a, b] }));
    let list = vec(value(), 0..12).prop_map(|items| Node::Const(Value::list(items)));
    let atom = prop_oneof![
        6 => compared,
        2 => (select(of_text), source(), constant()).prop_map(|(function, a, b)| Node::Call(function, vec![a, b])),
        2 => (source(), list).prop_map(|(a, list)| Node::Call(Function::In, vec![a, list])),
        1 => source(),
        1 => (source(), select(vec!["a", "k"])).prop_map(|(of, key)| Node::Has { of: boxed(of), key: key.into() }),
        1 => node(2),
    ];
    if depth == 0 {
        return atom.boxed();
    }
    prop_oneof![3 => atom, 4 => joined(move || asked(depth - 1))].boxed()
}

/// Conditions joined by what joins conditions.
fn joined<S: Strategy<Value = Node>>(inner: impl Fn() -> S) -> impl Strategy<Value = Node> {
    prop_oneof![
        (inner(), inner()).prop_map(|(a, b)| Node::And(boxed(a), boxed(b))),
        (inner(), inner()).prop_map(|(a, b)| Node::Or(boxed(a), boxed(b))),
        inner().prop_map(|a| Node::Call(Function::Not, vec![a])),
        (inner(), inner(), inner()).prop_map(|(a, b, c)| Node::If(boxed(a), boxed(b), boxed(c))),
    ]
}

/// The same expression with its constants as fields of the account, so that nothing in it can be computed before.
fn lifted(node: &Node, constants: &mut Vec<Option<Value>>) -> Node {
    let mut all =
        |nodes: &[&Node]| -> Vec<Node> { nodes.iter().map(|node| lifted(node, constants)).collect() };
    match node {
        Node::Const(value) => {
            constants.push(Some(value.clone()));
            Node::Field(Root::Account, constants.len() - 1)
        }
        Node::Select { of, key, optional } => {
            Node::Select { of: boxed(lifted(of, constants)), key: key.clone(), optional: *optional }
        }
        Node::Has { of, key } => Node::Has { of: boxed(lifted(of, constants)), key: key.clone() },
        Node::Index { of, key, optional } => Node::Index {
            of: boxed(lifted(of, constants)),
            key: boxed(lifted(key, constants)),
            optional: *optional,
        },
        Node::List(items) => {
            let nodes: Vec<&Node> = items.iter().map(|item| &item.value).collect();
            Node::List(all(&nodes).into_iter().map(|value| Item { value, optional: false }).collect())
        }
        Node::And(a, b) => Node::And(boxed(lifted(a, constants)), boxed(lifted(b, constants))),
        Node::Or(a, b) => Node::Or(boxed(lifted(a, constants)), boxed(lifted(b, constants))),
        Node::If(a, b, c) => {
            Node::If(boxed(lifted(a, constants)), boxed(lifted(b, constants)), boxed(lifted(c, constants)))
        }
        Node::Call(function, args) => Node::Call(*function, all(&args.iter().collect::<Vec<_>>())),
        Node::Macro(call) => {
            let (range, body) = (lifted(&call.range, constants), lifted(&call.body, constants));
            Node::Macro(Box::new(Macro::new(call.kind, range, body, None)))
        }
        other => other.clone(),
    }
}

/// The bytes of an outcome, in which `NaN` is `NaN`, and `1` is not `1.0`.
fn bytes<E>(outcome: &Result<Value, E>) -> Option<Vec<u8>> {
    let value = outcome.as_ref().ok()?;
    let mut bytes = Vec::new();
    match value {
        Value::Double(number) if number.is_nan() => bytes.extend(b"NaN"),
        value => value.encode(&mut bytes),
    }
    Some(bytes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_fast_test_the_folded_tree_and_the_evaluator_agree(
        node in prop_oneof![asked(3), node(4)],
        lead in slots(),
        event in slots(),
        hour in option::of(0i64..2_000),
    ) {
        let mut constants = Vec::new();
        let plain = Expr::new(lifted(&node, &mut constants));
        let now = hour.map(|hour| Instant::from_millis(START + hour * HOUR));
        let env = Env { lead: &lead, event: &event, account: &constants, now, ..Env::default() };
        let expect = plain.value(&env);
        prop_assert_eq!(bytes(&Expr::new(node.clone()).value(&env)), bytes(&expect));
        let condition = Condition::new(node);
        prop_assert_eq!(condition.holds(&env), expect == Ok(Value::Bool(true)));
        if let Some(known) = condition.constant() {
            prop_assert_eq!(condition.holds(&env), known);
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_condition_depends_on_no_field_but_those_it_names(node in node(3), lead in slots(), event in slots()) {
        let condition = Condition::new(node);
        let only = |root, slots: &[Option<Value>]| -> Vec<Option<Value>> {
            let named = |slot| condition.fields().contains(&(root, slot));
            slots.iter().enumerate().map(|(slot, value)| value.clone().filter(|_| named(slot))).collect()
        };
        let all = Env { lead: &lead, event: &event, ..Env::default() };
        let (lead, event) = (only(Root::Lead, &lead), only(Root::Event, &event));
        let some = Env { lead: &lead, event: &event, ..Env::default() };
        prop_assert_eq!(condition.holds(&all), condition.holds(&some));
    }

    #[test]
    fn no_hour_at_which_a_value_changes_is_missed(node in timed(3), lead in slots(), skip in 0i64..500) {
        let expr = Expr::new(node);
        let at = |hour: i64| Instant::from_millis(START + (skip + hour) * HOUR);
        let env = Env { lead: &lead, ..Env::default() };
        let NowChanges::At(hours) = expr.changes_with_now(&env, at(0), at(300)) else { return Ok(()) };
        let mut before = expr.value(&Env { now: Some(at(0)), ..env });
        for hour in 1..=300 {
            let value = expr.value(&Env { now: Some(at(hour)), ..env });
            prop_assert!(bytes(&value) == bytes(&before) || hours.contains(&at(hour)), "{} {:?}", hour, hours);
            before = value;
        }
    }
}

/// An expression that looks at the hour.
fn timed(depth: u32) -> BoxedStrategy<Node> {
    let field = || (0usize..3).prop_map(|slot| Node::Field(Root::Lead, slot));
    let since = || field().prop_map(|of| Node::Call(Function::DaysSince, vec![of]));
    let days = || {
        let duration =
            (0i64..40).prop_map(|days| Span::new(days * 86_400, 0).map_or(Value::Null, Value::from));
        duration.prop_map(Node::Const)
    };
    let time = || {
        let at = (0i64..1_000).prop_map(|hours| Timestamp::from_millis(START + hours * HOUR));
        at.prop_map(|at| Node::Const(at.map_or(Value::Null, Value::from)))
    };
    let shift = |function| move |(a, b)| Node::Call(function, vec![a, b]);
    let grown = prop_oneof![
        since(),
        Just(Node::Now),
        (Just(Node::Now), days()).prop_map(shift(Function::Subtract)),
        (Just(Node::Now), time()).prop_map(shift(Function::Subtract)),
        (time(), Just(Node::Now)).prop_map(shift(Function::Subtract)),
        (Just(Node::Now), field()).prop_map(shift(Function::Add)),
        (Just(Node::Now), time())
            .prop_map(shift(Function::Subtract))
            .prop_map(|span| Node::Call(Function::GetHours, vec![span])),
        since().prop_map(|days| Node::Call(Function::Negate, vec![days])),
        (since(), value().prop_map(Node::Const)).prop_map(shift(Function::Add)),
    ];
    let fixed = prop_oneof![
        field(),
        time(),
        days(),
        (-20i64..40).prop_map(|number| Node::Const(Value::Int(number))),
        (0i64..900).prop_map(|number| Node::Const(Value::Int(number))),
        value().prop_map(Node::Const),
        since(),
    ];
    let order = vec![
        Function::Equal,
        Function::NotEqual,
        Function::Less,
        Function::LessEqual,
        Function::Greater,
        Function::GreaterEqual,
    ];
    let compared = (select(order), grown, fixed, any::<bool>())
        .prop_map(|(function, a, b, swap)| Node::Call(function, if swap { vec![b, a] } else { vec![a, b] }));
    if depth == 0 {
        return prop_oneof![4 => compared, 1 => since()].boxed();
    }
    prop_oneof![2 => compared, 4 => joined(move || timed(depth - 1))].boxed()
}
