//! Names that an expression gets wrong, and what was probably meant.

use kelvin_kernel::{
    expr::{FUNCTIONS, MacroKind, Root, Signature, Style},
    value::Type,
};

use super::Roots;

/// The known name that is most like `name`, if one is much like it.
pub(super) fn closest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    let distance = |known: &str| strsim::damerau_levenshtein(&lower, &known.to_lowercase());
    let ranked =
        known.into_iter().map(|known| (distance(known), known)).min_by_key(|(distance, _)| *distance);
    ranked
        .filter(|(distance, known)| *distance <= 1 + known.len().min(name.len()) / 4)
        .map(|(_, known)| known)
}

/// The variables that may be used.
pub(super) fn variables<'a>(roots: Roots) -> Vec<&'a str> {
    let mut known = vec!["lists"];
    known.extend(Root::ALL.into_iter().filter(|root| roots.has(*root)).map(Root::name));
    known.extend(roots.now.then_some("now"));
    known
}

/// The type that a name stands for.
pub(super) fn type_named(name: &str) -> Option<Type> {
    Type::ALL.into_iter().find(|kind| kind.name() == name)
}

/// What to write instead of a function that does not exist.
pub(super) fn instead_of(name: &str, member: bool) -> Option<String> {
    let style = |known: &&Signature| known.style != Style::Operator;
    if let Some(known) = FUNCTIONS.iter().filter(style).find(|known| known.name == name) {
        return Some(format!("it is written `{}`", written(known)));
    }
    if MacroKind::NAMES.iter().any(|(known, _)| *known == name) && !member {
        return Some(format!("it is written `list.{name}(x, …)`"));
    }
    let names = FUNCTIONS.iter().filter(style).map(|known| known.name);
    let macros = MacroKind::NAMES.iter().map(|(known, _)| *known);
    let others = ALIASES.iter().map(|(other, _)| *other);
    let meant = closest(name, names.chain(macros).chain(["has"]).chain(others))?;
    Some(match ALIASES.iter().find(|(other, _)| *other == meant) {
        Some((_, instead)) => format!("write `{instead}`"),
        None => format!("did you mean `{meant}`?"),
    })
}

/// How a function is written, with placeholders for its arguments.
pub(super) fn written(known: &Signature) -> String {
    let places = ["x", "y", "z", "n"];
    let args = |from: usize| places[from..known.min.max(from)].join(", ");
    match known.style {
        Style::Member | Style::Either => format!("x.{}({})", known.name, args(1)),
        _ => format!("{}({})", known.name, args(0)),
    }
}

/// Functions of other languages, and what CEL has for them.
const ALIASES: [(&str, &str); 25] = [
    ("len", "size(x)"),
    ("length", "size(x)"),
    ("count", "size(x)"),
    ("tolower", "lower(x)"),
    ("lowercase", "lower(x)"),
    ("upper", "x.upperAscii()"),
    ("toupper", "x.upperAscii()"),
    ("includes", "x.contains(y)"),
    ("regex", "x.matches(y)"),
    ("match", "x.matches(y)"),
    ("begins_with", "x.startsWith(y)"),
    ("strip", "x.trim()"),
    ("any", "list.exists(x, …)"),
    ("some", "list.exists(x, …)"),
    ("every", "list.all(x, …)"),
    ("isset", "has(lead.x)"),
    ("defined", "has(lead.x)"),
    ("now", "now"),
    ("today", "now"),
    ("domain", "emailDomain(x)"),
    ("number", "int(x)"),
    ("toint", "int(x)"),
    ("float", "double(x)"),
    ("str", "string(x)"),
    ("date", "timestamp(x)"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_what_was_meant() {
        let check = |name: &str, expect: Option<&str>| {
            assert_eq!(closest(name, ["lead", "account", "event", "context", "lists"]), expect, "{name}");
        };
        check("laed", Some("lead"));
        check("leads", Some("lead"));
        check("Lead", Some("lead"));
        check("evnt", Some("event"));
        check("contxet", Some("context"));
        check("x", None);
        check("customer", None);
    }

    #[test]
    fn functions_of_other_languages_are_translated() {
        let check = |name: &str, member: bool, expect: Option<&str>| {
            assert_eq!(instead_of(name, member).as_deref(), expect, "{name}");
        };
        check("len", false, Some("write `size(x)`"));
        check("startswith", true, Some("did you mean `startsWith`?"));
        check("startsWith", false, Some("it is written `x.startsWith(y)`"));
        check("lower", true, Some("it is written `lower(x)`"));
        check("exists", false, Some("it is written `list.exists(x, …)`"));
        check("emaildomain", false, Some("did you mean `emailDomain`?"));
        check("lenght", false, Some("write `size(x)`"));
        check("toLowerCase", true, Some("write `lower(x)`"));
        check("frobnicate", false, None);
    }
}
