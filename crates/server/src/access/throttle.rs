//! Who has tried to log in too often. In memory only, and in so much of it: a restart forgives.

use std::{collections::BTreeMap, net::IpAddr};

use kelvin_kernel::{Duration, Instant};

/// How long attempts count.
const WINDOW: Duration = Duration::from_millis(15 * 60 * 1000);

/// How many subjects are watched at most.
const MOST: usize = 10_000;

/// Of what attempts are counted, and how many there may be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Subject {
    /// A user from one address: few, since people mistype.
    Both(String, Option<IpAddr>),
    /// A user from anywhere: more, so that a stranger does not lock anybody out with ease.
    User(String),
    /// An address: many people may stand behind it.
    Address(IpAddr),
}

/// Attempts that count.
#[derive(Debug, Clone, Copy)]
struct Attempts {
    since: Instant,
    count: u32,
}

/// The attempts of late.
#[derive(Debug, Default)]
pub(crate) struct Throttle(BTreeMap<Subject, Attempts>);

impl Throttle {
    /// Counts an attempt; whether it may be made. Those that may not do not count, so that the window comes to an end.
    pub(crate) fn attempt(&mut self, user: &str, address: Option<IpAddr>, now: Instant) -> bool {
        let subjects = subjects(user, address);
        let counts = |attempts: &Attempts| now.millis_since(attempts.since) < WINDOW.as_millis();
        if self.0.len() > MOST
            || subjects.iter().any(|subject| self.0.get(subject).is_some_and(|old| !counts(old)))
        {
            self.0.retain(|_, attempts| counts(attempts));
        }
        let count = |subject| self.0.get(subject).map_or(0, |attempts| attempts.count);
        if subjects.iter().any(|subject| count(subject) >= subject.most()) || self.0.len() > MOST {
            return false;
        }
        for subject in subjects {
            self.0.entry(subject).or_insert(Attempts { since: now, count: 0 }).count += 1;
        }
        true
    }

    /// Forgets a user's attempts from an address: the last one succeeded.
    pub(crate) fn forgive(&mut self, user: &str, address: Option<IpAddr>) {
        for subject in subjects(user, address) {
            self.0.remove(&subject);
        }
    }
}

impl Subject {
    /// How many attempts there may be within the window.
    fn most(&self) -> u32 {
        match self {
            Self::Both(..) => 5,
            Self::User(_) => 50,
            Self::Address(_) => 100,
        }
    }
}

fn subjects(user: &str, address: Option<IpAddr>) -> Vec<Subject> {
    let user = user.to_owned();
    let of_address = address.map(Subject::Address);
    [Subject::Both(user.clone(), address), Subject::User(user)].into_iter().chain(of_address).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Instant {
        Instant::from_millis(minutes * 60_000)
    }

    fn address(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([192, 0, 2, last]))
    }

    #[test]
    fn after_five_attempts_there_is_a_pause() {
        let mut throttle = Throttle::default();
        let made: Vec<_> = (0..7).map(|minute| throttle.attempt("ada", address(1), at(minute))).collect();
        assert_eq!(made, [true, true, true, true, true, false, false]);
        assert!(throttle.attempt("ada", address(2), at(7)), "from elsewhere");
        assert!(throttle.attempt("bob", address(1), at(7)), "somebody else");
        assert!(throttle.attempt("ada", address(1), at(15)), "later");
    }

    #[test]
    fn success_forgives() {
        let mut throttle = Throttle::default();
        (0..5).for_each(|_| assert!(throttle.attempt("ada", address(1), at(0))));
        throttle.forgive("ada", address(1));
        assert!(throttle.attempt("ada", address(1), at(0)));
    }

    #[test]
    fn many_addresses_and_many_users_are_counted_too() {
        let mut throttle = Throttle::default();
        let of_user = (0..60).filter(|last| throttle.attempt("ada", address(*last), at(0))).count();
        assert_eq!(of_user, 50);
        let of_address =
            (0..200).filter(|user| throttle.attempt(&user.to_string(), address(99), at(0))).count();
        assert_eq!(of_address, 100);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut throttle = Throttle::default();
        let bits = |user: u32| Some(IpAddr::from(user.to_be_bytes()));
        for user in 0..4000 {
            throttle.attempt(&user.to_string(), bits(user), at(0));
        }
        assert!(throttle.0.len() <= MOST + 3);
        assert!(!throttle.attempt("ada", None, at(0)), "there is no room to count it");
        assert!(throttle.attempt("ada", None, at(15)));
    }
}
