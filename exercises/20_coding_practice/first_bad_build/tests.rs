use super::*;
use counted::Budget;

/// Your answer when the builds from `first` on are bad, and how many were tested.
#[track_caller]
fn search(builds: u64, first: Option<u64>) -> (Option<u64>, u64) {
    let tests = Budget::new(1_000, "tests of a build");
    let is_bad = |build: u64| {
        tests.spend();
        assert!(
            (1..=builds).contains(&build),
            "{builds} builds: build {build} was tested, and there is no such build"
        );
        first.is_some_and(|first| first <= build)
    };
    (first_bad(builds, is_bad), tests.used())
}

#[track_caller]
fn check(builds: u64, first: Option<u64>) {
    let (answer, tests) = search(builds, first);
    assert_eq!(
        answer, first,
        "{builds} builds: the first bad one (left is yours)"
    );
    assert!(
        tests <= 65,
        "{builds} builds, the first bad one is {first:?}: {tests} tests, and 65 are allowed"
    );
}

#[test]
fn the_first_bad_build_is_found() {
    check(10, Some(7));
    check(3, Some(2));
    check(2, Some(2));
    check(2, Some(1));
}

#[test]
fn all_builds_may_be_bad() {
    check(10, Some(1));
    check(1, Some(1));
}

#[test]
fn only_the_last_build_may_be_bad() {
    check(10, Some(10));
    check(9, Some(9));
}

#[test]
fn when_all_are_good_there_is_none() {
    check(10, None);
    check(1, None);
}

#[test]
fn without_builds_there_is_none() {
    check(0, None);
}

#[test]
fn every_small_number_of_builds_is_right() {
    for builds in 0..=20 {
        check(builds, None);
        (1..=builds).for_each(|first| check(builds, Some(first)));
    }
}

#[test]
fn any_number_of_builds_takes_65_tests() {
    let middle = u64::MAX / 2;
    for first in [
        1,
        2,
        1_000,
        middle,
        middle + 1,
        middle + 2,
        u64::MAX - 1,
        u64::MAX,
    ] {
        check(u64::MAX, Some(first));
    }
    check(u64::MAX, None);
    check(1 << 40, Some(1 << 39));
}
