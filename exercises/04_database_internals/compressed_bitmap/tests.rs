use super::Word::{Fill, Literal};
use super::*;
use counted::{Budget, ends};
use seeded::Rng;

/// So many bits that one cannot go through them one by one, nor 64 by 64.
const HUGE: usize = 1 << 40;

/// A bitmap of runs: `bits(&[(false, 130), (true, 70)])`.
fn bits(runs: &[(bool, usize)]) -> Bitmap {
    let mut bitmap = Bitmap::default();
    for &(bit, count) in runs {
        bitmap.push(bit, count);
    }
    bitmap
}

#[track_caller]
fn assert_words(bitmap: &Bitmap, words: &[Word], len: usize, what: &str) {
    assert_eq!(
        (bitmap.words.as_slice(), bitmap.len),
        (words, len),
        "{what}: left are your words and length, right the expected ones"
    );
}

const fn zeros(groups: usize) -> Word {
    Fill { bit: false, groups }
}

const fn ones(groups: usize) -> Word {
    Fill { bit: true, groups }
}

// ---------------------------------------------------------------------------------------------
// Rules 1 to 3: push

#[test]
fn the_first_bit_is_the_lowest() {
    let bitmap = bits(&[(true, 1), (false, 2), (true, 1)]);
    assert_words(
        &bitmap,
        &[Literal(0b1001)],
        4,
        "push(true, 1), push(false, 2), push(true, 1)",
    );
}

#[test]
fn pushing_nothing_changes_nothing() {
    assert_words(&bits(&[(true, 0)]), &[], 0, "push(true, 0)");
    let bitmap = bits(&[(true, 3), (false, 0), (true, 0)]);
    assert_words(
        &bitmap,
        &[Literal(0b111)],
        3,
        "push(true, 3), push(false, 0), push(true, 0)",
    );
    let bitmap = bits(&[(true, 64), (false, 0), (true, 64)]);
    assert_words(
        &bitmap,
        &[ones(2)],
        128,
        "push(true, 64), push(false, 0), push(true, 64)",
    );
}

#[test]
fn the_next_group_is_the_next_word() {
    let bitmap = bits(&[(false, 63), (true, 2)]);
    assert_words(
        &bitmap,
        &[Literal(1 << 63), Literal(1)],
        65,
        "push(false, 63), push(true, 2)",
    );
}

#[test]
fn an_incomplete_group_is_a_literal() {
    assert_words(&bits(&[(false, 5)]), &[Literal(0)], 5, "push(false, 5)");
    assert_words(
        &bits(&[(true, 63)]),
        &[Literal(u64::MAX >> 1)],
        63,
        "push(true, 63)",
    );
    assert_words(
        &bits(&[(true, 130)]),
        &[ones(2), Literal(0b11)],
        130,
        "push(true, 130)",
    );
}

#[test]
fn a_complete_group_of_equal_bits_is_a_fill() {
    for (bit, word) in [(false, zeros(1)), (true, ones(1))] {
        let what = format!("push({bit}, 64)");
        assert_words(&bits(&[(bit, 64)]), &[word], 64, &what);
        let what = format!("64 times push({bit}, 1)");
        assert_words(&bits(&[(bit, 1); 64]), &[word], 64, &what);
        let what = format!("push({bit}, 40), push({bit}, 24)");
        assert_words(&bits(&[(bit, 40), (bit, 24)]), &[word], 64, &what);
    }
}

#[test]
fn fills_of_the_same_bit_are_one() {
    let bitmap = bits(&[(false, 64), (false, 10), (false, 54), (false, 200)]);
    assert_words(
        &bitmap,
        &[zeros(5), Literal(0)],
        328,
        "push(false, ...) of 64, 10, 54 and 200 bits",
    );
    let bitmap = bits(&[(true, 64), (false, 64), (true, 128)]);
    assert_words(
        &bitmap,
        &[ones(1), zeros(1), ones(2)],
        256,
        "push(true, 64), push(false, 64), push(true, 128)",
    );
}

#[test]
fn a_long_run_takes_no_time() {
    ends(|doing| {
        doing.note(|| "push(false, 3), push(true, 2^40)".into());
        let bitmap = bits(&[(false, 3), (true, HUGE)]);
        assert_words(
            &bitmap,
            &[Literal(u64::MAX << 3), ones((1 << 34) - 1), Literal(0b111)],
            HUGE + 3,
            "push(false, 3), push(true, 2^40)",
        );
    });
}

// ---------------------------------------------------------------------------------------------
// Rule 4: combine

#[test]
fn literals_are_combined_bit_by_bit() {
    let a = bits(&[(true, 2), (false, 2)]);
    let b = bits(&[(true, 1), (false, 1), (true, 1), (false, 1)]);
    assert_words(&a.and(&b), &[Literal(0b0001)], 4, "1100 and 1010");
    assert_words(&a.or(&b), &[Literal(0b0111)], 4, "1100 or 1010");
}

#[test]
fn fills_of_different_lengths_are_walked_side_by_side() {
    let a = bits(&[(true, 320), (false, 64)]);
    let b = bits(&[(false, 64), (true, 192), (false, 128)]);
    assert_words(
        &a.and(&b),
        &[zeros(1), ones(3), zeros(2)],
        384,
        "(5 groups of ones, 1 of zeros) and (1 of zeros, 3 of ones, 2 of zeros)",
    );
    let mixed = bits(&[(true, 10), (false, 54 + 128), (true, 70), (false, 122)]);
    assert_words(
        &a.and(&mixed),
        &[Literal(0x3ff), zeros(2), ones(1), Literal(0x3f), zeros(1)],
        384,
        "(5 groups of ones, 1 of zeros) and (10 ones, 182 zeros, 70 ones, 122 zeros)",
    );
}

#[test]
fn what_becomes_uniform_becomes_a_fill() {
    let a = bits(&[(true, 32), (false, 32), (true, 64)]);
    let b = bits(&[(false, 32), (true, 32), (true, 64)]);
    assert_words(
        &a.or(&b),
        &[ones(2)],
        128,
        "(32 ones, 32 zeros, 64 ones) or (32 zeros, 96 ones)",
    );
    let c = bits(&[(false, 32), (true, 32), (false, 64)]);
    assert_words(
        &a.and(&c),
        &[zeros(2)],
        128,
        "(32 ones, 32 zeros, 64 ones) and (32 zeros, 32 ones, 64 zeros)",
    );
}

#[test]
fn an_operation_leaves_the_bits_beyond_the_end_alone() {
    for len in [1, 5, 63, 65, 129] {
        let (a, b) = (bits(&[(false, len)]), bits(&[(false, len)]));
        let expected = bits(&[(true, len)]);
        assert_eq!(
            a.combine(&b, |a, b| !(a | b)),
            expected,
            "{len} zeros NOR {len} zeros: left is your answer, right the expected one"
        );
    }
}

#[test]
fn op_is_called_at_most_once_for_each_word() {
    let stripes = |shift: usize| {
        let stripes = (0..10).flat_map(|_| [(true, 64 * 500), (false, 64 * 400), (true, 10)]);
        let mut bitmap = bits(&[(false, shift)]);
        stripes.for_each(|(bit, count)| bitmap.push(bit, count));
        bitmap.push(false, 64 * 700 - shift);
        bitmap
    };
    for shift in [0, 64, 6_400, 12_345] {
        let (a, b) = (stripes(0), stripes(shift));
        let words = a.words.len() + b.words.len();
        let budget = Budget::new(words as u64, "calls of op");
        let result = a.combine(&b, |a, b| {
            budget.spend();
            a & b
        });
        assert_eq!(
            result.len, a.len,
            "the length of the combination of two bitmaps with {words} words"
        );
    }
}

// ---------------------------------------------------------------------------------------------
// Rules 5 and 6: not, count_ones, ones

#[test]
fn not_inverts_up_to_the_end() {
    for len in [3, 63, 64, 65, 128, 200] {
        let bitmap = bits(&[(true, 2), (false, len - 2)]);
        let expected = bits(&[(false, 2), (true, len - 2)]);
        assert_eq!(
            bitmap.not(),
            expected,
            "not(2 ones, {} zeros): left is your answer, right the expected one",
            len - 2
        );
        assert_eq!(
            bitmap.not().not(),
            bitmap,
            "not(not(2 ones, {} zeros)): left is your answer",
            len - 2
        );
    }
}

#[test]
fn ones_are_counted_in_literals_and_fills() {
    for (runs, expected) in [
        (vec![], 0),
        (vec![(true, 3), (false, 4), (true, 1)], 4),
        (vec![(true, 128)], 128),
        (vec![(false, 128)], 0),
        (vec![(true, 130), (false, 500), (true, 7)], 137),
    ] {
        assert_eq!(bits(&runs).count_ones(), expected, "count_ones of {runs:?}");
    }
}

#[test]
fn ones_gives_the_positions_in_ascending_order() {
    for (runs, expected) in [
        (vec![], vec![]),
        (vec![(true, 2), (false, 4), (true, 1)], vec![0, 1, 6]),
        (vec![(false, 190), (true, 3)], vec![190, 191, 192]),
        (vec![(false, 64), (true, 64)], (64..128).collect()),
    ] {
        let bitmap = bits(&runs);
        let found: Vec<usize> = bitmap.ones().take(expected.len() + 2).collect();
        assert_eq!(
            found, expected,
            "ones of {runs:?}: left are your positions, right the expected ones"
        );
    }
}

#[test]
fn a_trillion_bits_are_a_few_words() {
    // Who unpacks is told here, before all memory is full.
    let small = bits(&[(false, 64_000)]);
    let budget = Budget::new(2, "calls of op for two bitmaps of one word each");
    small.combine(&small, |a, _| {
        budget.spend();
        a
    });
    ends(|doing| {
        let a = bits(&[(false, HUGE), (true, 1), (false, HUGE + 62)]);
        let b = bits(&[(true, HUGE), (true, 64), (false, HUGE - 1)]);
        doing.note(|| "a AND b, each with 2^41 bits and a few words".into());
        let both = a.and(&b);
        doing.note(|| "count_ones of a bitmap with 2^41 bits and a few words".into());
        assert_eq!(both.count_ones(), 1, "count_ones of one bit among 2^41");
        assert_eq!(
            both.not().count_ones(),
            2 * HUGE + 62,
            "count_ones of not(one bit among 2^41)"
        );
        doing.note(|| "ones of a bitmap with 2^41 bits, of which one is set".into());
        let found: Vec<usize> = both.ones().take(3).collect();
        assert_eq!(found, [HUGE], "ones of one bit among 2^41");
    });
}

// ---------------------------------------------------------------------------------------------
// Everything, against plain vectors

/// Runs which mix long and short ones, together `len` bits.
fn random_runs(rng: &mut Rng, len: usize) -> Vec<(bool, usize)> {
    let (mut runs, mut left) = (Vec::new(), len);
    while left > 0 {
        let longest = *rng.pick(&[2, 30, 64, 300]);
        let count = match rng.below(3) {
            0 => 64 - (len - left) % 64,
            _ => 1 + rng.below(longest),
        };
        let count = count.min(left);
        runs.push((rng.chance(0.5), count));
        left -= count;
    }
    runs
}

fn plain(runs: &[(bool, usize)]) -> Vec<bool> {
    runs.iter()
        .flat_map(|&(bit, count)| std::iter::repeat_n(bit, count))
        .collect()
}

/// The one way to write these bits, made group by group.
fn reference(bits: &[bool]) -> Bitmap {
    let mut words = Vec::new();
    for group in bits.chunks(64) {
        let literal = (0..group.len()).fold(0, |word, i| word | u64::from(group[i]) << i);
        let uniform = group.len() == 64 && group.iter().all(|bit| *bit == group[0]);
        match words.last_mut() {
            _ if !uniform => words.push(Literal(literal)),
            Some(Fill { bit, groups }) if *bit == group[0] => *groups += 1,
            _ => words.push(Fill {
                bit: group[0],
                groups: 1,
            }),
        }
    }
    let len = bits.len();
    Bitmap { words, len }
}

fn random_len(rng: &mut Rng) -> usize {
    match rng.below(3) {
        0 => 64 * rng.below(rng.size() / 8 + 1),
        1 => 64 * (1 + rng.below(rng.size() / 8 + 1)) + rng.below(3) - 1,
        _ => rng.below(5 * rng.size()),
    }
}

#[test]
fn random_pushes_agree_with_a_plain_vector() {
    seeded::cases(400, |rng| {
        let len = random_len(rng);
        let runs = random_runs(rng, len);
        assert_eq!(
            bits(&runs),
            reference(&plain(&runs)),
            "pushed {runs:?}: left is your bitmap, right the expected one"
        );
    });
}

#[test]
fn random_operations_agree_with_plain_vectors() {
    seeded::cases(400, |rng| {
        let len = random_len(rng);
        let (x, y) = (random_runs(rng, len), random_runs(rng, len));
        let (a, b) = (plain(&x), plain(&y));
        let (left, right) = (reference(&a), reference(&b));
        let expect = |op: fn(bool, bool) -> bool| {
            let bits: Vec<bool> = a.iter().zip(&b).map(|(a, b)| op(*a, *b)).collect();
            reference(&bits)
        };
        let what = || format!("a = {x:?}, b = {y:?}");
        for (name, actual, expected) in [
            ("a.and(b)", left.and(&right), expect(|a, b| a && b)),
            ("a.or(b)", left.or(&right), expect(|a, b| a || b)),
            (
                "a.combine(b, xor)",
                left.combine(&right, |a, b| a ^ b),
                expect(|a, b| a != b),
            ),
            (
                "a.combine(b, nand)",
                left.combine(&right, |a, b| !(a & b)),
                expect(|a, b| !(a && b)),
            ),
            ("a.not()", left.not(), expect(|a, _| !a)),
        ] {
            assert_eq!(
                actual,
                expected,
                "{}: {name}, left is your answer, right the expected one",
                what()
            );
        }
        let positions: Vec<usize> = (0..len).filter(|i| a[*i]).collect();
        assert_eq!(
            left.count_ones(),
            positions.len(),
            "{}: count_ones of a",
            what()
        );
        let found: Vec<usize> = left.ones().take(len + 1).collect();
        assert_eq!(found, positions, "{}: ones of a", what());
    });
}
