//! A connection that is made again when it breaks, with the statements that it has prepared.

use std::{collections::BTreeMap, thread, time::Duration};

use postgres::{Client, Row, Statement};

use super::Address;
use crate::{Error, Result, error::told};

/// How long to wait before the next attempt after the first that failed, and at most.
const FIRST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// How long the other side may take to say that it is still there.
const PATIENCE: Duration = Duration::from_secs(10);

/// What every connection is set to: our tables, answers that are durable, and an end soon after we are gone.
const SETTINGS: &str = "
    SET search_path TO kelvin;
    SET tcp_keepalives_idle = 10;
    SET tcp_keepalives_interval = 5;
    SET tcp_keepalives_count = 3;
    SET idle_in_transaction_session_timeout = 0;
    SET statement_timeout = 0;
    SELECT set_config('synchronous_commit', 'on', false)
    WHERE current_setting('synchronous_commit') IN ('off', 'local');";

/// A connection that works, or did when it was last used.
pub(super) struct Connection {
    client: Client,
    statements: BTreeMap<String, Statement>,
}

/// What is sent with a statement.
pub(super) type Params<'p> = &'p [&'p (dyn postgres::types::ToSql + Sync)];

/// What is done on every new connection before it is used.
type Greet = Box<dyn FnMut(&mut Connection) -> Result<()> + Send>;

/// The way to a database: a connection, or the wish for one.
pub(super) struct Line {
    address: Address,
    connection: Option<Connection>,
    greet: Greet,
    /// Attempts that failed since the last that did not.
    failures: u32,
}

impl Connection {
    fn open(address: &Address) -> Result<Self> {
        let failed = |cause| Error::Connect { store: address.to_string(), cause: told(&cause) };
        let mut client = address.connect().map_err(failed)?;
        client.batch_execute(SETTINGS).map_err(failed)?;
        Ok(Self { client, statements: BTreeMap::new() })
    }

    /// Whether the other side answers.
    fn lives(&mut self) -> bool {
        self.client.is_valid(PATIENCE).is_ok()
    }

    /// Runs statements that give nothing back and are not kept prepared.
    pub(super) fn batch(&mut self, sql: &str) -> Result<()> {
        Ok(self.client.batch_execute(sql)?)
    }

    /// The rows that a statement gives.
    pub(super) fn rows(&mut self, sql: &str, params: Params<'_>) -> Result<Vec<Row>> {
        let statement = self.prepared(sql)?;
        Ok(self.client.query(&statement, params)?)
    }

    /// Runs a statement; returns how many rows it changed.
    pub(super) fn run(&mut self, sql: &str, params: Params<'_>) -> Result<u64> {
        let statement = self.prepared(sql)?;
        Ok(self.client.execute(&statement, params)?)
    }

    /// Sends rows, each column of them as one value; none is nothing to send.
    pub(super) fn send(&mut self, sql: &str, rows: usize, columns: Params<'_>) -> Result<()> {
        if rows > 0 {
            self.run(sql, columns)?;
        }
        Ok(())
    }

    fn prepared(&mut self, sql: &str) -> Result<Statement> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql)?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

impl Line {
    /// Connects; whatever is done then is done again on each connection that follows a broken one.
    pub(super) fn open(
        address: &Address,
        greet: impl FnMut(&mut Connection) -> Result<()> + Send + 'static,
    ) -> Result<Self> {
        let mut line =
            Self { address: address.clone(), connection: None, greet: Box::new(greet), failures: 0 };
        line.connect()?;
        Ok(line)
    }

    /// Begins a transaction, on a new connection if the one before has broken.
    pub(super) fn begin(&mut self, begin: &str) -> Result<&mut Connection> {
        // Nothing was done in it yet, so that it can be begun once more.
        let begun = self.connection.as_mut().is_some_and(|connection| connection.batch(begin).is_ok());
        if !begun {
            self.connection = None;
            self.connect()?.batch(begin)?;
        }
        self.connection.as_mut().ok_or(Error::Lost)
    }

    /// Does some work outside of any transaction, on a new connection if the one before has broken.
    pub(super) fn alone<T>(&mut self, work: impl FnOnce(&mut Connection) -> Result<T>) -> Result<T> {
        let done = work(self.begin("SELECT 1")?);
        if done.is_err() && self.drop_broken() { Err(Error::Lost) } else { done }
    }

    /// Lets go of the connection if it has broken; whether it has.
    pub(super) fn drop_broken(&mut self) -> bool {
        self.connection = self.connection.take().and_then(|mut kept| kept.lives().then_some(kept));
        self.connection.is_none()
    }

    fn connect(&mut self) -> Result<&mut Connection> {
        if self.failures > 0 {
            thread::sleep(LONGEST_WAIT.min(FIRST_WAIT * 2_u32.saturating_pow(self.failures - 1)));
        }
        self.failures = self.failures.saturating_add(1).min(10);
        let mut connection = Connection::open(&self.address)?;
        match (self.greet)(&mut connection) {
            Err(Error::Postgres(_)) if !connection.lives() => return Err(Error::Lost),
            greeted => greeted?,
        }
        self.failures = 0;
        Ok(self.connection.insert(connection))
    }
}
