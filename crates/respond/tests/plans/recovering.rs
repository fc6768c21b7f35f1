//! What was taken is given back, or said to stay.

use detect::Habitual;
use respond::{Phase, Plan, Risk};

use crate::logs::{analyzed, bob, firing, log, plans, step};

fn chain(name: &str) -> Plan {
    plans(&log("role_chaining", name)).remove(0)
}

fn number(plan: &Plan, id: &str) -> usize {
    plan.steps.iter().position(|step| step.id == id).unwrap_or_else(|| panic!("{id}")) + 1
}

#[test]
fn what_was_stopped_at_the_origin_is_started_again() {
    let plan = chain("fires_on_a_function_that_climbs");
    let stop = step(&plan, "stop_function/");
    let start = step(&plan, &format!("lift/{}", stop.id));
    assert_eq!(start.phase, Phase::Recover);
    assert_eq!(start.command.as_ref().unwrap().argv[2], "delete-function-concurrency");
    assert!(start.title.contains(&format!("step {}", number(&plan, &stop.id))), "{}", start.title);
    assert!(stop.undo_note.as_ref().unwrap().contains("--reserved-concurrent-executions NUMBER"));
    // Going back from the start is the stop itself, which has nothing to do with that note.
    assert_eq!(start.undo, [stop.command.clone().unwrap()]);
    assert!(start.undo_note.is_none(), "{:?}", start.undo_note);
    let plan = chain("fires_on_a_task_that_climbs");
    let start = step(&plan, "lift/origin/stop_service").command.as_ref().unwrap();
    assert!(start.inputs.iter().any(|input| input.what.contains("preview of step ")));
    let plan = chain("fires_on_a_chain_from_identity_center");
    for id in ["assignments", "groups", "identity_center"] {
        assert_eq!(step(&plan, &format!("lift/origin/{id}")).phase, Phase::Recover);
    }
    let plan = chain("fires_on_a_user_of_the_console");
    let give = step(&plan, "lift/remove_password/").command.as_ref().unwrap();
    assert_eq!(give.argv[2], "create-login-profile");
    let plan = chain("fires_on_an_instance_that_climbs");
    let replace = step(&plan, "replace_instance/");
    assert!(replace.command.is_none() && replace.why.contains("do not put this one back"));
}

#[test]
fn a_trust_policy_gets_what_the_templates_have() {
    let plan = &plans(&bob())[0];
    let set = step(plan, "lift/trust_policy/555566667777/log-archive-admin");
    assert_eq!(set.command.as_ref().unwrap().inputs[0].variable, "TRUST_POLICY_OF_TEMPLATE");
    let taken = step(plan, "trust_policy/555566667777/log-archive-admin");
    assert_eq!(set.undo, [taken.command.clone().unwrap()]);
    assert!(taken.undo_note.as_ref().unwrap().contains("lets the attacker in again"));
}

#[test]
fn whatever_is_not_taken_back_is_listed_at_the_end_of_recovering() {
    let plan = chain("fires_on_an_instance_that_climbs");
    let last = plan.steps.iter().rfind(|step| step.phase == Phase::Recover).unwrap();
    assert_eq!(last.id, "stay");
    let (group, metadata) =
        (number(&plan, "origin/quarantine_group"), number(&plan, "origin/metadata"));
    assert!(last.why.contains(&format!("{group}–{metadata}")), "{}", last.why);
    let bob = &plans(&bob())[0];
    // Bob is deleted with all that was set on him, and so is the leaked key.
    let stay = bob.steps.iter().find(|step| step.id == "stay");
    assert!(stay.is_none(), "{stay:?}");
}

#[test]
fn every_change_is_taken_back_or_listed() {
    for path in firing() {
        let text = std::fs::read_to_string(&path).unwrap();
        for plan in plans(&text) {
            let listed = plan.steps.iter().find(|step| step.id == "stay");
            let listed = listed.map_or("", |step| &step.why);
            for cut in plan.steps.iter().filter(|step| step.phase == Phase::CutOrigin) {
                let number = number(&plan, &cut.id);
                let is_lifted = plan.steps.iter().any(|step| step.id == format!("lift/{}", cut.id));
                let is_change = cut.risk != Risk::Safe && !cut.id.starts_with("deactivate_key/");
                let is_there = listed_numbers(listed).contains(&number);
                assert!(!is_change || is_lifted || is_there, "{}: {}", path.display(), cut.id);
                assert!(!(is_lifted && is_there), "{}: {}", path.display(), cut.id);
            }
        }
    }
}

/// The numbers that the last step of recovering lists.
fn listed_numbers(why: &str) -> Vec<usize> {
    let told = why.split("plan: ").nth(1).and_then(|rest| rest.split(". ").next());
    let numbers = told.unwrap_or_default().trim_start_matches("steps ").trim_start_matches("step ");
    let parts = numbers.split(", ").filter(|part| !part.is_empty());
    parts
        .flat_map(|part| {
            let (first, last) = part.split_once('–').unwrap_or((part, part));
            first.parse::<usize>().unwrap()..=last.parse::<usize>().unwrap()
        })
        .collect()
}

#[test]
fn lifting_counts_from_the_second_round() {
    let plan = &plans(&bob())[0];
    let again: Vec<usize> = (1..)
        .zip(&plan.steps)
        .filter(|(_, step)| step.id.starts_with("revoke_again/"))
        .map(|(number, _)| number)
        .collect();
    let [first, .., last] = again.as_slice() else { panic!("{again:?}") };
    for step in plan.steps.iter().filter(|step| step.id.starts_with("lift/revoke/")) {
        let condition = step.condition.as_ref().unwrap();
        assert!(condition.contains("Not before 12 hours have passed since you ran"), "{condition}");
        assert!(condition.contains(&format!("steps {first}–{last}")), "{condition}");
        assert!(condition.contains(&plan.watch_until), "{condition}");
    }
    assert!(step(plan, "revoke_again/").why.contains("Write down the time that the check"));
}

#[test]
fn a_new_key_comes_when_nothing_denies_it_any_more() {
    let plan = &plans(&bob())[0];
    let new = number(plan, "new_key/222233334444/publisher");
    let lifts = plan.steps.iter().filter(|step| step.id.starts_with("lift/"));
    assert!(lifts.map(|step| number(plan, &step.id)).all(|number| number < new));
    let condition = step(plan, "new_key/").condition.as_ref().unwrap();
    let attached = plan.steps.iter().find(|step| {
        step.id.starts_with("lift/attach_policy/") && step.id.ends_with("/222233334444")
    });
    let way = step(plan, "lift/close_way/222233334444/publisher/");
    for lift in [attached.unwrap(), way] {
        let named = format!("step {}", number(plan, &lift.id));
        assert!(condition.contains(&named), "{named}: {condition}");
    }
    let delete = step(plan, "delete_key/222233334444/").condition.as_ref().unwrap();
    assert!(delete.contains("came out clean"), "{delete}");
}

#[test]
fn no_text_holds_a_mark() {
    for path in firing() {
        let text = std::fs::read_to_string(&path).unwrap();
        for plan in plans(&text) {
            for step in &plan.steps {
                let json = serde_json::to_string(step).unwrap();
                assert!(!json.contains("\\u0001"), "{}: {json}", path.display());
                // Which roles there are to deny everything to, the verification says by itself.
                let is_named = step.id == "verify" || !json.contains("none in this plan");
                assert!(is_named, "{}: {json}", path.display());
            }
        }
    }
}

#[test]
fn tokens_have_a_second_round() {
    let plan = chain("fires_on_a_user_of_the_console");
    let first = step(&plan, "revoke_tokens/");
    let again = step(
        &plan,
        &format!("revoke_again_tokens/{}", first.id.trim_start_matches("revoke_tokens/")),
    );
    assert_eq!(again.phase, Phase::CloseWayBack);
    assert!(again.command.as_ref().unwrap().shell.contains("$(date -u"));
    assert_eq!(again.undo, [first.command.clone().unwrap()]);
    let named = format!("step {}", number(&plan, &first.id));
    assert!(again.condition.as_ref().unwrap().contains(&named));
}

/// The leaked key's chain, in which Bob was there before and makes a federation token.
fn tokens_of_another() -> String {
    let tokens = log("federation_token_persistence", "fires_on_a_token_that_survives_its_key");
    let tokens = tokens.lines().filter(|line| line.contains("ASIATGFEDIXXXEXAMPLE"));
    let of_bob = [
        ("AIDAPUBLISHER2EXAMPLE", "AIDABOB444XXXXEXAMPLE"),
        ("AKIATGPUBLISHEXAMPLE", "AKIABOBXXXXXXEXAMPLE"),
        ("222233334444", "444455556666"),
        ("publisher", "Bob"),
        ("2026-03-09T09:00:00Z", "2026-03-10T07:12:00Z"),
        ("2026-03-09T10:00:", "2026-03-10T07:13:"),
    ];
    let of_bob = |line: &str| {
        of_bob.iter().fold(String::from(line), |line, (old, new)| line.replace(old, new))
    };
    let log = bob();
    let known = log.lines().filter(|line| !line.contains("\"CreateUser\"")).map(String::from);
    known.chain(tokens.map(of_bob)).collect::<Vec<String>>().join("\n")
}

#[test]
fn tokens_of_another_than_the_origin_are_given_back_too() {
    let plans = plans(&tokens_of_another());
    let id = "revoke_tokens/444455556666/Bob";
    let plan = plans.iter().find(|plan| plan.steps.iter().any(|step| step.id == id)).unwrap();
    let first = step(plan, id);
    assert_eq!(first.phase, Phase::RemovePersistence);
    let lift = step(plan, &format!("lift/{id}"));
    assert_eq!(lift.command.as_ref(), first.undo.first());
    let condition = lift.condition.as_ref().unwrap();
    assert!(condition.contains("Not before 36 hours have passed since you ran"), "{condition}");
    let again = number(plan, "revoke_again_tokens/444455556666/Bob");
    let last = plan.steps.iter().rposition(|step| step.id.starts_with("revoke_again"));
    assert_eq!(Some(again), last.map(|last| last + 1));
    assert!(condition.contains(&format!("{again})")), "{condition}");
    let lifts = plan.steps.iter().filter(|step| step.id.contains("lift/revoke_tokens/"));
    assert_eq!(lifts.count(), 1);
}

#[test]
fn every_trust_that_the_attacker_used_is_shown_before_its_way_is_opened() {
    let plan = &plans(&bob())[0];
    let show = step(plan, "narrow_trust/222233334444/data-pipeline");
    assert!(show.why.contains("arn:aws:iam::222233334444:user/publisher"), "{}", show.why);
    assert_eq!(show.preview.as_ref().unwrap().argv[2], "get-role");
    let lift = step(plan, "lift/close_way/222233334444/publisher/data-pipeline");
    assert!(number(plan, &show.id) < number(plan, &lift.id));
}

#[test]
fn the_second_round_follows_the_branch_that_was_taken() {
    let (mut n_shared, mut n_alone) = (0, 0);
    for path in firing() {
        let text = std::fs::read_to_string(&path).unwrap();
        for plan in plans(&text) {
            for narrow in plan.steps.iter().filter(|step| step.id.starts_with("revoke_narrow/")) {
                let role = narrow.id.trim_start_matches("revoke_narrow/");
                let rounds = [("revoke_narrow", "revoke_again_narrow"), ("revoke", "revoke_again")];
                for (first, again) in rounds {
                    let again = step(&plan, &format!("{again}/{role}"));
                    let first = number(&plan, &format!("{first}/{role}"));
                    let condition = format!("Only if you ran step {first}.");
                    assert_eq!(again.condition.as_deref(), Some(&*condition));
                    assert!(again.precondition.is_some());
                }
                // Every session of a function has its name, and those of an instance its id.
                let is_shared = narrow.why.contains("the name of every session");
                n_shared += usize::from(is_shared);
                n_alone += usize::from(!is_shared);
                assert_eq!(is_shared, narrow.risk == Risk::Disruptive, "{}", path.display());
                assert_eq!(is_shared, !narrow.affects.is_empty(), "{}", path.display());
            }
        }
    }
    assert!(n_shared > 0 && n_alone > 0, "{n_shared} {n_alone}");
}

#[test]
fn both_rounds_against_named_sessions_cut_off_the_same_people() {
    let mut n_shared = 0;
    for path in firing() {
        let analysis = analyzed(&std::fs::read_to_string(&path).unwrap());
        for incident in &analysis.incidents {
            let Some(mut extent) = analysis.extents.get(&incident.id).cloned() else {
                continue;
            };
            for role in &mut extent.roles {
                role.others.push(Habitual { who: "somebody else".into(), ..Habitual::default() });
                role.others_left_out = 7;
            }
            let plan = respond::plan(incident, &extent);
            for narrow in plan.steps.iter().filter(|step| step.id.starts_with("revoke_narrow/")) {
                let role = narrow.id.trim_start_matches("revoke_narrow/");
                let again = step(&plan, &format!("revoke_again_narrow/{role}"));
                assert_eq!((&again.affects, again.risk), (&narrow.affects, narrow.risk));
                assert_eq!((again.affects_left_out, narrow.affects_left_out), (0, 0));
                assert!(again.affects.iter().all(|other| other.who != "somebody else"));
                n_shared += usize::from(!again.affects.is_empty());
            }
        }
    }
    assert!(n_shared > 0);
}
