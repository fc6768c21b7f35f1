//! AWS services at work: service-linked roles, events without a caller, and refusals.

use alloc::format;
use alloc::string::ToString as _;

use serde_json::json;

use crate::agents;
use crate::call::Call;
use crate::caller::{Caller, Place};
use crate::chance::Chance;
use crate::clock::{HOUR, hour_of_day};
use crate::issuance::Delivered;
use crate::log::Log;
use crate::organization::{ACCOUNTS, PROD, Role, SECURITY, SHARED, US_EAST_1, User};
use crate::residents::Resident;
use crate::residents::people::refused;
use crate::samples::look_around;

const INSPECTOR: &str = "inspector2.amazonaws.com";

pub(crate) struct Services {
    chance: Chance,
}

impl Services {
    pub(crate) fn new(seed: u64) -> Self {
        Self { chance: Chance::of(seed, "services", 0) }
    }

    /// A scanner assumes its service-linked role and looks around.
    fn inspect(&mut self, log: &mut Log, account: &'static str, at: i64) {
        let role = Role::at_path(
            account,
            "/aws-service-role/inspector2.amazonaws.com/",
            "AWSServiceRoleForAmazonInspector2",
        );
        let name = format!("MandoService-{}", self.chance.bits() >> 1);
        let session = log.new_session(&role, &name, at);
        log.deliver_session(&Delivered {
            service: INSPECTOR,
            session: &session,
            region: US_EAST_1,
            seconds: HOUR,
            request: "\"durationSeconds\":3600",
            request_id: "",
        });
        let place = Place { address: INSPECTOR, agent: INSPECTOR, region: US_EAST_1 };
        let caller = session.caller(&place).through(INSPECTOR);
        for _ in 0..3 {
            let call = look_around(&mut self.chance);
            log.emit(&caller, &call, at + self.chance.between(1, 600));
        }
    }

    /// A monitor whose permissions were never finished.
    fn be_refused(&mut self, log: &mut Log, at: i64) {
        let user = User::new(log.seed, SHARED, "uptime-monitor");
        let place =
            Place { address: "203.0.113.90", agent: agents::BOTO3_LINUX, region: US_EAST_1 };
        let caller = Caller::of_user(&user, &place);
        log.emit(&caller, &refused(&caller), at);
        log.denied_assume_role(&caller, &Role::new(PROD, "uptime-reader"), at + 1);
        log.emit(&caller, &look_around(&mut self.chance), at + 2);
    }
}

impl Resident for Services {
    fn live(&mut self, log: &mut Log, start: i64) {
        for account in ACCOUNTS {
            let at = start + self.chance.between(0, HOUR - 1);
            if hour_of_day(start) % 6 == 1 {
                self.inspect(log, account, at);
            }
            if hour_of_day(start) == 4 && account != SECURITY {
                run_by_itself(log, account, at);
            }
        }
        if hour_of_day(start) % 4 == 0 {
            let at = start + self.chance.between(0, HOUR - 10);
            self.be_refused(log, at);
        }
    }
}

/// Work that AWS does by itself, with and without a type of caller.
fn run_by_itself(log: &mut Log, account: &'static str, at: i64) {
    let secrets = "secretsmanager.amazonaws.com";
    let caller = Caller::of_service_without_type(account, secrets, US_EAST_1);
    let details = json!({"additionalEventData": {
        "SecretId": format!("arn:aws:secretsmanager:us-east-1:{account}:secret:orders/database-Q7d2Kx")
    }});
    for (name, later) in [("RotationStarted", 0), ("RotationSucceeded", 6)] {
        let mut call = Call::service_event("secretsmanager", name);
        call.details = details.to_string();
        log.emit(&caller, &call, at + later);
    }
    let caller = Caller::of_service(account, "cloudtrail.amazonaws.com", US_EAST_1);
    let call = Call::read("s3", "GetBucketAcl").request(
        r#"{"bucketName":"example-org-trail","Host":"example-org-trail.s3.us-east-1.amazonaws.com","acl":""}"#,
    );
    log.emit(&caller, &call, at + 30);
}
