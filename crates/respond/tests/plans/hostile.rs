//! Names that AWS would never accept give no command, and those that it does are one argument.

use respond::Plan;

use crate::logs::{bob, commands, log, plans};

const HOSTILE: [&str; 9] = [
    "$(touch pwned)",
    "`id`",
    "a'; rm -rf /; '",
    "a\"b",
    "line\nfeed",
    "Zoë",
    "x\u{202e}y",
    "x\u{1}y",
    "\u{1}x\u{2}",
];

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

/// The texts of `plans`, without the name that they hold.
fn texts(plans: &[Plan], name: &str) -> Vec<String> {
    let steps = plans.iter().flat_map(|plan| &plan.steps);
    let texts = steps.flat_map(|step| {
        let more = [&step.condition, &step.undo_note];
        [&step.title, &step.why].into_iter().chain(more.into_iter().flatten())
    });
    texts.map(|text| text.replace(name, "NAME")).collect()
}

#[test]
fn a_mark_in_a_name_moves_no_number_of_a_step() {
    for old in ["prod-admin", "publisher", "Bob"] {
        let plain = texts(&named(old, "x\u{7}y"), "x\u{7}y");
        assert!(plain.iter().any(|text| text.contains("NAME")));
        for name in ["x\u{1}y", "x\u{2}y"] {
            assert_eq!(texts(&named(old, name), name), plain, "{name:?} for {old}");
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

/// Names in logs of other origins: of people, tasks, functions, pods, certificates, roles, users.
const ORIGINS: [(&str, &str, &[&str]); 10] = [
    (
        "role_chaining",
        "fires_on_a_person_of_a_saml_provider",
        &["ana@example.com", "engineering", "corp-idp"],
    ),
    (
        "role_chaining",
        "fires_on_a_pipeline_with_a_web_identity",
        &["repo:example-org/shop:ref:refs/heads/main", "pipeline-deployer", "GitHubActions"],
    ),
    (
        "role_chaining",
        "fires_on_a_task_that_climbs",
        &["0123456789abcdef0123456789abcdef", "orders-task"],
    ),
    ("role_chaining", "fires_on_a_function_that_climbs", &["thumbnails-function", "thumbnails"]),
    (
        "role_chaining",
        "fires_on_a_pod_that_climbs",
        &["eks-orders-invoices-7d9f5-0b1c2d3e-4f50-4161-8273-8495a6b7c8d9", "invoices-pod"],
    ),
    (
        "role_chaining",
        "fires_on_a_pod_with_a_service_account",
        &["system:serviceaccount:exports:exporter", "exports-pod"],
    ),
    (
        "role_chaining",
        "fires_on_a_machine_with_a_certificate",
        &["4f1c2d3e4f5061728394a5b6c7d8e9f0a1b2c3d4", "on-premises"],
    ),
    ("role_chaining", "fires_on_a_user_of_the_console", &["bo"]),
    ("role_chaining", "fires_on_a_chain_from_identity_center", &["ana@example.com", "Developer_"]),
    ("long_term_key_persistence", "fires_on_a_key_of_root", &["backup-agent"]),
];

#[test]
fn no_hostile_name_of_an_origin_enters_a_command() {
    for (detector, fixture, names) in ORIGINS {
        let log = log(detector, fixture);
        for old in names {
            // As a whole value or before an end of one: `bo` stands in other words, too.
            let ends = ["\"", ":", "/"];
            for name in HOSTILE {
                let text = serde_json::to_string(name).unwrap();
                let inner = text.trim_matches('"');
                let mut renamed = log.replace(&format!("\"{old}\""), &format!("\"{inner}\""));
                for end in ends {
                    renamed = renamed.replace(&format!("/{old}{end}"), &format!("/{inner}{end}"));
                    renamed = renamed.replace(&format!(":{old}{end}"), &format!(":{inner}{end}"));
                }
                renamed = renamed.replace(&format!("_{old}"), &format!("_{inner}"));
                assert_ne!(renamed, log, "{old} is not in {fixture}");
                for plan in plans(&renamed) {
                    refused(&plan, name);
                }
            }
        }
    }
}

#[test]
fn a_name_that_begins_with_a_hyphen_is_joined_wherever_a_command_reads_it() {
    for (detector, fixture, _) in ORIGINS {
        for plan in plans(&log(detector, fixture)) {
            for command in plan.steps.iter().flat_map(commands) {
                for input in &command.inputs {
                    // Behind two hyphens nothing is an option.
                    let options = command.argv.iter().take_while(|word| *word != "--");
                    let is_alone = options.into_iter().any(|word| *word == input.marker);
                    assert!(!is_alone, "{}", command.shell);
                }
            }
        }
    }
}
