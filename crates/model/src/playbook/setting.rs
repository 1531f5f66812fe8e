//! Addresses and secrets: texts with variables of the environment, `${NAME}`, put in when the server starts.

use crate::grammar::Fault;

/// An address or a secret, parts of which the environment holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Variable(String),
}

impl Setting {
    /// Reads a text; `${NAME}` is a variable.
    pub(crate) fn parse(text: &str) -> Result<Self, Fault> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let open = || Fault {
                what: "has a `${` that is never closed",
                help: "a variable of the environment is written `${NAME}`".into(),
            };
            let (name, tail) = after.split_once('}').ok_or_else(open)?;
            if !is_variable(name) {
                return Err(Fault {
                    what: "names no variable",
                    help: "names are of capital letters, digits and `_`, as in `${SLACK_WEBHOOK_URL}`".into(),
                });
            }
            parts.extend((!before.is_empty()).then(|| Part::Text(before.into())));
            parts.push(Part::Variable(name.into()));
            rest = tail;
        }
        parts.extend((!rest.is_empty()).then(|| Part::Text(rest.into())));
        Ok(Self { parts })
    }

    /// The variables that it needs.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Variable(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    /// The text with its variables put in.
    ///
    /// # Errors
    /// The name of a variable that `environment` does not have.
    pub fn resolve(&self, environment: impl Fn(&str) -> Option<String>) -> Result<String, &str> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Variable(name) => text.push_str(&environment(name).ok_or(name.as_str())?),
            }
        }
        Ok(text)
    }

    /// The text, if no part of it is a variable.
    pub(crate) fn constant(&self) -> Option<String> {
        self.resolve(|_| None).ok()
    }
}

fn is_variable(name: &str) -> bool {
    let starts = name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_');
    starts && name.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::Setting;

    #[test]
    fn variables_are_put_in_where_they_stand() {
        let setting = Setting::parse("https://${HOST}/hooks/${TOKEN}").unwrap();
        assert_eq!(setting.variables().collect::<Vec<_>>(), ["HOST", "TOKEN"]);
        assert_eq!(
            setting.resolve(|name| Some(name.to_lowercase())),
            Ok("https://host/hooks/token".to_owned())
        );
        assert_eq!(setting.resolve(|name| (name == "HOST").then(|| "h".to_owned())), Err("TOKEN"));
    }

    #[test]
    fn a_text_without_variables_is_itself() {
        assert_eq!(Setting::parse("a$b{c}").unwrap().constant(), Some("a$b{c}".to_owned()));
        assert_eq!(Setting::parse("${A}").unwrap().constant(), None);
    }

    #[test]
    fn what_is_no_variable_is_told() {
        assert_eq!(Setting::parse("${A").unwrap_err().what, "has a `${` that is never closed");
        assert_eq!(Setting::parse("${a b}").unwrap_err().what, "names no variable");
    }
}
