//! What one client may ask for: so many requests a second, so many that are worked on at once, and so much of the memory
//! for uploads that are still coming in.
//!
//! The layer stands inside of what is kept of shared diagrams and outside of the handlers: an answer that was made
//! before costs nothing and counts nothing.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use moka::future::Cache;
use moka::policy::EvictionPolicy;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::AppState;
use super::client::Client;
use super::error::{Error, Result};
use crate::config::Config;
use crate::metrics::METRICS;

/// The most clients that are remembered: the one that was quiet longest is forgotten first.
const MOST_CLIENTS: u64 = 20_000;
/// A client that was quiet for so long has its whole burst again.
const QUIET: Duration = Duration::from_mins(5);

/// Uploads that are coming in share this many KiB, or what 16 of the largest take; one client may have half.
const COMING_IN: usize = 256 << 10;

/// The clients of the last minutes.
#[derive(Debug, Clone)]
pub(super) struct Clients {
    known: Cache<Client, Arc<Account>>,
    quota: Option<Quota>,
    most_at_once: usize,
    /// A permit for each KiB of uploads that are coming in.
    room: Arc<Semaphore>,
    room_of_one: usize,
}

#[derive(Debug)]
struct Account {
    rate: Option<DefaultDirectRateLimiter>,
    most_at_once: usize,
    places: Arc<Semaphore>,
    room: Arc<Semaphore>,
}

tokio::task_local! {
    /// Of whoever sent the request that is worked on.
    static ACCOUNT: Arc<Account>;
}

/// Room for an upload that is coming in, until it is dropped.
#[derive(Debug, Default)]
pub(super) struct Room {
    of_all: Option<OwnedSemaphorePermit>,
    of_one: Option<OwnedSemaphorePermit>,
}

impl Clients {
    pub(super) fn new(config: &Config) -> Self {
        let burst = NonZeroU32::new(config.rate_burst).unwrap_or(NonZeroU32::MIN);
        let rate = NonZeroU32::new(config.rate);
        let largest = usize::try_from(config.max_body.as_bytes() >> 10).unwrap_or(COMING_IN);
        let room = COMING_IN.max(largest.saturating_mul(16)).min(u32::MAX as usize);
        Self {
            known: Cache::builder()
                .max_capacity(MOST_CLIENTS)
                .eviction_policy(EvictionPolicy::lru())
                .time_to_idle(QUIET)
                .build(),
            quota: rate.map(|rate| Quota::per_second(rate).allow_burst(burst)),
            most_at_once: if config.max_at_once == 0 { Semaphore::MAX_PERMITS } else { config.max_at_once },
            room: Arc::new(Semaphore::new(room)),
            room_of_one: room / 2,
        }
    }

    /// Lets a client in, unless it sends too many requests.
    async fn admit(&self, client: Client) -> Result<Arc<Account>> {
        let open = async {
            Arc::new(Account {
                rate: self.quota.map(RateLimiter::direct),
                most_at_once: self.most_at_once,
                places: Arc::new(Semaphore::new(self.most_at_once)),
                room: Arc::new(Semaphore::new(self.room_of_one)),
            })
        };
        let account = self.known.get_with(client, open).await;
        if let Some(Err(not_until)) = account.rate.as_ref().map(RateLimiter::check) {
            METRICS.limited.inc();
            let wait = not_until.wait_time_from(DefaultClock::default().now());
            return Err(Error::TooManyRequests { after: wait.as_secs() + 1 });
        }
        Ok(account)
    }
}

impl Account {
    fn place(&self) -> Result<OwnedSemaphorePermit> {
        Arc::clone(&self.places).try_acquire_owned().map_err(|_| {
            METRICS.limited.inc();
            Error::TooManyAtOnce { limit: self.most_at_once }
        })
    }
}

/// A place among what is worked on for the client whose request this is; none is needed for what nobody sent.
pub(super) fn place() -> Result<Option<OwnedSemaphorePermit>> {
    ACCOUNT.try_with(|account| account.place()).ok().transpose()
}

impl Room {
    /// Makes room for so many bytes more; [`Error::Busy`] where there is none.
    pub(super) fn grow(&mut self, clients: &Clients, bytes: usize) -> Result<()> {
        let most = u32::try_from(bytes >> 10).unwrap_or(u32::MAX).saturating_add(1);
        let take = |held: &mut Option<OwnedSemaphorePermit>, room: &Arc<Semaphore>| {
            let more = Arc::clone(room).try_acquire_many_owned(most).map_err(|_| {
                METRICS.refused.inc();
                Error::Busy
            })?;
            match held {
                Some(held) => held.merge(more),
                None => *held = Some(more),
            }
            Ok(())
        };
        if let Ok(own) = ACCOUNT.try_with(|account| Arc::clone(&account.room)) {
            take(&mut self.of_one, &own)?;
        }
        take(&mut self.of_all, &clients.room)
    }
}

/// A layer that keeps one client from taking the place of all others.
pub(super) async fn layer(State(app): State<AppState>, request: Request, next: Next) -> Response {
    if is_free(request.uri().path()) {
        return next.run(request).await;
    }
    let client = Client::of(request.extensions(), request.headers(), &app.config.trusted_proxy);
    match app.clients.admit(client).await {
        Ok(account) => ACCOUNT.scope(account, next.run(request)).await,
        Err(refused) => refused.into_response(),
    }
}

/// What whoever runs the server asks, and files that cost nothing.
fn is_free(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz" | "/metrics") || path.starts_with("/static/")
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    fn clients(rate: u32, rate_burst: u32, max_at_once: usize) -> Clients {
        Clients::new(&Config { rate, rate_burst, max_at_once, ..Config::default() })
    }

    fn client(last: u32) -> Client {
        Client::at(IpAddr::from(last.to_be_bytes()))
    }

    #[tokio::test]
    async fn a_burst_is_let_in_and_no_more_and_others_are_not_touched() {
        let clients = clients(1, 5, 0);
        for _ in 0..5 {
            clients.admit(client(1)).await.unwrap();
        }
        assert!(matches!(clients.admit(client(1)).await, Err(Error::TooManyRequests { after: 1 })));
        clients.admit(client(2)).await.unwrap();
    }

    #[tokio::test]
    async fn a_client_has_so_many_places_and_gets_them_back() {
        let clients = clients(0, 0, 2);
        let account = clients.admit(client(1)).await.unwrap();
        let first = account.place().unwrap();
        let _second = clients.admit(client(1)).await.unwrap().place().unwrap();
        assert!(matches!(account.place(), Err(Error::TooManyAtOnce { limit: 2 })));
        drop(clients.admit(client(2)).await.unwrap().place().unwrap());
        drop(first);
        drop(account.place().unwrap());
    }

    #[tokio::test]
    async fn uploads_that_come_in_share_the_room_and_one_client_has_half() {
        let clients = clients(0, 0, 0);
        let account = clients.admit(client(1)).await.unwrap();
        let (half, mut room) = ((COMING_IN / 2 - 1) << 10, Room::default());
        ACCOUNT.sync_scope(Arc::clone(&account), || room.grow(&clients, half)).unwrap();
        let more = ACCOUNT.sync_scope(account, || Room::default().grow(&clients, 1));
        assert!(matches!(more, Err(Error::Busy)));
        let other = clients.admit(client(2)).await.unwrap();
        ACCOUNT.sync_scope(Arc::clone(&other), || Room::default().grow(&clients, half)).unwrap();
        drop(room);
        ACCOUNT.sync_scope(other, || Room::default().grow(&clients, half)).unwrap();
    }

    #[tokio::test]
    async fn the_table_of_clients_is_bounded() {
        let clients = clients(1, 1, 1);
        for number in 0..3 * MOST_CLIENTS as u32 {
            clients.admit(client(number)).await.unwrap();
        }
        clients.known.run_pending_tasks().await;
        assert!(clients.known.entry_count() <= MOST_CLIENTS, "{}", clients.known.entry_count());
    }

    /// Holding a key down makes 30 letters a second, and each asks for a drawing and for what is selected.
    #[test]
    fn no_typing_meets_the_limit() {
        let config = Config::default();
        let burst_lasts = |per_second: u32| config.rate_burst / per_second.saturating_sub(config.rate).max(1);
        assert!(config.rate >= 40, "{} a second", config.rate);
        assert!(burst_lasts(60) >= 10, "{} seconds", burst_lasts(60));
    }
}
