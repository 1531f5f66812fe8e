//! The target of the condition compiler, and of what it makes.

use std::collections::BTreeMap;

use kelvin_kernel::{
    Instant, Value,
    expr::Env,
    plan::{Fields, Schema},
};
use kelvin_model::cel::{Roots, Scope, compile_condition};

use crate::text;

/// A condition; its problems lie in the text, and what compiles can be asked about any lead.
pub(crate) fn condition(data: &[u8]) {
    text(data, |text| {
        let lists =
            BTreeMap::from([("rivals".to_owned(), Value::from(vec!["rival.example".into(), 7_i64.into()]))]);
        let roots = Roots { now: true, ..Roots::EVENT };
        let mut schema = Schema::default();
        match compile_condition(text, &mut Scope::new(roots, &lists, &mut schema)) {
            Ok(condition) => {
                let now = Some(Instant::from_millis(1_772_323_200_000));
                condition.holds(&Env { now, ..Env::default() });
                let (lead, account) = (values(&schema.lead), values(&schema.account));
                let (event, context) = (values(&schema.event), values(&schema.context));
                let env = Env { lead: &lead, account: &account, event: &event, context: &context, now };
                assert_eq!(condition.holds(&env), condition.holds(&env), "{text:?}");
            }
            Err(problems) => {
                let lies_within = |span: &std::ops::Range<usize>| text.get(span.clone()).is_some();
                assert!(!problems.is_empty());
                assert!(problems.iter().all(|problem| lies_within(&problem.span)), "{problems:?}");
            }
        }
    });
}

/// A value for every field, of a type that its place in the list decides.
fn values(fields: &Fields) -> Vec<Option<Value>> {
    let kinds = [
        None,
        Some("/pricing?x=ä".into()),
        Some(Value::Int(i64::MAX)),
        Some(Value::Double(-0.5)),
        Some(Value::Bool(true)),
        Some(Value::from(vec!["a".into(), Value::Null])),
    ];
    kinds.iter().cycle().take(fields.fields.len()).cloned().collect()
}
