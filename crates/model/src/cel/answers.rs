//! What functions can answer: some have few outcomes, some write all text in one case.

use kelvin_kernel::{
    expr::Function,
    fields::{Department, EmailKind, Seniority, email_domain},
};

use super::names::closest;

/// What to write instead of a text that a function never answers; `None` if it may.
pub(crate) fn never_answers(function: Function, text: &str) -> Option<String> {
    let outcomes = outcomes(function);
    if !outcomes.is_empty() {
        let help = || match closest(text, outcomes.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("it is one of {}", outcomes.join(", ")),
        };
        return (!outcomes.contains(&text)).then(help);
    }
    if function == Function::EmailDomain {
        return no_domain(text);
    }
    in_its_case(function, text).map(|meant| format!("did you mean `{meant}`?"))
}

/// Whether a function has so few outcomes that each is known.
pub(super) fn is_one_of_few(function: Function) -> bool {
    !outcomes(function).is_empty()
}

/// All that a function can be, where that is a short list; empty otherwise.
fn outcomes(function: Function) -> Vec<&'static str> {
    match function {
        Function::EmailKind => EmailKind::ALL.map(EmailKind::as_str).to_vec(),
        Function::Seniority => Seniority::ALL.map(Seniority::as_str).to_vec(),
        Function::Department => Department::ALL.map(Department::as_str).to_vec(),
        _ => Vec::new(),
    }
}

/// What to write instead of a text that `emailDomain` never answers.
fn no_domain(text: &str) -> Option<String> {
    let domain = |host: &str| email_domain(&format!("someone@{host}")).map(|domain| domain.into_owned());
    if domain(text).as_deref() == Some(text) {
        return None;
    }
    // As people copy it: an address, or the place of a page.
    let host = text.trim().split_once("://").map_or(text.trim(), |(_, rest)| rest);
    let host = host.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default().trim_start_matches("*.");
    Some(match domain(host) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "it is what someone registered, in lower case: `acme.com`".to_owned(),
    })
}

/// A text in the case of all that a function answers; `None` if it is in that case, or answers may be in any.
pub(super) fn in_its_case(function: Function, text: &str) -> Option<String> {
    let has = |wrong: fn(char) -> bool| text.chars().any(wrong);
    let is_capital = |c: char| !c.to_lowercase().eq([c]);
    match function {
        Function::Lower | Function::EmailDomain if has(is_capital) => Some(text.to_lowercase()),
        Function::LowerAscii if has(|c| c.is_ascii_uppercase()) => Some(text.to_ascii_lowercase()),
        Function::UpperAscii if has(|c| c.is_ascii_lowercase()) => Some(text.to_ascii_uppercase()),
        _ => None,
    }
}
