//! A local HTTP server that behaves as Meta documents the WhatsApp Business Cloud API (Graph API), for tests of any client
//! in any language.
//!
//! ```no_run
//! use graph_simulator::{Fault, FaultKind, Simulator, world::demo};
//! use std::time::Duration;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let sim = Simulator::builder().start().await?;
//! // The client under test talks to sim.url() instead of https://graph.facebook.com,
//! // with demo::ACCESS_TOKEN, demo::WABA_ID and demo::PHONE_NUMBER_ID.
//! sim.set_callback("http://127.0.0.1:8080/webhook", "verify token").await?;
//! sim.customer(demo::CUSTOMER).say("hello")?; // opens the 24-hour window
//! sim.advance(Duration::from_secs(1)).await; // everything due is delivered
//! sim.inject(Fault::new(FaultKind::CutAfterHandling {}).on("POST", "/messages"));
//! assert!(sim.messages().is_empty());
//! # Ok(()) }
//! ```
//!
//! # What it answers
//!
//! Every version prefix and none; tokens as `Authorization: Bearer`, or `access_token` in query, form or JSON; JSON, form
//! and multipart bodies. Unknown query parameters are ignored. Errors have Graph's envelope, codes and statuses
//! ([`error_table`]).
//!
//! | path | methods |
//! | --- | --- |
//! | `/debug_token` | GET |
//! | `/oauth/access_token` | GET, POST: `authorization_code`, `fb_exchange_token`, `client_credentials` |
//! | `/me`, `/me/permissions`, `/me/businesses`, `/me/assigned_whatsapp_business_accounts`; `/app`, `/{app-id}` | GET |
//! | `/{app-id}/uploads`; `/upload:…` | POST; GET, POST (Resumable Upload API) |
//! | `/{business-id}`, `/owned_whatsapp_business_accounts`, `/client_whatsapp_business_accounts` | GET |
//! | `/{waba-id}` | GET; POST `name`, `timezone_id` |
//! | `/{waba-id}/phone_numbers` | GET with `fields`, `filtering`, `sort`, paging; POST |
//! | `/{waba-id}/message_templates` | GET with `fields`, `name`, `content`, `name_or_content`, `status`, `category`, `language`, `quality_score`, paging; POST; DELETE by `name`, `hsm_id`, `hsm_ids` |
//! | `/{waba-id}/subscribed_apps` | GET, POST, DELETE |
//! | `/{waba-id}/flows`; `/{flow-id}`; `/assets`; `/publish`, `/deprecate` | GET, POST; GET, POST, DELETE; GET, POST; POST |
//! | `/{template-id}` | GET, POST |
//! | `/{phone-number-id}` | GET; POST `pin`, `new_display_name` or `webhook_configuration` |
//! | `/{phone-number-id}/messages`, `/marketing_messages` | POST |
//! | `/{phone-number-id}/media`; `/{media-id}`; its `url` | POST; GET, DELETE; GET |
//! | `/{phone-number-id}/register`, `/deregister`, `/request_code`, `/verify_code` | POST |
//! | `/{phone-number-id}/whatsapp_business_profile`, `/settings`, `/conversational_automation`, `/whatsapp_commerce_settings`, `/whatsapp_business_encryption` | GET, POST |
//! | `/{phone-number-id}/block_users` | GET, POST, DELETE |
//! | `/{phone-number-id}/calls`; `/call_permissions` | POST; GET |
//! | `/{phone-number-id}/groups`; `/{group-id}`; `/invite_link`; `/participants`; `/join_requests` | GET, POST; GET, POST, DELETE; GET, POST; DELETE; GET, POST, DELETE |
//! | `/{phone-number-id}/message_qrdls`; `/{code}` | GET, POST; GET, DELETE |
//!
//! The world behind it is [`World`]; [`World::demo`] is a business that is ready to be used. Time is a [`Clock`], which
//! stands still by default and is moved by [`Simulator::advance`]: tests never wait. Ids are the same in every run.
//!
//! # Control over HTTP
//!
//! For tests in other languages, under `/_simulator`, without a token. Bodies and answers are JSON. Orders that change
//! something deliver due webhooks before they answer. A wrong input, or a member or query parameter that the order does not
//! know, is answered with 400 and `{"error":{"field","expected","do"}}`.
//!
//! | request | body | what it does |
//! | --- | --- | --- |
//! | GET `/state` | | the world, without secrets |
//! | POST `/reset` | | back to the world at the start; forgets faults and requests; the clock stays |
//! | PATCH `/settings` | members of [`world::Settings`] | delays and limits |
//! | GET `/clock`; POST `/clock/advance` | `{"seconds"}` and/or `{"milliseconds"}` | the time |
//! | GET, DELETE `/requests` | | recorded requests, tokens redacted |
//! | GET `/messages`, `/inbound` | | accepted messages with their status timeline; messages of customers |
//! | GET, POST, DELETE `/faults` | a [`Fault`]: `{"fault":{"kind":"latency","millis":50},"times":1,"skip":0,"method":"POST","path":"/messages","after_handling":false}`; `"times":null` = always | faults |
//! | PUT `/customers/{wa_id or user_id}` | members of [`world::Customer`] | creates or changes a customer |
//! | POST `/customers/{id}/messages` | `{"text":"hello"}` or a `messages[]` item of Meta's; media as `base64`; `phone_number_id` | the customer writes |
//! | POST `/customers/{id}/reads` | `{"phone_number_id"}` or none | the customer reads what was delivered |
//! | POST `/login_codes` | `{"redirect_uri","seconds","token"}`, all optional | a code for `/oauth/access_token` |
//! | PATCH `/templates/{name}/{language}` | `{"status":"PAUSED"}` | review, pause, disable |
//! | POST `/callback` | `{"url","verify_token","verify":true}`; `"url":null` removes it | the app's callback, after the handshake |
//! | POST `/webhooks` | `{"field","value","waba_id"}` | a webhook of any field |
//! | GET `/deliveries` | | posts with attempts |
//! | POST `/deliveries/redeliver` | `{"id"}` or none for the last | posts again |
//! | POST `/deliveries/deliver_twice` | `{"times"}` | the next posts are made twice |
//! | POST `/batch/begin`, `/batch/flush` | `{"order":"one_post"}` or `"reversed"` | collects updates; posts them |
//!
//! Kinds of faults: `latency`, `cut_before_handling`, `cut_after_handling`, `cut_mid_answer`, `truncated_json`,
//! `graph_error`, `empty_answer`, `html`, `redirect`, `oversize`, `slow_drip`, `answer`; see [`FaultKind`].
//!
//! # Where it decides what Meta leaves open
//!
//! - No token: 104 with status 401; a text that is no token: 190 without subcode, as captured; expired: 190/463; withdrawn:
//!   190/467.
//! - An unknown media id in a message: 100, "not a valid whatsapp business account media attachment ID"; media of the wrong
//!   type is accepted and fails with 131053.
//! - A free-form message outside the 24-hour window is accepted and fails with 131047.
//! - A recipient without `+`: the calling code of the business number is put in front only of numbers with at most ten
//!   digits that are not a known customer's.
//! - Marking an unknown message as read is refused with 100.
//! - A flow in a message that nobody made here is let through; of a known one the status decides.
//! - A handle of a file is one that this simulator gave; an address in its place is refused (100/2388273).
//! - A template that is positional but has named variables is REJECTED at once; others stay PENDING until they are reviewed by
//!   the control interface. A deleted template that was approved holds its name for 30 days.
//! - `health_status` of a number that is not registered is BLOCKED with 141000. [`World::health_problems`] changes only what
//!   is told: messages go out nevertheless.
//! - A login code without an address ([`world::LoginCode::redirect_uri`]) can be exchanged with any.
//! - Groups need no Official Business Account. A call needs [`world::Customer::call_permission`], and no webhook follows it.
//! - A blocked user is blocked for every number of the business.
//! - `debug_token` may be asked with any token of the same app, or the app's own `APPID|SECRET`.

pub mod clock;
mod control;
mod customer;
mod endpoints;
pub mod error_table;
mod faults;
mod fields;
mod graph_error;
mod ids;
mod meta_json;
mod nodes;
mod paging;
mod recorder;
mod reply;
mod request;
mod router;
mod routes;
mod send;
mod server;
mod shared;
mod simulator;
mod templates;
mod usage;
mod webhooks;
pub mod world;

pub use clock::Clock;
pub use customer::CustomerHandle;
pub use faults::{Fault, FaultKind};
pub use recorder::{REDACTED, RecordedRequest};
pub use simulator::{CallbackError, Simulator, SimulatorBuilder, StartError};
pub use webhooks::{Attempt, Delivery, FlushOrder, InboundError};
pub use world::World;
