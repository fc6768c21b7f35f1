//! ID tokens that say too little, or that somebody else signed.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::browser::{Browser, consent};
use super::keys::{Key, Signer, base64};
use super::provider::{Provider, now};
use super::{assert_refused, console};

/// Tokens with these differences are refused, and the one without any is not.
fn assert_all_refused(cases: &[(&str, Value)]) {
    let provider = Provider::of(&[]);
    let world = console(&provider);
    for (what, claims) in cases {
        let mut all = claims.clone();
        all["groups"] = json!(["owners"]);
        provider.plan().claims = all;
        let mut browser = Browser::new(&world);
        let answer = browser.sign_in(&provider);
        assert_refused(&mut browser, &answer, what);
    }
    assert_eq!(provider.plan().n_exchanges, cases.len());
    provider.plan().claims = json!({"groups": ["owners"]});
    assert_eq!(Browser::new(&world).sign_in(&provider).status, 200);
}

#[test]
fn a_token_of_another_sign_in_is_refused() {
    assert_all_refused(&[
        ("another nonce", json!({"nonce": "AAAAAAAAAAAAAAAAAAAAAA"})),
        ("an empty nonce", json!({"nonce": ""})),
        ("no nonce", json!({"nonce": null})),
        ("a nonce that is no text", json!({"nonce": 0})),
    ]);
}

#[test]
fn a_token_of_another_time_is_refused() {
    let now = now();
    assert_all_refused(&[
        ("expired", json!({"exp": now - 1})),
        ("expired long ago", json!({"exp": now - 86_400, "iat": now - 90_000})),
        ("without an end", json!({"exp": null})),
        ("without a begin", json!({"iat": null})),
        ("made tomorrow", json!({"iat": now + 86_400, "exp": now + 90_000})),
        ("not yet valid", json!({"nbf": now + 3_600, "exp": now + 7_200})),
        ("valid from no time", json!({"nbf": "soon"})),
    ]);
}

#[test]
fn clocks_may_differ_a_little() {
    let provider = Provider::of(&["owners"]);
    let world = console(&provider);
    let now = now();
    provider.plan().claims =
        json!({"groups": ["owners"], "iat": now + 20, "nbf": now + 20, "exp": now + 300});
    assert_eq!(Browser::new(&world).sign_in(&provider).status, 200);
}

#[test]
fn a_token_for_somebody_else_is_refused() {
    assert_all_refused(&[
        ("another audience", json!({"aud": "another"})),
        ("another audience in a list", json!({"aud": ["another"]})),
        ("one more audience", json!({"aud": ["rolecall", "another"]})),
        ("no audience", json!({"aud": null})),
        ("nobody's", json!({"aud": []})),
        ("a longer audience", json!({"aud": "rolecall2"})),
        ("handed out to another client", json!({"azp": "another"})),
        ("nobody is named", json!({"sub": null})),
    ]);
}

#[test]
fn a_token_of_another_provider_is_refused() {
    assert_all_refused(&[
        ("another issuer", json!({"iss": "https://evil.example"})),
        ("the public address", json!({"iss": super::PUBLIC})),
        ("no issuer", json!({"iss": null})),
    ]);
    let provider = Provider::of(&[]);
    let iss = format!("{}/", provider.issuer);
    provider.plan().claims = json!({"iss": iss, "groups": ["owners"]});
    let world = console(&provider);
    let mut browser = Browser::new(&world);
    let answer = browser.sign_in(&provider);
    assert_refused(&mut browser, &answer, "almost the issuer");
}

#[test]
fn a_token_that_nobody_signed_is_refused() {
    for algorithms in [json!(["ES256"]), json!(["ES256", "none"])] {
        let provider = Provider::of(&["owners"]);
        provider.plan().described = json!({"id_token_signing_alg_values_supported": algorithms});
        provider.plan().signer = Signer::Nobody;
        let world = console(&provider);
        let mut browser = Browser::new(&world);
        let answer = browser.sign_in(&provider);
        assert_refused(&mut browser, &answer, "alg none");
        assert_eq!(provider.plan().n_exchanges, 1);
    }
}

#[test]
fn a_token_that_was_changed_after_it_was_signed_is_refused() {
    let bends: [fn(&str) -> String; 4] = [
        |token| format!("{}.", token.rsplit_once('.').unwrap().0),
        |token| token.rsplit_once('.').unwrap().0.to_owned(),
        |token| token.replacen('.', "", 2),
        |token| {
            let parts: Vec<&str> = token.split('.').collect();
            let claims = BASE64_URL_SAFE_NO_PAD.decode(parts[1]).unwrap();
            let claims = String::from_utf8(claims).unwrap().replace("everyone", "owners");
            [parts[0], &base64(claims.as_bytes()), parts[2]].join(".")
        },
    ];
    let provider = Provider::of(&["everyone"]);
    let world = console(&provider);
    for (n, bend) in bends.into_iter().enumerate() {
        let key = Key::new("first");
        provider.plan().listed = vec![key.listed()];
        provider.plan().signer = Signer::Bent(key, bend);
        let mut browser = Browser::new(&world);
        let answer = browser.sign_in(&provider);
        assert_refused(&mut browser, &answer, &n.to_string());
    }
    let key = Key::new("first");
    provider.plan().listed = vec![key.listed()];
    provider.plan().signer = Signer::Bent(key, str::to_owned);
    assert_eq!(Browser::new(&world).sign_in(&provider).status, 200);
}

#[test]
fn a_public_key_is_no_secret() {
    for secret in [None, Some("hunter22-hunter22")] {
        let mut provider = Provider::of(&["owners"]);
        if let Some(secret) = secret {
            provider = provider.secret(secret);
        }
        let world = console(&provider);
        let key = Key::rsa("rsa");
        provider.plan().listed = vec![key.listed()];
        for algorithms in [json!(["RS256"]), json!(["RS256", "HS256"])] {
            provider.plan().described =
                json!({"id_token_signing_alg_values_supported": algorithms});
            for form in key.public_forms() {
                provider.plan().signer = Signer::Secret(form);
                let mut browser = Browser::new(&world);
                let answer = browser.sign_in(&provider);
                assert_refused(&mut browser, &answer, "HS256 with the public key");
            }
        }
        provider.plan().signer = Signer::Key(key);
        assert_eq!(Browser::new(&world).sign_in(&provider).status, 200);
    }
}

#[test]
fn keys_that_are_not_listed_count_for_nothing() {
    let provider = Provider::of(&["owners"]);
    let world = console(&provider);
    for (what, signer) in [
        ("an unknown key", Signer::Key(Key::new("unknown"))),
        ("another key of a known name", Signer::Key(Key::new("first"))),
        ("another kind of key", Signer::Key(Key::rsa("first"))),
    ] {
        provider.plan().signer = signer;
        let mut browser = Browser::new(&world);
        let answer = browser.sign_in(&provider);
        assert_refused(&mut browser, &answer, what);
    }
}

#[test]
fn a_provider_changes_its_keys_and_people_get_in() {
    let provider = Provider::of(&["owners"]);
    let world = console(&provider);
    let mut early = Browser::new(&world);
    let address = early.begin();
    let path = consent(&provider, &address);
    assert_eq!(Browser::new(&world).sign_in(&provider).status, 200);
    let second = Key::new("second");
    let listed = second.listed();
    provider.plan().listed.push(listed.clone());
    let first = std::mem::replace(&mut provider.plan().signer, Signer::Key(second));
    assert_eq!(early.led(&path).status, 200, "begun with the old key, ended with the new one");
    provider.plan().listed = vec![listed];
    assert_eq!(Browser::new(&world).sign_in(&provider).status, 200);
    provider.plan().signer = first;
    let mut late = Browser::new(&world);
    let answer = late.sign_in(&provider);
    assert_refused(&mut late, &answer, "a key that was taken away");
}
