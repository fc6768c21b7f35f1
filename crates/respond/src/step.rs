//! A step of a plan.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::command::{Aws, Command, NOW};
use crate::grammar::Refused;
use crate::permission;
use crate::place::Place;

/// What a step is for; plans go through them in this order.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Keep what proves it.
    Preserve,
    /// Stop every principal of the chain at once, where an organization allows it.
    Contain,
    /// Take away what the chain began with.
    CutOrigin,
    /// Take away what was left behind.
    RemovePersistence,
    /// End every session of every role, and the trust that led from one to the next.
    CloseWayBack,
    /// Remove for good, restore, and lift what was meant for the emergency.
    Recover,
    /// See that nothing of it still works.
    Verify,
}

/// What a step may break.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// Nothing that is in use.
    Safe,
    /// Work of others, until it is undone.
    Disruptive,
    /// Something that cannot be brought back as it was.
    Destructive,
}

/// A step.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Step {
    /// Its name, the same when the plan grows.
    pub id: String,
    /// What it is for.
    pub phase: Phase,
    /// What to do.
    pub title: String,
    /// What it does and why, in a sentence or a few.
    pub why: String,
    /// What it may break.
    pub risk: Risk,
    /// When to do it, if not always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// What has to be so for there to be anything to do; where it is not, the step is skipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precondition: Option<Precondition>,
    /// Whether the command is run again for as long as the precondition holds.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub repeats: bool,
    /// Account to do it in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
    /// Region to do it in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Permissions that it takes.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Where in the console.
    #[serde(default)]
    pub console: Console,
    /// Why there is no command, where a value of the logs may not enter one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// What to look at before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<Command>,
    /// What to run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<Command>,
    /// How to see that it is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<Check>,
    /// How to go back.
    #[serde(default)]
    pub undo: Vec<Command>,
    /// What there is to know about going back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo_note: Option<String>,
    /// Who else is affected.
    #[serde(default)]
    pub affects: Vec<Affected>,
    /// Others who are affected and not listed.
    #[serde(default)]
    pub affects_left_out: u64,
    /// What it sets, which somebody might undo.
    #[serde(default)]
    pub sets: Vec<Setting>,
    /// Where the facts come from.
    #[serde(default)]
    pub references: Vec<String>,
}

/// Where in the console to do it.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Console {
    /// The page, where every part of its address could be checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What to press there, in words.
    pub path: String,
}

/// A read command, and what it has to give.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Check {
    /// The command.
    pub command: Command,
    /// What it has to give.
    pub expect: Expect,
}

/// What has to be so for a step to have anything to do.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Precondition {
    /// In words.
    pub what: String,
    /// A read command that tells.
    pub command: Command,
    /// What it gives where it is so.
    pub expect: Expect,
}

/// What a check has to give.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "value")]
pub enum Expect {
    /// This text, line feeds at the end aside.
    Equals(String),
    /// A text with this in it.
    Contains(String),
    /// A text without this in it, or a failure that says that nothing was found.
    Lacks(String),
    /// A failure with this error code.
    Fails(String),
}

/// Somebody who is affected by a step, beside whom it is meant for.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Affected {
    /// Who, in words.
    pub who: String,
    /// What they did, in counts.
    pub what: String,
    /// When they were last seen.
    pub last: String,
    /// When they come next, by their rhythm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Something that a step sets and that somebody might undo.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Setting {
    /// What kind of thing it is set on.
    pub on: SettingOn,
    /// Account.
    pub account_id: String,
    /// Name of the role, user, group or instance.
    pub name: String,
    /// The policy or key; empty where there is none.
    #[serde(default)]
    pub detail: String,
}

/// What a setting is set on.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SettingOn {
    /// A key that is inactive.
    AccessKey,
    /// A policy that is attached to a user.
    AttachedUserPolicy,
    /// An instance without a profile.
    InstanceProfile,
    /// A console password that is gone.
    LoginProfile,
    /// A policy that is attached in the organization.
    OrganizationPolicy,
    /// An inline policy of a role.
    RolePolicy,
    /// A trust policy.
    TrustPolicy,
    /// An inline policy of a user.
    UserPolicy,
}

impl Precondition {
    /// A step before put `policy`, which `look` reads.
    pub(crate) fn was_put(look: Aws, policy: &str) -> Self {
        Self {
            what: "that policy was put".into(),
            command: look.query("PolicyName").build(),
            expect: Expect::Equals(policy.into()),
        }
    }
}

/// The commands of a step.
#[derive(Default)]
pub(crate) struct Doing {
    pub(crate) preview: Option<Command>,
    pub(crate) command: Option<Command>,
    pub(crate) check: Option<Check>,
    pub(crate) undo: Vec<Command>,
    pub(crate) sets: Vec<Setting>,
    pub(crate) precondition: Option<Precondition>,
    pub(crate) repeats: bool,
}

impl Doing {
    pub(crate) fn run(command: Aws) -> Self {
        Self { command: Some(command.build()), ..Self::default() }
    }

    pub(crate) fn look(command: Aws) -> Self {
        Self { preview: Some(command.build()), ..Self::default() }
    }

    pub(crate) fn preview(mut self, command: Aws) -> Self {
        self.preview = Some(command.build());
        self
    }

    pub(crate) fn check(mut self, command: Aws, expect: Expect) -> Self {
        self.check = Some(Check { command: command.build(), expect });
        self
    }

    pub(crate) fn undo(mut self, command: Aws) -> Self {
        self.undo.push(command.build());
        self
    }

    /// There is something to do only where `command` gives what is expected, which says `what`.
    pub(crate) fn only_where(mut self, what: &str, command: Aws, expect: Expect) -> Self {
        self.precondition =
            Some(Precondition { what: what.into(), command: command.build(), expect });
        self
    }

    /// Adds the check that the policy which `look` reads revokes what was issued before `cut_off`,
    /// which is the time of the first round or [`NOW`].
    pub(crate) fn dated(self, look: Aws, cut_off: &str, first_cut_off: &str) -> Self {
        let time = r#"PolicyDocument.Statement[0].Condition.DateLessThan."aws:TokenIssueTime""#;
        // That of the second round is not known before it is run, and whoever responds keeps it.
        let shown = format!("{time} != '{first_cut_off}' && join(' ', ['revoked before', {time}])");
        match cut_off {
            NOW => self.check(
                look.query(&format!("{time} && {shown}")),
                Expect::Contains("revoked before".into()),
            ),
            _ => self.check(look.query(time), Expect::Equals(cut_off.into())),
        }
    }

    /// The command is run again for as long as the precondition holds.
    pub(crate) fn repeated(mut self) -> Self {
        self.repeats = true;
        self
    }

    pub(crate) fn sets(mut self, on: SettingOn, place: &Place, name: &str, detail: &str) -> Self {
        let account_id = place.account_id.clone();
        self.sets.push(Setting { on, account_id, name: name.into(), detail: detail.into() });
        self
    }
}

impl Step {
    /// A step named `id`, safe until told otherwise.
    pub(crate) fn new(phase: Phase, id: &str, title: &str, why: &str) -> Self {
        Self {
            id: id.into(),
            phase,
            title: title.into(),
            why: why.into(),
            risk: Risk::Safe,
            condition: None,
            precondition: None,
            repeats: false,
            account_id: None,
            region: None,
            needs: Vec::new(),
            console: Console::default(),
            refused: None,
            preview: None,
            command: None,
            check: None,
            undo: Vec::new(),
            undo_note: None,
            affects: Vec::new(),
            affects_left_out: 0,
            sets: Vec::new(),
            references: Vec::new(),
        }
    }

    /// The id without the number that tells it from others of its name.
    pub(crate) fn plain_id(&self) -> &str {
        let numbered = self.id.rsplit_once('#');
        let is_number =
            |end: &str| !end.is_empty() && end.bytes().all(|byte| byte.is_ascii_digit());
        numbered.filter(|(_, end)| is_number(end)).map_or(self.id.as_str(), |(id, _)| id)
    }

    /// The id of the step that takes it back.
    pub(crate) fn lift_id(&self) -> String {
        format!("lift/{}", self.plain_id())
    }

    pub(crate) fn at(mut self, place: &Place) -> Self {
        (self.account_id, self.region) = (place.account(), place.region());
        self
    }

    pub(crate) fn risk(mut self, risk: Risk) -> Self {
        self.risk = risk;
        self
    }

    pub(crate) fn only_if(mut self, condition: &str) -> Self {
        self.condition = Some(condition.into());
        self
    }

    pub(crate) fn needs(mut self, permissions: &[&str]) -> Self {
        self.needs = permissions.iter().map(ToString::to_string).collect();
        self
    }

    pub(crate) fn console(mut self, url: Option<String>, path: &str) -> Self {
        self.console = Console { url, path: path.into() };
        self
    }

    pub(crate) fn undo_note(mut self, note: &str) -> Self {
        self.undo_note = Some(note.into());
        self
    }

    pub(crate) fn affects(mut self, (affected, left_out): (Vec<Affected>, u64)) -> Self {
        (self.affects, self.affects_left_out) = (affected, left_out);
        self
    }

    pub(crate) fn references(mut self, references: &[&str]) -> Self {
        self.references = references.iter().map(ToString::to_string).collect();
        self
    }

    /// Adds the commands, or why there are none.
    pub(crate) fn doing(mut self, doing: Result<Doing, Refused>) -> Self {
        match doing {
            Ok(doing) => {
                self.preview = doing.preview;
                self.command = doing.command;
                self.check = doing.check;
                self.undo = doing.undo;
                self.sets = doing.sets;
                self.precondition = doing.precondition;
                self.repeats = doing.repeats;
                permission::complete(&mut self);
            }
            Err(refused) => {
                let (what, value) = (refused.what, refused.value);
                self.refused = Some(if value.is_empty() {
                    format!(
                        "The logs do not hold the {what} that a command would need: do it in the console."
                    )
                } else {
                    format!(
                        "`{value}` is not what AWS accepts as {what}, so that no command is made of \
                         it: find the real one in the console."
                    )
                });
            }
        }
        self
    }
}
