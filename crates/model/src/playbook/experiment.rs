//! Experiments: models that stand in for another one, each for some of the leads.

use std::hash::Hasher;

use siphasher::sip::SipHasher13;

use super::read::{RULE, Reader, entries, one_or_more};
use crate::{
    diagnostics::Diagnostic,
    grammar::head,
    read::field,
    span::{Span, Spanned},
    syntax::Node,
};

/// Shares are parts of this.
const WHOLE: u32 = 100;

/// A model and those that try to do better.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Experiment {
    /// Its id.
    pub id: String,
    /// The model that hand-offs and alerts speak of.
    pub champion: String,
    /// Those that stand in for it, in the file's order; less than all leads are theirs.
    pub challengers: Vec<Challenger>,
    /// Those that are compared with it only.
    pub shadow: Vec<String>,
}

/// A model that stands in for another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenger {
    /// The model.
    pub model: String,
    /// For how many of a hundred leads.
    pub share: u32,
}

impl Experiment {
    /// The model that counts for a lead: always the same one, as long as the experiment has its id and its shares.
    ///
    /// SipHash-1-3 (Aumasson and Bernstein, 2012) with keys of zero over the experiment's id, a zero byte and the lead's id
    /// gives the lead its place among a hundred; challengers have the first places, in the file's order, the champion the rest.
    pub fn arm(&self, lead: &str) -> &str {
        let place = place(&self.id, lead);
        let mut end = 0;
        let holds_place = |challenger: &&Challenger| {
            end += challenger.share;
            place < end
        };
        self.challengers.iter().find(holds_place).map_or(&self.champion, |challenger| &challenger.model)
    }

    /// For how many of a hundred leads a model counts.
    pub fn share(&self, model: &str) -> u32 {
        let challenger = self.challengers.iter().find(|challenger| challenger.model == model);
        let of_all = self.challengers.iter().map(|challenger| challenger.share).sum();
        let of_champion = || if model == self.champion { WHOLE.saturating_sub(of_all) } else { 0 };
        challenger.map_or_else(of_champion, |challenger| challenger.share)
    }
}

/// The place of a lead among a hundred.
fn place(experiment: &str, lead: &str) -> u32 {
    let mut hash = SipHasher13::new_with_keys(0, 0);
    hash.write(experiment.as_bytes());
    hash.write_u8(0);
    hash.write(lead.as_bytes());
    // The upper half of the product lies below the whole.
    ((u128::from(hash.finish()) * u128::from(WHOLE)) >> 64) as u32
}

/// An experiment as it names its models.
#[derive(Debug)]
pub(super) struct Trial {
    pub(super) champion: Spanned<String>,
    pub(super) challengers: Vec<Spanned<String>>,
    pub(super) shadow: Vec<Spanned<String>>,
}

impl Trial {
    /// The models that it names.
    pub(super) fn models(&self) -> impl Iterator<Item = &Spanned<String>> {
        std::iter::once(&self.champion).chain(&self.challengers).chain(&self.shadow)
    }
}

impl Reader<'_> {
    pub(super) fn experiment(&mut self, node: &Node) -> Option<Experiment> {
        let id = self.id(RULE, node);
        let shares: Vec<_> = entries(node, "challengers")
            .filter_map(|(model, share)| Some((model?, field::whole(share)?)))
            .collect();
        let shadow: Vec<_> = node
            .get("shadow")
            .map_or_else(Vec::new, |node| one_or_more(node).iter().filter_map(field::name).collect());
        if node.entries().is_some() && node.get("challengers").is_none() && node.get("shadow").is_none() {
            let problem = Diagnostic::error("missing-key", "the experiment has no challengers", head(node));
            self.diagnostics.push(problem.help("give it `challengers`, or `shadow` to compare only"));
        }
        let all = shares.iter().fold(0, |all: u32, (_, share)| all.saturating_add(share.value));
        if let Some((_, last)) = shares.last().filter(|_| all >= WHOLE) {
            self.diagnostics.push(nothing_left(all, last.span));
        }
        let champion = node.get("champion").and_then(field::name)?;
        self.trials.push(Trial {
            champion: champion.clone(),
            challengers: shares.iter().map(|(model, _)| model.clone()).collect(),
            shadow: shadow.clone(),
        });
        let challenger = |(model, share): (Spanned<String>, Spanned<u32>)| Challenger {
            model: model.value,
            share: share.value,
        };
        Some(Experiment {
            id: id?.value,
            champion: champion.value,
            challengers: shares.into_iter().map(challenger).collect(),
            shadow: shadow.into_iter().map(|model| model.value).collect(),
        })
    }

    /// Tells of models that would have two parts to play.
    pub(super) fn check_trials(&mut self) {
        let mut taken: Vec<&Spanned<String>> = Vec::new();
        for model in self.trials.iter().flat_map(Trial::models) {
            match taken.iter().find(|other| other.value == model.value) {
                Some(first) => self.diagnostics.push(twice(first, model)),
                None => taken.push(model),
            }
        }
        for trial in &self.trials {
            for model in self.mentions.iter().filter_map(|mention| mention.model.as_ref()) {
                let is_among = |models: &[Spanned<String>]| models.iter().any(|one| one.value == model.value);
                if is_among(&trial.challengers) {
                    self.diagnostics.push(challenger_named(model, &trial.champion.value));
                } else if is_among(&trial.shadow) {
                    self.diagnostics.push(shadow_named(model, &trial.champion.value));
                }
            }
        }
    }
}

/// The challengers take all leads.
fn nothing_left(all: u32, span: Span) -> Diagnostic {
    let message = format!("challengers have {all} of {WHOLE} leads: nothing is left for the champion");
    Diagnostic::error("bad-number", message, span).help("give them less than 100 together")
}

/// A model stands in experiments twice.
fn twice(first: &Spanned<String>, second: &Spanned<String>) -> Diagnostic {
    Diagnostic::error("duplicate-id", format!("`{}` takes part twice", second.value), second.span)
        .label("again here")
        .and(first.span, "first here")
        .help("a model has one part in one experiment: else nobody could say what made the difference")
}

/// A hand-off or an alert looks at a challenger, which stands in where the champion is named.
fn challenger_named(model: &Spanned<String>, champion: &str) -> Diagnostic {
    let message = format!("`{}` is a challenger of `{champion}`", model.value);
    let help = format!("name `{champion}`: for the leads of its challengers, these stand in");
    Diagnostic::error("challenger-named", message, model.span).help(help)
}

/// A hand-off or an alert looks at a model that nothing follows from.
fn shadow_named(model: &Spanned<String>, champion: &str) -> Diagnostic {
    let message = format!("nothing follows from `{}`: it is a shadow of `{champion}`", model.value);
    let help = format!("name `{champion}`, or make `{}` a challenger", model.value);
    Diagnostic::error("shadow-named", message, model.span).help(help)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use expect_test::expect;

    use super::*;
    use crate::testing::{check_beside, check_playbook};

    fn halves(id: &str) -> Experiment {
        let share = |model: &str, share| Challenger { model: model.to_owned(), share };
        Experiment {
            id: id.to_owned(),
            champion: "a".to_owned(),
            challengers: vec![share("b", 20), share("c", 30)],
            shadow: vec!["d".to_owned()],
        }
    }

    #[test]
    fn leads_are_dealt_out_by_shares() {
        let experiment = halves("demos");
        let mut counts = BTreeMap::new();
        for lead in 0..10_000 {
            *counts.entry(experiment.arm(&format!("lead-{lead}"))).or_insert(0) += 1;
        }
        assert_eq!(counts.keys().copied().collect::<Vec<_>>(), ["a", "b", "c"]);
        // Five standard deviations.
        for (model, share) in [("a", 0.5), ("b", 0.2), ("c", 0.3)] {
            let spread = 5.0 * (10_000.0 * share * (1.0_f64 - share)).sqrt();
            assert!((f64::from(counts[model]) - 10_000.0 * share).abs() < spread, "{counts:?}");
        }
    }

    #[test]
    fn a_lead_stays_where_it_is_for_ever() {
        let arms =
            ["ada", "bob", "eve", "joe", "sue", "tim"].map(|lead| halves("demos").arm(lead).to_owned());
        assert_eq!(arms, ["c", "c", "a", "b", "b", "a"]);
    }

    #[test]
    fn experiments_deal_independently_of_each_other() {
        let both = |lead: &usize| {
            let lead = format!("lead-{lead}");
            halves("demos").arm(&lead) == "a" && halves("mails").arm(&lead) == "a"
        };
        let count = (0..10_000).filter(both).count();
        assert!((2_250..2_750).contains(&count), "{count}");
    }

    #[test]
    fn models_have_one_part_in_experiments() {
        check_playbook(
            r##"
                owners: {ada: {email: ada@acme.example}}
                hand_offs:
                  - {id: sales, model: b, tier: sql, assign: ada}
                experiments:
                  - {id: one, champion: a, challengers: {b: 20, c: 80}}
                  - {id: two, champion: b, shadow: [d, c]}
                  - {id: one, champion: e}
            "##,
            &expect![[r#"
                error[challenger-named]: `b` is a challenger of `a`
                 --> p.yaml:5:24
                  |
                5 |   - {id: sales, model: b, tier: sql, assign: ada}
                  |                        ^
                  |
                  = help: name `a`: for the leads of its challengers, these stand in

                error[bad-number]: challengers have 100 of 100 leads: nothing is left for the champion
                 --> p.yaml:7:52
                  |
                7 |   - {id: one, champion: a, challengers: {b: 20, c: 80}}
                  |                                                    ^^
                  |
                  = help: give them less than 100 together

                error[duplicate-id]: `b` takes part twice
                 --> p.yaml:8:25
                  |
                7 |   - {id: one, champion: a, challengers: {b: 20, c: 80}}
                  |                                          - first here
                8 |   - {id: two, champion: b, shadow: [d, c]}
                  |                         ^ again here
                  |
                  = help: a model has one part in one experiment: else nobody could say what made the difference

                error[duplicate-id]: `c` takes part twice
                 --> p.yaml:8:40
                  |
                7 |   - {id: one, champion: a, challengers: {b: 20, c: 80}}
                  |                                                 - first here
                8 |   - {id: two, champion: b, shadow: [d, c]}
                  |                                        ^ again here
                  |
                  = help: a model has one part in one experiment: else nobody could say what made the difference

                error[missing-key]: the experiment has no challengers
                 --> p.yaml:9:6
                  |
                9 |   - {id: one, champion: e}
                  |      ^^
                  |
                  = help: give it `challengers`, or `shadow` to compare only

                error[duplicate-id]: another hand-off, alert or experiment is named `one`
                 --> p.yaml:9:10
                  |
                7 |   - {id: one, champion: a, challengers: {b: 20, c: 80}}
                  |          --- first here
                8 |   - {id: two, champion: b, shadow: [d, c]}
                9 |   - {id: one, champion: e}
                  |          ^^^ again here
                  |
                  = help: give each hand-off, alert or experiment a name of its own
            "#]],
        );
    }

    #[test]
    fn nobody_speaks_of_a_shadow() {
        check_playbook(
            r##"
                owners: {ada: {email: ada@acme.example}}
                hand_offs:
                  - {id: sales, model: b, tier: sql, assign: ada}
                experiments:
                  - {id: one, champion: a, shadow: b}
            "##,
            &expect![[r#"
                error[shadow-named]: nothing follows from `b`: it is a shadow of `a`
                 --> p.yaml:5:24
                  |
                5 |   - {id: sales, model: b, tier: sql, assign: ada}
                  |                        ^
                  |
                  = help: name `a`, or make `b` a challenger
            "#]],
        );
    }

    #[test]
    fn a_challenger_has_the_tiers_of_its_champion() {
        let model = |id: &str, tier: &str| {
            let rule = "dimensions: {web: {rules: [{id: demo, event: Demo, points: 60}]}}";
            let text = format!("kelvin: 1\nmodel: {id}\n{rule}\ntiers: [{{name: {tier}, from: 50}}]\n");
            crate::load("m.yaml", &text).model
        };
        let text = "playbook: 1\ntime_zone: Europe/Berlin\ntargets: {log: {log: true}}\n\
            alerts: [{id: hot, model: a, tier: sql, notify: log}]\n\
            experiments: [{id: one, champion: a, challengers: {b: 20}}]\n";
        let loaded = crate::playbook::load("p.yaml", text, &[&model("a", "sql"), &model("b", "hot")]);
        expect![[r#"
            error[unknown-tier]: the model `b` has no tier `sql`
             --> p.yaml:5:52
              |
            5 | experiments: [{id: one, champion: a, challengers: {b: 20}}]
              |                                                    ^
              |
              = help: the only tier is `hot`
        "#]]
        .assert_eq(&loaded.render(false));
    }

    #[test]
    fn models_of_experiments_are_those_beside_the_playbook() {
        check_beside(
            r##"
                owners: {ada: {email: ada@acme.example}}
                hand_offs:
                  - {id: sales, model: acquisition, tier: sql, assign: ada}
                experiments:
                  - {id: one, champion: aquisition, challengers: {acquisition-b: 20}}
            "##,
            &expect![[r#"
                error[unknown-model]: no model is called `aquisition`
                 --> p.yaml:7:25
                  |
                7 |   - {id: one, champion: aquisition, challengers: {acquisition-b: 20}}
                  |                         ^^^^^^^^^^
                  |
                  = help: did you mean `acquisition`?

                error[unknown-model]: no model is called `acquisition-b`
                 --> p.yaml:7:51
                  |
                7 |   - {id: one, champion: aquisition, challengers: {acquisition-b: 20}}
                  |                                                   ^^^^^^^^^^^^^
                  |
                  = help: did you mean `acquisition`?
            "#]],
        );
    }
}
