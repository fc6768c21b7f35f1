//! Roles of Identity Center: two rounds by the permission set, and what newer logs show of them.

use respond::{Answer, Expect, Plan, Standing, Step, Verdict};
use serde_json::{Value, json};

use crate::logs::{log, plans, step, verified_by};

const ROLE: &str = "222233334444/AWSReservedSSO_Developer_0123456789abcdef";

fn plan() -> Plan {
    let log = log("role_chaining", "fires_on_a_chain_from_identity_center");
    plans(&log).into_iter().next().unwrap()
}

fn of<'p>(plan: &'p Plan, kind: &str) -> &'p Step {
    step(plan, &format!("{kind}/{ROLE}"))
}

fn number(plan: &Plan, kind: &str) -> usize {
    let id = format!("{kind}/{ROLE}");
    plan.steps.iter().position(|step| step.id == id).unwrap() + 1
}

#[test]
fn a_permission_set_has_a_second_round() {
    let plan = plan();
    let (first, again) = (of(&plan, "revoke_reserved"), of(&plan, "revoke_again_reserved"));
    let put = again.command.as_ref().unwrap();
    assert!(put.shell.contains("$(date -u") && !put.shell.contains(&plan.cut_off));
    assert_eq!(again.undo, [first.command.clone().unwrap()]);
    let condition = again.condition.as_ref().unwrap();
    assert!(
        condition.starts_with(&format!(
            "Only if you ran step {}. With",
            number(&plan, "revoke_reserved")
        ))
    );
    let precondition = again.precondition.as_ref().unwrap();
    assert!(precondition.command.shell.contains("RolecallRevoke"));
    let merged = of(&plan, "revoke_again_merged");
    assert_eq!(
        merged.command.as_ref().unwrap().inputs.last().unwrap().variable,
        "MERGED_POLICY_AGAIN"
    );
    assert!(merged.why.contains(&plan.cut_off), "{}", merged.why);
    let provision = of(&plan, "revoke_again_provision");
    assert_eq!(provision.command, of(&plan, "provision_permission_set").command);
    let order = [
        "provision_permission_set",
        "revoke_again_reserved",
        "revoke_again_merged",
        "revoke_again_provision",
    ];
    assert!(order.map(|kind| number(&plan, kind)).is_sorted());
}

#[test]
fn the_check_of_a_second_round_shows_its_time() {
    let plan = plan();
    for kind in ["revoke_again_reserved", "revoke_again_merged"] {
        let check = of(&plan, kind).check.as_ref().unwrap();
        let query = check.command.argv.iter().find(|one| one.contains("&& InlinePolicy")).unwrap();
        assert!(query.contains(&format!("!contains(InlinePolicy, '{}')", plan.cut_off)), "{query}");
        assert!(matches!(&check.expect, Expect::Contains(sid) if sid.starts_with("Rolecall")));
    }
}

#[test]
fn lifting_counts_from_the_second_round_of_the_set() {
    let plan = plan();
    let lift = of(&plan, "lift/revoke_reserved").condition.clone().unwrap();
    let again = plan.steps.iter().zip(1..).filter(|(step, _)| step.id.starts_with("revoke_again"));
    let again: Vec<usize> = again.map(|(_, number)| number).collect();
    let (first, last) = (again.first().unwrap(), again.last().unwrap());
    assert!((*first..=*last).contains(&number(&plan, "revoke_again_provision")));
    assert!(
        lift.contains(&format!("the last of the second round (steps {first}–{last})")),
        "{lift}"
    );
}

#[test]
fn what_others_added_to_a_policy_is_seen_before_it_is_deleted() {
    let plan = plan();
    for kind in ["revoke_reserved", "merge_reserved"] {
        let lift = of(&plan, &format!("lift/{kind}"));
        assert_eq!(lift.preview, of(&plan, kind).preview, "{kind}");
        assert!(lift.undo_note.as_ref().unwrap().to_lowercase().contains("provision the set"));
    }
    let lift = of(&plan, "lift/revoke_reserved");
    assert!(lift.why.contains("other statements"), "{}", lift.why);
}

/// A call of the account of the role at `time`.
fn call(time: &str, identity: &Value, (service, name): (&str, &str), request: &Value) -> String {
    json!({
        "eventVersion": "1.11", "userIdentity": identity, "eventTime": time,
        "eventSource": format!("{service}.amazonaws.com"), "eventName": name,
        "awsRegion": "us-east-1", "sourceIPAddress": "198.51.100.7", "userAgent": "x",
        "requestParameters": request, "responseElements": null, "requestID": time,
        "eventID": format!("{name}-{time}"), "readOnly": false, "eventType": "AwsApiCall",
        "managementEvent": true, "recipientAccountId": "222233334444",
        "eventCategory": "Management",
    })
    .to_string()
}

/// Identity Center gives its role the policy `document`.
fn provisioned(time: &str, document: &Value) -> String {
    let service = json!({"type": "AWSService", "invokedBy": "sso.amazonaws.com"});
    let request = json!({"roleName": ROLE.split_once('/').unwrap().1,
        "policyName": "AwsSSOInlinePolicy", "policyDocument": document.to_string()});
    call(time, &service, ("iam", "PutRolePolicy"), &request)
}

/// A call of the person's session.
fn used(time: &str) -> String {
    let log = log("role_chaining", "fires_on_a_chain_from_identity_center");
    let is_of_session = |line: &&str| line.contains("\"accessKeyId\":\"ASIARBANAIXXXEXAMPLE\"");
    let record: Value = serde_json::from_str(log.lines().find(is_of_session).unwrap()).unwrap();
    call(time, &record["userIdentity"], ("s3", "ListBuckets"), &Value::Null)
}

fn verified(plan: &Plan, records: &[String]) -> Verdict {
    verified_by(plan, &records.join("\n"))
}

fn standing(verdict: &Verdict) -> Standing {
    let has_key = |key: &String| key == "ASIARBANAIXXXEXAMPLE";
    let found = verdict.credentials.iter().find(|one| one.access_key_ids.iter().any(has_key));
    found.unwrap().standing
}

/// The policy that the plan puts, beside one of the owner.
fn denied(plan: &Plan, cut_off: &str) -> Value {
    let argv = &of(plan, "revoke_again_reserved").command.as_ref().unwrap().argv;
    let at = argv.iter().position(|one| one == "--inline-policy").unwrap();
    let mut policy: Value =
        serde_json::from_str(&argv[at + 1].replace("{{now}}", cut_off)).unwrap();
    policy["Statement"].as_array_mut().unwrap().push(own());
    policy
}

fn own() -> Value {
    json!({"Effect": "Allow", "Action": "s3:*", "Resource": "*"})
}

#[test]
fn a_session_is_stopped_when_its_set_is_provisioned() {
    let plan = plan();
    let before = used("2026-03-10T08:59:00Z");
    let others = provisioned("2026-03-09T09:30:00Z", &json!({"Statement": [own()]}));
    let verdict = verified(&plan, &[before.clone(), others.clone()]);
    assert_eq!((standing(&verdict), verdict.undone.len()), (Standing::StillSucceeding, 0));
    let first = provisioned("2026-03-10T09:00:00Z", &denied(&plan, &plan.cut_off));
    let verdict = verified(&plan, &[others, before.clone(), first.clone()]);
    assert_eq!((standing(&verdict), verdict.undone.len()), (Standing::Silent, 0));
    assert_eq!(verdict.verify_again.as_deref(), Some("2026-03-10T21:00:00Z"));
    let again = provisioned("2026-03-10T09:05:00Z", &denied(&plan, "2026-03-10T09:04:00Z"));
    let verdict = verified(&plan, &[before.clone(), first.clone(), again]);
    assert_eq!(verdict.verify_again.as_deref(), Some("2026-03-10T21:05:00Z"));
    let late = used("2026-03-10T09:30:00Z");
    let verdict = verified(&plan, &[before, first, late]);
    assert_eq!((standing(&verdict), verdict.answer), (Standing::StillSucceeding, Answer::NotClean));
}

#[test]
fn a_set_without_the_statement_is_undone_before_its_time_and_taken_back_after_it() {
    let plan = plan();
    let first = provisioned("2026-03-09T10:00:00Z", &denied(&plan, &plan.cut_off));
    let with = |time: &str| {
        let without = provisioned(time, &json!({"Statement": [own()]}));
        verified(&plan, &[first.clone(), without])
    };
    let early = with("2026-03-09T12:00:00Z");
    assert_eq!((early.undone.len(), early.taken_back.len()), (1, 0), "{early:?}");
    assert_eq!(early.answer, Answer::NotClean);
    let over = with("2026-03-09T22:30:00Z");
    assert_eq!((over.undone.len(), over.taken_back.len()), (0, 1), "{over:?}");
    assert!(!over.taken_back[0].is_early);
}
