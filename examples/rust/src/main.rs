//! Sends a text, and lists the numbers of the account.

use host_test::{CallError, Config, Host};
use serde_json::json;
use std::{env, error::Error, process::ExitCode};

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let Some(to) = arguments.next() else {
        eprintln!(
            "usage: rust-example +491701234567 [TEXT]; it reads WHATSAPP_ACCESS_TOKEN and the other settings of `host-test --help`"
        );
        return Ok(ExitCode::from(2));
    };
    let body = arguments.next().unwrap_or("Hello from Rust.".to_owned());
    let file = env::var("WHATSAPP_COMPONENT").unwrap_or("dist/whatsapp-connector.wasm".to_owned());

    let config = Config::from_env()?;
    let host = Host::builder().component(file).config(&config).build()?;
    let account = host.connect(config.connection);
    match talk(&account, &to, &body).await {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(error) => {
            eprintln!("{error}");
            Ok(ExitCode::FAILURE)
        }
    }
}

async fn talk(account: &host_test::Account, to: &str, body: &str) -> Result<(), CallError> {
    // By type …
    let sent = account.send_text_to(to, body).await?;
    println!("accepted as {}", sent.message_id);

    // … or by name, with JSON.
    println!(
        "{}",
        account.invoke("list-phone-numbers", &json!({})).await?
    );
    Ok(())
}
