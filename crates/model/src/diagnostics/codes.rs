//! All codes of diagnostics, each with what it means: the reference is written from this table.

use super::Severity::{self, Error, Warning};

/// A code of diagnostics.
#[derive(Debug, Clone, Copy)]
pub struct Code {
    /// The code: `unknown-key`.
    pub name: &'static str,
    /// Whether a model that has it can still be used.
    pub severity: Severity,
    /// What is wrong, in a sentence.
    pub meaning: &'static str,
}

/// All codes, in the order in which a file comes to have them: its text, its shape, its sense, its expressions, doubts.
pub const CODES: &[Code] = &[
    code("not-text", Error, "The file is not UTF-8, or larger than a megabyte."),
    code("empty-file", Error, "The file holds nothing but comments."),
    code("yaml-syntax", Error, "The text is not YAML."),
    code(
        "yaml-alias",
        Error,
        "An alias has no anchor, stands inside of it, or the file's aliases stand for too much.",
    ),
    code("yaml-tag", Error, "A YAML tag, for which the language has no use."),
    code("second-document", Error, "A file holds one model."),
    code("cannot-format", Error, "`kelvin fmt` cannot lay the file out."),
    code("unknown-version", Error, "Only version 1 of the language is known."),
    code("wrong-document", Error, "A playbook where a model is wanted."),
    code("unknown-key", Error, "The language has no such key at this place."),
    code("missing-key", Error, "Something is missing that cannot be done without."),
    code("duplicate-key", Error, "A map has a key twice."),
    code("wrong-type", Error, "A value is of another type than its key takes."),
    code("bad-duration", Error, "A text is not a duration, or is one of no length."),
    code("bad-number", Error, "A number lies outside of what its key takes."),
    code("bad-name", Error, "A name cannot be one."),
    code("bad-text", Error, "A text is not of the form that its key takes: a date, hours, an address."),
    code("bad-choice", Error, "A word is not one of those that its key takes."),
    code("contradictory-keys", Error, "Keys that make no sense beside each other."),
    code("duplicate-id", Error, "Two rules, two tiers, or two parts of a playbook, have one name."),
    code("same-bound", Error, "Two bands, rows, steps or grades have the same bound."),
    code("inverted-range", Error, "The least value of a range is above its greatest."),
    code("short-sequence", Error, "A sequence has fewer than two steps."),
    code("tier-order", Error, "Tiers overlap or do not ascend."),
    code("unknown-dimension", Error, "Grades or needs name a dimension that is not there."),
    code(
        "bad-predictor",
        Error,
        "The file of a trained model cannot be read, or holds none that can be used.",
    ),
    code("unknown-input", Error, "A trained model asks for something that a model cannot know."),
    code("overlapping-hours", Error, "Business hours of one day that have minutes in common."),
    code("unknown-owner", Error, "A playbook names an owner that it does not have."),
    code("unknown-target", Error, "A playbook names a target that it does not have."),
    code("bad-template", Error, "A text has a name in braces that nothing has."),
    code("unknown-model", Error, "A playbook names a model that is not among those checked beside it."),
    code("unknown-tier", Error, "A playbook names a tier that its model does not have."),
    code(
        "challenger-named",
        Error,
        "A hand-off or an alert looks at a model that stands in for another one.",
    ),
    code("shadow-named", Error, "A hand-off or an alert looks at a model that nothing follows from."),
    code("leave-above-tier", Error, "`leave` of a hand-off is above where its tier begins."),
    code("too-many-rules", Error, "The rules look at more kinds of events than a plan can hold."),
    code("syntax", Error, "An expression is not CEL."),
    code("too-complex", Error, "An expression is nested too deeply, or too long."),
    code(
        "unknown-variable",
        Error,
        "An expression looks at something that is not there, or not at this place.",
    ),
    code("unknown-function", Error, "An expression calls a function that does not exist."),
    code("unknown-list", Error, "An expression names a list that the model does not have."),
    code("wrong-arguments", Error, "A function is called with other arguments than it takes."),
    code("type-mismatch", Error, "Values of types that do not go together."),
    code("no-now", Error, "`now` or `daysSince` in a rule that looks at events."),
    code("bad-pattern", Error, "A regular expression that cannot be used."),
    code("unknown-time-zone", Error, "A time zone that does not exist."),
    code("never-equal", Error, "A comparison of things that are never equal."),
    code("no-value", Error, "A part of an expression never has a value."),
    code("mixed-numbers", Warning, "A computation of whole numbers with decimals, which has no value."),
    code("mixed-values", Warning, "A list or a table that mixes text with numbers or booleans."),
    code("mixed-use", Warning, "A field that is used as a number at one place and as text at another."),
    code(
        "unquoted-expression",
        Warning,
        "Kelvin reads the expression, but other YAML tools do not: quote it.",
    ),
    code("never-met", Warning, "A condition that is never met."),
    code(
        "never-answered",
        Warning,
        "A text that the function it is compared with, or that is looked up on its list or table, never answers.",
    ),
    code("always-met", Warning, "A condition that is always met."),
    code("worthless-rule", Warning, "A rule that is never worth anything."),
    code("worthless-dimension", Warning, "A dimension of weight 0 that no grade and no tier asks for."),
    code("duplicate-rule", Warning, "Two rules say the same: what they look for counts twice."),
    code("cap-below-points", Warning, "A cap that cuts off even a single award."),
    code("idle-cap", Warning, "A cap that is never reached."),
    code("idle-decay", Warning, "A decay that takes nothing away."),
    code("rising-decay", Warning, "Steps after which an award is worth more again."),
    code("minutes", Warning, "`m` stands for minutes, where months are likely meant."),
    code("hasty-sequence", Warning, "A window too short for the steps of its sequence."),
    code("times-one", Warning, "`times: 1` or `people: 1`, which has no effect."),
    code("constant-distinct", Warning, "`distinct` by something that is the same for all events."),
    code("similar-event-names", Warning, "Names of events that differ only in case, spaces or signs."),
    code("unreachable-band", Warning, "A band that no number of events falls into."),
    code("unreachable-tier", Warning, "A tier that no lead, or no account, can reach."),
    code("unreachable-grade", Warning, "A grade that no lead can get."),
    code("grade-f", Warning, "A bound for `F`, which is what lies below all bounds."),
    code("unused-list", Warning, "A list that no expression mentions."),
    code("secret-in-file", Warning, "A secret that whoever reads the playbook can use."),
    code("no-business-hours", Warning, "Due times of a playbook without business hours."),
    code("unused-owner", Warning, "An owner to whom no hand-off is ever assigned."),
    code("unused-target", Warning, "A target to which nothing goes."),
    code("doubtful-predictor", Warning, "What the card of a trained model warns of."),
    code("no-rules", Warning, "A dimension without rules."),
    code("no-values", Warning, "A list with nothing on it."),
];

const fn code(name: &'static str, severity: Severity, meaning: &'static str) -> Code {
    Code { name, severity, meaning }
}

#[cfg(test)]
mod tests {
    use super::CODES;

    #[test]
    fn a_code_stands_once_and_says_what_it_means() {
        for (place, code) in CODES.iter().enumerate() {
            assert!(!CODES[..place].iter().any(|other| other.name == code.name), "{}", code.name);
            assert!(code.meaning.ends_with('.'), "{}", code.name);
            assert!(code.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", code.name);
        }
    }
}
