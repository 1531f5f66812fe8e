//! A running service, asked over HTTP: plain, on this machine or through a tunnel.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::Value as Json;

use crate::failure::{Failure, Outcome, plain};

/// How long a service may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// The port of an address that names none.
const PORT: u16 = 80;

/// A service.
#[derive(Debug)]
pub(crate) struct Service {
    /// Where it listens: `127.0.0.1:8080`.
    host: String,
}

/// What it answers.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Service {
    /// The service at an address: `http://127.0.0.1:8080`.
    pub(crate) fn at(address: &str) -> Outcome<Self> {
        let Some(host) = address.trim_end_matches('/').strip_prefix("http://") else {
            let failure =
                Failure::new(format!("cannot ask `{address}`: the address does not begin with `http://`"));
            return Err(failure.help("ask a service on this machine, or through a tunnel to its machine"));
        };
        let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        let host = if has_port { host.to_owned() } else { format!("{host}:{PORT}") };
        Ok(Self { host })
    }

    /// Asks for what is at a path.
    pub(crate) fn get(&self, path: &str) -> Outcome<Answer> {
        self.request("GET", path, "")
    }

    /// Sends an object to a path.
    pub(crate) fn post(&self, path: &str, body: &Json) -> Outcome<Answer> {
        self.request("POST", path, &body.to_string())
    }

    fn request(&self, method: &str, path: &str, body: &str) -> Outcome<Answer> {
        let failed = |cause: std::io::Error| {
            let failure = Failure::new(format!("cannot ask `http://{}`: {}", self.host, plain(&cause)));
            failure.help("is `kelvin serve` running there?")
        };
        self.exchange(method, path, body).map_err(failed)
    }

    fn exchange(&self, method: &str, path: &str, body: &str) -> std::io::Result<Answer> {
        let mut stream = TcpStream::connect(&self.host)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let (host, length) = (&self.host, body.len());
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\nconnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(body.as_bytes())?;
        read(BufReader::new(stream))
    }
}

/// Reads an answer that has a length, or ends with the connection.
fn read(mut stream: impl BufRead) -> std::io::Result<Answer> {
    let broken = || std::io::Error::other("the answer is no HTTP");
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(broken)?;
    let mut length = None;
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok();
        }
    }
    let mut body = Vec::new();
    stream.take(length.unwrap_or(u64::MAX)).read_to_end(&mut body)?;
    Ok(Answer { status, body: String::from_utf8_lossy(&body).into_owned() })
}

impl Answer {
    /// The object that was answered; what the service found wrong is a failure.
    pub(crate) fn json(&self) -> Outcome<Json> {
        let body: Json = serde_json::from_str(&self.body).unwrap_or_default();
        if self.status < 300 {
            return Ok(body);
        }
        let detail = body["detail"].as_str().unwrap_or("no more is known");
        let mut failure = Failure::new(format!("the service answered {}: {detail}", self.status));
        if let Some(first) = body["diagnostics"][0]["message"].as_str() {
            failure = failure.help(first);
        }
        Err(failure)
    }
}

/// A text as a part of a path.
pub(crate) fn escaped(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut escaped, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            // Writing to a text never fails.
            let _written = write!(escaped, "%{byte:02X}");
        }
        escaped
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_as_far_as_it_says() {
        let text = "HTTP/1.1 409 Conflict\r\nContent-Length: 17\r\n\r\n{\"detail\": \"busy\"} and more";
        let answer = read(text.as_bytes()).expect("an answer");
        assert_eq!((answer.status, answer.body.len()), (409, 17));
        assert_eq!(read(&b"SSH-2.0"[..]).expect_err("an error").to_string(), "the answer is no HTTP");
    }

    #[test]
    fn only_plain_addresses_are_asked() {
        assert_eq!(Service::at("http://localhost:8080/").expect("a service").host, "localhost:8080");
        assert_eq!(Service::at("http://kelvin.internal").expect("a service").host, "kelvin.internal:80");
        assert!(Service::at("https://kelvin.example").is_err());
        assert_eq!(escaped("a/b ü"), "a%2Fb%20%C3%BC");
    }
}
