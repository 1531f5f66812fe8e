//! A plan with the indexes that running it needs.

use crate::{
    plan::{CaptureId, Decay, Effect, EventRule, Hit, MatcherId, NameId, Plan, Rule, RuleKind, RuleSet},
    sighting::Sighting,
    state,
};

/// A plan, ready to be run any number of times.
#[derive(Debug, Clone)]
pub struct Program {
    plan: Plan,
    lead: RuleIndex,
    account: Option<RuleIndex>,
    fingerprint: u64,
}

/// Which rules an event touches, without asking all of them.
#[derive(Debug, Clone, Default)]
pub struct RuleIndex {
    matchers_by_name: Vec<Vec<MatcherId>>,
    /// The matchers of names that the plan does not know.
    matchers_of_others: Vec<MatcherId>,
    captures_by_matcher: Vec<Vec<CaptureId>>,
    /// Places of rules; after the last rule, of observations.
    rules_by_matcher: Vec<Vec<usize>>,
    /// Rules whose worth can change though nothing happens.
    can_move: Vec<usize>,
    disqualifiers: Vec<usize>,
    /// Rules of which events become hits by what does not follow.
    waiting: Vec<usize>,
    has_inactivity: bool,
    looks_at_lead: bool,
}

impl Program {
    /// Indexes a plan.
    pub fn new(plan: Plan) -> Self {
        let lead = RuleIndex::new(&plan.rules, plan.names.iter().count());
        let account =
            plan.accounts.as_ref().map(|accounts| RuleIndex::new(&accounts.rules, plan.names.iter().count()));
        let mut program = Self { plan, lead, account, fingerprint: 0 };
        program.fingerprint = state::fingerprint(&program);
        program
    }

    /// What tells apart plans that see different things of events and leads.
    pub(crate) fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The rules over a lead's own history.
    pub fn lead_rules(&self) -> Rules<'_> {
        Rules { set: &self.plan.rules, index: &self.lead }
    }

    /// The rules over the union of an account's members' events, where the plan has accounts.
    pub fn account_rules(&self) -> Option<Rules<'_>> {
        let accounts = self.plan.accounts.as_ref()?;
        Some(Rules { set: &accounts.rules, index: self.account.as_ref()? })
    }
}

/// Rules with their index.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// The rules.
    pub set: &'a RuleSet,
    index: &'a RuleIndex,
}

impl<'a> Rules<'a> {
    /// The matchers that an event of this name may meet.
    pub fn matchers_of(self, name: NameId) -> &'a [MatcherId] {
        self.index.matchers_by_name.get(usize::from(name.0)).unwrap_or(&self.index.matchers_of_others)
    }

    /// The captures that read events which meet this matcher.
    pub fn captures_of(self, matcher: MatcherId) -> &'a [CaptureId] {
        &self.index.captures_by_matcher[usize::from(matcher.0)]
    }

    /// The rules that look at events which meet this matcher; after the places of all rules come those of observations.
    pub fn rules_of(self, matcher: MatcherId) -> &'a [usize] {
        &self.index.rules_by_matcher[usize::from(matcher.0)]
    }

    /// Calls `take` with each rule that looks at an event of which this is seen, once.
    #[inline]
    pub fn each_touched(self, sighting: &Sighting, mut take: impl FnMut(usize)) {
        for (place, matcher) in sighting.matched().iter().enumerate() {
            for rule in self.rules_of(*matcher) {
                let before = &sighting.matched()[..place];
                // A rule that looks at an event twice hears of it once.
                let again = |rule: &Rule| touches_any(&rule.kind, before);
                if before.is_empty() || !self.set.rules.get(*rule).is_some_and(again) {
                    take(*rule);
                }
            }
        }
    }

    /// The rules whose worth, or whether they disqualify, can change though nothing happens.
    pub fn can_move(self) -> &'a [usize] {
        &self.index.can_move
    }

    /// The rules that disqualify.
    pub fn disqualifiers(self) -> &'a [usize] {
        &self.index.disqualifiers
    }

    /// The rules of which an event becomes a hit when nothing follows it for some time.
    pub(crate) fn waiting(self) -> &'a [usize] {
        &self.index.waiting
    }

    /// Whether even an event that no matcher meets can change a score: it tells that a lead was not silent,
    /// or since when it is known.
    pub fn needs_every_event(self) -> bool {
        self.index.has_inactivity
    }

    /// Whether events count of which no rule mentions the name.
    pub(crate) fn heeds_other_names(self) -> bool {
        !self.index.matchers_of_others.is_empty()
    }

    /// Whether some matcher or capture looks at the attributes of the lead or account as of the event's time;
    /// if not, events can be matched before it is known whose they are.
    pub fn looks_at_lead(self) -> bool {
        self.index.looks_at_lead
    }
}

/// Whether a rule looks at one of these matchers' events.
fn touches_any(kind: &RuleKind, matchers: &[MatcherId]) -> bool {
    match kind {
        RuleKind::Event(EventRule { hit: Hit::Sequence { steps, .. }, .. }) => {
            steps.iter().any(|step| matchers.contains(step))
        }
        RuleKind::Event(EventRule { hit: Hit::Unless { event, unless, .. }, .. }) => {
            matchers.contains(event) || matchers.contains(unless)
        }
        // All others look at one matcher only.
        _ => false,
    }
}

impl RuleIndex {
    fn new(rules: &RuleSet, names: usize) -> Self {
        let mut index = Self {
            matchers_by_name: vec![Vec::new(); names],
            captures_by_matcher: vec![Vec::new(); rules.matchers.len()],
            rules_by_matcher: vec![Vec::new(); rules.matchers.len()],
            ..Self::default()
        };
        index.add_matchers(rules);
        for (place, rule) in rules.rules.iter().enumerate() {
            index.can_move.extend(rule.kind.can_move().then_some(place));
            index.disqualifiers.extend(rule.kind.is_disqualifier().then_some(place));
            index.waiting.extend(rule.kind.waits().then_some(place));
            index.has_inactivity |= matches!(rule.kind, RuleKind::Inactivity { .. });
            for matcher in rule.kind.matchers() {
                let touched = &mut index.rules_by_matcher[usize::from(matcher.0)];
                if touched.last() != Some(&place) {
                    touched.push(place);
                }
            }
        }
        for (place, observation) in rules.observations.iter().enumerate() {
            index.rules_by_matcher[usize::from(observation.event.0)].push(rules.rules.len() + place);
        }
        index
    }

    fn add_matchers(&mut self, rules: &RuleSet) {
        for (place, matcher) in rules.matchers.iter().enumerate() {
            let reads = matcher.condition.as_ref().map(|condition| condition.reads()).unwrap_or_default();
            self.looks_at_lead |= reads.lead || reads.account;
            for name in &matcher.names {
                let of_name = self.matchers_by_name.get_mut(usize::from(name.0));
                let of_others = (*name == NameId::OTHER).then_some(&mut self.matchers_of_others);
                if let Some(known) = of_name.or(of_others) {
                    known.push(MatcherId(place as u16));
                }
            }
        }
        for (place, capture) in rules.captures.iter().enumerate() {
            let reads = capture.expr.reads();
            self.looks_at_lead |= reads.lead || reads.account;
            self.captures_by_matcher[usize::from(capture.on.0)].push(CaptureId(place as u16));
        }
    }
}

impl RuleKind {
    /// Whether the rule's worth, or whether it disqualifies, can change though nothing happens.
    pub(crate) fn can_move(&self) -> bool {
        let reads_now = |effect: &Effect| matches!(effect, Effect::Formula(formula) if formula.reads().now);
        match self {
            Self::Trait { condition, effect } => condition.reads().now || reads_now(effect),
            Self::Value { value, .. } => value.reads().now,
            Self::Count { within, .. } => within.is_some(),
            Self::Inactivity { .. } => true,
            Self::Predict(prediction) => prediction.can_move(),
            Self::Event(rule) => rule.decay != Decay::None || self.waits(),
        }
    }

    /// Whether an event becomes a hit when nothing follows it for some time.
    fn waits(&self) -> bool {
        matches!(self, Self::Event(EventRule { hit: Hit::Unless { .. }, .. }))
    }

    /// The matchers of the events that the rule looks at.
    pub fn matchers(&self) -> Vec<MatcherId> {
        match self {
            Self::Trait { .. } | Self::Value { .. } | Self::Predict(_) => Vec::new(),
            Self::Count { event, .. } => vec![*event],
            Self::Inactivity { event, .. } => event.iter().copied().collect(),
            Self::Event(rule) => match &rule.hit {
                Hit::Each { event } | Hit::Times { event, .. } | Hit::People { event, .. } => vec![*event],
                Hit::Unless { event, unless, .. } => vec![*event, *unless],
                Hit::Sequence { steps, .. } => steps.clone(),
            },
        }
    }
}
