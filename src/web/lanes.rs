//! CPU work, off the async threads: so much of it at once, and what is large in a lane of its own, so that small uploads and
//! shared diagrams never wait for a large one to end.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use tokio::sync::Semaphore;

use super::error::{Error, Result};
use super::{AppState, limits};
use crate::config::Config;
use crate::metrics::{During, METRICS};

/// From so many bytes on, work is large: an upload of that size takes some milliseconds.
const LARGE: usize = 512 << 10;

/// About how many bytes come out of a compressed one.
const UNPACKED: usize = 8;

/// Where work waits for its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// What is done in a moment.
    Small,
    /// What may take seconds.
    Large,
}

impl Lane {
    /// The lane for so many bytes of manifests.
    pub fn of(bytes: usize) -> Self {
        if bytes < LARGE { Self::Small } else { Self::Large }
    }

    /// The lane for so many bytes that are compressed.
    pub fn of_packed(bytes: usize) -> Self {
        Self::of(bytes.saturating_mul(UNPACKED))
    }
}

/// The permits of both lanes, and how many wait for one.
#[derive(Debug, Clone)]
pub struct Lanes {
    /// One permit for each small piece of work that may run at once.
    pub small: Arc<Semaphore>,
    /// The same for large ones.
    pub large: Arc<Semaphore>,
    waiting: Arc<[AtomicUsize; 2]>,
}

impl Lanes {
    pub(super) fn new(config: &Config) -> Self {
        let small = config.analyses();
        Self {
            small: Arc::new(Semaphore::new(small)),
            large: Arc::new(Semaphore::new(small.div_ceil(2))),
            waiting: Arc::default(),
        }
    }

    fn permits(&self, lane: Lane) -> &Arc<Semaphore> {
        match lane {
            Lane::Small => &self.small,
            Lane::Large => &self.large,
        }
    }
}

impl AppState {
    /// Runs CPU work off the async threads, so much of a lane at once; [`Error::Busy`] when too much of it waits already.
    pub async fn compute<T: Send + 'static>(
        &self,
        lane: Lane,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let client = limits::place()?;
        let permits = self.lanes.permits(lane);
        let permit = if let Ok(permit) = Arc::clone(permits).try_acquire_owned() {
            permit
        } else {
            let _place = Waiting::join(&self.lanes.waiting[lane as usize], self.config.max_waiting)?;
            Arc::clone(permits).acquire_owned().await.map_err(Error::internal)?
        };
        let done = tokio::task::spawn_blocking(move || {
            // Held by the work itself: it goes on when its request has timed out.
            let (_permit, _client) = (permit, client);
            let _running = During::new(&METRICS.running);
            let start = Instant::now();
            let done = work();
            METRICS.analysed(start);
            done
        });
        // The panic's own words may quote an upload.
        done.await.map_err(|_| Error::internal("an analysis panicked"))
    }
}

/// A place in the queue, left when dropped, whether its turn came or its client went away.
struct Waiting<'a> {
    places: &'a AtomicUsize,
    _shown: During,
}

impl<'a> Waiting<'a> {
    fn join(waiting: &'a AtomicUsize, most: usize) -> Result<Self> {
        let place = Self { places: waiting, _shown: During::new(&METRICS.waiting) };
        if waiting.fetch_add(1, Ordering::Relaxed) >= most {
            METRICS.refused.inc();
            return Err(Error::Busy);
        }
        Ok(place)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.places.fetch_sub(1, Ordering::Relaxed);
    }
}
