//! The order of cards within their columns, found so that few wires cross.
//!
//! Services and pods are swept in turn, each card going to the middle of what it is wired to; the best order seen is
//! kept. The number of sweeps is fixed, and so is the number of wires between them, so the time is bounded.

use super::build::Board;

const SWEEPS: usize = 6;
/// The column of the Services.
pub(super) const SERVICES: usize = 2;
const PODS: usize = 3;

/// Puts the cards of Services and pods into an order with few crossings; answers how many there were as they were read.
pub(super) fn reduce_crossings(board: &mut Board) -> usize {
    let as_read = crossings(board);
    let mut best = (as_read, board.columns[SERVICES].clone(), board.columns[PODS].clone());
    for _ in 0..SWEEPS {
        sort_by_neighbours(board, PODS, SERVICES);
        sort_by_neighbours(board, SERVICES, PODS);
        let found = crossings(board);
        if found < best.0 {
            best = (found, board.columns[SERVICES].clone(), board.columns[PODS].clone());
        }
    }
    board.columns[SERVICES] = best.1;
    board.columns[PODS] = best.2;
    sort_by_neighbours(board, PODS, SERVICES);
    if crossings(board) > best.0 {
        board.columns[PODS] = best_pods(board);
    }
    as_read
}

/// The pods' order as the first Service that leads to them has it.
fn best_pods(board: &Board) -> Vec<usize> {
    let mut cards = board.columns[PODS].clone();
    let places = places(board, SERVICES);
    let mut first = vec![(usize::MAX, 0); board.cards.len()];
    for link in &board.links {
        let first = &mut first[link.to.0];
        *first = (*first).min((places[link.from.0], link.from.1));
    }
    cards.sort_by_key(|card| first[*card]);
    cards
}

/// Sorts a column by the mean place of what its cards are wired to in the other.
fn sort_by_neighbours(board: &mut Board, column: usize, other: usize) {
    let places = places(board, other);
    let mut sums = vec![(0.0_f64, 0_u32); board.cards.len()];
    for link in &board.links {
        let (own, (card, row)) = if column == PODS { (link.to, link.from) } else { (link.from, link.to) };
        let rows = board.cards[card].rows.len().max(1);
        let place = places[card] as f64 + row as f64 / rows as f64;
        // Within a card the row counts a little, so that wires from one card do not cross each other.
        let own_row = own.1 as f64 / board.cards[own.0].rows.len().max(1) as f64;
        sums[own.0].0 += place - own_row * 0.01;
        sums[own.0].1 += 1;
    }
    let now = self::places(board, column);
    let key = |card: usize| match sums[card] {
        (_, 0) => now[card] as f64,
        (sum, count) => sum / f64::from(count),
    };
    let mut cards = std::mem::take(&mut board.columns[column]);
    let outside = &board.from_outside;
    cards.sort_by(|a, b| {
        outside[*b].cmp(&outside[*a]).then(key(*a).total_cmp(&key(*b))).then(now[*a].cmp(&now[*b]))
    });
    board.columns[column] = cards;
}

/// The place of each card of a column, by card.
pub(super) fn places(board: &Board, column: usize) -> Vec<usize> {
    let mut places = vec![0; board.cards.len()];
    for (place, card) in board.columns[column].iter().enumerate() {
        places[*card] = place;
    }
    places
}

/// How often wires between Services and pods cross.
pub(super) fn crossings(board: &Board) -> usize {
    let (services, pods) = (places(board, SERVICES), places(board, PODS));
    let ends = board.links.iter().map(|link| {
        (
            (services[link.from.0] as i64) << 16 | link.from.1 as i64,
            (pods[link.to.0] as i64) << 16 | link.to.1 as i64,
        )
    });
    count_crossings(ends.collect())
}

/// How many pairs of wires cross, given where each begins and ends: the inversions of the ends once sorted by beginning.
pub(super) fn count_crossings(mut ends: Vec<(i64, i64)>) -> usize {
    ends.sort_unstable();
    let mut rest: Vec<i64> = ends.into_iter().map(|(_, to)| to).collect();
    let mut spare = rest.clone();
    inversions(&mut rest, &mut spare)
}

fn inversions(items: &mut [i64], spare: &mut [i64]) -> usize {
    if items.len() < 2 {
        return 0;
    }
    let middle = items.len() / 2;
    let (left, right) = items.split_at_mut(middle);
    let mut found = inversions(left, &mut spare[..middle]) + inversions(right, &mut spare[middle..]);
    let (mut a, mut b) = (0, 0);
    for slot in spare.iter_mut() {
        if b == right.len() || (a < left.len() && left[a] <= right[b]) {
            *slot = left[a];
            a += 1;
        } else {
            *slot = right[b];
            b += 1;
            found += left.len() - a;
        }
    }
    items.copy_from_slice(spare);
    found
}

#[cfg(test)]
mod tests {
    use super::count_crossings;

    #[test]
    fn crossings_are_counted() {
        for (ends, count) in [
            (vec![(1, 1), (2, 2)], 0),
            (vec![(1, 2), (2, 1)], 1),
            (vec![(1, 3), (2, 2), (3, 1)], 3),
            (vec![(1, 1), (1, 2), (2, 1)], 1),
            (vec![], 0),
        ] {
            assert_eq!(count_crossings(ends.clone()), count, "{ends:?}");
        }
    }
}
