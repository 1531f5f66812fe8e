//! Texts with names in braces: `Call {lead.name}`.

use std::ops::Range;

use crate::diagnostics::did_you_mean;

/// A text with places that are filled in when it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its parts, in order.
    pub parts: Vec<Part>,
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text as it stands.
    Text(String),
    /// A field of the lead, the account or the event: `lead.company.name`. Nothing where there is none.
    Field(Root, Vec<String>),
    /// The score.
    Score,
    /// The tier.
    Tier,
    /// The reasons that are worth most.
    Reasons,
    /// The address of the lead's page.
    Link,
    /// The owner's name.
    Owner,
    /// The model's id.
    Model,
}

/// What a field is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Root {
    /// The lead.
    Lead,
    /// The account.
    Account,
    /// The event, in alerts about events.
    Event,
}

/// What is wrong with a template, and where.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Which bytes.
    pub(crate) place: Range<usize>,
    /// What is wrong.
    pub(crate) message: String,
    /// What to do.
    pub(crate) help: String,
}

const NAMES: [(&str, Part); 6] = [
    ("score", Part::Score),
    ("tier", Part::Tier),
    ("reasons", Part::Reasons),
    ("link", Part::Link),
    ("owner", Part::Owner),
    ("model", Part::Model),
];

impl Template {
    /// Reads a text; `has_event` tells whether it may speak of an event.
    pub(crate) fn parse(text: &str, has_event: bool) -> Result<Self, Vec<Fault>> {
        let mut parts = Vec::new();
        let mut faults = Vec::new();
        let mut plain = String::new();
        let mut at = 0;
        while let Some(next) = text[at..].chars().next() {
            let rest = &text[at..];
            if rest.starts_with("{{") || rest.starts_with("}}") {
                plain.push(next);
                at += 2;
            } else if next == '{' {
                let Some(length) = rest.find('}') else {
                    faults.push(unpaired(at, "`{` is never closed"));
                    break;
                };
                match part(&rest[1..length], has_event) {
                    Ok(part) => {
                        parts.extend((!plain.is_empty()).then(|| Part::Text(std::mem::take(&mut plain))));
                        parts.push(part);
                    }
                    Err((message, help)) => faults.push(Fault { place: at..at + length + 1, message, help }),
                }
                at += length + 1;
            } else {
                if next == '}' {
                    faults.push(unpaired(at, "`}` closes nothing"));
                }
                plain.push(next);
                at += next.len_utf8();
            }
        }
        parts.extend((!plain.is_empty()).then_some(Part::Text(plain)));
        if faults.is_empty() { Ok(Self { parts }) } else { Err(faults) }
    }
}

fn unpaired(at: usize, message: &str) -> Fault {
    let help = "braces that are meant as such are doubled: `{{` and `}}`".to_owned();
    Fault { place: at..at + 1, message: message.to_owned(), help }
}

/// What a name in braces stands for, or what is wrong with it and what to do.
fn part(name: &str, has_event: bool) -> Result<Part, (String, String)> {
    let name = name.trim();
    if let Some((_, part)) = NAMES.iter().find(|(known, _)| *known == name) {
        return Ok(part.clone());
    }
    let (root, path) = name.split_once('.').unwrap_or((name, ""));
    let is_field = |field: &str| {
        !field.is_empty() && field.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '$'))
    };
    let root = match root {
        "lead" => Some(Root::Lead),
        "account" => Some(Root::Account),
        "event" => Some(Root::Event),
        _ => None,
    };
    if root == Some(Root::Event) && !has_event {
        let help = "only alerts with `event` are about one";
        return Err(("there is no event to speak of".to_owned(), help.to_owned()));
    }
    match root {
        Some(root) if path.split('.').all(is_field) => {
            Ok(Part::Field(root, path.split('.').map(str::to_owned).collect()))
        }
        Some(_) => Err((format!("`{name}` names no field"), "for example `{lead.name}`".to_owned())),
        None => Err((format!("unknown name `{name}`"), help(name))),
    }
}

fn help(name: &str) -> String {
    let known = NAMES.iter().map(|(name, _)| *name);
    let roots = ["lead", "account", "event"];
    if let Some((root, path)) = name.split_once('.')
        && let Some(root) = crate::diagnostics::nearest(root, roots)
    {
        return format!("did you mean `{root}.{path}`?");
    }
    did_you_mean(name, known.clone()).unwrap_or_else(|| {
        format!("a text may name `lead.…`, `account.…`, {}", crate::diagnostics::one_of(known))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_braces_and_braces_are_doubled() {
        let template = Template::parse("Call {lead.name} {{now}}: {score}", false).unwrap();
        let name = Part::Field(Root::Lead, vec!["name".to_owned()]);
        let text = |text: &str| Part::Text(text.to_owned());
        assert_eq!(template.parts, [text("Call "), name, text(" {now}: "), Part::Score]);
    }

    #[test]
    fn what_is_no_name_is_told_with_its_place() {
        let faults = Template::parse("{scroe} é {event.x} {", false).unwrap_err();
        let told: Vec<_> = faults.into_iter().map(|fault| (fault.place, fault.message, fault.help)).collect();
        let told: Vec<_> = told.iter().map(|(place, what, help)| (place.clone(), &**what, &**help)).collect();
        assert_eq!(
            told,
            [
                (0..7, "unknown name `scroe`", "did you mean `score`?"),
                (11..20, "there is no event to speak of", "only alerts with `event` are about one"),
                (21..22, "`{` is never closed", "braces that are meant as such are doubled: `{{` and `}}`"),
            ]
        );
    }
}
