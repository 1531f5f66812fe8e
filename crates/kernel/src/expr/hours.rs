//! When an expression changes as the hour goes on: found by bisection, not by trying every hour.
//!
//! Most expressions look at the hour only through something that grows with it (`daysSince(x)`, `now - d`), compared
//! with something that does not. Such a comparison runs through its outcomes once and never comes back to one, so
//! where both ends of a stretch of hours have the same outcome, all of the stretch has.

use super::{Env, EvalError, Function, NowChanges, budget::Budget, eval::Run, node::Node};
use crate::{instant::Instant, value::Value};

const HOUR: i64 = 3_600_000;

/// The parts of an expression through which it looks at the hour.
#[derive(Debug, Clone)]
pub(super) enum Hours {
    /// These, each of which never comes back to an outcome that it has left.
    Parts(Box<[Node]>),
    /// Others too.
    Any,
}

impl Hours {
    pub(super) fn of(node: &Node) -> Self {
        let mut parts = Vec::new();
        match collect(node, &mut parts) {
            Some(()) => Self::Parts(parts.into()),
            None => Self::Any,
        }
    }

    pub(super) fn changes(&self, env: &Env<'_>, from: Instant, to: Instant) -> NowChanges {
        let Self::Parts(parts) = self else { return NowChanges::EveryHour };
        let (from, to) = (from.as_millis().div_euclid(HOUR), to.as_millis().div_euclid(HOUR));
        let mut hours = Vec::new();
        for part in parts {
            let value = |hour: i64| outcome(part, env, hour);
            if from < to {
                bisect((from, &value(from)), (to, &value(to)), &value, &mut hours);
            }
        }
        hours.sort_unstable();
        hours.dedup();
        NowChanges::At(
            hours.into_iter().map(|hour| Instant::from_millis(hour.saturating_mul(HOUR))).collect(),
        )
    }
}

type Outcome = Result<Value, EvalError>;

fn outcome(part: &Node, env: &Env<'_>, hour: i64) -> Outcome {
    let env = Env { now: Some(Instant::from_millis(hour.saturating_mul(HOUR))), ..*env };
    let budget = Budget::new();
    Run { env: &env, budget: &budget }.value(part).map(|value| value.into_owned())
}

/// Adds the hours after `low` up to `high` at which the outcome differs from the hour before.
fn bisect(low: (i64, &Outcome), high: (i64, &Outcome), value: &dyn Fn(i64) -> Outcome, hours: &mut Vec<i64>) {
    if low.1 == high.1 {
        return;
    }
    if high.0 - low.0 == 1 {
        hours.push(high.0);
        return;
    }
    let middle = low.0 + (high.0 - low.0) / 2;
    let at_middle = value(middle);
    bisect(low, (middle, &at_middle), value, hours);
    bisect((middle, &at_middle), high, value, hours);
}

/// Collects the parts that look at the hour; `None` if one of them may come back to an outcome.
fn collect(node: &Node, parts: &mut Vec<Node>) -> Option<()> {
    if !looks_at_now(node) {
        return Some(());
    }
    if let Node::Call(function, args) = node
        && let [a, b] = args.as_slice()
        && (!looks_at_now(a) && grows(b) || grows(a) && !looks_at_now(b))
    {
        match function {
            Function::Less | Function::LessEqual | Function::Greater | Function::GreaterEqual => {
                parts.push(node.clone());
                return Some(());
            }
            // Equal for a while: from when it is no longer less until it is greater.
            Function::Equal | Function::NotEqual => {
                parts.push(Node::Call(Function::Less, args.clone()));
                parts.push(Node::Call(Function::Greater, args.clone()));
                return Some(());
            }
            _ => {}
        }
    }
    match node {
        // Whole days change once a day, and never back.
        Node::Call(Function::DaysSince, args) if !args.iter().any(looks_at_now) => {
            parts.push(node.clone());
            Some(())
        }
        Node::Now | Node::Macro(_) => None,
        other => {
            let mut all = Some(());
            other.children(&mut |child| all = all.and_then(|()| collect(child, parts)));
            all
        }
    }
}

fn looks_at_now(node: &Node) -> bool {
    let mut found = false;
    node.walk(&mut |node| found |= matches!(node, Node::Now | Node::Call(Function::DaysSince, _)));
    found
}

/// Whether a node only ever grows, or only ever shrinks, with the hour, errors at either end aside.
fn grows(node: &Node) -> bool {
    let Node::Call(function, args) = node else { return matches!(node, Node::Now) };
    match (function, args.as_slice()) {
        (Function::DaysSince, [since]) => !looks_at_now(since),
        (Function::Add | Function::Subtract, [a, b]) => {
            grows(a) && !looks_at_now(b) || !looks_at_now(a) && grows(b)
        }
        (Function::Negate | Function::ToDouble, [number]) => grows(number),
        // The hours of a duration grow, those of a timestamp start again each day.
        (Function::GetHours | Function::GetMinutes | Function::GetSeconds, [span]) => {
            grows(span) && is_time_passed(span)
        }
        _ => false,
    }
}

/// Whether a node is surely a duration: the difference of now and a timestamp.
fn is_time_passed(node: &Node) -> bool {
    let Node::Call(Function::Subtract, args) = node else { return false };
    let is_timestamp = |node: &Node| {
        matches!(node, Node::Now | Node::Call(Function::ToTimestamp, _) | Node::Const(Value::Timestamp(_)))
    };
    args.iter().all(is_timestamp)
}
