//! Signing in with an identity provider, from the page of the console to the end of the session,
//! and everybody who must not get in that way.

mod attacks;
mod browser;
mod keys;
mod provider;
mod tokens;
mod trouble;

use serde_json::{Value, json};
use server::config::Environment;

use super::world::{Answer, World};
use browser::{BACK, Browser, consent, fields_of};
use keys::{Key, Signer};
use provider::{CLIENT, PUBLIC, Provider};

/// The name of the environment variable with the client's secret.
const VARIABLE: &str = "ROLECALL_OIDC_SECRET";

/// The name of the cookie that ties an answer of the provider to a browser.
const STATE: &str = "__Host-rolecall_sign_in";

/// A console whose provider is `issuer`, at `public`.
fn console_at(public: &str, issuer: &str, secret: Option<&str>, more: &str) -> World {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rolecall.toml");
    let roles = r#"["everyone=viewer", "sec=analyst", "owners=admin", "cn=ops,dc=x=viewer"]"#;
    let mut environment = Environment::new();
    let secret = secret.map_or_else(String::new, |secret| {
        environment.insert(VARIABLE.to_owned(), secret.to_owned());
        format!("oidc_client_secret_env = \"{VARIABLE}\"")
    });
    let text = format!(
        "[console]\npublic_url = \"{public}\"\noidc_issuer = \"{issuer}\"\n\
         oidc_client_id = \"{CLIENT}\"\noidc_roles = {roles}\n{more}\n{secret}\n"
    );
    std::fs::write(&file, text).unwrap();
    World::configured(&file, environment)
}

fn console_of(issuer: &str, secret: Option<&str>, more: &str) -> World {
    console_at(PUBLIC, issuer, secret, more)
}

fn console(provider: &Provider) -> World {
    let secret = provider.plan().secret;
    console_of(&provider.issuer, secret, "")
}

/// Somebody comes from the provider and is refused, and is nobody afterwards.
fn assert_refused(browser: &mut Browser<'_>, answer: &Answer, what: &str) {
    assert_eq!(answer.status, 401, "{what}: {answer:?}");
    assert_eq!(answer.code(), "sign_in_failed", "{what}");
    assert!(!browser.cookies.contains_key("rolecall"), "{what}");
    assert_eq!(browser.who(), "", "{what}");
}

fn cookie_line(answer: &Answer, name: &str) -> String {
    let lines = fields_of(answer).into_iter().filter(|(name, _)| name == "set-cookie");
    let mut lines = lines.map(|(_, line)| line).filter(|line| line.starts_with(name));
    lines.next().unwrap_or_else(|| panic!("{name}: {answer:?}"))
}

#[test]
fn the_groups_of_a_person_are_their_role() {
    let provider = Provider::of(&[]);
    let world = console(&provider);
    let cases = [
        (json!(["everyone"]), "viewer"),
        (json!(["other", "sec"]), "analyst"),
        (json!(["owners"]), "admin"),
        (json!(["everyone", "owners", "sec"]), "admin"),
        (json!("sec"), "analyst"),
        (json!(["cn=ops,dc=x"]), "viewer"),
        (json!([7, null, "everyone"]), "viewer"),
    ];
    for (groups, role) in cases {
        provider.plan().claims = json!({"groups": groups});
        let mut browser = Browser::new(&world);
        let answer = browser.sign_in(&provider);
        assert_eq!(answer.status, 200, "{groups}: {answer:?}");
        assert_eq!(browser.who(), format!("alice@example.com {role}"), "{groups}");
        let may_see = browser.open("/api/v1/settings").status;
        assert_eq!(may_see, if role == "admin" { 200 } else { 403 }, "{groups}");
        let csrf = browser.open("/api/v1/session").json()["csrf"].as_str().unwrap().to_owned();
        let note = browser.ask("POST", "/api/v1/incidents/x/notes", &[("x-rolecall-csrf", &csrf)]);
        assert_eq!(note.status == 403, role == "viewer", "{groups}: {note:?}");
        let unproven = browser.ask("POST", "/api/v1/incidents/x/notes", &[]);
        assert_eq!(unproven.status, 403, "{groups}: no proof that a page wrote it");
    }
    assert_eq!(provider.plan().complaints, Vec::<String>::new());
}

#[test]
fn who_has_no_group_gets_no_role() {
    let provider = Provider::of(&[]);
    let world = console(&provider);
    let cases = [
        json!([]),
        json!(["other"]),
        json!(["Owners"]),
        json!(["owners "]),
        json!("everyone owners"),
        json!([["owners"]]),
        json!({"owners": true}),
        json!(true),
        Value::Null,
    ];
    for groups in cases {
        provider.plan().claims = json!({"groups": groups});
        let mut browser = Browser::new(&world);
        let answer = browser.sign_in(&provider);
        assert_eq!((answer.status, &*answer.code()), (403, "forbidden"), "{groups}");
        assert_eq!(browser.who(), "", "{groups}");
        assert!(!browser.cookies.contains_key("rolecall"), "{groups}");
    }
}

#[test]
fn the_configuration_says_which_claim_it_is() {
    let provider = Provider::of(&["owners"]);
    let world = console_of(&provider.issuer, None, "oidc_claim = \"https://x.example/roles\"");
    let mut browser = Browser::new(&world);
    assert_eq!(browser.sign_in(&provider).status, 403);
    provider.plan().claims = json!({"https://x.example/roles": ["sec"], "groups": ["owners"]});
    assert_eq!(browser.sign_in(&provider).status, 200);
    assert_eq!(browser.who(), "alice@example.com analyst");
}

#[test]
fn the_client_shows_its_secret_as_the_provider_wants_it() {
    for is_posted in [false, true] {
        let provider = Provider::of(&["sec"]).secret("hunter22-hunter22");
        provider.plan().is_posted = is_posted;
        if is_posted {
            provider.plan().described =
                json!({"token_endpoint_auth_methods_supported": ["client_secret_post"]});
        }
        let world = console(&provider);
        let mut browser = Browser::new(&world);
        let answer = browser.sign_in(&provider);
        assert_eq!(answer.status, 200, "{is_posted}: {:?}", provider.plan().complaints);
        let world = console_of(&provider.issuer, Some("another secret"), "");
        let mut browser = Browser::new(&world);
        let answer = browser.sign_in(&provider);
        assert_refused(&mut browser, &answer, "another secret");
        assert_eq!(provider.plan().complaints, ["token: invalid_client"]);
    }
}

#[test]
fn a_provider_may_end_its_name_with_a_slash_and_sign_with_rsa() {
    let provider = Provider::named("/", &["sec"]);
    let key = Key::rsa("rsa");
    provider.plan().listed = vec![key.listed(), Key::new("other").listed(), json!({"kty": "new"})];
    provider.plan().signer = Signer::Key(key);
    let world = console(&provider);
    let mut browser = Browser::new(&world);
    let answer = browser.sign_in(&provider);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(browser.who(), "alice@example.com analyst");
}

#[test]
fn people_have_a_name_that_nobody_else_has() {
    let provider = Provider::of(&[]);
    let world = console(&provider);
    let long = "x".repeat(201);
    let cases = [
        (json!({"email": null, "preferred_username": "alice"}), "alice"),
        (json!({"email": ""}), "0001"),
        (json!({"email": long}), "0001"),
        (json!({"email": "a\nb", "preferred_username": "alice"}), "alice"),
        // Whoever may write an address into their profile is not its owner.
        (json!({"email_verified": false, "preferred_username": "mallory"}), "mallory"),
        (json!({"email_verified": false, "preferred_username": "alice@example.com"}), "0001"),
        // Names of the one-time token and of tokens of programs.
        (json!({"email": null, "preferred_username": "local"}), "0001"),
        (json!({"email": null, "preferred_username": " Local "}), "0001"),
        (json!({"email": null, "preferred_username": "token soar"}), "0001"),
    ];
    for (claims, name) in cases {
        let mut all = claims.clone();
        all["groups"] = json!(["sec"]);
        provider.plan().claims = all;
        let mut browser = Browser::new(&world);
        browser.sign_in(&provider);
        assert_eq!(browser.who(), format!("{name} analyst"), "{claims}");
    }
    provider.plan().claims = json!({"email": null, "sub": "local", "groups": ["sec"]});
    let mut browser = Browser::new(&world);
    let answer = browser.sign_in(&provider);
    assert_refused(&mut browser, &answer, "a name of somebody else");
}

#[test]
fn cookies_are_out_of_reach_of_scripts_sites_and_wires() {
    let provider = Provider::of(&["owners"]);
    let world = console(&provider);
    let mut browser = Browser::new(&world);
    let begun = browser.open("/api/v1/sign-in");
    let line = cookie_line(&begun, STATE);
    for wanted in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=600"] {
        assert!(line.split("; ").any(|part| part == wanted), "{wanted}: {line}");
    }
    let answer = browser.sign_in(&provider);
    let line = cookie_line(&answer, "rolecall=");
    for wanted in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/", "Max-Age=43200"] {
        assert!(line.split("; ").any(|part| part == wanted), "{wanted}: {line}");
    }
    assert!(!line.contains("Domain"), "{line}");
    // The code stays in no cache and goes to no other site.
    for wanted in ["cache-control: no-store", "referrer-policy: no-referrer"] {
        assert!(answer.head.contains(wanted), "{wanted}: {}", answer.head);
    }
    assert!(!answer.body.contains("code"), "{}", answer.body);
    assert!(!browser.cookies.contains_key(STATE), "it was used");
    let first = browser.cookies["rolecall"].value.clone();
    browser.sign_in(&provider);
    assert_ne!(first, browser.cookies["rolecall"].value, "a session has a value of its own");
    let audit = browser.open("/api/v1/audit").body;
    assert!(audit.contains("sign in") && audit.contains("identity provider"), "{audit}");
}

#[test]
fn a_console_without_encryption_sets_cookies_that_browsers_keep() {
    let provider = Provider::of(&["owners"]);
    let world = console_at("http://localhost:9463", &provider.issuer, None, "");
    let line = cookie_line(&world.ask("GET /api/v1/sign-in", &[], ""), "rolecall_sign_in=");
    assert!(line.contains("; HttpOnly; SameSite=Lax") && !line.contains("Secure"), "{line}");
}

#[test]
fn who_signs_out_is_nobody_and_so_is_the_old_cookie() {
    let provider = Provider::of(&["owners"]);
    let world = console(&provider);
    let mut browser = Browser::new(&world);
    browser.sign_in(&provider);
    let kept = browser.cookies.clone();
    let csrf = browser.open("/api/v1/session").json()["csrf"].as_str().unwrap().to_owned();
    assert_eq!(browser.ask("DELETE", "/api/v1/session", &[]).status, 403, "no proof");
    assert_eq!(browser.who(), "alice@example.com admin");
    let proof = [("x-rolecall-csrf", &*csrf)];
    assert_eq!(browser.ask("DELETE", "/api/v1/session", &proof).status, 204);
    assert!(browser.cookies.is_empty(), "{:?}", browser.cookies);
    browser.cookies = kept;
    assert_eq!(browser.open("/api/v1/session").status, 401);
    assert_eq!(browser.open("/api/v1/incidents").status, 401);
}

#[test]
fn nothing_that_a_link_says_leads_elsewhere() {
    let provider = Provider::of(&["sec"]);
    let world = console(&provider);
    let mut browser = Browser::new(&world);
    let tricks = "return_to=https://evil.example/&next=//evil.example&redirect_uri=https://evil.example/&url=evil.example";
    let begun = browser.open(&format!("/api/v1/sign-in?{tricks}"));
    let place = fields_of(&begun).into_iter().find(|(name, _)| name == "location").unwrap().1;
    assert!(place.starts_with(&provider.issuer) && !place.contains("evil"), "{place}");
    let path = consent(&provider, &place);
    assert!(path.starts_with(BACK), "{path}");
    let answer = browser.led(&format!("{path}&{tricks}"));
    assert_eq!(answer.status, 200);
    assert!(!answer.body.contains("evil") && !answer.head.contains("location:"), "{answer:?}");
    assert!(answer.body.contains("url=/\"") && answer.body.contains("href=\"/\""));
}

#[test]
fn people_are_told_in_a_page_and_programs_in_the_form_of_the_api() {
    let provider = Provider::of(&[]);
    let world = console(&provider);
    let mut browser = Browser::new(&world);
    let page = [("accept", "text/html,application/xhtml+xml,*/*;q=0.8")];
    let address = browser.begin();
    let path = consent(&provider, &address);
    let answers = [
        (browser.ask("GET", &path, &page), 403, "nobody gave you a role here"),
        (browser.ask("GET", &path, &page), 401, "sign in again"),
        (browser.ask("GET", BACK, &page), 401, "led back without a code"),
    ];
    for (answer, status, words) in answers {
        assert_eq!(answer.status, status, "{answer:?}");
        assert!(answer.head.contains("content-type: text/html; charset=utf-8"), "{answer:?}");
        assert!(answer.body.contains(words) && answer.body.contains("<a href=\"/\">"), "{words}");
        assert!(answer.head.contains("content-security-policy"), "{}", answer.head);
    }
    let answer = browser.ask("GET", BACK, &[("accept", "*/*")]);
    assert_eq!(answer.code(), "sign_in_failed");
}

#[test]
fn there_is_no_such_way_where_no_provider_is_named() {
    let world = World::new();
    for path in ["/api/v1/sign-in", "/api/v1/signed-in?code=a&state=b"] {
        let answer = world.ask(&format!("GET {path}"), &[], "");
        assert_eq!((answer.status, &*answer.code()), (404, "not_found"), "{path}");
    }
    let provider = Provider::of(&[]);
    let ways = console(&provider).ask("GET /api/v1/sign-in-ways", &[], "").json();
    assert_eq!(ways["oidc"], true);
}
