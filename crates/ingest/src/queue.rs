//! Which input a worker opens next.

use std::cmp::Reverse;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::listing::Input;

/// What opening an input costs beside its bytes, counted in bytes.
const OPENING_BYTES: u64 = 4096;

/// Inputs that take more than this part of what one worker has to do are opened first, so that
/// no worker is left with one at the end.
const LARGE_PART: u64 = 64;

/// The inputs, in the order in which workers open them.
///
/// Logs lie in folders by account, Region and day. Each worker opens neighbors, so that what it
/// learns overlaps little with what the others learn: most of it is then learned once, and
/// little is left to merge.
pub(crate) struct Queue<'a> {
    /// Large inputs, the largest first, and then the neighbors of each worker.
    runs: Vec<Run<'a>>,
}

/// Inputs that are opened one after the other.
#[derive(Default)]
struct Run<'a> {
    inputs: Vec<&'a Input>,
    next: AtomicUsize,
}

impl<'a> Queue<'a> {
    /// Shares `inputs`, which come in the order of their places, among `n_workers`.
    pub(crate) fn new(inputs: &'a [Input], n_workers: usize) -> Self {
        let n_workers = n_workers.max(1);
        let share = inputs.iter().map(cost).sum::<u64>().div_ceil(n_workers as u64).max(1);
        let (mut large, small): (Vec<_>, Vec<_>) =
            inputs.iter().partition(|input| input.bytes > share / LARGE_PART);
        large.sort_by_key(|input| Reverse(input.bytes));
        let share = small.iter().map(|input| cost(input)).sum::<u64>().div_ceil(n_workers as u64);
        let mut runs = vec![Run { inputs: large, next: AtomicUsize::new(0) }];
        runs.resize_with(n_workers + 1, Run::default);
        let mut before = 0;
        for input in small {
            // What begins within a worker's share is the worker's.
            let worker = usize::try_from(before / share.max(1)).unwrap_or(usize::MAX);
            if let Some(run) = runs.get_mut(worker.min(n_workers - 1) + 1) {
                run.inputs.push(input);
            }
            before += cost(input);
        }
        Self { runs }
    }

    /// The next input for the worker of number `worker`: a large one, one of its own, or one of
    /// another worker that is behind.
    pub(crate) fn next(&self, worker: usize) -> Option<&'a Input> {
        let (large, runs) = self.runs.split_first()?;
        let (before, own) = runs.split_at(worker.min(runs.len()));
        [large].into_iter().chain(own).chain(before).find_map(Run::next)
    }
}

impl<'a> Run<'a> {
    fn next(&self) -> Option<&'a Input> {
        self.inputs.get(self.next.fetch_add(1, Ordering::Relaxed)).copied()
    }
}

fn cost(input: &Input) -> u64 {
    input.bytes.saturating_add(OPENING_BYTES)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::Queue;
    use crate::listing::{Input, Place};

    fn inputs(sizes: &[u64]) -> Vec<Input> {
        let input = |(number, bytes): (usize, &u64)| {
            let path = PathBuf::from(format!("{number:04}"));
            Input { place: Place::File(path), bytes: *bytes }
        };
        sizes.iter().enumerate().map(input).collect()
    }

    fn opened(queue: &Queue<'_>, worker: usize) -> Vec<String> {
        let inputs = std::iter::from_fn(|| queue.next(worker));
        inputs.map(|input| format!("{:?}", input.place)).collect()
    }

    #[test]
    fn every_input_is_opened_once() {
        for n_workers in 1..5 {
            for n_inputs in [0, 1, 7, 500] {
                let inputs = inputs(&vec![10; n_inputs]);
                let queue = Queue::new(&inputs, n_workers);
                let mut all = Vec::new();
                while let Some(input) = queue.next(all.len() % n_workers) {
                    all.push(input);
                }
                all.sort();
                assert_eq!(all, inputs.iter().collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn workers_open_neighbors_and_then_help_each_other() {
        let inputs = inputs(&[10; 200]);
        let queue = Queue::new(&inputs, 2);
        let first: Vec<_> = (0..3).filter_map(|_| queue.next(1)).collect();
        assert_eq!(first, inputs[100..103].iter().collect::<Vec<_>>());
        assert_eq!(opened(&queue, 0).len(), 197);
    }

    #[test]
    fn large_inputs_come_first() {
        let mut sizes = [10; 200];
        (sizes[20], sizes[150]) = (1_000_000, 2_000_000);
        let inputs = inputs(&sizes);
        let queue = Queue::new(&inputs, 2);
        let first = [queue.next(0), queue.next(0), queue.next(0), queue.next(1)];
        let expected = [150, 20, 0, 100].map(|number| inputs.get(number));
        assert_eq!(first[..3], expected[..3]);
    }
}
