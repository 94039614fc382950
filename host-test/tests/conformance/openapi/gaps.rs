//! Where Meta's OpenAPI document is not Meta's API, and we follow the API. The document is of v23.0; "§" is a section of the facts on Meta's
//! API that this project collected, "the document" itself where it contradicts itself.
//!
//! A line has to be hit by at least one request, at every place that it names: what is no longer sent has to go from here.

use super::check::Violation;

/// The operation that sends every kind of message.
const MESSAGES: &str = "POST /{Phone-Number-ID}/messages";

/// What the document does not allow and we send all the same.
pub struct Gap {
    /// As in [`Violation`].
    pub operation: &'static str,
    /// As in [`Violation`]; empty for all kinds.
    pub kind: &'static str,
    /// As in [`Violation`], one or several.
    pub at: &'static [&'static str],
    /// As in [`Violation`].
    pub problem: &'static str,
    /// Why we send it, and who says so.
    pub why: &'static str,
    /// The action that is the first to send it: until the component has that action, nothing needs to hit the line.
    pub since: &'static str,
}

impl Gap {
    /// Whether this line speaks of what was found.
    pub fn covers(&self, found: &Violation) -> bool {
        self.operation == found.operation
            && (self.kind.is_empty() || self.kind == found.kind)
            && self.at.contains(&found.at.as_str())
            && self.problem == found.problem
    }
}

macro_rules! gaps {
    ($($since:literal: $operation:tt $kind:literal $at:expr, $problem:literal, $why:literal;)*) => {
        /// The known gaps.
        pub const GAPS: &[Gap] = &[$(Gap {
            operation: $operation,
            kind: $kind,
            at: &$at,
            problem: $problem,
            why: $why,
            since: $since,
        }),*];
    };
}

gaps! {
    "validate-connection": "GET /debug_token" "" [""], "no such operation",
        "§3, §10: part of the Graph API in general, which the document leaves out";
    "download-media": "GET /" "" [""], "no such operation",
        "§9: the address that Meta gives for a file; a part of no API";
    "upload-media": "POST /{Phone-Number-ID}/media" "" ["/type"], "unknown",
        "§9: the MIME type of the file, as Meta's page on media has it";
    "update-business-profile": "POST /{Phone-Number-ID}/whatsapp_business_profile" "" ["/email"], "is no email",
        "Meta's page on business profiles: an empty text takes the address away";
    "exchange-code": "GET /oauth/access_token" "" [""], "no such operation",
        "Meta's login, a part of the Graph API in general, which the document leaves out";
    "list-business-accounts": "GET /me/businesses" "" [""], "no such operation",
        "the same: the portfolios of a person";
    "list-business-accounts": "GET /{Business-ID}/owned_whatsapp_business_accounts" "" ["?fields", "?limit"], "unknown",
        "§6: fields and pages are the same at every edge of the Graph API";
    "list-webhook-subscriptions": "GET /{WABA-ID}/subscribed_apps" "" ["?limit"], "unknown",
        "§6: the same";
    "list-blocked-users": "GET /{Phone-Number-ID}/block_users" "" ["?after", "?limit"], "unknown",
        "§6: the same";
    "diagnose": "GET /{WABA-ID}/message_templates" "" ["?fields", "?limit"], "unknown",
        "§6: the same; Meta's page on templates has both";
    "block-users": "POST /{Phone-Number-ID}/block_users" "" ["/block_users/*/user_id"], "unknown",
        "§7: a customer of whom only the user id is known; the document is older";
    "unblock-users": "DELETE /{Phone-Number-ID}/block_users" "" ["/block_users/*/user_id"], "unknown",
        "§7: the same";

    // The envelope.
    "send-text": MESSAGES "" ["/recipient_type"], "missing",
        "§4: `individual` is the default";
    "send-text": MESSAGES "" ["/to"], "missing",
        "§7: a user with a name and no known number is addressed by `recipient`; the document is older";
    "send-text": MESSAGES "" ["/recipient"], "unknown",
        "§7: the same";
    "send-text": MESSAGES "" ["/biz_opaque_callback_data"], "unknown",
        "§4: comes back in status webhooks; the document has it for calls only";
    "send-text": MESSAGES "" ["/recipient_identity_key_hash"], "unknown",
        "§4: Meta's page on phone numbers, identity change check";

    // Files.
    "send-media": MESSAGES "image" ["/image/caption"], "unknown",
        "§5: up to 1024 characters; the document's examples have captions";
    "send-media": MESSAGES "video" ["/video/caption"], "unknown",
        "§5: the same";
    "send-media": MESSAGES "document" ["/document/caption", "/document/filename"], "unknown",
        "§5: the same; the document's examples have both";
    "send-media": MESSAGES "audio" ["/audio/voice"], "unknown",
        "§5: makes a voice note of it";

    // Templates.
    "send-template": MESSAGES "template" ["/template/language/policy"], "missing",
        "§6: `policy` may be left out; the only one there is, is the default";
    "send-template": MESSAGES "template" ["/template/components/*/index"], "does not fit ^[2-6, 11-14]$",
        "§6: `0` to `9`; the pattern is a list of footnotes that became one";
    "send-template": MESSAGES "template" ["/template/components/*/parameters/*/parameter_name"], "unknown",
        "§6: named variables";
    "send-template": MESSAGES "template" ["/template/components/*/parameters/*/document/filename"], "unknown",
        "§5: as in a document message; without it WhatsApp shows \"untitled\"";
    "send-template": MESSAGES "template" ["/template/components/*/parameters/*/type"], "no such value: \"location\"",
        "§6: a header may be a place";
    "send-template": MESSAGES "template" ["/template/components/*/sub_type"], "no such value: \"copy_code\"",
        "§6: the button that copies a code";
    "send-template": MESSAGES "template" ["/template/components/*/parameters/*/type"], "no such value: \"coupon_code\"",
        "§6: its code";
    "send-template": MESSAGES "template" ["/template/components/*/sub_type"], "no such value: \"flow\"",
        "§6: the button that opens a Flow; the document has an example";
    "send-template": MESSAGES "template" ["/template/components/*/parameters/*/type"], "no such value: \"action\"",
        "§6: what it hands to the Flow; the document has an example";
    "send-template": MESSAGES "template" ["/template/components/*/type"], "no such value: \"carousel\"",
        "§6: cards";

    "send-template": MESSAGES "template" ["/template/components/*/type"], "no such value: \"limited_time_offer\"",
        "§6: when an offer ends";
    "send-template": MESSAGES "template" ["/template/components/*/type"], "no such value: \"order_status\"",
        "§6: the new status of an order";
    "send-template": MESSAGES "template" ["/template/components/*/sub_type"], "no such value: \"mpm\"",
        "§6: the button that opens a choice of products";
    "send-template": MESSAGES "template" ["/template/components/*/sub_type"], "no such value: \"order_details\"",
        "§6: the button that opens an order";
    "send-template": MESSAGES "template" ["/template/components/*/sub_type"], "no such value: \"voice_call\"",
        "§6: the button that calls";
    "send-template": MESSAGES "template" ["/template/components/*/parameters/*/type"], "no such value: \"gif\"",
        "§6: a header may be an animation";
    "send-template": MESSAGES "template" ["/template/components/*/parameters/*/type"], "no such value: \"product\"",
        "§6: a header may be a product";
    "send-template": MESSAGES "template" ["/template/components/*/parameters/*/type"], "no such value: \"ttl_minutes\"",
        "§6: for how long a call button works";
    "send-template": MESSAGES "template" ["/template/components/*/parameters"], "missing",
        "Meta's page on catalog templates: without them, the picture is that of the catalog's first product";
    "list-templates": "GET /{WABA-ID}/message_templates" "" ["?after", "?category", "?fields", "?language", "?limit", "?quality_score", "?status"], "unknown",
        "§6: Meta's page on template management; the document has `name` alone";
    "get-template": "GET /{TEMPLATE_ID}" "" ["?fields"], "unknown",
        "§6: the same";
    "create-template": "POST /{WABA-ID}/message_templates" "" ["/components/*/example"], "unknown",
        "§6: the document's examples have it";
    "create-template": "POST /{WABA-ID}/message_templates" "" [
        "/allow_category_change", "/cta_url_link_tracking_opted_out", "/library_template_body_inputs", "/library_template_button_inputs",
        "/library_template_name", "/message_send_ttl_seconds", "/parameter_format"], "unknown",
        "§6: Meta's reference of the message_templates endpoint; the document has what its examples show";
    "edit-template": "POST /{TEMPLATE_ID}" "" ["/cta_url_link_tracking_opted_out", "/message_send_ttl_seconds", "/parameter_format"], "unknown",
        "§6: the same";

    // Places, contacts, read receipts.
    "send-location": MESSAGES "location" ["/location/latitude", "/location/longitude"], "string expected, not a number",
        "§5: the document's own examples have numbers";
    "send-contacts": MESSAGES "contacts" ["/contacts/*/phones/*/type"], "no such value: \"MOBILE\"",
        "Meta's page on contacts messages: any word; the document says HOME and WORK";
    "mark-as-read": MESSAGES "read" ["/typing_indicator"], "unknown",
        "§3: the document has an example";

    // Interactive messages. Of a type that the document does not know, the action is not checked.
    "send-cta-url": MESSAGES "interactive/cta_url" ["/interactive/type"], "no such value: \"cta_url\"",
        "§5: Meta's page on call-to-action URL button messages";
    "send-media-carousel": MESSAGES "interactive/carousel" ["/interactive/type"], "no such value: \"carousel\"",
        "§5: Meta's page on interactive media carousel messages";
    "request-location": MESSAGES "interactive/location_request_message" ["/interactive/type"], "no such value: \"location_request_message\"",
        "§5: Meta's page on location request messages";
    "request-address": MESSAGES "interactive/address_message" ["/interactive/type"], "no such value: \"address_message\"",
        "Meta's page on address messages";
    "send-contacts": MESSAGES "contacts" ["/contacts"], "more than 5",
        "§5: Meta's page says 257";
    "send-contacts": MESSAGES "contacts" ["/contacts/*/birthday"], "is no date",
        "handed on as it is: the case is about Meta's refusal of it";
    "send-interactive": MESSAGES "interactive/hologram" ["/interactive/numbers"], "unknown",
        "a made-up kind: whatever Meta adds can be sent";
    "send-interactive": MESSAGES "interactive/hologram" ["/interactive/type"], "no such value: \"hologram\"",
        "the same";
    "send-interactive": MESSAGES "interactive/order_details" ["/interactive/type"], "no such value: \"order_details\"",
        "§7: payments in India and Brazil, which the document leaves out";

    // Whole messages in Meta's own shape: whatever Meta adds can be sent.
    "send-raw": MESSAGES "pin" ["/type"], "no such value: \"pin\"",
        "§14: pins a message in a group; the document is older";
    "send-raw": MESSAGES "hologram" ["/type"], "no such value: \"hologram\"",
        "a made-up type: the case is about Meta's refusal of it";
    "send-raw": MESSAGES "" ["/type"], "missing",
        "the document has an example without it: a text";
    "send-raw": MESSAGES "text" ["/category", "/ttl_seconds", "/context/from"], "unknown",
        "handed on as they are: the case is about that";
    "send-list": MESSAGES "interactive/list" ["/interactive/body/text"], "longer than 1024",
        "§5: Meta's page on lists says 4096";
    "request-code": "POST /{Phone-Number-ID}/request_code" "" ["/language"], "does not fit ^[a-z]{2}_[A-Z]{2}$",
        "§10: languages without a country are taken as well";
    "request-code": "POST /{Phone-Number-ID}/request_code" "" ["/language"], "minLength",
        "§10: the same";
    "send-interactive": MESSAGES "interactive/voice_call" ["/interactive/type"], "no such value: \"voice_call\"",
        "§7: the document is older";
    "send-interactive": MESSAGES "interactive/order_status" ["/interactive/type"], "no such value: \"order_status\"",
        "§7: payments in India and Brazil, which the document leaves out";
    "send-buttons": MESSAGES "interactive/button" ["/interactive/header/document/filename"], "unknown",
        "§5: the name that the customer sees; the document has it for documents alone";
    "send-cta-url": MESSAGES "interactive/cta_url" ["/interactive/header/document/filename"], "unknown",
        "§5: the same";
    "send-flow": MESSAGES "interactive/flow" ["/interactive/header/document/filename"], "unknown",
        "§5: the same";
    "request-address": MESSAGES "interactive/address_message" ["/interactive/header/document/filename"], "unknown",
        "§5: the same";
    "request-contact-info": MESSAGES "interactive/request_contact_info" ["/interactive/type"], "no such value: \"request_contact_info\"",
        "§7: asks a user of whom only the user id is known; the document is older";
    "send-catalog": MESSAGES "interactive/catalog_message" ["/interactive/action/parameters"], "missing",
        "Meta's page on catalog messages: without them, the picture is that of the catalog's first product";
}

/// The nodes that an action reads or changes: as paths, `/{Phone-Number-ID}`, `/{Media-ID}` and the others all look the same.
const NODES: [(&str, &[&str]); 14] = [
    ("ensure-registered", &["/{Phone-Number-ID}"]),
    ("get-phone-number", &["/{Phone-Number-ID}"]),
    ("get-registration-status", &["/{Phone-Number-ID}"]),
    ("set-pin", &["/{Phone-Number-ID}"]),
    ("request-code", &["/{Phone-Number-ID}/request_code"]),
    ("verify-code", &["/{Phone-Number-ID}/verify_code"]),
    ("get-media", &["/{Media-ID}"]),
    ("download-media", &["/{Media-ID}"]),
    ("delete-media", &["/{Media-ID}"]),
    ("diagnose", &["/{Phone-Number-ID}", "/{WABA-ID}"]),
    ("list-business-accounts", &["/{WABA-ID}"]),
    ("get-template", &["/{TEMPLATE_ID}"]),
    ("describe-template", &["/{TEMPLATE_ID}"]),
    ("edit-template", &["/{TEMPLATE_ID}"]),
];

/// Whether the operation is one on a node that the action means.
pub fn is_node_of(action: &str, operation: &str) -> bool {
    let path = operation.split(' ').nth(1).unwrap_or_default();
    let mut nodes = NODES.iter().filter(|(name, _)| *name == action);
    nodes.any(|(_, paths)| paths.contains(&path))
}
