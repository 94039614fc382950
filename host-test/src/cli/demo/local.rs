//! The demo against the simulator. Nothing leaves the machine, and no time passes but the simulator's.

use std::net::SocketAddr;

use graph_simulator::Simulator;
use graph_simulator::world::demo;
use host_test::wit::types::Connection;
use host_test::{Credentials, Host, Secret};

use super::super::options::Options;
use super::super::out::Out;
use super::super::problem::Problem;
use super::super::webhook::Server;
use super::counting::Counting;
use super::inbox::Inbox;
use super::proof;
use super::story::{Customer, Story};
use super::talk::ANSWER;
use super::tell::Teller;

const VERIFY_TOKEN: &str = "demo-verify-token";
/// The number has no PIN before; this becomes it.
const PIN: &str = "246813";
const IMAGE: &str = "https://example.com/parcel.jpg";

/// Tells the story.
pub async fn run(options: &Options, out: Out) -> Result<(), Problem> {
    let tell = Teller::new(out);
    let simulator = Simulator::builder().start().await.map_err(unavailable)?;
    let builder = Host::builder()
        .credentials(credentials()?)
        .allow_base_url(simulator.url())
        .memory_dumps(true);
    let network = Counting::new(&builder)?;
    let host = options.build(builder.http_client(network.clone()))?;
    let (inbox, sink) = Inbox::new();
    let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
    let server = Server::start(any_port, "/webhook", host.clone(), sink).await?;
    let callback = server.url();
    simulator
        .set_callback(&callback, VERIFY_TOKEN)
        .await
        .map_err(unavailable)?;

    tell.title("One customer conversation, from the first check to the last read receipt")?;
    tell.fact("component", &component(options))?;
    tell.fact(
        "Graph API",
        &format!(
            "simulated at {}; nothing leaves this machine",
            simulator.url()
        ),
    )?;
    tell.fact(
        "webhooks",
        &format!("{callback}, which answered Meta's handshake"),
    )?;

    let connection = Connection {
        base_url: Some(simulator.url().to_owned()),
        // The one that is not registered yet, so that there is something to do.
        phone_number_id: Some(demo::UNREGISTERED_PHONE_NUMBER_ID.to_owned()),
        business_account_id: Some(demo::WABA_ID.to_owned()),
        ..Connection::default()
    };
    let mut story = Story {
        tell,
        account: host.connect(connection.clone()),
        inbox,
        customer: Customer::Simulated(simulator),
        to: format!("+{}", demo::CUSTOMER),
        addresses: Vec::new(),
        sent: Vec::new(),
    };
    conversation(&mut story, &network, &callback).await?;

    let requests = network.count();
    let searched = proof::search_memory(&host, &connection, demo::ACCESS_TOKEN).await?;
    story.summarize(requests, Some(searched))?;
    story.suggest(hint().as_deref())?;
    server.stop().await;
    Ok(())
}

async fn conversation(
    story: &mut Story,
    network: &Counting,
    callback: &str,
) -> Result<(), Problem> {
    let tell = story.tell;
    tell.chapter("Before the first message")?;
    let pin = Secret::new(PIN).map_err(unavailable)?;
    story.get_ready(Some(&pin)).await?;

    tell.chapter("The business writes first, which takes a template")?;
    let template = story.send_template("hello_world", "en_US").await?;
    story.follow(&template).await?;

    tell.chapter("The customer replies, which opens 24 hours for free-form messages")?;
    let reply = story.receive_reply(&template).await?;
    if let Customer::Simulated(simulator) = &story.customer {
        let deliveries = simulator.deliveries();
        story.refuse_forgery(&deliveries, callback, network).await?;
    }

    tell.chapter("The business answers")?;
    story.refuse_long_text(network).await?;
    let text = story.send_text(&reply, ANSWER).await?;
    story.follow(&text).await?;
    let image = story.send_image(IMAGE).await?;
    story.follow(&image).await
}

fn credentials() -> Result<Credentials, Problem> {
    let secret = |text: &str| Secret::new(text).map_err(unavailable);
    Ok(Credentials::new()
        .access_token(secret(demo::ACCESS_TOKEN)?)
        .app_secret(secret(demo::APP_SECRET)?)
        .verify_token(secret(VERIFY_TOKEN)?))
}

fn component(options: &Options) -> String {
    let path = options.component_path();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let size = std::fs::metadata(&path).map_or(0, |file| file.len());
    format!(
        "{name}, {} KB, imports one function: http.send",
        (size + 500) / 1000
    )
}

/// The demo runs as well when an account is at hand, but does not use it.
fn hint() -> Option<String> {
    std::env::var_os("WHATSAPP_ACCESS_TOKEN")
        .filter(|token| !token.is_empty())
        .map(|_| {
            "  WHATSAPP_ACCESS_TOKEN is set but was not used: add --live --to PHONE to really send messages."
                .to_owned()
        })
}

fn unavailable(error: impl std::fmt::Display) -> Problem {
    Problem::failed(
        format!("the simulator cannot be used: {error}"),
        "Check that programs may open ports on 127.0.0.1.",
    )
}
