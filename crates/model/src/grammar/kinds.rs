//! The kinds of rules: by which keys a rule is known to be of a kind, and which keys the kind has.

/// A kind of rule.
#[derive(Debug)]
pub struct Kind {
    /// A name for it: `value`.
    pub name: &'static str,
    /// What a message calls such a rule: `a value rule`.
    pub title: &'static str,
    /// A rule that has one of these keys is of this kind, unless an earlier kind claims it.
    pub marks: &'static [&'static str],
    /// Keys that it cannot do without.
    pub needs: &'static [&'static str],
    /// Further keys that it may have; every rule has `id`, and may have `cap`.
    pub may: &'static [&'static str],
    /// Whether it says by `points` or `disqualify` what it is worth.
    pub has_worth: bool,
    /// Whether it makes awards, which `limit` and `decay` are about.
    pub makes_awards: bool,
}

/// The kinds, in the order in which they claim a rule.
pub static KINDS: &[Kind] = &[VALUE, INACTIVITY, SEQUENCE, UNLESS, PEOPLE, TIMES, COUNT, EVENT, TRAIT];

const VALUE: Kind = Kind {
    name: "value",
    title: "a value rule",
    marks: &["value", "table", "else"],
    needs: &["value"],
    may: &["bands", "table", "else"],
    has_worth: false,
    makes_awards: false,
};

const INACTIVITY: Kind = Kind {
    name: "inactivity",
    title: "an inactivity rule",
    marks: &["inactive"],
    needs: &["inactive"],
    may: &["event", "every"],
    has_worth: true,
    makes_awards: false,
};

const SEQUENCE: Kind = Kind {
    name: "sequence",
    title: "a sequence rule",
    marks: &["sequence"],
    needs: &["sequence"],
    may: &["within"],
    has_worth: true,
    makes_awards: true,
};

const UNLESS: Kind = Kind {
    name: "unless",
    title: "a rule with `unless`",
    marks: &["unless"],
    needs: &["event", "unless", "within"],
    may: &["if", "distinct"],
    has_worth: true,
    makes_awards: true,
};

const PEOPLE: Kind = Kind {
    name: "people",
    title: "a rule with `people`",
    marks: &["people"],
    needs: &["event", "people"],
    may: &["if", "distinct", "within"],
    has_worth: true,
    makes_awards: true,
};

const TIMES: Kind = Kind {
    name: "times",
    title: "a rule with `times`",
    marks: &["times"],
    needs: &["event", "times"],
    may: &["if", "distinct", "within"],
    has_worth: true,
    makes_awards: true,
};

const COUNT: Kind = Kind {
    name: "count",
    title: "a count rule",
    marks: &["bands"],
    needs: &["event", "bands"],
    may: &["if", "distinct", "within"],
    has_worth: false,
    makes_awards: false,
};

const EVENT: Kind = Kind {
    name: "event",
    title: "an event rule",
    marks: &["event"],
    needs: &["event"],
    may: &["if", "distinct"],
    has_worth: true,
    makes_awards: true,
};

const TRAIT: Kind = Kind {
    name: "trait",
    title: "a trait rule",
    marks: &["if"],
    needs: &["if"],
    may: &[],
    has_worth: true,
    makes_awards: false,
};

impl Kind {
    /// The kind of a rule that has some keys; `None` where nothing says what it looks at.
    pub fn of(has: impl Fn(&str) -> bool) -> Option<&'static Self> {
        if has("bands") && !has("event") && !has("value") && !has("inactive") && !has("sequence") {
            return KINDS.first();
        }
        KINDS.iter().find(|kind| kind.marks.iter().any(|mark| has(mark)))
    }

    /// Whether such a rule may have a key.
    pub fn allows(&self, key: &str) -> bool {
        match key {
            "id" | "cap" => true,
            "points" | "disqualify" => self.has_worth,
            "limit" | "decay" => self.makes_awards,
            _ => self.needs.contains(&key) || self.may.contains(&key),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::ACCOUNT_RULE;

    #[track_caller]
    fn check(keys: &[&str], expect: Option<&str>) {
        assert_eq!(Kind::of(|key| keys.contains(&key)).map(|kind| kind.name), expect);
    }

    #[test]
    fn a_rule_is_known_by_its_keys() {
        check(&["if", "points"], Some("trait"));
        check(&["value", "bands"], Some("value"));
        check(&["bands"], Some("value"));
        check(&["event", "bands", "within"], Some("count"));
        check(&["event", "if"], Some("event"));
        check(&["event", "times"], Some("times"));
        check(&["event", "unless"], Some("unless"));
        check(&["event", "inactive"], Some("inactivity"));
        check(&["sequence", "times", "event"], Some("sequence"));
        check(&["points", "cap"], None);
    }

    #[test]
    fn every_key_of_a_rule_belongs_to_some_kind() {
        for key in ACCOUNT_RULE.keys {
            assert!(KINDS.iter().any(|kind| kind.allows(key.name)), "{}", key.name);
        }
    }
}
