use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

#[test]
fn the_numbers_are_those_of_splitmix64() {
    // First outputs of the reference implementation for the seeds 0 and 1234567.
    let mut zero = Rng::new(0);
    assert_eq!(zero.next_u64(), 0xe220_a839_7b1d_cdaf);
    assert_eq!(zero.next_u64(), 0x6e78_9e6a_a1b9_65f4);
    assert_eq!(zero.next_u64(), 0x06c4_5d18_8009_454f);
    let mut other = Rng::new(1_234_567);
    assert_eq!(other.next_u64(), 6_457_827_717_110_365_317);
    assert_eq!(other.next_u64(), 3_203_168_211_198_807_973);
    assert_eq!(other.next_u64(), 9_817_491_932_198_370_423);
}

#[test]
fn equal_seeds_give_equal_runs_and_neighbours_do_not() {
    let draw = |seed| Rng::new(seed).vec(20, |rng| rng.next_u64());
    assert_eq!(draw(7), draw(7));
    assert_ne!(draw(7), draw(8));
}

#[test]
fn below_reaches_every_number_and_no_other() {
    let mut rng = Rng::new(1);
    let mut seen = [0; 7];
    for _ in 0..7_000 {
        seen[rng.below(7)] += 1;
    }
    assert!(seen.iter().all(|&n| (850..1_150).contains(&n)), "{seen:?}");
}

#[test]
fn range_reaches_both_ends() {
    let mut rng = Rng::new(2);
    let dice = rng.vec(200, |rng| rng.range(1..=6));
    assert_eq!((dice.iter().min(), dice.iter().max()), (Some(&1), Some(&6)));
    let half_open = rng.vec(200, |rng| rng.range(-3i64..3));
    assert_eq!(
        (half_open.iter().min(), half_open.iter().max()),
        (Some(&-3), Some(&2))
    );
    let bytes = rng.vec(5_000, |rng| rng.range::<u8>(..));
    assert_eq!(
        (bytes.iter().min(), bytes.iter().max()),
        (Some(&0), Some(&255))
    );
}

#[test]
fn range_survives_the_ends_of_the_type() {
    let mut rng = Rng::new(3);
    for _ in 0..100 {
        assert!(rng.range(i64::MAX - 1..) >= i64::MAX - 1);
        assert!(rng.range(..=i64::MIN + 1) <= i64::MIN + 1);
    }
    let whole = rng.vec(100, |rng| rng.range::<i64>(..));
    assert!(whole.iter().any(|&x| x < 0) && whole.iter().any(|&x| x > 0));
    assert_eq!(rng.range(u64::MAX..=u64::MAX), u64::MAX);
}

#[test]
fn chance_keeps_its_promise() {
    let mut rng = Rng::new(4);
    let hits = (0..10_000).filter(|_| rng.chance(0.25)).count();
    assert!((2_300..2_700).contains(&hits), "{hits} of 10000 at 0.25");
    assert!((0..100).all(|_| rng.chance(1.0) && !rng.chance(0.0)));
}

#[test]
fn weighted_follows_the_weights() {
    let mut rng = Rng::new(5);
    let mut seen = [0; 4];
    for _ in 0..9_000 {
        seen[rng.weighted(&[5, 0, 3, 1])] += 1;
    }
    assert_eq!(seen[1], 0);
    for (n, expected) in [(seen[0], 5_000), (seen[2], 3_000), (seen[3], 1_000)] {
        assert!((expected - 300..expected + 300).contains(&n), "{seen:?}");
    }
}

#[test]
fn shuffle_keeps_the_elements_and_reaches_every_order() {
    let mut rng = Rng::new(6);
    let mut seen = std::collections::BTreeMap::new();
    for _ in 0..6_000 {
        let mut xs = [1, 2, 3];
        rng.shuffle(&mut xs);
        *seen.entry(xs).or_insert(0) += 1;
    }
    assert_eq!(seen.len(), 6);
    assert!(
        seen.values().all(|n| (850..1_150).contains(n)),
        "some orders are favoured: {seen:?}"
    );
}

#[test]
fn pick_word_and_bytes_have_the_asked_shape() {
    let mut rng = Rng::new(8);
    let picked = rng.vec(50, |rng| *rng.pick(&['x', 'y']));
    assert!(picked.contains(&'x') && picked.contains(&'y'));
    let word = rng.word(12);
    assert_eq!(word.len(), 12);
    assert!(word.bytes().all(|b| b.is_ascii_lowercase()), "{word}");
    assert_eq!(rng.bytes(9).len(), 9);
}

#[test]
fn a_fork_does_not_depend_on_what_its_parent_draws_later() {
    let (mut a, mut b) = (Rng::new(9), Rng::new(9));
    let (mut fork_a, mut fork_b) = (a.fork(), b.fork());
    a.next_u64();
    assert_eq!(fork_a.next_u64(), fork_b.next_u64());
}

#[test]
fn empty_choices_panic_with_a_reason() {
    fn message(f: impl FnOnce(&mut Rng)) -> String {
        let panic = catch_unwind(AssertUnwindSafe(|| f(&mut Rng::new(0)))).unwrap_err();
        match panic.downcast_ref::<String>() {
            Some(text) => text.clone(),
            None => (*panic.downcast_ref::<&str>().unwrap()).to_owned(),
        }
    }
    assert!(message(|rng| _ = rng.below(0)).contains("below(0)"));
    assert!(message(|rng| _ = rng.range(3..3)).contains("empty"));
    assert!(message(|rng| _ = rng.pick::<u8>(&[])).contains("pick"));
    assert!(message(|rng| _ = rng.weighted(&[0, 0])).contains("weighted"));
}

#[test]
fn cases_grow_from_1_to_the_maximum() {
    let mut sizes = Vec::new();
    cases(1_000, |rng| sizes.push(rng.size()));
    assert_eq!(sizes.len(), 1_000);
    assert_eq!((sizes[0], sizes[999]), (1, MAX_SIZE));
    assert!(sizes.is_sorted());
    cases(1, |rng| assert_eq!(rng.size(), MAX_SIZE));
    cases(0, |_| unreachable!("no case was asked for"));
}

#[test]
fn cases_differ_from_each_other_and_not_from_run_to_run() {
    let run = || {
        let mut drawn = Vec::new();
        cases(300, |rng| drawn.push(rng.next_u64()));
        drawn
    };
    let first = run();
    assert_eq!(first, run());
    let distinct: std::collections::BTreeSet<_> = first.iter().collect();
    assert_eq!(distinct.len(), first.len());
}

#[test]
fn a_wrong_subject_is_caught_on_a_small_input_and_replayed() {
    // Wrong: takes the last element for the largest.
    let largest = |xs: &[u32]| xs.last().copied();
    let property = |rng: &mut Rng, failing: &mut Vec<u32>| {
        *failing = rng.vec(rng.size(), |rng| rng.range(0..50));
        assert_eq!(largest(failing), failing.iter().copied().max());
    };
    let (mut failing, mut seed) = (Vec::new(), 0);
    let run = catch_unwind(AssertUnwindSafe(|| {
        cases(500, |rng| {
            seed = rng.seed();
            property(rng, &mut failing);
        });
    }));
    assert!(run.is_err(), "500 cases did not notice");
    assert!(failing.len() <= 5, "the first failure is big: {failing:?}");

    let mut again = Vec::new();
    let replayed = catch_unwind(AssertUnwindSafe(|| {
        replay(seed, |rng| property(rng, &mut again));
    }));
    assert!(replayed.is_err());
    assert_eq!(again, failing);
}

#[test]
fn a_panic_keeps_its_own_message() {
    let panic = catch_unwind(|| cases(3, |_| panic!("the lesson"))).unwrap_err();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"the lesson"));
}
