use super::*;
use counted::Budget;

/// Your answer for `n` people who know each other as `edges` says.
#[track_caller]
fn ask(n: usize, edges: &[(usize, usize)]) -> Option<usize> {
    known_by_all(n, |a, b| {
        assert!(
            a < n && b < n,
            "knows({a}, {b}) was asked, and there are only {n} people"
        );
        assert!(
            a != b,
            "knows({a}, {b}) was asked: nobody is asked about themselves"
        );
        edges.contains(&(a, b))
    })
}

#[track_caller]
fn check(n: usize, edges: &[(usize, usize)], expected: Option<usize>) {
    assert_eq!(
        ask(n, edges),
        expected,
        "{n} people, who knows whom: {edges:?}; the person known by all (left is yours)"
    );
}

#[test]
fn the_person_known_by_all_is_found() {
    check(3, &[(0, 1), (0, 2), (1, 2)], Some(2));
    check(3, &[(1, 0), (2, 0), (1, 2), (2, 1)], Some(0));
    check(2, &[(0, 1)], Some(1));
}

#[test]
fn it_knows_nobody_itself() {
    check(2, &[(0, 1), (1, 0)], None);
    check(3, &[(0, 2), (1, 2), (2, 0)], None);
    check(3, &[(1, 0), (2, 0), (0, 2)], None);
}

#[test]
fn it_is_known_by_everybody() {
    check(3, &[(0, 2)], None);
    check(3, &[(1, 2)], None);
    check(2, &[], None);
}

#[test]
fn one_person_is_known_by_all_others() {
    check(1, &[], Some(0));
}

#[test]
fn nobody_is_known_by_nobody() {
    check(0, &[], None);
}

#[test]
fn all_small_relations_agree_with_asking_everything() {
    for n in 0..=4 {
        let pairs: Vec<(usize, usize)> = (0..n * n)
            .map(|i| (i / n, i % n))
            .filter(|(a, b)| a != b)
            .collect();
        for code in 0..1_u32 << pairs.len() {
            let edges: Vec<(usize, usize)> = (0..pairs.len())
                .filter(|i| code >> i & 1 == 1)
                .map(|i| pairs[i])
                .collect();
            let is_known = |p: usize| {
                (0..n).all(|other| {
                    other == p || edges.contains(&(other, p)) && !edges.contains(&(p, other))
                })
            };
            check(n, &edges, (0..n).find(|&p| is_known(p)));
        }
    }
}

#[test]
fn at_most_three_questions_are_asked_for_each_person() {
    let n = 1_000;
    for known in [0, 1, 499, 998, 999] {
        // Everybody knows `known`; besides, some know each other.
        for others in ["nobody else", "those after them", "those before them"] {
            let questions = Budget::new(3_000, "questions about 1,000 people");
            let answer = known_by_all(n, |a, b| {
                questions.spend();
                let more = match others {
                    "nobody else" => false,
                    "those after them" => a < b,
                    _ => b < a,
                };
                b == known || a != known && more
            });
            assert_eq!(
                answer,
                Some(known),
                "1,000 people who all know {known} and {others}: the answer (left is yours)"
            );
        }
    }
}
