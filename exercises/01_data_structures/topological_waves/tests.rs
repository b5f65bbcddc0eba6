use super::*;
use counted::{Budget, Doing, ends};
use seeded::Rng;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// A task that counts the calls of `needs`, and ends a test that looks at names far too often.
struct Watched {
    name: String,
    needs: Vec<String>,
    asked: AtomicU32,
    names: Budget,
}

impl Task for Watched {
    fn name(&self) -> &str {
        self.names.spend();
        &self.name
    }

    fn needs(&self) -> &[String] {
        let asked = self.asked.fetch_add(1, Relaxed);
        let name = &self.name;
        assert!(
            asked < 2,
            "`needs` of the task {name} was asked for a third time"
        );
        &self.needs
    }
}

/// Names with the names that they need.
type Spec = Vec<(String, Vec<String>)>;

fn spec(tasks: &[(&str, &[&str])]) -> Spec {
    let strings = |names: &[&str]| names.iter().map(|name| name.to_string()).collect();
    tasks
        .iter()
        .map(|(name, needs)| (name.to_string(), strings(needs)))
        .collect()
}

fn watched(spec: &Spec) -> Vec<Watched> {
    let names = Budget::new(40 * spec.len() as u64, "calls of `name`");
    let task = |(name, needs): &(String, Vec<String>)| Watched {
        name: name.clone(),
        needs: needs.clone(),
        asked: AtomicU32::new(0),
        names: names.clone(),
    };
    spec.iter().map(task).collect()
}

fn text(spec: &Spec) -> String {
    let task = |(name, needs): &(String, Vec<String>)| match needs.as_slice() {
        [] => name.clone(),
        needs => format!("{name} (needs {})", needs.join(", ")),
    };
    format!(
        "the tasks {}",
        spec.iter().map(task).collect::<Vec<_>>().join("; ")
    )
}

fn run(doing: &Doing, spec: &Spec) -> Result<Vec<Vec<String>>, PlanError> {
    doing.note(|| format!("plan of {}", text(spec)));
    plan(&watched(spec))
}

#[track_caller]
fn assert_waves(doing: &Doing, spec: &Spec, expected: &[Vec<String>]) {
    let waves = run(doing, spec);
    assert!(
        waves.as_ref().is_ok_and(|waves| waves == expected),
        "{}\n  expected: the waves {expected:?}\n  got:      {waves:?}",
        text(spec)
    );
}

/// The error is a circle, along which each task needs the next.
#[track_caller]
fn assert_cycle(doing: &Doing, spec: &Spec) {
    let got = run(doing, spec);
    let Err(PlanError::Cycle(cycle)) = &got else {
        panic!(
            "{}\n  expected: Err(Cycle)\n  got:      {got:?}",
            text(spec)
        );
    };
    assert!(
        !cycle.is_empty(),
        "{}\n  got a circle of no tasks",
        text(spec)
    );
    for (i, task) in cycle.iter().enumerate() {
        let next = &cycle[(i + 1) % cycle.len()];
        let needs = spec
            .iter()
            .find(|(name, _)| name == task)
            .map(|(_, needs)| needs);
        assert!(
            needs.is_some_and(|needs| needs.contains(next)),
            "{}\n  got the circle {cycle:?}, in which {task} should need {next}, and does not",
            text(spec)
        );
        assert!(
            !cycle[..i].contains(task),
            "{}\n  got the circle {cycle:?}, in which {task} stands twice",
            text(spec)
        );
    }
}

fn waves<const N: usize>(waves: [&[&str]; N]) -> Vec<Vec<String>> {
    waves
        .iter()
        .map(|wave| wave.iter().map(|name| name.to_string()).collect())
        .collect()
}

#[test]
fn tasks_that_need_nothing_are_one_sorted_wave() {
    ends(|doing| {
        assert_waves(doing, &spec(&[]), &waves([]));
        assert_waves(
            doing,
            &spec(&[("b", &[]), ("c", &[]), ("a", &[])]),
            &waves([&["a", "b", "c"]]),
        );
    });
}

#[test]
fn a_task_comes_after_what_it_needs() {
    ends(|doing| {
        let chain = spec(&[("b", &["c"]), ("a", &["b"]), ("c", &[])]);
        assert_waves(doing, &chain, &waves([&["c"], &["b"], &["a"]]));
    });
}

#[test]
fn a_task_stands_in_the_earliest_wave() {
    ends(|doing| {
        let example = spec(&[
            ("d", &["b", "c"]),
            ("b", &["a"]),
            ("c", &["a"]),
            ("a", &[]),
            ("e", &[]),
        ]);
        assert_waves(doing, &example, &waves([&["a", "e"], &["b", "c"], &["d"]]));
        let late = spec(&[("a", &[]), ("b", &["a"]), ("c", &["a", "b"]), ("d", &["a"])]);
        assert_waves(doing, &late, &waves([&["a"], &["b", "d"], &["c"]]));
    });
}

#[test]
fn a_need_may_be_named_twice() {
    ends(|doing| {
        let twice = spec(&[("b", &["a", "a"]), ("a", &[]), ("c", &["b", "a", "b"])]);
        assert_waves(doing, &twice, &waves([&["a"], &["b"], &["c"]]));
    });
}

#[test]
fn a_name_that_comes_twice_is_an_error() {
    ends(|doing| {
        let twice = spec(&[("a", &[]), ("b", &["a"]), ("a", &["b"])]);
        let expected = Err(PlanError::Duplicate("a".into()));
        assert_eq!(run(doing, &twice), expected, "{}", text(&twice));
    });
}

#[test]
fn a_need_that_is_not_there_is_an_error() {
    ends(|doing| {
        let lost = spec(&[("a", &[]), ("b", &["a", "x"]), ("c", &["b"])]);
        let got = run(doing, &lost);
        assert!(
            matches!(got, Err(PlanError::Unknown { .. })),
            "{}\n  expected: Err(Unknown)\n  got:      {got:?}",
            text(&lost)
        );
    });
}

#[test]
fn the_error_says_who_needs_what_is_not_there() {
    ends(|doing| {
        let lost = spec(&[("a", &[]), ("b", &["a", "x"]), ("c", &["b"])]);
        let (task, needs) = ("b".into(), "x".into());
        let expected = Err(PlanError::Unknown { task, needs });
        assert_eq!(run(doing, &lost), expected, "{}", text(&lost));
    });
}

#[test]
fn a_task_that_needs_itself_is_a_circle() {
    ends(|doing| {
        assert_cycle(doing, &spec(&[("a", &["a"])]));
        assert_cycle(
            doing,
            &spec(&[("a", &[]), ("b", &["a", "b"]), ("c", &["b"])]),
        );
    });
}

#[test]
fn each_task_of_a_circle_needs_the_next_one() {
    ends(|doing| {
        assert_cycle(doing, &spec(&[("a", &["b"]), ("b", &["c"]), ("c", &["a"])]));
        let ring = [
            ("d", &["b"][..]),
            ("b", &["c"]),
            ("c", &["a"]),
            ("a", &["d"]),
        ];
        assert_cycle(doing, &spec(&ring));
    });
}

#[test]
fn a_circle_is_named_without_those_that_wait_for_it() {
    ends(|doing| {
        // 1 waits for the circle, the circle waits for 5.
        let specs: [&[(&str, &[&str])]; 3] = [
            &[("2", &["3"]), ("3", &["2"])],
            &[
                ("1", &["2"]),
                ("2", &["5", "3"]),
                ("3", &["4"]),
                ("4", &["2"]),
                ("5", &[]),
            ],
            &[
                ("5", &[]),
                ("4", &["2"]),
                ("3", &["5", "4"]),
                ("2", &["3"]),
                ("1", &["5", "0"]),
                ("0", &["2"]),
            ],
        ];
        for tasks in specs {
            assert_cycle(doing, &spec(tasks));
        }
    });
}

#[test]
fn random_tasks_are_in_the_earliest_waves() {
    ends(|doing| {
        seeded::cases(1_500, |rng| {
            let spec = random_tasks(rng, 1 + rng.size() / 5);
            let mut expected: Vec<Vec<String>> = Vec::new();
            let mut known = HashMap::new();
            for (name, _) in &spec {
                let wave = longest_way(&spec, name, &mut known);
                expected.resize_with(expected.len().max(wave + 1), Vec::new);
                expected[wave].push(name.clone());
            }
            expected.iter_mut().for_each(|wave| wave.sort());
            assert_waves(doing, &spec, &expected);
        });
    });
}

#[test]
fn planted_circles_are_found() {
    ends(|doing| {
        let mut rng = Rng::new(7);
        for length in 1..=30 {
            for others in [0, 3, 40] {
                let mut spec = random_tasks(&mut rng, length + others);
                // In the order in which they may run: the first of them needs the last.
                let order: Vec<String> = run_order(&spec);
                let mut ring: Vec<usize> = (0..order.len()).collect();
                rng.shuffle(&mut ring);
                ring.truncate(length);
                ring.sort();
                for (i, &at) in ring.iter().enumerate() {
                    let before = &order[ring[(i + length - 1) % length]];
                    let task = spec
                        .iter_mut()
                        .find(|(name, _)| *name == order[at])
                        .unwrap();
                    task.1.push(before.clone());
                    rng.shuffle(&mut task.1);
                }
                assert_cycle(doing, &spec);
            }
        }
    });
}

#[test]
fn a_long_chain_takes_a_linear_number_of_calls() {
    const N: usize = 5_000;
    ends(|doing| {
        doing.note(|| format!("plan of a chain of {N} tasks"));
        let name = |i: usize| format!("task {i:04}");
        let needs = |i: usize| if i == 0 { vec![] } else { vec![name(i - 1)] };
        let mut spec: Spec = (0..N).map(|i| (name(i), needs(i))).collect();
        Rng::new(8).shuffle(&mut spec);
        let waves = plan(&watched(&spec)).unwrap_or_default();
        let expected = (0..N).map(|i| vec![name(i)]);
        assert!(
            waves.into_iter().eq(expected),
            "a chain of {N} tasks should make {N} waves of one task, in order"
        );
    });
}

/// A task that counts nothing, for many of them.
struct Plain(String, Vec<String>);

impl Task for Plain {
    fn name(&self) -> &str {
        &self.0
    }

    fn needs(&self) -> &[String] {
        &self.1
    }
}

/// Many tasks in random order, each of which needs one other: the one before it, and the first the last.
fn ring(n: usize) -> Vec<Plain> {
    let name = |i: usize| format!("{i:05}");
    let task = |i: usize| Plain(name(i), vec![name((i + n - 1) % n)]);
    let mut tasks: Vec<Plain> = (0..n).map(task).collect();
    Rng::new(9).shuffle(&mut tasks);
    tasks
}

#[test]
fn a_task_does_not_look_through_all_others() {
    const N: usize = 100_000;
    ends(|doing| {
        doing.note(|| {
            format!(
                "plan of a chain of {N} tasks, which is too long to look at all of them for each"
            )
        });
        let mut tasks = ring(N);
        let first = tasks.iter_mut().find(|task| task.0 == "00000");
        first.expect("it is there").1.clear();
        let waves = plan(&tasks).map(|waves| waves.len());
        assert_eq!(waves, Ok(N), "the number of waves of a chain of {N} tasks");
    });
}

// Recursion overflows the stack here, and that ends the whole process.
#[test]
fn a_long_circle_is_found() {
    const N: usize = 100_000;
    ends(|doing| {
        doing.note(|| {
            format!(
                "plan of {N} tasks in a circle, which is too long to look at all of it for each"
            )
        });
        let circle = match plan(&ring(N)) {
            Err(PlanError::Cycle(cycle)) => cycle.len(),
            _ => 0,
        };
        assert_eq!(circle, N, "tasks in the circle, of {N} tasks in a circle");
    });
}

// ---------------------------------------------------------------------------------------------
// Tasks, and how they are judged

/// Tasks without a circle, in random order: each needs some of those before it, some of them twice.
fn random_tasks(rng: &mut Rng, n: usize) -> Spec {
    let mut names: Vec<String> = (0..n).map(|i| format!("{}{i}", rng.word(1))).collect();
    rng.shuffle(&mut names);
    let mut spec = Spec::new();
    let reach = 1 + rng.below(n);
    for (i, name) in names.iter().enumerate() {
        let count = if i == 0 { 0 } else { rng.below(4) };
        let needs = rng.vec(count, |rng| {
            names[rng.range(i.saturating_sub(reach)..i)].clone()
        });
        spec.push((name.clone(), needs));
    }
    rng.shuffle(&mut spec);
    spec
}

/// The most tasks that must run one after the other before this one.
fn longest_way(spec: &Spec, name: &str, known: &mut HashMap<String, usize>) -> usize {
    if let Some(&way) = known.get(name) {
        return way;
    }
    let (_, needs) = spec.iter().find(|task| task.0 == name).unwrap();
    let ways = needs.iter().map(|need| longest_way(spec, need, known) + 1);
    let way = ways.max().unwrap_or(0);
    known.insert(name.to_string(), way);
    way
}

/// The names in an order in which the tasks may run.
fn run_order(spec: &Spec) -> Vec<String> {
    let mut known = HashMap::new();
    let mut names: Vec<String> = spec.iter().map(|(name, _)| name.clone()).collect();
    names.sort_by_key(|name| longest_way(spec, name, &mut known));
    names
}
