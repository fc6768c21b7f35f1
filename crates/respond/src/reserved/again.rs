//! The second round: ends what was issued before the first one was provisioned everywhere.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use detect::RoleExtent;

use super::Set;
use crate::case::Case;
use crate::command::{Aws, NOW};
use crate::origin::directory;
use crate::reference;
use crate::step::{Doing, Expect, Precondition, Step};

/// What the second round is for.
const WHY: &str = "Sessions that were opened before the set was provisioned in every account are \
    newer than the first cut-off.";

/// Why its time is kept.
const WAIT: &str = "Wait two minutes after the provisioning succeeded. Write down the time that \
    the check shows: taking it back counts from the provisioning that follows.";

/// The steps that deny the sessions of the incident of the reserved role `role` once more.
pub(crate) fn steps(case: &Case<'_>, role: &RoleExtent) -> Vec<Step> {
    let set = Set::of(case, role);
    [set.deny_again(), set.merge_again(), set.provision_again()].into()
}

impl Set<'_> {
    /// The number of the step `kind` of the first round.
    fn first(&self, kind: &str) -> String {
        reference::to(&format!("{kind}/{}/{}", self.role.account_id, self.role.name))
    }

    /// The set's policy holds the statement `sid`.
    fn holds(&self, sid: &str) -> Precondition {
        let look = self.look(&format!("contains(InlinePolicy || '', '{sid}')"));
        Precondition {
            what: format!("the permission set's policy holds the statement {sid}"),
            command: look.build(),
            expect: Expect::Equals("True".into()),
        }
    }

    /// Prints the policy where it holds the statement `sid`, and not with the first cut-off.
    fn is_dated_anew(&self, sid: &str) -> Aws {
        let cut_off = &self.case.cut_off;
        self.look(&format!(
            "contains(InlinePolicy || '', '{sid}') && !contains(InlinePolicy, '{cut_off}') && \
             InlinePolicy"
        ))
    }

    /// `step`, for whoever ran one of the steps `first`.
    fn only_after(&self, step: Step, first: &[&str]) -> Step {
        let first: Vec<String> = first.iter().map(|kind| self.first(kind)).collect();
        step.only_if(&format!("Only if you ran {}. {}", first.join(" or "), directory::CONDITION))
    }

    fn deny_again(&self) -> Step {
        let [sid, _] = self.sids();
        let (cut_off, name) = (&self.case.cut_off, self.name);
        let why = format!(
            "{WHY} The same policy with the present time ends them, too. It replaces the whole \
             policy: where the preview shows other statements beside {sid}, skip it, and put the \
             present time into that statement in the console. {WAIT}"
        );
        let doing = self.deny_up_to(&sid, NOW).and_then(|put| {
            let doing = Doing::run(put)
                .preview(self.look("InlinePolicy"))
                .check(self.is_dated_anew(&sid), Expect::Contains(sid.clone()))
                .undo(self.deny_up_to(&sid, cut_off)?);
            Ok(Doing { precondition: Some(self.holds(&sid)), ..doing })
        });
        let title =
            format!("Revoke the sessions of permission set {name} again, two minutes later");
        let step = self
            .put("revoke_again_reserved", &title, &why)
            .doing(doing.map(|doing| self.sets(doing)));
        self.only_after(self.noted(step), &["revoke_reserved"])
    }

    fn merge_again(&self) -> Step {
        let [_, sid] = self.sids();
        let (cut_off, name) = (&self.case.cut_off, self.name);
        let why = format!(
            "{WHY} In the policy of the preview, put the present time in the place of {cut_off} in \
             the statement {sid}, as 2026-01-31T09:30:00Z: `date -u +%Y-%m-%dT%H:%M:%SZ` prints \
             it. {WAIT}"
        );
        let what = format!("the policy of the preview with the present time in statement {sid}");
        let doing = self.document(&sid, cut_off).map(|_| {
            let doing = Doing::run(self.put_asked("{{policy}}", "MERGED_POLICY_AGAIN", &what))
                .preview(self.look("InlinePolicy"))
                .check(self.is_dated_anew(&sid), Expect::Contains(sid.clone()))
                .undo(self.put_asked(
                    "{{policy_before}}",
                    "POLICY_OF_FIRST_ROUND",
                    "the policy that the preview showed",
                ));
            Doing { precondition: Some(self.holds(&sid)), ..doing }
        });
        let title = format!(
            "Put the present time into the inline policy of permission set {name}, two minutes later"
        );
        let step = self
            .put("revoke_again_merged", &title, &why)
            .doing(doing.map(|doing| self.sets(doing)));
        self.only_after(self.noted(step), &["merge_reserved"])
    }

    fn provision_again(&self) -> Step {
        let sids = self.sids();
        let why = "Brings the new time into the accounts. Write down when the check showed that it \
                   succeeded: taking it back counts from there.";
        let title = format!("Provision permission set {} again", self.name);
        let mut step = self.provision_as("revoke_again_provision", &title, why);
        let [revoked, merged] = sids.map(|sid| format!("contains(InlinePolicy || '', '{sid}')"));
        step.precondition = Some(Precondition {
            what: "the permission set's policy holds the statement of this plan".into(),
            command: self.look(&format!("{revoked} || {merged}")).build(),
            expect: Expect::Equals("True".into()),
        });
        self.only_after(step, &["revoke_again_reserved", "revoke_again_merged"])
    }

    fn noted(&self, step: Step) -> Step {
        step.undo_note(&format!(
            "It puts the policy of the first round back, with its cut-off: provision the set \
             afterwards ({}). Recover goes back to no statement at all ({} or {}).",
            self.first("revoke_again_provision"),
            self.first("lift/revoke_reserved"),
            self.first("lift/merge_reserved")
        ))
    }
}
