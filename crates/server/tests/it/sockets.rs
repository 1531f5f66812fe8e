//! Clients that are slow, strange or many, on bare sockets.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use kelvin_server::Limits;

use crate::{
    client::Client,
    service::{Service, Setup, with},
};

fn limited(limits: Limits) -> (Service, tempfile::TempDir) {
    with(&Setup { limits, ..Setup::default() })
}

/// A connection on which something was sent.
fn socket(service: &Service, sent: &[u8]) -> TcpStream {
    let mut socket = TcpStream::connect(service.address()).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    socket.write_all(sent).unwrap();
    socket
}

/// All that comes until the service closes the connection.
fn answer(mut socket: TcpStream) -> String {
    let mut bytes = Vec::new();
    // What the service has not read when it closes makes the system reset the connection.
    let _reset = socket.read_to_end(&mut bytes);
    String::from_utf8(bytes).unwrap()
}

#[test]
fn who_dawdles_over_a_head_is_let_go() {
    let (service, _folder) = limited(Limits { patience: Duration::from_millis(200), ..Limits::default() });
    for begun in ["", "POST /v1/tr", "POST /v1/track HTTP/1.1\r\nhost: kelvin\r\ncontent-"] {
        assert_eq!(answer(socket(&service, begun.as_bytes())), "", "{begun}");
    }
    assert_eq!(service.get("/readyz").status, 200);
}

#[test]
fn a_head_that_is_too_large_is_refused() {
    let (service, _folder) = limited(Limits::default());
    let refused = |head: String| {
        let request = format!("GET /readyz HTTP/1.1\r\nhost: kelvin\r\n{head}\r\n");
        let answer = answer(socket(&service, request.as_bytes()));
        answer.lines().next().unwrap_or_default().to_owned()
    };
    let expect = "HTTP/1.1 431 Request Header Fields Too Large";
    assert_eq!(refused(format!("x: {}\r\n", "y".repeat(16 << 10))), expect);
    assert_eq!(
        refused((0..200).fold(String::new(), |head, field| head + &format!("x{field}: y\r\n"))),
        expect
    );
    assert_eq!(refused("connection: close\r\n".to_owned()), "HTTP/1.1 200 OK");
}

#[test]
fn what_is_no_http_is_refused() {
    let (service, _folder) = limited(Limits::default());
    for strange in ["\u{16}\u{3}\u{1}\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /\u{0} HTTP/1.1\r\n\r\n"] {
        assert!(answer(socket(&service, strange.as_bytes())).starts_with("HTTP/1.1 400"), "{strange:?}");
    }
    assert_eq!(service.get("/readyz").status, 200);
}

#[test]
fn more_connections_than_there_is_room_for_wait() {
    let (service, _folder) = limited(Limits { connections: 2, ..Limits::default() });
    let mut connected: Vec<Client> = (0..2).map(|_| service.client()).collect();
    for client in &mut connected {
        assert_eq!(client.request("GET /readyz", &[], b"").unwrap().status, 200);
    }
    let request = b"GET /readyz HTTP/1.1\r\nhost: kelvin\r\nconnection: close\r\n\r\n";
    let mut third = socket(&service, request);
    third.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    assert!(third.read(&mut [0]).is_err());
    connected.pop();
    third.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    assert!(answer(third).starts_with("HTTP/1.1 200"));
}

#[test]
fn connections_that_do_nothing_make_room() {
    let limits = Limits { patience: Duration::from_millis(200), connections: 2, ..Limits::default() };
    let (service, _folder) = limited(limits);
    let _idle: Vec<_> = (0..8).map(|_| socket(&service, b"GET ")).collect();
    assert_eq!(service.get("/readyz").status, 200);
}
