//! Names that AWS would never accept give no command, and those that it does are one argument.

use respond::Plan;

use crate::logs::{bob, commands, plans};

const HOSTILE: [&str; 7] =
    ["$(touch pwned)", "`id`", "a'; rm -rf /; '", "a\"b", "line\nfeed", "Zoë", "x\u{202e}y"];

fn named(old: &str, new: &str) -> Vec<Plan> {
    let text = serde_json::to_string(new).unwrap();
    let inner = text.trim_matches('"');
    // Names stand in JSON within JSON, too.
    plans(&bob().replace(old, inner))
}

/// Counts the steps of `plan` that say why they have no command, and looks for `name` in the rest.
fn refused(plan: &Plan, name: &str) -> usize {
    let arguments = plan.steps.iter().flat_map(commands).flat_map(|command| &command.argv);
    let entered: Vec<&String> = arguments.filter(|argument| argument.contains(name)).collect();
    assert!(entered.is_empty(), "{name:?} in {entered:?}");
    let urls = plan.steps.iter().filter_map(|step| step.console.url.as_ref());
    assert!(urls.into_iter().all(|url| !url.contains(name)), "{name:?} in an address");
    plan.steps.iter().filter(|step| step.refused.is_some()).count()
}

#[test]
fn no_hostile_name_enters_a_command() {
    for name in HOSTILE {
        for old in ["prod-admin", "publisher", "Bob"] {
            let plans = named(old, name);
            let refused: usize = plans.iter().map(|plan| refused(plan, name)).sum();
            assert!(refused > 0, "{name:?} for {old} is not said to be refused");
        }
    }
}

#[test]
fn names_that_aws_accepts_are_one_argument() {
    for name in ["-rf", "--query=x", "ops+bob=x,y.z@example.com", &"n".repeat(64)] {
        let plans = named("Bob", name);
        let deny = plans
            .iter()
            .flat_map(|plan| &plan.steps)
            .find(|step| step.id.starts_with("deny_user/"));
        let argv = &deny.unwrap().command.as_ref().unwrap().argv;
        let joined = format!("--user-name={name}");
        let is_joined = argv.contains(&joined) && name.starts_with('-');
        let is_apart = argv.windows(2).any(|two| two[0] == "--user-name" && two[1] == name);
        assert!(is_joined || (is_apart && !name.starts_with('-')), "{argv:?}");
    }
}
