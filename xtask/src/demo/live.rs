//! The live part of the demo: the service takes a day of events over HTTP and ranks the leads as they come.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, ChildStderr, Stdio},
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, bail};

use super::workspace;
use crate::shell::program;

/// Calls in one request.
const BATCH: usize = 100;

/// In how many parts the day is sent; after each the list is shown.
const PARTS: usize = 3;

/// A `kelvin serve` that ends with this value.
struct Service {
    process: Child,
    address: String,
    /// What it goes on to say.
    _said: BufReader<ChildStderr>,
}

/// Serves the model of `folder` from an empty store, replays a day that ends now, and shows the list meanwhile.
pub(super) fn run(kelvin: &Path, folder: &Path) -> Result<()> {
    for file in ["live.db", "live.db-wal", "live.db-shm"] {
        // One that is not there is as good.
        let _absent = fs::remove_file(folder.join(file));
    }
    let service = Service::start(kelvin, folder)?;
    println!("\n$ kelvin serve --model model.yaml --store live.db --listen {}", service.address);
    let now =
        SystemTime::now().duration_since(UNIX_EPOCH).context("a clock that shows a time before 1970")?;
    let calls = workspace::calls(now.as_millis() as u64);
    let mut sent = 0;
    for part in calls.chunks(calls.len().div_ceil(PARTS)) {
        for batch in part.chunks(BATCH) {
            service.ask("POST /v1/batch", &format!(r#"{{"batch":[{}]}}"#, batch.join(",")))?;
        }
        sent += part.len();
        println!("\nafter {sent} of the day's {} calls, GET /api/v1/leads?limit=5:", calls.len());
        show(&service.ask("GET /api/v1/leads?limit=5", "")?);
    }
    Ok(())
}

/// Prints a list of leads, as the service writes it.
fn show(list: &str) {
    for lead in list.split("{\"lead_id\":").skip(1) {
        let id = lead.split(',').next().unwrap_or_default().trim_matches('"');
        let [score, tier] = ["score", "tier"].map(|key| value(lead, key).unwrap_or_default());
        println!("{score:>10}  {tier:<12}  {id}");
    }
}

/// The value of a key in an object that holds no others.
fn value<'j>(object: &'j str, key: &str) -> Option<&'j str> {
    let (_, rest) = object.split_once(&format!("\"{key}\":"))?;
    rest.split([',', '}']).next().map(|value| value.trim_matches('"'))
}

impl Service {
    fn start(kelvin: &Path, folder: &Path) -> Result<Self> {
        let serve = ["serve", "--model", "model.yaml", "--store", "live.db", "--listen", "127.0.0.1:0"];
        let mut command = program(kelvin, &serve);
        command.current_dir(folder).stderr(Stdio::piped());
        let mut process = command.spawn().context("cannot start `kelvin serve`")?;
        let said = process.stderr.take().context("no standard error")?;
        let (mut said, mut first) = (BufReader::new(said), String::new());
        said.read_line(&mut first)?;
        let Some(address) = first.trim().strip_prefix("listening on http://") else {
            bail!("`kelvin serve` does not listen: {first}");
        };
        let service = Self { process, address: address.to_owned(), _said: said };
        service.get_ready()?;
        Ok(service)
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

    /// The body of the answer to a request; anything but success is an error.
    fn ask(&self, request: &str, body: &str) -> Result<String> {
        let mut stream = TcpStream::connect(&self.address)?;
        write!(
            stream,
            "{request} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").context("an answer without a body")?;
        if !head.starts_with("HTTP/1.1 200") {
            bail!("{request}: {head}\n{body}");
        }
        Ok(body.to_owned())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // Killed, it loses nothing that it acknowledged; here nobody would miss it.
        let _ended = self.process.kill().and_then(|()| self.process.wait());
    }
}
