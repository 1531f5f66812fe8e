//! What happens to leads, told to those who listen.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::{Value as Json, json};

use crate::{
    hand_offs::{self, PLAYBOOK, demo},
    service::{Service, fresh},
};

/// One who listens.
pub(crate) struct Listener(BufReader<TcpStream>);

/// What was told: the place, what kind of thing, and what it was.
pub(crate) type Told = (u64, String, Json);

impl Listener {
    pub(crate) fn new(service: &Service, query: &str, headers: &str) -> Self {
        let mut socket = TcpStream::connect(service.address()).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let request = format!(
            "GET /api/v1/changes{query} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{headers}\r\n"
        );
        socket.write_all(request.as_bytes()).unwrap();
        Self(BufReader::new(socket))
    }

    /// The next line that begins so; nothing, when the stream is over.
    fn line(&mut self, begins: &str) -> Option<String> {
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).unwrap() == 0 {
                return None;
            }
            if let Some(rest) = line.trim_end().strip_prefix(begins) {
                return Some(rest.to_owned());
            }
        }
    }

    /// The place from which on it listens.
    pub(crate) fn begun(&mut self) -> u64 {
        self.line(": nothing new").unwrap();
        self.line("id: ").unwrap().parse().unwrap()
    }

    /// What is told next.
    pub(crate) fn next(&mut self) -> Told {
        loop {
            let place = self.line("id: ").unwrap().parse().unwrap();
            let mut line = String::new();
            self.0.read_line(&mut line).unwrap();
            if let Some(event) = line.trim_end().strip_prefix("event: ") {
                let data = self.line("data: ").unwrap();
                return (place, event.to_owned(), serde_json::from_str(&data).unwrap());
            }
        }
    }
}

#[test]
fn what_happens_is_told_as_it_is_committed() {
    let (service, _folder) = hand_offs::service(PLAYBOOK);
    let mut listener = Listener::new(&service, "", "");
    assert_eq!(listener.line("content-type: ").unwrap(), "text/event-stream");
    assert_eq!(listener.begun(), 0);
    demo(&service, "ada");
    let (_, kind, tier) = listener.next();
    assert_eq!((kind.as_str(), &tier["lead_id"], &tier["to"]), ("tier", &json!("ada"), &json!("hot")));
    let (_, kind, hand_off) = listener.next();
    assert_eq!((kind.as_str(), &hand_off["tier"]), ("hand-off", &json!("hot")));
    assert_eq!(hand_off, service.get("/api/v1/hand-offs").json()["hand_offs"][0]);
    let (_, kind, task) = listener.next();
    assert_eq!((kind.as_str(), &task["state"]), ("task", &json!("open")));
    let to = json!({"state": "accepted"}).to_string();
    let path = format!("/api/v1/tasks/{}", task["hand_off"]["task"]);
    service.post_bytes(&path, &[("content-type", "application/json")], to.as_bytes());
    assert_eq!(listener.next().2["state"], "accepted");
}

#[test]
fn who_comes_again_misses_nothing_and_hears_nothing_twice() {
    let (service, folder) = hand_offs::service(PLAYBOOK);
    for lead in ["ada", "bob", "cem"] {
        demo(&service, lead);
    }
    let mut all = Listener::new(&service, "?after=0&tier=hot", "");
    let told: Vec<_> = (0..9).map(|_| all.next()).collect();
    let leads = |told: &[Told]| -> Vec<_> {
        let tiers = told.iter().filter(|(_, kind, _)| kind == "tier");
        tiers.map(|(_, _, tier)| tier["lead_id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(leads(&told), ["ada", "bob", "cem"]);
    drop((all, service));
    let service = hand_offs::again(&folder, PLAYBOOK, false);
    let seen = format!("Last-Event-ID: {}\r\n", told[3].0);
    let mut rest = Listener::new(&service, "?after=0", &seen);
    assert_eq!((0..5).map(|_| rest.next()).collect::<Vec<_>>(), told[4..]);
}

#[test]
fn only_what_is_asked_for_is_told() {
    let (service, _folder) = hand_offs::service(PLAYBOOK);
    let mut none = Listener::new(&service, "?after=0&tier=warm", "");
    let mut warm = Listener::new(&service, "?after=0&model=small&tier=warm", "");
    demo(&service, "ada");
    service.post("/v1/page", &json!({"userId": "bob", "properties": {"path": "/pricing"}}));
    assert_eq!(warm.next().2["lead_id"], "bob");
    assert_eq!(none.next().2["lead_id"], "bob");
    let code = |query: &str| service.get(&format!("/api/v1/changes{query}")).json()["code"].clone();
    assert_eq!(code("?after=99"), "bad-cursor");
    assert_eq!(code("?since=1"), "bad-query");
}

#[test]
fn a_service_that_stops_lets_those_who_listen_go() {
    let (service, _folder) = fresh();
    let mut listener = Listener::new(&service, "", "");
    listener.begun();
    service.stop();
    assert_eq!(listener.line("event: "), None);
}

#[test]
fn who_may_not_read_any_more_hears_no_more() {
    let (service, _folder) = hand_offs::service(PLAYBOOK);
    let key = service.post("/api/v1/keys", &json!({"name": "wall", "scope": "read"})).json();
    let bearer = format!("authorization: Bearer {}\r\n", key["key"].as_str().unwrap());
    let mut listener = Listener::new(&service, "", &bearer);
    listener.begun();
    service.request(&format!("DELETE /api/v1/keys/{}", key["id"]), &[], &[]);
    demo(&service, "ada");
    assert_eq!(listener.line("event: "), None);
    let mut refused = Listener::new(&service, "", &bearer);
    assert_eq!(refused.line("HTTP/1.1 ").unwrap(), "401 Unauthorized");
}
