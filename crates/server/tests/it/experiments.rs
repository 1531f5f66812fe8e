//! How the arms of an experiment convert: what counts from when on, and a test that holds however often one looks.

use kelvin_learn::sequential::Arm;
use kelvin_model::playbook::experiment::{Challenger, Experiment};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::service::{Service, Setup, with};

/// What won means, beside what is told.
const OUTCOMES: &str = "\
outcomes:
  - {id: won, kind: won, event: Deal Closed, if: 'event.stage == \"won\"', value: event.amount, currency: EUR}
";

fn model(id: &str) -> String {
    format!(
        "kelvin: 1\nmodel: {id}\ndimensions: {{web: {{rules: [{{id: demo, event: Demo, points: 30}}]}}}}\n"
    )
}

fn playbook(experiments: &str) -> String {
    format!("playbook: 1\ntime_zone: UTC\n{OUTCOMES}experiments: [{experiments}]\n")
}

/// An experiment of the models `old` and `new`.
fn trial(share: u32) -> String {
    format!("{{id: trial, champion: old, challengers: {{new: {share}}}}}")
}

fn start(share: u32) -> (Service, TempDir) {
    let (old, new, playbook) = (model("old"), model("new"), playbook(&trial(share)));
    with(&Setup { models: &[&old, &new], playbook: Some(&playbook), ..Setup::default() })
}

/// As the service deals.
fn dealt(id: &str, (champion, challenger): (&str, &str), share: u32) -> Experiment {
    let challengers = vec![Challenger { model: challenger.to_owned(), share }];
    Experiment { id: id.to_owned(), champion: champion.to_owned(), challengers, shadow: Vec::new() }
}

/// The first leads of an arm of `trial` with equal shares.
fn leads_of<const COUNT: usize>(model: &str) -> [String; COUNT] {
    let trial = dealt("trial", ("old", "new"), 50);
    let mut leads = (0..).map(|number| format!("lead-{number}")).filter(|lead| trial.arm(lead) == model);
    std::array::from_fn(|_| leads.next().unwrap())
}

fn seen(lead: &str, time: &str) -> Json {
    json!({"type": "track", "event": "Seen", "userId": lead, "timestamp": time, "messageId": format!("{lead} {time}")})
}

fn send(service: &Service, calls: &[Json]) {
    let answer = service.post("/v1/batch", &json!({"batch": calls}));
    assert_eq!((answer.status, &answer.json()["rejected"]), (200, &json!([])), "{answer:?}");
}

fn won(lead: &str, at: &str) -> Json {
    json!({"id": format!("{lead} {at}"), "lead": lead, "kind": "won", "at": at, "value": 100.0, "currency": "EUR"})
}

fn tell(service: &Service, outcomes: &[Json]) {
    let answer = service.post("/api/v1/outcomes", &json!(outcomes));
    assert_eq!(answer.status, 200, "{answer:?}");
}

fn standing(service: &Service, query: &str) -> Json {
    let answer = service.get(&format!("/api/v1/experiments/{query}"));
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

/// Leads and conversions of each arm.
fn counts(told: &Json) -> Vec<(u64, u64)> {
    let count = |arm: &Json, key: &str| arm[key].as_u64().unwrap();
    let arms = told["arms"].as_array().unwrap().iter();
    arms.map(|arm| (count(arm, "leads"), count(arm, "conversions"))).collect()
}

/// A number between 0 and 1 that stands for chance.
fn chance(seed: u64) -> f64 {
    // SplitMix64 (Steele, Lea, Flood, 2014).
    let mut mixed = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

#[test]
fn what_came_after_leads_were_dealt_is_a_conversion() {
    let (service, _folder) = start(50);
    let [old, late, lost] = leads_of("old");
    let [new, before, early] = leads_of("new");
    send(&service, &[&old, &lost, &new, &before].map(|lead| seen(lead, "2026-02-01")));
    service.set_clock("2026-03-15T00:00:00Z");
    // These come to be known while it runs: one after the deal was made.
    send(&service, &[seen(&late, "2026-03-10"), seen(&early, "2026-03-10")]);
    let closed = json!({"type": "track", "event": "Deal Closed", "userId": old, "messageId": "deal", "timestamp": "2026-03-14",
        "properties": {"stage": "won", "amount": 50.0}});
    send(&service, &[closed]);
    let mut of_lost = won(&lost, "2026-03-05");
    of_lost["kind"] = json!("lost");
    let told = [
        won(&before, "2026-02-20"),
        won(&before, "2026-03-05"),
        won(&late, "2026-03-11"),
        won(&early, "2026-03-09"),
        won(&old, "2026-03-05"),
        won(&new, "2026-03-20"),
        of_lost,
    ];
    tell(&service, &told);
    let told = standing(&service, "trial");
    assert_eq!((counts(&told), &told["left_out"]), (vec![(3, 2), (1, 0)], &json!(2)));
    assert_eq!(told["arms"][0]["values"], json!({"EUR": 250}));
    assert_eq!(counts(&standing(&service, "trial?within=3d")), [(3, 1), (1, 0)]);
    assert_eq!(counts(&standing(&service, "trial?kind=lost")), [(3, 1), (3, 0)]);
    // What was won on the 20th counts once it is the 20th.
    service.set_clock("2026-03-21T00:00:00Z");
    assert_eq!(counts(&standing(&service, "trial")), [(3, 2), (1, 1)]);
}

#[test]
fn a_standing_tells_all_that_a_decision_needs() {
    let (service, _folder) = start(50);
    let [olds, news]: [[String; 20]; 2] = [leads_of("old"), leads_of("new")];
    let all: Vec<_> = olds.iter().chain(&news).map(|lead| seen(lead, "2026-02-01")).collect();
    send(&service, &all);
    let of = |leads: &[String], count| {
        leads.iter().take(count).map(|lead| won(lead, "2026-03-10")).collect::<Vec<_>>()
    };
    tell(&service, &[of(&olds, 4), of(&news, 9)].concat());
    service.set_clock("2026-03-15T00:00:00Z");
    let told = standing(&service, "trial?within=90d");
    let keys = ["id", "since", "dealt", "as_of", "kind", "within", "error_rate", "left_out"];
    let head: Vec<_> = keys.map(|key| told[key].clone()).into();
    let start = "2026-03-01T00:00:00Z";
    assert_eq!(json!(head), json!(["trial", start, start, "2026-03-15T00:00:00Z", "won", "90d", 0.05, 0]));
    let new = &told["arms"][1];
    assert_eq!((&new["rate"], &new["share"], &new["is_astray"]), (&json!(0.45), &json!(50.0), &json!(false)));
    let race = &new["against_champion"];
    assert_eq!((&race["ratio"], &race["winner"]), (&json!(2.25), &Json::Null));
    let (more, weeks) = (race["more"].as_f64().unwrap(), new["more_weeks"].as_f64().unwrap());
    assert!(more > 0.0 && (weeks - more * 2.0 / 13.0).abs() < 1e-9, "{told}");
    assert_eq!(told["arms"][0]["against_champion"], Json::Null);
}

#[test]
fn when_leads_are_dealt_anew_nothing_before_counts() {
    let (service, folder) = start(50);
    let [old] = leads_of("old");
    send(&service, &[seen(&old, "2026-02-01")]);
    tell(&service, &[won(&old, "2026-03-02")]);
    service.stop();
    let again = |playbook: &str, now: &str| {
        Service::start_at(
            folder.path(),
            &Setup { models: &[], playbook: Some(playbook), ..Setup::default() },
            now,
        )
    };
    let service = again(&playbook(&trial(50)), "2026-03-10T00:00:00Z");
    let told = standing(&service, "trial");
    assert_eq!((counts(&told), &told["dealt"]), (vec![(1, 1), (0, 0)], &json!("2026-03-01T00:00:00Z")));
    service.stop();
    let service = again(&playbook(&trial(40)), "2026-03-10T00:00:00Z");
    let told = standing(&service, "trial");
    assert_eq!((counts(&told), &told["left_out"]), (vec![(0, 0), (0, 0)], &json!(1)));
    assert_eq!(
        (&told["since"], &told["dealt"]),
        (&json!("2026-03-01T00:00:00Z"), &json!("2026-03-10T00:00:00Z"))
    );
    // A challenger that is withdrawn leaves its leads to the champion: from then on nobody is compared.
    service.set_clock("2026-03-11T00:00:00Z");
    assert_eq!(service.request("DELETE /api/v1/models/new", &[], &[]).status, 204);
    let told = standing(&service, "trial");
    let arms = json!([told["arms"][0]["model"], told["arms"][0]["share"], told["arms"][1]]);
    assert_eq!((arms, &told["dealt"]), (json!(["old", 100.0, null]), &json!("2026-03-11T00:00:00Z")));
}

#[test]
fn a_person_of_two_arms_counts_where_the_id_of_now_is_dealt() {
    let (service, _folder) = start(20);
    let people: Vec<_> =
        (0..400).map(|number| (format!("visitor-{number}"), format!("user-{number}"))).collect();
    let visit = |(visitor, _): &(String, String)| json!({"type": "page", "anonymousId": visitor, "timestamp": "2026-02-01", "messageId": visitor});
    send(&service, &people.iter().map(visit).collect::<Vec<_>>());
    let identify = |(visitor, user): &(String, String)| json!({"type": "identify", "userId": user, "anonymousId": visitor, "timestamp": "2026-03-02", "messageId": user});
    service.set_clock("2026-03-05T00:00:00Z");
    send(&service, &people.iter().map(identify).collect::<Vec<_>>());
    // Whom a deal names, and as whom, no model decides.
    let name = |(place, (visitor, user)): (usize, &(String, String))| {
        if place % 2 == 0 { visitor.clone() } else { user.clone() }
    };
    let named: Vec<_> = people.iter().enumerate().map(name).collect();
    tell(&service, &named.iter().step_by(3).map(|lead| won(lead, "2026-03-04")).collect::<Vec<_>>());
    let told = standing(&service, "trial");
    let trial = dealt("trial", ("old", "new"), 20);
    let of_new = people.iter().filter(|(_, user)| trial.arm(user) == "new").count() as u64;
    let found = counts(&told);
    assert_eq!((found[0].0, found[1].0, found[0].1 + found[1].1), (400 - of_new, of_new, 134));
    assert_eq!((&told["arms"][0]["is_astray"], &told["left_out"]), (&json!(false), &json!(0)));
    // Had those been left out whom both had, the shares would not hold: of the small arm more would be gone.
    let stayed = |model: &str| {
        let is_of = |id: &str| trial.arm(id) == model;
        people.iter().filter(|(visitor, user)| is_of(visitor) && is_of(user)).count() as u64
    };
    let arm = |share, leads| Arm { share, leads, conversions: 0 };
    let arms = [arm(80.0, stayed("old")), arm(20.0, stayed("new"))];
    assert!(arms[1].astray(&arms).is_some(), "{arms:?}");
}

#[test]
fn of_arms_alike_few_are_called_different_and_a_planted_difference_is_found() {
    const ALIKE: usize = 24;
    let ids: Vec<_> = (0..=ALIKE).map(|number| (format!("c{number}"), format!("d{number}"))).collect();
    let models: Vec<_> =
        ids.iter().flat_map(|(champion, challenger)| [model(champion), model(challenger)]).collect();
    let share = |number: usize| if number.is_multiple_of(2) { 50 } else { 20 };
    let experiments = ids.iter().enumerate().map(|(number, (champion, challenger))| {
        format!("{{id: e{number}, champion: {champion}, challengers: {{{challenger}: {}}}}}", share(number))
    });
    let experiments: Vec<_> = experiments.collect();
    let models: Vec<_> = models.iter().map(String::as_str).collect();
    let playbook = playbook(&experiments.join(", "));
    let (service, _folder) = with(&Setup { models: &models, playbook: Some(&playbook), ..Setup::default() });
    let leads: Vec<_> = (0..300).map(|number| format!("lead-{number}")).collect();
    send(&service, &leads.iter().map(|lead| seen(lead, "2026-02-01")).collect::<Vec<_>>());
    // The last of them does better: its leads are three times as likely to buy, each on some day.
    let planted = dealt(&format!("e{ALIKE}"), ("c", "d"), share(ALIKE));
    let bought = |lead: &str, number: u64| {
        let rate = if planted.arm(lead) == "d" { 0.75 } else { 0.25 };
        (chance(2 * number) < rate).then(|| (chance(2 * number + 1) * 10.0) as usize)
    };
    let bought: Vec<_> =
        leads.iter().zip(0..).filter_map(|(lead, number)| Some((lead, bought(lead, number)?))).collect();
    let mut decided = vec![None; ALIKE + 1];
    for day in 0..10 {
        let at = format!("2026-03-{:02}T12:00:00Z", day + 2);
        let of_day = bought.iter().filter(|(_, of)| *of == day).map(|(lead, _)| won(lead, &at));
        tell(&service, &of_day.collect::<Vec<_>>());
        service.set_clock(&at);
        for (number, decided) in decided.iter_mut().enumerate().filter(|(_, decided)| decided.is_none()) {
            let told = standing(&service, &format!("e{number}"));
            *decided = told["arms"][1]["against_champion"]["winner"].as_str().map(str::to_owned);
        }
    }
    let wrong = decided[..ALIKE].iter().flatten().count();
    assert!(wrong <= 4, "{wrong} of {ALIKE} arms without a difference were called different");
    assert_eq!(decided[ALIKE].as_deref(), Some("challenger"));
}

#[test]
fn what_cannot_be_told_is_a_problem() {
    let (service, folder) = start(50);
    let problem = |service: &Service, query: &str| {
        let answer = service.get(&format!("/api/v1/experiments/{query}"));
        (answer.status, answer.json()["code"].clone(), answer.json()["detail"].clone())
    };
    let of = |status, code, detail| (status, json!(code), json!(detail));
    let unknown = of(404, "unknown-experiment", "no experiment `trail` is carried out");
    assert_eq!(problem(&service, "trail"), unknown);
    assert_eq!(problem(&service, "trial?kind=Won"), of(400, "bad-query", "`Won` is no kind of outcome"));
    assert_eq!(problem(&service, "trial?within=long").1, json!("bad-query"));
    service.stop();
    let service = Service::start(folder.path(), &Setup { models: &[], ..Setup::default() });
    assert_eq!(problem(&service, "trial").0, 404);
}
