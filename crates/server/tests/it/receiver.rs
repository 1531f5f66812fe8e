//! Receivers of messages that behave as real ones do on their bad days: programs over HTTP, and a mail server.

use std::{
    io::{BufRead, BufReader, Read, Result, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use serde_json::Value as Json;

/// The headers of a request, names in lower case.
type Headers = Vec<(String, String)>;

/// What a receiver does with a request.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reply {
    /// Answers with a status.
    Status(u16),
    /// Answers with a status and a word.
    Word(u16, &'static str),
    /// Answers 429 and asks to be left alone for so many seconds.
    After(u32),
    /// Never answers.
    Hang,
    /// Begins an answer and closes.
    Half,
    /// Closes at once.
    Cut,
    /// Sends elsewhere.
    Redirect(SocketAddr),
}

/// A request as it came, and what was done with it.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    headers: Headers,
    pub(crate) body: String,
    pub(crate) reply: Reply,
}

/// Something that listens, and keeps what came.
pub(crate) struct Receiver<T> {
    pub(crate) address: SocketAddr,
    came: Arc<Mutex<Vec<T>>>,
}

impl<T: Clone + Send + 'static> Receiver<T> {
    /// Serves each connection in a thread of its own.
    fn listen(serve: impl Fn(TcpStream, &Mutex<Vec<T>>) -> Result<()> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let came = Arc::<Mutex<Vec<T>>>::default();
        let (all, serve) = (Arc::clone(&came), Arc::new(serve));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (all, serve) = (Arc::clone(&all), Arc::clone(&serve));
                thread::spawn(move || serve(stream, &all));
            }
        });
        Self { address, came }
    }

    pub(crate) fn came(&self) -> Vec<T> {
        self.came.lock().unwrap().clone()
    }
}

impl Receiver<Request> {
    /// A program that replies to each request as it is told, by how many came before.
    pub(crate) fn http(reply: impl Fn(usize) -> Reply + Send + Sync + 'static) -> Self {
        Self::listen(move |stream, came| {
            let mut stream = BufReader::new(stream);
            while let Some((headers, body)) = request(&mut stream)? {
                let reply = {
                    let mut came = came.lock().unwrap();
                    let reply = reply(came.len());
                    came.push(Request { headers, body, reply });
                    reply
                };
                if !answer(stream.get_mut(), reply)? {
                    break;
                }
            }
            Ok(())
        })
    }
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// The headers and the body of a request, if another one comes.
fn request(stream: &mut BufReader<TcpStream>) -> Result<Option<(Headers, String)>> {
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        if line.trim_end().is_empty() {
            break;
        }
        if let Some((name, value)) = line.trim_end().split_once(": ") {
            headers.push((name.to_lowercase(), value.to_owned()));
        }
    }
    let length = headers.iter().find(|(name, _)| name == "content-length").map(|(_, value)| value);
    let mut body = vec![0; length.and_then(|value| value.parse().ok()).unwrap_or(0)];
    stream.read_exact(&mut body)?;
    Ok(Some((headers, String::from_utf8(body).unwrap())))
}

/// Answers; whether the connection goes on.
fn answer(stream: &mut TcpStream, reply: Reply) -> Result<bool> {
    let head = match reply {
        Reply::Status(status) => format!("HTTP/1.1 {status} X\r\ncontent-length: 2\r\n\r\nok"),
        Reply::Word(status, word) => {
            format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n{word}", word.len())
        }
        Reply::After(seconds) => {
            format!("HTTP/1.1 429 X\r\nretry-after: {seconds}\r\ncontent-length: 0\r\n\r\n")
        }
        Reply::Redirect(to) => {
            format!("HTTP/1.1 302 X\r\nlocation: http://{to}/\r\ncontent-length: 0\r\n\r\n")
        }
        Reply::Half => "HTTP/1.1 20".to_owned(),
        Reply::Cut => String::new(),
        Reply::Hang => loop {
            thread::park();
        },
    };
    stream.write_all(head.as_bytes())?;
    Ok(!matches!(reply, Reply::Half | Reply::Cut))
}

/// A mail as a mail server took it.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    pub(crate) envelope: Vec<String>,
    pub(crate) text: String,
}

impl Receiver<Mail> {
    /// A mail server that answers the texts of mails as it is told, by how many it took before.
    pub(crate) fn smtp(reply: impl Fn(usize) -> &'static str + Send + Sync + 'static) -> Self {
        let replies = Mutex::new(0..);
        Self::listen(move |stream, came| {
            let mut stream = BufReader::new(stream);
            let mut envelope = Vec::new();
            say(&mut stream, "220 mail.example")?;
            loop {
                let command = line(&mut stream)?;
                match command.split([' ', ':']).next().unwrap_or_default() {
                    "EHLO" => say(&mut stream, "250-mail.example\r\n250 8BITMIME")?,
                    "MAIL" | "RCPT" => {
                        envelope.push(command);
                        say(&mut stream, "250 fine")?;
                    }
                    "DATA" => {
                        say(&mut stream, "354 go on")?;
                        let text = data(&mut stream)?;
                        let reply = reply(replies.lock().unwrap().next().unwrap());
                        if reply.starts_with('2') {
                            came.lock().unwrap().push(Mail { envelope: std::mem::take(&mut envelope), text });
                        }
                        say(&mut stream, reply)?;
                    }
                    // Some are not polite: what they took, they took.
                    "QUIT" => return Ok(()),
                    _ => say(&mut stream, "500 what?")?,
                }
            }
        })
    }
}

fn line(stream: &mut BufReader<TcpStream>) -> Result<String> {
    let mut line = String::new();
    match stream.read_line(&mut line)? {
        0 => Err(std::io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(line.trim_end().to_owned()),
    }
}

fn data(stream: &mut BufReader<TcpStream>) -> Result<String> {
    let mut text = String::new();
    loop {
        match line(stream)?.as_str() {
            "." => return Ok(text),
            line => text.extend([line.strip_prefix('.').unwrap_or(line), "\n"]),
        }
    }
}

fn say(stream: &mut BufReader<TcpStream>, text: &str) -> Result<()> {
    stream.get_mut().write_all(format!("{text}\r\n").as_bytes())
}
