//! The demo with a real account and a real person.

use std::time::Duration;

use host_test::{Config, Host, Secret};

use super::super::options::Options;
use super::super::out::Out;
use super::super::problem::Problem;
use super::super::serve;
use super::super::webhook::Server;
use super::LiveOptions;
use super::counting::Counting;
use super::inbox::Inbox;
use super::story::{Customer, Story};
use super::tell::Teller;

/// Fits whatever the person wrote.
const ANSWER: &str = "Thank you, your reply arrived. A picture follows.";
/// Environment variable of the PIN: no argument, because it is a secret.
const PIN: &str = "WHATSAPP_PIN";

/// Tells the story.
pub async fn run(
    to: String,
    live: LiveOptions,
    options: &Options,
    out: Out,
) -> Result<(), Problem> {
    let tell = Teller::new(out);
    let config = options.settings()?;
    require(&config)?;
    let pin = pin(&live)?;
    let builder = Host::builder().config(&config);
    let network = Counting::new(&builder)?;
    let host = options.build(builder.http_client(network.clone()))?;

    let missing = serve::missing(&config.credentials);
    let what = match missing.as_slice() {
        [] => "real messages to {to}: one template, then one text and one image",
        _ => "a real message to {to}: one template",
    };
    tell.title(&format!("This sends {}", what.replace("{to}", &to)))?;
    let place = config.connection.base_url.as_deref();
    tell.fact("Graph API", place.unwrap_or("https://graph.facebook.com"))?;
    let (inbox, sink) = Inbox::new();
    let server = if missing.is_empty() {
        let server = Server::start(live.listen, "/webhook", host.clone(), sink).await?;
        tell.listening(&server.url())?;
        Some(server)
    } else {
        tell.fact(
            "webhooks",
            &format!("off, because {} is not set", missing.join(" and ")),
        )?;
        None
    };
    let mut story = Story {
        tell,
        account: host.connect(config.connection),
        inbox,
        customer: Customer::Person(Duration::from_secs(live.wait)),
        addresses: vec![
            to.clone(),
            to.chars().filter(char::is_ascii_digit).collect(),
        ],
        to,
        sent: Vec::new(),
    };
    tell.chapter("Before the first message")?;
    story.get_ready(pin.as_ref()).await?;
    tell.chapter("The business writes first, which takes a template")?;
    let template = story.send_template(&live.template, &live.language).await?;
    if let Some(server) = server {
        answer(&mut story, &template, &live).await?;
        server.stop().await;
    }
    story.summarize(network.count(), None)?;
    if missing.is_empty() {
        return Ok(());
    }
    tell.chapter("Next")?;
    tell.note(&format!(
        "  To receive the reply and answer it, set {} and start again.\n  \
           Meta then has to reach http://{}/webhook: forward a public https address to it, and enter\n  \
           that address and the verify token in the app dashboard under WhatsApp > Configuration.",
        missing.join(" and "),
        live.listen
    ))
}

/// The part that needs webhooks.
async fn answer(story: &mut Story, template: &str, live: &LiveOptions) -> Result<(), Problem> {
    let tell = story.tell;
    tell.chapter("The customer replies, which opens 24 hours for free-form messages")?;
    tell.note(&format!(
        "    Please answer on the telephone with {}, within {} s: any text will do.",
        story.to, live.wait
    ))?;
    let reply = story.receive_reply(template).await?;
    tell.chapter("The business answers")?;
    let text = story.send_text(&reply, ANSWER).await?;
    story.follow(&text).await?;
    let image = story.send_image(&live.image_link).await?;
    story.follow(&image).await
}

/// Says at once everything that is missing.
fn require(config: &Config) -> Result<(), Problem> {
    let connection = &config.connection;
    let needed = [
        (
            config.credentials.current_access_token().is_none(),
            "WHATSAPP_ACCESS_TOKEN",
        ),
        (
            connection.phone_number_id.is_none(),
            "WHATSAPP_PHONE_NUMBER_ID",
        ),
        (
            connection.business_account_id.is_none(),
            "WHATSAPP_BUSINESS_ACCOUNT_ID",
        ),
    ];
    let missing = needed.into_iter().filter(|(missing, _)| *missing);
    let missing: Vec<_> = missing.map(|(_, variable)| variable).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Problem::usage(
        format!("the live demo cannot start without {}", missing.join(", ")),
        "Set what is missing in the environment or in the file of --config. In Meta's app dashboard, WhatsApp > API Setup shows all three. \
         Nothing was sent.",
    ))
}

/// The PIN from the file or the environment. Nobody else may see it, so it is no argument.
fn pin(live: &LiveOptions) -> Result<Option<Secret>, Problem> {
    let (place, text) = match &live.pin_file {
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|error| {
                Problem::usage(
                    format!("--pin-file: cannot read {}: {error}", path.display()),
                    "Give a file that holds the 6 digits and nothing else.",
                )
            })?;
            ("--pin-file", text)
        }
        None => match std::env::var(PIN) {
            Ok(text) if !text.trim().is_empty() => (PIN, text),
            _ => return Ok(None),
        },
    };
    let secret = Secret::new(text);
    secret
        .map(Some)
        .map_err(|error| Problem::usage(format!("{place}: {error}"), "Give 6 digits."))
}
