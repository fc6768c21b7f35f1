//! IAM users in the web console: one sign-in, many keys, and a switch of roles every few days.

use alloc::format;
use alloc::string::{String, ToString as _};

use serde_json::json;

use crate::agents;
use crate::call::Call;
use crate::caller::{Caller, Place};
use crate::chance::Chance;
use crate::clock::{HOUR, MINUTE, hour_of_day, is_working_day};
use crate::issuance::AssumeRole;
use crate::log::Log;
use crate::organization::{DEV, OFFICE, PROD, Role, SHARED, STAGING, US_EAST_1, User};
use crate::residents::Resident;
use crate::samples::look_around;

/// Name, account and address of the users with a password.
const USERS: [(&str, &str, &str); 3] = [
    ("kate.lee", DEV, OFFICE),
    ("liam.ortiz", STAGING, "203.0.113.29"),
    ("maria.costa", SHARED, OFFICE),
];

pub(crate) struct Console {
    chance: Chance,
}

impl Console {
    pub(crate) fn new(seed: u64) -> Self {
        Self { chance: Chance::of(seed, "console", 0) }
    }

    fn browse(&mut self, log: &mut Log, user: &User, place: &Place<'_>, at: i64) {
        let signing_in = Caller::of_user_signing_in(user, place);
        if self.chance.one_in(6) {
            log.emit(&signing_in, &failed_login(), at - 20);
        }
        log.emit(&signing_in, &login(user), at);
        for _ in 0..self.chance.between(4, 7) {
            let key = log.temporary_key(user.account);
            let caller = Caller::of_user_session(user, &key, at, place).in_console();
            for _ in 0..self.chance.between(3, 6) {
                let call = look_around(&mut self.chance);
                let later = at + self.chance.between(5, 2 * HOUR);
                log.emit(&caller, &call, later);
            }
            let inside = caller.through("health.amazonaws.com");
            let call = Call::read("health", "DescribeEventAggregates")
                .request(r#"{"filter":{"eventStatusCodes":["open","upcoming"]},"aggregateField":"eventTypeCategory"}"#);
            log.emit(&inside, &call, at + self.chance.between(5, HOUR));
            let internal = caller.through("AWS Internal");
            let call = Call::read("s3", "GetStorageLensDashboardDataInternal");
            log.emit(&internal, &call, at + self.chance.between(5, HOUR));
        }
        if self.chance.one_in(2) {
            self.switch_role(log, user, place, at + 40 * MINUTE);
        }
    }

    /// Two records in one second: the console's and the one of STS.
    fn switch_role(&mut self, log: &mut Log, user: &User, place: &Place<'_>, at: i64) {
        let role = Role::new(PROD, "ops-support");
        let key = log.temporary_key(user.account);
        let from = Caller::of_user_session(user, &key, at - 40 * MINUTE, place);
        let through_sign_in = Caller { agent: agents::SIGNIN_SERVICE.into(), ..from.clone() };
        let issued = log.assume_role(&AssumeRole {
            caller: &through_sign_in,
            role: &role,
            session_name: user.name,
            at,
        });
        let session = issued.session;
        let additional = json!({
            "SwitchFrom": &from.arn,
            "RedirectTo": "https://us-east-1.console.aws.amazon.com/console/home?region=us-east-1#"
        });
        let switch = Call::sign_in("SwitchRole")
            .response(r#"{"SwitchRole":"Success"}"#)
            .additional(additional.to_string());
        log.emit(&session.caller(place).without_key(), &switch, at);
        for _ in 0..3 {
            let key = log.temporary_key(PROD);
            let caller = session.with_key(key).caller(place).in_console();
            for _ in 0..self.chance.between(2, 5) {
                let call = look_around(&mut self.chance);
                let later = at + self.chance.between(5, 30 * MINUTE);
                log.emit(&caller, &call, later);
            }
        }
    }
}

impl Resident for Console {
    fn live(&mut self, log: &mut Log, start: i64) {
        if !is_working_day(start) || hour_of_day(start) != 9 {
            return;
        }
        for (name, account, address) in USERS {
            let user = User::new(log.seed, account, name);
            let place = Place { address, agent: agents::FIREFOX, region: US_EAST_1 };
            let at = start + self.chance.between(MINUTE, 3 * HOUR);
            self.browse(log, &user, &place, at);
        }
    }
}

/// The sign-in of a user with a second factor.
pub(crate) fn login(user: &User) -> Call {
    let device = format!("arn:aws:iam::{}:mfa/{}", user.account, user.name);
    Call::sign_in("ConsoleLogin")
        .response(r#"{"ConsoleLogin":"Success"}"#)
        .additional(login_data("Yes", &device))
}

/// A failed login has a message and no code.
fn failed_login() -> Call {
    Call { error_message: String::from("Failed authentication"), ..Call::sign_in("ConsoleLogin") }
        .response(r#"{"ConsoleLogin":"Failure"}"#)
        .additional(login_data("No", ""))
}

fn login_data(mfa_used: &str, device: &str) -> String {
    let mut data = json!({
        "LoginTo": "https://console.aws.amazon.com/console/home?isauthcode=true",
        "MobileVersion": "No", "MFAUsed": mfa_used
    });
    if let (false, Some(members)) = (device.is_empty(), data.as_object_mut()) {
        members.insert("MFAIdentifier".into(), device.into());
    }
    data.to_string()
}
