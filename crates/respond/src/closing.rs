//! Goes back to normal, and sees that nothing of the chain still works.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use detect::{Holder, OriginKind, UserExtent};
use evidence::ArtifactKind;

use crate::case::{Case, RoleKind, kind_of};
use crate::command::{Aws, Command, Input, NOW};
use crate::grammar;
use crate::organization;
use crate::origin::directory;
use crate::reference;
use crate::step::{Check, Doing, Expect, Phase, Precondition, Risk, SettingOn, Step};

/// Keys that the verification looks up one by one; the program itself looks for all of them.
const KEYS_MAX: usize = 20;

/// Hours that a session of a role can live at most.
pub(crate) const ROLE_HOURS: i64 = 12;

/// Hours that a session or federation token of a user can live at most.
pub(crate) const TOKEN_HOURS: i64 = 36;

/// Begin of the ids of steps of the second round.
const SECOND_ROUND: &str = "revoke_again";

/// Until when credentials of the chain can live that were issued before the cut-off.
pub(crate) fn watch_until(case: &Case<'_>) -> Timestamp {
    Timestamp(case.extent.last_seen.0.saturating_add(hours(case) * 3_600))
}

/// Hours that a session of the chain can live at most.
fn hours(case: &Case<'_>) -> i64 {
    if has_tokens(case) { TOKEN_HOURS } else { ROLE_HOURS }
}

/// Whether a user of the chain opened sessions with tokens.
fn has_tokens(case: &Case<'_>) -> bool {
    case.extent.users.iter().any(|user| user.has_tokens)
}

/// Whether steps deny tokens of users, which they do in two rounds.
fn denies_tokens(case: &Case<'_>) -> bool {
    let mut left_behind = case.extent.left_behind.iter();
    let is_of_tokens = case.incident.origin.kind == OriginKind::FederationToken
        || left_behind.any(|left| left.artifact == ArtifactKind::FederationToken);
    let is_of_origin = case.user_of_origin().is_some_and(|user| user.has_tokens);
    is_of_origin || (is_of_tokens && has_tokens(case))
}

/// What was run last against sessions; those issued before may live for as long as they can.
fn last_round(case: &Case<'_>) -> String {
    let has = |kind: RoleKind| case.extent.roles.iter().any(|role| kind_of(role) == kind);
    if has(RoleKind::Ordinary) || has(RoleKind::Reserved) || denies_tokens(case) {
        format!("the last of the second round ({})", reference::to_all(SECOND_ROUND))
    } else {
        "the last step before this section".into()
    }
}

/// Takes what `step` set away again, when it is not needed any more.
pub(crate) fn lift(case: &Case<'_>, step: &Step) -> Option<Step> {
    let condition = format!(
        "Not before {} hours have passed since you ran {}, and not before {}: only then has every \
         session expired that may be the attacker's. And only after the verification, the last \
         section of this plan ({}), came out clean.",
        hours(case),
        last_round(case),
        watch_until(case),
        reference::to("verify")
    );
    lift_when(step, condition)
}

/// The same for a deny that stands until something else is mended.
pub(crate) fn lift_when(step: &Step, condition: String) -> Option<Step> {
    let undo = step.undo.first()?.clone();
    let why = "A deny that is forgotten breaks somebody's work months later.";
    let mut lift = Step::new(
        Phase::Recover,
        &step.lift_id(),
        &format!("Take back {}: {}", reference::to(&step.id), step.title),
        why,
    );
    lift.condition = Some(match credentials(step) {
        Some(credentials) => format!("{condition} {credentials}"),
        None => condition,
    });
    lift.precondition = standing(step, &undo);
    lift.risk = Risk::Safe;
    lift.account_id.clone_from(&step.account_id);
    lift.region.clone_from(&step.region);
    lift.needs.clone_from(&step.needs);
    lift.console.clone_from(&step.console);
    lift.console.path = format!("Where it was set: {}", step.console.path);
    lift.check = step
        .check
        .as_ref()
        .map(|check| Check { command: check.command.clone(), expect: gone(&check.expect, &undo) });
    lift.command = Some(undo);
    lift.undo = step.command.clone().into_iter().collect();
    lift.references.clone_from(&step.references);
    Some(lift)
}

/// Whose credentials `step` takes, where it is no account of the chain.
fn credentials(step: &Step) -> Option<&'static str> {
    let mut sets = step.sets.iter();
    let is_of_organization = sets.any(|setting| setting.on == SettingOn::OrganizationPolicy);
    let credentials =
        if is_of_organization { organization::CREDENTIALS } else { directory::CONDITION };
    step.account_id.is_none().then_some(credentials)
}

/// How to see whether there is anything to lift: the step may have been skipped, or undone.
fn standing(step: &Step, undo: &Command) -> Option<Precondition> {
    let what = "what was set still stands".into();
    let Some(policy) = inline_policy(undo) else {
        let check = step.check.as_ref()?;
        let (command, expect) = (check.command.clone(), check.expect.clone());
        return Some(Precondition { what, command, expect });
    };
    // The second round of revocations wrote another time into it.
    let reading = |argument: &String| match argument.strip_prefix("delete-") {
        Some(rest) => format!("get-{rest}"),
        None => argument.clone(),
    };
    let argv = undo.argv.iter().take(3).map(reading);
    let argv = argv.chain(undo.argv.iter().skip(3).cloned());
    let query = ["--query", "PolicyName", "--output", "text"].map(String::from);
    let command = Command::new(argv.chain(query).collect(), undo.inputs.clone());
    Some(Precondition { what, command, expect: Expect::Equals(policy) })
}

/// The name of the inline policy that `undo` deletes, if it deletes one.
fn inline_policy(undo: &Command) -> Option<String> {
    let operation = undo.argv.get(2)?;
    let is_inline = operation.starts_with("delete-")
        && operation.ends_with("-policy")
        && undo.argv.get(1).is_some_and(|service| service == "iam");
    let at = undo.argv.iter().position(|argument| argument == "--policy-name")?;
    undo.argv.get(at + 1).filter(|_| is_inline).cloned()
}

/// Takes the revocation `step` away again, and revokes up to the present time by its undo.
///
/// The second round wrote a later cut-off than `step`, which is not known before. The present time
/// covers whatever either of them did.
pub(crate) fn lift_revocation(case: &Case<'_>, step: &Step) -> Option<Step> {
    let mut lift = lift(case, step)?;
    let up_to_now = |command: Command| {
        let argv = command.argv.iter().map(|argument| argument.replace(&case.cut_off, NOW));
        Command::new(argv.collect(), command.inputs)
    };
    lift.undo = lift.undo.into_iter().map(up_to_now).collect();
    lift.undo_note = Some(
        "It revokes whatever was issued up to the moment at which it is run, so that those whom it \
         reaches need new credentials once more."
            .into(),
    );
    Some(lift)
}

/// What a check gives when the thing that it looks for is gone.
fn gone(expect: &Expect, undo: &Command) -> Expect {
    match expect {
        _ if inline_policy(undo).is_some() => Expect::Fails("NoSuchEntity".into()),
        Expect::Equals(text) | Expect::Contains(text) => Expect::Lacks(text.clone()),
        Expect::Lacks(text) => Expect::Contains(text.clone()),
        Expect::Fails(code) => Expect::Lacks(code.clone()),
    }
}

/// The steps among `lifts` without which a key of `user` is denied.
fn denies_of(user: &UserExtent, lifts: &[Step]) -> String {
    let account = format!("/{}", user.account_id);
    let own = format!("{account}/{}/", user.name);
    let is_of_user = |step: &&Step| {
        (step.id.starts_with("lift/attach_policy/") && step.id.ends_with(&account))
            || (step.id.starts_with("lift/close_way/") && step.id.contains(&own))
    };
    let names: Vec<String> =
        lifts.iter().filter(is_of_user).map(|step| reference::to(&step.id)).collect();
    names.join(" and ")
}

/// Gives the owner of the origin a new key, which the steps of `lifts` let work.
pub(crate) fn new_key(case: &Case<'_>, lifts: &[Step]) -> Vec<Step> {
    let Some(user) =
        case.user_of_origin().filter(|user| !user.is_created && !user.access_key_ids.is_empty())
    else {
        return Vec::new();
    };
    let place = case.place_of_user(user);
    let page = place.user_page(&user.name, "security_credentials");
    let on =
        |operation: &str, name: &str| Aws::new(&place, "iam", operation).opt("user-name", name);
    let newest = "sort_by(AccessKeyMetadata, &CreateDate)[-1].AccessKeyId";
    let doing = place.checked().and_then(|_| {
        let name = grammar::entity_name(&user.name)?;
        Ok(Doing::run(on("create-access-key", name))
            .preview(on("list-access-keys", name))
            .check(
                on("list-access-keys", name)
                    .query("AccessKeyMetadata[?Status=='Active'].AccessKeyId"),
                Expect::Contains("AKIA".into()),
            )
            .undo(
                on("delete-access-key", name)
                    .opt("access-key-id", "{{key}}")
                    .input("{{key}}", on("list-access-keys", name).query(newest)),
            ))
    });
    let why = "Whoever worked with the old key needs another way: better a role than a new key. The \
               answer to the command holds the secret, and it is shown once: do not leave it in a \
               terminal's history or a log.";
    let denies = denies_of(user, lifts);
    let wait = if denies.is_empty() {
        String::new()
    } else {
        format!(
            " Calls with it are denied until this is done, or was not needed: {denies}. Run it after that."
        )
    };
    let condition = format!(
        "Only if the work cannot be done with a role, and after the leak is found and closed.{wait}"
    );
    let mut steps: Vec<Step> = [Step::new(
        Phase::Recover,
        &format!("new_key/{}/{}", user.account_id, user.name),
        &format!("Give the owner of user {} a new key", user.name),
        why,
    )
    .at(&place)
    .only_if(&condition)
    .needs(&["iam:CreateAccessKey", "iam:ListAccessKeys", "iam:DeleteAccessKey"])
    .console(
        page.clone(),
        &format!("IAM → Users → {} → Security credentials → Create access key", user.name),
    )
    .doing(doing)]
    .into();
    steps.extend(user.access_key_ids.iter().map(|key| delete_key(case, user, key)));
    steps
}

fn delete_key(case: &Case<'_>, user: &UserExtent, key: &str) -> Step {
    let place = case.place_of_user(user);
    let doing = place.checked().and_then(|place| {
        let (name, key) = (grammar::entity_name(&user.name)?, grammar::access_key_id(key)?);
        let on = |operation: &str| Aws::new(place, "iam", operation).opt("user-name", name);
        let query = format!("AccessKeyMetadata[?AccessKeyId=='{key}'].Status");
        let status = || on("list-access-keys").query(&query);
        Ok(Doing::run(on("delete-access-key").opt("access-key-id", key))
            .preview(on("list-access-keys"))
            .only_where("the key is inactive", status(), Expect::Equals("Inactive".into()))
            .check(status(), Expect::Equals(String::new())))
    });
    let why = "The key is burnt: whoever has its secret keeps it.";
    let id = format!("delete_key/{}/{key}", user.account_id);
    let path = format!(
        "IAM → Users → {} → Security credentials → Access keys → {key} → Actions → Delete",
        user.name
    );
    Step::new(Phase::Recover, &id, &format!("Delete key {key} of user {}", user.name), why)
        .at(&place)
        .risk(Risk::Destructive)
        .only_if(
            "Only after the evidence is kept, the owner works with something else, and the \
                  verification, the last section of this plan, came out clean.",
        )
        .needs(&["iam:DeleteAccessKey", "iam:ListAccessKeys"])
        .console(place.user_page(&user.name, "security_credentials"), &path)
        .undo_note("A deleted key does not come back.")
        .doing(doing)
}

/// The last steps.
pub(crate) fn verify(case: &Case<'_>) -> Vec<Step> {
    let mut steps: Vec<Step> = [read_newer_logs(case)].into();
    let mut holders: Vec<&Holder> = case.extent.credentials.iter().collect();
    holders.sort_by_key(|holder| core::cmp::Reverse((holder.is_long_term, holder.created)));
    let keys =
        holders.iter().flat_map(|holder| holder.access_key_ids.iter().map(|key| (*holder, &**key)));
    steps.extend(keys.take(KEYS_MAX).map(|(holder, key)| look_up(case, holder, key)));
    steps
}

fn read_newer_logs(case: &Case<'_>) -> Step {
    let why = format!(
        "Reads the logs since the response and says for each credential of the chain whether it is \
         silent, denied or still succeeding, and whether somebody undid what was set. Do it 30 \
         minutes after you ran {last}, and again when {hours} hours have passed since then and it \
         is {watch} or later: sessions of the chain have expired then. Clean is exit code 0: \
         nothing succeeds, everything that this plan sets without a condition is seen to be set, \
         and no account is missing. Exit code 3: something works or was undone. What still \
         succeeds: deactivate its key or deny everything to its role{deny}, and make the plan \
         anew from logs that hold the call: it has steps for whatever is new. What was undone: run \
         its step again, and find out who did it. Exit code 4: these logs do not tell. Get what it \
         says is missing or not read, do what is not seen to be set, look whether what was written \
         again is right, and repeat; where the check of a step shows that it is set or not needed, \
         write that down, and it counts as clean. What must fail now: every call of sessions \
         before the cut-off, with AccessDenied and the words \"with an explicit deny\"; every call \
         of the deactivated keys, with InvalidClientTokenId. GetCallerIdentity succeeds always and \
         means nothing. Close the incident when this is clean after that time, Recover is done, \
         and this is clean once more.",
        last = last_round(case),
        hours = hours(case),
        watch = watch_until(case),
        deny = strongest(case),
    );
    let file = format!("incident-{}.json", case.tag);
    let argv =
        ["rolecall", "respond", &case.tag, &file, "--verify={{newer_logs}}"].map(String::from);
    let input = Input {
        marker: "{{newer_logs}}".into(),
        argv: Vec::new(),
        variable: "NEWER_LOGS".into(),
        what: format!(
            "the logs of every account from {} on: the trail's bucket, such as \
             s3://BUCKET/AWSLogs/, or a folder or file",
            case.extent.last_seen
        ),
    };
    let mut step =
        Step::new(Phase::Verify, "verify", "Read newer logs for anything that still works", &why)
            .needs(&["to read the logs of every account of the chain"])
            .console(
                case.home.console("cloudtrailv2/home#/events"),
                "CloudTrail → Event history, in every account and Region",
            )
            .references(&[
                "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html",
            ]);
    step.command = Some(Command::new(argv.to_vec(), [input].to_vec()));
    step.undo_note = Some("Nothing in AWS changes: repeat it as often as you like.".into());
    step
}

/// Where everything is denied to roles of the chain, if anywhere.
fn strongest(case: &Case<'_>) -> String {
    let is_ordinary = case.extent.roles.iter().any(|role| kind_of(role) == RoleKind::Ordinary);
    let words = || format!(" ({})", reference::to_all("deny_role/"));
    is_ordinary.then(words).unwrap_or_default()
}

fn look_up(case: &Case<'_>, holder: &Holder, key: &str) -> Step {
    let account = &*holder.account_id;
    let place = case.home_in(account);
    let doing = place.checked().and_then(|place| {
        let key = grammar::access_key_id(key)?;
        let attribute = format!("AttributeKey=AccessKeyId,AttributeValue={key}");
        let find = Aws::new(place, "cloudtrail", "lookup-events")
            .opt("lookup-attributes", &attribute)
            .opt("start-time", &case.cut_off)
            .query(
                "Events[?EventName!='GetCallerIdentity' && \
                 !contains(CloudTrailEvent, '\"errorCode\"')].[EventTime,EventName,EventId]",
            );
        Ok(Doing::look(find))
    });
    let why = "Prints calls that were not refused: nothing after the time at which you ran the last \
               revocation, for it to be over. Those before may be listed: they are no failure of \
               the response. It is the event history of one account and one Region, minutes behind: \
               repeat it with --region for each Region that you use.";
    let id = format!("look_up/{key}");
    Step::new(Phase::Verify, &id, &format!("Look for calls with key {key} since the response"), why)
        .at(&place)
        .needs(&["cloudtrail:LookupEvents"])
        .console(place.console("cloudtrailv2/home#/events"), &format!("CloudTrail → Event history → AWS access key = {key}"))
        .references(&["https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events-cli.html"])
        .doing(doing)
}
