use super::*;
use counted::ends;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

/// What the pool did to the outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    Read(PageId),
    Write(PageId),
    FlushLog(Lsn),
}
use Event::{FlushLog, Read, Write};

#[derive(Default)]
struct Outside {
    pages: BTreeMap<PageId, Page>,
    flushed: Lsn,
    events: Vec<Event>,
}

/// A disk and a log that write down what is done to them.
#[derive(Clone, Default)]
struct World(Arc<Mutex<Outside>>);

impl World {
    fn get<R>(&self, f: impl FnOnce(&mut Outside) -> R) -> R {
        f(&mut self.0.lock().expect("no test panics in here"))
    }

    /// The events since the last call.
    fn events(&self) -> Vec<Event> {
        self.get(|outside| std::mem::take(&mut outside.events))
    }
}

impl Pages for World {
    fn read(&mut self, id: PageId) -> Page {
        self.get(|outside| {
            outside.events.push(Read(id));
            outside.pages.get(&id).copied().unwrap_or_default()
        })
    }

    fn write(&mut self, id: PageId, page: &Page) {
        self.get(|outside| {
            outside.events.push(Write(id));
            outside.pages.insert(id, *page);
        });
    }
}

impl Log for World {
    fn flushed(&self) -> Lsn {
        self.get(|outside| outside.flushed)
    }

    fn flush(&mut self, up_to: Lsn) {
        self.get(|outside| {
            if up_to > outside.flushed {
                outside.events.push(FlushLog(up_to));
                outside.flushed = up_to;
            }
        });
    }
}

type Pool = BufferPool<World, World>;

fn pool(frames: usize) -> (World, Pool) {
    let world = World::default();
    let pool = BufferPool::new(frames, world.clone(), world.clone());
    (world, pool)
}

#[track_caller]
fn pin(pool: &mut Pool, id: PageId) -> FrameId {
    match pool.pin(id) {
        Ok(frame) => frame,
        Err(error) => panic!("pin({id}) returned {error:?}, although there is a frame"),
    }
}

/// Pins a page and unpins it at once.
#[track_caller]
fn visit(pool: &mut Pool, id: PageId) {
    let frame = pin(pool, id);
    pool.unpin(frame, None);
}

/// Fills a page with a byte, in a change with this log record.
#[track_caller]
fn change(pool: &mut Pool, id: PageId, value: u8, lsn: Lsn) {
    let frame = pin(pool, id);
    *pool.page_mut(frame) = [value; 8];
    pool.unpin(frame, Some(lsn));
}

#[track_caller]
fn assert_events(world: &World, expected: &[Event], what: &str) {
    assert_eq!(
        world.events(),
        expected,
        "{what}: left is what your pool did, right the expected"
    );
}

#[test]
fn a_page_is_read_once_and_stays() {
    let (world, mut pool) = pool(2);
    world.get(|outside| outside.pages.insert(7, [9; 8]));
    let frame = pin(&mut pool, 7);
    assert_eq!(
        (frame, *pool.page(frame)),
        (0, [9; 8]),
        "pin(7): the frame, and what is in it"
    );
    assert_eq!(pin(&mut pool, 7), frame, "pin(7) once more");
    assert_eq!(pin(&mut pool, 8), 1, "pin(8): the next unused frame");
    assert_events(&world, &[Read(7), Read(8)], "pin 7, 7, 8");
}

#[test]
fn the_clock_chooses_the_victim() {
    let (world, mut pool) = pool(3);
    for id in [1, 2, 3, 4] {
        visit(&mut pool, id);
    }
    world.events();
    // Page 4 has taken the frame of page 1, and the marks of 2 and 3 are gone.
    visit(&mut pool, 2);
    visit(&mut pool, 5);
    assert_events(&world, &[Read(5)], "three frames; visit 1, 2, 3, 4, 2, 5");
    visit(&mut pool, 2);
    visit(&mut pool, 4);
    assert_events(&world, &[], "then visit 2 and 4: both are still there");
    visit(&mut pool, 3);
    assert_events(&world, &[Read(3)], "then visit 3: it was the victim of 5");
}

#[test]
fn an_unchanged_page_is_not_written() {
    let (world, mut pool) = pool(1);
    visit(&mut pool, 1);
    visit(&mut pool, 2);
    visit(&mut pool, 1);
    assert_events(
        &world,
        &[Read(1), Read(2), Read(1)],
        "one frame; visit 1, 2, 1",
    );
}

#[test]
fn a_changed_page_is_written_once() {
    let (world, mut pool) = pool(1);
    change(&mut pool, 1, 5, 31);
    change(&mut pool, 1, 6, 32);
    visit(&mut pool, 2);
    let expected = [Read(1), FlushLog(32), Write(1), Read(2)];
    assert_events(
        &world,
        &expected,
        "one frame; change 1 at 31 and 32, visit 2",
    );
    visit(&mut pool, 1);
    visit(&mut pool, 2);
    assert_events(
        &world,
        &[Read(1), Read(2)],
        "then visit 1, 2: page 1 is unchanged now",
    );
    assert_eq!(
        world.get(|outside| outside.pages[&1]),
        [6; 8],
        "page 1 on the disk"
    );
    // 0 is the number of a log record like any other.
    let (world, mut pool) = self::pool(1);
    change(&mut pool, 1, 5, 0);
    visit(&mut pool, 2);
    assert_events(
        &world,
        &[Read(1), Write(1), Read(2)],
        "one frame, the log is flushed up to 0; change 1 at 0, visit 2",
    );
}

#[test]
fn a_reader_does_not_undo_the_change_of_a_writer() {
    let (world, mut pool) = pool(1);
    change(&mut pool, 1, 5, 31);
    visit(&mut pool, 1);
    visit(&mut pool, 2);
    let expected = [Read(1), FlushLog(31), Write(1), Read(2)];
    assert_events(
        &world,
        &expected,
        "one frame; change 1 at 31, visit 1, visit 2",
    );
}

#[test]
fn a_page_stays_until_its_last_holder_has_gone() {
    ends(|doing| {
        doing.note(|| "one frame; pin(1), pin(1), unpin, pin(2)".into());
        let (world, mut pool) = pool(1);
        let frame = pin(&mut pool, 1);
        pin(&mut pool, 1);
        pool.unpin(frame, None);
        assert_eq!(
            pool.pin(2),
            Err(PoolError::NoFreeFrame),
            "one frame; pin(1), pin(1), unpin, pin(2): page 1 has one holder left"
        );
        pool.unpin(frame, None);
        visit(&mut pool, 2);
        assert_events(&world, &[Read(1), Read(2)], "then unpin, visit 2");
    });
}

#[test]
fn the_log_is_flushed_before_the_page_and_up_to_its_highest_lsn() {
    let (world, mut pool) = pool(1);
    // Two writers at the same time; the later change is given back first.
    let frame = pin(&mut pool, 1);
    pin(&mut pool, 1);
    *pool.page_mut(frame) = [2; 8];
    pool.unpin(frame, Some(32));
    pool.unpin(frame, Some(31));
    visit(&mut pool, 2);
    let expected = [Read(1), FlushLog(32), Write(1), Read(2)];
    let what = "one frame; page 1 changed at 31 and 32 by two holders, 32 unpinned first; visit 2";
    assert_events(&world, &expected, what);
    // What is flushed already needs no flush.
    world.clone().flush(50);
    world.events();
    change(&mut pool, 2, 5, 40);
    visit(&mut pool, 1);
    assert_events(
        &world,
        &[Write(2), Read(1)],
        "the log is flushed up to 50; change 2 at 40, visit 1",
    );
}

#[test]
fn without_a_free_frame_the_pool_says_so_and_works_on() {
    ends(|doing| {
        doing.note(|| "two frames; pin(1), pin(2), pin(3)".into());
        let (world, mut pool) = pool(2);
        let one = pin(&mut pool, 1);
        let two = pin(&mut pool, 2);
        for _ in 0..2 {
            assert_eq!(
                pool.pin(3),
                Err(PoolError::NoFreeFrame),
                "two frames; pin(1), pin(2), pin(3)"
            );
        }
        assert_events(&world, &[Read(1), Read(2)], "two frames; pin 1, 2, 3, 3");
        assert_eq!(pin(&mut pool, 1), one, "then pin(1): it is in memory");
        pool.unpin(one, None);
        pool.unpin(two, Some(5));
        assert_eq!(pin(&mut pool, 3), two, "then page 2 is unpinned; pin(3)");
        assert_events(
            &world,
            &[FlushLog(5), Write(2), Read(3)],
            "then page 2 is unpinned; pin(3)",
        );
        let mut empty = self::pool(0).1;
        assert_eq!(
            empty.pin(1),
            Err(PoolError::NoFreeFrame),
            "no frames at all; pin(1)"
        );
    });
}

#[test]
fn flush_all_writes_changed_pages_that_nobody_holds() {
    let (world, mut pool) = pool(4);
    change(&mut pool, 1, 5, 31);
    visit(&mut pool, 2);
    change(&mut pool, 3, 6, 33);
    change(&mut pool, 4, 7, 34);
    let frame = pin(&mut pool, 3);
    world.events();
    pool.flush_all();
    let what = "pages 1, 3, 4 changed at 31, 33, 34; page 3 is pinned; flush_all";
    let mut writes = world.events();
    writes.retain(|event| matches!(event, Write(_)));
    assert_eq!(
        writes,
        [Write(1), Write(4)],
        "{what}: the writes, in the order of frames"
    );
    assert_eq!(world.flushed(), 34, "{what}: the log is flushed up to");
    pool.flush_all();
    assert_events(&world, &[], &format!("{what}, flush_all"));
    pool.unpin(frame, None);
    pool.flush_all();
    assert_events(
        &world,
        &[Write(3)],
        &format!("{what}, page 3 is unpinned, flush_all"),
    );
}

/// A pool in another picture: a queue of frames, whose front is the frame at the hand.
struct Model {
    frames: VecDeque<ModelFrame>,
    capacity: usize,
    disk: BTreeMap<PageId, Page>,
    events: Vec<Event>,
}

struct ModelFrame {
    id: PageId,
    page: Page,
    pins: usize,
    dirty: Option<Lsn>,
    mark: bool,
}

impl Model {
    fn pin(&mut self, id: PageId) -> bool {
        let frame = self.frames.iter_mut().find(|frame| frame.id == id);
        if let Some(frame) = frame {
            frame.pins += 1;
            frame.mark = true;
            return true;
        }
        if self.frames.len() == self.capacity {
            if self.frames.iter().all(|frame| frame.pins > 0) {
                return false;
            }
            while let Some(mut frame) = self.frames.pop_front() {
                if frame.pins == 0 && !frame.mark {
                    Self::write(&mut frame, &mut self.disk, &mut self.events);
                    break;
                }
                frame.mark &= frame.pins > 0;
                self.frames.push_back(frame);
            }
        }
        self.events.push(Read(id));
        let page = self.disk.get(&id).copied().unwrap_or_default();
        let frame = ModelFrame {
            id,
            page,
            pins: 1,
            dirty: None,
            mark: true,
        };
        self.frames.push_back(frame);
        true
    }

    fn write(frame: &mut ModelFrame, disk: &mut BTreeMap<PageId, Page>, events: &mut Vec<Event>) {
        if frame.dirty.take().is_some() {
            disk.insert(frame.id, frame.page);
            events.push(Write(frame.id));
        }
    }

    fn flush_all(&mut self) {
        for frame in self.frames.iter_mut().filter(|frame| frame.pins == 0) {
            Self::write(frame, &mut self.disk, &mut self.events);
        }
    }

    fn frame(&mut self, id: PageId) -> &mut ModelFrame {
        let frame = self.frames.iter_mut().find(|frame| frame.id == id);
        frame.expect("a page that is held is in memory")
    }
}

/// Reads and writes, those of one flush_all in the order of pages.
fn normal(events: &[Event], sorted: bool) -> Vec<Event> {
    let events = events.iter().copied();
    let mut events: Vec<Event> = events
        .filter(|event| !matches!(event, FlushLog(_)))
        .collect();
    if sorted {
        events.sort_by_key(|event| match event {
            Read(id) | Write(id) | FlushLog(id) => *id,
        });
    }
    events
}

fn random_trace(rng: &mut seeded::Rng, doing: &counted::Doing) {
    let capacity = rng.range(1..=4);
    let (world, mut pool) = pool(capacity);
    let mut model = Model {
        frames: VecDeque::new(),
        capacity,
        disk: BTreeMap::new(),
        events: Vec::new(),
    };
    // Who holds which page in which frame, and has changed it at which LSN.
    let mut held: Vec<(PageId, FrameId, Option<Lsn>)> = Vec::new();
    // The highest LSN of each page's changes that were given back, and of a page that was written.
    let mut highest: BTreeMap<PageId, Lsn> = BTreeMap::new();
    let mut demanded = 0;
    let mut done = vec![format!("{capacity} frames")];
    for lsn in 1..=rng.size() as u64 {
        let mut flushes = false;
        match rng.weighted(&[5, 4, 1]) {
            0 => {
                let id = rng.range(0..7);
                done.push(format!("pin({id})"));
                doing.note(|| done.join(", "));
                let got = pool.pin(id);
                let expected = model.pin(id);
                assert_eq!(
                    got.is_ok(),
                    expected,
                    "{done:?}: the last pin returned {got:?}"
                );
                if let Ok(frame) = got {
                    assert_eq!(
                        *pool.page(frame),
                        model.frame(id).page,
                        "{done:?}: left is what page {id} holds, right what was last put into it"
                    );
                    let changes = rng.chance(0.4).then_some(lsn);
                    if changes.is_some() {
                        done.push(format!("page_mut, of LSN {lsn}"));
                        *pool.page_mut(frame) = [lsn as u8; 8];
                        model.frame(id).page = [lsn as u8; 8];
                    }
                    held.push((id, frame, changes));
                }
            }
            1 if !held.is_empty() => {
                let (id, frame, changes) = held.swap_remove(rng.below(held.len()));
                done.push(format!("unpin page {id}, {changes:?}"));
                doing.note(|| done.join(", "));
                pool.unpin(frame, changes);
                let model = model.frame(id);
                model.pins -= 1;
                model.dirty = model.dirty.max(changes);
                if let Some(lsn) = changes {
                    let known = highest.entry(id).or_default();
                    *known = lsn.max(*known);
                }
            }
            1 => {}
            _ => {
                done.push("flush_all".into());
                doing.note(|| done.join(", "));
                pool.flush_all();
                model.flush_all();
                flushes = true;
            }
        }
        // The log, as it was flushed when each page was written.
        let events = world.events();
        let mut flushed = demanded;
        for event in &events {
            match event {
                FlushLog(up_to) => flushed = *up_to,
                Write(id) => {
                    let needed = highest.get(id).copied().unwrap_or_default();
                    assert!(
                        flushed >= needed,
                        "{done:?}: page {id} was written with a change of LSN {needed}, but the log was flushed \
                         up to {flushed} only"
                    );
                    demanded = demanded.max(needed);
                }
                Read(_) => {}
            }
        }
        assert!(
            flushed <= demanded,
            "{done:?}: the log is flushed up to {flushed}, but the pages written until now demand {demanded} only"
        );
        assert_eq!(
            normal(&events, flushes),
            normal(&model.events, flushes),
            "{done:?}: left is what the last call did, right the expected"
        );
        model.events.clear();
    }
}

#[test]
fn random_traces_agree_with_a_reference() {
    ends(|doing| seeded::cases(500, |rng| random_trace(rng, doing)));
}
