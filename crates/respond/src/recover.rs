//! Gives back what was taken from the origin, and says what stays as it is.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use detect::OriginKind;

use crate::artifact;
use crate::case::Case;
use crate::closing;
use crate::command::{Aws, Command};
use crate::grammar;
use crate::origin::directory;
use crate::reference;
use crate::step::{Check, Doing, Expect, Phase, Precondition, Risk, Setting, Step};

/// Operations of the CLI that change nothing begin with one of these.
const READING: [&str; 6] = ["get-", "list-", "describe-", "lookup-", "batch-get-", "search-"];

/// The steps that give back what `taken` took, where what was `left` behind is not deleted whole.
pub(crate) fn restores(case: &Case<'_>, taken: &[&Step], left: &artifact::Steps) -> Vec<Step> {
    let deleted: BTreeSet<&str> = left.later.iter().map(|step| &*step.id).collect();
    // What stood there before was in the logs, and is set already.
    let taken = taken.iter().filter(|step| !left.is_as_before.contains(step.plain_id()));
    let mut steps: Vec<Step> = taken.filter_map(|step| restore(case, step, &deleted)).collect();
    let is_instance = case.incident.origin.kind == OriginKind::Ec2Instance;
    steps.extend(is_instance.then(|| replace_instance(case)));
    steps
}

fn restore(case: &Case<'_>, step: &Step, deleted: &BTreeSet<&str>) -> Option<Step> {
    let (kind, rest) = step.plain_id().split_once('/').unwrap_or_default();
    let goes = |kind: &str| deleted.contains(format!("{kind}/{rest}").as_str());
    match (kind, rest) {
        ("stop_function", _) if !goes("delete_function") => start_function(step),
        ("trust_policy", _) if !goes("delete_role") => template_trust(case, step),
        ("origin", _) if rest.starts_with("trust/") => template_trust(case, step),
        ("origin", "stop_service") => start_service(step),
        ("origin", "assignments") => access(step, "account assignments"),
        ("origin", "groups") => access(step, "groups"),
        ("origin", "identity_center") => Some(enable(case, step)),
        ("remove_password", _) if step.phase == Phase::CutOrigin => password(case, step),
        _ => None,
    }
}

/// When something of the origin is given back.
fn when(what: &str) -> String {
    format!(
        "Only when {what}, and the verification, the last section of this plan ({}), came out clean.",
        reference::to("verify")
    )
}

fn start_function(step: &Step) -> Option<Step> {
    let condition = when(
        "the code and the configuration of the function are what your templates say, and the hole in it is closed",
    );
    let mut start = closing::lift_when(step, condition)?;
    start.title = format!("Start the function again that {} stopped", reference::to(&step.id));
    start.why = format!(
        "It stays stopped otherwise. This takes the reservation of no executions away; if the \
         preview of {} showed a number, set that one instead, as its Go back says.",
        reference::to(&step.id)
    );
    Some(start)
}

fn start_service(step: &Step) -> Option<Step> {
    let condition = when("the image and the task definition are mended");
    let mut start = closing::lift_when(step, condition)?;
    start.title = format!("Start the service again that {} stopped", reference::to(&step.id));
    start.why = "It runs no task otherwise. With its number of tasks it starts them anew.".into();
    for input in start.command.iter_mut().flat_map(|command| &mut command.inputs) {
        if input.variable == "DESIRED_COUNT" {
            input.what = format!(
                "the number of tasks that the preview of {} showed",
                reference::to(&step.id)
            );
        }
    }
    Some(start)
}

/// Assignments and groups, one for each line that whoever took them away kept.
fn access(step: &Step, what: &str) -> Option<Step> {
    let mut give =
        closing::lift_when(step, when("the person has a new password and second factor"))?;
    let taken = reference::to(&step.id);
    give.title = format!("Give back the {what} that {taken} took away");
    give.why = format!(
        "Once for each that the preview of {taken} showed, and only what the person needs for their \
         work; what an identity provider outside AWS or a directory gives comes back from there."
    );
    give.preview.clone_from(&step.preview);
    // There may be several of them, of which one is back already.
    (give.precondition, give.check) = (None, None);
    Some(give)
}

fn enable(case: &Case<'_>, step: &Step) -> Step {
    let who = case.incident.origin.subject.as_deref().unwrap_or("the person");
    let why = "The person cannot sign in otherwise. AWS documents the console alone for it; who was \
               disabled at an identity provider outside AWS or in a directory is enabled there.";
    let condition = format!(
        "{} {}",
        when("the person has a new password and second factor"),
        directory::CONDITION
    );
    let mut enable = Step::new(
        Phase::Recover,
        &step.lift_id(),
        &format!("Enable Identity Center user {who} again"),
        why,
    )
    .only_if(&condition)
    .console(
        step.console.url.clone(),
        &format!("IAM Identity Center → Users → {who} → Enable user access"),
    );
    enable.account_id.clone_from(&step.account_id);
    enable.needs.clone_from(&step.needs);
    enable.references.clone_from(&step.references);
    enable.preview.clone_from(&step.preview);
    enable.check.clone_from(&step.check);
    if let Some(check) = &mut enable.check {
        check.expect = Expect::Equals("ENABLED".into());
    }
    enable.undo_note = Some(step.console.path.clone());
    enable
}

/// A new password for a user who signs in to the console.
fn password(case: &Case<'_>, step: &Step) -> Option<Step> {
    let user = case.user_of_origin().filter(|user| !user.is_created)?;
    let name = grammar::entity_name(&user.name).ok()?;
    let place = case.place_of_user(user);
    let on = |operation| Aws::new(&place, "iam", operation).opt("user-name", name);
    let mut give = closing::lift_when(step, when("the user has a second factor that is theirs"))?;
    give.title = format!("Give user {} a new password", user.name);
    give.why = "Without one the user does not sign in to the console.".into();
    give.needs.push("iam:GetUser".into());
    give.precondition = Some(Precondition {
        what: "the user is there".into(),
        command: on("get-user").query("User.UserName").build(),
        expect: Expect::Equals(name.into()),
    });
    let look = on("get-login-profile").query("LoginProfile.UserName");
    give.check = Some(Check { command: look.build(), expect: Expect::Equals(name.into()) });
    Some(give)
}

/// The trust policy that a role has by its owner's templates, in the place of what a step set.
fn template_trust(case: &Case<'_>, step: &Step) -> Option<Step> {
    let (setting, taken) = (step.sets.first()?, step.command.as_ref()?);
    let name = grammar::entity_name(&setting.name).ok()?;
    let place = case.home_in(&setting.account_id);
    let on = |operation| Aws::new(&place, "iam", operation).opt("role-name", name);
    let what = "the role's trust policy as your templates have it, in one line or as file://NAME of \
                a file with it";
    let set = on("update-assume-role-policy").opt("policy-document", "{{trust_policy}}").asked(
        "{{trust_policy}}",
        "TRUST_POLICY_OF_TEMPLATE",
        what,
    );
    let exists = on("get-role").query("Role.RoleName");
    let mut doing =
        Doing::run(set).only_where("the role is there", exists, Expect::Equals(name.into()));
    (doing.preview, doing.check) = (step.preview.clone(), step.check.clone());
    doing.undo.push(taken.clone());
    let before = reference::to(&step.id);
    let why = format!(
        "What {before} set keeps the attacker out, and may keep out whoever needs the role. Set \
         what your templates say, without anybody whom you do not know."
    );
    let mut restore = Step::new(
        Phase::Recover,
        &step.lift_id(),
        &format!("Set the trust policy of role {name} as your templates have it"),
        &why,
    )
    .at(&place)
    .risk(Risk::Disruptive)
    .only_if(&when("the hole that let the attacker in is closed"))
    .needs(&["iam:UpdateAssumeRolePolicy", "iam:GetRole"])
    .console(
        step.console.url.clone(),
        &format!(
            "IAM → Roles → {name} → Trust relationships → Edit trust policy → paste what your \
             templates have → Update policy"
        ),
    )
    .undo_note(&format!("It sets what {before} set."))
    .doing(Ok(doing));
    restore.references.clone_from(&step.references);
    Some(restore)
}

/// What becomes of an instance that somebody was on.
fn replace_instance(case: &Case<'_>) -> Step {
    let id = case.incident.origin.instance_id.as_deref().unwrap_or_default();
    let why = format!(
        "Whatever the attacker left on it starts with it: build a new one from a clean image and \
         your templates, with the hole closed and version 2 of the metadata service alone, and do \
         not put this one back. It keeps its quarantine ({}), without a role, until the case is \
         closed; its snapshots are evidence.",
        reference::to_all("origin/")
    );
    Step::new(
        Phase::Recover,
        &format!("replace_instance/{id}"),
        &format!("Replace instance {id} by a new one from a clean image"),
        &why,
    )
    .at(&case.home)
    .needs(&["to launch what your templates describe"])
    .console(
        case.home.service_page("ec2", "#LaunchInstances:"),
        "EC2 → Instances → Launch instances, or as your templates do it",
    )
    .undo_note("Nothing of the old instance changes.")
}

/// The last step of recovering: what of `steps` nothing takes back.
///
/// Numbers are those of the list, in which nothing comes before them any more.
pub(crate) fn stay(steps: &[Step]) -> Option<Step> {
    let ids: BTreeSet<&str> = steps.iter().map(|step| &*step.id).collect();
    let numbers = (1..).zip(steps).filter(|(_, step)| is_left(step, &ids));
    let numbers: Vec<usize> = numbers.map(|(number, _)| number).collect();
    if numbers.is_empty() {
        return None;
    }
    let why = format!(
        "Not taken back by this plan: {}. What such a step did stands for good where nobody goes \
         back from it, and mostly should. Where it is in the way of somebody's work, see first that \
         what it stops is mended; then go back as its own Go back says, or set what your templates \
         have, which is better where the attacker had changed it.",
        reference::in_words(numbers)
    );
    let title = "Look through what this plan does not take back";
    Some(
        Step::new(Phase::Recover, "stay", title, &why)
            .needs(&["those of each step"])
            .console(None, "Each of these steps says where.")
            .undo_note("Nothing changes."),
    )
}

/// Whether `step` changed something that no step of `ids` takes back or deletes.
fn is_left(step: &Step, ids: &BTreeSet<&str>) -> bool {
    let is_early = (Phase::Contain..=Phase::CloseWayBack).contains(&step.phase);
    let is_change = match &step.command {
        Some(command) => changes(command),
        None => step.risk != Risk::Safe,
    };
    // The second round writes into what the first one set.
    let is_again = step.id.starts_with("revoke_again");
    let id = step.plain_id();
    let other = |kind: &str| match id.split_once('/') {
        Some((_, rest)) => ids.contains(format!("{kind}/{rest}").as_str()),
        None => false,
    };
    let is_taken_back = ids.contains(step.lift_id().as_str());
    let is_deleted = id.starts_with("deactivate_key/") && other("delete_key")
        || id.starts_with("stop_function/") && other("delete_function")
        || is_of_deleted(step, ids);
    is_early && is_change && !is_again && !is_taken_back && !is_deleted
}

fn changes(command: &Command) -> bool {
    let operation = command.argv.get(2).map_or("", String::as_str);
    !READING.iter().any(|begin| operation.starts_with(begin))
}

/// Whether `step` is about a user or a role that is deleted.
fn is_of_deleted(step: &Step, ids: &BTreeSet<&str>) -> bool {
    let goes = |account: &str, name: &str| {
        ["user", "role"]
            .iter()
            .any(|noun| ids.contains(format!("delete_{noun}/{account}/{name}").as_str()))
    };
    let mut parts = step.plain_id().split('/').skip(1);
    let (account, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let is_set = |setting: &Setting| goes(&setting.account_id, &setting.name);
    goes(account, name) || (!step.sets.is_empty() && step.sets.iter().all(is_set))
}

#[cfg(test)]
mod tests {
    use super::stay;
    use crate::step::{Phase, Risk, Step};

    fn cut(id: &str) -> Step {
        Step::new(Phase::CutOrigin, id, "x", "").risk(Risk::Disruptive)
    }

    #[test]
    fn what_takes_back_a_step_takes_back_those_of_its_name() {
        let lift = Step::new(Phase::Recover, "lift/origin/trust/a", "x", "");
        let steps = [cut("origin/trust/a"), cut("origin/trust/a#2"), lift, cut("origin/trust/b#2")];
        assert!(stay(&steps).unwrap().why.contains(": step 4. "));
        assert!(stay(&steps[..3]).is_none());
    }
}
