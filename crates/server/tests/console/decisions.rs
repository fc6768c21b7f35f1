//! What people decide is kept, audited, and can be undone.

use super::world::World;

#[test]
fn a_decision_is_kept_audited_and_undone_once() {
    let world = World::new();
    let person = world.sign_in();
    let id = person.incident();
    let triage = format!("POST /incidents/{id}/triage");
    let answer = person.send(&triage, r#"{"status":"in_progress","reason":"mine <b>"}"#);
    assert_eq!(answer.status, 200, "{answer:?}");
    person.send(&triage, r#"{"status":"resolved","reason":"done","note":"key deleted"}"#);
    let page = person.get(&format!("/incidents/{id}")).json();
    assert_eq!(
        (&page["triage"]["status"], &page["triage"]["who"]),
        (&"resolved".into(), &"local".into())
    );
    assert_eq!(person.get("/incidents?status=resolved").json()["total"], 1);
    let undo = format!("POST /incidents/{id}/triage/undo");
    let undone = person.send(&undo, "").json();
    assert_eq!(undone["triage"]["status"], "in_progress");
    assert_eq!(undone["triage"]["reason"], "mine <b>");
    assert_eq!(person.send(&undo, "").status, 404);
    assert_eq!(person.get("/incidents?status=in_progress").json()["total"], 1);
    for wrong in
        [r#"{"status":"resolved","reason":" "}"#, r#"{"status":"gone","reason":"x"}"#, "{", "[]"]
    {
        assert!(matches!(person.send(&triage, wrong).status, 400 | 422), "{wrong}");
    }
    let audit = person.get("/audit?limit=2").json();
    assert_eq!(audit["items"][0]["action"], "undo triage");
    assert_eq!(audit["items"][1]["after"], "resolved; done; key deleted");
    let next = audit["next_cursor"].as_str().unwrap();
    let rest = person.get(&format!("/audit?cursor={next}")).json();
    assert_eq!(rest["items"][0]["action"], "triage");
    assert_eq!(rest["items"].as_array().unwrap().last().unwrap()["action"], "sign in");
}

#[test]
fn a_step_is_ticked_by_somebody_and_unticked() {
    let world = World::new();
    let person = world.sign_in();
    let id = person.incident();
    let plan = person.get(&format!("/incidents/{id}/plan")).json();
    let step = plan["plan"]["steps"][0]["id"].as_str().unwrap();
    let path = format!("POST /incidents/{id}/plan/{step}/tick");
    let ticked = person.send(&path, r#"{"done":true}"#).json();
    assert_eq!(ticked["ticks"][0]["step"], step);
    assert_eq!(
        (&ticked["ticks"][0]["who"], &ticked["ticks"][0]["is_stale"]),
        (&"local".into(), &false.into())
    );
    let unticked = person.send(&path, r#"{"done":false}"#).json();
    assert_eq!(unticked["ticks"].as_array().unwrap().len(), 0);
    let absent = person.send(&format!("POST /incidents/{id}/plan/none/tick"), r#"{"done":true}"#);
    assert_eq!(absent.status, 404);
    let audit = person.get("/audit").json();
    let ticks = audit["items"].as_array().unwrap().iter().filter(|line| line["action"] == "tick");
    assert_eq!(ticks.count(), 2);
}

#[test]
fn a_note_is_added_as_it_was_written() {
    let world = World::new();
    let person = world.sign_in();
    let id = person.incident();
    let path = format!("POST /incidents/{id}/notes");
    let note = person.send(&path, r#"{"text":"<script>\u001b[31m"}"#);
    assert_eq!(note.status, 201);
    let page = person.get(&format!("/incidents/{id}")).json();
    assert_eq!(page["notes"][0]["text"], "<script>\u{1b}[31m");
    assert_eq!(person.send(&path, r#"{"text":" "}"#).code(), "refused");
}

#[test]
fn a_suppression_mutes_and_ends_with_a_reason() {
    let world = World::new();
    let person = world.sign_in();
    let id = person.incident();
    let expires = "2099-01-01T00:00:00Z";
    let new = |expires: &str| {
        format!(
            r#"{{"scope":"incident","value":"{id}","reason":"known","expires_at":"{expires}"}}"#
        )
    };
    assert_eq!(person.send("POST /suppressions", &new(expires)).code(), "refused");
    let now = person.get("/overview").json()["now"].as_str().unwrap().to_owned();
    let year: u32 = now.get(..4).unwrap().parse().unwrap();
    // The last day of February at the latest, so that it is within a year.
    let soon =
        format!("{}{}", year + u32::from(now.get(5..10) > Some("02-28")), "-02-28T23:59:59Z");
    let made = person.send("POST /suppressions", &new(&soon));
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!((&made.json()["owner"], &made.json()["is_active"]), (&"local".into(), &true.into()));
    assert_eq!(person.get(&format!("/incidents/{id}")).json()["is_muted"], true);
    let number = made.json()["id"].as_i64().unwrap();
    let end = format!("DELETE /suppressions/{number}");
    assert_eq!(person.send(&end, r#"{"reason":""}"#).status, 422);
    assert_eq!(person.send(&end, r#"{"reason":"not known"}"#).status, 204);
    assert_eq!(person.get(&format!("/incidents/{id}")).json()["is_muted"], false);
    assert_eq!(person.get("/suppressions").json()["items"][0]["is_active"], false);
}
