//! `kelvin serve`: takes events over HTTP and keeps scores live.

mod delivery;
mod keeping;

use std::{ffi::OsString, path::PathBuf, sync::Arc};

use clap::Args;
use kelvin_kernel::program::Program;
use kelvin_model::Loaded;
use kelvin_server::{Config, Edge, Limits, Model, Origins, Playbook, Server, Settings, asked_to_stop};

use super::store;
use crate::{
    clock,
    failure::{Exit, Failure, Outcome},
    log::{self, Log},
    machine, models, playbooks,
    terminal::{Colour, Terminal},
};

/// Take events over HTTP and keep scores live
///
/// Listens for the calls of Segment's SDKs, keeps every event in one file or in PostgreSQL, and scores each lead as its events come.
/// An event is acknowledged when it is durable. A lead's score is what `kelvin score` gives for the same events at
/// the same instant. Ctrl-C or SIGTERM ends it; nothing that was acknowledged is lost, however it ends.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin serve -m model.yaml
  kelvin serve -m model.yaml --playbook playbook.yaml --public-url https://kelvin.acme.example
  kelvin serve                                the models that were published before
  kelvin serve -m models/ --store /var/lib/kelvin/kelvin.db --listen 0.0.0.0:8080 --write-key \"$KEY\"
  KELVIN_STORE=postgres://kelvin:$PASSWORD@db/kelvin kelvin serve -m models/

  kelvin serve --config /etc/kelvin/kelvin.toml     flags by file: see `kelvin config`

  curl localhost:8080/v1/track -d '{\"userId\": \"ada\", \"event\": \"Demo Requested\"}'
  curl localhost:8080/api/v1/leads            leads, the greatest scores first
  curl localhost:8080/api/v1/leads/ada        one lead, with the reasons for its score
  curl 'localhost:8080/api/v1/events?limit=10000' | kelvin score -m model.yaml -e -

On 127.0.0.1 and without users, programs of this machine need no key to read /api. Otherwise they do, and people log in:
see `kelvin key` and `kelvin user`.

Exit status: 0 stopped when asked to; 2 the command, a model, the store or the address is unusable.")]
pub(crate) struct Arguments {
    /// A model file, or a folder whose `*.yaml` files are all used; may be repeated. Published where it is new or has
    /// changed; what was published before serves without
    #[arg(short, long = "model", alias = "models", value_name = "FILE|FOLDER", env = "KELVIN_MODELS")]
    models: Vec<PathBuf>,

    /// What happens when scores change: hand-offs to sales, tasks, alerts
    #[arg(short, long, value_name = "FILE", env = "KELVIN_PLAYBOOK")]
    playbook: Option<PathBuf>,

    /// Hand off the leads, too, that are in the tier of a hand-off when it is first seen
    #[arg(long, env = "KELVIN_HAND_OFF_PRESENT")]
    hand_off_present: bool,

    /// The address under which people reach the service, for links in messages [default: where it listens]
    #[arg(long, value_name = "URL", value_parser = playbooks::public_url, env = "KELVIN_PUBLIC_URL")]
    public_url: Option<String>,

    /// What holds events and scores: a file, which is made if it is not there, or `postgres://user:password@host/database`
    #[arg(
        long,
        value_name = "FILE|ADDRESS",
        default_value = "kelvin.db",
        env = "KELVIN_STORE",
        hide_env_values = true
    )]
    store: OsString,

    /// Where to listen; port 0 is any that is free
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080", env = "KELVIN_LISTEN")]
    listen: String,

    /// A key that clients send with their events, as SDKs do, beside those that `kelvin key` made
    #[arg(long, value_name = "KEY", env = "KELVIN_WRITE_KEY", hide_env_values = true)]
    write_key: Option<String>,

    /// A site whose pages may send events, `https://acme.example`, or `*` for all; may be repeated. Without it all
    /// may that have the write key, and none where there is no key
    #[arg(long = "allow-origin", value_name = "ORIGIN", env = "KELVIN_ALLOW_ORIGIN", value_delimiter = ',')]
    origins: Vec<Origins>,

    /// Connections at once; more wait until one is closed
    #[arg(long, value_name = "NUMBER", default_value_t = Limits::default().connections, env = "KELVIN_MAX_CONNECTIONS")]
    max_connections: usize,

    /// The largest event that is taken, in bytes, as JSON without needless spaces
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().event_bytes, env = "KELVIN_MAX_EVENT_BYTES")]
    max_event_bytes: usize,

    /// The largest request with events that is taken, in bytes, unpacked
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().batch_bytes, env = "KELVIN_MAX_BATCH_BYTES")]
    max_batch_bytes: usize,

    /// How the log on standard error is written: lines for people, or one JSON object a line
    #[arg(long = "log", value_name = "FORMAT", default_value = "text", env = "KELVIN_LOG")]
    log_format: log::Format,

    /// What is worth a line in the log; `info` tells each request
    #[arg(long, value_name = "LEVEL", default_value = "info", env = "KELVIN_LOG_LEVEL")]
    log_level: log::Level,

    // Last, as what follows a heading goes with it.
    #[command(flatten)]
    keeping: keeping::Keeping,

    #[command(flatten)]
    delivery: delivery::Options,
}

pub(crate) fn run(arguments: Arguments, colour: Colour) -> Outcome {
    let write_key = arguments.write_key.filter(|key| !key.is_empty());
    let origins = origins(arguments.origins, write_key.is_some());
    let terminal = Terminal::of_errors(colour);
    let loaded = offered(&arguments.models, &terminal)?;
    let checked: Vec<_> = loaded.iter().map(|(_, loaded)| loaded).collect();
    let settings =
        Settings { public_url: arguments.public_url, hands_off_present: arguments.hand_off_present };
    if arguments.hand_off_present && arguments.playbook.is_none() {
        let failure = Failure::new("`--hand-off-present` needs a playbook");
        return Err(failure.help("name it with `--playbook`"));
    }
    let store = store::location(&arguments.store)?;
    let playbook = arguments.playbook.as_deref();
    let ready = |path| playbooks::ready(path, (&checked, Some(&store)), settings, &terminal);
    let playbook = playbook.map(ready).transpose()?;
    let model =
        |(program, loaded): (_, Loaded)| Model::new(program, &loaded.bundled()).from_file(&loaded.name);
    let models = loaded.into_iter().map(model).collect();
    let outbox = arguments.delivery.outbox(playbook.as_ref().map(Playbook::plan))?;
    let log = Log::start(arguments.log_format, arguments.log_level, colour);
    let config = Config {
        store,
        listen: arguments.listen,
        write_key,
        models,
        outbox,
        playbook,
        retention: arguments.keeping.retention(),
        clock: Arc::new(clock::now),
        edge: Edge {
            origins,
            stopwatch: Arc::new(clock::stopwatch()),
            memory: Arc::new(machine::resident_memory),
            limits: Limits {
                connections: arguments.max_connections,
                event_bytes: arguments.max_event_bytes,
                batch_bytes: arguments.max_batch_bytes,
                ..Limits::default()
            },
        },
        say: Arc::new(log::say),
    };
    Server::serve(config, asked_to_stop(), |address| log.listening(address))?;
    Ok(Exit::Done)
}

/// The models that stand on the command line, if there are any.
fn offered(paths: &[PathBuf], terminal: &Terminal) -> Outcome<Vec<(Program, Loaded)>> {
    if paths.is_empty() { Ok(Vec::new()) } else { models::programs(paths, terminal) }
}

/// The pages that may send: in a browser a write key is public, so it need not be guarded there.
fn origins(asked: Vec<Origins>, has_key: bool) -> Origins {
    if asked.is_empty() && has_key { Origins::Any } else { asked.into_iter().collect() }
}

impl From<kelvin_server::Error> for Failure {
    fn from(error: kelvin_server::Error) -> Self {
        Self::new(error.to_string())
    }
}
