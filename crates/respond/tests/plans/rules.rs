//! What holds for every plan.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use evidence::CATALOGUE;
use respond::{Phase, Plan, Risk};
use serde_json::Value;

use crate::artifacts::log_with;
use crate::logs::{bob, commands, firing, plans, plans as plans_of};

/// Operations that change nothing.
const READING: [&str; 6] = ["get-", "list-", "describe-", "lookup-", "batch-get-", "search-"];

/// Whether a command of the CLI only reads.
fn reads(argv: &[String]) -> bool {
    READING.iter().any(|begin| argv[2].starts_with(begin))
}

/// The plan of every log that fires and of every call of the catalogue, with what it is of.
static ALL: LazyLock<Vec<(String, Plan)>> = LazyLock::new(|| {
    let plans = firing().into_iter().flat_map(|path| {
        let log = std::fs::read_to_string(&path).unwrap();
        plans(&log).into_iter().map(move |plan| (path.display().to_string(), plan))
    });
    let made = CATALOGUE.iter().flat_map(|row| {
        let name = format!("{}:{}", row.service, row.event_name);
        plans_of(&log_with(row)).into_iter().map(move |plan| (name.clone(), plan))
    });
    let plans: Vec<(String, Plan)> = plans.chain(made).collect();
    assert!(plans.len() > 30, "{}", plans.len());
    plans
});

#[test]
fn what_changes_state_can_be_checked_and_undone() {
    for (log, plan) in ALL.iter() {
        for step in &plan.steps {
            let Some(command) = step.command.as_ref().filter(|command| command.argv[0] == "aws")
            else {
                continue;
            };
            if reads(&command.argv) {
                continue;
            }
            let is_told = !step.undo.is_empty() || step.undo_note.is_some();
            assert!(is_told, "{log}: {} cannot be undone", step.id);
            let is_final = step.risk == Risk::Destructive;
            assert!(is_final || !step.undo.is_empty(), "{log}: {} has no undo", step.id);
            // What a person names is not known before, and neither is what its absence looks like.
            let asks = command.inputs.iter().any(|input| !input.variable.is_empty());
            assert!(asks || step.check.is_some(), "{log}: {} has no check", step.id);
            assert!(!step.needs.is_empty(), "{log}: {} names no permission", step.id);
        }
    }
}

#[test]
fn a_step_names_the_permission_of_every_call() {
    // Of a bucket's replication AWS names the permissions otherwise.
    let free = ["getcalleridentity", "set", "bucketreplication"];
    for (log, plan) in ALL.iter() {
        for step in &plan.steps {
            let needs: BTreeSet<String> = step.needs.iter().map(|one| one.to_lowercase()).collect();
            let called = commands(step).into_iter().flat_map(|command| {
                let inputs = command.inputs.iter().map(|input| &input.argv);
                inputs.chain([&command.argv]).filter(|argv| !argv.is_empty())
            });
            for argv in called.filter(|argv| argv[0] == "aws") {
                let service = argv[1].trim_end_matches("api").trim_end_matches("-admin");
                let operation = argv[2].replace('-', "");
                let is_free = free.iter().any(|name| operation.ends_with(name))
                    || argv.contains(&"--profile".to_owned());
                let is_named = needs.contains(&format!("{service}:{operation}"));
                assert!(is_free || is_named, "{log}: {} calls {operation}: {needs:?}", step.id);
            }
        }
    }
}

#[test]
fn previews_and_checks_change_nothing() {
    for (log, plan) in ALL.iter() {
        for step in &plan.steps {
            let check = step.check.as_ref().map(|check| &check.command);
            let needed = step.precondition.as_ref().map(|precondition| &precondition.command);
            let looks = step.preview.iter().chain(check).chain(needed);
            for command in looks.filter(|command| command.argv[0] == "aws") {
                assert!(reads(&command.argv), "{log}: {} looks with {}", step.id, command.shell);
            }
            let inputs = commands(step).into_iter().flat_map(|command| &command.inputs);
            for input in inputs.filter(|input| !input.argv.is_empty()) {
                assert!(reads(&input.argv), "{log}: {} asks with {:?}", step.id, input.argv);
            }
        }
    }
}

#[test]
fn what_is_repeated_has_an_end() {
    let mut n_repeated = 0;
    for (log, plan) in ALL.iter() {
        for step in plan.steps.iter().filter(|step| step.repeats) {
            n_repeated += 1;
            let precondition = step.precondition.as_ref();
            assert!(precondition.is_some() && step.check.is_some(), "{log}: {}", step.id);
        }
    }
    assert!(n_repeated > 30, "{n_repeated}");
}

#[test]
fn whatever_is_lifted_or_deleted_says_whether_there_is_anything_to_do() {
    for (log, plan) in ALL.iter() {
        for step in plan.steps.iter().filter(|step| step.phase == Phase::Recover) {
            let is_new = step.id.starts_with("new_key/");
            // Provisioning again brings whatever the permission set holds.
            let is_again = step.id.starts_with("lift/provision_permission_set/");
            let is_thing =
                ["delete_function/", "terminate_instance/", "delete_identity_center_user/"]
                    .iter()
                    .any(|begin| step.id.starts_with(begin));
            let is_told = step.precondition.is_some() || step.refused.is_some();
            // A person does these, or gives back one of several.
            let is_by_hand = step.id == "stay"
                || ["replace_instance/", "narrow_trust/", "lift/origin/identity_center"]
                    .iter()
                    .any(|begin| step.id.starts_with(begin) && step.command.is_none())
                || ["lift/origin/assignments", "lift/origin/groups"].contains(&step.id.as_str());
            assert!(is_new || is_again || is_thing || is_told || is_by_hand, "{log}: {}", step.id);
        }
    }
}

#[test]
fn every_emergency_deny_is_lifted_or_goes_with_what_is_deleted() {
    for (log, plan) in ALL.iter() {
        let ids: BTreeSet<&str> = plan.steps.iter().map(|step| step.id.as_str()).collect();
        for step in &plan.steps {
            let is_deny =
                ["revoke/", "revoke_narrow/", "revoke_tokens/", "deny_role/", "close_way/"]
                    .iter()
                    .any(|begin| step.id.starts_with(begin));
            let is_lifted = ids.contains(format!("lift/{}", step.id).as_str());
            let goes = |setting: &respond::Setting| {
                let kind =
                    if setting.on == respond::SettingOn::RolePolicy { "role" } else { "user" };
                let begin = format!("delete_{kind}/{}/{}", setting.account_id, setting.name);
                ids.iter().any(|id| id.starts_with(&begin))
            };
            let is_gone = step.sets.iter().any(goes);
            let is_refused = step.refused.is_some();
            assert!(!is_deny || is_lifted || is_gone || is_refused, "{log}: {}", step.id);
        }
    }
}

#[test]
fn phases_come_in_their_order_and_names_once() {
    for (log, plan) in ALL.iter() {
        let phases: Vec<Phase> = plan.steps.iter().map(|step| step.phase).collect();
        assert!(phases.is_sorted(), "{log}");
        assert_eq!(phases.first(), Some(&Phase::Preserve), "{log}");
        assert_eq!(phases.last(), Some(&Phase::Verify), "{log}");
        let ids: BTreeSet<&String> = plan.steps.iter().map(|step| &step.id).collect();
        assert_eq!(ids.len(), plan.steps.len(), "{log}");
    }
}

#[test]
fn commands_are_plain_text_of_known_programs() {
    for (log, plan) in ALL.iter() {
        for command in plan.steps.iter().flat_map(commands) {
            let known = ["aws", "rolecall", "sha256sum"].contains(&command.argv[0].as_str());
            assert!(known, "{log}: {}", command.shell);
            let is_plain =
                command.shell.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
            assert!(is_plain, "{log}: {}", command.shell);
        }
    }
}

#[test]
fn policies_are_json_within_their_quotas() {
    let quotas = [
        ("put-role-policy", 10_240),
        ("put-user-policy", 2_048),
        ("put-group-policy", 5_120),
        ("update-assume-role-policy", 2_048),
        ("create-policy", 5_120),
    ];
    let mut seen = BTreeSet::new();
    for (log, plan) in ALL.iter() {
        for command in plan.steps.iter().flat_map(commands) {
            for (operation, quota) in quotas {
                if command.argv.get(2).is_none_or(|one| one != operation) {
                    continue;
                }
                let options = ["--policy-document", "--content"];
                let at = command.argv.iter().position(|one| options.contains(&one.as_str()));
                // A policy that a person gives is not known.
                let Some(at) = at else {
                    let is_asked = command.inputs.iter().any(|input| !input.variable.is_empty());
                    assert!(is_asked, "{log}: {}", command.shell);
                    continue;
                };
                let document = &command.argv[at + 1];
                let policy: Value = serde_json::from_str(document).unwrap();
                assert!(policy["Statement"].is_array(), "{log}: {document}");
                assert!(document.len() <= quota, "{log}: {document}");
                seen.insert(operation);
            }
        }
    }
    assert!(seen.len() >= 4, "{seen:?}");
}

#[test]
fn a_plan_is_the_same_for_any_order_and_repetition() {
    let log = bob();
    let mut lines: Vec<&str> = log.lines().collect();
    let expected = plans(&log);
    lines.reverse();
    let repeated: Vec<&str> = lines.iter().chain(&lines).copied().collect();
    assert_eq!(plans(&lines.join("\n")), expected);
    assert_eq!(plans(&repeated.join("\n")), expected);
}

#[test]
fn a_plan_comes_back_from_its_document() {
    for (log, plan) in ALL.iter() {
        let text = serde_json::to_string(&plan).unwrap();
        assert_eq!(&serde_json::from_str::<Plan>(&text).unwrap(), plan, "{log}");
    }
}

#[test]
fn every_role_of_a_chain_is_revoked_in_its_account() {
    let red = crate::logs::log("role_chaining", "fires_red_across_three_accounts");
    let plan = &plans(&red)[0];
    let roles: BTreeSet<String> = plan
        .credentials
        .iter()
        .filter_map(|one| one.principal_arn.as_deref())
        .filter_map(|arn| arn.split_once(":assumed-role/"))
        .map(|(head, tail)| {
            let account = head.rsplit(':').next().unwrap();
            format!("revoke/{account}/{}", tail.split('/').next().unwrap())
        })
        .collect();
    let ids: BTreeSet<String> = plan.steps.iter().map(|step| step.id.clone()).collect();
    assert!(roles.len() >= 3 && roles.is_subset(&ids), "{roles:?} of {ids:#?}");
}
