//! CPU work, off the async threads: so much of it at once, and what is large in a lane of its own, so that small uploads
//! and shared diagrams never wait for a large one to end.

use std::time::Instant;

use super::error::{Error, Result};
use super::threads::{self, Priority, aside};
use super::turns::Turns;
use super::{AppState, limits};
use crate::config::Config;
use crate::metrics::{During, METRICS};

/// From so many bytes on, work is large: an upload of that size takes some milliseconds.
const LARGE: usize = 512 << 10;

/// About how many bytes come out of a compressed one.
const UNPACKED: usize = 8;

/// How many bytes of manifests are analysed in the time in which one of SVG is drawn in pixels.
const DRAWN: usize = 16;

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

    /// The lane for so many bytes of SVG that are drawn in pixels.
    pub fn of_picture(bytes: usize) -> Self {
        Self::of(bytes.saturating_mul(DRAWN))
    }
}

/// The turns of both lanes.
#[derive(Debug, Clone)]
pub struct Lanes {
    /// One turn for each small piece of work that may run at once.
    pub small: Turns,
    /// The same for large ones.
    pub large: Turns,
}

impl Lanes {
    pub(super) fn new(config: &Config) -> Self {
        let small = config.analyses();
        threads::expect(small);
        let [small, large] = Turns::of([small, small.div_ceil(2)], config.max_waiting);
        Self { small, large }
    }
}

impl AppState {
    /// Runs CPU work off the async threads, so much of a lane at once; [`Error::Busy`] when too much of it waits already.
    pub async fn compute<T: Send + 'static>(
        &self,
        lane: Lane,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let place = limits::place()?;
        let turns = match lane {
            Lane::Small => &self.lanes.small,
            Lane::Large => &self.lanes.large,
        };
        let turn = turns.take(&place.share, place.gives_way).await?;
        let priority = turn.priority();
        let done = aside(priority, move || {
            // Held by the work itself: it goes on when its request has timed out.
            let (_turn, place) = (turn, place);
            let _running = During::new(&METRICS.running);
            let (start, worked) = (Instant::now(), threads::worked());
            let done = work();
            METRICS.analysed(start);
            // Whoever gives way to all others waits in between.
            let worked = threads::worked().zip(worked).filter(|_| priority == Priority::Idle);
            place
                .share
                .spend(worked.map_or_else(|| start.elapsed(), |(now, before)| now.saturating_sub(before)));
            done
        });
        // The panic's own words may quote an upload.
        done.await.map_err(|_| Error::internal("an analysis panicked"))
    }
}
