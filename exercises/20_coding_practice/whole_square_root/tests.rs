use super::*;
use counted::ends;

/// Checks one root by its definition.
#[track_caller]
fn check(x: u64) {
    let root = whole_root(x);
    let square = |r: u64| u128::from(r) * u128::from(r);
    assert!(
        square(root) <= u128::from(x),
        "whole_root({x}) is {root}, but {root} * {root} = {} is larger than {x}",
        square(root)
    );
    assert!(
        u128::from(x) < (u128::from(root) + 1).pow(2),
        "whole_root({x}) is {root}, but {} * {} is at most {x}, too",
        root + 1,
        root + 1
    );
}

#[test]
fn a_square_gives_its_root() {
    ends(|doing| {
        for root in [2, 3, 4, 5, 10, 1_000] {
            doing.note(|| format!("whole_root({})", root * root));
            assert_eq!(
                whole_root(root * root),
                root,
                "whole_root({}) (left is yours)",
                root * root
            );
        }
    });
}

#[test]
fn between_two_squares_the_smaller_root_counts() {
    ends(|doing| {
        for (x, root) in [(2, 1), (3, 1), (5, 2), (8, 2), (15, 3), (17, 4), (99, 9)] {
            doing.note(|| format!("whole_root({x})"));
            assert_eq!(whole_root(x), root, "whole_root({x}) (left is yours)");
        }
    });
}

#[test]
fn zero_and_one_are_their_own_roots() {
    ends(|doing| {
        for x in [0, 1] {
            doing.note(|| format!("whole_root({x})"));
            assert_eq!(whole_root(x), x, "whole_root({x}) (left is yours)");
        }
    });
}

#[test]
fn small_numbers_agree_with_counting_upwards() {
    ends(|doing| {
        let mut root = 1;
        for x in 2..=100_000 {
            doing.note(|| format!("whole_root({x})"));
            if (root + 1) * (root + 1) <= x {
                root += 1;
            }
            assert_eq!(whole_root(x), root, "whole_root({x}) (left is yours)");
        }
    });
}

#[test]
fn nothing_overflows_on_the_way() {
    ends(|doing| {
        for k in 33..=40 {
            for x in (1_u64 << k) - 1..=(1 << k) + 1 {
                doing.note(|| format!("whole_root({x})"));
                check(x);
            }
        }
    });
}

#[test]
fn just_below_a_large_square_the_root_is_not_rounded_up() {
    ends(|doing| {
        doing.note(|| "whole_root(2^54 - 1)".into());
        assert_eq!(
            whole_root((1 << 54) - 1),
            (1 << 27) - 1,
            "whole_root(2^54 - 1) (left is yours)"
        );
    });
}

#[test]
fn large_numbers_are_exact_and_take_no_time() {
    ends(|doing| {
        let mut checked = |x| {
            doing.note(|| format!("whole_root({x})"));
            check(x);
        };
        for k in 20..32 {
            for root in (1_u64 << k) - 1..=(1 << k) + 1 {
                (root * root - 1..=root * root + 1).for_each(&mut checked);
            }
        }
        let largest = u64::from(u32::MAX);
        (largest * largest - 1..=largest * largest + 1).for_each(&mut checked);
        (u64::MAX - 1..=u64::MAX).for_each(&mut checked);
        seeded::cases(3_000, |rng| checked(rng.next_u64() >> rng.below(60)));
    });
}
