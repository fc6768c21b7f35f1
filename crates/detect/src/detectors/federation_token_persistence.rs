//! A federation token was taken, which outlives the key that took it.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::vec::Vec;

use evidence::{Change, IssuanceKind};
use lineage::{Node, Step};

use crate::attack;
use crate::chain::origin_of;
use crate::context::Context;
use crate::detector::{Detector, Found, Statement, confidence_of_path, finding};
use crate::finding::Severity;
use crate::habits::Novelty;
use crate::words;

pub(crate) static DETECTOR: Detector = Detector {
    id: "federation_token_persistence",
    title: "A federation token outlives the key that took it",
    description: "Reports `GetFederationToken`: its credential lives up to 36 hours and goes on \
        working after the key that took it is deactivated. Looks at the session policy, at the \
        addresses that used the token, and at console sign-ins made from it.",
    severity: "Medium; raised by a policy that allows everything, and by use from another \
        address or in the console; lowered when this key does this day by day.",
    techniques: &[&attack::ADDITIONAL_CLOUD_CREDENTIALS, &attack::APPLICATION_ACCESS_TOKEN],
    false_positives: &["Applications that hand out narrow federation tokens to their users."],
    blind_spots: &["Tokens taken before the logs begin: their use is shown, their maker is not."],
    references: &[
        "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html",
        "https://hackingthe.cloud/aws/post_exploitation/survive_access_key_deletion_with_sts_getfederationtoken/",
    ],
    emulation: &["aws.persistence.sts-federation-token"],
    detect,
};

fn detect(context: &Context<'_>, findings: &mut Vec<Found>) {
    for (index, node) in context.lineage.nodes().iter().enumerate() {
        let kind = node.issued.as_ref().map(|issued| issued.issuance.kind);
        if kind == Some(IssuanceKind::GetFederationToken) && node.step != Step::Hop {
            findings.extend(token(context, index, node));
        }
    }
}

fn token(context: &Context<'_>, index: usize, node: &Node<'_>) -> Option<Found> {
    let issuance = node.issued.as_ref()?.issuance;
    let members = context.lineage.descendants(index);
    let taken_from = &issuance.event.source_ip_address;
    let addresses: BTreeSet<&str> = members
        .iter()
        .flat_map(|member| context.uses_of(*member))
        .filter(|view| view.source.invoked_by.is_empty() && view.source.address != taken_from)
        .map(|view| &**view.source.address)
        // Kinds of use that are not told apart have none.
        .filter(|address| !address.is_empty())
        .collect();
    let is_console = members.iter().any(|member| is_console(context, *member));
    let taker = node.parent.unwrap_or(index);
    let is_taking = |change: &&&Change| change.event.event_id == issuance.event.event_id;
    let taking = context.changes_of(taker).iter().find(is_taking);
    let before = taking
        .map(|change| context.habits.change(taker, change, issuance.event.event_time))
        .unwrap_or_default();
    let raises = usize::from(issuance.is_policy_wide)
        + usize::from(is_console)
        + usize::from(!addresses.is_empty());
    let lowers = if before.novelty_of_access() == Novelty::Habit { 2 } else { 0 };
    let origin = origin_of(context, index);
    let from = format!("{} {}", words::kind_of_origin(origin.kind), words::name_of_origin(&origin));
    let name = words::name_of(node);
    let mut reason = format!("Taken with {from}; it goes on working when that key is deactivated.");
    if issuance.is_policy_wide {
        reason += " Its session policy allows everything that the user may do.";
    }
    if is_console {
        reason += " It was turned into a console session, where the token's limits do not hold.";
    }
    if !addresses.is_empty() {
        let shown: Vec<&str> = addresses.iter().take(3).copied().collect();
        reason.push_str(" Used from elsewhere than it was taken: ");
        reason.push_str(&words::count(addresses.len(), "other address"));
        reason.push_str(", ");
        reason.push_str(&shown.join(", "));
        reason.push('.');
    }
    reason += " ";
    reason += &words::novelty(before, "This origin took such tokens");
    let statement = Statement {
        severity: Severity::Medium.raised(raises).lowered(lowers),
        confidence: confidence_of_path(context, index),
        title: format!("Federation token {name} outlives its key"),
        reason,
        left_behind: Vec::new(),
        nodes: members,
        habit: (lowers > 0).then(|| format!("{from}: federation token {name}")),
        ..Statement::default()
    };
    finding(&DETECTOR, context, (index, index), statement)
}

fn is_console(context: &Context<'_>, index: usize) -> bool {
    let signs_in = |name: &str| matches!(name, "ConsoleLogin" | "GetSigninToken");
    let is_session =
        context.lineage.node(index).is_some_and(|node| node.attributes.is_from_console);
    is_session || context.uses_of(index).iter().any(|view| signs_in(view.event_name))
}
