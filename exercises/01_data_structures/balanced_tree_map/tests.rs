use super::*;
use counted::{Doing, Probe, counts, ends};
use seeded::Rng;
use std::collections::BTreeMap;

/// The greatest height allowed for a tree of `n` keys.
fn limit(n: usize) -> usize {
    (1.45 * (n as f64 + 2.0).log2()) as usize
}

/// A map of these keys, inserted in this order; the value of a key is ten times the key.
fn map_of(keys: &[u32]) -> OrderedMap<u32, u32> {
    let mut map = OrderedMap::default();
    keys.iter().for_each(|&key| _ = map.insert(key, 10 * key));
    map
}

#[track_caller]
fn assert_tree<V>(map: &OrderedMap<u32, V>, expected: &[u32], done: impl Fn() -> String) {
    let all: Vec<u32> = map
        .iter()
        .map(|(key, _)| *key)
        .take(expected.len() + 1)
        .collect();
    assert!(
        all == expected,
        "{}\n  expected the keys: {expected:?}\n  in the tree:       {all:?}",
        done()
    );
    let n = all.len();
    assert!(
        map.len() == n,
        "{}: the length is said to be {}, and is {n}",
        done(),
        map.len()
    );
    let (height, limit) = (map.height(), limit(n));
    assert!(
        height <= limit,
        "{}: the tree of {n} keys has {height} levels, {limit} are allowed",
        done()
    );
}

#[test]
fn an_entry_without_children_is_removed() {
    ends(|doing| {
        doing.note(|| "insert 2, 1, 3, remove 1, 3, 2".into());
        let mut map = map_of(&[2, 1, 3]);
        assert_eq!(map.remove(&7), None, "keys 1, 2, 3: remove(7)");
        assert_eq!(map.remove(&1), Some(10), "keys 1, 2, 3: remove(1)");
        assert_tree(&map, &[2, 3], || "keys 1, 2, 3, removed 1".into());
        assert_eq!(
            map.remove(&1),
            None,
            "keys 1, 2, 3, removed 1: remove(1) once more"
        );
        assert_eq!(map.remove(&3), Some(30), "keys 2, 3: remove(3)");
        assert_eq!(map.remove(&2), Some(20), "the only key 2: remove(2)");
        assert_tree(&map, &[], || "all keys removed".into());
    });
}

#[test]
fn any_entry_of_a_small_tree_is_removed() {
    ends(|doing| {
        for n in 1..=12_u32 {
            for (name, order) in patterns(n) {
                for out in 0..n {
                    let done = || format!("inserted {order:?} ({name}), removed {out}");
                    doing.note(done);
                    let mut map = map_of(&order);
                    assert_eq!(map.remove(&out), Some(10 * out), "{}: the answer", done());
                    let expected: Vec<u32> = (0..n).filter(|key| *key != out).collect();
                    assert_tree(&map, &expected, done);
                }
            }
        }
    });
}

#[test]
fn a_range_begins_at_its_first_key_and_ends_before_its_last() {
    ends(|doing| {
        let map = map_of(&[40, 10, 30, 20]);
        for from in (0..=50).step_by(5) {
            for to in (0..=50).step_by(5) {
                let what = format!("keys 10, 20, 30, 40: range({from}, {to})");
                doing.note(|| what.clone());
                let got: Vec<(u32, u32)> = map
                    .range(&from, &to)
                    .take(9)
                    .map(|(k, v)| (*k, *v))
                    .collect();
                let inside = |key: &u32| from <= *key && *key < to;
                let expected = [10, 20, 30, 40]
                    .into_iter()
                    .filter(inside)
                    .map(|key| (key, 10 * key));
                assert_eq!(got, expected.collect::<Vec<_>>(), "{what}");
            }
        }
        assert!(
            map_of(&[]).range(&1, &9).next().is_none(),
            "a range of an empty map"
        );
    });
}

#[test]
fn a_rank_counts_the_smaller_keys() {
    ends(|doing| {
        doing.note(|| "rank".into());
        let map = map_of(&[40, 10, 30, 20]);
        let ranks: Vec<usize> = [5, 10, 15, 20, 25, 30, 35, 40, 45]
            .iter()
            .map(|key| map.rank(key))
            .collect();
        assert_eq!(
            ranks,
            [0, 0, 1, 1, 2, 2, 3, 3, 4],
            "keys 10, 20, 30, 40: rank of 5, 10, 15, .., 45"
        );
        assert_eq!(map_of(&[]).rank(&5), 0, "rank in an empty map");
    });
}

#[test]
fn select_finds_the_entry_of_a_rank() {
    ends(|doing| {
        doing.note(|| "select".into());
        let map = map_of(&[40, 10, 30, 20]);
        for (i, key) in [10, 20, 30, 40].into_iter().enumerate() {
            let got = map.select(i);
            assert_eq!(
                got,
                Some((&key, &(10 * key))),
                "keys 10, 20, 30, 40: select({i})"
            );
        }
        for i in [4, 5, usize::MAX] {
            assert_eq!(map.select(i), None, "keys 10, 20, 30, 40: select({i})");
        }
        assert_eq!(map_of(&[]).select(0), None, "select(0) of an empty map");
    });
}

#[test]
fn random_operations_agree_with_a_btreemap() {
    ends(|doing| {
        seeded::cases(150, |rng| {
            let (mut map, mut model) = (OrderedMap::new(), BTreeMap::new());
            let most = 1 + rng.size() as u32;
            let mut done = Vec::new();
            for value in 0..rng.size() {
                let key = rng.range(0..most);
                doing.note(|| format!("a key of {most}, after {} other operations", done.len()));
                if rng.chance(0.6) {
                    done.push(format!("insert {key}"));
                    map.insert(key, value);
                    model.insert(key, value);
                } else {
                    done.push(format!("remove {key}"));
                    assert_eq!(
                        map.remove(&key),
                        model.remove(&key),
                        "after {done:?}: the last answer"
                    );
                }
                let all: Vec<u32> = model.keys().copied().collect();
                assert_tree(&map, &all, || format!("after {done:?}"));
                let (a, b) = (rng.range(0..most + 1), rng.range(0..most + 1));
                assert_eq!(
                    map.range(&a, &b).take(all.len() + 1).collect::<Vec<_>>(),
                    model
                        .iter()
                        .filter(|(key, _)| (a..b).contains(*key))
                        .collect::<Vec<_>>(),
                    "after {done:?}: range({a}, {b})"
                );
                assert_eq!(
                    map.rank(&a),
                    model.range(..a).count(),
                    "after {done:?}: rank({a})"
                );
                let i = rng.below(all.len() + 2);
                assert_eq!(
                    map.select(i),
                    model.iter().nth(i),
                    "after {done:?}: select({i})"
                );
            }
        });
    });
}

/// The keys 0, 1, .., n - 1 in orders that are hard for a tree.
fn patterns(n: u32) -> [(&'static str, Vec<u32>); 5] {
    let mut random: Vec<u32> = (0..n).collect();
    Rng::new(1).shuffle(&mut random);
    let mut reversed_bits: Vec<u32> = (0..n).collect();
    reversed_bits.sort_by_key(|key| key.reverse_bits());
    let outside_in = |i: u32| {
        if i.is_multiple_of(2) {
            i / 2
        } else {
            n - 1 - i / 2
        }
    };
    [
        ("ascending", (0..n).collect()),
        ("descending", (0..n).rev().collect()),
        ("from both ends", (0..n).map(outside_in).collect()),
        ("by reversed bits", reversed_bits),
        ("random", random),
    ]
}

/// Removes keys, in this order, from a tree of 0, 1, .., 254, and looks at the height each time.
fn shrink(doing: &Doing, out: &[u32]) {
    let mut left: Vec<u32> = (0..255).collect();
    let mut map = map_of(&left);
    for (i, key) in out.iter().enumerate() {
        let done = || format!("inserted 0, 1, .., 254, removed {:?}", &out[..=i]);
        doing.note(|| format!("inserted 0, 1, .., 254, the {}th removal, of {key}", i + 1));
        assert_eq!(map.remove(key), Some(10 * key), "{}: the answer", done());
        left.retain(|other| other != key);
        assert_tree(&map, &left, done);
    }
}

#[test]
fn the_tree_of_a_removed_root_stays_balanced() {
    // The root of a tree goes, again and again, until its right side is empty.
    let stays = |key: &u32| (key + 2).is_power_of_two();
    let out: Vec<u32> = (0..255).filter(|key| !stays(key)).collect();
    ends(move |doing| shrink(doing, &out));
}

#[test]
fn the_way_to_the_next_larger_entry_stays_balanced() {
    /// Takes the root of a perfect tree, again and again, until its right child has no left side;
    /// before that the same is done to the subtrees.
    fn thin(from: u32, to: u32, out: &mut Vec<u32>) {
        if to < from + 2 {
            return;
        }
        let root = (from + to) / 2;
        thin(from, root - 1, out);
        thin(root + 1, to, out);
        // In binary, ones and then zeros.
        let stays = |n: u32| ((n >> n.trailing_zeros()) + 1).is_power_of_two();
        for key in root..=to {
            if !stays(key - from + 2) && !out.contains(&key) {
                out.push(key);
            }
        }
    }
    let mut out = Vec::new();
    thin(0, 254, &mut out);
    ends(move |doing| shrink(doing, &out));
}

const N: u32 = 200;
const MANY: u32 = 4_000;

#[test]
fn the_tree_stays_balanced_while_it_shrinks() {
    ends(|doing| {
        for (inserted, order) in [&patterns(N)[0], &patterns(N)[4]] {
            for (removed, out) in patterns(N) {
                let what = format!("{N} keys inserted {inserted}, removed {removed}");
                let mut map = map_of(order);
                for (i, key) in out.iter().enumerate() {
                    doing.note(|| format!("{what}, the {i}th"));
                    assert_eq!(map.remove(key), Some(10 * key), "{what}: remove({key})");
                    let (levels, n) = (map.height(), N as usize - i - 1);
                    let limit = limit(n);
                    assert!(
                        levels <= limit,
                        "{what}: of {n} keys left, {levels} levels, {limit} are allowed"
                    );
                    if i % 50 == 0 {
                        let mut left = out[i + 1..].to_vec();
                        left.sort();
                        assert_tree(&map, &left, || format!("{what}, until {key} was removed"));
                    }
                }
            }
        }
    });
}

#[test]
fn rank_and_select_stay_right_while_the_tree_changes() {
    ends(|doing| {
        for (name, out) in patterns(N) {
            let mut map = map_of(&patterns(N)[4].1);
            for (i, key) in out.iter().enumerate().take(N as usize - 1) {
                doing.note(|| format!("remove {name}, the {i}th"));
                map.remove(key);
                if i % 50 == 7 {
                    let mut left = out[i + 1..].to_vec();
                    left.sort();
                    for (rank, key) in left.iter().enumerate() {
                        let what = format!("{N} keys, {} of them removed {name}", i + 1);
                        assert_eq!(map.rank(key), rank, "{what}: rank({key})");
                        let got = map.select(rank).map(|entry| *entry.0);
                        assert_eq!(got, Some(*key), "{what}: select({rank})");
                    }
                }
            }
        }
    });
}

fn probes() -> OrderedMap<Probe<u32>, u32> {
    let mut map = OrderedMap::new();
    for &key in &patterns(N)[4].1 {
        map.insert(Probe::new(2 * key), key);
    }
    map
}

#[test]
fn rank_and_select_follow_one_path() {
    ends(|doing| {
        doing.note(|| format!("rank and select with {N} keys"));
        let map = probes();
        let height = map.height() as u64;
        let (compares, looks) = (2 * height + 2, 12 * (height + 1));
        for key in 0..2 * N {
            let (rank, did) = counts(|| map.rank(&Probe::new(key)));
            assert_eq!(
                rank,
                key.div_ceil(2) as usize,
                "rank({key}) in 0, 2, 4, .., {}",
                2 * N - 2
            );
            assert!(
                did.comparisons <= compares,
                "rank compared {} times, {compares} are enough",
                did.comparisons
            );
            assert!(
                did.reads <= looks,
                "rank looked into {} boxes, {looks} are enough",
                did.reads
            );
        }
        for i in 0..N {
            let (got, did) = counts(|| map.select(i as usize).map(|entry| *entry.1));
            assert_eq!(got, Some(i), "select({i}) in 0, 2, 4, .., {}", 2 * N - 2);
            assert!(
                did.comparisons == 0,
                "select compared {} times: it needs no comparison",
                did.comparisons
            );
            assert!(
                did.reads <= looks,
                "select({i}) looked into {} boxes, {looks} are enough",
                did.reads
            );
        }
    });
}

#[test]
fn a_range_looks_at_what_it_gives() {
    ends(|doing| {
        doing.note(|| format!("ranges of {N} keys"));
        let map = probes();
        let height = map.height() as u64;
        for from in (0..2 * N).step_by(7) {
            for length in [0, 1, 2, 9, 40, 300, 2 * N] {
                let (from, to) = (Probe::new(from), Probe::new(from + length));
                let (given, did) = counts(|| map.range(&from, &to).count() as u64);
                let most = 4 * (height + given);
                let what = format!("range({from:?}, {to:?}) of 0, 2, 4, .., {}", 2 * N - 2);
                assert!(
                    did.comparisons <= most,
                    "{what}, {given} entries, compared {} times, {most} are enough",
                    did.comparisons
                );
                let reads = counts(|| map.range(&from, &to).next().is_some()).1.reads;
                let most = 24 * (height + 1);
                assert!(
                    reads <= most,
                    "the first of {what} took {reads} looks into boxes, {most} are enough"
                );
            }
        }
    });
}

#[test]
fn the_first_of_a_range_does_not_wait_for_the_others() {
    ends(|doing| {
        doing.note(|| format!("a range of {MANY} keys"));
        let map = map_of(&patterns(MANY)[3].1);
        let most = 24 * (map.height() as u64 + 1);
        let (first, did) = counts(|| map.range(&0, &MANY).next().map(|entry| *entry.0));
        let what = format!("range(0, {MANY}) of 0, 1, .., {}", MANY - 1);
        assert_eq!(first, Some(0), "the first key of {what}");
        let reads = did.reads;
        assert!(
            reads <= most,
            "the first of {what} took {reads} looks into boxes, {most} are enough"
        );
    });
}

#[test]
fn a_removal_follows_one_path_and_frees_one_box() {
    ends(|doing| {
        for (name, out) in patterns(N) {
            let mut map = probes();
            for key in out {
                doing.note(|| format!("remove {name}, {key}"));
                let most = 2 * map.height() as u64 + 2;
                let (removed, did) = counts(|| map.remove(&Probe::new(2 * key)));
                assert_eq!(
                    removed,
                    Some(key),
                    "remove({}), keys removed {name}",
                    2 * key
                );
                assert!(
                    did.comparisons <= most,
                    "remove compared {} times, {most} are enough",
                    did.comparisons
                );
                assert_eq!(
                    (did.created, did.drops),
                    (0, 1),
                    "boxes made and freed by one removal"
                );
                let missing = counts(|| map.remove(&Probe::new(2 * key + 1))).1;
                assert_eq!(
                    (missing.created, missing.drops),
                    (0, 0),
                    "boxes made and freed where nothing is removed"
                );
            }
        }
        let mut map = map_of(&patterns(MANY)[3].1);
        for key in (0..MANY).step_by(400) {
            doing.note(|| format!("remove {key} of {MANY} keys"));
            let most = 48 * (map.height() as u64 + 1);
            let reads = counts(|| map.remove(&key)).1.reads;
            assert!(
                reads <= most,
                "remove({key}) of {MANY} keys looked into {reads} boxes, {most} are enough"
            );
        }
    });
}
