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
fn paths_are_told_without_a_value_where_nobody_told_one() {
    let events =
        "lead_id,time,event,source\nada,2026-01-02T09:00:00Z,page,ads\nada,2026-01-04T09:00:00Z,Deal,\n";
    let folder = Folder::new(&[("events.csv", events)]);
    let run = folder.run("attribute -e events.csv --won Deal --channel event.source --methods last");
    let paths =
        "Paths with the most conversions\n     conversions  of journeys\nads            1      100.0 %\n";
    assert!(run.out.contains(paths), "{}", run.out);
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
fn what_keeps_credit_from_being_given_is_told() {
    let events = "lead_id,time,event\nada,2026-01-04T09:00:00Z,Deal\n";
    let folder = Folder::new(&[("events.csv", events)]);
    folder.run("attribute -e events.csv --won deal").check(
        0,
        "0 journeys, 0 conversions\nThere is no conversion, so there is no credit to give.\n",
        "note: no event is called `deal`: every letter counts, and capitals do\n",
    );
    folder.run("attribute -e events.csv --won Deal").check(
        0,
        "1 journey, 1 conversion; 1 without a touchpoint, which nobody is credited with\n\
         No conversion has a touchpoint within --lookback, so there is no credit to give.\n",
        "",
    );
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

const MODEL: &str = "\
kelvin: 1
model: qualified
dimensions:
  fit:
    rules:
      - {id: large, if: lead.employees >= 100, points: 10}
  interest:
    rules:
      - {id: page, event: page, points: 10}
      - {id: stalled, event: Trial Started, unless: {event: Project Created}, within: 7d, points: 20}
tiers: [{name: warm, from: 10}, {name: mql, from: 30}, {name: sql, from: 40}]
";

const VISITS: &str = "\
lead_id,time,event,utm_medium
ada,2026-01-01,page,email
ada,2026-01-02,page,social
ada,2026-01-03,page,affiliate
ben,2026-01-01,page,email
ben,2026-01-02,page,social
ben,2026-01-03,page,affiliate
cleo,2026-01-01,page,email
cleo,2026-01-02,Trial Started,
cleo,2026-01-08,Trial Opened,sms
cleo,2026-01-10,Trial Opened,social
dan,2026-01-01,page,email
dan,2026-02-01,Trial Opened,sms
";

#[test]
fn touchpoints_up_to_the_moment_at_which_a_lead_is_qualified_get_the_credit() {
    let leads = "lead_id,employees\nada,500\nben,5\ncleo,5\ndan,5\n";
    let folder = Folder::new(&[("model.yaml", MODEL), ("events.csv", VISITS), ("leads.csv", leads)]);
    let run = folder.run(
        "attribute -e events.csv -l leads.csv -m model.yaml --reached mql --methods last,linear --format json",
    );
    let told = json(&run);
    let credit = |name: &str| -> Json {
        let channels = told["channels"].as_array().expect("channels");
        let channel = channels.iter().find(|channel| channel["channel"] == name);
        channel.map_or(Json::Null, |channel| channel["credit"]["last"]["conversions"].clone())
    };
    // Ada at once with her second page, Ben with his third, Cleo by time alone on the ninth: what she did on the tenth is late.
    assert_eq!(told["conversions"], 3.0, "{told:#}");
    assert_eq!(
        ["Organic Social", "Affiliates", "SMS"].map(credit),
        [1.0, 1.0, 1.0].map(Json::from),
        "{told:#}"
    );
    // Whoever is qualified already is no journey without a conversion: only Dan's is one.
    assert_eq!(told["journeys"], 4.0);
}

#[test]
fn whoever_is_qualified_brings_what_the_lead_was_worth_then() {
    let leads = "lead_id,employees,budget\nada,500,100\nben,5,20\ncleo,5,\ndan,5,7\n";
    let folder = Folder::new(&[("model.yaml", MODEL), ("events.csv", VISITS), ("leads.csv", leads)]);
    let command =
        "attribute -e events.csv -l leads.csv -m model.yaml --reached mql --methods last --format csv";
    let run = folder.run(&format!("{command} --value 'lead.budget * 2'"));
    let expect = "\
channel,method,conversions,value
Affiliates,last,1,40
Organic Social,last,1,200
SMS,last,1,0
Email,last,0,0
";
    run.check(0, expect, "");
    let run = folder.run(&format!("{command} --value event.amount"));
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("--value"), "{}", run.err);
}

#[test]
fn outcomes_of_a_playbook_are_conversions() {
    let playbook = "playbook: 1\ntime_zone: UTC\noutcomes: [{id: won, kind: won, event: Deal, if: event.stage == 'Won', value: event.amount}]\n";
    let folder = Folder::new(&[("playbook.yaml", playbook), ("events.csv", EVENTS)]);
    let run = folder.run("attribute -e events.csv --playbook playbook.yaml --methods linear --format csv");
    let expect = "channel,method,conversions,value\nEmail,linear,0.5,50\nPaid Search,linear,0.5,50\n";
    run.check(0, expect, "");
}

#[test]
fn outcomes_that_were_told_are_conversions() {
    let outcomes = "id,lead_id,kind,definition,at,value\n1,ada,won,,2026-01-02T12:00:00Z,100\n2,ada,won,,2026-02-01,20\n3,ben,won,,,5\n4,ben,lost,by-mail,2026-01-09,\n";
    let folder = Folder::new(&[("events.csv", EVENTS), ("outcomes.csv", outcomes)]);
    let told = "attribute -e events.csv --outcomes outcomes.csv --methods linear --format csv";
    let expect = "channel,method,conversions,value\nEmail,linear,1,20\nPaid Search,linear,1,100\n";
    let warning = "rejected: outcomes.csv: 1 outcome without a time in `at`\n";
    folder.check(&format!("{told} --outcome won"), 1, expect, warning);
    let expect = "error: no outcome is `qualified`\nhelp: there is `by-mail`, `lost`, `won`\n";
    folder.check(&format!("{told} --outcome qualified"), 2, "", expect);
    let expect = "\
error: it is not said where the outcome `won` stands
help: name a playbook with --playbook, told outcomes with --outcomes, or a store with --store
";
    folder.check("attribute -e events.csv --outcome won", 2, "", expect);
}

#[test]
fn a_tier_that_is_not_there_is_told_with_those_that_are() {
    let folder = Folder::new(&[("model.yaml", MODEL), ("events.csv", VISITS)]);
    let expect = "error: there is no tier `MQL`\nhelp: there is `warm`, `mql`, `sql`\n";
    folder.check("attribute -e events.csv -m model.yaml --reached MQL", 2, "", expect);
    let expect = "\
error: events are read twice, and standard input can be read but once
help: write it to a file first
";
    folder.check("attribute -e - -m model.yaml --reached mql", 2, "", expect);
}
