//! The demo's leads and events: a software company's, half a year of them, the same in every run.

use super::{
    persona::{Mail, PERSONAS, Persona},
    random::Random,
};

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

/// One lead, as the CRM has it.
struct Lead {
    id: String,
    row: String,
}

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
    Lead { id, row }
}

/// Visits to the site: some pages each, and what comes of them.
fn visits(persona: &Persona, lead: &str, random: &mut Random, events: &mut Vec<(u64, String)>) {
    let (from, to) = persona.days;
    for _ in 0..random.between(persona.visits.0, persona.visits.1) {
        let mut at = moment(random.between(to, from), random);
        for _ in 0..random.between(1, 6) {
            let page = random.pick(persona.pages);
            let seconds = random.between(5, 240);
            let properties = format!(",\"path\":\"{page}\",\"duration\":{seconds}");
            events.push(event(at, lead, "page", &properties));
            at += seconds * 1_000;
        }
        if random.chance(33) {
            let (name, properties) = random.pick(persona.actions);
            events.push(event(at + MINUTE_MS, lead, name, properties));
        }
    }
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
