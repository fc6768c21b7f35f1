//! Instances, and what is done to them.

use network::{Instance, Network, Touch};
use serde_json::{Value, json};

use crate::records::{
    allocate, associate, disassociate, launch, minute_of, network, of_service, record, span, state,
};

fn instance(network: &Network) -> &Instance {
    network.instance("i-1").unwrap()
}

/// Minutes, touches and details of the changes of `i-1`.
fn changes(network: &Network) -> Vec<(i64, Touch, String)> {
    let minute = |time: cloudtrail::Timestamp| time.seconds_since(minute_of(0)) / 60;
    let changes = instance(network).changes.iter();
    changes.map(|c| (minute(c.event.event_time), c.touch, c.detail.to_string())).collect()
}

#[test]
fn a_launch_tells_where_and_what_and_by_whom() {
    let network = network(&[launch(3)]);
    let instance = instance(&network);
    assert_eq!(&*instance.id, "i-1");
    assert_eq!(instance.account_id.as_deref(), Some("111122223333"));
    assert_eq!(instance.region.as_deref(), Some("eu-west-1"));
    assert_eq!(instance.vpc_id.as_deref(), Some("vpc-1"));
    assert_eq!(instance.subnet_id.as_deref(), Some("subnet-1"));
    assert_eq!(instance.name.as_deref(), Some("front"));
    assert_eq!(instance.image_id.as_deref(), Some("ami-1"));
    assert_eq!(instance.launched_at, Some(minute_of(3)));
    let launch = instance.launch.as_ref().unwrap();
    assert_eq!(&*launch.caller.arn, "arn:aws:iam::111122223333:user/alice");
    assert!(launch.event.request_id.starts_with("request of RunInstances"));
    assert_eq!(instance.security_group_ids, ["sg-1".into()]);
    let [options] = instance.metadata_options.as_slice() else { panic!("one") };
    assert_eq!(options.value.http_tokens.as_deref(), Some("optional"));
    assert_eq!(options.value.hop_limit, Some(1));
    assert!(instance.changes.is_empty());
}

#[test]
fn every_instance_of_a_launch_is_read() {
    let mut record = launch(3);
    let list = &mut record["responseElements"]["instancesSet"]["items"];
    let second = list[0].to_string().replace("\"i-1\"", "\"i-2\"").replace("eni-1", "eni-2");
    list.as_array_mut().unwrap().push(serde_json::from_str(&second).unwrap());
    let network = network(&[record]);
    assert!(network.instance("i-1").is_some() && network.instance("i-2").is_some());
}

#[test]
fn profiles_follow_each_other() {
    let profile = |name: &str| format!("arn:aws:iam::111122223333:instance-profile/{name}");
    let association = |id: &str, name: &str| {
        json!({"associationId": id, "instanceId": "i-1", "state": "associating",
            "iamInstanceProfile": {"arn": profile(name), "id": "AIPAEXAMPLE"}})
    };
    let network = network(&[
        launch(0),
        record(
            2,
            "ReplaceIamInstanceProfileAssociation",
            &json!({"ReplaceIamInstanceProfileAssociationRequest": {
                "AssociationId": "iip-assoc-1", "IamInstanceProfile": {"Name": "admin"}}}),
            &json!({"ReplaceIamInstanceProfileAssociationResponse": {
                "iamInstanceProfileAssociation": association("iip-assoc-2", "admin")}}),
        ),
        record(
            4,
            "DisassociateIamInstanceProfile",
            &json!({"DisassociateIamInstanceProfileRequest": {"AssociationId": "iip-assoc-2"}}),
            &json!({"DisassociateIamInstanceProfileResponse": {
                "iamInstanceProfileAssociation": association("iip-assoc-2", "admin")}}),
        ),
        record(
            6,
            "AssociateIamInstanceProfile",
            &json!({"AssociateIamInstanceProfileRequest": {
                "InstanceId": "i-1", "IamInstanceProfile": {"Name": "late"}}}),
            &Value::Null,
        ),
    ]);
    let profiles = instance(&network).profiles.iter();
    let told: Vec<_> = profiles.map(|held| (span(held), held.value.to_string())).collect();
    let expected = [
        ("0..2".to_owned(), profile("web")),
        ("2..4".to_owned(), profile("admin")),
        ("6..".to_owned(), "late".to_owned()),
    ];
    assert_eq!(told, expected);
    let touches: Vec<_> = changes(&network).into_iter().map(|(at, touch, _)| (at, touch)).collect();
    assert_eq!(touches, [(2, Touch::Profile), (4, Touch::Profile), (6, Touch::Profile)]);
}

#[test]
fn changed_metadata_options_keep_what_is_not_told() {
    let modify = record(
        5,
        "ModifyInstanceMetadataOptions",
        &json!({"ModifyInstanceMetadataOptionsRequest": {
            "InstanceId": "i-1", "HttpTokens": "required", "HttpEndpoint": "enabled"}}),
        &Value::Null,
    );
    let network = network(&[launch(0), modify]);
    let [before, after] = instance(&network).metadata_options.as_slice() else { panic!("two") };
    assert_eq!((&*span(before), &*span(after)), ("0..5", "5.."));
    assert_eq!(after.value.http_tokens.as_deref(), Some("required"));
    assert_eq!(after.value.hop_limit, Some(1));
    assert_eq!(changes(&network), [(5, Touch::MetadataOptions, "required".to_owned())]);
}

/// A call of any service on an instance.
fn call(minute: i64, call: &str, request: &Value) -> Value {
    let (service, event_name) = call.split_once(':').unwrap();
    of_service(service, minute, event_name, request, &Value::Null)
}

#[test]
fn commands_and_connections_are_kept_by_time() {
    let one = json!({"instanceId": "i-1"});
    let network = network(&[
        call(4, "ec2-instance-connect:SendSerialConsoleSSHPublicKey", &one),
        call(
            1,
            "ssm:SendCommand",
            &json!({"documentName": "AWS-RunShellScript",
            "instanceIds": ["i-1", "i-2"], "parameters": "HIDDEN_DUE_TO_SECURITY_REASONS"}),
        ),
        call(
            2,
            "ssm:SendCommand",
            &json!({"documentName": "doc", "targets": [
            {"key": "InstanceIds", "values": ["i-1"]}, {"key": "tag:a", "values": ["i-3"]}]}),
        ),
        call(3, "ssm:StartSession", &json!({"target": "i-1"})),
        call(5, "ec2-instance-connect:SendSSHPublicKey", &one),
    ]);
    let expected = [
        (1, Touch::Command, "AWS-RunShellScript"),
        (2, Touch::Command, "doc"),
        (3, Touch::Connection, "StartSession"),
        (4, Touch::Connection, "SendSerialConsoleSSHPublicKey"),
        (5, Touch::Connection, "SendSSHPublicKey"),
    ];
    assert_eq!(changes(&network), expected.map(|(at, touch, detail)| (at, touch, detail.into())));
    assert!(network.instance("i-2").is_some() && network.instance("i-3").is_none());
}

#[test]
fn changes_of_an_instance_are_kept_by_time() {
    let network = network(&[
        state(8, "StopInstances"),
        call(
            6,
            "ec2:ModifyInstanceAttribute",
            &json!({"instanceId": "i-1", "userData": "<sensitiveDataRemoved>"}),
        ),
        call(
            7,
            "ec2:ModifyInstanceAttribute",
            &json!({"instanceId": "i-1",
            "groupSet": {"items": [{"groupId": "sg-9"}]}}),
        ),
        call(
            7,
            "ec2:ModifyInstanceAttribute",
            &json!({"instanceId": "i-1", "disableApiTermination": {"value": false}}),
        ),
        state(9, "StartInstances"),
        call(10, "ec2:AttachVolume", &json!({"instanceId": "i-1", "volumeId": "vol-1"})),
        call(11, "ec2:CreateSnapshot", &json!({"volumeId": "vol-1"})),
        call(
            12,
            "ec2:CreateSnapshots",
            &json!({"CreateSnapshotsRequest":
            {"InstanceSpecification": {"InstanceId": "i-1"}}}),
        ),
        state(13, "RebootInstances"),
        state(15, "TerminateInstances"),
        state(14, "TerminateInstances"),
    ]);
    let told: Vec<_> = changes(&network).into_iter().map(|c| (c.0, c.1)).collect();
    let expected = [
        (6, Touch::UserData),
        (7, Touch::SecurityGroup),
        (8, Touch::State),
        (9, Touch::State),
        (10, Touch::Volume),
        (11, Touch::Volume),
        (12, Touch::Volume),
        (13, Touch::State),
        (14, Touch::Termination),
        (15, Touch::Termination),
    ];
    assert_eq!(told, expected);
    assert_eq!(instance(&network).terminated.as_ref().unwrap().0, minute_of(14));
}

#[test]
fn a_copy_of_an_event_is_no_second_change() {
    let first = state(1, "RebootInstances");
    let mut copy = first.clone();
    copy["eventID"] = json!("another");
    assert_eq!(changes(&network(&[first, copy])).len(), 1);
}

#[test]
fn addresses_that_come_and_go_touch_their_instance() {
    let records = [launch(0), allocate(1, 1), associate(2, 1, "eni-1", 1), disassociate(3, 1)];
    let touches: Vec<_> = changes(&network(&records)).into_iter().map(|c| (c.0, c.1)).collect();
    assert_eq!(touches, [(2, Touch::Address), (3, Touch::Address)]);
}

#[test]
fn groups_that_are_opened_are_found_by_group() {
    let open = record(
        4,
        "AuthorizeSecurityGroupIngress",
        &json!({"groupId": "sg-1", "cidrIp": "0.0.0.0/0", "fromPort": 22, "ipPermissions": {}}),
        &json!({"_return": true}),
    );
    let network = network(&[launch(0), open]);
    let [change] = network.group_changes("sg-1") else { panic!("one") };
    assert_eq!((change.touch, &*change.detail), (Touch::SecurityGroup, "sg-1"));
    assert!(network.group_changes("sg-2").is_empty());
}

#[test]
fn the_name_is_the_last_one_that_was_given() {
    let rename = |minute, name: &str| {
        record(
            minute,
            "CreateTags",
            &json!({"resourcesSet": {"items": [{"resourceId": "ami-1"}, {"resourceId": "i-1"}]},
                "tagSet": {"items": [{"key": "Name", "value": name}]}}),
            &json!({"_return": true}),
        )
    };
    let network = network(&[rename(5, "last"), launch(0), rename(2, "second")]);
    assert_eq!(instance(&network).name.as_deref(), Some("last"));
    assert!(network.instance("ami-1").is_none());
}
