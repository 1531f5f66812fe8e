//! A golden file for each version of the state: bytes once written are read for ever.

use kelvin_kernel::{
    Instant, Value,
    history::{Event, EventId},
    plan::{EventNames, NameId, Plan, Range, RuleSet, Schema},
    program::Program,
    state::{STATE_VERSION, State},
};

/// A plan that sees all kinds of input, and has no rule that would need an expression.
fn plan() -> Plan {
    let mut names = EventNames::default();
    let page = names.intern("page").expect("there is room");
    let mut schema = Schema::default();
    for fields in [&mut schema.lead, &mut schema.event, &mut schema.context] {
        fields.intern("first");
        fields.intern("second");
    }
    schema.account.intern("size");
    let matchers = vec![kelvin_kernel::plan::Matcher { names: vec![page], condition: None }];
    Plan {
        model: "golden".into(),
        range: Range::UNBOUNDED,
        applies: None,
        schema,
        names,
        dimensions: Vec::new(),
        rules: RuleSet { matchers, ..RuleSet::default() },
        grades: None,
        tiers: Vec::new(),
        accounts: None,
    }
}

fn state(program: &Program) -> State {
    let mut state = State::new(
        vec![Some(Value::from("2025-05-25T00:00:00Z")), None, Some(Value::Int(-7)), Some(Value::Double(2.5))],
        vec![None, Some(Value::Bool(true))],
    );
    let event = |time, id, name, first| Event {
        time: Instant::from_millis(time),
        id,
        name,
        properties: vec![Some(first), None].into(),
        context: vec![None, Some(Value::from("spring"))].into(),
        traits: vec![(2, Some(Value::from("é"))), (3, None)].into(),
    };
    state
        .apply(program, event(1_767_225_600_000, EventId::Position(300), NameId(1), Value::from("/pricing")));
    state.apply(program, event(-5, EventId::Text("m-1".into()), NameId::IDENTIFY, Value::Null));
    let unseen =
        Event { traits: Box::default(), ..event(9, EventId::Text("m-2".into()), NameId::OTHER, Value::Null) };
    state.apply(program, unseen);
    state
}

#[test]
fn every_version_of_the_state_can_still_be_read() {
    let program = Program::new(plan());
    let golden = [(1, include_str!("golden/state-v1.hex"))];
    assert_eq!(
        golden.last().map(|(version, _)| *version),
        Some(STATE_VERSION),
        "a version without a golden file"
    );
    let written = state(&program).encode(&program);
    for (version, hex) in golden {
        let bytes: Vec<u8> =
            hex.split_whitespace().map(|byte| u8::from_str_radix(byte, 16).expect("hex")).collect();
        let read = State::decode(&program, &bytes).expect("a golden file");
        assert_eq!(hex_of(&read.encode(&program)), hex_of(&written), "version {version}");
    }
}

fn hex_of(bytes: &[u8]) -> String {
    let lines: Vec<String> = bytes
        .chunks(24)
        .map(|line| line.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" "))
        .collect();
    lines.join("\n") + "\n"
}

#[test]
fn bytes_of_another_plan_or_version_are_told_apart_from_damage() {
    let program = Program::new(plan());
    let bytes = state(&program).encode(&program);
    let decode = |bytes: &[u8], program: &Program| {
        State::decode(program, bytes).map(|_| ()).map_err(|error| error.to_string())
    };
    let mut other = plan();
    other.schema.event.intern("third");
    assert_eq!(
        decode(&bytes, &Program::new(other)),
        Err("the state belongs to a model that sees other events or fields".into())
    );
    let later = [&[9], &bytes[1..]].concat();
    assert_eq!(decode(&later, &program), Err("the state has version 9, later than 1".into()));
    assert_eq!(decode(&bytes[..20], &program), Err("the state is damaged".into()));
    assert_eq!(decode(&[&bytes[..], &[0]].concat(), &program), Err("the state is damaged".into()));
}
