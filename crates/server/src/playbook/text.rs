//! Texts of a playbook with their places filled in.

use kelvin_model::playbook::template::{Part, Template};
use serde_json::Value as Json;

use super::facts::Facts;

/// What texts may name, beside fields.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub(super) score: String,
    pub(super) tier: String,
    pub(super) reasons: String,
    pub(super) link: String,
    pub(super) owner: String,
    pub(super) model: String,
}

/// A template with its places filled in; a field that is not there is left empty.
pub(super) fn filled(template: &Template, words: &Words, facts: &Facts) -> String {
    template.parts.iter().fold(String::new(), |text, part| {
        text + &match part {
            Part::Text(part) => part.clone(),
            Part::Field(root, path) => facts.field(*root, path).map(shown).unwrap_or_default(),
            Part::Score => words.score.clone(),
            Part::Tier => words.tier.clone(),
            Part::Reasons => words.reasons.clone(),
            Part::Link => words.link.clone(),
            Part::Owner => words.owner.clone(),
            Part::Model => words.model.clone(),
        }
    })
}

/// A value as people read it.
fn shown(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use kelvin_model::playbook::template::Root;
    use serde_json::json;

    use super::*;

    #[test]
    fn places_are_filled_in_and_unknown_ones_left_empty() {
        let field = |path: &str| Part::Field(Root::Event, path.split('.').map(str::to_owned).collect());
        let parts = vec![
            Part::Text("at ".into()),
            Part::Score,
            Part::Text(": ".into()),
            field("path"),
            Part::Text(", ".into()),
            field("deep.seats"),
            field("nothing"),
        ];
        let words = Words { score: "61.5".into(), ..Words::default() };
        let event = json!({"path": "/pricing", "deep": {"seats": 5}});
        let facts = Facts::of_event(event);
        assert_eq!(filled(&Template { parts }, &words, &facts), "at 61.5: /pricing, 5");
        assert_eq!(shown(&json!(["a", 1, null])), "a, 1, ");
    }
}
