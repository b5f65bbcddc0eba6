//! # Mirror the low bits
//!
//! Some wire formats send the lowest bit first, others the highest, and fields have any
//! width. Write `reverse_low`, which turns a field around.
//!
//! 1. The lowest `width` bits of `x` change their order: bit 0 changes place with bit
//!    `width - 1`, bit 1 with bit `width - 2`, and so on.
//! 2. All bits of the result above `width` are 0, whatever stands there in `x`.
//! 3. Zeroes have a place like ones: leading zeroes of the field become trailing zeroes.
//! 4. Every width from 0 to 64 is possible. With 0 the result is 0.
//! 5. Nothing is allocated on the heap.
//!
//! Example: the four lowest bits of `0b1_0011` are 0011, so width 4 gives `0b1100`. With
//! width 6 the field is 010011, and the answer `0b11_0010`.
//!
//! How it is judged: examples of each rule; all widths, each with single bits, alternating
//! bits, all ones and 100 random numbers, compared with the reversed text; the allocations
//! of 2,000 calls.

/// The lowest `width` bits in reverse order; `width` is at most 64.
pub fn reverse_low(x: u64, width: u32) -> u64 {
    todo!("step 1: take the bits from one end and add them at the other")
}

#[cfg(test)]
mod tests;
