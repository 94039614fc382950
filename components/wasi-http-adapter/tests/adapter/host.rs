//! A host of `wasi:http`, with the settings in the environment.

use crate::network::Network;
use crate::wasi_host::{Server, load};
use serde_json::Value;
use std::sync::OnceLock;
use wasmtime::Store;
use wasmtime::component::{InstancePre, Val};
use wasmtime_wasi::WasiCtx;

const FILE: &str = "dist/whatsapp-connector-wasi.wasm";

/// What is secret in every test.
pub const TOKEN: &str = "EAA|hidden/token";

/// The case of an error, its message and its advice.
#[derive(Debug)]
pub struct Problem {
    pub case: String,
    pub message: String,
}

/// Runs an action by name, with these variables beside the token.
pub async fn invoke(
    network: &Network,
    environment: &[(&str, &str)],
    action: &str,
    connection: &Value,
    input: &Value,
) -> Result<Value, Problem> {
    let token = [("WHATSAPP_ACCESS_TOKEN", TOKEN)];
    let environment: Vec<_> = token.iter().chain(environment).copied().collect();
    let wasi = WasiCtx::builder().envs(&environment).build();
    let server = Server::new(wasi, network.clone());
    let mut store = Store::new(component().engine(), server);
    let instance = component().instantiate_async(&mut store).await.unwrap();
    let interface = instance
        .get_export_index(&mut store, None, "whatsapp:connector/plugin@0.1.0")
        .unwrap();
    let function = instance
        .get_export_index(&mut store, Some(&interface), "invoke")
        .unwrap();
    let function = instance.get_func(&mut store, function).unwrap();
    let text = |text: String| Val::String(text);
    let parameters = [
        text(action.to_owned()),
        text(connection.to_string()),
        text(input.to_string()),
    ];
    let mut results = [Val::Bool(false)];
    function
        .call_async(&mut store, &parameters, &mut results)
        .await
        .expect("the component does not trap");
    let [result] = results;
    assert!(!format!("{result:?}").contains("hidden"), "{result:?}");
    match result {
        Val::Result(Ok(Some(output))) => {
            let Val::String(output) = *output else {
                panic!("no text")
            };
            Ok(serde_json::from_str(&output).unwrap())
        }
        Val::Result(Err(Some(error))) => {
            let Val::Variant(case, Some(fault)) = *error else {
                panic!("no fault")
            };
            let Val::Record(fields) = *fault else {
                panic!("no record")
            };
            let message = fields.into_iter().find(|(name, _)| name == "message");
            let Some((_, Val::String(message))) = message else {
                panic!("no message")
            };
            Err(Problem { case, message })
        }
        other => panic!("{other:?}"),
    }
}

fn component() -> &'static InstancePre<Server<Network>> {
    static COMPONENT: OnceLock<InstancePre<Server<Network>>> = OnceLock::new();
    COMPONENT.get_or_init(|| load(FILE))
}
