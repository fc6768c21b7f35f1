//! Ends the sessions of a role that Identity Center made, through its permission set.
//!
//! IAM refuses to change such a role. An inline policy of the permission set reaches it when the
//! set is provisioned anew (user guide of Identity Center, "Deny user access"; API reference,
//! `PutInlinePolicyToPermissionSet`). A set has one inline policy: one that is there already has to
//! be kept.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use detect::RoleExtent;
use serde_json::Value;

use crate::affected::affected;
use crate::case::{Case, place_of};
use crate::closing;
use crate::command::Aws;
use crate::grammar::{self, Refused};
use crate::origin::directory;
use crate::place::Place;
use crate::policy::{self, ROLE_INLINE_MAX};
use crate::step::{Doing, Expect, Phase, Risk, SettingOn, Step};

mod again;

pub(crate) use again::steps as steps_again;

const REFERENCES: [&str; 2] = [
    "https://docs.aws.amazon.com/singlesignon/latest/userguide/prereqs-revoking-user-permissions.html",
    "https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_PutInlinePolicyToPermissionSet.html",
];

/// The name that the inline policy of a permission set bears in its roles.
pub(crate) const PERMISSION_SET_POLICY: &str = "AwsSSOInlinePolicy";

/// Begin of the ids of steps that provision a set.
const PROVISION: &str = "provision_permission_set/";

/// Begin of the ids of steps that give a set the only policy that it has.
const REVOKE: &str = "revoke_reserved/";

/// Begin of the ids of steps that add to a policy.
const MERGE: &str = "merge_reserved/";

/// The variable that holds a policy without what a step adds to it.
const POLICY_BEFORE: &str = "POLICY_BEFORE";

/// The variable that holds a policy with what a step adds to it.
const MERGED_POLICY: &str = "MERGED_POLICY";

/// How a person gives a policy.
const AS: &str = "in one line or as file://NAME of a file with it";

/// A permission set and the policy that it gets.
struct Set<'c> {
    case: &'c Case<'c>,
    role: &'c RoleExtent,
    place: Place,
    name: &'c str,
}

/// The steps that deny the sessions of the incident of the reserved role `role`.
pub(crate) fn steps(case: &Case<'_>, role: &RoleExtent) -> Vec<Step> {
    let set = Set::of(case, role);
    [set.find(), set.deny(), set.merge(), set.provision()].into()
}

/// Takes what `step` set away again.
pub(crate) fn lift(case: &Case<'_>, step: &Step) -> Option<Step> {
    let mut lift = closing::lift_revocation(case, step)?;
    if step.id.starts_with(REVOKE) {
        lift.preview.clone_from(&step.preview);
        lift.why.push_str(
            " This deletes the whole policy: where the preview shows other statements beside that of \
             this plan, take that one out in the console instead.",
        );
        lift.undo_note.iter_mut().for_each(|note| note.push_str(" Provision the set afterwards."));
    }
    if step.id.starts_with(MERGE) {
        lift.preview.clone_from(&step.preview);
        lift.undo_note = Some("It puts the statement back: provision the set afterwards.".into());
        for input in lift.command.iter_mut().flat_map(|command| &mut command.inputs) {
            if input.variable == POLICY_BEFORE {
                input.what = format!(
                    "the policy of the preview without the statement that the step added, {AS}"
                );
            }
        }
        for input in lift.undo.iter_mut().flat_map(|command| &mut command.inputs) {
            if input.variable == MERGED_POLICY {
                input.what = format!("the policy that the preview showed, {AS}");
            }
        }
    }
    if step.id.starts_with(PROVISION) {
        lift.why = "Brings the lift of the policy into the accounts.".into();
        lift.precondition = None;
        lift.risk = step.risk;
        lift.check.clone_from(&step.check);
        lift.undo_note = Some("Provisioning again brings whatever the set holds then.".into());
    }
    Some(lift)
}

impl<'c> Set<'c> {
    fn of(case: &'c Case<'c>, role: &'c RoleExtent) -> Self {
        let name = role.name.strip_prefix("AWSReservedSSO_").unwrap_or_default();
        let name = name.rsplit_once('_').map_or(name, |(name, _)| name);
        Self { case, role, place: directory::place(case), name }
    }

    /// A call about the set, whose ARN no log holds.
    fn on(&self, operation: &str) -> Aws {
        let call = Aws::new(&self.place, "sso-admin", operation);
        directory::with_instance(&self.place, call)
            .opt("permission-set-arn", "{{permission_set_arn}}")
            .asked(
                "{{permission_set_arn}}",
                "PERMISSION_SET_ARN",
                &format!("the ARN of permission set {}", self.name),
            )
    }

    fn step(&self, id: &str, title: &str, why: &str) -> Step {
        let id = format!("{id}/{}/{}", self.role.account_id, self.role.name);
        Step::new(Phase::CloseWayBack, &id, title, why)
            .only_if(directory::CONDITION)
            .risk(Risk::Disruptive)
            .affects(affected(&self.role.others, self.role.others_left_out, "session"))
            .references(&REFERENCES)
    }

    fn page(&self) -> Option<String> {
        self.case.home.console("singlesignon/home")
    }

    fn find(&self) -> Step {
        let (name, account) = (self.name, &self.role.account_id);
        let why = format!(
            "{} is a role of Identity Center, which IAM refuses to change: its permission set has \
             to be. The steps after this one ask for the set's ARN, which no log holds. The preview \
             lists those of the account; the one for which the check prints {name} is it.",
            self.role.name
        );
        let doing = grammar::account_id(account).and_then(|account| {
            let name = grammar::entity_name(name)?;
            let list =
                Aws::new(&self.place, "sso-admin", "list-permission-sets-provisioned-to-account");
            let list = directory::with_instance(&self.place, list).opt("account-id", account);
            Ok(Doing::look(list.query("PermissionSets")).check(
                self.on("describe-permission-set").query("PermissionSet.Name"),
                Expect::Equals(name.into()),
            ))
        });
        let title = format!("Find the ARN of permission set {name}");
        Step {
            risk: Risk::Safe,
            affects: Vec::new(),
            affects_left_out: 0,
            ..self.step("find_permission_set", &title, &why)
        }
        .needs(&[
            "sso:ListInstances",
            "sso:ListPermissionSetsProvisionedToAccount",
            "sso:DescribePermissionSet",
        ])
        .console(self.page(), &format!("IAM Identity Center → Permission sets → {name} → ARN"))
        .doing(doing)
    }

    /// What is denied up to `cut_off`: the person's sessions, or those of the incident by their
    /// names.
    ///
    /// The statement bears `sid`, by which it is found again in a policy with other statements.
    fn document(&self, sid: &str, cut_off: &str) -> Result<Value, Refused> {
        let person = self.case.extent.identity_store_user_id.as_deref();
        let mut document = if let Some(id) = person {
            policy::revoke_person(grammar::identity_store_user_id(id)?, cut_off)
        } else {
            let ids = self.role.sessions.iter().map(|id| grammar::user_id(id));
            policy::revoke_sessions(&ids.collect::<Result<Vec<_>, _>>()?, cut_off)
        };
        let statement = document.pointer_mut("/Statement/0").and_then(Value::as_object_mut);
        if let Some(statement) = statement {
            statement.insert("Sid".into(), sid.into());
        }
        Ok(document)
    }

    /// The statement that is the only one of its policy, and the one that is added to others.
    fn sids(&self) -> [String; 2] {
        ["RolecallRevoke", "RolecallMerged"].map(|begin| format!("{begin}{}", self.case.tag))
    }

    /// Reads `query` of the set's inline policy.
    fn look(&self, query: &str) -> Aws {
        self.on("get-inline-policy-for-permission-set").query(query)
    }

    /// Gives the set the policy with the statement `sid` alone, which denies up to `cut_off`.
    fn deny_up_to(&self, sid: &str, cut_off: &str) -> Result<Aws, Refused> {
        let document = policy::within(&self.document(sid, cut_off)?, ROLE_INLINE_MAX)?;
        Ok(self.on("put-inline-policy-to-permission-set").opt("inline-policy", &document))
    }

    /// Gives the set the policy that a person says, which is `what`.
    fn put_asked(&self, marker: &str, variable: &str, what: &str) -> Aws {
        let what = format!("{what}, {AS}");
        self.on("put-inline-policy-to-permission-set")
            .opt("inline-policy", marker)
            .asked(marker, variable, &what)
    }

    /// Brings the set into its accounts.
    fn run(&self) -> Aws {
        self.on("provision-permission-set").opt("target-type", "ALL_PROVISIONED_ACCOUNTS")
    }

    fn deny(&self) -> Step {
        let why = format!(
            "Denies everything to the sessions of the incident that were issued before {}, in every \
             account of the set, once it is provisioned. Others with the set keep working. The \
             organization's policy of this plan does the same where it could be attached.",
            self.case.cut_off
        );
        let [sid, _] = self.sids();
        let doing = self.deny_up_to(&sid, &self.case.cut_off).map(|put| {
            Doing::run(put)
                .preview(self.look("InlinePolicy"))
                .only_where(
                    "the permission set has no inline policy",
                    self.look("length(InlinePolicy || '') > `0`"),
                    Expect::Equals("False".into()),
                )
                .check(self.look("InlinePolicy"), Expect::Contains(sid.clone()))
                .undo(self.on("delete-inline-policy-from-permission-set"))
        });
        let title =
            format!("Revoke the sessions of permission set {} through Identity Center", self.name);
        self.put(REVOKE.trim_end_matches('/'), &title, &why)
            .doing(doing.map(|doing| self.sets(doing)))
    }

    fn merge(&self) -> Step {
        let [revoked, sid] = self.sids();
        let document = self.document(&sid, &self.case.cut_off).ok();
        let statement =
            document.and_then(|document| document.pointer("/Statement/0").map(ToString::to_string));
        let why = format!(
            "The same for a set that has an inline policy, which a new one would replace: add the \
             statement {} to the policy of the preview.",
            statement.as_deref().unwrap_or("of the step before")
        );
        let doing = self.document(&sid, &self.case.cut_off).map(|_| {
            let put = self.put_asked(
                "{{policy}}",
                MERGED_POLICY,
                "the policy of the preview with the statement added",
            );
            Doing::run(put)
                .preview(self.look("InlinePolicy"))
                .only_where(
                    "the permission set has an inline policy without the statement",
                    self.look(&format!(
                        "length(InlinePolicy || '') > `0` && !contains(InlinePolicy, '{sid}') && \
                         !contains(InlinePolicy, '{revoked}')"
                    )),
                    Expect::Equals("True".into()),
                )
                .check(self.look("InlinePolicy"), Expect::Contains(sid.clone()))
                .undo(self.put_asked(
                    "{{policy_before}}",
                    POLICY_BEFORE,
                    "the policy of the preview",
                ))
        });
        let title =
            format!("Add the statement to the inline policy of permission set {}", self.name);
        self.put(MERGE.trim_end_matches('/'), &title, &why)
            .doing(doing.map(|doing| self.sets(doing)))
    }

    /// `doing`, which writes the inline policy that the role gets when the set is provisioned.
    fn sets(&self, doing: Doing) -> Doing {
        let place = place_of(self.role);
        doing.sets(SettingOn::RolePolicy, &place, &self.role.name, PERMISSION_SET_POLICY)
    }

    /// A step that writes the inline policy.
    fn put(&self, id: &str, title: &str, why: &str) -> Step {
        self.step(id, title, why)
            .needs(&[
                "sso:ListInstances",
                "sso:GetInlinePolicyForPermissionSet",
                "sso:PutInlinePolicyToPermissionSet",
                "sso:DeleteInlinePolicyFromPermissionSet",
            ])
            .console(
                self.page(),
                &format!(
                    "IAM Identity Center → Permission sets → {} → Inline policy → Edit → add the \
                     statement → Save changes",
                    self.name
                ),
            )
            .undo_note("Provision the set afterwards, or nothing changes in the accounts.")
    }

    fn provision(&self) -> Step {
        let why = "Nothing changes in the accounts before. AWS does it in the background.";
        let title = format!("Provision permission set {} to its accounts", self.name);
        self.provision_as(PROVISION.trim_end_matches('/'), &title, why)
    }

    fn provision_as(&self, id: &str, title: &str, why: &str) -> Step {
        let status = Aws::new(&self.place, "sso-admin", "list-permission-set-provisioning-status");
        let status = directory::with_instance(&self.place, status)
            .query("PermissionSetsProvisioningStatus[0].Status");
        let doing = Doing::run(self.run())
            .check(status, Expect::Equals("SUCCEEDED".into()))
            .undo(self.run());
        self.step(id, title, why)
            .needs(&[
                "sso:ListInstances",
                "sso:ProvisionPermissionSet",
                "sso:ListPermissionSetProvisioningStatus",
                "sso:GetInlinePolicyForPermissionSet",
            ])
            .console(
                self.page(),
                &format!(
                    "IAM Identity Center → AWS accounts → select the accounts → Reapply \
                     permission sets; or Permission sets → {} → Reprovision",
                    self.name
                ),
            )
            .undo_note("After the policy was set back: it brings what the set holds then.")
            .doing(Ok(doing))
    }
}
