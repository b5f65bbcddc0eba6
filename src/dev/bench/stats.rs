//! Numbers out of samples.

use std::time::Duration;

/// Samples of one quantity.
#[derive(Clone, Debug, Default)]
pub(super) struct Samples(Vec<f64>);

impl Samples {
    pub(super) fn push(&mut self, sample: f64) {
        self.0.push(sample);
    }

    pub(super) fn push_time(&mut self, time: Duration) {
        self.0.push(millis(time));
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The sample in the middle; the lower one of two.
    pub(super) fn median(&self) -> f64 {
        self.at(50)
    }

    /// At most 5 of 100 samples are above it.
    pub(super) fn p95(&self) -> f64 {
        self.at(95)
    }

    fn at(&self, percent: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let rank = (sorted.len() * percent).div_ceil(100).max(1);
        sorted.get(rank - 1).copied().unwrap_or(f64::NAN)
    }
}

pub(super) fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_those_of_the_nearest_rank_method() {
        let mut samples = Samples::default();
        for number in (1..=20).rev() {
            samples.push(f64::from(number));
        }
        assert_eq!((samples.median(), samples.p95()), (10.0, 19.0));
        samples.push(100.0);
        assert_eq!((samples.median(), samples.p95()), (11.0, 20.0));
        assert!(Samples::default().median().is_nan());
    }
}
