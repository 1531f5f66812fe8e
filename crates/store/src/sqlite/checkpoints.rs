//! What was written beside the file goes into it on a thread of its own; the writer only finishes, so that the log beside the
//! file begins anew.

use std::{
    path::Path,
    sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel},
    thread::{self, JoinHandle},
};

use rusqlite::{Connection, hooks::Wal};

use super::PATIENCE;
use crate::{Error, Result};

/// How many pages come together beside the file before they go into it. Under load, the same ones change with every commit: the
/// more come together, the fewer are written twice.
const ENOUGH: i32 = 16_000;

/// How often the thread begins: what the writer adds during the first time, it mostly finds the second time.
const TIMES: usize = 2;

/// The thread. Dropping it waits for its end: it ends when the writer's connection is closed.
#[derive(Debug)]
pub(super) struct Checkpoints(Option<JoinHandle<()>>);

impl Checkpoints {
    /// Has a thread do the work for a connection that writes.
    pub(super) fn start(path: &Path, writer: &mut Connection) -> Result<Self> {
        let failed = |cause| Error::Open { path: path.to_owned(), cause };
        let beside = Connection::open(path).map_err(failed)?;
        beside.busy_timeout(PATIENCE).map_err(failed)?;
        beside.pragma_update(None, "synchronous", "FULL").map_err(failed)?;
        let (ask, asked) = sync_channel(1);
        let (answer, answered) = sync_channel(1);
        let work = move || work(&beside, &asked, &answer);
        // Without a thread the writer does it all.
        let thread = thread::Builder::new().name("checkpoints".to_owned()).spawn(work).ok();
        let mut is_under_way = false;
        let hook = move |wal: &mut Wal, pages: i32| {
            if is_under_way {
                // A thread that broke answers no more.
                is_under_way = answered.try_recv() == Err(TryRecvError::Empty);
                if !is_under_way {
                    finish(wal);
                }
            } else if pages >= ENOUGH {
                is_under_way = ask.try_send(()).is_ok();
                if !is_under_way {
                    finish(wal);
                }
            }
            Ok(())
        };
        writer.wal_hook(Some(hook)).map_err(failed)?;
        Ok(Self(thread))
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        if let Some(thread) = self.0.take() {
            // What a thread that broke leaves beside the file is read from there.
            let _ended = thread.join();
        }
    }
}

fn work(beside: &Connection, asked: &Receiver<()>, answer: &SyncSender<()>) {
    for () in asked {
        for _ in 0..TIMES {
            // What cannot go into the file now stays beside it, and is tried again.
            let _tried = beside.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        }
        if answer.send(()).is_err() {
            return;
        }
    }
}

fn finish(wal: &mut Wal) {
    // As above.
    let _tried = wal.checkpoint();
}
