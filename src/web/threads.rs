//! The threads that compute, with less say over the processors than those that answer.

use std::num::NonZero;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinError;

/// How much say over the processors work has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Priority {
    /// Less than whatever answers.
    Low,
    /// None, while anybody else has something to do: for uploads of whoever had much of late.
    Idle,
}

/// How many small pieces of work may run at once.
static MOST: AtomicUsize = AtomicUsize::new(0);

/// Says how many pieces of work may run at once, before the first does.
pub(super) fn expect(most: usize) {
    MOST.fetch_max(most, Ordering::Relaxed);
}

/// Runs work on a thread that gives way to those that answer.
pub(super) async fn aside<T: Send + 'static>(
    priority: Priority,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, JoinError> {
    let threads = match priority {
        Priority::Low => &LOW,
        Priority::Idle => &IDLE,
    };
    match &**threads {
        Some(threads) => threads.spawn_blocking(work).await,
        None => tokio::task::spawn_blocking(work).await,
    }
}

/// The threads are apart from those that wait for files and names, which nothing else may hold up, and no more than have
/// something to do, as each keeps memory of what it did last: both lanes' and as many for packing.
static LOW: LazyLock<Option<Runtime>> = LazyLock::new(|| threads("compute", 3, give_way));

/// Nothing is here but what has a turn.
static IDLE: LazyLock<Option<Runtime>> = LazyLock::new(|| threads("compute-idle", 1, wait_for_all));

fn threads(name: &str, times: usize, started: fn()) -> Option<Runtime> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    Builder::new_current_thread()
        .thread_name(name)
        .on_thread_start(started)
        .max_blocking_threads(times * MOST.load(Ordering::Relaxed).max(cores))
        .build()
        .ok()
}

/// For how long this thread has had a processor, where the system says so.
pub(super) fn worked() -> Option<Duration> {
    #[cfg(target_os = "linux")]
    {
        let worked = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Duration::try_from(worked).ok()
    }
    #[cfg(not(target_os = "linux"))]
    None
}

/// Lets other threads go before this one: Linux counts niceness by thread, other systems by process.
pub fn give_way() {
    // Where it is not allowed, all threads are equal.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(10);
}

/// Lets this thread run only where no other would, and stop at once when another would. A niced thread is let run on for
/// some milliseconds, for which whoever answers waits.
fn wait_for_all() {
    #[cfg(target_os = "linux")]
    {
        use thread_priority::{NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy};
        let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
        let this = thread_priority::thread_native_id();
        if thread_priority::set_thread_priority_and_policy(this, ThreadPriority::Min, idle).is_ok() {
            return;
        }
    }
    give_way();
}

#[cfg(test)]
mod tests {
    #[cfg(target_os = "linux")]
    use thread_priority::{NormalThreadSchedulePolicy, ThreadSchedulePolicy};

    use super::*;

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn what_computes_gives_way_to_what_answers() {
        let nice = || rustix::process::getpriority_process(None).unwrap();
        let own = nice();
        assert_eq!(aside(Priority::Low, nice).await.unwrap(), (own + 10).min(19));
        assert_eq!(
            tokio::task::spawn_blocking(nice).await.unwrap(),
            own,
            "other threads wait for no processor"
        );
        assert_eq!(nice(), own);
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn what_waits_for_all_others_runs_where_none_would() {
        let policy = || thread_priority::thread_schedule_policy().unwrap();
        let own = policy();
        let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
        assert_eq!(aside(Priority::Idle, policy).await.unwrap(), idle);
        assert_ne!(aside(Priority::Low, policy).await.unwrap(), idle);
        assert_eq!(policy(), own);
    }
}
