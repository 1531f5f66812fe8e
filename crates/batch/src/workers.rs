//! Threads that share work: numbered pieces, taken in turn.

use std::{
    collections::BTreeMap,
    sync::{
        Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::Error;

/// Runs `work` once in each of `threads` threads; the results by thread.
pub(crate) fn in_each<T: Send>(
    threads: usize,
    work: impl Fn(usize) -> Result<T, Error> + Sync,
) -> Result<Vec<T>, Error> {
    if threads <= 1 {
        return Ok(vec![work(0)?]);
    }
    let work = &work;
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|worker| scope.spawn(move || work(worker))).collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

/// Makes pieces `0..count` in `threads` threads; the results by piece.
pub(crate) fn pieces<T: Send>(
    threads: usize,
    count: usize,
    make: impl Fn(usize) -> Result<T, Error> + Sync,
) -> Result<Vec<T>, Error> {
    let mut made = Vec::with_capacity(count);
    in_order(threads, count, make, |piece| {
        made.push(piece);
        Ok(())
    })?;
    Ok(made)
}

/// Makes pieces `0..count` in `threads` threads and takes them in order. Only a few wait to be taken at any time.
pub(crate) fn in_order<T: Send>(
    threads: usize,
    count: usize,
    make: impl Fn(usize) -> Result<T, Error> + Sync,
    mut take: impl FnMut(T) -> Result<(), Error>,
) -> Result<(), Error> {
    if threads <= 1 || count <= 1 {
        return (0..count).try_for_each(|piece| take(make(piece)?));
    }
    let queue = Queue { ahead: threads * 2, ..Queue::default() };
    std::thread::scope(|scope| {
        for _ in 0..threads.min(count) {
            scope.spawn(|| {
                // A panic in `make` must not leave the taker waiting.
                let _end = EndOfWorker(&queue);
                while let Some(piece) = queue.next(count) {
                    let made = make(piece);
                    let failed = made.is_err();
                    queue.put(piece, made);
                    if failed {
                        break;
                    }
                }
            });
        }
        for piece in 0..count {
            match queue.take(piece) {
                Some(made) => {
                    if let Err(error) = made.and_then(&mut take) {
                        queue.stop();
                        return Err(error);
                    }
                }
                // A worker has panicked: the scope passes it on.
                None => break,
            }
        }
        Ok(())
    })
}

/// Pieces on their way from those who make them to the one who takes them.
struct Queue<T> {
    next: AtomicUsize,
    ahead: usize,
    state: Mutex<State<T>>,
    changed: Condvar,
}

struct State<T> {
    made: BTreeMap<usize, Result<T, Error>>,
    taken: usize,
    stopped: bool,
}

struct EndOfWorker<'q, T>(&'q Queue<T>);

impl<T> Default for Queue<T> {
    fn default() -> Self {
        let state = State { made: BTreeMap::new(), taken: 0, stopped: false };
        Self { next: AtomicUsize::new(0), ahead: 1, state: Mutex::new(state), changed: Condvar::new() }
    }
}

impl<T> Queue<T> {
    /// The next piece to make, once it is not too far ahead of the one that is taken next.
    fn next(&self, count: usize) -> Option<usize> {
        let piece = self.next.fetch_add(1, Ordering::Relaxed);
        let too_far = |state: &mut State<T>| !state.stopped && piece >= state.taken + self.ahead;
        let state = self.changed.wait_while(self.lock(), too_far).unwrap_or_else(PoisonError::into_inner);
        (piece < count && !state.stopped).then_some(piece)
    }

    fn put(&self, piece: usize, made: Result<T, Error>) {
        self.lock().made.insert(piece, made);
        self.changed.notify_all();
    }

    /// Waits for a piece; `None` if it will never be made.
    fn take(&self, piece: usize) -> Option<Result<T, Error>> {
        let waits = |state: &mut State<T>| !state.stopped && !state.made.contains_key(&piece);
        let mut state = self.changed.wait_while(self.lock(), waits).unwrap_or_else(PoisonError::into_inner);
        let made = state.made.remove(&piece)?;
        state.taken = piece + 1;
        self.changed.notify_all();
        Some(made)
    }

    fn stop(&self) {
        self.lock().stopped = true;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Drop for EndOfWorker<'_, T> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_taken_in_order_and_the_first_error_ends_it() {
        for threads in [1, 2, 7] {
            let made = pieces(threads, 100, |piece| Ok(piece * 2)).unwrap();
            assert_eq!(made, (0..100).map(|piece| piece * 2).collect::<Vec<_>>());
            let mut taken = Vec::new();
            let failed = in_order(
                threads,
                100,
                |piece| if piece == 40 { Err(Error::Stopped) } else { Ok(piece) },
                |piece| {
                    taken.push(piece);
                    Ok(())
                },
            );
            assert!(matches!(failed, Err(Error::Stopped)));
            assert_eq!(taken, (0..40).collect::<Vec<_>>());
            let refused = in_order(
                threads,
                100,
                Ok,
                |piece: usize| {
                    if piece == 3 { Err(Error::Stopped) } else { Ok(()) }
                },
            );
            assert!(refused.is_err());
        }
    }

    #[test]
    fn every_worker_has_its_result() {
        assert_eq!(in_each(3, Ok).unwrap(), [0, 1, 2]);
        assert!(in_each(3, |worker| if worker == 1 { Err(Error::Stopped) } else { Ok(()) }).is_err());
    }
}
