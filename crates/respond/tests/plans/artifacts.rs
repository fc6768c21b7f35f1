//! Each call of the catalogue leaves a step behind that undoes it.

use std::collections::BTreeSet;

use evidence::{CATALOGUE, CatalogueRow};
use respond::{Phase, Plan};
use serde_json::{Map, Value, json};

use crate::logs::{bob, plans};

/// Names that AWS accepts, by the member of the request that holds them.
fn named(service: &str, member: &str) -> Value {
    let uuid = "1234abcd-12ab-34cd-56ef-1234567890ab";
    match (service, member) {
        (_, "instanceId" | "InstanceId") => json!("i-0abcdef1234567890"),
        (_, "snapshotId") => json!("snap-0abcdef1234567890"),
        (_, "imageId") => json!("ami-0abcdef1234567890"),
        (_, "LaunchTemplateId") => json!("lt-0abcdef1234567890"),
        (_, "AssociationId") => json!("iip-assoc-0abcdef1234567890"),
        (_, "bucketName") => json!("example-bucket"),
        (_, "keyId" | "userId" | "trustAnchorId" | "crlId") => json!(uuid),
        (_, "policyArn") => json!("arn:aws:iam::444455556666:policy/team/P"),
        (_, "permissionSetArn") => {
            json!("arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef")
        }
        (_, "principalArn" | "roleArn") => json!("arn:aws:iam::444455556666:role/R"),
        (_, "serialNumber") => json!("arn:aws:iam::444455556666:mfa/phone"),
        (_, "sAMLProviderArn") => json!("arn:aws:iam::444455556666:saml-provider/idp"),
        (_, "openIDConnectProviderArn") => {
            json!("arn:aws:iam::444455556666:oidc-provider/idp.example.com")
        }
        (_, "topicArn") => json!("arn:aws:sns:us-east-1:444455556666:topic"),
        (_, "queueUrl") => json!("https://sqs.us-east-1.amazonaws.com/444455556666/queue"),
        (_, "targetPrincipal") => json!("arn:aws:iam::444455556666:root"),
        _ => json!("thing-1"),
    }
}

/// Puts `value` at `pointer`, lists included.
fn put(target: &mut Value, pointer: &str, value: Value) {
    let parts: Vec<&str> = pointer.split('/').skip(1).collect();
    let built = parts.iter().rev().fold(value, |value, part| match part.parse::<usize>() {
        Ok(_) => json!([value]),
        Err(_) => Value::Object(Map::from_iter([((*part).to_owned(), value)])),
    });
    merge(target, built);
}

fn merge(target: &mut Value, other: Value) {
    match (target, other) {
        (Value::Object(target), Value::Object(other)) => {
            for (name, value) in other {
                merge(target.entry(name).or_insert(Value::Null), value);
            }
        }
        (target, other) => *target = other,
    }
}

/// The leaked key's chain, whose third role makes the call of `row`.
pub(crate) fn log_with(row: &CatalogueRow) -> String {
    let mut request = json!({
        "policyName": "inline-1",
        "groupName": "group-1",
        "principalId": "1234abcd-12ab-34cd-56ef-1234567890ab",
        "iamInstanceProfile": {"name": "p"},
        "userData": "x",
        "roleARN": "arn:aws:iam::444455556666:role/R",
        "policyDocument": r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
        "createVolumePermission": {"add": {"items": [{"userId": "999988887777"}]}},
        "launchPermission": {"add": {"items": [{"userId": "999988887777"}]}},
        "valuesToAdd": ["999988887777"],
    });
    if row.service == "sso" {
        request.as_object_mut().unwrap().retain(|name, _| name == "principalId");
    }
    if row.event_name.starts_with("Attach") {
        put(&mut request, "/policyArn", json!("arn:aws:iam::aws:policy/AdministratorAccess"));
    }
    if row.artifact == evidence::ArtifactKind::TrustPolicy || row.event_name == "CreateRole" {
        let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999988887777:root"},"Action":"sts:AssumeRole"}]}"#;
        put(&mut request, "/policyDocument", json!(trust));
        put(&mut request, "/assumeRolePolicyDocument", json!(trust));
    }
    let mut response = json!({});
    if let Some(pointer) = row.names.first() {
        let member = pointer.rsplit('/').next().unwrap();
        match pointer.strip_prefix("/response") {
            Some(rest) => put(&mut response, rest, named(row.service, member)),
            None => put(&mut request, pointer, named(row.service, member)),
        }
    }
    if row.event_name == "CreateAccessKey" {
        put(&mut response, "/accessKey/accessKeyId", json!("AKIATHINGXXXXEXAMPLE"));
    }
    let log = bob();
    let template = log.lines().find(|line| line.contains("\"CreateUser\"")).unwrap();
    let mut record: Value = serde_json::from_str(template).unwrap();
    record["eventSource"] = json!(format!("{}.amazonaws.com", row.service));
    record["eventName"] = json!(row.event_name);
    record["requestParameters"] = request;
    record["responseElements"] = response;
    record["eventID"] = json!("ffffffff-0000-4000-8000-000000000009");
    let others: Vec<&str> = log
        .lines()
        .filter(|line| {
            !line.contains("\"Bob\"") && !line.contains("AKIABOB") && !line.contains("ASIALOGS")
        })
        .collect();
    format!("{}\n{record}", others.join("\n"))
}

/// Calls whose effects a person has to undo by hand: AWS has no command, or the logs too little.
const BY_HAND: [&str; 21] = [
    "AddClientIDToOpenIDConnectProvider",
    "AddMemberToGroup",
    "AssumeRoot",
    "CreateAccount",
    "CreateAssociation",
    "CreateGroupMembership",
    "CreateStack",
    "DeactivateMFADevice",
    "DeleteVirtualMFADevice",
    "GetFederationToken",
    "InviteAccountToOrganization",
    "LeaveOrganization",
    "PublishLayerVersion",
    "SendSSHPublicKey",
    "SendSerialConsoleSSHPublicKey",
    "UpdateOpenIDConnectProviderThumbprint",
    "UpdatePassword",
    "UpdateProject",
    "UpdateSAMLProvider",
    "UpdateService",
    "UpdateStack",
];

#[test]
fn every_call_of_the_catalogue_is_answered() {
    let mut unanswered = BTreeSet::new();
    for row in &CATALOGUE {
        let plans = plans(&log_with(row));
        let plan: &Plan = plans.first().unwrap_or_else(|| panic!("{}: no plan", row.event_name));
        let about = |phase: Phase| {
            let told = format!("Left behind by {}", row.event_name);
            plan.steps.iter().filter(move |step| {
                step.phase == phase
                    && (step.why.contains(&told)
                        || step.id.starts_with("deny_user/444455556666/thing")
                        || step.id.starts_with("remove_password/")
                        || step.id.starts_with("stop_function/")
                        || step.id.starts_with("revoke_tokens/"))
            })
        };
        let steps: Vec<_> = about(Phase::RemovePersistence).collect();
        assert!(!steps.is_empty(), "{}:{} is not answered", row.service, row.event_name);
        for step in &steps {
            assert!(step.refused.is_none(), "{}: {:?}", row.event_name, step.refused);
            assert!(!step.console.path.is_empty(), "{}", row.event_name);
        }
        if steps.iter().all(|step| step.command.is_none()) {
            unanswered.insert(row.event_name);
        }
    }
    let looked_at = [
        "CreateLaunchTemplateVersion",
        "ModifyInstanceAttribute",
        "PutInlinePolicyToPermissionSet",
        "CreatePermissionSet",
        "ProvisionPermissionSet",
        "PutKeyPolicy",
        "AttachManagedPolicyToPermissionSet",
        "CreateUser",
    ];
    let expected: BTreeSet<&str> = BY_HAND.into_iter().chain(looked_at).collect();
    let surprising: Vec<&&str> =
        unanswered.iter().filter(|name| !expected.contains(**name)).collect();
    assert!(surprising.is_empty(), "no command for {surprising:?}");
}

#[test]
fn an_earlier_trust_policy_is_restored() {
    let row = CATALOGUE.iter().find(|row| row.event_name == "UpdateAssumeRolePolicy").unwrap();
    let log = log_with(row);
    let earlier = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
    let mut record: Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    record["requestParameters"]["policyDocument"] = json!(earlier);
    record["eventTime"] = json!("2026-03-06T06:05:30Z");
    record["eventID"] = json!("eeeeeeee-0000-4000-8000-000000000009");
    record["userIdentity"] = json!({"type": "IAMUser", "principalId": "AIDATERRAFORMXEXAMPLE", "accountId": "444455556666",
        "arn": "arn:aws:iam::444455556666:user/terraform", "userName": "terraform", "accessKeyId": "AKIATERRAFORMEXAMPLE"});
    let plans = plans(&format!("{log}\n{record}"));
    let plan = plans.iter().find(|plan| plan.title.contains("publisher")).unwrap();
    let step = crate::logs::step(plan, "trust_policy/");
    let argv = &step.command.as_ref().unwrap().argv;
    let written: Value = serde_json::from_str(argv.last().unwrap()).unwrap();
    assert_eq!(written, serde_json::from_str::<Value>(earlier).unwrap());
    assert!(step.undo[0].shell.contains("999988887777"), "{}", step.undo[0].shell);
    // Nobody has to look up what the logs hold.
    assert!(!plan.steps.iter().any(|step| step.id.starts_with("lift/trust_policy/")));
}
