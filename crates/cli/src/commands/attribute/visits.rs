//! Journeys from events: those that tell where a visit came from, and those that are conversions.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    ops::ControlFlow,
    path::PathBuf,
};

use kelvin_batch::read::{EventChunk, Events, Reject, Rejects, Wanted};
use kelvin_kernel::{
    expr::{Condition, Env, Expr},
    history::EventId,
    plan::{NameId, Schema, Usage},
};
use kelvin_learn::attribution::{Moment, What, each_journey};
use kelvin_model::cel::{Problem, Roots, Scope, compile_condition, compile_expr};

use super::{Arguments, By, Counted, conversions::Conversions, names::Names};
use crate::{
    failure::{Failure, Outcome},
    inputs::input,
    origins,
    rejects::Teller,
    render::text::harmless,
    terminal::{Terminal, tell},
};

/// What is looked for in events, ready to run.
struct Look {
    wanted: Wanted,
    won: Vec<NameId>,
    condition: Option<Condition>,
    value: Option<Expr>,
    channel: Option<Expr>,
    by: By,
}

/// What was read so far. Events that are neither are not kept.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) moments: Vec<Moment>,
    leads: HashMap<Box<str>, u32>,
    /// Hashes of the ids of what is kept: an event that comes again does not count again.
    ids: HashSet<u64>,
    /// The names of conversions that some event has.
    won: HashSet<NameId>,
}

/// Reads all events.
pub(super) fn read(arguments: &Arguments, terminal: &Terminal) -> Outcome<Counted> {
    let mut counted = arguments.counted()?;
    let look = Look::new(arguments)?;
    let teller = Teller::new(None, false)?;
    let rejects = Rejects::new(|reject: &Reject| teller.tell(reject, |line| tell(line)));
    let histories = arguments.conversions.of_histories(arguments, &rejects, terminal)?;
    let inputs = arguments.events.iter().map(|path: &PathBuf| input(path)).collect();
    let events = Events::open(inputs, &look.wanted, &arguments.layout.options()?)?;
    let mut seen = Seen::default();
    // Where events were read before, what is wrong with them is told already.
    let unheard = Rejects::new(|_| ControlFlow::Continue(()));
    let is_told = histories.as_ref().is_some_and(|histories| histories.are_of_events);
    let rejects_now = if is_told { &unheard } else { &rejects };
    let mut worker = events.worker();
    while let Some(chunk) = worker.next(rejects_now)? {
        look.take(&chunk, &mut seen, &mut counted.names)?;
    }
    drop(rejects);
    counted.rejected = teller.finish()?;
    for (name, _) in arguments.conversions.won.iter().zip(&look.won).filter(|(_, id)| !seen.won.contains(id))
    {
        tell(format_args!(
            "note: no event is called `{}`: every letter counts, and capitals do",
            harmless(name)
        ));
    }
    if let Some(histories) = histories {
        counted.rejected += histories.rejected;
        histories.put(&mut seen);
    }
    let lookback_ms = Some(arguments.lookback.as_millis());
    each_journey(seen.moments, lookback_ms, |journey| {
        counted.attribution.add(journey);
        if arguments.suggest {
            counted.lifts.add(journey);
        }
    });
    Ok(counted)
}

impl Look {
    fn new(arguments: &Arguments) -> Outcome<Self> {
        let Conversions { won, condition, value, .. } = &arguments.conversions;
        let mut wanted = Wanted::default();
        let too_many = || Failure::new("there are too many names of events");
        let names = won.iter().map(|name| wanted.names.intern(name).ok_or_else(too_many));
        let won = names.collect::<Outcome<Vec<_>>>()?;
        origins::want(&mut wanted.schema);
        let schema = &mut wanted.schema;
        let condition = compiled("--won-if", condition.as_deref(), schema, compile_condition)?;
        let number = |text: &str, scope: &mut Scope<'_>| compile_expr(text, scope, Usage::Number);
        let of_events = value.as_deref().filter(|_| !won.is_empty());
        let value = compiled("--value", of_events, schema, number)?;
        let text = |text: &str, scope: &mut Scope<'_>| compile_expr(text, scope, Usage::Text);
        let channel = compiled("--channel", arguments.channel.as_deref(), schema, text)?;
        Ok(Self { wanted, won, condition, value, channel, by: arguments.by })
    }

    fn take(&self, chunk: &EventChunk, seen: &mut Seen, names: &mut Names) -> Outcome<()> {
        let (mut event, mut context) = (Vec::new(), Vec::new());
        for row in 0..chunk.len() {
            let name = chunk.names[row];
            if self.won.contains(&name) {
                seen.won.insert(name);
            }
            event.clear();
            event.extend(chunk.properties.iter().map(|column| column.value(row)));
            context.clear();
            context.extend(chunk.context.iter().map(|column| column.value(row)));
            let env = Env { event: &event, context: &context, ..Env::default() };
            let touch = self.touchpoint(&env).filter(|name| !name.is_empty());
            let conversion = self.conversion(name, &env);
            if touch.is_none() && conversion.is_none() || seen.is_repeated(chunk, row) {
                continue;
            }
            let (lead, time_ms) = (seen.lead(chunk.lead_ids.text(row)), chunk.times[row]);
            let touch = touch.map(|name| names.channel(&name)).transpose()?.map(What::Touch);
            for what in touch.into_iter().chain(conversion) {
                seen.moments.push(Moment { lead, time_ms, what });
            }
        }
        Ok(())
    }

    fn conversion(&self, name: NameId, env: &Env<'_>) -> Option<What> {
        let is_won = self.won.contains(&name);
        let holds = || self.condition.as_ref().is_none_or(|condition| condition.holds(env));
        if !is_won || !holds() {
            return None;
        }
        let value = self.value.as_ref().and_then(|value| value.value(env).ok()?.number());
        Some(What::Conversion(value.filter(|value| value.is_finite()).unwrap_or(0.0)))
    }

    /// What gets the credit, where an event tells of it.
    fn touchpoint(&self, env: &Env<'_>) -> Option<String> {
        if let Some(channel) = &self.channel {
            return channel.value(env).ok()?.as_name();
        }
        let origin = origins::origin(&self.wanted.schema, env.event, env.context)?;
        let or_none = |text: &str| if text.is_empty() { "(none)".to_owned() } else { text.to_owned() };
        Some(match self.by {
            By::Channel => origin.channel().to_owned(),
            By::Source => format!("{} / {}", or_none(&origin.source), or_none(&origin.medium)),
            By::Campaign => or_none(&origin.campaign),
            By::Content => or_none(&origin.content),
        })
    }
}

impl Seen {
    /// The number of a lead.
    pub(super) fn lead(&mut self, id: &str) -> u32 {
        if let Some(number) = self.leads.get(id) {
            return *number;
        }
        let number = u32::try_from(self.leads.len()).unwrap_or(u32::MAX);
        self.leads.insert(id.into(), number);
        number
    }

    /// Whether the event came before; two events are one where they have the same id.
    fn is_repeated(&mut self, chunk: &EventChunk, row: usize) -> bool {
        let EventId::Text(id) = chunk.id(row) else { return false };
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        !self.ids.insert(hasher.finish())
    }
}

/// An expression of an option, compiled.
fn compiled<T>(
    option: &str,
    text: Option<&str>,
    schema: &mut Schema,
    compile: impl Fn(&str, &mut Scope<'_>) -> Result<T, Vec<Problem>>,
) -> Outcome<Option<T>> {
    let Some(text) = text else { return Ok(None) };
    let (lists, roots) = (BTreeMap::new(), Roots { lead: false, account: false, ..Roots::EVENT });
    let mut scope = Scope::new(roots, &lists, schema);
    compile(text, &mut scope).map(Some).map_err(|problems| {
        let first = problems.into_iter().next();
        let (why, help) = first.map(|problem| (problem.message, problem.help)).unwrap_or_default();
        let failure = Failure::new(format!("cannot use {option} `{text}`: {why}"));
        help.into_iter().fold(failure, Failure::help)
    })
}
