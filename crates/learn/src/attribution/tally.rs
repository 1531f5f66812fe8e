//! Several methods over the same journeys.

use super::{
    Chain, Channel, Credit, Effects, Journey, Method, Paths, Repeats, Rule, Sets, Shares, journey::entry,
};

/// What methods need to know beside the journeys.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// The channel that stands for visits without a source.
    pub direct: Option<Channel>,
    /// What chains do with a channel that follows itself.
    pub repeats: Repeats,
    /// How many pairs of orders are drawn where there are too many channels to count all coalitions.
    pub pairs: usize,
    /// The seed of what is drawn.
    pub seed: u64,
    /// Threads to use; results do not depend on it.
    pub threads: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { direct: None, repeats: Repeats::Kept, pairs: 2_000, seed: 1, threads: 1 }
    }
}

/// Journeys as they come in, and what their methods keep of them.
#[derive(Debug, Clone)]
pub struct Attribution {
    settings: Settings,
    methods: Vec<Method>,
    rules: Vec<(Rule, Vec<Credit>)>,
    chains: Vec<(u32, Chain)>,
    sets: Option<Sets>,
    paths: Paths,
    shares: Vec<f64>,
}

/// What a method says.
#[derive(Debug, Clone, PartialEq)]
pub struct Attributed {
    /// The method.
    pub method: Method,
    /// By channel, what it is credited with.
    pub credit: Vec<Credit>,
    /// Of a chain, its removal effects.
    pub effects: Option<Effects>,
    /// Of Shapley values of a rate, the values and how far they may be off.
    pub shares: Option<Shares>,
}

impl Attribution {
    /// No journeys yet.
    #[must_use]
    pub fn new(methods: &[Method], settings: Settings) -> Self {
        let (mut rules, mut chains, mut sets) = (Vec::new(), Vec::new(), None);
        for method in methods {
            match method {
                Method::Rule(rule) => rules.push((*rule, Vec::new())),
                Method::Markov { order } => chains.push((*order, Chain::new(*order, settings.repeats))),
                Method::Shapley | Method::ShapleyRate => sets = Some(Sets::default()),
            }
        }
        let (methods, paths, shares) = (methods.to_vec(), Paths::default(), Vec::new());
        Self { settings, methods, rules, chains, sets, paths, shares }
    }

    /// Takes in a journey.
    pub fn add(&mut self, journey: &Journey<'_>) {
        self.paths.add(journey);
        self.chains.iter_mut().for_each(|(_, chain)| chain.add(journey));
        self.sets.iter_mut().for_each(|sets| sets.add(journey));
        if journey.conversions > 0.0 || journey.value > 0.0 {
            self.share_out(journey);
        }
    }

    fn share_out(&mut self, journey: &Journey<'_>) {
        for (rule, credits) in &mut self.rules {
            rule.shares(journey, self.settings.direct, &mut self.shares);
            for (channel, share) in journey.channels.iter().zip(&self.shares) {
                let (conversions, value) = (share * journey.conversions, share * journey.value);
                *entry(credits, *channel) += Credit { conversions, value };
            }
        }
    }

    /// The journeys themselves.
    #[must_use]
    pub fn paths(&self) -> &Paths {
        &self.paths
    }

    /// What each method says, in the order in which they were asked for.
    #[must_use]
    pub fn attributed(&self) -> Vec<Attributed> {
        self.methods.iter().map(|method| self.by(*method)).collect()
    }

    fn by(&self, method: Method) -> Attributed {
        let Settings { pairs, seed, threads, .. } = self.settings;
        let plain = |credit: Vec<Credit>| Attributed { method, credit, effects: None, shares: None };
        match method {
            Method::Rule(rule) => {
                let of_rule = self.rules.iter().find(|(known, _)| *known == rule);
                plain(of_rule.map(|(_, credits)| credits.clone()).unwrap_or_default())
            }
            Method::Markov { order } => {
                let chain = self.chains.iter().find(|(known, _)| *known == order);
                let effects = chain.map(|(_, chain)| chain.effects(threads)).unwrap_or_default();
                Attributed { effects: Some(effects.clone()), ..plain(effects.credit) }
            }
            Method::Shapley => plain(self.sets.as_ref().map(Sets::even).unwrap_or_default()),
            Method::ShapleyRate => {
                let shares = self.sets.as_ref().map(|sets| sets.by_rate(pairs, seed)).unwrap_or_default();
                let credit = shares.shares.iter().map(|share| share.credit).collect();
                Attributed { shares: Some(shares), ..plain(credit) }
            }
        }
    }
}
