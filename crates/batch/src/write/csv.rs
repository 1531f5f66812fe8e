//! Scores as CSV: RFC 4180 with line feeds, UTF-8, safe to open in a spreadsheet.
//!
//! A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@`, a tab, a carriage return or a line feed
//! as a formula. Text of ours that begins so and is not a plain number is written in quotes with an
//! apostrophe before it, as OWASP advises; a phone number such as `+4915112345` stays as it is.

use kelvin_kernel::{
    Instant,
    plan::{AccountPlan, Plan},
    score::{AccountScore, Score, Standing},
};

use super::{
    columns::{
        ACCOUNT, REASONS, ReasonNames, column, disqualified_text, reason_names, reasons_text, rule_ids,
    },
    number::{push_instant, push_points, push_unsigned},
};

/// Writes the scores that one model gives to leads at one instant.
#[derive(Debug, Clone)]
pub struct LeadRows {
    cells: Vec<LeadCell>,
    tiers: Vec<Vec<u8>>,
    /// By place; the last is `F`, or nothing where the model has no grades.
    grades: Vec<Vec<u8>>,
    rules: Vec<Box<str>>,
    /// Of reasons.
    names: ReasonNames<Box<str>>,
}

/// What stands in a column.
#[derive(Debug, Clone)]
enum LeadCell {
    Id,
    /// The same in every row.
    Same(Vec<u8>),
    Score,
    Tier,
    Grade,
    Disqualified,
    Until,
    /// The value of the dimension in this place.
    Dimension(Option<usize>),
    Reasons,
}

/// Writes the scores that one model gives to accounts at one instant.
#[derive(Debug, Clone)]
pub struct AccountRows {
    head: Vec<u8>,
    tiers: Vec<Vec<u8>>,
    names: ReasonNames<Box<str>>,
}

/// The header of a file of leads, with its line feed.
pub fn lead_header(columns: &[String]) -> Vec<u8> {
    header(columns.iter().map(String::as_str))
}

/// The header of a file of accounts, with its line feed.
pub fn account_header() -> Vec<u8> {
    header(ACCOUNT.into_iter())
}

impl LeadRows {
    /// A writer; `columns` are those of the file, which several models may share.
    pub fn new(plan: &Plan, columns: &[String], as_of: Instant) -> Self {
        let letters = plan.grades.iter().flat_map(|grades| &grades.bounds).map(|(letter, _)| cell(letter));
        let last: &[u8] = if plan.grades.is_some() { b"F" } else { b"" };
        Self {
            cells: columns.iter().map(|name| LeadCell::new(name, plan, as_of)).collect(),
            tiers: plan.tiers.iter().map(|tier| cell(&tier.name)).collect(),
            grades: letters.chain([last.to_vec()]).collect(),
            rules: rule_ids(&plan.rules),
            names: reason_names(&plan.rules),
        }
    }

    /// Appends one row, with its line feed.
    pub fn push(&self, buf: &mut Vec<u8>, lead_id: &str, score: &Score) {
        for (place, cell) in self.cells.iter().enumerate() {
            if place > 0 {
                buf.push(b',');
            }
            self.push_lead_cell(buf, cell, lead_id, score);
        }
        buf.push(b'\n');
    }

    fn push_lead_cell(&self, buf: &mut Vec<u8>, cell: &LeadCell, lead_id: &str, score: &Score) {
        match cell {
            LeadCell::Id => push_cell(buf, lead_id),
            LeadCell::Same(text) => buf.extend_from_slice(text),
            LeadCell::Score => push_points(buf, score.score),
            LeadCell::Tier => buf.extend_from_slice(match score.standing {
                Standing::Disqualified => b"disqualified",
                Standing::Tier(tier) => &self.tiers[tier],
                Standing::None => b"",
            }),
            LeadCell::Grade => {
                let grade = self.grades.get(score.grade.unwrap_or(self.grades.len() - 1));
                buf.extend_from_slice(grade.map_or(b"", |grade| grade));
            }
            LeadCell::Disqualified if score.disqualified.is_empty() => {}
            LeadCell::Disqualified => push_cell(buf, &disqualified_text(&self.rules, &score.disqualified)),
            LeadCell::Until => score.until.into_iter().for_each(|until| push_instant(buf, until)),
            LeadCell::Dimension(place) => {
                if let Some(dimension) = place.and_then(|place| score.dimensions.get(place)) {
                    push_points(buf, dimension.value);
                }
            }
            LeadCell::Reasons => push_cell(buf, &reasons_text(&self.names, &score.reasons)),
        }
    }
}

impl LeadCell {
    fn new(name: &str, plan: &Plan, as_of: Instant) -> Self {
        match name {
            "lead_id" => Self::Id,
            "model" => Self::Same(cell(&plan.model)),
            "as_of" => {
                let mut text = Vec::new();
                push_instant(&mut text, as_of);
                Self::Same(text)
            }
            "score" => Self::Score,
            "tier" => Self::Tier,
            "grade" => Self::Grade,
            "disqualified" => Self::Disqualified,
            "until" => Self::Until,
            REASONS => Self::Reasons,
            name => {
                Self::Dimension(plan.dimensions.iter().position(|dimension| column(&dimension.id) == name))
            }
        }
    }
}

impl AccountRows {
    /// A writer for the accounts of a plan.
    pub fn new(plan: &Plan, accounts: &AccountPlan, as_of: Instant) -> Self {
        Self {
            head: head(&plan.model, as_of),
            tiers: accounts.tiers.iter().map(|tier| cell(&tier.name)).collect(),
            names: reason_names(&accounts.rules),
        }
    }

    /// Appends one row, with its line feed.
    pub fn push(&self, buf: &mut Vec<u8>, account_id: &str, score: &AccountScore) {
        push_cell(buf, account_id);
        buf.extend_from_slice(&self.head);
        push_points(buf, score.score);
        buf.push(b',');
        if let Some(tier) = score.tier {
            buf.extend_from_slice(&self.tiers[tier]);
        }
        buf.push(b',');
        push_unsigned(buf, score.members as u64);
        buf.push(b',');
        push_cell(buf, &reasons_text(&self.names, &score.reasons));
        buf.push(b'\n');
    }
}

/// Appends text as a cell: quoted where CSV needs it, harmless in a spreadsheet.
pub fn push_cell(buf: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    let formula = begins_a_formula(bytes);
    let quoted = formula
        || bytes.iter().any(|byte| matches!(byte, b',' | b';' | b'"' | b'\n' | b'\r' | b'\t'))
        || bytes.first() == Some(&b' ')
        || bytes.last() == Some(&b' ');
    if !quoted {
        buf.extend_from_slice(bytes);
        return;
    }
    buf.push(b'"');
    if formula {
        buf.push(b'\'');
    }
    for piece in bytes.split_inclusive(|&byte| byte == b'"') {
        buf.extend_from_slice(piece);
        if piece.last() == Some(&b'"') {
            buf.push(b'"');
        }
    }
    buf.push(b'"');
}

/// Whether a spreadsheet would run the text.
fn begins_a_formula(text: &[u8]) -> bool {
    match text {
        [b'=' | b'@' | b'\t' | b'\r' | b'\n', ..] => true,
        [b'+' | b'-', rest @ ..] => !is_plain_number(rest),
        _ => false,
    }
}

/// Digits, with at most one point between them.
fn is_plain_number(text: &[u8]) -> bool {
    let mut parts = text.splitn(2, |&byte| byte == b'.');
    parts.all(|part| !part.is_empty() && part.iter().all(u8::is_ascii_digit))
}

fn header<'a>(names: impl Iterator<Item = &'a str>) -> Vec<u8> {
    let mut line = Vec::new();
    for (i, name) in names.enumerate() {
        if i > 0 {
            line.push(b',');
        }
        push_cell(&mut line, name);
    }
    line.push(b'\n');
    line
}

/// From the end of an account's id to the score.
fn head(model: &str, as_of: Instant) -> Vec<u8> {
    let mut head = vec![b','];
    push_cell(&mut head, model);
    head.push(b',');
    push_instant(&mut head, as_of);
    head.push(b',');
    head
}

fn cell(text: &str) -> Vec<u8> {
    let mut buf = Vec::with_capacity(text.len());
    push_cell(&mut buf, text);
    buf
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            columns::in_csv,
            sample::{AS_OF, account_score, accounts, disqualified, plan, score},
        },
        AccountRows, LeadRows, account_header, cell, lead_header,
    };

    #[test]
    fn a_file_of_leads_has_a_header_and_a_row_for_each() {
        let plan = plan();
        let columns = in_csv([&plan], true);
        let mut buf = lead_header(&columns);
        let rows = LeadRows::new(&plan, &columns, AS_OF);
        rows.push(&mut buf, "l1", &score());
        rows.push(&mut buf, "=l2", &disqualified());
        let expect = "\
lead_id,model,as_of,score,tier,grade,disqualified,until,fit,score_dimension,reasons
l1,saas-new-business,2026-03-01T00:00:00Z,61.25,\"mql, hot\",B,,2026-03-09T07:12:44.101Z,30,31.25,\"pricing-page 31.25; company-size 30\"
\"'=l2\",saas-new-business,2026-03-01T00:00:00Z,-0.5,disqualified,F,\"company-size; pricing-page\",,30,31.25,
";
        assert_eq!(String::from_utf8_lossy(&buf), expect);
    }

    #[test]
    fn a_file_of_accounts_has_a_header_and_a_row_for_each() {
        let mut buf = account_header();
        AccountRows::new(&plan(), &accounts(), AS_OF).push(&mut buf, "acme", &account_score());
        let expect = "\
account_id,model,as_of,score,tier,members,reasons
acme,saas-new-business,2026-03-01T00:00:00Z,70,target,3,committee 40
";
        assert_eq!(String::from_utf8_lossy(&buf), expect);
    }

    #[test]
    fn a_cell_is_quoted_where_needed_and_never_a_formula() {
        let check = |text: &str, expect: &str| assert_eq!(String::from_utf8_lossy(&cell(text)), expect);
        check("", "");
        check("l1", "l1");
        check("Müller & Söhne", "Müller & Söhne");
        check("a,b", "\"a,b\"");
        check("a;b", "\"a;b\"");
        check("say \"hi\"", "\"say \"\"hi\"\"\"");
        check("two\nlines", "\"two\nlines\"");
        check(" padded ", "\" padded \"");
        check("=1+1", "\"'=1+1\"");
        check("=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\"");
        check("@SUM(A1)", "\"'@SUM(A1)\"");
        check("\t=1", "\"'\t=1\"");
        check("\r=1", "\"'\r=1\"");
        check("+4915112345", "+4915112345");
        check("-12.5", "-12.5");
        check("-1+1", "\"'-1+1\"");
        check("+", "\"'+\"");
        check("-.5", "\"'-.5\"");
        check("-1.2.3", "\"'-1.2.3\"");
    }
}
