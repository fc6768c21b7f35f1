//! Keeps what proves the incident, before anything changes.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::affected::counted;
use crate::case::Case;
use crate::command::{Aws, Command, Input};
use crate::grammar;
use crate::origin;
use crate::step::{Check, Doing, Expect, Phase, Step};

/// The steps of the first phase.
pub(crate) fn steps(case: &Case<'_>) -> Vec<Step> {
    let mut steps: Vec<Step> = [outside(case), export(case)].into();
    steps.extend(origin::preserve_instance(case));
    steps
}

/// Whoever responds must not be cut off by the response.
fn outside(case: &Case<'_>) -> Step {
    let roles = case.extent.roles.iter().map(|role| role.arn.to_string());
    let users =
        case.extent.users.iter().map(|user| format!("user {} of {}", user.name, user.account_id));
    let names: Vec<String> = roles.chain(users).collect();
    let why = format!(
        "Every principal of the chain is about to be cut off, and whoever uses one of them now with \
         it. Work with credentials of another principal in each account, if possible one that was \
         made for emergencies and signs in with a second factor. Do it in each account and in the \
         management account. The preview names who you are, as assumed-role/ROLE/SESSION where it \
         is a role; if that role or user is one of this list, stop and sign in as another. The \
         chain: {}.",
        names.join(", ")
    );
    let look = Aws::new(&case.home, "sts", "get-caller-identity").query("Arn");
    Step::new(Phase::Preserve, "outside", "Work as somebody who is not part of the chain", &why)
        .needs(&["none: GetCallerIdentity is always allowed"])
        .console(None, "The name in the upper right corner of the console must be none of these.")
        .references(&["https://github.com/aws-samples/aws-incident-response-playbooks"])
        .doing(Ok(Doing::look(look)))
}

/// The incident as it is known now, with a hash.
fn export(case: &Case<'_>) -> Step {
    let extent = case.extent;
    let accounts: Vec<String> = accounts(case);
    let keys = extent.credentials.iter().flat_map(|holder| &holder.access_key_ids);
    let keys: Vec<&str> = keys.map(|key| &**key).collect();
    let shown: Vec<&str> = keys.iter().copied().take(50).collect();
    let more = keys.len() - shown.len();
    let and_more = if more > 0 {
        format!(" and {more} more, which the JSON form lists")
    } else {
        String::new()
    };
    let why = format!(
        "Later steps change what can be seen, and event history ends after 90 days. This writes the \
         scan document; keep it, this plan beside it, the hash that the check prints and the logs \
         themselves where nobody in these accounts can write. The verification at the end reads \
         the document. T0, the last event of the chain: {}. Accounts: {}. Roles: {}. Users: {}. \
         Keys ({}): {}{and_more}.",
        extent.last_seen,
        accounts.join(", "),
        list(extent.roles.iter().map(|role| &*role.name)),
        list(extent.users.iter().map(|user| &*user.name)),
        counted(keys.len() as u64, "key"),
        shown.join(", "),
    );
    let file = format!("incident-{}.json", case.tag);
    let hash = Command::new([String::from("sha256sum"), file.clone()].to_vec(), Vec::new());
    let mut step = Step::new(Phase::Preserve, "export", "Save the incident and its hash", &why)
        .console(case.home.console("cloudtrailv2/home#/events"), "CloudTrail → Event history → Download events, for each account, and the trail's own bucket")
        .needs(&["cloudtrail:LookupEvents"])
        .undo_note("Nothing in AWS changes.")
        .references(&["https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html"]);
    step.check = Some(Check { command: hash.clone(), expect: Expect::Contains(file) });
    step.command = Some(scan(&format!("incident-{}.json", case.tag)));
    step
}

/// Writes the scan document.
fn scan(file: &str) -> Command {
    let source = Input {
        marker: "{{source}}".into(),
        argv: Vec::new(),
        variable: "SOURCE".into(),
        what:
            "what this plan was made of: the logs (a file, a folder or s3://BUCKET/PREFIX) or the \
               store"
                .into(),
    };
    let argv = ["rolecall", "scan", "--format", "json", "--output", file, "--", "{{source}}"];
    Command::new(argv.map(String::from).to_vec(), [source].into())
}

fn list<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.collect();
    if names.is_empty() { "none".into() } else { names.join(", ") }
}

/// The accounts of the chain, in order.
pub(crate) fn accounts(case: &Case<'_>) -> Vec<String> {
    let roles = case.extent.roles.iter().map(|role| &role.account_id);
    let users = case.extent.users.iter().map(|user| &user.account_id);
    let left = case.extent.left_behind.iter().map(|left| &left.account_id);
    let holders = case.extent.credentials.iter().map(|holder| &holder.account_id);
    let known = roles.chain(users).chain(left).chain(holders);
    let known = known.filter(|account| grammar::account_id(account).is_ok());
    let mut accounts: Vec<String> = known.map(ToString::to_string).collect();
    accounts.sort();
    accounts.dedup();
    accounts
}
