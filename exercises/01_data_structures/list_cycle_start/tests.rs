use super::*;
use counted::{Budget, allocations};
use seeded::Rng;
use std::cell::RefCell;

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

/// The pages of a chain in order; the last one leads to the page at `back`, or nowhere.
struct Chain {
    pages: Vec<u64>,
    back: Option<usize>,
}

impl Chain {
    /// `tail` pages, and after them a circle of `circle` pages; none of it if that is 0.
    fn new(rng: &mut Rng, tail: usize, circle: usize) -> Chain {
        let mut pages: Vec<u64> = Vec::new();
        while pages.len() < tail + circle {
            let page = match rng.below(8) {
                0 => *rng.pick(&[0, 1, u64::MAX, u64::MAX - 1]),
                _ => rng.range(..),
            };
            if !pages.contains(&page) {
                pages.push(page);
            }
        }
        let back = (circle > 0).then_some(tail);
        Chain { pages, back }
    }

    /// The page after that at `i`.
    fn after(&self, i: usize) -> Option<u64> {
        match self.pages.get(i + 1) {
            Some(&page) => Some(page),
            None => self.back.map(|back| self.pages[back]),
        }
    }

    fn text(&self) -> String {
        let pages = &self.pages;
        match self.back {
            Some(back) => format!(
                "the chain {pages:?}, of which the last page leads to {}",
                pages[back]
            ),
            None => format!("the chain {pages:?}, which ends there"),
        }
    }

    /// Asks for the start of the circle; gives the allocations, too.
    fn judge(&self) -> u64 {
        let n = self.pages.len();
        let what = self.text();
        let budget = Budget::new(6 * n as u64 + 8, &format!("calls of `next` for {what}"));
        // Sorted, so that the way from a page to its successor is short; no allocation in `next`.
        let mut sorted: Vec<(u64, Option<u64>)> =
            (0..n).map(|i| (self.pages[i], self.after(i))).collect();
        sorted.sort();
        let unknown = RefCell::new(None);
        let next = |page: u64| {
            budget.spend();
            match sorted.binary_search_by_key(&page, |entry| entry.0) {
                Ok(i) => sorted[i].1,
                Err(_) => {
                    unknown.replace(Some(page));
                    None
                }
            }
        };
        let (start, heap) = allocations(|| cycle_start(self.pages[0], next));
        assert_eq!(
            unknown.take(),
            None,
            "{what}: `next` was asked about a page that is not in it"
        );
        let expected = self.back.map(|back| self.pages[back]);
        assert_eq!(
            start, expected,
            "{what}: left is your start of the circle, right the expected one"
        );
        heap.calls
    }
}

fn chain<const N: usize>(pages: [u64; N], back: Option<usize>) -> Chain {
    Chain {
        pages: pages.to_vec(),
        back,
    }
}

#[test]
fn a_chain_that_ends_has_no_circle() {
    chain([7], None).judge();
    chain([7, 8], None).judge();
    let mut rng = Rng::new(1);
    for n in 1..=40 {
        Chain::new(&mut rng, n, 0).judge();
    }
}

#[test]
fn a_page_that_leads_to_itself_is_a_circle() {
    chain([7], Some(0)).judge();
    chain([0], Some(0)).judge();
}

#[test]
fn a_circle_may_begin_at_the_head() {
    chain([7, 8], Some(0)).judge();
    let mut rng = Rng::new(2);
    for circle in 1..=40 {
        Chain::new(&mut rng, 0, circle).judge();
    }
}

#[test]
fn the_example_begins_at_5() {
    chain([3, 8, 5, 9, 2], Some(2)).judge();
}

#[test]
fn every_way_leads_to_every_circle() {
    let mut rng = Rng::new(3);
    for tail in 0..=40 {
        for circle in 1..=40 {
            Chain::new(&mut rng, tail, circle).judge();
        }
    }
}

#[test]
fn nothing_is_allocated() {
    let mut rng = Rng::new(4);
    for (tail, circle) in [(40, 0), (0, 40), (30, 20), (1, 1)] {
        let chain = Chain::new(&mut rng, tail, circle);
        let calls = chain.judge();
        assert_eq!(calls, 0, "allocations for {}", chain.text());
    }
}

#[test]
fn a_long_chain_takes_few_calls() {
    let mut rng = Rng::new(5);
    for (tail, circle) in [(600, 0), (600, 1), (1, 600), (300, 300), (420, 180)] {
        Chain::new(&mut rng, tail, circle).judge();
    }
}
