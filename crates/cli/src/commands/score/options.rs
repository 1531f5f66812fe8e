//! Values of the options of `kelvin score`.

use std::num::NonZeroUsize;

use kelvin_batch::selection::{Order, OrderKey, TierName};

use crate::failure::{Failure, Outcome};

/// Reads an order: a key, with `-` before it the greatest first.
pub(super) fn order(text: &str) -> Result<Order, String> {
    let (key, descending) = text.strip_prefix('-').map_or((text, false), |key| (key, true));
    let key = match key {
        "" => return Err("expected `lead_id`, `score` or a dimension".to_owned()),
        "lead_id" => OrderKey::LeadId,
        "score" => OrderKey::Score,
        dimension => OrderKey::Dimension(dimension.into()),
    };
    Ok(Order { key, descending })
}

/// The order where none is given.
pub(super) fn default_order(by_score: bool) -> Order {
    if by_score { Order { key: OrderKey::Score, descending: true } } else { Order::default() }
}

/// Reads where leads stand.
pub(super) fn tier(name: &str) -> TierName {
    match name {
        "none" => TierName::None,
        "disqualified" => TierName::Disqualified,
        name => TierName::Named(name.into()),
    }
}

/// Reads a number of bytes.
pub(super) fn size(text: &str) -> Result<u64, String> {
    let wrong = || "expected a size, as in `512M` or `4G`".to_owned();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let factor: u64 = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        "t" | "tb" | "tib" => 1 << 40,
        _ => return Err(wrong()),
    };
    let number: u64 = number.parse().map_err(|_| wrong())?;
    number.checked_mul(factor).ok_or_else(|| "larger than any memory".to_owned())
}

/// Reads a number of threads.
pub(in crate::commands) fn threads(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| "expected a whole number from 1 on".to_owned())
}

/// Refuses tiers that no model has.
pub(super) fn check_tiers(wanted: &[TierName], known: Vec<&str>) -> Outcome<()> {
    for tier in wanted {
        if let TierName::Named(name) = tier
            && !known.contains(&&**name)
        {
            let all = list(known.into_iter().chain(["none", "disqualified"]));
            return Err(Failure::new(format!("no model has a tier `{name}`")).help(format!("there is {all}")));
        }
    }
    Ok(())
}

/// Refuses to order by a dimension that no model has.
pub(super) fn check_order(order: &Order, known: Vec<&str>) -> Outcome<()> {
    match &order.key {
        OrderKey::Dimension(name) if !known.contains(&&**name) => {
            let all = list(["lead_id", "score"].into_iter().chain(known));
            Err(Failure::new(format!("cannot sort by `{name}`")).help(format!("there is {all}")))
        }
        _ => Ok(()),
    }
}

/// Names, each once, in backticks.
pub(super) fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut seen: Vec<&str> = Vec::new();
    names.for_each(|name| {
        if !seen.contains(&name) {
            seen.push(name);
        }
    });
    let quoted: Vec<_> = seen.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_binary_units() {
        let check = |text, expect: Option<u64>| assert_eq!(size(text).ok(), expect, "{text}");
        check("512", Some(512));
        check("512M", Some(512 << 20));
        check("4g", Some(4 << 30));
        check("2GiB", Some(2 << 30));
        check("1kb", Some(1024));
        check("", None);
        check("M", None);
        check("1.5G", None);
        check("-1", None);
        check("4x", None);
        check("99999999999999999999", None);
        check("18446744073709551615T", None);
    }

    #[test]
    fn at_least_one_thread_works() {
        assert_eq!(threads("2").map(NonZeroUsize::get), Ok(2));
        let wrong = Err("expected a whole number from 1 on".to_owned());
        assert_eq!(["0", "-1", "two", ""].map(threads), [(); 4].map(|()| wrong.clone()));
    }

    #[test]
    fn an_order_is_a_key_and_a_direction() {
        let check = |text, key, descending| assert_eq!(order(text), Ok(Order { key, descending }), "{text}");
        check("lead_id", OrderKey::LeadId, false);
        check("-score", OrderKey::Score, true);
        check("fit", OrderKey::Dimension("fit".into()), false);
        assert!(order("-").is_err());
    }
}
