//! `invoke`: one action, JSON in and JSON out.

use clap::Args;
use host_test::json;
use host_test::{CallError, Config};
use serde_json::{Map, Value};

use super::options::Options;
use super::out::Out;
use super::problem::Problem;
use super::{dump, input, manifest, progress};

/// Arguments of `invoke`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The action's name; `host-test describe` lists them.
    action: String,
    /// The action's fields: a JSON object, a file that holds it, or - for stdin. Use a file or stdin for what
    /// others must not see, such as a PIN.
    #[arg(
        short,
        long,
        value_name = "JSON|@FILE|-",
        default_value = "{}",
        hide_default_value = true
    )]
    input: String,
    /// Fields of the connection that differ from the settings: phone_number_id, business_account_id, api_version.
    #[arg(long, value_name = "JSON|@FILE")]
    connection: Option<String>,
}

/// Runs the action.
pub async fn run(arguments: Arguments, options: &Options, out: Out) -> Result<(), Problem> {
    let input = input::object("--input", &arguments.input)?;
    let overrides = match &arguments.connection {
        Some(given) => input::object("--connection", given)?,
        None => Map::new(),
    };
    let config = options.settings()?;
    require_token(&config)?;
    let host = options.host(&config)?;
    let (manifest, _) = manifest::of(&host).await?;
    let action = &manifest.action(&arguments.action)?.name;
    let connection = connection(&config, overrides).to_string();
    let input = Value::Object(input).to_string();
    let call = host.invoke(action, &connection, &input);
    let answer = progress::during(action, call).await?;
    let output = answer.map_err(CallError::from)?;
    out.line(if out.is_json() {
        output
    } else {
        dump::pretty(&output)?
    })
}

/// Makes sure that there is an access token.
pub fn require_token(config: &Config) -> Result<(), Problem> {
    match config.credentials.current_access_token() {
        Some(_) => Ok(()),
        None => Err(Problem::usage(
            "there is no access token; expected it in WHATSAPP_ACCESS_TOKEN or as `access_token` in the file of --config",
            "Set it, or run `host-test simulate` and set what that prints to try actions without an account.",
        )),
    }
}

/// The settings' connection with some fields changed. The component checks their names.
fn connection(config: &Config, overrides: Map<String, Value>) -> Value {
    let mut connection = json::to_value(&config.connection);
    if let Value::Object(fields) = &mut connection {
        fields.extend(overrides);
    }
    connection
}
