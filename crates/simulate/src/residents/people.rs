//! People who sign in through Identity Center and look around on working days.

use crate::agents;
use crate::call::Call;
use crate::caller::{Caller, Place, Session};
use crate::chance::Chance;
use crate::clock::{HOUR, MINUTE, hour_of_day, is_working_day};
use crate::iam::refusal;
use crate::identity_center::{Person, on_behalf_of_member};
use crate::issuance::AssumeRole;
use crate::json::Json;
use crate::log::Log;
use crate::organization::{DEV, MANAGEMENT, OFFICE, PROD, Role, SECURITY, SHARED, STAGING};
use crate::residents::Resident;
use crate::samples::{look_around, object};

/// The platform engineer who may do everything.
pub(crate) const ADMINISTRATOR: Person =
    Person { name: "alice.moore", address: OFFICE, agent: agents::CLI_MAC };

/// What somebody does on a working day.
struct Habit {
    person: Person,
    permission_set: &'static str,
    accounts: &'static [&'static str],
    /// A workload role that the person assumes by hand, as account and name.
    assumes: Option<(&'static str, &'static str)>,
    uses_console: bool,
}

const fn person(name: &'static str, address: &'static str, agent: &'static str) -> Person {
    Person { name, address, agent }
}

const HABITS: [Habit; 8] = [
    Habit {
        person: ADMINISTRATOR,
        permission_set: "AdministratorAccess",
        accounts: &[MANAGEMENT, PROD, SHARED],
        assumes: None,
        uses_console: true,
    },
    Habit {
        person: person("bruno.silva", OFFICE, agents::BOTO3_MAC),
        permission_set: "DeveloperAccess",
        accounts: &[DEV, STAGING],
        assumes: None,
        uses_console: false,
    },
    Habit {
        person: person("chen.wei", OFFICE, agents::CLI_LINUX),
        permission_set: "DeveloperAccess",
        accounts: &[DEV],
        assumes: Some((STAGING, "data-analyst")),
        uses_console: false,
    },
    Habit {
        person: person("dana.novak", "203.0.113.24", agents::CLI_MAC),
        permission_set: "DeveloperAccess",
        accounts: &[DEV, STAGING],
        assumes: None,
        uses_console: true,
    },
    Habit {
        person: person("emre.kaya", "203.0.113.25", agents::CLI_WINDOWS),
        permission_set: "ReadOnlyAccess",
        accounts: &[PROD],
        assumes: None,
        uses_console: false,
    },
    Habit {
        person: person("fatima.rahman", OFFICE, agents::CLI_MAC),
        permission_set: "SecurityAudit",
        accounts: &[SECURITY, PROD],
        assumes: Some((PROD, "incident-reader")),
        uses_console: false,
    },
    Habit {
        person: person("george.hill", "203.0.113.27", agents::BOTO3_LINUX),
        permission_set: "DeveloperAccess",
        accounts: &[DEV],
        assumes: None,
        uses_console: false,
    },
    Habit {
        person: person("hana.sato", OFFICE, agents::CLI_LINUX),
        permission_set: "ReadOnlyAccess",
        accounts: &[STAGING, SHARED],
        assumes: None,
        uses_console: true,
    },
];

pub(crate) struct People {
    chance: Chance,
}

impl People {
    pub(crate) fn new(seed: u64) -> Self {
        Self { chance: Chance::of(seed, "people", 0) }
    }

    fn work(&mut self, log: &mut Log, habit: &Habit, start: i64) {
        for (number, account) in habit.accounts.iter().enumerate() {
            let role = Role::of_permission_set(account, habit.permission_set);
            let at = start + number as i64 * 2 * HOUR + self.chance.between(0, 50 * MINUTE);
            let session = log.sign_in(&habit.person, &role, at);
            let place = habit.person.place();
            self.look_around(log, habit, &session, at);
            if habit.uses_console {
                self.browse(log, &habit.person, &session, at + 7 * MINUTE);
            }
            if number == 0 {
                self.assume(log, habit, &session.caller(&place), at + 20 * MINUTE);
            }
        }
    }

    fn look_around(&mut self, log: &mut Log, habit: &Habit, session: &Session, at: i64) {
        let place = habit.person.place();
        let plain = session.caller(&place);
        let named = Session { members: on_behalf_of_member(&habit.person), ..session.clone() }
            .caller(&place);
        for _ in 0..self.chance.between(18, 34) {
            // Not every service passes the person on.
            let caller = if self.chance.one_in(8) { &plain } else { &named };
            let call = look_around(&mut self.chance);
            let later = at + self.chance.between(30, 3 * HOUR);
            log.emit(caller, &call, later);
        }
        if self.chance.one_in(3) {
            let later = at + self.chance.between(MINUTE, 3 * HOUR);
            log.emit(&plain, &refused(&plain), later);
        }
    }

    /// The console behind the portal: one sign-in, several keys.
    fn browse(&mut self, log: &mut Log, person: &Person, session: &Session, at: i64) {
        let place = Place { agent: agents::PORTAL, ..person.place() };
        let portal = session.caller(&place);
        let credentials = Json::object().text("accessKeyId", &session.access_key_id).end();
        let response =
            Json::object().raw("credentials", &credentials).text("GetSigninToken", "Success").end();
        let exchange = Call::sign_in("GetSigninToken")
            .response(response)
            .additional(r#"{"MobileVersion":"No","MFAUsed":"No"}"#.into());
        log.emit(&portal, &exchange, at);
        let place = Place { agent: agents::CHROME, ..person.place() };
        let signing_in = session.caller(&place).without_key();
        log.emit(&signing_in, &console_login(), at + 3);
        for _ in 0..3 {
            let key = log.temporary_key(session.role.account);
            let caller = session.with_key(key).caller(&place).in_console();
            for _ in 0..self.chance.between(3, 6) {
                let call = look_around(&mut self.chance);
                let later = at + self.chance.between(10, HOUR);
                log.emit(&caller, &call, later);
            }
        }
    }

    fn assume(&mut self, log: &mut Log, habit: &Habit, caller: &Caller, at: i64) {
        let Some((account, name)) = habit.assumes else {
            return;
        };
        let session_name = habit.person.name;
        let role = Role::new(account, name);
        let issued = log.assume_role(&AssumeRole { caller, role: &role, session_name, at });
        let caller = issued.session.caller(&habit.person.place());
        for _ in 0..self.chance.between(6, 12) {
            let call = object("GetObject", "example-analytics", &caller, &mut self.chance);
            let later = at + self.chance.between(5, 50 * MINUTE);
            log.emit(&caller, &call, later);
        }
    }
}

impl Resident for People {
    fn live(&mut self, log: &mut Log, start: i64) {
        if !is_working_day(start) {
            return;
        }
        for (number, habit) in HABITS.iter().enumerate() {
            if hour_of_day(start) == 8 + number as i64 % 3 {
                self.work(log, habit, start);
            }
        }
    }
}

/// The sign-in of a federated session; its second factor was asked for elsewhere.
pub(crate) fn console_login() -> Call {
    Call::sign_in("ConsoleLogin")
        .response(r#"{"ConsoleLogin":"Success"}"#)
        .additional(
            r#"{"LoginTo":"https://console.aws.amazon.com/console/home","MobileVersion":"No","MFAUsed":"No"}"#.into(),
        )
}

/// Something that the caller may not do.
pub(crate) fn refused(caller: &Caller) -> Call {
    let message = refusal(&caller.arn, "kms:ListKeys", "*");
    Call::read("kms", "ListKeys").denied("AccessDeniedException", message)
}
