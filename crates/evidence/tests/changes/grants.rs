//! Policies that calls attach, put or write.

use evidence::Remark;
use serde_json::{Value, json};

use crate::records::{FOREIGN, change_of, foreign, remarks_of};

const ADMINISTRATOR: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

fn trust(principal: &Value, condition: &Value) -> Value {
    let document = json!({"Statement": {
        "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole",
        "Condition": condition,
    }});
    json!({"roleName": "irsa", "policyDocument": document.to_string()})
}

#[test]
fn a_permission_set_may_become_an_administrator() {
    let request = json!({"permissionSetArn": "ps-1", "managedPolicyArn": ADMINISTRATOR});
    let call = "sso:AttachManagedPolicyToPermissionSet";
    assert_eq!(remarks_of(call, &request), [Remark::GrantsAdministrator]);
    let change = change_of(call, &request, &Value::Null).unwrap();
    assert_eq!((&*change.name, &*change.detail), ("ps-1", ADMINISTRATOR));
}

#[test]
fn the_policy_of_a_secret_is_read_as_text_and_as_an_object() {
    let document = json!({"Statement": [{
        "Effect": "Allow", "Action": "*", "Resource": "*",
        "Principal": {"AWS": format!("arn:aws:iam::{FOREIGN}:root")},
    }]});
    for policy in [document.clone(), Value::from(document.to_string())] {
        let request = json!({"secretId": "s", "resourcePolicy": policy});
        // A policy with a principal opens one thing: it makes nobody an administrator.
        assert_eq!(remarks_of("secretsmanager:PutResourcePolicy", &request), [foreign()]);
    }
}

#[test]
fn anybody_on_a_condition_is_told_from_anybody() {
    let call = "iam:UpdateAssumeRolePolicy";
    let remarks = |condition: &Value| remarks_of(call, &trust(&json!({"AWS": "*"}), condition));
    assert_eq!(remarks(&json!({})), [Remark::TrustsAnyone]);
    let external_id = json!({"StringEquals": {"sts:ExternalId": "x"}});
    assert_eq!(remarks(&external_id), [Remark::TrustsAnyoneOnCondition]);
    let organization = json!({"StringEquals": {"aws:PrincipalOrgID": "o-1"}});
    assert_eq!(remarks(&organization), []);
}

#[test]
fn a_provider_without_a_condition_is_told_from_one_with() {
    let provider = "arn:aws:iam::111122223333:oidc-provider/oidc.eks";
    let principal = json!({"Federated": provider});
    let call = "iam:UpdateAssumeRolePolicy";
    let free = remarks_of(call, &trust(&principal, &json!({})));
    assert_eq!(free, [Remark::TrustsProviderFreely(provider.into())]);
    let subject = json!({"StringEquals": {"oidc.eks:sub": "system:serviceaccount:a:b"}});
    let bound = remarks_of(call, &trust(&principal, &subject));
    assert_eq!(bound, [Remark::TrustsProvider(provider.into())]);
}

#[test]
fn a_function_for_anybody_of_one_organization_is_not_for_anybody() {
    let call = "lambda:AddPermission20150331v2";
    let anybody = json!({"functionName": "f", "principal": "*"});
    assert_eq!(remarks_of(call, &anybody), [Remark::TrustsAnyone]);
    assert_eq!(&*change_of(call, &anybody, &Value::Null).unwrap().detail, "*");
    let own = json!({"functionName": "f", "principal": "*", "principalOrgID": "o-1"});
    assert_eq!(remarks_of(call, &own), []);
    let layer = json!({"layerName": "l", "principal": "*", "organizationId": "o-1"});
    assert_eq!(remarks_of("lambda:AddLayerVersionPermission20181031", &layer), []);
}
