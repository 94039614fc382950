//! Calling the component through either door, each time on a fresh instance, with a network of prepared answers.
//!
//! An answer is JSON: `{"status": 200, "headers": {"retry-after": "7"}, "body": {…}}`, with `text` in the place of `body` for what is no
//! JSON and `blob` for the handle of a file, or one of `{"denied": "why"}`, `{"not_sent": "why"}`, `{"no_answer": "why"}`, `{"too_large": 8388608}`.

use std::sync::LazyLock;

use serde_json::{Value, json};
use wasmtime::Store;
use wasmtime::component::{InstancePre, Linker, Val};

use crate::component::{self, COMPONENT, Export};
use crate::manifest;
use crate::values::{from_json, parsed, to_json};

/// The connection that tests use where nothing depends on it.
pub fn connection() -> Value {
    json!({"phone_number_id": "106540352242922", "business_account_id": "102290129340398"})
}

/// What the component did.
#[derive(Debug, PartialEq)]
pub struct Outcome {
    /// Its requests, complete, as they crossed the border.
    pub requests: Vec<Val>,
    /// The output, or the error as `{"case": …, "fault": …}`.
    pub result: Result<Value, Value>,
}

/// The network: what it answers, and what it was asked.
#[derive(Default)]
pub struct Network {
    answers: Vec<Val>,
    /// Whether the last answer is given to all further requests.
    endless: bool,
    requests: Vec<Val>,
}

impl Network {
    /// Gives these answers in their order, then none.
    pub fn script(answers: &[Value]) -> Self {
        Self {
            answers: answers.iter().map(answer).collect(),
            ..Self::default()
        }
    }

    /// Gives the same answer to every request.
    pub fn always(answer: &Value) -> Self {
        Self {
            endless: true,
            ..Self::script(std::slice::from_ref(answer))
        }
    }

    fn send(&mut self, request: Val) -> Val {
        let last = self.answers.len().saturating_sub(1);
        let position = match self.endless {
            true => last,
            false => self.requests.len(),
        };
        self.requests.push(request);
        let most = self.answers.len().max(50);
        assert!(self.requests.len() <= most, "the component does not stop");
        match self.answers.get(position) {
            Some(answer) => answer.clone(),
            None => answer(&json!({"not_sent": "the test has no answer for this request"})),
        }
    }
}

/// `plugin.invoke`, with texts as they are.
pub fn invoke_text(action: &str, connection: &str, input: &str, network: Network) -> Outcome {
    let parameters = [action, connection, input].map(|text| Val::String(text.to_owned()));
    let (network, result) = run(component::export("plugin", "invoke"), &parameters, network);
    let result = outcome(result).map(|output| match output {
        Val::String(text) => serde_json::from_str(&text).unwrap(),
        other => panic!("invoke returned {other:?}"),
    });
    Outcome {
        requests: network.requests,
        result,
    }
}

/// The dynamic door.
pub fn invoke(action: &str, connection: &Value, input: &Value, network: Network) -> Outcome {
    invoke_text(action, &connection.to_string(), &input.to_string(), network)
}

/// The typed door. The error is for inputs that the types cannot say.
pub fn typed(
    export: &Export,
    connection: &Value,
    input: &Value,
    network: Network,
) -> Result<Outcome, String> {
    let action = manifest::action(&export.name);
    let schemas = [
        &manifest::manifest()["connection_schema"],
        &action["input_schema"],
    ];
    let mut parameters = Vec::new();
    for (((_, ty), schema), json) in export.ty.params().zip(schemas).zip([connection, input]) {
        parameters.push(from_json(&ty, schema, json)?);
    }
    let (network, result) = run(export, &parameters, network);
    Ok(Outcome {
        requests: network.requests,
        result: outcome(result).map(|output| parsed(to_json(&output), &action["output_schema"])),
    })
}

/// Calls a function that sends nothing.
pub fn run_quietly(export: &Export, parameters: &[Val]) -> Val {
    let (network, result) = run(export, parameters, Network::default());
    assert!(network.requests.is_empty(), "it sent a request");
    result
}

fn run(export: &Export, parameters: &[Val], network: Network) -> (Network, Val) {
    static LINKED: LazyLock<InstancePre<Network>> = LazyLock::new(linked);
    let mut store = Store::new(LINKED.engine(), network);
    let instance = LINKED.instantiate(&mut store).unwrap();
    let interface = instance.get_export_index(&mut store, None, &export.interface);
    let function = instance.get_export_index(&mut store, interface.as_ref(), &export.name);
    let function = instance.get_func(&mut store, function.unwrap()).unwrap();
    let mut results = [Val::Bool(false)];
    if let Err(trap) = function.call(&mut store, parameters, &mut results) {
        panic!("{} trapped: {trap:?}\nwith {parameters:?}", export.name);
    }
    let [result] = results;
    (store.into_data(), result)
}

fn linked() -> InstancePre<Network> {
    let mut linker = Linker::new(COMPONENT.engine());
    for (name, _) in COMPONENT.component_type().imports(COMPONENT.engine()) {
        let mut interface = linker.instance(name).unwrap();
        if name.starts_with("whatsapp:connector/http@") {
            let send = |mut store: wasmtime::StoreContextMut<'_, Network>,
                        _,
                        parameters: &[Val],
                        results: &mut [Val]| {
                results[0] = store.data_mut().send(parameters[0].clone());
                Ok(())
            };
            interface.func_new("send", send).unwrap();
        }
    }
    linker.instantiate_pre(&COMPONENT).unwrap()
}

/// A `result<T, error>`, its error as JSON.
pub fn outcome(result: Val) -> Result<Val, Value> {
    match result {
        Val::Result(Ok(Some(output))) => Ok(*output),
        Val::Result(Err(Some(error))) => match *error {
            Val::Variant(case, Some(fault)) => Err(json!({"case": case, "fault": to_json(&fault)})),
            other => panic!("an error without a fault: {other:?}"),
        },
        other => panic!("no result: {other:?}"),
    }
}

fn answer(json: &Value) -> Val {
    let text = |value: &Value| Val::String(value.as_str().unwrap().to_owned());
    let some = |value| Some(Box::new(value));
    if let Some(status) = json.get("status") {
        let headers = json.get("headers").and_then(Value::as_object);
        let headers = headers.into_iter().flatten().map(|(name, value)| {
            Val::Record(vec![
                ("name".to_owned(), Val::String(name.clone())),
                ("value".to_owned(), text(value)),
            ])
        });
        let (case, body) = match (json.get("body"), json.get("text"), json.get("blob")) {
            (Some(body), None, None) => ("text", Val::String(body.to_string())),
            (None, Some(body), None) => ("text", text(body)),
            (None, None, Some(handle)) => ("blob", text(handle)),
            _ => panic!("expected `body`, `text` or `blob` in {json}"),
        };
        let content = Val::Variant(case.to_owned(), some(body));
        let status = status.as_u64().unwrap().try_into().unwrap();
        let response = Val::Record(vec![
            ("status".to_owned(), Val::U16(status)),
            ("headers".to_owned(), Val::List(headers.collect())),
            ("body".to_owned(), content),
        ]);
        return Val::Result(Ok(some(response)));
    }
    let failure = json.as_object().unwrap().iter().next().unwrap();
    let failure = match (failure.0.as_str(), failure.1) {
        (case @ ("denied" | "not_sent" | "no_answer"), why) => {
            Val::Variant(case.replace('_', "-"), some(text(why)))
        }
        ("too_large", limit) => Val::Variant(
            "too-large".to_owned(),
            some(Val::U64(limit.as_u64().unwrap())),
        ),
        _ => panic!("expected an answer, got {json}"),
    };
    Val::Result(Err(some(failure)))
}

/// A request as JSON for people: a body of JSON text is shown as its value.
pub fn request_to_json(request: &Val) -> Value {
    let mut request = to_json(request);
    if let Some(Value::String(text)) = request.pointer("/body/json") {
        request["body"]["json"] = serde_json::from_str(text).unwrap();
    }
    request
}
