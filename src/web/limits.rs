//! What one client may ask for: so many requests a second, so many that are worked on at once, and so much of the memory
//! for uploads that are still coming in and for answers that are still going out.
//!
//! The layer stands inside of what is kept of shared diagrams and outside of the handlers: an answer that was made
//! before costs nothing and counts nothing.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use moka::future::Cache;
use moka::policy::EvictionPolicy;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::AppState;
use super::client::Client;
use super::coding::Coding;
use super::error::{Error, Result};
use super::sending;
use super::spent::Share;
use super::upload;
use crate::config::Config;
use crate::metrics::METRICS;

/// The most clients that are remembered: the one that was quiet longest is forgotten first.
const MOST_CLIENTS: u64 = 20_000;
/// A client that was quiet for so long has its whole burst again.
const QUIET: Duration = Duration::from_mins(5);

/// Uploads that are coming in share this many KiB, or what 16 of the largest take, and answers that are going out, which
/// are mostly packed, [`OUT`] times less; one client may have half.
const ROOM: usize = 256 << 10;
const OUT: usize = 4;

/// The clients of the last minutes.
#[derive(Debug, Clone)]
pub(super) struct Clients {
    known: Cache<Client, Arc<Account>>,
    quota: Option<Quota>,
    most_at_once: usize,
    /// A permit for each KiB of uploads that are coming in, and of answers that are going out.
    room: Rooms,
    /// How many of them one client may have, either way.
    most_of_one: [usize; 2],
}

type Rooms = [Arc<Semaphore>; 2];

#[derive(Debug)]
struct Account {
    rate: Option<DefaultDirectRateLimiter>,
    most_at_once: usize,
    places: Arc<Semaphore>,
    room: Rooms,
    share: Arc<Share>,
}

tokio::task_local! {
    /// Of whoever sent the request that is worked on.
    static ACCOUNT: Arc<Account>;
    /// Whether it is an upload, whose answer nobody else waits for: what is shared is made once for all who ask for it.
    static IS_UPLOAD: bool;
}

/// Which way something goes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Way {
    In,
    Out,
}

/// A place among what is worked on.
#[derive(Debug, Default)]
pub(super) struct Place {
    /// What its client had.
    pub share: Arc<Share>,
    /// Whether others go before it where its client had much.
    pub gives_way: bool,
    _permit: Option<OwnedSemaphorePermit>,
}

/// Room for what is coming in or going out, until it is dropped.
#[derive(Debug)]
pub(super) struct Room {
    way: Way,
    of_all: Option<OwnedSemaphorePermit>,
    of_one: Option<OwnedSemaphorePermit>,
}

impl Clients {
    pub(super) fn new(config: &Config) -> Self {
        let burst = NonZeroU32::new(config.rate_burst).unwrap_or(NonZeroU32::MIN);
        let rate = NonZeroU32::new(config.rate);
        let largest = usize::try_from(config.max_body.as_bytes() >> 10).unwrap_or(ROOM);
        let room = ROOM.max(largest.saturating_mul(16)).min(u32::MAX as usize);
        Self {
            known: Cache::builder()
                .max_capacity(MOST_CLIENTS)
                .eviction_policy(EvictionPolicy::lru())
                .time_to_idle(QUIET)
                .build(),
            quota: rate.map(|rate| Quota::per_second(rate).allow_burst(burst)),
            most_at_once: if config.max_at_once == 0 { Semaphore::MAX_PERMITS } else { config.max_at_once },
            room: rooms([room, room / OUT]),
            most_of_one: [room / 2, room / OUT / 2],
        }
    }

    /// Lets a client in, unless it sends too many requests.
    async fn admit(&self, client: Client) -> Result<Arc<Account>> {
        let open = async {
            Arc::new(Account {
                rate: self.quota.map(RateLimiter::direct),
                most_at_once: self.most_at_once,
                places: Arc::new(Semaphore::new(self.most_at_once)),
                room: rooms(self.most_of_one),
                share: Arc::default(),
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

fn rooms(kib: [usize; 2]) -> Rooms {
    kib.map(|kib| Arc::new(Semaphore::new(kib)))
}

impl Account {
    fn place(&self) -> Result<Place> {
        let permit = Arc::clone(&self.places).try_acquire_owned().map_err(|_| {
            METRICS.limited.inc();
            Error::TooManyAtOnce { limit: self.most_at_once }
        })?;
        let gives_way = IS_UPLOAD.try_with(|is_upload| *is_upload).unwrap_or_default();
        Ok(Place { share: Arc::clone(&self.share), gives_way, _permit: Some(permit) })
    }
}

/// A place among what is worked on for the client whose request this is; nobody's where nobody sent one.
pub(super) fn place() -> Result<Place> {
    ACCOUNT.try_with(|account| account.place()).unwrap_or_else(|_| Ok(Place::default()))
}

/// What the client had whose request this is.
pub(super) fn share() -> Arc<Share> {
    ACCOUNT.try_with(|account| Arc::clone(&account.share)).unwrap_or_default()
}

impl Room {
    pub(super) fn new(way: Way) -> Self {
        Self { way, of_all: None, of_one: None }
    }

    /// Makes room for so many bytes more; [`Error::Busy`] where there is none. What is larger than all that one client
    /// may have takes all of it.
    pub(super) fn grow(&mut self, clients: &Clients, bytes: usize) -> Result<()> {
        self.take(clients, kib(bytes).min(clients.most_of_one[self.way as usize] as u32))
    }

    /// Makes it room for so many bytes, whatever it was, as [`grow`](Self::grow) does.
    pub(super) fn resize(&mut self, clients: &Clients, bytes: usize) -> Result<()> {
        let wanted = kib(bytes).min(clients.most_of_one[self.way as usize] as u32) as usize;
        for held in [&mut self.of_all, &mut self.of_one].into_iter().flatten() {
            drop(held.split(held.num_permits().saturating_sub(wanted)));
        }
        let held = self.of_all.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        self.take(clients, wanted.saturating_sub(held) as u32)
    }

    fn take(&mut self, clients: &Clients, kib: u32) -> Result<()> {
        let take = |held: &mut Option<OwnedSemaphorePermit>, room: &Arc<Semaphore>| {
            let more = Arc::clone(room).try_acquire_many_owned(kib).map_err(|_| {
                METRICS.refused.inc();
                Error::Busy
            })?;
            match held {
                Some(held) => held.merge(more),
                None => *held = Some(more),
            }
            Ok(())
        };
        if let Ok(own) = ACCOUNT.try_with(|account| Arc::clone(&account.room[self.way as usize])) {
            take(&mut self.of_one, &own)?;
        }
        take(&mut self.of_all, &clients.room[self.way as usize])
    }
}

fn kib(bytes: usize) -> u32 {
    u32::try_from(bytes >> 10).unwrap_or(u32::MAX).saturating_add(1)
}

/// A layer that keeps one client from taking the place of all others.
pub(super) async fn layer(State(app): State<AppState>, request: Request, next: Next) -> Response {
    if is_free(request.uri().path()) {
        return next.run(request).await;
    }
    let client = Client::of(request.extensions(), request.headers(), &app.config.trusted_proxy);
    let codings = Coding::taken(request.headers());
    let is_upload = request.method() == Method::POST;
    match app.clients.admit(client).await {
        Ok(account) => {
            let answered = async { sending::hold(&app.clients, &codings, next.run(request).await).await };
            IS_UPLOAD.scope(is_upload, ACCOUNT.scope(account, answered)).await
        }
        Err(refused) => {
            upload::drain(request.into_body(), &app.config, 1).await;
            refused.into_response()
        }
    }
}

/// What whoever runs the server asks, and files that cost nothing.
fn is_free(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz" | "/metrics") || path.starts_with("/static/")
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use tower::ServiceExt as _;

    use super::*;
    use crate::store::Store;

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
        let (half, mut room) = ((ROOM / 2 - 1) << 10, Room::new(Way::In));
        ACCOUNT.sync_scope(Arc::clone(&account), || room.grow(&clients, half)).unwrap();
        let more = ACCOUNT.sync_scope(account, || Room::new(Way::In).grow(&clients, 1));
        assert!(matches!(more, Err(Error::Busy)));
        let other = clients.admit(client(2)).await.unwrap();
        ACCOUNT.sync_scope(Arc::clone(&other), || Room::new(Way::In).grow(&clients, half)).unwrap();
        drop(room);
        ACCOUNT.sync_scope(other, || Room::new(Way::In).grow(&clients, half)).unwrap();
    }

    #[tokio::test]
    async fn one_answer_may_be_larger_than_all_that_a_client_may_have() {
        let clients = clients(0, 0, 0);
        let account = clients.admit(client(1)).await.unwrap();
        let grow =
            |room: &mut Room, bytes| ACCOUNT.sync_scope(Arc::clone(&account), || room.grow(&clients, bytes));
        let (mut large, mut next) = (Room::new(Way::Out), Room::new(Way::Out));
        grow(&mut large, ROOM << 11).unwrap();
        assert!(matches!(grow(&mut next, 1), Err(Error::Busy)));
        grow(&mut Room::new(Way::In), 1).unwrap();
        ACCOUNT.sync_scope(Arc::clone(&account), || large.resize(&clients, 1 << 20)).unwrap();
        grow(&mut next, (ROOM / OUT / 2 - 2000) << 10).unwrap();
    }

    #[tokio::test]
    async fn only_uploads_give_way() {
        let app = AppState::new(Config::default(), Store::open("memory:").await.unwrap());
        let told = async || place().map(|place| place.gives_way.to_string());
        let routes = Router::new().route("/", get(told).post(told)).layer(from_fn_with_state(app, layer));
        for (method, expected) in [(Method::GET, "false"), (Method::POST, "true")] {
            let request = Request::builder().method(method).uri("/").body(Body::empty()).unwrap();
            let answer = routes.clone().oneshot(request).await.unwrap();
            assert_eq!(to_bytes(answer.into_body(), 9).await.unwrap(), expected);
        }
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
