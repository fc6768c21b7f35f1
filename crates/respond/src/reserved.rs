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
use crate::case::Case;
use crate::closing;
use crate::command::Aws;
use crate::grammar::{self, Refused};
use crate::origin::directory;
use crate::place::Place;
use crate::policy::{self, ROLE_INLINE_MAX};
use crate::step::{Doing, Expect, Phase, Risk, Step};

const REFERENCES: [&str; 2] = [
    "https://docs.aws.amazon.com/singlesignon/latest/userguide/prereqs-revoking-user-permissions.html",
    "https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_PutInlinePolicyToPermissionSet.html",
];

/// Begin of the ids of steps that provision a set.
const PROVISION: &str = "provision_permission_set/";

/// Begin of the ids of steps that add to a policy.
const MERGE: &str = "merge_reserved/";

/// The variable that holds a policy without what a step adds to it.
const POLICY_BEFORE: &str = "POLICY_BEFORE";

/// How a person gives a policy with or without the statement.
const ADDED: &str = "that the step added, in one line or as file://NAME of a file with it";

/// A permission set and the policy that it gets.
struct Set<'c> {
    case: &'c Case<'c>,
    role: &'c RoleExtent,
    place: Place,
    name: &'c str,
}

/// The steps that deny the sessions of the incident of the reserved role `role`.
pub(crate) fn steps(case: &Case<'_>, role: &RoleExtent) -> Vec<Step> {
    let name = role.name.strip_prefix("AWSReservedSSO_").unwrap_or_default();
    let name = name.rsplit_once('_').map_or(name, |(name, _)| name);
    let set = Set { case, role, place: directory::place(case), name };
    [set.find(), set.deny(), set.merge(), set.provision()].into()
}

/// Takes what `step` set away again.
pub(crate) fn lift(case: &Case<'_>, step: &Step) -> Option<Step> {
    let mut lift = closing::lift_revocation(case, step)?;
    if step.id.starts_with(MERGE) {
        lift.preview.clone_from(&step.preview);
        for input in lift.command.iter_mut().flat_map(|command| &mut command.inputs) {
            if input.variable == POLICY_BEFORE {
                input.what = format!("the policy of the preview without the statement {ADDED}");
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

impl Set<'_> {
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

    /// What is denied: the person's sessions, or those of the incident by their names.
    ///
    /// The statement bears `sid`, by which it is found again in a policy with other statements.
    fn document(&self, sid: &str) -> Result<Value, Refused> {
        let cut_off = &self.case.cut_off;
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

    /// Whether the set has an inline policy.
    fn has_policy(&self) -> Aws {
        self.on("get-inline-policy-for-permission-set").query("length(InlinePolicy || '') > `0`")
    }

    fn deny(&self) -> Step {
        let why = format!(
            "Denies everything to the sessions of the incident that were issued before {}, in every \
             account of the set, once it is provisioned. Others with the set keep working. The \
             organization's policy of this plan does the same where it could be attached.",
            self.case.cut_off
        );
        let [sid, _] = self.sids();
        let doing = self.document(&sid).and_then(|document| {
            let document = policy::within(&document, ROLE_INLINE_MAX)?;
            let put = self.on("put-inline-policy-to-permission-set");
            let look = || self.on("get-inline-policy-for-permission-set").query("InlinePolicy");
            Ok(Doing::run(put.opt("inline-policy", &document))
                .preview(look())
                .only_where(
                    "the permission set has no inline policy",
                    self.has_policy(),
                    Expect::Equals("False".into()),
                )
                .check(look(), Expect::Contains(sid.clone()))
                .undo(self.on("delete-inline-policy-from-permission-set")))
        });
        let title =
            format!("Revoke the sessions of permission set {} through Identity Center", self.name);
        self.put("revoke_reserved", &title, &why).doing(doing)
    }

    fn merge(&self) -> Step {
        let [revoked, sid] = self.sids();
        let document = self.document(&sid).ok();
        let statement =
            document.and_then(|document| document.pointer("/Statement/0").map(ToString::to_string));
        let why = format!(
            "The same for a set that has an inline policy, which a new one would replace: add the \
             statement {} to the policy of the preview.",
            statement.as_deref().unwrap_or("of the step before")
        );
        let put = |marker: &str, variable: &str, what: &str| {
            let what = format!("{what}, in one line or as file://NAME of a file with it");
            self.on("put-inline-policy-to-permission-set")
                .opt("inline-policy", marker)
                .asked(marker, variable, &what)
        };
        let look = || self.on("get-inline-policy-for-permission-set").query("InlinePolicy");
        let doing = self.document(&sid).map(|_| {
            Doing::run(put("{{policy}}", "MERGED_POLICY", "the policy with the statement added"))
                .preview(look())
                .only_where(
                    "the permission set has an inline policy without the statement",
                    self.on("get-inline-policy-for-permission-set").query(&format!(
                        "length(InlinePolicy || '') > `0` && !contains(InlinePolicy, '{sid}') && \
                         !contains(InlinePolicy, '{revoked}')"
                    )),
                    Expect::Equals("True".into()),
                )
                .check(look(), Expect::Contains(sid.clone()))
                .undo(put("{{policy_before}}", POLICY_BEFORE, "the policy of the preview"))
        });
        let title =
            format!("Add the statement to the inline policy of permission set {}", self.name);
        self.put(MERGE.trim_end_matches('/'), &title, &why).doing(doing)
    }

    /// A step that writes the inline policy.
    fn put(&self, id: &str, title: &str, why: &str) -> Step {
        self.step(id, title, why)
            .needs(&[
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
        let status = Aws::new(&self.place, "sso-admin", "list-permission-set-provisioning-status");
        let status = directory::with_instance(&self.place, status)
            .query("PermissionSetsProvisioningStatus[0].Status");
        let run =
            || self.on("provision-permission-set").opt("target-type", "ALL_PROVISIONED_ACCOUNTS");
        let doing = Doing::run(run()).check(status, Expect::Equals("SUCCEEDED".into())).undo(run());
        let id = PROVISION.trim_end_matches('/');
        let title = format!("Provision permission set {} to its accounts", self.name);
        self.step(id, &title, why)
            .needs(&["sso:ProvisionPermissionSet", "sso:ListPermissionSetProvisioningStatus"])
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
