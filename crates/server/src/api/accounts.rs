//! `/api/v1/accounts`: accounts with their scores, and one with its members at any instant.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use kelvin_kernel::{Instant, plan::Plan};
use kelvin_store::View;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{
    App,
    problem::{Answer, Problem},
    query::{self, Asked, Named},
    render::{json_response, points},
};
use crate::{
    Model,
    accounts::{Account, Member, account},
    writer,
};

/// Accounts on one page at most: each is scored as it is listed.
const MOST: usize = 200;

/// Which accounts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct List {
    model: Option<String>,
    limit: Option<usize>,
    after: Option<String>,
}

/// By which model, and when.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct One {
    model: Option<String>,
    at: Option<String>,
}

/// `GET /api/v1/accounts`: in the order of their ids, page by page, as of now.
pub(crate) async fn list(State(app): State<Arc<App>>, Asked(list): Asked<List>) -> Answer<Response> {
    app.check_ready()?;
    app.look(move |app, view| {
        let model = model(app, view, list.model.as_deref())?;
        let (limit, now) = (query::limit(list.limit, MOST)?, app.now());
        let ids = view.accounts(model.key(), list.after.as_deref().unwrap_or_default(), limit)?;
        let next = ids.last().filter(|_| ids.len() == limit).cloned();
        let mut lines = Vec::new();
        for id in &ids {
            // All its members may have gone elsewhere.
            lines.extend(
                account(view, &model, id, now)?.map(|account| line(model.program().plan(), id, &account)),
            );
        }
        let (model, as_of) = (model.id(), now.to_string());
        Ok(json_response(&json!({"model": model, "as_of": as_of, "accounts": lines, "next": next})))
    })
    .await
}

/// `GET /api/v1/accounts/{id}`: with its members, and why its score is what it is.
pub(crate) async fn one(
    State(app): State<Arc<App>>,
    Named(id): Named<String>,
    Asked(one): Asked<One>,
) -> Answer<Response> {
    app.check_ready()?;
    app.look(move |app, view| {
        let model = model(app, view, one.model.as_deref())?;
        let at = query::at(one.at.as_deref())?.unwrap_or_else(|| app.now());
        let unknown = || Problem::not_found("unknown-account", format!("nobody belongs to `{id}` at {at}"));
        let account = account(view, &model, &id, at)?.ok_or_else(unknown)?;
        Ok(json_response(&told(&model, &id, &account, at)))
    })
    .await
}

/// The model of a name, if it scores accounts.
fn model(app: &App, view: &dyn View, name: Option<&str>) -> Answer<Model> {
    let model = app.model(view, name)?;
    if model.scores_accounts() {
        return Ok(model);
    }
    let detail = format!("`{}` scores no accounts: its file has no `accounts`", model.id());
    Err(Problem::not_found("no-accounts", detail))
}

fn line(plan: &Plan, id: &str, account: &Account) -> Json {
    let tiers = plan.accounts.as_ref().map(|accounts| &accounts.tiers);
    let tier = account.score.tier.and_then(|tier| Some(&*tiers?.get(tier)?.name));
    json!({
        "account_id": id,
        "score": points(account.score.score),
        "tier": tier,
        "members": account.score.members,
    })
}

fn told(model: &Model, id: &str, account: &Account, at: Instant) -> Json {
    let plan = model.program().plan();
    let rules = plan.accounts.as_ref().map(|accounts| &accounts.rules.rules);
    let reasons: Vec<_> = account
        .score
        .reasons
        .iter()
        .filter_map(|reason| {
            Some(json!({"rule": rules?.get(reason.rule)?.id, "points": points(reason.points)}))
        })
        .collect();
    let mut told = line(plan, id, account);
    told["model"] = json!(model.id());
    told["as_of"] = json!(at.to_string());
    told["reasons"] = json!(reasons);
    told["leads"] = account.members.iter().map(|one| member(plan, one)).collect();
    told
}

fn member(plan: &Plan, member: &Member) -> Json {
    let score = member.score.as_ref();
    json!({
        "lead_id": member.lead,
        "score": score.map(|score| points(score.score)),
        "tier": score.and_then(|score| writer::tier(plan, score)),
    })
}
