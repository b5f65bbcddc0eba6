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

/// Inserts the keys one by one; after each, all must be there, and `absent` must not.
fn assert_holds<S: BuildHasher + Default>(hash: &str, keys: &[u32], absent: &[u32]) {
    let mut map = new::<S>();
    for (i, &key) in keys.iter().enumerate() {
        let before = insert(&mut map, key);
        let inserted = &keys[..=i];
        assert_eq!(
            before, None,
            "what the last of insert{inserted:?} returned, {hash}"
        );
        assert_eq!(map.len(), i + 1, "len after insert{inserted:?}, {hash}");
        for &key in inserted {
            let got = get(&map, key);
            assert_eq!(
                got,
                Some(key * 10),
                "get({key}) after insert{inserted:?}, {hash}"
            );
        }
        for &key in absent {
            let got = get(&map, key);
            assert_eq!(got, None, "get({key}) after insert{inserted:?}, {hash}");
        }
    }
}

#[test]
fn an_inserted_key_is_found() {
    let map = new::<Itself>();
    assert!(map.is_empty(), "is_empty of a new map");
    assert_eq!(get(&map, 3), None, "get(3) of an empty map");
    assert_holds::<Itself>("each key is its own hash", &[3, 6, 1], &[2, 4, 7]);
}

#[test]
fn keys_with_the_same_home_are_kept_apart() {
    assert_holds::<Itself>("each key is its own hash", &[3, 11, 4], &[19, 5, 2, 12]);
}

#[test]
fn if_a_slot_is_taken_the_next_will_do() {
    let mut map = new::<Itself>();
    (0..110).for_each(|key| assert_eq!(insert(&mut map, key), None));
    let capacity = map.capacity() as u32;
    // The keys 0 to 99 fill their homes. Ten more of home 0 then fill the slots 100 to 109.
    let mut map = new::<Itself>();
    let keys = || (0..100).chain((1..=10).map(|n| n * capacity));
    keys().for_each(|key| assert_eq!(insert(&mut map, key), None));
    let search = || keys().for_each(|key| assert_eq!(get(&map, key), Some(key * 10)));
    let (reads, least) = (counts(search).1.reads, 100 + (101..=110).sum::<u64>());
    assert!(
        reads >= least,
        "{capacity} slots, 100 keys in the slots 0 to 99 and ten more of home 0, which should be in the \
         slots 100 to 109: finding all of them read {reads} slots, but {least} is the least when each \
         search goes from slot to slot. Is the next slot the one right behind?"
    );
}

#[test]
fn keys_with_the_same_hash_are_kept_apart() {
    assert_holds::<AllEqual>("all hashes equal", &[1, 2], &[3]);
}

#[test]
fn behind_the_last_slot_comes_the_first() {
    assert_holds::<Itself>("each key is its own hash", &[7, 15, 23, 0], &[31, 1, 8]);
}

#[test]
fn insert_gives_back_the_value_that_was_there() {
    let mut map = new::<Itself>();
    for key in [3, 11] {
        at_most(1_000, || map.insert(Probe::new(key), 1));
        let before = at_most(1_000, || map.insert(Probe::new(key), 2));
        assert_eq!(before, Some(1), "the second insert({key}, ..)");
        assert_eq!(get(&map, key), Some(2), "get({key}) after that");
    }
    assert!(!map.is_empty(), "is_empty after two inserts");
    assert_eq!(map.len(), 2, "len after inserting 3 and 11 twice each");
}

#[test]
fn growth_keeps_all_entries() {
    let keys: Vec<u32> = (0..40).map(|i| i * 5 % 64).collect();
    let absent = [64, 65, 1_000];
    assert_holds::<Itself>("each key is its own hash", &keys, &absent);
    assert_holds::<Sip>("SipHash", &keys, &absent);
    assert_holds::<AllEqual>("all hashes equal", &keys, &absent);
}

#[test]
fn the_search_for_a_missing_key_ends() {
    let mut map = new::<Itself>();
    for key in 0..40 {
        insert(&mut map, key);
        for missing in 1_000..1_064 {
            let got = get(&map, missing);
            assert_eq!(got, None, "get({missing}) after inserting 0 to {key}");
        }
    }
}

#[test]
fn a_miss_is_short_at_any_length() {
    let mut map = new::<Sip>();
    for key in 0..1_600 {
        insert(&mut map, key);
        if key % 50 == 0 || key % 64 == 63 {
            let misses = 100;
            let missing = (1_000_000..).take(misses);
            let search = || missing.for_each(|key| assert_eq!(get(&map, key), None));
            let reads = counts(search).1.reads;
            assert!(
                reads <= 16 * misses as u64,
                "{misses} searches for missing keys among {} read {reads} slots of {}, {} are enough",
                map.len(),
                map.capacity(),
                16 * misses
            );
        }
    }
}

#[test]
fn the_table_is_not_far_larger_than_its_content() {
    let mut map = new::<Sip>();
    for key in 0..1_600 {
        insert(&mut map, key);
        let (capacity, most) = (map.capacity(), 6 * map.len() + 16);
        assert!(
            capacity <= most,
            "{} entries in {capacity} slots, {most} are enough",
            map.len()
        );
    }
}

#[test]
fn growth_is_geometric() {
    let mut map = new::<Sip>();
    let mut moves = 0;
    for n in 1..=1_600 {
        moves += counts(|| insert(&mut map, n)).1.moves;
        let most = 6 * u64::from(n);
        assert!(
            moves <= most,
            "{n} inserts put {moves} entries into slots, {most} are enough"
        );
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
        let hashes = counts(|| get(&map, key)).1.hashes;
        assert!(
            hashes <= 2,
            "get({key}) hashed {hashes} keys, len {}",
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
    })
    .1;
    assert_eq!((did.created, did.drops), (70, 70), "values (made, dropped)");
}

fn compare_with_the_model<S: BuildHasher + Default>(hash: &str) {
    cases(50, |rng| {
        let (mut map, mut model) = (new::<S>(), BTreeMap::new());
        for step in 0..rng.size() as u32 {
            let key = rng.range(0..80);
            let got = at_most(200_000, || map.insert(Probe::new(key), step));
            let expected = model.insert(key, step);
            assert_eq!(
                got, expected,
                "insert({key}, {step}) with {model:?}, {hash}"
            );
            assert_eq!(map.len(), model.len(), "len with {model:?}, {hash}");
            let key = rng.range(0..100);
            let (got, expected) = (get(&map, key), model.get(&key).copied());
            assert_eq!(got, expected, "get({key}) with {model:?}, {hash}");
        }
    });
}

#[test]
fn behaves_like_a_map_under_random_operations() {
    compare_with_the_model::<Itself>("each key is its own hash");
    compare_with_the_model::<Sip>("SipHash");
    compare_with_the_model::<AllEqual>("all hashes equal");
}
