//! What a responder who has the text alone is told.

use respond::{Expect, Plan, Step};

use crate::artifacts::log_with;
use crate::logs::{bob, log, plans, step};

/// The plan of a chain whose second role goes on to a role of the same name in another account.
fn twins() -> Plan {
    let bob = bob();
    let into = "\"roleArn\":\"arn:aws:iam::444455556666:role/prod-admin\"";
    let mut more = String::new();
    for (number, line) in bob.lines().filter(|line| line.contains(into)).enumerate() {
        let line = line.replace("444455556666:role/prod-admin", "555566667777:role/prod-admin");
        let line = line.replace("444455556666:assumed-role", "555566667777:assumed-role");
        let line = line.replace("ASIAADMINIXXXEXAMPLE", "ASIATWINXXXXXEXAMPLE");
        let mut record: serde_json::Value = serde_json::from_str(&line).unwrap();
        let id = format!("dddddddd-0000-4000-8000-00000000000{number}");
        record["eventID"] = serde_json::json!(id);
        more += &record.to_string();
        more.push('\n');
    }
    assert!(!more.is_empty());
    plans(&format!("{bob}{more}")).into_iter().next().unwrap()
}

/// The step whose number stands behind `begin` in the title of `lift`, and the rest of that title.
fn taken_back<'p>(plan: &'p Plan, lift: &'p Step) -> Option<(&'p Step, &'p str)> {
    let rest = lift.title.strip_prefix("Take back step ")?;
    let (number, title) = rest.split_once(": ").unwrap();
    Some((&plan.steps[number.parse::<usize>().unwrap() - 1], title))
}

#[test]
fn what_takes_back_a_step_names_that_step() {
    let plan = twins();
    let ids: Vec<&str> = plan.steps.iter().map(|step| step.id.as_str()).collect();
    let twin = "close_way/222233334444/staging-deployer/prod-admin#2";
    assert!(ids.contains(&twin) && ids.contains(&format!("lift/{twin}").as_str()), "{ids:#?}");
    let mut n_named = 0;
    for lift in &plan.steps {
        let Some((step, title)) = taken_back(&plan, lift) else { continue };
        n_named += 1;
        assert_eq!(step.title, title, "{}", lift.id);
    }
    assert!(n_named > 5, "{n_named}");
}

#[test]
fn lifting_what_the_organization_denies_asks_for_its_credentials_alone() {
    let plan = &plans(&bob())[0];
    let lifts = ["lift/create_policy/", "lift/attach_policy/"];
    for lift in lifts.map(|begin| step(plan, begin)) {
        let condition = lift.condition.as_ref().unwrap();
        let wanted = " With credentials of the organization's management account or delegated \
                      administrator.";
        assert!(condition.ends_with(wanted), "{condition}");
        assert!(!condition.contains("race the steps below"), "{condition}");
    }
    let attach = step(plan, "attach_policy/");
    assert!(attach.why.contains("5 policies"), "{}", attach.why);
}

/// The log of a pipeline, and of another one that came in by the same role a day before.
fn pipelines() -> String {
    let log = log("role_chaining", "fires_on_a_pipeline_with_a_web_identity");
    let come = log.lines().find(|line| line.contains("\"AssumeRoleWithWebIdentity\"")).unwrap();
    let mut other: serde_json::Value = serde_json::from_str(come).unwrap();
    let subject = serde_json::json!("repo:example-org/other:ref:refs/heads/main");
    other["userIdentity"]["userName"] = subject.clone();
    other["responseElements"]["subjectFromWebIdentityToken"] = subject.clone();
    let provider = other["userIdentity"]["identityProvider"].as_str().unwrap().to_owned();
    let id = format!("{provider}:sts.amazonaws.com:{}", subject.as_str().unwrap());
    other["userIdentity"]["principalId"] = serde_json::json!(id);
    other["responseElements"]["credentials"]["accessKeyId"] =
        serde_json::json!("ASIAOTHERPIPEEXAMPLE");
    other["eventTime"] = serde_json::json!("2026-03-08T09:00:00Z");
    other["responseElements"]["credentials"]["expiration"] =
        serde_json::json!("Mar 8, 2026, 10:00:00 AM");
    other["eventID"] = serde_json::json!("dddddddd-0000-4000-8000-000000000008");
    other.as_object_mut().unwrap().remove("sharedEventID");
    format!("{log}{other}\n")
}

#[test]
fn sessions_that_whoever_opens_them_names_are_revoked_as_a_whole() {
    // Any run of a pipeline may give its session the name of the attacker's.
    let plan = plans(&pipelines()).into_iter().next().unwrap();
    let first = plan.steps.iter().find(|step| step.id.starts_with("revoke")).unwrap();
    assert!(first.id.starts_with("revoke/") && first.condition.is_none(), "{}", first.id);
    let names: Vec<&str> = first.affects.iter().map(|other| other.who.as_str()).collect();
    assert!(names.concat().contains("example-org/other"), "{names:?}");
}

#[test]
fn what_is_given_back_to_a_person_is_named() {
    let log = log("role_chaining", "fires_on_a_chain_from_identity_center");
    let plan = &plans(&log)[0];
    let give = step(plan, "lift/origin/assignments");
    assert!(give.title.starts_with("Give back the account assignments that step "));
    let disable = step(plan, "origin/identity_center");
    assert_eq!(disable.check.as_ref().unwrap().expect, Expect::Equals("DISABLED".into()));
    assert!(disable.needs.iter().any(|one| one == "identitystore:GetUserId"));
}

#[test]
fn a_way_that_others_need_leads_to_the_step_that_narrows_it() {
    let plan = &plans(&bob())[0];
    let close = step(plan, "close_way/222233334444/staging-deployer/prod-admin");
    let id = "narrow_trust/444455556666/prod-admin";
    let narrow = plan.steps.iter().position(|step| step.id == id).unwrap() + 1;
    let wanted = format!("narrow the trust policy instead (step {narrow}).");
    assert!(close.condition.as_ref().unwrap().ends_with(&wanted), "{:?}", close.condition);
}

#[test]
fn whoever_meets_a_quota_knows_what_to_do() {
    let plan = &plans(&bob())[0];
    let told = plan.warnings.iter().find(|one| one.contains("LimitExceeded")).unwrap();
    assert!(told.contains("attach AWSDenyAll"), "{told}");
}

#[test]
fn the_console_is_told_in_its_own_words() {
    let plan = &plans(&bob())[0];
    let of = |kind: &str| step(plan, &format!("empty_user/{kind}/444455556666/Bob"));
    assert_eq!(
        of("keys").console.path,
        "IAM → Users → Bob → Security credentials → access keys → Remove or Delete"
    );
    let groups = of("groups");
    assert!(groups.console.path.starts_with("IAM → Users → Bob → Groups → "));
    assert!(groups.console.url.as_ref().unwrap().ends_with("section=groups"));
    assert_eq!(groups.undo_note.as_deref(), Some("Put it back by hand, as the preview names it."));
    assert_eq!(of("password").undo_note.as_deref(), Some("It does not come back."));
}

#[test]
fn the_role_of_a_function_that_was_left_behind_is_found() {
    let row =
        evidence::CATALOGUE.iter().find(|row| row.event_name == "UpdateFunctionCode20150331v2");
    let row = row.or_else(|| {
        evidence::CATALOGUE.iter().find(|row| row.event_name.starts_with("UpdateFunctionCode"))
    });
    let plans = plans(&log_with(row.unwrap()));
    let mut steps = plans.iter().flat_map(|plan| &plan.steps);
    let stop = steps.find(|step| step.id.starts_with("stop_function/")).unwrap();
    assert!(
        stop.why.contains("aws lambda get-function-configuration --function-name "),
        "{}",
        stop.why
    );
}
