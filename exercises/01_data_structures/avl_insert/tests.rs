use super::*;
use counted::{Probe, allocations, counts, ends};
use seeded::Rng;
use std::collections::BTreeMap;

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

/// The greatest height allowed for a tree of `n` keys.
fn limit(n: usize) -> usize {
    (1.45 * (n as f64 + 2.0).log2()) as usize
}

fn keys<V>(map: &OrderedMap<u32, V>) -> Vec<u32> {
    map.iter().map(|(key, _)| *key).collect()
}

/// A map of these keys, inserted in this order; the value of a key is ten times the key.
fn map_of(keys: &[u32]) -> OrderedMap<u32, u32> {
    let mut map = OrderedMap::default();
    keys.iter().for_each(|&key| _ = map.insert(key, 10 * key));
    map
}

#[track_caller]
fn assert_height<K, V>(map: &OrderedMap<K, V>, n: usize, done: impl Fn() -> String) {
    let (height, limit) = (map.height(), limit(n));
    assert!(
        height <= limit,
        "{}: the tree of {n} keys has {height} levels, {limit} are allowed",
        done()
    );
}

#[test]
fn what_was_inserted_is_found() {
    ends(|doing| {
        doing.note(|| "insert 2, 1, 3 and get".into());
        let map = map_of(&[2, 1, 3]);
        for key in 1..=3 {
            assert_eq!(
                map.get(&key),
                Some(&(10 * key)),
                "inserted 2, 1, 3: get({key})"
            );
        }
        for key in [0, 4] {
            assert_eq!(map.get(&key), None, "inserted 2, 1, 3: get({key})");
        }
        assert_eq!(
            (map.len(), keys(&map)),
            (3, vec![1, 2, 3]),
            "inserted 2, 1, 3: length and keys"
        );
        assert_eq!(map_of(&[]).get(&1), None, "get(1) of an empty map");
    });
}

#[test]
fn a_known_key_gets_a_new_value() {
    ends(|doing| {
        doing.note(|| "insert 2, 1, 3 and once more".into());
        let mut map = map_of(&[2, 1, 3]);
        for key in 1..=3 {
            assert_eq!(
                map.insert(key, 7),
                Some(10 * key),
                "inserted 2, 1, 3: insert({key}, 7)"
            );
            assert_eq!(
                map.get(&key),
                Some(&7),
                "inserted 2, 1, 3, then {key} with 7: get({key})"
            );
        }
        assert_eq!(
            (map.len(), keys(&map)),
            (3, vec![1, 2, 3]),
            "each of 1, 2, 3 twice: length and keys"
        );
    });
}

#[test]
fn an_outer_side_is_mended_by_one_rotation() {
    ends(|doing| {
        for order in [[1, 2, 3], [3, 2, 1]] {
            doing.note(|| format!("insert {order:?}"));
            let map = map_of(&order);
            assert_eq!(keys(&map), [1, 2, 3], "inserted {order:?}: the keys");
            assert_eq!(map.height(), 2, "inserted {order:?}: the height");
        }
    });
}

#[test]
fn an_inner_side_is_mended_by_two_rotations() {
    ends(|doing| {
        for order in [[1, 3, 2], [3, 1, 2]] {
            doing.note(|| format!("insert {order:?}"));
            let map = map_of(&order);
            assert_eq!(keys(&map), [1, 2, 3], "inserted {order:?}: the keys");
            assert_eq!(map.height(), 2, "inserted {order:?}: the height");
        }
    });
}

#[test]
fn nodes_below_the_root_are_balanced_too() {
    ends(|doing| {
        for order in [[1, 2, 3, 4, 5, 6, 7, 8], [8, 7, 6, 5, 4, 3, 2, 1]] {
            doing.note(|| format!("insert {order:?}"));
            let map = map_of(&order);
            assert_eq!(
                keys(&map),
                [1, 2, 3, 4, 5, 6, 7, 8],
                "inserted {order:?}: the keys"
            );
            assert_height(&map, 8, || format!("inserted {order:?}"));
        }
    });
}

/// Calls `f` with each order of the keys from `i` on.
fn orders(keys: &mut [u32], i: usize, f: &mut impl FnMut(&[u32])) {
    if i == keys.len() {
        return f(keys);
    }
    for j in i..keys.len() {
        keys.swap(i, j);
        orders(keys, i + 1, f);
        keys.swap(i, j);
    }
}

#[test]
fn any_order_of_a_few_keys_is_balanced() {
    ends(|doing| {
        for n in 0..=7 {
            let mut all: Vec<u32> = (0..n).collect();
            orders(&mut all, 0, &mut |order| {
                doing.note(|| format!("insert {order:?}"));
                let map = map_of(order);
                assert_eq!(
                    keys(&map),
                    Vec::from_iter(0..n),
                    "inserted {order:?}: the keys"
                );
                assert_height(&map, order.len(), || format!("inserted {order:?}"));
            });
        }
    });
}

#[test]
fn random_insertions_agree_with_a_btreemap() {
    ends(|doing| {
        seeded::cases(300, |rng| {
            let (mut map, mut model) = (OrderedMap::new(), BTreeMap::new());
            let most = 1 + rng.size() as u32;
            let mut done = Vec::new();
            for value in 0..rng.size() {
                let key = rng.range(0..most);
                done.push(key);
                doing.note(|| {
                    format!(
                        "insert {key}, after {} other keys below {most}",
                        done.len() - 1
                    )
                });
                assert_eq!(
                    map.insert(key, value),
                    model.insert(key, value),
                    "inserted {done:?}: the last answer"
                );
                assert!(
                    map.iter().eq(&model),
                    "inserted {done:?}: the keys are {:?}",
                    keys(&map)
                );
                assert_eq!(map.len(), model.len(), "inserted {done:?}: the length");
                assert_height(&map, model.len(), || format!("inserted {done:?}"));
                let key = rng.range(0..most);
                assert_eq!(
                    map.get(&key),
                    model.get(&key),
                    "inserted {done:?}: get({key})"
                );
            }
        });
    });
}

/// The keys 0, 1, .., 299 in orders that are hard for a tree.
fn patterns() -> [(&'static str, Vec<u32>); 6] {
    const N: u32 = 300;
    let mut random: Vec<u32> = (0..N).collect();
    Rng::new(1).shuffle(&mut random);
    let mut reversed_bits: Vec<u32> = (0..N).collect();
    reversed_bits.sort_by_key(|key| key.reverse_bits());
    let outside_in = |i: u32| {
        if i.is_multiple_of(2) {
            i / 2
        } else {
            N - 1 - i / 2
        }
    };
    let mut inside_out: Vec<u32> = (0..N).map(outside_in).collect();
    inside_out.reverse();
    [
        ("ascending", (0..N).collect()),
        ("descending", (0..N).rev().collect()),
        (
            "from both ends to the middle",
            (0..N).map(outside_in).collect(),
        ),
        ("from the middle to both ends", inside_out),
        ("by reversed bits", reversed_bits),
        ("random", random),
    ]
}

#[test]
fn no_order_of_keys_makes_a_high_tree() {
    ends(|doing| {
        for (name, order) in patterns() {
            let mut map = OrderedMap::new();
            for (i, &key) in order.iter().enumerate() {
                doing.note(|| format!("the {i}th key of 300, {name}"));
                map.insert(key, ());
                assert_height(&map, i + 1, || format!("keys in this order: {name}"));
            }
            assert_eq!(
                keys(&map),
                Vec::from_iter(0..300),
                "300 keys in this order: {name}"
            );
        }
    });
}

#[test]
fn an_operation_follows_one_path() {
    ends(|doing| {
        for (name, order) in patterns() {
            let mut map = OrderedMap::new();
            for &key in &order {
                doing.note(|| format!("insert {key}, keys in this order: {name}"));
                let most = 2 * map.height() as u64 + 2;
                let compared = counts(|| map.insert(Probe::new(key), ())).1.comparisons;
                assert!(
                    compared <= most,
                    "insert of the {}th key in this order: {name}, compared {compared} times, {most} are enough",
                    map.len()
                );
            }
            let most = 2 * map.height() as u64 + 2;
            for key in order {
                let (found, did) = counts(|| map.get(&Probe::new(key)));
                assert!(
                    found.is_some(),
                    "get({key}) of 300 keys in this order: {name}"
                );
                let compared = did.comparisons;
                assert!(
                    compared <= most,
                    "get of one of 300 keys compared {compared} times, {most} are enough"
                );
            }
        }
    });
}

#[test]
fn only_a_new_key_allocates() {
    ends(|doing| {
        doing.note(|| "insert 300 keys, and once more".into());
        let mut map = OrderedMap::new();
        for (_, order) in patterns() {
            for key in order {
                let known = map.get(&key).is_some();
                let calls = allocations(|| map.insert(key, ())).1.calls;
                let most = if known { 0 } else { 1 };
                assert!(
                    calls <= most,
                    "insert of a key, known: {known}, allocated {calls} times, {most} are enough"
                );
            }
        }
    });
}
