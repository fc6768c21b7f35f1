//! Text that was chosen to break whoever reads it.

use detect::{Settings, Severity, analyze, trace};

use crate::writing::{Log, session, user};

/// Terminal codes, markup, formulas, directions, lone control characters, and a name too long.
fn texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "\\u001b[31mred\\u001b]0;title\\u0007",
        "<script>alert(1)</script>",
        "=HYPERLINK(\\\"https://example.com\\\")",
        "\\u202egpj.exe\\u2066",
        "\\u0000\\u0001\\r\\n",
        "../../etc/passwd",
        "$(reboot)`reboot`",
        "\\ud83d\\ude00",
        "arn:aws:iam::",
        ":::::::",
        "//",
        "",
    ]
    .map(str::to_owned)
    .into();
    texts.push("long".repeat(2 * 1024));
    texts
}

#[test]
fn any_text_may_stand_in_any_field() {
    for text in texts() {
        let mut log = Log::default();
        let who = format!(
            r#"{{"type":"AssumedRole","principalId":"{text}:{text}","arn":"{text}","accountId":"{text}","accessKeyId":"{text}","userName":"{text}","invokedBy":"{text}","sessionContext":{{"sessionIssuer":{{"arn":"{text}","userName":"{text}"}},"attributes":{{"creationDate":"{text}","mfaAuthenticated":"{text}"}},"sourceIdentity":"{text}","ec2RoleDelivery":"{text}","webIdFederationData":{{"federatedProvider":"{text}"}}}},"onBehalfOf":{{"userId":"{text}"}},"inScopeOf":{{"issuerType":"{text}","credentialsIssuedTo":"{text}"}}}}"#
        );
        for (source, name) in [
            ("sts", "AssumeRole"),
            ("sts", "AssumeRoot"),
            ("sts", "GetFederationToken"),
            ("sts", "AssumeRoleWithSAML"),
            ("iam", "CreateAccessKey"),
            ("iam", "CreateUser"),
            ("iam", "UpdateAssumeRolePolicy"),
            ("signin", "ConsoleLogin"),
            ("signin", "SwitchRole"),
            ("sso", "GetRoleCredentials"),
            ("rolesanywhere", "CreateSession"),
        ] {
            let record = format!(
                r#"{{"userIdentity":{who},"eventTime":"2026-03-02T09:00:00Z","eventSource":"{source}.amazonaws.com","eventName":"{name}","awsRegion":"{text}","sourceIPAddress":"{text}","userAgent":"{text}","eventID":"{name}{text}","requestID":"{text}","sharedEventID":"{text}","recipientAccountId":"{text}","vpcEndpointId":"{text}","requestParameters":{{"roleArn":"{text}","roleSessionName":"{text}","userName":"{text}","name":"{text}","policy":"{text}","policyDocument":"{text}","policyArn":"{text}","targetPrincipal":"{text}","principalArn":"{text}","sourceIdentity":"{text}"}},"responseElements":{{"ConsoleLogin":"Success","credentials":{{"accessKeyId":"{text}x","expiration":"{text}"}},"accessKey":{{"accessKeyId":"{text}y","userName":"{text}"}},"assumedRoleUser":{{"assumedRoleId":"{text}","arn":"{text}"}},"federatedUser":{{"federatedUserId":"{text}","arn":"{text}"}}}},"additionalEventData":{{"SwitchFrom":"{text}"}},"serviceEventDetails":{{"role_name":"{text}","account_id":"{text}"}}}}"#
            );
            log.text(&record);
        }
        let evidence = log.evidence();
        assert!(!analyze(&evidence, Settings::default()).findings.is_empty(), "{text}");
        let _ = trace(&evidence, Settings::default(), &text);
    }
}

#[test]
fn a_record_of_256_kilobytes_is_read_like_any_other() {
    let mut log = Log::default();
    let admin = session("admin".into(), 0);
    log.assume(&user("alice", "AKIAALICEXXXXEXAMPLE"), &admin);
    let statement = r#"{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::999988887777:root\"},\"Action\":\"sts:AssumeRole\"},"#;
    let statements = statement.repeat(256 * 1024 / statement.len() + 1);
    let statements = statements.trim_end_matches(',');
    let rest = format!(
        r#","requestParameters":{{"roleName":"open","policyDocument":"{{\"Statement\":[{statements}]}}"}}"#
    );
    assert!(rest.len() > 256 * 1024);
    log.call(&admin.who(), 10, ("iam", "UpdateAssumeRolePolicy"), &rest);
    let findings = log.analysis().findings;
    let [finding] = findings.as_slice() else {
        panic!("{} findings", findings.len());
    };
    assert_eq!(finding.left_behind.len(), 1);
    assert!(finding.severity > Severity::Informational);
    assert_eq!(finding.left_behind[0].remarks, ["admits foreign account 999988887777"]);
}
