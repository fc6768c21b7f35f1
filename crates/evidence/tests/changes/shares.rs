//! Images, snapshots, topics, queues, keys and buckets that are opened to others.

use evidence::Remark;
use serde_json::{Value, json};

use crate::records::{FOREIGN, change_of, foreign, remarks_of};

fn is_left(call: &str, request: &Value) -> bool {
    change_of(call, request, &Value::Null).is_some()
}

#[test]
fn an_image_or_a_snapshot_names_whom_it_is_shared_with() {
    for (call, permission) in [
        ("ec2:ModifyImageAttribute", "launchPermission"),
        ("ec2:ModifySnapshotAttribute", "createVolumePermission"),
    ] {
        let with_all = json!({permission: {"add": {"items": [{"group": "all"}]}}});
        assert_eq!(remarks_of(call, &with_all), [Remark::TrustsAnyone], "{call}");
        let with_one = json!({permission: {"add": {"items": [{"userId": FOREIGN}]}}});
        assert_eq!(remarks_of(call, &with_one), [foreign()], "{call}");
    }
}

#[test]
fn a_database_snapshot_names_whom_it_is_shared_with() {
    let call = "rds:ModifyDBSnapshotAttribute";
    let with = |who: &str| json!({"attributeName": "restore", "valuesToAdd": [who]});
    assert_eq!(remarks_of(call, &with("all")), [Remark::TrustsAnyone]);
    assert_eq!(remarks_of(call, &with(FOREIGN)), [foreign()]);
}

#[test]
fn what_shares_nothing_leaves_nothing() {
    let image = "ec2:ModifyImageAttribute";
    assert!(!is_left(image, &json!({"imageId": "ami-1", "description": {"value": "x"}})));
    let removal = json!({"remove": {"items": [{"userId": FOREIGN}]}});
    assert!(!is_left(image, &json!({"launchPermission": removal})));
    let snapshot = "ec2:ModifySnapshotAttribute";
    assert!(!is_left(snapshot, &json!({"createVolumePermission": removal})));
    let database = "rds:ModifyDBSnapshotAttribute";
    assert!(!is_left(database, &json!({"valuesToRemove": [FOREIGN]})));
    assert!(!is_left(database, &json!({"valuesToAdd": []})));
}

#[test]
fn topics_queues_and_keys_name_accounts_instead_of_a_policy() {
    let accounts = json!({"aWSAccountIds": [FOREIGN], "actions": ["SendMessage"]});
    assert_eq!(remarks_of("sqs:AddPermission", &accounts), [foreign()]);
    let accounts = json!({"aWSAccountId": [FOREIGN], "actionName": ["Publish"]});
    assert_eq!(remarks_of("sns:AddPermission", &accounts), [foreign()]);
    let grantee = format!("arn:aws:iam::{FOREIGN}:role/reader");
    let grant = json!({"keyId": "k", "granteePrincipal": grantee});
    assert_eq!(remarks_of("kms:CreateGrant", &grant), [foreign()]);
    let service = json!({"keyId": "k", "granteePrincipal": "dynamodb.us-east-1.amazonaws.com"});
    assert_eq!(remarks_of("kms:CreateGrant", &service), []);
}

#[test]
fn an_access_control_list_may_open_a_bucket() {
    let everybody = "http://acs.amazonaws.com/groups/global/AllUsers";
    let grant = json!({"Grantee": {"xsi:type": "Group", "URI": everybody}, "Permission": "READ"});
    for request in [
        json!({"x-amz-acl": "public-read"}),
        json!({"x-amz-acl": ["public-read-write"]}),
        json!({"x-amz-acl": ["authenticated-read"]}),
        json!({"x-amz-grant-read": [format!("uri=\"{everybody}\"")]}),
        json!({"AccessControlPolicy": {"AccessControlList": {"Grant": [grant]}}}),
        json!({"AccessControlPolicy": {"AccessControlList": {"Grant": grant}}}),
    ] {
        assert_eq!(remarks_of("s3:PutBucketAcl", &request), [Remark::TrustsAnyone], "{request}");
    }
    for request in [
        json!({"x-amz-acl": ["private"], "acl": [""]}),
        json!({"AccessControlPolicy": {"AccessControlList": {"Grant": [
            {"Grantee": {"xsi:type": "CanonicalUser", "ID": "1"}, "Permission": "FULL_CONTROL"}
        ]}}}),
    ] {
        assert_eq!(remarks_of("s3:PutBucketAcl", &request), [], "{request}");
    }
}

#[test]
fn a_stack_counts_when_it_acts_with_a_role() {
    for call in ["cloudformation:CreateStack", "cloudformation:UpdateStack"] {
        assert!(!is_left(call, &json!({"stackName": "shop"})), "{call}");
        let role = json!({"stackName": "shop", "roleARN": "arn:aws:iam::111122223333:role/cfn"});
        assert!(is_left(call, &role), "{call}");
    }
}
