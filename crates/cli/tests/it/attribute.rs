//! `kelvin attribute` as users meet it.

use serde_json::Value as Json;

use crate::run::Folder;

const EVENTS: &str = "\
lead_id,time,event,id,utm_source,utm_medium,stage,amount
ada,2026-01-02T09:00:00Z,page,1,google,cpc,,
ada,2026-01-03T09:00:00Z,page,2,newsletter,email,,
ada,2026-01-03T09:00:00Z,page,2,newsletter,email,,
ada,2026-01-04T09:00:00Z,Deal,3,,,Won,100
ben,2026-01-02T09:00:00Z,page,4,google,cpc,,
ben,2026-01-05T09:00:00Z,Deal,5,,,Lost,70
";

fn json(run: &crate::run::Run) -> Json {
    serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("JSON: {}{}", run.out, run.err))
}

#[test]
fn an_event_that_comes_twice_is_one_touchpoint() {
    let folder = Folder::new(&[("events.csv", EVENTS)]);
    let options = "--won Deal --won-if 'event.stage == \"Won\"' --value event.amount --methods linear";
    let run = folder.run(&format!("attribute -e events.csv {options} --format csv"));
    let expect = "channel,method,conversions,value\nEmail,linear,0.5,50\nPaid Search,linear,0.5,50\n";
    run.check(0, expect, "");
}

#[test]
fn a_touchpoint_beyond_the_lookback_is_left_out() {
    let folder = Folder::new(&[("events.csv", EVENTS)]);
    let run = folder.run("attribute -e events.csv --won Deal --lookback 1d --methods first --format csv");
    run.check(0, "channel,method,conversions,value\nEmail,first,1,0\n", "");
}

#[test]
fn an_expression_divides_touchpoints_otherwise() {
    let folder = Folder::new(&[("events.csv", EVENTS)]);
    let run = folder
        .run("attribute -e events.csv --won Deal --channel event.utm_source --methods last --format csv");
    let expect = "channel,method,conversions,value\ngoogle,last,1,0\nnewsletter,last,1,0\n";
    run.check(0, expect, "");
}

#[test]
fn conversions_without_a_touchpoint_are_told_and_credited_to_nobody() {
    let events = "lead_id,time,event\nada,2026-01-04T09:00:00Z,Deal\n";
    let folder = Folder::new(&[("events.csv", events)]);
    let told = json(&folder.run("attribute -e events.csv --won Deal --format json"));
    assert_eq!(told["without_touchpoint"]["conversions"], 1.0);
    assert_eq!(told["channels"], Json::Array(Vec::new()));
}

#[test]
fn segment_calls_tell_their_campaign_in_the_context() {
    let calls = r#"{"type":"page","userId":"ada","timestamp":"2026-01-02T09:00:00Z","context":{"campaign":{"source":"google","medium":"cpc","name":"brand"}}}
{"type":"page","userId":"ada","timestamp":"2026-01-03T09:00:00Z","context":{"page":{"url":"https://a.example/","referrer":"https://duckduckgo.com/"}}}
{"type":"track","event":"Deal","userId":"ada","timestamp":"2026-01-04T09:00:00Z"}
"#;
    let folder = Folder::new(&[("events.jsonl", calls)]);
    let run = folder.run("attribute -e events.jsonl --won Deal --methods first,last --format csv");
    let expect = "\
channel,method,conversions,value
Organic Search,first,0,0
Organic Search,last,1,0
Paid Search,first,1,0
Paid Search,last,0,0
";
    run.check(0, expect, "");
}

#[test]
fn a_table_of_paths_needs_its_path() {
    let folder = Folder::new(&[("paths.csv", "way,conversions\na > b,1\n")]);
    let expect = "\
error: `paths.csv`, line 2: there is no `path`
help: --map 'path=COLUMN' tells which column has the channels
";
    folder.check("attribute --paths paths.csv", 2, "", expect);
}

#[test]
fn an_expression_that_makes_no_sense_is_told() {
    let folder = Folder::new(&[("events.csv", EVENTS)]);
    let run = folder.run("attribute -e events.csv --won Deal --value evnt.amount");
    assert_eq!(run.code, Some(2));
    let expect = "\
error: cannot use --value `evnt.amount`: unknown variable `evnt`
help: did you mean `event`?
";
    assert_eq!(run.err, expect);
}

#[test]
fn a_touchpoint_that_tells_becomes_a_rule_that_a_model_takes() {
    let mut events = String::from("lead_id,time,event,utm_campaign\n");
    for lead in 0..300 {
        let campaign = ["webinar", "banner", "brand"][lead % 3];
        events += &format!("{lead},2026-01-02T09:00:00Z,page,{campaign}\n");
        if lead % 3 == 0 && lead % 2 == 0 || lead % 10 == 0 {
            events += &format!("{lead},2026-01-05T09:00:00Z,Deal,\n");
        }
    }
    let folder = Folder::new(&[("events.csv", &events)]);
    folder.check("attribute -e events.csv --won Deal --by campaign --suggest -o model.yaml", 0, "", "");
    let model = folder.read("model.yaml");
    let expect = "\
      # webinar: with it 50 of 100 convert (40.4 to 59.6 %), without it 20 of 200 convert (6.6 to 14.9 %)
      - id: touchpoint-1
        event: 'page'
        if: 'event.utm_campaign == \"webinar\"'
        points: 23
        limit: 1
";
    assert!(model.contains(expect), "{model}");
    folder.write("checked.yaml", &model);
    assert_eq!(folder.run("check checked.yaml --deny-warnings").code, Some(0));
}

#[test]
fn a_channel_that_a_spreadsheet_would_run_is_written_as_text() {
    let events = "lead_id,time,event,utm_source\nada,2026-01-02T09:00:00Z,page,=cmd()\nada,2026-01-03T09:00:00Z,Deal,\n";
    let folder = Folder::new(&[("events.csv", events)]);
    let run = folder
        .run("attribute -e events.csv --won Deal --channel event.utm_source --methods last --format csv");
    run.check(0, "channel,method,conversions,value\n\"'=cmd()\",last,1,0\n", "");
}
