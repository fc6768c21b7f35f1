//! Going back leads to the state before, and nothing of the plan is in its own way.

use evidence::CATALOGUE;
use respond::{Plan, Risk};

use crate::artifacts::log_with;
use crate::logs::{bob, log, plans, step};

/// The plan of the chain whose third role makes the call `event_name` about `name`.
fn plan_with(event_name: &str, name: &str) -> Plan {
    let row = CATALOGUE.iter().find(|row| row.event_name == event_name).unwrap();
    let log = log_with(row).replace("thing-1", name);
    let plans = plans(&log);
    plans.into_iter().find(|plan| plan.accounts.iter().any(|one| one == "444455556666")).unwrap()
}

fn at(plan: &Plan, begin: &str) -> usize {
    let ids: Vec<&String> = plan.steps.iter().map(|step| &step.id).collect();
    let found = ids.iter().position(|id| id.starts_with(begin));
    found.unwrap_or_else(|| panic!("{begin} in {ids:#?}"))
}

#[test]
fn the_undo_of_the_second_round_is_the_first_round() {
    let plan = &plans(&bob())[0];
    for role in ["222233334444/data-pipeline", "444455556666/prod-admin"] {
        let first = step(plan, &format!("revoke/{role}"));
        let again = step(plan, &format!("revoke_again/{role}"));
        assert_eq!(again.undo, [first.command.clone().unwrap()]);
        assert_ne!(again.command, first.command);
    }
}

#[test]
fn the_check_of_the_second_round_shows_the_minute() {
    let plan = &plans(&bob())[0];
    let again = step(plan, "revoke_again/444455556666/prod-admin");
    let check = again.check.as_ref().unwrap();
    let query = check.command.argv.iter().find(|one| one.contains("join(")).unwrap();
    assert!(query.contains(&format!("!= '{}'", plan.cut_off)), "{query}");
    assert_eq!(check.expect, respond::Expect::Contains("revoked before".into()));
    assert!(again.why.contains("Write down the time that the check prints"), "{}", again.why);
    assert!(again.why.contains(&plan.cut_off), "{}", again.why);
}

#[test]
fn the_undo_of_lifting_a_revocation_reaches_to_the_present() {
    let plan = &plans(&bob())[0];
    let [undo] = step(plan, "lift/revoke/444455556666/prod-admin").undo.as_slice() else {
        panic!("one command")
    };
    let again = step(plan, "revoke_again/444455556666/prod-admin");
    assert_eq!(again.command.as_ref(), Some(undo));
    assert!(undo.shell.contains("$(date -u") && !undo.shell.contains(&plan.cut_off));
}

const SURVIVOR: &str = "deactivate_key/222233334444/AKIATGPUBLISHEXAMPLE";

/// The log of a token that its key's owner thought to have stopped.
fn survivor() -> String {
    log("federation_token_persistence", "fires_on_a_token_that_survives_its_key")
}

#[test]
fn a_key_that_its_owner_stopped_is_left_as_it_is() {
    let plan = &plans(&survivor())[0];
    let step = step(plan, SURVIVOR);
    let condition = step.condition.as_ref().unwrap();
    assert!(condition.contains("made it inactive at 2026-03-"), "{condition}");
    assert!(condition.contains("arn:aws:iam::222233334444:user/"), "{condition}");
    let precondition = step.precondition.as_ref().unwrap();
    assert_eq!(precondition.expect, respond::Expect::Equals("Active".into()));
    let [undo] = step.undo.as_slice() else { panic!("one command") };
    assert!(undo.argv.ends_with(&["--status".to_owned(), "Active".to_owned()]));
    assert!(undo.inputs.is_empty(), "nobody is asked");
}

#[test]
fn a_key_that_was_stopped_and_works_again_is_deactivated() {
    let again = survivor().replace("\"status\":\"Inactive\"", "\"status\":\"Active\"");
    assert_ne!(again, survivor());
    assert!(step(&plans(&again)[0], SURVIVOR).condition.is_none());
    let is_use = |line: &&str| {
        line.contains("\"AKIATGPUBLISHEXAMPLE\"") && !line.contains("UpdateAccessKey")
    };
    let log = survivor();
    let last = log.lines().rfind(is_use).unwrap();
    let mut later: serde_json::Value = serde_json::from_str(last).unwrap();
    later["eventTime"] = serde_json::json!("2026-03-28T00:00:00Z");
    later["eventID"] = serde_json::json!("dddddddd-0000-4000-8000-000000000009");
    let plan = &plans(&format!("{log}{later}\n"))[0];
    assert!(step(plan, SURVIVOR).condition.is_none(), "it was used since");
}

#[test]
fn what_hangs_on_a_role_comes_off_before_the_role_is_deleted() {
    let row = CATALOGUE.iter().find(|row| row.event_name == "CreateRole").unwrap();
    let log = log_with(row).replace("thing-1", "staging-deployer");
    let plan = &plans(&log.replace("222233334444", "444455556666"))[0];
    let delete = at(plan, "delete_role/444455556666/staging-deployer");
    for kind in ["attached_policies", "instance_profiles", "inline_policies"] {
        assert!(at(plan, &format!("empty_role/{kind}/444455556666/staging-deployer")) < delete);
    }
    assert!(at(plan, "lift/revoke/444455556666/data-pipeline") > delete);
    // Its denies go with it.
    let lifts = plan.steps.iter().filter(|step| step.id.starts_with("lift/"));
    assert!(lifts.into_iter().all(|step| !step.id.contains("444455556666/staging-deployer")));
}

#[test]
fn what_hangs_on_a_group_comes_off_before_the_group_is_deleted() {
    let plan = plan_with("CreateGroup", "intruders");
    let remove = at(&plan, "empty_group/inline_policies/444455556666/intruders");
    assert!(remove + 1 == at(&plan, "delete_group/444455556666/intruders"));
    let removal = plan.steps[remove].command.as_ref().unwrap();
    assert_eq!(removal.argv[2], "delete-group-policy");
}

#[test]
fn the_documents_of_inline_policies_are_shown_before_they_go() {
    let group = plan_with("CreateGroup", "intruders");
    let owned = [
        (&plans(&bob())[0], "user", "User", "Bob"),
        (&group, "group", "Group", "intruders"),
        (&plan_with("CreateRole", "made"), "role", "Role", "made"),
    ];
    for (plan, noun, kind, name) in owned {
        let step = step(plan, &format!("empty_{noun}/inline_policies/444455556666/{name}"));
        let preview = step.preview.as_ref().unwrap();
        assert_eq!(preview.argv[2..5], ["get-account-authorization-details", "--filter", kind]);
        let query = format!("{kind}DetailList[?{kind}Name=='{name}'].{kind}PolicyList[]");
        assert!(preview.argv.contains(&query), "{}", preview.shell);
        assert!(step.why.contains("Keep what the preview shows"), "{}", step.why);
        assert!(step.needs.iter().any(|one| one == "iam:GetAccountAuthorizationDetails"));
    }
}

#[test]
fn what_hangs_on_a_user_comes_off_in_the_order_that_iam_asks_for() {
    let plan = &plans(&bob())[0];
    let kinds = [
        "password",
        "keys",
        "mfa_devices",
        "ssh_keys",
        "certificates",
        "service_credentials",
        "groups",
        "attached_policies",
        "inline_policies",
    ];
    let mut places: Vec<usize> =
        kinds.iter().map(|kind| at(plan, &format!("empty_user/{kind}/444455556666/Bob"))).collect();
    places.push(at(plan, "detach_deny/444455556666/Bob"));
    places.push(at(plan, "delete_user/444455556666/Bob"));
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn a_lift_looks_whether_the_policy_still_stands_whatever_its_time() {
    let plan = &plans(&bob())[0];
    let lift = step(plan, "lift/revoke/444455556666/prod-admin");
    let precondition = lift.precondition.as_ref().unwrap();
    assert_eq!(
        precondition.command.argv[2..],
        [
            "get-role-policy",
            "--role-name",
            "prod-admin",
            "--policy-name",
            "AWSRevokeOlderSessions",
            "--query",
            "PolicyName",
            "--output",
            "text"
        ]
    );
    assert!(lift.condition.as_ref().unwrap().contains(&plan.watch_until));
}

#[test]
fn the_url_of_a_function_comes_back_as_a_person_says() {
    let plan = plan_with("CreateFunctionUrlConfig", "export");
    let [undo] = step(&plan, "function_permission/").undo.as_slice() else { panic!("one command") };
    assert_eq!(undo.inputs[0].variable, "AUTH_TYPE");
}

#[test]
fn whoever_works_with_a_key_that_the_organization_denies_is_named() {
    let plan = &plans(&bob())[0];
    let attach = plan
        .steps
        .iter()
        .find(|step| step.id.starts_with("attach_policy/") && step.id.ends_with("/222233334444"))
        .unwrap();
    assert_eq!(attach.risk, Risk::Disruptive);
    let [other] = attach.affects.as_slice() else { panic!("{:?}", attach.affects) };
    assert_eq!(other.who, "calls from 198.51.100.20 with the keys of user publisher");
    let elsewhere = plan.steps.iter().find(|step| step.id.ends_with("/444455556666")).unwrap();
    assert_eq!((elsewhere.risk, elsewhere.affects.len()), (Risk::Safe, 0));
}
