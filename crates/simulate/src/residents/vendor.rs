//! A vendor that assumes a role of ours every day: only the copy in our account is in our logs.

use crate::agents;
use crate::call::Call;
use crate::caller::{Caller, Place};
use crate::chance::Chance;
use crate::clock::{HOUR, MINUTE, hour_of_day};
use crate::identifiers::principal_id;
use crate::issuance::{AssumeRole, foreign_copy};
use crate::log::Log;
use crate::organization::{MANAGEMENT, PROD, Role, US_EAST_1, VENDOR};
use crate::residents::Resident;

pub(crate) struct Vendor {
    chance: Chance,
}

impl Vendor {
    pub(crate) fn new(seed: u64) -> Self {
        Self { chance: Chance::of(seed, "vendor", 0) }
    }

    fn collect(&mut self, log: &mut Log, account: &'static str, at: i64) {
        let place = Place { address: "203.0.113.200", agent: agents::VENDOR, region: US_EAST_1 };
        let mut collector = Caller::with_identity(VENDOR, "{}".into(), &place);
        collector.principal_id = principal_id("AROA", VENDOR, "collector");
        collector.principal_id.push_str(":cost-lens");
        let role = Role::new(account, "vendor-cost-reader");
        let wish = AssumeRole {
            caller: &foreign_copy(&collector, account),
            role: &role,
            session_name: "cost-lens",
            at,
        };
        let session = log.assume_role_from_outside(&wish, "cl-5f0a61d2");
        let caller = session.caller(&place);
        for _ in 0..self.chance.between(5, 9) {
            let call = Call::read("ce", "GetCostAndUsage").request(
                r#"{"granularity":"DAILY","metrics":["UnblendedCost"],"timePeriod":{"start":"2026-10-01","end":"2026-10-18"}}"#,
            );
            let later = at + self.chance.between(2, 20 * MINUTE);
            log.emit(&caller, &call, later);
        }
    }
}

impl Resident for Vendor {
    fn live(&mut self, log: &mut Log, start: i64) {
        if hour_of_day(start) != 6 {
            return;
        }
        for account in [MANAGEMENT, PROD] {
            let at = start + self.chance.between(0, HOUR / 2);
            self.collect(log, account, at);
        }
    }
}
