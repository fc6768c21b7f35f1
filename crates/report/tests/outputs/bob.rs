//! The first scenario of the mission by hand: a long-term key, three roles in three accounts,
//! a new user Bob with a key of his own, and a fourth role taken with it.

mod picture;
mod walk;
pub(crate) mod workload;

pub(crate) use walk::trace;

use std::sync::Arc;

use cloudtrail::Timestamp;
use detect::attack::Technique;
use detect::{
    Analysis, Caller, Chain, Color, Confidence, Count, CredentialRef, EvidenceEvent, Finding,
    Graph, Hop, Incident, LeftBehind, Moment, Origin, OriginKind, Severity,
};
use report::{Coverage, Note, SetAside, Skipped};

pub(crate) const KEY: &str = "AKIAIOSFODNN7EXAMPLE";
const BOB_KEY: &str = "AKIAI44QH8DHBEXAMPLE";
const ADDRESS: &str = "203.0.113.50";

static ACCOUNTS: Technique =
    Technique { id: "T1078.004", name: "Valid Accounts: Cloud Accounts", aliases: &[] };
static CREATE_ACCOUNT: Technique =
    Technique { id: "T1136.003", name: "Create Account: Cloud Account", aliases: &[] };
static CREDENTIALS: Technique = Technique {
    id: "T1098.001",
    name: "Account Manipulation: Additional Cloud Credentials",
    aliases: &[],
};

/// 2026-10-17 10:00:00 and `seconds`.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp(1_792_231_200 + seconds)
}

fn event_id(number: u32) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

pub(crate) fn hop(number: u32, account: &str, role: &str, key: &str) -> Hop {
    Hop {
        hop: number,
        color: color(number),
        event_name: "AssumeRole".into(),
        role_arn: format!("arn:aws:iam::{account}:role/{role}").into(),
        role_session_name: format!("session-{number}").into(),
        access_key_id: Some(key.into()),
        event_id: Some(event_id(number)),
        event_time: at(i64::from(number) * 120),
        source_ip_address: ADDRESS.into(),
        confidence: Confidence::High,
    }
}

const fn color(hop: u32) -> Color {
    match hop {
        0 | 1 => Color::None,
        2 => Color::Orange,
        _ => Color::Red,
    }
}

fn roles() -> Vec<Hop> {
    vec![
        hop(1, "222233334444", "ci-deploy", "ASIAQNZGKIQY5CIDEPLO"),
        hop(2, "333344445555", "org-admin", "ASIAQNZGKIQY5ORGADMI"),
        hop(3, "444455556666", "break-glass", "ASIAQNZGKIQY5BREAKGL"),
        hop(4, "555566667777", "data-export", "ASIAQNZGKIQY5DATAEXP"),
    ]
}

pub(crate) fn origin() -> Origin {
    Origin {
        kind: OriginKind::IamUserAccessKey,
        access_key_id: Some(KEY.into()),
        principal_arn: Some("arn:aws:iam::111122223333:user/build-legacy".into()),
        instance_id: None,
        subject: None,
        account_id: Some("111122223333".into()),
    }
}

fn left_behind() -> Vec<LeftBehind> {
    let left = |number: u32, name: &str, kind, technique| LeftBehind {
        event_name: name.into(),
        event_source: "iam.amazonaws.com".into(),
        kind,
        name: "Bob".into(),
        is_access: true,
        access_key_id: None,
        remarks: Vec::new(),
        account_id: "444455556666".into(),
        hop: 3,
        event_id: Some(event_id(number)),
        event_time: at(360 + i64::from(number)),
        source_ip_address: ADDRESS.into(),
        technique,
        aws_region: "us-east-1".into(),
        caller: caller(3),
    };
    vec![
        LeftBehind {
            remarks: vec!["grants administrator access".into()],
            ..left(31, "CreateUser", "IAM user", &CREATE_ACCOUNT)
        },
        LeftBehind {
            access_key_id: Some(BOB_KEY.into()),
            remarks: vec!["long-term key for another user".into()],
            ..left(33, "CreateAccessKey", "access key", &CREDENTIALS)
        },
    ]
}

fn evidence(hops: &[Hop]) -> Vec<EvidenceEvent> {
    hops.iter()
        .map(|hop| EvidenceEvent {
            event_time: hop.event_time,
            event_id: hop.event_id.clone(),
            event_source: "sts.amazonaws.com".into(),
            event_name: hop.event_name.clone(),
            source_ip_address: hop.source_ip_address.clone(),
            aws_region: "us-east-1".into(),
            caller: if hop.hop == 4 { created_user() } else { caller(hop.hop as usize - 1) },
        })
        .collect()
}

/// The user that the chain created, who makes the fourth hop.
fn created_user() -> Caller {
    Caller {
        kind: "IAMUser",
        principal_arn: Some("arn:aws:iam::444455556666:user/Bob".into()),
        principal_id: Some("AIDAEXAMPLEBOB".into()),
        account_id: Some("444455556666".into()),
        access_key_id: Some(BOB_KEY.into()),
        created: None,
    }
}

/// Who made the call after `hop` hops.
fn caller(hop: usize) -> Caller {
    let Some(role) = hop.checked_sub(1).and_then(|index| roles().into_iter().nth(index)) else {
        return Caller {
            kind: "IAMUser",
            principal_arn: origin().principal_arn,
            principal_id: Some("AIDAEXAMPLEBUILDLEGACY".into()),
            account_id: origin().account_id,
            access_key_id: origin().access_key_id,
            created: None,
        };
    };
    let mut arn = role.role_arn.split(':');
    let account = arn.nth(4).unwrap();
    let name = arn.next().unwrap().strip_prefix("role/").unwrap();
    let session = &role.role_session_name;
    Caller {
        kind: "AssumedRole",
        principal_arn: Some(format!("arn:aws:sts::{account}:assumed-role/{name}/{session}").into()),
        principal_id: Some(format!("AROAEXAMPLE{hop:010}:{session}").into()),
        account_id: Some(account.into()),
        access_key_id: role.access_key_id.clone(),
        created: Some(role.event_time),
    }
}

fn chain() -> Chain {
    let mut branch = roles();
    branch.truncate(1);
    branch.push(Hop {
        role_session_name: "look-around".into(),
        ..hop(2, "222233334444", "audit-read", "ASIAQNZGKIQY5AUDITRE")
    });
    Chain {
        hops: 4,
        at_least: false,
        chained_calls: 2,
        color: Color::Red,
        roles: roles(),
        branches: vec![branch],
        branches_left_out: 0,
    }
}

pub(crate) fn finding(id: &str, detector: &'static str, severity: Severity) -> Finding {
    Finding {
        elsewhere: None,
        id: id.into(),
        detector,
        severity,
        confidence: Confidence::High,
        title: "A chain of 4 roles through 4 accounts".into(),
        reason: "The long-term key of build-legacy was used to assume 4 roles in a row in 4 \
                 accounts within 8 minutes. Nobody walked this path before."
            .into(),
        account_id: Some("111122223333".into()),
        first_seen: at(0),
        last_seen: at(480),
        credential: CredentialRef {
            access_key_id: Some("ASIAQNZGKIQY5DATAEXP".into()),
            principal_arn: Some("arn:aws:sts::555566667777:assumed-role/data-export/x".into()),
        },
        origin: origin(),
        chain: Some(chain()),
        left_behind: Vec::new(),
        evidence: evidence(&roles()),
        left_behind_left_out: 0,
        evidence_left_out: 0,
        techniques: vec![&ACCOUNTS],
        habit: None,
    }
}

fn timeline() -> Vec<Moment> {
    let moment = |seconds, hop: u32, who: &str, name: &str| Moment {
        first: at(seconds),
        last: at(seconds),
        count: Count::exactly(1),
        node: None,
        who: who.into(),
        hop,
        color: color(hop),
        event_source: "sts.amazonaws.com".into(),
        event_name: name.into(),
        error_code: Arc::from(""),
        source_ip_address: ADDRESS.into(),
        user_agent: "aws-cli/2.17.0".into(),
        event_id: Some(event_id(hop)),
        is_key_moment: name != "GetCallerIdentity",
    };
    vec![
        moment(0, 0, "build-legacy", "GetCallerIdentity"),
        moment(120, 0, "build-legacy", "AssumeRole"),
        Moment {
            last: at(200),
            count: Count::exactly(37),
            error_code: "AccessDenied".into(),
            ..moment(130, 1, "ci-deploy/session-1", "GetCallerIdentity")
        },
        moment(240, 1, "ci-deploy/session-1", "AssumeRole"),
        moment(360, 2, "org-admin/session-2", "AssumeRole"),
        Moment {
            event_source: "iam.amazonaws.com".into(),
            ..moment(391, 3, "break-glass/session-3", "CreateUser")
        },
        moment(480, 3, "Bob", "AssumeRole"),
    ]
}

fn incident(id: &str, severity: Severity, title: &str, findings: &[&str]) -> Incident {
    Incident {
        background: None,
        id: id.into(),
        severity,
        title: title.into(),
        origin: origin(),
        findings: findings.iter().map(|id| (*id).to_owned()).collect(),
        first_seen: at(0),
        last_seen: at(480),
        color: Color::None,
        habit: None,
        graph: Graph::default(),
        timeline: Vec::new(),
        timeline_left_out: 0,
    }
}

fn instance() -> (Finding, Incident) {
    let origin = Origin {
        kind: OriginKind::Ec2Instance,
        access_key_id: None,
        principal_arn: Some(
            "arn:aws:sts::111122223333:assumed-role/web/i-0a1b2c3d4e5f60718".into(),
        ),
        instance_id: Some("i-0a1b2c3d4e5f60718".into()),
        subject: None,
        account_id: Some("111122223333".into()),
    };
    let finding = Finding {
        confidence: Confidence::Medium,
        title: "Credentials of an instance used elsewhere".into(),
        reason: "The session of i-0a1b2c3d4e5f60718 was used from 198.51.100.7.".into(),
        origin: origin.clone(),
        chain: None,
        elsewhere: Some(workload::elsewhere()),
        ..finding("f3", "instance_credential_exfiltration", Severity::Medium)
    };
    let incident = Incident {
        origin,
        background: Some(workload::background()),
        ..incident("i2", Severity::Medium, "Credentials of an instance used elsewhere", &["f3"])
    };
    (finding, incident)
}

fn pipeline() -> (Finding, Incident) {
    let habit = Some("Pipeline deploy of example/web: build → deploy, 6 times a day".to_owned());
    let mut chain = chain();
    chain.roles.truncate(2);
    chain.branches.clear();
    (chain.hops, chain.color) = (2, Color::Orange);
    let finding = Finding {
        chain: Some(chain),
        habit: habit.clone(),
        ..finding("f4", "role_chaining", Severity::Low)
    };
    let incident = Incident {
        habit,
        color: Color::Orange,
        ..incident("i3", Severity::Low, "A pipeline that deploys", &["f4"])
    };
    (finding, incident)
}

pub(crate) fn analysis() -> Analysis {
    let persistence = Finding {
        title: "A role chain ended in a new user with a long-term key".into(),
        reason: "A session three hops from a long-term key created the user Bob and a long-term \
                 key for him; the key was used 1 minute later to assume data-export."
            .into(),
        left_behind: left_behind(),
        chain: Some(Chain {
            hops: 3,
            roles: roles().into_iter().take(3).collect(),
            branches: Vec::new(),
            ..chain()
        }),
        techniques: vec![&CREATE_ACCOUNT, &CREDENTIALS],
        ..finding("f1", "chain_to_persistence", Severity::Critical)
    };
    let (instance_finding, instance_incident) = instance();
    let (pipeline_finding, pipeline_incident) = pipeline();
    Analysis {
        as_of: Some(at(3_600)),
        first_event: Some(at(-3_600)),
        events: Count::exactly(2_900),
        network_left_out: 0,
        uses_folded: 0,
        accounts: vec!["111122223333".into(), "444455556666".into()],
        incidents: vec![
            Incident {
                color: Color::Red,
                graph: picture::graph(),
                timeline: timeline(),
                ..incident(
                    "i1",
                    Severity::Critical,
                    "A role chain through 4 accounts left the user Bob with a long-term key",
                    &["f1", "f2"],
                )
            },
            instance_incident,
            pipeline_incident,
            incident("i4", Severity::Informational, "Nothing to do", &[]),
        ],
        findings: vec![
            persistence,
            finding("f2", "role_chaining", Severity::High),
            instance_finding,
            pipeline_finding,
        ],
        ..Analysis::default()
    }
}

pub(crate) fn coverage() -> Coverage {
    Coverage {
        files: 55,
        bytes_read: 4_190_000,
        records: 2_903,
        events: 2_900,
        duplicates: 2,
        skipped: vec![Skipped {
            source: "logs/broken.json.gz".into(),
            reason: "JSON ends in the middle of a record".into(),
            records: 1,
        }],
        set_aside: vec![SetAside {
            source: "logs/digest.json.gz".into(),
            reason: "CloudTrail digest file".into(),
        }],
        notes: vec![Note {
            source: "logs/history.csv".into(),
            text: "no responses: issuances cannot be read".into(),
            records: 12,
        }],
    }
}
