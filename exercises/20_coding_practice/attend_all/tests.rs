use super::*;
use counted::ends;

#[track_caller]
fn check(meetings: &[(u32, u32)], expected: bool) {
    assert_eq!(
        can_attend_all(meetings),
        expected,
        "can_attend_all({meetings:?}) (left is yours)"
    );
}

#[test]
fn separate_meetings_can_be_attended() {
    check(&[(9, 10), (11, 12), (14, 15)], true);
}

#[test]
fn overlapping_meetings_clash() {
    check(&[(9, 11), (10, 12)], false);
    check(&[(9, 10), (11, 14), (13, 15)], false);
}

#[test]
fn touching_meetings_do_not_clash() {
    check(&[(9, 10), (10, 13), (13, 15)], true);
    check(&[(0, u32::MAX - 1), (u32::MAX - 1, u32::MAX)], true);
}

#[test]
fn a_meeting_inside_another_clashes() {
    check(&[(9, 17), (12, 13)], false);
    check(&[(9, 17), (9, 10)], false);
    check(&[(9, 17), (16, 17)], false);
    check(&[(0, u32::MAX), (1, 2)], false);
}

#[test]
fn the_same_meeting_twice_clashes() {
    check(&[(9, 10), (9, 10)], false);
}

#[test]
fn the_order_of_the_meetings_does_not_matter() {
    check(&[(13, 15), (9, 10), (10, 13)], true);
    check(&[(9, 12), (14, 16), (11, 13)], false);
    check(&[(12, 13), (9, 17)], false);
}

#[test]
fn one_meeting_or_none_can_be_attended() {
    check(&[], true);
    check(&[(9, 10)], true);
}

#[test]
fn random_days_agree_with_a_test_of_every_pair() {
    seeded::cases(3_000, |rng| {
        let len = rng.below(7);
        let meetings = rng.vec(len, |rng| {
            let start = rng.range(0..9);
            (start, rng.range(start + 1..=(start + 4).min(10)))
        });
        let clash = |a: (u32, u32), b: (u32, u32)| (a.0.max(b.0)..a.1.min(b.1)).next().is_some();
        let free = (0..len).all(|i| (0..i).all(|j| !clash(meetings[i], meetings[j])));
        check(&meetings, free);
    });
}

#[test]
fn two_hundred_thousand_meetings_are_no_burden() {
    ends(|doing| {
        doing.note(|| "200,000 meetings in shuffled order".into());
        let mut meetings: Vec<(u32, u32)> = (0..200_000).map(|i| (10 * i, 10 * i + 10)).collect();
        seeded::Rng::new(1).shuffle(&mut meetings);
        assert!(
            can_attend_all(&meetings),
            "200,000 meetings that touch, shuffled: all can be attended"
        );
    });
}
