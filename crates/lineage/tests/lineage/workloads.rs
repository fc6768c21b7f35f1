//! Credentials that services hand out: instances, functions, tasks, pods, certificates.

use serde_json::{Value, json};

use crate::drawing::drawn;
use crate::records::{Event, HERE, Session, assume, assume_by_service, event, role, user, uses};

const INSTANCE: &str = "i-0123456789abcdef0";

fn delivered(session: &Session, version: &str) -> Value {
    let mut who = session.who();
    who["sessionContext"]["ec2RoleDelivery"] = json!(version);
    who
}

#[test]
fn an_instance_has_two_keys_a_launch() {
    let first = role(HERE, "Web").session(INSTANCE, "ASIA1", "09:00");
    let second = first.with_key("ASIA2");
    let b = role(HERE, "B").session("s", "ASIA3", "09:30");
    assert_eq!(
        drawn(&[
            assume_by_service("ec2.amazonaws.com", &first),
            assume_by_service("ec2.amazonaws.com", &second),
            uses("09:10", &delivered(&first, "1.0")),
            uses("09:10", &delivered(&second, "2.0")),
            assume(&delivered(&second, "2.0"), &b),
        ]),
        "Ec2Instance i-0123456789abcdef0: AssumeRole 111122223333/Web/i-0123456789abcdef0 [ASIA1] Exact\n\
         Ec2Instance i-0123456789abcdef0: AssumeRole 111122223333/Web/i-0123456789abcdef0 [ASIA2] Exact\n\
         \x20 hop 1: AssumeRole 111122223333/B/s [ASIA3] Exact chained=1\n"
    );
}

#[test]
fn an_instance_is_known_by_how_its_key_was_delivered() {
    let session = role(HERE, "Web").session(INSTANCE, "ASIA1", "09:00");
    assert_eq!(
        drawn(&[uses("09:10", &delivered(&session, "2.0"))]),
        "Ec2Instance i-0123456789abcdef0: - 111122223333/Web/i-0123456789abcdef0 [ASIA1]\n"
    );
}

#[test]
fn an_instance_that_only_the_session_name_tells_of_is_a_lower_bound() {
    let session = role(HERE, "Web").session(INSTANCE, "ASIA1", "09:00");
    assert_eq!(
        drawn(&[uses("09:10", &session.who())]),
        "Ec2Instance i-0123456789abcdef0 >=: - 111122223333/Web/i-0123456789abcdef0 [ASIA1]\n"
    );
    for name in
        ["i-0123456789abcdeg0", "i-012345678", "mi-0123456789abcdef0", "I-0123456789abcdef0"]
    {
        let session = role(HERE, "Web").session(name, "ASIA1", "09:00");
        let drawing = drawn(&[uses("09:10", &session.who())]);
        assert!(drawing.starts_with("Unknown >="), "{drawing}");
    }
}

#[test]
fn a_session_that_calls_itself_an_instance_is_none() {
    let forged = role(HERE, "Web").session(INSTANCE, "ASIA1", "09:00");
    assert_eq!(
        drawn(&[assume(&user("mallory", "AKIAMALLORY"), &forged), uses("09:10", &forged.who())]),
        "IamUserAccessKey: - user/mallory [AKIAMALLORY]\n\
         \x20 hop 1: AssumeRole 111122223333/Web/i-0123456789abcdef0 [ASIA1] Exact\n"
    );
}

#[test]
fn functions_tasks_and_pods_are_origins() {
    let cases = [
        ("lambda.amazonaws.com", "orders", "LambdaFunction orders"),
        (
            "ecs-tasks.amazonaws.com",
            "0123456789abcdef0123456789abcdef",
            "EcsTask 0123456789abcdef0123456789abcdef",
        ),
        ("pods.eks.amazonaws.com", "eks-shop-web-1", "AwsService pods.eks.amazonaws.com"),
        ("glue.amazonaws.com", "GlueJobRunnerSession", "AwsService glue.amazonaws.com"),
    ];
    for (service, name, origin) in cases {
        let session = role(HERE, "Work").session(name, "ASIA1", "09:00");
        assert_eq!(
            drawn(&[assume_by_service(service, &session), uses("09:10", &session.who())]),
            format!("{origin}: AssumeRole 111122223333/Work/{name} [ASIA1] Exact\n")
        );
    }
}

#[test]
fn a_pod_is_a_sibling_of_its_node_and_not_its_child() {
    let node = role(HERE, "Node").session(INSTANCE, "ASIA1", "08:00");
    let pod = role(HERE, "Pod").session("eks-shop-web-1", "ASIA2", "09:00");
    let mut ask = event("09:00", &delivered(&node, "2.0"), "eks-auth", "AssumeRoleForPodIdentity");
    ask.0["requestParameters"] =
        json!({"clusterName": "shop", "token": "HIDDEN_DUE_TO_SECURITY_REASONS"});
    let drawing = drawn(&[
        assume_by_service("ec2.amazonaws.com", &node),
        ask,
        assume_by_service("pods.eks.amazonaws.com", &pod),
        uses("09:10", &pod.who()),
    ]);
    assert!(
        drawing.starts_with("AwsService pods.eks.amazonaws.com: ") && !drawing.contains("  "),
        "{drawing}"
    );
}

#[test]
fn a_function_is_known_by_the_scope_of_its_key() {
    let session = role(HERE, "Work").session("orders", "ASIA1", "09:00");
    let mut who = session.who();
    who["inScopeOf"] = json!({
        "issuerType": "AWS::Lambda::Function",
        "credentialsIssuedTo": "arn:aws:lambda:us-east-1:111122223333:function:orders"
    });
    assert_eq!(
        drawn(&[uses("09:10", &who)]),
        "LambdaFunction arn:aws:lambda:us-east-1:111122223333:function:orders: - \
         111122223333/Work/orders [ASIA1]\n"
    );
}

#[test]
fn a_service_linked_role_belongs_to_its_service() {
    let session = role(HERE, "AWSServiceRoleForRDS").session("RDS", "ASIA1", "09:00");
    let mut who = session.who();
    who["sessionContext"]["sessionIssuer"]["arn"] = json!(
        "arn:aws:iam::111122223333:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS"
    );
    assert_eq!(
        drawn(&[uses("09:10", &who)]),
        "AwsService rds.amazonaws.com: - 111122223333/AWSServiceRoleForRDS/RDS [ASIA1]\n"
    );
}

#[test]
fn a_certificate_is_an_origin() {
    let session = role(HERE, "OnPremises").session("6a1f", "ASIA1", "09:00");
    let mut create = event(
        "09:00",
        &json!({"type": "Unknown", "accountId": HERE}),
        "rolesanywhere",
        "CreateSession",
    );
    create.0["requestParameters"] = json!({"roleArn": session.role.arn(), "durationSeconds": 3600});
    create.0["responseElements"] = json!({"credentialSet": [{
        "credentials": {"accessKeyId": "ASIA1", "expiration": "2026-03-02T10:00:00Z"},
        "assumedRoleUser": {"assumedRoleId": session.principal_id(), "arn": session.arn()}
    }]});
    assert_eq!(
        drawn(&[create, uses("09:10", &session.who())]),
        "AwsService rolesanywhere.amazonaws.com: CreateSession 111122223333/OnPremises/6a1f [ASIA1] Exact\n"
    );
}

#[test]
fn the_call_of_a_service_in_the_name_of_a_caller_is_the_callers() {
    let a = role(HERE, "A").session("s", "ASIA1", "09:00");
    let mut forwarded: Event = uses("09:10", &a.who());
    forwarded.0["userIdentity"]["invokedBy"] = json!("cloudformation.amazonaws.com");
    assert_eq!(
        drawn(&[assume(&user("alice", "AKIAALICE"), &a), forwarded]),
        "IamUserAccessKey: - user/alice [AKIAALICE]\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIA1] Exact\n"
    );
}

#[test]
fn a_role_in_china_is_a_role() {
    let mut cn = role(HERE, "A");
    cn.partition = "aws-cn".into();
    let first = cn.session("s", "ASIA1", "09:00");
    let second = cn.session("s", "ASIA2", "09:50");
    assert_eq!(
        drawn(&[assume_by_service("ec2.amazonaws.com.cn", &first), assume(&first.who(), &second)]),
        "Ec2Instance s: AssumeRole 111122223333/A/s [ASIA1] Exact\n\
         \x20 hop 0: AssumeRole 111122223333/A/s [ASIA2] Exact calls=1 chained=1 refresh\n"
    );
}
