//! A leaked long-term key led through three roles to a new user, whose key led on to a fourth.

use alloc::string::String;

use crate::agents;
use crate::attacks::Story;
use crate::call::Call;
use crate::caller::{Caller, Place};
use crate::clock::HOUR;
use crate::iam;
use crate::identifiers::access_key_id;
use crate::log::Log;
use crate::organization::{DEV, PROD, Role, SECURITY, STAGING, US_EAST_1, User};
use crate::residents::PUBLISHER;
use crate::samples::{caller_identity, parameter, secret_value};
use crate::truth::Attack;

const FIRST: Place<'static> =
    Place { address: "192.0.2.66", agent: agents::CLI_KALI, region: US_EAST_1 };
const SECOND: Place<'static> =
    Place { address: "192.0.2.77", agent: agents::BOTO3_LINUX, region: US_EAST_1 };

pub(super) fn attack(log: &mut Log) -> Attack {
    let begin = log.end - 57 * HOUR;
    let mut story = Story::begin(log, "leaked_key_chain", begin);
    story.attack.scenario = Some(1);
    story.attack.detectors = alloc::vec!["role_chaining", "chain_to_persistence"];
    story.attack.color = "red";
    story.attack.foreign_addresses =
        [FIRST, SECOND].map(|place| String::from(place.address)).into();
    let bob = climb(&mut story);
    story.wait(22 * HOUR);
    come_back(&mut story, &bob);
    story.finish()
}

/// From the leaked key to the user `Bob`.
fn climb(story: &mut Story<'_>) -> User {
    let user = User::new(story.log.seed, DEV, PUBLISHER);
    let caller = Caller::of_user(&user, &FIRST);
    story.set_origin("iam_user_access_key", &caller);
    story.call(&caller, &caller_identity());
    story.look_around(&caller, 0, 6);
    let denied = Role::new(PROD, "prod-admin");
    story.wait(30);
    let event_id = story.log.denied_assume_role(&caller, &denied, story.now);
    story.remember(event_id, super::LATERAL_MOVEMENT);

    let session = story.hop(&caller, &Role::new(DEV, "data-pipeline"), "pipeline");
    let caller = session.caller(&FIRST);
    story.look_around(&caller, 4, 3);
    let session = story.hop(&caller, &Role::new(STAGING, "staging-deployer"), "pipeline");
    let caller = session.caller(&FIRST);
    story.look_around(&caller, 0, 4);
    let session = story.hop(&caller, &Role::new(PROD, "prod-admin"), "pipeline");
    make_bob(story, &session.caller(&FIRST))
}

fn make_bob(story: &mut Story<'_>, caller: &Caller) -> User {
    let mut bob = User::new(story.log.seed, PROD, "Bob");
    bob.access_key_id = access_key_id("AKIA", PROD, &mut story.chance);
    story.look_around(caller, 1, 3);
    story.wait(19);
    let call = iam::create_user(&bob, story.now);
    story.leave(caller, &call, bob.name);
    let call = iam::attach_user_policy(&bob, iam::ADMINISTRATOR);
    story.leave(caller, &call, bob.name);
    let call = iam::create_login_profile(&bob, story.now);
    story.leave(caller, &call, bob.name);
    let call = iam::create_access_key(&bob, &bob.access_key_id, story.now);
    story.leave_key(caller, &call, bob.name, &bob.access_key_id);
    bob
}

/// The next day, with Bob's key, into the account of the logs.
fn come_back(story: &mut Story<'_>, bob: &User) {
    let caller = Caller::of_user(bob, &SECOND);
    story.call(&caller, &caller_identity());
    story.look_around(&caller, 5, 3);
    let call = secret_value(&caller, "orders/database");
    story.call(&caller, &call);
    let call = secret_value(&caller, "orders/payment-api");
    story.call(&caller, &call);

    let role = Role::new(SECURITY, "log-archive-admin");
    let session = story.hop(&caller, &role, "archive");
    let caller = session.caller(&SECOND);
    story.call(&caller, &caller_identity());
    let call = secret_value(&caller, "siem/ingest-token");
    story.call(&caller, &call);
    story.call(&caller, &parameter("/siem/endpoint"));
    let call = Call::read("cloudtrail", "DescribeTrails").request("{}");
    story.call(&caller, &call);
    story.wait(25);
    let call = iam::trust_foreign_account("log-archive-admin");
    story.leave(&caller, &call, "log-archive-admin");
}
