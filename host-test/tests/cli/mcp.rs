//! `mcp`: an agent's runtime, played by the client of the official SDK, starts the program and uses its tools.

use graph_simulator::Simulator;
use graph_simulator::world::demo;
use rmcp::model::{CallToolRequestParams, CallToolResult, Tool};
use rmcp::service::RunningService;
use rmcp::transport::TokioChildProcess;
use rmcp::{RoleClient, ServiceExt};
use serde_json::{Value, json};

use crate::program::{self, run, settings, without};

type Client = RunningService<RoleClient, ()>;

async fn connect(simulator: &Simulator, options: &[&str]) -> Client {
    let arguments = [&["mcp"], options].concat();
    let command = program::command(&arguments, &settings(simulator));
    ().serve(TokioChildProcess::new(command).unwrap())
        .await
        .unwrap()
}

async fn call(client: &Client, name: &'static str, arguments: Value) -> CallToolResult {
    let Value::Object(arguments) = arguments else {
        panic!("{arguments} is no object")
    };
    let request = CallToolRequestParams::new(name).with_arguments(arguments);
    client.call_tool(request).await.unwrap()
}

fn names(tools: &[Tool]) -> Vec<&str> {
    tools.iter().map(|tool| tool.name.as_ref()).collect()
}

#[tokio::test]
async fn every_action_is_a_tool_that_says_what_it_does() {
    let simulator = Simulator::builder().start().await.unwrap();
    let client = connect(&simulator, &[]).await;
    let server = client.peer_info().unwrap();
    assert_eq!(
        server.server_info.as_ref().unwrap().name,
        "whatsapp-connector"
    );
    assert!(
        server
            .instructions
            .as_ref()
            .unwrap()
            .contains("within 24 hours")
    );
    let tools = client.list_all_tools().await.unwrap();
    let manifest = run(&["--json", "describe"], &[]).await.expect(0).json();
    let actions = manifest["actions"].as_array().unwrap();
    assert_eq!(tools.len(), actions.len());
    for (tool, action) in tools.iter().zip(actions) {
        assert_eq!(action["name"], tool.name.as_ref());
        assert_eq!(action["title"], *tool.title.as_ref().unwrap());
        assert_eq!(action["help"], tool.description.as_deref().unwrap());
        assert_eq!(action["input_schema"], json!(tool.input_schema));
        assert_eq!(action["output_schema"], json!(tool.output_schema));
        let annotations = tool.annotations.as_ref().unwrap();
        assert_eq!(
            annotations.read_only_hint,
            Some(action["access"] == "read"),
            "{}",
            tool.name
        );
    }
    let hints = |name: &str| {
        let tool = tools.iter().find(|tool| tool.name == name).unwrap();
        let annotations = tool.annotations.clone().unwrap();
        (annotations.destructive_hint, annotations.idempotent_hint)
    };
    assert_eq!(hints("send-text"), (Some(false), Some(false)));
    assert_eq!(hints("delete-template"), (Some(true), Some(true)));
    assert_eq!(hints("list-templates"), (None, None));
    client.cancel().await.unwrap();
}

#[tokio::test]
async fn a_tool_sends_once_and_answers_with_the_output() {
    let simulator = Simulator::builder().start().await.unwrap();
    let client = connect(&simulator, &[]).await;
    let to = format!("+{}", demo::CUSTOMER);
    let result = call(&client, "send-text", json!({"to": to, "body": "hello"})).await;
    assert_eq!(result.is_error, Some(false), "{result:?}");
    let output = result.structured_content.unwrap();
    let messages = simulator.messages();
    assert_eq!(messages.len(), 1);
    assert_eq!(output["message_id"], messages[0].id);
    client.cancel().await.unwrap();
}

#[tokio::test]
async fn a_refusal_is_an_answer_with_advice_and_without_the_token() {
    let simulator = Simulator::builder().start().await.unwrap();
    let client = connect(&simulator, &[]).await;
    let result = call(&client, "send-text", json!({"to": "12", "body": "hello"})).await;
    assert_eq!(result.is_error, Some(true));
    let told = result.structured_content.clone().unwrap();
    assert_eq!(told["case"], "permanent-invalid-input");
    assert_eq!(told["field"], "to");
    assert!(
        told["advice"]
            .as_str()
            .unwrap()
            .starts_with("Correct the recipient")
    );
    assert!(!format!("{result:?}").contains(demo::ACCESS_TOKEN));
    let unknown = client
        .call_tool(CallToolRequestParams::new("send-pigeon"))
        .await;
    let problem = unknown.unwrap_err().to_string();
    assert!(
        problem.contains("there is no tool `send-pigeon`"),
        "{problem}"
    );
    assert!(simulator.messages().is_empty());
    client.cancel().await.unwrap();
}

#[tokio::test]
async fn an_operator_may_offer_less() {
    let simulator = Simulator::builder().start().await.unwrap();
    let client = connect(&simulator, &["--only", "send-text,list-templates"]).await;
    assert_eq!(
        names(&client.list_all_tools().await.unwrap()),
        ["send-text", "list-templates"]
    );
    // What is not offered cannot be called either.
    let request = CallToolRequestParams::new("delete-template");
    assert!(client.call_tool(request).await.is_err());
    client.cancel().await.unwrap();

    let client = connect(&simulator, &["--read-only"]).await;
    let tools = client.list_all_tools().await.unwrap();
    assert!(names(&tools).contains(&"list-phone-numbers"));
    assert!(
        !names(&tools).iter().any(|name| name.starts_with("send-")),
        "{:?}",
        names(&tools)
    );
    client.cancel().await.unwrap();
}

#[tokio::test]
async fn what_is_wrong_at_the_start_is_told() {
    let simulator = Simulator::builder().start().await.unwrap();
    let all = settings(&simulator);
    let ended = run(&["mcp", "--only", "sendText"], &all).await.expect(2);
    ended.complains(&["there is no action `sendText`", "Did you mean `send-text`?"]);
    let ended = run(&["mcp"], &without(all, "WHATSAPP_ACCESS_TOKEN"))
        .await
        .expect(2);
    ended.complains(&["there is no access token"]);
}
