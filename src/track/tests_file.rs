//! The names of the tests that a specification holds.

/// The test functions of a `tests.rs`, in its order.
///
/// Reads the text and not the binary: what the learner's program says of itself is no proof. The author's
/// gate compares the result with what the test harness lists for the solution.
pub fn expected_tests(source: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut marked = false;
    for line in source.lines().map(str::trim) {
        if let Some(attribute) = line.strip_prefix("#[") {
            marked |= is_test(attribute);
            // `#[test] fn name() {}` on one line
            if marked && let Some(name) = function(line.rsplit(']').next().unwrap_or_default()) {
                names.push(name);
                marked = false;
            }
        } else if marked && let Some(name) = function(line) {
            names.push(name);
            marked = false;
        }
    }
    names
}

/// `test]`, `tokio::test]`, `tokio::test(flavor = "…")]`, but not `test_case(…)]`.
fn is_test(attribute: &str) -> bool {
    let path: String = attribute
        .chars()
        .take_while(|each| each.is_alphanumeric() || "_:".contains(*each))
        .collect();
    path.rsplit("::").next() == Some("test")
}

fn function(line: &str) -> Option<String> {
    let mut words = line
        .split_whitespace()
        .skip_while(|word| ["pub", "async", "unsafe", "extern", "const"].contains(word));
    if words.next() != Some("fn") {
        return None;
    }
    let name: String = words
        .next()?
        .chars()
        .take_while(|each| each.is_alphanumeric() || *each == '_')
        .collect();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_form() {
        let source = r#"
            use super::*;
            fn helper() {}
            #[test]
            fn plain() {}
            #[test] fn short() {}
            #[tokio::test(flavor = "current_thread")]
            async fn asynchronous() {}
            #[test]
            #[should_panic(expected = "full")]
            /// docs
            fn panics() {}
            #[test_case(1)]
            fn other(n: u32) {}
            // #[test]
            fn commented_out() {}
            #[test]
            fn with_result() -> Result<(), String> { Ok(()) }
        "#;
        assert_eq!(
            expected_tests(source),
            ["plain", "short", "asynchronous", "panics", "with_result"]
        );
    }

    #[test]
    fn an_empty_file_holds_none() {
        assert!(expected_tests("").is_empty());
        assert!(expected_tests("#[test]").is_empty());
    }
}
