//! Seeded randomness for tests: the same seed gives the same run, on every machine, for ever.
//!
//! [`Rng`] draws numbers, choices and words. [`cases`] runs a property many times on inputs that
//! grow, so that the first failure is a small one, and names the seed of the case that failed.
//! [`replay`] runs that one case again.
//!
//! ```
//! seeded::cases(200, |rng| {
//!     let mut xs = rng.vec(rng.size(), |rng| rng.range(-9..=9));
//!     let sum: i64 = xs.iter().sum();
//!     rng.shuffle(&mut xs);
//!     assert_eq!(xs.iter().sum::<i64>(), sum, "the order of {xs:?} changed its sum");
//! });
//! ```
//!
//! Nothing here is fit for secrets: whoever sees one number can tell all that follow.

use std::fmt;
use std::ops::{Bound, RangeBounds};

/// The largest [`Rng::size`] that [`cases`] hands out.
pub const MAX_SIZE: usize = 100;

/// How many low bits of a case's seed hold its size.
const SIZE_BITS: u32 = 8;

/// A small, fast, deterministic random number generator.
///
/// The algorithm is SplitMix64: G. L. Steele, D. Lea and C. H. Flood, "Fast splittable pseudorandom
/// number generators", OOPSLA 2014, with the constants of S. Vigna's public-domain version at
/// <https://prng.di.unimi.it/splitmix64.c>. It walks through all 2^64 states, and neighbouring
/// seeds give unrelated numbers.
#[derive(Clone, PartialEq, Eq)]
pub struct Rng {
    seed: u64,
    state: u64,
}

impl Rng {
    /// A generator whose numbers depend on `seed` alone.
    pub fn new(seed: u64) -> Self {
        Self { seed, state: seed }
    }

    /// The seed that it started from.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// How big the input of this case should be: from 1 up to [`MAX_SIZE`], growing from case to case.
    ///
    /// It is read off the seed, so that a replayed case has the size of the original. Only the
    /// generators that [`cases`] and [`replay`] make have a meaningful one.
    pub fn size(&self) -> usize {
        (self.seed & ((1 << SIZE_BITS) - 1)) as usize
    }

    /// The next 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `0..n`.
    ///
    /// # Panics
    /// When `n` is 0: there is no such number.
    pub fn below(&mut self, n: usize) -> usize {
        assert!(n > 0, "seeded: below(0) has nothing to draw from");
        self.scaled(n as u128) as usize
    }

    /// A number of a range of any integer type: `range(1..=6)`, `range(-5i64..5)`, `range::<u8>(..)`.
    ///
    /// # Panics
    /// When the range is empty.
    pub fn range<T: Int>(&mut self, range: impl RangeBounds<T>) -> T {
        let low = match range.start_bound() {
            Bound::Included(&low) => low.widen(),
            Bound::Excluded(&low) => low.widen() + 1,
            Bound::Unbounded => T::LOWEST.widen(),
        };
        let high = match range.end_bound() {
            Bound::Included(&high) => high.widen(),
            Bound::Excluded(&high) => high.widen() - 1,
            Bound::Unbounded => T::HIGHEST.widen(),
        };
        assert!(
            low <= high,
            "seeded: the range from {low} to {high} is empty"
        );
        let width = (high - low + 1) as u128;
        T::narrow(low + self.scaled(width) as i128)
    }

    /// A number in `[0, 1)`, with 53 random bits.
    pub fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// `true` with the given probability: never for 0.0, always for 1.0.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of the elements, each with the same probability.
    ///
    /// # Panics
    /// When there is none.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        assert!(
            !from.is_empty(),
            "seeded: pick has no element to choose from"
        );
        &from[self.below(from.len())]
    }

    /// An index of `weights`, each as often as its weight says: `weighted(&[5, 3, 1])` to mix operations.
    ///
    /// # Panics
    /// When all weights are 0, or there is none.
    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let total: u64 = weights.iter().map(|&w| u64::from(w)).sum();
        assert!(total > 0, "seeded: weighted needs a weight above 0");
        let mut left = self.scaled(u128::from(total));
        for (i, &weight) in weights.iter().enumerate() {
            match left.checked_sub(u64::from(weight)) {
                Some(rest) => left = rest,
                None => return i,
            }
        }
        unreachable!("the drawn number is below the sum of the weights")
    }

    /// Puts the elements into a random order (Fisher and Yates): each order is equally likely.
    pub fn shuffle<T>(&mut self, xs: &mut [T]) {
        for i in (1..xs.len()).rev() {
            xs.swap(i, self.below(i + 1));
        }
    }

    /// `len` elements, each made by `make`.
    pub fn vec<T>(&mut self, len: usize, mut make: impl FnMut(&mut Rng) -> T) -> Vec<T> {
        (0..len).map(|_| make(self)).collect()
    }

    /// `len` random bytes.
    pub fn bytes(&mut self, len: usize) -> Vec<u8> {
        self.vec(len, |rng| rng.range(..))
    }

    /// A word of `len` letters from `a` to `z`.
    pub fn word(&mut self, len: usize) -> String {
        (0..len).map(|_| self.range(b'a'..=b'z') as char).collect()
    }

    /// A generator of its own for one part of a test, so that the part draws the same numbers
    /// however many the rest draws.
    pub fn fork(&mut self) -> Rng {
        Rng::new(self.next_u64())
    }

    /// A number below `width`, which is at most 2^64, by the high half of a product. That favours
    /// some numbers by less than `width` in 2^64: far below what a test can notice.
    fn scaled(&mut self, width: u128) -> u64 {
        ((u128::from(self.next_u64()) * width) >> 64) as u64
    }
}

impl fmt::Debug for Rng {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rng(seed {})", self.seed)
    }
}

/// Calls `property` `n` times, each time with another generator, whose [`Rng::size`] grows from
/// case to case up to [`MAX_SIZE`]. The cases are the same in every run.
///
/// When the property panics, the panic goes on, and a line after its message says which case it was
/// and how to run it alone.
pub fn cases(n: usize, mut property: impl FnMut(&mut Rng)) {
    for case in 0..n {
        run(seed_of(case, n), &mut property, || {
            format!(
                "this was case {} of {n}; `seeded::replay({}, ...)` in place of `seeded::cases({n}, ...)` runs it alone",
                case + 1,
                seed_of(case, n)
            )
        });
    }
}

/// Calls `property` once, with the generator of the case that had this seed in [`cases`].
pub fn replay(seed: u64, property: impl FnOnce(&mut Rng)) {
    run(seed, property, || {
        format!("this was the case of seed {seed}")
    });
}

/// The seed of a case: its number, and below that its size.
fn seed_of(case: usize, n: usize) -> u64 {
    let size = ((case + 1) * MAX_SIZE).div_ceil(n);
    (case as u64) << SIZE_BITS | size as u64
}

fn run(seed: u64, property: impl FnOnce(&mut Rng), describe: impl Fn() -> String) {
    let announce = OnPanic(describe);
    property(&mut Rng::new(seed));
    std::mem::forget(announce);
}

/// Prints its text if it is dropped, which only a panic does: libtest shows it below the panic's message.
struct OnPanic<F: Fn() -> String>(F);

impl<F: Fn() -> String> Drop for OnPanic<F> {
    fn drop(&mut self) {
        eprintln!("{}", (self.0)());
    }
}

/// The integers that [`Rng::range`] draws: `i8` to `i64`, `u8` to `u64`, `isize` and `usize`.
pub trait Int: Copy + sealed::Sealed {
    #[doc(hidden)]
    const LOWEST: Self;
    #[doc(hidden)]
    const HIGHEST: Self;
    #[doc(hidden)]
    fn widen(self) -> i128;
    #[doc(hidden)]
    fn narrow(wide: i128) -> Self;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! ints {
    ($($int:ty)*) => {$(
        impl sealed::Sealed for $int {}
        impl Int for $int {
            const LOWEST: Self = <$int>::MIN;
            const HIGHEST: Self = <$int>::MAX;
            fn widen(self) -> i128 {
                self as i128
            }
            fn narrow(wide: i128) -> Self {
                wide as $int
            }
        }
    )*};
}

ints! { i8 i16 i32 i64 isize u8 u16 u32 u64 usize }

#[cfg(test)]
mod tests;
