//! Random leads and events for the expressions of `super::grammar`.

use std::collections::BTreeMap;

use kelvin_kernel::{
    Value,
    value::{Span, Timestamp},
};
use proptest::{collection::vec, option, prelude::*, sample::select};

/// The attributes of a lead or the properties of an event.
pub(super) type Fields = BTreeMap<String, Value>;

/// What an expression looks at.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub(super) lead: Fields,
    pub(super) event: Fields,
}

/// Everything that the grammar asks for, each sometimes absent and sometimes of an unusual type.
pub(super) fn facts() -> impl Strategy<Value = Facts> {
    let lead = fields([
        ("flag", truth()),
        ("count", number()),
        ("ratio", number()),
        ("two words", number()),
        ("name", text()),
        ("tags", vec(text(), 0..4).prop_map(Value::from).boxed()),
        ("sizes", vec(number(), 0..4).prop_map(Value::from).boxed()),
        ("budget", map([("monthly", number()), ("plan", text())])),
        ("since", time()),
        ("anything", anything()),
    ]);
    let event = fields([
        ("flag", truth()),
        ("n", number()),
        ("path", text()),
        ("items", vec(anything(), 0..4).prop_map(Value::from).boxed()),
        ("page", map([("a", anything()), ("plan", text())])),
    ]);
    // Always a map where it is there.
    let profile = option::of(map([("a", anything()), ("plan", text())]));
    (lead, event, profile).prop_map(|(lead, mut event, profile)| {
        event.extend(profile.map(|profile| ("profile".to_owned(), profile)));
        Facts { lead, event }
    })
}

fn fields<const N: usize>(usual: [(&'static str, BoxedStrategy<Value>); N]) -> impl Strategy<Value = Fields> {
    let names = usual.each_ref().map(|(name, _)| *name);
    let values = usual.map(|(_, usual)| option::weighted(0.9, prop_oneof![9 => usual, 1 => anything()]));
    Vec::from(values).prop_map(move |values| {
        let present = names.iter().zip(values).filter_map(|(name, value)| Some(((*name).to_owned(), value?)));
        present.collect()
    })
}

fn truth() -> BoxedStrategy<Value> {
    any::<bool>().prop_map(Value::Bool).boxed()
}

fn number() -> BoxedStrategy<Value> {
    let ints = select(vec![0, 1, 2, 3, -1, 31, 9_223_372_036_854_774_784, i64::MIN, 9_007_199_254_740_992]);
    let doubles =
        select(vec![0.0, -0.0, 1.0, 1.5, -2.5, 1e19, f64::NAN, f64::INFINITY, 9_007_199_254_740_992.0]);
    prop_oneof![3 => ints.prop_map(Value::Int), 2 => doubles.prop_map(Value::Double)].boxed()
}

fn text() -> BoxedStrategy<Value> {
    let short = vec!["", "a", "A", "ab", "ba", "1", "1.5", "true", "ü€😀", " a b ", "plan", "1h"];
    let texts = prop_oneof![6 => select(short), 1 => Just("2026-03-01T10:00:00Z")];
    texts.prop_map(Value::from).boxed()
}

fn time() -> BoxedStrategy<Value> {
    let timestamps = select(vec![0, 1_772_000_000, -62_135_596_800, 253_402_300_799]);
    let spans = select(vec![0, 1, -90_061, 9_223_372_036]);
    prop_oneof![
        timestamps.prop_map(|seconds| Timestamp::new(seconds, 0).map_or(Value::Null, Value::from)),
        spans.prop_map(|seconds| Span::new(seconds, 0).map_or(Value::Null, Value::from)),
    ]
    .boxed()
}

/// A map of entries each of which may be absent.
fn map(entries: [(&'static str, BoxedStrategy<Value>); 2]) -> BoxedStrategy<Value> {
    let [(first, a), (second, b)] = entries;
    let entry = |key: &'static str, value: Option<Value>| value.map(|value| (key, value));
    (option::of(a), option::of(b))
        .prop_map(move |(a, b)| Value::map(entry(first, a).into_iter().chain(entry(second, b))))
        .boxed()
}

fn anything() -> BoxedStrategy<Value> {
    let simple = prop_oneof![number(), text(), truth(), Just(Value::Null)].boxed();
    let list = vec(simple.clone(), 0..3).prop_map(Value::from);
    prop_oneof![4 => simple.clone(), 1 => list, 1 => map([("a", simple.clone()), ("b", simple)])].boxed()
}
