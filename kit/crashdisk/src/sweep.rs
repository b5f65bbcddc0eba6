//! A crash at every change, and at every change of the recovery.

use crate::disk::Disk;
use crate::survive::Survival;
use seeded::Rng;

/// So many unsynced changes are tried one by one.
const SINGLE: usize = 6;
/// How many seeded outcomes follow.
const OUTCOMES: usize = 4;
/// The same, for a crash of the recovery.
const OUTCOMES_OF_RECOVERY: usize = 1;

/// What a [`sweep`] went through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Swept {
    /// Moments in which the power failed: each change of the workload, and the end.
    pub moments: u64,
    /// Different disks that were checked.
    pub disks: u64,
}

/// Runs `workload` on copies of `start`, with a crash at each of its changes and one after the end, and
/// calls `check` on every disk that it may leave.
///
/// `workload` returns what it was promised: what the code under test has acknowledged. It should stop at the
/// first error. `check` gets the disk with power, as the code under test would find it, and that promise.
/// Of each crash it sees "nothing unsynced survives", "everything does", "all but one" and "only one" of up to six
/// changes, and four seeded outcomes; equal disks once.
///
/// Then `recover` is run on each of these disks, with a crash at each of its own changes and one after its end, and `check`
/// is called on what that leaves. It should open what the code under test has to open, and drop it.
///
/// A panic goes on, and behind its message stands the story of the disk.
pub fn sweep<T>(
    start: &Disk,
    seed: u64,
    workload: impl Fn(&Disk) -> T,
    recover: impl Fn(&Disk),
    check: impl Fn(&Disk, &T),
) -> Swept {
    let mut rng = Rng::new(seed);
    let mut swept = Swept {
        moments: 0,
        disks: 0,
    };
    let mut check = |disk: &Disk, promised: &T| {
        swept.disks += 1;
        telling(disk, || check(disk, promised));
    };
    let steps = steps_of(&start.copy(), &workload);
    for step in 1..=steps + 1 {
        let disk = start.copy();
        let promised = crash(&disk, step, &workload);
        for found in outcomes(&disk, &mut rng, OUTCOMES) {
            check(&found.same(), &promised);
            let steps = steps_of(&found.same(), &recover);
            if steps == 0 {
                continue;
            }
            for step in 1..=steps + 1 {
                let disk = found.same();
                crash(&disk, step, &recover);
                for found in outcomes(&disk, &mut rng, OUTCOMES_OF_RECOVERY) {
                    check(&found, &promised);
                }
            }
        }
    }
    swept.moments = steps + 1;
    swept
}

fn steps_of<T>(disk: &Disk, run: impl Fn(&Disk) -> T) -> u64 {
    telling(disk, || run(disk));
    disk.steps()
}

fn crash<T>(disk: &Disk, step: u64, run: impl Fn(&Disk) -> T) -> T {
    disk.fail_at(step);
    let result = telling(disk, || run(disk));
    disk.fail();
    result
}

/// The different disks that a crash may leave.
fn outcomes(disk: &Disk, rng: &mut Rng, seeded: usize) -> Vec<Disk> {
    let mut survivals = vec![Survival::Nothing, Survival::Everything];
    if let several @ 2..=SINGLE = disk.unsynced() {
        survivals.extend((0..several).map(Survival::AllBut));
        survivals.extend((0..several).map(Survival::Only));
    }
    survivals.extend((0..seeded).map(|_| Survival::Seeded(rng.next_u64())));
    let mut found: Vec<Disk> = Vec::new();
    for survival in survivals {
        let one = disk.after_crash(survival);
        if !found.iter().any(|other| other.has_files_of(&one)) {
            found.push(one);
        }
    }
    found
}

impl Disk {
    fn has_files_of(&self, other: &Disk) -> bool {
        fn files(state: &crate::state::State) -> impl Iterator<Item = (&str, &[u8])> {
            let names = state.names.iter();
            names.map(|(name, id)| (&**name, &state.content(*id).now[..]))
        }
        let (this, other) = (self.state(), other.state());
        files(&this).eq(files(&other))
    }

    /// A copy that keeps the story.
    fn same(&self) -> Disk {
        let state = self.state().clone();
        Disk::of(state)
    }
}

/// Calls `f`, and if it panics, tells what happened to the disk.
fn telling<R>(disk: &Disk, f: impl FnOnce() -> R) -> R {
    struct Story<'a>(&'a Disk);
    impl Drop for Story<'_> {
        fn drop(&mut self) {
            eprintln!("what happened to the disk:{}", self.0.story());
        }
    }
    let story = Story(disk);
    let result = f();
    std::mem::forget(story);
    result
}
