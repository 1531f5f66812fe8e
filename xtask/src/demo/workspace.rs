//! The demo's leads and events: a software company's, half a year of them, the same in every run; and a day to replay live.

use super::persona::{Mail, PERSONAS, Persona};
use crate::random::Random;

/// The instant of the demo's scores; all events lie before it.
pub(super) const AS_OF: &str = "2026-03-01T00:00:00Z";

/// 2026-03-01, in days since 1970-01-01.
const TODAY: u64 = 20_513;
const DAY_MS: u64 = 86_400_000;
const MINUTE_MS: u64 = 60_000;

const LEADS: u64 = 200;

const FIRST: &[&str] = &[
    "Ada", "Aiko", "Amara", "Anders", "Camille", "Chen", "Dalia", "Diego", "Elena", "Emre", "Fatima", "Finn",
    "Grace", "Hugo", "Ines", "Jonas", "Keiko", "Lars", "Leila", "Marta", "Mateo", "Nadia", "Noah", "Olga",
    "Paula", "Priya", "Quentin", "Rosa", "Samuel", "Sofia", "Tariq", "Uma", "Viktor", "Wanda", "Yusuf",
    "Zoe",
];
const LAST: &[&str] = &[
    "Abara",
    "Bauer",
    "Castillo",
    "Dubois",
    "Eriksson",
    "Fischer",
    "Garcia",
    "Haddad",
    "Ivanova",
    "Jensen",
    "Keller",
    "Lindqvist",
    "Moreau",
    "Nakamura",
    "Okafor",
    "Petrov",
    "Quist",
    "Rossi",
    "Schmidt",
    "Tanaka",
    "Ueda",
    "Vogel",
    "Weber",
    "Xu",
    "Yilmaz",
    "Zhang",
];
/// Name, domain, employees, industry, country.
const COMPANIES: &[(&str, &str, u64, &str, &str)] = &[
    ("Nordwind Logistik GmbH", "nordwind.example", 1_800, "Logistics", "DE"),
    ("Blue Harbor Software", "blueharbor.example", 420, "Software", "US"),
    ("Atelier Lumière", "atelier-lumiere.example", 35, "Retail", "FR"),
    ("Kestrel Bank", "kestrelbank.example", 6_200, "Finance", "GB"),
    ("Maple & Pine Insurance", "maplepine.example", 950, "Finance", "CA"),
    ("Orchard Health", "orchardhealth.example", 2_400, "Healthcare", "US"),
    ("Quanta Analytics", "quanta.example", 85, "Software", "SG"),
    ("Río Verde Foods", "rioverde.example", 310, "Manufacturing", "BR"),
    ("Sundial Media", "sundial.example", 140, "Media", "GB"),
    ("Tallinn Robotics", "tallinnrobotics.example", 60, "Manufacturing", "EE"),
    ("Umbra Security", "umbra.example", 230, "Software", "US"),
    ("Velo Commerce", "velocommerce.example", 540, "Retail", "NL"),
];

/// The hours of the live day.
const HOURS: u64 = 10;

/// One lead, as the CRM has it.
struct Lead {
    id: String,
    row: String,
    /// The same as attributes in JSON.
    traits: String,
}

/// Something that someone does: when, in milliseconds since 1970, the name of the event, and its properties as they stand in the file.
type Deed = (u64, &'static str, String);

/// The CRM's export and the events, as the text of two files.
pub(super) fn files() -> (String, String) {
    let mut random = Random::new(2_026);
    let mut leads = "lead_id,name,email,title,company,employees,industry,country,created_at\n".to_owned();
    let mut events = Vec::new();
    for number in 0..LEADS {
        let persona = persona(number);
        let lead = lead(persona, number, &mut random);
        leads.push_str(&lead.row);
        visits(persona, &lead.id, &mut random, &mut events);
        newsletters(persona, &lead.id, &mut random, &mut events);
    }
    events.sort();
    let lines = events.iter().map(|(_, line)| line.as_str());
    (leads, lines.collect())
}

/// The same leads and what they do on a lively day that ends at `now`, as Segment calls in the order in which they happen.
pub(super) fn calls(now: u64) -> Vec<String> {
    let mut random = Random::new(2_027);
    let start = now - HOURS * 60 * MINUTE_MS;
    let mut calls = Vec::new();
    for number in 0..LEADS {
        let persona = persona(number);
        let Lead { id, traits, .. } = lead(persona, number, &mut random);
        calls.push((start, format!(r#""type":"identify","userId":"{id}","traits":{traits}"#)));
        for _ in 0..random.between(persona.visits.0, persona.visits.1) / 3 {
            let at = start + random.between(0, HOURS * 60 - 60) * MINUTE_MS;
            let deeds = visit(persona, at, &mut random);
            calls.extend(deeds.into_iter().map(|deed| (deed.0, call(&id, &deed))));
        }
    }
    calls.sort();
    let whole = |(number, (at, call)): (usize, &(u64, String))| {
        format!(r#"{{"messageId":"demo-{number}","timestamp":"{}",{call}}}"#, time(*at))
    };
    calls.iter().enumerate().map(whole).collect()
}

/// What makes a deed a Segment call, less its id and its time.
fn call(lead: &str, (_, name, properties): &Deed) -> String {
    let (own, context) = properties.split_once(",\"context\":").unwrap_or((properties, "{}"));
    let own = own.trim_start_matches(',');
    let kind = match *name {
        "page" => r#""type":"page""#.to_owned(),
        name => format!(r#""type":"track","event":"{name}""#),
    };
    format!(r#"{kind},"userId":"{lead}","context":{context},"properties":{{{own}}}"#)
}

/// Spreads the kinds evenly over the leads.
fn persona(number: u64) -> &'static Persona {
    let mut place = number * 37 % 100;
    for persona in PERSONAS {
        if place < persona.share {
            return persona;
        }
        place -= persona.share;
    }
    &PERSONAS[0]
}

fn lead(persona: &Persona, number: u64, random: &mut Random) -> Lead {
    // Eleven is prime to both lengths, so that no two of the leads have one name.
    let first = FIRST[(number % FIRST.len() as u64) as usize];
    let last = LAST[(number * 11 % LAST.len() as u64) as usize];
    let (company, domain, employees, industry, country) = *random.pick(COMPANIES);
    let domain = match persona.mail {
        Mail::Company => domain,
        Mail::Free => random.pick(&["gmail.com", "outlook.com", "gmx.de"]),
        Mail::University => "stud.tu-berlin.de",
        Mail::Rival => "rival.example",
    };
    let name = format!("{first} {last}");
    let id = format!("{}.{}@{domain}", first.to_lowercase(), last.to_lowercase());
    let title = random.pick(persona.titles);
    let created = date(persona.days.0 + random.between(1, 5));
    let firm = match persona.mail {
        Mail::Company => format!("{},{employees},{industry},{country}", quoted(company)),
        _ => format!(",,,{country}"),
    };
    let row = format!("{id},{name},{id},{},{firm},{created}\n", quoted(title));
    let firm = match persona.mail {
        Mail::Company => format!(r#","company":"{company}","employees":{employees},"industry":"{industry}""#),
        _ => String::new(),
    };
    let traits =
        format!(r#"{{"name":"{name}","email":"{id}","title":"{title}","country":"{country}"{firm}}}"#);
    Lead { id, row, traits }
}

/// Visits to the site: some pages each, and what comes of them.
fn visits(persona: &Persona, lead: &str, random: &mut Random, events: &mut Vec<(u64, String)>) {
    let (from, to) = persona.days;
    for _ in 0..random.between(persona.visits.0, persona.visits.1) {
        let at = moment(random.between(to, from), random);
        let deeds = visit(persona, at, random);
        events.extend(deeds.iter().map(|(at, name, properties)| event(*at, lead, name, properties)));
    }
}

/// Some pages, and in one visit of three what comes of them.
fn visit(persona: &Persona, mut at: u64, random: &mut Random) -> Vec<Deed> {
    let mut deeds = Vec::new();
    for _ in 0..random.between(1, 6) {
        let page = random.pick(persona.pages);
        let seconds = random.between(5, 240);
        deeds.push((at, "page", format!(",\"path\":\"{page}\",\"duration\":{seconds}")));
        at += seconds * 1_000;
    }
    if random.chance(33) {
        let (name, properties) = *random.pick(persona.actions);
        deeds.push((at + MINUTE_MS, name, properties.to_owned()));
    }
    deeds
}

/// A newsletter every other week: opened by some, clicked by fewer.
fn newsletters(persona: &Persona, lead: &str, random: &mut Random, events: &mut Vec<(u64, String)>) {
    for number in 1..=12 {
        if random.chance(persona.opens) {
            let at = moment(number * 14, random);
            let properties = format!(",\"campaign\":\"newsletter-{:02}\"", 13 - number);
            events.push(event(at, lead, "Email Opened", &properties));
            if random.chance(30) {
                events.push(event(at + MINUTE_MS, lead, "Email Link Clicked", &properties));
            }
        }
    }
}

/// One line of events.jsonl, with its time to sort by.
fn event(at: u64, lead: &str, name: &str, properties: &str) -> (u64, String) {
    (at, format!("{{\"lead_id\":\"{lead}\",\"time\":\"{}\",\"event\":\"{name}\"{properties}}}\n", time(at)))
}

/// Some time in working hours, so many days ago, in milliseconds since 1970.
fn moment(days_ago: u64, random: &mut Random) -> u64 {
    (TODAY - days_ago) * DAY_MS + random.between(8 * 60 * 60, 18 * 60 * 60) * 1_000
}

fn time(at: u64) -> String {
    let second = at / 1_000 % 86_400;
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{}T{hour:02}:{minute:02}:{second:02}Z", calendar(at / DAY_MS))
}

fn date(days_ago: u64) -> String {
    calendar(TODAY - days_ago)
}

/// The date of a day since 1970-01-01 (the usual arithmetic of eras that begin in March).
fn calendar(day: u64) -> String {
    let day = day + 719_468;
    let (era, of_era) = (day / 146_097, day % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{of_month:02}")
}

/// A CSV field, quoted where it must be.
fn quoted(text: &str) -> String {
    if text.contains(',') { format!("\"{text}\"") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_workspace_is_the_same_each_time_and_of_a_size_to_look_at() {
        let (leads, events) = files();
        assert_eq!((leads.clone(), events.clone()), files());
        assert_eq!(leads.lines().count(), 201);
        assert!((4_000..6_000).contains(&events.lines().count()), "{}", events.lines().count());
    }

    #[test]
    fn the_live_day_ends_now_and_is_told_in_order() {
        let now = TODAY * DAY_MS;
        let calls = calls(now);
        assert!((1_000..3_000).contains(&calls.len()), "{}", calls.len());
        let times: Vec<&str> = calls.iter().filter_map(|call| call.split('"').nth(7)).collect();
        assert_eq!(times[0], "2026-02-28T14:00:00Z");
        assert!(times.is_sorted() && *times[calls.len() - 1] < *AS_OF, "{times:?}");
    }

    #[test]
    fn every_lead_has_an_id_of_its_own() {
        let (leads, _) = files();
        let ids: BTreeSet<_> = leads.lines().skip(1).filter_map(|row| row.split(',').next()).collect();
        assert_eq!(ids.len() as u64, LEADS);
    }

    #[test]
    fn the_shares_of_the_kinds_add_up() {
        assert_eq!(PERSONAS.iter().map(|persona| persona.share).sum::<u64>(), 100);
    }

    #[test]
    fn days_become_dates() {
        assert_eq!(date(0), &AS_OF[..10]);
        assert_eq!(date(1), "2026-02-28");
        assert_eq!(calendar(0), "1970-01-01");
        assert_eq!(calendar(19_782), "2024-02-29");
    }
}
