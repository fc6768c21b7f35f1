//! Stops IAM users, their keys, tokens and passwords.

use alloc::format;
use alloc::vec::Vec;

use detect::UserExtent;

use crate::affected::affected;
use crate::case::Case;
use crate::command::{Aws, NOW};
use crate::grammar::{self, Refused};
use crate::place::Place;
use crate::policy::{self, USER_INLINE_MAX};
use crate::reference;
use crate::step::{Affected, Doing, Expect, Phase, Precondition, Risk, SettingOn, Step};

const KEYS: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html";
const TOKENS: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html";

/// Who else uses what `user` has, unless the lineage made the user.
pub(crate) fn others(user: &UserExtent) -> (Vec<Affected>, u64) {
    if user.is_created {
        return (Vec::new(), 0);
    }
    affected(&user.others, user.others_left_out, "call")
}

/// Makes the key `key` of `user` inactive.
pub(crate) fn deactivate(case: &Case<'_>, user: &UserExtent, key: &str, phase: Phase) -> Step {
    let place = case.place_of_user(user);
    let tokens = if user.has_tokens {
        " It does not end sessions that federation or session tokens of the user opened: that is what denying its tokens is for."
    } else {
        ""
    };
    let why = format!(
        "Stops every call with this key at once. The key is made inactive and not deleted: a \
         deleted key is lost as evidence and cannot be brought back. Sessions of roles that it \
         assumed live on until they are revoked.{tokens}"
    );
    let id = format!("deactivate_key/{}/{key}", user.account_id);
    let step = Step::new(phase, &id, &format!("Deactivate key {key} of user {}", user.name), &why)
        .at(&place)
        .risk(if user.is_created || user.others.is_empty() { Risk::Safe } else { Risk::Disruptive })
        .needs(&["iam:UpdateAccessKey", "iam:ListAccessKeys", "iam:GetAccessKeyLastUsed"])
        .console(
            place.user_page(&user.name, "security_credentials"),
            &format!("IAM → Users → {} → Security credentials → Access keys → {key} → Actions → Deactivate", user.name),
        )
        .affects(others(user))
        .references(&[KEYS])
        .doing(deactivation(&place, &user.name, key));
    unless_inactive(case, step, key)
}

/// Says of a key that somebody made inactive, as far as the logs tell, that it may be so still.
pub(crate) fn unless_inactive(case: &Case<'_>, step: Step, key: &str) -> Step {
    let mut known = case.extent.users.iter().flat_map(|user| &user.inactive);
    let Some(inactive) = known.find(|inactive| *inactive.access_key_id == *key) else {
        return step;
    };
    let by = if inactive.by_arn.is_empty() { "somebody" } else { &inactive.by_arn };
    step.only_if(&format!(
        "Only if the key is active again: these logs show that {by} made it inactive at {} (event {}).",
        inactive.event_time,
        inactive.event_id.as_deref().unwrap_or("without an id")
    ))
}

/// Makes an active key inactive; one that its owner had stopped stays as it is.
pub(crate) fn deactivation(place: &Place, user: &str, key: &str) -> Result<Doing, Refused> {
    place.checked()?;
    let (user, key) = (grammar::entity_name(user)?, grammar::access_key_id(key)?);
    let update = |status| {
        let update = Aws::new(place, "iam", "update-access-key").opt("user-name", user);
        update.opt("access-key-id", key).opt("status", status)
    };
    let query = format!("AccessKeyMetadata[?AccessKeyId=='{key}'].Status");
    let status = || Aws::new(place, "iam", "list-access-keys").opt("user-name", user).query(&query);
    Ok(Doing::run(update("Inactive"))
        .preview(Aws::new(place, "iam", "get-access-key-last-used").opt("access-key-id", key))
        .only_where("the key is active", status(), Expect::Equals("Active".into()))
        .check(status(), Expect::Equals("Inactive".into()))
        .undo(update("Active"))
        .sets(SettingOn::AccessKey, place, user, key))
}

/// Ends the sessions that tokens of `user` opened.
pub(crate) fn revoke_tokens(case: &Case<'_>, user: &UserExtent) -> Step {
    let place = case.place_of_user(user);
    let why = format!(
        "GetSessionToken, GetFederationToken and the console hand out sessions that a deactivated \
         key does not end, for up to 36 hours. This denies every action to those of the user that \
         were issued before {}; its long-term keys are not touched by it.",
        case.cut_off
    );
    let id = format!("revoke_tokens/{}/{}", user.account_id, user.name);
    let title = format!("Deny the session and federation tokens of user {}", user.name);
    let name = case.name("Revoke");
    Step::new(Phase::CutOrigin, &id, &title, &why)
        .at(&place)
        .risk(if user.is_created || user.others.is_empty() { Risk::Safe } else { Risk::Disruptive })
        .needs(&["iam:PutUserPolicy", "iam:GetUserPolicy", "iam:DeleteUserPolicy"])
        .console(
            place.user_page(&user.name, "permissions"),
            &format!("IAM → Users → {} → Permissions → Add permissions → Create inline policy → JSON → paste the policy of the command → name it {name}", user.name),
        )
        .affects(others(user))
        .undo_note("Before the last token of the user has expired it gives the attacker's back: Recover says when that is.")
        .references(&[TOKENS])
        .doing(put(&place, &user.name, &name, &policy::revoke(&case.cut_off)).map(|doing| {
            doing.dated(read(&place, &user.name, &name), &case.cut_off, &case.cut_off)
        }))
}

/// The second round of `first`, which denied the tokens of `user`.
pub(crate) fn revoke_tokens_again(case: &Case<'_>, user: &UserExtent, first: &Step) -> Step {
    let place = case.place_of_user(user);
    let why = format!(
        "A token that was issued after the cut-off, {}, and before the user's keys and password were \
         stopped in every Region is denied by nothing yet, and lives for up to 36 hours. The same \
         policy with the present time ends it, too. Wait two minutes after these were stopped. Write \
         down the time that the check prints: taking it back counts from there.",
        case.cut_off
    );
    let name = case.name("Revoke");
    let title = format!("Deny the tokens of user {} again, two minutes later", user.name);
    let doing = put(&place, &user.name, &name, &policy::revoke(NOW)).map(|doing| {
        let look = || read(&place, &user.name, &name);
        Doing {
            undo: first.command.clone().into_iter().collect(),
            precondition: Some(Precondition::was_put(look(), &name)),
            ..doing.dated(look(), NOW, &case.cut_off)
        }
    });
    let id = format!("revoke_again_tokens/{}/{}", user.account_id, user.name);
    let mut again = Step::new(Phase::CloseWayBack, &id, &title, &why)
        .at(&place)
        .risk(first.risk)
        .only_if(&format!("Only if you ran {}.", reference::to(&first.id)))
        .console(first.console.url.clone(), &first.console.path)
        .affects((first.affects.clone(), first.affects_left_out))
        .undo_note(&format!("It puts the policy of {} back.", reference::to(&first.id)))
        .doing(doing);
    again.needs.clone_from(&first.needs);
    again.references.clone_from(&first.references);
    again
}

/// Puts `document` on the user `user` as the inline policy `name`.
pub(crate) fn put(
    place: &Place,
    user: &str,
    name: &str,
    document: &serde_json::Value,
) -> Result<Doing, Refused> {
    place.checked()?;
    let user = grammar::entity_name(user)?;
    let document = policy::within(document, USER_INLINE_MAX)?;
    let on_user = |operation| Aws::new(place, "iam", operation).opt("user-name", user);
    Ok(Doing::run(
        on_user("put-user-policy").opt("policy-name", name).opt("policy-document", &document),
    )
    .preview(on_user("list-user-policies"))
    .check(read(place, user, name).query("PolicyName"), Expect::Equals(name.into()))
    .undo(on_user("delete-user-policy").opt("policy-name", name))
    .sets(SettingOn::UserPolicy, place, user, name))
}

fn read(place: &Place, user: &str, name: &str) -> Aws {
    Aws::new(place, "iam", "get-user-policy").opt("user-name", user).opt("policy-name", name)
}

/// Denies everything to `user`: keys, passwords, tokens.
pub(crate) fn deny_all(
    case: &Case<'_>,
    account: &str,
    user: &str,
    phase: Phase,
    why: &str,
) -> Step {
    let place = case.home_in(account);
    let arn = policy::deny_all_arn(place.partition());
    let doing = (|| {
        place.checked()?;
        let user = grammar::entity_name(user)?;
        let on_user = |operation| Aws::new(&place, "iam", operation).opt("user-name", user);
        let query = format!("AttachedPolicies[?PolicyArn=='{arn}'].PolicyName");
        Ok(Doing::run(on_user("attach-user-policy").opt("policy-arn", &arn))
            .preview(on_user("list-attached-user-policies"))
            .check(
                on_user("list-attached-user-policies").query(&query),
                Expect::Equals("AWSDenyAll".into()),
            )
            .undo(on_user("detach-user-policy").opt("policy-arn", &arn))
            .sets(SettingOn::AttachedUserPolicy, &place, user, &arn))
    })();
    let id = format!("deny_user/{account}/{user}");
    Step::new(phase, &id, &format!("Deny everything to user {user}"), why)
        .at(&place)
        .needs(&["iam:AttachUserPolicy", "iam:ListAttachedUserPolicies", "iam:DetachUserPolicy"])
        .console(
            place.user_page(user, "permissions"),
            &format!("IAM → Users → {user} → Permissions → Add permissions → Attach policies directly → AWSDenyAll"),
        )
        .references(&[TOKENS])
        .doing(doing)
}

/// Takes the console password of `user` away.
pub(crate) fn remove_password(case: &Case<'_>, account: &str, user: &str, phase: Phase) -> Step {
    let place = case.home_in(account);
    let doing = (|| {
        place.checked()?;
        let user = grammar::entity_name(user)?;
        let on_user = |operation| Aws::new(&place, "iam", operation).opt("user-name", user);
        Ok(Doing::run(on_user("delete-login-profile"))
            .preview(on_user("get-login-profile"))
            .only_where(
                "the user has a console password",
                on_user("get-login-profile").query("LoginProfile.UserName"),
                Expect::Equals(user.into()),
            )
            .check(on_user("get-login-profile"), Expect::Fails("NoSuchEntity".into()))
            .undo(
                on_user("create-login-profile")
                    .opt("password", "{{password}}")
                    .flag("password-reset-required")
                    .asked("{{password}}", "NEW_PASSWORD", "a new password for the user"),
            )
            .sets(SettingOn::LoginProfile, &place, user, ""))
    })();
    let why = "Without a password nobody signs in to the console as this user. Console sessions that are open live on until they are denied.";
    let id = format!("remove_password/{account}/{user}");
    Step::new(phase, &id, &format!("Take the console password of user {user} away"), why)
        .at(&place)
        .risk(Risk::Disruptive)
        .needs(&["iam:DeleteLoginProfile", "iam:GetLoginProfile", "iam:CreateLoginProfile"])
        .console(
            place.user_page(user, "security_credentials"),
            &format!("IAM → Users → {user} → Security credentials → Console sign-in → Manage console access → Disable"),
        )
        .undo_note("The old password does not come back: a new one is set, and the user changes it at the next sign-in.")
        .references(&["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_admin-change-user.html"])
        .doing(doing)
}
