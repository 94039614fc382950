//! The functions of `webhooks`, by reflection, in each of the two components that export them, each time on a fresh instance.

use std::sync::LazyLock;

use serde_json::Value;
use wasmtime::Store;
use wasmtime::component::{Component, InstancePre, Linker, Val};

use super::{Outcome, Request, Signature};
use crate::call;
use crate::component::{self, COMPONENT};
use crate::values::to_json;

/// A component that exports `webhooks`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Guest {
    /// The whole connector.
    Connector,
    /// The parsers alone.
    Events,
}

/// Both of them.
pub const BOTH: [Guest; 2] = [Guest::Connector, Guest::Events];

impl Guest {
    fn call(self, name: &str, parameters: &[Val]) -> Val {
        if self == Self::Connector {
            return call::run_quietly(component::export("webhooks", name), parameters);
        }
        static LINKED: LazyLock<InstancePre<()>> = LazyLock::new(|| {
            let path = component::path().with_file_name("whatsapp-events.wasm");
            let component = Component::from_file(COMPONENT.engine(), path).unwrap();
            // Nothing is linked: it imports nothing.
            let linker = Linker::new(COMPONENT.engine());
            linker.instantiate_pre(&component).unwrap()
        });
        let interface = &component::export("webhooks", name).interface;
        let mut store = Store::new(LINKED.engine(), ());
        let instance = LINKED.instantiate(&mut store).unwrap();
        let interface = instance.get_export_index(&mut store, None, interface);
        let function = instance.get_export_index(&mut store, interface.as_ref(), name);
        let function = instance.get_func(&mut store, function.unwrap()).unwrap();
        let mut results = [Val::Bool(false)];
        if let Err(trap) = function.call(&mut store, parameters, &mut results) {
            panic!("{name} of {self:?} trapped: {trap:?}\nwith {parameters:?}");
        }
        let [result] = results;
        result
    }

    /// `parse`.
    pub fn parse(self, body: &str) -> Result<Vec<Value>, Value> {
        let result = self.call("parse", &[text(body)]);
        call::outcome(result).map(|events| match to_json(&events) {
            Value::Array(events) => events,
            other => panic!("no list: {other}"),
        })
    }

    /// `handle`.
    pub fn handle(
        self,
        request: &Request<'_>,
        verify_token: &str,
        signature: &Signature<'_>,
    ) -> Outcome {
        self.exchange("handle", request, verify_token, signature)
    }

    /// `handle-json`, its events read as most programs would.
    pub fn handle_json(
        self,
        request: &Request<'_>,
        verify_token: &str,
        signature: &Signature<'_>,
    ) -> Outcome {
        self.exchange("handle-json", request, verify_token, signature)
    }

    fn exchange(
        self,
        name: &str,
        request: &Request<'_>,
        verify_token: &str,
        signature: &Signature<'_>,
    ) -> Outcome {
        let headers = request.headers.iter();
        let headers =
            headers.map(|(name, value)| record([("name", text(name)), ("value", text(value))]));
        let signature = match signature {
            Signature::VerifiedByHost => Val::Variant("verified-by-host".to_owned(), None),
            Signature::Secrets(secrets) => {
                let secrets = Val::List(secrets.iter().copied().map(text).collect());
                Val::Variant("app-secrets".to_owned(), Some(Box::new(secrets)))
            }
        };
        let parameters = [
            record([
                ("method", text(request.method)),
                ("query", text(request.query)),
                ("headers", Val::List(headers.collect())),
                ("body", text(request.body)),
            ]),
            record([
                ("verify-token", text(verify_token)),
                ("signature", signature),
            ]),
        ];
        let outcome = to_json(&self.call(name, &parameters));
        let events = match &outcome["events"] {
            Value::Array(events) => events.clone(),
            Value::String(events) => serde_json::from_str(events)
                .unwrap_or_else(|error| panic!("{error}\n{}", request.body)),
            other => panic!("no events: {other}"),
        };
        Outcome {
            status: outcome["reply"]["status"].as_u64().unwrap(),
            body: outcome["reply"]["body"].as_str().unwrap().to_owned(),
            events,
            problem: outcome["problem"].as_str().map(str::to_owned),
        }
    }

    /// `describe-triggers`.
    pub fn triggers(self) -> Value {
        match self.call("describe-triggers", &[]) {
            Val::String(triggers) => serde_json::from_str(&triggers).unwrap(),
            other => panic!("describe-triggers returned {other:?}"),
        }
    }

    /// `match-events`.
    pub fn match_events(
        self,
        events: &str,
        subscriptions: &[Subscription],
    ) -> Result<Value, Value> {
        let subscriptions = subscriptions.iter().map(|subscription| {
            let filter = subscription
                .filter
                .as_deref()
                .map(|filter| Box::new(text(filter)));
            record([
                ("id", text(&subscription.id)),
                ("trigger", text(&subscription.trigger)),
                ("business-account-id", text(&subscription.account)),
                ("filter", Val::Option(filter)),
            ])
        });
        let parameters = [text(events), Val::List(subscriptions.collect())];
        let result = self.call("match-events", &parameters);
        call::outcome(result).map(|matches| to_json(&matches))
    }

    /// `service-window`.
    pub fn service_window(self, last_inbound_at: Option<u64>, now: u64) -> Value {
        let last = Val::Option(last_inbound_at.map(|time| Box::new(Val::U64(time))));
        to_json(&self.call("service-window", &[last, Val::U64(now)]))
    }
}

/// A flow that waits for events.
#[derive(Clone)]
pub struct Subscription {
    pub id: String,
    pub trigger: String,
    pub account: String,
    pub filter: Option<String>,
}

fn text(text: &str) -> Val {
    Val::String(text.to_owned())
}

fn record<const FIELDS: usize>(fields: [(&str, Val); FIELDS]) -> Val {
    let fields = fields.into_iter();
    Val::Record(
        fields
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    )
}
