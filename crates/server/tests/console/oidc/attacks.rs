//! Answers of the provider that somebody bent, stole or sends again.

use super::browser::{BACK, Browser, consent};
use super::provider::{Provider, fields};
use super::{STATE, assert_refused, console};

/// A field of an address.
fn field(address: &str, name: &str) -> String {
    fields(address.split_once('?').unwrap().1).remove(name).unwrap()
}

#[test]
fn a_state_that_this_browser_did_not_begin_with_is_refused() {
    let provider = Provider::of(&["owners"]);
    let world = console(&provider);
    let mut browser = Browser::new(&world);
    let address = browser.begin();
    let path = consent(&provider, &address);
    let state = field(&address, "state");
    let wrong = path.replace(&state, "AAAAAAAAAAAAAAAAAAAAAA");
    for (what, path) in [
        ("another state", wrong.clone()),
        ("a part of it", path.replace(&state, state.get(1..).unwrap())),
        ("none", path.replace("state=", "x=")),
        ("an empty one", path.replace(&state, "")),
        ("no code", format!("{BACK}?state={state}")),
        ("nothing", BACK.to_owned()),
    ] {
        let answer = browser.led(&path);
        assert_refused(&mut browser, &answer, what);
    }
    let twice = browser.led(&format!("{path}&state=x"));
    assert_eq!(twice.status, 400, "{twice:?}");
    let cookie = browser.cookies.get_mut(STATE).unwrap();
    cookie.value = "AAAAAAAAAAAAAAAAAAAAAA".to_owned();
    let answer = browser.led(&wrong);
    assert_refused(&mut browser, &answer, "a state and a cookie that somebody invented");
    assert_eq!(provider.plan().n_exchanges, 0, "no code was spent on any of it");
}

#[test]
fn an_answer_counts_once() {
    let provider = Provider::of(&["owners"]);
    let world = console(&provider);
    let mut browser = Browser::new(&world);
    let address = browser.begin();
    let kept = browser.cookies.clone();
    let path = consent(&provider, &address);
    assert_eq!(browser.led(&path).status, 200);
    let mut again = Browser::new(&world);
    let answer = again.led(&path);
    assert_refused(&mut again, &answer, "without the cookie");
    again.cookies = kept;
    let answer = again.led(&path);
    assert_refused(&mut again, &answer, "with the cookie that it began with");
    assert_eq!(provider.plan().n_exchanges, 1);
}

#[test]
fn an_answer_that_failed_is_spent_as_well() {
    let provider = Provider::of(&["owners"]);
    let world = console(&provider);
    let mut browser = Browser::new(&world);
    let address = browser.begin();
    let path = consent(&provider, &address);
    let state = field(&address, "state");
    let guess = browser.led(&format!("{BACK}?code=guess&state={state}"));
    assert_refused(&mut browser, &guess, "a code that was guessed");
    let answer = browser.led(&path);
    assert_refused(&mut browser, &answer, "the right code after a wrong one");
    assert_eq!(provider.plan().n_exchanges, 1);
}

#[test]
fn an_answer_to_another_browser_is_refused() {
    let provider = Provider::of(&["owners"]);
    let world = console(&provider);
    let (mut alice, mut mallory) = (Browser::new(&world), Browser::new(&world));
    let address = alice.begin();
    let path = consent(&provider, &address);
    let answer = mallory.led(&path);
    assert_refused(&mut mallory, &answer, "a browser that began nothing");
    mallory.begin();
    let answer = mallory.led(&path);
    assert_refused(&mut mallory, &answer, "a browser that began something else");
    let cookie = mallory.cookies[STATE].value.clone();
    let state = field(&address, "state");
    let both = format!("{STATE}={cookie}; {STATE}={state}");
    mallory.cookies.clear();
    let answer = mallory.ask("GET", &path, &[("cookie", &both)]);
    assert_refused(&mut mallory, &answer, "two cookies");
    // What another site of the domain can set.
    let tossed = format!("rolecall_sign_in={state}");
    let answer = mallory.ask("GET", &path, &[("cookie", &tossed)]);
    assert_refused(&mut mallory, &answer, "a cookie that is not held to the host");
    assert_eq!(alice.led(&path).status, 200, "nobody took it from whom it is for");
    assert_eq!(alice.who(), "alice@example.com admin");
}

#[test]
fn a_code_that_was_used_or_stolen_is_refused() {
    let provider = Provider::of(&["owners"]);
    let world = console(&provider);
    let (mut alice, mut mallory) = (Browser::new(&world), Browser::new(&world));
    let address = alice.begin();
    let path = consent(&provider, &address);
    let bent = |state: &str| path.replace(&field(&address, "state"), state);
    // The code belongs to the way that alice began: its verifier is not mallory's.
    let own = mallory.begin();
    let answer = mallory.led(&bent(&field(&own, "state")));
    assert_refused(&mut mallory, &answer, "a code of somebody else");
    let address_of_another = alice.begin();
    let path_of_another = consent(&provider, &address_of_another);
    assert_eq!(alice.led(&path_of_another).status, 200);
    let own = mallory.begin();
    let state = field(&own, "state");
    let used = path_of_another.replace(&field(&address_of_another, "state"), &state);
    let answer = mallory.led(&used);
    assert_refused(&mut mallory, &answer, "a code that was used");
    assert_eq!(provider.plan().complaints, ["token: invalid_grant"; 2]);
}

#[test]
fn every_way_is_its_own() {
    let provider = Provider::of(&["owners"]);
    let world = console(&provider);
    let addresses: Vec<String> = (0..8).map(|_| Browser::new(&world).begin()).collect();
    for name in ["state", "nonce", "code_challenge"] {
        let mut values: Vec<String> = addresses.iter().map(|text| field(text, name)).collect();
        values.sort();
        values.dedup();
        assert_eq!(values.len(), 8, "{name}");
    }
}

#[test]
fn a_refusal_of_the_provider_is_told_in_words_of_the_console() {
    let provider = Provider::of(&["owners"]);
    let world = console(&provider);
    let mut browser = Browser::new(&world);
    let state = field(&browser.begin(), "state");
    let words = "error=access_denied&error_description=%3Cscript%3Ecall+us%3C/script%3E";
    let answer = browser.led(&format!("{BACK}?{words}&state={state}"));
    assert_refused(&mut browser, &answer, "refused");
    assert!(!answer.body.contains("script") && !answer.body.contains("access_denied"));
    assert!(answer.body.contains("the identity provider refused"), "{}", answer.body);
    assert_eq!(provider.plan().n_exchanges, 0);
}
