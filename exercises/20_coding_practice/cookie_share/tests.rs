use super::*;
use counted::ends;

#[track_caller]
fn check(appetites: &[u32], cookies: &[u32], expected: usize) {
    assert_eq!(
        served(appetites, cookies),
        expected,
        "served({appetites:?}, {cookies:?}) (left is yours)"
    );
}

#[test]
fn a_cookie_must_be_large_enough() {
    check(&[2], &[3], 1);
    check(&[2], &[2], 1);
    check(&[2], &[1], 0);
}

#[test]
fn a_cookie_serves_one_child() {
    check(&[1, 1, 1], &[9], 1);
    check(&[1, 1, 1], &[9, 9], 2);
}

#[test]
fn a_child_takes_one_cookie() {
    check(&[3], &[1, 1, 1], 0);
    check(&[1], &[1, 1, 1], 1);
    check(&[1, 5], &[2, 2], 1);
}

#[test]
fn large_cookies_are_kept_for_large_appetites() {
    check(&[1, 2], &[2, 1], 2);
    check(&[1, 2, 3], &[1, 2, 3], 3);
    check(&[1, 9], &[9, 1], 2);
}

#[test]
fn a_cookie_that_is_too_small_is_put_aside() {
    check(&[2, 3], &[1, 2, 3], 2);
    check(&[5, 6], &[1, 1, 1, 5, 6], 2);
}

#[test]
fn the_order_of_the_lists_does_not_matter() {
    check(&[3, 1, 2], &[1, 2, 2], 2);
    check(&[10, 9, 8, 7], &[7, 8, 9, 10], 4);
}

#[test]
fn without_children_or_cookies_nobody_is_served() {
    check(&[], &[], 0);
    check(&[1], &[], 0);
    check(&[], &[1], 0);
}

#[test]
fn no_appetite_still_takes_a_cookie() {
    check(&[0, 0], &[0], 1);
    check(&[0, u32::MAX], &[u32::MAX, 0], 2);
}

/// The best of all assignments: each child takes nothing, or any cookie that is left and large enough.
fn best(appetites: &[u32], cookies: &mut Vec<u32>) -> usize {
    let Some((&appetite, others)) = appetites.split_first() else {
        return 0;
    };
    let mut most = best(others, cookies);
    for i in 0..cookies.len() {
        if appetite <= cookies[i] {
            let cookie = cookies.remove(i);
            most = most.max(1 + best(others, cookies));
            cookies.insert(i, cookie);
        }
    }
    most
}

#[test]
fn random_lists_agree_with_all_assignments() {
    seeded::cases(1_000, |rng| {
        let (children, len) = (rng.below(6), rng.below(6));
        let appetites = rng.vec(children, |rng| rng.range(0..=6));
        let cookies = rng.vec(len, |rng| rng.range(0..=6));
        check(&appetites, &cookies, best(&appetites, &mut cookies.clone()));
    });
}

#[test]
fn a_million_of_each_are_no_burden() {
    ends(|doing| {
        doing.note(|| "a million appetites and cookies, largest first".into());
        // Even appetites, odd cookies: each cookie serves the child with the appetite one below it.
        let appetites: Vec<u32> = (0..1_000_000).rev().map(|i| 2 * i).collect();
        let cookies: Vec<u32> = (0..1_000_000).rev().map(|i| 2 * i + 1).collect();
        assert_eq!(
            served(&appetites, &cookies),
            1_000_000,
            "the appetites 1,999,998 ... 2, 0 and the cookies 1,999,999 ... 3, 1 (left is yours)"
        );
        doing.note(|| "a million appetites of 1, a million cookies of 0 and of 2 each".into());
        let cookies: Vec<u32> = (0..2_000_000).map(|i| i % 2 * 2).collect();
        assert_eq!(
            served(&[1; 1_000_000], &cookies),
            1_000_000,
            "a million appetites of 1, a million cookies of 0 and of 2 each (left is yours)"
        );
    });
}
