//! `kelvin features`: rows for other tools, and nothing in them that was not known yet.

use serde_json::{Value as Json, json};

use crate::run::Folder;

const LEADS: &str = "\
lead_id,employees,zip,title,No. of offices,converted,won_at,revenue
ada,500,10117,CEO,3,true,2026-02-01,1200
eve,,01099,Intern,1,false,,
bob,20,unknown,VP Sales,2,true,2026-03-01,800
";

fn rows(folder: &Folder, command: &str) -> Vec<Json> {
    let run = folder.run(&format!("features -q --format jsonl {command}"));
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    run.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn rows_of_the_same_lead_and_amounts_that_are_no_numbers_are_told() {
    let leads = "lead_id,employees,won\nada,\"1,164\",yes\nbob,20,no\nada,\"1,164\",yes\n";
    let folder = Folder::new(&[("leads.csv", leads)]);
    let run = folder.run("features -l leads.csv --outcome 'lead.won == \"yes\"' -o table.csv");
    let err = "\
3 examples of leads.csv; outcome: lead.won == \"yes\", 2 with the outcome (66.7 %), 1 feature
note: `lead.employees` holds amounts such as `1,164`, which is no plain number: how much it is says nothing as it stands; write `1164.50`, not `$1,164.50`
note: 1 row of a lead that has one already: each counts
";
    assert_eq!((run.code, run.err.as_str()), (Some(0), err));
}

#[test]
fn a_table_of_leads_has_a_row_for_each() {
    let folder = Folder::new(&[("leads.csv", LEADS)]);
    let rows = rows(
        &folder,
        "-l leads.csv --outcome 'lead.converted == true' --outcome-at won_at --outcome-value lead.revenue",
    );
    let expect = json!({
        "lead_id": "ada", "at": null, "outcome": 1, "outcome_at": "2026-02-01T00:00:00Z", "value": 1200.0,
        "lead.employees": 500, "lead.zip": "10117", "seniority(lead.title)": "c_level",
        "department(lead.title)": "executive", "lead.title": "CEO", "lead[\"No. of offices\"]": 3,
    });
    assert_eq!(rows[0], expect);
    assert_eq!(
        (&rows[1]["outcome"], &rows[1]["lead.employees"], &rows[1]["value"]),
        (&json!(0), &Json::Null, &Json::Null)
    );
    assert_eq!(rows[2]["lead.zip"], Json::Null);
}

#[test]
fn leads_without_ids_go_by_their_lines_and_attributes_can_be_left_out() {
    let folder = Folder::new(&[("leads.csv", "age;code;y\n30;7;yes\n40;8;no\n")]);
    let rows = rows(&folder, "-l leads.csv --outcome 'lead.y == \"yes\"' --ignore code");
    assert_eq!(
        rows[1],
        json!({"lead_id": "3", "at": null, "outcome": 0, "outcome_at": null, "value": null, "lead.age": 40})
    );
}

const MODEL: &str = "\
kelvin: 1
model: pages
dimensions:
  web:
    rules:
      - {id: page, event: page, points: 5}
      - {id: pro, if: lead.plan == 'pro', points: 10}
";

/// A lead that looks at pages, is found to be on a plan, buys, and looks at pages again.
fn events(folder: &Folder) {
    let at = |day: &str| format!("2026-{day}T00:00:00Z");
    let call = |kind: &str, id: &str, day: &str, more: Json| {
        let mut call = json!({"type": kind, "userId": "ada", "messageId": id, "timestamp": at(day)});
        call.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        call.to_string()
    };
    let page = |id: &str, day: &str| call("page", id, day, json!({"properties": {"path": format!("/{id}")}}));
    let lines = [
        page("a", "01-01"),
        page("b", "01-05"),
        call("identify", "c", "01-20", json!({"traits": {"plan": "pro", "address": {"city": "Oslo"}}})),
        page("d", "02-20"),
        call("track", "e", "03-01", json!({"event": "Deal Won", "properties": {"amount": 900}})),
        page("f", "03-05"),
        page("a", "03-05"),
        json!({"type": "page", "userId": "eve", "messageId": "g", "timestamp": at("01-01"),
               "context": {"campaign": {"source": "ads"}}})
        .to_string(),
        page("z", "08-01"),
    ];
    folder.write("events.jsonl", &(lines.join("\n") + "\n"));
}

#[test]
fn a_row_knows_nothing_of_what_came_after_its_moment() {
    let folder = Folder::new(&[("model.yaml", MODEL)]);
    events(&folder);
    let rows = rows(
        &folder,
        "-e events.jsonl --outcome-event 'Deal Won' --outcome-value event.amount --horizon 30d -m model.yaml",
    );
    let of = |lead: &str| -> Vec<&Json> { rows.iter().filter(|row| row["lead_id"] == lead).collect() };
    let told = |row: &Json| {
        let keys = ["at", "outcome", "value", "count(page)", "lead.plan", "pages/page", "pages/pro"];
        keys.map(|key| row[key].clone())
    };
    let ada = of("ada");
    assert_eq!(ada.len(), 2);
    assert_eq!(
        told(ada[0]),
        [json!("2026-01-08T00:00:00Z"), json!(0), Json::Null, json!(2), Json::Null, json!(10), json!(0)]
    );
    assert_eq!(
        told(ada[1]),
        [json!("2026-02-07T00:00:00Z"), json!(1), json!(900.0), json!(2), json!("pro"), json!(10), json!(10)]
    );
    assert_eq!(ada[1]["lead.address.city"], "Oslo");
    assert_eq!(ada[0].get("count(Deal Won)"), None);
    assert!(of("eve").iter().all(|row| row["outcome"] == 0 && row["first source"] == "ads"));
}

#[test]
fn what_cannot_be_learnt_from_is_told() {
    let folder = Folder::new(&[("leads.csv", LEADS)]);
    let fails = |command: &str| {
        let run = folder.run(&format!("features -l leads.csv {command}"));
        assert_eq!(run.code, Some(2));
        run.err
    };
    assert_eq!(
        fails("--outcome 'lead.converted == 7'"),
        "error: none of 3 examples has the outcome: there is nothing to tell apart\n\
         help: values and names of events are compared letter by letter: write them as the files do\n"
    );
    let elsewhere = fails("--outcome 'lead.convertd == true'");
    let expect = "error: none of 3 examples has the outcome: there is nothing to tell apart\nhelp: no lead has `convertd`; there is ";
    assert!(elsewhere.starts_with(expect) && elsewhere.contains("`converted`"), "{elsewhere}");
    assert_eq!(
        fails("--outcome 'true'"),
        "error: each of 3 examples has the outcome: there is nothing to tell apart\n\
         help: give leads that did not have it, too, or a condition that not all of them meet\n"
    );
}

#[test]
fn an_outcome_that_cannot_be_read_is_told_as_it_was_typed() {
    let folder = Folder::new(&[("leads.csv", LEADS)]);
    let fails = |command: &str| folder.run(&format!("features -l leads.csv {command}")).err;
    assert_eq!(
        fails("--outcome 'lead.converted = \"yes\"'"),
        "error: cannot use --outcome `lead.converted = \"yes\"`: unexpected `=`\nhelp: equality is written `==`\n"
    );
    assert_eq!(
        fails("--outcome 'lead.converted == true' --outcome-value 'leed.worth'"),
        "error: cannot use --outcome-value `leed.worth`: unknown variable `leed`\nhelp: did you mean `lead`?\n"
    );
    assert_eq!(
        fails("--outcome won"),
        "error: cannot use --outcome `won`: unknown variable `won`\n\
         help: a condition is written `lead.won == true`; an outcome of a playbook is named together with --playbook, one that was told with \
         --outcomes\n"
    );
}

#[test]
fn what_seems_to_know_the_outcome_is_told_and_can_be_left_out() {
    let row = |row: usize| {
        let won = row.is_multiple_of(3);
        let (reason, calls) = if won { ("", row * 7 % 10) } else { ("too dear", row * 3 % 10) };
        format!("{won},{reason},{calls}\n")
    };
    let leads: String = (0..300).map(row).collect();
    let folder = Folder::new(&[("leads.csv", &format!("won,lost_reason,calls\n{leads}"))]);
    let command = "features -l leads.csv --outcome 'lead.won == true' -o matrix.csv";
    let why = "note: `lead.lost_reason` is there only where the outcome did not come (200 rows): it seems to be filled in afterwards; ";
    let told = folder.run(command).err;
    assert!(told.ends_with(&format!("{why}`--drop-leaks` leaves it out\n")), "{told}");
    let told = folder.run(&format!("{command} --drop-leaks")).err;
    assert!(told.ends_with(&format!("{why}it is left out\n")), "{told}");
    assert!(folder.read("matrix.csv").starts_with("lead_id,at,outcome,outcome_at,value,lead.calls\n"));
}

#[test]
fn attributes_of_leads_in_json_lines_are_features_also_within_objects() {
    let json = [
        r#"{"lead_id":"ada","employees":500,"plan":"pro","address":{"city":"Oslo"},"won":true}"#,
        r#"{"lead_id":"eve","employees":12.5,"plan":null,"won":false}"#,
        "no JSON",
    ];
    let folder = Folder::new(&[("leads.jsonl", &(json.join("\n") + "\n"))]);
    let run = folder.run("features -q -l leads.jsonl --outcome 'lead.won == true'");
    assert_eq!(
        run.out,
        "\
lead_id,at,outcome,outcome_at,value,lead.address.city,lead.employees,lead.plan
ada,,1,,,Oslo,500,pro
eve,,0,,,,12.5,
"
    );
    // Told once, though names are looked for before rows are read.
    assert_eq!(
        (run.code, run.err.as_str()),
        (Some(1), "rejected: leads.jsonl:3: not a JSON object: `no JSON`\n")
    );
}

#[test]
fn an_event_is_called_what_its_column_says_whatever_type_it_has() {
    let events = "\
lead_id,time,event,type,url,referrer
ada,2026-01-01,Page Viewed,web,https://acme.example/?gclid=x,
ada,2026-01-05,Page Viewed,web,https://acme.example/b,https://partner.example/
ada,2026-02-05,Deal Won,crm,,
eve,2026-01-01,Page Viewed,web,,
eve,2026-09-01,Page Viewed,web,,
";
    let folder = Folder::new(&[("events.csv", events)]);
    let rows = rows(&folder, "-e events.csv --assume-utc --outcome-event 'Deal Won' --every 0d");
    assert_eq!(rows[0]["count(Page Viewed)"], 2);
    assert_eq!(
        (&rows[0]["first source"], &rows[0]["last source"]),
        (&json!("google"), &json!("partner.example"))
    );
    assert!(rows.iter().all(|row| row.get("count(web)").is_none() && row.get("count(Deal Won)").is_none()));
}

#[test]
fn an_outcome_beyond_the_horizon_is_not_told_to_be_misspelt_only() {
    let events = "lead_id,time,event\nada,2026-01-01,page\nada,2026-03-01,Won\nada,2026-06-01,page\n";
    let folder = Folder::new(&[("events.csv", events)]);
    let run = folder.run("features -e events.csv --outcome-event Won --horizon 2d --every 0d");
    assert_eq!(run.code, Some(2), "{}", run.out);
    assert!(
        run.err.ends_with(
            "help: values and names of events are compared letter by letter: write them as the files do; \
             an outcome counts within `--horizon` after a moment of decision\n"
        ),
        "{}",
        run.err
    );
}
