use super::*;
use counted::ends;
use std::collections::BTreeMap;

/// The page with these bytes, opened.
#[track_caller]
fn reopen(page: &SlottedPage) -> SlottedPage {
    match SlottedPage::open(page.as_bytes()) {
        Ok(page) => page,
        Err(Corrupt) => panic!("open refuses a copy of the page's own bytes"),
    }
}

/// A page with these records in the slots 0, 1, 2, ...
#[track_caller]
fn page(records: &[&[u8]]) -> SlottedPage {
    let mut page = SlottedPage::new();
    for (i, record) in records.iter().enumerate() {
        let len = record.len();
        assert_eq!(
            page.insert(record),
            Some(i),
            "insert of record {i}, {len} bytes: its slot"
        );
    }
    page
}

/// Raw bytes: number of slots, start, and the numbers of the slots.
fn raw(slots: u16, start: u16, numbers: &[(u16, u16)]) -> Vec<u8> {
    let numbers = numbers.iter().flat_map(|(offset, len)| [*offset, *len]);
    let mut bytes: Vec<u8> = [slots, start]
        .into_iter()
        .chain(numbers)
        .flat_map(u16::to_le_bytes)
        .collect();
    bytes.resize(PAGE, 0);
    bytes
}

#[test]
fn a_record_is_found_by_its_slot() {
    let page = page(&[b"abc", b"defgh"]);
    assert_eq!(page.get(0), Some(&b"abc"[..]), "insert abc, defgh; get(0)");
    assert_eq!(
        page.get(1),
        Some(&b"defgh"[..]),
        "insert abc, defgh; get(1)"
    );
    assert_eq!(page.get(2), None, "insert abc, defgh; get(2)");
    assert_eq!(page.get(usize::MAX), None, "get of a slot that no page has");
}

#[test]
fn the_bytes_are_laid_out_as_the_text_says() {
    let page = page(&[b"abc"]);
    let bytes = page.as_bytes();
    let number = |at| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
    assert_eq!(
        [number(0), number(2), number(4), number(6)],
        [1, 4093, 4093, 3],
        "insert abc into a new page: number of slots, start, offset and length in slot 0"
    );
    assert_eq!(
        &bytes[4093..],
        b"abc",
        "insert abc into a new page: its last bytes"
    );
    let mut foreign = raw(3, 4000, &[(4001, 2), (0, 9), (4000, 1)]);
    foreign[4000..4003].copy_from_slice(b"xyz");
    let foreign = SlottedPage::open(&foreign).expect("a page that another program has written");
    assert_eq!(
        foreign.get(0),
        Some(&b"yz"[..]),
        "get(0) of a page that another program has written"
    );
    assert_eq!(foreign.get(1), None, "get(1) of it: deleted");
    assert_eq!(foreign.get(2), Some(&b"x"[..]), "get(2) of it");
}

#[test]
fn an_empty_record_is_a_record() {
    let mut page = page(&[b"", b"a", b""]);
    assert_eq!(
        page.get(0),
        Some(&b""[..]),
        "insert an empty record; get(0)"
    );
    assert_eq!(
        reopen(&page).get(2),
        Some(&b""[..]),
        "insert an empty record at the end, open a copy; get(2)"
    );
    assert_eq!(page.insert(b"b"), Some(3), "insert behind an empty record");
    assert!(page.delete(0), "delete of an empty record: it was there");
    assert_eq!(
        page.get(0),
        None,
        "insert an empty record, delete(0), get(0)"
    );
}

#[test]
fn a_deleted_record_is_gone() {
    let mut page = page(&[b"abc", b"def"]);
    assert!(page.delete(0), "delete(0): it was there");
    assert_eq!(page.get(0), None, "delete(0), get(0)");
    assert_eq!(page.get(1), Some(&b"def"[..]), "delete(0), get(1)");
    assert!(!page.delete(0), "delete(0) twice");
    assert!(
        !page.delete(2) && !page.delete(usize::MAX),
        "delete of a slot that is not there"
    );
    assert!(!page.update(0, b"x"), "delete(0), update(0)");
    assert!(!page.update(2, b"x"), "update of a slot that is not there");
    assert_eq!(page.get(0), None, "delete(0), update(0), get(0)");
}

#[test]
fn deleted_slots_are_used_again_the_lowest_first() {
    let mut page = page(&[b"a", b"b", b"c", b"d"]);
    page.delete(2);
    page.delete(1);
    for (record, slot) in [(b"x", 1), (b"y", 2), (b"z", 4)] {
        assert_eq!(
            page.insert(record),
            Some(slot),
            "insert a, b, c, d, delete(2), delete(1), insert x, y, z"
        );
    }
    for round in 0..5_000 {
        page.delete(3);
        assert_eq!(
            page.insert(b"d"),
            Some(3),
            "delete(3), insert: round {round}"
        );
    }
    assert_eq!(
        page.slots(),
        5,
        "the number of slots after 5,000 times delete(3), insert"
    );
}

#[test]
fn update_replaces_a_record_in_its_slot() {
    let mut page = page(&[b"abc", b"def", b"ghi"]);
    for record in [&b"x"[..], b"", b"a longer one", b"abc"] {
        assert!(page.update(1, record), "update(1, {} bytes)", record.len());
        assert_eq!(page.get(1), Some(record), "update(1), get(1)");
        assert_eq!(page.get(0), Some(&b"abc"[..]), "update(1), get(0)");
        assert_eq!(page.get(2), Some(&b"ghi"[..]), "update(1), get(2)");
        page = reopen(&page);
    }
}

#[test]
fn a_page_takes_exactly_what_fits() {
    for first in [0, 1, 3, 2000, 4088] {
        // 4096 bytes, less the header, a slot, the first record.
        let left = PAGE - HEADER - SLOT - first;
        let mut page = page(&[&vec![1; first]]);
        let what = format!("a record of {first} bytes in the page");
        if left < SLOT {
            assert_eq!(
                page.insert(b""),
                None,
                "{what}, insert an empty one: no room for its slot"
            );
            continue;
        }
        let fits = left - SLOT;
        assert_eq!(
            page.insert(&vec![2; fits + 1]),
            None,
            "{what}, insert {} bytes: one too many",
            fits + 1
        );
        assert_eq!(
            page.insert(&vec![2; fits]),
            Some(1),
            "{what}, insert {fits} bytes: an exact fit"
        );
        assert_eq!(
            page.insert(b""),
            None,
            "{what}, {fits} bytes more, insert an empty one: no room for its slot"
        );
        assert_eq!(
            page.get(0),
            Some(&vec![1; first][..]),
            "{what}, then filled up; get(0)"
        );
        assert_eq!(
            page.get(1),
            Some(&vec![2; fits][..]),
            "{what}, then filled up; get(1)"
        );
        page.delete(1);
        assert_eq!(
            page.insert(&vec![3; fits + 1]),
            None,
            "{what}, one of {fits} deleted, insert {}",
            fits + 1
        );
        assert_eq!(
            page.insert(&vec![3; fits]),
            Some(1),
            "{what}, one of {fits} deleted, insert {fits}"
        );
    }
    assert_eq!(
        SlottedPage::new().insert(&[0; PAGE]),
        None,
        "insert 4096 bytes into a new page"
    );
    assert_eq!(
        SlottedPage::new().insert(&vec![0; 100_000]),
        None,
        "insert 100,000 bytes into a new page"
    );
}

#[test]
fn holes_between_records_are_used() {
    let mut page = page(
        &[[1; 1000], [2; 1000], [3; 1000], [4; 1000]]
            .each_ref()
            .map(|r| &r[..]),
    );
    page.delete(0);
    page.delete(2);
    assert_eq!(
        page.insert(&[5; 2000]),
        Some(0),
        "four records of 1,000 bytes, 0 and 2 deleted; insert 2,000 bytes, which fit only in two holes together"
    );
    let what = "four records of 1,000 bytes, 0 and 2 deleted, 2,000 bytes inserted";
    assert_eq!(page.get(0), Some(&[5; 2000][..]), "{what}; get(0)");
    assert_eq!(page.get(1), Some(&[2; 1000][..]), "{what}; get(1)");
    assert_eq!(page.get(2), None, "{what}; get(2)");
    assert_eq!(page.get(3), Some(&[4; 1000][..]), "{what}; get(3)");
    assert_eq!(
        page.insert(&[6; 76]),
        Some(2),
        "{what}; insert 76 bytes, all that is left"
    );
}

#[test]
fn the_replaced_record_makes_room() {
    let mut page = page(&[&[1; 1000], &[2; 3000]]);
    assert!(
        page.update(1, &[3; 3084]),
        "records of 1,000 and 3,000 bytes; update(1, 3,084 bytes): an exact fit"
    );
    assert_eq!(page.get(0), Some(&[1; 1000][..]), "then get(0)");
    assert_eq!(page.get(1), Some(&[3; 3084][..]), "then get(1)");
}

#[test]
fn an_update_that_does_not_fit_changes_nothing() {
    let mut page = page(&[&[1; 1000], &[2; 3000]]);
    assert!(
        !page.update(1, &[3; 3085]),
        "records of 1,000 and 3,000 bytes; update(1, 3,085 bytes): one too many"
    );
    assert_eq!(page.get(0), Some(&[1; 1000][..]), "then get(0)");
    assert_eq!(page.get(1), Some(&[2; 3000][..]), "then get(1)");
}

#[test]
fn bytes_that_are_no_page_are_refused() {
    let max = u16::MAX;
    for (what, bytes) in [
        ("no bytes", vec![]),
        ("4,095 bytes", SlottedPage::new().as_bytes()[1..].to_vec()),
        (
            "4,097 bytes",
            [SlottedPage::new().as_bytes(), &[0]].concat(),
        ),
        (
            "4,096 zeros, so that the records start in the header",
            vec![0; PAGE],
        ),
        ("start = 4,097", raw(0, 4097, &[])),
        (
            "2 slots and start = 11, inside the second slot",
            raw(2, 11, &[]),
        ),
        ("65,535 slots", raw(max, 4096, &[])),
        ("65,535 slots and start = 65,535", raw(max, max, &[])),
        ("a record that ends at 4,097", raw(1, 4000, &[(4090, 7)])),
        ("a record of 65,535 bytes", raw(1, 4000, &[(4090, max)])),
        ("an empty record at 4,097", raw(1, 4000, &[(4097, 0)])),
        ("a record in front of start", raw(1, 4000, &[(3999, 3)])),
        (
            "an empty record in front of start",
            raw(1, 4096, &[(100, 0)]),
        ),
        ("a record in its own slot", raw(1, 4000, &[(4, 3)])),
        (
            "two slots with the same record",
            raw(2, 4000, &[(4000, 3), (4000, 3)]),
        ),
        (
            "two records that share a byte",
            raw(3, 4000, &[(4010, 5), (4000, 3), (4002, 4)]),
        ),
        (
            "a record within another",
            raw(2, 4000, &[(4000, 90), (4050, 1)]),
        ),
    ] {
        assert_eq!(
            SlottedPage::open(&bytes).err(),
            Some(Corrupt),
            "open of {what}"
        );
    }
}

#[test]
fn open_takes_every_page_that_is_one() {
    for (what, bytes) in [
        ("no slots", raw(0, 4096, &[])),
        (
            "only deleted slots, whose lengths mean nothing",
            raw(2, 4096, &[(0, 0), (0, 65_535)]),
        ),
        ("the most slots that fit", raw(1023, 4096, &[])),
        ("a record that fills the page", raw(1, 8, &[(8, 4088)])),
        (
            "records side by side, and free bytes behind start",
            raw(2, 3000, &[(4000, 3), (4003, 93)]),
        ),
        ("an empty record at the end", raw(1, 4096, &[(4096, 0)])),
    ] {
        assert!(
            SlottedPage::open(&bytes).is_ok(),
            "open refuses a page with {what}"
        );
    }
}

#[test]
fn the_length_of_a_deleted_slot_takes_no_space() {
    for len in [100, 4_000, 65_535] {
        let bytes = raw(2, 3_896, &[(0, len), (3_896, 200)]);
        let mut page = SlottedPage::open(&bytes).expect("a page that another program has written");
        let what = format!("a page with slot 0 deleted, {len} beside its offset 0, and 200 bytes");
        assert_eq!(
            page.insert(&[1; 3_885]),
            None,
            "{what}; insert 3,885 bytes: one too many"
        );
        assert_eq!(
            page.insert(&[1; 3_884]),
            Some(0),
            "{what}; insert 3,884 bytes: an exact fit"
        );
    }
}

/// Every operation on a page from somewhere.
fn use_it(page: &mut SlottedPage) {
    for id in 0..page.slots() + 2 {
        let len = page.get(id).map_or(0, <[u8]>::len);
        page.update(id, &vec![7; len + 1]);
        page.update(id, b"x");
    }
    page.insert(&[1; 100]);
    page.delete(0);
    while page.insert(&[2; 500]).is_some() {}
    while page.insert(b"").is_some() {}
}

#[test]
fn no_operation_panics_on_a_page_that_open_accepts() {
    ends(|doing| {
        let mut good = page(&[&[1; 900], b"abc", b"", &[2; 700], b"d", &[3; 1500]]);
        good.delete(3);
        for bit in 0..8 * (HEADER + 7 * SLOT) {
            doing.note(|| {
                format!(
                    "a page of six records, bit {} of byte {} flipped",
                    bit % 8,
                    bit / 8
                )
            });
            let mut bytes = good.as_bytes().to_vec();
            bytes[bit / 8] ^= 1 << (bit % 8);
            if let Ok(mut page) = SlottedPage::open(&bytes) {
                use_it(&mut page);
            }
        }
        seeded::cases(500, |rng| {
            doing.note(|| format!("a page of random bytes, seed {}", rng.seed()));
            let slots = rng.below(6) as u16;
            let numbers = rng.vec(slots.into(), |rng| {
                let len = *rng.pick(&[0, 1, 40, 400]);
                (rng.range(0..=4099), rng.range(0..=len))
            });
            let start = rng.range(0..=4097);
            if let Ok(mut page) = SlottedPage::open(&raw(slots, start, &numbers)) {
                use_it(&mut page);
            }
        });
    });
}

#[test]
fn random_operations_agree_with_a_map() {
    seeded::cases(300, |rng| {
        let mut page = SlottedPage::new();
        let mut model: BTreeMap<SlotId, Vec<u8>> = BTreeMap::new();
        let mut slots = 0;
        let mut done = Vec::new();
        let typical = *rng.pick(&[3, 30, 300, 1500]);
        for step in 0..rng.size() {
            let free = |slots: usize, model: &BTreeMap<SlotId, Vec<u8>>| {
                PAGE - HEADER - SLOT * slots - model.values().map(Vec::len).sum::<usize>()
            };
            let mut len = match rng.weighted(&[6, 1, 2]) {
                0 => rng.below(2 * typical),
                1 => 0,
                // What fits exactly, or nearly.
                _ => (free(slots, &model) + rng.below(3)).saturating_sub(1 + rng.below(2) * SLOT),
            };
            let id = rng.below(slots + 1);
            match rng.weighted(&[6, 2, 2]) {
                0 => {
                    let record = vec![step as u8; len];
                    done.push(format!("insert({len} bytes)"));
                    let slot = (0..slots)
                        .find(|id| !model.contains_key(id))
                        .unwrap_or(slots);
                    let needs = slots.max(slot + 1);
                    let fits = HEADER + SLOT * needs <= PAGE && free_at_least(needs, &model, len);
                    let expected = fits.then_some(slot);
                    assert_eq!(
                        page.insert(&record),
                        expected,
                        "{done:?}: left is your last answer"
                    );
                    if fits {
                        slots = needs;
                        model.insert(slot, record);
                    }
                }
                1 => {
                    done.push(format!("delete({id})"));
                    let expected = model.remove(&id).is_some();
                    assert_eq!(
                        page.delete(id),
                        expected,
                        "{done:?}: left is your last answer"
                    );
                }
                _ => {
                    let old = model.get(&id).map(Vec::len);
                    if rng.chance(0.3) {
                        len += old.unwrap_or(0);
                    }
                    let record = vec![step as u8; len];
                    done.push(format!("update({id}, {len} bytes)"));
                    let expected = old.is_some_and(|old| free(slots, &model) + old >= len);
                    assert_eq!(
                        page.update(id, &record),
                        expected,
                        "{done:?}: left is your last answer"
                    );
                    if expected {
                        model.insert(id, record);
                    }
                }
            }
            page = match SlottedPage::open(page.as_bytes()) {
                Ok(page) => page,
                Err(Corrupt) => panic!("{done:?}: open refuses a copy of the page"),
            };
            let count = page.slots();
            assert_eq!(count, slots, "{done:?}: left is the number of your slots");
            for id in 0..=slots {
                let expected = model.get(&id).map(Vec::as_slice);
                assert!(
                    page.get(id) == expected,
                    "{done:?}: get({id}) gives {:?}, expected {:?} (length and first byte)",
                    page.get(id).map(|r| (r.len(), r.first())),
                    expected.map(|r| (r.len(), r.first()))
                );
            }
        }
    });
}

/// Whether `len` bytes fit beside these records and this number of slots.
fn free_at_least(slots: usize, model: &BTreeMap<SlotId, Vec<u8>>, len: usize) -> bool {
    HEADER + SLOT * slots + model.values().map(Vec::len).sum::<usize>() + len <= PAGE
}
