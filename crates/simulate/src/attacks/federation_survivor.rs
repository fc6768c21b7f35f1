//! A federation token outlived the key that it came from and opened the console elsewhere.

use alloc::string::String;

use crate::agents;
use crate::attacks::Story;
use crate::call::Call;
use crate::caller::{Caller, Place};
use crate::clock::{HOUR, MINUTE};
use crate::iam;
use crate::json::Json;
use crate::log::Log;
use crate::organization::{DEV, Role, US_EAST_1, User};
use crate::residents::{ADMINISTRATOR, SYNC};
use crate::samples::{caller_identity, look_around};
use crate::truth::Attack;

const FIRST: Place<'static> =
    Place { address: "192.0.2.89", agent: agents::BOTO3_LINUX, region: US_EAST_1 };
const CONSOLE: Place<'static> =
    Place { address: "203.0.113.166", agent: agents::FIREFOX, region: US_EAST_1 };

pub(super) fn attack(log: &mut Log) -> Attack {
    let begin = log.end - 20 * HOUR;
    let user = User::new(log.seed, DEV, SYNC);
    answer(log, &user, begin + HOUR);
    let mut story = Story::begin(log, "federation_survivor", begin);
    story.attack.detectors = alloc::vec!["federation_token_persistence"];
    story.attack.foreign_addresses =
        [FIRST, CONSOLE].map(|place| String::from(place.address)).into();
    let federated = get_token(&mut story, &user);
    story.wait(3 * HOUR);
    open_console(&mut story, &federated);
    story.finish()
}

fn get_token(story: &mut Story<'_>, user: &User) -> Caller {
    let caller = Caller::of_user(user, &FIRST);
    story.set_origin("iam_user_access_key", &caller);
    story.call(&caller, &caller_identity());
    story.look_around(&caller, 4, 2);
    story.wait(45);
    let (event_id, federated) = story.log.federation_token(user, &FIRST, "support", story.now);
    story.remember(event_id, super::LATERAL_MOVEMENT);
    story.call(&federated, &caller_identity());
    for _ in 0..8 {
        let call = look_around(&mut story.chance);
        story.call(&federated, &call);
    }
    federated
}

/// The defenders switch the key off; the token does not care.
fn answer(log: &mut Log, user: &User, at: i64) {
    let role = Role::of_permission_set(DEV, "AdministratorAccess");
    let session = log.sign_in(&ADMINISTRATOR, &role, at);
    let caller = session.caller(&ADMINISTRATOR.place());
    log.emit(&caller, &iam::deactivate_access_key(user), at + 2 * MINUTE);
}

fn open_console(story: &mut Story<'_>, federated: &Caller) {
    let exchange = Caller { agent: agents::PYTHON_REQUESTS.into(), ..federated.clone() };
    let credentials = Json::object().text("accessKeyId", &federated.access_key_id).end();
    let response =
        Json::object().raw("credentials", &credentials).text("GetSigninToken", "Success").end();
    let call = Call::sign_in("GetSigninToken")
        .response(response)
        .additional(r#"{"MobileVersion":"No","MFAUsed":"No"}"#.into());
    story.call(&exchange, &call);
    let browser = Caller {
        address: CONSOLE.address.into(),
        agent: CONSOLE.agent.into(),
        ..federated.clone()
    };
    let login = crate::residents::console_login();
    story.call(&browser.without_key(), &login);
    let browser = browser.in_console();
    for _ in 0..10 {
        let call = look_around(&mut story.chance);
        story.call(&browser, &call);
    }
}
