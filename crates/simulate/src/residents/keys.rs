//! Users with long-term keys: quiet jobs, a second factor, and an SDK that renews one role for ever.

use crate::agents;
use crate::call::Call;
use crate::caller::{Caller, Place};
use crate::chance::Chance;
use crate::clock::{HOUR, MINUTE, hour_of_day, is_working_day};
use crate::issuance::AssumeRole;
use crate::log::Log;
use crate::organization::{DEV, Role, SECURITY, SHARED, STAGING, US_EAST_1, User};
use crate::residents::Resident;
use crate::samples::{look_around, object};

const RENEWAL: i64 = 50 * MINUTE;

pub(crate) const PUBLISHER: &str = "artifact-publisher";
pub(crate) const REPORTER: &str = "nightly-report";
pub(crate) const SYNC: &str = "legacy-sync";

pub(crate) struct Keys {
    chance: Chance,
}

impl Keys {
    pub(crate) fn new(seed: u64) -> Self {
        Self { chance: Chance::of(seed, "keys", 0) }
    }

    /// A nightly job with a key in a file, from one address in a data center.
    fn run_job(&mut self, log: &mut Log, name: &'static str, start: i64) {
        let user = User::new(log.seed, DEV, name);
        let place =
            Place { address: "203.0.113.70", agent: agents::BOTO3_LINUX, region: US_EAST_1 };
        let caller = Caller::of_user(&user, &place);
        for number in 0..self.chance.between(6, 14) {
            let call = object("PutObject", "example-artifacts", &caller, &mut self.chance);
            log.emit(&caller, &call, start + 3 * MINUTE + number * 20);
        }
    }

    /// A nightly report, made with the role of the workers that it counts.
    fn report(&mut self, log: &mut Log, at: i64) {
        let place =
            Place { address: "203.0.113.71", agent: agents::BOTO3_LINUX, region: US_EAST_1 };
        let user = User::new(log.seed, STAGING, REPORTER);
        let caller = Caller::of_user(&user, &place);
        let role = Role::new(STAGING, "queue-worker");
        let wish = AssumeRole { caller: &caller, role: &role, session_name: "nightly-report", at };
        let caller = log.assume_role(&wish).session.caller(&place);
        for number in 1..self.chance.between(5, 9) {
            let call = object("GetObject", "example-exports", &caller, &mut self.chance);
            log.emit(&caller, &call, at + number * 11);
        }
    }

    /// A star: every renewal starts from the same key again.
    fn renew(&mut self, log: &mut Log, at: i64) {
        let place =
            Place { address: "203.0.113.80", agent: agents::BOTO3_LINUX, region: US_EAST_1 };
        let user = User::new(log.seed, SHARED, "metrics-exporter");
        let caller = Caller::of_user(&user, &place);
        let role = Role::new(SECURITY, "metrics-writer");
        let issued = log.assume_role(&AssumeRole {
            caller: &caller,
            role: &role,
            session_name: "metrics-exporter",
            at,
        });
        let caller = issued.session.caller(&place);
        for _ in 0..4 {
            let call = object("PutObject", "example-metrics", &caller, &mut self.chance);
            let later = at + self.chance.between(1, RENEWAL);
            log.emit(&caller, &call, later);
        }
    }

    /// A developer who proves a second factor in the morning and works with the temporary key.
    fn prove_factor(&mut self, log: &mut Log, start: i64) {
        let user = User::new(log.seed, DEV, "ivan.petrov");
        let place = Place { address: "203.0.113.31", agent: agents::CLI_LINUX, region: US_EAST_1 };
        let at = start + self.chance.between(0, 30 * MINUTE);
        let key = log.session_token(&user, &place, at);
        let caller = Caller::of_user_session(&user, &key, at, &place);
        for _ in 0..self.chance.between(20, 40) {
            let call = look_around(&mut self.chance);
            let later = at + self.chance.between(10, 7 * HOUR);
            log.emit(&caller, &call, later);
        }
        if self.chance.one_in(2) {
            let role = Role::new(DEV, "database-admin");
            log.denied_assume_role(&caller, &role, at + HOUR);
        }
        let expired = Call::read("s3", "ListBuckets")
            .denied("ExpiredToken", "The provided token has expired.".into());
        log.emit(&caller, &expired, at + 12 * HOUR + MINUTE);
    }
}

impl Resident for Keys {
    fn live(&mut self, log: &mut Log, start: i64) {
        let hour = hour_of_day(start);
        let first = (start + RENEWAL - 1).div_euclid(RENEWAL) * RENEWAL;
        let mut at = first;
        while at < start + HOUR {
            self.renew(log, at);
            at += RENEWAL;
        }
        if hour == 2 {
            self.run_job(log, PUBLISHER, start);
        }
        // The job ends with the window's last night: its key is about to be switched off.
        if hour == 3 && start < log.end - 20 * HOUR {
            self.run_job(log, SYNC, start);
        }
        if hour == 1 {
            self.report(log, start + 12 * MINUTE);
        }
        if hour == 7 && is_working_day(start) {
            self.prove_factor(log, start);
        }
    }
}
