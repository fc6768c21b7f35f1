//! Logs in which credentials hand each other out in a circle.

use crate::drawing::drawn;
use crate::records::{HERE, assume, create_key, role, user, uses};

#[test]
fn keys_that_hand_each_other_out_have_an_origin_all_the_same() {
    let a = role(HERE, "A").session("s", "ASIA1", "09:00");
    let b = role(HERE, "B").session("s", "ASIA2", "09:10");
    let c = role(HERE, "C").session("s", "ASIA3", "09:20");
    let drawing = drawn(&[
        assume(&c.who(), &a),
        assume(&a.who(), &b),
        assume(&b.who(), &c),
        uses("09:30", &c.who()),
    ]);
    assert_eq!(drawing.lines().count(), 3, "{drawing}");
    let third = drawing.lines().nth(2).unwrap_or_default();
    assert!(third.contains("hop 2: AssumeRole 111122223333/C/s [ASIA3]"), "{drawing}");
}

#[test]
fn a_key_that_hands_itself_out_is_an_origin() {
    let a = role(HERE, "A").session("s", "ASIA1", "09:00");
    let drawing = drawn(&[assume(&a.who(), &a), uses("09:10", &a.who())]);
    assert_eq!(drawing.lines().count(), 1, "{drawing}");
}

#[test]
fn long_term_keys_that_create_each_other_have_an_origin() {
    let drawing = drawn(&[
        create_key("09:00", &user("bob", "AKIABOB"), "alice", "AKIAALICE"),
        create_key("09:10", &user("alice", "AKIAALICE"), "bob", "AKIABOB"),
    ]);
    assert_eq!(
        drawing.lines().map(|line| line.matches("  ").count()).collect::<Vec<_>>(),
        [0, 1],
        "{drawing}"
    );
}

#[test]
fn a_tail_below_a_circle_hangs_on_it() {
    let a = role(HERE, "A").session("s", "ASIA1", "09:00");
    let b = role(HERE, "B").session("s", "ASIA2", "09:10");
    let tail = role(HERE, "T").session("s", "ASIA0", "09:20");
    let drawing = drawn(&[assume(&b.who(), &a), assume(&a.who(), &b), assume(&b.who(), &tail)]);
    assert_eq!(drawing.lines().count(), 3, "{drawing}");
    assert!(drawing.lines().all(|line| line.contains(": ")), "{drawing}");
}
