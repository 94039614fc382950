//! The answer to an action.

use crate::network::{self, Answer, Network};
use crate::{errors, lowered::View};
use serde_json::{Value, json};
use std::sync::OnceLock;
use whatsapp_connector::contract::tables::SIGNATURES;
use whatsapp_connector::contract::whatsapp::connector::http::{
    Body, Content, Failure, Method, Response, Sink,
};
use whatsapp_connector::contract::whatsapp::connector::types::{Error, Fault};
use whatsapp_connector::fault::fault;
use whatsapp_connector::graph::{answer, codes, request::Effect};
use whatsapp_connector::{door, plugin};

/// Actions that are not to be repeated although no message is: Meta gives a code or a file away once.
const NO_MESSAGES: [&str; 3] = ["exchange-code", "refresh-token", "upload-media"];

/// Gives an answer to an action: the first byte says which, the second one with which example of the manifest. Then come the answers.
pub fn graph_answer(data: &[u8]) {
    let [action, example, rest @ ..] = data else {
        return;
    };
    let rest = crate::text(rest);
    let answers: Vec<_> = rest.split(crate::BETWEEN).map(network::answer).collect();
    for effect in [Effect::Read, Effect::Idempotent, Effect::Once] {
        read(&answers[0], effect, example);
    }
    if let Ok(Some(stored)) = answer::stored(answers[0].clone()) {
        assert!(matches!(
            &answers[0],
            Ok(Response {
                status: 200..300,
                ..
            })
        ));
        assert!(stored.header("x-blob-size") != Some(""));
    }
    call(usize::from(*action), usize::from(*example), &answers);
}

/// Reads one answer.
fn read(given: &Answer, effect: Effect, attempt: &u8) {
    let result = answer::read(given.clone(), effect, Some(u32::from(*attempt)));
    let body = given.as_ref().ok().and_then(answer::json);
    let graph = body.as_ref().and_then(|body| body.get("error"));
    let graph = graph.filter(|error| error.is_object());
    let status = given.as_ref().map_or(0, |response| response.status);
    match &result {
        Ok(found) => {
            assert_eq!(Some(found), body.as_ref());
            assert!(graph.is_none() && (200..300).contains(&status));
        }
        Err(error) => errors::check(error),
    }
    if is_unreadable(given) && effect == Effect::Once {
        let is_unknown =
            matches!(result, Err(error) if matches!(*error, Error::PermanentOutcomeUnknown(_)));
        assert!(is_unknown, "nobody can tell what came of it: {given:?}");
        return;
    }
    if let Some(graph) = graph {
        let error = result.expect_err("Meta says that it failed");
        classified(&error, graph, status);
    }
}

/// Whether the request has left, and nobody can say what came of it.
fn is_unreadable(answer: &Answer) -> bool {
    match answer {
        Err(Failure::NoAnswer(_) | Failure::TooLarge(_)) => true,
        Err(Failure::Denied(_) | Failure::NotSent(_)) => false,
        Ok(response) => {
            let is_json = answer::json(response).is_some();
            !is_json && matches!(response.status, 200..300 | 408 | 500..)
        }
    }
}

/// The class of an error of Meta's is that of the table; what Meta says itself to pass is never refused for good.
fn classified(error: &Error, graph: &Value, status: u16) {
    let said = errors::fault(error)
        .graph
        .as_ref()
        .expect("has Meta's words");
    assert_eq!(said.status, status);
    let code = graph["code"].as_i64();
    assert_eq!(said.code, code.unwrap_or_default());
    let is_transient = graph["is_transient"] == true;
    match codes::find(code, said.subcode) {
        Some(entry) => {
            let class = match entry.class {
                codes::Class::Rejected if is_transient => codes::Class::Unavailable,
                class => class,
            };
            assert_eq!(name(error), name(&class.error(no_fault())), "{error:?}");
            assert_eq!(errors::fault(error).advice, entry.advice());
        }
        None if is_transient => assert_eq!(name(error), "unavailable"),
        None => {}
    }
}

fn no_fault() -> Fault {
    fault("", "")
}

fn name(error: &Error) -> &'static str {
    match error {
        Error::ExecutionFailed => "execution-failed",
        Error::RateLimited(_) => "rate-limited",
        Error::Unavailable(_) => "unavailable",
        Error::PermanentInvalidInput(_) => "invalid-input",
        Error::PermanentUnauthorized(_) => "unauthorized",
        Error::PermanentWindowClosed(_) => "window-closed",
        Error::PermanentRejected(_) => "rejected",
        Error::PermanentOutcomeUnknown(_) => "outcome-unknown",
    }
}

/// Calls an action with an example of the manifest.
fn call(action: usize, example: usize, answers: &[Answer]) {
    let index = action % SIGNATURES.len();
    let known = &actions()[index];
    let input = &known.examples[example % known.examples.len()];
    let network = Network::new(answers.to_vec());
    let connection = json!({
        "phone_number_id": "106540352242922",
        "business_account_id": "102290129340398",
        "app_id": "634974688087057",
    });
    let result = door::run(&network, index, &connection, Ok(input.clone()));
    let requests = network.requests();
    let lowered = door_result(&result, index);
    View::new(&lowered).same_result(
        SIGNATURES[index].output,
        result.as_ref().map_err(|error| &**error),
    );
    if let Err(error) = &result {
        errors::check(error);
        let again = |input: &Value| {
            let network = Network::new(answers.to_vec());
            door::run(&network, index, &connection, Ok(input.clone())).err()
        };
        errors::check_secrets(error, input, answers, again);
    }
    // With one request there is one answer that decides.
    let ([request], Some(answer)) = (&requests[..], answers.first()) else {
        return;
    };
    if !matches!(request.sink, Sink::Blob) && known.needs_answer {
        let is_read = matches!(answer, Ok(response) if answer::json(response).is_some());
        assert!(result.is_err() || is_read, "a success without an answer");
    }
    // A file goes before its message, and may go again.
    let is_file = matches!(request.body, Body::Multipart(_));
    if known.is_once && request.method == Method::Post && !is_file && is_unreadable(answer) {
        let error = result.expect_err("nobody knows");
        assert_eq!(name(&error), "outcome-unknown", "{error:?}");
    } else if let (true, Ok(output), Ok(response)) = (known.is_message, &result, answer) {
        assert!(
            output["message_id"]
                .as_str()
                .is_some_and(|id| !id.is_empty())
        );
        assert!(!matches!(response.body, Content::Blob(_)));
    }
}

fn door_result(result: &Result<Value, Box<Error>>, index: usize) -> door::Lowered {
    let mut lowered = door::Lowered::default();
    match result {
        Ok(value) => {
            let output = SIGNATURES[index].output;
            lowered.good(output.block().size);
            lowered.record(door::PAYLOAD, output, &door::Node::Json(value));
        }
        Err(error) => lowered.bad(error),
    }
    lowered
}

/// What the manifest says of an action.
struct Known {
    examples: Vec<Value>,
    is_once: bool,
    is_message: bool,
    needs_answer: bool,
}

fn actions() -> &'static [Known] {
    static ACTIONS: OnceLock<Vec<Known>> = OnceLock::new();
    ACTIONS.get_or_init(|| {
        let manifest: Value = serde_json::from_str(&plugin::describe()).expect("is JSON");
        let actions = manifest["actions"].as_array().expect("a list of actions");
        let find = |name: &str| actions.iter().find(|action| action["name"] == name);
        let known = SIGNATURES.iter().map(|signature| {
            let action = find(signature.name).expect("is described");
            let examples = action["examples"].as_array().expect("has examples");
            let is_once = action["idempotent"] == false && !NO_MESSAGES.contains(&signature.name);
            Known {
                examples: examples.clone(),
                is_once,
                is_message: is_once && !["graph-call", "request-code"].contains(&signature.name),
                // It looks at several things, and says of each whether it could be read.
                needs_answer: signature.name != "diagnose",
            }
        });
        known.collect()
    })
}
