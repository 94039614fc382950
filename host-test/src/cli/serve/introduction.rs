//! What is said at the start, to stderr: stdout is for events.

use host_test::inbox::{Inbox, Stored};

use super::super::style::{DIM, HEAD, NAME};
use super::super::webhook::Server;
use super::local::Local;

/// Says where Meta and programs reach it, and what runs. `fields` are the webhook fields that have to be switched on; `after` is the last event that
/// is not printed.
pub fn say(
    fields: &[&str],
    server: &Server,
    local: &Local,
    inbox: &Inbox,
    account: Option<&str>,
    triggers: &[Stored],
    after: i64,
) {
    let url = server.url();
    let path = url.splitn(4, '/').nth(3).unwrap_or_default();
    let of_account = account
        .map(|id| format!(" of account {id}"))
        .unwrap_or_default();
    anstream::eprintln!(
        "{HEAD}Listening for webhooks on {url}{HEAD:#}\n\
         In Meta's app dashboard, under WhatsApp > Configuration, enter\n  \
           callback URL   https://YOUR-PUBLIC-NAME/{path}  {DIM}(forwarded to the address above; Meta wants https){DIM:#}\n  \
           verify token   the value of WHATSAPP_VERIFY_TOKEN  {DIM}[redacted]{DIM:#}\n\
         and switch on what is to come{of_account}: {}.",
        match fields {
            [] => "every webhook field whose events you want".to_owned(),
            [field] => format!("the webhook field {field}"),
            fields => format!("the webhook fields {}", fields.join(", ")),
        }
    );
    anstream::eprintln!(
        "{HEAD}Events for programs on this machine at {url}/events{HEAD:#} {DIM}(WebSocket: /events/ws; triggers: /subscriptions){DIM:#}\n  \
           go on after event #N: {url}/events?after=N {DIM}(0: from the first that is kept){DIM:#}",
        url = local.url()
    );
    for Stored { subscription, .. } in triggers {
        let filter = subscription.filter.as_ref();
        anstream::eprintln!(
            "  trigger {NAME}{}{NAME:#}: {} of account {}{}",
            subscription.id,
            subscription.trigger,
            subscription.business_account_id,
            filter
                .map(|filter| format!(", filter {filter}"))
                .unwrap_or_default()
        );
    }
    if inbox.store().is_temporary() {
        anstream::eprintln!(
            "Events are kept until this ends; with --store FILE a restart forgets nothing."
        );
    } else {
        let path = inbox.store().path().display();
        let printed = match after {
            0 => String::new(),
            after => format!(" Printed are those after #{after}; --after 0 prints all."),
        };
        anstream::eprintln!("Events are kept in {path}.{printed}");
    }
    anstream::eprintln!("Ctrl-C ends.");
}
