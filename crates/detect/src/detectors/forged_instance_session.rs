//! A session that calls itself an instance was handed out by somebody else.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use lineage::{Node, OriginKind, Step};

use crate::attack;
use crate::chain::origin_of;
use crate::context::Context;
use crate::detector::{Detector, Found, Statement, confidence_of_path, finding};
use crate::finding::{Confidence, Severity};
use crate::words;

pub(crate) static DETECTOR: Detector = Detector {
    id: "forged_instance_session",
    title: "A session calls itself an instance and is none",
    description: "The name of a role session is chosen by whoever assumes the role, and rules \
        that watch people often pass over sessions that are named like an instance. Fires where \
        such a session was handed out by AssumeRole to anybody but a service, and where a session \
        bears no sign of the metadata service although other sessions of the same role do.",
    severity: "High where the issuance is known. Low where only the sign of the metadata service \
        is missing. Quiet for an instance that names the sessions it assumes after itself.",
    techniques: &[&attack::MASQUERADE_ACCOUNT_NAME, &attack::CLOUD_ACCOUNTS],
    false_positives: &[
        "Tools that assume a role from elsewhere and name the session after the instance that they \
         work for.",
    ],
    blind_spots: &["Issuances that are not in the logs, in records without ec2RoleDelivery."],
    references: &[
        "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html",
    ],
    emulation: &[],
    detect,
};

fn detect(context: &Context<'_>, findings: &mut Vec<Found>) {
    let delivered = delivered_roles(context);
    for (index, node) in context.lineage.nodes().iter().enumerate() {
        let name = node.role_session_name().filter(|name| lineage::is_instance_id(name));
        let Some(name) = name else {
            continue;
        };
        findings.extend(if node.step == Step::Hop {
            assumed(context, index, node, name)
        } else {
            unsigned(context, index, node, &delivered)
        });
    }
}

/// Sessions of each role that the metadata service delivered.
fn delivered_roles<'c>(context: &'c Context<'_>) -> BTreeMap<(&'c str, &'c str), usize> {
    let mut roles = BTreeMap::new();
    for node in context.lineage.nodes() {
        if let Some(role) = node.role().filter(|_| node.attributes.ec2_role_delivery.is_some()) {
            *roles.entry(role).or_default() += 1;
        }
    }
    roles
}

/// A session named like an instance that a principal assumed.
fn assumed(context: &Context<'_>, index: usize, node: &Node<'_>, name: &str) -> Option<Found> {
    let origin = origin_of(context, index);
    let is_itself = origin.instance_id.as_deref() == Some(name);
    if is_itself {
        return None;
    }
    let caller = context.lineage.node(node.parent?)?;
    let (account, role) = node.role()?;
    let from = format!("{} {}", words::kind_of_origin(origin.kind), words::name_of_origin(&origin));
    let event = &node.issued.as_ref()?.issuance.event;
    let known = context.network.instance(name).is_some();
    let real =
        if known { "An instance of that id exists." } else { "No such instance is known here." };
    let statement = Statement {
        severity: Severity::High,
        confidence: confidence_of_path(context, index),
        title: format!("Session {name} of role {role} was assumed by {}", words::name_of(caller)),
        reason: format!(
            "The session calls itself instance {name}, and EC2 did not hand it out: {} assumed \
             role {role} of account {account} under that name at {} from {}. {real} Beginning at \
             {from}.",
            words::name_of(caller),
            event.event_time,
            event.source_ip_address,
        ),
        nodes: context.lineage.ancestry(index),
        ..Statement::default()
    };
    finding(&DETECTOR, context, (index, index), statement)
}

/// A session named like an instance of which nothing but the name says so.
fn unsigned(
    context: &Context<'_>,
    index: usize,
    node: &Node<'_>,
    delivered: &BTreeMap<(&str, &str), usize>,
) -> Option<Found> {
    let origin = node.origin.as_ref()?;
    let is_name_only = origin.kind == OriginKind::Ec2Instance && origin.at_least;
    let others = *delivered.get(&node.role()?).filter(|_| is_name_only)?;
    let (_, role) = node.role()?;
    let name: String = node.role_session_name().unwrap_or_default().into();
    let statement = Statement {
        severity: Severity::Low,
        confidence: Confidence::Low,
        title: format!("Session {name} of role {role} bears no sign of an instance"),
        reason: format!(
            "Its issuance is not in these logs and its calls lack ec2RoleDelivery, which {} of \
             this role have.",
            words::count(others, "other session"),
        ),
        nodes: alloc::vec![index],
        ..Statement::default()
    };
    finding(&DETECTOR, context, (index, index), statement)
}
