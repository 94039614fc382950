//! `simulate`: Meta's Graph API on this machine.

use std::time::Duration;

use clap::Args;
use graph_simulator::world::demo;
use graph_simulator::{Clock, Simulator};
use host_test::Credentials;
use serde_json::json;

use super::out::Out;
use super::problem::Problem;
use super::shutdown;
use super::style::{DIM, HEAD, NAME};

/// Verify token when the environment has none. Like everything in the simulated world it is public.
const VERIFY_TOKEN: &str = "demo-verify-token";
/// How long to wait for a webhook endpoint that is not there yet.
const RETRY: Duration = Duration::from_secs(1);

/// Arguments of `simulate`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Port on 127.0.0.1; 0 for any free one. The simulator is not reachable from other machines.
    #[arg(long, default_value_t = 4010)]
    port: u16,
    /// Endpoint to post webhooks to, such as http://127.0.0.1:8080/webhook. Its verify token is taken from
    /// WHATSAPP_VERIFY_TOKEN, else it is `demo-verify-token`.
    #[arg(long, value_name = "URL")]
    webhook: Option<String>,
}

/// Runs until it is stopped.
pub async fn run(arguments: Arguments, out: Out) -> Result<(), Problem> {
    let verify_token = Credentials::from_env()
        .map_err(Problem::Config)?
        .webhook_verification()
        .verify_token
        .clone();
    let started = Simulator::builder()
        .clock(Clock::real())
        .port(arguments.port)
        .start()
        .await;
    let simulator = started.map_err(|error| {
        Problem::usage(
            error.to_string(),
            "Is another simulator running? Give another port with --port.",
        )
    })?;
    let end = shutdown::requested();
    introduce(simulator.url(), verify_token.is_empty(), out)?;
    let verify_token = match verify_token.as_str() {
        "" => VERIFY_TOKEN,
        own => own,
    };
    tokio::select! {
        _ = end => {}
        () = post_webhooks(&simulator, arguments.webhook.as_deref(), verify_token) => {}
    }
    simulator.shutdown().await;
    Ok(())
}

/// Makes the endpoint the app's callback as soon as it answers the handshake. Never ends.
async fn post_webhooks(simulator: &Simulator, url: Option<&str>, verify_token: &str) {
    if let Some(url) = url {
        let mut last = None;
        while let Err(problem) = simulator.set_callback(url, verify_token).await {
            // Each reason once: the usual one is an endpoint that is about to be started.
            if last.as_ref() != Some(&problem.why) {
                tracing::warn!("no webhooks yet, trying again: {problem}");
                last = Some(problem.why);
            }
            tokio::time::sleep(RETRY).await;
        }
        anstream::eprintln!("Webhooks go to {url}, which answered the handshake.");
    }
    std::future::pending().await
}

/// The environment for `host-test invoke`, `host-test serve` and every other client.
fn environment(url: &str, own_verify_token: bool) -> Vec<(&'static str, &str)> {
    let mut variables = vec![
        ("WHATSAPP_BASE_URL", url),
        ("WHATSAPP_ACCESS_TOKEN", demo::ACCESS_TOKEN),
        ("WHATSAPP_APP_SECRET", demo::APP_SECRET),
        ("WHATSAPP_PHONE_NUMBER_ID", demo::PHONE_NUMBER_ID),
        ("WHATSAPP_BUSINESS_ACCOUNT_ID", demo::WABA_ID),
    ];
    if own_verify_token {
        variables.push(("WHATSAPP_VERIFY_TOKEN", VERIFY_TOKEN));
    }
    variables
}

fn introduce(url: &str, own_verify_token: bool, out: Out) -> Result<(), Problem> {
    let environment = environment(url, own_verify_token);
    if out.is_json() {
        let environment: serde_json::Map<_, _> = environment
            .into_iter()
            .map(|(name, value)| (name.to_owned(), json!(value)))
            .collect();
        return out.json_line(
            &json!({"base_url": url, "environment": environment, "customer": demo::CUSTOMER}),
        );
    }
    out.line(format!(
        "{HEAD}Meta's Graph API, simulated, at {url}{HEAD:#}\n\nIn another terminal {DIM}(demo values, good for nothing else){DIM:#}:"
    ))?;
    for (name, value) in environment {
        out.line(format!("  export {NAME}{name}{NAME:#}={value}"))?;
    }
    let customer = format!("{url}/_simulator/customers/{}", demo::CUSTOMER);
    out.line(format!(
        "\nNumbers    {} registered; {} not yet; {} test number\n\
         Customer   +{} (Kim Customer), has not written yet\n\
         Templates  hello_world, order_update, appointment, login_code, summer_sale (all en_US)\n\
         \x20          parcel_ready, new_arrivals, flash_sale, pickup_point, feedback_form; paused_, disabled_, rejected_offer\n\n\
         The customer writes   curl -d '{{\"text\":\"hello\",\"phone_number_id\":\"{}\"}}' {customer}/messages\n\
         …and reads            curl -X POST {customer}/reads\n\
         Webhooks to you       curl -d '{{\"url\":\"http://127.0.0.1:8080/webhook\",\"verify_token\":\"{}\"}}' \\\n                        {url}/_simulator/callback\n\
         Everything so far     curl {url}/_simulator/messages  {DIM}(also state, requests, deliveries){DIM:#}\n\n\
         Requests and webhooks are logged below. Ctrl-C ends.",
        demo::PHONE_NUMBER_ID,
        demo::UNREGISTERED_PHONE_NUMBER_ID,
        demo::TEST_PHONE_NUMBER_ID,
        demo::CUSTOMER,
        demo::PHONE_NUMBER_ID,
        if own_verify_token { VERIFY_TOKEN } else { "YOUR-VERIFY-TOKEN" },
    ))
}
