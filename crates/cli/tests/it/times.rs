//! `kelvin score`: times that say nothing of their offset from UTC.

use crate::run::Folder;

const MODEL: &str = "\
kelvin: 1
model: m
dimensions: {f: {rules: [{id: page, event: page, points: 1}]}}
";

/// One event in winter and one in summer, each at noon, then one with an offset of its own.
const EVENTS: &str = "\
lead_id,time,event
a,2026-01-15 12:00,page
a,2026-07-15 12:00,page
a,2026-08-15T12:00:00+05:00,page
";

fn folder() -> Folder {
    Folder::new(&[("m.yaml", MODEL), ("e.csv", EVENTS)])
}

#[test]
fn times_are_read_as_the_clocks_of_their_place_showed_them() {
    let last = |as_of: &str, zone: &str| {
        let line =
            format!("score -m m.yaml -e e.csv --as-of {as_of} --time-zone {zone} --format jsonl --explain");
        let run = folder().run(&line);
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
        let (_, last) = run.out.split_once("\"last\":\"").unwrap();
        last.split_once('"').unwrap().0.to_owned()
    };
    assert_eq!(last("2026-02-01", "Europe/Berlin"), "2026-01-15T11:00:00Z");
    assert_eq!(last("2026-08-01", "Europe/Berlin"), "2026-07-15T10:00:00Z");
    assert_eq!(last("2026-08-01", "+01:00"), "2026-07-15T11:00:00Z");
    assert_eq!(last("2026-09-01", "America/New_York"), "2026-08-15T07:00:00Z");
}

#[test]
fn a_time_zone_that_does_not_exist_is_an_error() {
    let told = |zone: &str| {
        let run = folder().run(&format!("score -m m.yaml -e e.csv --time-zone {zone}"));
        assert_eq!(run.code, Some(2));
        run.err.lines().next().unwrap_or_default().to_owned()
    };
    assert_eq!(
        told("Europe/Berln"),
        "error: invalid value 'Europe/Berln' for '--time-zone <ZONE>': unknown time zone: did you mean `Europe/Berlin`?"
    );
    assert_eq!(
        told("+25:00"),
        "error: invalid value '+25:00' for '--time-zone <ZONE>': expected an offset from UTC, as in `+02:00`, or a time zone, as in `Europe/Berlin`"
    );
}
