use super::*;
use counted::{Doing, ends};
use seeded::Rng;

#[test]
fn a_single_site_needs_no_link() {
    ends(|doing| {
        judge(doing, 1, &[]);
        judge(doing, 0, &[]);
        judge(doing, 1, &[link(0, 0, 5)]);
    });
}

#[test]
fn two_sites_take_the_cheaper_of_two_links() {
    ends(|doing| {
        judge(doing, 2, &[link(0, 1, 7)]);
        judge(doing, 2, &[link(0, 1, 7), link(1, 0, 4)]);
        judge(doing, 2, &[link(1, 0, 4), link(0, 1, 7)]);
    });
}

#[test]
fn a_link_between_connected_sites_is_not_taken() {
    ends(|doing| {
        judge(doing, 3, &[link(0, 1, 1), link(1, 2, 2), link(0, 2, 3)]);
        judge(
            doing,
            4,
            &[link(0, 1, 1), link(1, 2, 2), link(0, 2, 3), link(2, 3, 9)],
        );
        judge(doing, 2, &[link(0, 0, 1), link(1, 1, 1), link(0, 1, 2)]);
    });
}

#[test]
fn groups_are_connected_with_each_other() {
    // Each site's own cheapest link makes two groups; what connects them is nobody's cheapest.
    ends(|doing| {
        judge(
            doing,
            4,
            &[link(0, 1, 1), link(2, 3, 1), link(1, 2, 8), link(0, 3, 9)],
        )
    });
}

#[test]
fn the_cheapest_next_step_may_lead_away() {
    // Whoever goes on from site to site takes 0-1, 1-2 and then 2-3 for 10, though 0-3 costs 3.
    ends(|doing| {
        judge(
            doing,
            4,
            &[link(0, 1, 1), link(1, 2, 2), link(2, 3, 10), link(0, 3, 3)],
        )
    });
}

#[test]
fn sites_that_cannot_be_connected_have_no_network() {
    ends(|doing| {
        judge(doing, 2, &[]);
        judge(doing, 2, &[link(0, 0, 1)]);
        judge(doing, 4, &[link(0, 1, 1), link(1, 2, 1), link(2, 0, 1)]);
        judge(
            doing,
            5,
            &[link(0, 1, 1), link(2, 3, 1), link(3, 4, 1), link(2, 4, 1)],
        );
    });
}

#[test]
fn costs_may_be_as_high_as_numbers_go() {
    const MAX: u64 = u64::MAX;
    ends(|doing| {
        judge(
            doing,
            3,
            &[link(0, 1, MAX), link(1, 2, MAX), link(0, 2, MAX - 1)],
        );
        judge(doing, 3, &[link(0, 1, 0), link(1, 2, MAX), link(0, 2, MAX)]);
    });
}

#[test]
fn random_offers_agree_with_prim() {
    ends(|doing| {
        seeded::cases(1_000, |rng| {
            let n = 1 + rng.size() / 9;
            let highest = *rng.pick(&[1, 10, 1_000, u64::MAX]);
            let count = rng.below(1 + 5 * n);
            let offers = random_offers(rng, n, count, highest);
            judge(doing, n, &offers);
        });
    });
}

#[test]
fn a_large_network_costs_what_prim_says() {
    ends(|doing| {
        let mut rng = Rng::new(9);
        let offers = random_offers(&mut rng, 2_000, 20_000, 1_000_000);
        doing.note(|| "2,000 sites and 20,000 offers".into());
        let total = cheapest_network(2_000, &offers).map(|chosen| total(&chosen));
        let expected = prim(2_000, &offers);
        assert_eq!(
            total, expected,
            "the cost of a network of 2,000 sites, chosen from 20,000 offers"
        );
    });
}

// ---------------------------------------------------------------------------------------------
// Judging

fn link(a: usize, b: usize, cost: u64) -> Link {
    Link { a, b, cost }
}

fn random_offers(rng: &mut Rng, n: usize, count: usize, highest: u64) -> Vec<Link> {
    rng.vec(count, |rng| {
        link(rng.below(n), rng.below(n), rng.range(0..=highest))
    })
}

fn total(links: &[Link]) -> u128 {
    links.iter().map(|link| u128::from(link.cost)).sum()
}

fn text(links: &[Link]) -> String {
    let link = |link: &Link| format!("{}-{} for {}", link.a, link.b, link.cost);
    links.iter().map(link).collect::<Vec<_>>().join(", ")
}

fn judge(doing: &Doing, n: usize, offers: &[Link]) {
    let what = format!("{n} site(s), the offers {}", text(offers));
    doing.note(|| what.clone());
    let got = cheapest_network(n, offers);
    let (chosen, expected) = match (got, prim(n, offers)) {
        (None, None) => return,
        (Some(chosen), Some(expected)) => (chosen, expected),
        (None, Some(cost)) => {
            panic!("{what}\n  got None, but there is a network at a cost of {cost}")
        }
        (Some(chosen), None) => {
            panic!(
                "{what}\n  got {}, but not all sites can be connected",
                text(&chosen)
            )
        }
    };
    let chosen_text = text(&chosen);
    let mut left = offers.to_vec();
    for link in &chosen {
        let at = left.iter().position(|offer| offer == link);
        let Some(at) = at else {
            panic!(
                "{what}\n  got {chosen_text}, which takes an offer that is not there, or takes it twice"
            )
        };
        left.swap_remove(at);
    }
    assert!(
        chosen.len() == n.saturating_sub(1),
        "{what}\n  got {} links: {chosen_text}; {} are needed",
        chosen.len(),
        n.saturating_sub(1)
    );
    assert!(
        prim(n, &chosen).is_some(),
        "{what}\n  got {chosen_text}, which does not connect all sites"
    );
    let cost = total(&chosen);
    assert!(
        cost == expected,
        "{what}\n  got {chosen_text} for {cost}, but {expected} is enough"
    );
}

/// The cost after Prim: from site 0 on, the cheapest link from a connected site to one that is not.
fn prim(n: usize, offers: &[Link]) -> Option<u128> {
    let mut links = vec![vec![]; n];
    for link in offers {
        links[link.a].push((link.cost, link.b));
        links[link.b].push((link.cost, link.a));
    }
    let mut connected = vec![false; n];
    let (mut count, mut cost) = (0, 0);
    let mut waiting = std::collections::BTreeSet::from([(0, 0, 0)]);
    while let Some((price, site, _)) = waiting.pop_first() {
        if n > 0 && !connected[site] {
            connected[site] = true;
            count += 1;
            cost += u128::from(price);
            let new = links[site].iter().enumerate();
            waiting.extend(new.map(|(i, &(price, to))| (price, to, site * offers.len() + i)));
        }
    }
    (count == n).then_some(cost)
}
