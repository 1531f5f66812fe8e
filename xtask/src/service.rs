//! A running service, and plain requests to it.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, ChildStderr, Command, Stdio},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail};

use crate::shell::program;

/// A service that ends with this value.
pub(crate) struct Service {
    process: Child,
    pub(crate) address: String,
    /// What it goes on to say.
    _said: BufReader<ChildStderr>,
}

/// A connection that is kept from one request to the next.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    address: String,
}

impl Service {
    /// Starts `kelvin serve` in a folder, with a store that is empty.
    pub(crate) fn kelvin(kelvin: &Path, folder: &Path, model: &str, store: &str) -> Result<Self> {
        for suffix in ["", "-wal", "-shm", "-lock"] {
            // A file that is not there is as good.
            let _absent = fs::remove_file(folder.join(format!("{store}{suffix}")));
        }
        let serve =
            ["serve", "--model", model, "--store", store, "--listen", "127.0.0.1:0", "--log-level", "warn"];
        let service = Self::start(program(kelvin, &serve).current_dir(folder))?;
        service.get_ready()?;
        Ok(service)
    }

    /// Starts a program that says where it listens.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let mut process = command.stderr(Stdio::piped()).spawn().context("cannot start the service")?;
        let said = process.stderr.take().context("no standard error")?;
        let (mut said, mut first) = (BufReader::new(said), String::new());
        said.read_line(&mut first)?;
        let Some(address) = first.trim().strip_prefix("listening on http://") else {
            bail!("the service does not listen: {first}");
        };
        Ok(Self { process, address: address.to_owned(), _said: said })
    }

    /// The number that the system knows its process by.
    pub(crate) fn process(&self) -> u32 {
        self.process.id()
    }

    /// A connection to it.
    pub(crate) fn connect(&self) -> Result<Connection> {
        Connection::open(&self.address)
    }

    /// The body of the answer to one request; anything but success is an error.
    pub(crate) fn ask(&self, request: &str, body: &str) -> Result<String> {
        self.connect()?.ask(request, body)
    }

    /// Waits until it takes events.
    fn get_ready(&self) -> Result<()> {
        let mut patience = 200;
        while let Err(error) = self.ask("GET /readyz", "") {
            patience -= 1;
            if patience == 0 {
                return Err(error);
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // Killed, it loses nothing that it acknowledged; here nobody would miss it.
        let _ended = self.process.kill().and_then(|()| self.process.wait());
    }
}

impl Connection {
    /// Connects to an address.
    pub(crate) fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), address: address.to_owned() })
    }

    /// The body of the answer to a request; anything but success is an error.
    pub(crate) fn ask(&mut self, request: &str, body: &str) -> Result<String> {
        let (address, length) = (&self.address, body.len());
        let head = format!("{request} HTTP/1.1\r\nHost: {address}\r\nContent-Length: {length}\r\n\r\n");
        self.stream.get_mut().write_all((head + body).as_bytes())?;
        let (status, answer) = self.answer()?;
        if !status.starts_with("HTTP/1.1 200") {
            bail!("{request}: {}\n{answer}", status.trim());
        }
        Ok(answer)
    }

    /// The first line of an answer, and its body.
    fn answer(&mut self) -> Result<(String, String)> {
        let (mut status, mut length) = (String::new(), 0);
        self.stream.read_line(&mut status)?;
        loop {
            let mut header = String::new();
            if self.stream.read_line(&mut header)? == 0 {
                bail!("the connection ended within an answer");
            }
            match header.trim().split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.trim().parse().context("a length that is no number")?;
                }
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok((status, String::from_utf8(body).context("an answer that is no text")?))
    }
}
