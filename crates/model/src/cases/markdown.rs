//! Cases in a Markdown text: what a document says about a model, checked by the program.
//!
//! Fenced blocks whose info string has one of these words are parts of cases; others are left alone.
//!
//! | info string | holds |
//! |---|---|
//! | `yaml model` | a model; everything before it is forgotten |
//! | `yaml playbook` | a playbook, beside the model above it if there is one |
//! | `jsonl leads`, `jsonl events` | what is known, until another such block |
//! | `jsonl expect as-of=T` | what the leads must score at `T`; lines may say their own `as_of` instead |
//! | `jsonl expect-accounts as-of=T` | what the accounts must score |
//! | `text diagnostics` | what `kelvin check` must print for the model or the playbook, nothing if there is no problem |
//! | `yaml formatted` | what `kelvin fmt` must make of it |

use kelvin_kernel::Instant;

use super::{BadLine, Case, Expectations, Subject};

/// The cases in a text: one for each block that expects something.
///
/// # Errors
/// All blocks and expected lines that cannot be used.
pub fn cases(text: &str) -> Result<Vec<Case>, Vec<BadLine>> {
    let mut reader = Reader::default();
    for block in blocks(text) {
        reader.take(&block);
    }
    if reader.bad.is_empty() { Ok(reader.cases) } else { Err(reader.bad) }
}

/// A fenced block.
struct Block<'t> {
    info: &'t str,
    /// The line of its first fence, from 1.
    line: usize,
    heading: &'t str,
    text: String,
    closed: bool,
}

#[derive(Default)]
struct Reader {
    known: Case,
    has_model: bool,
    cases: Vec<Case>,
    bad: Vec<BadLine>,
}

impl Reader {
    fn take(&mut self, block: &Block<'_>) {
        let mut words = block.info.split_whitespace();
        let (language, what) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let text = block.text.clone();
        match (language, what) {
            ("yaml", "model") => {
                self.known = Case { model: text, ..Case::default() };
                self.has_model = true;
            }
            ("yaml", "playbook") => {
                let model = std::mem::take(&mut self.known.model);
                self.known = Case { model, playbook: Some(text), ..Case::default() };
                self.has_model = true;
            }
            ("jsonl", "leads") => self.known.leads = text,
            ("jsonl", "events") => self.known.events = text,
            ("jsonl", "expect") => self.scores(block, Subject::Lead, words),
            ("jsonl", "expect-accounts") => self.scores(block, Subject::Account, words),
            ("text", "diagnostics") => {
                self.push(block, Case { diagnostics: Some(text), ..self.known.clone() })
            }
            ("yaml", "formatted") => self.push(block, Case { formatted: Some(text), ..self.known.clone() }),
            // `yaml model.yaml` or `yaml title=…` mean something to others.
            ("yaml" | "jsonl" | "text", what) if !what.is_empty() && !what.contains(['.', '=']) => {
                let help = "known blocks: yaml model, yaml playbook, jsonl leads, jsonl events, jsonl expect, \
                            jsonl expect-accounts, text diagnostics, yaml formatted";
                self.refuse(block.line, format!("unknown block `{}`", block.info), Some(help));
            }
            _ => return,
        }
        if !block.closed {
            self.refuse(block.line, "the block is not closed".to_owned(), None);
        }
    }

    fn scores<'t>(&mut self, block: &Block<'t>, subject: Subject, options: impl Iterator<Item = &'t str>) {
        let mut as_of = None;
        for option in options {
            match option.strip_prefix("as-of=").map(Instant::parse) {
                Some(Ok(instant)) => as_of = Some(instant),
                _ => self.refuse(
                    block.line,
                    format!("unknown option `{option}`"),
                    Some("as-of=2026-01-31T00:00:00Z"),
                ),
            }
        }
        match Expectations::parse(&block.text, subject, as_of) {
            Ok(expected) => self.push(block, Case { expected: vec![expected], ..self.known.clone() }),
            Err(bad) => {
                self.bad.extend(bad.into_iter().map(|bad| BadLine { line: bad.line + block.line, ..bad }))
            }
        }
    }

    fn push(&mut self, block: &Block<'_>, case: Case) {
        if !self.has_model {
            self.refuse(
                block.line,
                "no model before this block".to_owned(),
                Some("write a block `yaml model` above it"),
            );
        }
        self.cases.push(Case { name: block.heading.to_owned(), line: block.line, ..case });
    }

    fn refuse(&mut self, line: usize, message: String, help: Option<&str>) {
        self.bad.push(BadLine { line, message, help: help.map(str::to_owned) });
    }
}

/// The fenced blocks of a text.
fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut heading = "";
    let mut open: Option<(Block<'_>, &str, usize)> = None;
    for (place, line) in text.lines().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let trimmed = line.trim();
        match &mut open {
            Some((_, fence, _)) if trimmed.len() >= fence.len() && trimmed.chars().all(|c| c == '`') => {
                blocks.extend(open.take().map(|(block, ..)| Block { closed: true, ..block }));
            }
            Some((block, _, indent)) => {
                block.text.push_str(
                    line.get(..*indent)
                        .filter(|start| start.trim().is_empty())
                        .map_or(line, |start| &line[start.len()..]),
                );
                block.text.push('\n');
            }
            None if trimmed.starts_with("```") => {
                let info = trimmed.trim_start_matches('`');
                let fence = &trimmed[..trimmed.len() - info.len()];
                let block =
                    Block { info: info.trim(), line: place + 1, heading, text: String::new(), closed: false };
                open = Some((block, fence, indent));
            }
            None if trimmed.starts_with('#') => heading = trimmed.trim_start_matches('#').trim(),
            None => {}
        }
    }
    blocks.extend(open.map(|(block, ..)| block));
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "
# Decay

```yaml
not: a case
```

## Half-life

```yaml model
kelvin: 1
```

- also in a list:

  ```jsonl events
  {\"lead_id\": \"a\"}
  ```

````jsonl expect as-of=2026-01-02
{\"lead_id\": \"a\", \"score\": 1}
````

```jsonl expect-accounts
{\"account_id\": \"x\", \"as_of\": 5, \"score\": 1}
```

```yaml model
kelvin: 2
```

```text diagnostics
error
```
";

    #[test]
    fn every_block_that_expects_something_is_a_case() {
        let cases = cases(TEXT).unwrap();
        let told: Vec<_> = cases
            .iter()
            .map(|case| {
                (
                    case.line,
                    case.name.as_str(),
                    case.model.as_str(),
                    case.events.as_str(),
                    case.expected.len(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (20, "Half-life", "kelvin: 1\n", "{\"lead_id\": \"a\"}\n", 1),
                (24, "Half-life", "kelvin: 1\n", "{\"lead_id\": \"a\"}\n", 1),
                (32, "Half-life", "kelvin: 2\n", "", 0),
            ]
        );
        assert_eq!(cases[2].diagnostics.as_deref(), Some("error\n"));
        assert_eq!(cases[1].expected[0].subject(), Subject::Account);
        assert_eq!(cases[0].expected[0].instants(), [Instant::parse("2026-01-02").unwrap()]);
    }

    #[test]
    fn blocks_that_would_check_nothing_are_refused() {
        for (text, message) in [
            (
                "```jsonl expcet\n```",
                "line 1: unknown block `jsonl expcet`\nhelp: known blocks: yaml model, yaml playbook, jsonl leads, jsonl events, jsonl expect, jsonl expect-accounts, text diagnostics, yaml formatted",
            ),
            (
                "```text diagnostics\n```",
                "line 1: no model before this block\nhelp: write a block `yaml model` above it",
            ),
            ("```yaml model\n", "line 1: the block is not closed"),
            (
                "```yaml model\n```\n```jsonl expect asof=1\n```",
                "line 3: unknown option `asof=1`\nhelp: as-of=2026-01-31T00:00:00Z",
            ),
            ("```yaml model\n```\n\n```jsonl expect as-of=0\n\n{}\n```", "line 6: no `lead_id`"),
        ] {
            let bad = cases(text).unwrap_err();
            assert_eq!(bad.iter().map(ToString::to_string).collect::<Vec<_>>(), [message], "{text}");
        }
    }
}
