//! `kelvin drift` as users meet it.

use std::fmt::Write;

use kelvin_kernel::Instant;
use kelvin_learn::Random;

use crate::run::Folder;

/// Leads of a period: sizes around a middle, and probabilities of which so many in a hundred come true.
fn leads(middle: u32, true_in_hundred: u32) -> String {
    let mut text = String::from("employees,country,p,won\n");
    for row in 0..400_u32 {
        let spread = row * 37 % 101;
        let won = row * 59 % 100 < true_in_hundred;
        let country = ["DE", "AT", "CH"][row as usize % 3];
        writeln!(text, "{},{country},0.{},{won}", middle + spread, 2 + row % 3).unwrap();
    }
    text
}

#[test]
fn an_attribute_that_moved_sets_off_an_alarm() {
    let folder = Folder::new(&[("a.csv", &leads(100, 30)), ("b.csv", &leads(160, 30))]);
    let run = folder.run("drift -l a.csv --later b.csv --ignore won");
    assert_eq!(run.code, Some(1), "{}{}", run.out, run.err);
    assert!(run.out.contains("lead.employees  strong"), "{}", run.out);
    assert!(run.out.contains("2 attributes unchanged"), "{}", run.out);
}

#[test]
fn where_nothing_moved_there_is_no_alarm() {
    let folder = Folder::new(&[("a.csv", &leads(100, 30)), ("b.csv", &leads(100, 30))]);
    let run = folder.run("drift -l a.csv --later b.csv --outcome 'lead.won == true' --probability p");
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    assert!(run.out.contains("nothing has changed that could not be chance"), "{}", run.out);
}

#[test]
fn probabilities_that_are_wrong_now_set_off_an_alarm() {
    let folder = Folder::new(&[("a.csv", &leads(100, 30)), ("b.csv", &leads(100, 60))]);
    let run =
        folder.run("drift -l a.csv --later b.csv --outcome 'lead.won == true' --probability p --format json");
    assert_eq!(run.code, Some(1), "{}{}", run.out, run.err);
    let told: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(told["level"], "strong");
    assert_eq!(told["calibration"][1]["observed"], 240.0);
    assert!(told["calibration"][0]["p"].as_f64() > Some(0.5));
}

#[test]
fn a_column_that_only_one_period_has_is_told() {
    let folder = Folder::new(&[("a.csv", "size\n1\n2\n"), ("b.csv", "width\n1\n2\n")]);
    let run = folder.run("drift -l a.csv --later b.csv");
    assert_eq!(run.code, Some(2), "{}", run.out);
    assert!(run.err.contains("is not in both periods"), "{}", run.err);
}

/// Events of 60 leads, a new one each day: what they do in the weeks after, which from the 31st lead on may be something else.
fn doings(then: &str) -> String {
    let mut text = String::from("lead_id,time,event\n");
    let day = |days: i64| Instant::from_millis(1_767_225_600_000 + days * 86_400_000);
    for lead in 0..60_i64 {
        writeln!(text, "{lead},{},page", day(lead)).unwrap();
        for visit in 0..4 + lead % 5 {
            let event = if lead > 30 && visit % 2 == 0 { then } else { ["page", "mail"][visit as usize % 2] };
            writeln!(text, "{lead},{},{event}", day(lead + 1 + visit % 6)).unwrap();
        }
        if lead % 3 == 0 {
            writeln!(text, "{lead},{},Deal Won", day(lead + 9)).unwrap();
        }
    }
    text
}

#[test]
fn leads_that_do_something_else_set_off_an_alarm() {
    let command =
        "drift -e events.csv --outcome-event 'Deal Won' --horizon 3d --since 2026-02-07 --format json";
    let found = |then: &str| -> serde_json::Value {
        let run = Folder::new(&[("events.csv", &doings(then))]).run(command);
        let told: serde_json::Value =
            serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.err));
        told["events"].clone()
    };
    let [same, other] = ["page", "Webinar"].map(found);
    assert_eq!((&same["mix"]["level"], &same["rates"]["level"]), (&"none".into(), &"none".into()), "{same}");
    assert_eq!(
        (&other["mix"]["level"], &other["rates"]["level"]),
        (&"strong".into(), &"strong".into()),
        "{other}"
    );
}

/// Leads that come in all through a year, some far keener than others, and go on doing things until its end. From the 250th day on leads
/// that are new look at so many times as many pages.
fn year(seed: u64, then: f64) -> Folder {
    let mut random = Random::new(seed);
    let day = |days: f64| Instant::from_millis(1_767_225_600_000 + (days * 86_400_000.0) as i64);
    let (mut leads, mut events) =
        ("lead_id,created_at,employees,country\n".to_owned(), "lead_id,time,event\n".to_owned());
    for lead in 0..160 {
        let since = random.unit() * 365.0;
        let (size, country) = ((40.0 * random.normal().exp()) as u32, ["DE", "AT", "CH"][random.below(3)]);
        writeln!(leads, "{lead},{},{size},{country}", day(since)).unwrap();
        let keen = 0.25 * (0.7 * random.normal()).exp();
        let mut at = since;
        loop {
            at -= random.unit().ln() / (keen * if since > 250.0 { then } else { 1.0 });
            if at > 365.0 {
                break;
            }
            let event = if random.unit() < 0.03 { "Deal Won" } else { ["page", "mail"][random.below(2)] };
            writeln!(events, "{lead},{},{event}", day(at)).unwrap();
        }
    }
    Folder::new(&[("leads.csv", &leads), ("events.csv", &events)])
}

const SINCE: &str = "drift -l leads.csv -e events.csv --since 2026-09-08";

#[test]
fn where_nothing_changes_over_a_year_alarms_are_as_rare_as_it_says() {
    for more in ["", " --outcome-event 'Deal Won' --horizon 30d"] {
        let alarms = (0..40).filter(|seed| year(*seed, 1.0).run(&format!("{SINCE}{more}")).code == Some(1));
        // Attributes and events: 10 % of 40, and two standard deviations and a half.
        let alarms = alarms.count();
        assert!(alarms <= 9, "{alarms}{more}");
    }
}

#[test]
fn leads_that_do_three_times_as_much_from_a_day_on_are_found() {
    for seed in 0..10 {
        let run = year(seed, 3.0).run(SINCE);
        assert_eq!(run.code, Some(1), "{seed}: {}{}", run.out, run.err);
        assert!(run.out.contains("how many there are has changed"), "{seed}: {}", run.out);
    }
}

#[test]
fn leads_are_not_compared_at_several_ages() {
    let run = year(0, 1.0).run(&format!("{SINCE} --every 30d"));
    assert_eq!(
        (run.code, run.err.as_str()),
        (
            Some(2),
            "error: `--every` cannot be used here: leads are compared at one age, each once\n\
             help: leave it out; `--after 60d` looks at all of them when they are older\n"
        )
    );
}

#[test]
fn leads_that_were_known_before_events_were_recorded_set_off_no_alarm() {
    let folder = year(1, 1.0);
    let old: String = (0..200).map(|lead| format!("old-{lead},2024-03-01,50,DE\n")).collect();
    folder.write("leads.csv", &(folder.read("leads.csv") + &old));
    let run = folder.run(SINCE);
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    assert!(
        // Two of the others, too.
        run.err.contains("202 leads became known before the first event: what they did then"),
        "{}",
        run.err
    );
}
