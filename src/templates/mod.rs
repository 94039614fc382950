//! The template compiler: from an approved template, as the Graph API returns it, to a form for people, and from the values of
//! that form to the `components` array of `POST /{phone-number-id}/messages`.
//!
//! Both come from one walk over the template ([`fields`]), so a form never asks for what the compiler would refuse. The names of
//! the form's fields are the only way to give values:
//!
//! | name | value |
//! | --- | --- |
//! | `header_text`, `header_{name}` | text of the header's variable `{{1}}` or `{{name}}` |
//! | `header_image`, `header_video`, `header_gif` | `{link}` or `{id}` |
//! | `header_document` | the same, and `filename` |
//! | `header_location` | `{latitude, longitude, name?, address?}` |
//! | `header_product` | `{product_retailer_id, catalog_id}` |
//! | `body_1`, `body_{name}` | text of the body's variable |
//! | `one_time_password` | authentication templates: the code, for the body and the button |
//! | `limited_time_offer_expires_at` | milliseconds since 1970-01-01 UTC |
//! | `order_status` | Meta's `order_status` object |
//! | `button_0_url_suffix`, `button_0_copy_code` | text |
//! | `button_0_payload` | text; optional |
//! | `button_0_flow_token`, `button_0_flow_action_data` | text, object; optional |
//! | `button_0_thumbnail_product_retailer_id` | text; optional |
//! | `button_0_sections` | `[{title, product_retailer_ids: ["…"]}]` |
//! | `button_0_order_details` | Meta's `order_details` object |
//! | `button_0_ttl_minutes` | number; optional |
//! | `card_0_…` | any of these inside a carousel's card |
//!
//! Buttons and cards are counted from 0, buttons among all buttons of the template or of the card. Instead of a text, the variables
//! of header and body also take `{"currency": {"fallback_value", "code", "amount1000"}}` and `{"date_time": "text"}`.

mod compile;
mod definition;
mod fields;
mod form;
mod kinds;
mod length;
mod names;
mod part;
mod placeholders;
mod status;

#[cfg(test)]
mod tests;

pub use compile::compile;
pub use definition::check_definition;
pub use fields::text;
pub use form::form;
pub use kinds::{BODY_TEXT, HEADER_TEXT, KINDS, Kind, OFFER_END, ORDER_STATUS};
pub use part::{Part, carousel, check_variable, component};
pub use status::{problem, quality, refuse_unless_approved};
