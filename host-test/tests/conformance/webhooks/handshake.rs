//! `GET`: only who knows the verify token gets the challenge back.

use super::{Outcome, Request, Signature, handle};

fn get(query: &str, verify_token: &str) -> Outcome {
    let request = Request {
        method: "GET",
        query,
        ..Request::default()
    };
    handle(&request, verify_token, &Signature::Secrets(&["secret"]))
}

#[test]
fn the_right_token_gets_the_challenge_as_the_whole_body() {
    let queries = [
        "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=right",
        "?hub.verify_token=right&hub.mode=subscribe&hub.challenge=1158201444",
        "hub%2Emode=subscribe&hub.challenge=11582%301444&hub.verify_token=%72ight&more=1",
    ];
    for query in queries {
        let outcome = get(query, "right");
        assert_eq!(
            (outcome.status, outcome.body.as_str()),
            (200, "1158201444"),
            "{query}"
        );
        assert!(
            outcome.events.is_empty() && outcome.problem.is_none(),
            "{outcome:?}"
        );
    }
    let outcome = get(
        "hub.mode=subscribe&hub.challenge=1&hub.verify_token=a+b%2Bc%26",
        "a b+c&",
    );
    assert_eq!((outcome.status, outcome.body.as_str()), (200, "1"));
}

#[test]
fn a_wrong_or_missing_token_gets_nothing() {
    let with = |token: &str| {
        format!("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={token}")
    };
    for query in [
        with("wrong"),
        with(""),
        with("righ"),
        with("right1"),
        with("Right"),
        with("right").replace("verify_token", "token"),
    ] {
        let outcome = get(&query, "right");
        outcome.is_refused(403, "hub.verify_token");
        assert!(!outcome.problem.unwrap().contains("right"), "{query}");
    }
}

#[test]
fn without_a_configured_token_nobody_gets_in() {
    for query in [
        "hub.mode=subscribe&hub.challenge=1&hub.verify_token=",
        "hub.mode=subscribe&hub.challenge=1",
    ] {
        get(query, "").is_refused(403, "no verify token");
    }
}

#[test]
fn what_is_no_handshake_is_refused() {
    let cases = [
        ("", "hub.mode"),
        ("hub.challenge=1&hub.verify_token=right", "hub.mode"),
        (
            "hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=right",
            "hub.mode",
        ),
        ("hub.mode=subscribe&hub.verify_token=right", "hub.challenge"),
    ];
    for (query, problem) in cases {
        get(query, "right").is_refused(403, problem);
    }
}

#[test]
fn other_methods_are_refused() {
    for method in ["PUT", "DELETE", "HEAD", "PATCH", ""] {
        let request = Request {
            method,
            query: "hub.mode=subscribe&hub.challenge=1&hub.verify_token=right",
            body: "{}",
            ..Request::default()
        };
        handle(&request, "right", &Signature::VerifiedByHost).is_refused(405, "GET or POST");
    }
}
