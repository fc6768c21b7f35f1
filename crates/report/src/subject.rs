//! The credentials, roles, machines and artifacts that a finding is about, each once.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use cloudtrail::Arn;
use detect::{Finding, Hop, LeftBehind};

use crate::told::Told;
use crate::words;

/// What part something plays.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Part {
    /// It was used.
    Actor,
    /// It was left behind, or was there and was changed.
    Affected,
    /// It was taken.
    Target,
}

/// What something is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Kind {
    /// A key, long-term or temporary.
    AccessKey,
    /// An instance of EC2.
    Instance,
    /// A role of IAM.
    Role,
    /// A session of a role.
    Session,
    /// A user of IAM.
    User,
    /// Anything else, in the words of the scan document.
    Other(&'static str),
}

/// Something that a finding is about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) part: Part,
    pub(crate) kind: Kind,
    /// Key, ARN, instance id or name.
    pub(crate) id: &'a str,
    /// What it is called, where that is not its id.
    pub(crate) name: Option<&'a str>,
    pub(crate) account_id: Option<&'a str>,
    pub(crate) region: Option<&'a str>,
    /// The change, for what was left behind.
    pub(crate) left: Option<&'a LeftBehind>,
}

impl Kind {
    /// The type in the manner of `CloudFormation`.
    pub(crate) const fn cloudformation(self) -> &'static str {
        match self {
            Self::AccessKey => "AWS::IAM::AccessKey",
            Self::Instance => "AWS::EC2::Instance",
            Self::Role => "AWS::IAM::Role",
            Self::Session => "AWS::STS::AssumedRole",
            Self::User => "AWS::IAM::User",
            Self::Other(words) => words,
        }
    }
}

/// Everything that `told` is about: the origin, then the ways from it by hop, then what was left
/// behind by time.
pub(crate) fn subjects<'a>(told: &Told<'a>) -> Vec<Subject<'a>> {
    let mut all = of_origin(told);
    all.extend(told.hops().into_iter().flat_map(of_hop));
    all.extend(told.findings.iter().flat_map(|finding| of_finding(finding)));
    all.extend(told.left_behind().into_iter().filter_map(of_left_behind));
    let mut seen = BTreeSet::new();
    all.retain(|subject| !subject.id.trim().is_empty() && seen.insert((subject.kind, subject.id)));
    all
}

fn of_origin<'a>(told: &Told<'a>) -> Vec<Subject<'a>> {
    let origin = told.origin;
    let account_id = origin.account_id.as_deref();
    let background = told.dossier.and_then(|dossier| dossier.incident.background.as_ref());
    let instance = origin.instance_id.as_deref().map(|id| Subject {
        kind: Kind::Instance,
        name: background.and_then(|known| known.name.as_deref()),
        region: background.and_then(|known| known.region.as_deref()),
        ..actor(id, account_id)
    });
    let principal = origin.principal_arn.as_deref();
    let key = origin.access_key_id.as_deref().map(|key| Subject {
        kind: Kind::AccessKey,
        name: principal.map(words::last_part),
        ..actor(key, account_id)
    });
    instance.into_iter().chain(key).chain(principal.and_then(of_principal)).collect()
}

fn of_hop(hop: &Hop) -> Vec<Subject<'_>> {
    let role = of_principal(&hop.role_arn).map(|role| Subject { part: Part::Target, ..role });
    let key = hop.access_key_id.as_deref().map(|key| Subject {
        kind: Kind::AccessKey,
        name: Some(words::last_part(&hop.role_arn)).filter(|name| !name.is_empty()),
        ..actor(key, words::account_of(&hop.role_arn))
    });
    role.into_iter().chain(key).collect()
}

fn of_finding(finding: &Finding) -> Vec<Subject<'_>> {
    let principal = finding.credential.principal_arn.as_deref();
    let account_id = finding.account_id.as_deref();
    let named = |key| Subject {
        kind: Kind::AccessKey,
        name: principal.map(words::last_part),
        ..actor(key, account_id)
    };
    let foreign = finding.elsewhere.iter().flat_map(|told| &told.foreign);
    let stolen = foreign.flat_map(|foreign| &foreign.access_key_ids).map(|key| &**key);
    let keys = finding.credential.access_key_id.as_deref().into_iter().chain(stolen);
    keys.map(named).chain(principal.and_then(of_principal)).collect()
}

fn of_left_behind(left: &LeftBehind) -> Option<Subject<'_>> {
    let key = left.access_key_id.as_deref().filter(|key| !key.is_empty());
    let (kind, id) = match key {
        Some(key) => (Kind::AccessKey, key),
        None => (kind_of(left), &*left.name),
    };
    (!id.is_empty()).then(|| Subject {
        part: Part::Affected,
        kind,
        name: Some(&*left.name).filter(|name| !name.is_empty() && *name != id),
        region: Some(&*left.aws_region).filter(|region| !region.is_empty()),
        left: Some(left),
        ..actor(id, Some(&left.account_id).map(|account| &**account))
    })
}

fn kind_of(left: &LeftBehind) -> Kind {
    match left.kind {
        "IAM role" => Kind::Role,
        "IAM user" => Kind::User,
        other => Kind::Other(other),
    }
}

/// The principal with this ARN, if it is one of those that have a kind.
fn of_principal(text: &str) -> Option<Subject<'_>> {
    let arn = Arn::parse(text)?;
    let (kind, name) = if let Some(name) = arn.role_name() {
        (Kind::Role, name)
    } else if let Some(name) = arn.user_name() {
        (Kind::User, name)
    } else {
        (Kind::Session, arn.role_session()?.role_session_name)
    };
    Some(Subject { kind, name: Some(name), ..actor(text, Some(arn.account_id)) })
}

fn actor<'a>(id: &'a str, account_id: Option<&'a str>) -> Subject<'a> {
    Subject {
        part: Part::Actor,
        kind: Kind::Other(""),
        id,
        name: None,
        account_id: account_id.filter(|account| !account.is_empty()),
        region: None,
        left: None,
    }
}
