//! What a simulation found, as a running service tells it: leads that would change tier, and what would follow.

use std::fmt::Write as _;

use serde_json::Value as Json;

use super::{
    grid::{
        Align::{Left, Right},
        Grid,
    },
    text::{counted, harmless},
};
use crate::terminal::Terminal;

/// Hand-offs and alerts that are shown, of each as many: JSON has more of them.
const SHOWN: usize = 20;

/// All that was found.
pub(crate) fn report(found: &Json, terminal: &Terminal) -> String {
    let mut text = moves(found);
    if found["hand_offs"].is_object() {
        text += &effects(&found["hand_offs"], ("hand-off", "hand_off"), terminal);
        text += &effects(&found["alerts"], ("alert", "alert"), terminal);
        text += &owners(found, terminal);
    }
    text
}

/// How many leads go from which tier to which, the most first.
fn moves(found: &Json) -> String {
    let mut moves: Vec<&Json> = items(&found["moves"]).collect();
    moves.sort_by_key(|one| std::cmp::Reverse(one["leads"].as_u64()));
    let count: u64 = moves.iter().filter_map(|one| one["leads"].as_u64()).sum();
    let mut text = format!("{count} of {} leads would change their tier\n", found["leads"]);
    for one in moves {
        // Writing to a text never fails.
        let _written = writeln!(text, "{:>9}  {}", number(&one["leads"]), way(one));
    }
    for (tier, leads) in found["entered"].as_object().into_iter().flatten() {
        let _written = writeln!(text, "{:>9}  would enter `{tier}`", number(leads));
    }
    text
}

/// Hand-offs or alerts that would come: how many, and the first of them.
fn effects(effects: &Json, (name, key): (&'static str, &str), terminal: &Terminal) -> String {
    let total = effects["total"].as_u64().unwrap_or_default();
    let mut text = format!("\n{} would follow\n", counted(total, name));
    if total == 0 {
        return text;
    }
    let titles = [(name, Left), ("lead", Left), ("owner", Left), ("tier", Left), ("score", Right)];
    let mut grid = Grid::new(titles);
    let shown = items(&effects["first"]).take(SHOWN);
    for one in shown.clone() {
        let owner = if one["owner"].is_null() { "-".into() } else { told(&one["owner"]) };
        let (rule, lead, score) = (told(&one[key]), told(&one["lead_id"]), one["score"].to_string());
        grid.add([rule.into(), lead.into(), owner.into(), way(one).into(), score.into()]);
    }
    text += &grid.render(2, terminal);
    let more = total.saturating_sub(shown.count() as u64);
    if more > 0 {
        let _written = writeln!(text, "  and {more} more");
    }
    text
}

/// What owners have to do, and would get.
fn owners(found: &Json, terminal: &Terminal) -> String {
    let titles =
        [("owner", Left), ("open", Right), ("this week", Right), ("would get", Right), ("capacity", Right)];
    let mut grid = Grid::new(titles);
    for one in items(&found["owners"]) {
        let count = |key: &str| one[key].as_u64().map_or("-".to_owned(), |count| count.to_string()).into();
        let owner = told(&one["owner"]).into();
        grid.add([owner, count("open"), count("this_week"), count("would_get"), count("capacity")]);
    }
    let mut text = format!("\n{}", grid.render(2, terminal));
    let unassigned = found["unassigned"].as_u64().unwrap_or_default();
    if unassigned > 0 {
        let _written = writeln!(text, "  {} would find no owner", counted(unassigned, "hand-off"));
    }
    text
}

/// From which tier to which.
fn way(one: &Json) -> String {
    let tier = |tier: &Json| if tier.is_null() { "no tier".to_owned() } else { told(tier) };
    format!("{} → {}", tier(&one["from"]), tier(&one["to"]))
}

/// A number as it is aligned: JSON itself knows no width.
fn number(number: &Json) -> u64 {
    number.as_u64().unwrap_or_default()
}

fn items(list: &Json) -> impl Iterator<Item = &Json> + Clone {
    list.as_array().into_iter().flatten()
}

/// A text that came from elsewhere.
fn told(text: &Json) -> String {
    harmless(text.as_str().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(found: &Json, expect: &str) {
        let terminal = Terminal { interactive: false, width: 80, colour: false, unicode: true };
        assert_eq!(report(found, &terminal), expect);
    }

    #[test]
    fn without_a_playbook_only_tiers_are_told() {
        let found = json!({"leads": 31, "entered": {"warm": 1}, "moves": [
            {"from": null, "to": "warm", "leads": 1},
            {"from": "hot", "to": "warm", "leads": 18},
        ]});
        let expect = "\
19 of 31 leads would change their tier
       18  hot → warm
        1  no tier → warm
        1  would enter `warm`
";
        check(&found, expect);
    }

    #[test]
    fn who_would_go_to_whom_is_told_with_what_owners_have() {
        let one = |lead: &str, owner: Json| json!({"hand_off": "sales", "lead_id": lead, "owner": owner, "from": "warm", "to": "hot", "score": 35.5});
        let mut first = vec![one("eve\n", json!("ada")), one("zoe", Json::Null)];
        first.resize(25, one("max", json!("bob")));
        let found = json!({
            "leads": 40, "entered": {}, "moves": [],
            "hand_offs": {"total": 30, "by_rule": {"sales": 30}, "first": first},
            "alerts": {"total": 0, "by_rule": {}, "first": []},
            "owners": [{"owner": "ada", "open": 3, "this_week": 5, "would_get": 1, "capacity": 6}],
            "unassigned": 1,
        });
        let mut expect = String::from(
            "\
0 of 40 leads would change their tier

30 hand-offs would follow
  hand-off  lead  owner  tier        score
  sales     eve\u{fffd}  ada    warm → hot   35.5
  sales     zoe   -      warm → hot   35.5
",
        );
        expect += &"  sales     max   bob    warm → hot   35.5\n".repeat(18);
        expect += "  and 10 more

0 alerts would follow

  owner  open  this week  would get  capacity
  ada       3          5          1         6
  1 hand-off would find no owner
";
        check(&found, &expect);
    }
}
