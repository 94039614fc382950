//! One trigger, explained.

use serde_json::Value;

use super::super::manifest::{Schema, Trigger};
use super::super::out::Out;
use super::super::problem::Problem;
use super::super::style::{DIM, HEAD, NAME};
use super::super::{dump, program, text};

/// Prints everything that there is to know of it.
pub fn explain(trigger: &Trigger, out: Out) -> Result<(), Problem> {
    let Trigger { name, title, .. } = trigger;
    out.line(format!(
        "{HEAD}{NAME}{name}{NAME:#}{HEAD:#}  {title}  {DIM}({}, trigger){DIM:#}",
        trigger.group
    ))?;
    out.line(text::indented(&trigger.help, 2))?;
    out.line(format!("\n{HEAD}Webhook fields{HEAD:#}"))?;
    out.line(text::indented(&switched_on(&trigger.webhook_fields), 2))?;
    out.line(format!(
        "\n{HEAD}Filter{HEAD:#} {DIM}(what is left out lets everything pass){DIM:#}"
    ))?;
    for (name, filter) in &trigger.filter_schema.properties {
        out.line(format!("  {NAME}{name}{NAME:#}  {DIM}list of texts{DIM:#}"))?;
        if let Some(help) = &filter.description {
            out.line(text::indented(help, 6))?;
        }
        if let Some(words) = words(filter) {
            out.line(text::indented(&words, 6))?;
        }
    }
    out.line(format!("\n{HEAD}Sample event{HEAD:#}"))?;
    for line in dump::pretty(trigger.sample.get())?.lines() {
        out.line(format!("  {line}"))?;
    }
    out.line(format!("\n{HEAD}Start it{HEAD:#}"))?;
    let program = program::name();
    out.line(format!(
        "  {program} serve --subscribe {name}      {DIM}(of the account in WHATSAPP_BUSINESS_ACCOUNT_ID; of another: {name}@ACCOUNT){DIM:#}"
    ))
}

/// What has to be switched on at Meta.
fn switched_on(fields: &[String]) -> String {
    match fields {
        [] => "Whatever is switched on in Meta's app dashboard.".to_owned(),
        [field] => {
            format!("{field} (switch it on in Meta's app dashboard, WhatsApp → Configuration)")
        }
        fields => format!(
            "{} (switch on what you need in Meta's app dashboard, WhatsApp → Configuration)",
            fields.join(", ")
        ),
    }
}

/// The words that a filter takes: all of them, or some.
fn words(filter: &Schema) -> Option<String> {
    let items = filter.items.as_ref()?;
    let (lead, words) = match items.values.as_slice() {
        [] => ("For example", items.examples.as_slice()),
        all => ("Each one of", all),
    };
    let words: Vec<_> = words.iter().filter_map(Value::as_str).collect();
    (!words.is_empty()).then(|| format!("{lead} {}.", words.join(", ")))
}
