//! `demo`: a whole customer conversation, told step by step.

mod counting;
mod ending;
mod inbox;
mod live;
mod local;
mod proof;
mod ready;
mod story;
mod talk;
mod tell;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::options::Options;
use super::out::Out;
use super::problem::Problem;

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Really send messages, to the person of --to, with the account of the settings.
    #[arg(long, requires = "to")]
    live: bool,
    /// Who gets the messages, such as +491701234567. Ask them first.
    #[arg(long, requires = "live", value_name = "PHONE")]
    to: Option<String>,
    #[command(flatten)]
    live_options: LiveOptions,
}

/// How the live demo differs from the usual.
#[derive(Debug, Args)]
#[command(next_help_heading = "With --live")]
pub struct LiveOptions {
    /// An approved template without variables.
    #[arg(
        long,
        requires = "live",
        value_name = "NAME",
        default_value = "hello_world"
    )]
    template: String,
    /// Its language.
    #[arg(long, requires = "live", value_name = "CODE", default_value = "en_US")]
    language: String,
    /// A public JPEG or PNG, which Meta downloads.
    #[arg(
        long,
        requires = "live",
        value_name = "URL",
        default_value = "https://www.gstatic.com/webp/gallery/1.jpg"
    )]
    image_link: String,
    /// File with the number's two-step verification PIN, for a number that is not registered yet; or set
    /// WHATSAPP_PIN.
    #[arg(long, requires = "live", value_name = "FILE")]
    pin_file: Option<PathBuf>,
    /// Where to listen for webhooks, when the app secret and the verify token are set.
    #[arg(
        long,
        requires = "live",
        value_name = "ADDRESS:PORT",
        default_value = "127.0.0.1:8080",
        value_parser = super::address::parse
    )]
    listen: SocketAddr,
    /// How long to wait for the reply.
    #[arg(long, requires = "live", value_name = "SECONDS", default_value_t = 300)]
    wait: u64,
}

/// Tells the story, here or for real.
pub async fn run(arguments: Arguments, options: &Options, out: Out) -> Result<(), Problem> {
    match arguments.to {
        Some(to) if arguments.live => live::run(to, arguments.live_options, options, out).await,
        _ => local::run(options, out).await,
    }
}
