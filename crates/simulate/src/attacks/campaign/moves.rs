//! What attackers do, one thing after the other.

use super::{Campaign, Stealth};
use crate::call::Call;
use crate::caller::Caller;
use crate::iam::{self, refusal};
use crate::identifiers::access_key_id;
use crate::organization::{FOREIGN, Role, User};
use crate::samples::{caller_identity, object, parameter, recon, secret_value};

/// One thing that an attacker does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Move {
    /// Asks whose credential it is.
    Identity,
    /// Asks so many questions; more if nobody cares, one if everybody does.
    Look(usize),
    /// Tries what is not allowed.
    Denied(usize),
    /// Assumes the role of an account.
    Hop(&'static str, &'static str),
    /// Reads objects.
    Objects(usize),
    /// Reads secrets and parameters.
    Secrets(usize),
    /// Makes a user that may do everything, with a key.
    User(&'static str),
    /// Gives an existing user another key.
    Key(&'static str),
    /// Lets a foreign account assume a role.
    Trust(&'static str),
    /// Puts a function of its own in place.
    Function,
    /// Shares a snapshot with a foreign account.
    Share,
    /// Stops the trail.
    StopLogging,
    /// Asks for a federation token and goes on with it.
    Federate,
    /// Assumes two roles in turn, so often.
    Juggle(usize, &'static str, &'static str, &'static str),
    /// Lets time pass.
    Rest,
}

impl Campaign<'_> {
    pub(super) fn make(&mut self, step: Move) {
        let caller = self.caller.clone();
        match step {
            Move::Identity => {
                // Whoever takes care knows already.
                if self.stealth != Stealth::All {
                    self.story.call(&caller, &caller_identity());
                }
            }
            Move::Look(n) => self.look(n),
            Move::Denied(n) => self.be_denied(n),
            Move::Hop(account, name) => {
                let role = Role::new(account, name);
                self.hop(&role);
                self.walked.push(role);
            }
            Move::Objects(n) => {
                for _ in 0..n {
                    let bucket = "example-exports";
                    let call = object("GetObject", bucket, &caller, &mut self.story.chance);
                    self.story.call(&caller, &call);
                }
            }
            Move::Secrets(n) => self.read_secrets(n),
            Move::User(name) => self.make_user(&caller, name),
            Move::Key(name) => self.make_key(&caller, name),
            Move::Trust(name) => {
                self.story.wait(25);
                self.story.leave(&caller, &iam::trust_foreign_account(name), name);
            }
            Move::Function => self.make_function(&caller),
            Move::Share => self.share(&caller),
            Move::StopLogging => {
                let call = Call::write("cloudtrail", "StopLogging")
                    .request(r#"{"name":"organization-trail"}"#);
                self.story.call(&caller, &call);
            }
            Move::Federate => self.federate(),
            Move::Juggle(n, account, one, other) => self.juggle(n, account, [one, other]),
            Move::Rest => self.rest(),
        }
    }

    /// Whoever takes every care asks what the victim asks.
    fn look(&mut self, n: usize) {
        let n = match self.stealth {
            Stealth::Loud => 3 * n,
            Stealth::Careful | Stealth::All => 1,
            Stealth::SameNetwork | Stealth::SameClient | Stealth::SameHours => n,
        };
        for _ in 0..n {
            let caller = self.caller.clone();
            let usual = self.victim.tasks.first().map(|task| task.trade);
            let call = match usual {
                Some(trade) if self.stealth == Stealth::All => {
                    trade.call(&caller, &mut self.story.chance)
                }
                _ => recon(self.n_asked),
            };
            self.n_asked += 1;
            self.story.call(&caller, &call);
        }
    }

    fn be_denied(&mut self, n: usize) {
        let n = match self.stealth {
            Stealth::Loud => 2 * n,
            Stealth::Careful | Stealth::All => 0,
            Stealth::SameNetwork | Stealth::SameClient | Stealth::SameHours => n,
        };
        let services = [
            ("iam", "ListUsers"),
            ("kms", "ListKeys"),
            ("organizations", "ListAccounts"),
            ("guardduty", "ListDetectors"),
            ("rds", "DescribeDBSnapshots"),
            ("dynamodb", "ListTables"),
            ("ses", "GetSendQuota"),
            ("bedrock", "ListFoundationModels"),
        ];
        for (service, name) in services.into_iter().cycle().take(n) {
            let caller = self.caller.clone();
            let message = refusal(&caller.arn, &alloc::format!("{service}:{name}"), "*");
            let call = Call::read(service, name).denied("AccessDenied", message);
            self.story.call(&caller, &call);
        }
    }

    fn read_secrets(&mut self, n: usize) {
        let secrets = ["orders/database", "orders/payment-api", "ledger/signing", "siem/token"];
        for number in 0..n {
            let caller = self.caller.clone();
            let secret = secrets.get(number % secrets.len()).copied().unwrap_or_default();
            let call = if number % 5 == 4 {
                parameter("/orders/endpoints")
            } else {
                secret_value(&caller, secret)
            };
            self.story.call(&caller, &call);
        }
    }

    fn make_user(&mut self, caller: &Caller, name: &'static str) {
        let mut user = User::new(self.story.log.seed, caller.account, name);
        user.access_key_id = access_key_id("AKIA", caller.account, &mut self.story.chance);
        self.story.wait(19);
        let call = iam::create_user(&user, self.story.now);
        self.story.leave(caller, &call, name);
        let call = iam::attach_user_policy(&user, iam::ADMINISTRATOR);
        self.story.leave(caller, &call, name);
        let call = iam::create_access_key(&user, &user.access_key_id, self.story.now);
        self.story.leave_key(caller, &call, name, &user.access_key_id);
    }

    fn make_key(&mut self, caller: &Caller, name: &'static str) {
        let user = User::new(self.story.log.seed, caller.account, name);
        let key = access_key_id("AKIA", caller.account, &mut self.story.chance);
        self.story.wait(21);
        let call = iam::create_access_key(&user, &key, self.story.now);
        self.story.leave_key(caller, &call, name, &key);
    }

    fn make_function(&mut self, caller: &Caller) {
        let role = Role::new(caller.account, "telemetry-function");
        self.story.wait(30);
        let call = iam::create_function("telemetry-export", &role.arn(), caller.account);
        self.story.leave(caller, &call, "telemetry-export");
    }

    fn share(&mut self, caller: &Caller) {
        let request = alloc::format!(
            r#"{{"snapshotId":"snap-0a1b2c3d4e5f60718","attributeType":"CREATE_VOLUME_PERMISSION","createVolumePermission":{{"add":{{"items":[{{"userId":"{FOREIGN}"}}]}}}}}}"#
        );
        let call = Call::read("ec2", "DescribeSnapshots").request(r#"{"snapshotSet":{}}"#);
        self.story.call(caller, &call);
        let call = Call::write("ec2", "ModifySnapshotAttribute").request(request);
        self.story.call(caller, &call);
    }

    fn federate(&mut self) {
        let crate::style::Entry::Key(user) = &self.victim.entry else {
            return;
        };
        let (address, agent) = (self.caller.address.clone(), self.caller.agent.clone());
        let region = self.caller.region;
        let place = crate::caller::Place { address: &address, agent: &agent, region };
        self.story.wait(45);
        let now = self.story.now;
        let (event_id, federated) = self.story.log.federation_token(user, &place, "support", now);
        self.story.remember(event_id, crate::attacks::LATERAL_MOVEMENT);
        self.caller = federated;
    }

    /// Each role is assumed with the session of the other, shortly before it ends.
    fn juggle(&mut self, n: usize, account: &'static str, names: [&'static str; 2]) {
        let roles = names.map(|name| Role::new(account, name));
        for role in roles.iter().cycle().take(n) {
            self.hop(role);
            let caller = self.caller.clone();
            let begin = self.story.now;
            for _ in 0..2 {
                let bucket = "example-exports";
                let call = object("GetObject", bucket, &caller, &mut self.story.chance);
                self.story.call(&caller, &call);
            }
            self.story.now = begin + 49 * crate::clock::MINUTE;
        }
    }
}
