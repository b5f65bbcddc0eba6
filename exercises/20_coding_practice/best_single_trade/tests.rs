use super::*;

#[track_caller]
fn check(prices: &[u32], expected: u32) {
    assert_eq!(
        best_single_trade(prices),
        expected,
        "the best trade in {prices:?} (left is yours)"
    );
}

#[test]
fn the_best_trade_buys_low_and_sells_high() {
    check(&[1, 5], 4);
    check(&[2, 4, 9, 3], 7);
    check(&[7, 1, 5, 3, 6, 4], 5);
}

#[test]
fn a_trade_that_does_not_pay_is_not_made() {
    check(&[], 0);
    check(&[5], 0);
    check(&[4, 4, 4], 0);
}

#[test]
fn falling_prices_earn_nothing() {
    check(&[9, 6, 4, 3, 1], 0);
    check(&[2, 1], 0);
}

#[test]
fn the_purchase_comes_before_the_sale() {
    check(&[9, 1, 2], 1);
    check(&[10, 8, 9, 1], 1);
}

#[test]
fn the_lowest_price_is_not_always_the_best_purchase() {
    check(&[3, 10, 1, 2], 7);
    check(&[2, 7, 1, 4], 5);
}

#[test]
fn the_ends_of_the_type_are_prices() {
    check(&[0, u32::MAX], u32::MAX);
    check(&[u32::MAX, 0], 0);
    check(&[u32::MAX, u32::MAX], 0);
    check(&[u32::MAX, 0, u32::MAX - 1, u32::MAX], u32::MAX);
}

#[test]
fn random_prices_agree_with_trying_all_pairs() {
    seeded::cases(2_000, |rng| {
        let len = rng.below(13);
        let highest = *rng.pick(&[3, 20, u32::MAX]);
        let prices = rng.vec(len, |rng| rng.range(0..=highest));
        let pairs = (0..len).flat_map(|i| (i + 1..len).map(move |j| (i, j)));
        let best = pairs
            .map(|(i, j)| prices[j].saturating_sub(prices[i]))
            .max();
        check(&prices, best.unwrap_or(0));
    });
}

#[test]
fn a_million_prices_are_read_once() {
    counted::ends(|doing| {
        doing.note(|| "a million falling prices".into());
        let prices: Vec<u32> = (0..1_000_000).rev().collect();
        assert_eq!(best_single_trade(&prices), 0, "a million falling prices");
    });
}
