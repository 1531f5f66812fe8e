//! Rows as columns, under the names by which `kelvin score` reads them.

use kelvin_batch::write::table::Row;
use serde_json::Value as Json;

/// Keys of a call that have columns of their own, or none.
const EVENT: [&str; 4] = ["lead_id", "time", "event", "id"];

/// A row's values by column: of an event its properties, and its context under `context.`; of a lead the account's under `account.`.
pub(crate) fn flat(row: Json, is_event: bool, is_lead: bool) -> Row {
    let Json::Object(mut row) = row else { return Row::new() };
    if is_event {
        return event(row);
    }
    if is_lead && let Some(Json::Object(account)) = row.remove("account") {
        row.extend(account.into_iter().map(|(key, value)| (format!("account.{key}"), value)));
    }
    row
}

/// A call as an event. A property that is named as one of an event's own columns has none.
fn event(mut call: Row) -> Row {
    let mut take = |key: &str| call.remove(key).unwrap_or_default();
    let kind = take("type");
    let (user, visitor) = (take("userId"), take("anonymousId"));
    let mut row = Row::new();
    row.insert("lead_id".to_owned(), text(if is_empty(&user) { visitor } else { user }));
    row.insert("time".to_owned(), take("timestamp"));
    let name = take("event");
    let is_page = kind == "page" || kind == "screen";
    row.insert("event".to_owned(), if kind == "track" { text(name) } else { kind });
    row.insert("id".to_owned(), take("messageId"));
    let beside = ["name", "category"].map(|key| (key.to_owned(), take(key)));
    let beside = beside.into_iter().filter(|(_, value)| is_page && !value.is_null());
    let own = members(take("properties")).filter(|(_, value)| !value.is_null());
    let properties = beside.chain(own).filter(|(key, _)| !EVENT.contains(&key.as_str()));
    row.extend(properties.filter(|(key, _)| !key.starts_with("context.")));
    row.extend(members(take("context")).map(|(key, value)| (format!("context.{key}"), value)));
    row
}

fn members(value: Json) -> impl Iterator<Item = (String, Json)> {
    let object = if let Json::Object(object) = value { Some(object) } else { None };
    object.into_iter().flatten()
}

fn is_empty(id: &Json) -> bool {
    id.is_null() || id == ""
}

/// An id or a name as text.
fn text(value: Json) -> Json {
    if value.is_number() { Json::String(value.to_string()) } else { value }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_call_becomes_an_event_in_columns() {
        let call = json!({"seq": 1, "type": "page", "anonymousId": 7, "userId": "", "timestamp": "2026-01-01T00:00:00Z",
            "messageId": "a", "name": "Docs", "properties": {"path": "/", "time": 1, "no": null}, "context": {"ip": "::1"}});
        let expect = json!({"lead_id": "7", "time": "2026-01-01T00:00:00Z", "event": "page", "id": "a", "name": "Docs",
            "path": "/", "context.ip": "::1"});
        assert_eq!(Json::Object(flat(call, true, false)), expect);
    }

    #[test]
    fn what_is_known_of_an_account_stands_beside_the_lead() {
        let lead = json!({"lead_id": "ada", "plan": "pro", "account": {"employees": 7}});
        let expect = json!({"lead_id": "ada", "plan": "pro", "account.employees": 7});
        assert_eq!(Json::Object(flat(lead, false, true)), expect);
    }
}
