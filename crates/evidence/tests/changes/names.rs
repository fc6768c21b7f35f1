//! What a change is called, and whether it made, changed or removed something.

use evidence::{ArtifactKind, Verb};
use serde_json::{Value, json};

use crate::records::change_of;

fn name(call: &str, request: &Value, response: &Value) -> String {
    change_of(call, request, response).unwrap().name.to_string()
}

#[test]
fn a_hidden_name_is_no_name() {
    let user_id = "01cb45c0-c071-70a1-0a3a-e417bf7fd8ff";
    for hidden in ["HIDDEN_DUE_TO_SECURITY_REASONS", "<sensitiveDataRemoved>", "****"] {
        let request = json!({"userName": hidden});
        let response = json!({"userId": user_id, "identityStoreId": "d-1"});
        assert_eq!(name("identitystore:CreateUser", &request, &response), user_id);
        assert_eq!(name("identitystore:CreateUser", &request, &Value::Null), "");
        let account = json!({"accountName": hidden, "email": hidden});
        let response = json!({"createAccountStatus": {"accountName": hidden, "id": "car-1"}});
        assert_eq!(name("organizations:CreateAccount", &account, &response), "car-1");
    }
}

#[test]
fn users_of_identity_center_are_named_by_their_id() {
    let response = json!({"user": {"userId": "01cb45c0", "active": true}});
    assert_eq!(name("sso-directory:CreateUser", &json!({"active": true}), &response), "01cb45c0");
    let request = json!({"groupId": "g-1", "memberId": {"userId": "01cb45c0"}});
    let call = "identitystore:CreateGroupMembership";
    let change = change_of(call, &request, &Value::Null).unwrap();
    assert_eq!((&*change.name, &*change.detail), ("01cb45c0", "g-1"));
}

#[test]
fn a_protection_that_is_taken_away_is_removed() {
    for call in [
        "iam:DeactivateMFADevice",
        "iam:DeleteVirtualMFADevice",
        "iam:DeleteUserPermissionsBoundary",
        "iam:DeleteRolePermissionsBoundary",
        "rolesanywhere:DisableCrl",
        "organizations:LeaveOrganization",
    ] {
        let change = change_of(call, &json!({"userName": "bob"}), &Value::Null).unwrap();
        assert_eq!(change.verb, Verb::Removed, "{call}");
    }
}

#[test]
fn a_new_account_is_told_from_a_new_member() {
    let artifact = |call| change_of(call, &json!({}), &Value::Null).unwrap().artifact;
    assert_eq!(artifact("organizations:CreateAccount"), ArtifactKind::OrganizationAccount);
    for call in ["organizations:InviteAccountToOrganization", "organizations:LeaveOrganization"] {
        assert_eq!(artifact(call), ArtifactKind::OrganizationMembership, "{call}");
    }
}
