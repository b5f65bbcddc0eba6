//! The judging of many versions of many exercises, on several cores.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use super::finding::Finding;
use super::lints;
use crate::judge::{Judge, Sources, Verdict};
use crate::supervise::Cancel;
use crate::track::{Exercise, Track};

/// One thing to do.
pub(super) struct Item<'a> {
    /// Which of the exercises that are checked.
    pub(super) index: usize,
    pub(super) exercise: &'a Exercise,
    pub(super) task: Task,
}

/// What is to be done with an exercise.
pub(super) enum Task {
    Stub(Sources),
    /// Compiled once and run so many times.
    Solution(Sources, u32),
    /// A wrong answer, by its name.
    Wrong(String, Sources),
    Lints,
}

/// What came of an [`Item`].
pub(super) struct Done {
    pub(super) index: usize,
    pub(super) gave: Gave,
}

pub(super) enum Gave {
    Stub(Verdict),
    Solution(Vec<Verdict>),
    Wrong(String, Verdict),
    Lints(Vec<Finding>),
}

/// Does everything, and tells `on` of each as it is done.
pub(super) fn all(
    track: &Track,
    judge: &Judge,
    items: &[Item<'_>],
    jobs: usize,
    on: &mut dyn FnMut(Done),
) {
    // All of an exercise in one lane: there the compiler begins with what it has of the version before. Of a few
    // exercises, each task by itself: no lane is to be idle.
    let mut pieces: Vec<&[Item<'_>]> = items.chunk_by(|one, two| one.index == two.index).collect();
    if pieces.len() < jobs {
        pieces = items.chunks(1).collect();
    }
    let next = AtomicUsize::new(0);
    let (tell, told) = mpsc::channel();
    let (next, pieces) = (&next, &pieces);
    let work = move |lane: Judge, tell: mpsc::Sender<Done>| {
        while let Some(items) = pieces.get(next.fetch_add(1, Ordering::Relaxed)) {
            for item in *items {
                let Some(gave) = one(track, &lane, item) else {
                    continue;
                };
                let index = item.index;
                if tell.send(Done { index, gave }).is_err() {
                    return;
                }
            }
        }
    };
    std::thread::scope(|scope| {
        for number in 0..jobs.clamp(1, items.len().max(1)) {
            let (lane, tell) = (judge.lane(&format!("lane-{number}")), tell.clone());
            scope.spawn(move || work(lane, tell));
        }
        drop(tell);
        told.into_iter().for_each(on);
    });
}

/// `None` when cancelled, which nothing does here.
fn one(track: &Track, judge: &Judge, item: &Item<'_>) -> Option<Gave> {
    let verdict = |sources| judge.judge(track, item.exercise, sources, &Cancel::new(), &mut |_| {});
    Some(match &item.task {
        Task::Stub(sources) => Gave::Stub(verdict(sources)?),
        Task::Solution(sources, times) => Gave::Solution(judge.judge_often(
            track,
            item.exercise,
            sources,
            *times,
            &Cancel::new(),
            &mut |_| {},
        )?),
        Task::Wrong(name, sources) => Gave::Wrong(name.clone(), verdict(sources)?),
        Task::Lints => Gave::Lints(lints::exercise(track, item.exercise, judge)),
    })
}
