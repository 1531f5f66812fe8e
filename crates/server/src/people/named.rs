//! What a call names: ids, and links between them.

use std::{borrow::Cow, collections::BTreeSet};

use kelvin_kernel::{
    fields::{EmailKind, email_kind},
    history::EventId,
};
use kelvin_store::{Id, IdKind, Link, LinkKind};

use crate::segment::{Call, Kind, LONGEST_KEY, Part, UNREADABLE};

/// What a call says of ids that may be one lead.
pub(super) fn links(call: &Call, id: &EventId) -> Vec<Link> {
    let source = id.text();
    let profile = Id::profile(call.profile.as_str());
    let link = |kind, from: Id, to: Id| Link { kind, from, to, time: call.time, source: source.to_string() };
    let mut links = Vec::new();
    if call.is_user {
        let beside = [(LinkKind::Together, "anonymousId"), (LinkKind::Alias, "previousId")];
        for (kind, key) in beside {
            let is_said = kind == LinkKind::Together || call.kind == Kind::Alias;
            let other = call.named(key).filter(|other| is_said && *other != call.profile);
            links.extend(other.map(|other| link(kind, Id::profile(other), profile.clone())));
        }
    }
    links.extend(emails(call).map(|email| link(LinkKind::Email, profile.clone(), email)));
    links.extend(externals(call).map(|external| link(LinkKind::External, profile.clone(), external)));
    links
}

/// What a text may be as an id, the likeliest first.
pub(super) fn readings(text: &str) -> impl Iterator<Item = Id> + '_ {
    let external = Id { kind: IdKind::External, text: text.to_owned() };
    [Some(Id::profile(text)), email_id(text), Some(external)].into_iter().flatten()
}

/// The e-mail addresses by which a call names its lead, each once. What a visitor fills into a form is their own; of
/// the properties of users it is not known: users invite others.
fn emails(call: &Call) -> impl Iterator<Item = Id> {
    let traits = call.part("traits").filter(|_| call.kind == Kind::Identify);
    let properties = call.part("properties").filter(|_| !call.is_user);
    let context = call.part("context").and_then(|context| context.get("traits"));
    let own = Some(Cow::from(&call.profile)).filter(|profile| profile.contains('@'));
    let told = [traits, context, properties].into_iter().flatten();
    let told = told.filter_map(|object| object.get("email")?.as_str()).chain(own);
    told.filter_map(|told| email_id(&told)).collect::<BTreeSet<_>>().into_iter()
}

/// An address that stands for one person: no mailbox of a function, none that is thrown away, and none of which a part could not
/// be read.
fn email_id(text: &str) -> Option<Id> {
    let text = text.trim();
    let is_personal = text.contains('@')
        && can_be_found_by(text)
        && matches!(email_kind(text), EmailKind::Work | EmailKind::Free);
    is_personal.then(|| Id { kind: IdKind::Email, text: text.to_lowercase() })
}

/// Segment's `context.externalIds`: those of users.
fn externals(call: &Call) -> impl Iterator<Item = Id> + '_ {
    let given = call.part("context").and_then(|context| context.get("externalIds"));
    given.into_iter().flat_map(Part::items).filter_map(|external| {
        let text = |key: &str| external.get(key).and_then(Part::as_str).filter(|text| !text.is_empty());
        let is_of_users = text("collection").is_none_or(|collection| collection == "users");
        let text = format!("{}:{}", text("type")?, text("id")?);
        (is_of_users && can_be_found_by(&text)).then_some(Id { kind: IdKind::External, text })
    })
}

fn can_be_found_by(text: &str) -> bool {
    text.len() <= LONGEST_KEY && !text.contains(UNREADABLE)
}
