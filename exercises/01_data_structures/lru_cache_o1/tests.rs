use super::*;
use counted::{Counted, allocations, counts};

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

/// A value that can be neither cloned nor copied.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Value(u32);

type Cache = LruCache<u32, Value>;

/// A cache into which 1, 2, 3, ... were put, up to `filled`; the value of a key is ten times the key.
fn cache(capacity: usize, filled: u32) -> Cache {
    let mut cache = Cache::new(capacity);
    for key in 1..=filled {
        cache.put(key, Value(10 * key));
    }
    cache
}

/// The keys from the most to the least recent, and a few more if the walk does not end.
fn keys(cache: &Cache, expected: usize) -> Vec<u32> {
    cache
        .iter()
        .take(expected + 3)
        .map(|(key, _)| *key)
        .collect()
}

#[track_caller]
fn assert_keys<const N: usize>(cache: &Cache, expected: [u32; N], what: &str) {
    assert_eq!(
        keys(cache, N),
        expected,
        "{what}: left are your keys from the most to the least recent, right the expected ones"
    );
}

#[test]
fn what_was_put_is_found() {
    let mut cache = cache(3, 2);
    assert_eq!(
        cache.peek(&1),
        Some(&Value(10)),
        "put(1, 10), put(2, 20), peek(1)"
    );
    assert_eq!(
        cache.get(&2),
        Some(&Value(20)),
        "put(1, 10), put(2, 20), get(2)"
    );
    assert_eq!(cache.peek(&3), None, "put(1, 10), put(2, 20), peek(3)");
    assert_eq!(cache.get(&3), None, "put(1, 10), put(2, 20), get(3)");
}

#[test]
fn a_cache_with_room_lets_nothing_go() {
    let mut cache = cache(3, 1);
    assert_eq!(
        cache.put(2, Value(20)),
        None,
        "put 1 into a cache for 3: put(2, 20)"
    );
    assert_eq!(
        cache.put(3, Value(30)),
        None,
        "put 1, 2 into a cache for 3: put(3, 30)"
    );
    assert_eq!(
        cache.peek(&1),
        Some(&Value(10)),
        "put 1, 2, 3 into a cache for 3, peek(1)"
    );
}

#[test]
fn iter_walks_from_the_most_to_the_least_recent() {
    let cache = cache(3, 3);
    let entries: Vec<(u32, u32)> = cache.iter().take(4).map(|(k, v)| (*k, v.0)).collect();
    assert_eq!(entries, [(3, 30), (2, 20), (1, 10)], "put 1, 2, 3");
}

#[test]
fn get_makes_an_entry_the_most_recent() {
    let mut cache = cache(3, 3);
    cache.get(&1);
    assert_keys(&cache, [1, 3, 2], "put 1, 2, 3, got 1");
    cache.get(&3);
    assert_keys(&cache, [3, 1, 2], "put 1, 2, 3, got 1, 3");
    cache.get(&7);
    assert_keys(&cache, [3, 1, 2], "put 1, 2, 3, got 1, 3, 7");
}

#[test]
fn peek_moves_nothing() {
    let mut cache = cache(3, 3);
    cache.peek(&1);
    cache.peek(&2);
    assert_keys(&cache, [3, 2, 1], "put 1, 2, 3, peeked at 1 and 2");
    // The cache is not changed by what only reads it, so the entry of 1 is the next to go.
    assert_eq!(
        cache.put(4, Value(40)),
        Some((1, Value(10))),
        "put 1, 2, 3 into a cache for 3, peeked at 1 and 2: put(4, 40) must evict 1"
    );
}

#[test]
fn a_full_cache_lets_the_least_recent_entry_go() {
    let mut cache = cache(2, 2);
    assert_eq!(
        cache.put(3, Value(30)),
        Some((1, Value(10))),
        "put 1, 2 into a cache for 2: put(3, 30) must evict 1"
    );
    assert_keys(&cache, [3, 2], "put 1, 2, 3 into a cache for 2");
    cache.get(&2);
    assert_eq!(
        cache.put(4, Value(40)),
        Some((3, Value(30))),
        "put 1, 2, 3 into a cache for 2, got 2: put(4, 40) must evict 3"
    );
}

#[test]
fn an_evicted_key_is_not_found() {
    let mut cache = cache(2, 3);
    assert_eq!(
        cache.peek(&1),
        None,
        "put 1, 2, 3 into a cache for 2, peek(1)"
    );
    assert_eq!(
        cache.get(&1),
        None,
        "put 1, 2, 3 into a cache for 2, get(1)"
    );
    assert_eq!(
        cache.put(1, Value(11)),
        Some((2, Value(20))),
        "put 1, 2, 3 into a cache for 2: put(1, 11) is a new entry and evicts 2"
    );
    assert_keys(&cache, [1, 3], "put 1, 2, 3, 1 into a cache for 2");
}

#[test]
fn put_of_a_known_key_replaces_and_refreshes() {
    let mut cache = cache(3, 2);
    assert_eq!(
        cache.put(1, Value(11)),
        Some((1, Value(10))),
        "put(1, 10), put(2, 20), put(1, 11): the answer is the entry that was replaced"
    );
    assert_eq!(cache.peek(&1), Some(&Value(11)), "its new value");
    assert_keys(&cache, [1, 2], "put 1, 2, 1");
}

#[test]
fn put_of_a_known_key_evicts_no_other_entry() {
    let mut cache = cache(2, 2);
    assert_eq!(
        cache.put(2, Value(21)),
        Some((2, Value(20))),
        "put 1, 2 into a cache for 2, then put(2, 21): the answer is the entry that was replaced"
    );
    assert_keys(&cache, [2, 1], "put 1, 2, 2 into a cache for 2");
}

#[test]
fn a_removed_entry_is_gone_and_makes_room() {
    let mut cache = cache(2, 2);
    assert_eq!(cache.remove(&1), Some(Value(10)), "put 1, 2, remove(1)");
    assert_eq!(
        cache.remove(&1),
        None,
        "put 1, 2, removed 1, remove(1) once more"
    );
    assert_eq!(cache.peek(&1), None, "put 1, 2, removed 1, peek(1)");
    assert_keys(&cache, [2], "put 1, 2, removed 1");
    assert_eq!(
        cache.put(3, Value(30)),
        None,
        "put 1, 2 into a cache for 2, removed 1: there is room for put(3, 30)"
    );
    assert_keys(&cache, [3, 2], "put 1, 2, removed 1, put 3");
}

#[test]
fn a_cache_without_room_returns_what_it_is_given() {
    let mut cache = cache(0, 0);
    for key in [1, 2] {
        assert_eq!(
            cache.put(key, Value(10)),
            Some((key, Value(10))),
            "put({key}, 10) into a cache of capacity 0"
        );
        assert_eq!(
            cache.get(&key),
            None,
            "get({key}) from a cache of capacity 0"
        );
    }
    assert_keys(&cache, [], "a cache of capacity 0");
}

#[test]
fn the_capacity_is_a_limit_and_no_reservation() {
    let (cache, heap) = allocations(|| Cache::new(usize::MAX));
    assert_keys(&cache, [], "a new cache");
    assert!(
        heap.calls == 0,
        "a new cache for usize::MAX entries allocated {} bytes: nothing is in it yet",
        heap.bytes
    );
}

#[test]
fn resize_reserves_nothing() {
    let mut cache = cache(2, 2);
    let mut before = 2;
    for capacity in [1_000_000, 2, usize::MAX, 2] {
        let (gone, heap) = allocations(|| cache.resize(capacity));
        assert_eq!(
            gone,
            [],
            "2 entries in a cache for {before}, resize({capacity}): its answer"
        );
        assert!(
            heap.bytes <= 1_024,
            "2 entries in a cache for {before}: resize({capacity}) allocated {} bytes, and nothing \
             has to go or to come",
            heap.bytes
        );
        before = capacity;
    }
}

#[test]
fn resize_to_less_lets_the_least_recent_entries_go() {
    let mut cache = cache(4, 4);
    cache.get(&1);
    cache.resize(2);
    let what = "put 1, 2, 3, 4, got 1, resize(2)";
    assert_keys(&cache, [1, 4], what);
    assert_eq!(cache.peek(&2), None, "{what}, peek(2)");
    assert_eq!(
        cache.put(5, Value(50)),
        Some((4, Value(40))),
        "{what}, put(5, 50): the capacity is 2 now"
    );
}

#[test]
fn resize_returns_what_went_in_the_order_of_going() {
    let mut cache = cache(4, 4);
    assert_eq!(
        cache.resize(1),
        [(1, Value(10)), (2, Value(20)), (3, Value(30))],
        "put 1, 2, 3, 4, resize(1): its answer"
    );
}

#[test]
fn resize_to_more_makes_room() {
    let mut cache = cache(2, 2);
    assert_eq!(
        cache.resize(3),
        [],
        "put 1, 2 into a cache for 2, resize(3): its answer"
    );
    assert_eq!(cache.put(3, Value(30)), None, "then put(3, 30)");
    assert_keys(
        &cache,
        [3, 2, 1],
        "put 1, 2 into a cache for 2, resize(3), put 3",
    );
}

#[test]
fn random_operations_agree_with_a_plain_list() {
    seeded::cases(600, |rng| {
        let mut capacity = rng.below(9);
        let mut cache = Cache::new(capacity);
        // The entries from the most to the least recent.
        let mut model: Vec<(u32, u32)> = Vec::new();
        let mut done = vec![format!("new({capacity})")];
        for value in 0..rng.size() as u32 {
            let key = rng.below(12) as u32;
            let at = model.iter().position(|entry| entry.0 == key);
            match rng.weighted(&[8, 5, 2, 2, 1]) {
                0 => {
                    done.push(format!("put({key}, {value})"));
                    let known = at.map(|at| model.remove(at));
                    model.insert(0, (key, value));
                    let evicted = (model.len() > capacity).then(|| model.pop()).flatten();
                    let expected = known.or(evicted).map(|(key, value)| (key, Value(value)));
                    assert_eq!(
                        cache.put(key, Value(value)),
                        expected,
                        "after {done:?}: left is your last answer, right the expected one"
                    );
                }
                1 => {
                    done.push(format!("get({key})"));
                    if let Some(at) = at {
                        model[..=at].rotate_right(1);
                    }
                    let expected = at.map(|_| Value(model[0].1));
                    assert_eq!(
                        cache.get(&key),
                        expected.as_ref(),
                        "after {done:?}: left is your last answer, right the expected one"
                    );
                }
                2 => {
                    done.push(format!("peek({key})"));
                    let expected = at.map(|at| Value(model[at].1));
                    assert_eq!(
                        cache.peek(&key),
                        expected.as_ref(),
                        "after {done:?}: left is your last answer, right the expected one"
                    );
                }
                3 => {
                    done.push(format!("remove({key})"));
                    let expected = at.map(|at| Value(model.remove(at).1));
                    assert_eq!(
                        cache.remove(&key),
                        expected,
                        "after {done:?}: left is your last answer, right the expected one"
                    );
                }
                _ => {
                    capacity = rng.below(9);
                    done.push(format!("resize({capacity})"));
                    let mut expected = Vec::new();
                    while model.len() > capacity {
                        expected.extend(model.pop().map(|(key, value)| (key, Value(value))));
                    }
                    assert_eq!(
                        cache.resize(capacity),
                        expected,
                        "after {done:?}: left is your last answer, right the expected one"
                    );
                }
            }
            let entries = cache.iter().take(model.len() + 3);
            let entries: Vec<(u32, u32)> = entries.map(|(k, v)| (*k, v.0)).collect();
            assert_eq!(
                entries, model,
                "after {done:?}: left are your entries from the most to the least recent, right \
                 the expected ones"
            );
        }
    });
}

#[test]
fn no_operation_looks_through_the_entries() {
    const ENTRIES: u32 = 2_000;
    let mut cache = LruCache::new(ENTRIES as usize);
    for key in 0..ENTRIES {
        cache.put(Counted::new(key), Value(key));
    }
    let mut rng = seeded::Rng::new(5);
    for what in [
        "get",
        "peek",
        "put of a known key",
        "put of a new key",
        "remove and put",
    ] {
        let keys = rng.vec(2_000, |rng| Counted::new(rng.range(0..ENTRIES)));
        let (_, did) = counts(|| {
            for (i, key) in keys.into_iter().enumerate() {
                match what {
                    "get" => _ = cache.get(&key),
                    "peek" => _ = cache.peek(&key),
                    "put of a known key" => _ = cache.put(key, Value(0)),
                    "put of a new key" => {
                        cache.put(Counted::new(ENTRIES + i as u32), Value(0));
                    }
                    _ => {
                        let key = Counted::new(ENTRIES + *key.inner());
                        if cache.remove(&key).is_some() {
                            cache.put(key, Value(0));
                        }
                    }
                }
            }
        });
        let (hashes, comparisons) = (did.hashes / 2_000, did.comparisons / 2_000);
        let looks = did.reads / 2_000;
        assert!(
            hashes <= 4 && comparisons <= 6,
            "2,000 times `{what}` in a cache of {ENTRIES} entries: {hashes} hashes and \
             {comparisons} comparisons of keys or slots each, and 4 and 6 are allowed"
        );
        assert!(
            looks <= 24,
            "2,000 times `{what}` in a cache of {ENTRIES} entries: {looks} looks at nodes of the list each, \
             and 24 are allowed"
        );
        assert!(
            did.reads > 0,
            "2,000 times `{what}` in a cache of {ENTRIES} entries, and no look at a node: \
             the entries should be in the list"
        );
    }
}

#[test]
fn resize_does_not_search_for_what_goes() {
    let mut cache = LruCache::new(2_000);
    for key in 0..2_000_u32 {
        cache.put(Counted::new(key), Value(key));
    }
    let (gone, did) = counts(|| cache.resize(1_000));
    assert_eq!(
        gone.len(),
        1_000,
        "entries that go when 2,000 are in the cache and 1,000 may stay"
    );
    let (hashes, comparisons, looks) = (did.hashes, did.comparisons, did.reads);
    assert!(
        hashes <= 4_000 && comparisons <= 6_000 && looks <= 24_000,
        "resize from 2,000 entries to 1,000: {hashes} hashes, {comparisons} comparisons of keys or slots and \
         {looks} looks at nodes of the list, and 4,000, 6,000 and 24,000 are allowed"
    );
}

#[test]
fn a_full_cache_reuses_its_memory() {
    let mut cache = cache(100, 300);
    let (_, heap) = allocations(|| {
        for key in 300..10_300 {
            cache.put(key, Value(0));
        }
    });
    assert!(
        heap.calls <= 10 && heap.left <= 8 * 1024,
        "10,000 puts of new keys into a full cache for 100 entries made {} allocations, and 10 are \
         allowed; afterwards the cache held {} bytes more, and 8 KiB are allowed",
        heap.calls,
        heap.left
    );
}

#[test]
fn iter_allocates_nothing() {
    let mut cache = cache(100, 100);
    cache.get(&50);
    let (sum, heap) = allocations(|| cache.iter().map(|(key, _)| key).sum::<u32>());
    assert_eq!(sum, 5_050, "the sum of the keys 1 to 100");
    assert!(
        heap.calls == 0,
        "a walk through 100 entries allocated {} bytes: the order has to be there already",
        heap.bytes
    );
}
