//! The store in one SQLite file.

mod access;
mod accounts;
mod answers;
mod audit;
mod checkpoints;
mod copy;
mod disk;
mod erasure;
mod experiments;
mod hand_offs;
mod happenings;
mod held;
mod hot;
mod journal;
mod log;
mod measures;
mod models;
mod name;
mod outbox;
mod outcomes;
mod people;
mod playbook;
mod private;
mod profiles;
mod recent;
mod retention;
mod runs;
mod schema;
mod scores;
mod settle;
mod sieve;
mod snapshot;
mod versions;
mod voids;

pub use copy::{Copied, aside, backup, restore};
pub(crate) use disk::Disk;
pub(crate) use snapshot::look_into;

use std::{
    cell::{Cell, RefCell},
    fs::{File, TryLockError},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, Params, Row, Transaction, TransactionBehavior};

use self::{
    checkpoints::Checkpoints,
    hot::Hot,
    profiles::Profiles,
    recent::{Layers, Recent},
    settle::Settling,
    sieve::Sieve,
    versions::Versions,
};
use crate::{Change, Consequences, Error, ForesightChange, Result, View};

/// How long one connection waits for another. There is one writer: it only ever waits for a checkpoint.
const PATIENCE: Duration = Duration::from_secs(10);

/// What readers keep of the file in memory, each by itself, as SQLite has it: in KiB, below zero.
const READER_CACHE: i64 = -16_000;

/// The place of the last event: there are about as many ids.
const LAST_EVENT: &str = "SELECT coalesce(max(seq), 0) FROM events";

/// Statements that are kept prepared.
const STATEMENTS: usize = 128;

/// The one connection that changes the store.
#[derive(Debug)]
pub(crate) struct Writer {
    /// Ends before the connection, as it may look at the store, too.
    sieve: Sieve,
    connection: Connection,
    /// Ends after the connection, for which it works.
    _checkpoints: Checkpoints,
    /// Half of what many events ask for is looked up by this one. It is the last to close, which takes away what lies beside the
    /// file: of two that close at once, neither does.
    beside: RefCell<Connection>,
    path: PathBuf,
    disk: Disk,
    /// What changed of late: a commit and this change together, as readers see it.
    versions: Arc<Versions>,
    profiles: Profiles,
    settling: Settling,
    walked: Walked,
    /// Held as long as the writer lives: a second server on the same file finds it taken.
    _lock: File,
}

/// A connection that looks at the store; there may be many.
#[derive(Debug)]
pub(crate) struct Reader {
    connection: Connection,
    versions: Arc<Versions>,
}

/// How far the table of holdings was looked through for what is due, in milliseconds: whatever it says to be due by then changed
/// of late, which hides it.
type Walked = Cell<i64>;

/// A transaction, with what changed of late as it sees it.
struct Session<'c> {
    hot: Hot<'c>,
    /// Who only looks remembers none.
    profiles: Option<&'c Profiles>,
    sieve: Option<&'c Sieve>,
    /// Another connection, by which a second thread can look up some of what the writer asks for.
    beside: Option<&'c RefCell<Connection>>,
    walked: Option<&'c Walked>,
    sql: Transaction<'c>,
    recent: Recent,
}

impl Writer {
    /// Opens the store in a file, which is made if it is not there, and brings it to the present version.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let lock = lock(path)?;
        let failed = |cause| Error::Open { path: path.to_owned(), cause };
        // What cannot be made, SQLite tells better.
        let _made = private::open(path);
        let mut connection = Connection::open(path).map_err(failed)?;
        connection.busy_timeout(PATIENCE).map_err(failed)?;
        connection.pragma_update(None, "journal_mode", "WAL").map_err(failed)?;
        // A commit does not wait for the disk. Whoever acknowledges something does.
        connection.pragma_update(None, "synchronous", "NORMAL").map_err(failed)?;
        connection.pragma_update(None, "cache_size", -64_000).map_err(failed)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        erasure::teach(&connection).map_err(failed)?;
        schema::migrate(&mut connection, path)?;
        let checkpoints = Checkpoints::start(path, &mut connection)?;
        let versions = Arc::new(Versions::new(&connection, settle::read(&connection)?)?);
        let (profiles, settling, walked) = (Profiles::default(), Settling::new(None), Walked::new(i64::MIN));
        let (path, sieve) = (path.to_owned(), Sieve::default());
        let (_checkpoints, _lock) = (checkpoints, lock);
        let beside = RefCell::new(Reader::connect(&path).map_err(failed)?);
        let disk = Disk::of(&path);
        // What another left, it may not have waited for.
        disk.sync()?;
        let writer = Self {
            sieve,
            connection,
            beside,
            path,
            disk,
            versions,
            profiles,
            settling,
            walked,
            _checkpoints,
            _lock,
        };
        let ids = writer.connection.query_row(LAST_EVENT, [], |row| row.get::<_, i64>(0)).map_err(failed)?;
        writer.begin_sieve(natural(ids) as usize);
        Ok(writer)
    }

    /// Brings together so many changes before they are put in their place. Many in order cost less than each by itself;
    /// until then they take memory.
    #[must_use]
    pub(crate) fn gathering(self, changes: usize) -> Self {
        Self { settling: Settling::new(Some(changes)), ..self }
    }

    /// A connection that looks at the same store.
    pub(crate) fn reader(&self) -> Result<Reader> {
        Reader::open(&self.path, Arc::clone(&self.versions))
    }

    /// What makes durable that which was committed.
    pub(crate) fn disk(&self) -> Disk {
        self.disk.clone()
    }

    /// Does all of some work, or, if it fails, nothing of it. What was done is durable once the disk was asked.
    pub(crate) fn change_ahead<T, E: From<Error>>(
        &mut self,
        work: impl FnOnce(&mut dyn Change) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let done = self.attempt(work);
        if done.is_err() {
            self.profiles.clear();
            self.walked.set(i64::MIN);
        }
        done
    }

    fn attempt<T, E: From<Error>>(
        &mut self,
        work: impl FnOnce(&mut dyn Change) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let before = self.connection.total_changes();
        let begun = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate);
        let sql = begun.map_err(Error::from)?;
        let (hot, profiles) = (Hot::of(&self.connection), Some(&self.profiles));
        let mut session = Session {
            hot,
            profiles,
            sieve: Some(&self.sieve),
            beside: Some(&self.beside),
            walked: Some(&self.walked),
            sql,
            recent: self.versions.newest(),
        };
        let done = work(&mut session)?;
        let Session { hot, sql, mut recent, .. } = session;
        drop(hot);
        if let Some(entries) = recent.close() {
            let append = "INSERT INTO recent_holdings (entries) VALUES (?)";
            sql.prepare_cached(append)
                .and_then(|mut append| append.execute([entries]))
                .map_err(Error::from)?;
        }
        if self.connection.total_changes() == before {
            sql.commit().map_err(Error::from)?;
            return Ok(done);
        }
        let mut settling = self.settling.clone();
        if settling.step(&mut recent, &sql)? {
            self.walked.set(i64::MIN);
        }
        self.versions.commit(sql, recent)?;
        self.disk.fall_behind();
        self.settling = settling;
        self.sieve.renew().into_iter().for_each(|ids| self.begin_sieve(ids));
        Ok(done)
    }

    /// Begins to find out which ids have come, of about so many.
    fn begin_sieve(&self, ids: usize) {
        let Recent { ids: Layers { fresh, settling, .. }, .. } = self.versions.newest();
        self.sieve.begin(&self.path, [fresh, settling], ids);
    }
}

impl Reader {
    fn open(path: &Path, versions: Arc<Versions>) -> Result<Self> {
        let failed = |cause| Error::Open { path: path.to_owned(), cause };
        Ok(Self { connection: Self::connect(path).map_err(failed)?, versions })
    }

    fn connect(path: &Path) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(PATIENCE)?;
        connection.pragma_update(None, "query_only", true)?;
        connection.pragma_update(None, "cache_size", READER_CACHE)?;
        erasure::teach(&connection)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(connection)
    }

    /// Looks at one state of the store, whatever is written meanwhile.
    pub(crate) fn look<T, E: From<Error>>(
        &mut self,
        look: impl FnOnce(&dyn View) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let (sql, recent) = self.versions.look(&self.connection)?;
        look(&Session::looking(&self.connection, sql, recent))
    }
}

impl View for Session<'_> {}

impl ForesightChange for Session<'_> {}

impl Consequences for Session<'_> {
    fn view(&self) -> &dyn View {
        self
    }
}

impl Change for Session<'_> {}

impl<'c> Session<'c> {
    /// One that changes nothing, and so needs none of what the writer remembers.
    fn looking(connection: &'c Connection, sql: Transaction<'c>, recent: Recent) -> Self {
        let hot = Hot::of(connection);
        Self { hot, profiles: None, sieve: None, beside: None, walked: None, sql, recent }
    }

    /// The rows that a query gives.
    fn rows<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.sql.prepare_cached(sql)?;
        let rows = statement.query_map(params, read)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Runs a statement; returns how many rows it changed.
    fn run(&self, sql: &str, params: impl Params) -> Result<usize> {
        Ok(self.sql.prepare_cached(sql)?.execute(params)?)
    }
}

/// SQLite's integers are signed; places in the log are far from that many.
fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn natural(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn count(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// Takes the lock beside the store. It ends with the process, however that ends.
fn lock(path: &Path) -> Result<File> {
    let mut beside = path.as_os_str().to_owned();
    beside.push("-lock");
    let failed = |cause| Error::Lock { path: PathBuf::from(&beside), cause };
    let file = private::open(Path::new(&beside)).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::InUse { store: path.into() }),
        Err(TryLockError::Error(cause)) => Err(failed(cause)),
    }
}
