//! What holds for every plan.

use std::collections::BTreeSet;

use evidence::CATALOGUE;
use respond::{Phase, Plan, Risk};
use serde_json::Value;

use crate::artifacts::log_with;
use crate::logs::{bob, commands, firing, plans, plans as plans_of};

/// Operations that change nothing.
const READING: [&str; 6] = ["get-", "list-", "describe-", "lookup-", "batch-get-", "search-"];

fn all() -> Vec<(String, Plan)> {
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
}

#[test]
fn what_changes_state_can_be_checked_and_undone() {
    for (log, plan) in all() {
        for step in &plan.steps {
            let Some(command) = step.command.as_ref().filter(|command| command.argv[0] == "aws")
            else {
                continue;
            };
            let operation = command.argv[2].as_str();
            if READING.iter().any(|begin| operation.starts_with(begin)) {
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
fn previews_and_checks_change_nothing() {
    for (log, plan) in all() {
        for step in &plan.steps {
            let check = step.check.as_ref().map(|check| &check.command);
            for command in
                step.preview.iter().chain(check).filter(|command| command.argv[0] == "aws")
            {
                let operation = &command.argv[2];
                let reads = READING.iter().any(|begin| operation.starts_with(begin));
                assert!(reads, "{log}: {} looks with {operation}", step.id);
            }
        }
    }
}

#[test]
fn phases_come_in_their_order_and_names_once() {
    for (log, plan) in all() {
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
    for (log, plan) in all() {
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
    for (log, plan) in all() {
        for command in plan.steps.iter().flat_map(commands) {
            for (operation, quota) in quotas {
                if command.argv.get(2).is_none_or(|one| one != operation) {
                    continue;
                }
                let options = ["--policy-document", "--content"];
                let at =
                    command.argv.iter().position(|one| options.contains(&one.as_str())).unwrap();
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
    for (log, plan) in all() {
        let text = serde_json::to_string(&plan).unwrap();
        assert_eq!(serde_json::from_str::<Plan>(&text).unwrap(), plan, "{log}");
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
