//! A mock interview with problems to solve.

use std::time::Duration;

use jiff::Timestamp;

use super::{clock, refuse_second};
use crate::cli::Global;
use crate::commands::context::{Context, Wrong, unknown};
use crate::commands::{out, review, watch};
use crate::exit::Exit;
use crate::progress::Activity;
use crate::track::{COMPANIES, Difficulty, Exercise};
use crate::ui::style::{Mark, Style, Tone};
use crate::ui::terminal::Terminal;
use crate::ui::text::count;
use crate::workspace::{Mock, MockKind, Problem};

/// The topic that problems are drawn from.
const POOL: &str = "coding_practice";
/// More than this nobody asks in one interview.
const MOST: usize = 3;

pub(super) fn run(
    global: &Global,
    mut context: Context,
    company: Option<&str>,
    minutes: u32,
) -> anyhow::Result<Exit> {
    refuse_second(&context)?;
    if let Some(company) = company
        && !COMPANIES.contains(&company)
    {
        return Err(unknown("company", company, COMPANIES).into());
    }
    let activity = context.activity()?;
    let drawn: Vec<Exercise> = draw(&context, &activity, company, minutes)
        .into_iter()
        .cloned()
        .collect();
    if drawn.is_empty() {
        let what = "there is no problem to draw: the track has none of the kind that is asked for";
        return Err(Wrong(what.into()).into());
    }
    for exercise in &drawn {
        begin_afresh(&mut context, &activity, exercise)?;
    }
    let mock = Mock {
        kind: MockKind::Coding,
        started: Timestamp::now(),
        minutes,
        ended: None,
        company: company.map(str::to_string),
        problems: drawn
            .iter()
            .map(|exercise| Problem {
                name: exercise.name.clone(),
                passed: None,
            })
            .collect(),
        path: Default::default(),
    };
    let mock = context.workspace.begin_mock(mock, "coding")?;
    if Terminal::obstacle().is_some() {
        out::lines(announcement(&drawn, &mock))?;
        return Ok(Exit::Passed);
    }
    hold(global, context, mock)
}

/// Holds the interview on the terminal; the learner is afterwards where the learner was before.
fn hold(global: &Global, context: Context, mock: Mock) -> anyhow::Result<Exit> {
    let before = context.store.progress().current.clone();
    let workspace = context.workspace.clone();
    let limit = Duration::from_secs(u64::from(mock.minutes) * 60);
    let names = mock.problems.iter().map(|problem| problem.name.clone());
    let end = watch::interview(context, names.collect(), limit)?;
    let mut context = Context::reopen(&workspace, global)?;
    if let Some(before) = before {
        context
            .store
            .update(|progress| progress.set_current(&before))?;
    }
    out::lines(self::end(&context, mock)?)?;
    Ok(end)
}

/// Ends the interview: what passed in time counts.
pub(super) fn end(context: &Context, mut mock: Mock) -> anyhow::Result<Vec<String>> {
    let (now, deadline) = (Timestamp::now(), mock.deadline());
    let activity = context.activity()?;
    for problem in &mut mock.problems {
        let effort = activity.exercises.get(&problem.name);
        let rounds = effort.map_or(&[][..], |effort| effort.rounds.as_slice());
        let in_time = rounds
            .iter()
            .find(|round| mock.started <= round.at && round.at <= deadline);
        problem.passed = in_time.map(|round| round.at);
    }
    mock.ended = Some(now);
    context.workspace.keep_mock(&mock)?;
    let style = Style::stdout();
    let solved = mock
        .problems
        .iter()
        .filter(|problem| problem.passed.is_some());
    let took = now.duration_since(mock.started).as_secs().unsigned_abs();
    let took = usize::try_from(took.div_ceil(60).max(1)).unwrap_or(usize::MAX);
    let mut lines = vec![format!(
        "{} of {} solved in {} of {}",
        solved.count(),
        mock.problems.len(),
        took.min(mock.minutes as usize),
        count(mock.minutes as usize, "minute")
    )];
    for problem in &mock.problems {
        let (mark, state) = match problem.passed {
            Some(at) => {
                let minutes = at
                    .duration_since(mock.started)
                    .as_secs()
                    .unsigned_abs()
                    .div_ceil(60);
                let minutes = usize::try_from(minutes).unwrap_or(usize::MAX);
                (Mark::Passed, format!("after {}", count(minutes, "minute")))
            }
            None => (Mark::Failed, "not in time".to_string()),
        };
        lines.push(format!(
            "  {} {}  {}",
            style.sign(mark),
            problem.name,
            style.paint(Tone::Dim, state)
        ));
    }
    lines.push(
        "What you began stays as it is; `backlings run NAME` and `backlings hint NAME` work on it."
            .into(),
    );
    Ok(lines)
}

fn announcement(drawn: &[Exercise], mock: &Mock) -> Vec<String> {
    let mut lines = vec![format!(
        "A mock interview of {} has begun: {}.",
        count(mock.minutes as usize, "minute"),
        clock(mock, Timestamp::now())
    )];
    lines.extend(
        drawn
            .iter()
            .map(|exercise| format!("  {}  {}", exercise.title, exercise.main_path())),
    );
    lines.push("`backlings run NAME` judges, `backlings mock end` ends it.".into());
    lines
}

/// Problems that were never tried, in random order; then those that were tried longest ago.
fn draw<'c>(
    context: &'c Context,
    activity: &Activity,
    company: Option<&str>,
    minutes: u32,
) -> Vec<&'c Exercise> {
    let asked = |exercise: &&Exercise| {
        company.is_none_or(|company| exercise.companies.iter().any(|name| name == company))
    };
    let of_pool = |exercise: &&Exercise| context.track.topic(exercise).id == POOL;
    let all = || context.track.exercises().iter().filter(asked);
    let mut pool: Vec<&Exercise> = all().filter(of_pool).collect();
    if pool.is_empty() {
        pool = all().collect();
    }
    let wanted = level(context.roadmap());
    let distance = |exercise: &Exercise| (exercise.difficulty as i32 - wanted as i32).abs();
    let Some(nearest) = pool.iter().map(|exercise| distance(exercise)).min() else {
        return Vec::new();
    };
    pool.retain(|exercise| distance(exercise) == nearest);
    fastrand::shuffle(&mut pool);
    let seen = |exercise: &&Exercise| {
        activity
            .exercises
            .get(&exercise.name)
            .and_then(|effort| effort.last)
    };
    // Stable, so that what was never seen stays shuffled.
    pool.sort_by_key(seen);
    let mut left = minutes;
    let mut drawn: Vec<&Exercise> = Vec::new();
    for exercise in pool {
        if drawn.len() < MOST && (exercise.minutes <= left || drawn.is_empty()) {
            left = left.saturating_sub(exercise.minutes);
            drawn.push(exercise);
        }
    }
    drawn
}

/// What a roadmap's interviews are like.
fn level(roadmap: &str) -> Difficulty {
    match roadmap {
        "junior" => Difficulty::Easy,
        "senior" => Difficulty::Hard,
        _ => Difficulty::Medium,
    }
}

/// What was tried before starts from the stub again; the learner's version is kept.
fn begin_afresh(
    context: &mut Context,
    activity: &Activity,
    exercise: &Exercise,
) -> anyhow::Result<()> {
    let progress = context.store.progress();
    if progress.is_done(&exercise.name) && !progress.in_review(&exercise.name) {
        review::again(context, exercise)?;
    } else if activity.exercises.contains_key(&exercise.name) {
        context
            .workspace
            .reset(&context.track, exercise, &mut context.store)?;
    }
    Ok(())
}
