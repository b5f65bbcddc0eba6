use super::*;
use counted::{Counted, Probe, at_most, counts};
use seeded::cases;
use std::collections::BTreeMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hasher};

/// SipHash with fixed keys: the same in every run.
type Sip = BuildHasherDefault<DefaultHasher>;

/// The key itself as its hash.
type Itself = BuildHasherDefault<ItselfHasher>;

#[derive(Default)]
struct ItselfHasher(u64);

impl Hasher for ItselfHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes
            .iter()
            .rev()
            .for_each(|&byte| self.0 = self.0 << 8 | u64::from(byte));
    }
}

/// One hash for all keys; in a table of 8, 16, 32, .. slots it names the last but one.
type AllEqual = BuildHasherDefault<AllEqualHasher>;

#[derive(Default)]
struct AllEqualHasher;

impl Hasher for AllEqualHasher {
    fn finish(&self) -> u64 {
        u64::MAX - 1
    }

    fn write(&mut self, _: &[u8]) {}
}

type Map<S> = ProbeMap<Probe<u32>, u32, S>;

fn new<S: BuildHasher + Default>() -> Map<S> {
    ProbeMap::with_hasher(S::default())
}

/// Inserts `key` with the value `key * 10`, and stops a search that does not end.
fn insert<S: BuildHasher>(map: &mut Map<S>, key: u32) -> Option<u32> {
    at_most(200_000, || map.insert(Probe::new(key), key * 10))
}

fn get<S: BuildHasher>(map: &Map<S>, key: u32) -> Option<u32> {
    at_most(200_000, || map.get(&Probe::new(key)).copied())
}

fn remove<S: BuildHasher>(map: &mut Map<S>, key: u32) -> Option<u32> {
    at_most(200_000, || map.remove(&Probe::new(key)))
}

fn entries<S: BuildHasher>(map: &Map<S>) -> Vec<(u32, u32)> {
    let all = at_most(200_000, || map.iter().collect::<Vec<_>>());
    let mut all: Vec<_> = all.into_iter().map(|(k, v)| (*k.inner(), *v)).collect();
    all.sort();
    all
}

/// Inserts the keys, removes one, and looks for all; then the same with the next one.
fn remove_each_of<S: BuildHasher + Default>(hash: &str, keys: &[u32]) {
    for &gone in keys {
        let mut map = new::<S>();
        for &key in keys {
            insert(&mut map, key);
        }
        let done = format!("remove({gone}) after insert{keys:?}, {hash}");
        let removed = remove(&mut map, gone);
        assert_eq!(removed, Some(gone * 10), "{done}");
        assert_eq!(map.len(), keys.len() - 1, "len after {done}");
        assert_eq!(get(&map, gone), None, "get({gone}) after {done}");
        for &key in keys.iter().filter(|&&key| key != gone) {
            assert_eq!(get(&map, key), Some(key * 10), "get({key}) after {done}");
        }
    }
}

#[test]
fn a_removed_key_is_gone() {
    let mut map = new::<Itself>();
    assert!(map.is_empty(), "is_empty of a new map");
    assert_eq!(remove(&mut map, 3), None, "remove(3) from an empty map");
    remove_each_of::<Itself>("each key is its own hash", &[3, 6, 1]);
    insert(&mut map, 3);
    assert!(!map.is_empty(), "is_empty of a map with one key");
    assert_eq!(
        remove(&mut map, 11),
        None,
        "remove(11) from a map of 3, in the same slot"
    );
    assert_eq!(map.len(), 1, "len after that");
}

/// Inserts the keys and adds 1 to the value of each through `get_mut`; then asks it for a missing one.
fn change_each_of<S: BuildHasher + Default>(hash: &str, keys: &[u32], missing: u32) {
    let mut map = new::<S>();
    for &key in keys {
        insert(&mut map, key);
    }
    for &key in keys {
        let found = at_most(1_000, || map.get_mut(&Probe::new(key)));
        assert_eq!(
            found.as_deref(),
            Some(&(key * 10)),
            "get_mut({key}) after insert{keys:?}, {hash}"
        );
        found.into_iter().for_each(|value| *value += 1);
        assert_eq!(
            get(&map, key),
            Some(key * 10 + 1),
            "get({key}) after adding 1 to what get_mut({key}) gave, {hash}"
        );
    }
    let found = at_most(1_000, || map.get_mut(&Probe::new(missing)));
    assert_eq!(
        found, None,
        "get_mut({missing}) after insert{keys:?}, {hash}"
    );
}

#[test]
fn get_mut_changes_the_value_in_the_map() {
    change_each_of::<Itself>("each key is its own hash", &[3, 11, 4], 19);
}

#[test]
fn get_mut_goes_on_behind_the_last_slot() {
    change_each_of::<Itself>("each key is its own hash", &[7, 15, 23, 0], 31);
}

#[test]
fn get_mut_tells_keys_of_the_same_hash_apart() {
    change_each_of::<AllEqual>("all hashes equal", &[1, 2], 3);
}

#[test]
fn iter_gives_each_entry_once() {
    let mut map = new::<Itself>();
    assert_eq!(entries(&map), [], "iter of an empty map");
    for key in [7, 2, 15, 100, 0] {
        insert(&mut map, key);
    }
    remove(&mut map, 2);
    let expected = [(0, 0), (7, 70), (15, 150), (100, 1000)];
    assert_eq!(
        entries(&map),
        expected,
        "iter after inserting 7, 2, 15, 100, 0 and removing 2"
    );
}

#[test]
fn a_key_behind_a_removed_one_stays_reachable() {
    remove_each_of::<Itself>("each key is its own hash", &[1, 9]);
}

#[test]
fn all_keys_behind_a_removed_one_stay_reachable() {
    remove_each_of::<Itself>("each key is its own hash", &[1, 9, 17]);
    remove_each_of::<Itself>("each key is its own hash", &[1, 9, 2, 10]);
}

#[test]
fn a_key_in_its_home_slot_is_not_moved_in_front_of_it() {
    remove_each_of::<Itself>("each key is its own hash", &[2, 3, 4]);
}

#[test]
fn a_key_behind_one_that_stays_may_have_to_move() {
    remove_each_of::<Itself>("each key is its own hash", &[2, 10, 4, 3]);
}

#[test]
fn a_run_may_go_on_behind_the_last_slot() {
    for keys in [
        [7, 15, 23, 0],
        [6, 7, 14, 0],
        [7, 0, 15, 8],
        [6, 14, 7, 15],
        [5, 7, 15, 1],
    ] {
        remove_each_of::<Itself>("each key is its own hash", &keys);
    }
    remove_each_of::<AllEqual>("all hashes equal", &[1, 2, 3, 4]);
}

#[test]
fn a_removed_key_can_come_back() {
    let mut map = new::<AllEqual>();
    for key in [1, 2, 3] {
        insert(&mut map, key);
    }
    remove(&mut map, 1);
    let before = insert(&mut map, 3);
    assert_eq!(
        before,
        Some(30),
        "insert(3, ..) in place of 30, after the removal of 1"
    );
    assert_eq!(
        map.len(),
        2,
        "len after inserting 1, 2, 3, removing 1, inserting 3"
    );
    assert_eq!(insert(&mut map, 1), None, "insert(1, ..) after its removal");
    assert_eq!(
        entries(&map),
        [(1, 10), (2, 20), (3, 30)],
        "iter after that"
    );
    assert_eq!(remove(&mut map, 3), Some(30), "remove(3)");
    assert_eq!(
        get(&map, 3),
        None,
        "get(3) after its removal: was it there twice?"
    );
}

/// Inserts 500 keys, and then 10,000 times a new one for the oldest; looks at the map after every 100.
fn churned<S: BuildHasher + Default>(mut look: impl FnMut(&Map<S>, u32)) -> Map<S> {
    let mut map = new();
    for key in 0..500 {
        insert(&mut map, key);
    }
    for removals in 1..=10_000 {
        insert(&mut map, removals + 499);
        remove(&mut map, removals - 1);
        if removals % 100 == 0 {
            look(&map, removals);
        }
    }
    map
}

#[test]
fn a_miss_is_short_however_many_were_removed() {
    let map = churned::<Sip>(|map, removals| {
        let missing = 1_000_000..1_000_200;
        let search = || missing.for_each(|key| assert_eq!(get(map, key), None));
        let reads = counts(search).1.reads;
        assert!(
            reads <= 3_200,
            "500 entries, after {removals} removals: 200 searches for missing keys read {reads} slots of {}, \
             3200 are enough",
            map.capacity()
        );
    });
    let (expected, got) = (10_000..10_500, entries(&map));
    let keys = got.iter().map(|entry| entry.0);
    assert!(
        keys.eq(expected),
        "the keys left after 10,000 removals are not the last 500"
    );
}

#[test]
fn the_table_does_not_grow_by_removals() {
    let (capacity, most) = (churned::<Sip>(|_, _| ()).capacity(), 6 * 500 + 16);
    assert!(
        capacity <= most,
        "500 entries in {capacity} slots after 10,000 removals, {most} are enough"
    );
}

#[test]
fn inserts_among_removals_grow_the_table_geometrically() {
    let mut map = new::<Sip>();
    let mut moves = 0;
    for n in 1..=500 {
        moves += counts(|| insert(&mut map, n)).1.moves;
        let most = 6 * u64::from(n);
        assert!(
            moves <= most,
            "{n} inserts put {moves} entries into slots, {most} are enough"
        );
        let (len, capacity) = (map.len(), map.capacity());
        let most = 6 * len + 16;
        assert!(
            capacity <= most,
            "{len} entries in {capacity} slots, {most} are enough"
        );
        if n % 50 == 0 {
            remove(&mut map, n);
        }
    }
}

#[test]
fn no_other_key_is_hashed() {
    let mut map = new::<Sip>();
    for key in 0..200 {
        let hashes = counts(|| insert(&mut map, key)).1.hashes;
        assert!(
            hashes <= 2,
            "insert({key}, ..) hashed {hashes} keys, len {}",
            map.len()
        );
    }
    for key in 0..200 {
        let hashes = counts(|| map.get_mut(&Probe::new(key)).copied()).1.hashes;
        assert!(
            hashes <= 2,
            "get_mut({key}) hashed {hashes} keys, len {}",
            map.len()
        );
        let hashes = counts(|| remove(&mut map, key)).1.hashes;
        assert!(
            hashes <= 2,
            "remove({key}) hashed {hashes} keys, len {}",
            map.len()
        );
    }
}

#[test]
fn each_value_is_dropped_exactly_once() {
    let did = counts(|| {
        let mut map = ProbeMap::with_hasher(Sip::default());
        for key in (0..50_u32).chain(0..20) {
            drop(at_most(10_000, || map.insert(key, Counted::new(key))));
        }
        for key in 10..30 {
            drop(at_most(10_000, || map.remove(&key)));
        }
    })
    .1;
    assert_eq!((did.created, did.drops), (70, 70), "values (made, dropped)");
}

fn compare_with_the_model<S: BuildHasher + Default>(hash: &str) {
    cases(50, |rng| {
        let (mut map, mut model) = (new::<S>(), BTreeMap::new());
        let different = rng.range(5..80);
        for step in 0..2 * rng.size() as u32 {
            let key = rng.range(0..different);
            let (done, got, expected) = if rng.chance(0.5) {
                let got = at_most(200_000, || map.insert(Probe::new(key), step));
                (
                    format!("insert({key}, {step})"),
                    got,
                    model.insert(key, step),
                )
            } else {
                (
                    format!("remove({key})"),
                    remove(&mut map, key),
                    model.remove(&key),
                )
            };
            assert_eq!(got, expected, "{done}; now {model:?}, {hash}");
            assert_eq!(
                map.len(),
                model.len(),
                "len after {done}; now {model:?}, {hash}"
            );
            let key = rng.range(0..different);
            let (got, expected) = (get(&map, key), model.get(&key).copied());
            assert_eq!(
                got, expected,
                "get({key}) after {done}; now {model:?}, {hash}"
            );
            let key = rng.range(0..different);
            let found = at_most(200_000, || map.get_mut(&Probe::new(key)));
            assert_eq!(
                found.as_deref(),
                model.get(&key),
                "get_mut({key}) after {done}; now {model:?}, {hash}"
            );
            found.into_iter().for_each(|value| *value += 1_000);
            model
                .get_mut(&key)
                .into_iter()
                .for_each(|value| *value += 1_000);
        }
        let expected: Vec<_> = model.iter().map(|(&key, &value)| (key, value)).collect();
        assert_eq!(entries(&map), expected, "iter, {hash}");
        for (&key, &value) in &model {
            assert_eq!(
                get(&map, key),
                Some(value),
                "get({key}) of {model:?}, {hash}"
            );
        }
    });
}

#[test]
fn behaves_like_a_map_under_random_operations() {
    compare_with_the_model::<Itself>("each key is its own hash");
    compare_with_the_model::<Sip>("SipHash");
    compare_with_the_model::<AllEqual>("all hashes equal");
}
