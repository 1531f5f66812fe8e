//! A real PostgreSQL for the tests of one process, in a folder that goes. It ends with the process, also when that is killed.
#![allow(dead_code, reason = "several test programs share this, and each uses its part")]

use std::{
    fs,
    io::{BufRead, BufReader, Lines, Write},
    net::TcpListener,
    path::PathBuf,
    process::{ChildStdin, ChildStdout, Command, Stdio},
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use kelvin_store::Location;
use postgres::{Client, NoTls};

/// What runs PostgreSQL, and ends when its input does.
const SCRIPT: &str = include_str!("cluster.sh");

/// A PostgreSQL that is running.
pub(crate) struct Cluster {
    folder: PathBuf,
    /// Where it takes TLS.
    port: Option<u16>,
    script: Mutex<(ChildStdin, Lines<BufReader<ChildStdout>>)>,
}

/// A database of its own, for one test.
#[derive(Debug, Clone)]
pub(crate) struct Database {
    pub(crate) name: String,
    pub(crate) url: String,
}

/// The PostgreSQL of this process.
pub(crate) fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(Cluster::start)
}

impl Cluster {
    /// Starts PostgreSQL.
    pub(crate) fn start() -> Self {
        Self::start_at(None)
    }

    /// Starts PostgreSQL with TLS, at a port that is free.
    pub(crate) fn start_with_tls() -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        Self::start_at(Some(free.port()))
    }

    #[expect(clippy::zombie_processes, reason = "it ends by itself, after this process")]
    fn start_at(port: Option<u16>) -> Self {
        let mut command = command();
        command.args(port.map(|port| port.to_string()));
        let mut script = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(script.stdout.take().unwrap()).lines();
        let folder = lines.next().expect("PostgreSQL did not start: see what it wrote above").unwrap().into();
        assert_eq!(lines.next().unwrap().unwrap(), "ready");
        Self { folder, port, script: Mutex::new((script.stdin.take().unwrap(), lines)) }
    }

    /// A database that is new.
    pub(crate) fn database(&self) -> Database {
        static COUNT: AtomicUsize = AtomicUsize::new(1);
        let name = format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        self.client("postgres").batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        let place = match self.port {
            Some(port) => format!("localhost:{port}"),
            None => self.folder.to_str().unwrap().replace('/', "%2F"),
        };
        Database { url: format!("postgres://kelvin:open%20sesame@{place}/{name}"), name }
    }

    /// A connection beside the store's.
    pub(crate) fn client(&self, database: &str) -> Client {
        let (socket, user) = (self.folder.display(), "kelvin");
        let port = self.port.unwrap_or(5432);
        Client::connect(&format!("host={socket} port={port} user={user} dbname={database}"), NoTls).unwrap()
    }

    /// A file in its folder, as part of an address.
    pub(crate) fn file(&self, name: &str) -> String {
        self.folder.join(name).to_str().unwrap().replace('/', "%2F")
    }

    /// Cuts the connections of a database, as an administrator would.
    pub(crate) fn cut(&self, database: &Database) {
        let cut = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1";
        self.client("postgres").query(cut, &[&database.name]).unwrap();
    }

    /// Cuts the connection of the one that writes to a database, once another one waits for its place.
    pub(crate) fn cut_writer(&self, database: &Database) {
        let locks = "FROM pg_locks JOIN pg_database ON pg_database.oid = database
                     WHERE locktype = 'advisory' AND datname = $1";
        let mut client = self.client("postgres");
        let is_waiting = format!("SELECT coalesce(bool_or(NOT granted), false) {locks}");
        while !client.query_one(&is_waiting, &[&database.name]).unwrap().get::<_, bool>(0) {
            thread::sleep(Duration::from_millis(5));
        }
        let cut = format!("SELECT pg_terminate_backend(pid, 10000) {locks} AND granted");
        client.query(&cut, &[&database.name]).unwrap();
    }

    /// Has it let those in alone, soon, who show a certificate in their name.
    pub(crate) fn ask_for_certificates(&self) {
        self.tell("certificates", "asked");
        self.client("postgres").batch_execute("SELECT pg_reload_conf()").unwrap();
    }

    /// Stops PostgreSQL; connections break.
    pub(crate) fn stop(&self) {
        self.tell("stop", "stopped");
    }

    /// Starts it again.
    pub(crate) fn start_again(&self) {
        self.tell("start", "ready");
    }

    fn tell(&self, word: &str, answer: &str) {
        let (input, output) = &mut *self.script.lock().unwrap();
        writeln!(input, "{word}").unwrap();
        assert_eq!(output.next().unwrap().unwrap(), answer);
    }
}

impl Database {
    pub(crate) fn location(&self) -> Location {
        Location::parse(self.url.as_ref()).unwrap()
    }
}

/// The script, as somebody who may run PostgreSQL: root may not.
fn command() -> Command {
    let is_root = fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    let mut command = if is_root { Command::new("setpriv") } else { Command::new("sh") };
    if is_root {
        let known = fs::read_to_string("/etc/passwd").is_ok_and(|users| users.contains("\npostgres:"));
        let user = if known { "postgres" } else { "nobody" };
        command.args([&format!("--reuid={user}"), "--clear-groups", "sh"]);
    }
    command.args(["-c", SCRIPT, "cluster.sh"]).current_dir("/");
    command
}
