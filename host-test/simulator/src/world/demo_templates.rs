//! The templates of the demo world, complete as Graph returns them, so that anything that reads definitions can be tried.

use serde_json::{Value, json};

use super::Template;
use super::demo::{FLOW_ID, WABA_ID};

/// Ids of the templates that came later. They are fixed, so that the ids which the world hands out stay what they were.
const LATER_IDS: u64 = 1_900_000_000_000_000;

fn template(name: &str, components: Vec<Value>) -> Template {
    Template::new(WABA_ID, name, "en_US", components)
}

/// Address of an example file; Meta answers with one where the business gave a handle.
fn example_file(name: &str) -> Value {
    json!({"header_handle": [format!("https://example.com/{name}")]})
}

/// All templates, in the order in which they are listed.
pub(super) fn all() -> Vec<Template> {
    let later = [
        parcel_ready(),
        new_arrivals(),
        flash_sale(),
        pickup_point(),
        feedback_form(),
    ];
    let with_ids = (1..)
        .zip(later)
        .map(|(n, template)| template.with_id(&(LATER_IDS + n).to_string()));
    vec![
        hello_world(),
        order_update(),
        appointment(),
        login_code(),
        template(
            "summer_sale",
            vec![json!({"type": "BODY", "text": "Everything must go."})],
        )
        .with_category("MARKETING"),
        paused_offer(),
        disabled_offer(),
        rejected_offer(),
    ]
    .into_iter()
    .chain(with_ids)
    .collect()
}

fn hello_world() -> Template {
    template(
        "hello_world",
        vec![
            json!({"type": "HEADER", "format": "TEXT", "text": "Hello World"}),
            json!({"type": "BODY", "text": "Welcome and congratulations!"}),
            json!({"type": "FOOTER", "text": "A simulated business"}),
        ],
    )
}

fn order_update() -> Template {
    template(
        "order_update",
        vec![
            json!({"type": "HEADER", "format": "IMAGE", "example": example_file("parcel.jpg")}),
            json!({"type": "BODY", "text": "Hi {{1}}, your order {{2}} is on its way.", "example": {"body_text": [["Kim", "A-17"]]}}),
            json!({"type": "FOOTER", "text": "Thank you"}),
            json!({"type": "BUTTONS", "buttons": [
                {"type": "QUICK_REPLY", "text": "Stop updates"},
                {"type": "URL", "text": "Track", "url": "https://example.com/track/{{1}}", "example": ["https://example.com/track/A-17"]},
            ]}),
        ],
    )
}

fn appointment() -> Template {
    template(
        "appointment",
        vec![json!({
            "type": "BODY",
            "text": "Hello {{customer_name}}, see you on {{date}}. Reply if you cannot come.",
            "example": {"body_text_named_params": [
                {"param_name": "customer_name", "example": "Kim"},
                {"param_name": "date", "example": "Monday"},
            ]},
        })],
    )
}

/// Created with an OTP button of type COPY_CODE, a security recommendation and an expiration.
fn login_code() -> Template {
    let url =
        "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code_expiration_minutes=10&code=otp";
    template(
        "login_code",
        vec![
            json!({
                "type": "BODY",
                "text": "*{{1}}* is your verification code. For your security, do not share this code.",
                "add_security_recommendation": true,
                "example": {"body_text": [["123456"]]},
            }),
            json!({"type": "FOOTER", "text": "This code expires in 10 minutes.", "code_expiration_minutes": 10}),
            json!({"type": "BUTTONS", "buttons": [
                {"type": "URL", "text": "Copy code", "url": format!("{url}{{{{1}}}}"), "example": [format!("{url}123456")]},
            ]}),
        ],
    )
    .with_category("AUTHENTICATION")
}

fn paused_offer() -> Template {
    template(
        "paused_offer",
        vec![
            json!({"type": "HEADER", "format": "TEXT", "text": "Only until {{1}}", "example": {"header_text": ["Sunday"]}}),
            json!({"type": "BODY", "text": "Hi {{1}}, everything in our shop is {{2}} percent off this week.", "example": {"body_text": [["Kim", "20"]]}}),
            json!({"type": "FOOTER", "text": "Reply STOP to end these messages"}),
            json!({"type": "BUTTONS", "buttons": [
                {"type": "URL", "text": "Shop now", "url": "https://example.com/shop"},
                {"type": "QUICK_REPLY", "text": "No more offers"},
            ]}),
        ],
    )
    .with_category("MARKETING")
    .with_status("PAUSED")
}

fn disabled_offer() -> Template {
    template(
        "disabled_offer",
        vec![json!({"type": "BODY", "text": "Come back, we miss you."})],
    )
    .with_category("MARKETING")
    .with_status("DISABLED")
}

fn rejected_offer() -> Template {
    template(
        "rejected_offer",
        vec![
            json!({"type": "HEADER", "format": "VIDEO", "example": example_file("offer.mp4")}),
            json!({"type": "BODY", "text": "Hi {{1}}, you have won, tap to get your prize now.", "example": {"body_text": [["Kim"]]}}),
            json!({"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Get it"}]}),
        ],
    )
    .with_category("MARKETING")
    .with_status("REJECTED")
}

fn parcel_ready() -> Template {
    template(
        "parcel_ready",
        vec![
            json!({"type": "HEADER", "format": "IMAGE", "example": example_file("parcel.jpg")}),
            json!({
                "type": "BODY",
                "text": "Hi {{customer_name}}, your parcel {{parcel_number}} can be collected until {{last_day}}. Bring this message with you.",
                "example": {"body_text_named_params": [
                    {"param_name": "customer_name", "example": "Kim"},
                    {"param_name": "parcel_number", "example": "A-17"},
                    {"param_name": "last_day", "example": "Friday"},
                ]},
            }),
            json!({"type": "FOOTER", "text": "Simulated Business"}),
            json!({"type": "BUTTONS", "buttons": [
                {"type": "URL", "text": "Show on map", "url": "https://example.com/pickup/{{1}}", "example": ["https://example.com/pickup/A-17"]},
            ]}),
        ],
    )
}

fn new_arrivals() -> Template {
    let card = |file: &str, text: &str, example: &str| {
        json!({"components": [
            {"type": "HEADER", "format": "IMAGE", "example": example_file(file)},
            {"type": "BODY", "text": text, "example": {"body_text": [[example]]}},
            {"type": "BUTTONS", "buttons": [
                {"type": "QUICK_REPLY", "text": "More like this"},
                {"type": "URL", "text": "Buy now", "url": "https://example.com/shop/{{1}}", "example": ["https://example.com/shop/1"]},
            ]},
        ]})
    };
    template(
        "new_arrivals",
        vec![
            json!({"type": "BODY", "text": "New {{1}} just came in, {{2}}. Have a look at the first ones.", "example": {"body_text": [["succulents", "Kim"]]}}),
            json!({"type": "CAROUSEL", "cards": [
                card("echeveria.jpg", "Echeveria, now only {{1}} a piece.", "$9"),
                card("haworthia.jpg", "Haworthia, now only {{1}} a piece.", "$7"),
            ]}),
        ],
    )
    .with_category("MARKETING")
}

fn flash_sale() -> Template {
    template(
        "flash_sale",
        vec![
            json!({"type": "HEADER", "format": "IMAGE", "example": example_file("sale.jpg")}),
            json!({"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": "Ends soon!", "has_expiration": true}}),
            json!({"type": "BODY", "text": "Good news, {{1}}! Use the code {{2}} and get a quarter off everything in the shop.", "example": {"body_text": [["Kim", "SALE25"]]}}),
            json!({"type": "BUTTONS", "buttons": [
                {"type": "COPY_CODE", "text": "Copy offer code", "example": ["SALE25"]},
                {"type": "URL", "text": "Shop now", "url": "https://example.com/sale?code={{1}}", "example": ["https://example.com/sale?code=SALE25"]},
            ]}),
        ],
    )
    .with_category("MARKETING")
}

fn pickup_point() -> Template {
    template(
        "pickup_point",
        vec![
            json!({"type": "HEADER", "format": "LOCATION"}),
            json!({"type": "BODY", "text": "Your order waits for you at this place."}),
            json!({"type": "BUTTONS", "buttons": [{"type": "PHONE_NUMBER", "text": "Call us", "phone_number": "+15550100001"}]}),
        ],
    )
}

fn feedback_form() -> Template {
    template(
        "feedback_form",
        vec![
            json!({"type": "HEADER", "format": "TEXT", "text": "Thank you, {{first_name}}", "example": {"header_text_named_params": [{"param_name": "first_name", "example": "Kim"}]}}),
            json!({"type": "BODY", "text": "How was it? Tell us in two minutes."}),
            json!({"type": "BUTTONS", "buttons": [
                {"type": "FLOW", "text": "Give feedback", "flow_id": FLOW_ID, "flow_action": "NAVIGATE", "navigate_screen": "FEEDBACK"},
            ]}),
        ],
    )
}
