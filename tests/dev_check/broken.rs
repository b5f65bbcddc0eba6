//! Each rule, and an exercise that breaks it.

use crate::small_track::{Files, words};

/// Changes a text; that the change changes something is part of the test.
pub fn swap(files: &mut Files, path: &str, from: &str, to: &str) {
    let text = files.get_mut(path).unwrap();
    assert!(text.contains(from), "{path} has no {from:?}");
    *text = text.replacen(from, to, 1);
}

pub type Break = fn(&mut Files);

/// A name, what is broken, and the findings that have to come of it: how each begins, and a piece of it.
type Case = (&'static str, Break, &'static [(&'static str, &'static str)]);

/// Every rule.
pub const BROKEN: &[Case] = &[
    ("good", |_| {}, &[]),
    (
        "bad_key",
        |files| swap(files, "exercise.toml", "minutes", "minuts = 5\nminutes"),
        &[("metadata exercises/01_numbers/bad_key", "minuts")],
    ),
    (
        "no_concepts",
        |files| swap(files, "exercise.toml", "[\"arithmetic\"]", "[]"),
        &[("metadata ", "`concepts`")],
    ),
    (
        "no_covers",
        |files| {
            swap(
                files,
                "exercise.toml",
                "covers = [\"arithmetic\"]",
                "covers = [\" \"]",
            )
        },
        &[("metadata ", "`covers`")],
    ),
    (
        "company",
        |files| swap(files, "exercise.toml", "google", "gogle"),
        &[("metadata ", "did you mean \"google\"?")],
    ),
    (
        "minutes",
        |files| swap(files, "exercise.toml", "minutes = 5", "minutes = 4"),
        &[("metadata ", "5 to 120")],
    ),
    (
        "needs_nobody",
        |files| {
            swap(
                files,
                "exercise.toml",
                "hints",
                "prerequisites = [\"nobody\"]\nhints",
            )
        },
        &[("metadata ", "\"nobody\" does not exist")],
    ),
    (
        "needs_later",
        |files| {
            swap(
                files,
                "exercise.toml",
                "hints",
                "prerequisites = [\"no_step\"]\nhints",
            )
        },
        &[("metadata ", "\"no_step\" comes later")],
    ),
    (
        "no_reason",
        |files| {
            let text = files.get_mut("exercise.toml").unwrap();
            text.push_str("[[equivalent_mutants]]\nmutant = \"x\"\nreason = \"\"\n");
        },
        &[("metadata ", "`reason`")],
    ),
    (
        "one_hint",
        |files| {
            swap(
                files,
                "exercise.toml",
                "    \"Look at what the function is given and at what it has to give back.\",\n",
                "",
            )
        },
        &[("hints ", "1 hints")],
    ),
    (
        "short_hint",
        |files| {
            swap(
                files,
                "exercise.toml",
                "Look at what the function is given and at what it has to give back.",
                "Think.",
            )
        },
        &[("hints ", "hint 1 has 1 words")],
    ),
    (
        "short_text",
        |files| {
            for path in ["short_text.rs", "solution/short_text.rs"] {
                swap(
                    files,
                    path,
                    "//!\n//! Read the tests if a rule is not clear: they are the whole specification, and they are\n//! short.\n",
                    "",
                );
            }
            for path in ["plus_two", "square", "same"] {
                swap(
                    files,
                    &format!("solution/wrong/{path}.diff"),
                    "@@ -18,5 +18,5 @@",
                    "@@ -15,5 +15,5 @@",
                );
            }
        },
        &[("header exercises/", "has 13 lines")],
    ),
    (
        "other_text",
        |files| swap(files, "solution/other_text.rs", "is 4", "is four"),
        &[("header solutions/", "differs")],
    ),
    (
        "step_two",
        |files| swap(files, "step_two.rs", "step 1", "step 2"),
        &[(
            "steps exercises/01_numbers/step_two/step_two.rs:20",
            "step 2 stands where step 1",
        )],
    ),
    (
        "no_step",
        |files| swap(files, "no_step.rs", "step 1: add", "add"),
        &[("steps exercises/", "must begin with `step 1: `")],
    ),
    (
        "last_line",
        |files| {
            files
                .get_mut("last_line.rs")
                .unwrap()
                .push_str("\n/// More.\npub fn more() {}\n")
        },
        &[("layout exercises/", "mod tests;")],
    ),
    (
        "wide",
        |files| {
            swap(
                files,
                "wide.rs",
                "/// Twice",
                &format!("// {}\n/// Twice", "x".repeat(108)),
            )
        },
        &[("layout exercises/01_numbers/wide/wide.rs:18", "111 columns")],
    ),
    (
        "crooked",
        |files| {
            swap(
                files,
                "crooked.rs",
                "pub fn double(number: i64)",
                "pub fn double( number: i64 )",
            )
        },
        &[(
            "layout exercises/01_numbers/crooked/crooked.rs:19",
            "not formatted",
        )],
    ),
    (
        "short_after",
        |files| drop(files.insert("solution/after.md".into(), words(71))),
        &[("words solutions/", "71 words")],
    ),
    (
        "no_after",
        |files| drop(files.remove("solution/after.md")),
        &[("files solutions/01_numbers/no_after/after.md", "missing")],
    ),
    (
        "surplus",
        |files| {
            files.insert("notes.txt".into(), "x".into());
            files.insert("solution/wrong/old.patch".into(), "x".into());
        },
        &[
            (
                "files exercises/01_numbers/surplus/notes.txt",
                "does not belong",
            ),
            (
                "files solutions/01_numbers/surplus/wrong/old.patch",
                "does not belong",
            ),
        ],
    ),
    (
        "two_wrong",
        |files| drop(files.remove("solution/wrong/same.diff")),
        &[("wrong ", "2 wrong answers")],
    ),
    (
        "no_why",
        |files| swap(files, "solution/wrong/same.diff", "why:", "because:"),
        &[(
            "wrong solutions/01_numbers/no_why/wrong/same.diff",
            "`why:`",
        )],
    ),
    (
        "stale_diff",
        |files| {
            swap(
                files,
                "solution/wrong/same.diff",
                "-    number + number",
                "-    number + numbre",
            )
        },
        &[("wrong ", "does not apply")],
    ),
    (
        "twins",
        |files| {
            swap(
                files,
                "solution/wrong/square.diff",
                "number * number",
                "number",
            )
        },
        &[("wrong ", "the same as same.diff")],
    ),
    (
        "warns",
        |files| {
            swap(
                files,
                "warns.rs",
                "    todo!",
                "    let one = (1);\n    todo!",
            )
        },
        &[(
            "stub ",
            "the compiler warns: warning: unnecessary parentheses",
        )],
    ),
    (
        "half_done",
        |files| {
            swap(
                files,
                "half_done.rs",
                "    todo!",
                "    if number == 0 {\n        return 0;\n    }\n    todo!",
            )
        },
        &[(
            "stub ",
            "pass before the learner has written anything: zero_stays_zero",
        )],
    ),
    (
        "panics",
        |files| {
            swap(
                files,
                "panics.rs",
                "    todo!",
                "    assert!(number > 0, \"positive\");\n    todo!",
            )
        },
        &[
            (
                "stub ",
                "negative_numbers_stay_negative fails, but not at a `todo!`: positive",
            ),
            (
                "stub ",
                "zero_stays_zero fails, but not at a `todo!`: positive",
            ),
        ],
    ),
    (
        "broken_stub",
        |files| {
            swap(
                files,
                "broken_stub.rs",
                "    todo!",
                "    let one: u8 = \"\";\n    todo!",
            )
        },
        &[("stub ", "does not compile: error[E0308]")],
    ),
    (
        "bad_solution",
        |files| {
            swap(
                files,
                "solution/bad_solution.rs",
                "number + number",
                "number.abs() * 2",
            )
        },
        &[
            ("solution ", "negative_numbers_stay_negative fails"),
            ("wrong ", "does not apply"),
            ("wrong ", "does not apply"),
            ("wrong ", "does not apply"),
        ],
    ),
    (
        "clumsy",
        |files| {
            swap(
                files,
                "solution/clumsy.rs",
                "number + number",
                "return number + number;",
            );
            for path in ["plus_two", "square", "same"] {
                swap(
                    files,
                    &format!("solution/wrong/{path}.diff"),
                    "-    number + number",
                    "-    return number + number;",
                );
            }
        },
        &[(
            "clippy solutions/01_numbers/clumsy/clumsy.rs:20:5",
            "unneeded `return`",
        )],
    ),
    (
        "slow",
        |files| {
            swap(
                files,
                "tests.rs",
                "    assert_eq!(double(0)",
                "    std::thread::sleep(std::time::Duration::from_millis(2_100));\n    assert_eq!(double(0)",
            )
        },
        &[("solution ", "must end within 2 s")],
    ),
    (
        "hidden_test",
        |files| {
            let text = files.get_mut("tests.rs").unwrap();
            text.push_str("\nmacro_rules! hidden {\n    ($name:ident) => {\n        #[test]\n        fn $name() {\n            assert_eq!(double(3), 6);\n        }\n    };\n}\nhidden!(nobody_sees_this);\n");
        },
        &[("tests ", "nobody_sees_this")],
    ),
    (
        "borrowed",
        |files| {
            let import = "use std::fmt::Debug;\n\n#[cfg(test)]";
            swap(files, "borrowed.rs", "#[cfg(test)]", import);
            swap(files, "solution/borrowed.rs", "#[cfg(test)]", import);
            swap(
                files,
                "tests.rs",
                "#[test]",
                "fn _shown(_: &dyn Debug) {}\n\n#[test]",
            );
        },
        &[("tests ", "Debug from the learner's `use` lines")],
    ),
    (
        "accepted",
        |files| {
            swap(
                files,
                "solution/wrong/same.diff",
                "+    number",
                "+    2 * number",
            )
        },
        &[("wrong ", "it passes")],
    ),
    (
        "broken_wrong",
        |files| {
            swap(
                files,
                "solution/wrong/same.diff",
                "+    number",
                "+    numbre",
            )
        },
        &[("wrong ", "does not compile: error[E0425]")],
    ),
    (
        "endless",
        |files| {
            swap(
                files,
                "solution/wrong/same.diff",
                "+    number",
                "+    loop {}",
            );
            files
                .get_mut("exercise.toml")
                .unwrap()
                .push_str("[limits]\nseconds = 1\n");
        },
        &[("wrong ", "only the judge's limit ends it")],
    ),
];
