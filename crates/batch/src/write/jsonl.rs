//! Scores as JSON Lines: the format of record.

use kelvin_kernel::{
    Instant,
    plan::{AccountPlan, Plan},
    score::{AccountScore, Reason, Score, Standing},
};

use super::{
    columns::ReasonNames,
    number::{push_instant, push_points, push_unsigned},
};

/// Writes the scores that one model gives to leads at one instant.
#[derive(Debug, Clone)]
pub struct LeadLines {
    /// From the end of the lead's id to the score.
    head: Vec<u8>,
    /// From the end of the score to the grade, by tier.
    tiers: Tiers,
    disqualified: Vec<u8>,
    /// By place; the last is `F`, or `null` where the model has no grades.
    grades: Vec<Vec<u8>>,
    /// From the preceding value to the sum.
    dimensions: Vec<Vec<u8>>,
    /// Ids in quotes.
    rules: Vec<Vec<u8>>,
    reasons: Option<Reasons>,
}

/// Writes the scores that one model gives to accounts at one instant.
#[derive(Debug, Clone)]
pub struct AccountLines {
    head: Vec<u8>,
    tiers: Tiers,
    reasons: Reasons,
}

/// From the end of the score to the value of the next key.
#[derive(Debug, Clone)]
struct Tiers {
    named: Vec<Vec<u8>>,
    none: Vec<u8>,
}

/// From the preceding reason to the points.
#[derive(Debug, Clone)]
struct Reasons(ReasonNames<Vec<u8>>);

impl LeadLines {
    /// A writer; `explain` adds the reasons to each line.
    pub fn new(plan: &Plan, as_of: Instant, explain: bool) -> Self {
        let rules = &plan.rules.rules;
        let reason = |rule: usize, name: &str| {
            let dimension = plan.dimensions.get(rules[rule].dimension).map_or("", |dimension| &dimension.id);
            line(&[b"{\"rule\":", &quoted(name), b",\"dimension\":", &quoted(dimension), b",\"points\":"])
        };
        let letters = plan.grades.iter().flat_map(|grades| &grades.bounds).map(|(letter, _)| quoted(letter));
        let last: &[u8] = if plan.grades.is_some() { b"\"F\"" } else { b"null" };
        Self {
            head: head(&plan.model, as_of),
            tiers: Tiers::new(plan.tiers.iter().map(|tier| &*tier.name), b",\"grade\":"),
            disqualified: line(&[b",\"tier\":\"disqualified\",\"grade\":"]),
            grades: letters.chain([last.to_vec()]).collect(),
            dimensions: plan
                .dimensions
                .iter()
                .map(|dimension| line(&[&quoted(&dimension.id), b":{\"sum\":"]))
                .collect(),
            rules: rules.iter().map(|rule| quoted(&rule.id)).collect(),
            reasons: explain.then(|| Reasons(ReasonNames::new(&plan.rules, reason))),
        }
    }

    /// Appends one line, with its line feed.
    pub fn push(&self, buf: &mut Vec<u8>, lead_id: &str, score: &Score) {
        buf.extend_from_slice(b"{\"lead_id\":");
        push_text(buf, lead_id);
        buf.extend_from_slice(&self.head);
        push_points(buf, score.score);
        buf.extend_from_slice(match score.standing {
            Standing::Disqualified => &self.disqualified,
            Standing::Tier(tier) => self.tiers.after(Some(tier)),
            Standing::None => self.tiers.after(None),
        });
        if let Some(grade) = self.grades.get(score.grade.unwrap_or(self.grades.len() - 1)) {
            buf.extend_from_slice(grade);
        }
        self.push_disqualified(buf, &score.disqualified);
        buf.extend_from_slice(b",\"until\":");
        push_optional_instant(buf, score.until);
        self.push_dimensions(buf, score);
        if let Some(reasons) = &self.reasons {
            reasons.push(buf, &score.reasons);
        }
        buf.extend_from_slice(b"}\n");
    }

    fn push_disqualified(&self, buf: &mut Vec<u8>, rules: &[usize]) {
        buf.extend_from_slice(b",\"disqualified\":[");
        for (i, &rule) in rules.iter().enumerate() {
            if i > 0 {
                buf.push(b',');
            }
            buf.extend_from_slice(&self.rules[rule]);
        }
        buf.push(b']');
    }

    fn push_dimensions(&self, buf: &mut Vec<u8>, score: &Score) {
        buf.extend_from_slice(b",\"dimensions\":{");
        for (i, (key, dimension)) in self.dimensions.iter().zip(&score.dimensions).enumerate() {
            if i > 0 {
                buf.push(b',');
            }
            buf.extend_from_slice(key);
            push_points(buf, dimension.sum);
            buf.extend_from_slice(b",\"value\":");
            push_points(buf, dimension.value);
            buf.push(b'}');
        }
        buf.push(b'}');
    }
}

impl AccountLines {
    /// A writer for the accounts of a plan.
    pub fn new(plan: &Plan, accounts: &AccountPlan, as_of: Instant) -> Self {
        let reason = |_, name: &str| line(&[b"{\"rule\":", &quoted(name), b",\"points\":"]);
        Self {
            head: head(&plan.model, as_of),
            tiers: Tiers::new(accounts.tiers.iter().map(|tier| &*tier.name), b",\"members\":"),
            reasons: Reasons(ReasonNames::new(&accounts.rules, reason)),
        }
    }

    /// Appends one line, with its line feed.
    pub fn push(&self, buf: &mut Vec<u8>, account_id: &str, score: &AccountScore) {
        buf.extend_from_slice(b"{\"account_id\":");
        push_text(buf, account_id);
        buf.extend_from_slice(&self.head);
        push_points(buf, score.score);
        buf.extend_from_slice(self.tiers.after(score.tier));
        push_unsigned(buf, score.members as u64);
        self.reasons.push(buf, &score.reasons);
        buf.extend_from_slice(b"}\n");
    }
}

impl Tiers {
    fn new<'a>(names: impl Iterator<Item = &'a str>, next: &[u8]) -> Self {
        let named = names.map(|name| line(&[b",\"tier\":", &quoted(name), next])).collect();
        Self { named, none: line(&[b",\"tier\":null", next]) }
    }

    fn after(&self, tier: Option<usize>) -> &[u8] {
        tier.and_then(|tier| self.named.get(tier)).unwrap_or(&self.none)
    }
}

impl Reasons {
    fn push(&self, buf: &mut Vec<u8>, reasons: &[Reason]) {
        buf.extend_from_slice(b",\"reasons\":[");
        for (i, reason) in reasons.iter().enumerate() {
            if i > 0 {
                buf.push(b',');
            }
            buf.extend_from_slice(self.0.of(reason));
            push_points(buf, reason.points);
            buf.extend_from_slice(b",\"awards\":");
            push_unsigned(buf, reason.awards as u64);
            if let Some(last) = reason.last {
                buf.extend_from_slice(b",\"last\":\"");
                push_instant(buf, last);
                buf.push(b'"');
            }
            buf.push(b'}');
        }
        buf.push(b']');
    }
}

/// Appends text as a JSON string, in quotes.
pub fn push_text(buf: &mut Vec<u8>, text: &str) {
    buf.push(b'"');
    let bytes = text.as_bytes();
    let mut done = 0;
    for (i, &byte) in bytes.iter().enumerate() {
        if byte >= b' ' && byte != b'"' && byte != b'\\' {
            continue;
        }
        buf.extend_from_slice(&bytes[done..i]);
        push_escape(buf, byte);
        done = i + 1;
    }
    buf.extend_from_slice(&bytes[done..]);
    buf.push(b'"');
}

fn push_escape(buf: &mut Vec<u8>, byte: u8) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let short = match byte {
        b'"' | b'\\' => byte,
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        _ => {
            buf.extend_from_slice(b"\\u00");
            buf.push(HEX[usize::from(byte >> 4)]);
            buf.push(HEX[usize::from(byte & 15)]);
            return;
        }
    };
    buf.extend_from_slice(&[b'\\', short]);
}

fn push_optional_instant(buf: &mut Vec<u8>, instant: Option<Instant>) {
    match instant {
        Some(instant) => {
            buf.push(b'"');
            push_instant(buf, instant);
            buf.push(b'"');
        }
        None => buf.extend_from_slice(b"null"),
    }
}

/// From the end of an id to the score.
fn head(model: &str, as_of: Instant) -> Vec<u8> {
    let mut head = line(&[b",\"model\":", &quoted(model), b",\"as_of\":\""]);
    push_instant(&mut head, as_of);
    head.extend_from_slice(b"\",\"score\":");
    head
}

fn line(pieces: &[&[u8]]) -> Vec<u8> {
    pieces.concat()
}

fn quoted(text: &str) -> Vec<u8> {
    let mut buf = Vec::with_capacity(text.len() + 2);
    push_text(&mut buf, text);
    buf
}

#[cfg(test)]
mod tests {
    use super::{
        super::sample::{AS_OF, account_score, accounts, disqualified, plan, score},
        AccountLines, LeadLines, push_text,
    };

    fn lead_line(explain: bool, lead_id: &str, score: &kelvin_kernel::score::Score) -> String {
        let mut buf = Vec::new();
        LeadLines::new(&plan(), AS_OF, explain).push(&mut buf, lead_id, score);
        String::from_utf8_lossy(&buf).into_owned()
    }

    #[test]
    fn a_lead_is_one_line_in_the_order_of_the_definition() {
        let expect = concat!(
            r#"{"lead_id":"l1","model":"saas-new-business","as_of":"2026-03-01T00:00:00Z","score":61.25,"#,
            r#""tier":"mql, hot","grade":"B","disqualified":[],"until":"2026-03-09T07:12:44.101Z","#,
            r#""dimensions":{"fit":{"sum":30,"value":30},"score":{"sum":31.25,"value":31.25}},"#,
            r#""reasons":[{"rule":"pricing-page","dimension":"score","points":31.25,"awards":2,"#,
            r#""last":"2026-02-20T10:00:00Z"},{"rule":"company-size","dimension":"fit","points":30,"awards":0}]}"#,
            "\n",
        );
        assert_eq!(lead_line(true, "l1", &score()), expect);
    }

    #[test]
    fn what_is_absent_is_null_and_reasons_come_only_when_asked_for() {
        let expect = concat!(
            r#"{"lead_id":"a\"b","model":"saas-new-business","as_of":"2026-03-01T00:00:00Z","score":-0.5,"#,
            r#""tier":"disqualified","grade":"F","disqualified":["company-size","pricing-page"],"until":null,"#,
            r#""dimensions":{"fit":{"sum":30,"value":30},"score":{"sum":31.25,"value":31.25}}}"#,
            "\n",
        );
        assert_eq!(lead_line(false, "a\"b", &disqualified()), expect);
    }

    #[test]
    fn an_account_is_one_line() {
        let mut buf = Vec::new();
        AccountLines::new(&plan(), &accounts(), AS_OF).push(&mut buf, "acme", &account_score());
        let expect = concat!(
            r#"{"account_id":"acme","model":"saas-new-business","as_of":"2026-03-01T00:00:00Z","score":70,"#,
            r#""tier":"target","members":3,"reasons":[{"rule":"committee","points":40,"awards":1,"#,
            r#""last":"2026-03-01T00:00:00Z"}]}"#,
            "\n",
        );
        assert_eq!(String::from_utf8_lossy(&buf), expect);
    }

    #[test]
    fn text_survives_the_way_through_json() {
        for text in ["", "plain", "\"\\\n\r\t\u{0}\u{1f}\u{7f}", "Zoë 🦀\u{2028}", "ends with \""] {
            let mut buf = Vec::new();
            push_text(&mut buf, text);
            assert_eq!(serde_json::from_slice::<String>(&buf).ok().as_deref(), Some(text));
        }
    }
}
