//! A scorecard as a model file that a person reads and edits.

use std::collections::BTreeSet;

use super::language::{Words, is_missing, quoted, words};
use super::{Band, Bins, Condition, Holds, Joint, Rule, Suggestion, wording};

/// Rules of one scorecard, as they are written.
struct Writing<'a> {
    suggestion: &'a Suggestion,
    lines: Vec<String>,
    ids: Vec<String>,
}

/// The text of a model with a suggestion's points, which are explained beside them. Texts in `missing` stand for nothing.
#[must_use]
pub fn model(suggestion: &Suggestion, id: &str, missing: &BTreeSet<String>) -> String {
    let mut writing = Writing { suggestion, lines: wording::head(suggestion), ids: Vec::new() };
    writing.line(0, "");
    writing.line(0, "kelvin: 1");
    writing.line(0, &format!("model: {id}"));
    if suggestion.card.rules.iter().any(prices_missing) {
        let missing: Vec<String> =
            std::iter::once(quoted("")).chain(missing.iter().map(|text| quoted(text))).collect();
        writing.line(0, "lists:");
        writing.line(1, &format!("missing: [{}]", missing.join(", ")));
    }
    writing.line(0, "dimensions:");
    writing.line(1, "fit:");
    writing.line(2, "rules:");
    suggestion.card.rules.iter().for_each(|rule| writing.rule(rule));
    suggestion.card.joint.iter().for_each(|joint| writing.joint(joint));
    writing.tiers();
    let text = writing.lines.join("\n") + "\n";
    kelvin_model::fmt::format(&text).unwrap_or(text)
}

/// Whether a rule asks for texts that say that nobody knows.
fn prices_missing(rule: &Rule) -> bool {
    rule.bands.last().is_some_and(|band| band.points != 0) && matches!(rule.bins, Bins::Groups(_))
}

impl Writing<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        self.lines.push(format!("{}{text}", "  ".repeat(depth)));
    }

    fn rule(&mut self, rule: &Rule) {
        let Some(words) = words(&rule.feature) else { return };
        match (&words, &rule.bins) {
            (Words::Value { expression, .. }, Bins::Groups(groups)) => self.table(rule, expression, groups),
            (Words::Value { expression, .. }, Bins::Cuts(cuts)) => {
                self.value_bands(rule, expression, cuts);
            }
            (Words::Count { event, days }, Bins::Cuts(cuts)) => self.count(rule, event, *days, cuts),
            (Words::Since { event }, Bins::Cuts(cuts)) => self.since(rule, event, cuts),
            _ => {}
        }
        if let (Words::Value { path, .. }, Some(band)) = (&words, rule.bands.last())
            && band.points != 0
        {
            self.begin(&format!("{} missing", path.trim_matches(['[', ']', '"'])));
            self.line(4, &format!("if: {}", yaml(&is_missing(path, &rule.bins))));
            self.priced(&format!("points: {}", band.points), band);
        }
    }

    fn begin(&mut self, name: &str) {
        let id = fresh(&slug(name), &self.ids);
        self.line(3, &format!("- id: {id}"));
        self.ids.push(id);
    }

    /// What has points, with what is known of it beside it.
    fn priced(&mut self, text: &str, band: &Band) {
        self.line(4, &format!("{text}  # {}", wording::band(band, self.suggestion)));
    }

    fn entry(&mut self, key: &str, band: &Band) {
        self.line(5, &format!("{key}: {}  # {}", band.points, wording::band(band, self.suggestion)));
    }

    fn table(&mut self, rule: &Rule, expression: &str, groups: &[Vec<String>]) {
        let priced: Vec<(&Vec<String>, &Band)> =
            groups.iter().zip(&rule.bands).filter(|(_, band)| band.points != 0).collect();
        if priced.is_empty() {
            return;
        }
        let expression = as_text(expression, priced.iter().flat_map(|(group, _)| *group));
        self.begin(&rule.feature.to_string());
        if let [(group, band)] = priced[..] {
            self.line(4, &format!("if: {}", yaml(&format!("{expression} in [{}]", members(group)))));
            return self.priced(&format!("points: {}", band.points), band);
        }
        self.line(4, &format!("value: {}", yaml(&expression)));
        self.line(4, "table:");
        for (group, band) in priced {
            for (nth, text) in group.iter().enumerate() {
                match nth {
                    0 => self.entry(&quoted(text), band),
                    _ => self.line(5, &format!("{}: {}", quoted(text), band.points)),
                }
            }
        }
    }

    fn joint(&mut self, joint: &Joint) {
        let [first, second] = joint.conditions.each_ref();
        let name = |condition: &Condition| slug(&condition.feature.to_string());
        self.begin(&format!("{} and {}", name(first), name(second)));
        self.line(4, &format!("if: {}", yaml(&format!("{} && {}", asked(first), asked(second)))));
        self.priced(&format!("points: {}", joint.band.points), &joint.band);
    }

    fn value_bands(&mut self, rule: &Rule, expression: &str, cuts: &[f64]) {
        let starts: Vec<String> =
            std::iter::once(floor(rule)).chain(cuts.iter().copied()).map(|start| start.to_string()).collect();
        if rule.bands[..starts.len()].iter().any(|band| band.points != 0) {
            self.begin(&rule.feature.to_string());
            self.line(4, &format!("value: {}", yaml(expression)));
            self.bands(&starts, &rule.bands);
        }
    }

    fn count(&mut self, rule: &Rule, event: &str, days: Option<u32>, cuts: &[f64]) {
        let within = days.map(|days| format!(" {days}d")).unwrap_or_default();
        self.begin(&format!("{event}{within}"));
        self.line(4, &format!("event: {}", quoted(event)));
        if let Some(days) = days {
            self.line(4, &format!("within: {days}d"));
        }
        let starts: Vec<String> = cuts.iter().map(|cut| libm::ceil(*cut).to_string()).collect();
        self.bands(&starts, &rule.bands[1..]);
    }

    /// Bands, those left out that are worth what the one before them is.
    fn bands(&mut self, starts: &[String], bands: &[Band]) {
        self.line(4, "bands:");
        let mut before = 0;
        for (start, band) in starts.iter().zip(bands) {
            if band.points != before || band.points != 0 {
                self.entry(start, band);
            }
            before = band.points;
        }
    }

    /// One rule for each step: points that fall as days go by are the sum of what holds for so many days.
    fn since(&mut self, rule: &Rule, event: &str, cuts: &[f64]) {
        let bins = rule.bands.len() - 1;
        for (bin, band) in rule.bands[..bins].iter().enumerate() {
            let points = band.points - if bin + 1 < bins { rule.bands[bin + 1].points } else { 0 };
            if points != 0 {
                let days = cuts.get(bin).map(|cut| format!("{}d", libm::ceil(*cut) - 1.0));
                self.begin(&format!("{event} since {}", days.clone().unwrap_or_else(|| "ever".to_owned())));
                self.line(4, &format!("event: {}", quoted(event)));
                if let Some(days) = days {
                    self.line(4, &format!("within: {days}"));
                }
                self.line(4, "bands:");
                let worth = wording::band(band, self.suggestion);
                self.line(5, &format!("1: {points}  # {} in all; {worth}", wording::points(band.points)));
            }
        }
    }

    fn tiers(&mut self) {
        if !self.suggestion.tiers.is_empty() {
            self.line(0, "tiers:");
            for tier in &self.suggestion.tiers {
                let worth = wording::tier(tier, self.suggestion);
                self.line(1, &format!("- {{name: {}, from: {}}}  # {worth}", tier.name, tier.from));
            }
        }
    }
}

/// A condition in the language.
fn asked(condition: &Condition) -> String {
    let Some(Words::Value { expression, .. }) = words(&condition.feature) else { return "false".to_owned() };
    match &condition.holds {
        Holds::Below(end) => format!("{expression} < {}", number(*end)),
        Holds::From(least) => format!("{expression} >= {}", number(*least)),
        Holds::In(texts) => format!("{} in [{}]", as_text(&expression, texts.iter()), members(texts)),
    }
}

/// A number in the language: one that no whole number of 64 bits holds is written with its power of ten.
fn number(number: f64) -> String {
    if number.abs() < 1e15 { number.to_string() } else { format!("{number:e}") }
}

/// An expression to compare with texts: what looks like a number or a truth may be one.
fn as_text<'t>(expression: &str, mut texts: impl Iterator<Item = &'t String>) -> String {
    let is_other = |text: &String| text.parse::<f64>().is_ok() || text == "true" || text == "false";
    if texts.any(is_other) { format!("string({expression})") } else { expression.to_owned() }
}

/// Texts in a list.
fn members(texts: &[String]) -> String {
    texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ")
}

/// Where the first band of numbers begins: at 0 where none is below, else far below all.
fn floor(rule: &Rule) -> f64 {
    match rule.least {
        Some(least) if least < 0.0 => -libm::pow(10.0, libm::ceil(libm::log10(-least)) + 1.0),
        _ => 0.0,
    }
}

/// An expression as a YAML text.
fn yaml(expression: &str) -> String {
    format!("'{}'", expression.replace('\'', "''"))
}

/// A rule's id made of words; that an attribute is one of the lead goes without saying.
fn slug(words: &str) -> String {
    let mut id = String::new();
    for c in words.replace("lead.", " ").replace("lead[", " ").chars() {
        if c.is_ascii_alphanumeric() {
            id.push(c.to_ascii_lowercase());
        } else if !id.ends_with('-') && !id.is_empty() {
            id.push('-');
        }
    }
    let id = id.trim_end_matches('-');
    if id.is_empty() { "rule".to_owned() } else { id.to_owned() }
}

fn fresh(id: &str, taken: &[String]) -> String {
    let numbered = (2..).map(|number| format!("{id}-{number}"));
    std::iter::once(id.to_owned()).chain(numbered).find(|id| !taken.contains(id)).unwrap_or_default()
}
