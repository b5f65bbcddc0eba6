use super::*;
use counted::{Counts, Probe, allocations, at_most, counts, ends};
use seeded::Rng;

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

/// What pop_min gives until the queue is empty.
fn drain<P: Ord>(queue: &mut TimerHeap<P>) -> Vec<P> {
    std::iter::from_fn(|| queue.pop_min())
        .map(|(_, due)| due)
        .collect()
}

#[test]
fn the_timer_due_first_is_popped_first() {
    ends(|doing| {
        doing.note(|| "push 30, 10, 20, 10, 40, then pop_min".into());
        let mut queue = TimerHeap::new();
        assert_eq!(queue.peek(), None, "peek of an empty queue");
        assert_eq!(
            queue.pop_min().map(|popped| popped.1),
            None,
            "pop_min of an empty queue"
        );
        for due in [30, 10, 20, 10, 40] {
            queue.push(due);
        }
        assert_eq!(
            (queue.len(), queue.peek()),
            (5, Some(&10)),
            "pushed 30, 10, 20, 10, 40: len and peek"
        );
        assert_eq!(
            drain(&mut queue),
            [10, 10, 20, 30, 40],
            "pushed 30, 10, 20, 10, 40: what pop_min gives"
        );
        assert!(queue.is_empty(), "is_empty after everything was popped");
    });
}

#[test]
fn a_popped_timer_comes_with_its_handle() {
    ends(|doing| {
        doing.note(|| "push 30, 10, 20, then pop_min".into());
        let mut queue = TimerHeap::new();
        let [a, b, c] = [30, 10, 20].map(|due| queue.push(due));
        let popped = [(); 3].map(|_| queue.pop_min());
        assert_eq!(
            popped,
            [Some((b, 10)), Some((c, 20)), Some((a, 30))],
            "pushed 30, 10, 20: pop_min three times"
        );
    });
}

#[test]
fn an_updated_timer_is_due_at_its_new_time() {
    ends(|doing| {
        for i in 0..7 {
            for due in [5, 15, 25, 35, 45, 55, 65, 75] {
                let what = format!("pushed 10, 20, .., 70, updated {} to {due}", 10 * (i + 1));
                doing.note(|| what.clone());
                let mut queue = TimerHeap::new();
                let mut times: Vec<usize> = (1..=7).map(|n| 10 * n).collect();
                let handles: Vec<Handle> = times.iter().map(|&due| queue.push(due)).collect();
                assert!(
                    queue.update(handles[i], due),
                    "{what}: update returned false"
                );
                times[i] = due;
                times.sort();
                assert_eq!(drain(&mut queue), times, "{what}: what pop_min gives");
            }
        }
    });
}

#[test]
fn a_cancelled_timer_is_gone() {
    ends(|doing| {
        for i in 0..7 {
            let what = format!("pushed 10, 20, .., 70, cancelled {}", 10 * (i + 1));
            doing.note(|| what.clone());
            let mut queue = TimerHeap::new();
            let mut times: Vec<usize> = (1..=7).map(|n| 10 * n).collect();
            let handles: Vec<Handle> = times.iter().map(|&due| queue.push(due)).collect();
            assert_eq!(
                queue.cancel(handles[i]),
                Some(times.remove(i)),
                "{what}: the answer"
            );
            assert_eq!(drain(&mut queue), times, "{what}: what pop_min gives then");
        }
    });
}

#[test]
fn what_fills_the_gap_may_have_to_go_up() {
    ends(|doing| {
        // The last one, 4, comes to the place of 70, below 40 and 50.
        let times = [1, 40, 2, 50, 60, 30, 3, 70, 80, 90, 95, 31, 32, 33, 4];
        doing.note(|| format!("pushed {times:?}, cancelled 70"));
        let mut queue = TimerHeap::new();
        let handles = times.map(|due| queue.push(due));
        assert_eq!(
            queue.cancel(handles[7]),
            Some(70),
            "pushed {times:?}: cancel of the 70"
        );
        assert_eq!(
            drain(&mut queue),
            [1, 2, 3, 4, 30, 31, 32, 33, 40, 50, 60, 80, 90, 95],
            "pushed {times:?}, cancelled 70: what pop_min gives"
        );
    });
}

#[test]
fn a_used_up_handle_is_refused() {
    ends(|doing| {
        doing.note(|| "push 10, 20, pop_min, cancel of the other".into());
        let mut queue = TimerHeap::new();
        let [a, b] = [10, 20].map(|due| queue.push(due));
        queue.push(30);
        queue.pop_min();
        queue.cancel(b);
        for (name, handle) in [("popped", a), ("cancelled", b)] {
            assert_eq!(
                queue.cancel(handle),
                None,
                "cancel of a timer that was {name}"
            );
            assert!(
                !queue.update(handle, 5),
                "update of a timer that was {name}"
            );
        }
        assert_eq!(
            drain(&mut queue),
            [30],
            "what is left after used-up handles were tried"
        );
    });
}

#[test]
fn a_used_up_handle_does_not_lead_to_a_later_timer() {
    ends(|doing| {
        doing.note(|| "push and take out 10, 20, .., then try the old handles".into());
        let mut queue = TimerHeap::new();
        let mut used: Vec<Handle> = Vec::new();
        for due in (10..=100).step_by(10) {
            let handle = queue.push(due);
            assert!(
                !used.contains(&handle),
                "push({due}) returned {handle:?}, which another timer had before"
            );
            for &old in &used {
                assert_eq!(
                    queue.cancel(old),
                    None,
                    "cancel of a used-up handle, with a new timer in the queue"
                );
                assert!(
                    !queue.update(old, 5),
                    "update of a used-up handle, with a new timer in the queue"
                );
            }
            let popped = if due % 20 == 0 {
                queue.pop_min().map(|popped| popped.1)
            } else {
                queue.cancel(handle)
            };
            assert_eq!(popped, Some(due), "the only timer of the queue");
            used.push(handle);
        }
    });
}

#[test]
fn a_queue_is_made_of_a_vector() {
    ends(|doing| {
        seeded::cases(300, |rng| {
            let times = rng.vec(rng.size() / 4, |rng| rng.below(30));
            doing.note(|| format!("from_vec({times:?})"));
            let (mut queue, handles) = TimerHeap::from_vec(times.clone());
            assert_eq!(
                handles.len(),
                times.len(),
                "handles returned by from_vec({times:?})"
            );
            let mut timers: Vec<(Handle, usize)> = Vec::new();
            timers.extend(std::iter::from_fn(|| queue.pop_min()).take(times.len() + 1));
            let popped: Vec<usize> = timers.iter().map(|timer| timer.1).collect();
            let mut expected = times.clone();
            expected.sort();
            assert_eq!(
                popped, expected,
                "from_vec({times:?}): what pop_min gives until the end"
            );
            for timer in handles.into_iter().zip(times.clone()) {
                assert!(
                    timers.contains(&timer),
                    "from_vec({times:?}) gave the handle {:?} to a {}, and no pop_min gave both",
                    timer.0,
                    timer.1
                );
            }
        });
    });
}

#[test]
fn random_operations_agree_with_a_plain_list() {
    ends(|doing| {
        seeded::cases(300, |rng| {
            let count = rng.below(8);
            let times = rng.vec(count, |rng| rng.below(40));
            let mut done = vec![format!("from_vec({times:?})")];
            doing.note(|| format!("{done:?}"));
            let (mut queue, mut handles) = TimerHeap::from_vec(times.clone());
            let mut model: Vec<(Handle, usize)> = handles.iter().copied().zip(times).collect();
            for step in 0..rng.size() {
                doing.note(|| format!("operation {step}, after {:?}", done.last()));
                let due = rng.below(40);
                let i = if handles.is_empty() {
                    None
                } else {
                    Some(rng.below(handles.len()))
                };
                let at = i.and_then(|i| model.iter().position(|timer| timer.0 == handles[i]));
                match (rng.weighted(&[5, 3, 5, 3]), i) {
                    (0, _) => {
                        done.push(format!("push({due}), timer {}", handles.len()));
                        let handle = queue.push(due);
                        assert!(
                            !handles.contains(&handle),
                            "{done:?} returned a handle of an earlier timer"
                        );
                        handles.push(handle);
                        model.push((handle, due));
                    }
                    (1, _) => {
                        done.push("pop_min".into());
                        let popped = queue.pop_min();
                        let first = model.iter().map(|timer| timer.1).min();
                        assert_eq!(
                            popped.map(|popped| popped.1),
                            first,
                            "after {done:?}: when the popped one was due"
                        );
                        if let Some(popped) = popped {
                            let at = model.iter().position(|timer| *timer == popped);
                            assert!(
                                at.is_some(),
                                "after {done:?}: no timer with this handle was due then"
                            );
                            model.remove(at.unwrap_or(0));
                        }
                    }
                    (2, Some(i)) => {
                        done.push(format!("update(timer {i}, {due})"));
                        assert_eq!(
                            queue.update(handles[i], due),
                            at.is_some(),
                            "after {done:?}: the last answer"
                        );
                        if let Some(at) = at {
                            model[at].1 = due;
                        }
                    }
                    (_, Some(i)) => {
                        done.push(format!("cancel(timer {i})"));
                        let expected = at.map(|at| model.remove(at).1);
                        assert_eq!(
                            queue.cancel(handles[i]),
                            expected,
                            "after {done:?}: the last answer"
                        );
                    }
                    _ => {}
                }
                assert_eq!(queue.len(), model.len(), "after {done:?}: the length");
                let first = model.iter().map(|timer| timer.1).min();
                assert_eq!(queue.peek().copied(), first, "after {done:?}: peek");
            }
            let mut expected: Vec<usize> = model.iter().map(|timer| timer.1).collect();
            expected.sort();
            assert_eq!(
                drain(&mut queue),
                expected,
                "after {done:?}: what pop_min gives until the end"
            );
        });
    });
}

/// Times in the orders that heaps find easy or hard.
fn patterns(n: u32) -> [(&'static str, Vec<Probe<u32>>); 4] {
    let mut rng = Rng::new(1);
    let random = rng.vec(n as usize, |rng| rng.range(0..n));
    [
        ("ascending", (0..n).collect()),
        ("descending", (0..n).rev().collect()),
        ("random", random),
        ("all equal", vec![7; n as usize]),
    ]
    .map(|(name, times): (_, Vec<u32>)| (name, times.into_iter().map(Probe::new).collect()))
}

#[test]
fn a_queue_is_made_in_linear_time() {
    const N: u32 = 5_000;
    for (name, times) in patterns(N) {
        let work = || at_most(10_000_000, || TimerHeap::from_vec(times).0.len());
        let (len, did) = counts(work);
        assert_eq!(
            len, N as usize,
            "length of a queue made of {N} times, {name}"
        );
        let (compared, most) = (did.comparisons, 2 * u64::from(N));
        assert!(
            compared <= most,
            "from_vec of {N} times, {name}, compared {compared} times, {most} are enough"
        );
    }
}

/// Refuses a call with more comparisons, and calls with more looks, than a heap of `n` needs.
struct Limits {
    name: &'static str,
    looks: u64,
    allowed: u64,
}

impl Limits {
    fn of(name: &'static str) -> Self {
        Limits {
            name,
            looks: 0,
            allowed: 0,
        }
    }

    #[track_caller]
    fn add(&mut self, did: Counts, n: usize, comparisons: u32) {
        let (name, compared) = (self.name, did.comparisons);
        assert!(
            compared <= u64::from(comparisons),
            "{name} with {n} timers compared {compared} times, {comparisons} are enough"
        );
        self.looks += did.reads;
        self.allowed += 32 * (u64::from(ceil_log2(n)) + 2);
    }

    #[track_caller]
    fn done(self, order: &str) {
        let Limits {
            name,
            looks,
            allowed,
        } = self;
        assert!(
            looks <= allowed,
            "all calls of {name}, on timers pushed in the order: {order}, looked {looks} times into the heap \
             and the tickets, {allowed} are enough: is something searched?"
        );
        assert!(
            looks > 0,
            "{name} did not look into `heap`, which should be a `CountedVec`"
        );
    }
}

fn ceil_log2(n: usize) -> u32 {
    n.next_power_of_two().ilog2()
}

#[test]
fn no_operation_costs_more_than_the_height() {
    for (name, times) in patterns(1_500) {
        let mut queue = TimerHeap::new();
        let mut push = Limits::of("push");
        let mut handles = Vec::new();
        for due in times {
            let (handle, did) = counts(|| at_most(1_000_000, || queue.push(due)));
            handles.push(handle);
            push.add(did, queue.len(), queue.len().ilog2() + 1);
        }
        push.done(name);
        let mut rng = Rng::new(2);
        rng.shuffle(&mut handles);
        let mut update = Limits::of("update");
        for &handle in &handles[..500] {
            let due = Probe::new(rng.range(0..1_500));
            let (done, did) = counts(|| at_most(1_000_000, || queue.update(handle, due)));
            assert!(
                done,
                "update of one of 1,500 timers, pushed in the order: {name}"
            );
            update.add(did, queue.len(), 2 * ceil_log2(queue.len()) + 2);
        }
        update.done(name);
        let mut cancel = Limits::of("cancel");
        for handle in handles.drain(..500) {
            let n = queue.len();
            let (due, did) = counts(|| at_most(1_000_000, || queue.cancel(handle)));
            assert!(
                due.is_some(),
                "cancel of one of {n} timers, pushed in the order: {name}"
            );
            cancel.add(did, n, 2 * ceil_log2(n) + 2);
        }
        cancel.done(name);
        let mut pop = Limits::of("pop_min");
        while !queue.is_empty() {
            let n = queue.len();
            let did = counts(|| at_most(1_000_000, || queue.pop_min())).1;
            pop.add(did, n, 2 * ceil_log2(n) + 2);
        }
        pop.done(name);
    }
}

#[test]
fn a_queue_of_few_timers_stays_small() {
    let mut queue = TimerHeap::new();
    let mut handles: Vec<Handle> = (0..50).map(|due| queue.push(due)).collect();
    let churn = |queue: &mut TimerHeap<u32>, handles: &mut Vec<Handle>| {
        for due in 0..1_500_u32 {
            if due % 2 == 0 {
                queue.cancel(handles[due as usize % 50]);
            } else if let Some((popped, _)) = queue.pop_min() {
                let at = handles.iter().position(|handle| *handle == popped);
                handles.swap(at.unwrap_or(0), due as usize % 50);
            }
            handles[due as usize % 50] = queue.push(due % 100);
        }
    };
    at_most(10_000_000, || churn(&mut queue, &mut handles));
    let (_, heap) = allocations(|| at_most(10_000_000, || churn(&mut queue, &mut handles)));
    assert!(
        heap.left <= 4_096,
        "a queue of 50 timers, of which one left and one came 1,500 times, holds {} bytes more than before",
        heap.left
    );
    assert_eq!(queue.len(), 50, "the length of the queue");
}
