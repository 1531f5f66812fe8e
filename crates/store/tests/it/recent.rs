//! What changed of late is seen as if it were in its place already.

use kelvin_kernel::{Instant, Micropoints};
use kelvin_store::{Change, Coming, Holding, LeadScore, NewEvent, Place, Result, View, Writer};

use crate::cluster::cluster;

const LEADS: u64 = 15;
const MODELS: [&str; 2] = ["a", "b"];
const TIERS: [Option<&str>; 3] = [None, Some("hot"), Some("warm")];

/// SplitMix64: the same numbers in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % end
    }

    fn lead(&mut self) -> String {
        format!("lead-{}", self.below(LEADS))
    }
}

/// Some changes in one transaction, the same for every store.
fn work(seed: u64, change: &mut dyn Change) -> Result<()> {
    let random = &mut Random(seed);
    if random.below(2) == 0 {
        let leads = [random.lead(), random.lead()];
        let leads = || leads.iter().map(String::as_str).collect();
        change.foresee(&|| Coming { leads: leads(), models: MODELS.to_vec(), ..Coming::default() })?;
    }
    for _ in 0..random.below(12) {
        let (lead, model) = (random.lead(), MODELS[random.below(2) as usize]);
        match random.below(22) {
            20 => drop(change.due(at(100), 3)?),
            21 => drop(change.holding(model, &lead)?),
            0..8 => {
                let id = format!("id-{}", random.below(400));
                let (time, received) = (at(random.below(1000)), at(0));
                let (id, lead) = (Some(id.as_str()).filter(|_| !seed.is_multiple_of(3)), lead.as_str());
                change.append(&NewEvent { id, profile: lead, time, received, call: "track", body: "{}" })?;
            }
            8 => change.hold(model, &lead, None)?,
            9 if random.below(20) == 0 => change.forget(model)?,
            _ => change.hold(model, &lead, Some(holding(&lead, random)))?,
        }
    }
    Ok(())
}

fn holding(lead: &str, random: &mut Random) -> Holding {
    let score = LeadScore {
        lead: lead.to_owned(),
        score: Micropoints(random.below(10) as i64),
        tier: TIERS[random.below(3) as usize].map(str::to_owned),
        grade: None,
        until: None,
        at: at(random.below(100)),
    };
    Holding {
        state: random.below(1000).to_string().as_bytes().into(),
        due: Some(at(random.below(50))).filter(|due| due.as_millis() > 10),
        score: Some(score).filter(|score| score.score.0 > 0),
    }
}

fn at(millis: u64) -> Instant {
    Instant::from_millis(millis as i64)
}

/// All that a store shows.
fn seen(view: &dyn View) -> Result<String> {
    let mut seen = String::new();
    for lead in (0..LEADS).map(|lead| format!("lead-{lead}")) {
        let events: Vec<u64> = view.events_of(&lead)?.into_iter().map(|event| event.seq).collect();
        let held: Vec<_> = MODELS.iter().map(|model| view.holding(model, &lead)).collect::<Result<_>>()?;
        seen += &format!("{lead} {events:?} {held:?}\n");
    }
    for now in [20, 60] {
        for limit in [3, 100] {
            seen += &format!("{:?}\n", view.due(at(now), limit)?);
        }
    }
    for model in MODELS {
        for tier in [None, Some("none"), Some("hot"), Some("warm"), Some("cold")] {
            for limit in [2, 100] {
                let first = view.ranked(model, tier, None, limit)?;
                let after = first.last().map(|last| Place { score: last.score, lead: last.lead.clone() });
                let next = view.ranked(model, tier, after.as_ref(), limit)?;
                seen += &format!("{model} {tier:?} {first:?} {next:?}\n");
            }
        }
    }
    Ok(seen)
}

#[test]
fn stores_that_bring_together_few_and_many_changes_show_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let open =
        |gather: usize| Writer::open(folder.path().join(format!("{gather}.db"))).unwrap().gathering(gather);
    let gathers = [1, 5, 30, 1_000_000];
    let mut stores = gathers.map(open);
    for round in 0..300 {
        for store in &mut stores {
            store.change(|change| work(round, change)).unwrap();
            // The writer, which knows what it looked through before, sees what others do.
            let written = store.change(|change| seen(change)).unwrap();
            assert_eq!(written, store.reader().unwrap().look(seen).unwrap(), "round {round}");
        }
        if round % 10 > 0 {
            continue;
        }
        let [first, rest @ ..] = stores.each_mut().map(|store| store.reader().unwrap().look(seen).unwrap());
        for (other, gather) in rest.iter().zip(&gathers[1..]) {
            assert_eq!(*other, first, "round {round}, gathering {gather}");
        }
        // Some end and begin anew.
        if round % 30 == 0 {
            drop(stores);
            stores = gathers.map(open);
        }
    }
}

#[test]
fn postgresql_shows_the_same_as_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let database = cluster().database().location();
    let mut stores = [
        Writer::open(folder.path().join("kelvin.db")).unwrap().gathering(30),
        Writer::open(database).unwrap(),
    ];
    for round in 0..120 {
        for store in &mut stores {
            store.change(|change| work(round, change)).unwrap();
        }
        if round % 10 == 0 {
            let [file, database] = stores.each_mut().map(|store| store.reader().unwrap().look(seen).unwrap());
            assert_eq!(database, file, "round {round}");
        }
    }
}

#[test]
fn a_look_sees_one_state_whatever_is_written_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Writer::open(folder.path().join("kelvin.db")).unwrap().gathering(3);
    looks_at_one_state(&mut store);
    looks_at_one_state(&mut Writer::open(cluster().database().location()).unwrap());
}

fn looks_at_one_state(store: &mut Writer) {
    let mut reader = store.reader().unwrap();
    for round in 0..20 {
        store.change(|change| work(round, change)).unwrap();
    }
    let looked: Result<(String, String)> = reader.look(|view| {
        let before = seen(view)?;
        for round in 20..60 {
            store.change(|change| work(round, change))?;
        }
        Ok((before, seen(view)?))
    });
    let (before, after) = looked.unwrap();
    assert_eq!(before, after);
    assert_ne!(reader.look(seen).unwrap(), after);
}

#[test]
fn a_lead_that_changes_again_and_again_takes_no_more_room() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kelvin.db");
    let mut store = Writer::open(&path).unwrap().gathering(100);
    let random = &mut Random(1);
    let rows = || -> i64 {
        let count = "SELECT count(*) FROM recent_holdings";
        rusqlite::Connection::open(&path).unwrap().query_row(count, [], |row| row.get(0)).unwrap()
    };
    for _ in 0..1000 {
        store.change(|change| change.hold("a", "ada", Some(holding("ada", random)))).unwrap();
    }
    assert!(rows() < 300, "{} rows", rows());
    // A large state counts as much as it is.
    let large = Holding { state: vec![7; 100_000].into(), due: None, score: None };
    for _ in 0..50 {
        store.change(|change| change.hold("a", "ada", Some(large.clone()))).unwrap();
    }
    assert!(rows() < 10, "{} rows", rows());
    assert_eq!(store.reader().unwrap().look(|view| view.holding("a", "ada")).unwrap(), Some(large));
}
