//! Nanoseconds a condition: the fast test beside the evaluator. `cargo bench -p kelvin-kernel --bench conditions`.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a bench reads a clock and prints")]

use std::{hint::black_box, time::Instant};

use kelvin_kernel::{
    Value,
    expr::{Condition, Env, Function, Item, Node, Root},
};

const ROUNDS: u32 = 10_000;

fn main() {
    let event = |slot| Node::Field(Root::Event, slot);
    let lead = |slot| Node::Field(Root::Lead, slot);
    let call = |function, a, b| Node::Call(function, vec![a, b]);
    let text = |text: &str| Node::Const(Value::from(text));
    let number = |number| Node::Const(Value::Int(number));
    let list = |texts: &[&str]| {
        Node::List(
            texts
                .iter()
                .map(|text| Item { value: Node::Const(Value::from(*text)), optional: false })
                .collect(),
        )
    };
    let starts = |part| call(Function::StartsWith, event(0), text(part));
    let cases = [
        ("event.path.startsWith(\"/pricing\")", starts("/pricing")),
        ("event.path.startsWith(\"/docs\")", starts("/docs")),
        ("event.path.contains(\"blog\")", call(Function::Contains, event(0), text("blog"))),
        ("event.duration > 120", call(Function::Greater, event(1), number(120))),
        (
            "lead.country in [6 texts]",
            call(Function::In, lead(0), list(&["US", "CA", "GB", "DE", "FR", "SG"])),
        ),
        ("lead.title == \"Student\"", call(Function::Equal, lead(1), text("Student"))),
        (
            "event.asset == \"roi-guide\" && lead.employees >= 50",
            Node::And(
                Box::new(call(Function::Equal, event(2), text("roi-guide"))),
                Box::new(call(Function::GreaterEqual, lead(2), number(50))),
            ),
        ),
        ("has(event.missing)", Node::Present(Root::Event, 3)),
        ("event.missing == \"x\"", call(Function::Equal, event(3), text("x"))),
        (
            "event.path.matches(\"^/(docs|integrations)/\")",
            call(Function::Matches, event(0), text("^/(docs|integrations)/")),
        ),
        (
            "size(lead.title) > 3",
            call(Function::Greater, Node::Call(Function::Size, vec![lead(1)]), number(3)),
        ),
        (
            "lower(lead.title).contains(\"vp\")",
            call(Function::Contains, Node::Call(Function::Lower, vec![lead(1)]), text("vp")),
        ),
    ];
    let events: Vec<[Option<Value>; 4]> =
        ["/pricing/enterprise", "/docs/api", "/blog/why-kelvin", "/integrations/crm"]
            .into_iter()
            .zip(0..)
            .map(|(path, at)| {
                let asset = if at % 2 == 0 { "roi-guide" } else { "whitepaper" };
                [Some(path.into()), Some(Value::Int(at * 60)), Some(asset.into()), None]
            })
            .collect();
    let lead = [Some("DE".into()), Some("VP Marketing".into()), Some(Value::Int(250))];
    println!("{:>7.1} ns  for the loop alone", nanos(&events, &lead, |env| env.now.is_some()));
    for (name, node) in cases {
        let condition = Condition::new(node);
        let fast = nanos(&events, &lead, |env| condition.holds(env));
        let slow = nanos(&events, &lead, |env| matches!(condition.expr().value(env), Ok(Value::Bool(true))));
        println!("{fast:>7.1} ns  {slow:>7.1} ns by the evaluator   {name}");
    }
}

/// Nanoseconds a call, the best of many short runs: the least disturbed one.
fn nanos(events: &[[Option<Value>; 4]], lead: &[Option<Value>], test: impl Fn(&Env<'_>) -> bool) -> f64 {
    let run = || {
        let start = Instant::now();
        let mut met = 0;
        for round in 0..ROUNDS {
            let event = &events[round as usize % events.len()];
            let env = Env { event, lead, ..Env::default() };
            met += u32::from(test(black_box(&env)));
        }
        black_box(met);
        start.elapsed().as_nanos() as f64 / f64::from(ROUNDS)
    };
    (0..300).map(|_| run()).fold(f64::INFINITY, f64::min)
}
