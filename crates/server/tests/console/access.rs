//! Who is refused: other hosts and sites, wrong tokens, too little of a role, tricks and floods.

use std::io::{Read as _, Write as _};

use super::world::World;
use server::console::new_token;

#[test]
fn nobody_gets_in_without_a_session() {
    let world = World::new();
    let paths = [
        "/session",
        "/overview",
        "/incidents",
        "/incidents/x",
        "/incidents/x/graph",
        "/incidents/x/plan",
        "/incidents/x/export.json",
        "/events/00000000",
        "/search?q=abc",
        "/subjects/role/x",
        "/suppressions",
        "/sources",
        "/settings",
        "/audit",
        "/live",
    ];
    for path in paths {
        let answer = world.ask(&format!("GET /api/v1{path}"), &[], "");
        assert_eq!((answer.status, answer.code()), (401, "not_signed_in".to_owned()), "{path}");
    }
    for (line, body) in [
        ("POST /api/v1/incidents/x/notes", r#"{"text":"x"}"#),
        ("DELETE /api/v1/suppressions/1", r#"{"reason":"x"}"#),
    ] {
        assert_eq!(world.ask(line, &[], body).status, 401, "{line}");
    }
    let cookie = [("cookie", "rolecall=0000")];
    assert_eq!(world.ask("GET /api/v1/session", &cookie, "").status, 401);
}

#[test]
fn the_token_of_the_start_works_once_and_no_other_does() {
    let world = World::new();
    for wrong in ["", "0000", world.token().get(1..).unwrap()] {
        let body = format!("{{\"token\":\"{wrong}\"}}");
        assert_eq!(world.ask("POST /api/v1/session", &[], &body).code(), "wrong_token");
    }
    let ways = world.ask("GET /api/v1/sign-in-ways", &[], "").json();
    assert_eq!((&ways["token"], &ways["oidc"]), (&true.into(), &false.into()));
    let person = world.sign_in();
    assert_eq!(person.get("/session").json()["role"], "admin");
    let body = format!("{{\"token\":\"{}\"}}", world.token());
    assert_eq!(world.ask("POST /api/v1/session", &[], &body).status, 401);
    assert_eq!(person.send("DELETE /session", "").status, 204);
    assert_eq!(person.get("/session").status, 401);
}

#[test]
fn the_cookie_is_out_of_reach_of_scripts_and_sites() {
    let world = World::new();
    let body = format!("{{\"token\":\"{}\"}}", world.token());
    let answer = world.ask("POST /api/v1/session", &[], &body);
    let cookie = answer.head.lines().find(|line| line.starts_with("set-cookie")).unwrap();
    assert!(cookie.contains("httponly") && cookie.contains("samesite=strict"), "{cookie}");
    assert!(cookie.contains("max-age=43200"), "{cookie}");
    assert!(!answer.body.contains(cookie.split(['=', ';']).nth(1).unwrap()));
}

#[test]
fn other_names_of_this_address_are_refused_before_anything_else() {
    let world = World::new();
    let port = world.host().rsplit(':').next().unwrap().to_owned();
    let rebound = [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        format!("127.0.0.1.evil.example:{port}"),
        format!("localhost.:{port}x"),
        format!("0.0.0.0:{port}"),
        "127.0.0.1".to_owned(),
        String::new(),
    ];
    for host in rebound {
        for path in ["/", "/api/v1/session", "/api/v1/openapi.json", "/assets/x.js"] {
            let answer = world.ask(&format!("GET {path}"), &[("host", &host)], "");
            assert_eq!(answer.status, 421, "{host} {path}");
        }
    }
    let absolute = world.ask("GET http://evil.example/api/v1/session", &[], "");
    assert_eq!(absolute.status, 421);
    let host = world.host();
    let twice = format!(
        "GET / HTTP/1.1\r\nhost: {host}\r\nhost: evil.example\r\nconnection: close\r\n\r\n"
    );
    assert!(matches!(world.send(&twice).status, 400 | 421));
    let none = world.send("GET / HTTP/1.1\r\nconnection: close\r\n\r\n");
    assert!(matches!(none.status, 400 | 421));
    let localhost = format!("localhost:{port}");
    assert_eq!(world.ask("GET /", &[("host", &localhost)], "").status, 200);
}

#[test]
fn other_sites_are_refused_whatever_they_send_along() {
    let world = World::new();
    let person = world.sign_in();
    let id = person.incident();
    let line = format!("POST /api/v1/incidents/{id}/notes");
    let mine = person.headers();
    let with = |more: &[(&'static str, &str)]| {
        let headers: Vec<(&str, &str)> = mine.iter().chain(more).copied().collect();
        world.ask(&line, &headers, r#"{"text":"x"}"#).status
    };
    assert_eq!(with(&[]), 201);
    let own = format!("http://{}", world.host());
    assert_eq!(with(&[("origin", &own), ("sec-fetch-site", "same-origin")]), 201);
    assert_eq!(with(&[("origin", "https://evil.example")]), 403);
    assert_eq!(with(&[("origin", "null")]), 403);
    assert_eq!(with(&[("origin", "http://127.0.0.1")]), 403);
    assert_eq!(with(&[("sec-fetch-site", "cross-site")]), 403);
    assert_eq!(with(&[("sec-fetch-site", "same-site")]), 403);
    assert_eq!(with(&[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")]), 403);
    let cookie = [mine[0]];
    assert_eq!(world.ask(&line, &cookie, r#"{"text":"x"}"#).status, 403, "no proof");
    let wrong = [mine[0], ("x-rolecall-csrf", "0000")];
    assert_eq!(world.ask(&line, &wrong, r#"{"text":"x"}"#).status, 403);
    let form = [mine[0], mine[1], ("content-type", "text/plain")];
    assert_eq!(world.ask(&line, &form, r#"{"text":"x"}"#).status, 415);
    let followed = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")];
    assert_eq!(world.ask("GET /incidents/1", &followed, "").status, 200, "a link leads to a page");
    let read = [mine[0], ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")];
    assert_eq!(world.ask("GET /api/v1/incidents", &read, "").status, 403);
    assert!(!world.ask("OPTIONS /api/v1/incidents", &[], "").head.contains("access-control"));
}

#[test]
fn tokens_of_programs_have_their_role_and_their_end() {
    let (viewer, of_viewer) = new_token("reader=viewer").unwrap();
    let (analyst, of_analyst) = new_token("soar=analyst").unwrap();
    let (old, of_old) = new_token("old=admin").unwrap();
    let list = format!("[\"{of_viewer}\", \"{of_analyst}\", \"{of_old}:2020-01-01\"]");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rolecall.toml");
    std::fs::write(&file, format!("[console]\ntokens = {list}\n")).unwrap();
    let world = World::from_file(&file);
    let (reader, soar) = (world.program(&viewer), world.program(&analyst));
    let id = reader.incident();
    let note = format!("POST /incidents/{id}/notes");
    assert_eq!(reader.send(&note, r#"{"text":"x"}"#).code(), "forbidden");
    assert_eq!(reader.get("/settings").code(), "forbidden");
    assert_eq!(soar.send(&note, r#"{"text":"x"}"#).status, 201);
    assert_eq!(soar.get("/settings").code(), "forbidden");
    assert_eq!(soar.get("/session").json()["user"], "token soar");
    for wrong in [old.as_str(), "", "rolecall_", viewer.get(1..).unwrap(), &of_viewer] {
        assert_eq!(world.program(wrong).get("/session").status, 401);
    }
    // A token that is wrong is not passed over for a cookie that is right.
    let person = world.sign_in();
    let mut headers = person.headers();
    headers.push(("authorization", "Bearer no"));
    assert_eq!(world.ask("GET /api/v1/session", &headers, "").status, 401);
}

#[test]
fn an_analyst_ends_no_suppression_of_another_one() {
    let (analyst, of_analyst) = new_token("soar=analyst").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rolecall.toml");
    std::fs::write(&file, format!("[console]\ntokens = [\"{of_analyst}\"]\n")).unwrap();
    let world = World::from_file(&file);
    let admin = world.sign_in();
    let now = admin.get("/overview").json()["now"].as_str().unwrap().to_owned();
    let year: u32 = now.get(..4).unwrap().parse().unwrap();
    let soon = format!("{}-02-28T23:59:59Z", year + u32::from(now.get(5..10) > Some("02-28")));
    let new =
        format!(r#"{{"scope":"account","value":"1","reason":"known","expires_at":"{soon}"}}"#);
    let number = admin.send("POST /suppressions", &new).json()["id"].as_i64().unwrap();
    let end = format!("DELETE /suppressions/{number}");
    assert_eq!(world.program(&analyst).send(&end, r#"{"reason":"x"}"#).status, 403);
    assert_eq!(admin.send(&end, r#"{"reason":"x"}"#).status, 204);
}

#[test]
fn paths_that_climb_lead_nowhere() {
    let world = World::new();
    let tricks = [
        "/../api/v1/incidents",
        "/x/../api/v1/incidents",
        "/%2e%2e/etc/passwd",
        "/assets/..%2f..%2fCargo.toml",
        "/assets/%2e%2e/index.html",
        "/api/v1/./incidents",
        "/a%5c..%5cb",
        "/%00",
        "/assets/..\\x",
    ];
    for path in tricks {
        let answer = world.ask(&format!("GET {path}"), &[], "");
        assert_eq!(answer.status, 400, "{path}");
    }
    for path in ["//api/v1/incidents", "/API/v1/incidents", "/api/v1//incidents"] {
        let answer = world.ask(&format!("GET {path}"), &[], "");
        assert!(!answer.body.contains("\"items\""), "{path}");
    }
}

#[test]
fn bodies_and_heads_that_are_too_large_are_refused() {
    let world = World::new();
    let person = world.sign_in();
    let id = person.incident();
    let body = format!("{{\"text\":\"{}\"}}", "x".repeat(70_000));
    let answer = person.send(&format!("POST /incidents/{id}/notes"), &body);
    assert_eq!((answer.status, answer.code()), (413, "too_large".to_owned()));
    let long = format!("{{\"text\":\"{}\"}}", "x".repeat(20_000));
    assert_eq!(person.send(&format!("POST /incidents/{id}/notes"), &long).code(), "refused");
    let cookie = "x".repeat(20_000);
    let head = world.ask("GET /", &[("cookie", &cookie)], "");
    assert!(matches!(head.status, 0 | 400 | 431), "{}", head.status);
}

#[test]
fn who_does_not_end_a_request_is_hung_up_on() {
    let world = World::new();
    let mut stream = world.connect();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: ").unwrap();
    let mut rest = Vec::new();
    // Nothing more is sent: the other side ends it.
    let _ = stream.read_to_end(&mut rest);
    assert!(!String::from_utf8_lossy(&rest).contains(" 200 "));
}

#[test]
fn every_answer_says_what_browsers_may_do() {
    let world = World::new();
    let answers = [
        world.ask("GET /", &[], ""),
        world.ask("GET /api/v1/session", &[], ""),
        world.ask("GET /", &[("host", "evil.example")], ""),
        world.ask("GET /api/v1/nothing", &[], ""),
    ];
    for answer in answers {
        for wanted in [
            "content-security-policy: default-src 'none'; script-src 'self'",
            "frame-ancestors 'none'",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "cross-origin-opener-policy: same-origin",
        ] {
            assert!(answer.head.contains(wanted), "{wanted}: {}", answer.head);
        }
        assert!(!answer.head.contains("unsafe-inline") && !answer.head.contains("server:"));
    }
}
