use super::*;

// One test for each rule, named as the sentence that it defends, the easiest first. A failure says what was
// done, what was expected and what came.

#[test]
fn a_rule_as_a_sentence() {
    assert_eq!(tls_terminator(1), 1, "tls_terminator(1)");
}
