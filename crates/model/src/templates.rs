//! Starter files for `kelvin new`: commented, in canonical layout, together using the whole language.

/// A starter file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// Its name: `b2b-saas`.
    pub name: &'static str,
    /// What it is for, in a few words.
    pub about: &'static str,
    /// The file.
    pub text: &'static str,
}

/// All starter models, the one to take without a choice first.
pub const TEMPLATES: &[Template] = &[
    Template {
        name: "b2b-saas",
        about: "new business for software sold to companies",
        text: include_str!("templates/b2b-saas.yaml"),
    },
    Template {
        name: "b2b-services",
        about: "new business for an agency or a consultancy",
        text: include_str!("templates/b2b-services.yaml"),
    },
    Template {
        name: "ecommerce",
        about: "shoppers who are about to buy",
        text: include_str!("templates/ecommerce.yaml"),
    },
    Template {
        name: "re-engagement",
        about: "leads that went quiet and stir again",
        text: include_str!("templates/re-engagement.yaml"),
    },
    Template {
        name: "upsell",
        about: "customers who could buy more",
        text: include_str!("templates/upsell.yaml"),
    },
    Template {
        name: "product-led",
        about: "users who got value out of the product",
        text: include_str!("templates/product-led.yaml"),
    },
];

/// A starter playbook, for a model with the tiers `mql` and `sql`.
pub const PLAYBOOK: Template = Template {
    name: "playbook",
    about: "what happens when scores change: hand-offs to sales, alerts",
    text: include_str!("templates/playbook.yaml"),
};

/// All starter files: the models, then the playbook.
pub fn all() -> impl Iterator<Item = &'static Template> {
    TEMPLATES.iter().chain([&PLAYBOOK])
}

/// The starter file of this name.
pub fn template(name: &str) -> Option<&'static Template> {
    all().find(|template| template.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        grammar::{self, Takes},
        syntax::{self, Node},
    };

    #[test]
    fn every_template_is_a_model_without_any_problem() {
        for template in TEMPLATES {
            let loaded = crate::load(template.name, template.text);
            assert_eq!(loaded.render(false), "", "{}", template.name);
            assert_eq!(loaded.model.id.as_ref().map(|id| id.value.as_str()), Some(template.name));
        }
    }

    #[test]
    fn the_playbook_is_one_without_any_problem() {
        let model = crate::load("model.yaml", TEMPLATES[0].text).model;
        let loaded = crate::playbook::load("playbook.yaml", PLAYBOOK.text, &[&model]);
        assert_eq!(loaded.render(false), "");
    }

    #[test]
    fn every_template_is_in_canonical_layout() {
        for template in all() {
            assert_eq!(crate::fmt::format(template.text).unwrap(), template.text, "{}", template.name);
        }
    }

    #[test]
    fn together_they_use_the_whole_language() {
        let roots: Vec<Node> = all().filter_map(|template| syntax::parse(template.text).root).collect();
        // Models that do not exist yet cannot compete, and none was trained yet.
        let keys = grammar::sections()
            .filter(|section| section.name != "experiment")
            .flat_map(|section| section.keys);
        for key in keys.filter(|key| !["experiments", "predict"].contains(&key.name)) {
            assert!(roots.iter().any(|root| has_key(root, key.name)), "no template has `{}`", key.name);
            for word in choices(&key.takes) {
                assert!(
                    roots.iter().any(|root| has_text(root, word)),
                    "no template has `{}: {word}`",
                    key.name
                );
            }
        }
        for word in [
            "lower(",
            "emailDomain(",
            "emailKind(",
            "seniority(",
            "department(",
            "daysSince(",
            "context.",
            "account.",
        ] {
            assert!(
                TEMPLATES.iter().any(|template| template.text.contains(word)),
                "no template uses `{word}`"
            );
        }
    }

    /// The words of which a key takes one, where they stand beside other forms.
    fn choices(takes: &Takes) -> Vec<&'static str> {
        let Takes::Either(forms) = takes else { return Vec::new() };
        let words = forms.iter().map(|form| if let Takes::Choice(words) = form { *words } else { &[] });
        words.flatten().copied().collect()
    }

    fn has_key(node: &Node, key: &str) -> bool {
        let here = node.entries().unwrap_or_default();
        let inside = node.items().unwrap_or_default();
        here.iter().any(|entry| entry.key.text() == Some(key) || has_key(&entry.value, key))
            || inside.iter().any(|item| has_key(item, key))
    }

    fn has_text(node: &Node, text: &str) -> bool {
        let here = node.entries().unwrap_or_default();
        let inside = node.items().unwrap_or_default();
        node.text() == Some(text)
            || here.iter().any(|entry| has_text(&entry.value, text))
            || inside.iter().any(|item| has_text(item, text))
    }
}
