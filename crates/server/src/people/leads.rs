//! Divides the ids of a circle into leads. The same links give the same leads, in whatever order they came.

use kelvin_store::{IdKind, Link, LinkKind};

use super::circle::Circle;

/// A lead: places of ids, and the id by which it goes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Lead {
    /// The user id that comes first in the order of texts, else the anonymous one; `None` where no profile is left.
    pub(super) name: Option<String>,
    pub(super) members: Vec<usize>,
}

/// How ids stand together while links are taken one by one.
struct Groups<'c> {
    circle: &'c Circle,
    /// By place of an id: its group.
    of: Vec<usize>,
    /// By group: its ids.
    members: Vec<Vec<usize>>,
    /// By group: the ways in which somebody is known there, as bits.
    ways: Vec<u8>,
}

/// Takes links one by one: first what people say, then what users say of themselves, then what is said of anonymous
/// ids, each in the order of time. A link that would bring together ids that are kept apart is left out; so is one of
/// an anonymous id that would bring together two who are known in the same way: browsers are shared.
pub(super) fn divide(circle: &Circle) -> Vec<Lead> {
    let mut groups = Groups::new(circle);
    let mut links: Vec<_> = circle.links.iter().collect();
    links.sort_by_cached_key(|(from, to, link)| {
        let ids = (&circle.ids[*from].0, &circle.ids[*to].0);
        (strength(circle, *from, link), link.time, link.source.clone(), ids, link.kind)
    });
    for (from, to, link) in links {
        let is_weak = strength(circle, *from, link) == Strength::Anonymous;
        groups.join(*from, *to, is_weak);
    }
    let filled = groups.members.iter().filter(|members| !members.is_empty());
    filled.map(|members| Lead { name: name(circle, members), members: members.clone() }).collect()
}

/// How much a link counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    ByHand,
    User,
    Anonymous,
}

fn strength(circle: &Circle, from: usize, link: &Link) -> Strength {
    match link.kind {
        LinkKind::ByHand => Strength::ByHand,
        LinkKind::Together => Strength::Anonymous,
        LinkKind::Alias | LinkKind::Email | LinkKind::External if circle.ids[from].1 => Strength::User,
        LinkKind::Alias | LinkKind::Email | LinkKind::External => Strength::Anonymous,
    }
}

impl<'c> Groups<'c> {
    fn new(circle: &'c Circle) -> Self {
        let places = 0..circle.ids.len();
        let ways = circle.ids.iter().map(|(id, is_user)| way(id.kind, *is_user)).collect();
        let members = places.clone().map(|place| vec![place]).collect();
        Self { circle, of: places.collect(), members, ways }
    }

    fn join(&mut self, one: usize, other: usize, is_weak: bool) {
        let (one, other) = (self.of[one], self.of[other]);
        let is_shared = is_weak && self.ways[one] & self.ways[other] != 0;
        if one == other || is_shared || self.are_apart(one, other) {
            return;
        }
        let is_smaller = self.members[one].len() < self.members[other].len();
        let (stays, goes) = if is_smaller { (other, one) } else { (one, other) };
        let moving = std::mem::take(&mut self.members[goes]);
        moving.iter().for_each(|place| self.of[*place] = stays);
        self.members[stays].extend(moving);
        self.ways[stays] |= self.ways[goes];
    }

    fn are_apart(&self, one: usize, other: usize) -> bool {
        self.circle.apart.iter().any(|(a, b)| {
            let pair = (self.of[*a], self.of[*b]);
            pair == (one, other) || pair == (other, one)
        })
    }
}

/// The way in which somebody is known by an id: as a user, by address, by another system. An anonymous id is none.
fn way(kind: IdKind, is_user: bool) -> u8 {
    match kind {
        IdKind::Profile if is_user => 1,
        IdKind::Profile => 0,
        IdKind::Email => 2,
        IdKind::External => 4,
    }
}

fn name(circle: &Circle, members: &[usize]) -> Option<String> {
    let profiles =
        members.iter().map(|place| &circle.ids[*place]).filter(|(id, _)| id.kind == IdKind::Profile);
    let first = profiles.map(|(id, is_user)| (!is_user, id.text.as_str())).min();
    first.map(|(_, text)| text.to_owned())
}
