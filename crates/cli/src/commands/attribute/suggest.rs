//! Touchpoints as rules of a points model, each with its proof.

use kelvin_learn::attribution::Lift;

use super::{Arguments, By, Counted};
use crate::{
    failure::{Failure, Outcome},
    render::text::{grouped, harmless},
};

/// The model file. Rules whose points would be 0 are left out.
pub(super) fn model(arguments: &Arguments, counted: &Counted) -> Outcome<String> {
    let condition = condition(arguments)?;
    let mut rules: Vec<(f64, &str, Lift)> = Vec::new();
    for lift in counted.lifts.lifts() {
        let points = lift.points(arguments.per_doubling);
        let name = counted.names.name(lift.channel);
        if points != 0.0 && name != "(none)" {
            rules.push((points, name, lift));
        }
    }
    rules.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    if rules.is_empty() {
        return Err(Failure::new("there is nothing to suggest: what tells journeys apart may all be chance")
            .help("more journeys, or a coarser division with --channel, may show more"));
    }
    let mut text = head(arguments);
    for (number, (points, name, lift)) in rules.into_iter().enumerate() {
        text.push_str(&rule(number + 1, points, (&arguments.touch_event, &condition(name)), name, &lift));
    }
    Ok(text)
}

/// What makes an event one of a name.
fn condition(arguments: &Arguments) -> Outcome<impl Fn(&str) -> String> {
    let expression = match (&arguments.channel, arguments.by) {
        (Some(expression), _) => format!("({expression})"),
        (None, By::Campaign) => "event.utm_campaign".to_owned(),
        (None, By::Content) => "event.utm_content".to_owned(),
        (None, By::Channel | By::Source) => {
            return Err(Failure::new("--suggest needs what a rule can ask for")
                .help("--by campaign, --by content, or an expression: `--channel event.utm_source`"));
        }
    };
    Ok(move |name: &str| format!("{expression} == {}", serde_json::Value::from(name)))
}

fn head(arguments: &Arguments) -> String {
    format!(
        "# Suggested from journeys: odds of a conversion with a touchpoint against those without it.\n\
         # Points are those of the cautious end of the 95 % interval; double odds are worth {}.\n\
         # Whoever comes by a channel may differ from others anyway: an experiment tells, this does not.\n\
         kelvin: 1\nmodel: touchpoints\ndimensions:\n  touchpoints:\n    rules:\n",
        arguments.per_doubling
    )
}

/// A rule, with its proof before it. A touchpoint counts once, however often it came.
fn rule(number: usize, points: f64, (event, condition): (&str, &str), name: &str, lift: &Lift) -> String {
    let proof = [("with", lift.with), ("without", lift.without)].map(|(what, of)| {
        let [low, high] = of.interval().map(|part| 100.0 * part);
        let (won, all) = (grouped(of.conversions as u64), grouped(of.journeys as u64));
        format!("{what} it {won} of {all} convert ({low:.1} to {high:.1} %)")
    });
    format!(
        "      # {}: {}\n      - id: touchpoint-{number}\n        event: {}\n        if: {}\n        points: {points}\n        limit: 1\n",
        harmless(name),
        proof.join(", "),
        yaml(event),
        yaml(condition),
    )
}

/// Text as YAML in single quotes.
fn yaml(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
