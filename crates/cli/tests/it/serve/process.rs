//! A service as a process of its own, which never outlives its test.

#[path = "../../../../server/tests/it/client.rs"]
pub(crate) mod client;

use std::{
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    thread::{self, JoinHandle},
    time::Duration,
};

use client::Client;

use crate::run::Folder;

/// A running `kelvin serve`.
pub(crate) struct Process {
    child: Child,
    /// Reads what it tells as long as it lives: it would wait for room, once a pipe is full of what nobody reads.
    errors: Option<JoinHandle<String>>,
    address: SocketAddr,
}

impl Process {
    /// Starts a service in a folder, and waits until it is ready.
    pub(crate) fn start(folder: &Folder, arguments: &str) -> Self {
        Self::spawn(folder.command(&format!("serve --listen 127.0.0.1:0 {arguments}")))
    }

    pub(crate) fn spawn(command: Command) -> Self {
        let service = Self::begin(command);
        service.get_ready();
        service
    }

    /// Starts a service, and waits until it listens.
    pub(crate) fn begin(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the binary");
        let mut errors = BufReader::new(child.stderr.take().expect("standard error"));
        // What else there is to tell may come first.
        let listening = |line: String| Some(line.split("listening on http://").nth(1)?.to_owned());
        let address = errors.by_ref().lines().find_map(|line| listening(line.expect("a line")));
        let address = address.expect("an address");
        let address = address.trim_end_matches(['"', '}']).parse().expect("an address");
        let errors = thread::spawn(move || {
            let mut rest = String::new();
            errors.read_to_string(&mut rest).expect("text");
            rest
        });
        Self { child, address, errors: Some(errors) }
    }

    /// Waits until it takes events.
    pub(crate) fn get_ready(&self) {
        for _ in 0..6000 {
            if self.client().request("GET /readyz", &[], b"").is_ok_and(|answer| answer.status == 200) {
                return;
            }
            thread::sleep(Duration::from_millis(5));
        }
        panic!("the service does not get ready");
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn client(&self) -> Client {
        Client::connect(self.address).expect("a connection")
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal: `TERM`, `INT`.
    pub(crate) fn signal(&self, name: &str) {
        let process = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &process]).status().expect("the command `kill`");
        assert!(sent.success());
    }

    /// Ends the process at once, whatever it is doing.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("a process");
        self.child.wait().expect("an end");
    }

    /// Asks the process to stop; the lines that it wrote to its log.
    pub(crate) fn log(mut self) -> String {
        self.signal("TERM");
        self.child.wait().expect("an end");
        self.errors.take().expect("a log").join().expect("text")
    }

    /// Waits for the end; the exit status.
    pub(crate) fn end(mut self) -> Option<i32> {
        self.child.wait().expect("an end").code()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _ended = self.child.wait();
    }
}
