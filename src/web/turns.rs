//! Whose turn it is: so much work runs at once, and of whoever waits, the client goes first that had least of late.
//!
//! A stranger who sends much that is costly waits for himself: the others come before him, one turn is never his, and
//! where too many wait, it is one of his that is sent away.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::error::{Error, Result};
use super::spent::{LITTLE, MUCH, Share};
use super::threads::Priority;
use crate::metrics::{During, METRICS};

/// The turns of a lane.
#[derive(Debug, Clone)]
pub struct Turns {
    lane: usize,
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    lanes: Vec<Queue>,
    most_waiting: usize,
    /// How many turns of all lanes have uploads of clients that had much of late, and may have.
    much: usize,
    most_much: usize,
}

#[derive(Debug)]
struct Queue {
    all: usize,
    free: usize,
    /// In the order in which they came.
    waiting: Vec<Waiter>,
}

#[derive(Debug)]
struct Waiter {
    share: Arc<Share>,
    gives_way: bool,
    go: oneshot::Sender<Turn>,
}

/// A turn, which is somebody else's once it is dropped.
#[derive(Debug)]
pub struct Turn {
    turns: Turns,
    /// It gives way to all others, as its client had much of late.
    gives_way: bool,
}

impl Turns {
    /// The turns of lanes that have so many each. As many as the first has are for as many processors, of which one is
    /// left to others by uploads of whoever had much of late, in whichever lanes.
    pub(super) fn of<const LANES: usize>(all: [usize; LANES], most_waiting: usize) -> [Self; LANES] {
        let lanes = all.map(|all| Queue { all, free: all, waiting: Vec::new() }).into();
        let most_much = all.first().map_or(1, |all| all.saturating_sub(1).max(1));
        let state = Arc::new(Mutex::new(State { lanes, most_waiting, much: 0, most_much }));
        std::array::from_fn(|lane| Self { lane, state: Arc::clone(&state) })
    }

    /// How many are nobody's.
    pub fn free(&self) -> usize {
        self.state().lanes[self.lane].free
    }

    /// One that is nobody's, whoever asks.
    pub fn try_take(&self) -> Option<Turn> {
        let mut state = self.state();
        (state.lanes[self.lane].free > 0).then(|| self.turn(&mut state, false))
    }

    /// Waits for a turn of this client's; [`Error::Busy`] where too many wait. Where it gives way, and the client had much of
    /// late, nobody but the client waits for what is done.
    pub(super) async fn take(&self, share: &Arc<Share>, gives_way: bool) -> Result<Turn> {
        let told = {
            let mut state = self.state();
            let had = share.spent();
            if state.may(self.lane, had, gives_way) {
                return Ok(self.turn(&mut state, gives_way && had > MUCH));
            }
            state.join(self.lane, Arc::clone(share), gives_way)
        };
        let _shown = During::new(&METRICS.waiting);
        let turn = match told {
            Some(told) => self.wait(told, share).await,
            None => None,
        };
        turn.ok_or_else(|| {
            METRICS.refused.inc();
            Error::Busy
        })
    }

    async fn wait(&self, mut told: oneshot::Receiver<Turn>, share: &Share) -> Option<Turn> {
        while share.spent() > MUCH {
            tokio::select! {
                // Whoever is sent away to make room for another hears of it by the end of the channel.
                turn = &mut told => return turn.ok(),
                // Then it may have what it had to leave to others.
                () = tokio::time::sleep(share.until_little()) => { self.hand_on(None); }
            }
        }
        told.await.ok()
    }

    fn turn(&self, state: &mut State, gives_way: bool) -> Turn {
        state.lanes[self.lane].free -= 1;
        state.much += usize::from(gives_way);
        Turn { turns: self.clone(), gives_way }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes back a turn, if there is one that is done, and gives one to whoever is next, if anybody may have it.
    fn hand_on(&self, done: Option<&Turn>) -> bool {
        let mut state = self.state();
        if let Some(done) = done {
            state.lanes[self.lane].free += 1;
            state.much -= usize::from(done.gives_way);
        }
        let Some((lane, next, gives_way)) = state.next() else { return false };
        let turns = Self { lane, state: Arc::clone(&self.state) };
        let turn = turns.turn(&mut state, gives_way);
        drop(state);
        // Where nobody waits for it any more it is dropped here, and so goes on to the one after.
        let _ = next.go.send(turn);
        true
    }
}

impl State {
    fn may(&self, lane: usize, had: f64, gives_way: bool) -> bool {
        let lane = &self.lanes[lane];
        let is_much = had > MUCH;
        lane.free > usize::from(is_much && lane.all > 1)
            && !(is_much && gives_way && self.much >= self.most_much)
    }

    /// A place among those that wait, if there is one, or one of whoever has most of them or had most of late.
    fn join(&mut self, lane: usize, share: Arc<Share>, gives_way: bool) -> Option<oneshot::Receiver<Turn>> {
        let waiting = &mut self.lanes[lane].waiting;
        waiting.retain(|waiter| !waiter.go.is_closed());
        if waiting.len() >= self.most_waiting {
            let mut places: BTreeMap<*const Share, Vec<usize>> = BTreeMap::new();
            for (at, waiter) in waiting.iter().enumerate() {
                places.entry(Arc::as_ptr(&waiter.share)).or_default().push(at);
            }
            let own = places.get(&Arc::as_ptr(&share)).map_or(0, Vec::len);
            let most = places.values().max_by_key(|places| places.len())?;
            let given_up = if most.len() > own + 1 {
                *most.last()?
            } else {
                // Of many who want a turn each, whoever had most goes rather than somebody who had far less.
                let had = |at: &usize| waiting[*at].share.spent();
                let heaviest = (0..waiting.len()).max_by(|one, other| had(one).total_cmp(&had(other)))?;
                (had(&heaviest) > share.spent() + LITTLE).then_some(heaviest)?
            };
            waiting.remove(given_up);
        }
        let (go, told) = oneshot::channel();
        waiting.push(Waiter { share, gives_way, go });
        Some(told)
    }

    /// Who is next, in which lane, and whether it gives way to all others, if anybody may: whoever had least, of equals the one that came
    /// first.
    fn next(&mut self) -> Option<(usize, Waiter, bool)> {
        let mut least: Option<(f64, usize, usize)> = None;
        for lane in 0..self.lanes.len() {
            self.lanes[lane].waiting.retain(|waiter| !waiter.go.is_closed());
            for (at, waiter) in self.lanes[lane].waiting.iter().enumerate() {
                let had = waiter.share.spent();
                if least.is_none_or(|(least, ..)| had < least) && self.may(lane, had, waiter.gives_way) {
                    least = Some((had, lane, at));
                }
            }
        }
        let (had, lane, at) = least?;
        let next = self.lanes[lane].waiting.remove(at);
        let gives_way = next.gives_way && had > MUCH;
        Some((lane, next, gives_way))
    }
}

impl Turn {
    /// How much say over the processors whoever has it has. Where a lane has one turn, it is for all, and nobody waits for
    /// it longer than for who computes.
    pub(super) fn priority(&self) -> Priority {
        let is_shared = self.turns.state().lanes[self.turns.lane].all == 1;
        if self.gives_way && !is_shared { Priority::Idle } else { Priority::Low }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut done = Some(&*self);
        while self.turns.hand_on(done.take()) {}
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::FutureExt as _;

    use super::*;

    fn who_had(seconds: f64) -> Arc<Share> {
        let share = Arc::<Share>::default();
        share.spend(Duration::from_secs_f64(seconds));
        share
    }

    /// Waits in a task of its own, until it has a turn or is sent away.
    async fn wait(turns: &Turns, share: &Arc<Share>) -> tokio::task::JoinHandle<Result<Turn>> {
        let (turns, share) = (turns.clone(), Arc::clone(share));
        let task = tokio::spawn(async move { turns.take(&share, true).await });
        // A test has one thread: what was started before goes first.
        tokio::task::yield_now().await;
        task
    }

    #[tokio::test]
    async fn whoever_had_least_goes_first_and_of_equals_the_first() {
        let [turns] = Turns::of([1], 9);
        let running = turns.take(&Arc::default(), true).await.unwrap();
        let (much, none) = (who_had(1.0), Arc::<Share>::default());
        let much = wait(&turns, &much).await;
        let first = wait(&turns, &none).await;
        let second = wait(&turns, &Arc::default()).await;
        drop(running);
        let turn = first.await.unwrap().unwrap();
        assert!(!much.is_finished() && !second.is_finished());
        drop(turn);
        drop(second.await.unwrap().unwrap());
        drop(much.await.unwrap().unwrap());
        assert_eq!(turns.free(), 1);
    }

    #[tokio::test]
    async fn where_many_wait_whoever_had_most_makes_room_for_whoever_had_less() {
        let [turns] = Turns::of([1], 3);
        let running = turns.take(&Arc::default(), true).await.unwrap();
        let mut waiting = Vec::new();
        for had in [0.3, 0.5, 0.4] {
            waiting.push(wait(&turns, &who_had(had)).await);
        }
        let newcomer = wait(&turns, &who_had(0.01)).await;
        let as_much = wait(&turns, &who_had(0.38)).await;
        assert!(matches!(as_much.await.unwrap(), Err(Error::Busy)));
        assert!(matches!(waiting.remove(1).await.unwrap(), Err(Error::Busy)));
        drop(running);
        drop(newcomer.await.unwrap().unwrap());
        for waiting in waiting {
            drop(waiting.await.unwrap().unwrap());
        }
    }

    #[tokio::test]
    async fn whoever_had_much_leaves_one_turn_to_others() {
        let [turns] = Turns::of([2], 9);
        let much = who_had(10.0 * MUCH);
        let his = turns.take(&much, true).await.unwrap();
        assert_eq!(his.priority(), Priority::Idle);
        let waiting = wait(&turns, &much).await;
        assert_eq!(turns.free(), 1);
        let of_another = turns.take(&Arc::default(), true).await.unwrap();
        assert_eq!(of_another.priority(), Priority::Low);
        drop(of_another);
        assert!(!waiting.is_finished() && turns.free() == 1);
        drop(his);
        assert_eq!(waiting.await.unwrap().unwrap().priority(), Priority::Idle);
        assert_eq!(turns.free(), 2);
        let [only] = Turns::of([1], 0);
        let his = only.take(&much, true).now_or_never().unwrap().expect("where there is one, it is for all");
        assert_eq!(his.priority(), Priority::Low);
    }

    #[tokio::test]
    async fn whoever_had_much_leaves_a_processor_to_others_in_whichever_lanes() {
        let [small, large] = Turns::of([2, 1], 9);
        let (one, other) = (who_had(10.0 * MUCH), who_had(20.0 * MUCH));
        let his = small.take(&one, true).await.unwrap();
        let waiting = wait(&large, &other).await;
        assert!(!waiting.is_finished() && large.free() == 1);
        drop(large.take(&Arc::default(), true).await.unwrap());
        assert!(!waiting.is_finished(), "whoever had little takes nothing from what is left to others");
        drop(his);
        let his = waiting.await.unwrap().unwrap();
        assert_eq!(his.priority(), Priority::Low, "others wait for the only turn of a lane");
        let again = wait(&small, &one).await;
        assert!(!again.is_finished());
        drop(his);
        drop(again.await.unwrap().unwrap());
        assert_eq!((small.free(), large.free()), (2, 1));
    }

    #[tokio::test]
    async fn what_others_may_wait_for_gives_no_way() {
        let [small, large] = Turns::of([2, 1], 9);
        let much = who_had(10.0 * MUCH);
        let upload = large.take(&much, true).await.unwrap();
        let asked = small.take(&much, false).await.unwrap();
        assert_eq!(asked.priority(), Priority::Low);
        drop((upload, asked));
        assert_eq!((small.free(), large.free()), (2, 1));
        assert_eq!(small.state().much, 0);
    }

    #[tokio::test]
    async fn whoever_had_much_goes_on_once_it_is_much_no_longer() {
        let [small, large] = Turns::of([2, 1], 9);
        let working = large.take(&who_had(10.0 * MUCH), true).await.unwrap();
        let share = who_had(1.01 * MUCH);
        let waiting = small.take(&share, true);
        assert_eq!(waiting.await.unwrap().priority(), Priority::Low, "though none was given back");
        drop(working);
    }

    #[tokio::test]
    async fn where_too_many_wait_the_last_of_whoever_has_most_is_sent_away() {
        let [turns] = Turns::of([1], 4);
        let running = turns.take(&Arc::default(), true).await.unwrap();
        let (stranger, other) = (Arc::<Share>::default(), Arc::<Share>::default());
        let mut his = Vec::new();
        for _ in 0..4 {
            his.push(wait(&turns, &stranger).await);
        }
        assert!(matches!(turns.take(&stranger, true).await, Err(Error::Busy)), "his own make room for none");
        let first = wait(&turns, &other).await;
        assert!(matches!(his.pop().unwrap().await.unwrap(), Err(Error::Busy)));
        let second = wait(&turns, &other).await;
        assert!(matches!(his.pop().unwrap().await.unwrap(), Err(Error::Busy)));
        assert!(matches!(turns.take(&other, true).await, Err(Error::Busy)), "each has two");
        drop(running);
        for waiting in his.into_iter().chain([first, second]) {
            drop(waiting.await.unwrap().unwrap());
        }
        assert_eq!(turns.free(), 1);
    }

    #[tokio::test]
    async fn a_turn_of_whoever_went_away_is_the_next_ones() {
        let [turns] = Turns::of([1], 9);
        let running = turns.take(&Arc::default(), true).await.unwrap();
        let gone = wait(&turns, &Arc::default()).await;
        let stays = wait(&turns, &Arc::default()).await;
        gone.abort();
        assert!(gone.await.is_err());
        drop(running);
        drop(stays.await.unwrap().unwrap());
        assert_eq!(turns.free(), 1);
    }
}
