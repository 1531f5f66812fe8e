//! The columns of flat output (CSV, Parquet): the same names in the same order in both.

use kelvin_kernel::{
    plan::{Plan, RuleSet},
    score::Reason,
};

use super::number::push_points;

/// The columns of every lead, before those of the dimensions.
pub const LEAD: [&str; 8] = ["lead_id", "model", "as_of", "score", "tier", "grade", "disqualified", "until"];

/// The last column of a lead, where reasons are asked for.
pub const REASONS: &str = "reasons";

/// The columns of an account.
pub const ACCOUNT: [&str; 7] = ["account_id", "model", "as_of", "score", "tier", "members", REASONS];

/// Which columns of leads are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// The reasons, too.
    pub explain: bool,
    /// Only these, in this order; all where none are named.
    pub columns: Vec<String>,
}

impl Shown {
    /// Of these columns those that are shown.
    pub(crate) fn of(&self, all: Vec<String>) -> Vec<String> {
        if self.columns.is_empty() { all } else { self.columns.clone() }
    }
}

/// The columns of leads in CSV.
pub fn in_csv<'a>(plans: impl IntoIterator<Item = &'a Plan>, explain: bool) -> Vec<String> {
    let dimensions = DimensionColumns::new(plans).names;
    let head = LEAD.into_iter().map(str::to_owned);
    head.chain(dimensions).chain(explain.then(|| REASONS.to_owned())).collect()
}

/// The columns of leads in Parquet, where sums of dimensions before their range stand beside their values.
pub fn in_parquet<'a>(plans: impl IntoIterator<Item = &'a Plan>, explain: bool) -> Vec<String> {
    let dimensions = DimensionColumns::new(plans);
    let mut names = in_csv([], false);
    names.extend(dimensions.names().map(str::to_owned));
    names.extend(dimensions.sums());
    names.extend(explain.then(|| REASONS.to_owned()));
    names
}

/// One column per dimension of any model, named like the dimension; models that share a name share a column.
///
/// A dimension that is called like one of the other columns gets the suffix `_dimension`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DimensionColumns {
    names: Vec<String>,
}

impl DimensionColumns {
    /// The columns that these models need together, in the order in which they occur.
    pub fn new<'a>(plans: impl IntoIterator<Item = &'a Plan>) -> Self {
        let mut names = Vec::new();
        for dimension in plans.into_iter().flat_map(|plan| &plan.dimensions) {
            let name = column(&dimension.id);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        Self { names }
    }

    /// The names, in order.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// The names of the columns of their sums before the range, in order.
    pub fn sums(&self) -> impl ExactSizeIterator<Item = String> {
        self.names.iter().map(|name| format!("{name}_sum"))
    }

    /// For each column, the place of the dimension in `plan`, if it has one.
    pub fn places(&self, plan: &Plan) -> Vec<Option<usize>> {
        let place =
            |name: &String| plan.dimensions.iter().position(|dimension| column(&dimension.id) == *name);
        self.names.iter().map(place).collect()
    }
}

/// The name of a dimension's column.
pub(super) fn column(dimension: &str) -> String {
    if LEAD.contains(&dimension) || dimension == REASONS {
        format!("{dimension}_dimension")
    } else {
        dimension.to_owned()
    }
}

/// The ids of rules, by place.
pub fn rule_ids(rules: &RuleSet) -> Vec<Box<str>> {
    rules.rules.iter().map(|rule| rule.id.clone()).collect()
}

/// What reasons are called: of each rule, by part.
#[derive(Debug, Clone, Default)]
pub struct ReasonNames<T>(Vec<Vec<T>>);

impl<T> ReasonNames<T> {
    /// The names of a plan's rules, each made into something.
    pub fn new(rules: &RuleSet, make: impl Fn(usize, &str) -> T) -> Self {
        let of_rule = |rule| rules.reason_names(rule).iter().map(|name| make(rule, name)).collect();
        Self((0..rules.rules.len()).map(of_rule).collect())
    }

    /// What became of the name of a reason.
    #[inline]
    pub fn of(&self, reason: &Reason) -> &T {
        &self.0[reason.rule][reason.part.code()]
    }
}

/// The names of reasons, as text.
pub fn reason_names(rules: &RuleSet) -> ReasonNames<Box<str>> {
    ReasonNames::new(rules, |_, name| name.into())
}

/// Reasons as one cell: `pricing-page 21.25; company-size -5`.
pub fn reasons_text(names: &ReasonNames<Box<str>>, reasons: &[Reason]) -> String {
    let mut text = Vec::new();
    for (i, reason) in reasons.iter().enumerate() {
        if i > 0 {
            text.extend_from_slice(b"; ");
        }
        text.extend_from_slice(names.of(reason).as_bytes());
        text.push(b' ');
        push_points(&mut text, reason.points);
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// The disqualifying rules as one cell: `competitor; spam`.
pub fn disqualified_text(rules: &[Box<str>], disqualified: &[usize]) -> String {
    let ids: Vec<_> = disqualified.iter().map(|&rule| &*rules[rule]).collect();
    ids.join("; ")
}
