//! How much of the processors a client had of late.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What was had counts half after so many seconds.
const HALVED: f64 = 10.0;
/// By so many seconds somebody had less than another, rather than as much.
pub(super) const LITTLE: f64 = 0.05;
/// How long after it is no longer much that is looked at.
const SOON: f64 = 0.01;
/// Whoever had so many seconds of late leaves turns to others, and the processors to whoever wants them.
pub(super) const MUCH: f64 = 0.5;

/// How much of the processors one client had of late.
#[derive(Debug, Default)]
pub(super) struct Share(Mutex<Option<(f64, Instant)>>);

impl Share {
    /// Counts work that was done for the client.
    pub(super) fn spend(&self, time: Duration) {
        let mut spent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *spent = Some((left(*spent) + time.as_secs_f64(), Instant::now()));
    }

    /// How long it takes until what it had is no longer much.
    pub(super) fn until_little(&self) -> Duration {
        Duration::from_secs_f64(HALVED * (self.spent() / MUCH).log2().max(0.0) + SOON)
    }

    pub(super) fn spent(&self) -> f64 {
        left(*self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn left(spent: Option<(f64, Instant)>) -> f64 {
    spent.map_or(0.0, |(seconds, at)| seconds * (-at.elapsed().as_secs_f64() / HALVED).exp2())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_had_is_forgotten_by_and_by() {
        let ago = |seconds| Some((8.0, Instant::now().checked_sub(Duration::from_secs(seconds)).unwrap()));
        for (seconds, expected) in [(0, 8.0), (10, 4.0), (30, 1.0)] {
            assert!((left(ago(seconds)) - expected).abs() < 0.1, "{seconds}");
        }
        assert!(left(None).abs() < f64::EPSILON);
    }
}
