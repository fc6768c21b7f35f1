//! The leaked key, three roles, Bob and his key, and a fourth role.

use respond::{Expect, Phase};

use crate::logs::{bob, plans, step};

#[test]
fn all_of_it_is_stopped() {
    let plans = plans(&bob());
    let plan = &plans[0];
    assert_eq!(plans.len(), 1);
    let argv = |id: &str| step(plan, id).command.as_ref().unwrap().argv.join(" ");
    assert_eq!(
        argv("deactivate_key/222233334444/AKIAPUBLISHEREXAMPLE"),
        "aws iam update-access-key --user-name publisher --access-key-id AKIAPUBLISHEREXAMPLE --status Inactive"
    );
    assert!(argv("deactivate_key/444455556666/AKIABOBXXXXXXEXAMPLE").contains("--status Inactive"));
    assert!(argv("deny_user/444455556666/Bob").contains("attach-user-policy --user-name Bob"));
    assert!(argv("remove_password/444455556666/Bob").contains("delete-login-profile"));
    for (account, role) in [
        ("222233334444", "data-pipeline"),
        ("222233334444", "staging-deployer"),
        ("444455556666", "prod-admin"),
        ("555566667777", "log-archive-admin"),
    ] {
        let step = step(plan, &format!("revoke/{account}/{role}"));
        assert_eq!(step.account_id.as_deref(), Some(account));
        assert!(
            argv(&step.id)
                .contains(&format!("--role-name {role} --policy-name AWSRevokeOlderSessions"))
        );
        assert_eq!(step.check.as_ref().unwrap().expect, Expect::Equals(plan.cut_off.clone()));
    }
    let trust = argv("trust_policy/555566667777/log-archive-admin");
    assert!(
        trust.contains("update-assume-role-policy") && !trust.contains("999988887777"),
        "{trust}"
    );
}

#[test]
fn the_cut_off_is_after_the_last_issuance() {
    let plan = &plans(&bob())[0];
    let issued = plan.credentials.iter().filter_map(|one| one.created.as_ref()).max().unwrap();
    assert!(*issued < plan.cut_off && plan.t0 < plan.cut_off, "{issued} {}", plan.cut_off);
}

#[test]
fn whoever_works_with_the_leaked_key_is_named() {
    let plan = &plans(&bob())[0];
    let step = step(plan, "deactivate_key/222233334444/");
    let [other] = step.affects.as_slice() else { panic!("{:?}", step.affects) };
    assert_eq!(other.who, "calls from 198.51.100.20");
    assert!(other.what.contains("10:00–11:00 UTC"), "{}", other.what);
}

/// The log, in which somebody else uses the second role day by day.
fn shared() -> String {
    let session = |day: u32| {
        format!(
            r#"{{"eventID":"{day:08}-0000-4000-8000-000000000001","eventTime":"2026-03-{day:02}T06:00:00Z",
            "eventSource":"sts.amazonaws.com","eventName":"AssumeRole","awsRegion":"us-east-1",
            "recipientAccountId":"222233334444","sourceIPAddress":"198.51.100.77","userAgent":"Boto3",
            "userIdentity":{{"type":"IAMUser","principalId":"AIDANIGHTLYXXXEXAMPLE","accountId":"222233334444",
            "arn":"arn:aws:iam::222233334444:user/nightly","userName":"nightly","accessKeyId":"AKIANIGHTLYXXEXAMPLE"}},
            "requestParameters":{{"roleArn":"arn:aws:iam::222233334444:role/staging-deployer","roleSessionName":"nightly"}},
            "responseElements":{{"credentials":{{"accessKeyId":"ASIANIGHTLY{day:02}EXAMPLE","expiration":"Mar {day}, 2026, 7:00:00 AM"}},
            "assumedRoleUser":{{"assumedRoleId":"AROASTAGIN222XEXAMPLE:nightly","arn":"arn:aws:sts::222233334444:assumed-role/staging-deployer/nightly"}}}}}}"#
        )
        .replace('\n', "")
    };
    let sessions: Vec<String> = (4..10).map(session).collect();
    format!("{}\n{}", bob().trim_end(), sessions.join("\n"))
}

#[test]
fn whoever_else_uses_a_role_is_named_with_the_next_time() {
    let plans = plans(&shared());
    let plan = plans.iter().find(|plan| plan.title.contains("publisher")).unwrap();
    let step = step(plan, "revoke/222233334444/staging-deployer");
    let [other] = step.affects.as_slice() else { panic!("{:?}", step.affects) };
    assert!(other.who.contains("nightly"), "{}", other.who);
    assert!(other.what.starts_with("6 sessions on 6 days"), "{}", other.what);
    assert_eq!(other.next.as_deref(), Some("about 2026-03-10T06:00:00Z, every 24 hours"));
    assert!(
        plan.steps.iter().all(|step| !step.id.starts_with("revoke_narrow/")),
        "names can be chosen anew"
    );
    assert!(plan.warnings.iter().any(|warning| warning.contains("staging-deployer")));
}

#[test]
fn other_partitions_have_their_own_commands_and_consoles() {
    for (partition, host, region) in [
        ("aws-cn", "console.amazonaws.cn", "cn-north-1"),
        ("aws-us-gov", "console.amazonaws-us-gov.com", "us-gov-west-1"),
    ] {
        let log = bob().replace("arn:aws:", &format!("arn:{partition}:"));
        let plan = &plans(&log)[0];
        let revoke = step(plan, "revoke/444455556666/prod-admin");
        assert!(revoke.console.url.as_ref().unwrap().starts_with(&format!("https://{host}/")));
        let argv = &revoke.command.as_ref().unwrap().argv;
        assert!(argv.ends_with(&["--region".to_owned(), region.to_owned()]), "{argv:?}");
        let deny = step(plan, "deny_user/444455556666/Bob").command.as_ref().unwrap();
        assert!(deny.shell.contains(&format!("arn:{partition}:iam::aws:policy/AWSDenyAll")));
        let shells = plan.steps.iter().filter_map(|step| step.command.as_ref());
        assert!(
            shells.filter(|one| one.argv[0] == "aws").all(|one| !one.shell.contains("arn:aws:"))
        );
    }
}

#[test]
fn what_hangs_on_the_user_is_removed_before_the_user() {
    let plan = &plans(&bob())[0];
    let at = |begin: &str| plan.steps.iter().position(|step| step.id.starts_with(begin)).unwrap();
    assert!(at("delete_key/444455556666/AKIABOB") < at("detach_deny/444455556666/Bob"));
    assert!(at("detach_deny/444455556666/Bob") < at("delete_user/444455556666/Bob"));
}

#[test]
fn the_emergency_is_lifted_and_the_last_section_verifies() {
    let plan = &plans(&bob())[0];
    let lifted = plan.steps.iter().filter(|step| step.id.starts_with("lift/revoke/")).count();
    assert_eq!(lifted, 4);
    let last: Vec<_> = plan.steps.iter().filter(|step| step.phase == Phase::Verify).collect();
    assert_eq!(last[0].id, "verify");
    assert_eq!(last.len(), 7, "one for each key");
}
