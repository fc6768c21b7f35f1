//! The second scenario: an instance whose credentials are used from elsewhere, and its background.

use std::sync::Arc;

use detect::{
    Action, Background, BackgroundChange, Confidence, Count, Elsewhere, ForeignUse, HomeUse,
    KnownAddress, LaunchedBy, Locality, OriginKind, Part, PlaceRef, Severity, Trace,
    WorkloadSession,
};

use super::{at, event_id, hop, instance, origin};

pub(crate) const INSTANCE: &str = "i-0a1b2c3d4e5f60718";
const HOME: &str = "192.0.2.44";
const FOREIGN: &str = "198.51.100.7";
const KEY: &str = "ASIAQNZGKIQY5INSTANC";

fn place(address: &str) -> PlaceRef {
    PlaceRef { addresses: vec![address.into()], ..PlaceRef::default() }
}

pub(crate) fn elsewhere() -> Elsewhere {
    let home = HomeUse {
        place: place(HOME),
        basis: "held",
        because: "the instance's own address, by AssociateAddress at 2026-10-17T08:58:00Z".into(),
        event_id: Some(event_id(71)),
        first_seen: at(-3_000),
        last_seen: at(3_000),
        calls: Count::exactly(412),
    };
    let through_endpoint = HomeUse {
        place: PlaceRef {
            addresses: vec!["10.0.1.17".into()],
            vpc_endpoint_id: Some("vpce-0a1b2c3d4e5f60718".into()),
            vpc_endpoint_account_id: Some("111122223333".into()),
        },
        basis: "own_endpoint",
        because: "an endpoint of one's own".into(),
        event_id: None,
        calls: Count::exactly(20),
        ..home.clone()
    };
    Elsewhere { home: vec![home, through_endpoint], foreign: foreign(), foreign_left_out: 2 }
}

fn foreign() -> Vec<ForeignUse> {
    let action = |name: &str, error: &str, calls| Action {
        event_source: "s3.amazonaws.com".into(),
        event_name: name.into(),
        error_code: error.into(),
        calls: Count::exactly(calls),
    };
    let first = ForeignUse {
        place: place(FOREIGN),
        reasons: vec!["outside_aws", "two_places", "imds_v1_key"],
        because: vec![
            "The address is in none of AWS's ranges.".into(),
            "The workload itself called before and after, so that the credentials were in two \
             places at once."
                .into(),
        ],
        ruled_out: vec![
            "Not a service on its behalf: the calls were direct.".into(),
            "Not a moved address: no event in these logs gave it to the instance then.".into(),
        ],
        severity: Severity::High,
        confidence: Confidence::High,
        clients: vec!["aws-cli on Kali Linux".into()],
        actions: vec![
            action("GetCallerIdentity", "", 1),
            action("ListBuckets", "", 2),
            action("GetObject", "AccessDenied", 25),
            action("GetObject", "", 3),
        ],
        actions_left_out: 0,
        access_key_ids: vec![KEY.into()],
        first_seen: at(0),
        last_seen: at(480),
        calls: Count::exactly(31),
        locality: Some(Locality {
            country: Some("NL".into()),
            asn: Some(64_500),
            network_owner: Some("Example Transit".into()),
        }),
    };
    let second = ForeignUse {
        place: PlaceRef {
            addresses: vec!["10.9.0.3".into(), "10.9.0.4".into()],
            vpc_endpoint_id: Some("vpce-0f0e0d0c0b0a09080".into()),
            vpc_endpoint_account_id: Some("999988887777".into()),
        },
        reasons: vec!["foreign_endpoint"],
        because: vec!["Account 999988887777 is none of one's own.".into()],
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        actions_left_out: 4,
        locality: None,
        ..first.clone()
    };
    vec![first, second]
}

pub(crate) fn background() -> Background {
    Background {
        kind: OriginKind::Ec2Instance,
        instance_id: Some(INSTANCE.into()),
        name: Some("web-1".into()),
        account_id: Some("111122223333".into()),
        region: Some("eu-central-1".into()),
        vpc_id: Some("vpc-0a1b2c3d4e5f60718".into()),
        subnet_id: Some("subnet-0a1b2c3d4e5f60718".into()),
        image_id: Some("ami-0a1b2c3d4e5f60718".into()),
        security_group_ids: vec!["sg-0a1b2c3d4e5f60718".into()],
        role_arn: Some("arn:aws:iam::111122223333:role/web".into()),
        instance_profile: Some("web".into()),
        addresses: addresses(),
        launch: Some(LaunchedBy {
            event_time: at(-7_200),
            event_id: Some(event_id(70)),
            principal_arn: Some("arn:aws:sts::111122223333:assumed-role/ci-deploy/run-7".into()),
            source_ip_address: "203.0.113.9".into(),
            origin: origin(),
            roles: vec![hop(1, "222233334444", "ci-deploy", "ASIAQNZGKIQY5CIDEPLO")],
        }),
        launched_at: Some(at(-7_200)),
        terminated_at: Some(at(3_500)),
        http_tokens: Some("optional".into()),
        http_put_response_hop_limit: Some(2),
        calls_by_imds_version: [31, 1_412].map(Count::exactly),
        sessions: vec![WorkloadSession {
            issued_at: Some(at(-3_600)),
            access_key_ids: vec![KEY.into()],
            calls: Count::exactly(443),
            places: vec![HOME.into(), FOREIGN.into()],
        }],
        sessions_left_out: 1,
        changes: changes(),
        changes_left_out: 3,
    }
}

fn addresses() -> Vec<KnownAddress> {
    vec![
        KnownAddress {
            address: "10.0.1.17".into(),
            since: Some(at(-7_200)),
            until: None,
            because: "by RunInstances at 2026-10-17T08:00:00Z".into(),
            event_id: Some(event_id(70)),
        },
        KnownAddress {
            address: HOME.into(),
            since: Some(at(-3_720)),
            until: Some(at(3_500)),
            because: "by AssociateAddress at 2026-10-17T08:58:00Z".into(),
            event_id: Some(event_id(71)),
        },
    ]
}

fn changes() -> Vec<BackgroundChange> {
    let change = |number: u32, source: &str, name: &str, what: &str| BackgroundChange {
        event_time: at(-1_000 + i64::from(number)),
        event_source: source.into(),
        event_name: name.into(),
        event_id: Some(event_id(number)),
        what: what.into(),
        principal_arn: Some("arn:aws:iam::111122223333:user/build-legacy".into()),
        source_ip_address: "203.0.113.9".into(),
    };
    let options = "metadata options: httpTokens optional";
    vec![
        change(72, "ec2.amazonaws.com", "ModifyInstanceMetadataOptions", options),
        change(73, "ssm.amazonaws.com", "SendCommand", "command: AWS-RunShellScript"),
        change(74, "iam.amazonaws.com", "AttachRolePolicy", "role: policy of a role"),
        change(75, "ec2.amazonaws.com", "RebootInstances", "state"),
        change(76, "ec2.amazonaws.com", "ModifyInstanceAttribute", "user data"),
    ]
}

/// A trace of the instance.
pub(crate) fn trace() -> Trace {
    let (finding, _) = instance();
    Trace {
        subject: INSTANCE.into(),
        parts: vec![Part {
            background: Some(background()),
            origin: finding.origin,
            ..super::trace().parts.swap_remove(0)
        }],
        parts_left_out: 0,
    }
}

/// What the hostile logs say in every place of a background.
pub(crate) fn hostile_background(text: &Arc<str>) -> Background {
    let mut told = background();
    let word = || Some(Arc::clone(text));
    (told.instance_id, told.name, told.account_id) = (word(), word(), word());
    (told.region, told.vpc_id, told.subnet_id) = (word(), word(), word());
    (told.image_id, told.role_arn, told.instance_profile) = (word(), word(), word());
    told.security_group_ids = vec![Arc::clone(text)];
    told.http_tokens = word();
    for known in &mut told.addresses {
        (known.address, known.because) = (text.to_string(), text.to_string());
        known.event_id = Some(text.to_string());
    }
    if let Some(launch) = &mut told.launch {
        (launch.principal_arn, launch.source_ip_address) = (word(), Arc::clone(text));
        launch.event_id = Some(text.to_string());
    }
    for session in &mut told.sessions {
        session.access_key_ids = vec![Arc::clone(text)];
        session.places = vec![text.to_string()];
    }
    for change in &mut told.changes {
        (change.event_source, change.event_name) = (Arc::clone(text), Arc::clone(text));
        (change.what, change.event_id) = (text.to_string(), Some(text.to_string()));
        (change.principal_arn, change.source_ip_address) = (word(), Arc::clone(text));
    }
    told
}

/// What the hostile logs say about where credentials were used.
pub(crate) fn hostile_elsewhere(text: &Arc<str>) -> Elsewhere {
    let mut told = elsewhere();
    let place = |place: &mut PlaceRef, has_endpoint: bool| {
        place.addresses = vec![text.to_string()];
        place.vpc_endpoint_id = has_endpoint.then(|| Arc::clone(text));
        place.vpc_endpoint_account_id = has_endpoint.then(|| Arc::clone(text));
    };
    for (at, home) in told.home.iter_mut().enumerate() {
        place(&mut home.place, at > 0);
        (home.because, home.event_id) = (text.to_string(), Some(text.to_string()));
    }
    for (at, foreign) in told.foreign.iter_mut().enumerate() {
        place(&mut foreign.place, at > 0);
        foreign.because = vec![text.to_string()];
        foreign.ruled_out = vec![text.to_string()];
        foreign.clients = vec![text.to_string()];
        foreign.access_key_ids = vec![Arc::clone(text)];
        for action in &mut foreign.actions {
            (action.event_source, action.event_name) = (Arc::clone(text), Arc::clone(text));
            action.error_code = Arc::clone(text);
        }
        foreign.locality = Some(Locality {
            country: Some(text.to_string()),
            asn: Some(u32::MAX),
            network_owner: Some(text.to_string()),
        });
    }
    told
}
