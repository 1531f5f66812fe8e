//! What the texts of a playbook look like: days, dates, times, zones, addresses.

use jiff::{civil::Date, tz::TimeZoneDatabase};

use super::setting::Setting;
use crate::{
    diagnostics::{did_you_mean, nearest},
    grammar::{Fault, WEEKDAYS},
};

/// Minutes after midnight of `08:00`, up to `24:00`.
pub(crate) fn minutes(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let is_number = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(hour) || !is_number(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (minute < 60 && hour * 60 + minute <= 24 * 60).then_some(hour * 60 + minute)
}

/// The days that `mon` or `mon-fri` means, from Monday as 0; a range may go over the end of a week.
pub(crate) fn weekdays(text: &str) -> Option<Vec<usize>> {
    let day = |text: &str| WEEKDAYS.iter().position(|day| *day == text.trim());
    let Some((first, last)) = text.split_once('-') else { return Some(vec![day(text)?]) };
    let (first, last) = (day(first)?, day(last)?);
    let length = (last + 7 - first) % 7;
    Some((0..=length).map(|step| (first + step) % 7).collect())
}

/// Why a text is no day and no range of days.
pub(crate) fn days(text: &str) -> Option<Fault> {
    if weekdays(text).is_some() {
        return None;
    }
    let short: Option<Vec<&str>> = text
        .split(['-', '–'])
        .map(|day| WEEKDAYS.iter().copied().find(|short| day.trim().to_lowercase().starts_with(short)))
        .collect();
    let help = match short.filter(|days| days.len() <= 2) {
        Some(days) => format!("did you mean `{}`?", days.join("-")),
        None => {
            "days are `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun` and ranges such as `mon-fri`".into()
        }
    };
    Some(Fault { what: "is no day of the week", help })
}

/// Why a text is no date.
pub(crate) fn date(text: &str) -> Option<Fault> {
    let bytes = text.as_bytes();
    let is_shaped = bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-';
    if is_shaped && text.parse::<Date>().is_ok() {
        return None;
    }
    if is_shaped && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit()) {
        return Some(Fault {
            what: "is a day that no calendar has",
            help: "look up year, month and day".into(),
        });
    }
    let help = match turned(text) {
        Some(date) => format!("did you mean `{date}`?"),
        None => "dates are written `2026-12-24`".into(),
    };
    Some(Fault { what: "is not a date", help })
}

/// `24.12.2026` as `2026-12-24`. A date with slashes may be of either order: nothing is guessed.
fn turned(text: &str) -> Option<Date> {
    let mut parts = text.split('.').map(str::trim);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let number = |text: &str| text.parse::<i8>().ok();
    Date::new(year.parse().ok().filter(|year| *year > 1000)?, number(month)?, number(day)?).ok()
}

/// Why a text is no time of day.
pub(crate) fn time(text: &str) -> Option<Fault> {
    let fault =
        || Fault { what: "is not a time of day", help: "times are written `08:00`, up to `23:59`".into() };
    minutes(text).filter(|minute| *minute < 24 * 60).is_none().then(fault)
}

/// Why a text is no time zone.
pub(crate) fn zone(text: &str) -> Option<Fault> {
    let zones = TimeZoneDatabase::bundled();
    if zones.get(text).is_ok() {
        return None;
    }
    let names: Vec<String> = zones.available().map(|known| known.to_string()).collect();
    let wanted = text.replace(' ', "_");
    let is_city =
        |known: &&String| known.rsplit('/').next().is_some_and(|city| city.eq_ignore_ascii_case(&wanted));
    let city = names.iter().find(is_city).map(String::as_str);
    let help = match city.or_else(|| nearest(text, names.iter().map(String::as_str))) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "zones have the names of cities, as in `Europe/Berlin` or `America/New_York`".into(),
    };
    Some(Fault { what: "is not a time zone", help })
}

/// Why a text is no e-mail address.
pub(crate) fn email(text: &str) -> Option<Fault> {
    let setting = match Setting::parse(text) {
        Ok(setting) => setting,
        Err(fault) => return Some(fault),
    };
    let is_address = |text: &str| {
        let sides = text.split_once('@');
        let no_gaps = !text.contains(char::is_whitespace);
        no_gaps
            && sides.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'))
    };
    let fault = || Fault { what: "is not an e-mail address", help: "for example `ada@acme.example`".into() };
    setting.constant().filter(|text| !is_address(text)).map(|_| fault())
}

/// Why a text is no web address.
pub(crate) fn url(text: &str) -> Option<Fault> {
    let setting = match Setting::parse(text) {
        Ok(setting) => setting,
        Err(fault) => return Some(fault),
    };
    let host = |text: &str| {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
        let host = rest.split(['/', '?', '#']).next()?;
        (!host.is_empty() && !text.contains(char::is_whitespace)).then_some(())
    };
    let help = if text.trim_start_matches('$').bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_') {
        format!("a variable of the environment is written `${{{}}}`", text.trim_start_matches('$'))
    } else {
        "it begins with `https://`".into()
    };
    let fault = || Fault { what: "is not a web address", help };
    setting.constant().filter(|text| host(text).is_none()).map(|_| fault())
}

/// A help line for a name that is not known.
pub(crate) fn meant<'a>(written: &str, what: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let listed: Vec<&str> = known.clone().collect();
    did_you_mean(written, known).unwrap_or_else(|| match listed.as_slice() {
        [] => format!("there are no {what}s"),
        [only] => format!("the only {what} is `{only}`"),
        _ => format!("the {what}s are {}", crate::diagnostics::all_of(listed.iter().copied())),
    })
}
