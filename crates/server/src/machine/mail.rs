//! Scanners of mails: rules of thumb, as numbers and names that stand here together.

use kelvin_kernel::Instant;
use kelvin_store::MailEvent;

use super::Rule;
use crate::segment::{Call, Kind, LONGEST_KEY};

/// What Segment calls a mail that has arrived.
const DELIVERED: &str = "Email Delivered";

/// What Segment calls a click.
const CLICKED: &str = "Email Link Clicked";

/// Where a call names the mail, and the link in it.
const MAIL_KEYS: [&str; 2] = ["email_id", "message_id"];
const LINK_KEYS: [&str; 3] = ["link_url", "link_id", "url"];

/// Where a delivery tells how many links the mail has.
const LINKS_KEY: &str = "links";

/// Nobody finds, opens and reads a mail within so long.
const HASTE_MS: i64 = 5_000;

/// Nobody clicks so many different links of a mail within so long; of a mail with fewer, all of them.
const MANY: usize = 3;
const AT_ONCE_MS: i64 = 5_000;

/// One link alone tells nothing.
const FEWEST: usize = 2;

/// What a call says of a mail, and of which.
pub(super) fn event(call: &Call, seq: u64) -> Option<(String, MailEvent)> {
    if call.kind != Kind::Track || ![DELIVERED, CLICKED].contains(&call.name.as_str()) {
        return None;
    }
    let properties = call.object("properties")?;
    let text = |key: &&str| properties.get(*key)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let mail = MAIL_KEYS.iter().find_map(text).filter(|mail| mail.len() <= LONGEST_KEY)?;
    let (link, links) = if call.name == CLICKED {
        (Some(LINK_KEYS.iter().find_map(text).unwrap_or_default()), None)
    } else {
        (None, properties.get(LINKS_KEY).and_then(|links| u32::try_from(links.as_u64()?).ok()))
    };
    Some((mail, MailEvent { seq, time: call.time, link, links }))
}

/// From when to when the clicks lie for which something that happened to a mail can matter, with all that matters for
/// them. How many links a mail has matters for all its clicks.
pub(super) fn around(event: &MailEvent) -> (Instant, Instant) {
    let reach = HASTE_MS.max(AT_ONCE_MS);
    let moved = |by| Instant::from_millis(event.time.as_millis().saturating_add(by));
    if event.links.is_some() { (Instant::MIN, Instant::MAX) } else { (moved(-reach), moved(reach)) }
}

/// Of what happened to one mail, the clicks that no person made; `links` is how many it has, where that is known. More
/// events only ever find more clicks.
pub(super) fn machine_made(events: &[MailEvent], links: Option<u32>) -> Vec<(Rule, u64)> {
    let clicks = events.iter().filter(|event| event.link.is_some());
    let haste = |click: &&MailEvent| {
        let mut deliveries = events.iter().filter(|event| event.link.is_none());
        deliveries.any(|delivery| (0..HASTE_MS).contains(&since(delivery, click)))
    };
    let hasty = clicks.clone().filter(haste).map(|click| (Rule::Haste, click.seq));
    // Of a mail that is known to have few links, all are many.
    let enough = links.map_or(MANY, |links| (links as usize).clamp(FEWEST, MANY));
    let many = clicks.clone().flat_map(|first| {
        let burst: Vec<_> =
            clicks.clone().filter(|click| (0..AT_ONCE_MS).contains(&since(first, click))).collect();
        let mut links: Vec<_> = burst.iter().map(|click| &click.link).collect();
        links.sort_unstable();
        links.dedup();
        let is_many = links.len() >= enough;
        burst.into_iter().filter(move |_| is_many).map(|click| (Rule::ManyLinks, click.seq))
    });
    hasty.chain(many).collect()
}

fn since(earlier: &MailEvent, later: &MailEvent) -> i64 {
    later.time.as_millis().saturating_sub(earlier.time.as_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery(time: i64, links: Option<u32>) -> MailEvent {
        MailEvent { seq: 1, time: Instant::from_millis(time), link: None, links }
    }

    fn click(seq: u64, time: i64, link: &str) -> MailEvent {
        MailEvent { seq, time: Instant::from_millis(time), link: Some(link.to_owned()), links: None }
    }

    /// Which clicks a machine made.
    fn check(events: &[MailEvent], expect: &[u64]) {
        let links = events.iter().filter_map(|event| event.links).min();
        let mut found: Vec<_> = machine_made(events, links).into_iter().map(|(_, seq)| seq).collect();
        found.sort_unstable();
        found.dedup();
        assert_eq!(found, expect, "{events:?}");
    }

    #[test]
    fn a_click_right_after_the_delivery_is_a_machine_s() {
        let sent = delivery(1000, None);
        check(&[sent.clone(), click(2, 5999, "a"), click(3, 6000, "a"), click(4, 999, "a")], &[2]);
    }

    #[test]
    fn many_links_at_once_are_a_machine_s() {
        let links = [click(2, 0, "a"), click(3, 10, "b"), click(4, 4999, "c"), click(5, 5000, "d")];
        check(&links[..3], &[2, 3, 4]);
        check(&links, &[2, 3, 4, 5]);
        check(&[links[0].clone(), links[1].clone(), links[3].clone()], &[]);
        check(&[click(2, 0, "a"), click(3, 1, "a"), click(4, 2, "a")], &[]);
    }

    #[test]
    fn all_links_of_a_mail_at_once_are_a_machine_s() {
        let clicks = [click(2, 10_000, "a"), click(3, 10_500, "b")];
        check(&[delivery(0, None), clicks[0].clone(), clicks[1].clone()], &[]);
        check(&[delivery(0, Some(2)), clicks[0].clone(), clicks[1].clone()], &[2, 3]);
        check(&[delivery(0, Some(1)), clicks[0].clone()], &[]);
    }
}
