//! `Resources`: at most 32 things that a finding is about, weightiest first.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::{Options, is_account_id, is_region, partition};
use crate::fit::shown;
use crate::limits::{ASFF_DETAIL_MAX, ASFF_RESOURCE_ID_MAX, ASFF_RESOURCES_MAX};
use crate::subject::{Kind, Part, Subject, subjects};
use crate::told::Told;
use crate::words;

/// A resource.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Resource {
    #[serde(rename = "Type")]
    kind: &'static str,
    id: String,
    partition: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<Details>,
}

#[derive(Serialize)]
enum Details {
    AwsEc2Instance(Instance),
    AwsIamAccessKey(Key),
    AwsIamRole(Role),
    AwsIamUser(User),
    Other(BTreeMap<&'static str, String>),
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Instance {
    #[serde(skip_serializing_if = "Option::is_none")]
    image_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vpc_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subnet_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    launched_at: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Key {
    access_key_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Role {
    role_name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct User {
    user_name: String,
}

/// The resources of `told`. The accounts that take part come last, and there is always one: the
/// account that the finding is for.
pub(super) fn resources(told: &Told<'_>, options: &Options<'_>) -> Vec<Resource> {
    let mut subjects = subjects(told);
    subjects.sort_by_key(weight);
    let accounts = told.accounts();
    let accounts = accounts.into_iter().filter(|account| is_account_id(account));
    let mut accounts: Vec<Resource> =
        accounts.map(|account| Resource::account(account, options)).collect();
    if accounts.is_empty() {
        accounts.push(Resource::account(options.account_id, options));
    }
    // Half of the room is theirs at most.
    accounts.truncate(ASFF_RESOURCES_MAX / 2);
    let room = ASFF_RESOURCES_MAX - accounts.len();
    let things = subjects.iter().map(|subject| Resource::of(subject, told, options));
    things.filter(|thing| !thing.id.trim().is_empty()).take(room).chain(accounts).collect()
}

/// Machines, long-term keys, users and what was left behind before roles, roles before the keys of
/// their sessions.
fn weight(subject: &Subject<'_>) -> u32 {
    match (subject.kind, subject.part) {
        (Kind::Instance, _) => 0,
        (Kind::AccessKey, Part::Actor) if !subject.id.starts_with("ASIA") => 1,
        (Kind::User, Part::Actor) => 1,
        (_, Part::Affected) => 2,
        (_, Part::Target) => 3,
        (_, Part::Actor) => 4,
    }
}

impl Resource {
    fn of(subject: &Subject<'_>, told: &Told<'_>, options: &Options<'_>) -> Self {
        let region = subject.region.filter(|region| is_region(region));
        let id = match subject.kind {
            Kind::AccessKey => format!("AWS::IAM::AccessKey:{}", subject.id),
            Kind::Instance => instance_arn(subject, options).unwrap_or_else(|| subject.id.into()),
            Kind::Role | Kind::Session | Kind::User | Kind::Other(_) => named(subject),
        };
        Self {
            kind: type_of(subject.kind),
            id: shown(&id, ASFF_RESOURCE_ID_MAX, "…"),
            partition: partition(region.unwrap_or(options.region)),
            region: region.map(Into::into),
            details: details(subject, told),
        }
    }

    fn account(account_id: &str, options: &Options<'_>) -> Self {
        Self {
            kind: "AwsAccount",
            id: format!("AWS::::Account:{account_id}"),
            partition: partition(options.region),
            region: None,
            details: None,
        }
    }
}

/// The ARN where it is known, or else account, kind and name: names are not alone in the world.
fn named(subject: &Subject<'_>) -> String {
    let what = match subject.kind {
        _ if subject.id.starts_with("arn:") => return subject.id.into(),
        Kind::Role => "IAM role",
        Kind::User => "IAM user",
        Kind::Other(what) => what,
        Kind::AccessKey | Kind::Instance | Kind::Session => return subject.id.into(),
    };
    match subject.account_id {
        Some(account) => format!("{account}/{what}/{}", subject.id),
        None => format!("{what}/{}", subject.id),
    }
}

fn instance_arn(subject: &Subject<'_>, options: &Options<'_>) -> Option<String> {
    let account = subject.account_id.filter(|account| is_account_id(account))?;
    let region = subject.region.filter(|region| is_region(region))?;
    let partition = partition(options.region);
    Some(format!("arn:{partition}:ec2:{region}:{account}:instance/{}", subject.id))
}

const fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::AccessKey => "AwsIamAccessKey",
        Kind::Instance => "AwsEc2Instance",
        Kind::Role => "AwsIamRole",
        Kind::User => "AwsIamUser",
        Kind::Session | Kind::Other(_) => "Other",
    }
}

fn details(subject: &Subject<'_>, told: &Told<'_>) -> Option<Details> {
    let name = || subject.name.and_then(short).or_else(|| short(words::last_part(subject.id)));
    match subject.kind {
        Kind::AccessKey => Some(Details::AwsIamAccessKey(Key {
            access_key_id: short(subject.id)?,
            principal_name: subject.name.and_then(short),
            account_id: subject.account_id.and_then(short),
        })),
        Kind::Instance => {
            let known = told.dossier?.incident.background.as_ref()?;
            let is_it = known.instance_id.as_deref() == Some(subject.id);
            let launched =
                known.launch.as_ref().map(|launch| launch.event_time).or(known.launched_at);
            is_it.then(|| {
                Details::AwsEc2Instance(Instance {
                    image_id: known.image_id.as_deref().and_then(short),
                    vpc_id: known.vpc_id.as_deref().and_then(short),
                    subnet_id: known.subnet_id.as_deref().and_then(short),
                    launched_at: launched.map(|time| format!("{time}")),
                })
            })
        }
        Kind::Role => Some(Details::AwsIamRole(Role { role_name: name()? })),
        Kind::User => Some(Details::AwsIamUser(User { user_name: name()? })),
        Kind::Session => None,
        Kind::Other(what) => {
            let left = subject.left?;
            let fields = [
                ("account", short(&left.account_id)),
                ("call", short(&left.event_name)),
                ("kind", short(what)),
                ("remarks", short(&left.remarks.join("; "))),
            ];
            let fields = fields.into_iter().filter_map(|(name, value)| Some((name, value?)));
            Some(Details::Other(fields.collect()))
        }
    }
}

/// As much of `text` as a detail may have; nothing of a blank one.
fn short(text: &str) -> Option<String> {
    let text = shown(text, ASFF_DETAIL_MAX, "…");
    (!text.trim().is_empty()).then_some(text)
}
